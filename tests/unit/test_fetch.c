/*
 * fetch.c against httpd.c on one loop, and against a server of a few lines
 * that behaves badly.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <mado/buf.h>
#include <mado/fetch.h>
#include <mado/httpd.h>
#include <mado/mem.h>

enum { WAIT_MS = 20000, BIG_B = 200000 };

struct state {
	struct loop *loop;
	struct httpd *httpd;
	struct httpd_tls *tls;
	struct fetch *fetch;
	char *plain, *secure, *unix_url;
	char dir[64];
	int asked;       /* requests that the server has seen */
	struct buf last; /* the last one's body */
	struct httpd_req *held;
};

/* What a done function was told, kept. */
struct got {
	bool done;
	enum fetch_outcome outcome;
	int status;
	struct buf body;
	size_t n;
	char type[64], error[300], pin[64], id[64];
	bool bad_cert;
};

static void
on_request(struct httpd_req *r, void *arg)
{
	struct state *s = arg;
	const char *path = httpd_path(r), *h;
	char *big;
	size_t n;
	const char *body = httpd_body(r, &n);

	s->asked++;
	buf_reset(&s->last);
	buf_add(&s->last, body, n);
	if (strcmp(path, "/hold") == 0) {
		s->held = r;
	} else if (strcmp(path, "/drop") == 0) {
		httpd_drop(r);
	} else if (strcmp(path, "/big") == 0) {
		big = arena_calloc(httpd_arena(r), BIG_B, 1);
		memset(big, 'x', BIG_B);
		httpd_reply(r, 200, "text/plain", big, BIG_B);
	} else if (strcmp(path, "/move") == 0) {
		httpd_set_header(r, "Location", "/echo");
		httpd_reply(r, 302, NULL, "", 0);
	} else if (strcmp(path, "/fail") == 0) {
		httpd_reply(r, 500, "text/plain", "no", 2);
	} else if (strcmp(path, "/headers") == 0) {
		h = httpd_header(r, "expect");
		assert_null(h);
		assert_null(httpd_header(r, "content-type"));
		assert_null(httpd_header(r, "accept-encoding"));
		h = httpd_header(r, "x-one");
		httpd_set_header(r, "X-Line-Request-Id", "abc-1");
		httpd_reply(r, 200, "text/plain", h, strlen(h));
	} else {
		httpd_set_header(r, "X-Method", httpd_method_name(r));
		httpd_reply(r, 200, "application/json", body, n);
	}
}

static void
must_listen(struct state *s, const char *where, struct httpd_tls *t, char **url)
{
	struct err e = {0};

	if (httpd_listen(s->httpd, where, t, 0, url, &e) == -1)
		fail_msg("%s", e.msg);
}

static int
setup(void **state)
{
	struct state *s = x_new(struct state);
	struct httpd_opts o = {.on_request = on_request, .arg = s};
	char cert[100], key[100], sock[100];
	struct err e = {0};

	snprintf(s->dir, sizeof(s->dir), "%s", P_tmpdir "/test_fetch.XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	snprintf(cert, sizeof(cert), "%s/cert.pem", s->dir);
	snprintf(key, sizeof(key), "%s/key.pem", s->dir);
	snprintf(sock, sizeof(sock), "unix:%s/s", s->dir);
	s->loop = loop_new();
	s->httpd = httpd_new(s->loop, &o);
	assert_int_equal(httpd_tls_self_signed(cert, key, "127.0.0.1", &e), 0);
	s->tls = httpd_tls_new(cert, key, &e);
	assert_non_null(s->tls);
	must_listen(s, "127.0.0.1:0", NULL, &s->plain);
	must_listen(s, "127.0.0.1:0", s->tls, &s->secure);
	must_listen(s, sock, NULL, &s->unix_url);
	s->fetch = fetch_new(s->loop, 8);
	*state = s;
	return 0;
}

static int
teardown(void **state)
{
	struct state *s = *state;
	char *cmd;

	fetch_free(s->fetch);
	httpd_free(s->httpd);
	httpd_tls_free(s->tls);
	loop_free(s->loop);
	cmd = x_sprintf("rm -r '%s'", s->dir);
	assert_int_equal(system(cmd), 0);
	x_free(cmd);
	x_free(s->plain);
	x_free(s->secure);
	x_free(s->unix_url);
	buf_free(&s->last);
	x_free(s);
	return 0;
}

static void
on_done(const struct fetch_res *res, void *arg)
{
	struct got *g = arg;

	assert_false(g->done);
	g->done = true;
	g->outcome = res->outcome;
	g->status = res->status;
	g->n = res->n;
	buf_add(&g->body, res->body, strlen(res->body));
	snprintf(g->type, sizeof(g->type), "%s", res->type);
	snprintf(g->error, sizeof(g->error), "%s", res->error);
	snprintf(g->pin, sizeof(g->pin), "%s",
	    res->key_pin == NULL ? "" : res->key_pin);
	snprintf(g->id, sizeof(g->id), "%s", res->request_id);
	g->bad_cert = res->bad_cert;
}

static void
wait_for(struct state *s, const bool *done)
{
	for (int i = 0; !*done && i < WAIT_MS; i++)
		loop_turn(s->loop, 1);
	assert_true(*done);
}

/* Fetch path of a server and wait for what comes. */
static struct got
fetch(struct state *s, const char *base, const char *path, struct fetch_opts o)
{
	struct got g = {0};
	char *url = x_sprintf("%s%s", base, path);

	o.url = url;
	o.done = on_done;
	o.arg = &g;
	assert_non_null(fetch_start(s->fetch, &o));
	assert_false(g.done);
	x_free(url);
	wait_for(s, &g.done);
	return g;
}

static void
test_answers(void **state)
{
	struct state *s = *state;
	struct got g;

	g = fetch(
	    s, s->plain, "/echo", (struct fetch_opts){.body = "hello", .n = 5});
	assert_int_equal(g.outcome, FETCH_ANSWERED);
	assert_int_equal(g.status, 200);
	assert_string_equal(g.body.p, "hello");
	assert_int_equal(g.n, 5);
	assert_string_equal(g.type, "application/json");
	assert_string_equal(g.error, "");
	buf_free(&g.body);
	g = fetch(s, s->plain, "/echo",
	    (struct fetch_opts){
		.method = "PUT", .body = "x", .n = 1, .once = true});
	assert_string_equal(g.body.p, "x");
	buf_free(&g.body);
	g = fetch(s, s->plain, "/echo", (struct fetch_opts){.n = 0});
	assert_int_equal(g.status, 200);
	assert_int_equal(g.n, 0);
	buf_free(&g.body);
	g = fetch(s, s->plain, "/big", (struct fetch_opts){.method = "HEAD"});
	assert_int_equal(g.status, 200);
	assert_int_equal(g.n, 0);
	buf_free(&g.body);
}

static void
test_headers_are_ours_alone(void **state)
{
	struct state *s = *state;
	const char *const headers[] = {"X-One: 1", NULL};
	char *body = x_calloc(1, 900000);
	struct got g;

	g = fetch(s, s->plain, "/headers",
	    (struct fetch_opts){.headers = headers, .body = body, .n = 900000});
	assert_string_equal(g.body.p, "1");
	assert_string_equal(g.id, "abc-1");
	x_free(body);
	buf_free(&g.body);
}

static void
test_redirect_is_not_followed(void **state)
{
	struct state *s = *state;
	struct got g;

	g = fetch(s, s->plain, "/move", (struct fetch_opts){.n = 0});
	assert_int_equal(g.outcome, FETCH_ANSWERED);
	assert_int_equal(g.status, 302);
	assert_int_equal(s->asked, 1);
	buf_free(&g.body);
}

static void
test_other_protocols_are_refused(void **state)
{
	struct state *s = *state;
	struct got g;

	g = fetch(s, "file://", "/etc/passwd", (struct fetch_opts){.n = 0});
	assert_int_equal(g.outcome, FETCH_NOT_SENT);
	assert_int_equal(g.n, 0);
	assert_int_not_equal(g.error[0], '\0');
	buf_free(&g.body);
}

static void
test_unix_and_proxy(void **state)
{
	struct state *s = *state;
	struct got g;

	/* A proxy that nobody serves: loopback must not ask it. */
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	g = fetch(s, "http://desk", "/echo",
	    (struct fetch_opts){.unix_path = s->unix_url + strlen("unix:")});
	assert_int_equal(g.status, 200);
	buf_free(&g.body);
	g = fetch(s, s->plain, "/echo", (struct fetch_opts){.n = 0});
	assert_int_equal(g.status, 200);
	buf_free(&g.body);
	g = fetch(s, "http://desk.example", "/", (struct fetch_opts){.n = 0});
	assert_int_equal(g.outcome, FETCH_NOT_SENT);
	assert_int_equal(s->asked, 2);
	buf_free(&g.body);
	unsetenv("http_proxy");
}

static void
test_certificates(void **state)
{
	struct state *s = *state;
	struct got g, again;
	char *other;

	g = fetch(s, s->secure, "/echo", (struct fetch_opts){.n = 0});
	assert_int_equal(g.outcome, FETCH_NOT_SENT);
	assert_true(g.bad_cert);
	assert_int_equal(s->asked, 0);
	buf_free(&g.body);

	g = fetch(s, s->secure, "/echo",
	    (struct fetch_opts){.no_verify = true, .want_pin = true});
	assert_int_equal(g.status, 200);
	assert_int_equal(strncmp(g.pin, "sha256//", 8), 0);
	assert_int_equal(strlen(g.pin), 8 + 44);
	buf_free(&g.body);

	again = fetch(s, s->secure, "/echo", (struct fetch_opts){.pin = g.pin});
	assert_int_equal(again.status, 200);
	buf_free(&again.body);

	other = x_strdup(g.pin);
	/* no letter: curl 7.88 uses a kept connection again for a pin that
	 * differs in case only */
	other[10] = other[10] == '0' ? '1' : '0';
	again = fetch(s, s->secure, "/echo", (struct fetch_opts){.pin = other});
	assert_int_equal(again.outcome, FETCH_NOT_SENT);
	assert_true(again.bad_cert);
	assert_int_equal(s->asked, 2);
	buf_free(&again.body);
	x_free(other);
}

static void
test_to_file(void **state)
{
	struct state *s = *state;
	char path[100], part[110];
	struct stat st;
	struct got g;

	snprintf(path, sizeof(path), "%s/file", s->dir);
	snprintf(part, sizeof(part), "%s.part", path);
	g = fetch(s, s->plain, "/fail", (struct fetch_opts){.to_file = path});
	assert_int_equal(g.status, 500);
	assert_string_equal(g.body.p, "no");
	assert_int_equal(stat(path, &st), -1);
	assert_int_equal(stat(part, &st), -1);
	buf_free(&g.body);

	g = fetch(s, s->plain, "/big",
	    (struct fetch_opts){.to_file = path, .max_b = BIG_B - 1});
	assert_int_not_equal(g.outcome, FETCH_ANSWERED);
	assert_int_equal(stat(path, &st), -1);
	assert_int_equal(stat(part, &st), -1);
	buf_free(&g.body);

	g = fetch(s, s->plain, "/big", (struct fetch_opts){.to_file = path});
	assert_int_equal(g.status, 200);
	assert_int_equal(g.n, BIG_B);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, BIG_B);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(stat(part, &st), -1);
	buf_free(&g.body);

	g = fetch(s, s->plain, "/big",
	    (struct fetch_opts){.to_file = "no/such/dir/file"});
	assert_int_equal(g.outcome, FETCH_NOT_SENT);
	assert_non_null(strstr(g.error, "No such file"));
	buf_free(&g.body);
}

static void
test_cap(void **state)
{
	struct state *s = *state;
	struct got g;

	g = fetch(s, s->plain, "/big", (struct fetch_opts){.max_b = 1000});
	assert_int_equal(g.outcome, FETCH_UNKNOWN);
	assert_non_null(strstr(g.error, "larger than 1000 bytes"));
	buf_free(&g.body);
	g = fetch(s, s->plain, "/big", (struct fetch_opts){.max_b = BIG_B});
	assert_int_equal(g.outcome, FETCH_ANSWERED);
	buf_free(&g.body);
}

static void
test_timeout(void **state)
{
	struct state *s = *state;
	struct got g;

	g = fetch(s, s->plain, "/hold", (struct fetch_opts){.timeout_ms = 50});
	assert_int_equal(g.outcome, FETCH_UNKNOWN);
	assert_int_equal(g.status, 0);
	assert_non_null(strstr(g.error, "timed out"));
	buf_free(&g.body);
	httpd_reply(s->held, 200, NULL, "", 0);
}

static void
test_nobody_listens(void **state)
{
	struct state *s = *state;
	struct got g;

	g = fetch(s, "http://127.0.0.1:1", "/", (struct fetch_opts){.n = 0});
	assert_int_equal(g.outcome, FETCH_NOT_SENT);
	assert_int_not_equal(g.error[0], '\0');
	buf_free(&g.body);
}

static void
test_once_is_sent_once(void **state)
{
	struct state *s = *state;
	struct got g;

	/* A kept connection first, which a request without `once` would
	 * take and, when it closes unanswered, be sent again. */
	g = fetch(s, s->plain, "/echo", (struct fetch_opts){.n = 0});
	assert_int_equal(g.status, 200);
	buf_free(&g.body);
	s->asked = 0;
	g = fetch(s, s->plain, "/drop",
	    (struct fetch_opts){.body = "pay", .n = 3, .once = true});
	assert_int_equal(g.outcome, FETCH_UNKNOWN);
	assert_int_equal(g.status, 0);
	assert_int_equal(s->asked, 1);
	assert_string_equal(s->last.p, "pay");
	buf_free(&g.body);
	for (int i = 0; i < 20; i++)
		loop_turn(s->loop, 5);
	assert_int_equal(s->asked, 1);
}

static void
test_without_once_curl_repeats(void **state)
{
	struct state *s = *state;
	struct got g;

	/* The positive control: if curl ever stops repeating, the test above
	 * proves nothing any more. */
	g = fetch(s, s->plain, "/echo", (struct fetch_opts){.n = 0});
	buf_free(&g.body);
	s->asked = 0;
	g = fetch(
	    s, s->plain, "/drop", (struct fetch_opts){.body = "pay", .n = 3});
	assert_int_equal(g.outcome, FETCH_UNKNOWN);
	assert_int_equal(s->asked, 2);
	buf_free(&g.body);
}

/* Answers one request, reads another and goes away for good. */
struct liar {
	struct loop *loop;
	int listen_fd, fd, seen;
	struct io *accepting, *reading;
	char url[64];
};

static void
liar_on_read(void *arg)
{
	static const char ok[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
	struct liar *l = arg;
	char b[4096];

	if (read(l->fd, b, sizeof(b)) <= 0)
		return;
	if (l->seen++ == 0) {
		assert_int_equal(write(l->fd, ok, strlen(ok)), strlen(ok));
		return;
	}
	io_free(l->reading);
	io_free(l->accepting);
	close(l->listen_fd);
	close(l->fd);
}

static void
liar_on_accept(void *arg)
{
	struct liar *l = arg;

	l->fd = accept(l->listen_fd, NULL, NULL);
	l->reading = loop_read(l->loop, l->fd, liar_on_read, l);
}

static void
liar_start(struct liar *l, struct loop *loop)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	socklen_t n = sizeof(a);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	l->loop = loop;
	l->listen_fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(l->listen_fd, (struct sockaddr *)&a, n), 0);
	assert_int_equal(listen(l->listen_fd, 4), 0);
	getsockname(l->listen_fd, (struct sockaddr *)&a, &n);
	snprintf(
	    l->url, sizeof(l->url), "http://127.0.0.1:%d", ntohs(a.sin_port));
	l->accepting = loop_read(loop, l->listen_fd, liar_on_accept, l);
}

static void
test_swallowed_is_unknown(void **state)
{
	struct state *s = *state;
	struct liar l = {0};
	struct got g;

	/* curl's error is "could not connect", of its second try; the first
	 * may have been acted upon. */
	liar_start(&l, s->loop);
	g = fetch(s, l.url, "/", (struct fetch_opts){.n = 0});
	assert_int_equal(g.status, 200);
	buf_free(&g.body);
	g = fetch(s, l.url, "/", (struct fetch_opts){.body = "a", .n = 1});
	assert_int_equal(l.seen, 2);
	assert_int_equal(g.outcome, FETCH_UNKNOWN);
	buf_free(&g.body);
}

/* Cancels another and starts a new one from inside done. */
struct chain {
	struct state *s;
	struct fetch_req *victim;
	struct got next;
	char *url;
	bool end;
};

static void
chain_done(const struct fetch_res *res, void *arg)
{
	struct chain *c = arg;
	struct fetch_opts o = {.url = c->url, .done = on_done, .arg = &c->next};

	assert_int_equal(res->outcome, FETCH_ANSWERED);
	fetch_cancel(c->victim);
	fetch_start(c->s->fetch, &o);
}

static void
chain_end(const struct fetch_res *res, void *arg)
{
	struct chain *c = arg;

	(void)res;
	fetch_free(c->s->fetch);
	c->s->fetch = NULL;
	c->end = true;
}

static void
never(const struct fetch_res *res, void *arg)
{
	(void)res;
	(void)arg;
	fail_msg("a cancelled request called back");
}

static void
test_inside_done(void **state)
{
	struct state *s = *state;
	struct chain c = {.s = s};
	char *hold = x_sprintf("%s/hold", s->plain);
	struct fetch_opts o = {.url = hold, .done = never};

	c.url = x_sprintf("%s/echo", s->plain);
	c.victim = fetch_start(s->fetch, &o);
	while (s->held == NULL)
		loop_turn(s->loop, 10);
	o = (struct fetch_opts){.url = c.url, .done = chain_done, .arg = &c};
	fetch_start(s->fetch, &o);
	wait_for(s, &c.next.done);
	assert_int_equal(c.next.status, 200);
	httpd_reply(s->held, 200, NULL, "", 0);

	o = (struct fetch_opts){.url = hold, .done = never};
	fetch_start(s->fetch, &o);
	o = (struct fetch_opts){.url = "nonsense:", .done = never};
	fetch_cancel(fetch_start(s->fetch, &o));
	o = (struct fetch_opts){.url = c.url, .done = chain_end, .arg = &c};
	fetch_start(s->fetch, &o);
	wait_for(s, &c.end);
	buf_free(&c.next.body);
	x_free(c.url);
	x_free(hold);
}

static void
test_escape(void **state)
{
	struct buf b = {0};

	(void)state;
	fetch_escape(&b, "a b/窓&~._-");
	assert_string_equal(b.p, "a%20b%2F%E7%AA%93%26~._-");
	buf_free(&b);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(test_answers),
	    T(test_headers_are_ours_alone),
	    T(test_redirect_is_not_followed),
	    T(test_other_protocols_are_refused),
	    T(test_unix_and_proxy),
	    T(test_certificates),
	    T(test_to_file),
	    T(test_cap),
	    T(test_timeout),
	    T(test_nobody_listens),
	    T(test_once_is_sent_once),
	    T(test_without_once_curl_repeats),
	    T(test_swallowed_is_unknown),
	    T(test_inside_done),
	    cmocka_unit_test(test_escape),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
