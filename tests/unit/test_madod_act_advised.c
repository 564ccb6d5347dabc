/*
 * A decision that waits for an adviser: it is there once, whatever else happens
 * meanwhile, and nothing of it before.
 */
#include "acts.h"

static const char text[] = "[bot]\nno_match = wait\n"
			   "[rule h]\non = opened\nanswer = hello\n"
			   "continue = yes\n"
			   "[rule o]\nexact = order\nform = order\n"
			   "[form order]\nanswer = ok\n"
			   "[question number]\ntext = number?\nfield = number\n"
			   "[rule p]\ncontains = person\nhandoff = yes\n";

static struct rules *rules;
static struct advice_policy policy = {
    .url = (char *)"https://x", .deadline_ms = 5000, .confidence = 0.8};

static int
open_desk(void **state)
{
	struct rules_source s = {
	    .name = "test", .p = text, .n = sizeof(text) - 1};
	struct err e = {0};

	if (desk_open(state) != 0 || (rules = rules_parse(&s, &e)) == NULL)
		fail_msg("%s", e.msg);
	desk.rules = rules;
	desk.adviser = &policy;
	return 0;
}

static int
close_desk(void **state)
{
	rules_free(rules);
	return desk_close(state);
}

/* What came of the message's question. */
static void
advised(int64_t message, const struct advice *w)
{
	struct advised_in in = {message, rules, NULL, w};
	struct act a = {.run = act_advised, .in = &in};

	assert_int_equal(run(&a), 0);
}

static const struct advice good = {.answer = "550", .confidence = 0.9},
			   late = {.error = "no answer within 5 s",
			       .broken = true,
			       .confidence = -1};

#define BOT  "SELECT text FROM message WHERE sender=1 ORDER BY id"
#define MODE "SELECT mode FROM conversation"

static int64_t
newest_asked(void)
{
	return number("SELECT max(message) FROM asked");
}

static void
nothing_happens_before(void **state)
{
	(void)state;
	says("U1", "how much?");
	assert_true((desk.wake & WAKE_ADVISER) != 0);
	is("SELECT conversation||' '||due_at||' '||opened FROM asked",
	    "1 1800000005000 1");
	is(BOT, "");
	is("SELECT count(*) FROM decision", "0");
	is("SELECT count(*) FROM bot_state", "0");
	is(MODE, "0");
}

static void
advice_is_carried_out_once(void **state)
{
	int64_t id;

	(void)state;
	says("U1", "how much?");
	id = newest_asked();
	advised(id, &good);
	is(BOT, "hello 550");
	is("SELECT count(*) FROM asked", "0");
	is("SELECT why FROM decision", "adviser 0.90");
	is("SELECT unread FROM conversation", "0");
	advised(id, &good);
	is(BOT, "hello 550");
}

static void
without_advice_we_decide(void **state)
{
	(void)state;
	says("U1", "how much?");
	advised(newest_asked(), &late);
	is(BOT, "hello wait");
	is(MODE, "1");
	is("SELECT text FROM message WHERE sender=3 ORDER BY id",
	    "handed over to people: no rule "
	    "adviser not followed: no answer within 5 s");
}

static void
what_is_withdrawn_is_not_answered(void **state)
{
	(void)state;
	says("U1", "how much?");
	hook(event("U1", "unsend", "\"unsend\":{\"messageId\":\"line1\"}"));
	advised(newest_asked(), &good);
	is(BOT, "");
	is(MODE, "0");
	is("SELECT count(*) FROM asked", "0");
}

static void
people_are_not_interrupted(void **state)
{
	(void)state;
	says("U1", "how much?");
	works(verb("take", 1, NULL));
	advised(newest_asked(), &good);
	is(BOT, "");
	is("SELECT count(*) FROM asked", "0");
	works(verb("resolve", 1, NULL));
	works(verb("auto", 1, NULL));
	wait_ms(2 * DAY);
	says("U1", "how much?");
	works(verb("resolve", 2, NULL));
	advised(newest_asked(), &good);
	is(BOT, "");
	is("SELECT count(*) FROM asked", "0");
}

/* The questionnaire that began meanwhile is not answered by what was said
 * before it, and goes on. */
static void
what_overtakes_it_stays(void **state)
{
	int64_t id;

	(void)state;
	says("U1", "how much?");
	id = newest_asked();
	wait_ms(10);
	says("U1", "order");
	is(BOT, "number?");
	advised(id, &good);
	is(BOT, "number? 550");
	is("SELECT count(*) FROM contact_field", "0");
	says("U1", "17");
	is("SELECT value FROM contact_field", "17");
	is(BOT, "number? 550 ok");
}

static void
two_at_once(void **state)
{
	int64_t first, second;

	(void)state;
	says("U1", "how much?");
	first = newest_asked();
	says("U1", "how long?");
	second = newest_asked();
	advised(second, &late);
	is(MODE, "1");
	advised(first, &good);
	is(BOT, "wait");
	is("SELECT count(*) FROM asked", "0");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, open_desk, close_desk)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(nothing_happens_before),
	    T(advice_is_carried_out_once),
	    T(without_advice_we_decide),
	    T(what_is_withdrawn_is_not_answered),
	    T(people_are_not_interrupted),
	    T(what_overtakes_it_stays),
	    T(two_at_once),
	};

	return cmocka_run_group_tests_name("advised", tests, NULL, NULL);
}
