/*
 * Programs that madod starts: without a shell, with nothing of madod's open,
 * in a process group of their own and within limits, so that one that hangs,
 * floods or eats memory harms nobody.
 */
#ifndef MADOD_CHILD_H
#define MADOD_CHILD_H

#include <stdint.h>
#include <sys/types.h>

#include <mado/err.h>

struct child_opts {
	const char *const *argv; /* argv[0]: the program's path */
	int in, out;             /* its standard input and output; stderr goes
				  * to /dev/null; -1: /dev/null */
	int cpu_s;               /* seconds of processor time */
	int64_t memory_b;        /* address space */
	int64_t file_b;          /* largest file it may write */
};

/* Start it. Its pid, or -1 with ERR_FAILED when it could not be started. From
 * any thread; the caller closes its own in and out, and waits for the pid. */
pid_t child_start(const struct child_opts *o, struct err *e);
/* Wait at most ms, then end its whole group. 0 when it ended well, else -1
 * with ERR_FAILED in words. Blocks: never on the loop. */
int child_wait(pid_t pid, int64_t ms, struct err *e);
/* In words, why a status of waitpid(2) is none to be glad of; NULL: it is. */
const char *child_verdict(int status);
/* Nothing more of its group runs after this. */
void child_kill(pid_t pid);

#endif
