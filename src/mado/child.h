/*
 * Programs started beside us: by sh, with nothing of ours open. Whoever starts
 * one reaps it.
 */
#ifndef MADO_CHILD_H
#define MADO_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

struct child {
	const char *command; /* for sh -c */
	const char *arg;     /* "$1"; NULL: none */
	bool with_tty;       /* the terminal is its own; else a session apart */
	int in, out;         /* without tty: its input, its output and errors;
			      * 0: /dev/null */
	unsigned alarm_s;    /* SIGALRM then, also when we are gone; 0: never */
};

/* -1 with errno. */
pid_t child_start(const struct child *c);

#endif
