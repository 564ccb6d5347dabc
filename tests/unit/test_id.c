/* id.c: the forms of identifiers, their order and that they differ. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include <mado/id.h>
#include <mado/when.h>

static void
uuid_is_version_4(void **state)
{
	char a[ID_UUID_B], b[ID_UUID_B];

	(void)state;
	id_uuid(a);
	for (int i = 0; i < 1000; i++) {
		id_uuid(b);
		assert_true(id_is_uuid(b));
		assert_int_equal(b[14], '4');
		assert_non_null(strchr("89ab", b[19]));
		assert_int_equal(strspn(b, "0123456789abcdef-"), 36);
		assert_string_not_equal(a, b);
	}
}

static void
uuid_forms(void **state)
{
	static const char *const bad[] = {"", "x",
	    "123e4567-e89b-12d3-a456-42661417400",
	    "123e4567-e89b-12d3-a456-4266141740000",
	    "123e4567-e89b-12d3-a456-42661417400g",
	    "123e4567e-89b-12d3-a456-426614174000",
	    "123e4567-e89b-12d3-a456_426614174000",
	    "{23e4567-e89b-12d3-a456-42661417400}"};

	(void)state;
	assert_true(id_is_uuid("123e4567-e89b-12d3-a456-426614174000"));
	assert_true(id_is_uuid("123E4567-E89B-12D3-A456-426614174000"));
	assert_false(id_is_uuid(NULL));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(id_is_uuid(bad[i]));
}

/* The milliseconds in a ULID's first ten digits. */
static int64_t
ulid_ms(const char *s)
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	int64_t v = 0;

	for (int i = 0; i < 10; i++)
		v = v * 32 + (strchr(digits, s[i]) - digits);
	return v;
}

static void
ulid_sorts_by_time(void **state)
{
	char first[ID_ULID_B], next[ID_ULID_B];
	int64_t before = when_now_ms(), now;

	(void)state;
	id_ulid(first);
	assert_int_equal(strlen(first), ID_ULID_B - 1);
	assert_int_equal(
	    strspn(first, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"), ID_ULID_B - 1);
	now = when_now_ms();
	assert_true(ulid_ms(first) >= before && ulid_ms(first) <= now);
	while (when_now_ms() <= now)
		continue;
	id_ulid(next);
	assert_true(strcmp(first, next) < 0);
	assert_string_not_equal(first + 10, next + 10);
}

static void
token_is_43_of_base64url(void **state)
{
	char a[ID_TOKEN_B], b[ID_TOKEN_B];

	(void)state;
	id_token(a);
	id_token(b);
	assert_int_equal(strlen(a), ID_TOKEN_B - 1);
	assert_int_equal(strspn(a,
			     "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789-_"),
	    ID_TOKEN_B - 1);
	assert_string_not_equal(a, b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(uuid_is_version_4),
	    cmocka_unit_test(uuid_forms),
	    cmocka_unit_test(ulid_sorts_by_time),
	    cmocka_unit_test(token_is_43_of_base64url),
	};

	return cmocka_run_group_tests_name("id", tests, NULL, NULL);
}
