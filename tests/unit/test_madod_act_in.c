/*
 * What LINE says, as state: each event once, conversations opened and reopened,
 * messages that come late or after their own end, surveys.
 */
#include "acts.h"

/* Is this text anywhere in the store? */
static const char *
whereabouts(const char *text)
{
	static const char *const places[] = {
	    "SELECT 'message' FROM message WHERE text LIKE '%%%s%%' OR raw LIKE"
	    " '%%%s%%'",
	    "SELECT 'ahead' FROM ahead WHERE text LIKE '%%%s%%' OR '%s'=''",
	    "SELECT 'inbound' FROM inbound WHERE raw LIKE '%%%s%%' OR '%s'=''",
	    "SELECT 'csat' FROM conversation WHERE csat_comment LIKE '%%%s%%'"
	    " OR '%s'=''",
	    "SELECT 'feed' FROM feed WHERE why LIKE '%%%s%%' OR kind='%s'"};
	struct buf b = {0};
	const char *out;
	char sql[400];
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(sql, sizeof(sql), places[i], text, text);
#pragma GCC diagnostic pop
		buf_puts(&b, rows(sql));
	}
	out = arena_strdup(desk.mem, buf_str(&b));
	buf_free(&b);
	return out;
}

static const char *
unsend_of(const char *user, const char *id)
{
	return event(user, "unsend",
	    arena_sprintf(desk.mem, "\"unsend\":{\"messageId\":\"%s\"}", id));
}

static const char *
edit_of(const char *user, const char *id, const char *text)
{
	return event(user, "messageEdited",
	    arena_sprintf(desk.mem,
		"\"replyToken\":\"edit%d\",\"message\":{\"type\":\"text\","
		"\"id\":\"%s\",\"text\":\"%s\"}",
		desk.events, id, text));
}

static void
an_event_counts_once(void **state)
{
	const char *ev = text_of("hana", "もしもし");

	(void)state;
	hook(ev);
	hook(ev);
	hook(arena_sprintf(desk.mem, "%s,%s", ev, ev));
	is("SELECT count(*) FROM message WHERE sender=0", "1");
	is("SELECT unread FROM conversation", "1");
}

static void
without_an_id_the_message_s_counts(void **state)
{
	(void)state;
	hook(
	    "{\"type\":\"message\",\"timestamp\":1,\"source\":{\"type\":\"user\","
	    "\"userId\":\"hana\"},\"message\":{\"type\":\"text\",\"id\":\"77\","
	    "\"text\":\"a\"}}");
	hook(
	    "{\"type\":\"message\",\"timestamp\":2,\"source\":{\"type\":\"user\","
	    "\"userId\":\"hana\"},\"message\":{\"type\":\"text\",\"id\":\"77\","
	    "\"text\":\"a\"}}");
	is("SELECT count(*) FROM message WHERE sender=0", "1");
}

static void
no_rule_hands_over(void **state)
{
	(void)state;
	says("hana", "返品したい");
	is("SELECT mode||status||unread||(waiting_since IS NOT NULL)||"
	   "ifnull(assignee,'-') FROM conversation",
	    "1011-");
	is("SELECT why FROM feed WHERE kind='conversation.handoff'", "no rule");
	is("SELECT count(*) FROM outbox", "0");
}

static void
what_came_before_waits_for_a_conversation(void **state)
{
	(void)state;
	hook(event("hana", "follow", "\"replyToken\":\"f1\""));
	is("SELECT count(*) FROM conversation", "0");
	is("SELECT conversation FROM message", "-");
	says("hana", "はじめまして");
	is("SELECT count(*) FROM message WHERE conversation IS NULL", "0");
	is("SELECT unread FROM conversation", "1");
	/* and whoever watches is told of it */
	is("SELECT count(*) FROM feed WHERE message=1", "2");
}

static void
events_open_nothing(void **state)
{
	(void)state;
	says("hana", "a");
	works(verb("resolve", 1, NULL));
	hook(event("hana", "unfollow", ""));
	is("SELECT status||unread FROM conversation", "30");
	is("SELECT blocked FROM contact", "1");
	is("SELECT count(*) FROM feed WHERE kind='contact.changed'", "1");
	hook(event("hana", "somethingNew", "\"x\":1"));
	is("SELECT count(*) FROM conversation", "1");
	hook("{\"type\":\"accountLink\",\"webhookEventId\":\"zz\"}");
	is("SELECT count(*) FROM feed WHERE kind='line.event'", "1");
}

static void
late_messages_are_not_the_last(void **state)
{
	int64_t then = desk.now;
	const char *early = text_of("hana", "early");

	(void)state;
	wait_ms(MINUTE);
	says("hana", "late");
	hook(early);
	is("SELECT m.text FROM conversation c JOIN message m ON"
	   " m.id=c.last_message",
	    "late");
	is("SELECT text FROM message WHERE type=0 ORDER BY at,id",
	    "early late");
	assert_true(number("SELECT waiting_since FROM conversation") > then);
}

static void
unsent_leaves_nothing(void **state)
{
	struct gone *g;

	(void)state;
	says("hana", "secret");
	hook(edit_of("hana", "line1", "secret2"));
	assert_string_not_equal(whereabouts("secret"), "");
	g = hook(unsend_of("hana", "line1"));
	assert_string_equal(whereabouts("secret"), "");
	assert_non_null(g);
	assert_string_equal(
	    g->uid, rows("SELECT uid FROM message WHERE line_id='line1'"));
	is("SELECT unsent||ifnull(raw,'-')||ifnull(quote_token,'-') FROM message"
	   " WHERE line_id='line1'",
	    "1--");
	hook(edit_of("hana", "line1", "secret3"));
	assert_string_equal(whereabouts("secret"), "");
}

static void
unsent_before_it_came(void **state)
{
	const char *ev = text_of("hana", "secret");

	(void)state;
	says("hana", "hello");
	hook(unsend_of("hana", "line1"));
	hook(ev);
	is("SELECT unsent FROM message WHERE line_id='line1'", "1");
	assert_string_equal(whereabouts("secret"), "");
	is("SELECT count(*) FROM ahead", "0");
}

static void
edited_before_it_came(void **state)
{
	const char *ev = text_of("hana", "first");
	const char *second, *third;

	(void)state;
	says("hana", "hello");
	wait_ms(1);
	second = edit_of("hana", "line1", "second");
	wait_ms(1);
	third = edit_of("hana", "line1", "third");
	hook(third);
	hook(second); /* older: forgotten */
	hook(ev);
	is("SELECT text||(edited_at IS NOT NULL) FROM message WHERE"
	   " line_id='line1'",
	    "third1");
	assert_string_equal(whereabouts("first"), "");
	assert_string_equal(whereabouts("second"), "");
	hook(unsend_of("hana", "line1"));
	assert_string_equal(whereabouts("third"), "");
}

static void
edits_go_forward_only(void **state)
{
	const char *second, *third;

	(void)state;
	says("hana", "first");
	wait_ms(1);
	second = edit_of("hana", "line1", "second");
	wait_ms(1);
	third = edit_of("hana", "line1", "third");
	hook(third);
	hook(second);
	is("SELECT text FROM message WHERE line_id='line1'", "third");
	is("SELECT count(*) FROM feed WHERE kind='message.edited'", "1");
}

static void
reopened_within_its_time(void **state)
{
	(void)state;
	says("hana", "a");
	works(verb("take", 1, NULL));
	works(verb("resolve", 1, NULL));
	is("SELECT assignee FROM conversation", "1");
	wait_ms(DAY - MINUTE);
	says("hana", "b");
	is("SELECT number||status||mode||assignee FROM conversation", "1011");
	works(verb("resolve", 1, NULL));
	wait_ms(DAY + MINUTE);
	says("hana", "c");
	is("SELECT number||status||ifnull(assignee,'-') FROM conversation"
	   " ORDER BY number",
	    "131 20-");
	fails(verb("reopen", 1, NULL), ERR_CONFLICT);
	fails(verb("reply", 1, "{\"text\":\"x\"}"), ERR_CONFLICT);
	is("SELECT count(*) FROM outbox", "0");
}

static void
a_message_wakes_what_sleeps(void **state)
{
	(void)state;
	says("hana", "a");
	works(verb("snooze", 1, NULL));
	is("SELECT status FROM conversation", "2");
	says("hana", "b");
	is("SELECT status FROM conversation", "0");
	works(verb("snooze", 1, "{\"until\":\"2099-01-01T00:00:00Z\"}"));
	says("hana", "c");
	is("SELECT status||ifnull(snoozed_until,'-') FROM conversation", "0-");
	fails(verb("snooze", 1, "{\"until\":\"2001-01-01T00:00:00Z\"}"),
	    ERR_INVALID);
}

static void
what_is_due_wakes(void **state)
{
	struct act a = {.run = act_due};

	(void)state;
	says("hana", "a");
	works(verb("snooze", 1, "{\"until\":\"2027-01-15T08:30:00Z\"}"));
	assert_true(desk.wake & WAKE_JOBS);
	desk.now = number("SELECT snoozed_until FROM conversation");
	works(run(&a));
	is("SELECT status FROM conversation", "0");
	assert_true(desk.wake & WAKE_JOBS);
}

static void
surveyed(const char *answer)
{
	says("hana", "a");
	works(verb("resolve", 1, NULL));
	works(verb("csat", 1, NULL));
	is("SELECT status FROM conversation", "3");
	wait_ms(MINUTE);
	if (*answer == '{')
		hook(event("hana", "postback",
		    arena_sprintf(desk.mem,
			"\"replyToken\":\"p\",\"postback\":%s", answer)));
	else
		says("hana", answer);
}

static void
a_survey_s_answer_reopens_nothing(void **state)
{
	(void)state;
	surveyed("{\"data\":\"madoguchi:csat:1:4\"}");
	is("SELECT csat_score||status||unread FROM conversation", "430");
	says("hana", "速くて助かりました");
	is("SELECT csat_comment||status FROM conversation",
	    "速くて助かりました3");
	says("hana", "もう一つ");
	is("SELECT csat_comment||status FROM conversation",
	    "速くて助かりました0");
}

static void
typed_scores_count(void **state)
{
	(void)state;
	surveyed("５");
	is("SELECT csat_score||status FROM conversation", "53");
}

static void
another_s_survey_is_not_answered(void **state)
{
	(void)state;
	surveyed("{\"data\":\"madoguchi:csat:99:4\"}");
	is("SELECT ifnull(csat_score,'-')||status FROM conversation", "-0");
}

static void
an_unsent_comment_goes(void **state)
{
	const char *late;

	(void)state;
	surveyed("3");
	says("hana", "secret");
	is("SELECT csat_comment FROM conversation", "secret");
	hook(edit_of(
	    "hana", arena_sprintf(desk.mem, "line%d", desk.events), "open"));
	assert_string_equal(whereabouts("secret"), "");
	is("SELECT csat_comment FROM conversation", "open");
	hook(unsend_of(
	    "hana", arena_sprintf(desk.mem, "line%d", desk.events - 1)));
	is("SELECT ifnull(csat_comment,'-') FROM conversation", "-");
	/* and one whose unsend came first */
	late = text_of("hana", "secret");
	hook(unsend_of("hana", arena_sprintf(desk.mem, "line%d", desk.events)));
	hook(late);
	assert_string_equal(whereabouts("secret"), "");
}

static void
groups_are_their_own(void **state)
{
	const char *ev =
	    "{\"type\":\"message\",\"timestamp\":1,"
	    "\"webhookEventId\":\"g\",\"source\":{\"type\":\"group\","
	    "\"groupId\":\"G1\",\"userId\":\"hana\"},\"message\":"
	    "{\"type\":\"text\",\"id\":\"8\",\"text\":\"a\"}}";

	(void)state;
	says("hana", "a");
	hook(ev);
	is("SELECT count(*) FROM conversation", "2");
	is("SELECT kind FROM contact ORDER BY id", "user group member");
	is("SELECT external_id FROM identity WHERE id=3", "G1/hana");
}

static void
tokens_are_forgotten(void **state)
{
	(void)state;
	says("hana", "a");
	wait_ms(3 * MINUTE);
	says("hana", "b");
	is("SELECT count(*) FROM reply_token", "1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_event_counts_once),
	    TEST(without_an_id_the_message_s_counts),
	    TEST(no_rule_hands_over),
	    TEST(what_came_before_waits_for_a_conversation),
	    TEST(events_open_nothing),
	    TEST(late_messages_are_not_the_last),
	    TEST(unsent_leaves_nothing),
	    TEST(unsent_before_it_came),
	    TEST(edited_before_it_came),
	    TEST(edits_go_forward_only),
	    TEST(reopened_within_its_time),
	    TEST(a_message_wakes_what_sleeps),
	    TEST(what_is_due_wakes),
	    TEST(a_survey_s_answer_reopens_nothing),
	    TEST(typed_scores_count),
	    TEST(another_s_survey_is_not_answered),
	    TEST(an_unsent_comment_goes),
	    TEST(groups_are_their_own),
	    TEST(tokens_are_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
