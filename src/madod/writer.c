/*
 * Group commit. The thread takes all that is queued, runs the acts, commits
 * once and hands the batch back to the loop; an empty queue therefore commits
 * at once. Every act is a savepoint, in effect: SQLite's own copy each page
 * that an act changes, a third of the writer's work, so a batch runs without
 * them first, and again with them when an act has failed halfway. If SQLite
 * has rolled the whole transaction back by itself (disk full, I/O error),
 * every act of the batch failed.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include <mado/log.h>
#include <mado/when.h>

#include "writer.h"

enum {
	WRITER_BATCH_MAX = 512,
	WRITER_END_MS = 200 /* for the last answers to leave */
};

/* SQLite's 2 MiB hold the inner pages of a small shop only. What is deleted is
 * overwritten, as Debian's SQLite does unasked. */
#define WRITER_SET_UP "PRAGMA cache_size=-16384; PRAGMA secure_delete=ON"

struct writer {
	struct loop *loop;
	struct sql *db;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t some;
	struct act *first, **last;
	bool stop, broken; /* the loop's: no act is taken any more */
	struct timer *end;
	int64_t seq; /* the writer thread's */
	bool erased; /* its too: the log still holds what was erased */
	atomic_llong depth;
	void (*on_commit)(int64_t, unsigned, void *);
	void *arg;
};

struct batch {
	struct writer *w;
	struct act *acts;
	int64_t seq;
	unsigned wake;
	bool broken, refused;
};

struct act *
act_new(int (*run)(struct act *, struct err *), void (*done)(struct act *),
    void *arg)
{
	struct arena *mem = arena_new();
	struct act *a = arena_new_of(mem, struct act);

	a->mem = mem;
	a->run = run;
	a->done = done;
	a->arg = arg;
	return a;
}

/* On the loop: answer every act of a batch, then say what there is to see. */
static void
batch_done(void *arg)
{
	struct batch *b = arg;
	struct act *a, *next;

	for (a = b->acts; a != NULL; a = next) {
		next = a->next;
		if (a->done != NULL)
			a->done(a);
		arena_free(a->mem);
		b->w->depth--;
	}
	if (b->broken && !b->w->broken) {
		log_error("store: a write to disk failed; ending, so that a "
			  "restart reads what is really there");
		b->w->broken = true;
		timer_set(b->w->end, WRITER_END_MS);
	}
	if (!b->refused)
		b->w->on_commit(b->seq, b->wake, b->w->arg);
	x_free(b);
}

static void
writer_exit(void *arg)
{
	(void)arg;
	_exit(1);
}

/* Run an act; guarded: in a savepoint. False when it has failed, has changed
 * something and cannot be undone alone. */
static bool
act_try(struct writer *w, struct act *a, bool guarded)
{
	int64_t seq = w->seq, changes = sql_total_changes(w->db);
	struct err e = {0};
	int rv;

	a->db = w->db;
	a->seq = &w->seq;
	a->now_ms = when_now_ms();
	if (guarded)
		sql_run(w->db, "SAVEPOINT act", "");
	rv = a->run(a, &a->err);
	if (sql_err(w->db, &e) == -1) {
		a->err = e; /* whatever the act made of a row that never came */
		rv = -1;
	}
	if (rv == -1) {
		w->seq = seq;
		a->wake = 0;
		if (!sql_in_transaction(w->db))
			return true;
		if (!guarded)
			return sql_total_changes(w->db) == changes;
		sql_run(w->db, "ROLLBACK TO act", "");
	}
	if (guarded)
		sql_run(w->db, "RELEASE act", "");
	return true;
}

enum batch_end { BATCH_KEPT, BATCH_LOST, BATCH_AGAIN };

/* The acts of a batch as one transaction, up to its COMMIT. */
static enum batch_end
batch_try(struct batch *b, bool guarded, struct err *e)
{
	struct writer *w = b->w;
	struct act *a;

	if (sql_is_broken(w->db)) { /* a COMMIT might seem to work */
		err_set(e, ERR_BUSY, "the store is broken");
		return BATCH_LOST;
	}
	sql_run(w->db, "BEGIN IMMEDIATE", "");
	if (sql_err(w->db, e) == -1)
		return BATCH_LOST;
	for (a = b->acts; a != NULL; a = a->next) {
		if (!act_try(w, a, guarded))
			return BATCH_AGAIN;
		b->wake |= a->wake;
		if (!sql_in_transaction(w->db)) {
			*e = a->err;
			return BATCH_LOST;
		}
	}
	sql_run(w->db, "COMMIT", "");
	return sql_err(w->db, e) == -1 ? BATCH_LOST : BATCH_KEPT;
}

/* As if it had never begun. */
static void
batch_undo(struct batch *b, int64_t seq)
{
	struct writer *w = b->w;
	struct act *a;

	if (sql_in_transaction(w->db)) {
		sql_run(w->db, "ROLLBACK", "");
		sql_err(w->db, NULL);
	}
	w->seq = seq;
	b->wake = 0;
	for (a = b->acts; a != NULL; a = a->next) {
		err_clear(&a->err);
		a->out = a->given;
		a->wake = 0;
	}
}

static void
batch_run(struct batch *b)
{
	struct writer *w = b->w;
	int64_t seq = w->seq;
	struct err e = {0};
	enum batch_end end;
	struct act *a;

	end = batch_try(b, false, &e);
	if (end == BATCH_AGAIN) {
		batch_undo(b, seq);
		end = batch_try(b, true, &e);
	}
	if (end == BATCH_LOST) {
		batch_undo(b, seq);
		for (a = b->acts; a != NULL; a = a->next)
			err_set(&a->err, ERR_BUSY, "%s", e.msg);
	}
	b->seq = w->seq;
	b->broken = sql_is_broken(w->db);
}

/* Take up to WRITER_BATCH_MAX acts off the queue; NULL: it is time to end. */
static struct act *
writer_take(struct writer *w)
{
	struct act *acts, *a;
	int n;

	pthread_mutex_lock(&w->lock);
	while (w->first == NULL && !w->stop)
		pthread_cond_wait(&w->some, &w->lock);
	acts = a = w->first;
	for (n = 1; a != NULL && a->next != NULL && n < WRITER_BATCH_MAX; n++)
		a = a->next;
	if (a != NULL) {
		w->first = a->next;
		a->next = NULL;
	}
	if (w->first == NULL)
		w->last = &w->first;
	pthread_mutex_unlock(&w->lock);
	return acts;
}

/*
 * Empty the write-ahead log, which keeps a page's older states up to its next
 * turn: an unsent text would be in it for weeks. Readers stand in the way at
 * times; then after the next batch, or at the end.
 */
static void
writer_truncate(struct writer *w)
{
	struct err e;

	if (sql_is_broken(w->db))
		return;
	sql_script(w->db, "PRAGMA busy_timeout=50");
	w->erased =
	    sql_get_int(w->db, 1, "PRAGMA wal_checkpoint(TRUNCATE)", "") != 0;
	sql_script(w->db, "PRAGMA busy_timeout=5000");
	sql_err(w->db, &e);
}

static void *
writer_main(void *arg)
{
	struct writer *w = arg;
	struct act *acts;
	struct batch *b;

	while ((acts = writer_take(w)) != NULL) {
		b = x_new(struct batch);
		b->w = w;
		b->acts = acts;
		batch_run(b);
		w->erased = w->erased || (b->wake & WAKE_ERASED) != 0;
		loop_post(w->loop, batch_done, b);
		if (w->erased) /* nobody waits for it */
			writer_truncate(w);
	}
	writer_truncate(w);
	return NULL;
}

struct writer *
writer_new(struct loop *l, const char *path,
    void (*on_commit)(int64_t, unsigned, void *), void *arg, struct err *e)
{
	struct writer *w = x_new(struct writer);

	w->loop = l;
	w->on_commit = on_commit;
	w->arg = arg;
	w->last = &w->first;
	if ((w->db = sql_open(path, 0, e)) == NULL) {
		x_free(w);
		return NULL;
	}
	sql_script(w->db, WRITER_SET_UP);
	w->seq = sql_get_int(w->db, 0, "SELECT max(seq) FROM feed", "");
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->some, NULL);
	w->end = timer_new(l, writer_exit, w);
	if (pthread_create(&w->thread, NULL, writer_main, w) != 0)
		abort();
	return w;
}

void
writer_end(struct writer *w)
{
	if (w == NULL || w->stop)
		return;
	pthread_mutex_lock(&w->lock);
	w->stop = true;
	pthread_cond_signal(&w->some);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
}

void
writer_free(struct writer *w)
{
	if (w == NULL)
		return;
	writer_end(w);
	while (w->depth > 0)
		loop_turn(w->loop, 0);
	sql_close(w->db);
	timer_free(w->end);
	pthread_cond_destroy(&w->some);
	pthread_mutex_destroy(&w->lock);
	x_free(w);
}

/* The thread has ended, or must not write: refused on the next turn. */
static void
writer_refuse(struct writer *w, struct act *a)
{
	struct batch *b = x_new(struct batch);

	b->w = w;
	b->acts = a;
	b->refused = true;
	err_set(&a->err, ERR_BUSY, "the desk is ending");
	loop_post(w->loop, batch_done, b);
}

void
writer_put(struct writer *w, struct act *a)
{
	w->depth++;
	a->given = a->out;
	if (w->stop || w->broken) {
		writer_refuse(w, a);
		return;
	}
	pthread_mutex_lock(&w->lock);
	*w->last = a;
	w->last = &a->next;
	pthread_cond_signal(&w->some);
	pthread_mutex_unlock(&w->lock);
}

int64_t
writer_depth(const struct writer *w)
{
	return w != NULL ? w->depth : 0;
}
