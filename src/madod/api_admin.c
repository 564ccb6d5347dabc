/*
 * What only the machine's admin asks: backup, and what LINE says of the
 * channels (token, webhook endpoint and its test, chat mode, quota).
 */
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "backup.h"
#include "line_fetch.h"

struct backup_job {
	struct call *c;
	const char *dir, *file;
	struct err err;
};

static void
backup_run(void *arg, struct sql *db)
{
	struct backup_job *j = arg;

	backup_write(db, j->dir, j->file, &j->err);
}

static void
backup_done(void *arg)
{
	struct backup_job *j = arg;

	if (j->err.code != ERR_NONE)
		call_err(j->c, &j->err);
	else
		call_empty(j->c);
	x_free(j);
}

void
api_backup(struct call *c)
{
	const char *file = json_str(c->args, "file", "");
	struct backup_job *j;
	struct err e = {0};

	if (file[0] != '/' || httpd_tag(c->r) != LISTEN_ADMIN) {
		err_set(&e, ERR_INVALID,
		    "a backup goes to an absolute path "
		    "of the desk's machine");
		call_err(c, &e);
		return;
	}
	j = x_new(struct backup_job);
	/* a copy: the config may be reread before it is done */
	j->dir = arena_strdup(c->mem, c->m->config->state_dir);
	j->file = file;
	j->c = call_keep(c);
	worker_put(c->m->reader, backup_run, backup_done, j);
}

void
api_restore(struct call *c)
{
	const char *file = json_str(c->args, "file", "");
	struct err e = {0};

	if (file[0] != '/' || httpd_tag(c->r) != LISTEN_ADMIN)
		err_set(&e, ERR_INVALID,
		    "a backup is named by an absolute path of the desk's "
		    "machine");
	else if (c->m->restore != NULL || c->m->sender == NULL)
		err_set(&e, ERR_BUSY, "another restore is under way");
	if (e.code != ERR_NONE) {
		call_err(c, &e);
		return;
	}
	c->m->restore = call_keep(c);
	loop_stop(c->m->loop);
}

/* The questions to LINE, one after the other, for each channel. */
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
	return arena_sprintf(a, "token accepted: %s (%s); chat mode %s%s",
	    json_str(o, "displayName", "?"), json_str(o, "basicId", "?"),
	    json_str(o, "chatMode", "?"),
	    strcmp(json_str(o, "chatMode", ""), "chat") == 0
		? ": chat in LINE Official Account Manager is on, "
		  "what is typed there is invisible here; switch it off"
		: "");
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
    {"webhook endpoint", "GET", "/v2/bot/channel/webhook/endpoint",
	say_endpoint},
    {"webhook test", "POST", "/v2/bot/channel/webhook/test", say_test},
    {"quota", "GET", "/v2/bot/message/quota", say_quota},
    {"quota used", "GET", "/v2/bot/message/quota/consumption", say_used},
};

enum { STEPS = sizeof(steps) / sizeof(steps[0]) };

static void check_next(struct check *k);

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
		line_ask(k->c->m, &c->lines[k->channel], steps[k->step].method,
		    steps[k->step].path, check_answered, k);
		return;
	}
	buf_puts(&k->out, "]}");
	call_ok(k->c, 200, &k->out);
	buf_free(&k->out);
	x_free(k);
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
