/*
 * The history's window. Never holds more than THREAD_MAX messages, however
 * long the timeline is: reading on one side drops from the other. Called by
 * pane_history.c.
 */
#include "thread.h"

#include <mado/mem.h>
#include <mado/text.h>

#include <string.h>

void
thread_init(struct thread *t, struct store *s)
{
	memset(t, 0, sizeof(*t));
	t->store = s;
	t->a = arena_new();
}

void
thread_free(struct thread *t)
{
	if (t->a != NULL)
		arena_free(t->a);
	memset(t, 0, sizeof(*t));
}

/* Begin a fresh arena; the old one is the caller's to free. */
static struct arena *
renew(struct thread *t)
{
	struct arena *old = t->a;

	t->a = arena_new();
	t->v = NULL;
	t->n = 0;
	return old;
}

static size_t
read_page(struct thread *t, const char *before, const char *after, size_t limit,
    struct msg ***found)
{
	struct store_thread q = {t->contact, before, after, limit};

	*found = NULL;
	return store_thread(t->store, &q, t->a, found);
}

static size_t
index_of(const struct thread *t, const char *id)
{
	for (size_t i = t->n; id != NULL && i-- > 0;) {
		if (strcmp(t->v[i]->id, id) == 0)
			return i;
	}
	return t->n;
}

void
thread_open(struct thread *t, int64_t contact, int64_t number)
{
	t->contact = contact;
	t->number = number;
	thread_newest(t);
}

void
thread_close(struct thread *t)
{
	arena_free(renew(t));
	t->contact = t->number = 0;
	t->cur = 0;
}

void
thread_newest(struct thread *t)
{
	arena_free(renew(t));
	t->n = read_page(t, NULL, NULL, THREAD_PAGE, &t->v);
	t->at_old = t->n < THREAD_PAGE;
	t->at_new = true;
	t->cur = t->n == 0 ? 0 : t->n - 1;
}

/* Put lists a, b behind each other. */
static void
join(struct thread *t, struct msg **a, size_t na, struct msg **b, size_t nb)
{
	struct msg **v = arena_calloc(t->a, na + nb + 1, sizeof(struct msg *));

	if (na > 0)
		memcpy(v, a, na * sizeof(*a));
	if (nb > 0)
		memcpy(v + na, b, nb * sizeof(*b));
	t->v = v;
	t->n = na + nb;
}

/* Read the window round a message of the store. */
static bool
load_around(struct thread *t, const char *id, size_t older, size_t newer)
{
	struct msg *m = store_msg(t->store, id, t->a);
	struct msg **a, **b;
	size_t na, nb;

	if (m == NULL)
		return false;
	na = read_page(t, id, NULL, older, &a);
	nb = read_page(t, NULL, id, newer, &b);
	t->at_old = na < older;
	t->at_new = nb < newer;
	join(t, a, na, &m, 1);
	join(t, t->v, t->n, b, nb);
	t->cur = na;
	return true;
}

void
thread_reload(struct thread *t, bool follow)
{
	size_t above, below;
	struct arena *old;
	const char *id;

	if (t->contact == 0)
		return;
	if (t->n == 0 || (follow && t->at_new)) {
		thread_newest(t);
		return;
	}
	id = t->v[t->cur]->id;
	above = t->cur;
	below = t->n - t->cur + THREAD_PAGE / 4;
	if (above + below >= THREAD_MAX)
		below = THREAD_MAX - above - 1;
	old = renew(t);
	if (!load_around(t, id, above, below))
		thread_newest(t);
	arena_free(old);
}

/* Pages read one after the other pile up in the arena: begin a fresh one. */
static void
tidy(struct thread *t)
{
	if (++t->pages > 20) {
		t->pages = 0;
		thread_reload(t, false);
	}
}

bool
thread_older(struct thread *t)
{
	struct msg **found, **v = t->v;
	size_t n, keep = t->n;

	if (t->contact == 0 || t->n == 0)
		return false;
	n = read_page(t, v[0]->id, NULL, THREAD_PAGE, &found);
	t->at_old = n < THREAD_PAGE;
	if (n == 0)
		return false;
	if (keep + n > THREAD_MAX && t->cur + n < THREAD_MAX) {
		keep = THREAD_MAX - n;
		t->at_new = false;
	}
	join(t, found, n, v, keep);
	t->cur += n;
	tidy(t);
	return true;
}

bool
thread_newer(struct thread *t)
{
	struct msg **found, **v = t->v;
	size_t n, drop = 0;

	if (t->contact == 0 || t->n == 0 || t->at_new)
		return false;
	n = read_page(t, NULL, v[t->n - 1]->id, THREAD_PAGE, &found);
	t->at_new = n < THREAD_PAGE;
	if (n == 0)
		return false;
	if (t->n + n > THREAD_MAX && t->cur >= t->n + n - THREAD_MAX) {
		drop = t->n + n - THREAD_MAX;
		t->at_old = false;
	}
	join(t, v + drop, t->n - drop, found, n);
	t->cur -= drop;
	tidy(t);
	return true;
}

bool
thread_goto(struct thread *t, const char *id)
{
	size_t i = index_of(t, id);
	struct arena *old;
	char *copy;
	bool there;

	if (i < t->n) {
		t->cur = i;
		return true;
	}
	copy = x_strdup(id);
	old = renew(t);
	there = load_around(t, copy, THREAD_PAGE / 2, THREAD_PAGE / 2);
	if (!there)
		thread_newest(t);
	arena_free(old);
	x_free(copy);
	return there;
}

void
thread_oldest(struct thread *t)
{
	arena_free(renew(t));
	/* After a message that is not there: from the first. */
	t->n = read_page(t, NULL, "", THREAD_PAGE, &t->v);
	t->at_old = true;
	t->at_new = t->n < THREAD_PAGE;
	t->cur = 0;
}

struct msg *
thread_current(const struct thread *t)
{
	return t->cur < t->n ? t->v[t->cur] : NULL;
}

struct msg *
thread_last_said(const struct thread *t)
{
	struct msg *last = NULL;

	for (size_t i = 0; i < t->n; i++) {
		struct msg *m = t->v[i];

		/* Without a revision it is ours, and not at the desk yet. */
		if (m->conversation != t->number || m->type == MSG_NOTE ||
		    m->type == MSG_EVENT || m->from == FROM_SYSTEM ||
		    m->rev == 0)
			continue;
		if (last == NULL || m->order > last->order)
			last = m;
	}
	return last;
}
