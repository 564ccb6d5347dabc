/*
 * The parts of the screen that are pure: the layout at every size, themes,
 * the palette's matching, moves and words in the line, its rows and caret.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <locale.h>

#include <mado/mem.h>
#include <mado/text.h>

#include "../../src/mado/fuzzy.h"
#include "../../src/mado/layout.h"
#include "../../src/mado/line_edit.h"
#include "../../src/mado/line_view.h"
#include "../../src/mado/link.h"
#include "../../src/mado/theme.h"

/* the layout */

static struct layout
layout(int rows, int cols, enum pane focus, bool compose)
{
	struct layout_in in = {
	    rows, cols, 110, 60, focus, focus == PANE_CONTACT, compose, 1};
	struct layout l;

	layout_make(&in, &l);
	return l;
}

static void
inside(const struct layout *l, const struct rect *r)
{
	if (r->h == 0)
		return;
	assert_true(r->y >= 1 && r->x >= 0 && r->h > 0 && r->w > 0);
	assert_true(r->y + r->h <= l->rows - 1);
	assert_true(r->x + r->w <= l->cols);
}

/* Whatever the size, nothing leaves the screen or covers the hints. */
static void
test_layout_all(void **state)
{
	(void)state;
	for (int rows = LAYOUT_MIN_ROWS; rows < 70; rows++) {
		for (int cols = LAYOUT_MIN_COLS; cols < 240; cols += 3) {
			struct layout l = layout(rows, cols,
			    (enum pane)((rows + cols) % 3), cols % 2);

			assert_false(l.small);
			for (int p = 0; p < 3; p++) {
				inside(&l, &l.frame[p]);
				inside(&l, &l.body[p]);
			}
			inside(&l, &l.to);
			inside(&l, &l.line);
		}
	}
	assert_true(layout(5, 80, PANE_LIST, false).small);
	assert_true(layout(24, 20, PANE_LIST, false).small);
}

static void
test_layout_sizes(void **state)
{
	struct layout l = layout(32, 120, PANE_LIST, true);

	(void)state;
	assert_int_equal(l.panes, 3);
	assert_true(l.boxed);
	assert_int_equal(l.line.h, 1);
	assert_int_equal(l.to.y, 29);
	l = layout(24, 80, PANE_LIST, false);
	assert_int_equal(l.panes, 2);
	assert_false(l.boxed);
	assert_int_equal(l.frame[PANE_CONTACT].h, 0);
	assert_int_equal(l.divider_x, l.frame[PANE_LIST].w);
	l = layout(24, 80, PANE_CONTACT, false);
	assert_true(l.frame[PANE_CONTACT].h > 0);
	l = layout(20, 40, PANE_HISTORY, true);
	assert_int_equal(l.panes, 1);
	assert_int_equal(l.frame[PANE_LIST].h, 0);
	assert_int_equal(l.frame[PANE_HISTORY].w, 40);
}

/* themes */

static void
test_style(void **state)
{
	struct theme_style s;
	struct err e = {0};

	(void)state;
	assert_int_equal(theme_parse_style("cyan default bold", &s, &e), 0);
	assert_int_equal(s.fg, 6);
	assert_int_equal(s.bg, THEME_DEFAULT);
	assert_int_equal(s.attrs, THEME_BOLD);
	assert_int_equal(
	    theme_parse_style("#ff8800 236 italic dim", &s, &e), 0);
	assert_int_equal(s.fg, THEME_RGB | 0xff8800);
	assert_int_equal(s.bg, 236);
	assert_int_equal(s.attrs, THEME_ITALIC | THEME_DIM);
	assert_int_equal(theme_parse_style("", &s, &e), 0);
	assert_int_equal(theme_parse_style("purplish", &s, &e), -1);
	assert_int_equal(theme_parse_style("256", &s, &e), -1);
	assert_int_equal(theme_parse_style("red blue green", &s, &e), -1);
}

static void
test_reduce(void **state)
{
	(void)state;
	assert_int_equal(theme_reduce(THEME_DEFAULT, 8), -1);
	assert_int_equal(theme_reduce(6, 8), 6);
	assert_int_equal(theme_reduce(203, 256), 203);
	assert_int_equal(theme_reduce(THEME_RGB | 0xff0000, 256), 196);
	assert_int_equal(theme_reduce(196, 8), 1);
	assert_int_equal(theme_reduce(231, 8), 7);
}

/* the palette's matching */

static void
test_fuzzy(void **state)
{
	(void)state;
	assert_true(fuzzy_score("follow-up mark it", "fol") > 0);
	assert_true(fuzzy_score("follow-up mark it", "flu") >= 0);
	assert_true(fuzzy_score("follow-up mark it", "mark fol") > 0);
	assert_int_equal(fuzzy_score("resolve", "xyz"), -1);
	assert_int_equal(fuzzy_score("anything", ""), 0);
	assert_true(fuzzy_score("返品の手順", "返品") > 0);
	/* whole beats scattered, the beginning beats the middle */
	assert_true(
	    fuzzy_score("tag add", "tag") > fuzzy_score("take again", "tag"));
	assert_true(
	    fuzzy_score("pin keep", "pin") > fuzzy_score("unpin", "pin"));
}

/* links */

static void
link_is(const char *text, const char *want)
{
	size_t n = 0;
	const char *p = link_find(text, &n);

	if (want == NULL) {
		assert_null(p);
		return;
	}
	assert_non_null(p);
	assert_int_equal(n, strlen(want));
	assert_memory_equal(p, want, n);
}

static void
test_links(void **state)
{
	(void)state;
	link_is("see https://a.jp/x?y=1.", "https://a.jp/x?y=1");
	link_is("(http://a.jp)", "http://a.jp");
	link_is("こちらhttps://a.jp/です", "https://a.jp/");
	link_is("http:// https://b.jp", "https://b.jp");
	link_is("https://a.jp/\033]8;;evil", "https://a.jp/");
	link_is("no link, ftp://a", NULL);
}

/* the line */

static void
test_clusters(void **state)
{
	const char *family = "a👨‍👩‍👧";
	const char *flag = "🇯🇵";
	const char *thai = "ที่"; /* tho thahan, sara ii, mai ek */

	(void)state;
	assert_int_equal(edit_left(family, strlen(family)), 1);
	assert_int_equal(edit_backspace(family, strlen(family)), 1);
	assert_int_equal(edit_backspace(flag, strlen(flag)), 0);
	assert_int_equal(edit_left(thai, strlen(thai)), 0);
	/* of a stack of marks only the last goes */
	assert_int_equal(edit_backspace(thai, strlen(thai)), 6);
	assert_int_equal(edit_right("かな", 0), 3);
	assert_int_equal(edit_left("", 0), 0);
	assert_int_equal(edit_left("a\nb", 2), 1);
}

static void
test_words(void **state)
{
	const char *s = "返品したいABC です";

	(void)state;
	assert_int_equal(edit_word_right(s, 0), strlen("返品"));
	assert_int_equal(
	    edit_word_right(s, strlen("返品")), strlen("返品したい"));
	assert_int_equal(
	    edit_word_left(s, strlen(s)), strlen("返品したいABC "));
	assert_int_equal(
	    edit_word_left(s, strlen("返品したいABC ")), strlen("返品したい"));
	assert_int_equal(edit_word_left("   ", 3), 0);
	assert_int_equal(edit_word_next(s, 0), strlen("返品"));
	assert_int_equal(
	    edit_word_next(s, strlen("返品したい")), strlen("返品したいABC "));
	assert_int_equal(edit_word_next("a ", 0), 2);
}

static void
test_wrap(void **state)
{
	static struct line_view v;
	const char *s = "あいうえお\nx";

	(void)state;
	line_view_wrap(&v, s, strlen("あいう"), 6);
	assert_int_equal(v.rows, 3);
	assert_int_equal(v.row[0].n, strlen("あいう"));
	assert_int_equal(v.caret_row, 1);
	assert_int_equal(v.caret_col, 0);
	line_view_wrap(&v, s, strlen(s), 6);
	assert_int_equal(v.caret_row, 2);
	assert_int_equal(v.caret_col, 1);
	/* a wide character does not fit into the last column */
	line_view_wrap(&v, "abcdeあ", 5, 6);
	assert_int_equal(v.rows, 2);
	assert_int_equal(v.caret_row, 1);
	/* the caret after a full row stands on the next */
	line_view_wrap(&v, "abcdef", 6, 6);
	assert_int_equal(v.rows, 2);
	assert_int_equal(v.caret_col, 0);
	line_view_wrap(&v, "", 0, 6);
	assert_int_equal(v.rows, 1);
	assert_int_equal(line_view_at(&v, "", 0, 3), 0);
}

static void
test_scroll(void **state)
{
	const char *s = "あいうえおかきくけこ";
	size_t at, n = strlen(s);
	int col;

	(void)state;
	assert_int_equal(line_view_scroll("abc", 3, 10, &col), 0);
	assert_int_equal(col, 3);
	for (at = 0; at <= n; at += 3) {
		size_t start = line_view_scroll(s, at, 10, &col);

		assert_true(start <= at && start % 3 == 0);
		assert_true(col >= 0 && col < 10);
		assert_int_equal(col, text_width(s + start, at - start));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_layout_all),
	    cmocka_unit_test(test_layout_sizes),
	    cmocka_unit_test(test_style),
	    cmocka_unit_test(test_reduce),
	    cmocka_unit_test(test_fuzzy),
	    cmocka_unit_test(test_links),
	    cmocka_unit_test(test_clusters),
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_wrap),
	    cmocka_unit_test(test_scroll),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
