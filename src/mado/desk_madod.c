/*
 * The desk behind desk.h that madod is: its paths, one row per operation,
 * and its bearer token. The only file of the client that asks the server.
 * Must not keep state of the desk: that is the store's.
 */
#include <ctype.h>
#include <string.h>
#include <sys/queue.h>

#include <mado/buf.h>
#include <mado/mem.h>

#include "desk.h"
#include "desk_answer.h"
#include "desk_url.h"
#include "i18n.h"

enum { TIMEOUT_MS = 30 * 1000, MEDIA_TIMEOUT_MS = 10 * 60 * 1000 };

struct desk {
	struct fetch *fetch;
	struct desk_url url;
	char *auth; /* "Authorization: Bearer ...", NULL */
	char *pin;
	LIST_HEAD(, desk_req) reqs;
};

struct desk_req {
	LIST_ENTRY(desk_req) link;
	struct desk *desk;
	struct fetch_req *fetch;
	struct err refused; /* the first attempt's, while the pin is read */
	bool any_body;      /* a picture, not JSON */
	void (*done)(const struct desk_answer *a, void *arg);
	void *arg;
};

/* In paths: {n} the number, {v} the verb, {i} the id. In queries, by letter:
 * see params[]. */
static const struct op {
	const char *method, *path, *query;
} ops[] = {
    [DESK_JOIN] = {"POST", "/v1/join", ""},
    [DESK_SIGN_IN] = {"POST", "/v1/session", ""},
    [DESK_SIGN_OUT] = {"DELETE", "/v1/session", ""},
    [DESK_ME] = {"GET", "/v1/me", ""},
    [DESK_PASSWORD] = {"POST", "/v1/me/password", ""},
    [DESK_LIST] = {"GET", "/v1/conversations", "vtgqlc"},
    [DESK_GET] = {"GET", "/v1/conversations/{n}", ""},
    [DESK_MESSAGES] = {"GET", "/v1/conversations/{n}/messages", "lbo"},
    [DESK_MESSAGE] = {"GET", "/v1/messages/{i}", ""},
    [DESK_FEED] = {"GET", "/v1/feed", "awln"},
    [DESK_PRESENCE] = {"POST", "/v1/presence", ""},
    [DESK_ACT] = {"POST", "/v1/conversations/{n}/{v}", ""},
    [DESK_STATUS] = {"GET", "/v1/status", ""},
    [DESK_AGENTS] = {"GET", "/v1/agents", ""},
    [DESK_TAGS] = {"GET", "/v1/tags", ""},
    [DESK_CANNED] = {"GET", "/v1/canned", ""},
    [DESK_CANNED_PUT] = {"PUT", "/v1/canned/{i}", ""},
    [DESK_CANNED_RM] = {"DELETE", "/v1/canned/{i}", "p"},
    [DESK_CANNED_IMPORT] = {"POST", "/v1/canned", ""},
    [DESK_OUTBOX] = {"GET", "/v1/outbox", ""},
    [DESK_RETRY] = {"POST", "/v1/outbox/{i}/retry", ""},
    [DESK_DISCARD] = {"POST", "/v1/outbox/{i}/discard", ""},
    [DESK_MEDIA] = {"GET", "/v1/media/{i}", ""},
    [DESK_SEARCH] = {"GET", "/v1/search", "qlc"},
    [DESK_UPLOAD] = {"POST", "/v1/uploads", "n"},
    [DESK_UPLOADS] = {"GET", "/v1/uploads", ""},
    [DESK_UPLOAD_GET] = {"GET", "/v1/uploads/{i}", ""},
    [DESK_UPLOAD_RM] = {"DELETE", "/v1/uploads/{i}", ""},
    [DESK_MEDIA_PAGE] = {"POST", "/v1/media/{i}/page", ""},
    [DESK_UPLOAD_PAGE] = {"POST", "/v1/upload-page", ""},
    [DESK_WHY] = {"GET", "/v1/messages/{i}/why", ""},
    [DESK_JUDGE] = {"POST", "/v1/messages/{i}/judge", ""},
    [DESK_FAQS] = {"GET", "/v1/faqs", ""},
    [DESK_CARDS] = {"GET", "/v1/conversations/{n}/cards", ""},
    [DESK_REPORT] = {"GET", "/v1/report/{i}", "FT"},
    [DESK_RAW] = {NULL, NULL, ""},
};

static const struct param {
	char letter;
	const char *name;
	char type; /* s: string, i: number, b: bool */
	size_t at;
} params[] = {
    {'v', "view", 's', offsetof(struct desk_call, view)},
    {'t', "tag", 's', offsetof(struct desk_call, tag)},
    {'g', "assignee", 's', offsetof(struct desk_call, assignee)},
    {'q', "query", 's', offsetof(struct desk_call, query)},
    {'c', "after", 's', offsetof(struct desk_call, cursor)},
    {'b', "before", 's', offsetof(struct desk_call, cursor)},
    {'p', "personal", 'b', offsetof(struct desk_call, personal)},
    {'F', "from", 's', offsetof(struct desk_call, from)},
    {'T', "to", 's', offsetof(struct desk_call, to)},
    {'n', "name", 's', offsetof(struct desk_call, name)},
    {'o', "contact", 'b', offsetof(struct desk_call, contact)},
    {'l', "limit", 'i', offsetof(struct desk_call, limit)},
    {'a', "after", 'i', offsetof(struct desk_call, after)},
    {'w', "wait", 'i', offsetof(struct desk_call, wait_s)},
    {'n', "client", 's', offsetof(struct desk_call, client)},
};

struct desk *
desk_new(struct fetch *f, const struct desk_opts *o, struct err *e)
{
	struct desk *d = x_new(struct desk);

	LIST_INIT(&d->reqs);
	if (desk_url_parse(&d->url, o->url, e) == -1) {
		x_free(d);
		return NULL;
	}
	d->fetch = f;
	d->pin = x_strdup(o->pin);
	if (o->token != NULL)
		d->auth = x_sprintf("Authorization: Bearer %s", o->token);
	return d;
}

void
desk_free(struct desk *d)
{
	if (d == NULL)
		return;
	while (!LIST_EMPTY(&d->reqs))
		desk_cancel(LIST_FIRST(&d->reqs));
	if (d->auth != NULL)
		explicit_bzero(d->auth, strlen(d->auth));
	x_free(d->auth);
	x_free(d->pin);
	desk_url_free(&d->url);
	x_free(d);
}

static void
req_free(struct desk_req *r)
{
	LIST_REMOVE(r, link);
	x_free(r);
}

void
desk_cancel(struct desk_req *r)
{
	if (r == NULL)
		return;
	fetch_cancel(r->fetch);
	req_free(r);
}

static void
put_hole(struct buf *b, const struct desk_call *c, char hole)
{
	if (hole == 'n')
		buf_printf(b, "%lld", (long long)c->number);
	else
		fetch_escape(b, hole == 'v' ? c->verb : c->id);
}

static void
put_path(struct buf *b, const char *path, const struct desk_call *c)
{
	for (; *path != '\0'; path++) {
		if (*path == '{') {
			put_hole(b, c, path[1]);
			path += 2; /* up to its } */
		} else {
			buf_putc(b, *path);
		}
	}
}

static void
put_param(
    struct buf *b, const struct param *p, const struct desk_call *c, char *glue)
{
	const char *field = (const char *)c + p->at, *s = NULL;
	int64_t i = 0;

	if (p->type == 's')
		memcpy(&s, field, sizeof(s));
	else if (p->type == 'i')
		memcpy(&i, field, sizeof(i));
	else
		i = *(const bool *)field;
	if (s == NULL && i == 0)
		return;
	buf_printf(b, "%c%s=", *glue, p->name);
	*glue = '&';
	if (s != NULL)
		fetch_escape(b, s);
	else
		buf_printf(b, "%lld", (long long)i);
}

static void
put_query(struct buf *b, const char *letters, const struct desk_call *c)
{
	char glue = '?';

	for (size_t i = 0; i < sizeof(params) / sizeof(params[0]); i++)
		if (strchr(letters, params[i].letter) != NULL)
			put_param(b, &params[i], c, &glue);
}

static void
put_url(struct buf *b, const struct desk *d, const struct desk_call *c)
{
	buf_puts(b, d->url.base);
	if (c->op == DESK_RAW)
		buf_puts(b, c->path);
	else if (c->op == DESK_ACT && c->number == 0)
		put_path(b, "/v1/{v}", c); /* claim */
	else
		put_path(b, ops[c->op].path, c);
	put_query(b, ops[c->op].query, c);
}

static int64_t
timeout_ms(const struct desk_call *c)
{
	if (c->op == DESK_MEDIA || c->op == DESK_UPLOAD)
		return MEDIA_TIMEOUT_MS;
	/* The feed's own wait, and ten seconds for the way. */
	return c->op == DESK_FEED ? (c->wait_s + 10) * 1000 : TIMEOUT_MS;
}

static void
answer(struct desk_req *r, const struct fetch_res *res)
{
	struct arena *mem = arena_new();
	struct desk_answer a = {0};
	cJSON *tree;
	void (*done)(const struct desk_answer *, void *) = r->done;
	void *arg = r->arg;

	desk_answer_read(&a, res, !r->any_body, mem, &tree);
	if (r->refused.code != ERR_NONE) {
		a.err = r->refused;
		a.bad_cert = true;
	}
	/* curl would speak of a port of localhost */
	if (res->outcome == FETCH_NOT_SENT && r->desk->url.unix_path != NULL)
		err_set(&a.err, ERR_NET,
		    _("the server was not reached: nobody answers at unix:%s"),
		    r->desk->url.unix_path);
	if (a.bad_cert && r->desk->pin != NULL)
		err_set(&a.err, ERR_NET,
		    _("the server's key is not the one seen at sign-in; if it "
		      "was changed on purpose, type mado login again"));
	req_free(r); /* done may free the desk */
	done(&a, arg);
	cJSON_Delete(tree);
	arena_free(mem);
}

static void
on_pin(const struct fetch_res *res, void *arg)
{
	answer(arg, res);
}

/* Ask once more, trusting nobody, only to show people the key's pin. Nothing
 * secret goes along. */
static void
ask_pin(struct desk_req *r)
{
	struct buf url = {0};
	struct fetch_opts o = {.timeout_ms = TIMEOUT_MS,
	    .no_verify = true,
	    .want_pin = true,
	    .done = on_pin,
	    .arg = r};

	err_set(
	    &r->refused, ERR_NET, _("the server's certificate is not trusted"));
	buf_printf(&url, "%s/healthz", r->desk->url.base);
	o.url = url.p;
	r->fetch = fetch_start(r->desk->fetch, &o);
	buf_free(&url);
}

static void
on_done(const struct fetch_res *res, void *arg)
{
	struct desk_req *r = arg;

	if (res->bad_cert && r->desk->pin == NULL)
		ask_pin(r);
	else
		answer(r, res);
}

static void
fetch(struct desk_req *r, const struct desk_call *c, const char *url,
    const char *body)
{
	struct desk *d = r->desk;
	const char *headers[4] = {"Accept: application/json"};
	size_t n = 1;
	struct fetch_opts o = {.url = url,
	    .method = c->op == DESK_RAW ? c->method : ops[c->op].method,
	    .unix_path = d->url.unix_path,
	    .headers = headers,
	    .body = body,
	    .n = body == NULL ? 0 : strlen(body),
	    .timeout_ms = timeout_ms(c),
	    .to_file = c->to_file,
	    .pin = d->pin,
	    .done = on_done,
	    .arg = r};

	if (c->op == DESK_UPLOAD) {
		o.body_is_fd = true;
		o.body_fd = c->from_fd;
		o.n = (size_t)c->from_n;
		headers[n++] = "Content-Type: application/octet-stream";
	} else if (body != NULL)
		headers[n++] = "Content-Type: application/json";
	if (d->auth != NULL)
		headers[n++] = d->auth;
	r->fetch = fetch_start(d->fetch, &o);
}

struct desk_req *
desk_start(struct desk *d, const struct desk_call *c,
    void (*done)(const struct desk_answer *a, void *arg), void *arg)
{
	struct desk_req *r = x_new(struct desk_req);
	struct buf url = {0};
	char *body = NULL;

	r->desk = d;
	r->done = done;
	r->arg = arg;
	r->any_body = c->op == DESK_MEDIA || c->op == DESK_RAW;
	LIST_INSERT_HEAD(&d->reqs, r, link);
	put_url(&url, d, c);
	if (c->args != NULL)
		body = cJSON_PrintUnformatted(c->args);
	else if (c->op != DESK_RAW && c->op != DESK_UPLOAD &&
	    strcmp(ops[c->op].method, "POST") == 0)
		body = cJSON_PrintUnformatted(&(cJSON){.type = cJSON_Object});
	fetch(r, c, url.p, body);
	if (body != NULL)
		explicit_bzero(body, strlen(body)); /* it may be a password */
	cJSON_free(body);
	buf_free(&url);
	return r;
}

struct wait {
	void (*use)(const struct desk_answer *a, void *arg);
	void *arg;
	struct err *e;
	int rc;
	bool over;
};

static void
on_waited(const struct desk_answer *a, void *arg)
{
	struct wait *w = arg;

	w->over = true;
	if (w->use != NULL)
		w->use(a, w->arg);
	if (a->err.code != ERR_NONE)
		w->rc = err_set(w->e, a->err.code, "%s", a->err.msg);
}

int
desk_ask(struct desk *d, struct loop *l, const struct desk_call *c,
    void (*use)(const struct desk_answer *a, void *arg), void *arg,
    struct err *e)
{
	struct wait w = {.use = use, .arg = arg, .e = e};

	desk_start(d, c, on_waited, &w);
	while (!w.over)
		loop_turn(l, 1000);
	return w.rc;
}
