/*
 * Opening hours: weekdays, public holidays, own days. Times are those of the
 * process's zone, which is the desk's. Pure but for the reading of a file of
 * holidays; called by rules.c and its reader.
 */
#ifndef MADOD_RULES_HOURS_H
#define MADOD_RULES_HOURS_H

#include <stdbool.h>

#include <mado/err.h>
#include <mado/mem.h>

/* A point in time as the clock on the wall shows it. */
struct rules_clock {
	int64_t day; /* since 1970-01-01 */
	int minute;  /* of the day */
};

enum { DAY_MINUTES = 1440, SPANS_MAX = 6 };

struct rules_span { /* minutes; `to` may lie past midnight */
	int from, to;
};

struct rules_day {
	bool set;
	size_t n; /* 0: closed */
	struct rules_span v[SPANS_MAX];
};

/* Own days: they win over holidays, and those over weekdays. */
struct rules_own {
	int64_t from, to; /* days, both included */
	struct rules_day day;
};

struct rules_holiday {
	int64_t day;
	const char *name;
};

struct rules_hours {
	bool given;               /* else it is always open */
	struct rules_day week[7]; /* from Sunday on, as tm_wday */
	struct rules_day holiday;
	struct rules_own *own;
	size_t n_own, own_cap;
	const struct rules_holiday *holidays; /* by day */
	size_t n_holidays;
};

void rules_clock_at(int64_t ms, struct rules_clock *c);
/* 0 (Sunday) to 6. */
int rules_weekday(int64_t day);
/* Days since 1970-01-01; false when there is no such date. */
bool rules_day_of(int year, int month, int day, int64_t *out);
void rules_date_of(int64_t day, int *year, int *month, int *mday);

/* What holds on a day; never NULL. */
const struct rules_day *rules_hours_day(
    const struct rules_hours *h, int64_t day);
bool rules_hours_open(const struct rules_hours *h, struct rules_clock at);
/* The next opening from then on (then itself when open); false: none within
 * a year. */
bool rules_hours_next(const struct rules_hours *h, struct rules_clock from,
    struct rules_clock *next);
/* The public holiday's name, or NULL. */
const char *rules_holiday_name(const struct rules_hours *h, int64_t day);

/*
 * "10:00-12:00, 13:00-19:00", "22:00-26:00", "closed"; the white space around
 * does not count. On failure -1, and *bad is where it stops to be one.
 */
int rules_hours_parse(const char *s, struct rules_day *d, const char **bad);
/* "2026-12-29" or "2026-12-29..2027-01-03" at *s, which moves past it. */
int rules_dates_parse(const char **s, int64_t *from, int64_t *to);
/*
 * Japan's public holidays as they ship, or those of a file: two columns, date
 * (2027/1/1 or 2027-01-01) and name, as the Cabinet Office publishes them
 * (syukujitsu.csv, Shift_JIS or UTF-8). ERR_INVALID with line and column.
 */
void rules_holidays_ship(struct rules_hours *h, struct arena *a);
int rules_holidays_read(
    struct rules_hours *h, const char *path, struct arena *a, struct err *e);

#endif
