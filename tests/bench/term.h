/*
 * A program on a terminal of our own, measured from the terminal's side: when
 * its last byte came, how many there were, what is on the screen.
 */
#ifndef TESTS_BENCH_TERM_H
#define TESTS_BENCH_TERM_H

#include <stdint.h>
#include <sys/types.h>

#include "vt.h"

struct term {
	char *const *argv; /* the program and its words */
	int rows, cols;
	int fd;
	pid_t pid;
	struct vt *vt;
	int64_t bytes, last_ns; /* all that came, and when the last did */
};

void term_start(struct term *t);
void term_end(struct term *t);
void term_write(struct term *t, const char *keys);
/* Take what has come; waits for something. */
void term_read(struct term *t);
/* Read until nothing has come for quiet_ms. */
void term_settle(struct term *t, int quiet_ms);
/* Read for so long, whatever comes. */
void term_wait(struct term *t, int ms);
/* The end of the burst of bytes that filled half of the rows. */
int64_t term_filled_ns(struct term *t);
/* For how long the program and we have stood in line for a processor. */
int64_t term_queued_ns(const struct term *t);
/* A line of /proc/PID/status by its name, with its colon. */
int64_t term_status(const struct term *t, const char *name);

#endif
