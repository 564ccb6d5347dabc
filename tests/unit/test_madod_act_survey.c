/*
 * The survey that follows a resolution by itself: whom it asks, when, how
 * often, and what stops it.
 */
#include "acts.h"

#define ASKED "SELECT count(*) FROM message WHERE why='csat'"

/* The job, as the timer runs it. */
static void
due(void)
{
	struct act a = {.run = act_survey_due, .in = &desk.survey};

	works(run(&a));
}

static void
follows_in(int64_t after_ms, enum push_policy push)
{
	desk.survey.after_ms = after_ms;
	desk.survey.every_ms = 7 * (int64_t)DAY;
	desk.survey.push = push;
}

/* A conversation that people have answered; gives its number. */
static int64_t
answered_by_people(const char *customer)
{
	int64_t n;

	says(customer, "こんにちは");
	n = number("SELECT max(number) FROM conversation");
	works(verb("reply", n, "{\"text\":\"はい\"}"));
	return n;
}

static void
it_follows_once(void **state)
{
	int64_t n;

	(void)state;
	follows_in(30000, PUSH_ALLOW);
	n = answered_by_people("hana");
	works(verb("resolve", n, NULL));
	assert_true(desk.wake & WAKE_JOBS);
	is("SELECT text FROM message WHERE text LIKE 'survey in%'",
	    "survey in 30s, unless reopened");
	due();
	is(ASKED, "0"); /* not yet */
	wait_ms(30000);
	due();
	is(ASKED, "1");
	is("SELECT author FROM message WHERE why='csat'", "-");
	is("SELECT status||(csat_asked>0) FROM conversation", "31");
	works(verb("reopen", n, NULL));
	works(verb("resolve", n, NULL));
	wait_ms(30 * (int64_t)DAY);
	due();
	is(ASKED, "1"); /* once a conversation */
}

static void
it_is_off_unless_asked_for(void **state)
{
	(void)state;
	works(verb("resolve", answered_by_people("hana"), NULL));
	is("SELECT count(*) FROM survey", "0");
	follows_in(30000, PUSH_ALLOW);
	works(
	    verb("resolve", answered_by_people("taro"), "{\"survey\":false}"));
	is("SELECT count(*) FROM survey", "0");
}

static void
reopening_stops_it(void **state)
{
	int64_t n;

	(void)state;
	follows_in(30000, PUSH_ALLOW);
	n = answered_by_people("hana");
	works(verb("resolve", n, NULL));
	works(verb("reopen", n, NULL)); /* as U does */
	wait_ms(MINUTE);
	due();
	is(ASKED, "0");
	works(verb("resolve", n, NULL));
	says("hana", "もう一つ"); /* as the customer does */
	wait_ms(MINUTE);
	due();
	is(ASKED, "0");
	works(verb("resolve", n, NULL));
	works(verb("reopen", n, NULL));
	wait_ms(20000);
	works(verb("resolve", n, NULL));
	wait_ms(20000);
	due();
	is(ASKED, "0"); /* counted from the last time */
	wait_ms(10000);
	due();
	is(ASKED, "1");
}

static void
only_whom_people_answered(void **state)
{
	(void)state;
	follows_in(1000, PUSH_ALLOW);
	says("hana", "間違えました");
	works(verb("note", 1, "{\"text\":\"迷惑\"}"));
	works(verb("resolve", 1, NULL)); /* a note reaches nobody */
	says("taro", "あの");
	works(verb("reply", 2, "{\"text\":\"はい\"}"));
	hook(event("taro", "unfollow", ""));
	works(verb("resolve", 2, NULL)); /* has blocked the account */
	is("SELECT count(*) FROM survey", "0");
}

static void
nobody_is_asked_twice_in_a_week(void **state)
{
	int64_t n;

	(void)state;
	follows_in(1000, PUSH_ALLOW);
	works(verb("resolve", answered_by_people("hana"), NULL));
	wait_ms(1000);
	due();
	is(ASKED, "1");
	wait_ms(3 * (int64_t)DAY);
	n = answered_by_people("hana");
	assert_int_equal(n, 2);
	works(verb("resolve", n, NULL));
	wait_ms(1000);
	due();
	is(ASKED, "1");
	wait_ms(5 * (int64_t)DAY);
	works(verb("resolve", answered_by_people("hana"), NULL));
	wait_ms(1000);
	due();
	is(ASKED, "2");
}

static void
no_push_where_pushes_are_asked_about(void **state)
{
	(void)state;
	follows_in(1000, PUSH_HOLD);
	works(verb("resolve", answered_by_people("hana"), NULL));
	wait_ms(1000); /* its token is alive: free */
	due();
	is(ASKED, "1");
	follows_in(5 * (int64_t)MINUTE, PUSH_ASK);
	works(verb("resolve", answered_by_people("taro"), NULL));
	wait_ms(5 * (int64_t)MINUTE);
	due();
	is(ASKED, "1");
	is("SELECT text FROM message WHERE conversation=2 AND"
	   " text LIKE 'no survey%'",
	    "no survey: it would have been a push");
}

static void
yesterdays_are_dropped(void **state)
{
	(void)state;
	follows_in(1000, PUSH_ALLOW);
	works(verb("resolve", answered_by_people("hana"), NULL));
	wait_ms(2 * (int64_t)DAY); /* madod was down */
	due();
	is(ASKED, "0");
	is("SELECT count(*) FROM survey", "0");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {TEST(it_follows_once),
	    TEST(it_is_off_unless_asked_for), TEST(reopening_stops_it),
	    TEST(only_whom_people_answered),
	    TEST(nobody_is_asked_twice_in_a_week),
	    TEST(no_push_where_pushes_are_asked_about),
	    TEST(yesterdays_are_dropped)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
