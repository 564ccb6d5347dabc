/*
 * What people do and what leaves: verbs, the guard, the outbox on its way to
 * LINE, and what every answer of LINE's means.
 */
#include <mado/when.h>

#include "acts.h"

static const char *
state_of(const char *uid)
{
	return rows(arena_sprintf(
	    desk.mem, "SELECT state FROM message WHERE uid='%s'", uid));
}

/* Reply to conversation 1; gives the message's uid. */
static const char *
reply(const char *text)
{
	works(verb(
	    "reply", 1, arena_sprintf(desk.mem, "{\"text\":\"%s\"}", text)));
	return newest();
}

static void
replies_take_over(void **state)
{
	(void)state;
	says("hana", "a");
	works(verb("auto", 1, NULL));
	is("SELECT mode||ifnull(assignee,'-') FROM conversation", "0-");
	reply("はい");
	is("SELECT mode||assignee||unread||ifnull(waiting_since,'-') FROM"
	   " conversation",
	    "110-");
	as("kato");
	reply("わたしも");
	is("SELECT mode||assignee FROM conversation", "11");
	works(verb("resolve", 1, NULL));
	reply("追伸");
	is("SELECT status||assignee FROM conversation", "01");
}

static void
an_id_sends_once(void **state)
{
	const char *args = "{\"id\":\"1b4e28ba-2fa1-41d2-883f-0016d3cca427\","
			   "\"text\":\"a\"}";
	int64_t first;

	(void)state;
	says("hana", "a");
	says("taro", "b");
	works(verb("reply", 1, args));
	first = desk.v.message;
	works(verb("reply", 1, args));
	assert_true(desk.v.message == first && first != 0);
	is("SELECT count(*) FROM outbox", "1");
	fails(verb("reply", 2, args), ERR_CONFLICT);
	as("kato");
	fails(verb("reply", 1, args), ERR_CONFLICT);
	fails(verb("note", 1, "{\"id\":\"x\",\"text\":\"a\"}"), ERR_INVALID);
}

static void
the_guard_refuses(void **state)
{
	const char *args, *seen;

	(void)state;
	says("hana", "a");
	seen = rows("SELECT uid FROM message WHERE line_id='line1'");
	args =
	    arena_sprintf(desk.mem, "{\"text\":\"x\",\"seen\":\"%s\"}", seen);
	works(verb("note", 1, "{\"text\":\"内緒\"}"));
	works(verb("reply", 1, args)); /* notes and one's own do not count */
	works(verb("reply", 1, args));
	as("kato");
	fails(verb("reply", 1, args), ERR_UNSEEN);
	assert_non_null(strchr(desk.v.unseen, ',')); /* sato's two */
	as("sato");
	says("hana", "b");
	fails(verb("reply", 1, args), ERR_UNSEEN);
	is("SELECT count(*) FROM outbox", "2");
	fails(verb("reply", 1, "{\"text\":\"x\",\"seen\":\"nothing\"}"),
	    ERR_INVALID);
}

static void
texts_have_a_length(void **state)
{
	char long_text[5002], args[5100];

	(void)state;
	says("hana", "a");
	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[5001] = '\0';
	snprintf(args, sizeof(args), "{\"text\":\"%s\"}", long_text);
	fails(verb("reply", 1, args), ERR_INVALID);
	long_text[5000] = '\0';
	snprintf(args, sizeof(args), "{\"text\":\"%s\"}", long_text);
	works(verb("reply", 1, args));
	fails(verb("reply", 1, "{\"text\":\" \\n\"}"), ERR_INVALID);
	fails(verb("reply", 7, "{\"text\":\"x\"}"), ERR_NOTFOUND);
}

static void
the_survey_has_five_answers(void **state)
{
	(void)state;
	says("hana", "a");
	works(verb("csat", 1, NULL));
	is("SELECT json_array_length(payload,'$.quickReply.items') FROM outbox",
	    "5");
	is("SELECT json_extract(i.value,'$.action.data') FROM outbox,"
	   " json_each(payload,'$.quickReply.items') i",
	    "madoguchi:csat:1:1 madoguchi:csat:1:2 madoguchi:csat:1:3"
	    " madoguchi:csat:1:4 madoguchi:csat:1:5");
}

static void
claims_follow_the_inbox(void **state)
{
	(void)state;
	says("hana", "a");
	wait_ms(MINUTE);
	says("taro", "b");
	wait_ms(MINUTE);
	says("jiro", "c");
	works(verb("pin", 3, NULL));
	works(verb("claim", 0, NULL));
	assert_int_equal(desk.v.number, 3);
	works(verb("claim", 0, NULL));
	assert_int_equal(desk.v.number, 1);
	as("kato");
	works(verb("claim", 0, NULL));
	assert_int_equal(desk.v.number, 2);
	fails(verb("claim", 0, NULL), ERR_NOTFOUND);
	is("SELECT assignee FROM conversation ORDER BY number", "1 2 1");
}

static void
tags_of_a_contact_are_everywhere(void **state)
{
	(void)state;
	says("hana", "a");
	works(verb("tag", 1, "{\"add\":[\"返品\",\"@VIP\"]}"));
	is("SELECT tag FROM conversation_tag", "返品");
	is("SELECT tag FROM contact_tag", "VIP");
	is("SELECT count(*) FROM feed WHERE kind='contact.changed'", "1");
	works(verb("tag", 1, "{\"remove\":[\"返品\"]}"));
	is("SELECT count(*) FROM feed WHERE kind='contact.changed'", "1");
	fails(verb("tag", 1, "{\"add\":[\"ok\",\"a b\"]}"), ERR_INVALID);
	is("SELECT count(*) FROM conversation_tag", "0");
}

static void
assigning_needs_an_agent(void **state)
{
	(void)state;
	says("hana", "a");
	fails(verb("assign", 1, "{\"agent\":\"nobody\"}"), ERR_NOTFOUND);
	fails(verb("assign", 1, "{\"agent\":\"mori\"}"), ERR_NOTFOUND);
	works(verb("assign", 1, "{\"agent\":\"kato\"}"));
	is("SELECT assignee FROM conversation", "2");
	works(verb("assign", 1, "{\"agent\":null}"));
	is("SELECT ifnull(assignee,'-') FROM conversation", "-");
}

/* --- on the way to LINE */

static void
the_newest_token_carries_five(void **state)
{
	struct send *s;
	int i;

	(void)state;
	says("hana", "a");
	wait_ms(1);
	says("hana", "b");
	for (i = 0; i < 6; i++)
		reply("x");
	s = take();
	assert_non_null(s);
	assert_null(s->next);
	assert_int_equal(s->via, VIA_REPLY);
	assert_non_null(strstr(s->body, "\"replyToken\":\"token2\""));
	is("SELECT json_array_length(body,'$.messages') FROM request", "5");
	assert_null(take()); /* one at a time, in order */
	answered(s, SENT);
	is("SELECT line_id FROM message WHERE state=2 ORDER BY id",
	    "sent1 sent2 sent3 sent4 sent5");
	s = take();
	assert_non_null(strstr(s->body, "\"replyToken\":\"token1\""));
	answered(s, SENT);
	is("SELECT count(*) FROM outbox", "0");
	is("SELECT count(*) FROM reply_token", "0");
	reply("y");
	assert_int_equal(take()->via, VIA_PUSH);
}

static void
old_tokens_are_not_used(void **state)
{
	(void)state;
	says("hana", "a");
	wait_ms(REPLY_TOKEN_LIFE_S * 1000);
	reply("x");
	assert_int_equal(take()->via, VIA_PUSH);
}

static void
a_dead_token_becomes_a_push(void **state)
{
	struct send *s;
	const char *m;

	(void)state;
	says("hana", "a");
	m = reply("x");
	answered(take(), SEND_DEAD_TOKEN);
	assert_string_equal(state_of(m), "1");
	s = take();
	assert_int_equal(s->via, VIA_PUSH);
	assert_int_equal(strlen(s->retry_key), 36);
	answered(s, SENT);
	is("SELECT state||via FROM message WHERE sender=2", "21");
}

static void
a_reply_that_waited_too_long_is_a_push(void **state)
{
	struct send *s;

	(void)state;
	says("hana", "a");
	reply("x");
	s = take();
	assert_int_equal(s->via, VIA_REPLY);
	answered(s, SEND_AGAIN); /* never reached LINE */
	wait_ms(MINUTE);
	s = take();
	assert_int_equal(s->via, VIA_PUSH);
}

static void
an_unknown_reply_is_a_person_s(void **state)
{
	const char *m;

	(void)state;
	says("hana", "a");
	m = reply("x");
	answered(take(), SEND_UNKNOWN);
	assert_string_equal(state_of(m), "4");
	is("SELECT problems FROM conversation", "1");
	wait_ms(DAY);
	assert_null(take());
	fails(decide(act_retry, m, NULL), ERR_UNCONFIRMED);
	works(decide(act_retry, m, "{\"confirm\":true}"));
	is("SELECT problems FROM conversation", "0");
	assert_int_equal(take()->via, VIA_PUSH);
}

static void
an_unknown_push_repeats_its_key(void **state)
{
	struct send *s;
	char key[40];
	const char *m;

	(void)state;
	says("hana", "a");
	wait_ms(MINUTE);
	m = reply("x");
	s = take();
	snprintf(key, sizeof(key), "%s", s->retry_key);
	answered(s, SEND_UNKNOWN);
	assert_null(take()); /* not at once */
	wait_ms(HOUR);
	s = take();
	assert_string_equal(s->retry_key, key);
	answered(s, SENT);
	assert_string_equal(state_of(m), "2");
}

/* The key is good for a day from the first attempt: later the same request
 * would be another message. */
static void
a_key_is_not_used_after_its_day(void **state)
{
	const char *m;

	(void)state;
	says("hana", "a");
	wait_ms(MINUTE);
	m = reply("x");
	answered(take(), SEND_UNKNOWN);
	wait_ms(DAY);
	assert_null(take());
	assert_string_equal(state_of(m), "4");
	fails(decide(act_retry, m, NULL), ERR_UNCONFIRMED);
}

static void
a_day_without_line_is_a_failure(void **state)
{
	const char *m;
	int i;

	(void)state;
	says("hana", "a");
	wait_ms(MINUTE);
	m = reply("x");
	for (i = 0; i < 200 && *state_of(m) == '1'; i++) {
		struct send *s = take();

		if (s != NULL)
			answered(s, SEND_AGAIN);
		wait_ms(10 * MINUTE);
	}
	assert_string_equal(state_of(m), "3");
	assert_true(i > 100);
	works(decide(act_retry, m, NULL));
	assert_non_null(take());
}

static void
after_a_crash(void **state)
{
	struct act a = {.run = act_recover};
	struct send *push;
	char key[40];

	(void)state;
	says("hana", "a");
	wait_ms(MINUTE);
	says("taro", "b");
	works(verb("reply", 2, "{\"text\":\"a reply\"}"));
	works(verb("reply", 1, "{\"text\":\"a push\"}"));
	for (push = take(); push->via != VIA_PUSH; push = push->next)
		;
	snprintf(key, sizeof(key), "%s", push->retry_key);
	works(run(&a));
	is("SELECT state FROM message WHERE sender=2 ORDER BY text", "1 4");
	push = take();
	assert_string_equal(push->retry_key, key);
	assert_null(push->next);
}

static void
after_a_long_stop(void **state)
{
	struct act a = {.run = act_recover};
	const char *m;

	(void)state;
	says("hana", "a");
	wait_ms(MINUTE);
	m = reply("x");
	assert_non_null(take());
	wait_ms(2 * (int64_t)DAY);
	works(run(&a));
	assert_null(take());
	assert_string_equal(state_of(m), "4");
}

static void
refused_is_failed(void **state)
{
	const char *m;

	(void)state;
	says("hana", "a");
	m = reply("x");
	answered(take(), SEND_REFUSED);
	assert_string_equal(state_of(m), "3");
	is("SELECT error FROM message WHERE sender=2", "LINE's words");
	works(decide(act_discard, m, NULL));
	is("SELECT count(*) FROM outbox", "0");
	fails(decide(act_discard, m, NULL), ERR_CONFLICT);
	fails(decide(act_retry, "nobody", NULL), ERR_NOTFOUND);
}

static void
the_month_over_stops_pushes(void **state)
{
	struct channel_in in = {
	    .name = "main", .quota_limit = 500, .quota_used = 0};
	struct act a = {.run = act_channel, .in = &in};

	(void)state;
	works(run(&a));
	says("hana", "a");
	wait_ms(MINUTE);
	reply("x");
	answered(take(), SEND_MONTH_OVER);
	reply("y"); /* no need to ask LINE again */
	assert_null(take());
	is("SELECT state FROM message WHERE sender=2", "3 3");
	in.clear_push_stop = true;
	works(run(&a));
	works(decide(act_retry, newest(), NULL));
	assert_non_null(take());
	is("SELECT count(*) FROM feed WHERE kind='channel.changed'", "3");
}

static void
held_until_the_customer_writes(void **state)
{
	struct send *s;
	const char *m;

	(void)state;
	desk.policy.push = PUSH_HOLD;
	says("hana", "a");
	wait_ms(MINUTE);
	m = reply("x");
	works(verb("resolve", 1, NULL));
	assert_null(take());
	assert_string_equal(state_of(m), "5");
	is("SELECT problems FROM conversation", "1");
	wait_ms(2 * (int64_t)DAY);
	says("hana", "b"); /* a new case; the old one's problem is over */
	is("SELECT problems FROM conversation ORDER BY number", "0 0");
	assert_string_equal(state_of(m), "1");
	s = take();
	assert_int_equal(s->via, VIA_REPLY);
	answered(s, SENT);
	assert_string_equal(state_of(m), "2");
}

static void
asked_for_each_push(void **state)
{
	const char *m;

	(void)state;
	desk.policy.push = PUSH_ASK;
	says("hana", "a");
	wait_ms(MINUTE);
	m = reply("x");
	assert_null(take());
	assert_string_equal(state_of(m), "5");
	works(decide(act_retry, m, NULL));
	assert_int_equal(take()->via, VIA_PUSH);
}

static void
a_channel_gone_from_the_config_holds(void **state)
{
	(void)state;
	says("hana", "a");
	wait_ms(MINUTE);
	reply("x");
	desk.policy.channel = "other";
	assert_null(take());
	is("SELECT state FROM message WHERE sender=2", "5");
}

static void
quotes_need_their_token(void **state)
{
	const char *m;

	(void)state;
	says("hana", "a");
	m = rows("SELECT uid FROM message WHERE line_id='line1'");
	works(verb("reply", 1,
	    arena_sprintf(desk.mem, "{\"text\":\"x\",\"quote\":\"%s\"}", m)));
	is("SELECT json_extract(payload,'$.quoteToken') FROM outbox", "q1");
	works(verb("note", 1, "{\"text\":\"n\"}"));
	fails(verb("reply", 1,
		  arena_sprintf(
		      desk.mem, "{\"text\":\"x\",\"quote\":\"%s\"}", newest())),
	    ERR_INVALID);
}

/* A push in its long pause does not stand before a token. */
static void
a_waiting_push_makes_way(void **state)
{
	const char *first, *second;
	struct send *s;

	(void)state;
	says("hana", "a");
	wait_ms(MINUTE);
	first = reply("one");
	for (int i = 0; i < 8; i++) {
		s = take();
		if (s != NULL)
			answered(s, SEND_AGAIN); /* surely not there */
		wait_ms(10 * MINUTE);
	}
	answered(take(), SEND_AGAIN); /* the next try is minutes away */
	assert_null(take());
	says("hana", "b");
	assert_true((desk.wake & WAKE_SEND) != 0);
	second = reply("two");
	s = take();
	assert_non_null(s);
	assert_int_equal(s->via, VIA_REPLY);
	answered(s, SENT);
	assert_string_equal(state_of(first), "2");
	assert_string_equal(state_of(second), "2");
}

/* One that may be there is tried by its key, once for each new token. */
static void
an_unknown_push_is_tried_early(void **state)
{
	struct send *s;
	const char *key;

	(void)state;
	says("hana", "a");
	wait_ms(MINUTE);
	reply("one");
	s = take();
	key = arena_strdup(desk.mem, s->retry_key);
	for (int i = 0; i < 8; i++) {
		answered(s, SEND_UNKNOWN);
		wait_ms(10 * MINUTE);
		s = take();
	}
	answered(s, SEND_UNKNOWN);
	wait_ms(1000);
	assert_null(take());
	says("hana", "b");
	s = take();
	assert_non_null(s);
	assert_int_equal(s->via, VIA_PUSH);
	assert_string_equal(s->retry_key, key);
	answered(s, SEND_UNKNOWN);
	wait_ms(1000);
	assert_null(take());
}

static const char *
in_an_hour(void)
{
	char at[WHEN_TEXT_B];

	return arena_sprintf(desk.mem, "{\"text\":\"later\",\"at\":\"%s\"}",
	    when_rfc3339(desk.now + HOUR, at));
}

static void
later_is_due(void)
{
	struct act a = {.run = act_send_later};

	assert_int_equal(run(&a), 0);
}

static void
scheduled_ones_leave_on_time(void **state)
{
	const char *m;

	(void)state;
	says("hana", "a");
	works(verb("reply", 1, in_an_hour()));
	m = newest();
	assert_string_equal(state_of(m), "5");
	is("SELECT problems||ifnull(waiting_since,'-') NOT LIKE '0-' FROM"
	   " conversation",
	    "1");
	assert_null(take());
	later_is_due();
	assert_null(take());
	wait_ms(HOUR);
	later_is_due();
	assert_string_equal(state_of(m), "1");
	answered(take(), SENT);
	is("SELECT cost FROM message WHERE text='later'", "1");
	fails(verb("reply", 1,
		  "{\"text\":\"x\",\"at\":\"2001-01-01T00:00:00Z\"}"),
	    ERR_INVALID);
}

static void
scheduled_ones_wait_for_a_look(void **state)
{
	const char *m;

	(void)state;
	says("hana", "a");
	works(verb("reply", 1, in_an_hour()));
	m = newest();
	wait_ms(MINUTE);
	says("hana", "never mind");
	wait_ms(HOUR);
	later_is_due();
	assert_string_equal(state_of(m), "5");
	is("SELECT problems FROM conversation", "1");
	assert_null(take());
	works(verb("reply", 1, in_an_hour()));
	works(decide(act_discard, newest(), NULL));
	wait_ms(HOUR);
	later_is_due();
	assert_null(take());
	works(decide(act_retry, m, NULL));
	assert_non_null(take());
}

/* However many acknowledgements have missed their minute: none is a push. */
static void
acks_never_push(void **state)
{
	struct ack_in in = {.channel = "main", .after_ms = 30 * 1000};
	struct act a = {.run = act_ack, .in = &in};

	(void)state;
	for (int i = 0; i < 70; i++)
		says(arena_sprintf(desk.mem, "U%d", i), "返品したい");
	wait_ms(40 * 1000);
	for (int i = 0; i < 3; i++)
		assert_int_equal(run(&a), 0);
	is("SELECT count(*) FROM outbox WHERE state=0", "70");
	wait_ms(20 * 1000);
	while (take() != NULL)
		;
	is("SELECT count(*) FROM request", "0");
	is("SELECT count(*) FROM message WHERE why='ack_at' AND state=3", "70");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(replies_take_over),
	    TEST(an_id_sends_once),
	    TEST(the_guard_refuses),
	    TEST(texts_have_a_length),
	    TEST(the_survey_has_five_answers),
	    TEST(claims_follow_the_inbox),
	    TEST(tags_of_a_contact_are_everywhere),
	    TEST(assigning_needs_an_agent),
	    TEST(the_newest_token_carries_five),
	    TEST(old_tokens_are_not_used),
	    TEST(a_dead_token_becomes_a_push),
	    TEST(a_reply_that_waited_too_long_is_a_push),
	    TEST(an_unknown_reply_is_a_person_s),
	    TEST(an_unknown_push_repeats_its_key),
	    TEST(a_key_is_not_used_after_its_day),
	    TEST(a_day_without_line_is_a_failure),
	    TEST(after_a_crash),
	    TEST(after_a_long_stop),
	    TEST(refused_is_failed),
	    TEST(the_month_over_stops_pushes),
	    TEST(held_until_the_customer_writes),
	    TEST(asked_for_each_push),
	    TEST(a_channel_gone_from_the_config_holds),
	    TEST(quotes_need_their_token),
	    TEST(a_waiting_push_makes_way),
	    TEST(an_unknown_push_is_tried_early),
	    TEST(scheduled_ones_leave_on_time),
	    TEST(scheduled_ones_wait_for_a_look),
	    TEST(acks_never_push),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
