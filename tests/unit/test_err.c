/* err.c: what is said, where it is cut, and the rows of the table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include <mado/err.h>
#include <mado/text.h>

static void
set_fills_and_returns_failure(void **state)
{
	struct err e = {0};

	(void)state;
	assert_int_equal(err_set(&e, ERR_NOTFOUND, "conversation %d", 42), -1);
	assert_int_equal(e.code, ERR_NOTFOUND);
	assert_string_equal(e.msg, "conversation 42");
	assert_int_equal(err_set(NULL, ERR_FAILED, "%s", "nobody listens"), -1);
	err_clear(&e);
	assert_int_equal(e.code, ERR_NONE);
	assert_string_equal(e.msg, "");
	err_clear(NULL);
}

static void
own_message_may_be_an_argument(void **state)
{
	struct err e = {0};

	(void)state;
	err_set(&e, ERR_BUSY, "disk full");
	err_set(&e, ERR_FAILED, "store: %s", e.msg);
	assert_string_equal(e.msg, "store: disk full");
	assert_int_equal(err_prefix(&e, "line %d", 3), -1);
	assert_string_equal(e.msg, "line 3: store: disk full");
	assert_int_equal(e.code, ERR_FAILED);
	assert_int_equal(err_prefix(NULL, "x"), -1);
}

/* Each length of what comes before: the cut falls into every byte of a
 * character, and only whole ones stay. */
static void
cut_falls_between_characters(void **state)
{
	static const char *const units[] = {"é", "窓", "😀"};
	char text[2 * ERR_MSG_B];
	struct err e;

	(void)state;
	for (size_t u = 0; u < 3; u++)
		for (int lead = 0; lead < 5; lead++) {
			memset(text, 'x', sizeof(text));
			text[lead] = '\0';
			while (strlen(text) < ERR_MSG_B + 8)
				strcat(text, units[u]);
			err_set(&e, ERR_FAILED, "%s", text);
			assert_true(text_is_utf8(e.msg, strlen(e.msg)));
			assert_true(strlen(e.msg) < ERR_MSG_B);
			assert_true(
			    strlen(e.msg) + strlen(units[u]) >= ERR_MSG_B);
		}
}

static void
longest_message_stays_whole(void **state)
{
	char text[ERR_MSG_B] = {0};
	struct err e;

	(void)state;
	memset(text, 'x', ERR_MSG_B - 1);
	err_set(&e, ERR_FAILED, "%s", text);
	assert_string_equal(e.msg, text);
}

static void
codes_have_names_statuses_and_exits(void **state)
{
	(void)state;
	assert_string_equal(err_name(ERR_UNSEEN), "unseen_messages");
	assert_int_equal(err_http_status(ERR_UNSEEN), 409);
	assert_int_equal(err_exit_code(ERR_UNSEEN), 6);
	assert_int_equal(err_exit_code(ERR_NET), 5);
	assert_int_equal(err_exit_code(ERR_UNCONFIRMED), 7);
	assert_int_equal(err_exit_code(ERR_NONE), 0);
	assert_int_equal(err_http_status((enum err_code)999), 500);
	for (int i = 0; i <= ERR_UNCONFIRMED; i++)
		assert_int_equal(err_from_name(err_name((enum err_code)i)), i);
	assert_int_equal(err_from_name("of a newer server"), ERR_FAILED);
	assert_int_equal(err_from_name(NULL), ERR_FAILED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(set_fills_and_returns_failure),
	    cmocka_unit_test(own_message_may_be_an_argument),
	    cmocka_unit_test(cut_falls_between_characters),
	    cmocka_unit_test(longest_message_stays_whole),
	    cmocka_unit_test(codes_have_names_statuses_and_exits),
	};

	return cmocka_run_group_tests_name("err", tests, NULL, NULL);
}
