/*
 * What the decoders of events and messages share: the event under way, and
 * readers and writers that no JSON can upset.
 */
#ifndef MADOD_LINE_SCAN_H
#define MADOD_LINE_SCAN_H

#include "line_decode.h"

/* One event under way. */
struct line_scan {
	const cJSON *ev;  /* may be anything */
	const cJSON *msg; /* its message or NULL */
	struct arena *a;
	struct buf *b; /* its line, being written */
	struct line_event *out;
};

/* A member that is an id: 1 to 255 bytes of visible ASCII; else NULL.
 * Valid until the arena is reset. */
const char *line_scan_id(
    const struct line_scan *s, const cJSON *o, const char *name);
/* A member that is a finite number within lo..hi; false else. */
bool line_scan_number(
    const cJSON *o, const char *name, double lo, double hi, double *v);
/* The same for whole ones within 0..max; 0 else. */
int64_t line_scan_count(const cJSON *o, const char *name, int64_t max);
/* Append text of others to a line of ours: on one line, and not endless. */
void line_scan_piece(struct buf *b, const char *s);
/* Append sep and a member's text, if it has any. Returns whether it had. */
bool line_scan_member(
    struct buf *b, const char *sep, const cJSON *o, const char *name);
/* Append "[unsupported: WHAT]". */
void line_scan_unsupported(
    struct buf *b, const char *what, const char *fallback);

/* line_message.c: decode s->msg into s->out and its line into s->b. */
void line_message_decode(struct line_scan *s);

#endif
