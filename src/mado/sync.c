/*
 * The feed: first load, live and reconnect on one path. Pages of rows stamped
 * with the feed's seq, then the feed from there, for ever; rows carry rev, so
 * that nothing is lost when a page and the feed overlap. Owns the link's
 * state. Acts are sync_act.c's, side questions sync_ask.c's.
 */
#include <stdlib.h>
#include <string.h>

#include <mado/when.h>

#include "i18n.h"
#include "sync_impl.h"

enum {
	WAIT_S = FEED_WAIT_MAX_S,
	FEED_LIMIT = 500,
	LIVE_LIMIT = 64, /* a page is read and kept within one key's time */
	PAGE_LIMIT = 500,
	RESOLVED_LIMIT = 200,
	SPENT_MS = 3000,
	TRIM_FIRST_MS = 5 * 60 * 1000,
	TRIM_STEP_MS = 200,
	TRIM_AGAIN_MS = 6 * 3600 * 1000,
	CONVS_MAX = 1000 /* of a contact */
};

static void next_step(struct sync *y);

/* telling the screen */

void
sync_told_conv(struct sync *y, int64_t number)
{
	if (y->hooks.conv != NULL && number != 0)
		y->hooks.conv(number, y->hooks.arg);
}

void
sync_told_misc(struct sync *y, const char *what)
{
	if (y->hooks.misc != NULL)
		y->hooks.misc(what, y->hooks.arg);
}

static void
told_list(struct sync *y)
{
	if (y->hooks.list != NULL)
		y->hooks.list(y->hooks.arg);
}

void
sync_set_link(struct sync *y, enum sync_link l)
{
	if (l == SYNC_OFFLINE && y->down_since_ms == 0)
		y->down_since_ms = when_now_ms();
	if (l == SYNC_LIVE || l == SYNC_CATCHING_UP)
		y->down_since_ms = 0;
	if (l == y->state)
		return;
	y->state = l;
	if (y->hooks.link != NULL)
		y->hooks.link(l, y->hooks.arg);
}

/* failures */

/* The account is disabled: what it left here goes. */
static void
erase(struct sync *y)
{
	store_erase(y->store, NULL);
	y->epoch = y->seq = 0;
	sync_set_link(y, SYNC_SIGNED_OUT);
	sync_told_misc(y, "erased");
	told_list(y);
}

void
sync_failed(struct sync *y, const struct err *e)
{
	desk_cancel(y->req);
	y->req = NULL;
	if (e->code == ERR_DISABLED) {
		erase(y);
	} else if (e->code == ERR_AUTH) {
		sync_set_link(y, SYNC_SIGNED_OUT);
	} else {
		sync_set_link(y, SYNC_OFFLINE);
		timer_set(y->timer, outbox_pause_ms(y->tries++));
	}
}

/* the first load */

static void
start_over(struct sync *y)
{
	store_forget(y->store, NULL);
	y->epoch = y->seq = 0;
	y->loading = true;
	y->resolved_page = false;
	x_free(y->cursor);
	y->cursor = NULL;
	y->load_epoch = 0;
	if (y->state == SYNC_LIVE)
		sync_set_link(y, SYNC_CATCHING_UP);
	told_list(y);
	timer_set(y->timer, 0);
}

static int
keep_place(struct sync *y, int64_t epoch, int64_t seq, struct err *e)
{
	char *text = arena_sprintf(y->arena, "%lld", (long long)seq);
	char *era = arena_sprintf(y->arena, "%lld", (long long)epoch);

	if (store_set(y->store, "seq", text, e) == -1)
		return -1;
	return store_set(y->store, "epoch", era, e);
}

static void
load_end(struct sync *y)
{
	struct err e = {0};

	if (keep_place(y, y->load_epoch, y->load_seq, &e) == -1) {
		sync_failed(y, &e);
		return;
	}
	y->loading = false;
	y->epoch = y->load_epoch;
	y->seq = y->load_seq;
	sync_overlay(y, 0);
	sync_ask_misc(y, DESK_AGENTS, "agents");
	sync_ask_misc(y, DESK_CANNED, "canned");
	next_step(y);
}

static int
keep_page(struct sync *y, const struct desk_answer *a, struct err *e)
{
	store_begin(y->store);
	for (size_t i = 0; i < a->n_convs; i++) {
		struct conv *c = a->convs[i];

		store_put_conv(y->store, c, y->me, NULL);
		if (c->last_message != NULL)
			store_put_msg(y->store, c->last_message, NULL);
	}
	return store_commit(y->store, e);
}

/* The first page's stamp is where the feed starts: what changes while the
 * other pages are read is in it. */
static void
on_page(const struct desk_answer *a, void *arg)
{
	struct sync *y = arg;
	struct err e = a->err;

	y->req = NULL;
	arena_reset(y->arena);
	if (e.code != ERR_NONE || keep_page(y, a, &e) == -1) {
		sync_failed(y, &e);
		return;
	}
	y->tries = 0;
	if (y->load_epoch == 0) {
		y->load_epoch = a->epoch;
		y->load_seq = a->seq;
	}
	told_list(y);
	x_free(y->cursor);
	y->cursor = y->resolved_page ? NULL : x_strdup(a->cursor);
	if (a->epoch != y->load_epoch)
		start_over(y);
	else if (y->resolved_page)
		load_end(y);
	else {
		y->resolved_page = y->cursor == NULL;
		next_step(y);
	}
}

static void
ask_page(struct sync *y)
{
	struct desk_call c = {.op = DESK_LIST,
	    .view = view_names[y->resolved_page ? VIEW_RESOLVED : VIEW_OPEN],
	    .limit = y->resolved_page ? RESOLVED_LIMIT : PAGE_LIMIT,
	    .cursor = y->cursor};

	y->req = desk_start(y->desk, &c, on_page, y);
}

/* the feed */

static const struct {
	const char *kind;
	enum desk_op op;
	const char *name;
} refetched[] = {
    {"channel.changed", DESK_STATUS, "status"},
    {"canned.changed", DESK_CANNED, "canned"},
    {"agents.changed", DESK_AGENTS, "agents"},
};

/* A name or a tag of the contact stands in all of its conversations. */
static void
apply_contact(struct sync *y, struct contact *who)
{
	struct conv **v;
	size_t n =
	    store_contact_convs(y->store, who->id, CONVS_MAX, y->arena, &v);

	for (size_t i = 0; i < n; i++) {
		v[i]->contact = who;
		store_put_conv(y->store, v[i], y->me, NULL);
	}
}

static struct contact *
changed_contact(const struct event *ev)
{
	const struct event_data *d = ev->data;

	if (d == NULL)
		return NULL;
	if (strcmp(ev->kind, "contact.changed") == 0)
		return d->contact;
	/* "+@tag" is told as a change of the conversation it was done on. */
	if (d->conversation != NULL && ev->why != NULL &&
	    strcmp(ev->why, "tag") == 0)
		return d->conversation->contact;
	return NULL;
}

static void
apply(struct sync *y, const struct event *ev)
{
	const struct event_data *d = ev->data;
	struct contact *who = changed_contact(ev);

	/* The conversation first: it says whose timeline the message is in. */
	if (d != NULL && d->conversation != NULL)
		store_put_conv(y->store, d->conversation, y->me, NULL);
	if (d != NULL && d->message != NULL)
		store_put_msg(y->store, d->message, NULL);
	else if (d != NULL && d->message_id != NULL &&
	    strcmp(ev->kind, "redacted") == 0)
		store_redact(y->store, d->message_id, NULL);
	if (who != NULL)
		apply_contact(y, who);
}

/* After a push the month's figures are asked for, once for a burst of them: the
 * desk counts its conversations for that answer. */
static void
on_spent(void *arg)
{
	struct sync *y = arg;

	y->spending = false;
	sync_ask_misc(y, DESK_STATUS, "status");
}

static void
tell_spent(struct sync *y, const struct event *ev)
{
	const struct msg *m = ev->data == NULL ? NULL : ev->data->message;

	if (m == NULL || m->via != VIA_PUSH || y->spending ||
	    strcmp(ev->kind, "message.state") != 0)
		return;
	y->spending = true;
	timer_set(y->spent, SPENT_MS);
}

static void
tell_contact(struct sync *y, const struct contact *who)
{
	struct conv **v;
	size_t n =
	    store_contact_convs(y->store, who->id, CONVS_MAX, y->arena, &v);

	for (size_t i = 0; i < n; i++)
		sync_told_conv(y, v[i]->number);
}

static void
tell_event(struct sync *y, const struct event *ev, bool live)
{
	if (changed_contact(ev) != NULL)
		tell_contact(y, changed_contact(ev));
	if (live && y->hooks.message != NULL &&
	    (strncmp(ev->kind, "message.", 8) == 0 ||
		strncmp(ev->kind, "upload.", 7) == 0))
		y->hooks.message(ev, y->hooks.arg);
	if (live)
		tell_spent(y, ev);
	for (size_t i = 0; i < sizeof(refetched) / sizeof(refetched[0]); i++)
		if (strcmp(ev->kind, refetched[i].kind) == 0)
			sync_ask_misc(y, refetched[i].op, refetched[i].name);
}

static int
apply_all(
    struct sync *y, const struct desk_answer *a, int64_t seq, struct err *e)
{
	store_begin(y->store);
	for (size_t i = 0; i < a->n_events; i++)
		apply(y, a->events[i]);
	keep_place(y, a->epoch, seq, NULL);
	return store_commit(y->store, e);
}

/* Each as it came, once the rows are in the store. */
static void
tell_events(struct sync *y, const struct desk_answer *a)
{
	const cJSON *row;
	size_t i = 0;

	if (y->hooks.event == NULL || y->state != SYNC_LIVE)
		return;
	cJSON_ArrayForEach(row, json_arr(a->json, "events"))
	    y->hooks.event(a->events[i++], row, y->hooks.arg);
}

/* A conversation that talks is in many events, and read once. */
static bool
is_in_later(const struct desk_answer *a, size_t i)
{
	for (size_t j = i + 1; j < a->n_events; j++)
		if (a->events[j]->conversation == a->events[i]->conversation)
			return true;
	return false;
}

static void
tell_convs(struct sync *y, const struct desk_answer *a)
{
	for (size_t i = 0; i < a->n_events; i++) {
		if (a->events[i]->conversation == 0 || is_in_later(a, i))
			continue;
		sync_overlay(y, a->events[i]->conversation);
		sync_told_conv(y, a->events[i]->conversation);
	}
}

static void
tell_all(struct sync *y, const struct desk_answer *a)
{
	bool live = y->state == SYNC_LIVE;

	tell_events(y, a);
	tell_convs(y, a);
	for (size_t i = 0; i < a->n_events; i++)
		tell_event(y, a->events[i], live);
}

static void
caught_up(struct sync *y)
{
	bool was_up = y->state == SYNC_LIVE;

	y->tries = 0;
	sync_set_link(y, SYNC_LIVE);
	if (was_up)
		return;
	sync_ask_stale(y);
	sync_ask_misc(y, DESK_ME, "me");
	sync_ask_misc(y, DESK_STATUS, "status");
	sync_ask_misc(y, DESK_TAGS, "tags");
	if (y->at_number != 0)
		sync_present_tell(y);
	outbox_kick(y->outbox);
}

static void
on_feed(const struct desk_answer *a, void *arg)
{
	struct sync *y = arg;
	struct err e = a->err;
	int64_t seq = a->seq;

	y->req = NULL;
	arena_reset(y->arena);
	if (e.code != ERR_NONE) {
		sync_failed(y, &e);
		return;
	}
	sync_present_put(y, a);
	if (a->n_events > 0 && a->more)
		seq = a->events[a->n_events - 1]->seq;
	/* Another history, or one that has lost its end: a restored backup. */
	if (a->epoch != y->epoch || seq < y->seq) {
		start_over(y);
		return;
	}
	if ((a->n_events > 0 || seq != y->seq) &&
	    apply_all(y, a, seq, &e) == -1) {
		sync_failed(y, &e);
		return;
	}
	y->seq = seq;
	tell_all(y, a);
	if (!a->more)
		caught_up(y);
	next_step(y);
}

static void
ask_feed(struct sync *y)
{
	/* Once without waiting, to know that we are there; then at length. */
	struct desk_call c = {.op = DESK_FEED,
	    .after = y->seq,
	    .client = y->client,
	    .wait_s = y->state == SYNC_LIVE ? WAIT_S : 0,
	    .limit = y->state == SYNC_LIVE ? LIVE_LIMIT : FEED_LIMIT};

	y->req = desk_start(y->desk, &c, on_feed, y);
}

static void
next_step(struct sync *y)
{
	if (y->req != NULL || y->state == SYNC_SIGNED_OUT)
		return;
	if (y->state == SYNC_OFFLINE && y->tries == 0)
		sync_set_link(y, SYNC_CATCHING_UP);
	if (y->loading)
		ask_page(y);
	else
		ask_feed(y);
}

static void
on_timer(void *arg)
{
	next_step(arg);
}

/* the store's caps */

static void
on_trim(void *arg)
{
	struct sync *y = arg;

	if (store_trim(y->store, y->keep_days, y->max_b, NULL) == 1)
		timer_set(y->trim, TRIM_STEP_MS);
	else
		timer_set(y->trim, TRIM_AGAIN_MS);
}

void
sync_keep(struct sync *y, int64_t keep_days, int64_t max_b)
{
	y->keep_days = keep_days;
	y->max_b = max_b;
	timer_set(y->trim, TRIM_FIRST_MS);
}

/* the rest of sync.h */

struct sync *
sync_new(struct loop *l, struct desk *d, struct store *s, const char *me,
    const struct sync_hooks *h)
{
	struct sync *y = x_new(struct sync);

	y->loop = l;
	y->desk = d;
	y->store = s;
	y->me = x_strdup(me);
	if (h != NULL)
		y->hooks = *h;
	y->state = SYNC_OFFLINE;
	y->arena = arena_new();
	y->timer = timer_new(l, on_timer, y);
	y->trim = timer_new(l, on_trim, y);
	y->spent = timer_new(l, on_spent, y);
	LIST_INIT(&y->asks);
	id_uuid(y->client);
	sync_act_init(y);
	return y;
}

void
sync_free(struct sync *y)
{
	if (y == NULL)
		return;
	desk_cancel(y->req);
	desk_cancel(y->present_req);
	sync_present_free(y);
	sync_asks_free(y);
	outbox_free(y->outbox);
	timer_free(y->timer);
	timer_free(y->trim);
	timer_free(y->spent);
	arena_free(y->arena);
	x_free(y->cursor);
	x_free(y->stale);
	x_free(y->me);
	x_free(y);
}

static int64_t
stored_int(struct sync *y, const char *name)
{
	char *v = store_get(y->store, name, y->arena);

	return v == NULL ? 0 : strtoll(v, NULL, 10);
}

void
sync_start(struct sync *y)
{
	y->epoch = stored_int(y, "epoch");
	y->seq = stored_int(y, "seq");
	y->loading = y->epoch == 0;
	y->state = SYNC_OFFLINE;
	y->tries = 0;
	next_step(y);
	outbox_kick(y->outbox);
}

enum sync_link
sync_link(const struct sync *y)
{
	return y->state;
}

int64_t
sync_down_since(const struct sync *y)
{
	return y->down_since_ms;
}
