/*
 * The HTTP client: libcurl's multi interface with its sockets and its one
 * timer on the loop. Owns every request until its done function has been
 * called. Must never ask twice what may be asked but once (set_once() in
 * fetch_opt.c, which turns struct fetch_opts into curl's options), and must
 * not know what the answers mean.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mado/mem.h>

#include "fetch_req.h"

/* What curl wants to know of one socket. */
struct sock {
	LIST_ENTRY(sock) link;
	struct event *ev;
};

struct fetch {
	struct loop *loop;
	CURLM *multi;
	struct event *timer;
	LIST_HEAD(, sock) socks;
	TAILQ_HEAD(reqs, fetch_req) running, finished;
	int refs; /* the caller, and finish() while it calls back */
};

static void
unref(struct fetch *f)
{
	if (--f->refs > 0)
		return;
	curl_global_cleanup();
	x_free(f);
}

static void
req_free(struct fetch_req *q)
{
	fetch_req_close(q, false);
	curl_easy_cleanup(q->easy);
	curl_slist_free_all(q->headers);
	buf_free(&q->answer);
	x_free(q->body);
	if (q->body_fd != -1)
		close(q->body_fd);
	x_free(q->path);
	x_free(q->part);
	x_free(q);
}

static enum fetch_outcome
outcome_of(const struct fetch_req *q)
{
	long sent = 0;

	if (q->code == CURLE_OK)
		return FETCH_ANSWERED;
	/* Not from the error: curl repeats what a kept connection swallowed,
	 * and then "could not connect" is only the end of the story. */
	curl_easy_getinfo(q->easy, CURLINFO_REQUEST_SIZE, &sent);
	return sent == 0 ? FETCH_NOT_SENT : FETCH_UNKNOWN;
}

static const char *
error_of(const struct fetch_req *q)
{
	if (q->code == CURLE_OK)
		return "";
	if (q->why[0] != '\0')
		return q->why;
	if (q->error[0] != '\0')
		return q->error;
	return curl_easy_strerror(q->code);
}

/* The answer's header, "" without. */
static const char *
header_of(const struct fetch_req *q, const char *name)
{
	struct curl_header *h;

	if (curl_easy_header(q->easy, name, 0, CURLH_HEADER, -1, &h) ==
	    CURLHE_OK)
		return h->value;
	return "";
}

/* When the answer was written, by the peer's clock. */
static int64_t
date_of(const struct fetch_req *q)
{
	time_t t = curl_getdate(header_of(q, "date"), NULL);

	return t > 0 ? (int64_t)t * 1000 : 0;
}

/* The leaf in curl's list of the peer's certificates, as PEM; NULL: none. */
static const char *
leaf_of(const struct fetch_req *q)
{
	struct curl_certinfo *info = NULL;
	struct curl_slist *s;

	curl_easy_getinfo(q->easy, CURLINFO_CERTINFO, &info);
	if (info == NULL || info->num_of_certs < 1)
		return NULL;
	for (s = info->certinfo[0]; s != NULL; s = s->next)
		if (strncmp(s->data, "Cert:", 5) == 0)
			return s->data + 5;
	return NULL;
}

static void
call_back(struct fetch_req *q)
{
	struct fetch_res res = {0};
	char pin[FETCH_PIN_B];
	const char *type = NULL, *leaf;
	long status = 0;

	if (!fetch_req_close(q, q->code == CURLE_OK))
		q->code = CURLE_WRITE_ERROR;
	curl_easy_getinfo(q->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(q->easy, CURLINFO_CONTENT_TYPE, &type);
	res.outcome = outcome_of(q);
	res.status = (int)status;
	res.body = buf_str(&q->answer);
	res.n = q->got;
	res.type = type == NULL ? "" : type;
	res.error = error_of(q);
	res.too_large = q->too_large;
	res.bad_cert = q->code == CURLE_PEER_FAILED_VERIFICATION ||
	    q->code == CURLE_SSL_PINNEDPUBKEYNOTMATCH;
	if (q->want_pin && (leaf = leaf_of(q)) != NULL) {
		res.key_pin = fetch_pin_of(leaf, pin) ? pin : NULL;
		res.cert_until_ms = fetch_cert_until(leaf);
	}
	res.date_ms = date_of(q);
	res.request_id = header_of(q, "x-line-request-id");
	res.accepted_id = header_of(q, "x-line-accepted-request-id");
	q->done(&res, q->arg);
}

static void
collect(struct fetch *f)
{
	struct fetch_req *q;
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(f->multi, &left)) != NULL) {
		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &q);
		q->code = m->data.result; /* m goes with the handle */
		curl_multi_remove_handle(f->multi, q->easy);
		TAILQ_REMOVE(&f->running, q, link);
		TAILQ_INSERT_TAIL(&f->finished, q, link);
		q->finished = true;
	}
}

/* Outside of curl, so that done may start, cancel and free. */
static void
finish(struct fetch *f)
{
	struct fetch_req *q;

	collect(f);
	f->refs++;
	while ((q = TAILQ_FIRST(&f->finished)) != NULL) {
		TAILQ_REMOVE(&f->finished, q, link);
		call_back(q);
		req_free(q);
	}
	unref(f);
}

static void
on_fd(evutil_socket_t fd, short what, void *arg)
{
	struct fetch *f = arg;
	int flags = 0, running;

	if (what & EV_READ)
		flags |= CURL_CSELECT_IN;
	if (what & EV_WRITE)
		flags |= CURL_CSELECT_OUT;
	curl_multi_socket_action(f->multi, fd, flags, &running);
	finish(f);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct fetch *f = arg;
	int running;

	(void)fd;
	(void)what;
	curl_multi_socket_action(f->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	finish(f);
}

static void
sock_free(struct sock *s)
{
	LIST_REMOVE(s, link);
	event_free(s->ev);
	x_free(s);
}

/* curl: watch fd for `what` from now on. */
static int
on_watch(CURL *easy, curl_socket_t fd, int what, void *arg, void *sockp)
{
	struct fetch *f = arg;
	struct sock *s = sockp;
	short events = EV_PERSIST;

	(void)easy;
	if (s != NULL)
		sock_free(s);
	s = NULL;
	if (what != CURL_POLL_REMOVE) {
		events |= what & CURL_POLL_IN ? EV_READ : 0;
		events |= what & CURL_POLL_OUT ? EV_WRITE : 0;
		s = x_new(struct sock);
		s->ev = event_new(loop_base(f->loop), fd, events, on_fd, f);
		event_add(s->ev, NULL);
		LIST_INSERT_HEAD(&f->socks, s, link);
	}
	curl_multi_assign(f->multi, fd, s);
	return 0;
}

/* curl: call me in ms, or (-1) not at all. */
static int
on_timeout(CURLM *multi, long ms, void *arg)
{
	struct fetch *f = arg;
	struct timeval tv = {ms / 1000, ms % 1000 * 1000};

	(void)multi;
	if (ms < 0)
		event_del(f->timer);
	else
		event_add(f->timer, &tv);
	return 0;
}

struct fetch *
fetch_new(struct loop *l, int max_conns_per_host)
{
	struct fetch *f = x_new(struct fetch);
	CURLM *m;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		abort();
	m = curl_multi_init();
	if (m == NULL)
		abort();
	f->loop = l;
	f->refs = 1;
	f->multi = m;
	f->timer = evtimer_new(loop_base(l), on_timer, f);
	TAILQ_INIT(&f->running);
	TAILQ_INIT(&f->finished);
	curl_multi_setopt(m, CURLMOPT_SOCKETFUNCTION, on_watch);
	curl_multi_setopt(m, CURLMOPT_SOCKETDATA, f);
	curl_multi_setopt(m, CURLMOPT_TIMERFUNCTION, on_timeout);
	curl_multi_setopt(m, CURLMOPT_TIMERDATA, f);
	curl_multi_setopt(
	    m, CURLMOPT_MAX_HOST_CONNECTIONS, (long)max_conns_per_host);
	return f;
}

void
fetch_free(struct fetch *f)
{
	if (f == NULL)
		return;
	while (!TAILQ_EMPTY(&f->running))
		fetch_cancel(TAILQ_FIRST(&f->running));
	while (!TAILQ_EMPTY(&f->finished))
		fetch_cancel(TAILQ_FIRST(&f->finished));
	curl_multi_cleanup(f->multi);
	while (!LIST_EMPTY(&f->socks))
		sock_free(LIST_FIRST(&f->socks));
	event_free(f->timer);
	unref(f);
}

/* It ends before it begins; said from the loop as every end is. */
static void
fail_later(struct fetch *f, struct fetch_req *q, CURLcode code)
{
	const struct timeval now = {0, 0};

	q->code = code;
	q->finished = true;
	TAILQ_INSERT_TAIL(&f->finished, q, link);
	event_add(f->timer, &now);
}

struct fetch_req *
fetch_start(struct fetch *f, const struct fetch_opts *o)
{
	struct fetch_req *q = fetch_req_new(o);

	q->fetch = f;
	if (!fetch_req_open(q)) {
		fail_later(f, q, CURLE_WRITE_ERROR);
	} else if (curl_multi_add_handle(f->multi, q->easy) != CURLM_OK) {
		fail_later(f, q, CURLE_FAILED_INIT);
	} else {
		TAILQ_INSERT_TAIL(&f->running, q, link);
	}
	return q;
}

void
fetch_cancel(struct fetch_req *q)
{
	struct fetch *f;

	if (q == NULL)
		return;
	f = q->fetch;
	if (q->finished) {
		TAILQ_REMOVE(&f->finished, q, link);
	} else {
		curl_multi_remove_handle(f->multi, q->easy);
		TAILQ_REMOVE(&f->running, q, link);
	}
	req_free(q);
}

void
fetch_escape(struct buf *b, const char *s)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz"
				    "0123456789-._~";

	for (; *s != '\0'; s++) {
		if (strchr(plain, *s) != NULL)
			buf_putc(b, *s);
		else
			buf_printf(b, "%%%02X", (unsigned char)*s);
	}
}
