/*
 * The bot's decision: what comes first, what it says, what its buttons mean.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../src/madod/bot.h"

static struct arena *arena;
static struct rules *rules;

static int
set_up(void **state)
{
	struct err e = {0};

	(void)state;
	arena = arena_new();
	rules = rules_read("tests/data/rules.conf", &e);
	if (rules == NULL)
		fail_msg("%s", e.msg);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	rules_free(rules);
	arena_free(arena);
	return 0;
}

static const struct bot_guess *
guess(enum faq_outcome outcome, double confidence)
{
	struct bot_guess *g = arena_new_of(arena, struct bot_guess);

	*g = (struct bot_guess){.outcome = outcome,
	    .confidence = confidence,
	    .answer_at = 0.7,
	    .offer_at = 0.3,
	    .why = "examples",
	    .n = 3,
	    .picks = {
		{"stock", "在庫はありますか？", "在庫は店舗に。", "", 0.9},
		{"repair", "修理はできますか？", "修理します。", "", 0.1},
		{"long",
		    "注文した商品のお届け先を途中で変えることはできますか？",
		    "お届け先は出荷前なら。", "", 0.05}}};
	return g;
}

static struct bot_verdict
decide(const char *text, const struct bot_guess *g)
{
	struct bot_input in = {
	    .rules = {.text = text, .msg_type = MSG_TEXT, .conversation = 42},
	    .guess = g,
	    .message = 7};
	struct bot_verdict v;

	bot_decide(rules, &in, arena, &v);
	return v;
}

static const char *
json_of(const struct bot_verdict *v, size_t i)
{
	struct buf b = {0};
	const char *s;

	bubble_json(&b, &v->says.v[i], &v->quick);
	s = arena_strdup(arena, buf_str(&b));
	buf_free(&b);
	return s;
}

static void
rules_come_first(void **state)
{
	struct bot_verdict v = decide("営業時間", guess(FAQ_ANSWER, 0.99));

	(void)state;
	assert_int_equal(v.outcome, BOT_ANSWER);
	assert_int_equal(v.by, BOT_BY_RULE);
	assert_string_equal(v.rule, "営業時間");
	assert_null(v.faq);
	assert_int_equal(v.quick.n, 3);
}

static void
a_sure_faq_answers(void **state)
{
	struct bot_verdict v = decide("在庫ある？", guess(FAQ_ANSWER, 0.83));

	(void)state;
	assert_int_equal(v.outcome, BOT_ANSWER);
	assert_int_equal(v.by, BOT_BY_FAQ);
	assert_string_equal(v.faq, "stock");
	assert_string_equal(v.why, "FAQ 在庫はありますか？ 0.83");
	assert_int_equal(v.says.n, 1);
	assert_string_equal(v.says.v[0].text, "在庫は店舗に。");
}

static void
a_doubtful_one_is_offered(void **state)
{
	struct bot_verdict v = decide("在庫ある？", guess(FAQ_OFFER, 0.5));
	const char *id, *json = json_of(&v, 0);
	int64_t question;

	(void)state;
	assert_int_equal(v.outcome, BOT_OFFER);
	assert_string_equal(
	    v.why, "FAQ 在庫はありますか？ 0.50 < 0.70: offered");
	assert_int_equal(v.quick.n, 4);
	assert_int_equal(
	    bot_tap_parse(v.quick.v[1].data, &id, &question), BOT_TAP_FAQ);
	assert_string_equal(id, "repair");
	assert_int_equal(question, 7);
	assert_int_equal(
	    bot_tap_parse(v.quick.v[3].data, &id, &question), BOT_TAP_PERSON);
	assert_non_null(strstr(v.says.v[0].text, "\n3. 注文した商品の"));
	/* its label is LINE's 20 characters, what it shows is whole */
	assert_non_null(strstr(
	    json, "\"label\":\"注文した商品のお届け先を途中で変えるこ…\""));
	assert_non_null(strstr(json, "変えることはできますか？\"}}"));
}

static void
an_unsure_one_goes_to_people(void **state)
{
	struct bot_verdict v = decide("在庫ある？", guess(FAQ_HANDOFF, 0.2));

	(void)state;
	assert_int_equal(v.outcome, BOT_HANDOFF);
	assert_string_equal(v.why, "FAQ score 0.20 < 0.30");
	assert_int_equal(v.says.n, 1);
	assert_non_null(strstr(v.says.v[0].text, "受付番号は 42 です"));
	v = decide("在庫ある？", NULL);
	assert_int_equal(v.outcome, BOT_HANDOFF);
	assert_int_equal(v.by, BOT_BY_NOBODY);
	assert_string_equal(v.why, "no rule");
}

/* Members talk to each other; by rule, and to whom it is said, it answers. */
static void
groups_are_left_in_peace(void **state)
{
	struct bot_input in = {.rules = {.text = "在庫は？",
				   .msg_type = MSG_TEXT,
				   .overheard = true},
	    .guess = guess(FAQ_ANSWER, 0.9)};
	static const char text[] = "[bot]\ngroups = always\n";
	struct rules_source s = {
	    .name = "test", .p = text, .n = sizeof(text) - 1};
	struct advice_policy p = {.url = (char *)"x", .ask = ADVICE_ALWAYS};
	struct rules *always = rules_parse(&s, NULL);
	struct bot_verdict v;

	(void)state;
	bot_decide(rules, &in, arena, &v);
	assert_int_equal(v.outcome, BOT_HANDOFF);
	assert_int_equal(v.by, BOT_BY_GROUP);
	assert_int_equal(v.says.n, 0);
	assert_string_equal(v.suggestion, "在庫は店舗に。");
	assert_false(bot_wants_advice(&p, &in, &v));
	bot_decide(always, &in, arena, &v);
	assert_int_equal(v.by, BOT_BY_FAQ);
	assert_true(bot_wants_advice(&p, &in, &v));
	in.rules.text = "営業時間";
	bot_decide(rules, &in, arena, &v);
	assert_int_equal(v.by, BOT_BY_RULE);
	in.rules.text = "在庫は？";
	in.rules.overheard = false;
	bot_decide(rules, &in, arena, &v);
	assert_int_equal(v.by, BOT_BY_FAQ);
	rules_free(always);
}

/* What people are shown on their empty reply has its names filled in, whoever
 * handed over. */
static void
people_get_a_suggestion(void **state)
{
	struct bot_guess g = *guess(FAQ_ANSWER, 0.9);
	struct bot_input in = {.rules = {.text = "在庫は？担当者に聞きたい",
				   .msg_type = MSG_TEXT,
				   .contact_name = "花子"},
	    .guess = &g};
	struct bot_verdict v;

	(void)state;
	g.picks[0].answer = "{{contact.name}}様、在庫は店舗に。";
	bot_decide(rules, &in, arena, &v);
	assert_int_equal(v.outcome, BOT_HANDOFF);
	assert_int_equal(v.by, BOT_BY_RULE);
	assert_string_equal(v.suggestion, "花子様、在庫は店舗に。");
	bot_suggest(&in, arena, &v);
	assert_string_equal(v.suggestion, "花子様、在庫は店舗に。");
	g.outcome = FAQ_HANDOFF;
	bot_decide(rules, &in, arena, &v);
	assert_null(v.suggestion);
}

static void
buttons_are_obeyed(void **state)
{
	static const struct {
		const char *data;
		enum bot_tap tap;
	} rows[] = {
	    {"madoguchi:faq:7:stock", BOT_TAP_FAQ},
	    {"madoguchi:faq:7:a:b", BOT_TAP_FAQ},
	    {"madoguchi:faq:7:", BOT_TAP_NONE},
	    {"madoguchi:faq:7", BOT_TAP_NONE},
	    {"madoguchi:faq:x:stock", BOT_TAP_NONE},
	    {"madoguchi:person:7", BOT_TAP_PERSON},
	    {"madoguchi:person:7x", BOT_TAP_NONE},
	    {"madoguchi:csat:1:5", BOT_TAP_NONE},
	    {"", BOT_TAP_NONE},
	    {NULL, BOT_TAP_NONE},
	};
	struct bot_input in = {.tap = BOT_TAP_FAQ};
	struct bot_guess gone = {.why = "tapped"};
	struct bot_verdict v;
	const char *id;
	int64_t n;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(
		    bot_tap_parse(rows[i].data, &id, &n), rows[i].tap);
	in.guess = guess(FAQ_ANSWER, 1);
	bot_decide(rules, &in, arena, &v);
	assert_int_equal(v.by, BOT_BY_TAP);
	assert_string_equal(v.why, "FAQ 在庫はありますか？, tapped");
	in.guess = &gone;
	bot_decide(rules, &in, arena, &v);
	assert_int_equal(v.outcome, BOT_HANDOFF);
	in.tap = BOT_TAP_PERSON;
	bot_decide(rules, &in, arena, &v);
	assert_int_equal(v.outcome, BOT_HANDOFF);
	assert_string_equal(v.why, "asked for a person");
}

static void
nobody_is_flooded(void **state)
{
	struct bot_input in = {
	    .rules = {.text = "営業時間"}, .said = BOT_MAX_PER_HOUR};
	struct bot_verdict v;

	(void)state;
	bot_decide(rules, &in, arena, &v);
	assert_int_equal(v.outcome, BOT_HANDOFF);
	assert_int_equal(v.by, BOT_BY_GUARD);
	assert_string_equal(v.why, "30 automatic messages within an hour");
	assert_int_equal(v.says.n, 0);
	in.said--;
	bot_decide(rules, &in, arena, &v);
	assert_int_equal(v.by, BOT_BY_RULE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		rules_come_first, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_sure_faq_answers, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_doubtful_one_is_offered, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		an_unsure_one_goes_to_people, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		groups_are_left_in_peace, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		people_get_a_suggestion, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		buttons_are_obeyed, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		nobody_is_flooded, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("bot", tests, NULL, NULL);
}
