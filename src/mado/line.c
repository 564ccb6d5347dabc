/*
 * The line being typed: readline's callback interface under ncurses. readline
 * edits, keeps the kill ring, undo, macros and the user's inputrc; it never
 * touches the terminal. Keys come from ui_key.c as bytes, line_draw.c draws.
 * The handler stays installed for good: kinds of line come and go by changing
 * the text.
 */
#include "line_bind.h"

#include <mado/mem.h>
#include <mado/text.h>
#include <mado/when.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <readline/readline.h>
#include <readline/history.h>
#include <string.h>
#include <unistd.h>

#include "i18n.h"

enum {
	DRAFT_MS = 700,
	HISTORY_MAX = 200,
	GETC_WAIT_MS = 1000,
	COMMANDS_MAX = 100
};

static struct {
	struct ui *ui;
	bool inside;    /* readline is handling a key */
	char *accepted; /* a line that readline has ended */
	struct buf feed;
	size_t feed_at;
	char *commands[COMMANDS_MAX]; /* typed after ":" */
	int commands_n;
	size_t last_len; /* of the text, to tell that it changed */
} line;

const char *
line_text(void)
{
	return rl_line_buffer == NULL ? "" : rl_line_buffer;
}

size_t
line_caret(void)
{
	return rl_point < 0 ? 0 : (size_t)rl_point;
}

const char *
line_message(void)
{
	if (line.ui->line != LINE_REPLY && line.ui->line != LINE_NOTE)
		return NULL;
	return rl_display_prompt != NULL && *rl_display_prompt != '\0'
	    ? rl_display_prompt
	    : NULL;
}

static bool
is_text_kind(enum line_kind k)
{
	return k == LINE_REPLY || k == LINE_NOTE;
}

/* drafts */

void
line_save_draft(struct ui *u)
{
	struct draft d = {line_text(), (int64_t)line_caret()};
	struct err e = {0};

	timer_clear(u->draft_timer);
	if (!u->draft_dirty || !is_text_kind(u->line))
		return;
	u->draft_dirty = false;
	if (store_set_draft(
		u->store, u->thread.number, u->line == LINE_NOTE, &d, &e) == -1)
		ui_say_err(u, &e);
}

static void
on_draft_timer(void *arg)
{
	line_save_draft(arg);
}

static void
changed(struct ui *u)
{
	ui_dirty(u, DIRTY_LINE);
	if (is_text_kind(u->line)) {
		if (!u->draft_dirty)
			timer_set(u->draft_timer, DRAFT_MS);
		u->draft_dirty = true;
	}
	if (u->line == LINE_PALETTE)
		palette_filter(u);
	if (u->line == LINE_COMMAND)
		looks_try(u, line_text());
}

/* readline's hooks */

static int
on_getc(FILE *f)
{
	struct pollfd p = {STDIN_FILENO, POLLIN, 0};
	unsigned char c;

	(void)f;
	if (line.feed_at < line.feed.n)
		return (unsigned char)line.feed.p[line.feed_at++];
	/* A function that reads on its own: give it keys, but never hang. An
	 * end of file here would be taken for the end of the line. */
	if (poll(&p, 1, GETC_WAIT_MS) == 1 && read(STDIN_FILENO, &c, 1) == 1)
		return c;
	return 'G' & 0x1f;
}

static int
on_input_available(void)
{
	return line.feed_at < line.feed.n;
}

static void
on_redisplay(void)
{
	if (line.ui != NULL)
		ui_dirty(line.ui, DIRTY_LINE);
}

static void run_line(struct ui *u);

/* accept-line, by whatever key the user has bound it to. readline is about to
 * begin a line of its own: ours is looked at after that. */
static void
on_line(char *text)
{
	free(line.accepted); /* readline's malloc, like text */
	line.accepted = text;
}

static void
take_accepted(struct ui *u)
{
	char *text = line.accepted;

	line.accepted = NULL;
	if (text == NULL)
		return; /* Ctrl-D in an empty line is no end of anything */
	rl_replace_line(text, 1);
	rl_point = rl_end;
	free(text);
	run_line(u);
}

static int
fn_send(int count, int key)
{
	(void)count;
	(void)key;
	run_line(line.ui);
	return 0;
}

static int
fn_newline(int count, int key)
{
	(void)count;
	(void)key;
	if (is_text_kind(line.ui->line))
		rl_insert_text("\n");
	else
		run_line(line.ui);
	return 0;
}

/* In a macro the verb's key is readline's to give, and would be typed. */
static int
fn_verb(int count, int key)
{
	struct input_event ev = {.kind = INPUT_KEY};

	(void)count;
	(void)key;
	if (!is_text_kind(line.ui->line))
		return 0;
	line.ui->verb_once = true;
	ui_dirty(line.ui, DIRTY_HINT);
	while (line.ui->verb_once && RL_ISSTATE(RL_STATE_MACROINPUT)) {
		ev.key = rl_read_key();
		ui_key_event(line.ui, &ev);
	}
	return 0;
}

static int
fn_editor(int count, int key)
{
	(void)count;
	(void)key;
	if (is_text_kind(line.ui->line))
		outside_edit(line.ui);
	return 0;
}

static int
fn_complete(int count, int key)
{
	(void)count;
	(void)key;
	line_complete(line.ui);
	return 0;
}

/* Up and Down move in the text first, then through what was typed before. */
static int
move_row(int by, int count, int key)
{
	size_t at = line_row_at(line.ui, by);

	if (at == SIZE_MAX)
		return by < 0 ? rl_get_previous_history(count, key)
			      : rl_get_next_history(count, key);
	rl_point = (int)at;
	return 0;
}

static int
fn_up(int count, int key)
{
	return move_row(-1, count, key);
}

static int
fn_down(int count, int key)
{
	return move_row(1, count, key);
}

static const struct {
	const char *name;
	rl_command_func_t *fn;
	const char *seq; /* bound in emacs and vi insertion modes */
	const char *also;
} functions[] = {
    {"mado-send", fn_send, "\\C-m", NULL},
    {"mado-newline", fn_newline, "\\C-j", "\\e\\C-m"},
    {"mado-verb", fn_verb, "\\C-o", NULL},
    {"mado-editor", fn_editor, "\\C-x\\C-e", NULL},
    {"mado-complete", fn_complete, "\\C-i", NULL},
    {"mado-line-up", fn_up, "\\e[A", "\\eOA"},
    {"mado-line-down", fn_down, "\\e[B", "\\eOB"},
};

static const struct {
	const char *seq, *name;
} bound[] = {
    {"\\C-l", "mado-redraw"},
    {"\\C-z", "mado-suspend"},
    {"\\e[5~", "mado-page-up"},
    {"\\e[6~", "mado-page-down"},
};

static void
bind_in(Keymap map)
{
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		rl_bind_keyseq_in_map(functions[i].seq, functions[i].fn, map);
		if (functions[i].also != NULL && map != vi_insertion_keymap)
			rl_bind_keyseq_in_map(
			    functions[i].also, functions[i].fn, map);
	}
	for (size_t i = 0; i < sizeof(bound) / sizeof(bound[0]); i++) {
		rl_command_func_t *f = rl_named_function(bound[i].name);

		if (f != NULL)
			rl_bind_keyseq_in_map(bound[i].seq, f, map);
	}
}

/* Ours first, then the user's files once more, so that theirs win. */
static void
read_inputrc(struct ui *u)
{
	char *own = x_sprintf("%s/inputrc", u->set->config_dir);

	bind_in(emacs_standard_keymap);
	bind_in(vi_insertion_keymap);
	rl_bind_key_in_map('\r', fn_send, vi_movement_keymap);
	rl_read_init_file(NULL);
	rl_read_init_file(own);
	line_bind_replace();
	/* It would ring on standard error, past ncurses. */
	rl_variable_bind("bell-style", "none");
	x_free(own);
}

void
line_start(struct ui *u)
{
	line.ui = u;
	rl_readline_name = "mado";
	rl_catch_signals = 0;
	rl_catch_sigwinch = 0;
	rl_change_environment = 0; /* LINES would freeze ncurses' size */
	rl_prep_term_function = NULL;
	rl_deprep_term_function = NULL;
	rl_getc_function = on_getc;
	rl_input_available_hook = on_input_available;
	rl_redisplay_function = on_redisplay;
	rl_instream = stdin;
	rl_outstream = fopen("/dev/null", "w");
	rl_initialize();
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		rl_add_defun(functions[i].name, functions[i].fn, -1);
	line_bind_commands(u);
	read_inputrc(u);
	rl_callback_handler_install("", on_line);
	u->draft_timer = timer_new(u->loop, on_draft_timer, u);
}

/*
 * What readline has begun and not ended (a search, an argument, half a key
 * sequence) holds on to the line and its history: it ends before we change
 * them from outside. It only does so where it believes to be called back.
 */
static void
settle(void)
{
	bool was = RL_ISSTATE(RL_STATE_CALLBACK) != 0;

	if (line.inside)
		return;
	RL_SETSTATE(RL_STATE_CALLBACK);
	rl_callback_sigcleanup();
	if (!was)
		RL_UNSETSTATE(RL_STATE_CALLBACK);
}

/*
 * Begin with nothing: no text, no history, nothing to undo. The line, the
 * entries of the history and the line that readline puts aside while it walks
 * them share undo lists, and readline frees them in an order of its own: where
 * they may be shared they are dropped, not freed.
 */
static void
forget_line(void)
{
	HIST_ENTRY **list;
	bool shared;

	settle();
	list = history_list();
	shared = where_history() != history_length;
	for (int i = 0; list != NULL && list[i] != NULL; i++) {
		shared = shared || list[i]->data != NULL;
		list[i]->data = NULL;
	}
	rl_maybe_unsave_line();
	if (shared)
		rl_undo_list = NULL;
	clear_history();
	rl_replace_line("", 1);
}

void
line_stop(struct ui *u)
{
	if (line.ui == NULL)
		return;
	line_save_draft(u);
	forget_line();
	rl_callback_handler_remove();
	line_bind_free();
	timer_free(u->draft_timer);
	buf_free(&line.feed);
	while (line.commands_n > 0)
		x_free(line.commands[--line.commands_n]);
	line.ui = NULL;
}

/* kinds of line */

static void
set_point(const char *text, size_t caret)
{
	rl_point = (int)(caret <= strlen(text) ? caret : strlen(text));
	rl_mark = 0;
	changed(line.ui);
	ui_dirty(line.ui, DIRTY_TO);
}

void
line_set(struct ui *u, const char *text, size_t caret)
{
	(void)u;
	settle();
	rl_begin_undo_group();
	rl_delete_text(0, rl_end);
	rl_point = 0;
	rl_insert_text(text);
	rl_end_undo_group();
	set_point(text, caret);
}

static void
load_history(struct ui *u, enum line_kind kind)
{
	struct arena *a;
	const char **lines = NULL;
	size_t n;

	forget_line();
	if (kind == LINE_COMMAND) {
		for (int i = 0; i < line.commands_n; i++)
			add_history(line.commands[i]);
	} else if (is_text_kind(kind)) {
		a = arena_new();
		n = store_history(u->store, 0, HISTORY_MAX, a, &lines);
		for (size_t i = 0; i < n; i++)
			add_history(lines[i]);
		arena_free(a);
	}
	using_history();
}

static void
load_draft(struct ui *u, enum line_kind kind)
{
	struct arena *a = arena_new();
	struct draft d = {"", 0};

	if (store_draft(u->store, u->thread.number, kind == LINE_NOTE, a, &d))
		rl_replace_line(d.text, 1);
	set_point(d.text, (size_t)d.caret_b);
	u->draft_dirty = false;
	timer_clear(u->draft_timer);
	arena_free(a);
}

void
line_open(struct ui *u, enum line_kind kind, const char *text)
{
	if (is_text_kind(u->line)) {
		line_save_draft(u);
		u->line_back = is_text_kind(kind) ? LINE_CLOSED : u->line;
	}
	if (is_text_kind(kind) && u->thread.number == 0)
		return;
	u->line = kind;
	load_history(u, kind);
	if (is_text_kind(kind)) {
		u->line_back = LINE_CLOSED;
		load_draft(u, kind);
	} else {
		text = text == NULL ? "" : text;
		rl_replace_line(text, 1);
		set_point(text, strlen(text));
	}
	if (u->lay.panes == 1 && is_text_kind(kind))
		ui_focus(u, PANE_HISTORY);
	ui_dirty(u,
	    DIRTY_LINE | DIRTY_TO | DIRTY_HINT | DIRTY_HISTORY | DIRTY_CURSOR);
}

void
line_close(struct ui *u)
{
	enum line_kind back = u->line_back;

	if (u->line == LINE_CLOSED)
		return;
	line_save_draft(u);
	if (u->line == LINE_COMMAND)
		looks_try(u, "");
	u->line = LINE_CLOSED;
	u->line_back = LINE_CLOSED;
	forget_line();
	ui_dirty(u,
	    DIRTY_LINE | DIRTY_TO | DIRTY_HINT | DIRTY_HISTORY | DIRTY_CARET);
	if (back != LINE_CLOSED)
		line_open(u, back, NULL);
}

void
line_clear(struct ui *u)
{
	load_history(u, u->line);
	set_point("", 0);
}

static void
remember_command(const char *s)
{
	if (line.commands_n == COMMANDS_MAX) {
		x_free(line.commands[0]);
		memmove(line.commands, line.commands + 1,
		    (COMMANDS_MAX - 1) * sizeof(line.commands[0]));
		line.commands_n--;
	}
	line.commands[line.commands_n++] = x_strdup(s);
}

static void
run_command(struct ui *u)
{
	char *typed = text_narrow(line_text());
	enum line_kind back = u->line_back;

	/* The reply comes back after the command, which may open another. */
	u->line_back = LINE_CLOSED;
	line_close(u);
	u->line_back = back;
	if (typed[strspn(typed, " ")] != '\0') {
		remember_command(typed);
		ui_run(u, typed);
	}
	x_free(typed);
	if (u->line == LINE_CLOSED && u->line_back != LINE_CLOSED)
		line_open(u, u->line_back, NULL);
}

static void
run_search(struct ui *u)
{
	if (*line_text() != '\0') {
		x_free(u->search);
		u->search = x_strdup(line_text());
	}
	line_close(u);
	if (u->search != NULL)
		ui_run(u, "search-next");
}

/* Enter: what it means depends on the kind of line. */
static void
run_line(struct ui *u)
{
	if (is_text_kind(u->line))
		send_line(u);
	else if (u->line == LINE_COMMAND)
		run_command(u);
	else if (u->line == LINE_SEARCH)
		run_search(u);
}

void
line_bind_run(struct ui *u, const char *command)
{
	if (u->line == LINE_CLOSED)
		return;
	u->verb_once = true; /* as if after Ctrl-O */
	ui_run(u, command);
	u->verb_once = false;
	if (u->line == LINE_CLOSED && u->line_back != LINE_CLOSED)
		line_open(u, u->line_back, NULL);
}

/* keys */

static void
paste(struct ui *u, const char *p, size_t n)
{
	struct buf b = {0}, clean = {0};

	text_to_utf8(&b, p, n);
	for (size_t i = 0; i < b.n; i++) {
		char c = b.p[i];

		if (c == '\r' && i + 1 < b.n && b.p[i + 1] == '\n')
			continue;
		if (c == '\r')
			c = '\n';
		if (c == '\n' && !is_text_kind(u->line))
			c = ' ';
		if (c != '\0')
			buf_putc(&clean, c);
	}
	settle();
	rl_begin_undo_group();
	rl_insert_text(buf_str(&clean));
	rl_end_undo_group();
	buf_free(&b);
	buf_free(&clean);
	changed(u);
}

/* Ctrl-G, Esc, Ctrl-C: take a pending send back, else leave. */
static void
cancel(struct ui *u)
{
	if (u->line == LINE_PALETTE) {
		palette_close(u);
		return;
	}
	if (is_text_kind(u->line) &&
	    send_pending(u, u->thread.number) != NULL && send_take_back(u))
		return;
	line_close(u);
}

/* The bytes that readline knows for a key that came in a newer encoding. */
static void
feed_key(const struct input_event *ev)
{
	int32_t c = ev->key & ~K_MODS;
	bool newer = ev->n > 3 && ev->bytes[1] == '[' &&
	    (ev->bytes[ev->n - 1] == 'u' ||
		strncmp(ev->bytes, "\033[27;", 5) == 0);

	buf_reset(&line.feed);
	line.feed_at = 0;
	if (!newer) {
		buf_add(&line.feed, ev->bytes, ev->n);
		return;
	}
	if (c >= 0x80)
		return;
	if (ev->key & K_META)
		buf_putc(&line.feed, K_ESC);
	buf_putc(&line.feed, c);
}

static bool
is_cancel(const struct input_event *ev)
{
	if (RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH |
		RL_STATE_NUMERICARG | RL_STATE_MOREINPUT | RL_STATE_MULTIKEY))
		return false;
	if (ev->key == K_ESC) /* vi's command mode */
		return rl_editing_mode == 1 || !is_text_kind(line.ui->line);
	return ev->key == ('G' & 0x1f) || ev->key == ('C' & 0x1f);
}

void
line_event(struct ui *u, const struct input_event *ev)
{
	if (ev->kind == INPUT_PASTE) {
		paste(u, ev->bytes, ev->n);
		return;
	}
	if (is_cancel(ev)) {
		cancel(u);
		return;
	}
	if (ev->key == (K_ENTER | K_SHIFT)) {
		settle();
		fn_newline(1, 0);
		changed(u);
		return;
	}
	feed_key(ev);
	line.inside = true;
	while (line.feed_at < line.feed.n)
		rl_callback_read_char();
	line.inside = false;
	take_accepted(u);
	if (u->line == LINE_CLOSED) {
		if (rl_end > 0)
			rl_replace_line("", 1);
		return;
	}
	changed(u);
}
