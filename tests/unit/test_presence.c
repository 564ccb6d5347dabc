/* Who is where: who is told of it, and when it is over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "../../src/madod/presence.c"

enum { PEOPLE = 3 };

static struct loop *loop;
static struct presence *place;
static int nudged[PEOPLE + 1];
static const struct presence_who people[PEOPLE + 1] = {
    {0, NULL, NULL}, {1, "sato", "a"}, {2, "kato", "b"}, {3, "suzuki", "c"}};

static void
on_news(int64_t user, const char *client, void *arg)
{
	(void)arg;
	assert_string_equal(client, people[user].client);
	nudged[user]++;
}

static int
set_up(void **state)
{
	(void)state;
	loop = loop_new();
	place = presence_new(loop, on_news, NULL);
	memset(nudged, 0, sizeof(nudged));
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	presence_free(place);
	loop_free(loop);
	return 0;
}

static void
sees(int user, const char *want)
{
	struct buf b = {0};

	presence_put(place, &people[user], &b);
	assert_string_equal(buf_str(&b), want);
	buf_free(&b);
}

#define KATO_LOOKS "[{\"conversation\":42,\"agent\":\"kato\",\"typing\":false}]"
#define KATO_TYPES "[{\"conversation\":42,\"agent\":\"kato\",\"typing\":true}]"

static void
test_told(void **state)
{
	(void)state;
	presence_set(place, &people[1], 42, false);
	presence_set(place, &people[3], 7, false);
	sees(1, "[]");
	presence_set(place, &people[2], 42, false);
	assert_true(presence_touch(place, &people[1]));
	sees(1, KATO_LOOKS);
	assert_false(presence_touch(place, &people[1])); /* it has been told */
	presence_set(place, &people[2], 42, true);
	sees(1, KATO_TYPES);
	sees(3, "[]");
	/* who looks elsewhere is never woken */
	assert_int_equal(nudged[1], 2);
	assert_int_equal(nudged[2], 0);
	assert_int_equal(nudged[3], 0);
	/* the same again is no news */
	presence_set(place, &people[2], 42, true);
	assert_int_equal(nudged[1], 2);
	presence_set(place, &people[2], 0, false);
	assert_int_equal(nudged[1], 3);
	sees(1, "[]");
}

static void
test_moves(void **state)
{
	(void)state;
	presence_set(place, &people[1], 42, false);
	presence_set(place, &people[3], 7, false);
	presence_set(place, &people[2], 42, true);
	presence_set(place, &people[2], 7, false);
	sees(1, "[]");
	sees(3, "[{\"conversation\":7,\"agent\":\"kato\",\"typing\":false}]");
	assert_int_equal(nudged[1], 2);
	assert_int_equal(nudged[3], 1);
}

static void
test_typed(void **state)
{
	struct buf b = {0};

	(void)state;
	presence_set(place, &people[1], 42, true);
	presence_set(place, &people[2], 7, true);
	presence_set(place, &people[3], 8, false);
	presence_typed(place, 1, &b);
	assert_string_equal(buf_str(&b), "[7]");
	buf_free(&b);
}

/* Silence ends typing, then looking; the clock is moved by hand. */
static void
test_over(void **state)
{
	struct seat *s;

	(void)state;
	presence_set(place, &people[1], 42, false);
	presence_set(place, &people[2], 42, true);
	LIST_FOREACH(s, &place->seats, link)
	if (s->user == 2)
		s->typing_ms = 1;
	on_clock(place);
	sees(1, KATO_LOOKS);
	assert_int_equal(nudged[1], 2);
	LIST_FOREACH(s, &place->seats, link)
	if (s->user == 2)
		s->until_ms = 1;
	on_clock(place);
	sees(1, "[]");
	assert_int_equal(nudged[1], 3);
	assert_int_equal(place->n, 1);
	assert_false(presence_touch(place, &people[2]));
}

static void
test_cap(void **state)
{
	struct presence_who who = {1, "sato", "x"};
	char name[16];

	(void)state;
	who.client = name;
	for (int i = 0; i < PRESENCE_MAX + 10; i++) {
		snprintf(name, sizeof(name), "%d", i);
		presence_set(place, &who, 0, false); /* takes no seat */
		if (i % 100 == 0)
			presence_set(place, &who, 42, false);
	}
	assert_int_equal(place->n, (PRESENCE_MAX + 10 + 99) / 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_told, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_moves, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_typed, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_over, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_cap, set_up, tear_down)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
