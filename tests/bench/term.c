/*
 * A program on a terminal of our own: started, written to, read until it is
 * quiet. See term.h.
 */
#include "term.h"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

enum { READ_B = 65536, START_MS = 20000, BURST_MS = 10 };

void
term_start(struct term *t)
{
	struct winsize size = {.ws_row = (unsigned short)t->rows,
	    .ws_col = (unsigned short)t->cols};

	t->vt = vt_new(t->rows, t->cols);
	t->bytes = 0;
	t->pid = forkpty(&t->fd, NULL, NULL, &size);
	if (t->pid == -1)
		bench_die("no pty");
	if (t->pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		execvp(t->argv[0], t->argv);
		_exit(127);
	}
}

void
term_end(struct term *t)
{
	kill(t->pid, SIGTERM);
	close(t->fd);
	waitpid(t->pid, NULL, 0);
	vt_free(t->vt);
}

void
term_write(struct term *t, const char *keys)
{
	if (write(t->fd, keys, strlen(keys)) < 0)
		bench_die("%s has ended", t->argv[0]);
}

void
term_read(struct term *t)
{
	static char p[READ_B];
	ssize_t n = read(t->fd, p, sizeof(p));

	if (n <= 0)
		bench_die("%s has ended: %s", t->argv[0], vt_row(t->vt, 0));
	t->last_ns = bench_now_ns();
	t->bytes += n;
	vt_feed(t->vt, p, (size_t)n);
	if (vt_reply(t->vt)[0] != '\0')
		term_write(t, vt_reply(t->vt));
}

/* Read until nothing has come for quiet_ms. */
void
term_settle(struct term *t, int quiet_ms)
{
	struct pollfd p = {.fd = t->fd, .events = POLLIN};

	while (poll(&p, 1, quiet_ms) > 0)
		term_read(t);
}

/* Read for so long, whatever comes. */
void
term_wait(struct term *t, int ms)
{
	int64_t end = bench_now_ns() + (int64_t)ms * 1000000, left;
	struct pollfd p = {.fd = t->fd, .events = POLLIN};

	while ((left = end - bench_now_ns()) > 0)
		if (poll(&p, 1, (int)(left / 1000000) + 1) > 0)
			term_read(t);
}

/* The end of the burst of bytes that filled the screen. */
int64_t
term_filled_ns(struct term *t)
{
	int64_t from = bench_now_ns();

	while (vt_filled(t->vt) < t->rows / 2) {
		term_settle(t, BURST_MS);
		if (bench_now_ns() - from > START_MS * INT64_C(1000000))
			bench_die("%s fills no screen", t->argv[0]);
	}
	return t->last_ns;
}

/* For how long a process has stood in line for a processor. */
static int64_t
queued_ns(pid_t pid)
{
	char path[64];
	long long ran, queued = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/schedstat", (int)pid);
	if ((f = fopen(path, "r")) == NULL)
		return 0;
	if (fscanf(f, "%lld %lld", &ran, &queued) != 2)
		queued = 0;
	fclose(f);
	return queued;
}

int64_t
term_queued_ns(const struct term *t)
{
	return queued_ns(t->pid) + queued_ns(getpid());
}

/* A line of /proc/PID/status. */
int64_t
term_status(const struct term *t, const char *name)
{
	char path[64], line[256];
	int64_t v = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)t->pid);
	if ((f = fopen(path, "r")) == NULL)
		bench_die("%s has ended", t->argv[0]);
	while (fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, name, strlen(name)) == 0)
			v = atoll(line + strlen(name) + 1);
	fclose(f);
	return v;
}
