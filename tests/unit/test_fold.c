/* text.h: the form that search compares, and full-width ASCII made narrow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include <mado/mem.h>
#include <mado/text.h>

#include "../../src/lib/text_fold.c"

#define COUNT(t) (sizeof(t) / sizeof((t)[0]))

static void
folds(const char *s, const char *want)
{
	struct buf b = {0};

	text_fold(&b, s);
	assert_string_equal(buf_str(&b), want);
	buf_free(&b);
}

static void
test_folds(void **state)
{
	static const struct {
		const char *s, *want;
	} t[] = {
	    {"", ""},
	    {"Hello World", "hello world"},
	    {"  a \t\r\n b\v\f  ", "a b"},
	    {"   ", ""},
	    {"\u3000", ""},
	    {"ＡＢＣ　１２３！", "abc 123!"},
	    {"ﾍﾝﾋﾟﾝ ｶﾞｲﾄﾞ", "ヘンピン ガイド"},
	    {"へんぴん", "ヘンピン"},
	    {"か\u3099", "ガ"},
	    {"わ\u3099", "\u30f7"},
	    {"う゛", "ヴ"},
	    {"いすゞ", "イスヾ"},
	    {"㍻㌔①Ⅳ", "平成キロ1iv"},
	    {"ｺｰﾋｰ コーヒー", "コーヒー コーヒー"},
	    {"Straße ÉCOLE e\u0301", "strasse école é"},
	    {"ΣΑΣ", "σασ"},
	    {"10〜20", "10~20"},
	    {"10～20", "10~20"},
	    {"03−1234‐5678－9", "03-1234-5678-9"},
	    {"soft\u00adhy\u200bphen\ufeff", "softhyphen"},
	    {"葛\U000e0100飾", "葛飾"},
	    {"❤\ufe0f", "❤"},
	    {"น้ำ", "น\u0e49\u0e4dา"},
	    {"a\xff\xfe"
	     "B",
		"a\ufffd\ufffdb"},
	    {"a\u2028b\xc2\x85"
	     "c",
		"a b c"},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(t); i++)
		folds(t[i].s, t[i].want);
}

static void
test_appends(void **state)
{
	struct buf b = {0};
	(void)state;

	buf_puts(&b, "x ");
	text_fold(&b, " A ");
	text_fold(&b, " あ ");
	assert_string_equal(buf_str(&b), "x aア");
	buf_free(&b);
}

static void
put(struct buf *b, uint32_t c)
{
	if (c < 0x80) {
		buf_putc(b, (int)c);
		return;
	}
	if (c >= 0x10000) {
		buf_putc(b, (int)(0xf0 | c >> 18));
		buf_putc(b, (int)(0x80 | (c >> 12 & 0x3f)));
	} else if (c >= 0x800) {
		buf_putc(b, (int)(0xe0 | c >> 12));
	}
	buf_putc(b, (int)(c < 0x800 ? 0xc0 | c >> 6 : 0x80 | (c >> 6 & 0x3f)));
	buf_putc(b, (int)(0x80 | (c & 0x3f)));
}

/* What is stored folded is compared with what is folded now. */
static void
test_folding_twice_changes_nothing(void **state)
{
	struct buf s = {0}, once = {0}, twice = {0};
	(void)state;

	for (uint32_t c = 1; c <= 0x10ffff; c++) {
		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		buf_reset(&s);
		buf_reset(&once);
		buf_reset(&twice);
		buf_putc(&s, 'x');
		put(&s, c);
		put(&s, 0x3099);
		text_fold(&once, buf_str(&s));
		text_fold(&twice, buf_str(&once));
		assert_string_equal(buf_str(&once), buf_str(&twice));
		assert_true(text_is_utf8(once.p, once.n));
	}
	buf_free(&s);
	buf_free(&once);
	buf_free(&twice);
}

static void
test_contains(void **state)
{
	(void)state;
	assert_true(text_contains("ご返品の件で", "ヘンピン") == false);
	assert_true(text_contains("ﾍﾝﾋﾟﾝしたい", "へんぴん"));
	assert_true(text_contains("注文番号は ＡＢ-１２３ です", "ab-123"));
	assert_true(text_contains("山田\n花子", "山田 花子"));
	assert_true(text_contains("anything", ""));
	assert_false(text_contains("がっこう", "かっこう"));
	assert_false(text_contains("", "a"));
}

static void
test_narrow(void **state)
{
	static const struct {
		const char *s, *want;
	} t[] = {
	    {"", ""},
	    {"５", "5"},
	    {"　１４：３０　ＡＢＣ～", " 14:30 ABC~"},
	    {"明日　９時", "明日 9時"},
	    {"カナ、ｶﾅ。", "カナ、ｶﾅ。"},
	    {"\xff！", "\xff!"},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(t); i++) {
		char *s = text_narrow(t[i].s);

		assert_string_equal(s, t[i].want);
		x_free(s);
	}
}

/* Marks that would be ordered for hours, and texts that grow. */
static void
test_long_hostile_text_is_linear(void **state)
{
	static const char *const units[] = {"\u0301\u0316", "\u0301\uff9e",
	    "\u0301\u200c\u0316\u200c", "a", "漢", "ｶﾞ", "\ufdfa", "\xff", " ",
	    "e\u0301\u0316\u0301\u0316", "\u0f73\u0f71", "\u0301\u309b"};
	clock_t start = clock();
	(void)state;

	for (size_t i = 0; i < COUNT(units); i++) {
		struct buf b = {0}, out = {0};

		while (b.n < 1 << 20)
			buf_puts(&b, units[i]);
		text_fold(&out, b.p);
		buf_free(&out);
		buf_free(&b);
	}
	assert_true((clock() - start) / CLOCKS_PER_SEC < 30);
}

/* Every letter that folds by itself, before and after others: as Unicode has
 * it. */
static void
test_plain_is_the_same(void **state)
{
	static const char *const around[] = {
	    "", "a", " ", "は", "ハ", "漢", "ー", "。", "Ａ", "\x7f"};
	struct buf text = {0}, plain = {0}, full = {0};
	char letter[5];

	(void)state;
	for (int32_t cp = 1; cp < 0x10000; cp++) {
		memset(letter, 0, sizeof(letter));
		if (fold_letter(cp, true) == -1)
			continue;
		utf8proc_encode_char(cp, (utf8proc_uint8_t *)letter);
		for (size_t i = 0; i < COUNT(around); i++) {
			buf_reset(&text);
			buf_reset(&plain);
			buf_reset(&full);
			buf_printf(&text, "%s%s%s%s", around[i], letter,
			    around[i], letter);
			assert_true(fold_plain(&plain, text.p, i % 2));
			fold_unicode(&full, text.p, i % 2);
			assert_string_equal(buf_str(&plain), buf_str(&full));
			assert_int_equal(plain.n, full.n);
		}
	}
	buf_free(&text);
	buf_free(&plain);
	buf_free(&full);
}

static void
test_not_plain_appends_nothing(void **state)
{
	static const char *const texts[] = {
	    "か\u3099", "ａé", "漢\xff", "\xe3", "ｶ", "a\u200b"};
	struct buf b = {0};

	(void)state;
	buf_puts(&b, "x");
	for (size_t i = 0; i < COUNT(texts); i++)
		assert_false(fold_plain(&b, texts[i], true));
	assert_int_equal(b.n, 1);
	assert_string_equal(buf_str(&b), "x");
	text_fold(&b, "か\u3099");
	assert_string_equal(buf_str(&b), "xガ");
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_folds),
	    cmocka_unit_test(test_appends),
	    cmocka_unit_test(test_folding_twice_changes_nothing),
	    cmocka_unit_test(test_contains),
	    cmocka_unit_test(test_narrow),
	    cmocka_unit_test(test_plain_is_the_same),
	    cmocka_unit_test(test_not_plain_appends_nothing),
	    cmocka_unit_test(test_long_hostile_text_is_linear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
