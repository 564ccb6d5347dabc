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

#include "rules_all.h"

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
	if (v.act == RULES_NONE)
		rules_hand_over(r, &in, arena, &v);
	assert_non_null(v.why);
	return v;
}

/* The first bubble's text, NULL: none. */
static const char *
said(struct rules_verdict v)
{
	return v.says.n > 0 ? v.says.v[0].text : NULL;
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
	assert_null(said(v));
	assert_int_equal(v.quick.n, 0);
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
		assert_non_null(said(v));
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
		for (size_t j = 0; j < r->v[i]->does.quick.n; j++, n++)
			assert_string_not_equal(
			    ask(r, r->v[i]->does.quick.v[j]).why, "no rule");
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
	    said(v), "営業時間は10:00～19:00です。\n定休日は水曜日です。");
	assert_int_equal(v.quick.n, 3);
	assert_string_equal(v.quick.v[0].label, "送料");
	assert_string_equal(v.quick.v[2].label, "担当者");
	v = ask(r, "在庫");
	rules_free(r);
	assert_non_null(strstr(said(v), "受付番号は 42 です"));
	assert_int_equal(v.quick.n, 0);
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
	assert_string_equal(said(ask(r, "xy")), "B");
	rules_free(r);
	r = rules_of("");
	assert_string_equal(ask(r, "xy").why, "no rule");
	assert_null(said(ask(r, "xy")));
	rules_free(r);
}

static void
test_lists(void **state)
{
	struct rules *r = rules_of("[rule a]\nexact = one |two\nexact=three\n"
				   "answer = A\nquick = p | q\nquick = r\n"
				   "handoff = no\n");

	(void)state;
	assert_string_equal(said(ask(r, "ONE")), "A");
	assert_string_equal(said(ask(r, "two")), "A");
	assert_string_equal(said(ask(r, "three")), "A");
	assert_string_equal(ask(r, "four").why, "no rule");
	assert_int_equal(ask(r, "one").act, RULES_ANSWER);
	assert_int_equal(ask(r, "one").quick.n, 3);
	assert_string_equal(ask(r, "one").quick.v[2].label, "r");
	rules_free(r);
}

static void
test_variables(void **state)
{
	struct rules *r = rules_of("[rule a]\nexact = a\n"
				   "answer = <{{contact.name}}> {{ }\n"
				   "[rule b]\nexact = b\nanswer = \"{{contact."
				   "name}}{{contact.name}}!\"\n");
	struct rules_input in = {
	    .text = "b", .msg_type = MSG_TEXT, .contact_name = ""};
	struct rules_verdict v;
	char name[3001];

	(void)state;
	assert_string_equal(said(ask(r, "a")), "<山田 花子> {{ }");
	rules_decide(r, &in, arena, &v);
	assert_string_equal(said(v), "!");
	/* Before LINE has told a name. */
	in.contact_name = NULL;
	rules_decide(r, &in, arena, &v);
	assert_string_equal(said(v), "お客お客!");
	/* A name is not looked into. */
	in.contact_name = "{{conversation.number}}";
	rules_decide(r, &in, arena, &v);
	assert_string_equal(
	    said(v), "{{conversation.number}}{{conversation.number}}!");
	/* 750 emoji are 1500 units; twice that and no more fits. */
	for (size_t i = 0; i < 3000; i += 4)
		memcpy(name + i, "😀", 4);
	name[3000] = '\0';
	in.contact_name = arena_sprintf(arena, "%s%s", name, name);
	rules_decide(r, &in, arena, &v);
	assert_int_equal(text_utf16_len(said(v)), MSG_TEXT_MAX_U16);
	assert_true(text_is_utf8(said(v), strlen(said(v))));
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
	    {"[rule a]\nexact = a\nhandoff = x\nwhen = open\n", 1,
		"no [hours]"},
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
		snprintf(at, sizeof(at), "%s:%d:", path, rows[i].line);
		if (strncmp(e.msg, at, strlen(at)) != 0 ||
		    strstr(e.msg, rows[i].what) == NULL)
			fail_msg("%s\n-> %s", rows[i].text, e.msg);
	}
	unlink(path);
	assert_null(rules_read(path, &e));
}

/* The shop's cases are all met, and broken ones are told where. */
static int
rehearse(const char *conf, const char *cases, struct buf *told)
{
	struct err e = {0};
	struct rules *r = rules_read(conf, &e);
	struct rules_cases c = {.name = "c", .p = cases, .n = strlen(cases)};
	char *text = NULL;
	size_t n;

	if (r == NULL)
		fail_msg("%s", e.msg);
	c.out = open_memstream(&text, &n);
	if (rules_case_run(r, &c, &e) == -1)
		fprintf(c.out, "%s", e.msg);
	fclose(c.out);
	buf_puts(told, text);
	free(text);
	rules_free(r);
	return c.cases;
}

static void
test_shop(void **state)
{
	struct buf cases = {0}, told = {0};

	(void)state;
	assert_int_equal(
	    buf_read_file(&cases, "tests/data/shop.cases", 1 << 20, NULL), 0);
	assert_true(
	    rehearse("tests/data/shop.conf", buf_str(&cases), &told) > 15);
	assert_string_equal(buf_str(&told), "");
	buf_free(&cases);
	buf_free(&told);
}

/* When a rule acts: each row is a rule's keys, and cases for it. */
static void
test_conditions(void **state)
{
	static const struct {
		const char *keys, *cases;
	} rows[] = {
	    {"on = opened",
		"customer: a\nbot: yes\ncustomer: a\nbot: no\nhandoff:\n"},
	    {"on = opened\nexact = a",
		"customer: b\nbot: no\nhandoff:\nauto:\ncustomer: a\n"
		"bot: no\nhandoff:\n"},
	    {"on = message", "sticker:\nbot: yes\npostback: x\nbot: yes\n"},
	    {"on = follow",
		"follow:\nbot: yes\ncustomer: a\nbot: no\nhandoff:\n"},
	    {"on = follow\nonce = customer",
		"follow:\nbot: yes\nfollow:\nsilent:\n"},
	    {"postback = a=1 | b",
		"postback: b\nbot: yes\npostback: a=1\nbot: yes\n"
		"postback: A=1\nbot: no\nhandoff:\nauto:\n"
		"customer: b\nbot: no\nhandoff:\n"},
	    {"contains = b\nonce = conversation",
		"customer: abc\nbot: yes\ntime: 9d\ncustomer: abc\nbot: no\n"
		"handoff:\n"},
	    {"exact = a\nonce = day",
		"time: 23:58\ncustomer: a\nbot: yes\ntime: 1m\ncustomer: a\n"
		"bot: no\nhandoff:\nauto:\ntime: 2m\ncustomer: a\n"
		"bot: yes\n"},
	    {"exact = a\nchannel = x | y",
		"channel: y\ncustomer: a\nbot: yes\nchannel: z\n"
		"customer: a\nbot: no\nhandoff:\n"},
	    {"exact = a\nfrom = 2026-01-06\nuntil = 2026-01-07",
		"customer: a\nbot: no\nhandoff:\nauto:\n"
		"time: 2026-01-06 0:00\ncustomer: a\nbot: yes\n"
		"time: 2026-01-07 23:59\ncustomer: a\nbot: yes\n"
		"time: 1m\ncustomer: a\nbot: no\nhandoff:\n"},
	    {"exact = a\ncontinue = yes",
		"customer: a\nbot: yes\nbot: no\nhandoff: no rule\n"},
	};
	struct buf told = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *conf = arena_sprintf(arena,
		    "[bot]\nno_match = no\n[rule r]\n%s\nanswer = yes\n",
		    rows[i].keys);
		const char *cases =
		    arena_sprintf(arena, "case: a\n%s", rows[i].cases);

		rules_free(rules_of(conf));
		buf_reset(&told);
		rehearse(path, cases, &told);
		if (told.n > 0)
			fail_msg("%s\n%s\n%s", conf, cases, told.p);
	}
	buf_free(&told);
}

static void
add_warning(void *arg, const char *warning)
{
	buf_printf(arg, "%s\n", warning);
}

static void
test_said_in_vain(void **state)
{
	struct rules *r =
	    rules_of("[rule a]\ncontains = b\nanswer = a\n"
		     "[rule c]\nexact = ＡＢＣ | x\nanswer = c\nwhen = open\n"
		     "[rule d]\nexact = x\nanswer = d\n"
		     "[menu m]\ntext = m\nitem = a > menu m\n"
		     "[form f]\n[question q]\ntext = q\n"
		     "[hours]\nholiday = closed\nholidays = none\n");
	struct buf b = {0};

	(void)state;
	rules_warn(r, INT64_C(1800000000000), add_warning, &b);
	assert_string_equal(buf_str(&b),
	    "[rule c]: \"abc\" is taken by [rule a] above\n"
	    "[menu m]: nothing shows it\n[form f]: nothing begins it\n"
	    "[hours]: no public holidays are known from now on\n");
	buf_reset(&b);
	rules_free(r);
	r = example();
	rules_warn(r, INT64_C(1800000000000), add_warning, &b);
	assert_string_equal(buf_str(&b), "");
	buf_free(&b);
	rules_free(r);
}

static void
test_cases_not_met(void **state)
{
	static const struct {
		const char *cases, *told;
	} rows[] = {
	    {"case: a\ncustomer: メニュー\n",
		"c:2: the bot also says: ご用件をお選びください。\n"},
	    {"case: a\ncustomer: メニュー\nbot: 別\n",
		"c:3: the bot says: ご用件をお選びください。\n"},
	    {"case: a\ncustomer: メニュー\nbot has: 用件\nbot: x\n",
		"c:4: the bot says nothing more (rule メニュー)\n"},
	    {"case: a\ncustomer: 担当者\nbot has: おつなぎ\n",
		"c:2: handed over to people: asked for a person (rule 担当者)"
		"\n"},
	    {"case: a\npostback: menu=top\nbot has: 用件\nhandoff:\n",
		"c:4: stays with the bot (rule メニュー)\n"},
	    {"case: a\ncustomer: menu\nbot has: 用件\nbuttons: x\n",
		"c:4: the buttons are: 配送 | 返品を申し込む | 在庫 | "
		"担当者と話す | セール | その他\n"},
	    {"case: a\ncustomer: menu\nsilent:\n",
		"c:3: the bot says: ご用件をお選びください。\n"},
	    {"case: a\nrule: x\nfield: y = z\ntag: t\nfaq: f\n",
		"c:2: it was: nobody wrote\nc:3: no field y\nc:4: no tag t\n"
		"c:5: no button for the FAQ f\n"},
	    {"customer: a\n", "c:1: the first line is case: NAME"},
	    {"case: a\nsays: a\n", "c:2: a line is case:, "},
	    {"case: a\ntime: soon\n", "c:2: "},
	    {"case: a\nqueue: many\n", "c:2: queue is a place"},
	};
	struct buf told = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_reset(&told);
		rehearse("tests/data/shop.conf", rows[i].cases, &told);
		if (strncmp(buf_str(&told), rows[i].told,
			strlen(rows[i].told)) != 0)
			fail_msg("%s-> %s", rows[i].cases, buf_str(&told));
	}
	buf_free(&told);
}

/* FILE:LINE:COLUMN, columns in characters, past escapes too. */
static void
test_columns(void **state)
{
	static const struct {
		const char *text, *at;
	} rows[] = {
	    {"  [rule a\n", "1:3: "},
	    {"[rule あ] x\n", "1:10: "},
	    {"[bot]\n  no_mach = a\n", "2:3: "},
	    {"[bot]\nno_match = a \\\nno_match = b\n", "3:1: "},
	    {"[bot]\nno_match = \"a\n", "2:14: "},
	    {"[bot]\nno_match = \"a\\x\"\n", "2:14: "},
	    {"[bot]\nno_match = \"\\n\\\"あ{{x}}\"\n", "2:18: "},
	    {"[rule a]\nexact = あ | | b\nanswer = c\n", "2:13: "},
	    {"[rule a]\nexact = a\nmenu =  無い\n", "3:9: "},
	    {"[menu m]\ntext = a\nitem = b > meno c\n", "3:12: "},
	    {"[menu m]\ntext = a\nitem = b > menu c\n", "3:17: "},
	    {"[menu m]\ntext = a\nitem = b > rule c\n", "3:17: "},
	    {"[menu m]\ntext = a\nitem = b\nitem = Ｂ\n", "4:8: "},
	    {"[menu m]\nitem = b\n", "1:1: "},
	    {"[hours]\nmon = 10:00-12:00, 11:00-13:00\n", "2:20: "},
	    {"[hours]\nmon = 10-12\n", "2:7: "},
	    {"[hours]\nclosed = 2026-01-01 | 2026-02-30\n", "2:23: "},
	    {"[hours]\nopen = 2026-01-01 closed\n", "2:19: "},
	    {"[hours]\nholidays = nowhere.csv\n", "2:12: "},
	    {"[question q]\n", "1:1: "},
	    {"[form f]\n[question q]\ntext = a\ntag = contact\n", "2:1: "},
	    {"[form f]\ncancel = a\n", "1:1: "},
	    {"[form f]\n[question q]\ntext = a\nfield = \"a\\nb\"\n", "4:10: "},
	    {"[form f]\ntimeout = 3y\n", "2:11: "},
	    {"[rule a]\nexact = a\nanswer = {{field.x}}b\n", "3:18: "},
	    {"[rule a]\nexact = a\nanswer = b\nfrom = 2026-13-01\n", "4:8: "},
	    {"[rule a]\nexact = a\nanswer = b\nonce = hourly\n", "4:8: "},
	    {"[rule a]\nexact = a\ntag = b, c\n", "3:7: "},
	    {"[rule a]\nexact = a\nhandoff = yes\ncontinue = yes\n", "1:1: "},
	};
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_null(try_rules(rows[i].text, &e));
		if (strncmp(e.msg + strlen(path) + 1, rows[i].at,
			strlen(rows[i].at)) != 0)
			fail_msg("%s-> %s", rows[i].text, e.msg);
	}
}

static void
count_mistake(void *arg, const char *mistake)
{
	assert_non_null(strstr(mistake, "x.conf:"));
	++*(int *)arg;
}

/* Each is told once, and one does not hide the next. */
static void
test_many_mistakes(void **state)
{
	static const char text[] =
	    "[rule a]\nexact = |\nanswre = b\n"
	    "[rules b]\nexact = a\n"
	    "[menu m]\ntext = {{x}}\nitem = a > menu n\n";
	int n = 0;
	struct rules_source s = {.name = "x.conf",
	    .p = text,
	    .n = sizeof(text) - 1,
	    .each = count_mistake,
	    .arg = &n};
	struct err e = {0};

	(void)state;
	assert_null(rules_parse(&s, &e));
	assert_int_equal(n, 5);
	assert_non_null(strstr(e.msg, "x.conf:2:9: "));
	assert_non_null(strstr(e.msg, "(and 4 more"));
}

static bool
same_state(const struct rules_state *a, const struct rules_state *b)
{
	struct buf x = {0}, y = {0};
	bool same;

	rules_state_put(&x, a);
	rules_state_put(&y, b);
	same = strcmp(x.p, y.p) == 0;
	buf_free(&x);
	buf_free(&y);
	return same;
}

static void
test_state(void **state)
{
	static const char *const broken[] = {
	    NULL, "", "{", "[]", "{\"form\":\"a\"}", "{\"once\":[1,{}]}"};
	struct rules_once once[] = {{"挨拶", 1, 2}, {"b\"", 3, 4}};
	struct rules_state s = {.menu = "総合",
	    .form = "返品",
	    .question = "注文",
	    .tries = 2,
	    .at_ms = INT64_C(1800000000000),
	    .told = 42,
	    .once = once,
	    .n_once = 2};
	struct rules_state back;
	struct buf b = {0};

	(void)state;
	rules_state_put(&b, &s);
	rules_state_get(buf_str(&b), arena, &back);
	assert_true(same_state(&s, &back));
	assert_false(rules_state_is_empty(&back));
	buf_free(&b);
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		rules_state_get(broken[i], arena, &back);
		assert_null(back.form);
	}
	assert_true(rules_state_is_empty(&(struct rules_state){0}));
}

/* --- Japan's holidays by the law, against the list that ships */

/* The nth Monday of a month. */
static int64_t
monday(int year, int month, int nth)
{
	int64_t day;

	rules_day_of(year, month, 1, &day);
	return day + (8 - rules_weekday(day)) % 7 + 7 * (nth - 1);
}

static bool
is_equinox(int year, int month, int mday)
{
	/* good from 1980 to 2099 */
	double base = month == 3 ? 20.8431 : 23.2488;

	return (month == 3 || month == 9) &&
	    mday == (int)(base + 0.242194 * (year - 1980)) - (year - 1980) / 4;
}

static bool
is_own_holiday(int64_t day)
{
	static const int fixed[] = {
	    101, 211, 223, 429, 503, 504, 505, 811, 1103, 1123};
	static const struct {
		int month, nth;
	} mondays[] = {{1, 2}, {7, 3}, {9, 3}, {10, 2}};
	int year, month, mday;

	rules_date_of(day, &year, &month, &mday);
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (fixed[i] == month * 100 + mday)
			return true;
	for (size_t i = 0; i < sizeof(mondays) / sizeof(mondays[0]); i++)
		if (day == monday(year, mondays[i].month, mondays[i].nth))
			return true;
	return is_equinox(year, month, mday);
}

/* What falls on a Sunday moves to the next day that is none; a day between two
 * is one. */
static bool
is_holiday(int64_t day)
{
	int64_t d = day - 1;

	if (is_own_holiday(day))
		return true;
	if (is_own_holiday(day - 1) && is_own_holiday(day + 1))
		return true;
	while (is_own_holiday(d) && rules_weekday(d) != 0)
		d--;
	return is_own_holiday(d) && rules_weekday(d) == 0;
}

static void
test_holidays(void **state)
{
	struct rules_hours h = {0};
	int64_t day, last;
	int n = 0;

	(void)state;
	rules_holidays_ship(&h, arena);
	rules_day_of(2025, 1, 1, &day);
	rules_day_of(2050, 12, 31, &last);
	for (; day <= last; day++) {
		int year, month, mday;

		n += is_holiday(day);
		rules_date_of(day, &year, &month, &mday);
		if (is_holiday(day) != (rules_holiday_name(&h, day) != NULL))
			fail_msg("%d-%02d-%02d: %s", year, month, mday,
			    is_holiday(day) ? "is a holiday" : "is no holiday");
	}
	assert_int_equal(n, (int)h.n_holidays);
}

/* The Cabinet Office's own file, in Shift_JIS, in place of the list. */
static void
test_holiday_file(void **state)
{
	static const char csv[] =
	    "\x8d\x91\x96\xaf\x82\xcc\x8fj\x93\xfa,\x96\xbc\x8f\xcc\r\n"
	    "2027/1/1,\x8c\xb3\x93\xfa\r\n2027/1/11,x\r\n";
	struct rules_hours h = {0};
	struct err e = {0};
	int64_t day;

	(void)state;
	assert_int_equal(file_write(path, csv, sizeof(csv) - 1, 0600, &e), 0);
	assert_int_equal(rules_holidays_read(&h, path, arena, &e), 0);
	assert_int_equal(h.n_holidays, 2);
	rules_day_of(2027, 1, 1, &day);
	assert_string_equal(rules_holiday_name(&h, day), "元日");
	assert_null(rules_holiday_name(&h, day + 1));
	assert_int_equal(file_write(path, "a,b\n1/1,c\n", 10, 0600, &e), 0);
	assert_int_equal(rules_holidays_read(&h, path, arena, &e), -1);
	assert_non_null(strstr(e.msg, ":2:1: "));
}

/* Seen from the folder of the rules; without a word, Japan's. */
static void
test_holidays_named(void **state)
{
	struct rules *r;
	struct err e = {0};
	char *csv = x_sprintf("%s.csv", path);
	int64_t day;

	(void)state;
	assert_int_equal(file_write(csv, "2027/7/7,x\n", 11, 0600, &e), 0);
	r = rules_of(
	    arena_sprintf(arena, "[hours]\nholiday = closed\nholidays = %s\n",
		strrchr(csv, '/') + 1));
	rules_day_of(2027, 7, 7, &day);
	assert_string_equal(rules_holiday_name(&r->hours, day), "x");
	assert_int_equal(rules_hours_day(&r->hours, day)->n, 0);
	rules_free(r);
	r = rules_of("[hours]\ndaily = 9:00-17:00\nholiday = closed\n");
	assert_int_equal(rules_hours_day(&r->hours, day)->n, 1);
	rules_day_of(2026, 11, 23, &day);
	assert_int_equal(rules_hours_day(&r->hours, day)->n, 0);
	rules_free(r);
	unlink(csv);
	x_free(csv);
}

static void
test_hours(void **state)
{
	static const struct {
		const char *hours;
		int minute; /* of the day before when negative */
		bool open;
	} rows[] = {
	    {"10:00-12:00", 599, false},
	    {"10:00-12:00", 600, true},
	    {" 10:00 ～ 12:00 , 13:00–14:00 ", 719, true},
	    {"10:00-12:00, 13:00-14:00", 720, false},
	    {"10:00-12:00, 13:00-14:00", 780, true},
	    {"22:00-26:00", 60, true}, /* of yesterday's */
	    {"22:00-26:00", 120, false},
	    {"0:00-24:00", 0, true},
	    {"closed", 600, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rules_hours h = {.given = true};
		struct rules_clock at = {20000, rows[i].minute};
		const char *bad;

		assert_int_equal(
		    rules_hours_parse(rows[i].hours, &h.week[0], &bad), 0);
		for (int d = 1; d < 7; d++)
			h.week[d] = h.week[0];
		if (rules_hours_open(&h, at) != rows[i].open)
			fail_msg("%s at %d", rows[i].hours, rows[i].minute);
	}
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
	assert_int_equal(text_utf16_len(said(ask(r, "a"))), MSG_TEXT_MAX_U16);
	rules_free(r);
	buf_puts(&b, "x\n");
	assert_null(try_rules(buf_str(&b), &e));
	assert_non_null(strstr(e.msg, ":4:"));
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
	    cmocka_unit_test_setup_teardown(test_shop, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_said_in_vain, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_conditions, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_cases_not_met, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_columns, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_many_mistakes, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_state, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_holidays, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_holiday_file, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_holidays_named, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_hours, set_up, tear_down),
	};
	int rc;

	setenv("TZ", "Asia/Tokyo", 1);
	snprintf(path, sizeof(path), "/tmp/test_rules.%d", (int)getpid());
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return rc;
}
