/*
 * feeds: agents that wait for the feed, woken by one message while others go
 * on arriving. A round: all wait, a webhook comes, every answer is timed from
 * that webhook's first byte, and a webhook every few milliseconds shows what
 * they cost those. Prints the lines of the result. Called by tests/bench/run.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <mado/crypto.h>
#include <mado/mem.h>

#include "bench.h"

enum {
	WEB_CONNS = 16,
	WEB_EVERY_NS = 5000000,
	ROUND_NS = 300000000,
	WEB_MAX = 100000,
	READY_MAX = 16
};

struct feeds {
	struct bench_hook hook;
	const char *token;
	int n, rounds;
	int epoll[2]; /* webhooks, which are looked after first, and feeds */
	struct bench_conn ask; /* for what is not timed */
	struct bench_conn web[WEB_CONNS];
	struct bench_conn *feed;

	int64_t hooks; /* webhooks made */
	int64_t due_ns, begin_ns;
	int64_t *woken_ns; /* of one round */
	int woken;
	int64_t *web_ns; /* of all rounds */
	size_t web_n;
};

static void
watch(struct feeds *f, struct bench_conn *c, int64_t tag)
{
	struct epoll_event ev = {.events = EPOLLIN, .data = {.ptr = c}};

	bench_connect(c, f->hook.port);
	c->tag = tag;
	epoll_ctl(f->epoll[tag], EPOLL_CTL_ADD, c->fd, &ev);
}

static void
open_web(struct feeds *f)
{
	struct buf b = {0};

	for (int i = 0; i < 2; i++)
		f->epoll[i] = epoll_create1(EPOLL_CLOEXEC);
	f->web_ns = x_calloc(WEB_MAX, sizeof(*f->web_ns));
	bench_connect(&f->ask, f->hook.port);
	for (int i = 0; i < WEB_CONNS; i++) {
		watch(f, &f->web[i], 0);
		buf_reset(&b);
		bench_webhook(&b, &f->hook, f->hooks++, NULL);
		bench_send(&f->web[i], b.p, b.n);
		bench_wait(&f->web[i]);
		f->web[i].at_ns = 0;
	}
	buf_free(&b);
}

static void
open_feeds(struct feeds *f)
{
	f->feed = x_calloc((size_t)f->n, sizeof(*f->feed));
	f->woken_ns = x_calloc((size_t)f->n, sizeof(*f->woken_ns));
	for (int i = 0; i < f->n; i++)
		watch(f, &f->feed[i], 1);
}

/* The number after `name` in the answer to a GET. */
static long long
ask(struct feeds *f, const char *path, const char *name)
{
	struct buf b = {0};
	const char *at;

	bench_get(&b, f->token, path);
	bench_send(&f->ask, b.p, b.n);
	buf_free(&b);
	bench_wait(&f->ask);
	at = strstr(f->ask.body, name);
	if (f->ask.status != 200 || at == NULL)
		bench_die("%s: %d %.80s", path, f->ask.status, f->ask.body);
	return atoll(at + strlen(name));
}

static void
all_wait(struct feeds *f)
{
	char path[80];
	struct buf b = {0};
	int tries = 0;

	snprintf(path, sizeof(path), "/v1/feed?after=%lld&wait=25",
	    ask(f, "/v1/feed?after=9000000000000000", "\"seq\":"));
	bench_get(&b, f->token, path);
	for (int i = 0; i < f->n; i++)
		bench_send(&f->feed[i], b.p, b.n);
	buf_free(&b);
	while (ask(f, "/metrics", "\nmadod_feed_waiting ") < f->n) {
		if (++tries == 2000)
			bench_die("the feeds do not wait");
		usleep(5000);
	}
}

/* The webhook that is due, on whatever connection is free. */
static void
web_send(struct feeds *f)
{
	struct buf b = {0};

	for (int i = 0; i < WEB_CONNS; i++) {
		if (f->web[i].at_ns != 0)
			continue;
		bench_webhook(&b, &f->hook, f->hooks++, NULL);
		bench_send(&f->web[i], b.p, b.n);
		buf_free(&b);
		f->web[i].at_ns = f->due_ns;
		f->due_ns += WEB_EVERY_NS;
		return;
	}
}

static void
answered(struct feeds *f, struct bench_conn *c)
{
	int64_t now = bench_now_ns();

	if (c->status != 200)
		bench_die("answered %d", c->status);
	if (c->tag == 1)
		f->woken_ns[f->woken++] = now - f->begin_ns;
	else if (f->web_n < WEB_MAX)
		f->web_ns[f->web_n++] = now - c->at_ns;
	c->at_ns = 0;
}

static int
look(struct feeds *f, int tag)
{
	struct epoll_event ready[READY_MAX];
	int n = epoll_wait(f->epoll[tag], ready, READY_MAX, 0);

	for (int i = 0; i < n; i++)
		if (bench_answer(ready[i].data.ptr))
			answered(f, ready[i].data.ptr);
	return n;
}

static void
turn(struct feeds *f)
{
	struct pollfd p[2] = {{.fd = f->epoll[0], .events = POLLIN},
	    {.fd = f->epoll[1], .events = POLLIN}};

	if (look(f, 0) <= 0 && look(f, 1) <= 0)
		poll(p, 2, 1);
}

static bool
web_busy(const struct feeds *f)
{
	for (int i = 0; i < WEB_CONNS; i++)
		if (f->web[i].at_ns != 0)
			return true;
	return false;
}

/* Webhooks at their pace until the round is over and `feeds` have answered. */
static void
play_round(struct feeds *f, int feeds)
{
	f->begin_ns = f->due_ns = bench_now_ns();
	f->woken = 0;
	while (bench_now_ns() < f->begin_ns + ROUND_NS || f->woken < feeds) {
		if (bench_now_ns() >= f->due_ns)
			web_send(f);
		turn(f);
	}
	while (web_busy(f))
		turn(f);
}

static double
ms(int64_t ns)
{
	return (double)ns / 1e6;
}

static void
play(struct feeds *f)
{
	int64_t *half = x_calloc((size_t)f->rounds, sizeof(*half));
	int64_t *all = x_calloc((size_t)f->rounds, sizeof(*all));
	char name[64];

	for (int r = 0; r < f->rounds; r++)
		play_round(f, 0);
	bench_say("feeds_none_webhook_p99",
	    ms(bench_rank(f->web_ns, f->web_n, 99)), "ms");
	f->web_n = 0;
	open_feeds(f); /* not before: one that asks nothing is closed */
	for (int r = 0; r < f->rounds; r++) {
		all_wait(f);
		play_round(f, f->n);
		half[r] = bench_rank(f->woken_ns, (size_t)f->n, 50);
		all[r] = bench_rank(f->woken_ns, (size_t)f->n, 100);
	}
	snprintf(name, sizeof(name), "feeds_%d_", f->n);
#define SAY(what, v)        \
	printf("%s", name); \
	bench_say(what, ms(v), "ms")
	SAY("woken_p50", bench_rank(half, (size_t)f->rounds, 50));
	SAY("woken_all", bench_rank(all, (size_t)f->rounds, 50));
	SAY("woken_all_worst", bench_rank(all, (size_t)f->rounds, 100));
	SAY("webhook_p99", bench_rank(f->web_ns, f->web_n, 99));
}

int
main(int argc, char **argv)
{
	struct feeds f = {.n = 1000, .rounds = 20};
	int o;

	f.hook = (struct bench_hook){.users = 100, .run = bench_run()};
	while ((o = getopt(argc, argv, "p:s:k:n:r:")) != -1) {
		if (o == 'p')
			f.hook.port = atoi(optarg);
		else if (o == 's')
			f.hook.secret = optarg;
		else if (o == 'k')
			f.token = optarg;
		else if (o == 'n')
			f.n = atoi(optarg);
		else if (o == 'r')
			f.rounds = atoi(optarg);
	}
	if (optind != argc || f.hook.port == 0 || f.hook.secret == NULL ||
	    f.token == NULL || f.n < 1 || f.rounds < 1)
		bench_die("usage: feeds -p PORT -s SECRET -k TOKEN"
			  " [-n FEEDS] [-r ROUNDS]");
	crypto_init();
	open_web(&f);
	play(&f);
	return 0;
}
