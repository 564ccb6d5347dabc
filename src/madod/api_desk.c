/*
 * The desk as a whole: feed, status, agents, metrics, and its
 * own description, read off the route table.
 */
#include <string.h>

#include <mado/crypto.h>
#include <mado/when.h>

#include "adviser.h"
#include "alerts.h"
#include "api.h"
#include "feed.h"
#include "health.h"
#include "q.h"
#include "q_bot.h"

enum { FEED_PAGE = 500 };
#define DECIDED_MS (86400 * INT64_C(1000)) /* the metrics' day */

void
api_feed(struct call *c)
{
	const char *client = httpd_query(c->r, "client");
	struct feed_ask ask = {.user = c->user_id};
	int64_t wait;

	if (!call_int(c, "after", 0, 0, INT64_MAX, &ask.after) ||
	    !call_int(c, "wait", 0, 0, FEED_WAIT_MAX_S, &wait) ||
	    !call_int(c, "limit", FEED_PAGE, 1, FEED_PAGE, &ask.limit))
		return;
	ask.wait_ms = wait * 1000;
	if (client != NULL)
		snprintf(ask.client, sizeof(ask.client), "%s", client);
	cJSON_Delete(c->args);
	feed_wait(c->m->feed, c->r, &ask);
}

/* Where the caller's client is; answers who else is there. */
void
api_presence(struct call *c)
{
	struct presence_who who = {.user = c->user_id, .name = c->user};
	struct err e = {0};
	struct buf b = {0};

	who.client = json_str(c->args, "client", "");
	if (c->user_id == 0)
		err_set(&e, ERR_ROLE, "only a person of the desk is anywhere");
	else if (who.client[0] == '\0' ||
	    strlen(who.client) >= PRESENCE_CLIENT_B)
		err_set(&e, ERR_INVALID,
		    "\"client\" must be a name of at most %d bytes",
		    PRESENCE_CLIENT_B - 1);
	if (e.code != ERR_NONE) {
		call_err(c, &e);
		return;
	}
	presence_set(c->m->presence, &who, json_int(c->args, "conversation", 0),
	    json_bool(c->args, "typing", false));
	call_stamp(c, &b);
	json_put_key(&b, "presence");
	presence_put(c->m->presence, &who, &b);
	buf_putc(&b, '}');
	call_ok(c, 200, &b);
	buf_free(&b);
}

static void
status_channel(struct call *c, struct buf *b, const struct config_line *l)
{
	static const char *const push[] = {"allow", "ask", "hold"};
	struct channel_status s = {.name = l->name,
	    .quota_limit = -1,
	    .quota_used = -1,
	    .push = push[l->push]};
	struct sql_rows *q;
	const char *stopped;

	q = sql_query(c->m->db,
	    "SELECT quota_limit,quota_used,problem,"
	    "push_stopped FROM channel WHERE name=?1",
	    "s", l->name);
	if (sql_next(q)) {
		s.quota_limit = sql_int(q, 0);
		s.quota_used = sql_int(q, 1);
		stopped = sql_text(q, 3);
		s.problem = arena_strdup(
		    c->mem, sql_text(q, 2) != NULL ? sql_text(q, 2) : stopped);
		sql_done(q);
	}
	json_encode(b, &channel_status_json, &s);
}

/* Counting looks at every open conversation: on the reader's thread. */
struct tally {
	struct call *c;
	int64_t counts[VIEW_N], decided[BOT_OUTCOMES];
	struct buf out; /* begins with the stamp of before the count */
	struct err err;
};

static void
tally_run(void *arg, struct sql *db)
{
	struct tally *t = arg;

	q_counts(db, t->c->user, t->counts);
	q_decisions_since(db, when_now_ms() - DECIDED_MS, t->decided);
	sql_err(db, &t->err);
}

static void
tally_start(struct call *c, void (*done)(void *))
{
	struct tally *t = x_new(struct tally);

	t->c = call_keep(c);
	call_stamp(c, &t->out);
	worker_put(c->m->reader, tally_run, done, t);
}

static void
tally_end(struct tally *t, const char *type)
{
	if (t->err.code != ERR_NONE)
		call_err(t->c, &t->err);
	else
		call_reply(t->c, 200, type, &t->out);
	buf_free(&t->out);
	x_free(t);
}

static void
status_done(void *arg)
{
	struct tally *t = arg;
	struct call *c = t->c;
	struct buf *b = &t->out;
	size_t i;

	buf_puts(b, ",\"channels\":[");
	for (i = 0; i < c->m->config->n_lines; i++) {
		buf_puts(b, i > 0 ? "," : "");
		status_channel(c, b, &c->m->config->lines[i]);
	}
	buf_puts(b, "],\"counts\":{");
	for (i = 0; i < VIEW_N; i++)
		if (i != VIEW_RESOLVED && i != VIEW_ALL)
			json_add_int(b, view_names[i], t->counts[i]);
	buf_puts(b, "}}");
	tally_end(t, "application/json");
}

void
api_status(struct call *c)
{
	tally_start(c, status_done);
}

void
api_agents(struct call *c)
{
	api_users(c);
}

void
api_health(struct call *c)
{
	call_reply(
	    c, 200, "text/plain", &(struct buf){.p = (char[]){"ok\n"}, .n = 3});
}

static bool
metrics_allowed(struct call *c)
{
	const char *name, *h = httpd_header(c->r, "authorization");
	enum role role = ROLE_VIEWER;

	if (httpd_peer_is_loopback(c->r) &&
	    httpd_header(c->r, "x-forwarded-for") == NULL)
		return true;
	if (h == NULL || strncasecmp(h, "Bearer ", 7) != 0)
		return false;
	crypto_sha256(h + 7, strlen(h + 7), c->session);
	return session_find(c->m, c->session, c->mem, &name, &role) != 0 &&
	    role >= ROLE_SUPERVISOR;
}

/* A figure for Prometheus. */
struct metric {
	const char *name, *kind, *help;
	int64_t value;
};

static void
put_metrics(struct buf *b, const struct metric *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_printf(b,
		    "# HELP madod_%s %s\n# TYPE madod_%s %s\n"
		    "madod_%s %lld\n",
		    v[i].name, v[i].help, v[i].name, v[i].kind, v[i].name,
		    (long long)v[i].value);
}

static void
put_adviser(const struct adviser *v, struct buf *b)
{
	struct adviser_stats s = adviser_stats(v);
	const struct metric rows[] = {
	    {"adviser_asked_total", "counter", "Requests to [bot] url.",
		s.asked},
	    {"adviser_followed_total", "counter", "Of them: followed.",
		s.followed},
	    {"adviser_unsure_total", "counter",
		"Of them: answered, and not so that it could be sent.",
		s.unsure},
	    {"adviser_failed_total", "counter", "Of them: failed.", s.failed},
	    {"adviser_late_total", "counter", "Of them: past the deadline.",
		s.late},
	    {"adviser_unasked_total", "counter",
		"Messages that it was not asked about, being left alone or "
		"busy.",
		s.unasked},
	    {"adviser_alone", "gauge", "It failed too often and is left alone.",
		s.alone},
	};

	put_metrics(b, rows, sizeof(rows) / sizeof(rows[0]));
}

static void
metrics_done(void *arg)
{
	struct tally *t = arg;
	struct call *c = t->c;
	const int64_t *counts = t->counts;
	struct httpd_stats s = httpd_stats(c->m->httpd);

	const struct metric rows[] = {
	    {"feed_seq", "counter", "Events since the desk was made.",
		c->m->seq},
	    {"feed_waiting", "gauge", "Clients that wait for the feed.",
		feed_waiting(c->m->feed)},
	    {"writer_queue", "gauge", "Acts not yet committed.",
		writer_depth(c->m->writer)},
	    {"http_requests_total", "counter", "Requests answered.",
		s.requests},
	    {"http_refused_total", "counter",
		"Requests or connections "
		"refused before a handler saw them.",
		s.refused},
	    {"http_connections", "gauge", "Open connections.", s.conns},
	    {"conversations_waiting", "gauge", "Manual, nobody's.",
		counts[VIEW_WAITING]},
	    {"conversations_auto", "gauge", "With the bot.", counts[VIEW_AUTO]},
	    {"conversations_open", "gauge", "Not resolved.", counts[VIEW_OPEN]},
	    {"conversations_problems", "gauge", "With undecided sends.",
		counts[VIEW_PROBLEMS]},
	    {"alerts_untold_total", "counter", "Alerts that could not be told.",
		alerts_untold(c->m->alerts)},
	    {"bot_answered", "gauge", "By the bot, in 24 hours.",
		t->decided[BOT_ANSWER]},
	    {"bot_offered", "gauge", "Choices by the bot, in 24 hours.",
		t->decided[BOT_OFFER]},
	    {"bot_handed_over", "gauge", "To people, in 24 hours.",
		t->decided[BOT_HANDOFF]},
	};
	buf_reset(&t->out);
	put_metrics(&t->out, rows, sizeof(rows) / sizeof(rows[0]));
	put_adviser(c->m->adviser, &t->out);
	health_metrics(c->m, &t->out);
	tally_end(t, "text/plain; version=0.0.4; charset=utf-8");
}

void
api_metrics(struct call *c)
{
	struct err e = {0};

	if (metrics_allowed(c)) {
		tally_start(c, metrics_done);
		return;
	}
	err_set(&e, ERR_ROLE, "from elsewhere the metrics are a supervisor's");
	call_err(c, &e);
}
