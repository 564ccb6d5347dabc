/*
 * Reports: figures that can be computed again from what is stored. GET
 * /v1/report/cost: what answering took of the month's quota, and what it would
 * have taken had every message been a push. /v1/report/auto: what the bot did
 * (q_bot.c). On the reader's thread.
 */
#include <string.h>
#include <time.h>

#include <mado/when.h>

#include "api.h"
#include "q_bot.h"

enum { DAYS = 30, RATE_DAYS = 7, TOP = 20 };
#define DAY_MS INT64_C(86400000)

struct report {
	struct call *c;
	int64_t from_ms, to_ms, now_ms;
	struct buf out;
	struct err err;
};

/* The month's length in days and how many of them are over, by the desk's
 * clock; LINE counts by that of Japan, which is the default. */
static void
month_days(int64_t now_ms, double *all, double *over)
{
	time_t t = (time_t)(now_ms / 1000), first, next;
	struct tm tm;

	localtime_r(&t, &tm);
	tm.tm_mday = 1;
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	tm.tm_isdst = -1;
	first = mktime(&tm);
	tm.tm_mon++;
	tm.tm_isdst = -1;
	next = mktime(&tm);
	*all = (double)(next - first) / 86400;
	*over = (double)(t - first) / 86400;
}

/* Where the month will end: what is used, and for each day that is left the
 * mean of the last seven. -1: nobody knows what is used. */
static int64_t
forecast(struct sql *db, const char *channel, int64_t used, int64_t now_ms)
{
	double all, over, rate;

	if (used < 0)
		return -1;
	month_days(now_ms, &all, &over);
	rate = (double)sql_get_int(db, 0,
		   "SELECT total(m.cost) FROM message m JOIN identity i ON"
		   " i.id=m.identity WHERE m.cost IS NOT NULL AND m.at>?1 AND"
		   " i.channel=?2",
		   "is", now_ms - RATE_DAYS * DAY_MS, channel) /
	    RATE_DAYS;
	return used + (int64_t)(rate * (all - over) + 0.5);
}

static void
put_channel(struct buf *b, struct sql *db, struct sql_rows *q, int64_t now_ms)
{
	int64_t used = sql_is_null(q, 5) ? -1 : sql_int(q, 5);

	buf_putc(b, '{');
	json_add_str(b, "channel", sql_text(q, 0));
	json_add_int(b, "messages", sql_int(q, 1));
	json_add_int(b, "free", sql_int(q, 2));
	json_add_int(b, "cost", sql_int(q, 3));
	json_add_int(b, "quota_limit", sql_is_null(q, 4) ? -1 : sql_int(q, 4));
	json_add_int(b, "quota_used", used);
	json_add_int(b, "forecast", forecast(db, sql_text(q, 0), used, now_ms));
	buf_putc(b, '}');
}

static void
put_channels(struct report *r, struct sql *db)
{
	struct sql_rows *q;
	int n = 0;

	buf_puts(&r->out, ",\"channels\":[");
	q = sql_query(db,
	    "SELECT i.channel,count(*),sum(m.via=0),total(m.cost),"
	    "c.quota_limit,c.quota_used FROM message m JOIN identity i ON"
	    " i.id=m.identity LEFT JOIN channel c ON c.name=i.channel"
	    " WHERE m.at>=?1 AND m.at<?2 AND m.state=2 AND m.via IS NOT NULL"
	    " GROUP BY i.channel ORDER BY i.channel",
	    "ii", r->from_ms, r->to_ms);
	while (sql_next(q)) {
		buf_puts(&r->out, n++ > 0 ? "," : "");
		put_channel(&r->out, db, q, r->now_ms);
	}
	buf_putc(&r->out, ']');
}

/* The dearest conversations. */
static void
put_dearest(struct report *r, struct sql *db)
{
	struct sql_rows *q;
	int n = 0;

	buf_puts(&r->out, ",\"conversations\":[");
	q = sql_query(db,
	    "SELECT m.conversation,t.name,total(m.cost) AS k FROM message m"
	    " JOIN contact t ON t.id=m.contact WHERE m.cost IS NOT NULL AND"
	    " m.at>=?1 AND m.at<?2 GROUP BY m.conversation"
	    " ORDER BY k DESC, m.conversation DESC LIMIT 20",
	    "ii", r->from_ms, r->to_ms);
	while (sql_next(q)) {
		buf_puts(&r->out, n++ > 0 ? ",{" : "{");
		json_add_int(&r->out, "conversation", sql_int(q, 0));
		json_add_str(&r->out, "name", sql_text(q, 1));
		json_add_int(&r->out, "cost", sql_int(q, 2));
		buf_putc(&r->out, '}');
	}
	buf_puts(&r->out, "]}");
}

static void
cost_run(void *arg, struct sql *db)
{
	struct report *r = arg;

	put_channels(r, db);
	put_dearest(r, db);
	sql_err(db, &r->err);
}

static void
report_done(void *arg)
{
	struct report *r = arg;

	if (r->err.code != ERR_NONE)
		call_err(r->c, &r->err);
	else
		call_ok(r->c, 200, &r->out);
	buf_free(&r->out);
	x_free(r);
}

/* A query parameter as RFC 3339; false: answered with 400. */
static bool
take_time(struct call *c, const char *name, int64_t def, int64_t *ms)
{
	const char *s = httpd_query(c->r, name);
	struct err e = {0};

	*ms = def;
	if (s == NULL || when_parse_rfc3339(s, ms, &e) == 0)
		return true;
	err_prefix(&e, "\"%s\"", name);
	call_err(c, &e);
	return false;
}

static void
auto_run(void *arg, struct sql *db)
{
	struct report *r = arg;

	q_report_auto(db, &r->out, r->from_ms, r->to_ms);
	buf_putc(&r->out, '}');
	sql_err(db, &r->err);
}

static void
report_start(struct call *c, void (*run)(void *, struct sql *))
{
	int64_t now = when_now_ms(), from, to;
	struct report *r;

	if (!take_time(c, "from", now - DAYS * DAY_MS, &from) ||
	    !take_time(c, "to", now + 1, &to))
		return;
	r = x_new(struct report);
	r->c = call_keep(c);
	r->from_ms = from;
	r->to_ms = to;
	r->now_ms = now;
	call_stamp(c, &r->out);
	json_add_time(&r->out, "from", from);
	json_add_time(&r->out, "to", to);
	worker_put(c->m->reader, run, report_done, r);
}

void
api_report_cost(struct call *c)
{
	report_start(c, cost_run);
}

void
api_report_auto(struct call *c)
{
	report_start(c, auto_run);
}
