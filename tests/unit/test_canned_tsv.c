/*
 * Canned replies as a spreadsheet: what is written is what is read, and a bad
 * line is named.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include <mado/canned_tsv.h>
#include <mado/mem.h>

static int
read_all(const char *text, cJSON **list, struct err *e)
{
	struct buf b = {0};
	int rc;

	*list = cJSON_CreateArray();
	buf_puts(&b, text);
	rc = canned_tsv_read("c.tsv", &b, *list, e);
	buf_free(&b);
	return rc;
}

static void
test_round(void **state)
{
	static const char text[] =
	    "返品\ta\\nb\\tc\\\\d\tへんぴん\tx,y z\tpersonal\n"
	    "thanks\tThank you\t\t\t\n";
	struct arena *a = arena_new();
	struct err e = {0};
	struct buf out = {0};
	struct canned row;
	cJSON *list;
	const cJSON *o;

	(void)state;
	assert_int_equal(read_all(text, &list, &e), 0);
	assert_int_equal(cJSON_GetArraySize(list), 2);
	cJSON_ArrayForEach(o, list)
	{
		assert_int_equal(json_decode(&canned_json, o, &row, a, &e), 0);
		canned_tsv_write(&out, &row);
	}
	assert_string_equal(out.p, text);
	o = cJSON_GetArrayItem(list, 0);
	assert_string_equal(json_str(o, "text", ""), "a\nb\tc\\d");
	buf_free(&out);
	cJSON_Delete(list);
	arena_free(a);
}

/* As spreadsheets write it: a mark at the start, CR LF, empty lines. */
static void
test_windows(void **state)
{
	struct err e = {0};
	cJSON *list;

	(void)state;
	assert_int_equal(read_all("\xef\xbb\xbf"
				  "a\tb\r\n\r\nc\td",
			     &list, &e),
	    0);
	assert_int_equal(cJSON_GetArraySize(list), 2);
	assert_string_equal(
	    json_str(cJSON_GetArrayItem(list, 0), "text", ""), "b");
	assert_null(json_arr(cJSON_GetArrayItem(list, 0), "tags"));
	cJSON_Delete(list);
}

static void
test_bad(void **state)
{
	static const struct {
		const char *text, *says;
	} t[] = {
	    {"a\tb\nc\n", "c.tsv:2"},
	    {"\tb\n", "c.tsv:1"},
	    {"a\t\n", "c.tsv:1"},
	    {"a\tb\tc\td\tmine\n", "personal"},
	    {"a\tb\tc\td\tpersonal\te\n", "c.tsv:1"},
	    {"a\t\xff\n", "UTF-8"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct err e = {0};
		cJSON *list;

		assert_int_equal(read_all(t[i].text, &list, &e), -1);
		assert_non_null(strstr(e.msg, t[i].says));
		cJSON_Delete(list);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_round),
	    cmocka_unit_test(test_windows),
	    cmocka_unit_test(test_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
