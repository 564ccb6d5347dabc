/*
 * rules.conf: the example that ships, what matches, and every mistake that
 * must refuse the file with its line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../src/madod/rules.c"
#include "../../src/madod/rules_read.c"

static struct arena *arena;
static char path[64];

static struct rules *
try_rules(const char *text, struct err *e)
{
	err_clear(e);
	if (file_write(path, text, strlen(text), 0600, e) != 0)
		fail_msg("%s", e->msg);
	return rules_read(path, e);
}

static struct rules *
rules_of(const char *text)
{
	struct err e;
	struct rules *r = try_rules(text, &e);

	if (r == NULL)
		fail_msg("%s", e.msg);
	return r;
}

static struct rules *
example(void)
{
	struct err e = {0};
	struct rules *r = rules_read("tests/data/rules.conf", &e);

	if (r == NULL)
		fail_msg("%s", e.msg);
	return r;
}

static struct rules_verdict
ask_as(const struct rules *r, const char *text, int type)
{
	struct rules_input in = {.text = text,
	    .msg_type = type,
	    .contact_name = "山田 花子",
	    .conversation = 42};
	struct rules_verdict v;

	rules_decide(r, &in, arena, &v);
	assert_non_null(v.why);
	return v;
}

static struct rules_verdict
ask(const struct rules *r, const char *text)
{
	return ask_as(r, text, MSG_TEXT);
}

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void
test_no_rules(void **state)
{
	struct rules_verdict v = ask(NULL, "営業時間");

	(void)state;
	assert_int_equal(v.act, RULES_NONE);
	assert_string_equal(v.why, "no rule");
	assert_null(v.text);
	assert_int_equal(v.quick_replies.n, 0);
}

static void
test_example(void **state)
{
	static const struct {
		const char *says;
		enum rules_act act;
		const char *why;
	} rows[] = {
	    {"営業時間", RULES_ANSWER, "rule 営業時間"},
	    {"日曜は何時から開いてますか？", RULES_ANSWER, "rule 営業時間"},
	    {"　営業時間\n", RULES_ANSWER, "rule 営業時間"},
	    {"Opening Hours please", RULES_ANSWER, "rule 営業時間"},
	    {"ＨＯＵＲＳ", RULES_ANSWER, "rule 営業時間"},
	    {"コンニチハ", RULES_ANSWER, "rule 挨拶"},
	    {"ｺﾝﾆﾁﾊ", RULES_ANSWER, "rule 挨拶"},
	    {"สวัสดี", RULES_ANSWER, "rule 挨拶"},
	    {"你好", RULES_ANSWER, "rule 挨拶"},
	    {"返品したいのですが", RULES_ANSWER, "rule 返品"},
	    {"返品を申し込む", RULES_HANDOFF,
		"a return to arrange (rule 返品の申し込み)"},
	    {"担当者をお願いします", RULES_HANDOFF,
		"asked for a person (rule 担当者)"},
	    {"送料を担当者に聞きたい", RULES_HANDOFF,
		"asked for a person (rule 担当者)"},
	    {"靴が壊れていました", RULES_HANDOFF, "a complaint (rule 苦情)"},
	    {"hi there", RULES_NONE, "no rule"},
	    {"在庫はありますか", RULES_NONE, "no rule"},
	    {"", RULES_NONE, "no rule"},
	    {"😭😭😭", RULES_NONE, "no rule"},
	};
	struct rules *r = example();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rules_verdict v = ask(r, rows[i].says);

		assert_string_equal(v.why, rows[i].why);
		assert_int_equal(v.act, rows[i].act);
		assert_non_null(v.text);
	}
	rules_free(r);
}

/* Every button leads somewhere: its own words match a rule. */
static void
test_example_buttons(void **state)
{
	struct rules *r = example();
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < r->n; i++)
		for (size_t j = 0; j < r->v[i].quick.n; j++, n++)
			assert_string_not_equal(
			    ask(r, r->v[i].quick.v[j]).why, "no rule");
	assert_true(n > 5);
	rules_free(r);
}

static void
test_texts(void **state)
{
	struct rules *r = example();
	struct rules_verdict v = ask(r, "営業時間");

	(void)state;
	assert_string_equal(
	    v.text, "営業時間は10:00～19:00です。\n定休日は水曜日です。");
	assert_int_equal(v.quick_replies.n, 3);
	assert_string_equal(v.quick_replies.v[0], "送料");
	assert_string_equal(v.quick_replies.v[2], "担当者");
	v = ask(r, "在庫");
	rules_free(r);
	assert_non_null(strstr(v.text, "受付番号は 42 です"));
	assert_int_equal(v.quick_replies.n, 0);
}

/* A sticker's words are ours, not the customer's; a tapped postback counts. */
static void
test_message_types(void **state)
{
	struct rules *r = example();

	(void)state;
	assert_string_equal(
	    ask_as(r, "[sticker: こんにちは]", MSG_STICKER).why, "no rule");
	assert_string_equal(ask_as(r, "営業時間", MSG_LOCATION).why, "no rule");
	assert_string_equal(ask_as(r, NULL, MSG_TEXT).why, "no rule");
	assert_string_equal(
	    ask_as(r, "営業時間", MSG_EVENT).why, "rule 営業時間");
	rules_free(r);
}

static void
test_first_match_acts(void **state)
{
	struct rules *r = rules_of("[rule b]\ncontains = x\nanswer = B\n"
				   "[rule a]\nexact = xy\nanswer = A\n");

	(void)state;
	assert_string_equal(ask(r, "xy").text, "B");
	rules_free(r);
	r = rules_of("");
	assert_string_equal(ask(r, "xy").why, "no rule");
	assert_null(ask(r, "xy").text);
	rules_free(r);
}

static void
test_lists(void **state)
{
	struct rules *r = rules_of("[rule a]\nexact = one |two\nexact=three\n"
				   "answer = A\nquick = p | q\nquick = r\n"
				   "handoff = no\n");

	(void)state;
	assert_string_equal(ask(r, "ONE").text, "A");
	assert_string_equal(ask(r, "two").text, "A");
	assert_string_equal(ask(r, "three").text, "A");
	assert_string_equal(ask(r, "four").why, "no rule");
	assert_int_equal(ask(r, "one").act, RULES_ANSWER);
	assert_int_equal(ask(r, "one").quick_replies.n, 3);
	assert_string_equal(ask(r, "one").quick_replies.v[2], "r");
	rules_free(r);
}

static void
test_variables(void **state)
{
	struct rules *r = rules_of("[rule a]\nexact = a\n"
				   "answer = <{{contact.name}}> {{ }\n"
				   "[rule b]\nexact = b\nanswer = \"{{contact."
				   "name}}{{contact.name}}!\"\n");
	struct rules_input in = {.text = "b", .msg_type = MSG_TEXT};
	struct rules_verdict v;
	char name[3001];

	(void)state;
	assert_string_equal(ask(r, "a").text, "<山田 花子> {{ }");
	rules_decide(r, &in, arena, &v);
	assert_string_equal(v.text, "!");
	/* A name is not looked into. */
	in.contact_name = "{{conversation.number}}";
	rules_decide(r, &in, arena, &v);
	assert_string_equal(
	    v.text, "{{conversation.number}}{{conversation.number}}!");
	/* 750 emoji are 1500 units; twice that and no more fits. */
	for (size_t i = 0; i < 3000; i += 4)
		memcpy(name + i, "😀", 4);
	name[3000] = '\0';
	in.contact_name = arena_sprintf(arena, "%s%s", name, name);
	rules_decide(r, &in, arena, &v);
	assert_int_equal(text_utf16_len(v.text), MSG_TEXT_MAX_U16);
	assert_true(text_is_utf8(v.text, strlen(v.text)));
	rules_free(r);
}

static void
test_mistakes(void **state)
{
	static const struct {
		const char *text;
		int line;
		const char *what;
	} rows[] = {
	    {"exact = a\n", 1, ""},
	    {"[rules a]\n", 1, "[rule NAME]"},
	    {"[rule]\nexact = a\nanswer = b\n", 1, "[rule NAME]"},
	    {"[bot x]\n", 1, "[bot]"},
	    {"[bot]\nanswer = a\n", 2, "no_match"},
	    {"[bot]\nno_match =\n", 2, "empty"},
	    {"[bot]\nno_match = a\nno_match = b\n", 3, "twice"},
	    {"[rule a]\nexat = a\n", 2, "\"exat\""},
	    {"[rule a]\nexat = a\n", 2, "exact, contains"},
	    {"[rule a]\nexact =\n", 2, "empty"},
	    {"[rule a]\nexact = a | | b\n", 2, "empty"},
	    {"[rule a]\nexact = a |\n", 2, "empty"},
	    {"[rule a]\ncontains = \"\xe3\x80\x80\"\n", 2, "empty"},
	    {"[rule a]\nanswer = b\n", 1, "no keywords"},
	    {"[rule a]\nexact = a\n", 1, "answer, handoff"},
	    {"[rule a]\nexact = a\nhandoff = no\n", 1, "answer, handoff"},
	    {"[rule a]\nexact = a\nhandoff =\n", 3, "empty"},
	    {"[rule a]\nexact = a\nhandoff = x\nhandoff = y\n", 4, "twice"},
	    {"[rule a]\nexact = a\nhandoff = yes\nquick = a\n", 1, "quick"},
	    {"[rule a]\nexact = a\nanswer =\n", 3, "empty"},
	    {"[rule a]\nexact = a\nanswer = {{contact.name}}\n", 3, "name"},
	    {"[rule a]\nexact = a\nanswer = b\nanswer = c\n", 4, "twice"},
	    {"[rule a]\nexact = a\nanswer = {{agent.name}}x\n", 3,
		"{{contact.name}}"},
	    {"[rule a]\nexact = a\nanswer = b\n\n[rule a]\n", 5, "line 1"},
	    {"[rule a]\nexact = a\nanswer = b\nquick = 1|2|3|4|5|6|7|8|9|10|"
	     "11|12|13|14\n",
		4, "13"},
	    {"[rule a]\nexact = a\nanswer = b\nquick = x|123456789012345678901"
	     "\n",
		4, "20"},
	};
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char at[128];

		assert_null(try_rules(rows[i].text, &e));
		assert_int_equal(e.code, ERR_INVALID);
		snprintf(at, sizeof(at), "%s:%d: ", path, rows[i].line);
		if (strncmp(e.msg, at, strlen(at)) != 0 ||
		    strstr(e.msg, rows[i].what) == NULL)
			fail_msg("%s\n-> %s", rows[i].text, e.msg);
	}
	unlink(path);
	assert_null(rules_read(path, &e));
}

/* LINE counts UTF-16 units in a text and grapheme clusters in a label. */
static void
test_limits(void **state)
{
	struct buf b = {0};
	struct rules *r;
	struct err e;

	(void)state;
	buf_puts(&b, "[rule a]\nexact = a\nquick = ");
	for (int i = 0; i < 20; i++)
		buf_puts(&b, "👨‍👩‍👧");
	buf_puts(&b, "\nanswer = ");
	for (int i = 0; i < 2500; i++)
		buf_puts(&b, "😀");
	r = rules_of(buf_str(&b));
	assert_int_equal(text_utf16_len(ask(r, "a").text), MSG_TEXT_MAX_U16);
	rules_free(r);
	buf_puts(&b, "x\n");
	assert_null(try_rules(buf_str(&b), &e));
	assert_non_null(strstr(e.msg, ":4: "));
	assert_non_null(strstr(e.msg, "5001"));
	buf_free(&b);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_no_rules, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_example, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_example_buttons, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_texts, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_message_types, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_first_match_acts, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_lists, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_variables, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_mistakes, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_limits, set_up, tear_down),
	};
	int rc;

	snprintf(path, sizeof(path), "/tmp/test_rules.%d", (int)getpid());
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return rc;
}
