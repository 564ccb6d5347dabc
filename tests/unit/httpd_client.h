/*
 * A raw HTTP client and a server for it on one loop, for test_httpd*.c: the
 * client says any bytes and hears what comes while the loop turns.
 */
#ifndef HTTPD_CLIENT_H
#define HTTPD_CLIENT_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/ssl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include <mado/buf.h>
#include <mado/httpd.h>
#include <mado/mem.h>

enum { TURNS_MAX = 20000, HELD_MAX = 64, BIG_B = 3 * 1024 * 1024 };

struct state {
	struct loop *loop;
	struct httpd *httpd;
	struct httpd_tls *tls;
	char dir[64], cert[100], key[100];
	char *url;
	int asked;
	struct buf said; /* what was asked, a line each */
	struct httpd_req *held[HELD_MAX];
	int held_n;
	int gone;
	bool drained;
	struct httpd_shared *shared;
};

struct client {
	struct state *s;
	int fd;
	SSL_CTX *ctx;
	SSL *ssl;
	struct buf in;
	bool closed;
};

static void
on_gone(void *arg)
{
	((struct state *)arg)->gone++;
}

static void
reply_text(struct httpd_req *r, const char *text)
{
	httpd_reply(r, 200, "text/plain", text, strlen(text));
}

static void
reply_file(struct httpd_req *r, struct state *s, int64_t less)
{
	char path[100];
	int fd;

	snprintf(path, sizeof(path), "%s/file", s->dir);
	fd = open(path, O_RDWR | O_CREAT, 0600);
	assert_int_equal(ftruncate(fd, BIG_B - less), 0);
	httpd_reply_file(r, "application/octet-stream", fd, BIG_B);
}

static void
reply_big(struct httpd_req *r)
{
	char *p = arena_calloc(httpd_arena(r), BIG_B, 1);

	memset(p, 'x', BIG_B);
	httpd_reply(r, 200, "text/plain", p, BIG_B);
}

static void
on_request(struct httpd_req *r, void *arg)
{
	struct state *s = arg;
	struct err e = {ERR_AUTH, "who are you?"};
	const char *p = httpd_path(r), *q;
	size_t n;

	s->asked++;
	buf_printf(&s->said, "%s %s", httpd_method_name(r), p);
	httpd_body(r, &n);
	if (n > 0)
		buf_printf(&s->said, " %zu", n);
	buf_putc(&s->said, '\n');
	q = httpd_query(r, "q");
	if (strcmp(p, "/hold") == 0) {
		httpd_on_gone(r, on_gone, s);
		s->held[s->held_n++] = r;
	} else if (strcmp(p, "/echo") == 0) {
		httpd_reply(r, 200, "text/plain", httpd_body(r, NULL), n);
	} else if (strcmp(p, "/peer") == 0) {
		httpd_set_header(
		    r, "X-Loopback", httpd_peer_is_loopback(r) ? "yes" : "no");
		reply_text(r, httpd_peer(r));
	} else if (strcmp(p, "/empty") == 0) {
		httpd_reply(r, 204, NULL, "", 0);
	} else if (strcmp(p, "/drop") == 0) {
		httpd_drop(r);
	} else if (strcmp(p, "/err") == 0) {
		httpd_reply_err(r, &e);
	} else if (strcmp(p, "/big") == 0) {
		reply_big(r);
	} else if (strcmp(p, "/file") == 0) {
		reply_file(r, s, 0);
	} else if (strcmp(p, "/short") == 0) {
		reply_file(r, s, 1);
	} else if (strcmp(p, "/shared") == 0) {
		httpd_reply_shared(r, 200, "text/plain", s->shared);
	} else if (strcmp(p, "/headers") == 0) {
		httpd_set_header(r, "X-Bad", "a\r\nX-Worse: b\x01");
		httpd_set_header(r, "Cache-Control", "max-age=60");
		reply_text(r, "");
	} else {
		reply_text(r, q == NULL ? "ok" : q);
	}
}

/* A server of these options (its on_request is ours) at `where`. */
static void
start(struct state *s, struct httpd_opts o, const char *where)
{
	struct err e = {0};

	o.on_request = on_request;
	o.arg = s;
	httpd_free(s->httpd);
	x_free(s->url);
	s->httpd = httpd_new(s->loop, &o);
	if (httpd_listen(s->httpd, where, s->tls, 7, &s->url, &e) == -1)
		fail_msg("%s", e.msg);
}

static int
setup(void **state)
{
	struct state *s = x_new(struct state);

	snprintf(s->dir, sizeof(s->dir), "%s", P_tmpdir "/test_httpd.XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	snprintf(s->cert, sizeof(s->cert), "%s/cert.pem", s->dir);
	snprintf(s->key, sizeof(s->key), "%s/key.pem", s->dir);
	s->loop = loop_new();
	start(s, (struct httpd_opts){.conns_max = 0}, "127.0.0.1:0");
	*state = s;
	return 0;
}

static int
teardown(void **state)
{
	struct state *s = *state;
	char *cmd;

	httpd_free(s->httpd);
	httpd_tls_free(s->tls);
	httpd_shared_unref(s->shared);
	loop_free(s->loop);
	cmd = x_sprintf("rm -r '%s'", s->dir);
	assert_int_equal(system(cmd), 0);
	x_free(cmd);
	x_free(s->url);
	buf_free(&s->said);
	x_free(s);
	return 0;
}

static struct client
dial(struct state *s)
{
	struct client c = {.s = s};
	struct sockaddr_in a = {.sin_family = AF_INET};
	struct sockaddr_un un = {.sun_family = AF_UNIX};

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	a.sin_port = htons(atoi(strrchr(s->url, ':') + 1));
	if (strncmp(s->url, "unix:", 5) == 0) {
		c.fd = socket(AF_UNIX, SOCK_STREAM, 0);
		memcpy(un.sun_path, s->url + 5, strlen(s->url + 5));
		assert_int_equal(
		    connect(c.fd, (struct sockaddr *)&un, sizeof(un)), 0);
	} else {
		c.fd = socket(AF_INET, SOCK_STREAM, 0);
		assert_int_equal(
		    connect(c.fd, (struct sockaddr *)&a, sizeof(a)), 0);
	}
	fcntl(c.fd, F_SETFL, O_NONBLOCK);
	return c;
}

/* Let the server do what it can do by now. */
static void
settle(struct state *s)
{
	for (int i = 0; i < 20; i++)
		loop_turn(s->loop, 1);
}

static void
on_drained(void *arg)
{
	struct state *s = arg;

	s->drained = true;
	httpd_free(s->httpd);
	s->httpd = NULL;
}

static void
wait_drained(struct state *s)
{
	for (int i = 0; i < TURNS_MAX && !s->drained; i++)
		loop_turn(s->loop, 1);
	assert_true(s->drained);
}

/* One try to read; false when nothing more is there now. */
static bool
hear_some(struct client *c)
{
	char b[65536];
	int n;

	n = c->ssl != NULL ? SSL_read(c->ssl, b, sizeof(b))
			   : (int)read(c->fd, b, sizeof(b));
	if (n > 0) {
		buf_add(&c->in, b, n);
		return true;
	}
	if (c->ssl != NULL)
		c->closed = SSL_get_error(c->ssl, n) != SSL_ERROR_WANT_READ;
	else
		c->closed = n == 0 || errno != EAGAIN;
	return false;
}

static void
say_bytes(struct client *c, const char *p, size_t n)
{
	int w;

	for (int i = 0; n > 0 && i < TURNS_MAX; i++) {
		w = c->ssl != NULL ? SSL_write(c->ssl, p, (int)n)
				   : (int)send(c->fd, p, n, MSG_NOSIGNAL);
		if (w > 0) {
			p += w;
			n -= w;
		} else if (c->ssl == NULL && errno != EAGAIN) {
			return; /* the server has had enough */
		}
		hear_some(c);
		loop_turn(c->s->loop, 0);
	}
}

static void
say(struct client *c, const char *text)
{
	say_bytes(c, text, strlen(text));
}

/* Until what was heard holds `text`. */
static void
hear(struct client *c, const char *text)
{
	for (int i = 0; i < TURNS_MAX; i++) {
		while (hear_some(c))
			;
		if (strstr(buf_str(&c->in), text) != NULL)
			return;
		if (c->closed)
			fail_msg("closed, after: %s", buf_str(&c->in));
		loop_turn(c->s->loop, 1);
	}
	fail_msg("not heard: %s", text);
}

static void
hear_end(struct client *c)
{
	for (int i = 0; i < TURNS_MAX && !c->closed; i++) {
		while (hear_some(c))
			;
		loop_turn(c->s->loop, 1);
	}
	assert_true(c->closed);
}

static void
hear_bytes(struct client *c, size_t n)
{
	for (int i = 0; i < TURNS_MAX && c->in.n < n && !c->closed; i++)
		if (!hear_some(c))
			loop_turn(c->s->loop, 1);
	assert_int_equal(c->in.n, n);
}

/* How often is `text` in what was heard? */
static int
heard(struct client *c, const char *text)
{
	const char *p = buf_str(&c->in);
	int n = 0;

	for (; (p = strstr(p, text)) != NULL; p++)
		n++;
	return n;
}

static void
forget(struct client *c)
{
	buf_reset(&c->in);
}

static void
hang_up(struct client *c)
{
	SSL_free(c->ssl);
	SSL_CTX_free(c->ctx);
	close(c->fd);
	buf_free(&c->in);
}

static void
wait_conns(struct state *s, int n)
{
	for (int i = 0; i < TURNS_MAX; i++) {
		if (httpd_stats(s->httpd).conns == n)
			return;
		loop_turn(s->loop, 1);
	}
	assert_int_equal(httpd_stats(s->httpd).conns, n);
}

static void
wait_asked(struct state *s, int n)
{
	for (int i = 0; i < TURNS_MAX && s->asked < n; i++)
		loop_turn(s->loop, 1);
	assert_int_equal(s->asked, n);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
