/*
 * The clocks, and RFC 3339 in and out by plain arithmetic: gmtime_r() takes
 * the time zone's lock and this is on the path of every feed row. What people
 * type is when_parse.c's.
 */
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include <mado/when.h>

#define DAY_MS      INT64_C(86400000)
#define TIME_MIN_MS INT64_C(-62167219200000) /* 0000-01-01T00:00:00.000Z */
#define TIME_MAX_MS INT64_C(253402300799999) /* 9999-12-31T23:59:59.999Z */

enum {
	YEARS_PER_ERA = 400,
	DAYS_PER_ERA = 146097,
	DAYS_PER_CENTURY = 36524,
	DAYS_PER_4_YEARS = 1461,
	DAYS_TO_EPOCH = 719468 /* from 1 March of the year 0 */
};

/* Years here begin in March, so that a leap day is the last of its year. */
static const int month_start[] = {
    0, 31, 61, 92, 122, 153, 184, 214, 245, 275, 306, 337};

static int64_t
clock_ms(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
when_now_ms(void)
{
	return clock_ms(CLOCK_REALTIME);
}

int64_t
when_mono_ms(void)
{
	return clock_ms(CLOCK_MONOTONIC);
}

/* Days since the epoch of a date; month 1..12, year >= 0. */
static int64_t
days_of(int year, int month, int day)
{
	int m = (month + 9) % 12; /* March is 0 */
	int64_t y = year - (month < 3), era, in_era;

	era = (y < 0 ? y - (YEARS_PER_ERA - 1) : y) / YEARS_PER_ERA;
	in_era = y - era * YEARS_PER_ERA;
	return era * DAYS_PER_ERA + in_era * 365 + in_era / 4 - in_era / 100 +
	    month_start[m] + day - 1 - DAYS_TO_EPOCH;
}

/* The date of a day since the epoch, no earlier than the year 0. */
static void
date_of(int64_t days, int *year, int *month, int *day)
{
	int64_t d = days + DAYS_TO_EPOCH, era, century, four, y;
	int m = 11;

	era = (d < 0 ? d - (DAYS_PER_ERA - 1) : d) / DAYS_PER_ERA;
	d -= era * DAYS_PER_ERA;
	century = d / DAYS_PER_CENTURY < 3 ? d / DAYS_PER_CENTURY : 3;
	d -= century * DAYS_PER_CENTURY;
	four = d / DAYS_PER_4_YEARS;
	d -= four * DAYS_PER_4_YEARS;
	y = d / 365 < 3 ? d / 365 : 3;
	d -= y * 365;
	while (month_start[m] > d)
		m--;
	*month = (m + 2) % 12 + 1;
	*day = (int)d - month_start[m] + 1;
	*year = (int)(era * YEARS_PER_ERA + century * 100 + four * 4 + y) +
	    (*month < 3);
}

/* Write v as n digits and what follows them; the place after. */
static char *
put(char *p, int v, int n, char then)
{
	for (int i = n - 1; i >= 0; i--, v /= 10)
		p[i] = (char)('0' + v % 10);
	p[n] = then;
	return p + n + 1;
}

const char *
when_rfc3339(int64_t ms, char out[WHEN_TEXT_B])
{
	int year, month, day, rest;
	int64_t days;
	char *p = out;

	if (ms < TIME_MIN_MS)
		ms = TIME_MIN_MS;
	if (ms > TIME_MAX_MS)
		ms = TIME_MAX_MS;
	days = (ms < 0 ? ms - (DAY_MS - 1) : ms) / DAY_MS;
	rest = (int)(ms - days * DAY_MS);
	date_of(days, &year, &month, &day);
	p = put(p, year, 4, '-');
	p = put(p, month, 2, '-');
	p = put(p, day, 2, 'T');
	p = put(p, rest / 3600000, 2, ':');
	p = put(p, rest / 60000 % 60, 2, ':');
	p = put(p, rest / 1000 % 60, 2, '.');
	p = put(p, rest % 1000, 3, 'Z');
	*p = '\0';
	return out;
}

/* n digits at *s as a number within [lo, hi], and *s moved past; else false. */
static bool
get(const char **s, int n, int lo, int hi, int *v)
{
	*v = 0;
	for (int i = 0; i < n; i++, (*s)++) {
		if (**s < '0' || **s > '9')
			return false;
		*v = *v * 10 + (**s - '0');
	}
	return *v >= lo && *v <= hi;
}

static bool
skip(const char **s, const char *any)
{
	if (**s == '\0' || strchr(any, **s) == NULL)
		return false;
	(*s)++;
	return true;
}

static int
days_in(int year, int month)
{
	static const int days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

static bool
get_date(const char **s, int64_t *ms)
{
	int y, m, d;

	if (!get(s, 4, 0, 9999, &y) || !skip(s, "-") || !get(s, 2, 1, 12, &m) ||
	    !skip(s, "-") || !get(s, 2, 1, days_in(y, m), &d))
		return false;
	*ms = days_of(y, m, d) * DAY_MS;
	return true;
}

/* A leap second is the first of the next minute, as POSIX time has it. */
static bool
get_time(const char **s, int64_t *ms)
{
	int h, m, sec, digit, unit = 100;

	if (!get(s, 2, 0, 23, &h) || !skip(s, ":") || !get(s, 2, 0, 59, &m) ||
	    !skip(s, ":") || !get(s, 2, 0, 60, &sec))
		return false;
	*ms += ((h * 60 + m) * 60 + sec) * INT64_C(1000);
	if (!skip(s, "."))
		return true;
	if (!get(s, 1, 0, 9, &digit))
		return false;
	do {
		*ms += digit * unit;
		unit /= 10;
	} while (**s >= '0' && **s <= '9' && get(s, 1, 0, 9, &digit));
	return true;
}

static bool
get_zone(const char **s, int64_t *ms)
{
	int h, m, sign;

	if (skip(s, "Zz"))
		return true;
	sign = **s == '-' ? 1 : -1;
	if (!skip(s, "+-") || !get(s, 2, 0, 23, &h) || !skip(s, ":") ||
	    !get(s, 2, 0, 59, &m))
		return false;
	*ms += sign * (h * 60 + m) * INT64_C(60000);
	return true;
}

int
when_parse_rfc3339(const char *s, int64_t *ms, struct err *e)
{
	const char *p = s;
	int64_t t;

	if (s == NULL || !get_date(&p, &t) || !skip(&p, "Tt ") ||
	    !get_time(&p, &t) || !get_zone(&p, &t) || *p != '\0')
		return err_set(e, ERR_INVALID,
		    "not an RFC 3339 time such as 2026-11-22T01:04:33.123Z");
	*ms = t;
	return 0;
}
