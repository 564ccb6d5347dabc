/*
 * One request to LINE's API (or to /sim/) and its answer. A handler ends in
 * exactly one call_*() of the second group, now or later; the call is gone
 * afterwards.
 */
#ifndef MADOSIM_ANSWER_H
#define MADOSIM_ANSWER_H

#include <cjson/cJSON.h>

#include "check.h"
#include "sim.h"

enum { PARAMS_MAX = 2, RATE_LIMITED = 429 };

struct route;

struct call {
	TAILQ_ENTRY(call)
	link;
	struct sim *s;
	struct httpd_req *r;
	const struct route *route;
	const char *param[PARAMS_MAX]; /* the path's variable parts */
	cJSON *body;                   /* NULL when the route takes none */
	char request_id[ID_UUID_B];
	bool lose, fail, slow; /* faults that strike after acting */
	struct timer *later;
	int status; /* the answer, once it is known */
	const char *type;
	struct buf out;
};

struct call *call_new(struct sim *s, struct httpd_req *r);
/* Free all calls not answered; the server is gone already. */
void calls_free(struct sim *s);

/* Takes ownership of o. */
void call_json(struct call *c, int status, cJSON *o);
/* {} */
void call_empty(struct call *c, int status);
/* {"message": ..} in LINE's words. */
void call_error(struct call *c, int status, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* 400 with what the checker found; frees k's memory. */
void call_checked(struct call *c, struct check *k);
/* Bytes of that type; takes what is in b. */
void call_bytes(struct call *c, int status, const char *type, struct buf *b);
/* Close the connection without an answer. */
void call_drop(struct call *c);

#endif
