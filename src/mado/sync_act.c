/*
 * Acts: on disk first, applied to the local rows at once, sent in order by
 * the outbox. A refused one stays on disk with its error, and its
 * conversation is asked for anew, because the local row was ahead.
 */
#include <string.h>

#include <mado/id.h>
#include <mado/when.h>

#include "i18n.h"
#include "sync_impl.h"

/* rows and what waits on top of them */

void
sync_overlay(struct sync *y, int64_t number)
{
	struct arena *a = arena_new();
	struct store_act *acts;
	size_t n = store_outbox(y->store, false, a, &acts);
	int64_t now_ms = when_now_ms();

	for (size_t i = 0; i < n; i++)
		if (number == 0 || acts[i].number == number)
			sync_patch(y, &acts[i], acts[i].not_before_ms > now_ms);
	arena_free(a);
}

void
sync_put_conv(struct sync *y, const struct conv *c)
{
	store_put_conv(y->store, c, y->me, NULL);
	if (c->last_message != NULL)
		store_put_msg(y->store, c->last_message, NULL);
	sync_overlay(y, c->number);
}

void
sync_put_msgs(struct sync *y, struct msg **v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		store_put_msg(y->store, v[i], NULL);
}

/* the outbox's hooks */

static void
on_leaves(const struct store_act *act, void *arg)
{
	struct sync *y = arg;

	sync_patch(y, act, false);
	sync_told_conv(y, act->number);
}

/* Its message was shown as queued here, and is not to be. */
static void
drop_msg(struct sync *y, const struct store_act *act)
{
	struct arena *a = arena_new();
	char *id = sync_act_id(act, a);
	struct msg *m = id == NULL ? NULL : store_msg(y->store, id, a);

	if (m != NULL && m->rev == 0)
		store_rm_msg(y->store, id, NULL);
	arena_free(a);
}

static void
on_answered(const struct store_act *act, const struct desk_answer *a, void *arg)
{
	struct sync *y = arg;

	for (size_t i = 0; i < a->n_convs; i++)
		sync_put_conv(y, a->convs[i]);
	sync_put_msgs(y, a->msgs, a->n_msgs);
	if (a->err.code != ERR_NONE) {
		drop_msg(y, act);
		sync_ask_conv(y, act->number);
	}
	sync_told_conv(y, act->number);
	sync_told_misc(y, "outbox");
	if (y->hooks.act != NULL)
		y->hooks.act(act, &a->err, y->hooks.arg);
}

/* The feed would notice a lost connection only when its wait is over. */
static void
on_stuck(const struct err *e, void *arg)
{
	struct sync *y = arg;

	if (e->code == ERR_AUTH || e->code == ERR_DISABLED ||
	    (e->code == ERR_NET && y->state == SYNC_LIVE))
		sync_failed(y, e);
}

static void
on_fewer(void *arg)
{
	sync_told_misc(arg, "outbox");
}

void
sync_act_init(struct sync *y)
{
	struct outbox_hooks h = {.leaves = on_leaves,
	    .answered = on_answered,
	    .stuck = on_stuck,
	    .fewer = on_fewer,
	    .arg = y};

	y->outbox = outbox_new(y->loop, y->desk, y->store, &h);
}

/* acting */

static bool
makes_message(const char *verb)
{
	return strcmp(verb, "reply") == 0 || strcmp(verb, "note") == 0;
}

/* The args as text, with an id for a message that has none. */
static char *
args_text(const char *verb, const cJSON *args)
{
	cJSON *o =
	    args == NULL ? cJSON_CreateObject() : cJSON_Duplicate(args, true);
	char id[ID_UUID_B], *printed, *text;

	if (makes_message(verb) && json_str(o, "id", NULL) == NULL) {
		id_uuid(id);
		cJSON_DeleteItemFromObjectCaseSensitive(o, "id");
		cJSON_AddStringToObject(o, "id", id);
	}
	printed = cJSON_PrintUnformatted(o);
	text = x_strdup(printed);
	cJSON_free(printed);
	cJSON_Delete(o);
	return text;
}

int
sync_act(struct sync *y, const char *verb, int64_t number, const cJSON *args,
    int64_t delay_ms, int64_t *row, struct err *e)
{
	struct store_act act = {.number = number, .verb = verb};
	char *text = args_text(verb, args);
	int rc;

	act.args = text;
	act.queued_ms = when_now_ms();
	if (delay_ms > 0)
		act.not_before_ms = act.queued_ms + delay_ms;
	rc = store_outbox_add(y->store, &act, &act.row, e);
	if (rc == 0) {
		if (row != NULL)
			*row = act.row;
		sync_patch(y, &act, delay_ms > 0);
		sync_told_conv(y, number);
		sync_told_misc(y, "outbox");
		outbox_kick(y->outbox);
	}
	x_free(text);
	return rc;
}

bool
sync_undo(struct sync *y, int64_t row)
{
	struct arena *a = arena_new();
	struct store_act *act = store_outbox_row(y->store, row, a);
	bool back;

	/* The lease settles who has it: the other process may be sending. */
	back = act != NULL && act->error == NULL &&
	    outbox_sending(y->outbox) != row &&
	    store_outbox_lease(y->store, row) &&
	    store_outbox_rm(y->store, row, NULL) == 0;
	if (back) {
		drop_msg(y, act);
		if (act->not_before_ms <= when_now_ms())
			sync_ask_conv(y, act->number);
		sync_told_conv(y, act->number);
		sync_told_misc(y, "outbox");
	}
	arena_free(a);
	return back;
}

void
sync_hurry(struct sync *y, int64_t row)
{
	store_outbox_hurry(y->store, row, NULL);
	outbox_kick(y->outbox);
}
