/*
 * Search: how texts are cut, what is asked of the index, which places are
 * marked; and the index itself, through SQLite, against looking at each text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <mado/text.h>

#include "../../src/madod/search.c"
#include "../../src/madod/search_token.c"

static int
token_put(void *arg, const char *p, size_t n)
{
	struct buf *b = arg;

	buf_puts(b, b->n > 0 ? "|" : "");
	buf_add(b, p, n);
	return 0;
}

static void
assert_cut(const char *text, const char *wanted)
{
	struct buf b = {0};

	assert_int_equal(search_cut(text, strlen(text), token_put, &b), 0);
	assert_string_equal(buf_str(&b), wanted);
	buf_free(&b);
}

static void
test_cut(void **state)
{
	(void)state;
	assert_cut("", "");
	assert_cut("税", "税");
	assert_cut("注文番", "注文|文番|番");
	assert_cut("ab 注", "ab|b|注");
	assert_cut("a b", "a|b");
	assert_cut("𠮷野", "𠮷野|野");
	assert_cut("\xff\xe3z", "\xff\xe3|\xe3z|z"); /* never folded text */
}

static int
token_stop(void *arg, const char *p, size_t n)
{
	(void)p;
	(void)n;
	return ++*(int *)arg == 2 ? 7 : 0;
}

static void
test_cut_stops(void **state)
{
	int n = 0;

	(void)state;
	assert_int_equal(search_cut("abcd", 4, token_stop, &n), 7);
	assert_int_equal(n, 2);
}

static void
assert_match(const char *query, const char *wanted)
{
	struct arena *a = arena_new();
	struct search s;

	assert_int_equal(search_parse(&s, a, query, NULL), 0);
	if (wanted == NULL)
		assert_null(s.match);
	else
		assert_string_equal(s.match, wanted);
	arena_free(a);
}

static void
test_match(void **state)
{
	(void)state;
	assert_match("注文", "\"注文\"");
	assert_match("注文番", "\"注文\" AND \"文番\"");
	assert_match("注 文", NULL);
	assert_match("税 注文", "\"注文\"");
	assert_match("注文 ＡＢ", "\"注文\" AND \"ab\"");
	assert_match("注文 注文", "\"注文\"");
	/* what is rare first */
	assert_match("して注文", "\"注文\" AND \"テ注\" AND \"シテ\"");
	assert_match("\"*", "\"\"\"*\"");
	assert_match("a\"b", "\"a\"\"\" AND \"\"\"b\"");
}

static void
test_match_is_short(void **state)
{
	struct arena *a = arena_new();
	struct buf b = {0};
	struct search s;
	size_t ands = 0;

	(void)state;
	for (int i = 0; i < 200; i++)
		buf_printf(
		    &b, "%c%c%c", 'a' + i % 26, 'b' + i % 25, 'c' + i % 24);
	assert_int_equal(search_parse(&s, a, buf_str(&b), NULL), 0);
	for (const char *p = s.match; (p = strstr(p, " AND ")); p++)
		ands++;
	assert_int_equal(ands, SEARCH_TERMS_MAX - 1);
	buf_free(&b);
	arena_free(a);
}

static void
test_refused(void **state)
{
	struct arena *a = arena_new();
	char *big = x_calloc(SEARCH_QUERY_MAX_B + 2, 1);
	struct err e = {0};
	struct search s;

	(void)state;
	memset(big, 'a', SEARCH_QUERY_MAX_B + 1);
	assert_int_equal(search_parse(&s, a, NULL, &e), -1);
	assert_int_equal(search_parse(&s, a, "", &e), -1);
	assert_int_equal(search_parse(&s, a, " \u3000\u200b\n", &e), -1);
	assert_int_equal(search_parse(&s, a, big, &e), -1);
	assert_int_equal(e.code, ERR_INVALID);
	big[SEARCH_QUERY_MAX_B] = '\0';
	assert_int_equal(search_parse(&s, a, big, &e), 0);
	x_free(big);
	arena_free(a);
}

static void
test_single(void **state)
{
	struct arena *a = arena_new();
	struct search s;

	(void)state;
	assert_int_equal(search_parse(&s, a, "税 \"", NULL), 0);
	assert_string_equal(search_single(&s, a, 0), "\"税\"*");
	assert_string_equal(search_single(&s, a, 1), "\"\"\"\"*");
	arena_free(a);
}

static void
assert_marks(const char *query, const char *text, const char *wanted)
{
	struct arena *a = arena_new();
	struct buf b = {0};
	struct search s;

	assert_int_equal(search_parse(&s, a, query, NULL), 0);
	search_marks(&s, &b, text);
	assert_string_equal(buf_str(&b), wanted);
	buf_free(&b);
	arena_free(a);
}

static void
test_marks(void **state)
{
	(void)state;
	assert_marks("注文", "注文について注文", "[[0,6],[18,6]]");
	assert_marks("注文", "なし", "[]");
	assert_marks("注文 文に", "注文について", "[[0,9]]");
	assert_marks("aa", "aaaa", "[[0,4]]");
	assert_marks("abc", "x ＡＢＣ y", "[[2,9]]");
	assert_marks("ガ", "ｶﾞ", "[[0,6]]");
	assert_marks("ガ", "か゛", "[[0,6]]");
	assert_marks("が", "か\u3099", "[[0,6]]");
	assert_marks("会", "㍿", "[[0,3]]");
	assert_marks("ss", "Größe", "[[4,2]]");
	assert_marks("b", "  a\t\n b", "[[6,1]]");
	assert_marks("b", "a\u200b\u00a0b", "[[6,1]]");
	assert_marks("😀", "a😀b", "[[1,4]]");
	assert_marks("b",
	    "\xff"
	    "b",
	    "[[1,1]]");
	assert_marks("\xff", "a\xff", "[[1,1]]");
}

/* Every mark lies in the text, on whatever text. */
static void
test_marks_lie_inside(void **state)
{
	static const char *const texts[] = {"", " ", "\u3099", "\u309b\u309b",
	    "\u0301\u0301 \u0301a", "ﾞ", "\xf0\x9f", "a\xe3\x81",
	    "ᄀ\u1161\u11a8", "👨‍👩‍👧", "\u200b", "か \u3099"};
	struct arena *a = arena_new();
	struct search s = {0};
	struct buf b = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (search_parse(&s, a, texts[i], NULL) == -1)
			continue;
		buf_reset(&b);
		search_marks(&s, &b, texts[i]);
		if (s.words.n == 1)
			assert_string_not_equal(buf_str(&b), "[]");
	}
	buf_free(&b);
	arena_free(a);
}

/* the index */

static const char *const said[] = {"注文について", "文注", "注 文", "税込",
    "税", "Order 12345", "ORDER-5", "ｶﾞｽ", "がす会社", "a\"b*c AND d", "（税）",
    "注文 注文", "二行\n目です", "𠮷野家"};
enum { SAID = sizeof(said) / sizeof(said[0]) };

static struct sql *
index_open(const char *path)
{
	struct sql *db = sql_open(path, 0, NULL);
	struct buf b = {0};

	assert_non_null(db);
	sql_script(db,
	    "CREATE VIRTUAL TABLE search USING fts5(text, content='',"
	    " detail=none, columnsize=0, tokenize='" SEARCH_TOKENIZER "')");
	for (int i = 0; i < SAID; i++) {
		buf_reset(&b);
		text_fold(&b, said[i]);
		sql_run(db, "INSERT INTO search(rowid,text) VALUES(?1,?2)",
		    "ds", i, buf_str(&b));
	}
	assert_int_equal(sql_err(db, NULL), 0);
	buf_free(&b);
	return db;
}

/* The index must name each text that fits; it may name others. */
static void
check_query(struct sql *db, const char *query)
{
	struct arena *a = arena_new();
	struct buf b = {0};
	struct search s;
	int64_t named;

	assert_int_equal(search_parse(&s, a, query, NULL), 0);
	for (int i = 0; i < SAID; i++) {
		buf_reset(&b);
		text_fold(&b, said[i]);
		named = sql_get_int(db, 0,
		    "SELECT count(*) FROM search WHERE search MATCH ?1"
		    " AND rowid=?2",
		    "sd", s.match ? s.match : search_single(&s, a, 0), i);
		assert_int_equal(sql_err(db, NULL), 0);
		if (search_fits(&s, buf_str(&b)) && named != 1)
			fail_msg("%s does not find %s", query, said[i]);
	}
	buf_free(&b);
	arena_free(a);
}

static void
test_index(void **state)
{
	static const char *const queries[] = {"注文", "注", "文", "税", "込",
	    "*", "\"", "order", "12345 ORDER", "がす", "会社", "文に", "a\"b*c",
	    "and", "について", "目", "です", "𠮷", "野家", "（", "-5",
	    "注文 注"};
	char path[] = "/tmp/mado-search.XXXXXX";
	struct sql *db;

	(void)state;
	close(mkstemp(path));
	db = index_open(path);
	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++)
		check_query(db, queries[i]);
	sql_close(db);
	unlink(path);
}

static int
set_up(void **state)
{
	(void)state;
	search_init();
	return 0;
}

int
main(void)
{
#define T(fn) cmocka_unit_test(fn)
	const struct CMUnitTest tests[] = {T(test_cut), T(test_cut_stops),
	    T(test_match), T(test_match_is_short), T(test_refused),
	    T(test_single), T(test_marks), T(test_marks_lie_inside),
	    T(test_index)};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
