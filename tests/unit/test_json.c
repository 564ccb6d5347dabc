/*
 * json.c, json_parse.c and json_read.c: what is refused and where, surrogates,
 * escapes, and each type of field in both directions.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include <mado/json.h>
#include <mado/model.h>
#include <mado/when.h>

static const char *const colours[] = {"red", "green", NULL};

struct inner {
	const char *name;
	int64_t n;
};
struct outer {
	int64_t i, in, at;
	const char *s, *text;
	bool yes;
	int colour;
	struct strs list;
	struct inner *in_obj;
};

#define F(st, type, member)                                            \
	{                                                              \
#member, type, offsetof(struct st, member), NULL, NULL \
	}
static const struct json_field inner_fields[] = {
    F(inner, JSON_STR, name),
    F(inner, JSON_INT, n),
    {NULL, JSON_INT, 0, NULL, NULL},
};
static const struct json_table inner_json = {
    sizeof(struct inner), inner_fields};
static const struct json_field outer_fields[] = {
    F(outer, JSON_INT, i),
    F(outer, JSON_INTN, in),
    F(outer, JSON_TIME, at),
    F(outer, JSON_STR, s),
    F(outer, JSON_TEXT, text),
    F(outer, JSON_BOOL, yes),
    {"colour", JSON_ENUM, offsetof(struct outer, colour), colours, NULL},
    F(outer, JSON_STRS, list),
    {"obj", JSON_OBJ, offsetof(struct outer, in_obj), NULL, &inner_json},
    {NULL, JSON_INT, 0, NULL, NULL},
};
static const struct json_table outer_json = {
    sizeof(struct outer), outer_fields};

static const char EMPTY[] =
    "{\"i\":0,\"in\":null,\"at\":null,\"s\":null,\"text\":\"\",\"yes\":false,"
    "\"colour\":null,\"list\":[],\"obj\":null}";

/* parsing */

static bool
accepts(const char *s)
{
	cJSON *v = json_parse(s, strlen(s), NULL);

	cJSON_Delete(v);
	return v != NULL;
}

static void
expect_refusal(const char *s, size_t n, const char *want)
{
	struct err e = {0};

	assert_null(json_parse(s, n, &e));
	assert_int_equal(e.code, ERR_INVALID);
	assert_non_null(strstr(e.msg, want));
}

static void
whole_values_are_taken(void **state)
{
	static const char *const good[] = {"{}", "[]", " \t\r\n1 ", "-0", "0",
	    "-0.5e-7", "1E+5", "12345678901234567890", "true", "false", "null",
	    "\"\"", "[1,[2,{\"a\":[]}]]", "{\"\":{\"\":null},\"a\":1}",
	    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\x7f窓😀\"",
	    "\"\\u7a93\\uD83D\\ude00\"", "1e240", "[1e-999]"};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(accepts(good[i]));
}

static void
all_else_is_refused(void **state)
{
	static const char *const bad[] = {"", " ", "{", "[", "\"", "{}x",
	    "{} {}", "[1,]", "[,1]", "[1 2]", "{,}", "{\"a\"}", "{\"a\":}",
	    "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "{1:1}", "{'a':1}", "01", "-",
	    "+1", "1.", ".5", "1.e3", "1e", "1e+", "0x10", "NaN", "Infinity",
	    "-Infinity", "nul", "nulll", "True", "tru", "\"\\x41\"",
	    "\"\\u12\"", "\"\\u12g4\"", "\"\\", "\"\\u", "\"a\nb\"", "\"a\tb\"",
	    "[1}", "{\"a\":1]", "]", "\xef\xbb\xbf{}", "/**/1", "[1]//",
	    "1e241", "-1e99999999999", "\"\xed\xa0\x80\"", "\"\xc0\xaf\"",
	    "\"\xff\"", "\v1"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(accepts(bad[i]));
}

static void
refusal_names_line_and_column(void **state)
{
	(void)state;
	expect_refusal("[1,\n \"窓口\", tru]", 20, "line 2, column 8");
	expect_refusal("{}x", 3, "line 1, column 3: more text");
	expect_refusal("\"a\\u0000b\"", 10, "\\u0000");
	expect_refusal("{\"a\\u0000\":1}", 13, "\\u0000");
	expect_refusal("\"a\0b\"", 5, "control character");
	expect_refusal("1\0", 2, "more text");
	expect_refusal("[\"a\\\0\"]", 7, "escape");
	expect_refusal("\"\x80\"", 3, "not UTF-8");
	expect_refusal(NULL, 0, "too early");
}

static void
numbers_are_never_cut(void **state)
{
	char text[100];

	(void)state;
	memset(text, '1', sizeof(text));
	text[60] = '\0';
	assert_true(accepts(text));
	text[60] = '1';
	expect_refusal(text, 61, "too long");
	memset(text, '0', sizeof(text));
	memcpy(text, "0.", 2);
	expect_refusal(text, 64, "too long");
}

static void
depth_is_capped(void **state)
{
	char text[4096];

	(void)state;
	memset(text, '[', JSON_DEPTH_MAX);
	memset(text + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
	text[2 * JSON_DEPTH_MAX] = '\0';
	assert_true(accepts(text));
	memset(text, '[', sizeof(text));
	expect_refusal(text, sizeof(text), "deep");
	text[0] = '\0';
	for (int i = 0; i < 100; i++)
		strcat(text, "{\"a\":");
	expect_refusal(text, strlen(text), "deep");
	/* siblings are no depth */
	strcpy(text, "[");
	for (int i = 0; i < 100; i++)
		strcat(text, "[],{},");
	strcat(text, "1]");
	assert_true(accepts(text));
}

static void
expect_reading(const char *in, const char *want)
{
	cJSON *v = json_parse(in, strlen(in), NULL);

	assert_non_null(v);
	assert_string_equal(v->valuestring, want);
	cJSON_Delete(v);
}

static void
foreign_nul_is_replaced(void **state)
{
	const char *text = "{\"\\u0000k\":\"a\\u0000b\"}";
	cJSON *v = json_parse_foreign(text, strlen(text), NULL);

	(void)state;
	assert_non_null(v);
	assert_string_equal(v->child->string, "\xef\xbf\xbdk");
	assert_string_equal(v->child->valuestring,
	    "a\xef\xbf\xbd"
	    "b");
	cJSON_Delete(v);
	assert_null(json_parse_foreign("\"a\0b\"", 5, NULL));
}

static void
lone_surrogates_are_replaced(void **state)
{
	static const char lone[] = "\"\\ud800\"";

	(void)state;
	expect_reading("\"\\ud83d\\ude00\"", "😀");
	expect_reading("\"\\uD83D\\uDE00\"", "😀");
	expect_reading(lone, "\xef\xbf\xbd");
	assert_string_equal(lone, "\"\\ud800\""); /* the input is only lent */
	expect_reading("\"a\\udc00b\"",
	    "a\xef\xbf\xbd"
	    "b");
	expect_reading("\"\\ud800\\ud83d\\ude00\"", "\xef\xbf\xbd😀");
	expect_reading("\"\\ude00\\ud83d\"", "\xef\xbf\xbd\xef\xbf\xbd");
	expect_reading("\"\\ud800x\\u0041\"", "\xef\xbf\xbdxA");
	expect_reading("\"\\ud800\\u0041\"",
	    "\xef\xbf\xbd"
	    "A");
	expect_reading("\"\\\\ud800\"", "\\ud800");
}

static void
members_or_the_fallback(void **state)
{
	static const char text[] = "{\"s\":\"x\",\"n\":5,\"f\":1.5,"
				   "\"b\":true,\"o\":{},\"a\":[],\"z\":null,"
				   "\"big\":1e17,\"S\":\"upper\"}";
	cJSON *o = json_parse(text, strlen(text), NULL);

	(void)state;
	assert_string_equal(json_str(o, "s", "d"), "x");
	assert_string_equal(json_str(o, "n", "d"), "d");
	assert_null(json_str(o, "z", NULL));
	assert_string_equal(json_str(NULL, "s", "d"), "d");
	assert_int_equal(json_int(o, "n", 9), 5);
	assert_int_equal(json_int(o, "f", 9), 9);
	assert_int_equal(json_int(o, "big", 9), 9);
	assert_int_equal(json_int(o, "s", 9), 9);
	assert_int_equal(json_int(NULL, "n", 9), 9);
	assert_true(json_bool(o, "b", false));
	assert_true(json_bool(o, "n", true));
	assert_false(json_bool(NULL, "b", false));
	assert_non_null(json_obj(o, "o"));
	assert_null(json_obj(o, "a"));
	assert_non_null(json_arr(o, "a"));
	assert_null(json_arr(o, "o"));
	assert_null(json_obj(json_arr(o, "a"), "s"));
	cJSON_Delete(o);
}

/* writing */

static void
expect_put(const char *s, const char *want)
{
	struct buf b = {0};

	json_put_str(&b, s);
	assert_string_equal(b.p, want);
	buf_free(&b);
}

static void
strings_are_escaped(void **state)
{
	(void)state;
	expect_put(NULL, "null");
	expect_put("", "\"\"");
	expect_put("窓口😀/", "\"窓口😀/\"");
	expect_put("a\"b\\c\n", "\"a\\\"b\\\\c\\n\"");
	expect_put(
	    "\b\f\r\t\x01\x1f\x7f", "\"\\b\\f\\r\\t\\u0001\\u001f\x7f\"");
	expect_put("a\x80z", "\"a\xef\xbf\xbdz\"");
	expect_put("\xe7\xaa", "\"\xef\xbf\xbd\xef\xbf\xbd\"");
	expect_put("\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}

static void
every_byte_comes_back(void **state)
{
	char one[] = {0, 'x', 0};
	struct buf b = {0};

	(void)state;
	for (int c = 1; c < 0x80; c++) {
		one[0] = (char)c;
		buf_reset(&b);
		json_put_str(&b, one);
		expect_reading(b.p, one);
	}
	buf_free(&b);
}

static void
members_have_commas(void **state)
{
	struct buf b = {0};

	(void)state;
	buf_putc(&b, '{');
	json_add_str(&b, "a\"", "x");
	json_add_int(&b, "min", INT64_MIN);
	json_add_int(&b, "max", INT64_MAX);
	json_add_bool(&b, "t", true);
	json_add_time(&b, "none", 0);
	json_add_time(&b, "at", 1);
	json_put_key(&b, "o");
	buf_putc(&b, '{');
	json_add_str(&b, "n", NULL);
	buf_puts(&b, "}}");
	assert_string_equal(b.p,
	    "{\"a\\\"\":\"x\",\"min\":-9223372036854775808,"
	    "\"max\":9223372036854775807,\"t\":true,\"none\":null,"
	    "\"at\":\"1970-01-01T00:00:00.001Z\",\"o\":{\"n\":null}}");
	buf_free(&b);
}

/* tables */

static int
decode(const char *text, struct outer *o, struct arena *a, struct err *e)
{
	cJSON *v = json_parse(text, strlen(text), e);
	int r = v == NULL ? -1 : json_decode(&outer_json, v, o, a, e);

	cJSON_Delete(v); /* nothing of it may be lent */
	return r;
}

static void
struct_goes_there_and_back(void **state)
{
	static const char text[] =
	    "{\"i\":-9007199254740992,\"in\":7,"
	    "\"at\":\"2026-11-22T01:04:33.123Z\",\"s\":\"窓\","
	    "\"text\":\"a\\nb\",\"yes\":true,\"colour\":\"green\","
	    "\"list\":[\"x\",\"\",\"口\"],"
	    "\"obj\":{\"name\":\"in\",\"n\":3}}";
	struct arena *a = arena_new();
	struct buf b = {0};
	struct err e = {0};
	struct outer o;

	(void)state;
	assert_int_equal(decode(text, &o, a, &e), 0);
	assert_true(o.i == INT64_C(-9007199254740992));
	assert_string_equal(o.text, "a\nb");
	assert_int_equal(o.colour, 1);
	assert_int_equal(o.list.n, 3);
	assert_string_equal(o.in_obj->name, "in");
	json_encode(&b, &outer_json, &o);
	assert_string_equal(b.p, text);
	buf_free(&b);
	arena_free(a);
}

static void
absent_and_null_are_empty(void **state)
{
	struct arena *a = arena_new();
	struct buf b = {0};
	struct outer o, zero = {.colour = -1};

	(void)state;
	memset(&o, 0xff, sizeof(o));
	assert_int_equal(decode("{\"unknown\":[{}]}", &o, a, NULL), 0);
	assert_int_equal(o.colour, -1);
	assert_string_equal(o.text, "");
	json_encode(&b, &outer_json, &o);
	assert_string_equal(b.p, EMPTY);
	memset(&o, 0xff, sizeof(o));
	assert_int_equal(decode("{\"i\":null,\"in\":null,\"at\":null,"
				"\"s\":null,\"text\":null,\"yes\":null,"
				"\"colour\":null,\"list\":null,\"obj\":null}",
			     &o, a, NULL),
	    0);
	buf_reset(&b);
	json_encode(&b, &outer_json, &o);
	assert_string_equal(b.p, EMPTY);
	buf_reset(&b);
	json_encode(&b, &outer_json, &zero);
	assert_string_equal(b.p, EMPTY);
	buf_free(&b);
	arena_free(a);
}

static void
any_order_and_strangers_between(void **state)
{
	struct arena *a = arena_new();
	struct outer o;

	(void)state;
	assert_int_equal(decode("{\"obj\":{\"n\":1,\"x\":0,\"name\":\"q\"},"
				"\"new\":1,\"yes\":true,\"s\":\"t\",\"i\":4,"
				"\"I\":5}",
			     &o, a, NULL),
	    0);
	assert_int_equal(o.i, 4);
	assert_string_equal(o.s, "t");
	assert_true(o.yes);
	assert_int_equal(o.in_obj->n, 1);
	assert_string_equal(o.in_obj->name, "q");
	arena_free(a);
}

static void
wrong_types_are_named(void **state)
{
	static const struct {
		const char *text, *say;
	} bad[] = {
	    {"{\"i\":\"1\"}", "\"i\" must be a whole number"},
	    {"{\"i\":1.5}", "\"i\""},
	    {"{\"i\":9007199254740994}", "\"i\""},
	    {"{\"in\":true}", "\"in\""},
	    {"{\"at\":12}", "\"at\" must be an RFC 3339 time"},
	    {"{\"at\":\"yesterday\"}", "\"at\""},
	    {"{\"s\":1}", "\"s\" must be a string"},
	    {"{\"text\":{}}", "\"text\""},
	    {"{\"yes\":1}", "\"yes\" must be true or false"},
	    {"{\"colour\":\"blue\"}", "\"colour\""},
	    {"{\"colour\":0}", "\"colour\""},
	    {"{\"list\":\"x\"}", "\"list\" must be a list"},
	    {"{\"list\":[\"x\",1]}", "\"list\""},
	    {"{\"obj\":[]}", "\"obj\" must be an object"},
	    {"{\"obj\":{\"n\":\"x\"}}", "\"obj\": \"n\" must be"},
	    {"[]", "an object was expected"},
	    {"3", "an object was expected"},
	};
	struct arena *a = arena_new();
	struct err e;
	struct outer o;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(decode(bad[i].text, &o, a, &e), -1);
		assert_int_equal(e.code, ERR_INVALID);
		assert_non_null(strstr(e.msg, bad[i].say));
	}
	assert_int_equal(json_decode(&outer_json, NULL, &o, a, &e), -1);
	arena_free(a);
}

/* read back without a tree */

static void
read_gives_what_was_written(void **state)
{
	struct arena *a = arena_new();
	const char *tags[] = {"a", "b\\", "", "\"d\"", "窓口"};
	const char *fields[] = {
	    "色", "赤", "k\n", "", "x", "\x01\x1f/\b\f\r\t"};
	struct contact c = {.id = -7,
	    .name = "😀 \"quoted\" \\ end\\",
	    .tags = {tags, 5},
	    .blocked = true,
	    .since_ms = 1700000000123,
	    .fields = {fields, 6}};
	struct msg m = {.id = "m", .text = "a", .conversation = 1};
	struct conv v = {.number = INT64_C(1) << 52,
	    .contact = &c,
	    .last_message = &m,
	    .waiting_since_ms = 1,
	    .mode = 1,
	    .status = 2};
	struct buf once = {0}, twice = {0};
	struct conv back;

	(void)state;
	json_encode(&once, &conv_json, &v);
	assert_int_equal(json_read(&conv_json, buf_str(&once), &back, a), 0);
	json_encode(&twice, &conv_json, &back);
	assert_string_equal(buf_str(&twice), buf_str(&once));
	buf_free(&once);
	buf_free(&twice);
	arena_free(a);
}

static void
read_passes_over_what_is_unknown(void **state)
{
	static const char *const all[] = {"{\"i\":5,\"s\":\"x\"}",
	    "{\"s\":\"x\",\"i\":5}",
	    "{\"n\":{\"a\":[1,\"]}\"],\"b\":\"\\\"\"},\"i\":5,\"o\":[],"
	    "\"p\":-1.5e3,\"s\":\"x\",\"q\":null}",
	    "{\"i\":5,\"s\":\"x\",\"colour\":null,\"z\":\"}\",\"y\":true}"};
	struct arena *a = arena_new();
	struct outer o;

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		assert_int_equal(json_read(&outer_json, all[i], &o, a), 0);
		assert_int_equal(o.i, 5);
		assert_string_equal(o.s, "x");
		assert_string_equal(o.text, "");
		assert_int_equal(o.colour, -1);
		assert_null(o.in_obj);
	}
	arena_free(a);
}

static void
read_refuses_what_is_cut(void **state)
{
	static const char whole[] =
	    "{\"i\":5,\"at\":\"2026-11-22T01:04:33.123Z\",\"s\":\"\\u0001\\n\","
	    "\"yes\":true,\"colour\":\"red\",\"list\":[\"a\",\"b\"],"
	    "\"obj\":{\"name\":null,\"n\":1},\"new\":[{\"a\":\"b\"}]}";
	struct arena *a = arena_new();
	struct outer o;
	char *part;

	(void)state;
	assert_int_equal(json_read(&outer_json, whole, &o, a), 0);
	for (size_t n = 0; n < sizeof(whole) - 1; n++) {
		part = x_strndup(whole, n); /* its end is memory's */
		assert_int_equal(json_read(&outer_json, part, &o, a), -1);
		x_free(part);
	}
	arena_free(a);
}

static void
read_refuses_other_types(void **state)
{
	static const char *const bad[] = {"", "null", "[]", "{}x",
	    "{\"i\":\"5\"}", "{\"s\":5}", "{\"yes\":1}",
	    "{\"colour\":\"blue\"}", "{\"at\":\"then\"}", "{\"list\":[1]}",
	    "{\"obj\":[]}", "{\"s\":\"\\x\"}", "{\"s\":\"\\u0000\"}",
	    "{\"i\":1 }", "{\"i\":1,}", "{,\"i\":1}"};
	struct arena *a = arena_new();
	struct outer o;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(json_read(&outer_json, bad[i], &o, a), -1);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(whole_values_are_taken),
	    cmocka_unit_test(all_else_is_refused),
	    cmocka_unit_test(refusal_names_line_and_column),
	    cmocka_unit_test(numbers_are_never_cut),
	    cmocka_unit_test(depth_is_capped),
	    cmocka_unit_test(foreign_nul_is_replaced),
	    cmocka_unit_test(lone_surrogates_are_replaced),
	    cmocka_unit_test(members_or_the_fallback),
	    cmocka_unit_test(strings_are_escaped),
	    cmocka_unit_test(every_byte_comes_back),
	    cmocka_unit_test(members_have_commas),
	    cmocka_unit_test(struct_goes_there_and_back),
	    cmocka_unit_test(absent_and_null_are_empty),
	    cmocka_unit_test(any_order_and_strangers_between),
	    cmocka_unit_test(wrong_types_are_named),
	    cmocka_unit_test(read_gives_what_was_written),
	    cmocka_unit_test(read_passes_over_what_is_unknown),
	    cmocka_unit_test(read_refuses_what_is_cut),
	    cmocka_unit_test(read_refuses_other_types),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
