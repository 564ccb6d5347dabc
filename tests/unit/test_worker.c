/* A thread and its queue: in order, with results on the loop, to the end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "../../src/madod/worker.c"

enum { HANGS_S = 60 };

static struct loop *loop;
static struct worker *worker;
static char said[64];

static void
say(char c)
{
	size_t n = strlen(said);

	assert_true(n + 1 < sizeof(said));
	said[n] = c;
}

static int
set_up(void **state)
{
	(void)state;
	alarm(HANGS_S);
	memset(said, 0, sizeof(said));
	loop = loop_new();
	worker = worker_new(loop, NULL, NULL);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	loop_free(loop);
	return 0;
}

static void
nothing(void *arg, struct sql *db)
{
	(void)arg;
	assert_null(db);
}

static void
done(void *arg)
{
	say(*(const char *)arg);
}

static void
in_order(void **state)
{
	static const char words[] = "abc";

	(void)state;
	for (int i = 0; i < 3; i++)
		worker_put(worker, nothing, done, (void *)&words[i]);
	worker_free(worker);
	assert_string_equal(said, "abc");
}

static void
once_more(void *arg)
{
	done(arg);
	worker_put(worker, nothing, done, (void *)"z");
}

/* A timer of the loop, or a result, has something for it while it ends. */
static void
put_while_it_ends(void **state)
{
	(void)state;
	worker_put(worker, nothing, once_more, (void *)"a");
	worker_free(worker);
	assert_string_equal(said, "az");
}

static struct worker *other;

static void
for_the_other(void *arg)
{
	worker_put(other, nothing, done, arg);
}

/* Nor is one gone while another's results may have something for it. */
static void
put_after_the_end(void **state)
{
	(void)state;
	other = worker_new(loop, NULL, NULL);
	worker_put(worker, nothing, for_the_other, (void *)"a");
	worker_end(other);
	worker_end(worker);
	while (worker_depth(worker) + worker_depth(other) > 0)
		loop_turn(loop, 0);
	worker_free(other);
	worker_free(worker);
	assert_string_equal(said, "a");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(in_order, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		put_while_it_ends, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		put_after_the_end, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
