/* Long polls: see feed.h. */
#include <string.h>
#include <sys/queue.h>

#include <mado/when.h>

#include "feed.h"
#include "madod.h"
#include "q.h"

enum { FEED_SLICE = 64 };

struct waiter {
	TAILQ_ENTRY(waiter)
	link;
	struct feed *f;
	struct httpd_req *r;
	struct feed_ask ask;
	int64_t until_ms;
};

TAILQ_HEAD(waiters, waiter);

struct feed {
	struct madod *m;
	struct waiters waiting; /* in order of their coming */
	struct waiters ready;   /* to be answered, a slice a turn */
	int64_t n;
	struct timer *clock; /* the next that has waited long enough */
	int64_t clock_ms;    /* when that is; 0: not set */
	struct timer *slice;
	/* the page last built, for all who stand at the same place */
	struct httpd_shared *page;
	int64_t page_after, page_limit, page_seq, page_epoch;
};

/* The page after a seq, built once. NULL when it cannot be read: a row without
 * what it names would look like one that was erased. */
static struct httpd_shared *
feed_page(struct feed *f, int64_t after, int64_t limit, struct err *e)
{
	struct buf b = {0};
	int64_t last;

	if (f->page != NULL && f->page_after == after &&
	    f->page_limit == limit && f->page_seq == f->m->seq &&
	    f->page_epoch == f->m->epoch)
		return f->page;
	httpd_shared_unref(f->page);
	f->page = NULL;
	if (after >
	    f->m->seq) /* of another epoch, or made up: say where we are */
		buf_printf(&b,
		    "{\"epoch\":%lld,\"seq\":%lld,\"events\":[],"
		    "\"more\":false}",
		    (long long)f->m->epoch, (long long)f->m->seq);
	else
		q_feed(f->m->db, f->m->epoch, after, limit, &b, &last);
	if (sql_err(f->m->db, e) == -1) {
		e->code = ERR_BUSY;
		buf_free(&b);
		return NULL;
	}
	f->page = httpd_shared_new(b.p, b.n);
	f->page_after = after;
	f->page_limit = limit;
	f->page_seq = f->m->seq;
	f->page_epoch = f->m->epoch; /* a restore may keep the seq */
	buf_free(&b);
	return f->page;
}

static void
feed_reply(struct feed *f, struct httpd_req *r, int64_t after, int64_t limit)
{
	struct err e = {0};
	struct httpd_shared *page = feed_page(f, after, limit, &e);

	if (page != NULL)
		httpd_reply_shared(r, 200, "application/json", page);
	else
		httpd_reply_err(r, &e);
}

static void
feed_answer(struct waiter *w)
{
	struct feed *f = w->f;

	feed_reply(f, w->r, w->ask.after, w->ask.limit);
	f->n--;
	x_free(w);
}

static void
feed_gone(void *arg)
{
	struct waiter *w = arg;
	struct presence_who who = {
	    .user = w->ask.user, .client = w->ask.client};

	if (w->ask.client[0] != '\0')
		presence_lost(w->f->m->presence, &who);
	/* whichever list it stands in: the head only matters for a tail */
	if (w->until_ms != 0)
		TAILQ_REMOVE(&w->f->waiting, w, link);
	else
		TAILQ_REMOVE(&w->f->ready, w, link);
	feed_answer(w);
}

static void
feed_slice(void *arg)
{
	struct feed *f = arg;
	struct waiter *w;
	int i;

	for (i = 0; i < FEED_SLICE; i++) {
		if ((w = TAILQ_FIRST(&f->ready)) == NULL)
			return;
		TAILQ_REMOVE(&f->ready, w, link);
		feed_answer(w);
	}
	timer_set(f->slice, 0);
}

/* One timer serves all: the soonest sets it. */
static void
feed_clock_set(struct feed *f, int64_t at_ms, int64_t now_ms)
{
	if (f->clock_ms != 0 && f->clock_ms <= at_ms)
		return;
	f->clock_ms = at_ms;
	timer_set(f->clock, at_ms - now_ms);
}

static void
feed_clock(void *arg)
{
	struct feed *f = arg;
	int64_t now = when_mono_ms(), next = INT64_MAX;
	struct waiter *w, *then;

	f->clock_ms = 0;
	for (w = TAILQ_FIRST(&f->waiting); w != NULL; w = then) {
		then = TAILQ_NEXT(w, link);
		if (w->until_ms <= now) {
			TAILQ_REMOVE(&f->waiting, w, link);
			feed_answer(w);
		} else if (w->until_ms < next)
			next = w->until_ms;
	}
	if (next != INT64_MAX)
		feed_clock_set(f, next, now);
}

struct feed *
feed_new(struct madod *m)
{
	struct feed *f = x_new(struct feed);

	f->m = m;
	TAILQ_INIT(&f->waiting);
	TAILQ_INIT(&f->ready);
	f->clock = timer_new(m->loop, feed_clock, f);
	f->slice = timer_new(m->loop, feed_slice, f);
	return f;
}

void
feed_free(struct feed *f)
{
	if (f == NULL)
		return;
	feed_flush(f);
	timer_free(f->clock);
	timer_free(f->slice);
	httpd_shared_unref(f->page);
	x_free(f);
}

/* Nothing has happened, but somebody has come, left or begun to type. */
static void
reply_presence(struct feed *f, struct httpd_req *r, const struct feed_ask *ask)
{
	struct presence_who who = {.user = ask->user, .client = ask->client};
	struct buf b = {0};

	buf_printf(&b,
	    "{\"epoch\":%lld,\"seq\":%lld,\"events\":[],\"more\":false,"
	    "\"presence\":",
	    (long long)f->m->epoch, (long long)f->m->seq);
	presence_put(f->m->presence, &who, &b);
	buf_putc(&b, '}');
	httpd_reply(r, 200, "application/json", b.p, b.n);
	buf_free(&b);
}

static bool
has_news(struct feed *f, const struct feed_ask *ask)
{
	struct presence_who who = {.user = ask->user, .client = ask->client};

	return ask->client[0] != '\0' && presence_touch(f->m->presence, &who);
}

void
feed_nudge(struct feed *f, int64_t user, const char *client)
{
	struct waiter *w;

	TAILQ_FOREACH(w, &f->waiting, link)
	if (w->ask.user == user && strcmp(w->ask.client, client) == 0)
		break;
	if (w == NULL)
		return; /* it is told when it asks again */
	TAILQ_REMOVE(&f->waiting, w, link);
	reply_presence(f, w->r, &w->ask);
	f->n--;
	x_free(w);
}

void
feed_wait(struct feed *f, struct httpd_req *r, const struct feed_ask *ask)
{
	bool news = has_news(f, ask);
	int64_t now = when_mono_ms();
	struct waiter *w;

	/* a page may have shown rows whose commit we were not told of yet */
	if (ask->after > f->m->seq)
		f->m->seq = sql_get_int(
		    f->m->db, f->m->seq, "SELECT max(seq) FROM feed", "");
	if (ask->after == f->m->seq && news) {
		reply_presence(f, r, ask);
		return;
	}
	if (ask->after != f->m->seq || ask->wait_ms <= 0 || f->m->stopping) {
		feed_reply(f, r, ask->after, ask->limit);
		return;
	}
	w = x_new(struct waiter);
	*w = (struct waiter){
	    .f = f, .r = r, .ask = *ask, .until_ms = now + ask->wait_ms};
	feed_clock_set(f, w->until_ms, now);
	TAILQ_INSERT_TAIL(&f->waiting, w, link);
	f->n++;
	httpd_on_gone(r, feed_gone, w);
}

void
feed_wake(struct feed *f)
{
	struct waiter *w;

	TAILQ_FOREACH(w, &f->waiting, link)
	w->until_ms = 0;
	TAILQ_CONCAT(&f->ready, &f->waiting, link);
	if (!TAILQ_EMPTY(&f->ready))
		timer_set(f->slice, 0);
}

void
feed_flush(struct feed *f)
{
	struct waiter *w;

	feed_wake(f);
	while ((w = TAILQ_FIRST(&f->ready)) != NULL) {
		TAILQ_REMOVE(&f->ready, w, link);
		feed_answer(w);
	}
}

int64_t
feed_waiting(const struct feed *f)
{
	return f->n;
}
