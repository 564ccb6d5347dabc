/*
 * What hostile texts cost: the steps of text.c are counted, so that a row of a
 * list is never dearer than its columns, however long the name is; and what
 * may come out of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <mado/mem.h>
#include <mado/text.h>

static size_t steps;

static size_t
count_decode(const char *p, size_t n, uint32_t *cp)
{
	steps++;
	return text_decode(p, n, cp);
}

#define text_decode count_decode
#include "../../src/lib/text.c"
#undef text_decode

enum { COLS = 40, MB = 1 << 20, STEPS_A_COLUMN = 512 };

/* Text of about a megabyte. */
static void
repeat(struct buf *b, const char *first, const char *p, size_t n, size_t max)
{
	buf_puts(b, first);
	while (b->n < max)
		buf_add(b, p, n);
}

static const struct {
	const char *what, *first, *again;
	size_t again_n, max;
} hostile[] = {
    {"no break", "", "x", 1, MB},
    {"no break, Japanese", "", "\u3042", 3, MB},
    {"5000 marks", "a", "\u0301", 2, 10000},
    {"a megabyte of marks", "a", "\u0301", 2, MB},
    {"marks and nothing else", "", "\u0e49", 3, MB},
    {"joiners", "\U0001f468", "\u200d\U0001f469", 7, MB},
    {"zero width", "a", "\u200b", 3, MB},
    {"bidi overrides", "a", "\u202e", 3, MB},
    {"selectors", "\u2764", "\ufe0f", 3, MB},
    {"tags", "\U0001f3f4", "\U000e0067", 4, MB},
    {"regional letters", "", "\U0001f1ef", 4, MB},
    {"escape sequences", "", "\033[2J\033]0;x\a", 9, MB},
    {"no UTF-8", "", "\xff\xc0\x80\xed\xa0\x80", 6, MB},
    {"half characters", "", "\xe3\x81", 2, MB},
    {"C1", "", "\xc2\x9b", 2, MB},
    {"line feeds", "", "\n", 1, MB},
    {"conjoining", "\u1100", "\u1161", 3, MB},
    {"prepended", "", "\u0600", 2, MB},
};

static void
check_clean(const struct buf *out, const char *what)
{
	const char *p = out->p, *end = p + out->n;
	uint32_t cp;

	for (size_t n; p < end; p += n) {
		n = text_decode(p, (size_t)(end - p), &cp);
		if (n == 0 || cp < 0x20 || (cp >= 0x7f && cp < 0xa0) ||
		    (cp >= 0x200b && cp <= 0x200f) ||
		    (cp >= 0x202a && cp <= 0x202e) ||
		    (cp >= 0x2066 && cp <= 0x2069))
			fail_msg("%s: U+%04X comes out", what, (unsigned)cp);
	}
}

static void
check_row(size_t i, const struct buf *text)
{
	struct buf out = {0};
	int cols;

	steps = 0;
	cols = text_fit(&out, text->p, COLS, "~", true);
	if (steps > (size_t)COLS * STEPS_A_COLUMN)
		fail_msg("%s: %zu steps for a row", hostile[i].what, steps);
	assert_int_equal(cols, COLS);
	check_clean(&out, hostile[i].what);
	buf_free(&out);
}

static void
test_rows(void **state)
{
	static const enum text_emoji emoji[] = {
	    TEXT_EMOJI_SAFE, TEXT_EMOJI_NATIVE, TEXT_EMOJI_TEXT};
	(void)state;

	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		struct buf text = {0};

		repeat(&text, hostile[i].first, hostile[i].again,
		    hostile[i].again_n, hostile[i].max);
		for (size_t k = 0; k < 3; k++) {
			struct text_policy p = {emoji[k], false, false};

			/* joiners and selectors are native's to draw */
			if (emoji[k] == TEXT_EMOJI_NATIVE &&
			    strncmp(hostile[i].what, "joiners", 7) == 0)
				continue;
			text_set_policy(&p);
			check_row(i, &text);
		}
		buf_free(&text);
	}
}

/* A NUL ends a string of C; with a length it is drawn as what it is. */
static void
test_nul(void **state)
{
	struct text_policy p = {0};
	struct buf out = {0};
	(void)state;

	text_set_policy(&p);
	assert_int_equal(text_draw(&out, "a\0b", 3), 4);
	assert_string_equal(out.p, "a^@b");
	buf_free(&out);
}

/* Twice the text, twice the work: a message of a megabyte is walked once. */
static void
test_linear(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		struct buf text = {0}, out = {0};

		repeat(&text, hostile[i].first, hostile[i].again,
		    hostile[i].again_n, hostile[i].max);
		steps = 0;
		text_draw(&out, text.p, text.n);
		if (steps > 4 * text.n)
			fail_msg("%s: %zu steps for %zu bytes", hostile[i].what,
			    steps, text.n);
		buf_free(&out);
		buf_free(&text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_nul),
	    cmocka_unit_test(test_linear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
