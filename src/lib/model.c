/*
 * The nouns' words, a conversation's place in the inbox and the views it is
 * in. The JSON is proto.c's. Called by both sides, so that the inbox that
 * mado keeps and the pages that madod serves are in one order.
 */
#include <stdio.h>
#include <string.h>

#include <mado/model.h>

#define X(id, name) name,
const char *const mode_names[] = {MODES(X) NULL};
const char *const status_names[] = {STATUSES(X) NULL};
const char *const from_names[] = {FROMS(X) NULL};
const char *const msg_type_names[] = {MSG_TYPES(X) NULL};
const char *const state_names[] = {MSG_STATES(X) NULL};
const char *const via_names[] = {VIAS(X) NULL};
const char *const role_names[] = {ROLES(X) NULL};
const char *const view_names[] = {VIEWS(X) NULL};
#undef X

#define KEY_MAX_MS     INT64_C(9999999999999) /* 13 digits: the year 2286 */
#define KEY_MAX_NUMBER INT64_C(999999999999)

int
name_find(const char *const *names, const char *s)
{
	for (int i = 0; s != NULL && names[i] != NULL; i++)
		if (strcmp(names[i], s) == 0)
			return i;
	return -1;
}

static int64_t
clamp(int64_t v, int64_t max)
{
	return v < 0 ? 0 : v > max ? max : v;
}

void
conv_order(const struct conv *c, char out[CONV_ORDER_B])
{
	int64_t wait = c->waiting_since_ms, latest = c->opened_ms;

	if (c->last_message != NULL)
		latest = c->last_message->at_ms;
	if (wait <= 0)
		wait = KEY_MAX_MS; /* who does not wait comes after who does */
	snprintf(out, CONV_ORDER_B, "%c%013lld%013lld%012lld",
	    c->pinned ? '0' : '1', (long long)clamp(wait, KEY_MAX_MS),
	    (long long)(KEY_MAX_MS - clamp(latest, KEY_MAX_MS)),
	    (long long)clamp(c->number, KEY_MAX_NUMBER));
}

/* Neither resolved nor put off: somebody's work now. */
static bool
is_current(const struct conv *c)
{
	return c->status != STATUS_RESOLVED && c->status != STATUS_SNOOZED;
}

bool
conv_in_view(const struct conv *c, enum view v, const char *me)
{
	switch (v) {
	case VIEW_MINE:
		return is_current(c) && me != NULL && c->assignee != NULL &&
		    strcmp(c->assignee, me) == 0;
	case VIEW_WAITING:
		return is_current(c) && c->mode == MODE_MANUAL &&
		    c->assignee == NULL;
	case VIEW_AUTO:
		return is_current(c) && c->mode == MODE_AUTO;
	case VIEW_FOLLOW_UP:
		return c->status == STATUS_FOLLOW_UP;
	case VIEW_OPEN:
		return c->status != STATUS_RESOLVED;
	case VIEW_SNOOZED:
		return c->status == STATUS_SNOOZED;
	case VIEW_RESOLVED:
		return c->status == STATUS_RESOLVED;
	case VIEW_PROBLEMS:
		return c->problems > 0;
	case VIEW_ALL:
	case VIEW_N:
		break;
	}
	return v == VIEW_ALL;
}
