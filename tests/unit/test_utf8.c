/* utf8.c: every code point, every truncation, and repairs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include <mado/text.h>

/* Plain encoding, of surrogates too. */
static size_t
encode(uint32_t c, char *p)
{
	static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (size_t i = n - 1; i > 0; i--, c >>= 6)
		p[i] = (char)(0x80 | (c & 0x3f));
	p[0] = (char)(lead[n] | c);
	return n;
}

static void
every_code_point(void **state)
{
	char p[8];
	uint32_t cp;

	(void)state;
	for (uint32_t c = 0; c < 0x120000; c++) {
		size_t n = encode(c, p);
		bool good = c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);

		assert_int_equal(text_decode(p, n, &cp), good ? n : 0);
		assert_int_equal(text_is_utf8(p, n), good);
		if (good)
			assert_int_equal(cp, c);
		for (size_t cut = 1; cut < n; cut++)
			assert_int_equal(text_decode(p, cut, &cp), 0);
	}
}

static void
malformed(void **state)
{
	static const char *const bad[] = {"\x80", "\xbf", "\xc0\x80",
	    "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xf0\x80\x80\x80",
	    "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xfe",
	    "\xff", "\xc3(", "\xe3\x81", "\xe3(\x81",
	    "\xed\xa0\x80\xed\xb0\x80", "\xf8\x88\x80\x80\x80"};
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		for (size_t lead = 0; lead < 20; lead++) {
			memset(text, 'a', lead);
			strcpy(text + lead, bad[i]);
			assert_false(text_is_utf8(text, strlen(text)));
			strcat(text, "aaaaaaaaa");
			assert_false(text_is_utf8(text, strlen(text)));
		}
	assert_true(text_is_utf8("", 0));
	assert_true(text_is_utf8("a\0b", 3));
	assert_true(text_is_utf8("12345678窓口12345678😀", 26));
}

static void
expect_repair(const char *in, size_t n, const char *want)
{
	struct buf b = {0};

	text_to_utf8(&b, in, n);
	assert_string_equal(buf_str(&b), want);
	assert_true(text_is_utf8(b.p, b.n));
	buf_free(&b);
}

static void
repairs(void **state)
{
	(void)state;
	expect_repair("", 0, "");
	expect_repair("窓口", 6, "窓口");
	expect_repair("a\x80\xff\xc0z", 5, "a\xef\xbf\xbdz");
	expect_repair("\x80窓\xe7\xaa", 6, "\xef\xbf\xbd窓\xef\xbf\xbd");
	expect_repair("\xed\xa0\x80", 3, "\xef\xbf\xbd");
}

static void
utf16_units(void **state)
{
	(void)state;
	assert_int_equal(text_utf16_len(""), 0);
	assert_int_equal(text_utf16_len("abc"), 3);
	assert_int_equal(text_utf16_len("é窓口"), 3);
	assert_int_equal(text_utf16_len("😀"), 2);
	assert_int_equal(text_utf16_len("a😀窓👨‍👩‍👧"), 12);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_code_point),
	    cmocka_unit_test(malformed),
	    cmocka_unit_test(repairs),
	    cmocka_unit_test(utf16_units),
	};

	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
