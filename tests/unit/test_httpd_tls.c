/*
 * The HTTP server by TLS: a raw OpenSSL client on the same loop.
 */
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include "httpd_client.h"

#define GET(path) "GET " path " HTTP/1.1\r\nHost: desk\r\n\r\n"

/* The newest ticket of a connection, for the next. */
static SSL_SESSION *ticket;

static int
setup_tls(void **state)
{
	struct err e = {0};
	struct state *s;

	setup(state);
	s = *state;
	if (httpd_tls_self_signed(s->cert, s->key, "127.0.0.1", &e) == -1)
		fail_msg("%s", e.msg);
	s->tls = httpd_tls_new(s->cert, s->key, &e);
	if (s->tls == NULL)
		fail_msg("%s", e.msg);
	start(s, (struct httpd_opts){.conns_max = 0}, "127.0.0.1:0");
	return 0;
}

static int
teardown_tls(void **state)
{
	SSL_SESSION_free(ticket);
	ticket = NULL;
	return teardown(state);
}

static int
on_ticket(SSL *ssl, SSL_SESSION *session)
{
	(void)ssl;
	SSL_SESSION_free(ticket);
	ticket = session;
	return 1;
}

static bool
shake_hands(struct client *c)
{
	int r;

	for (int i = 0; i < TURNS_MAX; i++) {
		r = SSL_connect(c->ssl);
		if (r == 1)
			return true;
		if (SSL_get_error(c->ssl, r) != SSL_ERROR_WANT_READ)
			return false;
		loop_turn(c->s->loop, 1);
	}
	return false;
}

/* A connection that trusts the certificate file, at most of that version. */
static struct client
dial_tls(struct state *s, SSL_SESSION *session, int version)
{
	struct client c = dial(s);

	c.ctx = SSL_CTX_new(TLS_client_method());
	SSL_CTX_set_max_proto_version(c.ctx, version);
	SSL_CTX_set_min_proto_version(c.ctx, TLS1_VERSION);
	SSL_CTX_set_security_level(c.ctx, 0);
	SSL_CTX_set_session_cache_mode(
	    c.ctx, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
	SSL_CTX_sess_set_new_cb(c.ctx, on_ticket);
	SSL_CTX_load_verify_file(c.ctx, s->cert);
	SSL_CTX_set_verify(c.ctx, SSL_VERIFY_PEER, NULL);
	c.ssl = SSL_new(c.ctx);
	X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(c.ssl), "127.0.0.1");
	SSL_set_fd(c.ssl, c.fd);
	if (session != NULL)
		SSL_set_session(c.ssl, session);
	return c;
}

static struct client
connect_tls(struct state *s, SSL_SESSION *session, int version)
{
	struct client c = dial_tls(s, session, version);

	assert_true(shake_hands(&c));
	return c;
}

static void
test_answers(void **state)
{
	static const int versions[] = {TLS1_3_VERSION, TLS1_2_VERSION};
	struct state *s = *state;
	struct client c;

	assert_int_equal(strncmp(s->url, "https://127.0.0.1:", 18), 0);
	for (int i = 0; i < 2; i++) {
		c = connect_tls(s, NULL, versions[i]);
		assert_int_equal(SSL_version(c.ssl), versions[i]);
		say(&c, GET("/") GET("/?q=two"));
		hear(&c, "ok");
		hear(&c, "two");
		forget(&c);
		say(&c,
		    "POST /echo HTTP/1.1\r\nHost: d\r\n"
		    "Content-Length: 3\r\nConnection: close\r\n\r\nabc");
		hear_end(&c);
		assert_int_equal(heard(&c, "\r\n\r\nabc"), 1);
		/* Said goodbye, not cut off. */
		assert_true(SSL_get_shutdown(c.ssl) & SSL_RECEIVED_SHUTDOWN);
		hang_up(&c);
	}
	wait_conns(s, 0);
}

static void
test_old_versions_are_refused(void **state)
{
	struct state *s = *state;
	struct client c = dial_tls(s, NULL, TLS1_1_VERSION);

	assert_false(shake_hands(&c));
	hang_up(&c);
	wait_conns(s, 0);
}

static void
test_not_tls_at_all(void **state)
{
	struct state *s = *state;
	struct client c = dial(s);

	say(&c, GET("/"));
	hear_end(&c);
	assert_int_equal(s->asked, 0);
	hang_up(&c);
	wait_conns(s, 0);
}

static void
test_handshake_has_a_deadline(void **state)
{
	struct state *s = *state;
	struct client c;

	start(s, (struct httpd_opts){.deadline_ms = 100}, "127.0.0.1:0");
	c = dial(s);
	say(&c, "\x16\x03\x01");
	hear_end(&c);
	hang_up(&c);
	wait_conns(s, 0);
}

static void
test_large(void **state)
{
	struct state *s = *state;
	const char *const paths[] = {GET("/big"), GET("/file"), GET("/shared")};
	struct client c = connect_tls(s, NULL, TLS1_3_VERSION);
	char *p = x_calloc(1, BIG_B);
	size_t head;

	s->shared = httpd_shared_new(p, BIG_B);
	for (int i = 0; i < 3; i++) {
		say(&c, paths[i]);
		hear(&c, "\r\n\r\n");
		head = strstr(c.in.p, "\r\n\r\n") + 4 - c.in.p;
		hear_bytes(&c, head + BIG_B);
		forget(&c);
	}
	/* And the other way, chunked and sized. */
	say(&c,
	    "POST /echo HTTP/1.1\r\nHost: d\r\nContent-Length: 1000000"
	    "\r\n\r\n");
	say_bytes(&c, p, 1000000);
	wait_asked(s, 4);
	hear(&c, "Content-Length: 1000000\r\n");
	head = strstr(c.in.p, "\r\n\r\n") + 4 - c.in.p;
	hear_bytes(&c, head + 1000000);
	forget(&c);
	say(&c,
	    "POST /echo HTTP/1.1\r\nHost: d\r\n"
	    "Transfer-Encoding: chunked\r\n\r\nf4240\r\n");
	say_bytes(&c, p, 1000000);
	say(&c, "\r\n0\r\n\r\n");
	wait_asked(s, 5);
	hear(&c, "Content-Length: 1000000\r\n");
	x_free(p);
	hang_up(&c);
	wait_conns(s, 0);
}

static void
test_gone(void **state)
{
	struct state *s = *state;
	struct client c = connect_tls(s, NULL, TLS1_3_VERSION);

	say(&c, GET("/hold"));
	wait_asked(s, 1);
	hang_up(&c); /* without a goodbye */
	for (int i = 0; i < TURNS_MAX && s->gone == 0; i++)
		loop_turn(s->loop, 1);
	assert_int_equal(s->gone, 1);
	reply_text(s->held[0], "nobody hears");
	wait_conns(s, 0);

	c = connect_tls(s, NULL, TLS1_3_VERSION);
	say(&c, GET("/hold"));
	wait_asked(s, 2);
	SSL_shutdown(c.ssl);
	for (int i = 0; i < TURNS_MAX && s->gone == 1; i++)
		loop_turn(s->loop, 1);
	assert_int_equal(s->gone, 2);
	reply_text(s->held[1], "nobody hears");
	hang_up(&c);
	wait_conns(s, 0);
}

/* More than is read ahead, then bytes that are no TLS: the connection ends
 * while requests of it are being read. */
static void
test_garbage_behind_requests(void **state)
{
	struct state *s = *state;
	struct client c = connect_tls(s, NULL, TLS1_3_VERSION);
	struct buf b = {0};
	char junk[4096];

	memset(junk, 0x17, sizeof(junk));
	buf_puts(&b, GET("/hold"));
	for (int i = 0; i < 4000; i++)
		buf_puts(&b, GET("/"));
	say_bytes(&c, b.p, b.n);
	send(c.fd, junk, sizeof(junk), MSG_NOSIGNAL);
	wait_asked(s, 1);
	settle(s);
	reply_text(s->held[0], "go on");
	wait_conns(s, 0);
	assert_true(s->asked > 1);
	buf_free(&b);
	hang_up(&c);
}

/* Was the session of the last connection taken up again? */
static bool
resumes(struct state *s)
{
	SSL_SESSION *session = ticket;
	struct client c;
	bool yes;

	ticket = NULL;
	c = connect_tls(s, session, TLS1_3_VERSION);
	yes = SSL_session_reused(c.ssl);
	say(&c, GET("/"));
	hear(&c, "ok");
	SSL_SESSION_free(session);
	SSL_shutdown(c.ssl); /* or OpenSSL spoils the ticket */
	hang_up(&c);
	return yes;
}

static void
test_tickets_and_reload(void **state)
{
	struct state *s = *state;
	struct err e = {0};
	char *old_key, *moved = x_sprintf("%s.old", s->cert);

	assert_false(resumes(s));
	assert_non_null(ticket);
	assert_true(resumes(s));
	/* The same ticket keys after a reload. */
	assert_int_equal(httpd_tls_reload(s->tls, &e), 0);
	assert_true(resumes(s));

	/* A bad pair: refused, the old one stays. */
	old_key = x_sprintf("%s.old", s->key);
	assert_int_equal(rename(s->key, old_key), 0);
	assert_int_equal(httpd_tls_reload(s->tls, &e), -1);
	assert_non_null(strstr(e.msg, s->key));
	assert_true(resumes(s));

	/* A new pair: new connections get it. */
	assert_int_equal(rename(s->cert, moved), 0);
	assert_int_equal(
	    httpd_tls_self_signed(s->cert, s->key, "127.0.0.1", &e), 0);
	SSL_SESSION_free(ticket);
	ticket = NULL;
	assert_int_equal(httpd_tls_reload(s->tls, &e), 0);
	assert_false(resumes(s)); /* trusts the new file alone */
	x_free(moved);
	x_free(old_key);
}

static void
test_self_signed(void **state)
{
	struct state *s = *state;
	char cert[120], key[120];
	struct err e = {0};
	struct stat st, again;
	X509 *x = NULL;
	FILE *f;

	snprintf(cert, sizeof(cert), "%s/c", s->dir);
	snprintf(key, sizeof(key), "%s/k", s->dir);
	assert_int_equal(
	    httpd_tls_self_signed(cert, key, "desk.example", &e), 0);
	assert_int_equal(stat(key, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	f = fopen(cert, "r");
	assert_non_null(PEM_read_X509(f, &x, NULL, NULL));
	fclose(f);
	assert_int_equal(X509_check_host(x, "desk.example", 0, 0, NULL), 1);
	assert_int_equal(X509_check_host(x, "other.example", 0, 0, NULL), 0);
	assert_int_equal(X509_self_signed(x, 1), 1);
	assert_true(X509_cmp_current_time(X509_get0_notBefore(x)) < 0);
	X509_free(x);
	/* There: left alone. */
	assert_int_equal(
	    httpd_tls_self_signed(cert, key, "other.example", &e), 0);
	assert_int_equal(stat(key, &again), 0);
	assert_int_equal(again.st_ino, st.st_ino);
	/* Somebody's certificate is not replaced, a lonely key is. */
	unlink(key);
	assert_int_equal(
	    httpd_tls_self_signed(cert, key, "desk.example", &e), -1);
	assert_int_equal(access(key, F_OK), -1);
	assert_int_equal(access(cert, F_OK), 0);
	assert_int_equal(rename(cert, key), 0);
	assert_int_equal(
	    httpd_tls_self_signed(cert, key, "desk.example", &e), 0);
	assert_int_equal(access(cert, F_OK), 0);
	/* The wrong pair. */
	assert_null(httpd_tls_new(s->cert, key, &e));
	assert_int_equal(e.code, ERR_FAILED);
	assert_null(httpd_tls_new("no/such", key, &e));
	assert_non_null(strstr(e.msg, "No such file"));
}

#define TLS(name) cmocka_unit_test_setup_teardown(name, setup_tls, teardown_tls)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TLS(test_answers),
	    TLS(test_old_versions_are_refused),
	    TLS(test_not_tls_at_all),
	    TLS(test_handshake_has_a_deadline),
	    TLS(test_large),
	    TLS(test_gone),
	    TLS(test_garbage_behind_requests),
	    TLS(test_tickets_and_reload),
	    TLS(test_self_signed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
