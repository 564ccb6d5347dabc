/*
 * From struct fetch_opts to curl's options, and the functions that curl
 * calls for the bytes of a body and an answer. Called by fetch.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <mado/mem.h>

#include "fetch_req.h"

enum {
	TIMEOUT_MS = 30 * 1000,
	CONNECT_MS = 10 * 1000,
	ANSWER_MAX_B = 16 * 1024 * 1024
};

static bool
write_all(int fd, const char *p, size_t n)
{
	ssize_t w;

	for (; n > 0; p += w, n -= w)
		if ((w = write(fd, p, n)) == -1)
			return false;
	return true;
}

static size_t
on_answer(char *p, size_t size, size_t n, void *arg)
{
	struct fetch_req *q = arg;
	long status = 0;

	n *= size;
	if (n > q->max_b - q->got) {
		q->too_large = true;
		snprintf(q->why, sizeof(q->why),
		    "the answer is larger than %zu bytes", q->max_b);
		return 0;
	}
	q->got += n;
	curl_easy_getinfo(q->easy, CURLINFO_RESPONSE_CODE, &status);
	if (q->fd == -1 || status != 200) {
		buf_add(&q->answer, p, n);
	} else if (!write_all(q->fd, p, n)) {
		snprintf(q->why, sizeof(q->why), "%.150s: %s", q->part,
		    strerror(errno));
		return 0;
	}
	return n;
}

static size_t
on_body(char *to, size_t size, size_t n, void *arg)
{
	struct fetch_req *q = arg;
	size_t left = q->body_n - q->body_at;

	n *= size;
	if (n > left)
		n = left;
	if (n > 0)
		memcpy(to, q->body + q->body_at, n);
	q->body_at += n;
	return n;
}

static size_t
on_body_fd(char *to, size_t size, size_t n, void *arg)
{
	struct fetch_req *q = arg;
	ssize_t r = pread(q->body_fd, to, size * n, (off_t)q->body_at);

	if (r == -1)
		return CURL_READFUNC_ABORT;
	q->body_at += (size_t)r;
	return (size_t)r;
}

static int
on_seek_fd(void *arg, curl_off_t offset, int origin)
{
	struct fetch_req *q = arg;

	if (origin != SEEK_SET)
		return CURL_SEEKFUNC_FAIL;
	q->body_at = (size_t)offset;
	return CURL_SEEKFUNC_OK;
}

/* Whoever wants to rewind the body wants to send it again. */
static int
on_seek(void *arg, curl_off_t offset, int origin)
{
	(void)arg;
	(void)offset;
	(void)origin;
	return CURL_SEEKFUNC_FAIL;
}

static bool
is_loopback(const char *url)
{
	CURLU *u = curl_url();
	char *host = NULL;
	bool is = false;

	if (u != NULL && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK)
		is = strcasecmp(host, "localhost") == 0 ||
		    strncmp(host, "127.", 4) == 0 || strcmp(host, "[::1]") == 0;
	curl_free(host);
	curl_url_cleanup(u);
	return is;
}

static bool
has_header(const char *const *headers, const char *name)
{
	size_t n = strlen(name);

	for (; headers != NULL && *headers != NULL; headers++)
		if (strncasecmp(*headers, name, n) == 0 && (*headers)[n] == ':')
			return true;
	return false;
}

static void
add_header(struct fetch_req *q, const char *line)
{
	struct curl_slist *s = curl_slist_append(q->headers, line);

	if (s == NULL)
		abort();
	q->headers = s;
}

static void
set_headers(struct fetch_req *q, const struct fetch_opts *o)
{
	const char *const *h = o->headers;

	for (; h != NULL && *h != NULL; h++)
		add_header(q, *h);
	/* Without a value: not sent, though curl would. */
	add_header(q, "Expect:");
	if (!has_header(o->headers, "Content-Type"))
		add_header(q, "Content-Type:");
	curl_easy_setopt(q->easy, CURLOPT_HTTPHEADER, q->headers);
}

/* curl silently sends again what a kept connection closed upon; a request
 * that may never be repeated gets a new one, and a body without a way back. */
static void
set_once(struct fetch_req *q)
{
	curl_easy_setopt(q->easy, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(q->easy, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(q->easy, CURLOPT_SEEKFUNCTION, on_seek);
}

static void
set_body(struct fetch_req *q, const struct fetch_opts *o)
{
	if (o->body_is_fd)
		q->body_fd = o->body_fd;
	else
		q->body = x_memdup(o->body, o->n);
	q->body_n = o->body == NULL && !o->body_is_fd ? 0 : o->n;
	curl_easy_setopt(q->easy, CURLOPT_POST, 1L);
	curl_easy_setopt(
	    q->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)q->body_n);
	if (o->body_is_fd) {
		curl_easy_setopt(q->easy, CURLOPT_READFUNCTION, on_body_fd);
		curl_easy_setopt(q->easy, CURLOPT_READDATA, q);
		curl_easy_setopt(q->easy, CURLOPT_SEEKFUNCTION, on_seek_fd);
		curl_easy_setopt(q->easy, CURLOPT_SEEKDATA, q);
	} else if (o->once && q->body_n > 0) {
		curl_easy_setopt(q->easy, CURLOPT_READFUNCTION, on_body);
		curl_easy_setopt(q->easy, CURLOPT_READDATA, q);
	} else {
		curl_easy_setopt(
		    q->easy, CURLOPT_POSTFIELDS, q->body_n == 0 ? "" : q->body);
	}
}

static void
set_method(struct fetch_req *q, const struct fetch_opts *o)
{
	const char *m = o->method;
	bool takes_body;

	if (m == NULL)
		m = o->body != NULL || o->body_is_fd ? "POST" : "GET";
	takes_body = strcmp(m, "POST") == 0 || strcmp(m, "PUT") == 0 ||
	    strcmp(m, "PATCH") == 0;
	if (o->body != NULL || o->body_is_fd || takes_body)
		set_body(q, o);
	if (strcmp(m, "HEAD") == 0)
		curl_easy_setopt(q->easy, CURLOPT_NOBODY, 1L);
	else if (strcmp(m, "POST") != 0)
		curl_easy_setopt(q->easy, CURLOPT_CUSTOMREQUEST, m);
	if (o->once)
		set_once(q);
}

static void
set_tls(struct fetch_req *q, const struct fetch_opts *o)
{
	if (o->no_verify || o->pin != NULL) {
		curl_easy_setopt(q->easy, CURLOPT_SSL_VERIFYPEER, 0L);
		curl_easy_setopt(q->easy, CURLOPT_SSL_VERIFYHOST, 0L);
	}
	if (o->pin != NULL)
		curl_easy_setopt(q->easy, CURLOPT_PINNEDPUBLICKEY, o->pin);
	if (o->want_pin) {
		/* Only a full handshake shows certificates. */
		curl_easy_setopt(q->easy, CURLOPT_CERTINFO, 1L);
		curl_easy_setopt(q->easy, CURLOPT_FRESH_CONNECT, 1L);
		curl_easy_setopt(q->easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
	}
}

static void
set_peer(struct fetch_req *q, const struct fetch_opts *o)
{
	CURL *c = q->easy;
	int64_t all = o->timeout_ms, connect = o->connect_ms;

	curl_easy_setopt(c, CURLOPT_URL, o->url);
	if (o->unix_path != NULL)
		curl_easy_setopt(c, CURLOPT_UNIX_SOCKET_PATH, o->unix_path);
	/* "" is no proxy, whatever the environment says. */
	if (o->unix_path != NULL || is_loopback(o->url))
		curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(
	    c, CURLOPT_TIMEOUT_MS, (long)(all == 0 ? TIMEOUT_MS : all));
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS,
	    (long)(connect == 0 ? CONNECT_MS : connect));
}

struct fetch_req *
fetch_req_new(const struct fetch_opts *o)
{
	struct fetch_req *q = x_new(struct fetch_req);
	CURL *c = curl_easy_init();

	if (c == NULL)
		abort();
	q->easy = c;
	q->done = o->done;
	q->arg = o->arg;
	q->max_b = o->max_b == 0 ? ANSWER_MAX_B : o->max_b;
	q->want_pin = o->want_pin;
	q->path = x_strdup(o->to_file);
	q->fd = q->body_fd = -1;
	curl_easy_setopt(c, CURLOPT_PRIVATE, q);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, q->error);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	/* HTTP/2 would save a sixth of an idle client's bytes, and has ways
	 * of its own to send a request again. */
	curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "madoguchi/" MADO_VERSION);
	curl_easy_setopt(c, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_answer);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, q);
	set_peer(q, o);
	set_method(q, o);
	set_headers(q, o);
	set_tls(q, o);
	return q;
}

bool
fetch_req_open(struct fetch_req *q)
{
	if (q->path == NULL)
		return true;
	q->part = x_sprintf("%s.part", q->path);
	q->fd = open(q->part,
	    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (q->fd != -1)
		return true;
	snprintf(
	    q->error, sizeof(q->error), "%.150s: %s", q->part, strerror(errno));
	return false;
}

bool
fetch_req_close(struct fetch_req *q, bool keep)
{
	long status = 0;

	if (q->fd == -1)
		return true;
	close(q->fd);
	q->fd = -1;
	curl_easy_getinfo(q->easy, CURLINFO_RESPONSE_CODE, &status);
	if (keep && status == 200) {
		if (rename(q->part, q->path) == 0)
			return true;
		snprintf(q->why, sizeof(q->why), "%.150s: %s", q->path,
		    strerror(errno));
	} else {
		keep = false;
	}
	unlink(q->part);
	return !keep;
}
