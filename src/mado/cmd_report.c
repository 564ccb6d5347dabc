/*
 * report: figures for supervisors, as lines or JSON. The server computes them.
 */
#include <string.h>
#include <time.h>

#include <mado/when.h>

#include "cli.h"
#include "cli_out.h"
#include "i18n.h"
#include "said.h"

enum { DAYS = 30, NAME_COLS = 16, DAY_S = 86400 };

struct report {
	struct cli *cli;
	struct err *e;
	int rc;
};

static void line(struct report *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
line(struct report *r, const char *fmt, ...)
{
	struct buf b = {0};
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = x_vsprintf(fmt, ap);
	va_end(ap);
	out_text(&b, text);
	x_free(text);
	if (r->rc == 0)
		r->rc = out_line(&b, r->e);
	buf_free(&b);
}

static void
print_channel(struct report *r, const cJSON *o)
{
	long long messages = json_int(o, "messages", 0);
	long long cost = json_int(o, "cost", 0);
	long long limit = json_int(o, "quota_limit", -1);
	long long ahead = json_int(o, "forecast", -1);

	line(r,
	    _("%s: %lld messages, %lld of them free replies; cost %lld of "
	      "the quota"),
	    json_str(o, "channel", ""), messages,
	    (long long)json_int(o, "free", 0), cost);
	if (ahead >= 0 && limit >= 0)
		line(r,
		    _("  this month: %lld of %lld used; %lld at its end if "
		      "it goes on like the last seven days"),
		    (long long)json_int(o, "quota_used", 0), limit, ahead);
	if (limit >= 0 && ahead > limit)
		line(r,
		    _("  the month's quota will not do: push = hold lets "
		      "answers wait for the customer's next message"));
}

static void
print_cost(const struct desk_answer *a, void *arg)
{
	struct report *r = arg;
	const cJSON *o;

	if (r->cli->json) {
		r->rc = out_json(a->json, r->e);
		return;
	}
	cJSON_ArrayForEach(o, json_arr(a->json, "channels"))
	    print_channel(r, o);
	cJSON_ArrayForEach(o, json_arr(a->json, "conversations")) line(r,
	    "#%-6lld %5lld  %s", (long long)json_int(o, "conversation", 0),
	    (long long)json_int(o, "cost", 0), json_str(o, "name", ""));
}

/* A share in percent; below 0 where there is nothing to share. */
static double
percent(const cJSON *o, const char *name)
{
	const cJSON *v = cJSON_GetObjectItem(o, name);

	return cJSON_IsNumber(v) ? 100 * v->valuedouble : -1;
}

static void
print_rows(struct report *r, const cJSON *rows, const char *name)
{
	const cJSON *o;

	cJSON_ArrayForEach(o, rows) line(r, "%6lld  %s",
	    (long long)json_int(o, "n", 0), json_str(o, name, ""));
}

static void
print_adviser(struct report *r, const cJSON *o)
{
	const char *what = json_str(o, "what", "");
	long long n = json_int(o, "n", 0);

	if (strcmp(what, "followed") == 0)
		line(r, _("%6lld  adviser followed, %lld ms on average"), n,
		    (long long)json_int(o, "ms_mean", 0));
	else
		line(r, _("%6lld  adviser not followed: %s"), n,
		    said_phrase(what, r->cli->arena));
}

static void
print_faq(struct report *r, const cJSON *o)
{
	long long judged = json_int(o, "judged", 0);

	if (judged == 0)
		line(r, "%6lld  FAQ %s", (long long)json_int(o, "answered", 0),
		    json_str(o, "faq", ""));
	else
		line(r, _("%6lld  FAQ %s, %lld of %lld right"),
		    (long long)json_int(o, "answered", 0),
		    json_str(o, "faq", ""), (long long)json_int(o, "right", 0),
		    judged);
}

static void
print_auto(const struct desk_answer *a, void *arg)
{
	const cJSON *o = a->json, *it;
	struct report *r = arg;

	if (r->cli->json) {
		r->rc = out_json(o, r->e);
		return;
	}
	line(r,
	    _("%lld questions: %lld answered, %lld offered choices, %lld "
	      "handed over"),
	    (long long)json_int(o, "questions", 0),
	    (long long)json_int(o, "answered", 0),
	    (long long)json_int(o, "offered", 0),
	    (long long)json_int(o, "handed_over", 0));
	if (percent(o, "automatic_resolution") >= 0)
		line(r, _("%.1f %% of the conversations without a person"),
		    percent(o, "automatic_resolution"));
	if (percent(o, "right_of_judged") >= 0)
		line(r, _("%.1f %% of what taps and agents judged was right"),
		    percent(o, "right_of_judged"));
	print_rows(r, json_arr(o, "reasons"), "reason");
	cJSON_ArrayForEach(it, json_arr(o, "adviser")) print_adviser(r, it);
	cJSON_ArrayForEach(it, json_arr(o, "faqs")) print_faq(r, it);
	cJSON_ArrayForEach(it, json_arr(o, "days")) line(r,
	    _("%s  %lld questions, %lld answered, %lld handed over"),
	    json_str(it, "day", ""), (long long)json_int(it, "questions", 0),
	    (long long)json_int(it, "answered", 0),
	    (long long)json_int(it, "handed_over", 0));
}

static const struct kind {
	const char *name;
	void (*print)(const struct desk_answer *a, void *arg);
} kinds[] = {{"cost", print_cost}, {"auto", print_auto}, {NULL, NULL}};

static const struct kind *
kind_find(const char *name)
{
	const struct kind *k;

	for (k = kinds; k->name != NULL; k++)
		if (strcmp(k->name, name) == 0)
			return k;
	return NULL;
}

/* The day's beginning by the desk's clock, days later. */
static int
day_of(const char *s, int days, char at[WHEN_TEXT_B], struct err *e)
{
	int64_t ms = when_now_ms();
	struct tm tm;
	time_t t;

	if (s != NULL && when_parse(s, when_now_ms(), &ms, e) == -1)
		return -1;
	t = (time_t)(ms / 1000);
	localtime_r(&t, &tm);
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	tm.tm_mday += days;
	tm.tm_isdst = -1;
	when_rfc3339((int64_t)mktime(&tm) * 1000, at);
	return 0;
}

int
cmd_report(struct cli *c, int argc, char **argv, struct err *e)
{
	const char *from = NULL, *to = NULL;
	const struct cli_opt opts[] = {{"--from", OPT_STR, &from},
	    {"--to", OPT_STR, &to}, {NULL, OPT_FLAG, NULL}};
	struct desk_call call = {.op = DESK_REPORT};
	struct report r = {c, e, 0};
	const struct kind *k;
	char first[WHEN_TEXT_B], last[WHEN_TEXT_B];

	if (cli_options(c, opts, &argc, argv, e) == -1)
		return -1;
	if (argc != 2)
		return cli_usage(c, e);
	if ((k = kind_find(argv[1])) == NULL)
		return err_set(e, ERR_INVALID,
		    _("there is no report %s; there are: cost, auto"), argv[1]);
	if (cli_store(c, e) == -1 || cli_desk(c, e) == -1 ||
	    day_of(from, from != NULL ? 0 : 1 - DAYS, first, e) == -1 ||
	    day_of(to, 1, last, e) == -1)
		return -1;
	call.id = argv[1];
	call.from = first;
	call.to = last;
	if (cli_ask(c, &call, k->print, &r, e) == -1)
		return -1;
	return r.rc == 0 ? out_flush(e) : -1;
}
