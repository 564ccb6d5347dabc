/*
 * The HTTP server's connections: deadlines, clients that go away, draining,
 * freeing, and clients that do not read or send too much.
 */
#include "httpd_client.h"

#define GET(path) "GET " path " HTTP/1.1\r\nHost: desk\r\n\r\n"

static void
test_deadline(void **state)
{
	struct state *s = *state;
	struct client slow, silent, kept, waiting;

	start(s, (struct httpd_opts){.deadline_ms = 150}, "127.0.0.1:0");
	slow = dial(s);
	silent = dial(s);
	kept = dial(s);
	waiting = dial(s);
	say(&kept, GET("/"));
	say(&waiting, GET("/hold"));
	hear(&kept, "ok");
	/* Each byte in time, the request never whole. */
	for (int i = 0; i < TURNS_MAX && !slow.closed; i++) {
		say(&slow, i == 0 ? "G" : "E");
		loop_turn(s->loop, 5);
	}
	assert_true(slow.closed);
	assert_int_equal(heard(&slow, "HTTP/1.1 408 Request Timeout"), 1);
	hear_end(&silent);
	assert_int_equal(silent.in.n, 0);
	/* It is the request's time, not the connection's or the answer's. */
	assert_false(kept.closed);
	forget(&kept);
	say(&kept, "GET / HTTP/1.1\r\n");
	hear_end(&kept);
	assert_int_equal(heard(&kept, "HTTP/1.1 408 "), 1);
	reply_text(s->held[0], "late");
	hear(&waiting, "late");
	hang_up(&slow);
	hang_up(&silent);
	hang_up(&kept);
	hang_up(&waiting);
}

static void
test_deadline_of_body(void **state)
{
	struct state *s = *state;
	struct client c;

	start(s, (struct httpd_opts){.deadline_ms = 100}, "127.0.0.1:0");
	c = dial(s);
	say(&c, "POST / HTTP/1.1\r\nHost: d\r\nContent-Length: 9\r\n\r\nabc");
	hear_end(&c);
	assert_int_equal(heard(&c, "HTTP/1.1 408 "), 1);
	assert_int_equal(s->asked, 0);
	hang_up(&c);
}

static void
test_idle(void **state)
{
	struct state *s = *state;
	struct client c;

	start(s, (struct httpd_opts){.idle_ms = 100}, "127.0.0.1:0");
	c = dial(s);
	say(&c, GET("/"));
	hear_end(&c);
	assert_int_equal(heard(&c, "HTTP/1.1 "), 1);
	assert_int_equal(heard(&c, "HTTP/1.1 200"), 1);
	hang_up(&c);
	wait_conns(s, 0);
}

static void
reply_when_gone(void *arg)
{
	reply_text(arg, "too late");
}

static void
test_client_gone(void **state)
{
	struct state *s = *state;
	struct client c = dial(s);

	say(&c, GET("/hold"));
	wait_asked(s, 1);
	hang_up(&c);
	for (int i = 0; i < TURNS_MAX && s->gone == 0; i++)
		loop_turn(s->loop, 1);
	assert_int_equal(s->gone, 1);
	reply_text(s->held[0], "nobody hears");
	wait_conns(s, 0);
	assert_int_equal(s->gone, 1);

	/* A reset is seen too, and fn may answer. */
	c = dial(s);
	say(&c, GET("/hold"));
	wait_asked(s, 2);
	httpd_on_gone(s->held[1], reply_when_gone, s->held[1]);
	setsockopt(c.fd, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0},
	    sizeof(struct linger));
	hang_up(&c);
	wait_conns(s, 0);

	/* Nobody is told of a request that has its answer. */
	c = dial(s);
	say(&c, GET("/hold"));
	wait_asked(s, 3);
	reply_text(s->held[2], "in time");
	hang_up(&c);
	wait_conns(s, 0);
	assert_int_equal(s->gone, 1);
}

static void
test_drop(void **state)
{
	struct state *s = *state;
	struct client c = dial(s);

	say(&c, GET("/drop"));
	hear_end(&c);
	assert_int_equal(c.in.n, 0);
	hang_up(&c);
	c = dial(s);
	say(&c, GET("/hold") GET("/"));
	wait_asked(s, 2);
	httpd_drop(s->held[0]);
	hear_end(&c);
	assert_int_equal(c.in.n, 0);
	assert_int_equal(s->asked, 2);
	assert_int_equal(s->gone, 0);
	hang_up(&c);
	wait_conns(s, 0);
}

static void
test_drain(void **state)
{
	struct state *s = *state;
	struct client idle = dial(s), waiting = dial(s), begun = dial(s);
	int fd;

	say(&idle, GET("/"));
	hear(&idle, "ok");
	say(&waiting, GET("/hold") GET("/never"));
	say(&begun, "POST /echo HTTP/1.1\r\nHost: d\r\n");
	wait_asked(s, 2);
	settle(s);
	httpd_drain(s->httpd, 60000, on_drained, s);
	hear_end(&idle);
	/* Nobody is accepted any more. */
	fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(
	    connect(fd,
		(struct sockaddr *)&(struct sockaddr_in){.sin_family = AF_INET,
		    .sin_port = htons(atoi(strrchr(s->url, ':') + 1)),
		    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)},
		sizeof(struct sockaddr_in)),
	    -1);
	close(fd);
	settle(s);
	assert_false(s->drained);
	reply_text(s->held[0], "answered");
	hear_end(&waiting);
	assert_int_equal(heard(&waiting, "answered"), 1);
	assert_int_equal(heard(&waiting, "Connection: close\r\n"), 1);
	assert_false(s->drained);
	say(&begun, "Content-Length: 1\r\n\r\nx");
	hear_end(&begun);
	assert_int_equal(heard(&begun, "\r\n\r\nx"), 1);
	wait_drained(s);
	assert_int_equal(s->asked, 3);
	hang_up(&idle);
	hang_up(&waiting);
	hang_up(&begun);
}

static void
test_drain_of_nothing(void **state)
{
	struct state *s = *state;

	httpd_drain(s->httpd, 60000, on_drained, s);
	assert_false(s->drained); /* never from inside */
	wait_drained(s);
}

static void
test_drain_grace(void **state)
{
	struct state *s = *state;
	struct client c = dial(s);

	say(&c, GET("/hold"));
	wait_asked(s, 1);
	httpd_on_gone(s->held[0], reply_when_gone, s->held[0]);
	httpd_drain(s->httpd, 50, on_drained, s);
	wait_drained(s);
	hear_end(&c);
	assert_int_equal(c.in.n, 0);
	hang_up(&c);
}

static void
test_free_with_waiting(void **state)
{
	struct state *s = *state;
	struct client a = dial(s), b = dial(s), c = dial(s);

	say(&a, GET("/hold"));
	say(&b, GET("/hold"));
	say(&c, "GET / HT");
	wait_asked(s, 2);
	hang_up(&b);
	settle(s);
	httpd_free(s->httpd);
	s->httpd = NULL;
	assert_true(s->gone <= 1);
	hear_end(&a);
	hang_up(&a);
	hang_up(&c);
}

/* Who asks for much and reads nothing must not fill the memory. */
static void
test_backpressure(void **state)
{
	struct state *s = *state;
	struct client c = dial(s);

	for (int i = 0; i < 20; i++)
		send(c.fd, GET("/big"), strlen(GET("/big")), 0);
	settle(s);
	assert_true(s->asked < 10);
	for (int i = 0; i < TURNS_MAX && s->asked < 20; i++)
		if (!hear_some(&c))
			loop_turn(s->loop, 1);
	assert_int_equal(s->asked, 20);
	hang_up(&c);
}

static void
count_turn(void *arg)
{
	++*(int *)arg;
}

/* Who sends on while the answer is waited for must not keep the loop busy,
 * and is heard in the end. */
static void
test_sender_ahead_of_answer(void **state)
{
	enum { MANY = 4000, WAIT_MS = 200 };
	struct state *s = *state;
	struct client c = dial(s);
	struct buf b = {0};
	int turns = 0;

	buf_puts(&b, GET("/hold"));
	for (int i = 0; i < MANY; i++)
		buf_puts(&b, GET("/"));
	say_bytes(&c, b.p, b.n);
	wait_asked(s, 1);
	settle(s);
	loop_set_idle(s->loop, count_turn, &turns);
	loop_turn(s->loop, WAIT_MS);
	loop_set_idle(s->loop, NULL, NULL);
	assert_int_equal(turns, 1);
	assert_int_equal(s->asked, 1);
	reply_text(s->held[0], "first");
	wait_asked(s, 1 + MANY);
	buf_free(&b);
	hang_up(&c);
	wait_conns(s, 0);
}

/* Whoever answers is in the middle of something: the handler of what was asked
 * next on that connection has to wait for the loop. */
static void
test_no_handler_within_an_answer(void **state)
{
	struct state *s = *state;
	struct client c = dial(s);

	say(&c, GET("/hold") GET("/"));
	wait_asked(s, 1);
	settle(s);
	reply_text(s->held[0], "first");
	assert_int_equal(s->asked, 1);
	hear(&c, "ok");
	assert_int_equal(s->asked, 2);

	/* nor is it forgotten when the server is about to end */
	say(&c, GET("/hold") GET("/"));
	wait_asked(s, 3);
	settle(s);
	reply_text(s->held[1], "third");
	httpd_drain(s->httpd, 60000, on_drained, s);
	hear_end(&c);
	assert_int_equal(heard(&c, "HTTP/1.1 200"), 4);
	hang_up(&c);
	wait_drained(s);
}

static void
look_at_head(struct httpd_req *r, int64_t length, void *arg)
{
	(void)r;
	(void)length;
	((struct state *)arg)->gone++;
}

/* Its head was looked at, its body is too large, and nobody hears that: all of
 * it goes (the sanitizer looks). */
static void
test_gone_before_413(void **state)
{
	static const char head[] = "POST / HTTP/1.1\r\nHost: d\r\n"
				   "Content-Length: 99999999\r\n\r\n";
	struct state *s = *state;
	struct client c;

	start(s, (struct httpd_opts){.on_head = look_at_head}, "127.0.0.1:0");
	c = dial(s);
	settle(s);
	send(c.fd, head, sizeof(head) - 1, 0); /* all at once */
	setsockopt(c.fd, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0},
	    sizeof(struct linger));
	hang_up(&c);
	wait_conns(s, 0);
	assert_int_equal(s->gone, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(test_deadline),
	    T(test_deadline_of_body),
	    T(test_idle),
	    T(test_client_gone),
	    T(test_drop),
	    T(test_drain),
	    T(test_drain_of_nothing),
	    T(test_drain_grace),
	    T(test_free_with_waiting),
	    T(test_backpressure),
	    T(test_sender_ahead_of_answer),
	    T(test_no_handler_within_an_answer),
	    T(test_gone_before_413),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
