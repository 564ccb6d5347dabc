/*
 * Counting saved views. Beside each number a bit for each view it is in, and
 * when time alone may change one: 24 bytes a conversation. Called by ui.c with
 * what sync tells.
 */
#include <stdlib.h>
#include <string.h>

#include <mado/mem.h>
#include <mado/when.h>

#include "tally.h"

enum {
	SLICE = 400,          /* rows a turn of the loop */
	SETTLE_MS = 300,      /* many changes are one */
	DUE_MAX = 200,        /* rows looked at again at a time */
	NAP_MAX_MS = 3600000, /* timers need not reach further */
	LATE_MS = 200         /* several that are due together */
};

struct entry {
	int64_t number;
	int64_t next_ms; /* INT64_MAX: time does not matter */
	uint32_t views;
};

struct tally {
	struct store *store;
	const struct views *views;
	const char *me;
	void (*changed)(void *arg);
	void *arg;
	struct timer *scan, *due;
	struct entry *v; /* by number */
	size_t n, cap;
	int64_t counts[VIEWS_MAX];
	enum view base;        /* of the widest view */
	char at[CONV_ORDER_B]; /* where the look at all has come to */
	bool counted;
};

static size_t
place_of(const struct tally *t, int64_t number)
{
	size_t lo = 0, hi = t->n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (t->v[mid].number < number)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static struct entry *
entry_of(struct tally *t, int64_t number)
{
	size_t i = place_of(t, number);

	if (i < t->n && t->v[i].number == number)
		return &t->v[i];
	if (t->n == t->cap) {
		t->cap = t->cap == 0 ? 256 : t->cap * 2;
		t->v = x_realloc(t->v, t->cap, sizeof(*t->v));
	}
	memmove(t->v + i + 1, t->v + i, (t->n - i) * sizeof(*t->v));
	t->n++;
	t->v[i] = (struct entry){.number = number, .next_ms = INT64_MAX};
	return &t->v[i];
}

static bool
set_views(struct tally *t, struct entry *e, uint32_t now)
{
	uint32_t changed = e->views ^ now;

	for (size_t i = 0; i < t->views->n; i++)
		if (changed & (UINT32_C(1) << i))
			t->counts[i] += now & (UINT32_C(1) << i) ? 1 : -1;
	e->views = now;
	return changed != 0;
}

/* Look at one row; true when a count changed. */
static bool
look(struct tally *t, int64_t number, const struct conv *c)
{
	struct filter_env env = {.now_ms = when_now_ms(), .me = t->me};
	struct entry *e = entry_of(t, number);
	uint32_t now = 0;

	e->next_ms = INT64_MAX;
	for (size_t i = 0; c != NULL && i < t->views->n; i++) {
		const struct saved_view *v = &t->views->v[i];
		int64_t next = filter_next_ms(v->filter, c, &env);

		if (conv_in_view(c, v->base, t->me) &&
		    filter_match(v->filter, c, &env))
			now |= UINT32_C(1) << i;
		if (next < e->next_ms)
			e->next_ms = next;
	}
	return set_views(t, e, now);
}

/* Wake when the first of them is due. */
static void
set_due(struct tally *t)
{
	int64_t first = INT64_MAX, in;

	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].next_ms < first)
			first = t->v[i].next_ms;
	if (first == INT64_MAX) {
		timer_clear(t->due);
		return;
	}
	in = first - when_now_ms() + LATE_MS;
	timer_set(t->due, in < 0 ? 0 : in > NAP_MAX_MS ? NAP_MAX_MS : in);
}

static void
on_due(void *arg)
{
	struct tally *t = arg;
	struct arena *a = arena_new();
	int64_t now = when_now_ms();
	bool changed = false;
	size_t looked = 0;

	for (size_t i = 0; i < t->n && looked < DUE_MAX; i++) {
		int64_t number = t->v[i].number;

		if (t->v[i].next_ms > now)
			continue;
		changed |= look(t, number, store_conv(t->store, number, a));
		looked++;
	}
	arena_free(a);
	set_due(t);
	if (changed && t->counted)
		t->changed(t->arg);
}

static void
on_scan(void *arg)
{
	struct tally *t = arg;
	struct store_sift sift = {.me = t->me, .look = SLICE};
	struct store_list q = {.view = t->base,
	    .from = t->at[0] == '\0' ? NULL : t->at,
	    .after = t->at[0] != '\0',
	    .limit = SLICE,
	    .sift = &sift};
	struct arena *a = arena_new();
	struct conv **v = NULL;
	size_t n = store_list(t->store, &q, a, &v);

	for (size_t i = 0; i < n; i++)
		look(t, v[i]->number, v[i]);
	arena_free(a);
	if (sift.cut) {
		memcpy(t->at, sift.at, sizeof(t->at));
		timer_set(t->scan, 0);
		return;
	}
	t->counted = true;
	set_due(t);
	t->changed(t->arg);
}

void
tally_begin(struct tally *t)
{
	if (t == NULL)
		return;
	t->n = 0;
	t->counted = false;
	t->at[0] = '\0';
	memset(t->counts, 0, sizeof(t->counts));
	timer_clear(t->due);
	timer_set(t->scan, SETTLE_MS);
}

void
tally_touch(struct tally *t, int64_t number)
{
	struct arena *a;
	bool changed;

	if (t == NULL)
		return;
	a = arena_new();
	changed = look(t, number, store_conv(t->store, number, a));
	arena_free(a);
	if (!t->counted)
		return;
	set_due(t);
	if (changed)
		t->changed(t->arg);
}

int64_t
tally_count(const struct tally *t, size_t i)
{
	return t == NULL || !t->counted ? -1 : t->counts[i];
}

struct tally *
tally_new(struct loop *l, struct store *s, const struct views *views,
    const char *me, void (*changed)(void *arg), void *arg)
{
	struct tally *t;

	if (views->n == 0)
		return NULL;
	t = x_new(struct tally);
	t->store = s;
	t->views = views;
	t->me = me;
	t->changed = changed;
	t->arg = arg;
	t->base = VIEW_OPEN;
	for (size_t i = 0; i < views->n; i++)
		if (views->v[i].base == VIEW_ALL)
			t->base = VIEW_ALL;
	t->scan = timer_new(l, on_scan, t);
	t->due = timer_new(l, on_due, t);
	tally_begin(t);
	return t;
}

void
tally_free(struct tally *t)
{
	if (t == NULL)
		return;
	timer_free(t->scan);
	timer_free(t->due);
	x_free(t->v);
	x_free(t);
}
