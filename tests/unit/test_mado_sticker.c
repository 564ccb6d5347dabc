/*
 * Stickers by keyword: found in any kana, by id, from the agent's own file
 * first; a bad line of it is named and costs nothing else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mado/buf.h>

#include "../../src/mado/sticker.h"

static char dir[] = "/tmp/mado-sticker.XXXXXX";

static const char *
found(struct arena *a, const char *word)
{
	struct err e = {0};
	const struct sticker *s = sticker_find(dir, word, a, &e);

	return s == NULL ? err_name(e.code) : s->id;
}

static void
test_words(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	assert_string_equal(found(a, "ありがとう"), "8525/16581291");
	assert_string_equal(found(a, "アリガトウ"), "8525/16581291");
	assert_string_equal(found(a, "ｱﾘｶﾞ"), "8525/16581291");
	assert_string_equal(found(a, "Thanks"), "8525/16581291");
	assert_string_equal(found(a, "446/1988"), "446/1988");
	assert_string_equal(found(a, "蟹"), "not_found");
	assert_string_equal(found(a, ""), "not_found");
	assert_string_equal(found(a, "446/"), "not_found");
	arena_free(a);
}

static void
test_own_file(void **state)
{
	struct arena *a = arena_new();
	char *path = arena_sprintf(a, "%s/stickers.tsv", dir);
	static const char text[] =
	    "# ours\r\n1070/17839\tありがとう,感謝状\nnonsense\n446/1988\t蟹\n";
	struct sticker *rows;
	struct err e = {0};
	struct buf b = {0};
	size_t n;

	(void)state;
	assert_int_equal(file_write(path, text, strlen(text), 0600, &e), 0);
	assert_string_equal(found(a, "ありがとう"), "1070/17839");
	assert_string_equal(found(a, "蟹"), "446/1988");
	n = sticker_list(dir, a, &rows, &e);
	assert_true(n > 2);
	assert_non_null(strstr(e.msg, "stickers.tsv:3"));
	sticker_mark(&b, &rows[0]);
	assert_string_equal(b.p, "[[sticker:1070/17839 ありがとう]]");
	buf_free(&b);
	unlink(path);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_own_file),
	};
	int rc;

	if (mkdtemp(dir) == NULL)
		return 1;
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	rmdir(dir);
	return rc;
}
