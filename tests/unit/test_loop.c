/*
 * loop.c: timers, turns and their idle function, reads, signals, and calls
 * posted by threads.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#include <mado/loop.h>
#include <mado/when.h>

enum { THREADS = 4, POSTS = 2000, WAIT_MS = 30000 };

static int
setup(void **state)
{
	*state = loop_new();
	return 0;
}

static int
teardown(void **state)
{
	loop_free(*state);
	return 0;
}

static void
count(void *arg)
{
	++*(int *)arg;
}

static void
stop(void *arg)
{
	loop_stop(arg);
}

struct order {
	int n;
	int seen[3];
};

struct mark {
	struct order *o;
	int id;
};

static void
mark(void *arg)
{
	struct mark *m = arg;

	m->o->seen[m->o->n++] = m->id;
}

static void
test_timers(void **state)
{
	struct loop *l = *state;
	struct order o = {0};
	struct mark a = {&o, 1}, b = {&o, 2}, c = {&o, 3};
	struct timer *ta = timer_new(l, mark, &a);
	struct timer *tb = timer_new(l, mark, &b);
	struct timer *tc = timer_new(l, mark, &c);
	struct timer *end = timer_new(l, stop, l);
	int64_t from_ms = when_mono_ms();

	timer_set(ta, 40);
	timer_set(tb, 1);
	timer_set(tb, 60); /* replaces */
	timer_set(tc, 10);
	timer_clear(tc);
	timer_clear(tc);
	timer_set(end, 120);
	loop_run(l);
	/* libevent's clock is coarse: up to a tick early. */
	assert_true(when_mono_ms() - from_ms >= 110);
	assert_int_equal(o.n, 2);
	assert_int_equal(o.seen[0], 1);
	assert_int_equal(o.seen[1], 2);
	timer_free(ta);
	timer_free(tb);
	timer_free(tc);
	timer_free(end);
	timer_free(NULL);
}

struct suicide {
	struct timer *t;
	struct io *io;
	int n;
};

static void
free_own_timer(void *arg)
{
	struct suicide *s = arg;

	s->n++;
	timer_free(s->t);
}

static void
free_own_io(void *arg)
{
	struct suicide *s = arg;

	s->n++;
	io_free(s->io);
}

static void
test_freed_inside(void **state)
{
	struct loop *l = *state;
	struct suicide s = {0};
	int fd[2];

	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], "x", 1), 1);
	s.t = timer_new(l, free_own_timer, &s);
	timer_set(s.t, 0);
	s.io = loop_read(l, fd[0], free_own_io, &s);
	for (int i = 0; i < 5; i++)
		loop_turn(l, 5);
	assert_int_equal(s.n, 2);
	close(fd[0]);
	close(fd[1]);
}

static void
test_turn(void **state)
{
	struct loop *l = *state;
	int64_t from_ms = when_mono_ms();
	int idle = 0, n = 0;
	struct timer *t = timer_new(l, count, &n);

	loop_set_idle(l, count, &idle);
	loop_turn(l, 0);
	assert_true(when_mono_ms() - from_ms < 5000);
	loop_turn(l, 30);
	assert_true(when_mono_ms() - from_ms >= 20);
	timer_set(t, 0);
	idle = 0;
	loop_turn(l, WAIT_MS); /* ends as soon as something was handled */
	assert_int_equal(n, 1);
	assert_int_equal(idle, 1);
	assert_true(when_mono_ms() - from_ms < WAIT_MS);
	loop_set_idle(l, NULL, NULL);
	timer_set(t, 0);
	loop_turn(l, WAIT_MS);
	assert_int_equal(n, 2);
	assert_int_equal(idle, 1);
	timer_free(t);
}

static void
test_idle_once_a_turn(void **state)
{
	struct loop *l = *state;
	int idle = 0, n = 0;
	int fd[2];
	struct timer *t[5], *end = timer_new(l, stop, l);

	/* Several handlers of one turn, one paint. */
	for (int i = 0; i < 5; i++) {
		t[i] = timer_new(l, count, &n);
		timer_set(t[i], 0);
	}
	loop_set_idle(l, count, &idle);
	loop_turn(l, WAIT_MS);
	assert_int_equal(n, 5);
	assert_int_equal(idle, 1);
	/* The turn that stops the loop has its end too. */
	timer_set(end, 0);
	loop_run(l);
	assert_int_equal(idle, 2);
	for (int i = 0; i < 5; i++)
		timer_free(t[i]);
	timer_free(end);
	assert_int_equal(pipe(fd), 0);
	close(fd[0]);
	/* From loop_new() on this is an error, not a signal. */
	assert_int_equal(write(fd[1], "x", 1), -1);
	close(fd[1]);
}

static void
test_signal(void **state)
{
	struct loop *l = *state;
	int n = 0;

	loop_signal(l, SIGUSR1, count, &n);
	for (int i = 1; i <= 3; i++) {
		raise(SIGUSR1);
		loop_turn(l, WAIT_MS);
		assert_int_equal(n, i);
	}
}

struct poster {
	struct loop *l;
	pthread_t thread;
	struct job {
		struct poster *p;
		int i;
	} jobs[POSTS];
	int next;
	int *done;
};

static pthread_t main_thread;

static void
posted(void *arg)
{
	struct job *j = arg;

	/* Here, and in the order of each poster. */
	assert_true(pthread_equal(pthread_self(), main_thread));
	assert_int_equal(j->i, j->p->next);
	j->p->next++;
	++*j->p->done;
}

static void *
post_all(void *arg)
{
	struct poster *p = arg;

	for (int i = 0; i < POSTS; i++) {
		p->jobs[i] = (struct job){p, i};
		loop_post(p->l, posted, &p->jobs[i]);
	}
	return NULL;
}

static void
test_post(void **state)
{
	static struct poster p[THREADS];
	struct loop *l = *state;
	int done = 0;

	main_thread = pthread_self();
	for (int i = 0; i < THREADS; i++) {
		p[i].l = l;
		p[i].done = &done;
		assert_int_equal(
		    pthread_create(&p[i].thread, NULL, post_all, &p[i]), 0);
	}
	while (done < THREADS * POSTS)
		loop_turn(l, WAIT_MS);
	for (int i = 0; i < THREADS; i++)
		pthread_join(p[i].thread, NULL);
	loop_turn(l, 0);
	assert_int_equal(done, THREADS * POSTS);
}

struct repost {
	struct loop *l;
	int left;
};

static void
repost(void *arg)
{
	struct repost *r = arg;

	if (--r->left > 0)
		loop_post(r->l, repost, r);
	else
		loop_stop(r->l);
}

static void
test_post_inside(void **state)
{
	struct repost r = {*state, 100};
	int never = 0;

	loop_post(r.l, repost, &r);
	loop_run(r.l);
	assert_int_equal(r.left, 0);
	/* Not run, and freed with the loop. */
	loop_post(r.l, count, &never);
}

static void *
post_stop(void *arg)
{
	loop_post(arg, stop, arg);
	return NULL;
}

static void
test_stop_from_thread(void **state)
{
	pthread_t t;

	assert_int_equal(pthread_create(&t, NULL, post_stop, *state), 0);
	loop_run(*state);
	pthread_join(t, NULL);
	/* Stopped before it runs: returns at once, and runs the next time. */
	loop_stop(*state);
	loop_run(*state);
	loop_post(*state, stop, *state);
	loop_run(*state);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(test_timers),
	    T(test_freed_inside),
	    T(test_turn),
	    T(test_idle_once_a_turn),
	    T(test_signal),
	    T(test_post),
	    T(test_post_inside),
	    T(test_stop_from_thread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
