/*
 * The event loop: turns of libevent with the idle function between them.
 * Owns its signal and read events and the queue of posted calls, which is
 * the only part that other threads may touch (a mutex and an eventfd, so
 * that libevent needs no locks). Must not know what the handlers do.
 * Called by every program's main, httpd.c and fetch.c.
 */
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/queue.h>
#include <unistd.h>

#include <mado/loop.h>
#include <mado/mem.h>

struct io {
	LIST_ENTRY(io) link;
	struct event *ev;
	loop_fn *fn;
	void *arg;
};

struct timer {
	struct event *ev;
	loop_fn *fn;
	void *arg;
};

struct post {
	struct post *next;
	loop_fn *fn;
	void *arg;
};

struct loop {
	struct event_base *base;
	struct event *tick; /* ends a loop_turn() in which nothing happens */
	bool stopping;
	void (*idle)(void *);
	void *idle_arg;
	LIST_HEAD(, io) ios;
	int wake_fd;
	pthread_mutex_t lock; /* of first and last, nothing else */
	struct post *first, **last;
};

static void
must(bool ok)
{
	if (!ok)
		abort();
}

/* All that was posted by now, the oldest first. */
static struct post *
posts_take(struct loop *l)
{
	struct post *p;

	pthread_mutex_lock(&l->lock);
	p = l->first;
	l->first = NULL;
	l->last = &l->first;
	pthread_mutex_unlock(&l->lock);
	return p;
}

static void
on_posted(void *arg)
{
	struct loop *l = arg;
	struct post *p, *next;
	uint64_t n;

	/* Emptied before the list is taken: a post in between wakes again. */
	(void)!read(l->wake_fd, &n, sizeof(n));
	for (p = posts_take(l); p != NULL; p = next) {
		next = p->next;
		p->fn(p->arg);
		x_free(p);
	}
}

void
loop_post(struct loop *l, loop_fn *fn, void *arg)
{
	struct post *p = x_new(struct post);
	uint64_t one = 1;
	bool first;

	p->fn = fn;
	p->arg = arg;
	pthread_mutex_lock(&l->lock);
	first = l->first == NULL;
	*l->last = p;
	l->last = &p->next;
	pthread_mutex_unlock(&l->lock);
	if (first)
		(void)!write(l->wake_fd, &one, sizeof(one));
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
}

struct loop *
loop_new(void)
{
	struct loop *l = x_new(struct loop);

	/* A peer that is gone is an error of write(2), not a signal. */
	signal(SIGPIPE, SIG_IGN);
	l->base = event_base_new();
	must(l->base != NULL);
	l->tick = evtimer_new(l->base, on_tick, NULL);
	must(l->tick != NULL);
	l->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	must(l->wake_fd != -1);
	must(pthread_mutex_init(&l->lock, NULL) == 0);
	l->last = &l->first;
	LIST_INIT(&l->ios);
	loop_read(l, l->wake_fd, on_posted, l);
	return l;
}

void
loop_free(struct loop *l)
{
	struct post *p, *next;

	if (l == NULL)
		return;
	while (!LIST_EMPTY(&l->ios))
		io_free(LIST_FIRST(&l->ios));
	for (p = posts_take(l); p != NULL; p = next) {
		next = p->next;
		x_free(p);
	}
	pthread_mutex_destroy(&l->lock);
	event_free(l->tick);
	event_base_free(l->base);
	close(l->wake_fd);
	x_free(l);
}

struct event_base *
loop_base(struct loop *l)
{
	return l->base;
}

void
loop_set_idle(struct loop *l, void (*fn)(void *), void *arg)
{
	l->idle = fn;
	l->idle_arg = arg;
}

/* One wait and what it brought. EVLOOP_ONCE returns only after a handler has
 * run (or, with EVLOOP_NONBLOCK, when none was ready). */
static void
turn(struct loop *l, int flags)
{
	must(event_base_loop(l->base, EVLOOP_ONCE | flags) != -1);
	if (l->idle != NULL)
		l->idle(l->idle_arg);
}

void
loop_run(struct loop *l)
{
	while (!l->stopping)
		turn(l, 0);
	l->stopping = false;
}

void
loop_turn(struct loop *l, int64_t wait_ms)
{
	struct timeval tv = {wait_ms / 1000, wait_ms % 1000 * 1000};

	if (wait_ms <= 0) {
		turn(l, EVLOOP_NONBLOCK);
		return;
	}
	event_add(l->tick, &tv);
	turn(l, 0);
	event_del(l->tick);
}

void
loop_stop(struct loop *l)
{
	l->stopping = true;
	event_base_loopbreak(l->base);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct timer *t = arg;

	(void)fd;
	(void)what;
	t->fn(t->arg); /* may free t */
}

struct timer *
timer_new(struct loop *l, loop_fn *fn, void *arg)
{
	struct timer *t = x_new(struct timer);

	t->fn = fn;
	t->arg = arg;
	t->ev = evtimer_new(l->base, on_timer, t);
	must(t->ev != NULL);
	return t;
}

void
timer_set(struct timer *t, int64_t ms)
{
	struct timeval tv;

	if (ms < 0)
		ms = 0;
	tv.tv_sec = ms / 1000;
	tv.tv_usec = ms % 1000 * 1000;
	event_add(t->ev, &tv);
}

void
timer_clear(struct timer *t)
{
	event_del(t->ev);
}

void
timer_free(struct timer *t)
{
	if (t == NULL)
		return;
	event_free(t->ev);
	x_free(t);
}

static void
on_io(evutil_socket_t fd, short what, void *arg)
{
	struct io *io = arg;

	(void)fd;
	(void)what;
	io->fn(io->arg); /* may free io */
}

static struct io *
io_new(struct loop *l, int fd, short what, loop_fn *fn, void *arg)
{
	struct io *io = x_new(struct io);

	io->fn = fn;
	io->arg = arg;
	io->ev = event_new(l->base, fd, (short)(what | EV_PERSIST), on_io, io);
	must(io->ev != NULL && event_add(io->ev, NULL) == 0);
	LIST_INSERT_HEAD(&l->ios, io, link);
	return io;
}

struct io *
loop_read(struct loop *l, int fd, loop_fn *fn, void *arg)
{
	return io_new(l, fd, EV_READ, fn, arg);
}

void
io_free(struct io *io)
{
	if (io == NULL)
		return;
	LIST_REMOVE(io, link);
	event_free(io->ev);
	x_free(io);
}

void
loop_signal(struct loop *l, int signo, loop_fn *fn, void *arg)
{
	io_new(l, signo, EV_SIGNAL, fn, arg);
}
