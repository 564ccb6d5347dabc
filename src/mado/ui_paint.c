/*
 * One paint at the end of a loop's turn, of what changed, and the clock of
 * the screen: which moment next changes something that is shown. With nothing
 * running no timer is set at all.
 */
#include "ui.h"

#include <mado/mem.h>
#include <mado/text.h>
#include <mado/when.h>

#include <curses.h>
#include <string.h>

#include "draw.h"
#include "i18n.h"
#include "past.h"
#include "picture.h"
#include "term.h"

enum { SECOND = 1000, LIST_STEP_MS = 10000, MINUTE = 60000 };

static void
relayout(struct ui *u)
{
	struct layout_in in = {.rows = LINES,
	    .cols = COLS,
	    .three_cols = u->set->layout_cols[0],
	    .two_cols = u->set->layout_cols[1],
	    .focus = u->focus,
	    .contact = u->contact_open,
	    .compose = u->thread.number != 0 &&
		(u->focus != PANE_LIST || u->set->layout_cols[1] <= COLS),
	    .line_rows = line_rows(u, COLS)};
	int was = u->lay.body[PANE_HISTORY].w;

	layout_make(&in, &u->lay);
	if (u->lay.body[PANE_HISTORY].w != was)
		u->lines_stale = true;
	u->dirty |= DIRTY_ALL;
}

static bool
is_focused(const struct ui *u, enum pane p)
{
	return u->focus == p && u->line == LINE_CLOSED;
}

static void
draw_title(struct ui *u, enum pane p, const struct rect *r)
{
	bool on = is_focused(u, p);
	struct buf b = {0};
	struct pen pen;

	pane_get(p)->title(u, &b);
	if (u->lay.boxed) {
		draw_box(r, on ? UI_BORDER_ON : UI_BORDER,
		    on ? UI_TITLE_ON : UI_TITLE, buf_str(&b));
	} else {
		pen = draw_at(r->y, r->x, r->w);
		draw_text(&pen, on ? UI_KEY : UI_TITLE, on ? ">" : " ");
		draw_text(&pen, on ? UI_TITLE_ON : UI_TITLE, buf_str(&b));
		draw_fill(&pen, UI_TITLE);
	}
	buf_free(&b);
}

/* The contact lies over the history: with boxes its own sets it off, else a
 * line to its left. */
static void
draw_edge(const struct ui *u, struct rect frame)
{
	int line = u->lay.boxed ? 0 : 1;

	frame.x -= line;
	frame.w += line;
	draw_guard(&frame);
	if (line > 0)
		draw_vline(frame.y, frame.x, frame.h, UI_BORDER);
}

static void
draw_pane(struct ui *u, enum pane p)
{
	const struct rect *frame = &u->lay.frame[p], *body = &u->lay.body[p];

	if (frame->h <= 0 || body->h <= 0)
		return;
	if (p == PANE_CONTACT && u->lay.panes == 2)
		draw_edge(u, *frame);
	draw_title(u, p, frame);
	if (p == PANE_HISTORY && u->lay.boxed)
		here_draw(u, frame);
	pane_get(p)->draw(u, body);
}

static void
draw_dividers(struct ui *u)
{
	const struct layout *l = &u->lay;

	if (l->divider_x == 0)
		return;
	draw_vline(1, l->divider_x, l->frame[PANE_LIST].h, UI_BORDER);
	if (l->panes == 3)
		draw_vline(1, l->frame[PANE_CONTACT].x - 1,
		    l->frame[PANE_LIST].h, UI_BORDER);
}

static void
draw_small(struct ui *u)
{
	erase();
	draw_row(0, 0, u->lay.cols, UI_TEXT, _("The window is too small."));
}

static void
draw_panes(struct ui *u, unsigned dirty)
{
	if (dirty & DIRTY_LIST)
		draw_pane(u, PANE_LIST);
	else if ((dirty & DIRTY_CURSOR) && u->lay.body[PANE_LIST].h > 0)
		pane_list_draw_cursor(u, &u->lay.body[PANE_LIST]);
	if (dirty & DIRTY_HISTORY)
		draw_pane(u, PANE_HISTORY);
	/* In two panes the contact lies over the history. */
	if ((dirty & DIRTY_CONTACT) ||
	    (u->lay.panes == 2 && (dirty & DIRTY_HISTORY)))
		draw_pane(u, PANE_CONTACT);
}

static void
draw_over(struct ui *u)
{
	static void (*const all[])(struct ui * u) = {[OVER_HELP] = help_draw,
	    [OVER_PALETTE] = palette_draw,
	    [OVER_SHEET] = sheet_draw,
	    [OVER_FOUND] = found_draw,
	    [OVER_BULK] = bulk_draw,
	    [OVER_QR] = qr_draw,
	    [OVER_PICTURE] = over_picture_draw,
	    [OVER_WHY] = why_draw};

	if (u->over != OVER_NONE)
		all[u->over](u);
}

static void
draw(struct ui *u, unsigned dirty)
{
	if (u->lay.small) {
		draw_small(u);
		return;
	}
	if (dirty & DIRTY_LAYOUT) {
		erase();
		past_row_all();
		draw_dividers(u);
	}
	/* what the strip lay over comes back */
	if (u->strip_rows > 0 && (dirty & DIRTY_HINT))
		dirty |= DIRTY_ALL & ~(unsigned)DIRTY_LAYOUT;
	if (dirty & DIRTY_HEADER)
		bar_draw_header(u);
	draw_panes(u, dirty);
	if (dirty & DIRTY_TO)
		bar_draw_to(u);
	if (dirty & DIRTY_HINT)
		hint_draw(u);
	if (dirty & (DIRTY_LINE | DIRTY_HINT))
		line_draw(u);
	if (pop_is_open() && (dirty & ~(DIRTY_HEADER | DIRTY_CARET)))
		pop_draw(u);
	if (u->over != OVER_NONE && (dirty & ~(DIRTY_HEADER | DIRTY_CARET)))
		draw_over(u);
	if (dirty & ~(DIRTY_HEADER | DIRTY_CARET))
		u->strip_rows = hint_draw_strip(u);
}

/* The caret of the line, else the row that has the keys: input methods compose
 * there, screen readers read there. */
static void
place_caret(struct ui *u, int *y, int *x)
{
	*y = u->lay.small ? 0 : u->lay.hint_y;
	*x = 0;
	if (u->lay.small)
		return;
	if (u->line != LINE_CLOSED)
		line_place_caret(u, y, x);
	else if (u->over == OVER_FOUND)
		found_caret(u, y, x);
	else if (u->over == OVER_BULK)
		bulk_caret(u, y, x);
	else if (u->lay.body[u->focus].h > 0)
		pane_get(u->focus)->caret(u, &u->lay.body[u->focus], y, x);
}

/* The conversation on the screen is read: its count of unread goes. */
static void
mark_read(struct ui *u)
{
	struct err e = {0};

	if (u->conv == NULL || u->conv->unread == 0 || u->seen == NULL ||
	    !u->focused || u->lay.body[PANE_HISTORY].h == 0 || u->read_asked ||
	    sync_link(u->sync) != SYNC_LIVE)
		return;
	u->read_asked = true; /* until its row comes back */
	ui_act(u, "read", u->conv->number, NULL, 0, NULL, &e);
}

static void
soon(int64_t *next, int64_t ms)
{
	if (ms < 1)
		ms = 1;
	if (*next < 0 || ms < *next)
		*next = ms;
}

/* The list may be put in order when it has been left alone. */
static void
tick_list(struct ui *u, int64_t now, int64_t *next)
{
	int64_t alone = now - u->key_ms;
	bool free_reply = false;
	size_t page = ui_list_page(u);

	if (u->rows.stale && (u->key_ms == 0 || alone >= ALONE_MS)) {
		rows_sort(&u->rows, page, now);
		ui_dirty(u, DIRTY_LIST);
	} else if (u->rows.stale) {
		soon(next, ALONE_MS - alone);
	}
	for (size_t i = u->rows.top; i < u->rows.n && i < u->rows.top + page;
	     i++)
		free_reply |= send_free_ms(u->rows.v[i].c, when_now_ms()) > 0;
	if (!free_reply && !u->list_counts)
		return;
	if (now - u->list_drawn_ms >= LIST_STEP_MS)
		ui_dirty(u, DIRTY_LIST);
	u->list_counts = free_reply;
	if (free_reply)
		soon(next, LIST_STEP_MS);
}

/* The open conversation's seconds; never within one of a keystroke. */
static void
tick_line(struct ui *u, int64_t now, int64_t *next)
{
	int64_t left = send_free_ms(u->conv, when_now_ms());
	bool typing = u->line != LINE_CLOSED && now - u->key_ms < SECOND;
	bool counts = left > 0 || u->free_shown ||
	    send_pending(u, u->thread.number) != NULL;
	bool recount = (u->line == LINE_REPLY || u->line == LINE_NOTE) &&
	    text_utf16_len(line_text()) != u->line_u16;

	send_expire(u);
	if (u->conv == NULL || !(counts || recount))
		return;
	if (typing) {
		soon(next, SECOND - (now - u->key_ms));
		return;
	}
	ui_dirty(u, DIRTY_TO);
	u->free_shown = left > 0;
	if (left > 0)
		soon(next, left % SECOND + 1);
	else if (u->pending_n > 0)
		soon(next, SECOND / 2);
}

static void
tick_clock(struct ui *u, int64_t *next)
{
	int64_t wall = when_now_ms();

	if (!u->set->clock)
		return;
	if (wall / MINUTE != u->clock_min) {
		notify_clock(u, wall);
		u->clock_min = wall / MINUTE;
		ui_dirty(u, DIRTY_HEADER | DIRTY_LIST | DIRTY_HISTORY);
	}
	soon(next, MINUTE - wall % MINUTE + 1);
}

void
ui_tick(struct ui *u)
{
	int64_t now = when_mono_ms(), next = -1;

	if (u->flash != NULL && u->flash_until_ms != 0 &&
	    now >= u->flash_until_ms) {
		x_free(u->flash);
		u->flash = NULL;
		ui_dirty(u, DIRTY_HINT);
	} else if (u->flash != NULL && u->flash_until_ms != 0) {
		soon(&next, u->flash_until_ms - now);
	}
	tick_list(u, now, &next);
	tick_line(u, now, &next);
	tick_clock(u, &next);
	if (next < 0)
		timer_clear(u->tick);
	else
		timer_set(u->tick, next);
}

/* Keys of panes are letters: no input method between, where it can be told. */
static void
follow_line(struct ui *u)
{
	bool typing = u->line != LINE_CLOSED;

	if (!u->set->ime_control || typing == u->ime_typing)
		return;
	u->ime_typing = typing;
	term_input_method(typing);
}

void
ui_paint(struct ui *u)
{
	unsigned dirty;
	int y, x;

	if (!term_is_on() || u->dirty == 0)
		return;
	ui_tick(u);
	if ((u->dirty & DIRTY_LINE) && u->lay.line.h > 0 &&
	    line_rows(u, COLS) != u->line_rows) {
		u->line_rows = line_rows(u, COLS);
		ui_dirty(u, DIRTY_LAYOUT);
	}
	if (u->dirty & DIRTY_LAYOUT)
		relayout(u);
	if (u->counts_stale)
		store_counts(u->store, u->counts);
	u->counts_stale = false;
	if (u->repaint) {
		clearok(curscr, TRUE);
		past_again();
	}
	u->repaint = false;
	dirty = u->dirty;
	u->dirty = 0;
	draw(u, dirty);
	if (dirty & DIRTY_LIST)
		u->list_drawn_ms = when_mono_ms();
	place_caret(u, &y, &x);
	past_before();
	follow_line(u);
	/* An echo is not worth the bytes. */
	term_frame_begin(
	    dirty & ~(unsigned)(DIRTY_LINE | DIRTY_CARET | DIRTY_TICK));
	move(y, x);
	refresh();
	past_after(y, x);
	term_frame_end();
	mark_read(u);
}
