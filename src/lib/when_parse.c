/*
 * Points in time as people type them, in English and Japanese: durations,
 * times of day, days. Everything is worked out in the process's time zone by
 * mktime(), so that a day is a day across a change of clocks. Reads no clock:
 * what it answers follows from its arguments and TZ. Called by the commands
 * that ask people for a time (snooze).
 */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include <mado/mem.h>
#include <mado/text.h>
#include <mado/when.h>

enum {
	MINUTE_MS = 60000,
	DAYS_MAX = 9999,
	DAY_BEGINS_H = 9, /* what a day without a time means */
	STEPS_MAX = 8     /* years until there is a 29 February again */
};

struct word {
	const char *name;
	int n;
};

/* A longer word stands before those it begins with. */
static const struct word minute_units[] = {{"minutes", 1}, {"minute", 1},
    {"mins", 1}, {"min", 1}, {"m", 1}, {"分", 1}, {"hours", 60}, {"hour", 60},
    {"h", 60}, {"時間", 60}, {NULL, 0}};
static const struct word day_units[] = {{"days", 1}, {"day", 1}, {"d", 1},
    {"日", 1}, {"weeks", 7}, {"week", 7}, {"w", 7}, {"週間", 7}, {NULL, 0}};
static const struct word day_words[] = {{"today", 0}, {"tomorrow", 1},
    {"今日", 0}, {"本日", 0}, {"きょう", 0}, {"明後日", 2}, {"あさって", 2},
    {"明日", 1}, {"あした", 1}, {"あす", 1}, {NULL, 0}};
static const struct word weekdays[] = {{"sunday", 0}, {"sun", 0}, {"日曜日", 0},
    {"日曜", 0}, {"monday", 1}, {"mon", 1}, {"月曜日", 1}, {"月曜", 1},
    {"tuesday", 2}, {"tue", 2}, {"火曜日", 2}, {"火曜", 2}, {"wednesday", 3},
    {"wed", 3}, {"水曜日", 3}, {"水曜", 3}, {"thursday", 4}, {"thu", 4},
    {"木曜日", 4}, {"木曜", 4}, {"friday", 5}, {"fri", 5}, {"金曜日", 5},
    {"金曜", 5}, {"saturday", 6}, {"sat", 6}, {"土曜日", 6}, {"土曜", 6},
    {NULL, 0}};
/* Hours that a half of the day adds; it stands before or after the time. */
static const struct word halves_before[] = {
    {"午前", 0}, {"午後", 12}, {NULL, 0}};
static const struct word halves_after[] = {{"am", 0}, {"pm", 12}, {NULL, 0}};

/* Letters are fields: n and m minutes, m of two digits, H the half hour. */
static const char *const date_forms[] = {
    "Y年M月D日", "M月D日", "Y-M-D", "Y/M/D", "M/D", NULL};
static const char *const clock_forms[] = {"h:m", "h時n分", "h時H", "h時", NULL};
/* After a day, or beside am and pm, an hour alone will do. */
static const char *const hour_forms[] = {"h", NULL};

struct fields {
	int y, mon, d, h, min;
};

/* The day meant, and whether a past one means the next of its kind. */
struct reading {
	const char *s;
	struct tm now;
	struct tm day;
	int step_days, step_years;
	bool named; /* a date: it must be one of the calendar */
};

static void
skip_spaces(const char **s)
{
	while (**s == ' ')
		(*s)++;
}

static bool
eat(const char **s, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(*s, word, n) != 0)
		return false;
	/* "m" is not the beginning of "mon" */
	if (isalpha((unsigned char)word[n - 1]) &&
	    isalpha((unsigned char)(*s)[n]))
		return false;
	*s += n;
	return true;
}

static bool
eat_word(const char **s, const struct word *words, int *n)
{
	for (; words->name != NULL; words++) {
		if (eat(s, words->name)) {
			*n = words->n;
			return true;
		}
	}
	return false;
}

/* A number of least to most digits, not above max. */
static bool
eat_number(const char **s, int least, int most, int max, int *n)
{
	const char *p = *s;

	for (*n = 0; p < *s + most && isdigit((unsigned char)*p); p++)
		*n = *n * 10 + (*p - '0');
	if (p < *s + least || isdigit((unsigned char)*p) || *n > max)
		return false;
	*s = p;
	return true;
}

static bool
eat_field(const char **s, char which, struct fields *f)
{
	switch (which) {
	case 'Y':
		return eat_number(s, 4, 4, 9999, &f->y) && f->y >= 1970;
	case 'M':
		return eat_number(s, 1, 2, 12, &f->mon) && f->mon > 0;
	case 'D':
		return eat_number(s, 1, 2, 31, &f->d) && f->d > 0;
	case 'h':
		return eat_number(s, 1, 2, 24, &f->h);
	case 'm': /* 9:5 is a slip, not five past nine */
		return eat_number(s, 2, 2, 59, &f->min);
	case 'H':
		f->min = 30;
		return eat(s, "半");
	case 'n':
		return eat_number(s, 1, 2, 59, &f->min);
	default:
		return *(*s)++ == which;
	}
}

/* The first of the forms that s begins with. */
static bool
eat_form(const char **s, const char *const *forms, struct fields *out)
{
	for (; *forms != NULL; forms++) {
		struct fields f = {0};
		const char *p = *s, *q = *forms;

		while (*q != '\0' && *p != '\0' && eat_field(&p, *q, &f))
			q++;
		if (*q != '\0')
			continue;
		*s = p;
		*out = f;
		return true;
	}
	return false;
}

/* One number and unit of a duration; the units' halves too: 2時間半. */
static bool
eat_amount(const char **s, int64_t *minutes, int *days)
{
	int n, unit;

	if (!eat_number(s, 1, 4, DAYS_MAX, &n))
		return false;
	skip_spaces(s);
	if (eat_word(s, day_units, &unit)) {
		*days += n * unit;
	} else if (eat_word(s, minute_units, &unit)) {
		*minutes += n * unit;
		if (unit == 60 && eat(s, "半"))
			*minutes += 30;
	} else {
		return false;
	}
	skip_spaces(s);
	return *days <= DAYS_MAX;
}

/* "30m" "1h 30m" "3日後": days go by the calendar, the rest by the clock. */
static bool
read_duration(const struct reading *r, int64_t now_ms, int64_t *ms)
{
	const char *s = r->s;
	struct tm tm = r->now;
	int64_t minutes = 0;
	int days = 0, amounts = 0;

	for (; isdigit((unsigned char)*s) && amounts < 4; amounts++)
		if (!eat_amount(&s, &minutes, &days))
			return false;
	eat(&s, "後");
	if (*s != '\0' || (minutes == 0 && days == 0))
		return false;
	*ms = now_ms;
	if (days > 0) {
		tm.tm_mday += days;
		tm.tm_isdst = -1;
		*ms = (int64_t)mktime(&tm) * 1000 + now_ms % 1000;
	}
	*ms += minutes * MINUTE_MS;
	return true;
}

/* A time of day; after_day: "9" is enough. */
static bool
read_clock(struct reading *r, bool after_day)
{
	struct fields f = {.h = 12};
	const char *s = r->s;
	bool bare = false;
	int half = -1;

	if (!eat(&s, "noon") && !eat(&s, "正午")) {
		eat_word(&s, halves_before, &half);
		skip_spaces(&s);
		bare = !eat_form(&s, clock_forms, &f);
		if (bare && !eat_form(&s, hour_forms, &f))
			return false;
		skip_spaces(&s);
		if (half < 0)
			eat_word(&s, halves_after, &half);
	}
	if ((bare && !after_day && half < 0) || (half >= 0 && f.h > 12) ||
	    (f.h == 24 && f.min > 0))
		return false;
	r->day.tm_hour = half < 0 ? f.h : f.h % 12 + half;
	r->day.tm_min = f.min;
	r->s = s;
	return true;
}

/* "mon": the next one, today's included; "next mon": the coming week's. */
static bool
read_weekday(struct reading *r)
{
	const char *s = r->s;
	bool next = false;
	int n, today = r->now.tm_wday;

	if (eat(&s, "next") || eat(&s, "来週")) {
		next = true;
		skip_spaces(&s);
		eat(&s, "の");
	}
	if (!eat_word(&s, weekdays, &n))
		return false;
	if (next) /* weeks begin on Monday */
		r->day.tm_mday += 7 - (today + 6) % 7 + (n + 6) % 7;
	else
		r->day.tm_mday += (n - today + 7) % 7;
	r->step_days = next ? 0 : 7;
	r->s = s;
	return true;
}

static bool
read_date(struct reading *r)
{
	struct fields f;

	if (!eat_form(&r->s, date_forms, &f))
		return false;
	if (f.y != 0)
		r->day.tm_year = f.y - 1900;
	r->day.tm_mon = f.mon - 1;
	r->day.tm_mday = f.d;
	r->step_years = f.y == 0;
	r->named = true;
	return true;
}

static bool
read_day(struct reading *r)
{
	int n;

	r->day.tm_hour = DAY_BEGINS_H;
	if (eat_word(&r->s, day_words, &n))
		r->day.tm_mday += n;
	else if (!read_weekday(r) && !read_date(r))
		return false;
	skip_spaces(&r->s);
	if (eat(&r->s, "の") || eat(&r->s, "at") || eat(&r->s, "t"))
		skip_spaces(&r->s);
	return *r->s == '\0' || read_clock(r, true);
}

/* Is it a date of the calendar? mktime() would make 30 February a day of
 * March. */
static bool
is_date(const struct tm *day)
{
	struct tm tm = *day;

	tm.tm_hour = 12;
	tm.tm_isdst = -1;
	return mktime(&tm) != (time_t)-1 && tm.tm_mday == day->tm_mday;
}

/* The first of the times meant that is not past; the only one as it is. */
static bool
settle(const struct reading *r, int64_t now_ms, int64_t *ms)
{
	struct tm tm;

	for (int i = 0; i <= STEPS_MAX; i++) {
		tm = r->day;
		tm.tm_mday += i * r->step_days;
		tm.tm_year += i * r->step_years;
		tm.tm_isdst = -1;
		if (r->named && !is_date(&tm)) {
			if (r->step_years == 0)
				return false;
			continue;
		}
		*ms = (int64_t)mktime(&tm) * 1000;
		if (*ms > now_ms || r->step_days + r->step_years == 0)
			return true;
	}
	return false;
}

static bool
read_point(struct reading *r, int64_t now_ms, int64_t *ms)
{
	const char *start = r->s;

	if (read_duration(r, now_ms, ms))
		return true;
	if (read_clock(r, false) && *r->s == '\0') {
		r->step_days = 1;
		return settle(r, now_ms, ms);
	}
	r->s = start;
	r->day.tm_min = 0;
	return read_day(r) && *r->s == '\0' && settle(r, now_ms, ms);
}

/* Narrow, in small letters, single spaces. Caller frees with x_free(). */
static char *
tidy(const char *s)
{
	char *text = text_narrow(s), *out = text;

	for (const char *p = text; *p != '\0'; p++) {
		if (!isspace((unsigned char)*p))
			*out++ = (char)tolower((unsigned char)*p);
		else if (out > text && out[-1] != ' ')
			*out++ = ' ';
	}
	if (out > text && out[-1] == ' ')
		out--;
	*out = '\0';
	return text;
}

int
when_parse(const char *s, int64_t now_ms, int64_t *ms, struct err *e)
{
	char *text = tidy(s);
	struct reading r = {.s = text};
	time_t now = (time_t)(now_ms / 1000);
	bool ok;

	tzset();
	localtime_r(&now, &r.now);
	r.day = r.now;
	r.day.tm_sec = 0;
	r.day.tm_min = 0;
	ok = when_parse_rfc3339(text, ms, NULL) == 0 ||
	    read_point(&r, now_ms, ms);
	x_free(text);
	if (ok)
		return 0;
	return err_set(e, ERR_INVALID,
	    "a time is 30m, 2h, 3d, 14:30, tomorrow 9:00, mon 10:00, "
	    "2026-12-01 9:00, 明日 9時, 月曜 10時半, 12月1日 or 30分, not \"%s\"",
	    s);
}
