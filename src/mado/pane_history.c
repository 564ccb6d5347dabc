/*
 * The history of the open conversation's contact: draws lines.c's lines, and
 * keeps what is on the screen and what was seen apart. Pages in from the store
 * near its ends, and asks sync for what the store lacks.
 */
#include "ui.h"

#include <mado/mem.h>
#include <mado/text.h>
#include <mado/when.h>

#include <string.h>

#include "draw.h"
#include "i18n.h"
#include "link.h"
#include "past.h"
#include "picture.h"
#include "say.h"

static size_t
height(const struct ui *u)
{
	int h = u->lay.body[PANE_HISTORY].h;

	return h < 1 ? 1 : (size_t)h;
}

static const struct conv *
conv_of(int64_t number, void *arg)
{
	struct ui *u = arg;

	return store_conv(u->store, number, u->lines.a);
}

enum { PICTURE_COLS = 40, PICTURE_ROWS = 10 };

static bool
picture_of(const struct msg *m, int cols, struct picture_rows *rows, void *arg)
{
	struct ui *u = arg;
	int most = (int)height(u) / 2;

	return picture_is_one(u, m) &&
	    picture_rows(m->id, cols < PICTURE_COLS ? cols : PICTURE_COLS,
		most < PICTURE_ROWS ? most : PICTURE_ROWS, rows);
}

static size_t
last_top(const struct ui *u)
{
	return u->lines.n > height(u) ? u->lines.n - height(u) : 0;
}

/* Make the lines anew; the message at the top of the screen stays there. */
static void
build(struct ui *u)
{
	struct lines_in in = {u->thread.v, u->thread.n,
	    u->lay.body[PANE_HISTORY].w - 2, u->thread.number, when_now_ms(),
	    u->conv == NULL ? NULL : ui_name_of(u->conv), draw_is_ascii(),
	    conv_of, picture_of, u};

	if (in.cols < 8)
		in.cols = 8;
	lines_build(&u->lines, &in);
	u->lines_stale = false;
}

/* Where the screen's top is, in words that survive another window. */
struct anchor {
	char *id;
	size_t line; /* within the message */
};

static struct anchor
anchor_get(const struct ui *u)
{
	struct anchor a = {NULL, 0};
	size_t msg;

	if (u->hist_top >= u->lines.n)
		return a;
	msg = u->lines.v[u->hist_top].msg;
	if (msg < u->thread.n)
		a.id = x_strdup(u->thread.v[msg]->id);
	a.line = u->hist_top - lines_first(&u->lines, msg);
	return a;
}

static void
anchor_put(struct ui *u, struct anchor *a)
{
	for (size_t i = 0; a->id != NULL && i < u->thread.n; i++) {
		if (strcmp(u->thread.v[i]->id, a->id) == 0)
			u->hist_top = lines_first(&u->lines, i) + a->line;
	}
	x_free(a->id);
	if (u->hist_follow || u->hist_top > last_top(u))
		u->hist_top = last_top(u);
}

/* The top message's id must be taken before the window is read anew: the lines
 * point into it. */
void
pane_history_update(struct ui *u)
{
	struct anchor a;

	if (u->thread.contact == 0 || (!u->thread_stale && !u->lines_stale))
		return;
	a = anchor_get(u);
	if (u->thread_stale)
		thread_reload(&u->thread, u->hist_follow);
	u->thread_stale = false;
	build(u);
	anchor_put(u, &a);
}

/* Near the top: from the store, and when it has no more, from the desk. */
static void
want_older(struct ui *u)
{
	struct anchor a;

	if (u->thread.contact == 0 || u->hist_top > height(u))
		return;
	a = anchor_get(u);
	if (!u->thread.at_old && thread_older(&u->thread))
		build(u);
	anchor_put(u, &a);
	if (u->thread.at_old && u->older_of != u->thread.contact &&
	    !store_thread_whole(u->store, u->thread.contact)) {
		u->older_of = u->thread.contact;
		sync_older(u->sync, u->thread.contact, u->thread.number);
	}
}

static void
want_newer(struct ui *u)
{
	struct anchor a;

	if (u->thread.at_new || u->hist_top + 2 * height(u) < u->lines.n)
		return;
	a = anchor_get(u);
	if (thread_newer(&u->thread))
		build(u);
	anchor_put(u, &a);
}

/* What has been on the screen counts as seen: a reply is guarded by it. */
static void
note_seen(struct ui *u)
{
	const struct msg *m = thread_last_said(&u->thread);

	if (m == NULL || !u->thread.at_new || u->over != OVER_NONE ||
	    u->hist_top + height(u) < u->lines.n)
		return;
	if (u->seen != NULL && strcmp(u->seen, m->id) == 0)
		return;
	x_free(u->seen);
	u->seen = x_strdup(m->id);
	u->seen_ms = m->from == FROM_CUSTOMER ? when_mono_ms() : 0;
}

static void
draw_rule_line(struct pen *p, const struct hist_line *h)
{
	int w = text_width(h->piece[0].p, h->piece[0].n);
	int side = (draw_left(p) - w - 2) / 2;

	draw_rule(p, UI_BORDER, side);
	draw_text(p, UI_TEXT, " ");
	draw_bytes(p, h->piece[0].role, h->piece[0].p, h->piece[0].n);
	draw_text(p, UI_TEXT, " ");
	draw_rule(p, UI_BORDER, draw_left(p));
}

/* Addresses in a piece of a message become links; one that is wrapped is the
 * same link on each of its lines. */
static void
add_links(struct ui *u, const struct hist_line *h, const struct line_piece *q,
    const struct pen *pen)
{
	const char *text = u->thread.v[h->msg]->text, *at, *end = q->p + q->n;
	size_t n;

	if (q->p < text || q->p >= text + strlen(text))
		return;
	for (; (at = link_find(text, &n)) != NULL && at < end; text = at + n) {
		const char *from = at > q->p ? at : q->p;
		const char *to = at + n < end ? at + n : end;
		char *url;
		struct past_span s = {pen->y, pen->x, (int)(to - from), q->role,
		    from, (size_t)(to - from), NULL};

		if (to <= from)
			continue;
		url = x_strndup(at, n);
		s.url = url;
		s.x += text_width(q->p, (size_t)(from - q->p));
		if (s.x + s.cols <= pen->end)
			past_add(&s);
		x_free(url);
	}
}

static void
draw_picture(const struct pen *p, const struct hist_line *h)
{
	struct past_span s = {
	    p->y, p->x, h->cols, UI_TEXT, h->piece[0].p, h->piece[0].n, NULL};

	if (h->cols <= draw_left(p))
		past_add(&s);
}

static void
draw_line(struct ui *u, const struct rect *r, int y, const struct hist_line *h)
{
	struct pen p = draw_at(y, r->x, r->w);
	bool cursor = h->msg == u->thread.cur && u->focus == PANE_HISTORY &&
	    u->line == LINE_CLOSED && !(h->flags & LINE_ABOVE);
	bool first = h == u->lines.v + lines_own(&u->lines, h->msg);

	draw_text(&p, UI_KEY, !cursor ? " " : first ? ">" : "|");
	p.end--;
	if ((h->flags & LINE_RULE) && h->pieces == 1) {
		draw_rule_line(&p, h);
		p.end++;
		draw_fill(&p, UI_TEXT);
		return;
	}
	if ((h->flags & LINE_HEAD) && picture_is_one(u, u->thread.v[h->msg]))
		picture_want(u, u->thread.v[h->msg]);
	draw_to(&p, UI_TEXT, p.x + h->indent);
	if (h->flags & LINE_PICTURE)
		draw_picture(&p, h);
	for (int i = 0; i < h->pieces && !(h->flags & LINE_PICTURE); i++) {
		add_links(u, h, &h->piece[i], &p);
		draw_bytes(&p, h->piece[i].role, h->piece[i].p, h->piece[i].n);
	}
	p.end++;
	draw_fill(&p, UI_TEXT);
}

static void
draw_none(struct ui *u, const struct rect *r)
{
	struct buf b = {0};
	struct rect rest = *r;
	const struct binding *open =
	    keys_for(&u->keys, PANE_LIST, "open sheet");

	draw_clear(&rest, UI_TEXT);
	if (open != NULL)
		keys_name(&b, open->seq, open->n);
	if (r->h > 2 && u->rows.n > 0) {
		struct pen p = draw_at(r->y + 1, r->x + 1, r->w - 1);

		draw_text(&p, UI_KEY, buf_str(&b));
		draw_text(
		    &p, UI_DIM, _("  opens the conversation under the cursor"));
	}
	buf_free(&b);
}

static void
history_draw(struct ui *u, const struct rect *r)
{
	if (u->thread.contact == 0) {
		draw_none(u, r);
		return;
	}
	pane_history_update(u);
	want_older(u);
	want_newer(u);
	if (u->hist_follow || u->hist_top > last_top(u))
		u->hist_top = last_top(u);
	for (int y = 0; y < r->h; y++) {
		size_t i = u->hist_top + (size_t)y;

		if (i < u->lines.n)
			draw_line(u, r, r->y + y, &u->lines.v[i]);
		else
			draw_row(r->y + y, r->x, r->w, UI_TEXT, "");
	}
	note_seen(u);
	u->shown = true;
}

static void
history_title(struct ui *u, struct buf *b)
{
	const struct conv *c = u->conv;

	if (c == NULL) {
		buf_puts(b, _("History"));
		return;
	}
	buf_printf(b, "#%lld %s  %s", (long long)c->number, ui_name_of(c),
	    say_mode(c->mode));
	if (c->assignee != NULL)
		buf_printf(b, "  %s", c->assignee);
	buf_printf(b, "  %s", say_status(c->status));
	if (c->status == STATUS_SNOOZED && c->snoozed_until_ms != 0) {
		buf_putc(b, ' ');
		say_clock(b, c->snoozed_until_ms);
	} else if (c->status == STATUS_OPEN) {
		buf_putc(b, ' ');
		say_span(b, when_now_ms() - c->opened_ms);
	}
	if (c->problems > 0)
		buf_printf(b, "  !%d", (int)c->problems);
	if (!u->lay.boxed) { /* no border below to say it in */
		buf_puts(b, "  ");
		here_say(u, b);
	}
}

/* Scroll so that message `msg` is on the screen, by half pages. */
void
pane_history_show(struct ui *u, size_t msg)
{
	size_t first = lines_first(&u->lines, msg);
	size_t end = lines_end(&u->lines, msg), h = height(u), half = h / 2;

	if (first < u->hist_top)
		u->hist_top = first > half ? first - half : 0;
	else if (end > u->hist_top + h)
		u->hist_top = end - h + half < first ? end - h + half : first;
	if (u->hist_top > last_top(u))
		u->hist_top = last_top(u);
	u->hist_follow = u->thread.at_new && u->hist_top == last_top(u);
	ui_dirty(u, DIRTY_HISTORY);
}

static void
scroll(struct ui *u, long by)
{
	size_t top = u->hist_top, msg;

	if (by < 0 && top < (size_t)-by)
		u->hist_top = 0;
	else
		u->hist_top = (size_t)((long)top + by);
	if (u->hist_top > last_top(u))
		u->hist_top = last_top(u);
	u->hist_follow = u->thread.at_new && u->hist_top == last_top(u);
	if (u->lines.n == 0)
		return;
	/* The cursor comes along, inside the screen. */
	msg = u->lines.v[u->hist_top].msg;
	if (u->thread.cur < msg || u->hist_top == 0)
		u->thread.cur = msg;
	top = u->hist_top + height(u) - 1;
	msg = u->lines.v[top < u->lines.n ? top : u->lines.n - 1].msg;
	if (u->thread.cur > msg || u->hist_follow)
		u->thread.cur = msg;
	ui_dirty(u, DIRTY_HISTORY);
}

/* One message further; through one that is taller than the screen by halves. */
static void
step(struct ui *u, bool down)
{
	size_t h = height(u), cur = u->thread.cur;

	if (down && lines_end(&u->lines, cur) > u->hist_top + h)
		scroll(u, (long)h / 2);
	else if (!down && lines_first(&u->lines, cur) < u->hist_top)
		scroll(u, -(long)h / 2);
	else if (down && cur + 1 < u->thread.n)
		u->thread.cur = cur + 1;
	else if (!down && cur > 0)
		u->thread.cur = cur - 1;
	else
		return;
	if (lines_end(&u->lines, u->thread.cur) -
		lines_first(&u->lines, u->thread.cur) <=
	    h)
		pane_history_show(u, u->thread.cur);
	ui_dirty(u, DIRTY_HISTORY);
}

static void
jump(struct ui *u, bool top)
{
	if (top)
		thread_oldest(&u->thread);
	else
		thread_newest(&u->thread);
	build(u);
	u->hist_follow = !top;
	u->hist_top = top ? 0 : last_top(u);
	ui_dirty(u, DIRTY_HISTORY);
}

static void
history_move(struct ui *u, enum move_to to)
{
	long page = (long)height(u);

	if (u->thread.contact == 0)
		return;
	pane_history_update(u);
	if (to == MOVE_DOWN || to == MOVE_UP)
		step(u, to == MOVE_DOWN);
	else if (to == MOVE_TOP || to == MOVE_BOTTOM)
		jump(u, to == MOVE_TOP);
	else if (to == MOVE_PAGE_DOWN || to == MOVE_PAGE_UP)
		scroll(u, to == MOVE_PAGE_DOWN ? page - 1 : 1 - page);
	else
		scroll(u, to == MOVE_HALF_DOWN ? page / 2 : -page / 2);
}

static void
history_caret(struct ui *u, const struct rect *r, int *y, int *x)
{
	size_t first = lines_own(&u->lines, u->thread.cur);

	*y = r->y;
	*x = r->x;
	if (first >= u->hist_top && first < u->hist_top + height(u))
		*y += (int)(first - u->hist_top);
}

static bool
history_search(struct ui *u, const char *words, bool forward)
{
	const struct msg *m = thread_current(&u->thread);

	if (m == NULL)
		return false;
	seek_start(u, words, m->id, forward);
	return true;
}

void
pane_history_go(struct ui *u, const char *id)
{
	if (!thread_goto(&u->thread, id))
		return;
	build(u);
	pane_history_show(u, u->thread.cur);
}

const struct pane_ops pane_history = {"history", history_draw, history_title,
    history_move, history_caret, history_search};

const struct pane_ops *
pane_get(enum pane p)
{
	static const struct pane_ops *const all[] = {[PANE_LIST] = &pane_list,
	    [PANE_HISTORY] = &pane_history,
	    [PANE_CONTACT] = &pane_contact};

	return p < PANE_HELP ? all[p] : &pane_list;
}
