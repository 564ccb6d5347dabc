/* The filter language: what matches, what does not, where errors point. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <mado/filter.h>
#include <mado/mem.h>

#define COUNT(t) (sizeof(t) / sizeof((t)[0]))
#define MIN_MS   INT64_C(60000)
#define NOW_MS   INT64_C(1764000000000)

static const char *tags_a[] = {"返品", "VIP"}, *tags_b[] = {"配送"},
		  *theirs_a[] = {"常連"};
static struct contact hanako = {.id = 7,
    .name = "山田 花子",
    .tags = {theirs_a, 1},
    .kind = "user",
    .language = "ja"};
static struct contact jiro = {
    .id = 8, .name = "Ｓａｔｏ Jiro", .kind = "group", .blocked = true};
static struct msg said_a = {.text = "箱を捨ててしまったのですが",
    .from = FROM_CUSTOMER,
    .at_ms = NOW_MS - 31 * MIN_MS};
static struct msg said_b = {.text = "see https://example.jp/a:b at 12:30",
    .from = FROM_BOT,
    .at_ms = NOW_MS - 5 * MIN_MS};
static struct csat poor = {.score = 2};

/* A: waits, B: the bot's, C: bare and resolved. */
static const struct conv rows[] = {
    {.number = 42,
	.contact = &hanako,
	.channel = "main",
	.mode = MODE_MANUAL,
	.status = STATUS_FOLLOW_UP,
	.pinned = true,
	.unread = 2,
	.tags = {tags_a, 2},
	.waiting_since_ms = NOW_MS - 31 * MIN_MS,
	.opened_ms = NOW_MS - 3 * 24 * 60 * MIN_MS,
	.reply_free_until_ms = NOW_MS + 40000,
	.last_message = &said_a,
	.problems = 1},
    {.number = 43,
	.contact = &jiro,
	.channel = "second",
	.mode = MODE_AUTO,
	.status = STATUS_OPEN,
	.assignee = "sato",
	.team = "返品係",
	.tags = {tags_b, 1},
	.opened_ms = NOW_MS - 10 * MIN_MS,
	.csat = &poor,
	.last_message = &said_b},
    {.number = 1,
	.channel = "main",
	.mode = MODE_MANUAL,
	.status = STATUS_RESOLVED,
	.assignee = "kato",
	.opened_ms = NOW_MS - 100,
	.resolved_ms = NOW_MS - 50},
};

static struct filter *
read_filter(const char *text)
{
	struct filter_bad bad;
	struct err e = {0};
	struct filter *f = filter_parse(text, &bad);

	if (f == NULL) {
		filter_error(&bad, NULL, &e);
		fail_msg("%s: %s", text, e.msg);
	}
	return f;
}

static const struct {
	const char *text, *rows;
} matches[] = {
    {"", "ABC"},
    {"  \t ", "ABC"},
    {"tag:返品", "A"},
    {"tag:vip", "A"},
    {"tag:返品,配送", "AB"},
    {"tag:返品 tag:配送", ""},
    {"-tag:VIP", "BC"},
    {"tag:none", "C"},
    {"tag:any", "AB"},
    {"tag:常連", "A"},
    {"tag:@常連", "A"},
    {"tag:@返品", ""},
    {"ｔａｇ：ＶＩＰ", "A"},
    {"タグ：返品　待ち＞３０分", "A"},
    {"waiting>30m", "A"},
    {"waiting>31m", ""},
    {"waiting>=31m", "A"},
    {"waiting<1h", "A"},
    {"waiting<=30m59s", ""},
    {"waiting:none", "BC"},
    {"-waiting:any", "BC"},
    {"-waiting>30m", "BC"},
    {"quiet>6m", "A"},
    {"age>2d", "A"},
    {"age<1m", "C"},
    {"resolved<1h", "C"},
    {"free>30s", "A"},
    {"free<30s", ""},
    {"free:any", "A"},
    {"snooze:none", "ABC"},
    {"assignee:none", "A"},
    {"assignee:-", "A"},
    {"担当:なし", "A"},
    {"担当:ナシ", "A"},
    {"assignee:SATO", "B"},
    {"assignee:sato,kato", "BC"},
    {"assignee:me", "C"},
    {"assignee:me,none", "AC"},
    {"assignee:自分", "C"},
    {"-assignee:me", "AB"},
    {"mode:auto", "B"},
    {"モード:自動", "B"},
    {"mode=manual", "AC"},
    {"status:open,follow-up", "AB"},
    {"status:follow_up", "A"},
    {"状態:対応済み", "C"},
    {"-status:resolved", "AB"},
    {"last:customer", "A"},
    {"last:bot,customer", "AB"},
    {"unread>0", "A"},
    {"unread:2", "A"},
    {"unread=0", "BC"},
    {"unread<=2", "ABC"},
    {"未読＞＝２", "A"},
    {"csat<3", "B"},
    {"csat:none", "AC"},
    {"csat:1,2", "B"},
    {"problems>0", "A"},
    {"number<43", "AC"},
    {"number:42", "A"},
    {"pinned", "A"},
    {"-pinned", "BC"},
    {"pinned:no", "BC"},
    {"ピン", "A"},
    {"blocked", "B"},
    {"name:山田", "A"},
    {"name:\"山田 花\"", "A"},
    {"name:sato", "B"},
    {"channel:main", "AC"},
    {"team:返品係", "B"},
    {"kind:group", "B"},
    {"language:ja,en", "A"},
    {"Tag:VIP MODE:Manual", "A"},
    {"箱を", "A"},
    {"箱 捨て", "A"},
    {"\"箱 捨て\"", ""},
    {"\"捨ててしまった", "A"},
    {"-箱", "BC"},
    {"-\"箱を捨て\"", "BC"},
    {"42", "A"},
    {"#42", "A"},
    {"VIP", "A"},
    {"kato", "C"},
    {"\"pinned\"", ""},
    {"\"tag:返品\"", ""},
    {"https://example.jp/a:b", "B"},
    {"12:30", "B"},
    {"件名：返品", ""},
    {"mode:manual assignee:none -tag:配送 箱", "A"},
    {"tag:\"none\"", ""},
};

static void
test_matches(void **state)
{
	struct filter_env env = {.now_ms = NOW_MS, .me = "kato"};
	char got[8], *p;

	(void)state;
	for (size_t i = 0; i < COUNT(matches); i++) {
		struct filter *f = read_filter(matches[i].text);

		p = got;
		for (size_t j = 0; j < COUNT(rows); j++)
			if (filter_match(f, &rows[j], &env))
				*p++ = (char)('A' + j);
		*p = '\0';
		filter_free(f);
		if (strcmp(got, matches[i].rows) != 0)
			fail_msg("%s matches %s, not %s", matches[i].text, got,
			    matches[i].rows);
	}
}

static void
test_errors(void **state)
{
	static const struct {
		const char *text;
		size_t column;
		const char *says, *caret;
	} t[] = {
	    {"tga:返品", 1, "column 1: there is no such field", "^"},
	    {"tag:返品 wating>30m", 8, "\"wating\" (tag, assignee, mode",
		"         ^"},
	    {"タグ：返品　待ち＞３０", 10, "\"30\" (SPAN",
		"                  ^"},
	    {"waiting:30m", 9, "say > or <", "        ^"},
	    {"waiting>", 9, "a value is missing", "        ^"},
	    {"tag:", 5, "a value is missing", "    ^"},
	    {"tag:a,,b", 7, "a value is missing", "      ^"},
	    {"unread>x", 8, "must be a number", "       ^"},
	    {"unread>1x", 8, "must be a number", "       ^"},
	    {"mode:bot", 6, "\"bot\" (auto|manual)", "     ^"},
	    {"tag>x", 4, "only : can follow", "   ^"},
	    {"pinned:maybe", 8, "(yes|no)", "       ^"},
	    {"assignee>me", 9, "only :", "        ^"},
	    {"name:\"a\"b", 9, "space must follow", "        ^"},
	    {"a mode:me", 8, "none of its values", "       ^"},
	    {"waiting>1m99999999999999999d", 9, "a span of time", "        ^"},
	    {"waiting>15000000000w15000000000w", 9, "a span of time",
		"        ^"},
	};
	struct filter_bad bad;
	struct err e = {0};
	struct buf b = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(t); i++) {
		if (filter_parse(t[i].text, &bad) != NULL)
			fail_msg("%s is read", t[i].text);
		assert_int_equal(filter_error(&bad, NULL, &e), -1);
		if (strstr(e.msg, t[i].says) == NULL)
			fail_msg("%s: %s", t[i].text, e.msg);
		assert_int_equal(e.code, ERR_INVALID);
		assert_int_equal(bad.column, t[i].column);
		buf_reset(&b);
		filter_caret(&b, t[i].text, &bad);
		assert_string_equal(buf_str(&b), t[i].caret);
	}
	buf_free(&b);
}

static const char *
shout(const char *s)
{
	return strcmp(s, "column") == 0 ? "COLUMN" : "WHAT";
}

static void
test_translated(void **state)
{
	struct filter_bad bad;
	struct err e = {0};

	(void)state;
	assert_null(filter_parse("mode:x", &bad));
	filter_error(&bad, shout, &e);
	assert_string_equal(e.msg, "COLUMN 6: WHAT: \"x\" (auto|manual)");
}

/* The row as it is a millisecond before, and after, the time told. */
static void
test_next(void **state)
{
	static const struct {
		const char *text;
		int64_t in_ms;
	} t[] = {
	    {"waiting>30m", -1},
	    {"waiting>32m", MIN_MS + 1},
	    {"waiting>=2h,40m", 9 * MIN_MS + 1},
	    {"free>30s", 10000},
	    {"free:any", 40000},
	    {"tag:返品", -1},
	    {"waiting>32m tag:x quiet<33m", MIN_MS + 1},
	};
	struct filter_env env = {.now_ms = NOW_MS};
	int64_t next;

	(void)state;
	for (size_t i = 0; i < COUNT(t); i++) {
		struct filter *f = read_filter(t[i].text);

		next = filter_next_ms(f, &rows[0], &env);
		if (next != (t[i].in_ms < 0 ? INT64_MAX : NOW_MS + t[i].in_ms))
			fail_msg(
			    "%s: %lld", t[i].text, (long long)(next - NOW_MS));
		filter_free(f);
	}
}

static void
test_asks(void **state)
{
	static const struct {
		const char *text;
		bool words, status;
	} t[] = {{"", true, false}, {"箱 \"a b\"", true, false},
	    {"-箱", false, false}, {"status:open 箱", false, true},
	    {"12:30", true, false}, {"-status:open", false, true},
	    {"pinned", false, false}};

	(void)state;
	for (size_t i = 0; i < COUNT(t); i++) {
		struct filter *f = read_filter(t[i].text);

		assert_int_equal(filter_is_words(f), t[i].words);
		assert_int_equal(filter_asks(f, "status"), t[i].status);
		filter_free(f);
	}
}

static bool
holds(const struct conv *c, const char *words, void *arg)
{
	(void)c;
	return strcmp(words, arg) == 0;
}

static void
test_words_elsewhere(void **state)
{
	struct filter_env env = {
	    .now_ms = NOW_MS, .holds = holds, .arg = (void *)"elsewhere"};
	struct filter *f = read_filter("Elsewhere tag:VIP");

	(void)state;
	assert_true(filter_match(f, &rows[0], &env));
	assert_false(filter_match(f, &rows[1], &env));
	filter_free(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_matches),
	    cmocka_unit_test(test_errors), cmocka_unit_test(test_translated),
	    cmocka_unit_test(test_next), cmocka_unit_test(test_asks),
	    cmocka_unit_test(test_words_elsewhere)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
