/*
 * readline's names: every command as mado-NAME, so that an inputrc can bind it
 * and macros can use it, our keys and the user's over them. Called by line.c
 * at start.
 */
#include "line_bind.h"

#include <mado/mem.h>

#include <stdbool.h>
#include <string.h>

#include "cmd.h"

/*
 * readline calls a function without saying under which name it was bound, so
 * each command has a function of its own: a pool of them, by number.
 */
enum { POOL = 100 };

static char *pool_command[POOL];
static int pool_n;
static void (*pool_run)(const char *command, void *arg);
static void *pool_arg;

static int
run(int n)
{
	if (n < pool_n)
		pool_run(pool_command[n], pool_arg);
	return 0;
}

/* clang-format off */
#define ONE(n)                                                                \
	static int verb_##n(int count, int key)                               \
	{                                                                     \
		(void)count;                                                  \
		(void)key;                                                    \
		return run(n);                                                \
	}
#define TEN(X, t)                                                             \
	X(t##0) X(t##1) X(t##2) X(t##3) X(t##4) X(t##5) X(t##6) X(t##7)       \
	X(t##8) X(t##9)
#define HUNDRED(X)                                                            \
	X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9)                     \
	TEN(X, 1) TEN(X, 2) TEN(X, 3) TEN(X, 4) TEN(X, 5) TEN(X, 6)           \
	TEN(X, 7) TEN(X, 8) TEN(X, 9)
/* clang-format on */

HUNDRED(ONE)

static rl_command_func_t *const pool[POOL] = {
#define ENTRY(n) verb_##n,
    HUNDRED(ENTRY)};

static void
add(const char *name, const char *command)
{
	if (pool_n == POOL)
		return;
	pool_command[pool_n] = x_strdup(command);
	/* readline keeps the name. */
	rl_add_funmap_entry(x_sprintf("mado-%s", name), pool[pool_n]);
	pool_n++;
}

/* A verb that wants words asks for them on the ":" line. */
static void
add_command(const struct cmd *c, unsigned flag)
{
	bool asks = flag == CMD_UI && (c->flags & CMD_WORDS);
	char *command = x_sprintf(asks ? "command %s" : "%s", c->name);

	add(c->name, command);
	x_free(command);
}

static void
add_commands(unsigned flag)
{
	static const char *const more[][2] = {
	    {"toggle-mode", "toggle mode"},
	    {"toggle-pin", "toggle pin"},
	    {"toggle-follow-up", "toggle follow-up"},
	    {"page-up", "move page-up"},
	    {"page-down", "move page-down"},
	};

	for (const struct cmd *c = cmds; c->name != NULL; c++)
		if (c->flags & flag)
			add_command(c, flag);
	for (size_t i = 0; flag == CMD_UI && i < sizeof(more) / sizeof(more[0]);
	     i++)
		add(more[i][0], more[i][1]);
}

static void
bind_in(const struct line_binds *b, Keymap map)
{
	for (size_t i = 0; i < b->n_fns; i++) {
		const struct line_fn *f = &b->fns[i];

		if (f->seq != NULL)
			rl_bind_keyseq_in_map(f->seq, f->fn, map);
		if (f->also != NULL && map != vi_insertion_keymap)
			rl_bind_keyseq_in_map(f->also, f->fn, map);
	}
	for (size_t i = 0; i < b->n_keys; i++) {
		rl_command_func_t *f = rl_named_function(b->keys[i].name);

		if (f != NULL)
			rl_bind_keyseq_in_map(b->keys[i].seq, f, map);
	}
}

/* rl_initialize() has read the user's file already, but before our functions
 * had names, and what we bind here would win over it. */
static void
read_inputrc(const char *config_dir)
{
	char *own = x_sprintf("%s/inputrc", config_dir);

	rl_read_init_file(NULL);
	rl_read_init_file(own);
	x_free(own);
	/* It would ring on standard error, past what draws the screen. */
	rl_variable_bind("bell-style", "none");
}

void
line_bind_start(const struct line_binds *b)
{
	pool_run = b->run;
	pool_arg = b->arg;
	for (size_t i = 0; i < b->n_fns; i++)
		rl_add_defun(b->fns[i].name, b->fns[i].fn, -1);
	add_commands(b->flag);
	bind_in(b, emacs_standard_keymap);
	bind_in(b, vi_insertion_keymap);
	read_inputrc(b->config_dir);
	line_move_replace();
}

void
line_bind_free(void)
{
	while (pool_n > 0)
		x_free(pool_command[--pool_n]);
}
