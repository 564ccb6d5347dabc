/*
 * peer: any program of the terminal, measured as the inbox is: how long until
 * its first screen, a key until the last byte that it sets off, bytes a key,
 * wake-ups and memory at rest. Called by tests/bench/run for mado and its
 * peers, with the same keys' meaning for each.
 *
 *	peer NAME START KEYS LETTERS COMMAND...
 *
 * START: keys that lead to where keys are measured; "-": none. KEYS: two keys,
 * one row down and up; LETTERS: typed where a line is typed; "-": not here.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mado/crypto.h>

#include "bench.h"
#include "term.h"

enum {
	ROWS = 32,
	COLS = 120,
	QUIET_MS = 50,
	SETTLE_MS = 2500,
	STARTS = 5,
	KEYS = 100,
	IDLE_MS = 15000,
	STILL_TRIES = 6
};

struct samples {
	int64_t ns[KEYS], bytes[KEYS];
	size_t n;
};

static const char *name;

static void
say(const char *what, double v, const char *unit)
{
	printf("%s_", name);
	bench_say(what, v, unit);
}

/* One key and all that it sets off; nothing at all counts as nothing. */
static void
key(struct term *t, const char *keys, struct samples *s)
{
	int64_t at = bench_now_ns(), bytes = t->bytes;

	t->last_ns = at;
	term_write(t, keys);
	term_settle(t, QUIET_MS);
	if (t->bytes == bytes || s->n == KEYS)
		return;
	s->ns[s->n] = t->last_ns - at;
	s->bytes[s->n++] = t->bytes - bytes;
}

static void
say_samples(const char *what, struct samples *s)
{
	char line[64];

	snprintf(line, sizeof(line), "%s_p50", what);
	say(line, (double)bench_rank(s->ns, s->n, 50) / 1e6, "ms");
	snprintf(line, sizeof(line), "%s_p99", what);
	say(line, (double)bench_rank(s->ns, s->n, 99) / 1e6, "ms");
	snprintf(line, sizeof(line), "%s_bytes_p50", what);
	say(line, (double)bench_rank(s->bytes, s->n, 50), "B");
	s->n = 0;
}

static void
moves(struct term *t, const char *keys)
{
	struct samples s = {.n = 0};
	char one[2] = "";

	for (int i = 0; i < KEYS; i++) {
		one[0] = keys[i % 2];
		key(t, one, &s);
	}
	say_samples("move", &s);
}

static void
letters(struct term *t, const char *begin)
{
	struct samples s = {.n = 0};
	char one[2] = "";

	term_write(t, begin);
	term_wait(t, SETTLE_MS);
	for (int i = 0; i < KEYS / 2; i++) {
		one[0] = (char)('a' + i % 26);
		key(t, one, &s);
	}
	say_samples("letter", &s);
}

/* What has begun may come to its end first: free replies that count down. */
static void
until_still(struct term *t)
{
	int64_t bytes;

	for (int i = 0; i < STILL_TRIES; i++) {
		bytes = t->bytes;
		term_wait(t, IDLE_MS);
		if (t->bytes == bytes)
			return;
	}
}

static void
idle(struct term *t)
{
	int64_t bytes, wakes;

	until_still(t);
	bytes = t->bytes;
	wakes = term_status(t, "voluntary_ctxt_switches:");
	term_wait(t, IDLE_MS);
	say("idle_15s_bytes", (double)(t->bytes - bytes), "B");
	say("idle_15s_wakeups",
	    (double)(term_status(t, "voluntary_ctxt_switches:") - wakes),
	    "wakeups");
}

static void
starts(struct term *t)
{
	int64_t took[STARTS], from;

	for (int i = 0; i < STARTS; i++) {
		from = bench_now_ns();
		term_start(t);
		took[i] = term_filled_ns(t) - from;
		term_wait(t, SETTLE_MS);
		term_end(t);
	}
	say("first_screen_p50", (double)bench_rank(took, STARTS, 50) / 1e6,
	    "ms");
}

int
main(int argc, char **argv)
{
	struct term t = {.rows = ROWS, .cols = COLS};

	if (argc < 6)
		bench_die("usage: peer NAME START KEYS LETTERS COMMAND...");
	setlocale(LC_CTYPE, "C.UTF-8");
	name = argv[1];
	t.argv = argv + 5;
	if (strcmp(argv[3], "-") != 0)
		starts(&t);
	term_start(&t);
	term_wait(&t, SETTLE_MS);
	if (strcmp(argv[2], "-") != 0)
		term_write(&t, argv[2]);
	term_wait(&t, SETTLE_MS);
	if (strcmp(argv[3], "-") != 0)
		moves(&t, argv[3]);
	if (strcmp(argv[4], "-") != 0)
		letters(&t, argv[4]);
	idle(&t);
	say("resident", (double)term_status(&t, "VmRSS:") / 1024, "MB");
	term_end(&t);
	return 0;
}
