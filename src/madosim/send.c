/*
 * The account's messages: reply, push and the wide sends, with reply tokens,
 * retry keys and the month's quota. The one place where something reaches a
 * customer. Handlers of routes.c; quota and counts are in quota.c.
 * Source: LINE, "Send reply message" and following, "Retrying an API
 * request".
 */
#include <stdio.h>
#include <string.h>

#include <mado/json.h>
#include <mado/mem.h>
#include <mado/when.h>

#include "actor.h"
#include "events.h"
#include "load.h"
#include "routes.h"
#include "send.h"

enum { MULTICAST_MAX = 500 };

/* The kinds of messages that can be quoted. */
static const char *const quotable[] = {
    "text", "textV2", "sticker", "image", "video", "template", "flex", NULL};

const char *const send_via_names[] = {
#define X(id, name) name,
    SEND_VIAS(X)
#undef X
	NULL};

/* A list of receivers. */
struct targets {
	struct chat **v;
	size_t n;
};

static void
targets_add(struct targets *t, struct chat *c)
{
	t->v = x_realloc(t->v, t->n + 1, sizeof(*t->v));
	t->v[t->n++] = c;
}

static bool
is_quotable(const cJSON *message)
{
	const char *type = json_str(message, "type", "");
	size_t i;

	for (i = 0; quotable[i] != NULL; i++)
		if (strcmp(quotable[i], type) == 0)
			return true;
	return false;
}

/* The message's entry in sentMessages. */
static cJSON *
sent_entry(
    struct sim *s, const cJSON *message, const char *id, struct chat *chat)
{
	cJSON *o = cJSON_CreateObject();
	char token[ID_TOKEN_B];

	cJSON_AddStringToObject(o, "id", id);
	if (is_quotable(message)) {
		events_quote_token(s, chat, token);
		cJSON_AddStringToObject(o, "quoteToken", token);
	}
	return o;
}

/*
 * Bring the messages to one chat and return sentMessages. Blocked and absent
 * receivers get nothing, and LINE does not say so.
 */
static cJSON *
deliver(struct call *c, enum send_via via, struct chat *chat)
{
	int64_t now_ms = when_now_ms();
	bool shown = chat_takes_messages(chat, now_ms);
	const char *key = httpd_header(c->r, "x-line-retry-key");
	cJSON *sent = cJSON_CreateArray();
	const cJSON *message;

	cJSON_ArrayForEach(message, json_arr(c->body, "messages"))
	{
		struct received r = {
		    .via = send_via_names[via], .at_ms = now_ms};

		sim_message_id(c->s, r.id);
		cJSON_AddItemToArray(
		    sent, sent_entry(c->s, message, r.id, chat));
		if (!shown) {
			chat->undelivered++;
			continue;
		}
		memcpy(r.request_id, c->request_id, sizeof(r.request_id));
		r.retry_key = x_strdup(key);
		r.message = cJSON_Duplicate(message, true);
		load_message(c->s, r.id, r.message);
		chat_receive(chat, &r);
		c->s->stats.bubbles[via]++;
		actors_received(c->s->actors, chat, r.message);
	}
	return sent;
}

/* Quote tokens must be of the chat they go to. */
static void
check_quotes(struct call *c, struct check *k, const struct chat *chat)
{
	const cJSON *message;
	char property[48];
	int i = 0;

	cJSON_ArrayForEach(message, json_arr(c->body, "messages"))
	{
		const char *token = json_str(message, "quoteToken", NULL);

		snprintf(
		    property, sizeof(property), "messages[%d].quoteToken", i++);
		if (token != NULL && map_get(&c->s->quotes, token) != chat)
			check_add(k, property, "Invalid quoteToken");
	}
}

static bool
check_failed(struct call *c, struct check *k)
{
	if (k->n == 0 && k->bad == NULL) {
		check_free(k);
		return false;
	}
	call_checked(c, k);
	return true;
}

static void
answer_sent(struct call *c, const cJSON *sent)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddItemToObject(o, "sentMessages", cJSON_Duplicate(sent, true));
	call_json(c, 200, o);
}

void
send_reply(struct call *c)
{
	int64_t now_ms = when_now_ms();
	struct check k = {0};
	const char *token, *id;
	struct chat *chat;
	cJSON *sent;

	if (httpd_header(c->r, "x-line-retry-key") != NULL) {
		call_error(c, 400,
		    "The X-Line-Retry-Key header is not supported by this "
		    "endpoint");
		return;
	}
	token = check_body_str(&k, c->body, "replyToken");
	check_messages(&k, c->body);
	if (check_failed(c, &k))
		return;
	id = tokens_chat(&c->s->tokens, token, now_ms);
	chat = id != NULL ? people_by_id(&c->s->people, id) : NULL;
	if (chat == NULL) {
		call_error(c, 400, "Invalid reply token");
		return;
	}
	check_quotes(c, &k, chat);
	if (check_failed(c, &k))
		return;
	tokens_use(&c->s->tokens, token);
	sent = deliver(c, SEND_REPLY, chat);
	c->s->stats.sends[SEND_REPLY]++;
	quota_count(c->s, "reply", now_ms, 1);
	answer_sent(c, sent);
	cJSON_Delete(sent);
}

static void
answer_conflict(struct call *c, const struct retry *y)
{
	cJSON *o = cJSON_CreateObject();

	httpd_set_header(c->r, "x-line-accepted-request-id", y->request_id);
	cJSON_AddStringToObject(
	    o, "message", "The retry key is already accepted");
	if (y->sent != NULL)
		cJSON_AddRawToObject(o, "sentMessages", y->sent);
	call_json(c, 409, o);
}

/* False when the retry key was refused or used before, and answered so. */
static bool
retry_key_passes(struct call *c)
{
	const char *key = httpd_header(c->r, "x-line-retry-key");
	const struct retry *y;

	if (key == NULL)
		return true;
	if (!id_is_uuid(key)) {
		call_error(c, 400,
		    "The value for the 'X-Line-Retry-Key' header is invalid");
		return false;
	}
	y = retries_find(&c->s->retries, key, when_now_ms());
	if (y == NULL)
		return true;
	answer_conflict(c, y);
	return false;
}

static void
remember_key(struct call *c, const cJSON *sent)
{
	const char *key = httpd_header(c->r, "x-line-retry-key");
	char *text;

	if (key == NULL)
		return;
	text = sent != NULL ? cJSON_PrintUnformatted(sent) : NULL;
	retries_add(&c->s->retries, key, c->request_id, text, when_now_ms());
	cJSON_free(text);
}

/* False when the month is over for that many, and answered so. */
static bool
quota_takes(struct call *c, const struct targets *t)
{
	struct opts *o = &c->s->opts;
	int64_t now_ms = when_now_ms(), cost = 0;
	bool over =
	    fault_strikes(&c->s->faults, FAULT_MONTH_OVER, c->route->name);
	size_t i;

	for (i = 0; i < t->n; i++)
		cost += chat_cost(t->v[i], now_ms);
	if (over || (o->quota >= 0 && o->quota_used + cost > o->quota)) {
		call_error(
		    c, RATE_LIMITED, "You have reached your monthly limit.");
		return false;
	}
	o->quota_used += cost;
	quota_count(c->s, c->route->name, now_ms, cost);
	return true;
}

void
send_push(struct call *c)
{
	struct targets t = {0};
	struct check k = {0};
	const char *to;
	struct chat *chat;
	cJSON *sent;

	if (!retry_key_passes(c))
		return;
	to = check_body_str(&k, c->body, "to");
	check_messages(&k, c->body);
	if (to != NULL && !people_is_id(to))
		check_add_bad(&k, "to");
	if (check_failed(c, &k))
		return;
	chat = people_by_id(&c->s->people, to);
	if (chat == NULL || chat->left) {
		call_error(c, 400, "Failed to send messages");
		return;
	}
	check_quotes(c, &k, chat);
	if (check_failed(c, &k))
		return;
	targets_add(&t, chat);
	if (quota_takes(c, &t)) {
		sent = deliver(c, SEND_PUSH, chat);
		c->s->stats.sends[SEND_PUSH]++;
		remember_key(c, sent);
		answer_sent(c, sent);
		cJSON_Delete(sent);
	}
	x_free(t.v);
}

/* Send to all of t and answer {}. Frees t's memory. */
static void
send_wide(struct call *c, enum send_via via, struct targets *t)
{
	size_t i;

	if (quota_takes(c, t)) {
		for (i = 0; i < t->n; i++)
			cJSON_Delete(deliver(c, via, t->v[i]));
		c->s->stats.sends[via]++;
		remember_key(c, NULL);
		call_empty(c, via == SEND_NARROWCAST ? 202 : 200);
	}
	x_free(t->v);
}

/* Fill t from "to"; false after noting or answering what is wrong. */
static bool
multicast_targets(struct call *c, struct check *k, struct targets *t)
{
	const cJSON *to = cJSON_GetObjectItemCaseSensitive(c->body, "to");
	const cJSON *item;
	struct chat *chat;
	int n = cJSON_GetArraySize(to), i = 0;

	if (to == NULL)
		check_add(k, "to", "May not be empty");
	else if (!cJSON_IsArray(to))
		check_add_bad(k, "to");
	else if (n < 1 || n > MULTICAST_MAX)
		check_add(
		    k, "to", "Size must be between 1 and %d", MULTICAST_MAX);
	if (check_failed(c, k))
		return false;
	cJSON_ArrayForEach(item, to)
	{
		chat = cJSON_IsString(item)
		    ? people_by_id(&c->s->people, item->valuestring)
		    : NULL;
		if (chat == NULL || chat->kind != CHAT_USER) {
			call_error(c, 400,
			    "The property, to[%d], in the request body is "
			    "invalid (line: -, column: -)",
			    i);
			return false;
		}
		targets_add(t, chat);
		i++;
	}
	return true;
}

void
send_multicast(struct call *c)
{
	struct targets t = {0};
	struct check k = {0};

	if (!retry_key_passes(c))
		return;
	check_messages(&k, c->body);
	if (multicast_targets(c, &k, &t))
		send_wide(c, SEND_MULTICAST, &t);
	else
		x_free(t.v);
}

static void
send_friends(struct call *c, enum send_via via)
{
	struct people *p = &c->s->people;
	struct targets t = {0};
	struct check k = {0};
	size_t i;

	if (!retry_key_passes(c))
		return;
	check_messages(&k, c->body);
	if (check_failed(c, &k))
		return;
	for (i = 0; i < p->n; i++)
		if (p->v[i]->kind == CHAT_USER && p->v[i]->is_friend &&
		    !p->v[i]->blocked)
			targets_add(&t, p->v[i]);
	send_wide(c, via, &t);
}

void
send_broadcast(struct call *c)
{
	send_friends(c, SEND_BROADCAST);
}

/* Audiences and filters are not told apart: it goes to all friends. */
void
send_narrowcast(struct call *c)
{
	send_friends(c, SEND_NARROWCAST);
}

void
send_validate(struct call *c)
{
	struct check k = {0};
	int i;

	for (i = 0; i < SEND_N; i++)
		if (strcmp(send_via_names[i], c->param[0]) == 0)
			break;
	if (i == SEND_N) {
		call_error(c, 404, "Not found");
		return;
	}
	check_messages(&k, c->body);
	if (!check_failed(c, &k))
		call_empty(c, 200);
}
