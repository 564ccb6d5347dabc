/*
 * Small pictures for LINE's chats. A picture under 1 MB is its own preview and
 * nothing reads into it. A larger one is scaled by libjpeg-turbo or libpng in
 * a process of its own, within limits: decoders of strangers' bytes are where
 * the holes are. A frame of a film would take a decoder of films: a film's
 * preview is a drawn one.
 */
#ifndef MADOD_PREVIEW_H
#define MADOD_PREVIEW_H

#include <stdint.h>

#include <mado/err.h>

/* Write a JPEG preview of the picture at `from` to the file `to`. ERR_FAILED
 * when it cannot be. Blocks: never on the loop. */
int preview_picture(const char *from, const char *to, struct err *e);
/* A drawn one for films, as PNG. */
int preview_film(const char *to, struct err *e);
/* What `madod --preview` runs: picture on standard input, JPEG on standard
 * output. An exit code. */
int preview_main(void);

#endif
