/* when.c: RFC 3339 out against gmtime(3), in with every form it may have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <time.h>

#include <mado/when.h>

static int64_t
parse(const char *s)
{
	struct err e = {0};
	int64_t ms = -1;

	if (when_parse_rfc3339(s, &ms, &e) == 0)
		return ms;
	assert_int_equal(e.code, ERR_INVALID);
	return INT64_MIN;
}

/* A day of each month of 8,000 years, at odd times: leap years and centuries.
 */
static void
agrees_with_gmtime(void **state)
{
	char mine[WHEN_TEXT_B], theirs[64];
	struct tm tm;

	(void)state;
	for (int64_t s = INT64_C(-30610224000); s < INT64_C(253402300800);
	     s += 86400 * 29 + 3607) {
		time_t t = (time_t)s;

		gmtime_r(&t, &tm);
		strftime(theirs, sizeof(theirs), "%Y-%m-%dT%H:%M:%S.007Z", &tm);
		assert_string_equal(when_rfc3339(s * 1000 + 7, mine), theirs);
		assert_true(parse(mine) == s * 1000 + 7);
	}
}

static void
ends_of_days_and_eras(void **state)
{
	static const char *const days[] = {"0000-01-01", "0000-02-29",
	    "0000-03-01", "0399-12-31", "0400-02-29", "1600-02-29",
	    "1899-12-31", "1900-02-28", "1900-03-01", "1969-12-31",
	    "1970-01-01", "1999-12-31", "2000-02-29", "2000-03-01",
	    "2024-02-29", "2100-03-01", "2400-02-29", "9999-12-31"};
	char text[WHEN_TEXT_B], back[WHEN_TEXT_B];

	(void)state;
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		strcpy(text, days[i]);
		strcat(text, "T00:00:00.000Z");
		assert_string_equal(when_rfc3339(parse(text), back), text);
		strcpy(text + 10, "T23:59:59.999Z");
		assert_string_equal(when_rfc3339(parse(text), back), text);
	}
}

static void
out_of_range_is_clamped(void **state)
{
	char text[WHEN_TEXT_B];

	(void)state;
	assert_string_equal(
	    when_rfc3339(INT64_MAX, text), "9999-12-31T23:59:59.999Z");
	assert_string_equal(
	    when_rfc3339(INT64_MIN, text), "0000-01-01T00:00:00.000Z");
	assert_string_equal(when_rfc3339(-1, text), "1969-12-31T23:59:59.999Z");
}

static void
forms_that_are_read(void **state)
{
	const int64_t t = INT64_C(1795309473000);

	(void)state;
	assert_true(parse("2026-11-22T01:04:33Z") == t);
	assert_true(parse("2026-11-22t01:04:33z") == t);
	assert_true(parse("2026-11-22 01:04:33Z") == t);
	assert_true(parse("2026-11-22T10:04:33+09:00") == t);
	assert_true(parse("2026-11-21T19:34:33-05:30") == t);
	assert_true(parse("2026-11-22T01:04:33-00:00") == t);
	assert_true(parse("2026-11-22T01:04:33.1Z") == t + 100);
	assert_true(parse("2026-11-22T01:04:33.12Z") == t + 120);
	assert_true(parse("2026-11-22T01:04:33.123999999Z") == t + 123);
	assert_true(
	    parse("2016-12-31T23:59:60Z") == parse("2017-01-01T00:00:00Z"));
}

static void
forms_that_are_refused(void **state)
{
	static const char *const bad[] = {"", "2026", "2026-11-22",
	    "2026-11-22T01:04:33", "2026-11-22T01:04Z", "2026-13-22T01:04:33Z",
	    "2026-00-22T01:04:33Z", "2026-11-31T01:04:33Z",
	    "2026-11-00T01:04:33Z", "2026-02-29T01:04:33Z",
	    "1900-02-29T01:04:33Z", "2026-11-22T24:00:00Z",
	    "2026-11-22T01:60:33Z", "2026-11-22T01:04:61Z",
	    "2026-11-22T01:04:33.Z", "2026-11-22T01:04:33Zx",
	    "2026-11-22T01:04:33+09", "2026-11-22T01:04:33+0900",
	    "2026-11-22T01:04:33+24:00", "26-11-22T01:04:33Z",
	    "+2026-11-22T01:04:33Z", " 2026-11-22T01:04:33Z",
	    "2026-11-22T01:04:33 Z"};

	(void)state;
	assert_true(parse(NULL) == INT64_MIN);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_true(parse(bad[i]) == INT64_MIN);
}

static void
clocks_run(void **state)
{
	int64_t mono = when_mono_ms();
	time_t t = time(NULL);

	(void)state;
	assert_true(when_now_ms() / 1000 - t <= 1);
	assert_true(when_now_ms() / 1000 >= t);
	while (when_mono_ms() == mono)
		continue;
	assert_true(when_mono_ms() > mono);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(agrees_with_gmtime),
	    cmocka_unit_test(ends_of_days_and_eras),
	    cmocka_unit_test(out_of_range_is_clamped),
	    cmocka_unit_test(forms_that_are_read),
	    cmocka_unit_test(forms_that_are_refused),
	    cmocka_unit_test(clocks_run),
	};

	return cmocka_run_group_tests_name("when", tests, NULL, NULL);
}
