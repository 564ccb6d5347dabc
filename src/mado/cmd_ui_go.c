/*
 * Moving about in the inbox: panes, views, searching, overlays. Changes only
 * what is shown, never a conversation.
 */
#include "cmd_ui.h"

#include <mado/mem.h>
#include <mado/text.h>

#include <stdlib.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "i18n.h"
#include "ui.h"

static const char *
word(int argc, char **argv, int i)
{
	return i < argc ? argv[i] : "";
}

int
ui_cmd_move(struct ui *u, int argc, char **argv, struct err *e)
{
	static const char *const names[] = {"down", "up", "page-down",
	    "page-up", "half-down", "half-up", "top", "bottom", NULL};
	int to = name_find(names, word(argc, argv, 1));

	if (to < 0)
		return err_set(e, ERR_INVALID,
		    _("Say move down, up, page-down, page-up, half-down, "
		      "half-up, top or bottom."));
	if (u->over == OVER_HELP)
		help_move(u, (enum move_to)to);
	else if (u->line != LINE_CLOSED)
		pane_history.move(u, (enum move_to)to);
	else
		pane_get(u->focus)->move(u, (enum move_to)to);
	return 0;
}

/* "open", "open 42", "open sheet": with the sheet where there is one pane. */
int
ui_cmd_open(struct ui *u, int argc, char **argv, struct err *e)
{
	const char *arg = word(argc, argv, 1);
	bool sheet = strcmp(arg, "sheet") == 0;
	int64_t number =
	    *arg != '\0' && !sheet ? strtoll(arg, NULL, 10) : ui_current(u, e);

	if (number == 0)
		return e->code != ERR_NONE
		    ? -1
		    : err_set(e, ERR_INVALID, _("Say open and a number."));
	if (u->focus == PANE_HISTORY && sheet && send_hurry(u))
		return 0;
	if (u->focus != PANE_LIST && sheet && u->lay.panes > 1)
		return ui_run(u, "reply");
	if (number != u->thread.number)
		ui_open(u, number);
	ui_focus(u, PANE_HISTORY);
	if (sheet && u->lay.panes == 1) {
		u->sheet_page = 0;
		ui_over(u, OVER_SHEET);
	}
	return 0;
}

static void
quit_asked(struct ui *u, void *arg)
{
	(void)arg;
	u->quit = true;
	loop_stop(u->loop);
}

int
ui_cmd_quit(struct ui *u, int argc, char **argv, struct err *e)
{
	(void)argc;
	(void)argv;
	(void)e;
	send_expire(u);
	if (u->pending_n > 0)
		ui_ask(u,
		    x_strdup(_("A send is still waiting its seconds; it will "
			       "leave when mado runs again. Quit?")),
		    quit_asked, NULL);
	else
		quit_asked(u, NULL);
	return 0;
}

/* One step out. False at the top. */
static bool
step_out(struct ui *u)
{
	if (u->over != OVER_NONE) {
		ui_over(u, OVER_NONE);
	} else if (u->selected_n > 0) {
		ui_select_none(u);
	} else if (u->focus == PANE_CONTACT) {
		ui_focus(u, PANE_HISTORY);
	} else if (u->focus == PANE_HISTORY) {
		if (!found_back(u))
			ui_focus(u, PANE_LIST);
	} else if (u->rows.typed != NULL) {
		rows_narrow(&u->rows, NULL, NULL);
		ui_dirty(u, DIRTY_LIST | DIRTY_HEADER);
	} else {
		return false;
	}
	return true;
}

int
ui_cmd_back(struct ui *u, int argc, char **argv, struct err *e)
{
	return step_out(u) ? 0 : ui_cmd_quit(u, argc, argv, e);
}

int
ui_cmd_cancel(struct ui *u, int argc, char **argv, struct err *e)
{
	(void)argc;
	(void)argv;
	(void)e;
	if (u->over != OVER_NONE || !send_take_back(u))
		step_out(u);
	return 0;
}

/* "6" and on: the saved ones first, then the rest of mado's own. */
static const struct saved_view *
saved_view(const struct ui *u, const char *name)
{
	const struct views *s = &u->set->views;
	size_t i = (size_t)(name[0] - '0') - VIEWS_DIGIT;

	if (name[0] >= '0' + VIEWS_DIGIT && name[0] <= '9' && name[1] == '\0' &&
	    i < s->n)
		return &s->v[i];
	return views_find(s, name);
}

int
ui_cmd_view(struct ui *u, int argc, char **argv, struct err *e)
{
	const char *name = word(argc, argv, 1);
	const struct saved_view *saved = saved_view(u, name);
	int v = name_find(view_names, name);

	if (v < 0 && name[0] >= '1' && name[0] <= '9' && name[1] == '\0')
		v = name[0] - '1';
	if (v < 0 && saved == NULL)
		return err_set(e, ERR_INVALID,
		    _("Views are mine, waiting, auto, follow-up, open, "
		      "snoozed, resolved, all, problems, and those of "
		      "madorc."));
	rows_open(&u->rows, (enum view)v, saved);
	store_set(u->store, "view", saved != NULL ? saved->name : view_names[v],
	    NULL);
	ui_select_none(u);
	u->over = OVER_NONE;
	ui_focus(u, PANE_LIST);
	ui_dirty(u, DIRTY_LIST | DIRTY_HEADER);
	return 0;
}

int
ui_cmd_pane(struct ui *u, int argc, char **argv, struct err *e)
{
	static const char *const names[] = {"list", "history", "contact", NULL};
	const char *to = word(argc, argv, 1);
	int n = name_find(names, to);
	int panes = u->thread.number == 0 ? 1 : 3;

	if (strcmp(to, "next") == 0)
		n = ((int)u->focus + 1) % panes;
	else if (strcmp(to, "prev") == 0)
		n = ((int)u->focus + panes - 1) % panes;
	if (n < 0)
		return err_set(e, ERR_INVALID,
		    _("Say pane next, prev, list, history or contact."));
	if (n != PANE_LIST && u->thread.number == 0)
		return ui_run(u, "open");
	ui_focus(u, (enum pane)n);
	return 0;
}

/* The words after the name. Caller frees with x_free(). */
static char *
words_of(int argc, char **argv)
{
	struct buf b = {0};

	for (int i = 1; i < argc; i++)
		buf_printf(&b, "%s%s", i > 1 ? " " : "", argv[i]);
	return buf_take(&b);
}

int
ui_cmd_search(struct ui *u, int argc, char **argv, struct err *e)
{
	bool list = u->focus == PANE_LIST;

	if (argc > 1) {
		x_free(u->search);
		u->search = words_of(argc, argv);
		return list ? narrow_to(u, u->search, e)
			    : ui_run(u, "search-next");
	}
	if (list)
		narrow_begin(u);
	line_open(
	    u, LINE_SEARCH, list && u->rows.typed != NULL ? u->rows.typed : "");
	return 0;
}

static int
search(struct ui *u, bool forward, struct err *e)
{
	/* In the history what is sought lies back in time. */
	bool dir = u->focus == PANE_LIST ? forward : !forward, found;

	if (u->search == NULL)
		return err_set(e, ERR_INVALID, _("/ and words come first."));
	found = u->focus == PANE_LIST
	    ? narrow_step(u, u->search, dir, e)
	    : pane_get(u->focus)->search(u, u->search, dir);
	if (e->code != ERR_NONE)
		return -1;
	if (!found)
		ui_say(u, _("Not found: %s"), u->search);
	return 0;
}

int
ui_cmd_search_next(struct ui *u, int argc, char **argv, struct err *e)
{
	(void)argc;
	(void)argv;
	return search(u, true, e);
}

int
ui_cmd_search_prev(struct ui *u, int argc, char **argv, struct err *e)
{
	(void)argc;
	(void)argv;
	return search(u, false, e);
}

/* All that was ever said: the desk finds it. */
int
ui_cmd_search_all(struct ui *u, int argc, char **argv, struct err *e)
{
	char *words, *typed;

	(void)e;
	if (argc < 2) {
		typed = x_sprintf("search-all %s", found_words(u));
		line_open(u, LINE_COMMAND, typed);
		x_free(typed);
		return 0;
	}
	words = words_of(argc, argv);
	found_open(u, words);
	x_free(words);
	return 0;
}

/* The smallest number above `after` (or of all) among the problems. */
static int64_t
next_problem(struct ui *u, int64_t after, struct arena *a)
{
	struct store_list q = {.view = VIEW_PROBLEMS, .limit = 500};
	struct conv **v = NULL;
	struct store_act *acts = NULL;
	size_t n = store_list(u->store, &q, a, &v);
	size_t k = store_outbox(u->store, true, a, &acts);
	int64_t best = 0, number;

	for (size_t i = 0; i < n + k; i++) {
		number = i < n ? v[i]->number : acts[i - n].number;
		if (number > after && (best == 0 || number < best))
			best = number;
	}
	return best;
}

static void
go_to_failed(struct ui *u)
{
	for (size_t i = u->thread.n; i-- > 0;) {
		int state = u->thread.v[i]->state;

		if (state == STATE_FAILED || state == STATE_UNCONFIRMED ||
		    state == STATE_HELD) {
			u->thread.cur = i;
			pane_history_update(u);
			pane_history_show(u, i);
			return;
		}
	}
}

int
ui_cmd_problem(struct ui *u, int argc, char **argv, struct err *e)
{
	struct arena *a = arena_new();
	int64_t number = next_problem(u, u->problem_at, a);

	(void)argc;
	(void)argv;
	(void)e;
	if (number == 0)
		number = next_problem(u, 0, a);
	arena_free(a);
	u->problem_at = number;
	if (number == 0) {
		ui_say(u, _("There are no problems."));
		return 0;
	}
	ui_open(u, number);
	ui_focus(u, PANE_HISTORY);
	go_to_failed(u);
	return 0;
}

int
ui_cmd_redraw(struct ui *u, int argc, char **argv, struct err *e)
{
	(void)argc;
	(void)argv;
	(void)e;
	rows_sort(&u->rows, ui_list_page(u), 0);
	u->rows.changed_ms = 0;
	u->repaint = true;
	ui_dirty(u, DIRTY_ALL);
	return 0;
}

int
ui_cmd_select(struct ui *u, int argc, char **argv, struct err *e)
{
	const struct conv *c = rows_current(&u->rows);

	(void)argc;
	(void)argv;
	if (c == NULL)
		return err_set(e, ERR_NOTFOUND, _("The list is empty."));
	ui_select(u, c->number);
	rows_move(&u->rows, ROWS_DOWN, ui_list_page(u));
	ui_dirty(u, DIRTY_LIST);
	return 0;
}

/* ":", with words already typed when given. */
int
ui_cmd_command(struct ui *u, int argc, char **argv, struct err *e)
{
	struct buf b = {0};

	(void)e;
	for (int i = 1; i < argc; i++)
		buf_puts(&b, argv[i]), buf_putc(&b, ' ');
	/* "tag +@" is gone on with, "tag" wants its first word. */
	if (argc > 2)
		b.p[--b.n] = '\0';
	line_open(u, LINE_COMMAND, buf_str(&b));
	buf_free(&b);
	return 0;
}

int
ui_cmd_palette(struct ui *u, int argc, char **argv, struct err *e)
{
	(void)e;
	palette_open(u, argc > 1 ? argv[1] : NULL);
	return 0;
}

int
ui_cmd_help(struct ui *u, int argc, char **argv, struct err *e)
{
	(void)argc;
	(void)argv;
	(void)e;
	u->over_top = 0;
	ui_over(u, u->over == OVER_HELP ? OVER_NONE : OVER_HELP);
	return 0;
}

int
ui_cmd_next(struct ui *u, int argc, char **argv, struct err *e)
{
	(void)argc;
	(void)argv;
	(void)e;
	ui_step(u, 1);
	return 0;
}

int
ui_cmd_prev(struct ui *u, int argc, char **argv, struct err *e)
{
	(void)argc;
	(void)argv;
	(void)e;
	ui_step(u, -1);
	return 0;
}

int
ui_cmd_outside(struct ui *u, int argc, char **argv, struct err *e)
{
	(void)argc;
	(void)argv;
	return outside_open(u, e);
}

int
ui_cmd_copy(struct ui *u, int argc, char **argv, struct err *e)
{
	(void)argc;
	(void)argv;
	return outside_copy(u, e);
}

int
ui_cmd_why(struct ui *u, int argc, char **argv, struct err *e)
{
	const struct msg *m = thread_current(&u->thread);

	(void)argc;
	(void)argv;
	if (m == NULL)
		return err_set(e, ERR_NOTFOUND,
		    _("Open a conversation, and go to the message in "
		      "question."));
	why_open(u, m);
	return 0;
}

int
ui_cmd_suspend(struct ui *u, int argc, char **argv, struct err *e)
{
	(void)u;
	(void)argc;
	(void)argv;
	(void)e;
	/* The whole job stops, so that the shell gets the terminal; our own
	 * part is done by the signal's handler. */
	kill(0, SIGTSTP);
	return 0;
}
