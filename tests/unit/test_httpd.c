/*
 * The HTTP server: requests, bodies, answers and refusals, by a raw client on
 * the same loop.
 */
#include "httpd_client.h"

#define GET(path) "GET " path " HTTP/1.1\r\nHost: desk\r\n\r\n"

static void
test_answer(void **state)
{
	struct state *s = *state;
	struct client c = dial(s);

	say(&c, GET("/?q=1"));
	hear(&c, "\r\n\r\n1");
	assert_int_equal(strncmp(c.in.p, "HTTP/1.1 200 OK\r\nDate: ", 23), 0);
	assert_int_equal(heard(&c, " GMT\r\n"), 1);
	assert_int_equal(heard(&c, "\r\nContent-Type: text/plain\r\n"), 1);
	assert_int_equal(heard(&c, "\r\nContent-Length: 1\r\n"), 1);
	assert_int_equal(heard(&c, "\r\nCache-Control: no-store\r\n"), 1);
	assert_int_equal(heard(&c, "Connection"), 0);
	forget(&c);
	/* The same connection: no body, but its length. */
	say(&c, "HEAD /?q=absent HTTP/1.1\r\nHost: desk\r\n\r\n" GET("/empty"));
	hear(&c, "204 No Content");
	hear(&c, "no-store\r\n\r\n");
	assert_int_equal(heard(&c, "Content-Length: 6\r\n"), 1);
	assert_int_equal(heard(&c, "Content-Length"), 1);
	assert_null(strstr(c.in.p, "absent"));
	forget(&c);
	say(&c, GET("/err"));
	hear(&c, "\"code\":\"not_signed_in\"}");
	assert_int_equal(heard(&c, "HTTP/1.1 401 Unauthorized"), 1);
	assert_int_equal(heard(&c, "application/problem+json"), 1);
	assert_int_equal(heard(&c, "WWW-Authenticate: Bearer"), 1);
	assert_int_equal(heard(&c, "who are you?"), 1);
	assert_int_equal(httpd_stats(s->httpd).requests, 4);
	assert_int_equal(httpd_stats(s->httpd).conns, 1);
	hang_up(&c);
	wait_conns(s, 0);
}

static void
test_headers_cannot_be_split(void **state)
{
	struct state *s = *state;
	struct client c = dial(s);

	say(&c, GET("/headers"));
	hear(&c, "\r\n\r\n");
	assert_int_equal(heard(&c, "\r\nX-Bad: a  X-Worse: b \r\n"), 1);
	assert_int_equal(heard(&c, "\r\nCache-Control: max-age=60\r\n"), 1);
	assert_int_equal(heard(&c, "no-store"), 0);
	hang_up(&c);
}

static void
test_query(void **state)
{
	struct state *s = *state;
	struct client c = dial(s);

	say(&c, GET("/?p=1&q=%e7%AA%93+x"));
	hear(&c, "\xe7\xaa\x93 x");
	forget(&c);
	say(&c, GET("/?q=a%00b%ffc"));
	hear(&c,
	    "\r\n\r\na\xef\xbf\xbd"
	    "b\xef\xbf\xbd"
	    "c");
	hang_up(&c);
}

static void
test_pipelining_in_order(void **state)
{
	struct state *s = *state;
	struct client c = dial(s);

	say(&c, GET("/hold") GET("/?q=second") GET("/hold") GET("/?q=last"));
	settle(s);
	/* One at a time is with the handler. */
	assert_int_equal(s->asked, 1);
	assert_int_equal(c.in.n, 0);
	reply_text(s->held[0], "first");
	wait_asked(s, 3);
	assert_string_equal(s->said.p, "GET /hold\nGET /\nGET /hold\n");
	reply_text(s->held[1], "third");
	hear(&c, "last");
	assert_true(strstr(c.in.p, "first") < strstr(c.in.p, "second"));
	assert_true(strstr(c.in.p, "second") < strstr(c.in.p, "third"));
	assert_true(strstr(c.in.p, "third") < strstr(c.in.p, "last"));
	hang_up(&c);
}

static void
test_many_pipelined(void **state)
{
	enum { MANY = 5000 };
	struct state *s = *state;
	struct client c = dial(s);
	struct buf b = {0};

	/* Far more than is read ahead, and no recursion for each. */
	for (int i = 0; i < MANY; i++)
		buf_puts(&b, GET("/"));
	say_bytes(&c, b.p, b.n);
	wait_asked(s, MANY);
	for (int i = 0; i < TURNS_MAX && heard(&c, "ok") < MANY; i++)
		if (!hear_some(&c))
			loop_turn(s->loop, 1);
	assert_int_equal(heard(&c, "\r\n\r\nok"), MANY);
	buf_free(&b);
	hang_up(&c);
}

static void
test_half_closed_is_answered(void **state)
{
	struct state *s = *state;
	struct client c = dial(s);

	say(&c, GET("/hold") GET("/?q=two") "GET /cut");
	shutdown(c.fd, SHUT_WR);
	wait_asked(s, 1);
	settle(s);
	assert_int_equal(s->gone, 1);
	reply_text(s->held[0], "one");
	hear_end(&c);
	assert_int_equal(heard(&c, "one"), 1);
	assert_int_equal(heard(&c, "two"), 1);
	assert_int_equal(s->asked, 2);
	wait_conns(s, 0);
	hang_up(&c);
}

static void
test_bodies(void **state)
{
	static const char chunked[] =
	    "POST /echo HTTP/1.1\r\nHost: desk\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n"
	    "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nX-Sum: 1\r\n\r\n";
	static const char sized[] = "POST /echo HTTP/1.1\r\nHost: desk\r\n"
				    "Content-Length: 7\r\n\r\nabcdefg";
	static const char nul[] = "POST /echo HTTP/1.1\r\nHost: desk\r\n"
				  "Content-Length: 3\r\n\r\na\0b";
	const char *const both[] = {chunked, sized};
	struct state *s = *state;
	struct client c = dial(s);

	for (int i = 0; i < 2; i++) {
		say(&c, both[i]);
		hear(&c, "\r\n\r\nabcdefg");
		forget(&c);
		for (const char *p = both[i]; *p != '\0'; p++) {
			say_bytes(&c, p, 1);
			loop_turn(s->loop, 1);
		}
		hear(&c, "\r\n\r\nabcdefg");
		forget(&c);
	}
	assert_string_equal(s->said.p,
	    "POST /echo 7\nPOST /echo 7\nPOST /echo 7\nPOST /echo 7\n");
	say_bytes(&c, nul, sizeof(nul) - 1);
	hear(&c, "Content-Length: 3");
	hang_up(&c);
}

static void
test_large_bodies(void **state)
{
	enum { N = 1024 * 1024 };
	struct state *s = *state;
	struct client c = dial(s);
	char *p = x_calloc(1, N), *head;

	memset(p, 'y', N);
	say(&c,
	    "POST /echo HTTP/1.1\r\nHost: d\r\nContent-Length: 1048576"
	    "\r\n\r\n");
	say_bytes(&c, p, N);
	wait_asked(s, 1);
	for (int i = 0; i < TURNS_MAX && c.in.n < N; i++)
		if (!hear_some(&c))
			loop_turn(s->loop, 1);
	head = strstr(c.in.p, "\r\n\r\n");
	hear_bytes(&c, (head - c.in.p) + 4 + N);
	assert_memory_equal(strstr(c.in.p, "\r\n\r\n") + 4, p, N);
	x_free(p);
	hang_up(&c);
}

static void
test_expect(void **state)
{
	struct state *s = *state;
	struct client c = dial(s);

	say(&c,
	    "POST /echo HTTP/1.1\r\nHost: d\r\nContent-Length: 2\r\n"
	    "Expect: 100-continue\r\n\r\n");
	hear(&c, "HTTP/1.1 100 Continue\r\n\r\n");
	forget(&c);
	say(&c, "hi");
	hear(&c, "\r\n\r\nhi");
	hang_up(&c);
	/* Too large is said before it is sent. */
	c = dial(s);
	say(&c,
	    "POST /echo HTTP/1.1\r\nHost: d\r\nContent-Length: 99999999"
	    "\r\nExpect: 100-continue\r\n\r\n");
	hear_end(&c);
	assert_int_equal(heard(&c, "100 Continue"), 0);
	assert_int_equal(heard(&c, "HTTP/1.1 413 "), 1);
	hang_up(&c);
}

static void
test_http10(void **state)
{
	struct state *s = *state;
	struct client c = dial(s);

	say(&c,
	    "GET /?q=a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
	    "GET /?q=b HTTP/1.0\r\n\r\n" GET("/never"));
	hear_end(&c);
	assert_int_equal(heard(&c, "Connection: keep-alive\r\n"), 1);
	assert_int_equal(heard(&c, "Connection: close\r\n"), 1);
	assert_int_equal(s->asked, 2);
	hang_up(&c);
}

static void
test_connection_close(void **state)
{
	struct state *s = *state;
	struct client c = dial(s);

	say(&c,
	    "GET / HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n" GET(
		"/never"));
	hear_end(&c);
	assert_int_equal(heard(&c, "Connection: close\r\n"), 1);
	assert_int_equal(s->asked, 1);
	hang_up(&c);
	wait_conns(s, 0);
}

/* What is refused, and that nothing behind it is read as a request. */
static void
test_refusals(void **state)
{
	static const struct {
		const char *say, *hear;
	} rows[] = {
	    {"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 Bad Request"},
	    {"GET / HTTP/1.1\nHost: d\n\n", "HTTP/1.1 400 "},
	    {"GET /../etc HTTP/1.1\r\nHost: d\r\n\r\n", "HTTP/1.1 400 "},
	    {"POST / HTTP/1.1\r\nHost: d\r\nContent-Length: 4\r\n"
	     "Content-Length: 60\r\n\r\nabcd",
		"HTTP/1.1 400 "},
	    {"POST / HTTP/1.1\r\nHost: d\r\nContent-Length: 4\r\n"
	     "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"HTTP/1.1 400 "},
	    {"POST / HTTP/1.1\r\nHost: d\r\n"
	     "Transfer-Encoding: chunked\r\n\r\n1\nx\n0\n\n",
		"HTTP/1.1 400 "},
	    {"POST / HTTP/1.1\r\nHost: d\r\n"
	     "Transfer-Encoding: gzip, chunked\r\n\r\n",
		"HTTP/1.1 501 Not Implemented"},
	    {"POST / HTTP/1.1\r\nHost: d\r\nContent-Length: 1048577\r\n"
	     "\r\n",
		"HTTP/1.1 413 Content Too Large"},
	    {"POST / HTTP/1.1\r\nHost: d\r\n"
	     "Transfer-Encoding: chunked\r\n\r\n100001\r\n",
		"HTTP/1.1 413 "},
	    {"GET / HTTP/2.0\r\n\r\n", "HTTP/1.1 505 "},
	};
	struct state *s = *state;
	struct client c;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		c = dial(s);
		say(&c, rows[i].say);
		say(&c, GET("/smuggled"));
		hear_end(&c);
		assert_int_equal(heard(&c, rows[i].hear), 1);
		assert_int_equal(heard(&c, "HTTP/1.1 "), 1);
		assert_int_equal(heard(&c, "Connection: close\r\n"), 1);
		hang_up(&c);
	}
	assert_int_equal(s->asked, 0);
	assert_int_equal(
	    httpd_stats(s->httpd).refused, sizeof(rows) / sizeof(*rows));
	wait_conns(s, 0);
}

static void
test_head_too_large(void **state)
{
	struct state *s = *state;
	struct client c = dial(s);
	struct buf b = {0};

	buf_puts(&b, "GET / HTTP/1.1\r\nHost: d\r\nX: ");
	while (b.n < 20000)
		buf_putc(&b, 'x');
	say_bytes(&c, b.p, b.n);
	hear_end(&c);
	assert_int_equal(heard(&c, "HTTP/1.1 431 "), 1);
	buf_free(&b);
	hang_up(&c);
}

/* A client that goes on sending still gets to read why it was refused. */
static void
test_refusal_reaches_sender(void **state)
{
	struct state *s = *state;
	struct client c = dial(s);
	char *p = x_calloc(1, BIG_B);

	say(&c,
	    "POST / HTTP/1.1\r\nHost: d\r\nContent-Length: 3145728\r\n\r\n");
	say_bytes(&c, p, BIG_B);
	hear(&c, "\"code\":\"too_large\"}");
	x_free(p);
	hang_up(&c);
	wait_conns(s, 0);
}

static void
test_shared(void **state)
{
	enum { CLIENTS = 30, N = 300000 };
	struct state *s = *state;
	struct client c[CLIENTS];
	struct httpd_shared *sh;
	char *p = x_calloc(1, N);
	size_t head;

	memset(p, 'z', N);
	for (int i = 0; i < CLIENTS; i++) {
		c[i] = dial(s);
		say(&c[i], GET("/hold"));
	}
	wait_asked(s, CLIENTS);
	sh = httpd_shared_new(p, N);
	for (int i = 0; i < CLIENTS; i++)
		httpd_reply_shared(s->held[i], 200, "text/plain", sh);
	httpd_shared_unref(sh); /* the answers hold it */
	for (int i = 0; i < CLIENTS; i++) {
		hear(&c[i], "\r\n\r\n");
		head = strstr(c[i].in.p, "\r\n\r\n") + 4 - c[i].in.p;
		hear_bytes(&c[i], head + N);
		assert_memory_equal(c[i].in.p + head, p, N);
		/* and go on */
		forget(&c[i]);
		say(&c[i], GET("/"));
		hear(&c[i], "ok");
		hang_up(&c[i]);
	}
	x_free(p);
}

static void
test_large_answers(void **state)
{
	const char *const paths[] = {GET("/big"), GET("/file")};
	struct state *s = *state;
	struct client c = dial(s);
	size_t head;

	for (int i = 0; i < 2; i++) {
		say(&c, paths[i]);
		say(&c, GET("/?q=after"));
		hear(&c, "Content-Length: 3145728\r\n");
		hear(&c, "\r\n\r\n");
		head = strstr(c.in.p, "\r\n\r\n") + 4 - c.in.p;
		for (int k = 0; k < TURNS_MAX && c.in.n < head + BIG_B; k++)
			if (!hear_some(&c))
				loop_turn(s->loop, 1);
		/* strstr() does not see past the file's NULs */
		for (int k = 0; k < 200; k++) {
			hear_some(&c);
			loop_turn(s->loop, 1);
			if (memcmp(c.in.p + c.in.n - 5, "after", 5) == 0)
				break;
		}
		assert_memory_equal(c.in.p + c.in.n - 5, "after", 5);
		assert_memory_equal(c.in.p + head + BIG_B, "HTTP/1.1 ", 9);
		forget(&c);
	}
	/* A file that is shorter than it was: the answer is not whole. */
	say(&c, GET("/short"));
	hear_end(&c);
	assert_true(c.in.n < head + BIG_B);
	hang_up(&c);
	c = dial(s);
	say(&c, "HEAD /file HTTP/1.1\r\nHost: d\r\n\r\n" GET("/?q=next"));
	hear(&c, "next");
	assert_true(c.in.n < 1000);
	hang_up(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(test_answer),
	    T(test_headers_cannot_be_split),
	    T(test_query),
	    T(test_pipelining_in_order),
	    T(test_many_pipelined),
	    T(test_half_closed_is_answered),
	    T(test_bodies),
	    T(test_large_bodies),
	    T(test_expect),
	    T(test_http10),
	    T(test_connection_close),
	    T(test_refusals),
	    T(test_head_too_large),
	    T(test_refusal_reaches_sender),
	    T(test_shared),
	    T(test_large_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
