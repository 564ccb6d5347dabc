/*
 * Public holidays: the table that ships, or a file in the form that Japan's
 * Cabinet Office publishes, so that a law changed needs no new madod. Called
 * by the reader of rules.conf.
 */
#include <mado/buf.h>

#include "faq_tsv.h"
#include "rules_hours.h"
#include "rules_jp.h"

enum { HOLIDAYS_MAX_B = 1 << 20 };

void
rules_holidays_ship(struct rules_hours *h, struct arena *a)
{
	struct rules_holiday *v;
	size_t n = 0;

	while (rules_jp[n].date != 0)
		n++;
	v = arena_calloc(a, n, sizeof(*v));
	for (size_t i = 0; i < n; i++) {
		int date = rules_jp[i].date;

		rules_day_of(
		    date / 10000, date / 100 % 100, date % 100, &v[i].day);
		v[i].name = rules_jp[i].name;
	}
	h->holidays = v;
	h->n_holidays = n;
}

/* The rows of a table; its first may be a heading. */
static int
read_rows(struct rules_hours *h, const struct faq_table *t, struct arena *a,
    struct err *e)
{
	struct rules_holiday *v = arena_calloc(a, t->n + 1, sizeof(*v));
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++) {
		const char *s = t->rows[i].v[0];
		int64_t day, last;

		if (rules_dates_parse(&s, &day, &last) == -1 || *s != '\0' ||
		    last != day) {
			if (i == 0)
				continue;
			return faq_table_error(t, i, 1, e,
			    "not a date such as 2027/1/1 or 2027-01-01");
		}
		if (n > 0 && day <= v[n - 1].day)
			return faq_table_error(
			    t, i, 1, e, "dates have to rise");
		v[n].day = day;
		v[n++].name = arena_strdup(a, t->rows[i].v[1]);
	}
	h->holidays = v;
	h->n_holidays = n;
	return 0;
}

int
rules_holidays_read(
    struct rules_hours *h, const char *path, struct arena *a, struct err *e)
{
	struct faq_table t = {.name = path};
	struct buf b = {0};
	int rv = -1;

	if (buf_read_file(&b, path, HOLIDAYS_MAX_B, e) == -1)
		goto out;
	rv = faq_table_read(&t, a, &(struct faq_source){path, buf_str(&b), b.n},
	    (struct faq_shape){.min_cols = 2, .max_cols = 2}, e);
	if (rv == 0)
		rv = read_rows(h, &t, a, e);
	faq_table_free(&t);
out:
	buf_free(&b);
	return rv;
}
