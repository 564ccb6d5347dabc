/*
 * readline's own moves and deletions, replaced by ones that know clusters and
 * Japanese words wherever they are bound. Called by line_bind.c after the
 * user's inputrc has been read.
 */
#include "line_bind.h"

#include "line_edit.h"

static bool (*on_empty)(void);

void
line_move_on_empty(bool (*take)(void))
{
	on_empty = take;
}

static bool
empty_took(void)
{
	return rl_end == 0 && on_empty != NULL && on_empty();
}

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
	if (empty_took())
		return 0;
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
	if (empty_took())
		return 0;
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

/* vi's small words; the large ones end at blanks for everybody. */
static int
vi_next_word(int count, int key)
{
	if (key == 'W')
		return rl_vi_next_word(count, key);
	while (count-- > 0 && rl_point < rl_end)
		rl_point = (int)edit_word_next(rl_line_buffer, point());
	return 0;
}

static int
vi_prev_word(int count, int key)
{
	return key == 'B' ? rl_vi_prev_word(count, key)
			  : backward_word(count, key);
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
    {rl_vi_next_word, vi_next_word},
    {rl_vi_prev_word, vi_prev_word},
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
line_move_replace(void)
{
	replace_in(emacs_standard_keymap, 0);
	replace_in(vi_insertion_keymap, 0);
	replace_in(vi_movement_keymap, 0);
}
