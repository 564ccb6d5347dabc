/*
 * text.h against the Unicode Character Database (Debian: unicode-data):
 * clusters, ambiguous widths, every emoji. Skipped where that is missing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <mado/buf.h>
#include <mado/mem.h>
#include <mado/text.h>

#define UCD "/usr/share/unicode/"

/* Calls f for every line without its comment; the number of lines. */
static void
each_line(const char *path, void (*f)(char *line, const char *comment))
{
	FILE *fp = fopen(path, "r");
	char line[4096], *hash;

	if (fp == NULL) {
		print_message(
		    "%s is missing: apt-get install unicode-data\n", path);
		skip();
	}
	while (fgets(line, sizeof(line), fp) != NULL) {
		hash = strchr(line, '#');
		if (hash != NULL)
			*hash++ = '\0';
		if (strspn(line, " \t\n") != strlen(line))
			f(line, hash == NULL ? "" : hash);
	}
	fclose(fp);
}

static void
add_code_point(struct buf *b, uint32_t cp)
{
	if (cp < 0x80) {
		buf_putc(b, (int)cp);
		return;
	}
	if (cp < 0x800) {
		buf_putc(b, (int)(0xc0 | cp >> 6));
	} else {
		if (cp < 0x10000) {
			buf_putc(b, (int)(0xe0 | cp >> 12));
		} else {
			buf_putc(b, (int)(0xf0 | cp >> 18));
			buf_putc(b, (int)(0x80 | (cp >> 12 & 0x3f)));
		}
		buf_putc(b, (int)(0x80 | (cp >> 6 & 0x3f)));
	}
	buf_putc(b, (int)(0x80 | (cp & 0x3f)));
}

/*
 * Lines whose clusters are other than the file's. utf8proc 2.8 and the file of
 * Debian 12 both have Unicode 15.0, and nothing differs; a row here needs its
 * reason.
 */
static const char *const differ[] = {NULL};

static bool
is_known_to_differ(const char *line)
{
	for (size_t i = 0; differ[i] != NULL; i++)
		if (strncmp(line, differ[i], strlen(differ[i])) == 0)
			return true;
	return false;
}

static size_t breaks_checked;

/* "÷ 0020 × 0308 ÷ 0020 ÷" */
static void
check_breaks(char *line, const char *comment)
{
	struct buf b = {0}, want = {0}, got = {0};
	struct text_cluster c;
	const char *p, *end;
	char *save, *word;

	if (is_known_to_differ(line) || strstr(line, "D800") != NULL)
		return; /* a surrogate is no UTF-8 */
	for (word = strtok_r(line, " \t\n", &save); word != NULL;
	     word = strtok_r(NULL, " \t\n", &save)) {
		if (strcmp(word, "÷") == 0)
			buf_printf(&want, "%zu ", b.n);
		else if (strcmp(word, "×") != 0)
			add_code_point(&b, (uint32_t)strtoul(word, NULL, 16));
	}
	p = buf_str(&b);
	end = p + b.n;
	buf_puts(&got, "0 ");
	while (p < end) {
		p = text_next(p, end, &c);
		buf_printf(&got, "%zu ", (size_t)(p - b.p));
	}
	if (strcmp(buf_str(&want), buf_str(&got)) != 0)
		print_error("%s", comment);
	assert_string_equal(buf_str(&got), buf_str(&want));
	breaks_checked++;
	buf_free(&b);
	buf_free(&want);
	buf_free(&got);
}

static void
test_grapheme_breaks(void **state)
{
	(void)state;
	each_line(UCD "auxiliary/GraphemeBreakTest.txt", check_breaks);
	assert_true(breaks_checked > 500);
}

/* -1: it is not drawn as itself. */
static int
width_of(uint32_t cp, bool ambiguous_wide)
{
	struct text_policy p = {TEXT_EMOJI_NATIVE, ambiguous_wide, false};
	struct text_cluster c;
	struct buf b = {0};

	text_set_policy(&p);
	add_code_point(&b, cp);
	text_next(b.p, b.p + b.n, &c);
	buf_free(&b);
	return c.plain ? c.width_cols : -1;
}

static char ea_width[0x110000];

/* "00A1;A  # Po ..." or "00A7..00A8;A" */
static void
read_ea_width(char *line, const char *comment)
{
	uint32_t lo, hi;
	char *p;

	lo = hi = (uint32_t)strtoul(line, &p, 16);
	if (strncmp(p, "..", 2) == 0)
		hi = (uint32_t)strtoul(p + 2, &p, 16);
	assert_true(*p == ';' && hi < 0x110000);
	(void)comment;
	for (; lo <= hi; lo++)
		ea_width[lo] = p[1];
}

static void
test_ambiguous_widths(void **state)
{
	int narrow, wide;
	(void)state;

	each_line(UCD "EastAsianWidth.txt", read_ea_width);
	for (uint32_t cp = 0xa0; cp < 0x110000; cp++) {
		if (ea_width[cp] == '\0' || (cp >= 0xd800 && cp < 0xe000))
			continue;
		narrow = width_of(cp, false);
		wide = width_of(cp, true);
		if (narrow == 1 && ea_width[cp] == 'A')
			assert_int_equal(wide, 2);
		else
			assert_int_equal(wide, narrow);
	}
}

static size_t emoji_seen, emoji_replaced;

/* "1F468 200D 1F469 ; fully-qualified" */
static void
check_emoji(char *line, const char *comment)
{
	struct text_policy native = {.emoji = TEXT_EMOJI_NATIVE}, safe = {0};
	struct text_cluster c;
	struct buf b = {0}, out = {0};
	char *p = line, *end;
	(void)comment;

	for (;; p = end) {
		unsigned long cp = strtoul(p, &end, 16);

		if (end == p)
			break;
		add_code_point(&b, (uint32_t)cp);
	}
	text_set_policy(&native);
	text_next(b.p, b.p + b.n, &c);
	assert_int_equal(c.n, b.n); /* one cluster each */
	if (strstr(p, "fully-qualified") != NULL && c.plain)
		assert_int_equal(c.width_cols, 2);
	emoji_seen++;
	emoji_replaced += c.width_cols > 2;
	text_set_policy(&safe);
	assert_true(text_draw(&out, b.p, b.n) >= 1);
	buf_free(&out);
	buf_free(&b);
}

static void
test_every_emoji(void **state)
{
	(void)state;
	each_line(UCD "emoji/emoji-test.txt", check_emoji);
	assert_true(emoji_seen > 4000);
	/* but for those that the C library is too old for */
	assert_true(emoji_replaced < 200);
}

static int
back_to_safe(void **state)
{
	struct text_policy safe = {0};
	(void)state;

	text_set_policy(&safe);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_grapheme_breaks),
	    cmocka_unit_test_teardown(test_ambiguous_widths, back_to_safe),
	    cmocka_unit_test_teardown(test_every_emoji, back_to_safe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
