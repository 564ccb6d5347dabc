/* One thread, one queue: see worker.h. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include <mado/mem.h>

#include "worker.h"

struct job {
	struct worker *w;
	void (*run)(void *, struct sql *);
	void (*done)(void *);
	void *arg;
	struct job *next;
};

struct worker {
	struct loop *loop;
	struct sql *db;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t some;
	struct job *first, **last;
	atomic_int depth;
	bool stop;
};

static void
job_done(void *arg)
{
	struct job *j = arg;

	j->done(j->arg);
	j->w->depth--;
	x_free(j);
}

static void *
worker_main(void *arg)
{
	struct worker *w = arg;
	struct job *j;

	for (;;) {
		pthread_mutex_lock(&w->lock);
		while (w->first == NULL && !w->stop)
			pthread_cond_wait(&w->some, &w->lock);
		if ((j = w->first) != NULL && (w->first = j->next) == NULL)
			w->last = &w->first;
		pthread_mutex_unlock(&w->lock);
		if (j == NULL)
			return NULL;
		j->run(j->arg, w->db);
		loop_post(w->loop, job_done, j);
	}
}

struct worker *
worker_new(struct loop *l, const char *path, struct err *e)
{
	struct worker *w = x_new(struct worker);

	w->loop = l;
	w->last = &w->first;
	if (path != NULL &&
	    (w->db = sql_open(path, SQL_READ_ONLY, e)) == NULL) {
		x_free(w);
		return NULL;
	}
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->some, NULL);
	if (pthread_create(&w->thread, NULL, worker_main, w) != 0)
		abort();
	return w;
}

void
worker_end(struct worker *w)
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
worker_free(struct worker *w)
{
	if (w == NULL)
		return;
	worker_end(w);
	while (w->depth > 0)
		loop_turn(w->loop, 0);
	sql_close(w->db);
	pthread_cond_destroy(&w->some);
	pthread_mutex_destroy(&w->lock);
	x_free(w);
}

void
worker_put(struct worker *w, void (*run)(void *, struct sql *),
    void (*done)(void *), void *arg)
{
	struct job *j = x_new(struct job);

	*j = (struct job){.w = w, .run = run, .done = done, .arg = arg};
	w->depth++;
	if (w->stop) { /* the thread has ended */
		run(arg, w->db);
		loop_post(w->loop, job_done, j);
		return;
	}
	pthread_mutex_lock(&w->lock);
	*w->last = j;
	w->last = &j->next;
	pthread_cond_signal(&w->some);
	pthread_mutex_unlock(&w->lock);
}

int
worker_depth(const struct worker *w)
{
	return w != NULL ? w->depth : 0;
}
