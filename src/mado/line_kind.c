/*
 * The kinds of line: reply, note, ":", "/" and the palette's filter. What each
 * begins with (a draft, a history of its own), keeps and does on Enter. One
 * gives way to another by changing readline's text. Called by the keys and
 * commands; readline itself is line.c's.
 */
#include "ui.h"

#include <mado/mem.h>
#include <mado/text.h>

#include <stdio.h>
#include <readline/history.h>
#include <readline/readline.h>
#include <string.h>

#include "i18n.h"
#include "line_impl.h"

enum { DRAFT_MS = 700, HISTORY_MAX = 200, COMMANDS_MAX = 100 };

static char *commands[COMMANDS_MAX]; /* typed after ":" */
static int commands_n;

bool
line_is_text(enum line_kind k)
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
	if (!u->draft_dirty || !line_is_text(u->line))
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

void
line_changed(struct ui *u)
{
	ui_dirty(u, DIRTY_LINE);
	u->mention_ok = false; /* it was said of another text */
	if (line_is_text(u->line)) {
		if (!u->draft_dirty)
			timer_set(u->draft_timer, DRAFT_MS);
		u->draft_dirty = true;
	}
	if (u->line == LINE_PALETTE)
		palette_filter(u);
	if (u->line == LINE_SEARCH && u->focus == PANE_LIST)
		narrow_typed(u);
	if (u->line == LINE_COMMAND)
		looks_try(u, line_text());
	pop_update(u);
}

void
line_set_point(struct ui *u, const char *text, size_t caret)
{
	rl_point = (int)(caret <= strlen(text) ? caret : strlen(text));
	rl_mark = 0;
	line_changed(u);
	ui_dirty(u, DIRTY_TO);
}

static void
load_history(struct ui *u, enum line_kind kind)
{
	struct arena *a;
	const char **lines = NULL;
	size_t n;

	line_forget();
	if (kind == LINE_COMMAND) {
		for (int i = 0; i < commands_n; i++)
			add_history(commands[i]);
	} else if (line_is_text(kind)) {
		a = arena_new();
		n = store_history(
		    u->store, u->thread.contact, HISTORY_MAX, a, &lines);
		for (size_t i = 0; i < n; i++)
			if (i == 0 || strcmp(lines[i], lines[i - 1]) != 0)
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
	line_set_point(u, d.text, (size_t)d.caret_b);
	u->draft_dirty = false;
	timer_clear(u->draft_timer);
	arena_free(a);
}

void
line_open(struct ui *u, enum line_kind kind, const char *text)
{
	if (line_is_text(u->line)) {
		line_save_draft(u);
		u->line_back = line_is_text(kind) ? LINE_CLOSED : u->line;
	}
	if (line_is_text(kind) && u->thread.number == 0)
		return;
	pop_close(u);
	u->line = kind;
	load_history(u, kind);
	if (line_is_text(kind)) {
		u->line_back = LINE_CLOSED;
		load_draft(u, kind);
		if (kind == LINE_REPLY)
			here_warn(u);
	} else {
		text = text == NULL ? "" : text;
		rl_replace_line(text, 1);
		line_set_point(u, text, strlen(text));
	}
	if (u->lay.panes == 1 && line_is_text(kind))
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
	pop_close(u);
	u->line = LINE_CLOSED;
	u->line_back = LINE_CLOSED;
	line_forget();
	ui_dirty(u,
	    DIRTY_LINE | DIRTY_TO | DIRTY_HINT | DIRTY_HISTORY | DIRTY_CARET);
	if (back != LINE_CLOSED)
		line_open(u, back, NULL);
}

void
line_clear(struct ui *u)
{
	load_history(u, u->line);
	line_set_point(u, "", 0);
}

static void
remember_command(const char *s)
{
	if (commands_n == COMMANDS_MAX) {
		x_free(commands[0]);
		memmove(commands, commands + 1,
		    (COMMANDS_MAX - 1) * sizeof(commands[0]));
		commands_n--;
	}
	commands[commands_n++] = x_strdup(s);
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
	bool list = u->focus == PANE_LIST;

	if (list && !narrow_accept(u))
		return;
	if (*line_text() != '\0') {
		x_free(u->search);
		u->search = x_strdup(line_text());
	}
	line_close(u);
	if (!list && u->search != NULL)
		ui_run(u, "search-next");
}

/* From a macro: nobody has filtered by what it typed. */
static void
palette_enter(struct ui *u)
{
	palette_filter(u);
	palette_choose(u);
}

/* Enter: what it means depends on the kind of line. */
void
line_run(struct ui *u)
{
	if (pop_wants_enter())
		pop_take(u);
	else if (u->line == LINE_REPLY && !u->shown)
		ui_bad(u,
		    _("This conversation has not been on the screen yet. "
		      "Enter once more sends."));
	else if (line_is_text(u->line))
		send_line(u);
	else if (u->line == LINE_COMMAND)
		run_command(u);
	else if (u->line == LINE_SEARCH)
		run_search(u);
	else if (u->line == LINE_PALETTE)
		palette_enter(u);
}

void
line_kind_start(struct ui *u)
{
	u->draft_timer = timer_new(u->loop, on_draft_timer, u);
}

void
line_kind_stop(struct ui *u)
{
	timer_free(u->draft_timer);
	while (commands_n > 0)
		x_free(commands[--commands_n]);
}
