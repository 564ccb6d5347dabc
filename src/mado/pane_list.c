/*
 * The list of conversations: two lines a row. Draws what rows.c holds; only
 * the rows on the screen are ever looked at.
 */
#include "ui.h"

#include <mado/mem.h>
#include <mado/text.h>
#include <mado/when.h>

#include <string.h>

#include "draw.h"
#include "i18n.h"
#include "said.h"
#include "say.h"

enum { LATE_MS = 5 * 60 * 1000, FREE_STEP_S = 10, ONE_LINE_TAGS = 40 };

/* Of a conversation on the screen. */
static int
row_lines(const struct ui *u)
{
	return u->set->one_line ? 1 : 2;
}

size_t
ui_list_page(const struct ui *u)
{
	int h = u->lay.body[PANE_LIST].h;

	return h < row_lines(u) ? 1 : (size_t)(h / row_lines(u));
}

/* One row's colours: all the cursor's when it is under it, so that a move
 * costs few bytes. */
struct tint {
	bool cursor;
};

static enum ui_role
tint(const struct tint *t, enum ui_role role)
{
	return t->cursor ? UI_CURSOR : role;
}

static int64_t
wait_ms(const struct conv *c, int64_t now)
{
	if (c->waiting_since_ms != 0)
		return now - c->waiting_since_ms;
	if (c->last_message != NULL)
		return now - c->last_message->at_ms;
	return now - c->opened_ms;
}

/* Mode (or status where that says more) and how long. */
static void
say_state(struct buf *b, const struct conv *c, int64_t now)
{
	if (c->status == STATUS_OPEN)
		buf_puts(b, say_mode(c->mode));
	else
		buf_puts(b, say_status(c->status));
	buf_putc(b, ' ');
	say_span(b, wait_ms(c, now));
}

static enum ui_role
role_state(const struct conv *c, int64_t now)
{
	if (c->waiting_since_ms != 0 && c->mode == MODE_MANUAL &&
	    now - c->waiting_since_ms > LATE_MS)
		return UI_LATE;
	return c->mode == MODE_AUTO ? UI_AUTO : UI_MANUAL;
}

static void
draw_first(
    struct pen *p, const struct tint *t, const struct conv *c, int64_t now)
{
	struct buf b = {0};

	say_state(&b, c, now);
	draw_right(p, tint(t, role_state(c, now)), buf_str(&b), 6);
	buf_reset(&b);
	if (c->unread > 0)
		buf_printf(&b, "(%d)", (int)c->unread);
	draw_cut(
	    p, tint(t, UI_NAME), ui_name_of(c), draw_left(p) - 2 - (int)b.n);
	draw_text(p, tint(t, UI_NAME), " ");
	draw_text(p, tint(t, UI_UNREAD), buf_str(&b));
	draw_fill(p, tint(t, UI_TEXT));
	buf_free(&b);
}

/* Tags, as many as there is room for. */
static void
draw_tags(struct pen *p, const struct tint *t, const struct conv *c)
{
	struct buf b = {0};

	for (size_t i = c->tags.n; i-- > 0;) {
		buf_reset(&b);
		buf_printf(&b, " #%s", c->tags.v[i]);
		draw_right(p, tint(t, UI_TAG), buf_str(&b), 8);
	}
	buf_free(&b);
}

/* What was said last; < before what was answered. */
static void
draw_last(struct pen *p, const struct tint *t, const struct conv *c)
{
	struct arena *a;
	struct buf b = {0};

	if (c->last_message == NULL)
		return;
	if (c->last_message->from != FROM_CUSTOMER &&
	    c->last_message->type != MSG_EVENT)
		buf_puts(&b, "< ");
	a = arena_new();
	buf_puts(&b, said_text(c->last_message, a));
	arena_free(a);
	draw_cut(p, tint(t, UI_DIM), buf_str(&b), draw_left(p) - 1);
	buf_free(&b);
}

/* The seconds in which an answer is free, and problems. */
static void
draw_urgent(
    struct pen *p, const struct tint *t, const struct conv *c, int64_t now)
{
	struct buf b = {0};
	int64_t left = send_free_ms(c, now);

	if (left > 0) {
		buf_putc(&b, ' ');
		say_left(&b, left, FREE_STEP_S);
		draw_right(p, tint(t, UI_FREE), buf_str(&b), 8);
	}
	if (c->problems > 0)
		draw_right(p, tint(t, UI_BAD), " !", 8);
	buf_free(&b);
}

static void
draw_second(
    struct pen *p, const struct tint *t, const struct conv *c, int64_t now)
{
	struct buf b = {0};

	draw_urgent(p, t, c, now);
	if (c->assignee != NULL) {
		buf_printf(&b, " %s", c->assignee);
		draw_right(p, tint(t, UI_AGENT), buf_str(&b), 8);
	}
	draw_tags(p, t, c);
	draw_last(p, t, c);
	draw_fill(p, tint(t, UI_DIM));
	buf_free(&b);
}

/* All in one line: the names end in one column. */
static void
draw_only(
    struct pen *p, const struct tint *t, const struct conv *c, int64_t now)
{
	struct buf b = {0};
	int names = p->x + draw_left(p) * 2 / 5;

	/* With people and open is what most are: only for how long. */
	if (c->status == STATUS_OPEN && c->mode == MODE_MANUAL)
		say_span(&b, wait_ms(c, now));
	else
		say_state(&b, c, now);
	draw_right(p, tint(t, role_state(c, now)), buf_str(&b), 6);
	draw_right(p, tint(t, UI_TEXT), " ", 0);
	draw_urgent(p, t, c, now);
	if (draw_left(p) > ONE_LINE_TAGS)
		draw_tags(p, t, c);
	buf_reset(&b);
	if (c->unread > 0)
		buf_printf(&b, " (%d)", (int)c->unread);
	draw_cut(p, tint(t, UI_NAME), ui_name_of(c), names - p->x - (int)b.n);
	draw_text(p, tint(t, UI_UNREAD), buf_str(&b));
	draw_to(p, tint(t, UI_TEXT), names + 1);
	draw_last(p, t, c);
	draw_fill(p, tint(t, UI_DIM));
	buf_free(&b);
}

/* Blanks look like the name behind them, which saves changes of colour. */
static void
draw_marks(const struct ui *u, struct pen *p, const struct tint *t,
    const struct row *w)
{
	char marks[] = {t->cursor ? '>' : ' ', ' ', '\0'};

	if (ui_is_selected(u, w->number))
		marks[0] = '+';
	if (w->c != NULL && w->c->pinned)
		marks[1] = '*';
	draw_text(
	    p, tint(t, strcmp(marks, "  ") == 0 ? UI_NAME : UI_KEY), marks);
}

/* Draw row i of the window into its lines. */
static void
draw_one(struct ui *u, const struct rect *r, size_t i, int64_t now)
{
	const struct row *w = &u->rows.v[i];
	struct tint t = {i == u->rows.cur};
	int y = r->y + (int)(i - u->rows.top) * row_lines(u);
	struct pen p = draw_at(y, r->x, r->w);

	draw_marks(u, &p, &t, w);
	if (w->c == NULL) {
		draw_text(&p, tint(&t, UI_DIM), _("(gone)"));
		draw_fill(&p, tint(&t, UI_DIM));
		if (row_lines(u) > 1)
			draw_row(y + 1, r->x, r->w, tint(&t, UI_DIM), "");
		return;
	}
	if (row_lines(u) == 1) {
		draw_only(&p, &t, w->c, now);
		return;
	}
	draw_first(&p, &t, w->c, now);
	p = draw_at(y + 1, r->x, r->w);
	draw_text(&p, tint(&t, UI_DIM), "  ");
	draw_second(&p, &t, w->c, now);
}

static const char *
empty_words(const struct ui *u)
{
	if (u->narrow_bad != NULL)
		return u->narrow_bad;
	if (rows_is_short(&u->rows, ui_list_page(u)))
		return _("Looking.");
	if (u->rows.typed != NULL)
		return _("Nothing matches. q shows all again.");
	if (u->rows.saved != NULL)
		return _("Nothing is in this view now.");
	if (u->counts[VIEW_ALL] == 0 && sync_link(u->sync) != SYNC_LIVE)
		return sync_link(u->sync) == SYNC_OFFLINE
		    ? _("The desk cannot be reached yet. It is tried again "
			"by itself.")
		    : _("Catching up with the desk.");
	if (u->counts[VIEW_ALL] == 0)
		return _("No customer has written yet. What they write "
			 "appears here by itself.");
	if (u->rows.view == VIEW_WAITING)
		return _("Nobody is waiting. 5 shows all that is open.");
	if (u->rows.view == VIEW_MINE)
		return _("You have none. a takes the next who waits.");
	return _("Nothing is here.");
}

struct words {
	int y, last, x, cols;
};

static bool
draw_words_line(void *arg, struct text_line l)
{
	struct words *w = arg;
	struct pen p = draw_at(w->y, w->x, w->cols);

	if (w->y > w->last)
		return false;
	draw_text(&p, UI_DIM, " ");
	draw_bytes(&p, UI_DIM, l.p, l.n);
	draw_fill(&p, UI_DIM);
	w->y++;
	return true;
}

static void
draw_empty(struct ui *u, const struct rect *r)
{
	const char *s = empty_words(u);
	struct words w = {r->y + 1, r->y + r->h - 1, r->x, r->w};

	draw_clear(r, UI_TEXT);
	text_wrap(s, strlen(s), r->w - 2, draw_words_line, &w);
}

static void
list_draw(struct ui *u, const struct rect *r)
{
	size_t page = ui_list_page(u), i;
	int64_t now = when_now_ms();
	int y;

	rows_show(&u->rows, page);
	narrow_go_on(u);
	if (u->rows.n == 0 || u->narrow_bad != NULL) {
		draw_empty(u, r);
		return;
	}
	for (i = u->rows.top; i < u->rows.n && i < u->rows.top + page; i++)
		draw_one(u, r, i, now);
	y = r->y + (int)(i - u->rows.top) * row_lines(u);
	for (; y < r->y + r->h; y++)
		draw_row(y, r->x, r->w, UI_TEXT, "");
	u->drawn_cur = u->rows.cur;
	u->drawn_top = u->rows.top;
}

void
pane_list_draw_cursor(struct ui *u, const struct rect *r)
{
	size_t page = ui_list_page(u);
	int64_t now = when_now_ms();

	rows_show(&u->rows, page);
	if (u->rows.top != u->drawn_top || u->drawn_cur >= u->rows.n ||
	    u->drawn_cur < u->rows.top || u->drawn_cur >= u->rows.top + page) {
		list_draw(u, r);
		return;
	}
	if (u->drawn_cur != u->rows.cur)
		draw_one(u, r, u->drawn_cur, now);
	if (u->rows.cur < u->rows.n)
		draw_one(u, r, u->rows.cur, now);
	u->drawn_cur = u->rows.cur;
}

static void
list_title(struct ui *u, struct buf *b)
{
	buf_puts(b,
	    u->rows.saved != NULL ? u->rows.saved->name
				  : say_view(u->rows.view, false));
	if (u->rows.typed != NULL)
		buf_printf(b, ": %s", u->rows.typed);
	else if (u->rows.stale)
		buf_printf(b, "  %s", _("newer: Ctrl-L"));
	else if (u->rows.view == VIEW_WAITING)
		buf_printf(b, "  %s", _("longest first"));
	if (u->selected_n > 0)
		buf_printf(b, _("  %zu selected"), u->selected_n);
}

static void
list_move(struct ui *u, enum move_to to)
{
	static const enum rows_to map[] = {[MOVE_DOWN] = ROWS_DOWN,
	    [MOVE_UP] = ROWS_UP,
	    [MOVE_PAGE_DOWN] = ROWS_PAGE_DOWN,
	    [MOVE_PAGE_UP] = ROWS_PAGE_UP,
	    [MOVE_HALF_DOWN] = ROWS_HALF_DOWN,
	    [MOVE_HALF_UP] = ROWS_HALF_UP,
	    [MOVE_TOP] = ROWS_TOP,
	    [MOVE_BOTTOM] = ROWS_BOTTOM};

	/* A jump reads another window: its indexes mean other rows. */
	if (rows_move(&u->rows, map[to], ui_list_page(u)))
		ui_dirty(u,
		    to == MOVE_DOWN || to == MOVE_UP ? DIRTY_CURSOR
						     : DIRTY_LIST);
}

static void
list_caret(struct ui *u, const struct rect *r, int *y, int *x)
{
	*y = r->y;
	*x = r->x;
	if (u->rows.cur >= u->rows.top && u->rows.n > 0)
		*y += (int)(u->rows.cur - u->rows.top) * row_lines(u);
}

const struct pane_ops pane_list = {
    "list", list_draw, list_title, list_move, list_caret, NULL};
