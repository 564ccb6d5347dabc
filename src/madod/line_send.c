/* The outbox's bytes on the wire: see line_send.h. */
#include <string.h>

#include <mado/log.h>
#include <mado/when.h>

#include "line_call.h"
#include "line_send.h"

enum { SEND_TIMEOUT_MS = 20 * 1000, SEND_STORE_PAUSE_MS = 2000 };

struct sender {
	struct madod *m;
	bool taking, again, stopped;
	int64_t on_wire;
	struct sending *untold; /* results that could not be stored yet */
	struct timer *due, *tell;
};

/* One request, until what became of it is stored. */
struct sending {
	struct sender *s;
	struct arena *mem;
	enum via via;
	char *channel;
	struct send_result r;
	struct sending *next;
};

static void sender_next(struct sender *s);

/* LINE has answered, and nobody else knows: kept until it is stored, or the
 * message would stand as queued and everything after it would wait. */
static void
send_told(struct act *a)
{
	struct sending *g = a->arg;
	struct sender *s = g->s;

	if (a->err.code == ERR_NONE) {
		s->on_wire--;
		arena_free(g->mem);
		return;
	}
	log_error("outbox: a result is not stored yet: %s", a->err.msg);
	g->next = s->untold;
	s->untold = g;
	timer_set(s->tell, SEND_STORE_PAUSE_MS);
}

static void
send_tell(struct sending *g)
{
	struct act *a = act_new(act_send_result, send_told, g);

	a->in = &g->r;
	writer_put(g->s->m->writer, a);
}

static void
sender_tell(void *arg)
{
	struct sender *s = arg;
	struct sending *g = s->untold, *next;

	for (s->untold = NULL; g != NULL; g = next) {
		next = g->next;
		send_tell(g);
	}
}

/* How an answer is to be taken, by what LINE documents. */
static enum send_how
send_outcome(const struct sending *g, const struct fetch_res *res)
{
	bool reply = g->via == VIA_REPLY;

	if (res->outcome == FETCH_NOT_SENT)
		return SEND_AGAIN;
	if (res->outcome == FETCH_UNKNOWN || res->status >= 500)
		return SEND_UNKNOWN;
	if (res->status / 100 == 2 || (res->status == 409 && !reply))
		return SENT;
	if (res->status == 400 && reply &&
	    strstr(res->body, "Invalid reply token") != NULL)
		return SEND_DEAD_TOKEN;
	if (res->status == 429)
		return strstr(res->body, "monthly limit") != NULL
		    ? SEND_MONTH_OVER
		    : SEND_AGAIN;
	return SEND_REFUSED;
}

static void
send_ids(struct arena *a, struct send_result *r, const cJSON *o)
{
	const cJSON *list = json_arr(o, "sentMessages"), *it;
	size_t n = (size_t)cJSON_GetArraySize(list), i = 0;

	r->line_ids = arena_calloc(a, n + 1, sizeof(char *));
	r->quote_tokens = arena_calloc(a, n + 1, sizeof(char *));
	cJSON_ArrayForEach(it, list)
	{
		r->line_ids[i] = arena_strdup(a, json_str(it, "id", NULL));
		r->quote_tokens[i++] =
		    arena_strdup(a, json_str(it, "quoteToken", NULL));
	}
	r->n = i;
}

/* What the agents must know of the channel: the token refused, LINE away; and
 * when that is over. */
static void
send_channel(struct sending *g, const struct fetch_res *res)
{
	bool bad = res->outcome == FETCH_NOT_SENT || res->status == 401 ||
	    res->status == 403;
	struct channel_in *in;
	struct act *a;

	if (!bad &&
	    (res->status == 0 ||
		sql_get_int(g->s->m->db, 0,
		    "SELECT problem IS NOT NULL FROM channel WHERE name=?1",
		    "s", g->channel) == 0))
		return;
	a = act_new(act_channel, NULL, NULL);
	in = arena_new_of(a->mem, struct channel_in);
	in->name = arena_strdup(a->mem, g->channel);
	in->quota_limit = in->quota_used = -2;
	if (res->outcome == FETCH_NOT_SENT)
		in->problem = arena_sprintf(
		    a->mem, "LINE is not reached: %s", res->error);
	else if (bad)
		in->problem = arena_sprintf(a->mem,
		    "LINE refuses the channel "
		    "access token (%d): %s",
		    res->status, line_words(res, a->mem));
	a->in = in;
	writer_put(g->s->m->writer, a);
}

static void
send_answered(const struct fetch_res *res, void *arg)
{
	struct sending *g = arg;
	cJSON *o = NULL;

	g->r.how = send_outcome(g, res);
	if (g->r.how == SENT) {
		o = json_parse_foreign(res->body, res->n, NULL);
		send_ids(g->mem, &g->r, o);
		cJSON_Delete(o);
	} else
		g->r.error = res->outcome == FETCH_ANSWERED
		    ? line_words(res, g->mem)
		    : arena_strdup(g->mem, res->error);
	log_info("outbox: request %lld by %s: %s%s%s", (long long)g->r.id,
	    via_names[g->via], res->outcome == FETCH_ANSWERED ? "HTTP " : "",
	    res->outcome == FETCH_ANSWERED
		? arena_sprintf(g->mem, "%d", res->status)
		: res->error,
	    res->request_id[0] != '\0'
		? arena_sprintf(g->mem, ", LINE's id %s", res->request_id)
		: "");
	send_channel(g, res);
	send_tell(g);
}

static void
send_start(struct sender *s, const struct send *q)
{
	const struct config_line *l =
	    config_line_find(s->m->config, q->channel);
	char *key;
	struct arena *mem = arena_new();
	struct sending *g = arena_new_of(mem, struct sending);
	struct fetch_opts o = {.body = q->body,
	    .n = strlen(q->body),
	    .timeout_ms = SEND_TIMEOUT_MS,
	    .once = q->via == VIA_REPLY,
	    .done = send_answered,
	    .arg = g};
	struct fetch_res none = {.outcome = FETCH_NOT_SENT,
	    .body = "",
	    .error = "this channel is configured no more",
	    .type = "",
	    .request_id = "",
	    .accepted_id = ""};

	*g = (struct sending){.s = s,
	    .mem = mem,
	    .via = q->via,
	    .channel = arena_strdup(mem, q->channel),
	    .r = {.id = q->id}};
	s->on_wire++;
	if (l == NULL) {
		send_answered(&none, g);
		return;
	}
	key = x_sprintf("X-Line-Retry-Key: %s", q->retry_key);
	const char *headers[] = {"Content-Type: application/json",
	    q->via == VIA_PUSH ? key : NULL, NULL};

	o.headers = headers;
	line_call(s->m->line_calls, l, l->api_base,
	    q->via == VIA_REPLY ? "/v2/bot/message/reply"
				: "/v2/bot/message/push",
	    &o);
	x_free(key);
}

static void
send_taken(struct act *a)
{
	struct sender *s = a->arg;
	const struct send *q;
	int64_t next;

	s->taking = false;
	if (a->err.code !=
	    ERR_NONE) { /* nothing was taken; not at once again */
		log_error("outbox: %s", a->err.msg);
		timer_set(s->due, SEND_STORE_PAUSE_MS);
		return;
	}
	for (q = a->out; q != NULL; q = q->next)
		send_start(s, q);
	if (s->again || a->out != NULL) {
		sender_next(s);
		return;
	}
	next = sql_get_int(
	    s->m->db, 0, "SELECT min(next_at) FROM request WHERE state=0", "");
	if (next != 0)
		timer_set(
		    s->due, next > when_now_ms() ? next - when_now_ms() : 1);
}

/* The push policies, as the act needs them: copied, as the config may be
 * reread meanwhile. */
static struct send_in *
send_policies(struct sender *s, struct arena *a)
{
	struct send_in *list = NULL, *in;
	size_t i;

	for (i = 0; i < s->m->config->n_lines; i++) {
		in = arena_new_of(a, struct send_in);
		in->channel = arena_strdup(a, s->m->config->lines[i].name);
		in->push = (enum push_policy)s->m->config->lines[i].push;
		in->next = list;
		list = in;
	}
	return list;
}

static void
sender_next(struct sender *s)
{
	struct act *a;

	if (s->stopped || !s->m->recovered)
		return;
	s->taking = true;
	s->again = false;
	a = act_new(act_send_take, send_taken, s);
	a->in = send_policies(s, a->mem);
	writer_put(s->m->writer, a);
}

void
sender_wake(struct sender *s)
{
	if (s->taking)
		s->again = true;
	else
		sender_next(s);
}

static void
sender_due(void *arg)
{
	sender_wake(arg);
}

struct sender *
sender_new(struct madod *m)
{
	struct sender *s = x_new(struct sender);

	s->m = m;
	s->due = timer_new(m->loop, sender_due, s);
	s->tell = timer_new(m->loop, sender_tell, s);
	return s;
}

void
sender_free(struct sender *s)
{
	struct sending *g;

	if (s == NULL)
		return;
	while ((g = s->untold) != NULL) {
		s->untold = g->next;
		arena_free(g->mem);
	}
	timer_free(s->due);
	timer_free(s->tell);
	x_free(s);
}

int64_t
sender_stop(struct sender *s)
{
	s->stopped = true;
	timer_clear(s->due);
	return s->on_wire + (s->taking ? 1 : 0);
}
