/*
 * Reads at LINE: profiles and content. Never sends, never changes anything
 * there. What is wanted stands in the store; this takes a few at a time and
 * hands the results to acts.
 */
#ifndef MADOD_LINE_FETCH_H
#define MADOD_LINE_FETCH_H

#include "madod.h"

struct line_fetch;

struct line_fetch *line_fetch_new(struct madod *m);
void line_fetch_free(struct line_fetch *f);
/* Something may be wanted: WAKE_PROFILE, WAKE_MEDIA. */
void line_fetch_wake(struct line_fetch *f, unsigned wake);
/* Remove files of the media folder whose message no longer keeps them. */
void line_fetch_sweep(struct madod *m);

#endif
