/* Tokens, and requests that carry them: see line_call.h. */
#include <string.h>

#include <mado/crypto.h>
#include <mado/json.h>
#include <mado/when.h>

#include "line_call.h"

enum {
	TOKEN_TIMEOUT_MS = 15000,
	ASK_TIMEOUT_MS = 15000,
	TOKEN_SPARE_MS = 10000, /* not used so shortly before its end */
	TOKEN_MAX_B = 4096,
	HEADERS_MAX = 8
};

/* The stateless token of one channel. */
struct token {
	struct line_calls *all;
	char *base, *id, *secret;  /* it was got there for these */
	char *value;               /* in memory that is wiped; "" for none */
	int64_t renew_ms, dies_ms; /* mono */
	int64_t number;            /* of the value: how many there were */
	bool asked;
	struct token *next;
};

/* One request of a channel with such a token, which may have to wait for it,
 * and to be sent again. */
struct request {
	struct token *token;
	struct arena *mem;
	struct fetch_opts o;
	int64_t number; /* of the token it was sent with */
	bool waits, again;
	struct request *next;
};

struct line_calls {
	struct fetch *fetch;
	struct token *tokens;
	struct request *requests;
};

struct line_calls *
line_calls_new(struct fetch *f)
{
	struct line_calls *c = x_new(struct line_calls);

	c->fetch = f;
	return c;
}

static void
request_free(struct request *q)
{
	struct request **p;

	for (p = &q->token->all->requests; *p != q; p = &(*p)->next)
		;
	*p = q->next;
	arena_free(q->mem);
}

void
line_calls_free(struct line_calls *c)
{
	struct token *t;

	if (c == NULL)
		return;
	while (c->requests != NULL)
		request_free(c->requests);
	while ((t = c->tokens) != NULL) {
		c->tokens = t->next;
		explicit_bzero(t->secret, strlen(t->secret));
		x_free(t->base);
		x_free(t->id);
		x_free(t->secret);
		crypto_secret_free(t->value);
		x_free(t);
	}
	x_free(c);
}

void
line_calls_forget(struct line_calls *c)
{
	struct token *t;

	for (t = c->tokens; t != NULL; t = t->next)
		t->value[0] = '\0';
}

static struct token *
token_of(struct line_calls *c, const struct config_line *l)
{
	struct token *t;

	for (t = c->tokens; t != NULL; t = t->next)
		if (strcmp(t->base, l->api_base) == 0 &&
		    strcmp(t->id, l->channel_id) == 0 &&
		    strcmp(t->secret, l->secret) == 0)
			return t;
	t = x_new(struct token);
	t->all = c;
	t->base = x_strdup(l->api_base);
	t->id = x_strdup(l->channel_id);
	t->secret = x_strdup(l->secret);
	t->value = crypto_secret_new(TOKEN_MAX_B);
	t->next = c->tokens;
	c->tokens = t;
	return t;
}

static bool
token_lives(const struct token *t)
{
	return t->value[0] != '\0' && when_mono_ms() < t->dies_ms;
}

/* Start o with that token, beside the headers it has. */
static void
send_with(
    struct line_calls *c, const char *token, const struct fetch_opts *with)
{
	char *auth = x_sprintf("Authorization: Bearer %s", token);
	const char *headers[HEADERS_MAX + 1] = {auth};
	struct fetch_opts o = *with;
	int n;

	for (n = 1; with->headers != NULL && with->headers[n - 1] != NULL &&
	     n < HEADERS_MAX;
	     n++)
		headers[n] = with->headers[n - 1];
	o.headers = headers;
	fetch_start(c->fetch, &o);
	explicit_bzero(auth, strlen(auth));
	x_free(auth);
}

static void request_done(const struct fetch_res *res, void *arg);

static void
request_send(struct request *q)
{
	struct fetch_opts o = q->o;

	q->waits = false;
	q->number = q->token->number;
	o.done = request_done;
	o.arg = q;
	send_with(q->token->all, q->token->value, &o);
}

static void
request_end(struct request *q, const struct fetch_res *res)
{
	void (*done)(const struct fetch_res *, void *) = q->o.done;
	void *arg = q->o.arg;

	request_free(q);
	done(res, arg);
}

/* Send on, or end with res, what waits for t. An end may start others, at the
 * head of the list, which wait for the next answer. */
static void
token_settle(struct token *t, const struct fetch_res *res)
{
	struct request *q, *next;

	for (q = t->all->requests; q != NULL; q = next) {
		next = q->next;
		if (q->token != t || !q->waits)
			continue;
		if (res == NULL)
			request_send(q);
		else
			request_end(q, res);
	}
}

static bool
token_take(struct token *t, const struct fetch_res *res)
{
	cJSON *o = json_parse_foreign(res->body, res->n, NULL);
	const char *value = json_str(o, "access_token", "");
	int64_t life_ms = json_int(o, "expires_in", 0) * 1000,
		now = when_mono_ms();
	bool good = res->outcome == FETCH_ANSWERED && res->status == 200 &&
	    value[0] != '\0' && strlen(value) < TOKEN_MAX_B && life_ms > 0;

	if (good) {
		memcpy(t->value, value, strlen(value) + 1);
		t->number++;
		/* a third of its life is left to get the next */
		t->renew_ms = now + life_ms / 3 * 2;
		t->dies_ms = now + life_ms -
		    (life_ms > 2 * TOKEN_SPARE_MS ? TOKEN_SPARE_MS : 0);
	}
	cJSON_Delete(o);
	return good;
}

/* What those who waited get: LINE's no as a 401, whatever else as unsent. */
static void
token_refused(struct token *t, const struct fetch_res *res)
{
	struct fetch_res no = {.body = "",
	    .type = "",
	    .error = "",
	    .request_id = "",
	    .accepted_id = ""};
	cJSON *o = json_parse_foreign(res->body, res->n, NULL);
	struct buf b = {0};

	if (res->outcome == FETCH_ANSWERED && res->status / 100 == 4 &&
	    res->status != 429) {
		no.outcome = FETCH_ANSWERED;
		no.status = 401;
		no.date_ms = res->date_ms;
		buf_putc(&b, '{');
		json_add_str(&b, "message",
		    json_str(o, "error_description",
			json_str(o, "error", "no reason given")));
		buf_putc(&b, '}');
		no.body = b.p;
		no.n = b.n;
	} else {
		no.outcome = FETCH_NOT_SENT;
		buf_puts(&b, "no channel access token: ");
		if (res->outcome == FETCH_ANSWERED)
			buf_printf(&b, "LINE answered %d", res->status);
		else
			buf_puts(&b, res->error);
		no.error = b.p;
	}
	cJSON_Delete(o);
	token_settle(t, &no);
	buf_free(&b);
}

static void
token_answered(const struct fetch_res *res, void *arg)
{
	struct token *t = arg;

	t->asked = false;
	if (token_take(t, res))
		token_settle(t, NULL);
	else
		token_refused(t, res);
}

/* The secret is in the body, never in an address that could be logged. */
static void
token_ask(struct token *t)
{
	static const char *const headers[] = {
	    "Content-Type: application/x-www-form-urlencoded", NULL};
	char *url = x_sprintf("%s/oauth2/v3/token", t->base);
	struct buf b = {0};
	struct fetch_opts o = {.url = url,
	    .headers = headers,
	    .timeout_ms = TOKEN_TIMEOUT_MS,
	    .done = token_answered,
	    .arg = t};

	if (t->asked)
		return;
	t->asked = true;
	buf_puts(&b, "grant_type=client_credentials&client_id=");
	fetch_escape(&b, t->id);
	buf_puts(&b, "&client_secret=");
	fetch_escape(&b, t->secret);
	o.body = b.p;
	o.n = b.n;
	fetch_start(t->all->fetch, &o);
	explicit_bzero(b.p, b.n);
	buf_free(&b);
	x_free(url);
}

/* Now, or with the token that is asked for. */
static void
request_start(struct request *q)
{
	struct token *t = q->token;

	q->waits = !token_lives(t);
	if (!q->waits)
		request_send(q);
	if (q->waits || when_mono_ms() >= t->renew_ms)
		token_ask(t);
}

static void
request_done(const struct fetch_res *res, void *arg)
{
	struct request *q = arg;

	if (res->outcome != FETCH_ANSWERED || res->status != 401 || q->again) {
		request_end(q, res);
		return;
	}
	q->again = true;
	if (q->token->number == q->number)
		q->token->value[0] = '\0';
	request_start(q);
}

/* A copy that lives as long as the request may be sent again. */
static struct request *
request_new(struct token *t, const char *url, const struct fetch_opts *o)
{
	struct arena *mem = arena_new();
	struct request *q = arena_new_of(mem, struct request);
	const char **headers = arena_calloc(mem, HEADERS_MAX, sizeof(char *));
	int n;

	q->token = t;
	q->mem = mem;
	q->o = *o;
	q->o.url = arena_strdup(mem, url);
	q->o.method = arena_strdup(mem, o->method);
	q->o.to_file = arena_strdup(mem, o->to_file);
	q->o.headers = headers;
	for (n = 0;
	     o->headers != NULL && o->headers[n] != NULL && n < HEADERS_MAX - 1;
	     n++)
		headers[n] = arena_strdup(mem, o->headers[n]);
	if (o->body != NULL) {
		q->o.body = arena_calloc(mem, o->n + 1, 1);
		memcpy((char *)q->o.body, o->body, o->n);
	}
	q->next = t->all->requests;
	t->all->requests = q;
	return q;
}

void
line_call(struct line_calls *c, const struct config_line *l, const char *base,
    const char *path, const struct fetch_opts *o)
{
	char *url = x_sprintf("%s%s", base, path);
	struct fetch_opts direct = *o;

	direct.url = url;
	if (l->channel_id == NULL)
		send_with(c, l->token, &direct);
	else
		request_start(request_new(token_of(c, l), url, o));
	x_free(url);
}

void
line_ask(struct line_calls *c, const struct config_line *l, const char *method,
    const char *path, void (*done)(const struct fetch_res *, void *), void *arg)
{
	static const char *const json[] = {
	    "Content-Type: application/json", NULL};
	bool post = strcmp(method, "POST") == 0;
	struct fetch_opts o = {.method = method,
	    .headers = post ? json : NULL,
	    .timeout_ms = ASK_TIMEOUT_MS,
	    .body = post ? "{}" : NULL,
	    .n = post ? 2 : 0,
	    .done = done,
	    .arg = arg};

	line_call(c, l, l->api_base, path, &o);
}

const char *
line_words(const struct fetch_res *res, struct arena *a)
{
	cJSON *o = json_parse_foreign(res->body, res->n, NULL);
	const cJSON *d;
	struct buf b = {0};
	const char *s;

	buf_printf(&b, "%s", json_str(o, "message", ""));
	cJSON_ArrayForEach(d, json_arr(o, "details"))
	{
		s = json_str(d, "message", NULL);
		if (s != NULL)
			buf_printf(&b, "; %s", s);
		s = json_str(d, "property", NULL);
		if (s != NULL)
			buf_printf(&b, " (%s)", s);
	}
	if (b.n == 0)
		buf_printf(&b, "LINE answered %d", res->status);
	s = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	cJSON_Delete(o);
	return s;
}
