/* What sets an alert off: see alert_when.h. */
#include <stdlib.h>
#include <string.h>

#include <mado/filter.h>
#include <mado/when.h>

#include "alert_when.h"
#include "health.h"

static void
put_span(struct buf *b, int64_t ms)
{
	int64_t min = ms / 60000;

	if (min < 120)
		buf_printf(b, "%lldm", (long long)min);
	else
		buf_printf(b, "%lldh", (long long)(min / 60));
}

static bool
webhook_silent(struct madod *m, int64_t than, struct buf *text)
{
	int64_t silent = when_now_ms() - m->webhook_ms;

	if (silent <= than || !rules_is_open(m->rules, when_now_ms()))
		return false;
	buf_puts(text, "LINE has sent no webhook for ");
	put_span(text, silent);
	buf_puts(text, " within opening hours: see madod doctor");
	return true;
}

static bool
line_refused(struct madod *m, int64_t than, struct buf *text)
{
	struct sql_rows *q = sql_query(m->db,
	    "SELECT name,problem FROM channel WHERE problem NOT NULL", "");
	bool any = false;

	(void)than;
	while (sql_next(q)) {
		buf_printf(text, "%schannel %s: %s", any ? "; " : "",
		    sql_text(q, 0), sql_text(q, 1));
		any = true;
	}
	return any;
}

static bool
quota(struct madod *m, int64_t than, struct buf *text)
{
	struct sql_rows *q = sql_query(m->db,
	    "SELECT name,quota_used,quota_limit FROM channel WHERE"
	    " quota_limit>0 AND quota_used*100>quota_limit*?1",
	    "i", than);
	bool any = false;

	while (sql_next(q)) {
		buf_printf(text, "%schannel %s: %lld of the month's %lld used",
		    any ? "; " : "", sql_text(q, 0), (long long)sql_int(q, 1),
		    (long long)sql_int(q, 2));
		any = true;
	}
	return any;
}

static bool
backup_age(struct madod *m, int64_t than, struct buf *text)
{
	int64_t at = health_stamped_ms(m->config, "backup");

	if (at != 0 && when_now_ms() - at <= than)
		return false;
	if (at == 0) {
		buf_puts(text, "there is no backup: madod -c FILE backup");
		return true;
	}
	buf_puts(text, "the last backup is ");
	put_span(text, when_now_ms() - at);
	buf_puts(text, " old");
	return true;
}

static bool
disk(struct madod *m, int64_t than, struct buf *text)
{
	struct buf words = {0};
	bool bad = !health_disk(m->config, &words);

	(void)than;
	if (bad)
		buf_puts(text, buf_str(&words));
	buf_free(&words);
	return bad;
}

const struct alert_condition alert_conditions[] = {
    {"webhook-silent", "SPAN",
	"nothing has come from LINE for so long, within opening hours",
	webhook_silent, 't'},
    {"line-refused", "", "LINE refuses a channel's token, or is not reached",
	line_refused, 0},
    {"quota", "PERCENT", "more of the month's quota is used", quota, '%'},
    {"backup-age", "SPAN", "the last backup is older, or there is none",
	backup_age, 't'},
    {"disk", "", "the disk is nearly full", disk, 0}, {0}};

static int64_t
span_of(const char *s, char **end)
{
	static const struct {
		char unit;
		int64_t ms;
	} units[] = {{'s', 1000}, {'m', 60000}, {'h', 3600000}, {'d', 86400000},
	    {'w', 604800000}};
	int64_t n = strtoll(s, end, 10);

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (**end == units[i].unit) {
			++*end;
			return __builtin_mul_overflow(n, units[i].ms, &n) ? -1
									  : n;
		}
	return -1;
}

/* The row and the number behind ">"; NULL: none of these. */
static const struct alert_condition *
condition(const char *when, int64_t *than, struct err *e)
{
	const struct alert_condition *c = alert_conditions;
	size_t n = strcspn(when, "> ");
	const char *s = when + n;
	char *end = NULL;

	while (c->name != NULL &&
	    (strlen(c->name) != n || strncmp(c->name, when, n) != 0))
		c++;
	if (c->name == NULL)
		return NULL;
	s += strspn(s, "> ");
	*than = 0;
	if (c->unit == 't')
		*than = span_of(s, &end);
	else if (c->unit == '%')
		*than = strtoll(s, &end, 10);
	if (end != NULL && *end == '%' && c->unit == '%')
		end++;
	if (end == NULL ? *s != '\0' : end == s || *end != '\0' || *than < 0)
		err_set(e, ERR_INVALID, "\"%s\" must be %s%s%s", when, c->name,
		    c->unit != 0 ? ">" : "",
		    c->unit == 't'       ? "2h"
			: c->unit == '%' ? "90"
					 : "");
	return c;
}

int
alert_when_check(const char *when, struct err *e)
{
	struct err why = {0};
	struct filter_bad bad;
	struct filter *f;
	int64_t than;

	if (condition(when, &than, &why) != NULL)
		return why.code == ERR_NONE
		    ? 0
		    : err_set(e, why.code, "%s", why.msg);
	if ((f = filter_parse(when, &bad)) == NULL)
		return filter_error(&bad, NULL, e);
	filter_free(f);
	return 0;
}

int
alert_when_desk(struct madod *m, const char *when, struct buf *text)
{
	const struct alert_condition *c;
	int64_t than;

	c = condition(when, &than, NULL);
	if (c == NULL)
		return -1;
	return c->holds(m, than, text) ? 1 : 0;
}
