/* Counting saved views: the look at all of them, changes, and time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <mado/crypto.h>
#include <mado/when.h>

#include "../../src/mado/tally.h"

enum { MANY = 1000, SOON_MS = 400, TURNS = 4000 };

static char dir[64];
static struct store *store;
static struct loop *loop;
static struct views views;
static struct tally *tally;
static int told;

static void
on_changed(void *arg)
{
	(void)arg;
	told++;
}

static void
put(int64_t n, int64_t waits_ms, bool pinned, int status, int64_t rev)
{
	struct contact who = {.id = n, .name = "x"};
	struct conv c = {.number = n,
	    .contact = &who,
	    .channel = "main",
	    .mode = MODE_MANUAL,
	    .status = status,
	    .pinned = pinned,
	    .waiting_since_ms = when_now_ms() - waits_ms,
	    .opened_ms = 1,
	    .rev = rev};
	struct err e = {0};

	if (store_put_conv(store, &c, "sato", &e) == -1)
		fail_msg("%s", e.msg);
}

static bool
counts_are(int64_t a, int64_t b)
{
	return tally_count(tally, 0) == a && tally_count(tally, 1) == b;
}

/* Turn the loop until it is so, or fail. */
static void
comes_to(int64_t a, int64_t b)
{
	for (int i = 0; i < TURNS && !counts_are(a, b); i++)
		loop_turn(loop, 5);
	if (!counts_are(a, b))
		fail_msg("%lld and %lld, not %lld and %lld",
		    (long long)tally_count(tally, 0),
		    (long long)tally_count(tally, 1), (long long)a,
		    (long long)b);
}

static int
set_up(void **state)
{
	static const char rc[] = "[view pins]\nquery = pinned\n"
				 "[view late]\nquery = waiting>1h\n";
	static const uint8_t key[32] = {1};
	struct err e = {0};
	struct conf *c = conf_parse("rc", rc, strlen(rc), &e);

	(void)state;
	crypto_init();
	snprintf(dir, sizeof(dir), "/tmp/mado-tally.XXXXXX");
	assert_non_null(mkdtemp(dir));
	assert_int_equal(views_read(&views, c, &e), 0);
	conf_free(c);
	store = store_open(dir, "default", key, &e);
	assert_non_null(store);
	loop = loop_new();
	told = 0;
	return 0;
}

static int
tear_down(void **state)
{
	char command[128];

	(void)state;
	tally_free(tally);
	tally = NULL;
	loop_free(loop);
	store_close(store);
	views_free(&views);
	snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	return system(command);
}

static void
begin(void)
{
	tally = tally_new(loop, store, &views, "sato", on_changed, NULL);
	assert_non_null(tally);
	assert_int_equal(tally_count(tally, 0), -1);
}

static void
test_counts(void **state)
{
	(void)state;
	store_begin(store);
	for (int i = 1; i <= MANY; i++)
		put(i, 1000, i % 10 == 0, STATUS_OPEN, 1);
	put(MANY + 1, 1000, true, STATUS_RESOLVED, 1);
	store_commit(store, NULL);
	begin();
	comes_to(MANY / 10, 0);
	put(7, 1000, true, STATUS_OPEN, 2);
	tally_touch(tally, 7);
	assert_true(counts_are(MANY / 10 + 1, 0));
	put(10, 1000, true, STATUS_RESOLVED, 2);
	tally_touch(tally, 10);
	assert_true(counts_are(MANY / 10, 0));
	told = 0;
	tally_touch(tally, 10);
	assert_int_equal(told, 0);
	put(MANY + 2, 1000, true, STATUS_OPEN, 1);
	tally_begin(tally);
	comes_to(MANY / 10 + 1, 0);
}

/* Nothing is told, and the hour is over. */
static void
test_time(void **state)
{
	(void)state;
	put(1, 3600000 - SOON_MS, false, STATUS_OPEN, 1);
	put(2, 1000, false, STATUS_OPEN, 1);
	begin();
	comes_to(0, 0);
	comes_to(0, 1);
	assert_true(told >= 2);
}

static void
test_none(void **state)
{
	struct views no = {0};

	(void)state;
	assert_null(tally_new(loop, store, &no, "sato", on_changed, NULL));
	tally_touch(NULL, 1);
	tally_begin(NULL);
	assert_int_equal(tally_count(NULL, 0), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_counts, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_time, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_none, set_up, tear_down)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
