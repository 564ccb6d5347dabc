/*
 * A desk for the subcommands that ask one: the madod that runs on the config's
 * state_dir, else one that this process is for a moment. Owns the way there;
 * what is asked is the subcommands' (admin.c, admin_*.c).
 */
#ifndef MADOD_ADMIN_DESK_H
#define MADOD_ADMIN_DESK_H

#include <cjson/cJSON.h>
#include <mado/fetch.h>

#include "madod.h"

/* One run. */
struct admin {
	struct config *config; /* own, also when `here` has another */
	struct madod *here;    /* a desk for a moment; NULL: one runs */
	struct loop *loop;
	struct fetch *fetch;
	char *sock;
	int64_t until_ms; /* mono: a desk is looked for so long */
	/* the last answer */
	bool answered, not_sent;
	struct err err;
	cJSON *json;
};

/* Started by root, go on as whom the state_dir belongs to: a store that root
 * had made would be no use to the desk. */
int admin_become(const struct config *c, struct err *e);
/* Is a madod at work on this state_dir? */
bool admin_running(const struct config *c);
/* Reach a desk, or be one. Takes ownership of c. Caller ends d with
 * admin_close(), also after a failure. */
int admin_open(struct admin *d, struct config *c, struct err *e);
void admin_close(struct admin *d);
/* Call the API; the answer is in d->json. args is freed. */
int admin_call(struct admin *d, const char *method, const char *path,
    cJSON *args, struct err *e);

#endif
