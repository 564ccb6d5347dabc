/*
 * Counting saved views. Beside each number a bit for each view it is in, and
 * when time alone may change one: at most 96 bytes a conversation. Called by
 * ui.c with what sync tells.
 */
#include <stdlib.h>
#include <string.h>

#include <mado/mem.h>
#include <mado/when.h>

#include "tally.h"

enum {
	SLICE = 150,          /* rows a turn of the loop: some 2 ms */
	FIRST_MS = 100,       /* the screen comes first */
	AGAIN_MS = 2000,      /* many changes are one */
	DUE_MAX = 200,        /* rows looked at again at a time */
	NAP_MAX_MS = 3600000, /* timers need not reach further */
	SLOTS_MIN = 256,
	LATE_MS = 200 /* several that are due together */
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
	struct entry *v; /* open addressing; number 0: free */
	size_t n, cap;   /* cap: a power of two, more than twice n */
	int64_t counts[VIEWS_MAX];
	int64_t shown[VIEWS_MAX]; /* the same, once all are counted */
	enum view base;           /* of the widest view */
	char at[CONV_ORDER_B];    /* where the look at all has come to */
	bool counting, counted;
};

/* Its slot, or the free one where it belongs. */
static struct entry *
slot_of(struct entry *v, size_t cap, int64_t number)
{
	size_t i = (size_t)number * 0x9e3779b97f4a7c15u >> 32;

	for (i &= cap - 1; v[i].number != 0 && v[i].number != number;)
		i = (i + 1) & (cap - 1);
	return &v[i];
}

static void
grow(struct tally *t)
{
	size_t cap = t->cap == 0 ? SLOTS_MIN : t->cap * 2;
	struct entry *v = x_calloc(cap, sizeof(*v));

	for (size_t i = 0; i < t->cap; i++)
		if (t->v[i].number != 0)
			*slot_of(v, cap, t->v[i].number) = t->v[i];
	x_free(t->v);
	t->v = v;
	t->cap = cap;
}

static struct entry *
entry_of(struct tally *t, int64_t number)
{
	struct entry *e;

	if ((t->n + 1) * 2 > t->cap)
		grow(t);
	e = slot_of(t->v, t->cap, number);
	if (e->number == 0) {
		*e = (struct entry){.number = number, .next_ms = INT64_MAX};
		t->n++;
	}
	return e;
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

/* The counts as they are, unless a look at all is under way. */
static void
show(struct tally *t, bool changed)
{
	if (t->counting)
		return;
	memcpy(t->shown, t->counts, sizeof(t->shown));
	if (changed)
		t->changed(t->arg);
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

	for (size_t i = 0; i < t->cap; i++)
		if (t->v[i].number != 0 && t->v[i].next_ms < first)
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

	for (size_t i = 0; i < t->cap && looked < DUE_MAX; i++) {
		int64_t number = t->v[i].number;

		if (number == 0 || t->v[i].next_ms > now)
			continue;
		changed |= look(t, number, store_conv(t->store, number, a));
		looked++;
	}
	arena_free(a);
	set_due(t);
	show(t, changed);
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
	t->counting = false;
	t->counted = true;
	set_due(t);
	show(t, true);
}

void
tally_begin(struct tally *t)
{
	if (t == NULL)
		return;
	if (t->cap > 0)
		memset(t->v, 0, t->cap * sizeof(*t->v));
	t->n = 0;
	t->counting = true;
	t->at[0] = '\0';
	memset(t->counts, 0, sizeof(t->counts));
	timer_clear(t->due);
	timer_set(t->scan, t->counted ? AGAIN_MS : FIRST_MS);
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
	if (!t->counting)
		set_due(t);
	show(t, changed);
}

int64_t
tally_count(const struct tally *t, size_t i)
{
	return t == NULL || !t->counted ? -1 : t->shown[i];
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
