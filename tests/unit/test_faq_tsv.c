/*
 * Tables as spreadsheets write them: what each form gives, and where every
 * mistake is said to be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/madod/faq_tsv.c"

static struct arena *arena;
static struct faq_table table;

static int
read_as(const char *name, const char *p, size_t n, struct faq_shape shape,
    struct err *e)
{
	struct faq_source src = {name, p, n};

	err_clear(e);
	return faq_table_read(&table, arena, &src, shape, e);
}

/* The cells as "a|b|c/d|e|f". */
static void
assert_cells(const char *name, const char *p, size_t n, const char *want)
{
	struct faq_shape shape = {2, 3};
	struct buf b = {0};
	struct err e;

	if (read_as(name, p, n, shape, &e) != 0)
		fail_msg("%s", e.msg);
	for (size_t i = 0; i < table.n; i++)
		buf_printf(&b, "%s%s|%s|%s", i > 0 ? "/" : "",
		    table.rows[i].v[0], table.rows[i].v[1], table.rows[i].v[2]);
	assert_string_equal(buf_str(&b), want);
	buf_free(&b);
}

#define ASSERT_CELLS(name, text, want) \
	assert_cells(name, text, sizeof(text) - 1, want)

static void
test_forms(void **state)
{
	(void)state;
	ASSERT_CELLS("a.tsv", "a\tb\tc\nd\te\tf\n", "a|b|c/d|e|f");
	ASSERT_CELLS("a.tsv", "a\tb\tc\r\nd\te\tf", "a|b|c/d|e|f");
	ASSERT_CELLS("a.tsv", "a\tb\rd\te\r", "a|b|/d|e|");
	ASSERT_CELLS("a.tsv",
	    "\xef\xbb\xbf"
	    "a\tb\n",
	    "a|b|");
	ASSERT_CELLS("a.tsv", "a\tb\n\n\t\t\nc\td\n", "a|b|/c|d|");
	ASSERT_CELLS("a.tsv", " a \t b\t\t\t\n", "a|b|");
	ASSERT_CELLS("a.csv", "a,b,c\n\"d,1\",\"say \"\"e\"\"\",\"f\n g\"\n",
	    "a|b|c/d,1|say \"e\"|f\n g");
	ASSERT_CELLS("a.csv", "a,\"x\r\ny\"\r\n", "a|x\ny|");
	ASSERT_CELLS("a.tsv", "a,b\nc,d\n", "a|b|/c|d|");
	ASSERT_CELLS("a.tsv", "a\t\"quoted\tcell\"\n", "a|quoted\tcell|");
	ASSERT_CELLS("a.tsv", "a\t\"Hi\" she said\n", "a|\"Hi\" she said|");
	ASSERT_CELLS("a.tsv", "a\tone, two\n", "a|one, two|");
	ASSERT_CELLS("a.tsv", "", "");
}

static void
test_encodings(void **state)
{
	(void)state;
	/* 送料,はいくら in Shift_JIS; ① and ～ are Microsoft's */
	ASSERT_CELLS("a.csv",
	    "\x91\x97\x97\xbf,\x82\xcd\x82\xa2\x82\xad\x82\xe7\r\n"
	    "\x87\x40,\x81\x60\r\n",
	    "送料|はいくら|/①|～|");
	ASSERT_CELLS("a.txt",
	    "\xff\xfe"
	    "a\0\t\0\x53\x30\n\0",
	    "a|こ|");
	ASSERT_CELLS("a.tsv", "คำถาม\tส่งกี่วัน\n", "คำถาม|ส่งกี่วัน|");
}

static void
test_lines(void **state)
{
	(void)state;
	ASSERT_CELLS("a.csv", "a,\"x\ny\"\n\nb,c\n", "a|x\ny|/b|c|");
	assert_int_equal(table.rows[0].line, 1);
	assert_int_equal(table.rows[1].line, 4);
}

static void
test_mistakes(void **state)
{
	static const struct {
		const char *name, *text;
		size_t n;
		const char *says;
	} rows[] = {
#define ROW(name, text, says) {name, text, sizeof(text) - 1, says}
	    ROW("a.tsv", "a\tb\nc\n", "a.tsv:2:2: a column is missing"),
	    ROW("a.tsv", "a\tb\tc\td\n", "a.tsv:1:4: a column too many"),
	    ROW("a.csv", "a,b\nc,\"d\n", "a.csv:2:2: a quote"),
	    ROW("a.csv", "a,\"b\"c\n", "a.csv:1:2: a quote"),
	    ROW("a.tsv", "a\tb\nc\td\0e\n", "a.tsv:2:2: a NUL"),
	    ROW("a.tsv", "a\tb\nc\t\x81\xff\xff\n", "a.tsv:2:2: neither"),
#undef ROW
	};
	struct faq_shape shape = {2, 3};
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(
		    read_as(rows[i].name, rows[i].text, rows[i].n, shape, &e),
		    -1);
		assert_int_equal(e.code, ERR_INVALID);
		if (strncmp(e.msg, rows[i].says, strlen(rows[i].says)) != 0)
			fail_msg("%s, not %s", e.msg, rows[i].says);
	}
}

static void
test_big_cell(void **state)
{
	size_t n = FAQ_CELL_MAX_B + 1;
	struct faq_shape shape = {1, 1};
	char *s = x_calloc(n + 1, 1);
	struct err e;

	(void)state;
	memset(s, 'x', n);
	assert_int_equal(read_as("a", s, n, shape, &e), -1);
	assert_int_equal(read_as("a", s, n - 1, shape, &e), 0);
	assert_int_equal(table.n, 1);
	x_free(s);
}

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	faq_table_free(&table);
	arena_free(arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_forms),
	    cmocka_unit_test(test_encodings),
	    cmocka_unit_test(test_lines),
	    cmocka_unit_test(test_mistakes),
	    cmocka_unit_test(test_big_cell),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
