/*
 * A desk at work: store, threads, listeners, and their end. Used to serve, and
 * by the subcommands for a moment when no madod runs.
 */
#ifndef MADOD_SERVE_H
#define MADOD_SERVE_H

#include "madod.h"

/*
 * Take the lock of state_dir, migrate, open everything; listens on
 * state_dir/madod.sock for the machine's admin, and on the config's addresses
 * when `public`. ERR_CONFLICT: another madod has the lock. Takes ownership of
 * c. Caller ends with serve_free().
 */
struct madod *serve_new(struct config *c, bool public, struct err *e);
/* The first listener's URL. */
const char *serve_url(const struct madod *m);
/* Until SIGTERM or SIGINT; SIGHUP rereads. */
void serve_run(struct madod *m);
/* No new requests; those under way are answered first. */
void serve_finish(struct madod *m);
void serve_free(struct madod *m);
/* state_dir/NAME, x_free() it. */
char *serve_path(const struct config *c, const char *name);
char *serve_store(const struct config *c);

#endif
