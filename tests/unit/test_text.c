/*
 * text.h: clusters, what is drawn of them, and that the C library and ncurses
 * count the same columns for it.
 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>
#include <cmocka.h>
#define NCURSES_WIDECHAR 1
#include <curses.h>

#include <mado/buf.h>
#include <mado/mem.h>
#include <mado/text.h>

struct drawn {
	const char *text, *drawn;
	int cols;
};

#define COUNT(t) (sizeof(t) / sizeof((t)[0]))

static const struct drawn safe[] = {
    /* agreed everywhere: as it is */
    {"abc", "abc", 3},
    {"山田 花子", "山田 花子", 9},
    {"ｱｲｳ", "ｱｲｳ", 3},
    {"ＡＢ", "ＡＢ", 4},
    {"か\u3099", "か\u3099", 2},
    {"e\u0301", "e\u0301", 1},
    {"ที่", "ที่", 1},
    {"เรื่อง", "เรื่อง", 4},
    {"한국어", "한국어", 6},
    {"\u1112\u1161\u11ab", "\u1112\u1161\u11ab", 2},
    {"😀", "😀", 2},
    {"○★→※…", "○★→※…", 5},
    {"〜", "〜", 2},
    {"\u3000", "\u3000", 2},
    {"©", "©", 1},
    /* one cluster, but every terminal adds these up */
    {"ｶ\uff9e", "ｶ\uff9e", 2},
    {"ﾊ\uff9f", "ﾊ\uff9f", 2},
    {"น้ำ", "น้ำ", 2},
    {"ນ້ຳ", "ນ້ຳ", 2},
    {"क्षि", "क्षि", 3},
    /* disputed */
    {"❤\ufe0f", "❤", 1},
    {"❤\ufe0e", "❤", 1},
    {"⌚\ufe0e", "⌚", 2},
    {"⌚\ufe0f", "⌚", 2},
    {"☎\ufe0f 03", "☎ 03", 4},
    {"1\ufe0f\u20e3", "1", 1},
    {"#\u20e3", "#", 1},
    {"👍🏽", "👍", 2},
    {"👨\u200d👩\u200d👧", "👨", 2},
    {"❤\ufe0f\u200d🔥", "❤", 1},
    {"🏳\ufe0f\u200d🌈", "🏳", 1},
    {"🇯🇵", "[JP]", 4},
    {"🇯🇵🇹🇭", "[JP][TH]", 8},
    {"🇯", "[J]", 3},
    {"🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
	"[GBENG]", 7},
    {"🏴", "🏴", 2},
    {"葛\U000e0100", "葛", 2},
    {"🏽", "[U+1F3FD]", 9},
    /* unknown to a C library of 2022 */
    {"\U0001fae9", "[U+1FAE9]", 9},
    /* nobody knows what it looks like */
    {"\ue000", "□", 1},
    {"\U00100084", "□", 1},
    {"\u0378", "□", 1},
    {"\ufffe", "□", 1},
    /* controls and tricks */
    {"a\tb\nc\r\nd\re", "a b c d e", 9},
    {"a\u2028b\u2029c\xc2\x85"
     "d",
	"a b c d", 7},
    {"\x1b[31mred\x1b]0;t\a", "^[[31mred^[]0;t^G", 17},
    {"\x7f\xc2\x9b", "^?□", 3},
    {"a\u202eb\u2066c\u200ed\u061ce", "abcde", 5},
    {"a\u200bb\u2060c\ufeff", "abc", 3},
    {"soft\u00adhyphen", "softhyphen", 10},
    {"\u3164\uffa0\u115f\u034f", "", 0},
    {"a\u00a0b\u2003c", "a b c", 5},
    {"a\U000e0041\U000e0042", "a", 1},
    /* marks */
    {"\u0301a", "◌\u0301a", 2},
    {"\n\u0301", " ◌\u0301", 2},
    {"\u0e33", "◌\u0e33", 2},
    {"a\u200b\u0301", "a◌\u0301", 2},
    {"\u1100\u200b\u1161", "\u1100[U+1161]", 10},
    {"H\u0300\u0301\u0302\u0303\u0304\u0305\u0306", "H\u0300\u0301\u0302\u0303",
	1},
    {"🇯\u200b🇵", "[J][P]", 6},
    {"👍\u200b🏽", "👍[U+1F3FD]", 11},
    /* not UTF-8 */
    {"a\xff\xfe"
     "b",
	"a\ufffd\ufffdb", 4},
    {"\xe3\x81", "\ufffd\ufffd", 2},
    {"\xed\xa0\x80", "\ufffd\ufffd\ufffd", 3},
    {"\xff\u0301", "\ufffd◌\u0301", 2},
};

static const struct drawn native[] = {
    {"❤\ufe0f", "❤\ufe0f", 2},
    {"❤\ufe0e", "❤\ufe0e", 1},
    {"1\ufe0f\u20e3", "1\ufe0f\u20e3", 2},
    {"👍🏽", "👍🏽", 2},
    {"☝🏽", "☝🏽", 2},
    {"👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧", 2},
    {"🏳\ufe0f\u200d🌈", "🏳\ufe0f\u200d🌈", 2},
    {"🇯🇵", "🇯🇵", 2},
    {"🇯", "[J]", 3},
    {"葛\U000e0100", "葛\U000e0100", 2},
    {"👨\u200d", "👨", 2},
    {"👍\u0903", "👍", 2},
    {"\U0001fae9", "[U+1FAE9]", 9},
    {"a\u202eb\x1b", "ab^[", 4},
};

static const struct drawn as_text[] = {
    {"❤\ufe0f", ":heart:", 7},
    {"👍🏽", ":thumbsup:", 10},
    {"🇯🇵", "[JP]", 4},
    {"1\ufe0f\u20e3", "1", 1},
    {"\U0001f9f0", "[U+1F9F0]", 9},
    {"©", "©", 1},
    {"©\ufe0f", "[U+00A9]", 8},
    {"❤\ufe0e", "❤", 1},
    {"日本", "日本", 4},
};

static const struct drawn ascii[] = {
    {"abc\n", "abc ", 4},
    {"山a", "??a", 3},
    {"ｱé", "??", 2},
    {"e\u0301", "?", 1},
    {"น้ำ", "??", 2},
    {"🇯🇵👍🏽", "[JP]??", 6},
    {"\xff\ue000", "??", 2},
    {"a\u200b", "a", 1},
};

static void
set_policy(enum text_emoji emoji, bool ambiguous_wide, bool is_ascii)
{
	struct text_policy p = {emoji, ambiguous_wide, is_ascii};

	text_set_policy(&p);
}

static int
back_to_safe(void **state)
{
	(void)state;
	set_policy(TEXT_EMOJI_SAFE, false, false);
	return 0;
}

static void
draws(const struct drawn *t, size_t n)
{
	for (; n > 0; n--, t++) {
		struct buf b = {0};
		int cols = text_draw(&b, t->text, strlen(t->text));

		assert_string_equal(buf_str(&b), t->drawn);
		assert_int_equal(cols, t->cols);
		assert_int_equal(text_width(t->text, strlen(t->text)), cols);
		buf_free(&b);
	}
}

static void
test_safe(void **state)
{
	(void)state;
	draws(safe, COUNT(safe));
}

static void
test_native(void **state)
{
	(void)state;
	set_policy(TEXT_EMOJI_NATIVE, false, false);
	draws(native, COUNT(native));
}

static void
test_as_text(void **state)
{
	(void)state;
	set_policy(TEXT_EMOJI_TEXT, false, false);
	draws(as_text, COUNT(as_text));
}

static void
test_ascii(void **state)
{
	(void)state;
	set_policy(TEXT_EMOJI_SAFE, false, true);
	draws(ascii, COUNT(ascii));
}

static void
test_ambiguous_wide(void **state)
{
	static const struct drawn t[] = {
	    {"○★→※…", "○★→※…", 10},
	    {"αあaｱ", "αあaｱ", 6},
	    {"\ue000", "□", 2},
	    {"e\u0301", "e\u0301", 1},
	    {"\u0301", "◌\u0301", 1},
	};
	(void)state;

	set_policy(TEXT_EMOJI_SAFE, true, false);
	draws(t, COUNT(t));
}

/* What no drawn text may hold in the safe policy. */
static bool
is_forbidden(wchar_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad ||
	    (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	    (c >= 0x2060 && c <= 0x206f) || (c >= 0xe000 && c <= 0xf8ff) ||
	    (c >= 0xfe00 && c <= 0xfe0f) || c == 0xfeff || c >= 0xe0000 ||
	    (c >= 0x1f1e6 && c <= 0x1f1ff) || (c >= 0x1f3fb && c <= 0x1f3ff);
}

static bool
has_prepended(const char *s)
{
	return strstr(s, "\u0600") != NULL || strstr(s, "\u06dd") != NULL;
}

/* Every code point drawable, their columns add up, never 5 marks in a row. */
static void
check_drawn(const char *p, size_t n)
{
	struct buf b = {0}, again = {0};
	int cols = text_draw(&b, p, n), sum = 0, marks = 0;
	mbstate_t st = {0};
	const char *s = buf_str(&b);
	wchar_t c;
	size_t len;

	while ((len = mbrtowc(&c, s, MB_CUR_MAX, &st)) > 0) {
		assert_true(len < 8);
		assert_false(is_forbidden(c));
		assert_true(wcwidth(c) >= 0);
		sum += wcwidth(c);
		marks = wcwidth(c) == 0 ? marks + 1 : 0;
		assert_true(marks <= 4);
		s += len;
	}
	assert_int_equal(sum, cols);
	assert_int_equal(text_width(p, n), cols);
	/* what was left out made no new clusters of what stayed; the five
	 * code points of a cluster begin elsewhere once a sign prepends */
	if (!has_prepended(buf_str(&b))) {
		assert_int_equal(text_draw(&again, buf_str(&b), b.n), cols);
		assert_string_equal(buf_str(&again), buf_str(&b));
	}
	buf_free(&again);
	buf_free(&b);
}

static size_t
encode(char *p, uint32_t c)
{
	static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (size_t i = n - 1; i > 0; i--, c >>= 6)
		p[i] = (char)(0x80 | (c & 0x3f));
	p[0] = (char)(lead[n] | c);
	return n;
}

static void
test_every_code_point(void **state)
{
	char s[16];
	size_t n;
	(void)state;

	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		n = encode(s, c);
		check_drawn(s, n);
		s[0] = 'a';
		n = 1 + encode(s + 1, c);
		n += encode(s + n, c);
		s[n++] = 'z';
		check_drawn(s, n);
	}
}

static uint32_t
dice(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* Code points that join, hide, split and reorder, in every order. */
static const uint32_t nasty[] = {'a', ' ', '1', '#', '\n', '\r', 0x1b, 0x85,
    0xa0, 0xad, 0x300, 0x301, 0x34f, 0x600, 0x610, 0x61c, 0x6dd, 0x915, 0x93f,
    0x94d, 0x903, 0xe01, 0xe33, 0xe35, 0xe48, 0x1100, 0x1161, 0x11a8, 0xac00,
    0x115f, 0x1160, 0x200b, 0x200c, 0x200d, 0x202e, 0x2028, 0x2060, 0x20e3,
    0x2764, 0x261d, 0xa9, 0x3042, 0x3099, 0xff76, 0xff9e, 0xfe0e, 0xfe0f,
    0xfeff, 0xe000, 0x378, 0x1f1ef, 0x1f1f5, 0x1f3f3, 0x1f3f4, 0x1f3fd, 0x1f44d,
    0x1f468, 0x1f469, 0x1fae8, 0x1fae9, 0xe0067, 0xe007f, 0xe0100, 0x1e08f,
    0x11f02, 0x1133e};

static size_t
nasty_text(char *p, uint32_t *seed)
{
	size_t n = 0;

	for (uint32_t i = 1 + dice(seed) % 12; i > 0; i--) {
		n += encode(p + n, nasty[dice(seed) % COUNT(nasty)]);
		if (dice(seed) % 40 == 0)
			p[n++] = (char)(0x80 + dice(seed) % 128);
	}
	return n;
}

static void
test_nasty_sequences(void **state)
{
	uint32_t seed = 42;
	char s[128];
	(void)state;

	for (int i = 0; i < 200000; i++)
		check_drawn(s, nasty_text(s, &seed));
}

/* Columns add up however the clusters of a text are drawn. */
static void
test_clusters_tile_the_text(void **state)
{
	static const enum text_emoji modes[] = {
	    TEXT_EMOJI_SAFE, TEXT_EMOJI_NATIVE, TEXT_EMOJI_TEXT};
	uint32_t seed = 7;
	char s[128];
	(void)state;

	for (int i = 0; i < 60000; i++) {
		size_t n = nasty_text(s, &seed);
		const char *p = s, *end = s + n;
		struct text_cluster c;
		int cols = 0;

		set_policy(modes[i % 3], i % 2, i % 5 == 0);
		while (p < end) {
			struct buf b = {0};

			const char *next = text_next(p, end, &c);

			assert_ptr_equal(c.p, p);
			assert_ptr_equal(next, p + c.n);
			assert_true(c.n >= 1);
			assert_int_equal(text_draw(&b, c.p, c.n), c.width_cols);
			assert_int_equal(
			    c.plain, b.n == c.n && memcmp(b.p, c.p, c.n) == 0);
			buf_free(&b);
			cols += c.width_cols;
			p = next;
		}
		assert_int_equal(text_width(s, n), cols);
	}
}

/* Where ncurses puts the cursor, and what it kept, on a screen of nowhere. */
static void
check_on_screen(const char *drawn, int cols)
{
	wchar_t kept[256], want[256];
	size_t n = mbstowcs(want, drawn, COUNT(want) - 1);
	int y, x;

	assert_true(n < COUNT(want));
	erase();
	assert_int_equal(mvaddstr(0, 0, drawn), OK);
	getyx(stdscr, y, x);
	assert_int_equal(y, 0);
	assert_int_equal(x, cols);
	assert_int_not_equal(mvinnwstr(0, 0, kept, COUNT(kept) - 1), ERR);
	kept[n] = L'\0';
	assert_int_equal(wcscmp(kept, want), 0);
}

static void
test_ncurses_counts_the_same(void **state)
{
	FILE *nowhere = fopen("/dev/null", "r+");
	uint32_t seed = 99;
	SCREEN *screen;
	char s[128];
	(void)state;

	assert_non_null(nowhere);
	setenv("COLUMNS", "250", 1);
	screen = newterm("xterm-256color", nowhere, nowhere);
	if (screen == NULL) {
		fclose(nowhere);
		skip(); /* no terminfo here */
	}
	for (size_t i = 0; i < COUNT(safe); i++)
		check_on_screen(safe[i].drawn, safe[i].cols);
	for (int i = 0; i < 20000; i++) {
		struct buf b = {0};
		size_t n = nasty_text(s, &seed);
		int cols = text_draw(&b, s, n);

		check_on_screen(buf_str(&b), cols);
		buf_free(&b);
	}
	endwin();
	delscreen(screen);
	fclose(nowhere);
}

static void
test_graphemes(void **state)
{
	static const struct {
		const char *s;
		size_t n;
	} t[] = {{"", 0}, {"abc", 3}, {"ที่นี่", 2},
	    {"👨\u200d👩\u200d👧👍🏽🇯🇵❤\ufe0f", 4},
	    {"\r\n", 1}, {"か\u3099ｶ\uff9e", 2}, {"\xff\xff", 2}};
	(void)state;

	for (size_t i = 0; i < COUNT(t); i++)
		assert_int_equal(text_graphemes(t[i].s), t[i].n);
}

static void
fits(const char *s, int cols, const char *more, bool pad, const char *want,
    int used)
{
	struct buf b = {0};

	buf_puts(&b, ">");
	assert_int_equal(text_fit(&b, s, cols, more, pad), used);
	assert_string_equal(buf_str(&b) + 1, want);
	buf_free(&b);
}

static void
test_fit(void **state)
{
	(void)state;
	fits("abc", 5, "~", false, "abc", 3);
	fits("abc", 5, "~", true, "abc  ", 5);
	fits("abcde", 5, "~", true, "abcde", 5);
	fits("abcdef", 5, "~", true, "abcd~", 5);
	fits("abcdef", 5, "", true, "abcde", 5);
	fits("山田花子", 8, "~", true, "山田花子", 8);
	fits("山田花子", 7, "~", false, "山田花~", 7);
	fits("山田花子", 6, "~", false, "山田~", 5);
	fits("山田花子", 6, "~", true, "山田~ ", 6);
	fits("山田花子", 1, "~", true, "~", 1);
	fits("山田花子", 1, "..", true, " ", 1);
	fits("山田花子", 0, "~", true, "", 0);
	fits("山田花子", -3, "~", true, "", 0);
	fits("a🇯🇵b", 5, "~", true, "a~   ", 5);
	fits("a🇯🇵b", 6, "~", true, "a[JP]b", 6);
	fits("", 3, "~", true, "   ", 3);
	fits("abc\u200b\u200b", 3, "~", true, "abc", 3);
	fits("ที่ที่ที่", 2, "~", true, "ที่~", 2);
}

static void
test_fit_never_overflows(void **state)
{
	uint32_t seed = 3;
	char s[128];
	(void)state;

	for (int i = 0; i < 50000; i++) {
		struct buf b = {0};
		int cols = (int)(dice(&seed) % 20), used;
		size_t n = nasty_text(s, &seed);

		s[n] = '\0';
		used = text_fit(&b, s, cols, "~", i % 2);
		assert_true(used <= cols && (i % 2 == 0 || used == cols));
		if (!has_prepended(buf_str(&b)))
			assert_int_equal(text_width(buf_str(&b), b.n), used);
		buf_free(&b);
	}
}

static int64_t
cpu_ms(void)
{
	return (int64_t)clock() * 1000 / CLOCKS_PER_SEC;
}

/* A megabyte each; a quadratic step would take minutes. */
static void
test_long_hostile_text_is_linear(void **state)
{
	static const char *const units[] = {"a", "漢", "\u0301", "👨\u200d",
	    "\u1100", "🇯", "\uff9e", "\x1b[", "\xff", "\u200b", "\u0600",
	    "e\u0301\u0301\u0301\u0301\u0301\u0301"};
	int64_t start = cpu_ms();
	(void)state;

	for (size_t i = 0; i < COUNT(units); i++) {
		struct buf b = {0}, out = {0};
		struct buf fit = {0};

		while (b.n < 1 << 20)
			buf_puts(&b, units[i]);
		text_draw(&out, b.p, b.n);
		text_width(b.p, b.n);
		text_graphemes(b.p);
		assert_true(text_fit(&fit, b.p, 40, "~", true) == 40);
		buf_free(&fit);
		buf_free(&out);
		buf_free(&b);
	}
	assert_true(cpu_ms() - start < 20000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_safe),
	    cmocka_unit_test_teardown(test_native, back_to_safe),
	    cmocka_unit_test_teardown(test_as_text, back_to_safe),
	    cmocka_unit_test_teardown(test_ascii, back_to_safe),
	    cmocka_unit_test_teardown(test_ambiguous_wide, back_to_safe),
	    cmocka_unit_test(test_every_code_point),
	    cmocka_unit_test(test_nasty_sequences),
	    cmocka_unit_test_teardown(
		test_clusters_tile_the_text, back_to_safe),
	    cmocka_unit_test(test_ncurses_counts_the_same),
	    cmocka_unit_test(test_graphemes),
	    cmocka_unit_test(test_fit),
	    cmocka_unit_test(test_fit_never_overflows),
	    cmocka_unit_test(test_long_hostile_text_is_linear),
	};

	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
