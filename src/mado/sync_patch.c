/*
 * What each verb does to the local rows before the server has answered: one
 * table, verb to function. Foresight only: the server's row replaces it, and
 * each patch may be applied again on top of a newer row.
 */
#include <stdlib.h>
#include <string.h>

#include <mado/when.h>

#include "sync_impl.h"

/* After all that the server has numbered, and exact in JSON's doubles. */
#define LOCAL_ORDER (INT64_C(1) << 52)

struct patch {
	struct sync *sync;
	const struct store_act *act;
	const cJSON *args;
	struct conv *conv; /* NULL when it is not here */
	struct arena *arena;
};

char *
sync_act_id(const struct store_act *act, struct arena *a)
{
	cJSON *args = cJSON_Parse(act->args);
	char *id = arena_strdup(a, json_str(args, "id", NULL));

	cJSON_Delete(args);
	return id;
}

static struct msg *
message(const struct patch *p, int type, int state)
{
	struct msg *m = arena_new_of(p->arena, struct msg), *now;

	m->id = json_str(p->args, "id", "");
	m->conversation = p->act->number;
	m->at_ms = p->act->queued_ms;
	m->from = FROM_AGENT;
	m->author = p->sync->me;
	m->type = type;
	m->text = json_str(p->args, "text", json_str(p->args, "shows", ""));
	m->state = state;
	m->via = -1;
	m->order = LOCAL_ORDER;
	store_put_msg(p->sync->store, m, NULL);
	/* The server's row of it may have come with the feed by now. */
	now = store_msg(p->sync->store, m->id, p->arena);
	return now == NULL ? m : now;
}

/* A reply on a colleague's conversation changes neither. */
static void
be_manual(const struct patch *p, struct conv *c)
{
	if (c->assignee != NULL && strcmp(c->assignee, p->sync->me) != 0)
		return;
	c->mode = MODE_MANUAL;
	c->assignee = p->sync->me;
}

static void
be_open(struct conv *c)
{
	c->status = STATUS_OPEN;
	c->resolved_ms = 0;
	c->snoozed_until_ms = 0;
}

static void
reply_msg(const struct patch *p)
{
	message(p, MSG_TEXT, STATE_QUEUED);
}

static void
note_msg(const struct patch *p)
{
	message(p, MSG_NOTE, STATE_RECEIVED);
}

static void
reply(const struct patch *p, struct conv *c)
{
	be_manual(p, c);
	if (c->status == STATUS_RESOLVED)
		be_open(c);
	c->waiting_since_ms = 0;
	c->unread = 0;
	c->last_message = message(p, MSG_TEXT, STATE_QUEUED);
}

static void
take(const struct patch *p, struct conv *c)
{
	if (c->status == STATUS_RESOLVED)
		be_open(c);
	c->mode = MODE_MANUAL;
	c->assignee = p->sync->me;
}

static void
to_auto(const struct patch *p, struct conv *c)
{
	(void)p;
	c->mode = MODE_AUTO;
	c->assignee = NULL;
	c->waiting_since_ms = 0;
}

static void
assign(const struct patch *p, struct conv *c)
{
	c->assignee = json_str(p->args, "agent", NULL);
	if (c->assignee != NULL)
		c->mode = MODE_MANUAL;
}

/* A list without s, and with it again at its end when `with`. */
static void
strs_set(struct strs *l, const char *s, bool with, struct arena *a)
{
	const char **v = arena_calloc(a, l->n + 1, sizeof(*v));
	size_t n = 0;
	bool there = false;

	for (size_t i = 0; i < l->n; i++) {
		if (strcmp(l->v[i], s) == 0) {
			there = true;
			if (!with)
				continue;
		}
		v[n++] = l->v[i];
	}
	if (with && !there)
		v[n++] = s;
	l->v = v;
	l->n = n;
}

static void
tag_all(const struct patch *p, struct conv *c, const char *list, bool with)
{
	const cJSON *t;

	cJSON_ArrayForEach(t, json_arr(p->args, list))
	{
		const char *s = cJSON_GetStringValue(t);

		if (s != NULL && *s != '@')
			strs_set(&c->tags, s, with, p->arena);
		else if (s != NULL && c->contact != NULL)
			strs_set(&c->contact->tags, s + 1, with, p->arena);
	}
}

static void
tag(const struct patch *p, struct conv *c)
{
	tag_all(p, c, "add", true);
	tag_all(p, c, "remove", false);
}

static void
pin(const struct patch *p, struct conv *c)
{
	(void)p;
	c->pinned = true;
}

static void
unpin(const struct patch *p, struct conv *c)
{
	(void)p;
	c->pinned = false;
}

static void
follow_up(const struct patch *p, struct conv *c)
{
	(void)p;
	be_open(c);
	c->status = STATUS_FOLLOW_UP;
}

static void
snooze(const struct patch *p, struct conv *c)
{
	const char *until = json_str(p->args, "until", NULL);

	be_open(c);
	c->status = STATUS_SNOOZED;
	if (until != NULL)
		when_parse_rfc3339(until, &c->snoozed_until_ms, NULL);
}

static void
resolve(const struct patch *p, struct conv *c)
{
	be_open(c);
	c->status = STATUS_RESOLVED;
	c->resolved_ms = p->act->queued_ms;
	c->waiting_since_ms = 0;
	c->unread = 0;
}

static void
reopen(const struct patch *p, struct conv *c)
{
	(void)p;
	be_open(c);
}

static void
seen(const struct patch *p, struct conv *c)
{
	(void)p;
	c->unread = 0;
}

static const struct {
	const char *verb;
	void (*msg)(const struct patch *p);
	void (*conv)(const struct patch *p, struct conv *c);
} patches[] = {
    {"reply", reply_msg, reply},
    {"note", note_msg, NULL},
    {"take", NULL, take},
    {"auto", NULL, to_auto},
    {"assign", NULL, assign},
    {"tag", NULL, tag},
    {"pin", NULL, pin},
    {"unpin", NULL, unpin},
    {"follow-up", NULL, follow_up},
    {"snooze", NULL, snooze},
    {"resolve", NULL, resolve},
    {"reopen", NULL, reopen},
    {"read", NULL, seen},
};

static void
apply(const struct patch *p, bool only_msg)
{
	for (size_t i = 0; i < sizeof(patches) / sizeof(patches[0]); i++) {
		if (strcmp(patches[i].verb, p->act->verb) != 0)
			continue;
		if (patches[i].msg != NULL)
			patches[i].msg(p);
		if (only_msg || patches[i].conv == NULL || p->conv == NULL)
			return;
		patches[i].conv(p, p->conv);
		store_put_conv(p->sync->store, p->conv, p->sync->me, NULL);
		return;
	}
}

void
sync_patch(struct sync *y, const struct store_act *act, bool only_msg)
{
	struct arena *a = arena_new();
	cJSON *args = cJSON_Parse(act->args);
	struct patch p = {.sync = y, .act = act, .args = args, .arena = a};

	p.conv = store_conv(y->store, act->number, a);
	apply(&p, only_msg);
	cJSON_Delete(args);
	arena_free(a);
}
