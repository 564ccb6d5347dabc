/*
 * pty: mado on a terminal of 120x40, measured from the terminal's side: how
 * long until the last byte, how many bytes, is it on the screen. Prints the
 * lines of the result. Called by tests/bench/run, with mado's folders in the
 * environment.
 *
 *	pty MADO moves NAME	start, move, scroll, type, be idle
 *	pty MADO thread NAME	open, page, search a long thread
 *	pty MADO show [KEYS]	does it fill a screen? What is on it then?
 *	pty MADO hold		run until killed (the first sync)
 *	pty MADO paint PORT SECRET	webhooks until they are on the screen
 *	pty MADO burst PORT SECRET	keys while a thousand events come in
 */
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mado/crypto.h>
#include <mado/mem.h>

#include "bench.h"
#include "term.h"

enum {
	ROWS = 40,
	COLS = 120,
	QUIET_MS = 50,    /* after the last byte of what a key sets off */
	SETTLE_MS = 1500, /* after start: connected, counted, painted */
	STARTS = 5,
	KEYS = 100,
	IDLE_MS = 30000,
	TICK_MS = 15000, /* longer than a countdown pauses */
	TICKS_MS = 120000,

	PAINT_USERS = 10,
	PAINT_EVERY_NS = 20000000,
	PAINTS = 1000,
	PAINT_CONNS = 8,
	PAINT_LATE_NS = 2000000000,
	BURST_LINE = 30,
	BURST_SURE = 4,
	BURST_KEYS = 4000,
	BURST_NS = 1000000000,
	MARK_B = 12
};

/* samples */

struct samples {
	int64_t ns[KEYS], bytes[KEYS];
	size_t n;
};

/* One key and all that it sets off. */
static void
key(struct term *t, const char *keys, struct samples *s)
{
	int64_t at = bench_now_ns(), bytes = t->bytes;

	t->last_ns = at;
	term_write(t, keys);
	term_settle(t, QUIET_MS);
	if (s == NULL || s->n == KEYS)
		return;
	s->ns[s->n] = t->last_ns - at;
	s->bytes[s->n++] = t->bytes - bytes;
}

static void
say(const char *name, const char *what, double v, const char *unit)
{
	printf("mado_%s_", name);
	bench_say(what, v, unit);
}

static double
mean(const int64_t *v, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (double)v[i];
	return n > 0 ? sum / (double)n : 0;
}

static void
say_samples(const char *name, const char *what, struct samples *s)
{
	char line[64];

	snprintf(line, sizeof(line), "%s_p50", what);
	say(name, line, (double)bench_rank(s->ns, s->n, 50) / 1e6, "ms");
	snprintf(line, sizeof(line), "%s_p99", what);
	say(name, line, (double)bench_rank(s->ns, s->n, 99) / 1e6, "ms");
	snprintf(line, sizeof(line), "%s_bytes_p50", what);
	say(name, line, (double)bench_rank(s->bytes, s->n, 50), "B");
	snprintf(line, sizeof(line), "%s_bytes_mean", what);
	say(name, line, mean(s->bytes, s->n), "B");
	s->n = 0;
}

/* moves */

static void
starts(struct term *t, const char *name)
{
	int64_t took[STARTS], from;

	for (int i = 0; i < STARTS; i++) {
		from = bench_now_ns();
		term_start(t);
		took[i] = term_filled_ns(t) - from;
		term_wait(t, SETTLE_MS);
		if (i == 0)
			say(name, "started_resident",
			    (double)term_status(t, "VmRSS:") / 1024, "MB");
		term_end(t);
	}
	say(name, "first_screen_p50",
	    (double)bench_rank(took, STARTS, 50) / 1e6, "ms");
}

/* Free replies count down in the list until their tokens are dead. */
static void
until_no_tick(struct term *t)
{
	int64_t end = bench_now_ns() + TICKS_MS * INT64_C(1000000), bytes;

	do {
		bytes = t->bytes;
		term_wait(t, TICK_MS);
	} while (t->bytes != bytes && bench_now_ns() < end);
}

static void
idle(struct term *t, const char *name)
{
	int64_t bytes, wakes;

	until_no_tick(t);
	bytes = t->bytes;
	wakes = term_status(t, "voluntary_ctxt_switches:");
	term_wait(t, IDLE_MS);
	say(name, "idle_30s_bytes", (double)(t->bytes - bytes), "B");
	say(name, "idle_30s_wakeups",
	    (double)(term_status(t, "voluntary_ctxt_switches:") - wakes),
	    "wakeups");
}

static void
typing(struct term *t, const char *name)
{
	struct samples s = {.n = 0};
	char letter[2] = "a";

	key(t, "r", NULL);
	for (int i = 0; i < KEYS / 2; i++) {
		letter[0] = (char)('a' + i % 26);
		key(t, letter, &s);
	}
	say_samples(name, "letter", &s);
	key(t, "\x15", NULL);
	key(t, "\x07", NULL);
}

static void
moves(struct term *t, const char *name)
{
	struct samples s = {.n = 0};

	starts(t, name);
	term_start(t);
	term_filled_ns(t);
	term_wait(t, SETTLE_MS);
	for (int i = 0; i < KEYS; i++)
		key(t, i % 2 == 0 ? "j" : "k", &s);
	say_samples(name, "move", &s);
	for (int i = 0; i < ROWS; i++)
		key(t, "j", NULL);
	for (int i = 0; i < KEYS; i++)
		key(t, "j", &s);
	say_samples(name, "scroll", &s);
	typing(t, name);
	say(name, "resident", (double)term_status(t, "VmRSS:") / 1024, "MB");
	idle(t, name);
	term_end(t);
}

/* a long thread: the first conversation of the list holds it */

static void
thread(struct term *t, const char *name)
{
	struct samples s = {.n = 0};
	char letter[2] = "";

	term_start(t);
	term_filled_ns(t);
	term_wait(t, SETTLE_MS);
	key(t, "\r", &s);
	say(name, "open", (double)s.ns[0] / 1e6, "ms");
	s.n = 0;
	for (int i = 0; i < KEYS / 4; i++)
		key(t, "\x15", &s); /* half a page up, older ones come in */
	say_samples(name, "page_up", &s);
	key(t, "/", NULL);
	for (const char *c = "nowhere\r"; *c != '\0'; c++) {
		letter[0] = *c;
		key(t, letter, &s);
	}
	say_samples(name, "search_key", &s);
	say(name, "resident", (double)term_status(t, "VmRSS:") / 1024, "MB");
	term_end(t);
}

static void
show(struct term *t, const char *keys)
{
	char one[2] = "";

	term_start(t);
	term_filled_ns(t);
	term_wait(t, SETTLE_MS);
	for (; *keys != '\0'; keys++) {
		one[0] = *keys;
		key(t, one, NULL);
	}
	for (int r = 0; r < ROWS; r++)
		puts(vt_row(t->vt, r));
	term_end(t);
}

static void
hold(struct term *t)
{
	term_start(t);
	for (;;)
		term_wait(t, 1000);
}

/* from the webhook to the screen */

struct mark {
	char text[MARK_B];
	int64_t at_ns; /* 0: seen */
};

struct paint {
	struct term *t;
	struct bench_hook hook;
	struct bench_conn web[PAINT_CONNS];
	struct mark mark[PAINTS];
	int64_t took_ns[PAINTS];
	int sent, seen, next; /* next: marks before it are all seen */
	int64_t due_ns;
};

static void
paint_send(struct paint *p)
{
	struct mark *m = &p->mark[p->sent];
	struct bench_conn *c = &p->web[p->sent % PAINT_CONNS];
	struct buf b = {0};

	if (c->at_ns != 0)
		bench_die("madod does not keep up");
	snprintf(m->text, sizeof(m->text), "<%04d>", p->sent);
	bench_webhook(&b, &p->hook, PAINT_USERS + p->sent, m->text);
	bench_send(c, b.p, b.n);
	m->at_ns = c->at_ns;
	buf_free(&b);
	p->sent++;
	p->due_ns += PAINT_EVERY_NS;
}

static void
paint_look(struct paint *p)
{
	struct mark *m;

	for (int i = p->next; i < p->sent; i++) {
		m = &p->mark[i];
		if (m->at_ns == 0)
			continue;
		if (vt_shows(p->t->vt, m->text)) {
			p->took_ns[p->seen++] = p->t->last_ns - m->at_ns;
			m->at_ns = 0;
		}
	}
}

/* Those that will not come any more count as late. */
static void
paint_forget(struct paint *p)
{
	struct mark *m = &p->mark[p->next];

	while (p->next < p->sent &&
	    (m->at_ns == 0 || bench_now_ns() - m->at_ns > PAINT_LATE_NS)) {
		p->next++;
		m++;
	}
}

/* Wait for the terminal and the customers' connections; true when the terminal
 * was read, to be looked at before paint_answers(). */
static bool
paint_wait(struct paint *p, struct pollfd fds[PAINT_CONNS + 1])
{
	fds[0] = (struct pollfd){.fd = p->t->fd, .events = POLLIN};
	for (int i = 0; i < PAINT_CONNS; i++)
		fds[i + 1] =
		    (struct pollfd){.fd = p->web[i].fd, .events = POLLIN};
	if (poll(fds, PAINT_CONNS + 1, 1) <= 0 || fds[0].revents == 0)
		return false;
	term_read(p->t);
	return true;
}

static void
paint_answers(struct paint *p, const struct pollfd fds[PAINT_CONNS + 1])
{
	for (int i = 0; i < PAINT_CONNS; i++)
		if (fds[i + 1].revents != 0 && bench_answer(&p->web[i]))
			p->web[i].at_ns = 0;
}

static void
paint_turn(struct paint *p)
{
	struct pollfd fds[PAINT_CONNS + 1];

	if (paint_wait(p, fds))
		paint_look(p);
	paint_answers(p, fds);
}

/* Everybody writes once before mado starts, so that all stand in its list. */
static void
paint_open(struct paint *p)
{
	struct buf b = {0};

	for (int i = 0; i < PAINT_CONNS; i++)
		bench_connect(&p->web[i], p->hook.port);
	for (int i = 0; i < PAINT_USERS; i++) {
		struct bench_conn *c = &p->web[i % PAINT_CONNS];

		buf_reset(&b);
		bench_webhook(&b, &p->hook, i, "first");
		bench_send(c, b.p, b.n);
		bench_wait(c);
		c->at_ns = 0;
	}
	buf_free(&b);
}

static void
paint(struct term *t, int port, const char *secret)
{
	static struct paint p;

	p.t = t;
	p.hook = (struct bench_hook){.port = port,
	    .secret = secret,
	    .users = PAINT_USERS,
	    .run = bench_run()};
	paint_open(&p);
	term_start(t);
	term_filled_ns(t);
	term_wait(t, SETTLE_MS);
	p.due_ns = bench_now_ns();
	while (p.sent < PAINTS || p.next < p.sent) {
		if (p.sent < PAINTS && bench_now_ns() >= p.due_ns)
			paint_send(&p);
		paint_turn(&p);
		paint_forget(&p);
	}
	bench_say("painted_of_1000", p.seen, "messages");
	while (p.seen < PAINTS)
		p.took_ns[p.seen++] = PAINT_LATE_NS;
	bench_say("webhook_to_painted_p50",
	    (double)bench_rank(p.took_ns, PAINTS, 50) / 1e6, "ms");
	bench_say("webhook_to_painted_p99",
	    (double)bench_rank(p.took_ns, PAINTS, 99) / 1e6, "ms");
	term_end(t);
}

/* a key while a thousand events come in */

struct burst {
	struct paint *p;
	char typed[BURST_LINE + 1];
	int n;
	int64_t at_ns;     /* of the letter that is not on the screen yet; 0 */
	int64_t queued_ns; /* then: another's use of the processors */
	int64_t took_ns[BURST_KEYS], own_ns[BURST_KEYS];
	size_t keys;
};

static void
burst_type(struct burst *b)
{
	char one[2] = "";

	if (b->n == BURST_LINE) {
		term_write(b->p->t, "\x15");
		b->n = 0;
	}
	one[0] = (char)('a' + ((size_t)b->n * 7 + b->keys) % 26);
	b->typed[b->n++] = one[0];
	b->typed[b->n] = '\0';
	b->queued_ns = term_queued_ns(b->p->t);
	b->at_ns = bench_now_ns();
	term_write(b->p->t, one);
}

static void
burst_look(struct burst *b)
{
	int64_t took, own;

	if (b->at_ns == 0 || !vt_shows(b->p->t->vt, b->typed))
		return;
	took = b->p->t->last_ns - b->at_ns;
	own = took - (term_queued_ns(b->p->t) - b->queued_ns);
	b->at_ns = 0;
	if (b->n < BURST_SURE) /* a letter or two may stand anywhere */
		return;
	b->own_ns[b->keys] = own > 0 ? own : 0;
	b->took_ns[b->keys++] = took;
}

/* Whoever has been answered sends the next. */
static void
burst_send(struct paint *p)
{
	struct buf b = {0};

	for (int i = 0; i < PAINT_CONNS && p->sent < PAINTS; i++) {
		struct bench_conn *c = &p->web[i];

		if (c->at_ns != 0)
			continue;
		buf_reset(&b);
		bench_webhook(&b, &p->hook, PAINT_USERS + p->sent++, "burst");
		bench_send(c, b.p, b.n);
	}
	buf_free(&b);
}

static void
burst_turn(struct burst *b)
{
	struct pollfd fds[PAINT_CONNS + 1];

	if (paint_wait(b->p, fds))
		burst_look(b);
	paint_answers(b->p, fds);
}

static void
until_shown(struct term *t, const char *text)
{
	while (!vt_shows(t->vt, text))
		term_read(t);
}

static void
burst(struct term *t, int port, const char *secret)
{
	static struct paint p;
	static struct burst b = {.p = &p};
	int64_t from;

	p.t = t;
	p.hook = (struct bench_hook){.port = port,
	    .secret = secret,
	    .users = PAINT_USERS,
	    .run = bench_run()};
	paint_open(&p);
	term_start(t);
	term_filled_ns(t);
	until_shown(t, "user 00000");
	term_wait(t, SETTLE_MS);
	term_write(t, "r");
	until_shown(t, "reply to");
	from = bench_now_ns();
	while (b.keys < BURST_KEYS &&
	    (p.sent < PAINTS || bench_now_ns() - from < BURST_NS)) {
		burst_send(&p);
		if (b.at_ns == 0)
			burst_type(&b);
		burst_turn(&b);
	}
	bench_say("keys_in_burst", (double)b.keys, "keys");
	bench_say("key_in_burst_p50",
	    (double)bench_rank(b.took_ns, b.keys, 50) / 1e6, "ms");
	bench_say("key_in_burst_p99",
	    (double)bench_rank(b.took_ns, b.keys, 99) / 1e6, "ms");
	bench_say("key_in_burst_max",
	    (double)bench_rank(b.took_ns, b.keys, 100) / 1e6, "ms");
	/* less the time in line for a processor, mado's and the customers' */
	bench_say("key_in_burst_own_max",
	    (double)bench_rank(b.own_ns, b.keys, 100) / 1e6, "ms");
	term_end(t);
}

int
main(int argc, char **argv)
{
	char *const mado[] = {argc > 1 ? argv[1] : (char *)"", NULL};
	struct term t = {.argv = mado, .rows = ROWS, .cols = COLS};
	const char *what = argc > 2 ? argv[2] : "";

	setlocale(LC_CTYPE, "C.UTF-8");
	crypto_init();
	if (argc == 4 && strcmp(what, "moves") == 0)
		moves(&t, argv[3]);
	else if (argc == 4 && strcmp(what, "thread") == 0)
		thread(&t, argv[3]);
	else if (argc >= 3 && strcmp(what, "show") == 0)
		show(&t, argc > 3 ? argv[3] : "");
	else if (argc == 3 && strcmp(what, "hold") == 0)
		hold(&t);
	else if (argc == 5 && strcmp(what, "paint") == 0)
		paint(&t, atoi(argv[3]), argv[4]);
	else if (argc == 5 && strcmp(what, "burst") == 0)
		burst(&t, atoi(argv[3]), argv[4]);
	else
		bench_die(
		    "usage: pty MADO moves NAME | thread NAME | show [KEYS]"
		    " | hold"
		    " | paint PORT SECRET | burst PORT SECRET");
	return 0;
}
