/*
 * search: how fast the desk finds words among very many messages, and how
 * large its index is. `fill` writes messages into the store of a desk that
 * does not run, as Japanese customers might have: kanji words by Zipf's law,
 * particles, endings, katakana, order numbers. `ask` asks the running desk for
 * pieces of those messages. Called by tests/bench/run.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mado/crypto.h>
#include <mado/fetch.h>
#include <mado/mem.h>
#include <mado/sql.h>

#include "bench.h"

enum {
	WORDS = 20000,
	LETTERS = 2000,
	CUSTOMERS = 1000,
	FILL_BATCH = 10000,
	ASKED_MAX = 10000,
	WORD_B = 40
};

/* What is frequent in what customers write; rarer letters are taken from the
 * block of kanji. */
static const char frequent[] =
    "注文品商日送届返金番号確認購入発着連絡待時間在庫店舗問合会員登録変更住所"
    "電話支払料無税込配達予約方法使用説明書不良交換対応担当者様件名前年月今度"
    "大小中新古色数量別最初後何人手紙箱開封部分直接本来受付終了画面表示設定利"
    "用規約期限切替他社製造元気味食物水火木金土曜朝昼夜週先行動作音声写真付属";
static const char *const particles[] = {"の", "を", "が", "は", "に", "で",
    "と", "も", "から", "まで", "について", "への", "より", "、"};
static const char *const endings[] = {"ください。", "です。", "ですか？",
    "しました。", "したいです。", "ますか？", "ありません。", "お願いします。",
    "できますでしょうか。", "教えてください", "ありがとうございます。",
    "まだですか", "がわかりません。", "でしょうか？", "たいのですが、"};
static const char *const verbs[] = {"届か", "確認し", "返品し", "変更",
    "お伺い", "間違え", "壊れて", "使い", "買い", "送って", "受け取り",
    "見つから"};
static const char *const openings[] = {"こんにちは。",
    "お世話になっております。", "すみません、", "はじめまして。",
    "先ほどの件ですが、", "至急！"};

struct zipf {
	double *sum;
	size_t n;
};

static char letters[LETTERS][4];
static char words[WORDS][WORD_B];
static struct zipf by_letter, by_word, by_short;
static uint64_t rng;

static uint64_t
random_u64(void)
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return rng;
}

static size_t
below(size_t n)
{
	return (size_t)(random_u64() >> 11) % n;
}

#define ONE_OF(list) (list)[below(sizeof(list) / sizeof((list)[0]))]

static void
zipf_make(struct zipf *z, size_t n, double s)
{
	double sum = 0;

	z->n = n;
	z->sum = x_calloc(n, sizeof(*z->sum));
	for (size_t i = 0; i < n; i++)
		z->sum[i] = sum += 1 / pow((double)i + 1, s);
}

static size_t
zipf_pick(const struct zipf *z)
{
	double at = (double)(random_u64() >> 11) / 9007199254740992.0 *
	    z->sum[z->n - 1];
	size_t low = 0, high = z->n - 1, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (z->sum[mid] < at)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void
put_letter(char out[4], unsigned cp)
{
	out[0] = (char)(0xe0 | cp >> 12);
	out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
	out[2] = (char)(0x80 | (cp & 0x3f));
	out[3] = '\0';
}

static void
make_letters(void)
{
	size_t known = strlen(frequent) / 3, i;

	for (i = 0; i < known; i++)
		memcpy(letters[i], frequent + i * 3, 3);
	for (; i < LETTERS; i++)
		put_letter(letters[i], 0x4e00 + (unsigned)(i * 7919 % 20900));
}

/* Kanji of two letters mostly, one or three at times, katakana every sixth. */
static void
make_word(char *out, size_t nth)
{
	size_t n = nth % 6 == 5 ? 3 + below(4) : 2;

	if (nth % 11 == 7)
		n = 1 + below(3);
	for (size_t i = 0; i < n; i++)
		if (nth % 6 == 5)
			put_letter(out + i * 3, 0x30a1 + (unsigned)below(80));
		else
			memcpy(out + i * 3, letters[zipf_pick(&by_letter)], 4);
}

static void
make_language(void)
{
	rng = UINT64_C(88172645463325252);
	zipf_make(&by_letter, LETTERS, 0.8);
	zipf_make(&by_word, WORDS, 1.0);
	zipf_make(&by_short, 3, 1.0);
	make_letters();
	for (size_t i = 0; i < WORDS; i++)
		make_word(words[i], i);
}

static void
put_clause(struct buf *b)
{
	for (size_t n = 1 + below(3); n > 0; n--) {
		buf_puts(b, words[zipf_pick(&by_word)]);
		buf_puts(b, ONE_OF(particles));
	}
	buf_puts(b, ONE_OF(verbs));
	buf_puts(b, ONE_OF(endings));
}

/* The nth message, always the same one: 40 letters on average. */
static void
put_message(struct buf *b, int64_t nth)
{
	rng = ((uint64_t)nth + 1) * UINT64_C(0x9e3779b97f4a7c15) | 1;
	for (int i = 0; i < 4; i++)
		random_u64();
	if (below(5) == 0)
		buf_puts(b, ONE_OF(openings));
	if (below(12) == 0)
		buf_printf(b, "注文番号%06zuの", below(1000000));
	for (size_t n = 2 + zipf_pick(&by_short); n > 0; n--)
		put_clause(b);
}

/* fill */

static void
fill_customers(struct sql *db)
{
	for (int64_t i = 1; i <= CUSTOMERS; i++) {
		sql_run(db,
		    "INSERT INTO contact(id,name,kind,since_at)"
		    " VALUES(?1,'お客様 '||?1,'user',1)",
		    "i", i);
		sql_run(db,
		    "INSERT INTO identity(id,channel,external_id,contact)"
		    " VALUES(?1,'main','U'||?1,?1)",
		    "i", i);
		sql_run(db,
		    "INSERT INTO conversation(number,identity,contact,channel,"
		    "mode,status,opened_at) VALUES(?1,?1,?1,'main',1,0,1)",
		    "i", i);
	}
}

static void
fill(const char *path, int64_t n)
{
	struct sql *db = sql_open(path, SQL_SYNC_NORMAL, NULL);
	struct buf b = {0};
	struct err e = {0};

	if (db == NULL)
		bench_die("%s cannot be opened", path);
	sql_run(db, "BEGIN", "");
	fill_customers(db);
	for (int64_t i = 1; i <= n; i++) {
		buf_reset(&b);
		put_message(&b, i);
		sql_run(db,
		    "INSERT INTO message(id,uid,conversation,identity,contact,"
		    "at,sender,type,text,state,rev) VALUES(?1,'m'||?1,?2,?2,?2,"
		    "1700000000000+?1,0,0,?3,0,0)",
		    "iis", i, i % CUSTOMERS + 1, buf_str(&b));
		if (i % FILL_BATCH == 0) {
			sql_run(db, "COMMIT", "");
			sql_run(db, "BEGIN", "");
		}
	}
	sql_run(db, "COMMIT", "");
	if (sql_err(db, &e) == -1)
		bench_die("%s", e.msg);
	sql_close(db);
	buf_free(&b);
}

/* ask */

/* Piece [from, from+n) of a text, in characters; what there is of it. */
static void
put_piece(struct buf *b, const char *text, size_t from, size_t n)
{
	for (; *text != '\0' && n > 0; text++) {
		if (from == 0)
			buf_putc(b, *text);
		if (((unsigned char)text[1] & 0xc0) == 0x80)
			continue;
		if (from > 0)
			from--;
		else
			n--;
	}
}

static size_t
length(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

static void
ask_common(struct buf *q, const char *text)
{
	(void)text;
	buf_puts(q, words[below(30)]);
}

static void
ask_rare(struct buf *q, const char *text)
{
	(void)text;
	buf_puts(q, words[2000 + below(WORDS - 2000)]);
}

static void
ask_single(struct buf *q, const char *text)
{
	put_piece(q, text, below(length(text)), 1);
}

static void
ask_pair(struct buf *q, const char *text)
{
	put_piece(q, text, below(length(text) - 1), 2);
}

static void
ask_phrase(struct buf *q, const char *text)
{
	put_piece(q, text, below(length(text) - 3), 3 + below(8));
}

static void
ask_words(struct buf *q, const char *text)
{
	ask_pair(q, text);
	buf_putc(q, ' ');
	ask_pair(q, text);
}

static void
ask_number(struct buf *q, const char *text)
{
	(void)text;
	buf_printf(q, "番号%05zu", below(100000));
}

static void
ask_nothing(struct buf *q, const char *text)
{
	ask_pair(q, text);
	buf_puts(q, "龘鬱");
}

static const struct kind {
	const char *name;
	void (*put)(struct buf *q, const char *text);
} kinds[] = {{"common", ask_common}, {"rare", ask_rare}, {"single", ask_single},
    {"pair", ask_pair}, {"phrase", ask_phrase}, {"words", ask_words},
    {"number", ask_number}, {"nothing", ask_nothing}};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

struct asking {
	struct bench_conn conn;
	const char *token;
	int64_t messages;
	int64_t *ns[KINDS], *all;
	size_t n;
};

static void
ask_one(struct asking *a, size_t kind, int64_t nth)
{
	struct buf text = {0}, q = {0}, path = {0}, get = {0};
	int64_t from;

	put_message(&text, 1 + nth * 7919 % a->messages);
	kinds[kind].put(&q, buf_str(&text));
	buf_puts(&path, "/v1/search?query=");
	fetch_escape(&path, buf_str(&q));
	bench_get(&get, a->token, path.p);
	from = bench_now_ns();
	bench_send(&a->conn, get.p, get.n);
	bench_wait(&a->conn);
	a->ns[kind][nth] = a->all[a->n++] = bench_now_ns() - from;
	if (a->conn.status != 200)
		bench_die("%s: %d %.80s", q.p, a->conn.status, a->conn.body);
	buf_free(&text);
	buf_free(&q);
	buf_free(&path);
	buf_free(&get);
}

static void
say_ranks(const char *name, int64_t *ns, size_t n)
{
	static const int ranks[] = {50, 95, 99};
	char line[64];

	for (size_t i = 0; i < sizeof(ranks) / sizeof(ranks[0]); i++) {
		snprintf(line, sizeof(line), "search_%s_p%d", name, ranks[i]);
		bench_say(
		    line, (double)bench_rank(ns, n, ranks[i]) / 1e6, "ms");
	}
}

static void
ask(struct asking *a, int port, int64_t times)
{
	bench_connect(&a->conn, port);
	a->all = x_calloc(KINDS * ASKED_MAX, sizeof(*a->all));
	for (size_t k = 0; k < KINDS; k++)
		a->ns[k] = x_calloc(ASKED_MAX, sizeof(*a->ns[k]));
	for (int64_t i = 0; i < times; i++)
		for (size_t k = 0; k < KINDS; k++)
			ask_one(a, k, i);
	for (size_t k = 0; k < KINDS; k++)
		say_ranks(kinds[k].name, a->ns[k], (size_t)times);
	say_ranks("all", a->all, a->n);
}

int
main(int argc, char **argv)
{
	struct asking a = {.messages = 1000000};
	const char *store = NULL;
	int64_t times = 50;
	int o, port = 0;

	while ((o = getopt(argc, argv, "f:p:k:n:t:")) != -1) {
		if (o == 'f')
			store = optarg;
		else if (o == 'p')
			port = atoi(optarg);
		else if (o == 'k')
			a.token = optarg;
		else if (o == 'n')
			a.messages = atoll(optarg);
		else if (o == 't')
			times = atoll(optarg);
	}
	if (optind != argc || a.messages < 1 || times < 1 ||
	    times > ASKED_MAX || (store == NULL && (port == 0 || !a.token)))
		bench_die("usage: search [-n MESSAGES] -f STORE |"
			  " -p PORT -k TOKEN [-t TIMES]");
	crypto_init();
	make_language();
	if (store != NULL)
		fill(store, a.messages);
	else
		ask(&a, port, times);
	return 0;
}
