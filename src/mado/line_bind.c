/*
 * readline's functions: its own moves and deletions replaced by ones that know
 * clusters and Japanese words wherever they are bound, and every command of
 * the inbox as mado-NAME, so that an inputrc can bind it and macros can use
 * it. Called by line.c at start.
 */
#include "line_bind.h"

#include <mado/mem.h>

#include <stdio.h>
#include <readline/readline.h>
#include <string.h>

#include "line_edit.h"

static struct ui *ui;

static size_t
point(void)
{
	return rl_point < 0 ? 0 : (size_t)rl_point;
}

/* Repeat a step as the numeric argument says, backwards when negative. */
static size_t
repeat(size_t at, int count, size_t (*fwd)(const char *, size_t),
    size_t (*back)(const char *, size_t))
{
	for (; count > 0; count--)
		at = fwd(rl_line_buffer, at);
	for (; count < 0; count++)
		at = back(rl_line_buffer, at);
	return at;
}

static int
move_to(size_t at)
{
	rl_point = (int)at;
	return 0;
}

static int
forward_char(int count, int key)
{
	(void)key;
	return move_to(repeat(point(), count, edit_right, edit_left));
}

static int
backward_char(int count, int key)
{
	(void)key;
	return move_to(repeat(point(), count, edit_left, edit_right));
}

static int
forward_word(int count, int key)
{
	(void)key;
	return move_to(repeat(point(), count, edit_word_right, edit_word_left));
}

static int
backward_word(int count, int key)
{
	(void)key;
	return move_to(repeat(point(), count, edit_word_left, edit_word_right));
}

static int
delete_to(size_t at)
{
	size_t from = point();
	int lo = (int)(at < from ? at : from);
	int hi = (int)(at < from ? from : at);

	rl_delete_text(lo, hi);
	rl_point = lo;
	return 0;
}

static int
delete_char(int count, int key)
{
	(void)key;
	return delete_to(repeat(point(), count, edit_right, edit_backspace));
}

static int
backward_delete(int count, int key)
{
	(void)key;
	return delete_to(repeat(point(), count, edit_backspace, edit_right));
}

static int
kill_word(int count, int key)
{
	(void)key;
	return rl_kill_text(rl_point,
	    (int)repeat(point(), count, edit_word_right, edit_word_left));
}

static int
backward_kill_word(int count, int key)
{
	int from = rl_point;
	size_t at = repeat(point(), count, edit_word_left, edit_word_right);

	(void)key;
	rl_kill_text(from, (int)at);
	rl_point = (int)(at < (size_t)from ? at : (size_t)from);
	return 0;
}

/* A reply has several lines; readline knows one. */
static int
line_start_key(int count, int key)
{
	(void)count;
	(void)key;
	return move_to(edit_line_start(rl_line_buffer, point()));
}

static int
line_end_key(int count, int key)
{
	(void)count;
	(void)key;
	return move_to(edit_line_end(rl_line_buffer, point()));
}

static int
kill_line(int count, int key)
{
	size_t end = edit_line_end(rl_line_buffer, point());

	(void)count;
	(void)key;
	if (end == point() && rl_line_buffer[end] == '\n')
		end++;
	return rl_kill_text(rl_point, (int)end);
}

static const struct {
	rl_command_func_t *theirs, *ours;
} replaced[] = {
    {rl_forward_char, forward_char},
    {rl_backward_char, backward_char},
    {rl_forward_word, forward_word},
    {rl_backward_word, backward_word},
    {rl_delete, delete_char},
    {rl_rubout, backward_delete},
    {rl_kill_word, kill_word},
    {rl_backward_kill_word, backward_kill_word},
    {rl_unix_word_rubout, backward_kill_word},
    {rl_beg_of_line, line_start_key},
    {rl_end_of_line, line_end_key},
    {rl_kill_line, kill_line},
};

static void
replace_in(Keymap map, int depth)
{
	for (int i = 0; map != NULL && depth < 4 && i < KEYMAP_SIZE; i++) {
		if (map[i].type == ISKMAP) {
			replace_in((Keymap)map[i].function, depth + 1);
			continue;
		}
		for (size_t k = 0; map[i].type == ISFUNC &&
		     k < sizeof(replaced) / sizeof(replaced[0]);
		     k++) {
			if (map[i].function == replaced[k].theirs)
				map[i].function = replaced[k].ours;
		}
	}
}

void
line_bind_replace(void)
{
	replace_in(emacs_standard_keymap, 0);
	replace_in(vi_insertion_keymap, 0);
}

/*
 * readline calls a function without saying under which name it was bound, so
 * each command has a function of its own: a pool of them, by number.
 */
enum { POOL = 100 };

static char *pool_command[POOL];
static int pool_n;

static int
run(int n)
{
	if (ui != NULL && n < pool_n)
		line_bind_run(ui, pool_command[n]);
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

void
line_bind_commands(struct ui *u)
{
	static const char *const more[][2] = {
	    {"toggle-mode", "toggle mode"},
	    {"toggle-pin", "toggle pin"},
	    {"toggle-follow-up", "toggle follow-up"},
	    {"page-up", "move page-up"},
	    {"page-down", "move page-down"},
	};

	ui = u;
	for (const struct cmd *c = cmds; c->name != NULL; c++) {
		if ((c->flags & CMD_UI) && c->ui != NULL)
			add(c->name, c->name);
	}
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++)
		add(more[i][0], more[i][1]);
}

void
line_bind_free(void)
{
	ui = NULL;
	while (pool_n > 0)
		x_free(pool_command[--pool_n]);
}
