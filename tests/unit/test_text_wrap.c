/* text_wrap(): kinsoku, whole words, whole clusters, hostile text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include <mado/text.h>

#define COUNT(t) (sizeof(t) / sizeof((t)[0]))

static bool
add_line(void *arg, struct text_line l)
{
	struct buf *b = arg;

	buf_add(b, l.p, l.n);
	buf_putc(b, '|');
	return true;
}

static void
wraps(const char *s, int cols, const char *want)
{
	struct buf b = {0};

	text_wrap(s, strlen(s), cols, add_line, &b);
	assert_string_equal(buf_str(&b), want);
	buf_free(&b);
}

static void
test_words(void **state)
{
	(void)state;
	wraps("", 10, "|");
	wraps("hello", 10, "hello|");
	wraps("hello world", 11, "hello world|");
	wraps("hello world", 10, "hello |world|");
	wraps("hello world", 5, "hello|world|");
	wraps("hello   world", 6, "hello |world|");
	wraps("a b c d e", 3, "a b|c d|e|");
	wraps("see https://example.jp/a-b?c=d now", 26,
	    "see |https://example.jp/a-b?c=d|now|");
	wraps("abcdefghijkl", 5, "abcde|fghij|kl|");
	wraps("ab cdefghijkl", 5, "ab |cdefg|hijkl|");
	wraps("(well) \"so\", she said.", 8, "(well) |\"so\", |she |said.|");
	wraps("100\u00a0km away", 8, "100\u00a0km |away|");
	wraps(
	    "super\u200bcalifragilistic", 12, "super\u200b|califragilis|tic|");
}

static void
test_line_ends(void **state)
{
	(void)state;
	wraps("a\nb", 10, "a|b|");
	wraps("a\r\nb\rc\n", 10, "a|b|c||");
	wraps("\n\na", 10, "||a|");
	wraps("a\u2028b\xc2\x85"
	      "c",
	    10, "a|b|c|");
	wraps("abcde\nf", 5, "abcde|f|");
	wraps("abcde  \nf", 5, "abcde|f|");
	wraps("abc  ", 4, "abc |");
	wraps("      ", 4, "    |");
	wraps("  ab", 4, "  ab|");
}

static void
test_japanese(void **state)
{
	(void)state;
	wraps("あいうえお", 4, "あい|うえ|お|");
	wraps("あいうえお", 5, "あい|うえ|お|");
	wraps("あいう。", 6, "あい|う。|");
	wraps("あいう。」え", 6, "あい|う。」|え|");
	wraps("お買い物「返品」です", 10, "お買い物|「返品」で|す|");
	wraps("きょうはちょっと", 8, "きょうは|ちょっと|");
	wraps("あいきょう", 6, "あい|きょう|");
	wraps("ラーメンコーヒー", 6, "ラーメ|ンコー|ヒー|");
	wraps("人々、様々", 6, "人々、|様々|");
	wraps("商品はWeb版です", 8, "商品は|Web版で|す|");
	wraps("注文番号：12345", 10, "注文番号：|12345|");
	wraps("ﾍﾝﾋﾟﾝｼﾀｲ", 4, "ﾍﾝﾋﾟ|ﾝｼﾀｲ|");
	wraps("ｶﾞｯｺｳ", 3, "ｶﾞｯ|ｺｳ|");
	wraps("お世話になっております。　返品したいです", 12,
	    "お世話になっ|ております。|返品したいで|す|");
	wraps("。。。。", 4, "。。|。。|");
	wraps("「「「「", 4, "「「|「「|");
}

static void
test_clusters_stay_whole(void **state)
{
	(void)state;
	wraps("か\u3099き\u3099く\u3099", 4, "か\u3099き\u3099|く\u3099|");
	wraps("👍🏽👍🏽👍🏽", 4, "👍🏽👍🏽|👍🏽|");
	wraps("👨\u200d👩\u200d👧😀", 2, "👨\u200d👩\u200d👧|😀|");
	wraps("🇯🇵🇹🇭", 4, "🇯🇵|🇹🇭|");
	wraps("a🇯🇵", 3, "a|🇯🇵|"); /* wider than the line: alone on it */
	wraps("e\u0301e\u0301e\u0301", 2, "e\u0301e\u0301|e\u0301|");
}

static void
test_thai(void **state)
{
	(void)state;
	wraps("สวัสดีครับ", 4, "สวัสดี|ครับ|");
	wraps("เรื่องน้ำ", 5, "เรื่อง|น้ำ|");
	wraps("กินน้ำ", 3, "กิน|น้ำ|");
	wraps("ไปเที่ยว", 3, "ไป|เที่ย|ว|");
}

/* Any cluster fits: no line is wider, nothing but spaces and ends is lost. */
struct checker {
	const char *at;
	int cols;
};

static bool
check_line(void *arg, struct text_line l)
{
	struct checker *k = arg;

	for (; k->at < l.p; k->at++)
		assert_non_null(strchr(" \n", *k->at));
	assert_true(text_width(l.p, l.n) <= k->cols);
	k->at = l.p + l.n;
	return true;
}

static uint32_t
dice(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static void
test_any_mixture(void **state)
{
	static const char *const parts[] = {"a", "word", " ", "  ", "\n", "あ",
	    "。", "「", "っ", "ー", "ที่", "เ", "น้ำ", "ｶﾞ", "👍🏽", "🇯🇵",
	    "e\u0301", "(", ")", "\u0301", "\x1b", "\u200d", "\xff", "한"};
	uint32_t seed = 5;
	(void)state;

	for (int i = 0; i < 30000; i++) {
		struct buf b = {0};
		struct checker k = {.cols = 4 + (int)(dice(&seed) % 12)};

		for (uint32_t n = dice(&seed) % 30; n > 0; n--)
			buf_puts(&b, parts[dice(&seed) % COUNT(parts)]);
		k.at = buf_str(&b);
		text_wrap(buf_str(&b), b.n, k.cols, check_line, &k);
		for (; *k.at != '\0'; k.at++)
			assert_non_null(strchr(" \n", *k.at));
		buf_free(&b);
	}
}

static bool
stop_at_second(void *arg, struct text_line l)
{
	(void)l;
	return ++*(int *)arg < 2;
}

static void
test_stops_when_told(void **state)
{
	int calls = 0;
	(void)state;

	text_wrap("a\nb\nc\nd", 7, 10, stop_at_second, &calls);
	assert_int_equal(calls, 2);
}

static bool
count_line(void *arg, struct text_line l)
{
	(void)l;
	++*(size_t *)arg;
	return true;
}

static void
test_long_hostile_text_is_linear(void **state)
{
	static const char *const units[] = {"a", "a ", " ", "\n", "漢", "。",
	    "「", "\u0301", "👨\u200d", "ที่", "\uff9e", "\xff"};
	clock_t start = clock();
	(void)state;

	for (size_t i = 0; i < COUNT(units); i++) {
		struct buf b = {0};
		size_t lines = 0;

		while (b.n < 1 << 20)
			buf_puts(&b, units[i]);
		text_wrap(b.p, b.n, 40, count_line, &lines);
		assert_true(lines > 0);
		buf_free(&b);
	}
	assert_true((clock() - start) / CLOCKS_PER_SEC < 20);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_line_ends),
	    cmocka_unit_test(test_japanese),
	    cmocka_unit_test(test_clusters_stay_whole),
	    cmocka_unit_test(test_thai),
	    cmocka_unit_test(test_any_mixture),
	    cmocka_unit_test(test_stops_when_told),
	    cmocka_unit_test(test_long_hostile_text_is_linear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
