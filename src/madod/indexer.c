/* When the index of search is written: see indexer.h. */
#include <mado/log.h>
#include <mado/mem.h>

#include "act.h"
#include "indexer.h"

enum {
	INDEX_PAUSE_MS = 300, /* after a message, so that others may join it */
	INDEX_YIELD_MS = 20,  /* while the writer has other things to do */
	INDEX_YIELDS_MAX = 5, /* then it is our turn */
	INDEX_RETRY_MS = 5000
};

struct indexer {
	struct madod *m;
	struct timer *timer;
	bool armed, running;
	bool woken; /* while running */
	int yields;
};

static void
indexer_arm(struct indexer *x, int64_t ms)
{
	x->armed = true;
	timer_set(x->timer, ms);
}

static void
indexer_done(struct act *a)
{
	struct indexer *x = a->arg;
	bool again = x->woken;

	x->running = x->woken = false;
	if (a->err.code != ERR_NONE) {
		log_error("search: not indexed: %s", a->err.msg);
		indexer_arm(x, INDEX_RETRY_MS);
	} else if (a->out != NULL)
		indexer_arm(x, 0);
	else if (again)
		indexer_arm(x, INDEX_PAUSE_MS);
}

static void
indexer_due(void *arg)
{
	struct indexer *x = arg;
	struct act *a;

	x->armed = false;
	if (x->m->stopping || x->m->restoring)
		return;
	if (writer_depth(x->m->writer) > 0 && x->yields < INDEX_YIELDS_MAX) {
		x->yields++;
		indexer_arm(x, INDEX_YIELD_MS);
		return;
	}
	x->yields = 0;
	x->running = true;
	a = act_new(act_index, indexer_done, x);
	a->in = x;
	writer_put(x->m->writer, a);
}

struct indexer *
indexer_new(struct madod *m)
{
	struct indexer *x = x_new(struct indexer);

	x->m = m;
	x->timer = timer_new(m->loop, indexer_due, x);
	indexer_arm(x, INDEX_PAUSE_MS);
	return x;
}

void
indexer_free(struct indexer *x)
{
	if (x == NULL)
		return;
	timer_free(x->timer);
	x_free(x);
}

void
indexer_wake(struct indexer *x)
{
	if (x->running)
		x->woken = true;
	else if (!x->armed)
		indexer_arm(x, INDEX_PAUSE_MS);
}
