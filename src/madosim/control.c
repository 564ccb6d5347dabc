/*
 * The control paths under /sim/: for tests, demos and rehearsals, never part
 * of LINE's API. Handlers of routes.c; state.c answers GET /sim/state.
 */
#include <stdio.h>
#include <string.h>

#include <mado/json.h>
#include <mado/mem.h>

#include "act.h"
#include "out.h"
#include "routes.h"

static void
answer_err(struct call *c, const struct err *e)
{
	call_error(c, err_http_status(e->code), "%s", e->msg);
}

/* The body's "user" (made when unknown) and "group"; false after answering. */
static bool
take_place(struct call *c, struct place *p)
{
	const char *user = json_str(c->body, "user", "");
	const char *group = json_str(c->body, "group", NULL);
	struct people *all = &c->s->people;

	*p = (struct place){0};
	if (*user == '\0') {
		call_error(c, 400,
		    "\"user\" is missing: a customer's name, "
		    "or a user id");
		return false;
	}
	p->who = people_find(all, user);
	if (p->who == NULL)
		p->who = people_add(all, CHAT_USER, user);
	if (group == NULL)
		return true;
	p->where = people_find(all, group);
	if (p->where == NULL)
		p->where = people_add(all, CHAT_GROUP, group);
	chat_add_member(p->where, p->who);
	return true;
}

static void
answer_ids(struct call *c, const struct place *p, const struct event_ids *ids)
{
	cJSON *o = cJSON_CreateObject();

	if (p->who != NULL)
		cJSON_AddStringToObject(o, "user", p->who->id);
	if (p->where != NULL)
		cJSON_AddStringToObject(o, "group", p->where->id);
	if (ids->message[0] != '\0')
		cJSON_AddStringToObject(o, "messageId", ids->message);
	if (ids->event[0] != '\0')
		cJSON_AddStringToObject(o, "webhookEventId", ids->event);
	if (ids->token[0] != '\0')
		cJSON_AddStringToObject(o, "replyToken", ids->token);
	call_json(c, 200, o);
}

/* A deed's arguments as the script writes them. Caller frees with x_free(). */
static char *
act_args(const cJSON *v)
{
	char *printed, *args;

	if (cJSON_IsString(v))
		return x_strdup(v->valuestring);
	if (cJSON_IsBool(v))
		return x_strdup("");
	printed = cJSON_PrintUnformatted(v);
	args = x_strdup(printed != NULL ? printed : "");
	cJSON_free(printed);
	return args;
}

/* "quote": the message it answers; only texts and stickers can. */
static int
say_quoting(struct call *c, const struct place *p, const char *quoted,
    struct event_ids *ids)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "type", "text");
	cJSON_AddStringToObject(o, "text", json_str(c->body, "text", ""));
	cJSON_AddStringToObject(o, "quotedMessageId", quoted);
	*ids = (struct event_ids){0};
	events_message(c->s, p, o, NULL, ids);
	return 0;
}

/* The first member of the body that names a deed. */
static int
say(struct call *c, const struct place *p, struct event_ids *ids, struct err *e)
{
	const char *quoted = json_str(c->body, "quote", NULL);
	const struct act *act;
	const cJSON *v;
	char *args;
	int rc;

	if (quoted != NULL)
		return say_quoting(c, p, quoted, ids);
	cJSON_ArrayForEach(v, c->body)
	{
		if ((act = act_of_word(v->string)) == NULL)
			continue;
		args = act_args(v);
		rc = act_do(c->s, p, act, args, ids, e);
		x_free(args);
		return rc;
	}
	return err_set(e, ERR_INVALID,
	    "say what: text, sticker, image, images, video, audio, file, "
	    "location, postback, event or message");
}

void
control_say(struct call *c)
{
	struct event_ids ids;
	struct place p;
	struct err e = {0};

	if (!take_place(c, &p))
		return;
	if (say(c, &p, &ids, &e) != 0)
		answer_err(c, &e);
	else
		answer_ids(c, &p, &ids);
}

void
control_tap(struct call *c)
{
	int (*tap)(struct sim *, const struct place *, const char *,
	    struct event_ids *, struct err *) =
	    json_bool(c->body, "menu", false) ? tap_menu : tap_label;
	struct event_ids ids;
	struct place p;
	struct err e = {0};

	if (!take_place(c, &p))
		return;
	if (tap(c->s, &p, json_str(c->body, "label", ""), &ids, &e) != 0)
		answer_err(c, &e);
	else
		answer_ids(c, &p, &ids);
}

/* The message meant: "messageId", or the customer's last. */
static const char *
message_meant(struct call *c, const struct place *p)
{
	return json_str(c->body, "messageId", p->who->last_message);
}

void
control_unsend(struct call *c)
{
	struct event_ids ids = {0};
	struct place p;

	if (!take_place(c, &p))
		return;
	events_unsend(c->s, &p, message_meant(c, &p), &ids);
	answer_ids(c, &p, &ids);
}

void
control_edit(struct call *c)
{
	const char *text = json_str(c->body, "text", NULL);
	struct event_ids ids = {0};
	struct place p;

	if (!take_place(c, &p))
		return;
	if (text == NULL) {
		call_error(c, 400, "\"text\" is missing");
		return;
	}
	events_edit(c->s, &p, message_meant(c, &p), text, &ids);
	answer_ids(c, &p, &ids);
}

void
control_follow(struct call *c)
{
	struct event_ids ids = {0};
	struct place p;

	if (!take_place(c, &p))
		return;
	events_follow(c->s, p.who, &ids);
	answer_ids(c, &p, &ids);
}

void
control_unfollow(struct call *c)
{
	struct event_ids ids = {0};
	struct place p;

	if (!take_place(c, &p))
		return;
	events_unfollow(c->s, p.who, &ids);
	answer_ids(c, &p, &ids);
}

/* The account joins a group (or "kind": "room"), made when unknown. */
void
control_join(struct call *c)
{
	const char *name = json_str(c->body, "group", "");
	bool room = strcmp(json_str(c->body, "kind", "group"), "room") == 0;
	struct event_ids ids = {0};
	struct place p = {0};
	cJSON *o;

	if (*name == '\0') {
		call_error(c, 400, "\"group\" is missing");
		return;
	}
	p.where = people_find(&c->s->people, name);
	if (p.where == NULL)
		p.where = people_add(
		    &c->s->people, room ? CHAT_ROOM : CHAT_GROUP, name);
	p.where->left = false;
	o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "type", "join");
	events_send(c->s, &p, o, &ids);
	answer_ids(c, &p, &ids);
}

void
control_faults(struct call *c)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddItemToObject(o, "faults", faults_json(&c->s->faults));
	call_json(c, 200, o);
}

/* {kind, rate, count, on}; kind "none" ends them all. */
void
control_fault(struct call *c)
{
	const cJSON *rate = cJSON_GetObjectItemCaseSensitive(c->body, "rate");
	struct fault_spec spec = {
	    .kind = json_str(c->body, "kind", ""),
	    .rate = cJSON_IsNumber(rate) ? rate->valuedouble : 1,
	    .count = json_int(c->body, "count", -1),
	    .on = json_str(c->body, "on", NULL),
	};
	struct err e = {0};

	if (strcmp(spec.kind, "none") == 0)
		faults_clear(&c->s->faults);
	else if (fault_set(&c->s->faults, &spec, &e) != 0) {
		answer_err(c, &e);
		return;
	}
	control_faults(c);
}

void
control_quota(struct call *c)
{
	struct opts *o = &c->s->opts;

	o->quota = json_int(c->body, "limit", o->quota);
	o->quota_used = json_int(c->body, "used", o->quota_used);
	quota_consumption(c);
}

/* {chat, webhook}: what a person switches in LINE's consoles. */
void
control_account(struct call *c)
{
	struct opts *o = &c->s->opts;

	o->chat_mode = json_bool(c->body, "chat", o->chat_mode);
	o->webhook_off = !json_bool(c->body, "webhook", !o->webhook_off);
	out_kick(c->s->out);
	call_empty(c, 200);
}

void
control_events(struct call *c)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddItemToObject(o, "events", out_events_json(c->s->out));
	call_json(c, 200, o);
}
