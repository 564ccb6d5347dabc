/*
 * Drawing the line that is being typed, and where its caret stands. Called
 * while ui_paint.c paints; changes nothing.
 */
#include "ui.h"

#include <mado/mem.h>

#include <string.h>

#include "draw.h"
#include "i18n.h"
#include "line_view.h"

enum { MARGIN = 2 }; /* of the prompt, on every row */

static struct line_view view; /* of the text as last looked at */

static void
look(int cols)
{
	line_view_wrap(&view, line_text(), line_caret(),
	    cols > MARGIN ? cols - MARGIN : 1);
}

size_t
line_row_at(struct ui *u, int by)
{
	int row;

	look(u->lay.line.w);
	row = view.caret_row + by;
	if (!line_is_text(u->line) || row < 0 || row >= view.rows)
		return SIZE_MAX;
	return line_view_at(&view, line_text(), row, view.caret_col);
}

int
line_rows(struct ui *u, int cols)
{
	if (!line_is_text(u->line))
		return 1;
	look(cols);
	return view.rows;
}

static int
first_row(const struct ui *u)
{
	int h = u->lay.line.h, top = view.rows - h;

	if (view.caret_row < top)
		top = view.caret_row;
	return top < 0 ? 0 : top;
}

/* What the bot would answer, in grey on the empty reply; on one row. */
static void
draw_suggestion(struct ui *u, struct pen *p)
{
	const struct suggestion *s = line_suggestion(u);
	struct buf b = {0};

	if (s == NULL)
		return;
	buf_printf(&b, _("FAQ %s %d%%, Right takes it: "), s->question,
	    (int)s->percent);
	buf_puts(&b, s->text);
	for (size_t i = 0; i < b.n; i++)
		b.p[i] = b.p[i] == '\n' ? ' ' : b.p[i];
	draw_text(p, UI_DIM, buf_str(&b));
	buf_free(&b);
}

static void
draw_text_rows(struct ui *u)
{
	const struct rect *r = &u->lay.line;
	bool note = u->line == LINE_NOTE;
	enum ui_role role = note ? UI_LINE_NOTE : UI_TEXT;
	int top;

	look(r->w);
	top = first_row(u);
	for (int y = 0; y < r->h; y++) {
		struct pen p = draw_at(r->y + y, r->x, r->w);
		int i = top + y;

		draw_text(&p, note ? UI_PROMPT_NOTE : UI_PROMPT,
		    i > 0      ? "  "
			: note ? "# "
			       : "> ");
		if (i < view.rows)
			draw_bytes(&p, role, line_text() + view.row[i].at,
			    view.row[i].n);
		if (i == 0)
			draw_suggestion(u, &p);
		draw_fill(&p, role);
	}
}

/* Closed: what is kept as a draft, in grey. */
static void
draw_draft(struct ui *u)
{
	const struct rect *r = &u->lay.line;
	struct arena *a = arena_new();
	struct pen p = draw_at(r->y, r->x, r->w);
	struct draft d = {"", 0};

	draw_text(&p, UI_DIM, "  ");
	if (u->thread.number != 0 &&
	    store_draft(u->store, u->thread.number, false, a, &d)) {
		draw_text(&p, UI_DIM, _("draft: "));
		draw_text(&p, UI_DIM, d.text);
	} else
		draw_suggestion(u, &p);
	draw_fill(&p, UI_TEXT);
	for (int y = 1; y < r->h; y++)
		draw_row(r->y + y, r->x, r->w, UI_TEXT, "");
	arena_free(a);
}

/* Where a line of one row stands: the bottom, or the palette's filter. */
static struct rect
one_row(const struct ui *u)
{
	if (u->line == LINE_PALETTE)
		return palette_line(u);
	/* The lowest right cell is left alone: terminals scroll. */
	return (struct rect){u->lay.hint_y, 0, 1, u->lay.cols - 1};
}

/* The ":" and "/" lines, and the palette's filter. */
void
line_draw_row(struct ui *u)
{
	struct rect r = one_row(u);
	struct pen p = draw_at(r.y, r.x, r.w);
	const char *prompt = u->line == LINE_COMMAND ? ":"
	    : u->line == LINE_SEARCH                 ? "/"
						     : "> ";
	int w = r.w - (int)strlen(prompt), col;

	draw_text(&p, UI_PROMPT, prompt);
	draw_text(&p, UI_TEXT,
	    line_text() + line_view_scroll(line_text(), line_caret(), w, &col));
}

void
line_draw(struct ui *u)
{
	if (u->line == LINE_COMMAND || u->line == LINE_SEARCH)
		line_draw_row(u);
	if (u->lay.line.h == 0)
		return;
	if (line_is_text(u->line))
		draw_text_rows(u);
	else
		draw_draft(u);
}

void
line_place_caret(struct ui *u, int *y, int *x)
{
	struct rect r;
	int col, prompt;

	if (line_is_text(u->line)) {
		*y = u->lay.line.y + view.caret_row - first_row(u);
		*x = u->lay.line.x + MARGIN + view.caret_col;
		return;
	}
	r = one_row(u);
	prompt = u->line == LINE_PALETTE ? 2 : 1;
	line_view_scroll(line_text(), line_caret(), r.w - prompt, &col);
	*y = r.y;
	*x = r.x + prompt + col;
}
