/* when_parse(): every form, in both languages, as of fixed instants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include <mado/when.h>

#define COUNT(t) (sizeof(t) / sizeof((t)[0]))

struct row {
	const char *text, *at;
};

static void
set_zone(const char *tz)
{
	setenv("TZ", tz, 1);
	tzset();
}

static int64_t
ms_of(const char *rfc3339)
{
	int64_t ms = 0;

	assert_int_equal(when_parse_rfc3339(rfc3339, &ms, NULL), 0);
	return ms;
}

static void
parses(const char *now, const struct row *t, size_t n)
{
	char got[WHEN_TEXT_B], want[WHEN_TEXT_B], got_text[128], text[128];
	struct err e = {0};
	int64_t ms;

	for (; n > 0; n--, t++) {
		ms = -1;
		if (when_parse(t->text, ms_of(now), &ms, &e) != 0)
			fail_msg("%s", e.msg);
		snprintf(got_text, sizeof(got_text), "%s = %s", t->text,
		    when_rfc3339(ms, got));
		snprintf(text, sizeof(text), "%s = %s", t->text,
		    when_rfc3339(ms_of(t->at), want));
		assert_string_equal(got_text, text);
	}
}

/* A Wednesday. */
#define NOW "2026-11-25T13:20:30.500+09:00"

static void
test_durations(void **state)
{
	static const struct row t[] = {
	    {"30m", "2026-11-25T13:50:30.500+09:00"},
	    {"2h", "2026-11-25T15:20:30.500+09:00"},
	    {"1h30m", "2026-11-25T14:50:30.500+09:00"},
	    {" 1h  30 min ", "2026-11-25T14:50:30.500+09:00"},
	    {"90 minutes", "2026-11-25T14:50:30.500+09:00"},
	    {"3d", "2026-11-28T13:20:30.500+09:00"},
	    {"1 week", "2026-12-02T13:20:30.500+09:00"},
	    {"30分", "2026-11-25T13:50:30.500+09:00"},
	    {"３０分", "2026-11-25T13:50:30.500+09:00"},
	    {"２Ｈ", "2026-11-25T15:20:30.500+09:00"},
	    {"2時間", "2026-11-25T15:20:30.500+09:00"},
	    {"2時間半", "2026-11-25T15:50:30.500+09:00"},
	    {"1時間30分後", "2026-11-25T14:50:30.500+09:00"},
	    {"3日", "2026-11-28T13:20:30.500+09:00"},
	    {"3日後", "2026-11-28T13:20:30.500+09:00"},
	    {"2週間", "2026-12-09T13:20:30.500+09:00"},
	};
	(void)state;

	parses(NOW, t, COUNT(t));
}

static void
test_times_of_day_are_the_next(void **state)
{
	static const struct row t[] = {
	    {"14:30", "2026-11-25T14:30:00+09:00"},
	    {"9:00", "2026-11-26T09:00:00+09:00"},
	    {"13:20", "2026-11-26T13:20:00+09:00"},
	    {"13:21", "2026-11-25T13:21:00+09:00"},
	    {"１４：３０", "2026-11-25T14:30:00+09:00"},
	    {"24:00", "2026-11-26T00:00:00+09:00"},
	    {"0:00", "2026-11-26T00:00:00+09:00"},
	    {"17時", "2026-11-25T17:00:00+09:00"},
	    {"17時半", "2026-11-25T17:30:00+09:00"},
	    {"17時5分", "2026-11-25T17:05:00+09:00"},
	    {"9時", "2026-11-26T09:00:00+09:00"},
	    {"午後3時", "2026-11-25T15:00:00+09:00"},
	    {"午前 10:15", "2026-11-26T10:15:00+09:00"},
	    {"正午", "2026-11-26T12:00:00+09:00"},
	    {"noon", "2026-11-26T12:00:00+09:00"},
	    {"3pm", "2026-11-25T15:00:00+09:00"},
	    {"3:05 PM", "2026-11-25T15:05:00+09:00"},
	    {"12am", "2026-11-26T00:00:00+09:00"},
	    {"12 pm", "2026-11-26T12:00:00+09:00"},
	};
	(void)state;

	parses(NOW, t, COUNT(t));
}

static void
test_days(void **state)
{
	static const struct row t[] = {
	    {"tomorrow", "2026-11-26T09:00:00+09:00"},
	    {"Tomorrow 9:30", "2026-11-26T09:30:00+09:00"},
	    {"tomorrow at 10", "2026-11-26T10:00:00+09:00"},
	    {"tomorrow 3pm", "2026-11-26T15:00:00+09:00"},
	    {"today 17:00", "2026-11-25T17:00:00+09:00"},
	    {"today 9:00", "2026-11-25T09:00:00+09:00"}, /* past, as said */
	    {"明日 9時", "2026-11-26T09:00:00+09:00"},
	    {"明日9時半", "2026-11-26T09:30:00+09:00"},
	    {"明日の午後2時", "2026-11-26T14:00:00+09:00"},
	    {"あした", "2026-11-26T09:00:00+09:00"},
	    {"今日 17時半", "2026-11-25T17:30:00+09:00"},
	    {"今日　２４時", "2026-11-26T00:00:00+09:00"},
	    {"明後日", "2026-11-27T09:00:00+09:00"},
	    {"あさって 8:00", "2026-11-27T08:00:00+09:00"},
	    {"mon", "2026-11-30T09:00:00+09:00"},
	    {"sun 10:00", "2026-11-29T10:00:00+09:00"},
	    {"Friday 10", "2026-11-27T10:00:00+09:00"},
	    {"wed", "2026-12-02T09:00:00+09:00"},
	    {"wed 14:00", "2026-11-25T14:00:00+09:00"},
	    {"月曜 10:00", "2026-11-30T10:00:00+09:00"},
	    {"月曜日の10時", "2026-11-30T10:00:00+09:00"},
	    {"水曜 15時", "2026-11-25T15:00:00+09:00"},
	    {"来週月曜", "2026-11-30T09:00:00+09:00"},
	    {"来週の金曜日 13時", "2026-12-04T13:00:00+09:00"},
	    {"next fri", "2026-12-04T09:00:00+09:00"},
	    {"next sunday 8:00", "2026-12-06T08:00:00+09:00"},
	};
	(void)state;

	parses(NOW, t, COUNT(t));
}

static void
test_dates(void **state)
{
	static const struct row t[] = {
	    {"2026-12-01", "2026-12-01T09:00:00+09:00"},
	    {"2026-12-01 18:15", "2026-12-01T18:15:00+09:00"},
	    {"2026-12-01T18:15", "2026-12-01T18:15:00+09:00"},
	    {"2026/12/1 8時", "2026-12-01T08:00:00+09:00"},
	    {"2026年12月1日", "2026-12-01T09:00:00+09:00"},
	    {"12月1日 9時", "2026-12-01T09:00:00+09:00"},
	    {"１２月１日１０時半", "2026-12-01T10:30:00+09:00"},
	    {"12/1 10:00", "2026-12-01T10:00:00+09:00"},
	    {"11月25日 14:00", "2026-11-25T14:00:00+09:00"},
	    {"11月25日 13:00", "2027-11-25T13:00:00+09:00"}, /* the next */
	    {"1月4日", "2027-01-04T09:00:00+09:00"},
	    {"2月29日", "2028-02-29T09:00:00+09:00"},
	    {"2020-01-01", "2020-01-01T09:00:00+09:00"}, /* past, as said */
	    {"2026-12-31 24:00", "2027-01-01T00:00:00+09:00"},
	    {"2026-12-01T09:00:00+09:00", "2026-12-01T09:00:00+09:00"},
	    {"2026-12-01t00:00:00.250z", "2026-12-01T00:00:00.250Z"},
	};
	(void)state;

	parses(NOW, t, COUNT(t));
}

static void
test_refused(void **state)
{
	static const char *const bad[] = {"", " ", "soon", "9", "25:00", "9:60",
	    "9:5", "24:01", "13pm", "0m", "0日", "99999d", "9999999999999m",
	    "-5m", "30", "30x", "3 mon", "1h1h1h1h1h", "2026-02-30",
	    "2026-13-01", "2026-00-10", "2月30日", "13月1日", "1969-12-31",
	    "tomorrow tomorrow", "tomorrow 9:00 x", "monster", "明日 25時",
	    "3日 9時", "next", "来週", "午後", "午後13時", "\xff", "12月",
	    "9時x", "2026-12-01 9:00:00"};
	char *hostile = malloc(1000001);
	struct err e = {0};
	int64_t ms;
	(void)state;

	for (size_t i = 0; i < COUNT(bad); i++) {
		ms = 7;
		if (when_parse(bad[i], ms_of(NOW), &ms, &e) == 0)
			fail_msg("understood: %s", bad[i]);
		assert_int_equal(e.code, ERR_INVALID);
		assert_non_null(strstr(e.msg, "明日 9時"));
	}
	assert_non_null(hostile);
	memset(hostile, '1', 1000000);
	hostile[1000000] = '\0';
	assert_int_equal(when_parse(hostile, ms_of(NOW), &ms, &e), -1);
	free(hostile);
}

static void
test_days_across_a_change_of_clocks(void **state)
{
	static const struct row t[] = {
	    {"1d", "2026-03-08T10:00:00-07:00"},
	    {"24h", "2026-03-08T11:00:00-07:00"},
	    {"tomorrow 9:00", "2026-03-08T09:00:00-07:00"},
	    {"明日 1時半", "2026-03-08T01:30:00-08:00"},
	};
	(void)state;

	set_zone("PST8PDT,M3.2.0,M11.1.0");
	parses("2026-03-07T10:00:00-08:00", t, COUNT(t));
}

static int
in_tokyo(void **state)
{
	(void)state;
	set_zone("JST-9");
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(test_durations, in_tokyo),
	    cmocka_unit_test_setup(test_times_of_day_are_the_next, in_tokyo),
	    cmocka_unit_test_setup(test_days, in_tokyo),
	    cmocka_unit_test_setup(test_dates, in_tokyo),
	    cmocka_unit_test_setup(test_refused, in_tokyo),
	    cmocka_unit_test(test_days_across_a_change_of_clocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
