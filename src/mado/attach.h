/*
 * Files and stickers in a draft: each stands there as a mark, "[[file:ID
 * name]]" or "[[sticker:PACKAGE/ID word]]", so that a
 * draft stays one text that is kept, edited, taken back and sent like any
 * other; deleting the mark leaves the file out.
 */
#ifndef MADO_ATTACH_H
#define MADO_ATTACH_H

#include <mado/buf.h>
#include <mado/json.h>

#include "desk.h"

/* Fill the call that brings a file of this machine to the desk. ERR_NOTFOUND
 * or ERR_INVALID (a folder, no bytes); then nothing is open. */
int attach_open(const char *path, struct desk_call *c, struct err *e);
/* Append the mark of an upload as the desk tells of it. */
void attach_mark(struct buf *b, const cJSON *upload);
/*
 * Take the marks out of a text and put what is to be sent into a reply's args:
 * "text" (not when none is left), "uploads", "stickers", "shows", one line for
 * our own screen until the desk has its rows, and "typed", all of it, to come
 * back when it is refused.
 */
void attach_args(cJSON *args, const char *text);

#endif
