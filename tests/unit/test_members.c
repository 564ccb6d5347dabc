/*
 * Bodies against the tables that name their members.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/madod/members.c"

static const char table[] = "id:string text:string! until:time n:int "
			    "sure:bool add:strings list:objects!";

static void
in_order(void **state)
{
	const char *s = table;
	struct member m;
	int n;

	(void)state;
	for (n = 0; (s = members_next(s, &m)) != NULL; n++) {
		if (n == 1) {
			assert_string_equal(m.name, "text");
			assert_int_equal(m.kind_n, strlen("string"));
			assert_true(m.must);
		}
		if (n == 5)
			assert_false(m.must);
	}
	assert_int_equal(n, 7);
	assert_null(members_next("", &m));
}

static int
check(const char *body, const char *words)
{
	cJSON *o = cJSON_Parse(body);
	struct err e = {0};
	int rv = members_check(table, o, &e);

	if (rv == -1)
		assert_non_null(strstr(e.msg, words));
	cJSON_Delete(o);
	return rv;
}

static void
each_of_its_kind(void **state)
{
	(void)state;
	assert_int_equal(
	    check("{\"id\":\"a\",\"n\":1,\"sure\":false,\"add\":[],"
		  "\"list\":[{}],\"other\":{}}",
		""),
	    0);
	assert_int_equal(check("{\"id\":null,\"add\":null}", ""), 0);
	assert_int_equal(check("{\"id\":5}", "\"id\" must be a string"), -1);
	assert_int_equal(check("{\"until\":5}", "time"), -1);
	assert_int_equal(check("{\"n\":\"5\"}", "number"), -1);
	assert_int_equal(check("{\"sure\":1}", "true or false"), -1);
	assert_int_equal(check("{\"add\":\"x\"}", "array of strings"), -1);
	assert_int_equal(check("{\"list\":{}}", "array of objects"), -1);
	assert_int_equal(check("{\"add\":[\"x\",5]}", "array of strings"), -1);
	assert_int_equal(check("{\"add\":[null]}", "array of strings"), -1);
	assert_int_equal(check("{\"list\":[[]]}", "array of objects"), -1);
	assert_int_equal(members_check(table, NULL, NULL), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(in_order),
	    cmocka_unit_test(each_of_its_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
