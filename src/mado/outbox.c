/*
 * The local outbox's sender. Owns which act goes next and when it is tried
 * again; the rows are the store's, the wire is the desk's. An act leaves the
 * disk only when the server has answered it, so a crash repeats it, and the
 * server knows it by its id.
 */
#include <string.h>

#include <mado/crypto.h>
#include <mado/when.h>

#include "i18n.h"
#include "outbox.h"

enum {
	PAUSE_FIRST_MS = 500,
	PAUSE_LAST_MS = 20 * 1000,
	LEASED_MS = 500,
	KEPT_MS = 2, /* until the disk is asked again whether it has all */
	INTERNAL_TRIES = 4
};

/* After a refused reply these would end a talk that the customer believes is
 * still open. */
static const char *const enders[] = {"resolve", "auto", "csat", "snooze", NULL};

struct outbox {
	struct desk *desk;
	struct store *store;
	struct outbox_hooks hooks;
	struct timer *timer;
	struct desk_req *req;
	struct arena *arena; /* of the act under way */
	struct store_act act;
	size_t waiting; /* acts, at the last look */
	int tries;
	bool idle;
};

int64_t
outbox_pause_ms(int tries)
{
	int64_t max = PAUSE_FIRST_MS;
	uint32_t r;

	for (int i = 0; i < tries && max < PAUSE_LAST_MS; i++)
		max *= 2;
	if (max > PAUSE_LAST_MS)
		max = PAUSE_LAST_MS;
	crypto_random(&r, sizeof(r));
	return max / 4 + r % (max * 3 / 4);
}

static bool
is_earlier_waiting(const struct store_act *acts, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (acts[j].number == acts[i].number)
			return true;
	return false;
}

/* The first act that may leave now; else when to look again in *wait_ms, or
 * -1 for never. Acts of one conversation keep their order. */
static bool
choose(struct outbox *o, struct store_act *out, int64_t *wait_ms)
{
	struct store_act *acts;
	size_t n = store_outbox(o->store, false, o->arena, &acts);
	int64_t now_ms = when_now_ms(), left;

	if (n < o->waiting && o->hooks.fewer != NULL)
		o->hooks.fewer(o->hooks.arg);
	o->waiting = n;
	*wait_ms = -1;
	for (size_t i = 0; i < n; i++) {
		if (is_earlier_waiting(acts, i))
			continue;
		left = acts[i].not_before_ms - now_ms;
		if (left <= 0 && store_outbox_lease(o->store, acts[i].row)) {
			*out = acts[i];
			return true;
		}
		if (left <= 0)
			left = LEASED_MS; /* another process has it */
		if (*wait_ms == -1 || left < *wait_ms)
			*wait_ms = left;
	}
	return false;
}

static void
tell(struct outbox *o, const struct store_act *act, const struct desk_answer *a)
{
	if (o->hooks.answered != NULL)
		o->hooks.answered(act, a, o->hooks.arg);
}

static bool
is_ender(const struct store_act *act)
{
	for (int i = 0; enders[i] != NULL; i++)
		if (strcmp(enders[i], act->verb) == 0)
			return true;
	return false;
}

/* What was to follow a reply that did not go out. */
static void
refuse_enders(struct outbox *o, const struct store_act *reply)
{
	struct desk_answer a = {0};
	struct store_act *acts;
	size_t n = store_outbox(o->store, false, o->arena, &acts);

	err_set(&a.err, ERR_CONFLICT,
	    _("not done, because the reply before it was refused"));
	for (size_t i = 0; i < n; i++) {
		if (acts[i].number != reply->number || !is_ender(&acts[i]))
			continue;
		store_outbox_refuse(o->store, acts[i].row, a.err.msg, NULL);
		tell(o, &acts[i], &a);
	}
}

/* Errors that say nothing of the act: it is tried again. One of the server's
 * own may be the act's fault, so it is not tried for ever. */
static bool
is_passing(const struct outbox *o, enum err_code code)
{
	if (code == ERR_INTERNAL)
		return o->tries < INTERNAL_TRIES;
	return code == ERR_NET || code == ERR_BUSY || code == ERR_LIMITED ||
	    code == ERR_AUTH || code == ERR_DISABLED;
}

static void
get_stuck(struct outbox *o, const struct err *e)
{
	store_outbox_release(o->store, o->act.row);
	if (e->code == ERR_AUTH || e->code == ERR_DISABLED)
		o->idle = true; /* until somebody signs in and kicks us */
	else
		timer_set(o->timer, outbox_pause_ms(o->tries++));
	if (o->hooks.stuck != NULL)
		o->hooks.stuck(e, o->hooks.arg);
}

static void
on_answer(const struct desk_answer *a, void *arg)
{
	struct outbox *o = arg;
	struct store_act act = o->act;

	o->req = NULL;
	if (is_passing(o, a->err.code)) {
		get_stuck(o, &a->err);
		return;
	}
	o->tries = 0;
	o->act.row = 0;
	if (a->err.code == ERR_NONE)
		store_outbox_rm(o->store, act.row, NULL);
	else
		store_outbox_refuse(o->store, act.row, a->err.msg, NULL);
	timer_set(o->timer, 0); /* the next one, after this turn's hooks */
	tell(o, &act, a);
	if (a->err.code != ERR_NONE && strcmp(act.verb, "reply") == 0)
		refuse_enders(o, &act);
}

static void
send_act(struct outbox *o)
{
	cJSON *args = cJSON_Parse(o->act.args);
	struct desk_call call = {.op = DESK_ACT,
	    .number = o->act.number,
	    .verb = o->act.verb,
	    .args = args};

	if (o->hooks.leaves != NULL)
		o->hooks.leaves(&o->act, o->hooks.arg);
	o->req = desk_start(o->desk, &call, on_answer, o);
	cJSON_Delete(args);
}

static void
on_timer(void *arg)
{
	struct outbox *o = arg;
	int64_t wait_ms;

	if (o->req != NULL)
		return;
	if (!store_is_kept(o->store)) { /* the disk before the wire */
		timer_set(o->timer, KEPT_MS);
		return;
	}
	arena_reset(o->arena);
	memset(&o->act, 0, sizeof(o->act));
	if (choose(o, &o->act, &wait_ms)) {
		o->idle = false;
		send_act(o);
		return;
	}
	o->idle = true;
	if (wait_ms >= 0)
		timer_set(o->timer, wait_ms);
}

struct outbox *
outbox_new(struct loop *l, struct desk *d, struct store *s,
    const struct outbox_hooks *h)
{
	struct outbox *o = x_new(struct outbox);

	o->desk = d;
	o->store = s;
	o->hooks = *h;
	o->arena = arena_new();
	o->timer = timer_new(l, on_timer, o);
	return o;
}

void
outbox_free(struct outbox *o)
{
	if (o == NULL)
		return;
	if (o->req != NULL)
		store_outbox_release(o->store, o->act.row);
	desk_cancel(o->req);
	timer_free(o->timer);
	arena_free(o->arena);
	x_free(o);
}

void
outbox_kick(struct outbox *o)
{
	o->waiting = SIZE_MAX; /* who knows how many until the next look */
	if (o->req != NULL)
		return;
	o->idle = false;
	timer_set(o->timer, 0);
}

int64_t
outbox_sending(const struct outbox *o)
{
	return o->req != NULL ? o->act.row : 0;
}

bool
outbox_is_idle(const struct outbox *o)
{
	return o->req == NULL && o->idle;
}
