/*
 * The questions beside the feed: older messages, one conversation, the lists
 * of agents and canned replies, claiming. Each is asked once at a time; what
 * comes back goes through the same putting as the feed's rows.
 */
#include <string.h>

#include <mado/mem.h>

#include "sync_impl.h"

enum { OLDER_LIMIT = 200 };

static struct sync_ask *
ask_new(struct sync *y)
{
	struct sync_ask *k = x_new(struct sync_ask);

	k->sync = y;
	LIST_INSERT_HEAD(&y->asks, k, link);
	return k;
}

static void
ask_free(struct sync_ask *k)
{
	LIST_REMOVE(k, link);
	x_free(k);
}

void
sync_asks_free(struct sync *y)
{
	while (!LIST_EMPTY(&y->asks)) {
		desk_cancel(LIST_FIRST(&y->asks)->req);
		ask_free(LIST_FIRST(&y->asks));
	}
}

/* A connection that fails here fails the feed too, which tells of it; but an
 * ended session is told at once. */
static bool
is_refused(struct sync *y, const struct err *e)
{
	if (e->code == ERR_AUTH || e->code == ERR_DISABLED)
		sync_failed(y, e);
	return e->code != ERR_NONE;
}

/* lists */

static void
on_misc(const struct desk_answer *a, void *arg)
{
	struct sync_ask *k = arg;
	struct sync *y = k->sync;
	const char *name = k->name;

	ask_free(k);
	if (is_refused(y, &a->err))
		return;
	store_set(y->store, name, a->body, NULL);
	sync_told_misc(y, name);
}

void
sync_ask_misc(struct sync *y, enum desk_op op, const char *name)
{
	struct desk_call c = {.op = op};
	struct sync_ask *k;

	LIST_FOREACH(k, &y->asks, link)
	if (k->name == name)
		return;
	k = ask_new(y);
	k->name = name;
	k->req = desk_start(y->desk, &c, on_misc, k);
}

/* one conversation */

void
sync_mark_stale(struct sync *y, int64_t number)
{
	y->stale = x_realloc(y->stale, y->n_stale + 1, sizeof(*y->stale));
	y->stale[y->n_stale++] = number;
}

void
sync_ask_stale(struct sync *y)
{
	size_t n = y->n_stale;

	y->n_stale = 0;
	for (size_t i = 0; i < n; i++)
		sync_ask_conv(y, y->stale[i]);
}

static void
on_conv(const struct desk_answer *a, void *arg)
{
	struct sync_ask *k = arg;
	struct sync *y = k->sync;
	int64_t number = k->number;

	ask_free(k);
	if (is_refused(y, &a->err)) {
		if (a->err.code == ERR_NET)
			sync_mark_stale(y, number);
		return;
	}
	for (size_t i = 0; i < a->n_convs; i++)
		sync_put_conv(y, a->convs[i]);
	sync_told_conv(y, number);
}

void
sync_ask_conv(struct sync *y, int64_t number)
{
	struct desk_call c = {.op = DESK_GET, .number = number};
	struct sync_ask *k = ask_new(y);

	k->number = number;
	k->req = desk_start(y->desk, &c, on_conv, k);
}

void
sync_fetch(struct sync *y, int64_t number)
{
	sync_ask_conv(y, number);
}

/* older messages */

static bool
is_known(const struct msg *const *v, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (v[j]->conversation == v[i]->conversation)
			return true;
	return false;
}

/* Conversations that these messages are of and that are not here yet. */
static void
ask_convs_of(struct sync *y, struct msg **v, size_t n)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < n; i++)
		if (!is_known((const struct msg *const *)v, i) &&
		    store_conv(y->store, v[i]->conversation, a) == NULL)
			sync_ask_conv(y, v[i]->conversation);
	arena_free(a);
}

static void
on_older(const struct desk_answer *a, void *arg)
{
	struct sync_ask *k = arg;
	struct sync *y = k->sync;
	int64_t contact = k->contact, number = k->number;

	ask_free(k);
	if (is_refused(y, &a->err))
		return;
	store_begin(y->store);
	for (size_t i = 0; i < a->n_msgs; i++)
		store_put_msg_of(y->store, a->msgs[i], contact, NULL);
	store_thread_set_cursor(y->store, contact, a->cursor, NULL);
	if (store_commit(y->store, NULL) == -1)
		return;
	ask_convs_of(y, a->msgs, a->n_msgs);
	sync_told_conv(y, number);
}

void
sync_older(struct sync *y, int64_t contact, int64_t number)
{
	struct desk_call c = {.op = DESK_MESSAGES,
	    .number = number,
	    .contact = true,
	    .limit = OLDER_LIMIT};
	struct arena *a = arena_new();
	struct sync_ask *k;

	c.cursor = store_thread_cursor(y->store, contact, a);
	LIST_FOREACH(k, &y->asks, link)
	if (k->contact == contact)
		goto out;
	if (c.cursor != NULL && *c.cursor == '\0')
		goto out; /* whole */
	k = ask_new(y);
	k->contact = contact;
	k->number = number;
	k->req = desk_start(y->desk, &c, on_older, k);
out:
	arena_free(a);
}

/* claiming */

static void
on_claimed(const struct desk_answer *a, void *arg)
{
	struct sync_ask k = *(struct sync_ask *)arg;
	int64_t number = a->n_convs > 0 ? a->convs[0]->number : 0;

	ask_free(arg);
	for (size_t i = 0; i < a->n_convs; i++)
		sync_put_conv(k.sync, a->convs[i]);
	is_refused(k.sync, &a->err);
	sync_told_conv(k.sync, number);
	if (k.claimed != NULL)
		k.claimed(number, &a->err, k.arg);
}

void
sync_claim(struct sync *y,
    void (*done)(int64_t number, const struct err *e, void *arg), void *arg)
{
	struct desk_call c = {.op = DESK_ACT, .verb = "claim"};
	struct sync_ask *k = ask_new(y);

	k->claimed = done;
	k->arg = arg;
	k->req = desk_start(y->desk, &c, on_claimed, k);
}
