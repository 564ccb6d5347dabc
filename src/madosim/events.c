/*
 * Webhook events as LINE writes them. Makes and registers the tokens they
 * carry; must not send (out.c) nor decide what customers do (act.c, actor.c,
 * control.c).
 * Source: LINE, "Webhook event objects".
 */
#include <stdio.h>
#include <string.h>

#include <mado/json.h>
#include <mado/mem.h>
#include <mado/when.h>

#include "events.h"
#include "out.h"

/* Types of events that can be replied to. */
static const char *const replyable[] = {"message", "messageEdited", "follow",
    "join", "memberJoined", "postback", "videoPlayComplete", "beacon",
    "accountLink", "membership", NULL};
/* Types of messages that carry a quote token. */
static const char *const quotable[] = {
    "text", "image", "video", "sticker", NULL};

static bool
is_in(const char *const *names, const char *s)
{
	for (; *names != NULL; names++)
		if (strcmp(*names, s) == 0)
			return true;
	return false;
}

struct chat *
place_chat(const struct place *p)
{
	return p->where != NULL ? p->where : p->who;
}

static cJSON *
source_json(const struct place *p)
{
	cJSON *o = cJSON_CreateObject();

	if (p->where == NULL) {
		cJSON_AddStringToObject(o, "type", "user");
	} else if (p->where->kind == CHAT_GROUP) {
		cJSON_AddStringToObject(o, "type", "group");
		cJSON_AddStringToObject(o, "groupId", p->where->id);
	} else {
		cJSON_AddStringToObject(o, "type", "room");
		cJSON_AddStringToObject(o, "roomId", p->where->id);
	}
	if (p->who != NULL)
		cJSON_AddStringToObject(o, "userId", p->who->id);
	return o;
}

/* Add unless it is there: a raw event may bring its own. */
static void
add_if_absent(cJSON *o, const char *name, cJSON *value)
{
	if (cJSON_HasObjectItem(o, name))
		cJSON_Delete(value);
	else
		cJSON_AddItemToObject(o, name, value);
}

static void
add_reply_token(struct sim *s, const struct place *p, cJSON *o, int64_t now_ms,
    struct event_ids *ids)
{
	if (!is_in(replyable, json_str(o, "type", "")) ||
	    cJSON_HasObjectItem(o, "replyToken") ||
	    strcmp(json_str(o, "mode", "active"), "active") != 0)
		return;
	tokens_issue(&s->tokens, place_chat(p)->id, now_ms, ids->token);
	cJSON_AddStringToObject(o, "replyToken", ids->token);
}

void
events_send(
    struct sim *s, const struct place *p, cJSON *o, struct event_ids *ids)
{
	int64_t now_ms = when_now_ms();
	cJSON *delivery = cJSON_CreateObject();

	id_ulid(ids->event);
	add_if_absent(o, "webhookEventId", cJSON_CreateString(ids->event));
	snprintf(ids->event, sizeof(ids->event), "%s",
	    json_str(o, "webhookEventId", ""));
	cJSON_AddBoolToObject(delivery, "isRedelivery", false);
	add_if_absent(o, "deliveryContext", delivery);
	add_if_absent(o, "timestamp", cJSON_CreateNumber((double)now_ms));
	add_if_absent(o, "source", source_json(p));
	add_reply_token(s, p, o, now_ms, ids);
	add_if_absent(o, "mode", cJSON_CreateString("active"));
	out_event(s->out, o);
}

void
events_quote_token(struct sim *s, struct chat *chat, char out[ID_TOKEN_B])
{
	id_token(out);
	map_put(&s->quotes, out, chat);
}

static void
add_read_token(struct sim *s, struct chat *chat, cJSON *message)
{
	struct read_mark *mark = x_new(struct read_mark);
	char token[ID_TOKEN_B];

	id_token(token);
	mark->chat = chat;
	mark->at_ms = when_now_ms();
	map_put(&s->reads, token, mark);
	cJSON_AddStringToObject(message, "markAsReadToken", token);
}

void
events_message(struct sim *s, const struct place *p, cJSON *message,
    struct media_item *media, struct event_ids *ids)
{
	struct chat *chat = place_chat(p);
	cJSON *o = cJSON_CreateObject();
	char token[ID_TOKEN_B];

	sim_message_id(s, ids->message);
	add_if_absent(message, "id", cJSON_CreateString(ids->message));
	snprintf(ids->message, sizeof(ids->message), "%s",
	    json_str(message, "id", ""));
	if (is_in(quotable, json_str(message, "type", ""))) {
		events_quote_token(s, chat, token);
		add_if_absent(message, "quoteToken", cJSON_CreateString(token));
	}
	add_read_token(s, chat, message);
	if (media != NULL)
		media_add(&s->media, ids->message, media);
	memcpy(p->who->last_message, ids->message, sizeof(ids->message));
	p->who->wrote++;
	if (p->where == NULL)
		p->who->wrote_ms = when_now_ms();
	cJSON_AddStringToObject(o, "type", "message");
	cJSON_AddItemToObject(o, "message", message);
	events_send(s, p, o, ids);
}

void
events_postback(struct sim *s, const struct place *p, const char *data,
    const cJSON *params, struct event_ids *ids)
{
	cJSON *o = cJSON_CreateObject(), *postback;

	cJSON_AddStringToObject(o, "type", "postback");
	postback = cJSON_AddObjectToObject(o, "postback");
	cJSON_AddStringToObject(postback, "data", data);
	if (params != NULL)
		cJSON_AddItemToObject(
		    postback, "params", cJSON_Duplicate(params, true));
	events_send(s, p, o, ids);
}

void
events_follow(struct sim *s, struct chat *who, struct event_ids *ids)
{
	struct place p = {.who = who};
	cJSON *o = cJSON_CreateObject(), *follow;

	cJSON_AddStringToObject(o, "type", "follow");
	follow = cJSON_AddObjectToObject(o, "follow");
	cJSON_AddBoolToObject(follow, "isUnblocked", who->blocked);
	who->blocked = false;
	who->is_friend = true;
	events_send(s, &p, o, ids);
}

void
events_unfollow(struct sim *s, struct chat *who, struct event_ids *ids)
{
	struct place p = {.who = who};
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "type", "unfollow");
	who->blocked = true;
	events_send(s, &p, o, ids);
}

void
events_unsend(struct sim *s, const struct place *p, const char *message_id,
    struct event_ids *ids)
{
	struct media_item *media = media_get(&s->media, message_id);
	cJSON *o = cJSON_CreateObject(), *unsend;

	if (media != NULL)
		media->gone = true;
	cJSON_AddStringToObject(o, "type", "unsend");
	unsend = cJSON_AddObjectToObject(o, "unsend");
	cJSON_AddStringToObject(unsend, "messageId", message_id);
	events_send(s, p, o, ids);
}

void
events_edit(struct sim *s, const struct place *p, const char *message_id,
    const char *text, struct event_ids *ids)
{
	cJSON *o = cJSON_CreateObject(), *message;
	char token[ID_TOKEN_B];

	cJSON_AddStringToObject(o, "type", "messageEdited");
	message = cJSON_AddObjectToObject(o, "message");
	cJSON_AddStringToObject(message, "type", "text");
	cJSON_AddStringToObject(message, "id", message_id);
	cJSON_AddStringToObject(message, "text", text);
	events_quote_token(s, place_chat(p), token);
	cJSON_AddStringToObject(message, "quoteToken", token);
	events_send(s, p, o, ids);
}
