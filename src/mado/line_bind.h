/*
 * readline as mado means it, for the inbox and for the shell: our functions
 * under names that an inputrc can bind, our keys, the user's files over them,
 * moves by clusters and Japanese words. Knows no screen and no terminal.
 */
#ifndef MADO_LINE_BIND_H
#define MADO_LINE_BIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <readline/readline.h>

struct line_fn {
	const char *name; /* "mado-send" */
	rl_command_func_t *fn;
	const char *seq;  /* its key in emacs and vi insertion mode */
	const char *also; /* one more, in emacs mode only */
};

struct line_key {
	const char *seq, *name; /* "\\C-l", "mado-redraw" */
};

struct line_binds {
	const struct line_fn *fns;
	size_t n_fns;
	const struct line_key *keys; /* to functions of any origin */
	size_t n_keys;
	unsigned
	    flag; /* CMD_UI or CMD_CLI ..: which commands become functions */
	/* A command's function was called; arg is the one given below. */
	void (*run)(const char *command, void *arg);
	void *arg;
	const char *config_dir; /* of the inputrc beside ~/.inputrc */
};

/*
 * After rl_initialize(): define the functions and one mado-NAME for each
 * command, bind our keys, then read ~/.inputrc and config_dir/inputrc, so that
 * theirs win, with $if mado. b need not outlive the call.
 */
void line_bind_start(const struct line_binds *b);
void line_bind_free(void);

/* line_move.c: our moves wherever readline's are bound. */
void line_move_replace(void);
/* What Right and the end of the line do first where nothing is typed; true:
 * that was all. */
void line_move_on_empty(bool (*take)(void));

#endif
