/*
 * slow: a program on a terminal at the end of a slow line. Bytes keep their
 * order, each lot comes late, some after a stall, as lost packets do that are
 * sent again. For tests/tui/slow.t.
 *
 *	slow DELAY_MS JITTER_MS STALLS_PERCENT LOG COMMAND...
 *
 * LOG gets a line for each lot: "> BYTES" to the program, "< BYTES" from it.
 * SLOW_ESC=MS in the environment: what follows an Esc comes so much later than
 * the Esc, as when a packet ends there.
 */
#include <poll.h>
#include <pty.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/queue.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <mado/mem.h>

enum { READ_B = 16384, STALL_MS = 700, TURN_MS = 1000 };

struct lot {
	TAILQ_ENTRY(lot)
	link;
	int64_t due_ms;
	size_t n;
	char p[];
};

struct way {
	int from, to;
	char sign;
	bool is_keys;
	int64_t last_ms; /* when the lot before is due */
	TAILQ_HEAD(lots, lot) lots;
};

static int delay_ms, jitter_ms, stalls, esc_ms;
static FILE *out;

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
add(struct way *w, const char *p, size_t n, int later_ms)
{
	struct lot *l = x_calloc(1, sizeof(*l) + n);
	int64_t due = now_ms() + delay_ms + later_ms;

	if (jitter_ms > 0)
		due += rand() % jitter_ms;
	if (rand() % 100 < stalls)
		due += STALL_MS;
	if (due < w->last_ms + later_ms)
		due = w->last_ms + later_ms;
	l->due_ms = w->last_ms = due;
	l->n = n;
	memcpy(l->p, p, n);
	TAILQ_INSERT_TAIL(&w->lots, l, link);
}

/* false at the end. */
static bool
take(struct way *w)
{
	char p[READ_B];
	ssize_t n = read(w->from, p, sizeof(p));
	const char *esc;

	if (n <= 0)
		return false;
	esc = w->is_keys && esc_ms > 0 ? memchr(p, '\033', (size_t)n) : NULL;
	if (esc == NULL || esc + 1 == p + n) {
		add(w, p, (size_t)n, 0);
		return true;
	}
	add(w, p, (size_t)(esc + 1 - p), 0);
	add(w, esc + 1, (size_t)(p + n - esc - 1), esc_ms);
	return true;
}

/* Pass on what is due; ms until the next, -1: nothing waits. */
static int
pass(struct way *w)
{
	struct lot *l;
	int64_t left;

	while ((l = TAILQ_FIRST(&w->lots)) != NULL) {
		left = l->due_ms - now_ms();
		if (left > 0)
			return (int)left;
		if (write(w->to, l->p, l->n) != (ssize_t)l->n)
			exit(1);
		fprintf(out, "%c %zu\n", w->sign, l->n);
		fflush(out);
		TAILQ_REMOVE(&w->lots, l, link);
		x_free(l);
	}
	return -1;
}

static int
sooner(int a, int b)
{
	return a == -1 || (b != -1 && b < a) ? b : a;
}

static void
run(struct way *in, struct way *from)
{
	struct pollfd p[] = {{.fd = in->from, .events = POLLIN},
	    {.fd = from->from, .events = POLLIN}};
	int wait_ms;

	for (;;) {
		wait_ms = sooner(pass(in), pass(from));
		if (poll(p, 2, wait_ms == -1 ? TURN_MS : wait_ms) == -1)
			return;
		if (p[0].revents != 0 && !take(in))
			return;
		if (p[1].revents != 0 && !take(from))
			break;
	}
	while ((wait_ms = pass(from)) != -1)
		poll(NULL, 0, wait_ms);
}

int
main(int argc, char **argv)
{
	struct termios was, raw;
	struct winsize size;
	struct way in = {.from = STDIN_FILENO, .sign = '>', .is_keys = true};
	struct way from = {.to = STDOUT_FILENO, .sign = '<'};
	const char *esc = getenv("SLOW_ESC");

	if (argc < 6 || tcgetattr(STDIN_FILENO, &was) == -1 ||
	    ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == -1 ||
	    (out = fopen(argv[4], "w")) == NULL)
		return 2;
	delay_ms = atoi(argv[1]);
	jitter_ms = atoi(argv[2]);
	stalls = atoi(argv[3]);
	esc_ms = esc == NULL ? 0 : atoi(esc);
	TAILQ_INIT(&in.lots);
	TAILQ_INIT(&from.lots);
	if (forkpty(&in.to, NULL, &was, &size) == 0) {
		execvp(argv[5], argv + 5);
		_exit(127);
	}
	from.from = in.to;
	raw = was;
	cfmakeraw(&raw);
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	run(&in, &from);
	tcsetattr(STDIN_FILENO, TCSANOW, &was);
	return 0;
}
