/*
 * The table of chats. Keeps state only: what happens in a chat is decided by
 * events.c (customer to account) and send.c (account to customer).
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <mado/crypto.h>
#include <mado/mem.h>
#include <mado/when.h>

#include "people.h"

static const struct {
	char letter;
	const char *name;
} kinds[] = {
    [CHAT_USER] = {'U', "user"},
    [CHAT_GROUP] = {'C', "group"},
    [CHAT_ROOM] = {'R', "room"},
};

static void
chat_free(struct chat *c)
{
	size_t i;

	for (i = 0; i < c->got_n; i++) {
		cJSON_Delete(c->got[i].message);
		x_free(c->got[i].retry_key);
	}
	x_free(c->got);
	x_free(c->members);
	x_free(c->name);
	x_free(c->display);
	x_free(c->language);
	x_free(c->picture);
	x_free(c->status);
	x_free(c);
}

void
people_free(struct people *p)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		chat_free(p->v[i]);
	x_free(p->v);
	map_free(&p->by_id, NULL);
	map_free(&p->by_name, NULL);
	*p = (struct people){0};
}

bool
people_is_id(const char *s)
{
	size_t i;

	if (*s != 'U' && *s != 'C' && *s != 'R')
		return false;
	for (i = 1; i < LINE_ID_B - 1; i++)
		if (!isxdigit((unsigned char)s[i]) ||
		    isupper((unsigned char)s[i]))
			return false;
	return s[i] == '\0';
}

static void
make_id(enum chat_kind kind, const char *name, char out[LINE_ID_B])
{
	char hex[65];

	if (people_is_id(name)) {
		snprintf(out, LINE_ID_B, "%s", name);
		return;
	}
	crypto_sha256_hex(name, strlen(name), hex);
	snprintf(out, LINE_ID_B, "%c%.32s", kinds[kind].letter, hex);
}

struct chat *
people_add(struct people *p, enum chat_kind kind, const char *name)
{
	struct chat *c = x_new(struct chat);

	c->kind = kind;
	c->name = x_strdup(name);
	c->display = x_strdup(name);
	c->is_friend = true;
	make_id(kind, name, c->id);
	p->v = x_realloc(p->v, p->n + 1, sizeof(*p->v));
	p->v[p->n++] = c;
	map_put(&p->by_id, c->id, c);
	map_put(&p->by_name, c->name, c);
	return c;
}

struct chat *
people_by_id(const struct people *p, const char *id)
{
	return map_get(&p->by_id, id);
}

struct chat *
people_find(const struct people *p, const char *name_or_id)
{
	struct chat *c = map_get(&p->by_name, name_or_id);

	return c != NULL ? c : people_by_id(p, name_or_id);
}

void
chat_set_display(struct chat *c, const char *display)
{
	x_free(c->display);
	c->display = x_strdup(display);
}

bool
chat_has_member(const struct chat *group, const struct chat *who)
{
	size_t i;

	for (i = 0; i < group->members_n; i++)
		if (group->members[i] == who)
			return true;
	return false;
}

void
chat_add_member(struct chat *group, struct chat *who)
{
	if (chat_has_member(group, who))
		return;
	group->members = x_realloc(
	    group->members, group->members_n + 1, sizeof(*group->members));
	group->members[group->members_n++] = who;
}

bool
chat_takes_messages(const struct chat *c, int64_t now_ms)
{
	if (c->kind != CHAT_USER)
		return !c->left;
	if (c->blocked)
		return false;
	return c->is_friend ||
	    (c->wrote_ms > 0 && now_ms - c->wrote_ms < PUSH_WINDOW_MS);
}

int64_t
chat_cost(const struct chat *c, int64_t now_ms)
{
	if (!chat_takes_messages(c, now_ms))
		return 0;
	return c->kind == CHAT_USER ? 1 : (int64_t)c->members_n;
}

void
chat_receive(struct chat *c, const struct received *r)
{
	c->got = x_realloc(c->got, c->got_n + 1, sizeof(*c->got));
	c->got[c->got_n++] = *r;
	c->loading_until_ms = 0;
}

static cJSON *
received_json(const struct received *r)
{
	cJSON *o = cJSON_CreateObject();
	char at[WHEN_TEXT_B];

	cJSON_AddStringToObject(o, "id", r->id);
	cJSON_AddStringToObject(o, "at", when_rfc3339(r->at_ms, at));
	cJSON_AddStringToObject(o, "via", r->via);
	cJSON_AddStringToObject(o, "requestId", r->request_id);
	if (r->retry_key != NULL)
		cJSON_AddStringToObject(o, "retryKey", r->retry_key);
	else
		cJSON_AddNullToObject(o, "retryKey");
	cJSON_AddItemReferenceToObject(o, "message", r->message);
	return o;
}

static void
add_time(cJSON *o, const char *name, int64_t ms)
{
	char at[WHEN_TEXT_B];

	if (ms > 0)
		cJSON_AddStringToObject(o, name, when_rfc3339(ms, at));
	else
		cJSON_AddNullToObject(o, name);
}

cJSON *
chat_json(const struct chat *c, int64_t now_ms)
{
	cJSON *o = cJSON_CreateObject(), *a;
	size_t i;

	cJSON_AddStringToObject(o, "name", c->name);
	cJSON_AddStringToObject(o, "kind", kinds[c->kind].name);
	cJSON_AddStringToObject(o, "userId", c->id);
	cJSON_AddStringToObject(o, "displayName", c->display);
	cJSON_AddBoolToObject(o, "friend", c->is_friend);
	cJSON_AddBoolToObject(o, "blocked", c->blocked);
	cJSON_AddNumberToObject(o, "wrote", (double)c->wrote);
	cJSON_AddNumberToObject(o, "undelivered", (double)c->undelivered);
	cJSON_AddBoolToObject(o, "loading", c->loading_until_ms > now_ms);
	add_time(o, "readUntil", c->read_ms);
	a = cJSON_AddArrayToObject(o, "received");
	for (i = 0; i < c->got_n; i++)
		cJSON_AddItemToArray(a, received_json(&c->got[i]));
	return o;
}
