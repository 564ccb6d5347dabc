/*
 * Reads at LINE: profiles, content, quota, the bot itself. Never sends, never
 * changes anything there. What is wanted stands in the store; this takes a few
 * at a time and hands the results to acts.
 */
#ifndef MADOD_LINE_FETCH_H
#define MADOD_LINE_FETCH_H

#include "madod.h"

struct line_fetch;

struct line_fetch *line_fetch_new(struct madod *m);
void line_fetch_free(struct line_fetch *f);
/* Something may be wanted: WAKE_PROFILE, WAKE_MEDIA. */
void line_fetch_wake(struct line_fetch *f, unsigned wake);
/* Read every channel's quota now (and every five minutes by itself). */
void line_fetch_quota(struct line_fetch *f);
/*
 * One GET (or the webhook's test, POST) at a channel, for the checks of the
 * admin; done gets the answer.
 */
void line_ask(struct madod *m, const struct config_line *l, const char *method,
    const char *path, void (*done)(const struct fetch_res *, void *),
    void *arg);
/* Remove files of the media folder whose message no longer keeps them. */
void line_fetch_sweep(struct madod *m);
/* LINE's words in an error body: message, then details. Into the arena. */
const char *line_words(const struct fetch_res *res, struct arena *a);

#endif
