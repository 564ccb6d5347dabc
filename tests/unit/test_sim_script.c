/*
 * The script of customers: the demo that ships, every word, every mistake
 * with its line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/madosim/script.c"
#include "../../src/madosim/script_words.c"

static struct script *
parse(const char *text)
{
	struct err e = {0};
	struct script *s = script_parse("a.sim", text, strlen(text), &e);

	if (s == NULL)
		fail_msg("%s", e.msg);
	return s;
}

static void
test_span(void **state)
{
	static const struct {
		const char *text;
		int64_t min_ms, max_ms;
	} good[] = {
	    {"5", 5000, 5000},
	    {"5s", 5000, 5000},
	    {"0.5s", 500, 500},
	    {"500ms", 500, 500},
	    {"2m", 120000, 120000},
	    {"1h", 3600000, 3600000},
	    {"3s..9s", 3000, 9000},
	    {"3..9", 3000, 9000},
	    {"1.5..2.5m", 1500, 150000},
	    {"0", 0, 0},
	};
	static const char *const bad[] = {"", "s", "5x", "9s..3s", "5s..",
	    "..5s", "-1s", "5 s", "99h..999h", "1e9h", "nan"};
	struct span span;
	struct err e = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		if (script_span(good[i].text, &span, &e) != 0)
			fail_msg("%s", e.msg);
		assert_int_equal(span.min_ms, good[i].min_ms);
		assert_int_equal(span.max_ms, good[i].max_ms);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		err_clear(&e);
		if (script_span(bad[i], &span, &e) == 0)
			fail_msg("\"%s\" was taken", bad[i]);
		assert_int_equal(e.code, ERR_INVALID);
	}
}

static void
test_customer(void **state)
{
	struct script *s = parse("\xef\xbb\xbf# shop\r\n"
				 "account みなと靴店\r\n"
				 "customer hanako\r\n"
				 "\tname 山田 花子  \n"
				 "  language ja\n"
				 "picture https://example.com/h.png\n"
				 "status a # stays\n"
				 "friend no\n"
				 "copies 3\n"
				 "stars 4..5\n"
				 "comment ok\nor fine\n");
	struct customer *w = &s->customers[0];

	(void)state;
	assert_string_equal(s->account, "みなと靴店");
	assert_int_equal(s->n, 1);
	assert_string_equal(w->name, "hanako");
	assert_string_equal(w->display, "山田 花子");
	assert_string_equal(w->language, "ja");
	assert_string_equal(w->picture, "https://example.com/h.png");
	assert_string_equal(w->status, "a # stays");
	assert_false(w->is_friend);
	assert_int_equal(w->copies, 3);
	assert_int_equal(w->stars_min, 4);
	assert_int_equal(w->stars_max, 5);
	assert_false(w->types_stars);
	assert_int_equal(w->comment.n, 2);
	assert_string_equal(w->comment.v[1], "fine");
	script_free(s);
}

static void
test_steps(void **state)
{
	struct script *s = parse("group g\nname G\n"
				 "customer a\n"
				 "say one\\ntwo \\\\ three\n"
				 "or other\n"
				 "wait 3s..9s\n"
				 "wait answer\n"
				 "wait  person  90s\n"
				 "nag 20s well?\n"
				 "nag 40s hello?\n"
				 "tap\n"
				 "begin\n"
				 "sticker 446 1988 a, b\n"
				 "in g\n"
				 "in private\n"
				 "unsend\n"
				 "again\n"
				 "customer b\nstars 2 typed\nsay x\n");
	struct customer *w = &s->customers[0];

	(void)state;
	assert_int_equal(w->n, 10);
	assert_int_equal(w->steps[0].op, STEP_SAY);
	assert_string_equal(w->steps[0].texts.v[0], "one\ntwo \\ three");
	assert_string_equal(w->steps[0].texts.v[1], "other");
	assert_int_equal(w->steps[1].op, STEP_WAIT);
	assert_int_equal(w->steps[1].span.max_ms, 9000);
	assert_int_equal(w->steps[2].op, STEP_ANSWER);
	assert_int_equal(w->steps[2].span.max_ms, 0);
	assert_int_equal(w->steps[3].op, STEP_PERSON);
	assert_int_equal(w->steps[3].span.max_ms, 90000);
	assert_int_equal(w->steps[3].nags_n, 2);
	assert_string_equal(w->steps[3].nags[1].text, "hello?");
	assert_int_equal(w->steps[3].nags[1].after.min_ms, 40000);
	assert_int_equal(w->steps[4].op, STEP_TAP);
	assert_string_equal(w->steps[4].texts.v[0], "");
	assert_int_equal(w->begin, 5);
	assert_int_equal(w->steps[9].op, STEP_AGAIN);
	assert_true(w->steps[9].span.max_ms > 0);
	assert_int_equal(s->customers[1].stars_max, 2);
	assert_true(s->customers[1].types_stars);
	assert_int_equal(s->customers[1].line, 18);
	script_free(s);
}

static void
test_mistakes(void **state)
{
	static const struct {
		const char *text;
		const char *where;
		const char *why;
	} bad[] = {
	    {"say hi\n", "a.sim:1: ", "below a customer"},
	    {"name x\n", "a.sim:1: ", "below a customer or a group"},
	    {"customer a\nsing la\n", "a.sim:2: ", "\"sing\""},
	    {"customer a\n\nsay\n", "a.sim:3: ", "needs something"},
	    {"customer a b\n", "a.sim:1: ", "one word"},
	    {"customer a\ncustomer a\n", "a.sim:2: ", "already"},
	    {"customer a\nwait soon\n", "a.sim:2: ", "no span"},
	    {"customer a\nwait answer soon\n", "a.sim:2: ", "no span"},
	    {"customer a\nsay x\nnag 5s y\n", "a.sim:3: ", "follows"},
	    {"customer a\nwait answer\nnag 5s\n", "a.sim:3: ", "TEXT"},
	    {"customer a\nor x\n", "a.sim:2: ", "follows say"},
	    {"customer a\nsay x\nwait 1s\nor y\n", "a.sim:4: ", "follows say"},
	    {"customer a\nstars 6\n", "a.sim:2: ", "1 to 5"},
	    {"customer a\nstars 5..4\n", "a.sim:2: ", "1 to 5"},
	    {"customer a\nstars many\n", "a.sim:2: ", "stars N"},
	    {"customer a\nstars 4 often\n", "a.sim:2: ", "typed"},
	    {"customer a\nfriend maybe\n", "a.sim:2: ", "friend yes"},
	    {"customer a\ncopies 0\n", "a.sim:2: ", "copies 1"},
	    {"customer a\nsay x\nin club\nsay y\n",
		"a.sim:3: ", "no group club"},
	    {"customer a\nsticker thanks\n", "a.sim:2: ", "PACKAGE"},
	    {"customer a\nimages 0\n", "a.sim:2: ", "NUMBER"},
	    {"customer a\nvideo long\n", "a.sim:2: ", "SECONDS"},
	    {"customer a\nlocation here\n", "a.sim:2: ", "LATITUDE"},
	    {"customer a\nevent follow\n", "a.sim:2: ", "type"},
	    {"customer a\nunsend all\n", "a.sim:2: ", "nothing"},
	    {"customer a\nsay \xff\n", "a.sim: ", "UTF-8"},
	};
	struct err e;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		e = (struct err){0};
		if (script_parse(
			"a.sim", bad[i].text, strlen(bad[i].text), &e) != NULL)
			fail_msg("taken: %s", bad[i].text);
		assert_int_equal(e.code, ERR_INVALID);
		if (strncmp(e.msg, bad[i].where, strlen(bad[i].where)) != 0 ||
		    strstr(e.msg, bad[i].why) == NULL)
			fail_msg("%s: \"%s\"", bad[i].text, e.msg);
	}
}

static void
test_demo(void **state)
{
	struct err e = {0};
	struct script *s = script_read("tests/data/demo.sim", &e);
	int64_t first_ms;
	size_t i, soon = 0;

	(void)state;
	if (s == NULL)
		fail_msg("%s", e.msg);
	assert_true(s->n >= 12);
	for (i = 0; i < s->n; i++) {
		assert_non_null(s->customers[i].display);
		assert_non_null(s->customers[i].language);
		assert_int_equal(
		    s->customers[i].steps[s->customers[i].n - 1].op,
		    STEP_AGAIN);
		first_ms = s->customers[i].steps[0].span.max_ms;
		soon += first_ms <= 15000;
	}
	assert_true(soon >= 12);
	script_free(s);
}

static void
test_absent_file(void **state)
{
	struct err e = {0};

	(void)state;
	assert_null(script_read("tests/data/no such file", &e));
	assert_int_equal(e.code, ERR_NOTFOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_span),
	    cmocka_unit_test(test_customer),
	    cmocka_unit_test(test_steps),
	    cmocka_unit_test(test_mistakes),
	    cmocka_unit_test(test_demo),
	    cmocka_unit_test(test_absent_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
