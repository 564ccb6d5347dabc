/*
 * A connection: its bytes to requests, its answers' end, its own end. One
 * request at a time is with the handler, so answers keep the order of
 * questions. Reads go through libevent's bufferevents; what they mean is
 * decided in httpd_parse.c and httpd_chunk.c. Must not know paths, JSON or
 * users. Called by httpd_listen.c (a new one) and httpd_reply.c.
 */
#include <event2/bufferevent_ssl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mado/mem.h>

#include "httpd_conn.h"

enum {
	/* Unread bytes at which a connection is no longer read from. */
	INPUT_HIGH_B = 64 * 1024,
	/* Unsent bytes at which its next request has to wait. */
	OUTPUT_HIGH_B = 256 * 1024,
	CHUNKS_PIECE_B = 4096,
	WRITE_STALL_S = 30
};

static size_t
input_n(struct conn *c)
{
	return evbuffer_get_length(bufferevent_get_input(c->bev));
}

static size_t
output_n(struct conn *c)
{
	return evbuffer_get_length(bufferevent_get_output(c->bev));
}

/*
 * Read ahead only so far. Not by a high watermark: above it libevent 2.1.12
 * calls back again and again, so that one client who sends on while its
 * answer is waited for would keep the whole loop busy.
 */
static void
set_reading(struct conn *c)
{
	size_t max_b = INPUT_HIGH_B;
	bool full;

	if (c->state == CONN_DEAD || c->eof)
		return;
	if (c->state == CONN_BODY && c->req->sink_fd == -1)
		max_b += c->head.length;
	full = input_n(c) >= max_b;
	if (full && !c->full)
		bufferevent_disable(c->bev, EV_READ);
	else if (!full && c->full)
		bufferevent_enable(c->bev, EV_READ);
	c->full = full;
}

static void
conn_unref(struct conn *c)
{
	if (--c->refs > 0)
		return;
	LIST_REMOVE(c, link);
	x_free(c);
}

static void
tell_gone(struct httpd_req *r)
{
	loop_fn *fn = r->gone;

	r->gone = NULL;
	if (fn != NULL)
		fn(r->gone_arg); /* may answer, and so free r */
}

static void
file_close(struct conn *c)
{
	if (c->file_left > 0)
		close(c->file_fd);
	c->file_left = 0;
}

void
httpd_conn_close(struct conn *c)
{
	struct httpd *h = c->h;
	bool asked = c->state == CONN_ASKED;
	bool said_bye = c->state == CONN_LINGER;

	if (c->state == CONN_DEAD)
		return;
	httpd_set_wait(c, WAIT_NONE);
	h->lingering_n -= said_bye;
	h->stats.conns--;
	httpd_count_drop(c->count);
	file_close(c);
	if (c->ssl != NULL && !said_bye)
		httpd_tls_bye(c->ssl);
	bufferevent_free(c->bev);
	c->bev = NULL;
	c->state = CONN_DEAD;
	LIST_REMOVE(c, link);
	LIST_INSERT_HEAD(&h->dead, c, link);
	if (asked) {
		tell_gone(c->req);
	} else {
		httpd_req_free(c->req);
		c->req = NULL;
	}
	httpd_drain_check(h);
	conn_unref(c);
}

/*
 * All is sent. Closing at once would answer bytes still on their way with a
 * reset, which can take the answer from the client before it has read it
 * (RFC 9112, 9.6), so wait a little for the client's own end.
 */
static void
linger(struct conn *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);

	if (c->eof) {
		httpd_conn_close(c);
		return;
	}
	c->state = CONN_LINGER;
	c->h->lingering_n++;
	if (c->ssl != NULL)
		httpd_tls_bye(c->ssl);
	shutdown(c->fd, SHUT_WR);
	httpd_set_wait(c, WAIT_LINGER);
	evbuffer_drain(in, evbuffer_get_length(in));
	set_reading(c);
	httpd_drain_check(c->h);
}

void
httpd_conn_finish(struct conn *c)
{
	c->state = CONN_CLOSING;
	httpd_set_wait(c, WAIT_NONE);
	if (output_n(c) == 0)
		linger(c);
}

static bool
ask(struct conn *c)
{
	struct httpd *h = c->h;

	httpd_set_wait(c, WAIT_NONE);
	memset(&c->head, 0, sizeof(c->head));
	c->state = CONN_ASKED;
	c->refs++;
	h->stats.requests++;
	h->o.on_request(c->req, h->o.arg);
	return true;
}

/* Not all is here yet: from the first byte on the deadline runs. */
static bool
wait_more(struct conn *c)
{
	enum wait_kind kind = c->req != NULL && c->req->sink_fd != -1
	    ? WAIT_UPLOAD
	    : WAIT_REQUEST;

	if (c->wait != kind)
		httpd_set_wait(c, kind);
	return false;
}

static bool
refuse(struct conn *c, int status)
{
	httpd_conn_refuse(c, status, NULL);
	return false;
}

/* Into the request's file; false after refusing what does not go there. */
static bool
sink(struct conn *c, const char *p, size_t n)
{
	struct httpd_req *r = c->req;
	ssize_t w;

	if ((int64_t)n > r->sink_max - r->sink_n)
		return refuse(c, 413);
	for (; n > 0; p += w, n -= (size_t)w) {
		w = write(r->sink_fd, p, n);
		if (w == -1) {
			httpd_conn_refuse(c, 503,
			    "this file cannot be stored now: the disk is full "
			    "or fails");
			return false;
		}
		r->sink_n += w;
	}
	return true;
}

static bool
take_body(struct conn *c, const char *p, size_t n)
{
	if (c->req->sink_fd != -1)
		return sink(c, p, n);
	buf_add(&c->req->body, p, n);
	return true;
}

static bool
read_chunks(struct conn *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);
	const char *p, *data;
	size_t n, used, data_n;
	int r;

	while ((n = input_n(c)) > 0) {
		if (n > CHUNKS_PIECE_B)
			n = CHUNKS_PIECE_B;
		p = (const char *)evbuffer_pullup(in, (ev_ssize_t)n);
		r = httpd_parse_chunk(&c->chunks, p, n, &used, &data, &data_n);
		if (!take_body(c, data, data_n))
			return false;
		evbuffer_drain(in, used);
		if (r == HTTPD_DONE)
			return ask(c);
		if (r != HTTPD_MORE)
			return refuse(c, r);
	}
	return wait_more(c);
}

/* A body whose length is known, into its file as it comes. */
static bool
read_file(struct conn *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);
	int64_t left;
	size_t n;

	while ((left = c->head.length - c->req->sink_n) > 0 &&
	    (n = evbuffer_get_contiguous_space(in)) > 0) {
		n = (int64_t)n > left ? (size_t)left : n;
		if (!sink(
			c, (const char *)evbuffer_pullup(in, (ev_ssize_t)n), n))
			return false;
		evbuffer_drain(in, n);
	}
	return left == 0 ? ask(c) : wait_more(c);
}

static bool
read_body(struct conn *c)
{
	size_t n = c->head.length;
	struct buf *b = &c->req->body;

	if (c->head.chunked)
		return read_chunks(c);
	if (n == 0)
		return ask(c);
	if (c->req->sink_fd != -1)
		return read_file(c);
	if (input_n(c) < n)
		return wait_more(c);
	b->p = x_realloc(NULL, n + 1, 1);
	b->cap = n + 1;
	b->n = n;
	b->p[n] = '\0';
	evbuffer_remove(bufferevent_get_input(c->bev), b->p, n);
	return ask(c);
}

/* Let the handler see the head; false when it has answered already. What is
 * not read of the body leaves no way to the next request. */
static bool
offer_head(struct conn *c)
{
	struct httpd *h = c->h;
	bool keep = c->req->keep;

	if (h->o.on_head == NULL)
		return true;
	c->req->keep = false;
	c->state = CONN_ASKED;
	c->refs++;
	h->o.on_head(c->req, c->head.chunked ? -1 : c->head.length, h->o.arg);
	if (c->req == NULL)
		return false;
	c->refs--;
	c->req->keep = keep;
	c->state = CONN_BODY; /* the handler has it no more */
	return true;
}

/* The head is whole: may its body come? */
static bool
begin_body(struct conn *c)
{
	bool body = c->head.chunked || c->head.length > 0;
	int64_t max_b = (int64_t)c->h->o.body_max_b;

	if (body && !offer_head(c))
		return false;
	if (c->req->sink_fd != -1)
		max_b = c->req->sink_max;
	if (c->head.length > max_b)
		return refuse(c, 413);
	c->state = CONN_BODY;
	memset(&c->chunks, 0, sizeof(c->chunks));
	c->chunks.max = max_b;
	if (c->head.expect && body && !c->head.http10 && input_n(c) == 0)
		httpd_conn_continue(c);
	return true;
}

static bool
read_head(struct conn *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);
	size_t n = input_n(c);
	const char *p;
	int r;

	if (n == 0 || output_n(c) > OUTPUT_HIGH_B)
		return false;
	if (n > HTTPD_HEAD_MAX_B)
		n = HTTPD_HEAD_MAX_B;
	p = (const char *)evbuffer_pullup(in, (ev_ssize_t)n);
	r = httpd_parse_head(p, n, &c->head);
	if (r == HTTPD_MORE)
		return wait_more(c);
	if (r != HTTPD_DONE)
		return refuse(c, r);
	c->req = httpd_req_new(c, p);
	evbuffer_drain(in, c->head.n);
	if (c->req == NULL)
		return refuse(c, 400);
	return begin_body(c);
}

/* Take from the input what can be taken. */
static void
conn_process(struct conn *c)
{
	static bool (*const readers[])(struct conn *) = {
	    [CONN_HEAD] = read_head,
	    [CONN_BODY] = read_body,
	};

	if (c->looping)
		return;
	c->looping = true;
	c->refs++;
	while (c->state <= CONN_BODY && readers[c->state](c))
		;
	c->looping = false;
	if (c->eof && c->state <= CONN_BODY)
		httpd_conn_finish(c);
	set_reading(c);
	conn_unref(c);
}

/*
 * The answer is on its way as a whole: the next question. One that is here
 * already has to wait for the loop: whoever has just answered may be in the
 * middle of a list that the next handler changes.
 */
static void
conn_next(struct conn *c, bool keep)
{
	if (!keep) {
		httpd_conn_finish(c);
		return;
	}
	c->state = CONN_HEAD;
	httpd_set_wait(c, WAIT_IDLE);
	if (!c->looping && input_n(c) > 0)
		bufferevent_trigger(c->bev, EV_READ, BEV_OPT_DEFER_CALLBACKS);
	else
		conn_process(c);
}

static void
file_next(struct conn *c)
{
	httpd_conn_send_file(c);
	if (c->broken)
		httpd_conn_close(c);
	else if (c->file_left == 0)
		conn_next(c, c->keep);
}

void
httpd_conn_answered(struct conn *c, bool keep)
{
	httpd_req_free(c->req);
	c->req = NULL;
	c->keep = keep;
	if (c->state != CONN_DEAD)
		c->state = CONN_FILE;
	if (c->state == CONN_DEAD)
		;
	else if (c->broken)
		httpd_conn_close(c);
	else if (c->file_left > 0)
		file_next(c);
	else
		conn_next(c, keep);
	conn_unref(c);
}

static void
on_read(struct bufferevent *bev, void *arg)
{
	struct conn *c = arg;
	struct evbuffer *in = bufferevent_get_input(bev);

	if (c->state >= CONN_CLOSING)
		evbuffer_drain(in, evbuffer_get_length(in));
	conn_process(c);
}

static void
on_write(struct bufferevent *bev, void *arg)
{
	struct conn *c = arg;

	(void)bev;
	if (c->state == CONN_HEAD)
		conn_process(c);
	else if (c->state == CONN_FILE)
		file_next(c);
	else if (c->state == CONN_CLOSING && output_n(c) == 0)
		linger(c);
}

/* The client has closed, or only its sending half: an answer under way is
 * still sent, one that is waited for is said to be waited for in vain. */
static void
on_eof(struct conn *c)
{
	c->eof = true;
	if (c->state <= CONN_BODY)
		httpd_conn_finish(c);
	else if (c->state == CONN_ASKED)
		tell_gone(c->req);
	else if (c->state == CONN_LINGER)
		httpd_conn_close(c);
}

static void
on_event(struct bufferevent *bev, short what, void *arg)
{
	struct conn *c = arg;

	(void)bev;
	if (what & BEV_EVENT_CONNECTED)
		return;
	if ((what & BEV_EVENT_EOF) && c->ssl == NULL)
		on_eof(c);
	else
		httpd_conn_close(c);
}

static void
peer_cred(struct conn *c)
{
	struct ucred u;
	socklen_t n = sizeof(u);

	c->uid = (uid_t)-1;
	if (c->is_unix &&
	    getsockopt(c->fd, SOL_SOCKET, SO_PEERCRED, &u, &n) == 0)
		c->uid = u.uid;
}

void
httpd_conn_open(struct listener *l, int fd, const struct httpd_addr *a,
    struct httpd_count *count)
{
	const struct timeval stall = {.tv_sec = WRITE_STALL_S};
	struct event_base *base = loop_base(l->h->loop);
	struct conn *c = x_new(struct conn);

	c->h = l->h;
	c->refs = 1;
	c->fd = fd;
	c->tag = l->tag;
	c->addr = *a;
	c->count = count;
	c->is_unix = l->path != NULL;
	peer_cred(c);
	if (l->tls != NULL) {
		c->bev = httpd_tls_accept(l->tls, base, fd);
		c->ssl = bufferevent_openssl_get_ssl(c->bev);
	} else {
		c->bev =
		    bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);
	}
	LIST_INSERT_HEAD(&c->h->conns, c, link);
	c->h->stats.conns++;
	httpd_set_wait(c, WAIT_REQUEST);
	bufferevent_setcb(c->bev, on_read, on_write, on_event, c);
	bufferevent_set_timeouts(c->bev, NULL, &stall);
	bufferevent_enable(c->bev, EV_READ);
}

void
httpd_conn_end(struct conn *c)
{
	c->refs++;
	if (c->req != NULL)
		c->req->gone = NULL;
	httpd_conn_close(c);
	if (c->req != NULL) {
		httpd_req_free(c->req);
		c->refs--;
	}
	conn_unref(c);
}

void
httpd_conn_expire(struct conn *c)
{
	bool begun = c->state == CONN_BODY || c->head.scan > 0;

	if (c->wait <= WAIT_UPLOAD && begun)
		httpd_conn_refuse(c, 408, NULL);
	else
		httpd_conn_close(c);
}
