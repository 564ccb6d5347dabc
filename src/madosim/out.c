/*
 * Delivery of webhook events. Each event has a row that is kept for the
 * record; bodies carry copies of events, and a body that was not taken is
 * sent again with isRedelivery, as LINE does. The faults "duplicate" and
 * "shuffle" strike when an event enters the queue.
 * Source: LINE, "Receive messages (webhook)", "Redelivered webhooks".
 */
#include <stdio.h>
#include <string.h>

#include <mado/crypto.h>
#include <mado/json.h>
#include <mado/log.h>
#include <mado/mem.h>
#include <mado/when.h>

#include "out.h"

enum {
	IN_FLIGHT_MAX = 32,
	PAUSE_MAX_MS = 60 * 1000,
	LATE_MIN_MS = 50, /* what "shuffle" holds back */
	LATE_MAX_MS = 1500,
	TWICE_MAX_MS = 500 /* when "duplicate" comes again */
};

/* The record of one event. */
struct row {
	char id[ID_ULID_B];
	char type[24];
	char message[MESSAGE_ID_B];
	char chat[LINE_ID_B];
	char token[TOKEN_B];
	int64_t at_ms;
	int tries;
	int status; /* of the latest try, 0: no answer */
	bool taken; /* answered 2xx */
	bool given_up;
};

/* An event to be sent: a copy of its own, since it may be sent twice. */
struct item {
	TAILQ_ENTRY(item)
	link;
	struct out *o;
	struct row *row;
	cJSON *event;
	struct timer *late; /* until it enters the queue */
};
TAILQ_HEAD(items, item);

/* One webhook body. */
struct post {
	TAILQ_ENTRY(post)
	link;
	struct out *o;
	struct items items;
	int tries;
	struct fetch_req *req;
	struct timer *again;
};

struct out {
	struct sim *s;
	struct items queue; /* to be packed */
	struct items late;  /* held back by a fault */
	TAILQ_HEAD(, post) posts;
	int in_flight;
	struct timer *flush;
	struct rng rng;
	struct row **rows;
	size_t rows_n;
	int64_t sent, taken, failed, repeated, duplicated, lost;
};

static void post_send(struct post *p);
static void out_flush(void *arg);

struct out *
out_new(struct sim *s)
{
	struct out *o = x_new(struct out);

	o->s = s;
	TAILQ_INIT(&o->queue);
	TAILQ_INIT(&o->late);
	TAILQ_INIT(&o->posts);
	o->flush = timer_new(s->loop, out_flush, o);
	rng_init(&o->rng, (uint64_t)s->opts.seed, "webhooks");
	return o;
}

static void
item_free(struct items *from, struct item *i)
{
	TAILQ_REMOVE(from, i, link);
	timer_free(i->late);
	cJSON_Delete(i->event);
	x_free(i);
}

static void
items_free(struct items *items)
{
	while (!TAILQ_EMPTY(items))
		item_free(items, TAILQ_FIRST(items));
}

static void
post_free(struct post *p)
{
	TAILQ_REMOVE(&p->o->posts, p, link);
	fetch_cancel(p->req);
	timer_free(p->again);
	items_free(&p->items);
	x_free(p);
}

void
out_free(struct out *o)
{
	size_t i;

	if (o == NULL)
		return;
	while (!TAILQ_EMPTY(&o->posts))
		post_free(TAILQ_FIRST(&o->posts));
	items_free(&o->queue);
	items_free(&o->late);
	timer_free(o->flush);
	for (i = 0; i < o->rows_n; i++)
		x_free(o->rows[i]);
	x_free(o->rows);
	x_free(o);
}

void
out_kick(struct out *o)
{
	timer_set(o->flush, 0);
}

static const char *
source_id(const cJSON *event)
{
	const cJSON *source = json_obj(event, "source");
	const char *id = json_str(source, "groupId", NULL);

	if (id == NULL)
		id = json_str(source, "roomId", NULL);
	return id != NULL ? id : json_str(source, "userId", "");
}

static struct row *
row_add(struct out *o, const cJSON *event)
{
	struct row *r = x_new(struct row);
	const cJSON *message = json_obj(event, "message");

	if (message == NULL)
		message = json_obj(event, "unsend");
	snprintf(
	    r->id, sizeof(r->id), "%s", json_str(event, "webhookEventId", ""));
	snprintf(r->type, sizeof(r->type), "%s", json_str(event, "type", ""));
	snprintf(r->message, sizeof(r->message), "%s",
	    json_str(message, "id", json_str(message, "messageId", "")));
	snprintf(r->chat, sizeof(r->chat), "%s", source_id(event));
	snprintf(r->token, sizeof(r->token), "%s",
	    json_str(event, "replyToken", ""));
	r->at_ms = when_now_ms();
	o->rows = x_realloc(o->rows, o->rows_n + 1, sizeof(*o->rows));
	return o->rows[o->rows_n++] = r;
}

static void
item_enter(void *arg)
{
	struct item *i = arg;

	TAILQ_REMOVE(&i->o->late, i, link);
	TAILQ_INSERT_TAIL(&i->o->queue, i, link);
	timer_free(i->late);
	i->late = NULL;
	timer_set(i->o->flush, 0);
}

/* Takes ownership of event. after_ms 0: at once. */
static void
item_add(struct out *o, struct row *row, cJSON *event, int64_t after_ms)
{
	struct item *i = x_new(struct item);

	i->o = o;
	i->row = row;
	i->event = event;
	if (after_ms == 0) {
		TAILQ_INSERT_TAIL(&o->queue, i, link);
		timer_set(o->flush, 0);
		return;
	}
	TAILQ_INSERT_TAIL(&o->late, i, link);
	i->late = timer_new(o->s->loop, item_enter, i);
	timer_set(i->late, after_ms);
}

void
out_event(struct out *o, cJSON *event)
{
	struct faults *f = &o->s->faults;
	struct row *row = row_add(o, event);
	int64_t after_ms = 0;

	if (fault_strikes(f, FAULT_SHUFFLE, NULL))
		after_ms = rng_range(&o->rng, LATE_MIN_MS, LATE_MAX_MS);
	if (fault_strikes(f, FAULT_DUPLICATE, NULL)) {
		o->duplicated++;
		item_add(o, row, cJSON_Duplicate(event, true),
		    after_ms + rng_range(&o->rng, 1, TWICE_MAX_MS));
	}
	item_add(o, row, event, after_ms);
}

/* Take up to pack events of the queue into one body. */
static void
post_new(struct out *o)
{
	struct post *p = x_new(struct post);
	struct item *i;
	int64_t n = 0;

	p->o = o;
	TAILQ_INIT(&p->items);
	while (n++ < o->s->opts.pack && (i = TAILQ_FIRST(&o->queue)) != NULL) {
		TAILQ_REMOVE(&o->queue, i, link);
		TAILQ_INSERT_TAIL(&p->items, i, link);
	}
	TAILQ_INSERT_TAIL(&o->posts, p, link);
	post_send(p);
}

static void
out_flush(void *arg)
{
	struct out *o = arg;

	if (o->s->opts.webhook == NULL || o->s->opts.webhook_off)
		return;
	while (!TAILQ_EMPTY(&o->queue) && o->in_flight < IN_FLIGHT_MAX)
		post_new(o);
}

static void
mark_redelivery(cJSON *event)
{
	cJSON *context =
	    cJSON_GetObjectItemCaseSensitive(event, "deliveryContext");

	if (cJSON_IsObject(context))
		cJSON_ReplaceItemInObjectCaseSensitive(
		    context, "isRedelivery", cJSON_CreateTrue());
}

static char *
post_body(struct post *p)
{
	cJSON *o = cJSON_CreateObject(), *events;
	struct item *i;
	char *text;

	cJSON_AddStringToObject(o, "destination", p->o->s->bot_id);
	events = cJSON_AddArrayToObject(o, "events");
	TAILQ_FOREACH(i, &p->items, link)
	cJSON_AddItemReferenceToArray(events, i->event);
	text = cJSON_PrintUnformatted(o);
	cJSON_Delete(o);
	return text;
}

/* Give up, or wait and send it again. */
static void
post_failed(struct post *p)
{
	struct opts *opts = &p->o->s->opts;
	int64_t pause_ms = opts->redelivery_pause_ms;
	struct item *i;
	int n;

	p->o->failed++;
	if (p->tries > opts->redelivery) {
		TAILQ_FOREACH(i, &p->items, link)
		{
			i->row->given_up = !i->row->taken;
			p->o->lost++;
		}
		post_free(p);
		return;
	}
	for (n = 1; n < p->tries && pause_ms < PAUSE_MAX_MS; n++)
		pause_ms *= 2;
	timer_set(p->again, pause_ms < PAUSE_MAX_MS ? pause_ms : PAUSE_MAX_MS);
}

static void
post_done(const struct fetch_res *res, void *arg)
{
	struct post *p = arg;
	struct out *o = p->o;
	bool taken = res->outcome == FETCH_ANSWERED && res->status >= 200 &&
	    res->status < 300;
	struct item *i;

	p->req = NULL;
	o->in_flight--;
	TAILQ_FOREACH(i, &p->items, link)
	{
		i->row->status = res->status;
		i->row->taken |= taken;
	}
	if (taken) {
		o->taken++;
		post_free(p);
	} else {
		log_info("webhook not taken: %d %s", res->status, res->error);
		post_failed(p);
	}
	timer_set(o->flush, 0);
}

static void
post_again(void *arg)
{
	struct post *p = arg;
	struct item *i;

	TAILQ_FOREACH(i, &p->items, link)
	mark_redelivery(i->event);
	p->o->repeated++;
	post_send(p);
}

struct fetch_req *
out_post(struct sim *s, const char *url, const char *body,
    void (*done)(const struct fetch_res *, void *), void *arg)
{
	char signature[80] = "x-line-signature: ";
	const char *headers[] = {
	    "Content-Type: application/json; charset=utf-8",
	    "User-Agent: LineBotWebhook/2.0", signature, NULL};
	struct fetch_opts f = {.method = "POST",
	    .url = url,
	    .headers = headers,
	    .body = body,
	    .n = strlen(body),
	    .timeout_ms = s->opts.webhook_timeout_ms,
	    .no_verify = true,
	    .done = done,
	    .arg = arg};

	crypto_line_sign(
	    s->opts.secret, body, f.n, signature + strlen(signature));
	return fetch_start(s->fetch, &f);
}

static void
post_send(struct post *p)
{
	struct sim *s = p->o->s;
	int64_t now_ms = when_now_ms();
	struct item *i;
	char *body;

	if (p->again == NULL)
		p->again = timer_new(s->loop, post_again, p);
	p->tries++;
	p->o->sent++;
	p->o->in_flight++;
	TAILQ_FOREACH(i, &p->items, link)
	{
		i->row->tries++;
		tokens_delivered(&s->tokens, i->row->token, now_ms);
	}
	body = post_body(p);
	p->req = out_post(s, s->opts.webhook, body, post_done, p);
	cJSON_free(body);
}

cJSON *
out_stats_json(const struct out *o)
{
	cJSON *j = cJSON_CreateObject();
	const struct item *i;
	int64_t waiting = 0;

	TAILQ_FOREACH(i, &o->queue, link)
	waiting++;
	TAILQ_FOREACH(i, &o->late, link)
	waiting++;
	cJSON_AddNumberToObject(j, "events", (double)o->rows_n);
	cJSON_AddNumberToObject(j, "waiting", (double)waiting);
	cJSON_AddNumberToObject(j, "inFlight", o->in_flight);
	cJSON_AddNumberToObject(j, "sent", (double)o->sent);
	cJSON_AddNumberToObject(j, "acknowledged", (double)o->taken);
	cJSON_AddNumberToObject(j, "failed", (double)o->failed);
	cJSON_AddNumberToObject(j, "redelivered", (double)o->repeated);
	cJSON_AddNumberToObject(j, "duplicated", (double)o->duplicated);
	cJSON_AddNumberToObject(j, "givenUp", (double)o->lost);
	return j;
}

static cJSON *
row_json(const struct row *r)
{
	cJSON *o = cJSON_CreateObject();
	char at[WHEN_TEXT_B];

	cJSON_AddStringToObject(o, "webhookEventId", r->id);
	cJSON_AddStringToObject(o, "type", r->type);
	cJSON_AddStringToObject(o, "at", when_rfc3339(r->at_ms, at));
	cJSON_AddStringToObject(o, "chat", r->chat);
	if (r->message[0] != '\0')
		cJSON_AddStringToObject(o, "messageId", r->message);
	if (r->token[0] != '\0')
		cJSON_AddStringToObject(o, "replyToken", r->token);
	cJSON_AddNumberToObject(o, "tries", r->tries);
	cJSON_AddNumberToObject(o, "status", r->status);
	cJSON_AddBoolToObject(o, "acknowledged", r->taken);
	cJSON_AddBoolToObject(o, "givenUp", r->given_up);
	return o;
}

cJSON *
out_events_json(const struct out *o)
{
	cJSON *a = cJSON_CreateArray();
	size_t i;

	for (i = 0; i < o->rows_n; i++)
		cJSON_AddItemToArray(a, row_json(o->rows[i]));
	return a;
}
