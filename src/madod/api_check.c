/*
 * GET /v1/check: the store; with ?own=1 the desk looks at itself, too, and
 * with ?line=1 asks LINE of each channel (token, chat, webhook endpoint and its
 * test, quota), one question after another. A row each: what, ok, text. For
 * check and doctor.
 */
#include <string.h>

#include <mado/when.h>

#include "adviser.h"
#include "api.h"
#include "health.h"
#include "line_call.h"

enum { CLOCK_MAX_MS = 60 * 1000 };

struct check {
	struct call *c;
	struct buf out;
	char *store;      /* what SQLite says of it: "ok" */
	const char *name; /* of the channel that is asked about */
	size_t channel;
	int step;
};

static void
check_say(struct check *k, const char *what, bool ok, const char *text)
{
	buf_puts(&k->out, k->out.p[k->out.n - 1] == '[' ? "{" : ",{");
	json_add_str(&k->out, "what", what);
	json_add_bool(&k->out, "ok", ok);
	json_add_str(&k->out, "text", text);
	buf_putc(&k->out, '}');
}

static const char *
say_info(const cJSON *o, struct arena *a, bool *ok)
{
	*ok = true;
	return arena_sprintf(a, "token accepted: %s (%s)",
	    json_str(o, "displayName", "?"), json_str(o, "basicId", "?"));
}

static const char *
say_chat(const cJSON *o, struct arena *a, bool *ok)
{
	const char *mode = json_str(o, "chatMode", "?");

	*ok = strcmp(mode, "chat") != 0;
	return arena_sprintf(a, "chat mode %s%s", mode,
	    *ok ? ""
		: ": chat in LINE Official Account Manager is on, "
		  "what is typed there is invisible here; switch it off");
}

static const char *
say_endpoint(const cJSON *o, struct arena *a, bool *ok)
{
	*ok = json_bool(o, "active", false);
	return arena_sprintf(a, "%s%s", json_str(o, "endpoint", "not set"),
	    *ok ? "" : " is not active: switch on \"Use webhook\"");
}

static const char *
say_test(const cJSON *o, struct arena *a, bool *ok)
{
	*ok = json_bool(o, "success", false);
	return arena_sprintf(a, "%s %d: %s", json_str(o, "reason", "?"),
	    (int)json_int(o, "statusCode", 0), json_str(o, "detail", ""));
}

static const char *
say_quota(const cJSON *o, struct arena *a, bool *ok)
{
	*ok = true;
	if (strcmp(json_str(o, "type", ""), "none") == 0)
		return "no limit";
	return arena_sprintf(
	    a, "%lld messages a month", (long long)json_int(o, "value", 0));
}

static const char *
say_used(const cJSON *o, struct arena *a, bool *ok)
{
	*ok = true;
	return arena_sprintf(
	    a, "%lld used this month", (long long)json_int(o, "totalUsage", 0));
}

static const struct {
	const char *what, *method, *path;
	const char *(*say)(const cJSON *, struct arena *, bool *);
} steps[] = {
    {"token", "GET", "/v2/bot/info", say_info},
    {"chat", "GET", "/v2/bot/info", say_chat},
    {"webhook endpoint", "GET", "/v2/bot/channel/webhook/endpoint",
	say_endpoint},
    {"webhook test", "POST", "/v2/bot/channel/webhook/test", say_test},
    {"quota", "GET", "/v2/bot/message/quota", say_quota},
    {"quota used", "GET", "/v2/bot/message/quota/consumption", say_used},
};

enum { STEPS = sizeof(steps) / sizeof(steps[0]) };

static void check_next(struct check *k);

/* By the header Date of the first answer of each channel. */
static void
check_clock(struct check *k, int64_t date_ms)
{
	int64_t off = date_ms - when_now_ms();
	bool ok = off > -CLOCK_MAX_MS && off < CLOCK_MAX_MS;

	check_say(k, arena_sprintf(k->c->mem, "%s: clock", k->name), ok,
	    arena_sprintf(k->c->mem, "%lld s %s LINE's%s",
		(long long)((off < 0 ? -off : off) / 1000),
		off > 0 ? "behind" : "ahead of",
		ok ? "" : ": set it (timedatectl set-ntp true)"));
}

static void
check_answered(const struct fetch_res *res, void *arg)
{
	struct check *k = arg;
	struct arena *a = k->c->mem;
	cJSON *o = json_parse(res->body, res->n, NULL);
	const char *text;
	bool ok = false;

	if (res->outcome != FETCH_ANSWERED)
		text = arena_sprintf(a, "LINE is not reached: %s", res->error);
	else if (res->status != 200)
		text =
		    arena_sprintf(a, "%d %s", res->status, line_words(res, a));
	else
		text = steps[k->step].say(o, a, &ok);
	check_say(k, arena_sprintf(a, "%s: %s", k->name, steps[k->step].what),
	    ok, text);
	if (k->step == 0 && res->date_ms != 0)
		check_clock(k, res->date_ms);
	cJSON_Delete(o);
	if (++k->step == STEPS) {
		k->step = 0;
		k->channel++;
	}
	check_next(k);
}

static void
check_next(struct check *k)
{
	const struct config *c = k->c->m->config;

	if (k->channel < c->n_lines) {
		k->name = arena_strdup(k->c->mem, c->lines[k->channel].name);
		line_ask(k->c->m->line_calls, &c->lines[k->channel],
		    steps[k->step].method, steps[k->step].path, check_answered,
		    k);
		return;
	}
	buf_puts(&k->out, "]}");
	call_ok(k->c, 200, &k->out);
	buf_free(&k->out);
	x_free(k);
}

static const struct {
	const char *what;
	bool (*look)(const struct config *c, struct buf *text);
} looks[] = {
    {"disk", health_disk},
    {"certificate", health_certificate},
    {"backup", health_backup},
};

/* LINE does not say whether it would send again; that it did is known. */
static void
check_redelivery(struct check *k)
{
	int64_t at = health_stamped_ms(k->c->m->config, "redelivered");
	char when[WHEN_TEXT_B];

	check_say(k, "redelivery", true,
	    at == 0 ? "none seen yet: see that \"Webhook redelivery\" is on"
		    : arena_sprintf(
			  k->c->mem, "on: seen at %s", when_rfc3339(at, when)));
}

static void
check_adviser(struct check *k)
{
	struct adviser_stats s = adviser_stats(k->c->m->adviser);
	int64_t failed = s.failed + s.late;

	if (k->c->m->config->bot.url != NULL)
		check_say(k, "adviser", !s.alone,
		    arena_sprintf(k->c->mem,
			"asked %lld times, %lld followed, %lld failed or late%s",
			(long long)s.asked, (long long)s.followed,
			(long long)failed,
			s.alone ? ": it is left alone for now; see the log"
				: ""));
}

static void
check_own(struct check *k)
{
	struct buf text = {0};
	bool ok;

	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
		buf_reset(&text);
		ok = looks[i].look(k->c->m->config, &text);
		check_say(k, looks[i].what, ok, buf_str(&text));
	}
	buf_free(&text);
	check_redelivery(k);
	check_adviser(k);
}

/* It reads every page: on the reader's thread. */
static void
check_store(void *arg, struct sql *db)
{
	struct check *k = arg;
	struct err e = {0};

	k->store = sql_get_text(db, "PRAGMA quick_check(1)", "");
	if (sql_err(db, &e) == -1 && k->store == NULL)
		k->store = x_strdup(e.msg);
}

static void
check_store_done(void *arg)
{
	struct check *k = arg;
	const char *s = k->store != NULL ? k->store : "cannot be read";

	check_say(k, "store", strcmp(s, "ok") == 0, s);
	x_free(k->store);
	if (httpd_query(k->c->r, "line") == NULL)
		k->channel = k->c->m->config->n_lines;
	if (httpd_query(k->c->r, "own") != NULL)
		check_own(k);
	check_next(k);
}

void
api_check(struct call *c)
{
	struct check *k = x_new(struct check);

	k->c = call_keep(c);
	buf_puts(&k->out, "{\"checks\":[");
	worker_put(c->m->reader, check_store, check_store_done, k);
}
