/*
 * The HTTP server's sockets: unix and TCP, who the peer is, the caps.
 */
#include "httpd_client.h"

/* For the count by address: loopback clients are free of it. */
#include "../../src/lib/httpd_listen.c"

#define GET(path) "GET " path " HTTP/1.1\r\nHost: desk\r\n\r\n"

static void
test_conns_max(void **state)
{
	struct state *s = *state;
	struct client a, b, c;

	start(s, (struct httpd_opts){.conns_max = 2}, "127.0.0.1:0");
	a = dial(s);
	b = dial(s);
	wait_conns(s, 2);
	c = dial(s);
	hear_end(&c);
	assert_int_equal(httpd_stats(s->httpd).refused, 1);
	hang_up(&a);
	wait_conns(s, 1);
	hang_up(&c);
	c = dial(s);
	say(&c, GET("/"));
	hear(&c, "ok");
	hang_up(&b);
	hang_up(&c);
}

static void
test_unix(void **state)
{
	struct state *s = *state;
	struct err e = {0};
	struct client c;
	char where[120];

	snprintf(where, sizeof(where), "unix:%s/sock", s->dir);
	start(s, (struct httpd_opts){.conns_max = 0}, where);
	assert_string_equal(s->url, where);
	c = dial(s);
	say(&c, GET("/hold"));
	wait_asked(s, 1);
	assert_string_equal(httpd_peer(s->held[0]), "unix");
	assert_true(httpd_peer_is_loopback(s->held[0]));
	assert_int_equal(httpd_peer_uid(s->held[0]), getuid());
	assert_int_equal(httpd_tag(s->held[0]), 7);
	reply_text(s->held[0], "ok");
	hear(&c, "ok");
	hang_up(&c);
	/* Served: refused. Closed: removed. */
	assert_int_equal(httpd_listen(s->httpd, where, NULL, 0, NULL, &e), -1);
	assert_int_equal(e.code, ERR_CONFLICT);
	assert_int_equal(access(where + 5, F_OK), 0);
	httpd_free(s->httpd);
	s->httpd = NULL;
	assert_int_equal(access(where + 5, F_OK), -1);
}

/* Whoever has connected when the end comes is answered. */
static void
test_unix_drain(void **state)
{
	struct state *s = *state;
	static const char get[] = GET("/");
	struct client taken, early;
	char where[120];

	snprintf(where, sizeof(where), "unix:%s/sock", s->dir);
	start(s, (struct httpd_opts){.conns_max = 0}, where);
	taken = dial(s);
	settle(s);
	early = dial(s); /* in the kernel's queue, not accepted yet */
	assert_true(write(taken.fd, get, strlen(get)) > 0);
	assert_true(write(early.fd, get, strlen(get)) > 0);
	httpd_drain(s->httpd, 60000, on_drained, s);
	hear(&early, "ok");
	hear_end(&early);
	hear(&taken, "ok");
	hear_end(&taken);
	wait_drained(s);
	assert_int_equal(access(where + 5, F_OK), -1);
	hang_up(&early);
	hang_up(&taken);
}

static void
test_stale_socket(void **state)
{
	struct state *s = *state;
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	struct client c;
	char where[120];
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(where, sizeof(where), "unix:%s/sock", s->dir);
	memcpy(un.sun_path, where + 5, strlen(where + 5));
	assert_int_equal(bind(fd, (struct sockaddr *)&un, sizeof(un)), 0);
	close(fd);
	start(s, (struct httpd_opts){.conns_max = 0}, where);
	c = dial(s);
	say(&c, GET("/"));
	hear(&c, "ok");
	hang_up(&c);
}

static void
test_listen_errors(void **state)
{
	static const char *const bad[] = {"", "127.0.0.1", "127.0.0.1:", ":1",
	    "127.0.0.1:x", "no.such.host.invalid:1", "unix:/no/such/dir/s"};
	struct state *s = *state;
	struct err e;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		err_clear(&e);
		assert_int_equal(
		    httpd_listen(s->httpd, bad[i], NULL, 0, NULL, &e), -1);
		assert_int_not_equal(e.code, ERR_NONE);
		assert_non_null(strstr(e.msg, "listen on "));
	}
	/* Somebody else's */
	assert_int_equal(httpd_listen(s->httpd, s->url + strlen("http://"),
			     NULL, 0, NULL, &e),
	    -1);
	assert_non_null(strstr(e.msg, "in use"));
}

static void
test_forwarded_for(void **state)
{
	static const char *const trusted[] = {"127.0.0.1", "2001:db8::5", NULL};
	static const struct {
		const char *head, *peer, *loopback;
	} rows[] = {
	    {"", "127.0.0.1", "yes"},
	    {"X-Forwarded-For: 192.0.2.1\r\n", "192.0.2.1", "no"},
	    {"X-Forwarded-For: 192.0.2.9, 192.0.2.1\r\n", "192.0.2.1", "no"},
	    {"X-Forwarded-For: 192.0.2.1 ,\t127.0.0.1\r\n", "192.0.2.1", "no"},
	    {"X-Forwarded-For: 192.0.2.1, 2001:db8::5\r\n", "192.0.2.1", "no"},
	    {"X-Forwarded-For: 192.0.2.1\r\n"
	     "x-forwarded-for: 2001:db8::9\r\n",
		"2001:db8::9", "no"},
	    {"X-Forwarded-For: 192.0.2.1\r\n"
	     "X-Forwarded-For: 127.0.0.1\r\n",
		"192.0.2.1", "no"},
	    {"X-Forwarded-For: 127.0.0.1\r\n", "127.0.0.1", "yes"},
	    {"X-Forwarded-For: 127.0.0.2\r\n", "127.0.0.2", "yes"},
	    {"X-Forwarded-For: 192.0.2.1, unknown\r\n", "127.0.0.1", "yes"},
	    {"X-Forwarded-For: ,\r\n", "127.0.0.1", "yes"},
	};
	struct state *s = *state;
	struct client c;
	char *text;

	start(
	    s, (struct httpd_opts){.trusted_proxies = trusted}, "127.0.0.1:0");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		c = dial(s);
		text = x_sprintf("GET /peer HTTP/1.0\r\n%s\r\n", rows[i].head);
		say(&c, text);
		hear_end(&c);
		assert_string_equal(
		    strstr(c.in.p, "\r\n\r\n") + 4, rows[i].peer);
		assert_non_null(
		    strstr(strstr(c.in.p, "X-Loopback: "), rows[i].loopback));
		x_free(text);
		hang_up(&c);
	}
	start(s, (struct httpd_opts){.conns_max = 0}, "127.0.0.1:0");
	c = dial(s);
	say(&c, "GET /peer HTTP/1.0\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n");
	hear_end(&c);
	assert_non_null(strstr(c.in.p, "\r\n\r\n127.0.0.1"));
	hang_up(&c);
}

static struct httpd_addr
addr(const char *text)
{
	struct httpd_addr a;

	assert_true(httpd_addr_parse(text, strlen(text), &a));
	return a;
}

static void
test_count_by_address(void **state)
{
	static const char *const neighbours[] = {
	    "2001:db8::1", "2001:db8::2", "2001:db8:0:0:ffff::"};
	struct state *s = *state;
	struct httpd *h = s->httpd;
	struct httpd_addr a = addr("192.0.2.1"), b = addr("192.0.2.2");
	struct httpd_count *first, *n[3];

	h->o.conns_per_addr_max = 2;
	first = count_take(h, &a);
	assert_non_null(first);
	assert_ptr_equal(count_take(h, &a), first);
	assert_null(count_take(h, &a));
	n[0] = count_take(h, &b);
	assert_non_null(n[0]);
	httpd_count_drop(n[0]);
	httpd_count_drop(first);
	assert_ptr_equal(count_take(h, &a), first);
	httpd_count_drop(first);
	httpd_count_drop(first);
	httpd_count_drop(NULL);
	/* One /64 is one. */
	for (int i = 0; i < 3; i++) {
		a = addr(neighbours[i]);
		n[i] = count_take(h, &a);
	}
	assert_ptr_equal(n[0], n[1]);
	assert_null(n[2]);
	a = addr("2001:db8:0:1::1");
	n[2] = count_take(h, &a);
	assert_non_null(n[2]);
	for (int i = 0; i < 3; i++)
		httpd_count_drop(n[i]);
	for (int i = 0; i < HTTPD_COUNT_BUCKETS; i++)
		assert_true(LIST_EMPTY(&h->counts[i]));
}

static void
test_addresses(void **state)
{
	static const char *const bad[] = {"", "1.2.3", "1.2.3.4.5", "x",
	    "1.2.3.4:80", "[::1]", "::1%lo", "01.2.3.4",
	    "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa"};
	struct httpd_addr a;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(httpd_addr_parse(bad[i], strlen(bad[i]), &a));
	a = addr("127.9.9.9");
	assert_true(httpd_addr_is_loopback(&a));
	a = addr("::1");
	assert_true(httpd_addr_is_loopback(&a));
	a = addr("::ffff:127.0.0.1");
	assert_true(httpd_addr_is_loopback(&a));
	assert_true(httpd_addr_is_v4(&a));
	a = addr("128.0.0.1");
	assert_false(httpd_addr_is_loopback(&a));
	a = addr("::2");
	assert_false(httpd_addr_is_loopback(&a));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(test_conns_max),
	    T(test_unix),
	    T(test_unix_drain),
	    T(test_stale_socket),
	    T(test_listen_errors),
	    T(test_forwarded_for),
	    T(test_count_by_address),
	    T(test_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
