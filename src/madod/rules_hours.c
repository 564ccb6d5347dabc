/* See rules_hours.h. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rules_hours.h"

enum { NEXT_DAYS_MAX = 400 };

void
rules_clock_at(int64_t ms, struct rules_clock *c)
{
	time_t t = (time_t)(ms / 1000);
	struct tm tm;

	localtime_r(&t, &tm);
	c->minute = tm.tm_hour * 60 + tm.tm_min;
	c->day = 0;
	rules_day_of(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, &c->day);
}

/* 1970-01-01 was a Thursday. */
int
rules_weekday(int64_t day)
{
	return (int)(((day + 4) % 7 + 7) % 7);
}

bool
rules_day_of(int year, int month, int day, int64_t *out)
{
	struct tm tm = {
	    .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day};
	time_t t = timegm(&tm);

	*out = (int64_t)t / 86400 - (t % 86400 < 0);
	return tm.tm_mon == month - 1 && tm.tm_mday == day;
}

void
rules_date_of(int64_t day, int *year, int *month, int *mday)
{
	time_t t = (time_t)day * 86400;
	struct tm tm;

	gmtime_r(&t, &tm);
	*year = tm.tm_year + 1900;
	*month = tm.tm_mon + 1;
	*mday = tm.tm_mday;
}

static int
by_day(const void *key, const void *row)
{
	int64_t day = *(const int64_t *)key;
	const struct rules_holiday *h = row;

	return (day > h->day) - (day < h->day);
}

const char *
rules_holiday_name(const struct rules_hours *h, int64_t day)
{
	const struct rules_holiday *found = NULL;

	if (h->n_holidays > 0)
		found = bsearch(&day, h->holidays, h->n_holidays,
		    sizeof(*h->holidays), by_day);
	return found != NULL ? found->name : NULL;
}

const struct rules_day *
rules_hours_day(const struct rules_hours *h, int64_t day)
{
	static const struct rules_day always = {
	    .set = true, .n = 1, .v = {{0, DAY_MINUTES}}};

	if (!h->given)
		return &always;
	for (size_t i = 0; i < h->n_own; i++)
		if (day >= h->own[i].from && day <= h->own[i].to)
			return &h->own[i].day;
	if (h->holiday.set && rules_holiday_name(h, day) != NULL)
		return &h->holiday;
	return &h->week[rules_weekday(day)];
}

/* Minute of the day; past 24:00 it is of the day before. */
static bool
day_open(const struct rules_day *d, int minute)
{
	for (size_t i = 0; i < d->n; i++)
		if (minute >= d->v[i].from && minute < d->v[i].to)
			return true;
	return false;
}

bool
rules_hours_open(const struct rules_hours *h, struct rules_clock at)
{
	return day_open(rules_hours_day(h, at.day), at.minute) ||
	    day_open(rules_hours_day(h, at.day - 1), at.minute + DAY_MINUTES);
}

bool
rules_hours_next(const struct rules_hours *h, struct rules_clock from,
    struct rules_clock *next)
{
	*next = from;
	if (rules_hours_open(h, from))
		return true;
	for (int64_t day = from.day; day < from.day + NEXT_DAYS_MAX; day++) {
		const struct rules_day *d = rules_hours_day(h, day);

		for (size_t i = 0; i < d->n; i++)
			if (day > from.day || d->v[i].from > from.minute) {
				*next = (struct rules_clock){day, d->v[i].from};
				return true;
			}
	}
	return false;
}

/* --- reading */

static const char *
skip_blanks(const char *s)
{
	return s + strspn(s, " \t");
}

/* A number of at most n digits at *s, moved past; -1 when there is none. */
static int
number(const char **s, int n)
{
	int v = -1;

	for (; n > 0 && **s >= '0' && **s <= '9'; n--, (*s)++)
		v = (v < 0 ? 0 : v * 10) + (**s - '0');
	return v;
}

/* "9:00", "26:00" at *s as minutes; -1. */
static int
time_of_day(const char **s)
{
	int hour = number(s, 2), minute;

	if (hour < 0 || **s != ':')
		return -1;
	(*s)++;
	if (strspn(*s, "0123456789") != 2)
		return -1;
	minute = number(s, 2);
	return minute < 60 ? hour * 60 + minute : -1;
}

/* What stands between two times: one of those that people type. */
static bool
skip_dash(const char **s)
{
	static const char *const dashes[] = {"-", "~", "–", "～", "〜", "−"};

	*s = skip_blanks(*s);
	for (size_t i = 0; i < sizeof(dashes) / sizeof(dashes[0]); i++) {
		size_t n = strlen(dashes[i]);

		if (strncmp(*s, dashes[i], n) == 0) {
			*s = skip_blanks(*s + n);
			return true;
		}
	}
	return false;
}

/* One span after those that d has. */
static bool
parse_span(const char **s, struct rules_day *d)
{
	struct rules_span *v = &d->v[d->n];
	int after = d->n > 0 ? d->v[d->n - 1].to : 0;

	if (d->n == SPANS_MAX)
		return false;
	*s = skip_blanks(*s);
	v->from = time_of_day(s);
	if (v->from < after || v->from >= DAY_MINUTES || !skip_dash(s))
		return false;
	v->to = time_of_day(s);
	if (v->to <= v->from || v->to > v->from + DAY_MINUTES)
		return false;
	d->n++;
	*s = skip_blanks(*s);
	return true;
}

int
rules_hours_parse(const char *s, struct rules_day *d, const char **bad)
{
	*d = (struct rules_day){.set = true};
	s = skip_blanks(s);
	*bad = s;
	if (strncmp(s, "closed", 6) == 0 && *skip_blanks(s + 6) == '\0')
		return 0;
	for (;; s++) {
		*bad = skip_blanks(s);
		if (!parse_span(&s, d))
			return -1;
		if (*s == '\0')
			return 0;
		if (*s != ',') {
			*bad = s;
			return -1;
		}
	}
}

/* "2026-12-29" or "2026/12/29" at *s, moved past when it is one. */
static bool
parse_date(const char **s, int64_t *day)
{
	const char *p = *s;
	int year = number(&p, 4), month, mday;
	char sep = *p;

	if (year < 1900 || (sep != '-' && sep != '/'))
		return false;
	p++;
	month = number(&p, 2);
	if (*p++ != sep)
		return false;
	mday = number(&p, 2);
	if (month < 1 || mday < 1 || !rules_day_of(year, month, mday, day))
		return false;
	*s = p;
	return true;
}

int
rules_dates_parse(const char **s, int64_t *from, int64_t *to)
{
	*s = skip_blanks(*s);
	if (!parse_date(s, from))
		return -1;
	*to = *from;
	if (strncmp(*s, "..", 2) != 0)
		return 0;
	*s += 2;
	return parse_date(s, to) && *to >= *from ? 0 : -1;
}
