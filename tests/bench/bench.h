/*
 * What the makers of load share: time, ranks, webhooks as LINE sends them and
 * an HTTP client of one request at a time per connection. All of it gives up
 * with a message and exit 1, as a figure from half a run is worth nothing.
 */
#ifndef TESTS_BENCH_H
#define TESTS_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mado/buf.h>

_Noreturn void bench_die(const char *fmt, ...)
    __attribute__((format(printf, 1, 2)));

/* Monotonic. */
int64_t bench_now_ns(void);
/* The value at rank p (0..100) of n, nearest rank; sorts v; 0 without any. */
int64_t bench_rank(int64_t *v, size_t n, int p);
/* One line of the result: name value unit. */
void bench_say(const char *name, double value, const char *unit);

/* Where webhooks go. */
struct bench_hook {
	int port;
	const char *secret;
	int64_t users;
	int64_t run; /* makes ids of one run unlike another's; bench_run() */
};

/* A number that no earlier run has had. */
int64_t bench_run(void);
/*
 * Append a whole request: one text message, the n-th of this run, from user
 * n % users, signed. text NULL: a sentence that people write to a shop.
 */
void bench_webhook(
    struct buf *out, const struct bench_hook *h, int64_t n, const char *text);
/* Append a GET with a bearer token. */
void bench_get(struct buf *out, const char *token, const char *path);

struct bench_conn {
	int fd;        /* non-blocking, on 127.0.0.1 */
	int64_t at_ns; /* of the request under way, 0: none */
	int64_t tag;   /* the caller's */
	struct buf in;
	int status;       /* of the answer */
	const char *body; /* lent until the next request */
	size_t n;
};

void bench_connect(struct bench_conn *c, int port);
/* Send; the time is taken before the first byte. */
void bench_send(struct bench_conn *c, const void *p, size_t n);
/* Take what has come; true when the answer is whole. */
bool bench_answer(struct bench_conn *c);
/* Wait for the answer, at most 30 s. */
void bench_wait(struct bench_conn *c);
void bench_close(struct bench_conn *c);

#endif
