/*
 * What a message offers to tap, and what LINE makes of a tap: quick replies,
 * buttons, columns. Called by actor.c and control.c.
 * Source: LINE, "Action objects", "Postback event".
 */
#include <stdlib.h>
#include <string.h>

#include <mado/json.h>

#include "act.h"

enum { OFFERS_MAX = 64, STARS = 5 };

/* What can be tapped. */
struct offers {
	const cJSON *v[OFFERS_MAX];
	size_t n;
};

static void
offers_add(struct offers *o, const cJSON *action)
{
	if (cJSON_IsObject(action) && o->n < OFFERS_MAX)
		o->v[o->n++] = action;
}

/* The actions that a message offers to tap, in order. */
static void
offers_of(struct offers *o, const cJSON *message)
{
	const cJSON *quick = json_obj(message, "quickReply");
	const cJSON *template = json_obj(message, "template");
	const cJSON *item, *action;

	cJSON_ArrayForEach(item, json_arr(quick, "items"))
	{
		offers_add(o, json_obj(item, "action"));
	}
	cJSON_ArrayForEach(item, json_arr(template, "actions"))
	{
		offers_add(o, item);
	}
	cJSON_ArrayForEach(item, json_arr(template, "columns"))
	{
		cJSON_ArrayForEach(action, json_arr(item, "actions"))
		{
			offers_add(o, action);
		}
		offers_add(o, json_obj(item, "action"));
	}
}

static int
tap_message(struct sim *s, const struct place *p, const cJSON *action,
    struct event_ids *ids)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "type", "text");
	cJSON_AddStringToObject(o, "text", json_str(action, "text", ""));
	events_message(s, p, o, NULL, ids);
	return 0;
}

static int
tap_postback(struct sim *s, const struct place *p, const cJSON *action,
    struct event_ids *ids)
{
	events_postback(s, p, json_str(action, "data", ""), NULL, ids);
	return 0;
}

static int
tap_picker(struct sim *s, const struct place *p, const cJSON *action,
    struct event_ids *ids)
{
	static const char *const values[][2] = {{"date", "2026-12-24"},
	    {"time", "10:30"}, {"datetime", "2026-12-24T10:30"}};
	const char *mode = json_str(action, "mode", "date");
	cJSON *params = cJSON_CreateObject();
	size_t i;

	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (strcmp(values[i][0], mode) == 0)
			cJSON_AddStringToObject(params, mode,
			    json_str(action, "initial", values[i][1]));
	events_postback(s, p, json_str(action, "data", ""), params, ids);
	cJSON_Delete(params);
	return 0;
}

static int
tap_camera(struct sim *s, const struct place *p, const cJSON *action,
    struct event_ids *ids)
{
	struct err e = {0};

	(void)action;
	return act_do(s, p, act_of_word("image"), "", ids, &e);
}

static int
tap_location(struct sim *s, const struct place *p, const cJSON *action,
    struct event_ids *ids)
{
	struct err e = {0};

	(void)action;
	return act_do(
	    s, p, act_of_word("location"), "35.6586 139.7454", ids, &e);
}

/* Opens a page or copies a text: LINE tells nobody. */
static int
tap_silent(struct sim *s, const struct place *p, const cJSON *action,
    struct event_ids *ids)
{
	(void)s;
	(void)p;
	(void)action;
	(void)ids;
	return 0;
}

static const struct {
	const char *type;
	int (*fn)(struct sim *, const struct place *, const cJSON *,
	    struct event_ids *);
} taps[] = {
    {"message", tap_message},
    {"postback", tap_postback},
    {"datetimepicker", tap_picker},
    {"camera", tap_camera},
    {"cameraRoll", tap_camera},
    {"location", tap_location},
    {"uri", tap_silent},
    {"clipboard", tap_silent},
};

/* The action with that label, "#N" or, for "", any. */
static const cJSON *
offers_pick(struct sim *s, const struct offers *o, const char *label)
{
	size_t i;

	if (o->n == 0)
		return NULL;
	if (label[0] == '\0')
		return o->v[rng_range(&s->rng, 0, (int64_t)o->n - 1)];
	i = label[0] == '#' ? (size_t)atoi(label + 1) : 0;
	if (i >= 1 && i <= o->n)
		return o->v[i - 1];
	for (i = 0; i < o->n; i++)
		if (strcmp(json_str(o->v[i], "label", ""), label) == 0)
			return o->v[i];
	return NULL;
}

/* Tap the one of the offers that label means. */
static int
offers_tap(struct sim *s, const struct place *p, const struct offers *o,
    const char *label, struct event_ids *ids, struct err *e)
{
	const cJSON *action = offers_pick(s, o, label);
	const char *type;
	size_t i;

	*ids = (struct event_ids){0};
	if (action == NULL)
		return err_set(e, ERR_NOTFOUND, "nothing to tap: %s", label);
	type = json_str(action, "type", "");
	for (i = 0; i < sizeof(taps) / sizeof(taps[0]); i++)
		if (strcmp(taps[i].type, type) == 0)
			return taps[i].fn(s, p, action, ids);
	return err_set(e, ERR_INVALID, "cannot tap an action of type %s", type);
}

int
tap_label(struct sim *s, const struct place *p, const char *label,
    struct event_ids *ids, struct err *e)
{
	const struct chat *chat = place_chat(p);
	struct offers offers = {.n = 0};
	size_t i;

	for (i = chat->got_n; i > 0 && offers.n == 0; i--)
		offers_of(&offers, chat->got[i - 1].message);
	return offers_tap(s, p, &offers, label, ids, e);
}

int
tap_menu(struct sim *s, const struct place *p, const char *label,
    struct event_ids *ids, struct err *e)
{
	struct offers offers = {.n = 0};
	const cJSON *area;

	cJSON_ArrayForEach(area, menus_areas(&s->menus))
	{
		offers_add(&offers, json_obj(area, "action"));
	}
	return offers_tap(s, p, &offers, label, ids, e);
}

bool
tap_is_survey(const cJSON *message)
{
	const cJSON *quick = json_obj(message, "quickReply"), *item;
	int n = 0;

	cJSON_ArrayForEach(item, json_arr(quick, "items"))
	{
		const cJSON *action = json_obj(item, "action");

		if (strcmp(json_str(action, "type", ""), "postback") != 0)
			return false;
		n++;
	}
	return n == STARS;
}
