/*
 * A thread with one queue in, its results posted back to the loop: the reader
 * (with a read-only connection of its own) and the hasher (without).
 */
#ifndef MADOD_WORKER_H
#define MADOD_WORKER_H

#include <mado/loop.h>
#include <mado/sql.h>

struct worker;

/* path NULL: no database. Caller frees with worker_free(). */
struct worker *worker_new(struct loop *l, const char *path, struct err *e);
/* The thread ends after what was put. */
void worker_end(struct worker *w);
/* The same; results not yet called back are called, from turns of the loop. */
void worker_free(struct worker *w);
/* run(arg, db) on the thread (when that has ended: from here), then done(arg)
 * on the loop. Takes ownership of nothing: done frees arg. */
void worker_put(struct worker *w, void (*run)(void *arg, struct sql *db),
    void (*done)(void *arg), void *arg);

/* Jobs put and not yet done; of NULL none. */
int worker_depth(const struct worker *w);

#endif
