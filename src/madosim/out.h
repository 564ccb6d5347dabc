/*
 * Webhooks on their way: packed, signed, posted, and repeated until the
 * receiver takes them or patience ends.
 */
#ifndef MADOSIM_OUT_H
#define MADOSIM_OUT_H

#include <cjson/cJSON.h>

#include "sim.h"

struct out;

struct out *out_new(struct sim *s);
/* Cancels what is under way. */
void out_free(struct out *o);
/* Queue an event; takes ownership of it. */
void out_event(struct out *o, cJSON *event);
/* The receiver has changed: try what waits. */
void out_kick(struct out *o);
/* Counters for GET /sim/state, and every event for GET /sim/events. Caller
 * frees with cJSON_Delete(). */
cJSON *out_stats_json(const struct out *o);
cJSON *out_events_json(const struct out *o);
/* Start a signed POST of a body to url; done as in fetch.h. */
struct fetch_req *out_post(struct sim *s, const char *url, const char *body,
    void (*done)(const struct fetch_res *res, void *arg), void *arg);

#endif
