/*
 * Asking something outside: a command of this machine, in a child within
 * limits, or an address. Its input goes in as a file or body, what it says
 * comes back capped and before a deadline, and the loop never waits.
 */
#ifndef MADOD_RUN_H
#define MADOD_RUN_H

#include <mado/fetch.h>

#include "config.h"

struct runs; /* what is under way */

struct run_opts {
	const struct config_side *how; /* run and arg, or url and header */
	const char *in;                /* copied */
	size_t n;
	const char *type; /* of a body that no header names */
	int64_t deadline_ms;
	size_t max_b; /* of what it says; past it: an error */
	/* Once, from the loop. error NULL: text has its n bytes, lent. */
	void (*done)(const char *error, const char *text, size_t n, void *arg);
	void *arg;
};

struct runs *runs_new(struct loop *l, struct fetch *f);
/* Ends all, calling nobody; requests of fetch go with it. */
void runs_free(struct runs *r);
/* False when too much is under way: nothing was begun. */
bool run_start(struct runs *r, const struct run_opts *o);

#endif
