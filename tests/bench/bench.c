/*
 * What the makers of load share, see bench.h. Knows HTTP as far as answers
 * with a Content-Length, which is all that the measured servers send.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <mado/crypto.h>
#include <mado/json.h>
#include <mado/mem.h>
#include <mado/when.h>

#include "bench.h"

enum { ANSWER_WAIT_MS = 30000, READ_B = 65536 };

_Noreturn void
bench_die(const char *fmt, ...)
{
	va_list ap;

	fputs("bench: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

int64_t
bench_now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

int64_t
bench_rank(int64_t *v, size_t n, int p)
{
	size_t rank = (n * (size_t)p + 99) / 100;

	if (n == 0)
		return 0;
	qsort(v, n, sizeof(*v), by_value);
	return v[rank > 0 ? rank - 1 : 0];
}

void
bench_say(const char *name, double value, const char *unit)
{
	printf("%s %.*f %s\n", name, value < 10 ? 2 : 0, value, unit);
	fflush(stdout);
}

/* webhooks */

int64_t
bench_run(void)
{
	return when_now_ms() % 1000000000;
}

static const char *const said[] = {
    "注文した靴のサイズが合いません。返品できますか？",
    "ありがとうございます！",
    "営業時間を教えてください",
    "箱を捨ててしまったのですが、交換は可能でしょうか 😭",
    "Can I pick it up at the shop in Shibuya tomorrow?",
    "領収書の宛名を「株式会社まど」に変えてほしいです",
    "ขอบคุณครับ 🙏 ส่งวันไหนครับ",
    "先週の土曜日に届くはずの荷物がまだ届いていません。どうなっていますか",
    "はい",
    "請問可以改成 25.5 公分嗎？",
    "23.5cmの白はもう入荷しませんか。娘の誕生日に間に合わせたいです。",
};

static void
put_body(struct buf *b, const struct bench_hook *h, int64_t n, const char *text)
{
	long long run = h->run, i = n, user = n % h->users;
	char *line = x_sprintf(
	    "%s (%lld)", said[n % (int64_t)(sizeof(said) / sizeof(*said))], i);

	buf_puts(b,
	    "{\"destination\":\"U00000000000000000000000000000000\","
	    "\"events\":[{\"type\":\"message\",\"message\":{");
	buf_printf(b, "\"type\":\"text\",\"id\":\"5%09lld%09lld\",", run, i);
	buf_printf(b, "\"quoteToken\":\"q%032lld%031lld\",", run, i);
	buf_puts(b, "\"text\":");
	json_put_str(b, text != NULL ? text : line);
	x_free(line);
	buf_printf(b,
	    "},\"webhookEventId\":\"01H%09lld%014lld\","
	    "\"deliveryContext\":{\"isRedelivery\":false},"
	    "\"timestamp\":%lld,",
	    run, i, (long long)when_now_ms());
	buf_printf(b,
	    "\"source\":{\"type\":\"user\",\"userId\":\"U%032llx\"},"
	    "\"replyToken\":\"%016llx%016llx\",\"mode\":\"active\"}]}",
	    user, run, i);
}

void
bench_webhook(
    struct buf *out, const struct bench_hook *h, int64_t n, const char *text)
{
	char signature[CRYPTO_SIGNATURE_B];
	struct buf body = {0};

	put_body(&body, h, n, text);
	crypto_line_sign(h->secret, body.p, body.n, signature);
	buf_printf(out,
	    "POST /line/main/webhook HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
	    "Content-Type: application/json; charset=utf-8\r\n"
	    "User-Agent: LineBotWebhook/2.0\r\nx-line-signature: %s\r\n"
	    "Content-Length: %zu\r\n\r\n",
	    h->port, signature, body.n);
	buf_add(out, body.p, body.n);
	buf_free(&body);
}

void
bench_get(struct buf *out, const char *token, const char *path)
{
	buf_printf(out, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n", path);
	buf_printf(out, "Authorization: Bearer %s\r\n\r\n", token);
}

/* connections */

void
bench_connect(struct bench_conn *c, int port)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
	    .sin_port = htons((uint16_t)port),
	    .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
	const int one = 1;

	memset(c, 0, sizeof(*c));
	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd == -1 ||
	    connect(c->fd, (struct sockaddr *)&to, sizeof(to)) == -1)
		bench_die("127.0.0.1:%d: %s", port, strerror(errno));
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	fcntl(c->fd, F_SETFL, O_NONBLOCK);
}

static void
wait_for(int fd, short what)
{
	struct pollfd p = {.fd = fd, .events = what};

	if (poll(&p, 1, ANSWER_WAIT_MS) <= 0)
		bench_die("no answer in %d s", ANSWER_WAIT_MS / 1000);
}

void
bench_send(struct bench_conn *c, const void *p, size_t n)
{
	const char *from = p;
	ssize_t k;

	buf_reset(&c->in);
	c->at_ns = bench_now_ns();
	while (n > 0) {
		k = write(c->fd, from, n);
		if (k == -1 && errno != EAGAIN)
			bench_die("the server hung up: %s", strerror(errno));
		if (k == -1) {
			wait_for(c->fd, POLLOUT);
			continue;
		}
		from += k;
		n -= (size_t)k;
	}
}

/* Is the answer in c->in whole? */
static bool
whole(struct bench_conn *c)
{
	const char *p = buf_str(&c->in), *end = strstr(p, "\r\n\r\n"), *length;

	if (end == NULL)
		return false;
	length = strcasestr(p, "\r\nContent-Length:");
	if (length == NULL || length > end)
		bench_die("an answer without its length: %.60s", p);
	c->status = atoi(p + strlen("HTTP/1.1 "));
	c->n = strtoul(length + strlen("\r\nContent-Length:"), NULL, 10);
	c->body = end + 4;
	return c->in.n >= (size_t)(c->body - p) + c->n;
}

bool
bench_answer(struct bench_conn *c)
{
	ssize_t k;

	for (;;) {
		k = read(c->fd, buf_room(&c->in, READ_B), READ_B);
		if (k == -1 && errno == EAGAIN)
			return false;
		if (k <= 0)
			bench_die("the server hung up");
		c->in.n += (size_t)k;
		c->in.p[c->in.n] = '\0';
		if (whole(c))
			return true;
	}
}

void
bench_wait(struct bench_conn *c)
{
	while (!bench_answer(c))
		wait_for(c->fd, POLLIN);
}

void
bench_close(struct bench_conn *c)
{
	close(c->fd);
	buf_free(&c->in);
}
