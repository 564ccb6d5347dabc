/*
 * The list narrowed by a filter while it is typed. Reading goes on in slices,
 * so that a rare filter over a long list never holds a key. Called by the
 * line, the list and its verbs.
 */
#include "ui.h"

#include <mado/mem.h>

#include <string.h>

#include "i18n.h"
#include "sift.h"

static void
on_more(void *arg)
{
	struct ui *u = arg;
	size_t page = ui_list_page(u), n = u->rows.n;

	rows_more(&u->rows, page);
	if (u->rows.n != n || !rows_is_short(&u->rows, page))
		ui_dirty(u, DIRTY_LIST);
	narrow_go_on(u);
}

void
narrow_go_on(struct ui *u)
{
	if (!rows_is_short(&u->rows, ui_list_page(u)))
		return;
	if (u->more == NULL)
		u->more = timer_new(u->loop, on_more, u);
	timer_set(u->more, 0);
}

void
narrow_free(struct ui *u)
{
	timer_free(u->more);
	x_free(u->narrow_was);
	x_free(u->narrow_text);
	x_free(u->narrow_bad);
}

static void
set_bad(struct ui *u, const char *why)
{
	if (why == NULL && u->narrow_bad == NULL)
		return;
	x_free(u->narrow_bad);
	u->narrow_bad = x_strdup(why);
	ui_dirty(u, DIRTY_LIST);
}

int
narrow_to(struct ui *u, const char *text, struct err *e)
{
	struct filter *f;

	if (u->rows.typed != NULL && strcmp(u->rows.typed, text) == 0)
		return 0;
	if ((f = sift_read(text, NULL, e)) == NULL)
		return -1;
	if (text[strspn(text, " ")] == '\0') {
		filter_free(f);
		f = NULL;
	}
	if (f != NULL || u->rows.typed != NULL)
		rows_narrow(&u->rows, f == NULL ? NULL : text, f);
	ui_dirty(u, DIRTY_LIST | DIRTY_HEADER);
	return 0;
}

void
narrow_begin(struct ui *u)
{
	x_free(u->narrow_text);
	u->narrow_text = NULL;
	x_free(u->narrow_was);
	u->narrow_was = x_strdup(u->rows.typed == NULL ? "" : u->rows.typed);
}

/* While a word is unfinished the list stays as it was last understood. */
void
narrow_typed(struct ui *u)
{
	if (u->narrow_text != NULL && strcmp(u->narrow_text, line_text()) == 0)
		return; /* only the caret moved */
	x_free(u->narrow_text);
	u->narrow_text = x_strdup(line_text());
	set_bad(u, NULL);
	narrow_to(u, u->narrow_text, NULL);
}

bool
narrow_accept(struct ui *u)
{
	struct filter_bad bad;
	struct err e = {0};
	struct filter *f;

	narrow_typed(u);
	f = filter_parse(u->narrow_text, &bad);
	filter_free(f);
	if (f != NULL)
		return true;
	narrow_to(u, u->narrow_text, &e);
	line_set(u, u->narrow_text, bad.at_b);
	set_bad(u, e.msg);
	return false;
}

void
narrow_cancel(struct ui *u)
{
	set_bad(u, NULL);
	if (u->narrow_was != NULL)
		narrow_to(u, u->narrow_was, NULL);
}

bool
narrow_step(struct ui *u, const char *text, bool forward, struct err *e)
{
	struct rows *r = &u->rows;
	size_t page = ui_list_page(u);

	if (r->typed == NULL)
		return narrow_to(u, text, e) == 0;
	/* round the end, where that is known */
	if (!rows_move(r, forward ? ROWS_DOWN : ROWS_UP, page) && !r->cut)
		rows_move(r, forward ? ROWS_TOP : ROWS_BOTTOM, page);
	ui_dirty(u, DIRTY_LIST);
	return r->n > 0;
}
