/*
 * load: webhooks as fast as their answers come, each distinct and signed
 * beforehand, over connections that are kept. Prints on one line: requests a
 * second, p50 and p99 in microseconds. Called by tests/bench/run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <mado/crypto.h>
#include <mado/mem.h>

#include "bench.h"

enum { CONNS_MAX = 256, READY_MAX = 64 };

struct load {
	struct bench_hook hook;
	int conns;
	int64_t most; /* requests */
	int64_t span_ns;

	struct buf text; /* all requests, one after the other */
	size_t *from;    /* most + 1 places in it */
	int64_t sent, done, bad;
	int64_t *took_ns;
	int64_t end_ns;
	int epoll;
	struct bench_conn conn[CONNS_MAX];
};

static void
usage(void)
{
	fputs("usage: load -p PORT -s SECRET [-u USERS] [-c CONNECTIONS]"
	      " [-t SECONDS] [-n REQUESTS]\n",
	    stderr);
	exit(2);
}

static void
options(struct load *l, int argc, char **argv)
{
	int o;

	l->hook = (struct bench_hook){.users = 1000, .run = bench_run()};
	l->conns = 1;
	l->most = 50000;
	l->span_ns = INT64_C(2000000000);
	while ((o = getopt(argc, argv, "p:s:u:c:t:n:")) != -1) {
		if (o == 'p')
			l->hook.port = atoi(optarg);
		else if (o == 's')
			l->hook.secret = optarg;
		else if (o == 'u')
			l->hook.users = atoll(optarg);
		else if (o == 'c')
			l->conns = atoi(optarg);
		else if (o == 't')
			l->span_ns = (int64_t)(atof(optarg) * 1e9);
		else if (o == 'n')
			l->most = atoll(optarg);
		else
			usage();
	}
	if (l->hook.port == 0 || l->hook.secret == NULL || l->hook.users < 1 ||
	    l->conns < 1 || l->conns > CONNS_MAX || l->most < l->conns)
		usage();
}

/* Made before the clock runs: signing is LINE's work, not the server's. */
static void
prepare(struct load *l)
{
	l->from = x_calloc((size_t)l->most + 1, sizeof(*l->from));
	l->took_ns = x_calloc((size_t)l->most, sizeof(*l->took_ns));
	for (int64_t i = 0; i < l->most; i++) {
		bench_webhook(&l->text, &l->hook, i, NULL);
		l->from[i + 1] = l->text.n;
	}
}

static void
next(struct load *l, struct bench_conn *c)
{
	int64_t i = l->sent;

	c->at_ns = 0;
	if (i == l->most || bench_now_ns() >= l->end_ns)
		return;
	l->sent++;
	bench_send(c, l->text.p + l->from[i], l->from[i + 1] - l->from[i]);
}

static void
answered(struct load *l, struct bench_conn *c)
{
	l->took_ns[l->done++] = bench_now_ns() - c->at_ns;
	l->bad += c->status != 200;
	next(l, c);
}

static void
run(struct load *l)
{
	struct epoll_event ready[READY_MAX];
	int n;

	for (int i = 0; i < l->conns; i++)
		next(l, &l->conn[i]);
	while (l->done < l->sent) {
		n = epoll_wait(l->epoll, ready, READY_MAX, 30000);
		if (n <= 0)
			bench_die("no answer in 30 s");
		for (int i = 0; i < n; i++)
			if (bench_answer(ready[i].data.ptr))
				answered(l, ready[i].data.ptr);
	}
}

static void
open_all(struct load *l)
{
	struct epoll_event ev = {.events = EPOLLIN};

	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	for (int i = 0; i < l->conns; i++) {
		bench_connect(&l->conn[i], l->hook.port);
		ev.data.ptr = &l->conn[i];
		epoll_ctl(l->epoll, EPOLL_CTL_ADD, l->conn[i].fd, &ev);
	}
}

int
main(int argc, char **argv)
{
	static struct load l;
	int64_t from_ns;

	crypto_init();
	options(&l, argc, argv);
	prepare(&l);
	open_all(&l);
	from_ns = bench_now_ns();
	l.end_ns = from_ns + l.span_ns;
	run(&l);
	if (l.bad > 0)
		bench_die("%lld answers were not 200", (long long)l.bad);
	printf("%.0f %.0f %.0f\n",
	    (double)l.done * 1e9 / (double)(bench_now_ns() - from_ns),
	    (double)bench_rank(l.took_ns, (size_t)l.done, 50) / 1e3,
	    (double)bench_rank(l.took_ns, (size_t)l.done, 99) / 1e3);
	return 0;
}
