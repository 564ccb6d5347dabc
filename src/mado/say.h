/*
 * Words for times, states and marks, in the language of the screen. Pure but
 * for the catalogue and the time zone of the process.
 */
#ifndef MADO_SAY_H
#define MADO_SAY_H

#include <mado/buf.h>
#include <mado/model.h>

#include "theme.h"

/* "10:29" */
void say_clock(struct buf *b, int64_t at_ms);
/* "Sat 21 Nov", "11月21日 (土)", with the year when it is not now's. */
void say_day(struct buf *b, int64_t at_ms, int64_t now_ms);
/* "11/21", "2025/11/21" */
void say_date(struct buf *b, int64_t at_ms, int64_t now_ms);
/* Is it the same day in the process's time zone? */
bool say_same_day(int64_t a_ms, int64_t b_ms);
/* How long, in whole minutes and more: "now", "2m", "3h", "4d". */
void say_span(struct buf *b, int64_t ms);
/* Seconds left: "0:47"; step_s: rounded up to that many. */
void say_left(struct buf *b, int64_t ms, int step_s);
const char *say_mode(int mode);
const char *say_status(int status);
/* A view's name; brief: for a header of 80 columns. */
const char *say_view(enum view v, bool brief);
/* What a send did: "✓ reply 0円", "✗ reason"; nothing for what is no send.
 * Returns the role to draw it in. */
enum ui_role say_mark(struct buf *b, const struct msg *m, bool ascii);
/* Who speaks: a contact's name, an agent's, "bot". */
const char *say_from(const struct msg *m, const char *contact);

#endif
