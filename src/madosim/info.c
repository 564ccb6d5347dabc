/*
 * What the account can ask: itself, profiles, groups, and what it may do in
 * a chat beside sending (loading, marking as read). Handlers of routes.c.
 * Source: LINE, "Get bot info", "Get profile", "Get group chat summary",
 * "Mark messages as read", "Display a loading animation".
 */
#include <stdlib.h>
#include <string.h>

#include <mado/json.h>
#include <mado/mem.h>
#include <mado/when.h>

#include "events.h"
#include "routes.h"

enum {
	FOLLOWERS_DEFAULT = 300,
	FOLLOWERS_MAX = 1000,
	LOADING_DEFAULT_S = 20,
	MEMBERS_MAX = 100
};

static void
add_str(cJSON *o, const char *name, const char *value)
{
	if (value != NULL)
		cJSON_AddStringToObject(o, name, value);
}

void
info_bot(struct call *c)
{
	const struct script *script = c->s->script;
	const char *name = script != NULL ? script->account : NULL;
	cJSON *o = cJSON_CreateObject();

	add_str(o, "userId", c->s->bot_id);
	add_str(o, "basicId", "@madosim");
	add_str(o, "displayName", name != NULL ? name : "madosim");
	add_str(o, "chatMode", c->s->opts.chat_mode ? "chat" : "bot");
	add_str(o, "markAsReadMode", c->s->opts.chat_mode ? "manual" : "auto");
	call_json(c, 200, o);
}

/* The chat of the path's id; NULL after answering what is wrong with it. */
static struct chat *
find_chat(struct call *c, int param, enum chat_kind kind)
{
	static const char *const names[] = {"userId", "groupId", "roomId"};
	struct chat *chat;

	if (!people_is_id(c->param[param])) {
		call_error(c, 400,
		    "The value for the '%s' parameter is invalid", names[kind]);
		return NULL;
	}
	chat = people_by_id(&c->s->people, c->param[param]);
	if (chat != NULL && chat->kind == kind && !chat->left)
		return chat;
	call_error(c, 404, "Not found");
	return NULL;
}

static enum chat_kind
path_kind(struct call *c)
{
	return strncmp(httpd_path(c->r), "/v2/bot/room/", 13) == 0 ? CHAT_ROOM
								   : CHAT_GROUP;
}

/* Friends, and strangers who have written. */
void
info_profile(struct call *c)
{
	struct chat *u = find_chat(c, 0, CHAT_USER);
	cJSON *o;

	if (u == NULL)
		return;
	if (u->blocked || (!u->is_friend && u->wrote_ms == 0)) {
		call_error(c, 404, "Not found");
		return;
	}
	o = cJSON_CreateObject();
	add_str(o, "displayName", u->display);
	add_str(o, "userId", u->id);
	add_str(o, "language", u->language);
	add_str(o, "pictureUrl", u->picture);
	add_str(o, "statusMessage", u->status);
	call_json(c, 200, o);
}

/* Continuation tokens are the index to go on from. */
static bool
page_start(struct call *c, size_t *start)
{
	const char *s = httpd_query(c->r, "start");
	char *end;

	*start = 0;
	if (s == NULL)
		return true;
	*start = strtoul(s, &end, 10);
	if (end != s && *end == '\0')
		return true;
	call_error(c, 400, "Invalid start param");
	return false;
}

static void
add_next(cJSON *o, size_t next, size_t n)
{
	char *text;

	if (next >= n)
		return;
	text = x_sprintf("%zu", next);
	cJSON_AddStringToObject(o, "next", text);
	x_free(text);
}

void
info_followers(struct call *c)
{
	const char *limit = httpd_query(c->r, "limit");
	struct people *p = &c->s->people;
	long max = limit != NULL ? atol(limit) : FOLLOWERS_DEFAULT;
	cJSON *o, *a;
	size_t i;

	if (max < 1 || max > FOLLOWERS_MAX) {
		call_error(
		    c, 400, "The value for the 'limit' parameter is invalid");
		return;
	}
	if (!page_start(c, &i))
		return;
	o = cJSON_CreateObject();
	a = cJSON_AddArrayToObject(o, "userIds");
	for (; i < p->n && max > 0; i++) {
		if (p->v[i]->kind != CHAT_USER || !p->v[i]->is_friend ||
		    p->v[i]->blocked)
			continue;
		cJSON_AddItemToArray(a, cJSON_CreateString(p->v[i]->id));
		max--;
	}
	add_next(o, i, p->n);
	call_json(c, 200, o);
}

void
info_member(struct call *c)
{
	struct chat *g = find_chat(c, 0, path_kind(c)), *u;
	cJSON *o;

	if (g == NULL || (u = find_chat(c, 1, CHAT_USER)) == NULL)
		return;
	if (!chat_has_member(g, u)) {
		call_error(c, 404, "Not found");
		return;
	}
	o = cJSON_CreateObject();
	add_str(o, "displayName", u->display);
	add_str(o, "userId", u->id);
	add_str(o, "pictureUrl", u->picture);
	call_json(c, 200, o);
}

void
info_member_ids(struct call *c)
{
	struct chat *g = find_chat(c, 0, path_kind(c));
	size_t i, end;
	cJSON *o, *a;

	if (g == NULL || !page_start(c, &i))
		return;
	o = cJSON_CreateObject();
	a = cJSON_AddArrayToObject(o, "memberIds");
	for (end = i + MEMBERS_MAX; i < g->members_n && i < end; i++)
		cJSON_AddItemToArray(a, cJSON_CreateString(g->members[i]->id));
	add_next(o, i, g->members_n);
	call_json(c, 200, o);
}

void
info_member_count(struct call *c)
{
	struct chat *g = find_chat(c, 0, path_kind(c));
	cJSON *o;

	if (g == NULL)
		return;
	o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "count", (double)g->members_n);
	call_json(c, 200, o);
}

void
info_summary(struct call *c)
{
	struct chat *g = find_chat(c, 0, CHAT_GROUP);
	cJSON *o;

	if (g == NULL)
		return;
	o = cJSON_CreateObject();
	add_str(o, "groupId", g->id);
	add_str(o, "groupName", g->display);
	add_str(o, "pictureUrl", g->picture);
	call_json(c, 200, o);
}

void
info_leave(struct call *c)
{
	struct chat *g = find_chat(c, 0, path_kind(c));
	struct place p = {.where = g};
	struct event_ids ids;
	cJSON *o;

	if (g == NULL)
		return;
	g->left = true;
	o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "type", "leave");
	events_send(c->s, &p, o, &ids);
	call_empty(c, 200);
}

void
info_loading(struct call *c)
{
	const cJSON *v =
	    cJSON_GetObjectItemCaseSensitive(c->body, "loadingSeconds");
	int64_t seconds = json_int(
	    c->body, "loadingSeconds", v == NULL ? LOADING_DEFAULT_S : -1);
	struct check k = {0};
	const char *id = check_body_str(&k, c->body, "chatId");
	struct chat *u;

	if (v != NULL && !cJSON_IsNumber(v))
		check_add_bad(&k, "loadingSeconds");
	if (seconds < 5 || seconds > 60)
		check_add(&k, "loadingSeconds", "Must be between 5 and 60");
	if (seconds % 5 != 0)
		check_add(&k, "loadingSeconds", "must be a multiple of five");
	u = id != NULL ? people_by_id(&c->s->people, id) : NULL;
	if (id != NULL && (u == NULL || u->kind != CHAT_USER))
		check_add(&k, "chatId",
		    "Only user id is acceptable, please confirm if there are "
		    "any group/room ids or illegal ids.");
	if (k.n > 0 || k.bad != NULL) {
		call_checked(c, &k);
		return;
	}
	if (u != NULL && chat_takes_messages(u, when_now_ms()))
		u->loading_until_ms = when_now_ms() + seconds * 1000;
	call_empty(c, 202);
}

void
info_mark_read(struct call *c)
{
	struct check k = {0};
	const char *token = check_body_str(&k, c->body, "markAsReadToken");
	struct read_mark *mark;

	if (token == NULL) {
		call_checked(c, &k);
		return;
	}
	if ((mark = map_get(&c->s->reads, token)) == NULL) {
		call_error(c, 400,
		    "Invalid markAsReadToken. Tokens must be used by the bot "
		    "that received them via Webhook.");
		return;
	}
	if (mark->at_ms > mark->chat->read_ms)
		mark->chat->read_ms = mark->at_ms;
	call_empty(c, 200);
}

void
info_link_token(struct call *c)
{
	char token[ID_TOKEN_B];
	cJSON *o;

	if (find_chat(c, 0, CHAT_USER) == NULL)
		return;
	id_token(token);
	o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "linkToken", token);
	call_json(c, 200, o);
}
