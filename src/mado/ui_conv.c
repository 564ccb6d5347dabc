/*
 * Which conversation: the open one, the one under the cursor, the selected
 * ones. Opening one never waits: what the store lacks is asked for and joins
 * when it comes.
 */
#include "ui.h"

#include <mado/mem.h>
#include <mado/when.h>

#include <string.h>

#include "i18n.h"

const char *
ui_name_of(const struct conv *c)
{
	if (c->contact == NULL || c->contact->name == NULL ||
	    c->contact->name[0] == '\0')
		return _("(no name)");
	return c->contact->name;
}

void
ui_refresh_conv(struct ui *u)
{
	struct arena *a;
	struct conv *c;

	if (u->thread.number == 0)
		return;
	a = arena_new();
	c = store_conv(u->store, u->thread.number, a);
	if (c == NULL || c->contact == NULL) {
		/* A store that is filled anew will have it again. */
		arena_free(a);
		return;
	}
	if (c->contact->id != u->thread.contact) {
		arena_free(a);
		ui_bad(u,
		    _("#%lld is another customer's now: the desk was "
		      "restored. Your text is in its draft."),
		    (long long)u->thread.number);
		ui_close(u);
		return;
	}
	arena_free(u->conv_a);
	u->conv_a = a;
	u->conv = c;
	if (c->unread == 0)
		u->read_asked = false;
	/* the empty line shows its suggestion */
	ui_dirty(u, DIRTY_TO | DIRTY_LINE | DIRTY_CONTACT | DIRTY_HISTORY);
}

void
ui_open(struct ui *u, int64_t number)
{
	enum line_kind kind = u->line;
	struct arena *a = arena_new();
	struct conv *c = store_conv(u->store, number, a);

	if (c == NULL || c->contact == NULL) {
		ui_bad(
		    u, _("#%lld is not on this machine."), (long long)number);
		arena_free(a);
		return;
	}
	if (kind == LINE_REPLY || kind == LINE_NOTE)
		line_close(u);
	arena_free(u->conv_a);
	u->conv_a = a;
	u->conv = c;
	found_leave(u);
	x_free(u->seen);
	u->seen = NULL;
	u->shown = false;
	x_free(u->quote_id); /* it is of the other one */
	x_free(u->quote_text);
	u->quote_id = u->quote_text = NULL;
	u->older_of = 0;
	u->read_asked = false;
	u->hist_follow = true;
	u->lines_stale = true;
	u->thread_stale = false;
	u->lines.n = 0; /* they point into the window that goes */
	u->hist_top = 0;
	thread_open(&u->thread, c->contact->id, number);
	cards_forget(u);
	cards_ask(u);
	rows_find(&u->rows, number);
	ui_dirty(u, DIRTY_LAYOUT);
	ui_act_collect(u);
	u->here_typing = 0;
	here_update(u, false);
	if (kind == LINE_REPLY || kind == LINE_NOTE)
		line_open(u, kind, NULL);
}

void
ui_close(struct ui *u)
{
	if (u->line == LINE_REPLY || u->line == LINE_NOTE)
		line_close(u);
	u->lines.n = 0;
	thread_close(&u->thread);
	arena_reset(u->conv_a);
	u->conv = NULL;
	here_update(u, false);
	ui_dirty(u, DIRTY_LAYOUT);
}

bool
ui_is_selected(const struct ui *u, int64_t number)
{
	for (size_t i = 0; i < u->selected_n; i++) {
		if (u->selected[i] == number)
			return true;
	}
	return false;
}

void
ui_select(struct ui *u, int64_t number)
{
	for (size_t i = 0; i < u->selected_n; i++) {
		if (u->selected[i] == number) {
			u->selected[i] = u->selected[--u->selected_n];
			return;
		}
	}
	u->selected =
	    x_realloc(u->selected, u->selected_n + 1, sizeof(*u->selected));
	u->selected[u->selected_n++] = number;
}

void
ui_select_none(struct ui *u)
{
	if (u->selected_n > 0)
		ui_dirty(u, DIRTY_LIST);
	u->selected_n = 0;
}

int64_t
ui_current(struct ui *u, struct err *e)
{
	const struct conv *c = rows_current(&u->rows);
	bool in_list = u->focus == PANE_LIST && u->line == LINE_CLOSED &&
	    u->line_back == LINE_CLOSED;

	if (!in_list && u->thread.number != 0)
		return u->thread.number;
	if (u->rows.changed_ms != 0 &&
	    when_mono_ms() - u->rows.changed_ms < KEY_GUARD_MS) {
		err_set(e, ERR_CONFLICT,
		    _("Another conversation has just moved under the cursor. "
		      "Nothing was done."));
		return 0;
	}
	if (c != NULL)
		return c->number;
	if (u->thread.number != 0)
		return u->thread.number;
	err_set(e, ERR_NOTFOUND, _("There is no conversation here."));
	return 0;
}

size_t
ui_targets(struct ui *u, int64_t **numbers, struct err *e)
{
	int64_t one;

	if (u->selected_n > 0) {
		*numbers =
		    x_memdup(u->selected, u->selected_n * sizeof(**numbers));
		return u->selected_n;
	}
	if ((one = ui_current(u, e)) == 0)
		return 0;
	*numbers = x_memdup(&one, sizeof(one));
	return 1;
}

bool
ui_step(struct ui *u, int delta)
{
	const struct conv *c = rows_step(&u->rows, u->thread.number, delta);

	if (c == NULL) {
		ui_say(u,
		    delta > 0 ? _("That was the last one.")
			      : _("That was the first one."));
		return false;
	}
	ui_dirty(u, DIRTY_LIST);
	ui_open(u, c->number);
	return true;
}
