/*
 * Auto Reply's memory: four languages' questions find their FAQ, what is none
 * is handed over whatever it is, a damaged file is refused, a broken import
 * leaves the old one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "faq_all.h"

static char path[64];

static struct faq_source
source(const char *name, const char *text)
{
	return (struct faq_source){name, text, text != NULL ? strlen(text) : 0};
}

static int
compile(const char *faq, const char *examples, const char *negatives,
    struct faq_report *r, struct err *e)
{
	struct faq_sources in = {source("faq.tsv", faq),
	    source("examples.tsv", examples), source("none.tsv", negatives),
	    {0}};

	err_clear(e);
	return faq_compile(&in, path, r, e);
}

static struct faq *
open_of(const char *faq, const char *examples)
{
	struct faq_report r;
	struct faq *f;
	struct err e;

	if (compile(faq, examples, NULL, &r, &e) != 0 ||
	    (f = faq_open(path, &e)) == NULL)
		fail_msg("%s", e.msg);
	return f;
}

static char *
data(const char *name)
{
	char *file = x_sprintf("tests/data/faq/%s", name);
	struct buf b = {0};
	struct err e;

	if (buf_read_file(&b, file, 1 << 20, &e) != 0)
		fail_msg("%s", e.msg);
	x_free(file);
	return buf_take(&b);
}

static struct faq *
shop(void)
{
	char *faq = data("faq.tsv"), *examples = data("examples.tsv");
	struct faq *f = open_of(faq, examples);

	x_free(faq);
	x_free(examples);
	return f;
}

/* Questions and answers of a shop in three more languages. */
static const char mixed[] =
    "th_ship\tค่าจัดส่งเท่าไหร่\tค่าจัดส่ง 50 บาท ส่งฟรีเมื่อซื้อครบ 1,000 บาท\n"
    "th_return\tขอคืนสินค้าได้ไหม\tคืนสินค้าได้ภายใน 7 วัน\n"
    "th_hours\tร้านเปิดกี่โมง\tเปิดทุกวัน 10:00-20:00\n"
    "zh_ship\t运费是多少\t满200元免运费，否则15元\n"
    "zh_return\t如何退货\t收到商品7天内可以退货\n"
    "zh_pay\t支持哪些付款方式\t支持微信支付、支付宝和信用卡\n"
    "en_ship\tHow much is shipping?\tShipping is 5 dollars, free from 50.\n"
    "en_return\tHow do I return an item?\tSend it back within 7 days.\n"
    "en_gift\tDo you offer gift wrapping?\tYes, for 3 dollars.\n"
    "ja_store\t店舗の場所はどこですか\t渋谷駅から徒歩5分です。\n"
    "ja_points\tポイントの使い方\tお会計のときに1ポイント1円で使えます。\n";

static void
test_languages(void **state)
{
	static const struct {
		const char *text, *id;
	} rows[] = {
	    {"ค่าจัดส่งเท่าไหร่ครับ", "th_ship"},
	    {"อยากคืนสินค้า", "th_return"},
	    {"เปิดกี่โมงคะ", "th_hours"},
	    {"请问运费多少钱", "zh_ship"},
	    {"我想退货", "zh_return"},
	    {"可以用什么付款方式", "zh_pay"},
	    {"what does shipping cost", "en_ship"},
	    {"I want to RETURN my items", "en_return"},
	    {"gift wrap please", "en_gift"},
	    {"店舗はどこにありますか", "ja_store"},
	    {"ﾎﾟｲﾝﾄを使いたい", "ja_points"},
	    {"Ｓｈｉｐｐｉｎｇ？", "en_ship"},
	};
	struct faq *f = open_of(mixed, NULL);
	struct faq_verdict v;

	(void)state;
	assert_int_equal(faq_count(f), 11);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		faq_ask(f, rows[i].text, &v);
		if (v.n == 0 || strcmp(v.ids[0], rows[i].id) != 0)
			fail_msg("%s: %s", rows[i].text,
			    v.n > 0 ? v.ids[0] : "nothing");
	}
	faq_free(f);
}

static void
test_entries(void **state)
{
	struct faq *f = open_of(mixed, NULL);
	const char *question, *answer;

	(void)state;
	assert_string_equal(
	    faq_answer(f, "zh_pay"), "支持微信支付、支付宝和信用卡");
	assert_true(faq_entry(f, "th_hours", &question, &answer));
	assert_string_equal(question, "ร้านเปิดกี่โมง");
	assert_null(faq_answer(f, "none"));
	assert_null(faq_answer(f, ""));
	faq_free(f);
}

/* Own questions, on which nothing was fitted, with and without examples. */
static void
assert_figures(struct faq *f)
{
	char *queries = data("queries.tsv");
	struct faq_source src = source("queries.tsv", queries);
	struct faq_figures r;
	struct err e;

	if (faq_eval(f, &src, NULL, NULL, &r, &e) != 0)
		fail_msg("%s", e.msg);
	assert_int_equal(r.queries, 32);
	assert_int_equal(r.in_scope, 25);
	assert_true(r.top1 >= 0.88);
	assert_true(r.top3 >= 0.92);
	assert_true(r.auroc >= 0.95);
	assert_true(r.out_of_scope_handed_over == 1);
	assert_false(r.right_of_answered < 0.9);
	x_free(queries);
	faq_free(f);
}

static void
test_shop(void **state)
{
	char *faq = data("faq.tsv");

	(void)state;
	assert_figures(shop());
	assert_figures(open_of(faq, NULL));
	x_free(faq);
}

/* A FAQ that has no examples is not drowned by those that have. */
static void
test_without_examples(void **state)
{
	static const char *const rows[][2] = {{"駐車場ありますか？", "parking"},
	    {"領収書をください", "receipt"},
	    {"ポイントの有効期限はいつまで", "points_expiry"},
	    {"クーポンが使えません", "coupon"}};
	struct faq *f = shop();
	struct faq_verdict v;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		faq_ask(f, rows[i][0], &v);
		assert_true(v.n > 0);
		assert_string_equal(v.ids[0], rows[i][1]);
	}
	/* in doubt between one of either kind both are offered */
	faq_ask(f, "退会の手続き", &v);
	assert_int_equal(v.outcome, FAQ_OFFER);
	assert_true(v.n >= 2);
	assert_true(strcmp(v.ids[0], "withdraw") == 0 ||
	    strcmp(v.ids[1], "withdraw") == 0);
	faq_free(f);
}

/* Two or three examples fit nothing, but are found all the same. */
static void
test_few_examples(void **state)
{
	struct faq *f = open_of("ship\t送料はいくら\t550円\n"
				"back\t返品したい\t7日以内\n",
	    "ship\t配達にお金はかかる\nship\t運賃を知りたい\n"
	    "back\t気に入らない\n");
	struct faq_verdict v;

	(void)state;
	faq_ask(f, "運賃は？", &v);
	assert_string_equal(v.ids[0], "ship");
	assert_string_equal(v.why, "its own text");
	faq_free(f);
}

/* Whatever a customer sends there is a decision, and it is not an answer. */
static void
test_bad_input(void **state)
{
	static const char *const rows[] = {"", " ", "　\n", "😭😭😭", "!?!?!?",
	    "(emoji)", "ｗｗｗｗｗｗ", "a", "ん", "12345", "ああああああああ",
	    "Где мой заказ?", "أين طلبي", "मेरा ऑर्डर कहाँ है",
	    "Onde está o meu pedido?", "\u200b\u200b", "\ufffd\ufffd",
	    "asdf qwer zxcv"};
	struct faq *f = shop();
	struct faq_verdict v;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		faq_ask(f, rows[i], &v);
		if (v.outcome == FAQ_ANSWER)
			fail_msg("%s: %s", rows[i], v.ids[0]);
		assert_non_null(v.why);
		assert_true(v.confidence >= 0 && v.confidence <= 1);
	}
	faq_ask(f, "😭😭😭", &v);
	assert_int_equal(v.outcome, FAQ_HANDOFF);
	assert_string_equal(v.why, "no words");
	assert_int_equal(v.n, 0);
	faq_free(f);
}

static void
test_long(void **state)
{
	struct faq *f = shop();
	struct faq_verdict v;
	struct buf b = {0};

	(void)state;
	for (int i = 0; i < 700; i++)
		buf_puts(&b, "返品したい ");
	faq_ask(f, buf_str(&b), &v);
	assert_int_not_equal(v.outcome, FAQ_ANSWER);
	buf_reset(&b);
	for (int i = 0; i < 300000; i++)
		buf_puts(&b, "\u0301");
	faq_ask(f, buf_str(&b), &v);
	assert_int_equal(v.outcome, FAQ_HANDOFF);
	buf_free(&b);
	faq_free(f);
}

/* The same sources give the same file. */
static void
test_same(void **state)
{
	struct buf one = {0}, two = {0};
	struct err e;

	(void)state;
	faq_free(shop());
	assert_int_equal(buf_read_file(&one, path, 1 << 24, &e), 0);
	faq_free(shop());
	assert_int_equal(buf_read_file(&two, path, 1 << 24, &e), 0);
	assert_int_equal(one.n, two.n);
	assert_memory_equal(one.p, two.p, one.n);
	buf_free(&one);
	buf_free(&two);
}

static bool
opens(const struct buf *b, size_t n)
{
	struct faq *f;
	struct err e = {0};

	if (file_write(path, b->p, n, 0600, &e) != 0)
		fail_msg("%s", e.msg);
	f = faq_open(path, &e);
	assert_true(f != NULL || e.code == ERR_FAILED);
	faq_free(f);
	return f != NULL;
}

static void
test_damage(void **state)
{
	struct buf b = {0};
	struct err e;

	(void)state;
	faq_free(open_of(mixed, NULL));
	assert_int_equal(buf_read_file(&b, path, 1 << 24, &e), 0);
	assert_true(opens(&b, b.n));
	for (size_t i = 0; i < b.n; i += 1 + b.n / 97) {
		b.p[i] ^= 0x10;
		assert_false(opens(&b, b.n));
		b.p[i] ^= 0x10;
		assert_false(opens(&b, i));
	}
	assert_true(opens(&b, b.n));
	buf_free(&b);
	unlink(path);
	assert_null(faq_open(path, &e));
	assert_int_equal(e.code, ERR_NOTFOUND);
}

/* With the sum put right, what is inside must still be refused or harmless. */
static void
test_forged(void **state)
{
	struct file_head h;
	struct faq_verdict v;
	struct buf b = {0};
	struct faq *f;
	struct err e;

	(void)state;
	faq_free(open_of(mixed, NULL));
	assert_int_equal(buf_read_file(&b, path, 1 << 24, &e), 0);
	for (size_t i = sizeof(h); i < b.n; i += 1 + b.n / 997) {
		char was = b.p[i];

		b.p[i] ^= 0x55;
		memcpy(&h, b.p, sizeof(h));
		h.sum = 0;
		memcpy(b.p, &h, sizeof(h));
		h.sum = checksum(b.p, b.n);
		memcpy(b.p, &h, sizeof(h));
		assert_int_equal(file_write(path, b.p, b.n, 0600, &e), 0);
		if ((f = faq_open(path, &e)) != NULL) {
			faq_ask(f, "运费 shipping ค่าจัดส่ง 店舗", &v);
			faq_free(f);
		}
		b.p[i] = was;
	}
	buf_free(&b);
}

static void
test_mistakes(void **state)
{
	static const struct {
		const char *faq, *examples, *says;
	} rows[] = {
	    {"", NULL, "faq.tsv:1:1: there is no entry"},
	    {"id\tquestion\tanswer\n", NULL, "faq.tsv:1:1: there is no"},
	    {"a\tq\tb\na\tq\tb\n", NULL,
		"faq.tsv:2:1: a second \"a\"; the first is in line 1"},
	    {"a\t\tb\n", NULL, "faq.tsv:1:2: the entry \"a\" has no question"},
	    {"a\tq\t\n", NULL, "faq.tsv:1:3: the entry \"a\" has no answer"},
	    {"a\tq\n", NULL, "faq.tsv:1:3: a column is missing"},
	    {"\tq\tb\n", NULL, "faq.tsv:1:1: an entry needs an id"},
	    {"a|b\tq\tb\n", NULL, "faq.tsv:1:1: an id has"},
	    {"-\tq\tb\n", NULL, "faq.tsv:1:1: an id has"},
	    {"a\tq\tb\n", "a\tx\nb\ty\n",
		"examples.tsv:2:1: there is no FAQ \"b\""},
	    {"a\tq\tb\n", "a\t\n", "examples.tsv:1:2: an example without"},
	};
	struct faq_report r;
	struct faq *f;
	struct err e;

	(void)state;
	faq_free(open_of(mixed, NULL));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(
		    compile(rows[i].faq, rows[i].examples, NULL, &r, &e), -1);
		assert_int_equal(e.code, ERR_INVALID);
		if (strncmp(e.msg, rows[i].says, strlen(rows[i].says)) != 0)
			fail_msg("%s, not %s", e.msg, rows[i].says);
	}
	assert_non_null(f = faq_open(path, &e));
	assert_int_equal(faq_count(f), 11);
	faq_free(f);
}

static void
test_title(void **state)
{
	struct faq *f = open_of("ID\t質問\t回答\na\t送料は\t550円\n",
	    "id\t言い方\na\t送料いくら\n");

	(void)state;
	assert_int_equal(faq_count(f), 1);
	faq_free(f);
}

static void
test_eval(void **state)
{
	static const char *const bad[] = {
	    "x\tnone\n", "x\ta|none\n", "x\t\n", "x\n"};
	struct faq *f =
	    open_of("a\t送料はいくら\t550円\nb\t返品したい\t可\n", NULL);
	struct faq_source src =
	    source("q.tsv", "送料\ta\n宇宙\t-\n送料\ta|b\n");
	struct faq_figures r;
	struct err e;

	(void)state;
	assert_int_equal(faq_eval(f, &src, NULL, NULL, &r, &e), 0);
	assert_int_equal(r.queries, 3);
	assert_int_equal(r.in_scope, 2);
	assert_true(r.top1 == 1 && r.top3 == 1 && r.auroc == 1);
	src = source("q.tsv", "");
	assert_int_equal(faq_eval(f, &src, NULL, NULL, &r, &e), 0);
	assert_true(isnan(r.answered) && isnan(r.top1) && isnan(r.auroc) &&
	    isnan(r.ms_p99));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		src = source("q.tsv", bad[i]);
		assert_int_equal(faq_eval(f, &src, NULL, NULL, &r, &e), -1);
		assert_int_equal(e.code, ERR_INVALID);
	}
	faq_free(f);
}

static int
set_up(void **state)
{
	int fd;

	(void)state;
	snprintf(path, sizeof(path), "/tmp/mado-faq-XXXXXX");
	fd = mkstemp(path);
	close(fd);
	return fd == -1;
}

static int
tear_down(void **state)
{
	(void)state;
	unlink(path);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_languages),
	    cmocka_unit_test(test_entries),
	    cmocka_unit_test(test_shop),
	    cmocka_unit_test(test_without_examples),
	    cmocka_unit_test(test_few_examples),
	    cmocka_unit_test(test_bad_input),
	    cmocka_unit_test(test_long),
	    cmocka_unit_test(test_same),
	    cmocka_unit_test(test_damage),
	    cmocka_unit_test(test_forged),
	    cmocka_unit_test(test_mistakes),
	    cmocka_unit_test(test_title),
	    cmocka_unit_test(test_eval),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
