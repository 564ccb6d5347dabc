/*
 * The HTTP server as a whole: its options, the clock that all connections
 * share, draining and the end. Called by mains; httpd_conn.c puts its
 * connections on the clock.
 */
#include <errno.h>
#include <sys/socket.h>

#include <mado/mem.h>
#include <mado/when.h>

#include "httpd_conn.h"

enum {
	LINGER_MS = 1000,
	UPLOAD_MS = 30 * 60 * 1000,
	BODY_MAX_B = 1024 * 1024,
	CONNS_MAX = 10000,
	CONNS_PER_ADDR_MAX = 1000,
	DEADLINE_MS = 10000,
	IDLE_MS = 75000
};

static int64_t
span_ms(const struct httpd *h, enum wait_kind kind)
{
	const int spans[WAIT_KINDS] = {[WAIT_REQUEST] = h->o.deadline_ms,
	    [WAIT_UPLOAD] = UPLOAD_MS,
	    [WAIT_IDLE] = h->o.idle_ms,
	    [WAIT_LINGER] = LINGER_MS};

	return spans[kind];
}

static void
clock_arm(struct httpd *h, int64_t due_ms, int64_t now_ms)
{
	if (h->timer_due_ms != 0 && h->timer_due_ms <= due_ms)
		return;
	h->timer_due_ms = due_ms;
	timer_set(h->timer, due_ms - now_ms);
}

void
httpd_set_wait(struct conn *c, enum wait_kind kind)
{
	struct httpd *h = c->h;
	int64_t now_ms;

	if (c->wait != WAIT_NONE)
		TAILQ_REMOVE(&h->clocks[c->wait], c, clock);
	c->wait = kind;
	if (kind == WAIT_NONE)
		return;
	now_ms = when_mono_ms();
	c->due_ms = now_ms + span_ms(h, kind);
	TAILQ_INSERT_TAIL(&h->clocks[kind], c, clock);
	clock_arm(h, c->due_ms, now_ms);
}

static void
on_clock(void *arg)
{
	struct httpd *h = arg;
	int64_t now_ms = when_mono_ms();
	struct conn *c;

	h->timer_due_ms = 0;
	for (int k = WAIT_NONE + 1; k < WAIT_KINDS; k++)
		while ((c = TAILQ_FIRST(&h->clocks[k])) != NULL &&
		    c->due_ms <= now_ms)
			httpd_conn_expire(c);
	for (int k = WAIT_NONE + 1; k < WAIT_KINDS; k++)
		if ((c = TAILQ_FIRST(&h->clocks[k])) != NULL)
			clock_arm(h, c->due_ms, now_ms);
}

void
httpd_drain_check(struct httpd *h)
{
	if (!h->draining || h->drained || h->stats.conns > h->lingering_n)
		return;
	h->drained = true;
	timer_set(h->drain_timer, 0);
}

static void
on_drain(void *arg)
{
	struct httpd *h = arg;
	struct conn *c;

	h->drained = true;
	while ((c = LIST_FIRST(&h->conns)) != NULL)
		httpd_conn_close(c);
	h->drain_done(h->drain_arg); /* may free h */
}

static void
set_defaults(struct httpd_opts *o)
{
	if (o->body_max_b == 0)
		o->body_max_b = BODY_MAX_B;
	if (o->conns_max == 0)
		o->conns_max = CONNS_MAX;
	if (o->conns_per_addr_max == 0)
		o->conns_per_addr_max = CONNS_PER_ADDR_MAX;
	if (o->deadline_ms == 0)
		o->deadline_ms = DEADLINE_MS;
	if (o->idle_ms == 0)
		o->idle_ms = IDLE_MS;
}

struct httpd *
httpd_new(struct loop *l, const struct httpd_opts *o)
{
	struct httpd *h = x_new(struct httpd);

	h->loop = l;
	h->o = *o;
	set_defaults(&h->o);
	httpd_trust(h, o->trusted_proxies);
	for (int k = 0; k < WAIT_KINDS; k++)
		TAILQ_INIT(&h->clocks[k]);
	h->timer = timer_new(l, on_clock, h);
	h->drain_timer = timer_new(l, on_drain, h);
	return h;
}

void
httpd_free(struct httpd *h)
{
	if (h == NULL)
		return;
	while (!LIST_EMPTY(&h->listeners))
		httpd_listener_free(LIST_FIRST(&h->listeners));
	while (!LIST_EMPTY(&h->conns))
		httpd_conn_end(LIST_FIRST(&h->conns));
	while (!LIST_EMPTY(&h->dead))
		httpd_conn_end(LIST_FIRST(&h->dead));
	timer_free(h->timer);
	timer_free(h->drain_timer);
	arena_free(h->spare);
	buf_free(&h->out);
	x_free(h->trusted);
	x_free(h);
}

/* Nothing of a next request has come, not even as far as the kernel. */
static bool
is_idle(const struct conn *c)
{
	char b;

	return c->state == CONN_HEAD && c->head.scan == 0 &&
	    evbuffer_get_length(bufferevent_get_input(c->bev)) == 0 &&
	    recv(bufferevent_getfd(c->bev), &b, 1, MSG_PEEK | MSG_DONTWAIT) ==
	    -1 &&
	    errno == EAGAIN;
}

void
httpd_drain(struct httpd *h, int64_t grace_ms, loop_fn *done, void *arg)
{
	struct conn *c, *next;

	h->draining = true;
	h->drain_done = done;
	h->drain_arg = arg;
	timer_set(h->drain_timer, grace_ms);
	for (c = LIST_FIRST(&h->conns); c != NULL; c = next) {
		next = LIST_NEXT(c, link);
		if (is_idle(c))
			httpd_conn_finish(c);
	}
	while (!LIST_EMPTY(&h->listeners))
		httpd_listener_drain(LIST_FIRST(&h->listeners));
	httpd_drain_check(h);
}

struct httpd_stats
httpd_stats(const struct httpd *h)
{
	return h->stats;
}
