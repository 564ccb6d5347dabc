/*
 * The line being typed: readline's callback interface under ncurses. readline
 * edits, keeps the kill ring, undo, macros and the user's inputrc; it never
 * touches the terminal. Keys come from ui_key.c as bytes, line_draw.c draws.
 * The handler stays installed for good: kinds of line come and go by changing
 * the text.
 */
#include "ui.h"

#include <mado/mem.h>
#include <mado/text.h>
#include <mado/when.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <readline/history.h>
#include <string.h>
#include <unistd.h>

#include "i18n.h"
#include "line_bind.h"
#include "line_impl.h"

enum { GETC_WAIT_MS = 1000 };

static struct {
	struct ui *ui;
	bool inside;    /* readline is handling a key */
	bool esc;       /* the last key was Esc by itself */
	char *accepted; /* a line that readline has ended */
	struct buf feed;
	size_t feed_at;
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
	if (!line_is_text(line.ui->line))
		return NULL;
	return rl_display_prompt != NULL && *rl_display_prompt != '\0'
	    ? rl_display_prompt
	    : NULL;
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

/* rl_insert() takes what is queued past the dispatcher, which writes macros
 * down: a macro of Japanese would hold the first byte of each character. */
static int
on_input_available(void)
{
	if (RL_ISSTATE(RL_STATE_MACRODEF) && line.feed.p[0] != K_ESC)
		return false;
	return line.feed_at < line.feed.n;
}

static void
on_redisplay(void)
{
	if (line.ui != NULL)
		ui_dirty(line.ui, DIRTY_LINE);
}

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
	line_run(u);
}

static int
fn_send(int count, int key)
{
	(void)count;
	(void)key;
	line_run(line.ui);
	return 0;
}

static int
fn_newline(int count, int key)
{
	(void)count;
	(void)key;
	if (line_is_text(line.ui->line))
		rl_insert_text("\n");
	else
		line_run(line.ui);
	return 0;
}

/* In a macro the verb's key is readline's to give, and would be typed. */
static int
fn_verb(int count, int key)
{
	struct input_event ev = {.kind = INPUT_KEY};

	(void)count;
	(void)key;
	if (!line_is_text(line.ui->line))
		return 0;
	line.ui->verb_once = true;
	ui_dirty(line.ui, DIRTY_HINT);
	while (line.ui->verb_once && RL_ISSTATE(RL_STATE_MACROINPUT)) {
		/* or the macro's last key would leave readline reading on */
		RL_SETSTATE(RL_STATE_MOREINPUT);
		ev.key = rl_read_key();
		RL_UNSETSTATE(RL_STATE_MOREINPUT);
		ui_key_event(line.ui, &ev);
	}
	return 0;
}

static int
fn_editor(int count, int key)
{
	(void)count;
	(void)key;
	if (line_is_text(line.ui->line))
		outside_edit(line.ui);
	return 0;
}

static int
fn_complete(int count, int key)
{
	(void)count;
	(void)key;
	if (pop_is_marked() && !pop_is_alone())
		pop_step(line.ui, 1);
	else
		line_complete(line.ui);
	return 0;
}

/* Up and Down move in the text first, then through what was typed before. */
static int
move_row(int by, int count, int key)
{
	size_t at = line_row_at(line.ui, by);

	if (pop_is_marked()) {
		pop_step(line.ui, by);
		return 0;
	}
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

static const struct line_fn functions[] = {
    {"mado-send", fn_send, "\\C-m", NULL},
    {"mado-newline", fn_newline, "\\C-j", "\\e\\C-m"},
    {"mado-verb", fn_verb, "\\C-o", NULL},
    {"mado-editor", fn_editor, "\\C-x\\C-e", NULL},
    {"mado-complete", fn_complete, "\\C-i", NULL},
    {"mado-line-up", fn_up, "\\e[A", "\\eOA"},
    {"mado-line-down", fn_down, "\\e[B", "\\eOB"},
};

static const struct line_key bound[] = {
    {"\\C-l", "mado-redraw"},
    {"\\C-z", "mado-suspend"},
    {"\\e[5~", "mado-page-up"},
    {"\\e[6~", "mado-page-down"},
};

static void
run_bound(const char *command, void *arg)
{
	struct ui *u = arg;

	if (u->line == LINE_CLOSED)
		return;
	u->verb_once = true; /* as if after Ctrl-O */
	ui_run(u, command);
	u->verb_once = false;
	if (u->line == LINE_CLOSED && u->line_back != LINE_CLOSED)
		line_open(u, u->line_back, NULL);
}

static bool
take_suggestion(void)
{
	return line.ui != NULL && line_suggest(line.ui);
}

static void
start_binds(struct ui *u)
{
	struct line_binds b = {
	    .fns = functions,
	    .n_fns = sizeof(functions) / sizeof(functions[0]),
	    .keys = bound,
	    .n_keys = sizeof(bound) / sizeof(bound[0]),
	    .flag = CMD_UI,
	    .run = run_bound,
	    .arg = u,
	    .config_dir = u->set->config_dir,
	};

	rl_bind_key_in_map('\r', fn_send, vi_movement_keymap);
	line_bind_start(&b);
	line_move_on_empty(take_suggestion);
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
	start_binds(u);
	rl_callback_handler_install("", on_line);
	line_kind_start(u);
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
void
line_forget(void)
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
	line_forget();
	rl_callback_handler_remove();
	line_bind_free();
	line_kind_stop(u);
	buf_free(&line.feed);
	line.ui = NULL;
}

void
line_set(struct ui *u, const char *text, size_t caret)
{
	settle();
	rl_begin_undo_group();
	rl_delete_text(0, rl_end);
	rl_point = 0;
	rl_insert_text(text);
	rl_end_undo_group();
	line_set_point(u, text, caret);
}

/* keys */

void
line_paste(struct ui *u, const char *p, size_t n)
{
	struct buf b = {0}, clean = {0};

	text_to_utf8(&b, p, n);
	for (size_t i = 0; i < b.n; i++) {
		char c = b.p[i];

		if (c == '\r' && i + 1 < b.n && b.p[i + 1] == '\n')
			continue;
		if (c == '\r')
			c = '\n';
		if (c == '\n' && !line_is_text(u->line))
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
	line_changed(u);
}

/* Ctrl-G, Esc, Ctrl-C: take a pending send back, else leave. */
static void
cancel(struct ui *u)
{
	if (u->line == LINE_PALETTE) {
		palette_close(u);
		return;
	}
	if (u->line == LINE_SEARCH && u->focus == PANE_LIST)
		narrow_cancel(u);
	if (line_is_text(u->line) &&
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
		return rl_editing_mode == 1 || !line_is_text(line.ui->line);
	return ev->key == ('G' & 0x1f) || ev->key == ('C' & 0x1f);
}

/* Shift-Enter where the terminal can tell; and Alt-Enter in vi mode, where it
 * would be Esc and then Enter. */
static bool
is_newline(const struct input_event *ev)
{
	return ev->key == (K_ENTER | K_SHIFT) ||
	    (ev->key == (K_ENTER | K_META) && rl_editing_mode == 0);
}

/* Keys that mean the candidates while they are shown; the rest are
 * functions', so that a macro can use them. */
static bool
pop_key(struct ui *u, int32_t key)
{
	switch (key) {
	case K_ESC:
		return pop_cancel(u);
	case 'G' & 0x1f:
	case 'C' & 0x1f: /* they leave the ":" line at once */
		return pop_wants_enter() && pop_cancel(u);
	case 'N' & 0x1f:
		pop_step(u, 1);
		return true;
	case 'P' & 0x1f:
	case K_TAB | K_SHIFT:
		pop_step(u, -1);
		return true;
	default:
		return false;
	}
}

/*
 * Alt-Enter, a new line, may come in two halves over a slow link, and the
 * first of them takes a pending send back into the line: Enter right after Esc
 * never sends.
 */
static bool
is_after_esc(struct ui *u, int32_t key)
{
	bool after = line.esc && key == K_ENTER && line_is_text(u->line);

	line.esc = key == K_ESC;
	if (after)
		ui_bad(u,
		    _("Enter right after Esc does not send. Enter again "
		      "does."));
	return after;
}

static void
feed(const struct input_event *ev)
{
	feed_key(ev);
	line.inside = true;
	while (line.feed_at < line.feed.n)
		rl_callback_read_char();
	line.inside = false;
}

static int
fn_nothing(int count, int key)
{
	(void)count;
	(void)key;
	return 0;
}

/* readline writes into the macro what it dispatches: here to nothing. */
void
line_record(const struct input_event *ev)
{
	static Keymap nothing;
	Keymap was = rl_get_keymap();

	if (!RL_ISSTATE(RL_STATE_MACRODEF))
		return;
	if (nothing == NULL) {
		nothing = rl_make_bare_keymap();
		for (int i = 0; i < KEYMAP_SIZE; i++)
			nothing[i].function = fn_nothing;
	}
	rl_set_keymap(nothing);
	feed(ev);
	rl_set_keymap(was);
}

void
line_event(struct ui *u, const struct input_event *ev)
{
	if (ev->kind == INPUT_PASTE) {
		line_paste(u, ev->bytes, ev->n);
		return;
	}
	if (is_after_esc(u, ev->key) || (pop_is_open() && pop_key(u, ev->key)))
		return;
	if (is_cancel(ev)) {
		cancel(u);
		return;
	}
	if (is_newline(ev)) {
		settle();
		fn_newline(1, 0);
		line_changed(u);
		return;
	}
	feed(ev);
	take_accepted(u);
	if (u->line == LINE_CLOSED) {
		if (rl_end > 0)
			rl_replace_line("", 1);
		return;
	}
	line_changed(u);
}
