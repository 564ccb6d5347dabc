/*
 * Requests to LINE with the channel's access token: the long-lived one of the
 * config, or stateless ones (15 minutes) got for channel id and secret, kept
 * and renewed before they end. Who may ask LINE for what is decided elsewhere:
 * line_send.c for what the outbox holds, line_fetch.c and line_quota.c for
 * reads, line_setup.c for what the admin sets up.
 */
#ifndef MADOD_LINE_CALL_H
#define MADOD_LINE_CALL_H

#include <mado/fetch.h>
#include <mado/mem.h>

#include "config.h"

struct line_calls;

/* Lends f. Caller frees with line_calls_free(), after f or when nothing is
 * under way. */
struct line_calls *line_calls_new(struct fetch *f);
void line_calls_free(struct line_calls *c);
/* Get new stateless tokens from now on: the config was reread. */
void line_calls_forget(struct line_calls *c);

/*
 * Start o at base (l->api_base or l->data_base) and path; o->url is not looked
 * at, o->headers are sent beside the token. A request that LINE answers 401 is
 * sent once more with a new stateless token: it was not acted upon. When there
 * is none to be had, done gets status 401 with LINE's reason, or
 * FETCH_NOT_SENT when LINE did not say. done is called from the loop, never
 * from here.
 */
void line_call(struct line_calls *c, const struct config_line *l,
    const char *base, const char *path, const struct fetch_opts *o);
/* One GET (or the webhook's test, POST) at a channel's api_base; done gets the
 * answer. */
void line_ask(struct line_calls *c, const struct config_line *l,
    const char *method, const char *path,
    void (*done)(const struct fetch_res *, void *), void *arg);
/* LINE's words in an error body: message, then details. Into the arena. */
const char *line_words(const struct fetch_res *res, struct arena *a);

#endif
