/*
 * The list's window. It holds a few pages however long the view is; moving
 * near its edge reads on by order key. Called by pane_list.c and the verbs.
 */
#include "rows.h"

#include <mado/mem.h>
#include <mado/when.h>

#include <string.h>

enum {
	CHUNK = 64,       /* rows read at a time */
	LOOK = 150,       /* looked at for them with a filter: some 2 ms */
	WINDOW_MAX = 320, /* rows kept */
	GARBAGE_MAX = 1024
};

void
rows_init(struct rows *r, struct store *s, const char *me)
{
	memset(r, 0, sizeof(*r));
	r->store = s;
	r->me = me;
	r->view = VIEW_WAITING;
	r->a = arena_new();
}

void
rows_free(struct rows *r)
{
	x_free(r->v);
	x_free(r->typed);
	filter_free(r->filter);
	if (r->a != NULL)
		arena_free(r->a);
	memset(r, 0, sizeof(*r));
}

static void
set_row(struct row *w, struct conv *c)
{
	w->number = c->number;
	w->c = c;
	conv_order(c, w->key);
}

static size_t
index_of(const struct rows *r, int64_t number)
{
	for (size_t i = 0; i < r->n; i++) {
		if (r->v[i].number == number)
			return i;
	}
	return r->n;
}

/* Take those of found[] that are not in the window yet into fresh[]. */
static size_t
only_new(const struct rows *r, struct conv **found, size_t n, struct row *fresh)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		if (index_of(r, found[i]->number) == r->n)
			set_row(&fresh[k++], found[i]);
	}
	return k;
}

static struct store_sift
sift_of(const struct rows *r)
{
	return (struct store_sift){
	    .f = {r->saved == NULL ? NULL : r->saved->filter, r->filter},
	    .me = r->me};
}

static bool
is_sifted(const struct rows *r)
{
	return r->saved != NULL || r->filter != NULL;
}

/* Read a chunk on from a key; sets r->cut, and where that was in `edge`. */
static size_t
read_chunk(struct rows *r, const struct store_list *from, char *edge,
    struct conv ***found)
{
	struct store_sift sift = sift_of(r);
	struct store_list q = *from;
	size_t n;

	*found = NULL;
	sift.look = LOOK;
	q.view = r->view;
	q.limit = CHUNK;
	q.sift = is_sifted(r) ? &sift : NULL;
	n = store_list(r->store, &q, r->a, found);
	r->cut = sift.cut;
	memcpy(edge, sift.at, CONV_ORDER_B);
	if (!sift.cut)
		edge[0] = '\0';
	return n;
}

/* Where to read on: after what was looked at last, else after the edge. */
static const char *
read_from(const struct rows *r, const char *edge, size_t last)
{
	if (edge[0] != '\0')
		return edge;
	return r->n == 0 ? NULL : r->v[last].key;
}

/* Drop rows from the far end so that the window stays small. */
static void
trim(struct rows *r, bool from_front)
{
	size_t drop;

	if (r->n <= WINDOW_MAX)
		return;
	drop = r->n - WINDOW_MAX;
	if (from_front && r->top < drop)
		drop = r->top;
	if (from_front) {
		memmove(r->v, r->v + drop, (r->n - drop) * sizeof(*r->v));
		r->cur -= drop;
		r->top -= drop;
		r->at_top = r->at_top && drop == 0;
		r->high[0] = '\0';
	} else {
		r->at_end = false;
		r->low[0] = '\0';
	}
	r->n -= drop;
	r->garbage += drop;
}

/* Read further down; false when there is nothing, or not yet. */
static bool
extend_down(struct rows *r)
{
	struct store_list from = {0};
	struct conv **found;
	struct row fresh[CHUNK];
	size_t n, k;

	if (r->at_end)
		return false;
	from.from = read_from(r, r->low, r->n - 1);
	from.after = from.from != NULL;
	n = read_chunk(r, &from, r->low, &found);
	r->at_end = n < CHUNK && !r->cut;
	k = only_new(r, found, n, fresh);
	r->v = x_realloc(r->v, r->n + k + 1, sizeof(*r->v));
	memcpy(r->v + r->n, fresh, k * sizeof(*fresh));
	r->n += k;
	trim(r, true);
	return k > 0 && !r->cut;
}

static bool
extend_up(struct rows *r)
{
	struct store_list from = {.backward = true};
	struct conv **found;
	struct row fresh[CHUNK];
	size_t n, k;

	if (r->at_top)
		return false;
	from.from = read_from(r, r->high, 0);
	from.after = from.from != NULL;
	n = read_chunk(r, &from, r->high, &found);
	r->at_top = n < CHUNK && !r->cut;
	k = only_new(r, found, n, fresh);
	r->v = x_realloc(r->v, r->n + k + 1, sizeof(*r->v));
	memmove(r->v + k, r->v, r->n * sizeof(*r->v));
	memcpy(r->v, fresh, k * sizeof(*fresh));
	r->n += k;
	r->cur += k;
	r->top += k;
	trim(r, false);
	return k > 0 && !r->cut;
}

/* Begin an empty window. */
static void
forget(struct rows *r)
{
	arena_reset(r->a);
	r->n = r->cur = r->top = r->garbage = 0;
	r->stale = r->at_top = r->at_end = r->cut = false;
	r->high[0] = r->low[0] = '\0';
}

static void
load_top(struct rows *r)
{
	forget(r);
	r->at_top = true;
	extend_down(r);
}

static void
load_end(struct rows *r)
{
	forget(r);
	r->at_end = true;
	extend_up(r);
	r->cur = r->n == 0 ? 0 : r->n - 1;
	r->top = r->cur;
}

void
rows_open(struct rows *r, enum view view, const struct saved_view *saved)
{
	r->view = saved == NULL ? view : saved->base;
	r->saved = saved;
	rows_narrow(r, NULL, NULL);
}

void
rows_narrow(struct rows *r, const char *typed, struct filter *f)
{
	x_free(r->typed);
	filter_free(r->filter);
	r->typed = x_strdup(typed);
	r->filter = f;
	r->changed_ms = 0;
	load_top(r);
}

bool
rows_is_short(const struct rows *r, size_t page)
{
	return r->cut &&
	    ((!r->at_end && r->top + page > r->n) ||
		(!r->at_top && r->n < page));
}

void
rows_more(struct rows *r, size_t page)
{
	if (!r->at_end && r->top + page > r->n)
		extend_down(r);
	else if (!r->at_top && r->n < page)
		extend_up(r);
}

struct conv *
rows_current(const struct rows *r)
{
	return r->cur < r->n ? r->v[r->cur].c : NULL;
}

static bool
move_by(struct rows *r, long delta)
{
	size_t was = r->cur;
	int64_t number = r->n == 0 ? 0 : r->v[was].number;

	while (delta > 0 && r->cur + (size_t)delta >= r->n && extend_down(r))
		;
	while (delta < 0 && r->cur < (size_t)-delta && extend_up(r))
		;
	if (r->n == 0)
		return false;
	if (delta < 0 && r->cur < (size_t)-delta)
		r->cur = 0;
	else
		r->cur = (size_t)((long)r->cur + delta);
	if (r->cur >= r->n)
		r->cur = r->n - 1;
	return r->v[r->cur].number != number;
}

bool
rows_move(struct rows *r, enum rows_to to, size_t page)
{
	long full = page > 2 ? (long)page - 1 : 1;
	long half = page > 3 ? (long)page / 2 : 1;
	const long by[] = {[ROWS_DOWN] = 1,
	    [ROWS_UP] = -1,
	    [ROWS_PAGE_DOWN] = full,
	    [ROWS_PAGE_UP] = -full,
	    [ROWS_HALF_DOWN] = half,
	    [ROWS_HALF_UP] = -half};

	r->changed_ms = 0;
	if (to == ROWS_TOP && !r->at_top)
		load_top(r);
	else if (to == ROWS_BOTTOM && !r->at_end)
		load_end(r);
	else if (to == ROWS_TOP)
		r->cur = 0;
	else if (to == ROWS_BOTTOM)
		r->cur = r->n == 0 ? 0 : r->n - 1;
	else
		return move_by(r, by[to]);
	return true;
}

void
rows_show(struct rows *r, size_t page)
{
	size_t half = page / 2;

	if (page == 0 || r->n == 0) {
		r->top = 0;
		return;
	}
	if (r->cur < r->top)
		r->top =
		    r->cur + 1 > page - half ? r->cur + 1 - (page - half) : 0;
	else if (r->cur >= r->top + page)
		r->top = r->cur - half;
	while (r->top + page > r->n && extend_down(r))
		;
	if (r->top + page > r->n)
		r->top = r->n > page ? r->n - page : 0;
}

bool
rows_find(struct rows *r, int64_t number)
{
	size_t i = index_of(r, number);

	if (i == r->n)
		return false;
	r->cur = i;
	return true;
}

struct conv *
rows_step(struct rows *r, int64_t number, int delta)
{
	r->changed_ms = 0;
	/* It has left the list: the next one is under the cursor already. */
	if (!rows_find(r, number) && delta > 0)
		delta--;
	if (delta == 0)
		return rows_current(r);
	return move_by(r, delta) ? rows_current(r) : NULL;
}

static void
refill(struct rows *r)
{
	struct arena *old = r->a;

	r->a = arena_new();
	for (size_t i = 0; i < r->n; i++)
		r->v[i].c = store_conv(r->store, r->v[i].number, r->a);
	r->garbage = 0;
	arena_free(old);
}

/* Is it one that the list shows? */
static bool
is_wanted(const struct rows *r, const struct conv *c)
{
	struct filter_env env = {.now_ms = when_now_ms(), .me = r->me};

	return conv_in_view(c, r->view, r->me) &&
	    (r->saved == NULL || filter_match(r->saved->filter, c, &env)) &&
	    (r->filter == NULL || filter_match(r->filter, c, &env));
}

/* Has the row left its place, or the view? */
static bool
is_moved(const struct rows *r, const struct row *w)
{
	char key[CONV_ORDER_B];

	if (w->c == NULL || !is_wanted(r, w->c))
		return true;
	conv_order(w->c, key);
	return memcmp(key, w->key, sizeof(key)) != 0;
}

bool
rows_touch(struct rows *r, int64_t number)
{
	size_t i = index_of(r, number);
	struct conv *c;

	if (r->garbage > GARBAGE_MAX)
		refill(r);
	c = store_conv(r->store, number, r->a);
	r->garbage++;
	if (i == r->n) {
		if (c != NULL && is_wanted(r, c))
			r->stale = true;
		return false;
	}
	r->v[i].c = c;
	if (is_moved(r, &r->v[i]))
		r->stale = true;
	return true;
}

/* Read the rows at or after a key, and a chunk of those above it. */
static void
load_around(struct rows *r, const char *key)
{
	struct store_list from = {.from = key};
	struct conv **found;
	size_t n;

	forget(r);
	n = read_chunk(r, &from, r->low, &found);
	r->v = x_realloc(r->v, n + 1, sizeof(*r->v));
	r->n = only_new(r, found, n, r->v);
	r->at_end = n < CHUNK && !r->cut;
	if (r->n == 0 && r->at_end) {
		load_end(r);
		return;
	}
	if (r->n == 0) /* the next ones are far */
		memcpy(r->high, key, CONV_ORDER_B);
	extend_up(r);
}

/* The order key of a number as the store has it now, else what it was. */
static void
key_now(struct rows *r, int64_t number, const char *was, char *key)
{
	struct conv *c = store_conv(r->store, number, r->a);

	if (c != NULL)
		conv_order(c, key);
	else
		memcpy(key, was, CONV_ORDER_B);
}

void
rows_sort(struct rows *r, size_t page, int64_t now_ms)
{
	size_t place = r->cur - r->top;
	char key[CONV_ORDER_B], was[CONV_ORDER_B];
	int64_t number;

	if (r->n == 0) {
		load_top(r);
		return;
	}
	number = r->v[r->cur].number;
	memcpy(was, r->v[r->cur].key, sizeof(was));
	if (r->at_top && r->top == 0) {
		size_t cur = r->cur;

		load_top(r);
		/* a tall window shows more than one reading */
		while (r->n <= cur && extend_down(r))
			;
		r->cur = cur;
	} else {
		key_now(r, number, was, key);
		load_around(r, key);
		if (index_of(r, number) == r->n)
			load_around(r, was);
	}
	if (!rows_find(r, number)) {
		r->changed_ms = now_ms;
		if (r->cur >= r->n)
			r->cur = r->n == 0 ? 0 : r->n - 1;
	}
	r->top = r->cur > place ? r->cur - place : 0;
	rows_show(r, page);
}
