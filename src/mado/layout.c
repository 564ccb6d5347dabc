/*
 * The layout: header on the first row, hints on the last, the reply line above
 * them, panes in between. Called by ui.c when the size, the focus or the reply
 * line's height changes.
 */
#include "layout.h"

#include <string.h>

static int
clamp(int v, int lo, int hi)
{
	return v < lo ? lo : v > hi ? hi : v;
}

static void
place(struct layout *l, enum pane p, struct rect r)
{
	l->frame[p] = r;
	if (l->boxed)
		l->body[p] = (struct rect){r.y + 1, r.x + 1, r.h - 2, r.w - 2};
	else
		l->body[p] = (struct rect){r.y + 1, r.x, r.h - 1, r.w};
}

static void
place_three(struct layout *l, int y, int h)
{
	int list = clamp(l->cols * 30 / 100, 34, 46);
	int contact = clamp(l->cols * 22 / 100, 26, 36);
	int gap = l->boxed ? 0 : 1;

	place(l, PANE_LIST, (struct rect){y, 0, h, list});
	place(l, PANE_HISTORY,
	    (struct rect){
		y, list + gap, h, l->cols - list - contact - 2 * gap});
	place(l, PANE_CONTACT, (struct rect){y, l->cols - contact, h, contact});
}

static void
place_two(struct layout *l, int y, int h, bool contact)
{
	int list = clamp(l->cols * 38 / 100, 24, 40);
	int gap = l->boxed ? 0 : 1;
	int over = clamp(l->cols * 45 / 100, 26, 40);

	place(l, PANE_LIST, (struct rect){y, 0, h, list});
	place(l, PANE_HISTORY,
	    (struct rect){y, list + gap, h, l->cols - list - gap});
	if (contact)
		place(
		    l, PANE_CONTACT, (struct rect){y, l->cols - over, h, over});
}

void
layout_make(const struct layout_in *in, struct layout *l)
{
	int y = 1, h, line;

	memset(l, 0, sizeof(*l));
	l->rows = in->rows;
	l->cols = in->cols;
	l->small = in->rows < LAYOUT_MIN_ROWS || in->cols < LAYOUT_MIN_COLS;
	l->boxed = in->rows >= LAYOUT_BOX_ROWS && in->cols >= in->two_cols;
	l->hint_y = in->rows - 1;
	l->panes = in->cols >= in->three_cols ? 3
	    : in->cols >= in->two_cols        ? 2
					      : 1;
	h = in->rows - 2;
	if (in->compose && in->rows >= 10) {
		line = clamp(
		    in->line_rows, 1, clamp(in->rows / 4, 1, LAYOUT_LINE_MAX));
		h -= line + 1;
		l->to = (struct rect){y + h, 0, 1, in->cols};
		l->line = (struct rect){y + h + 1, 0, line, in->cols};
	}
	if (l->panes == 3)
		place_three(l, y, h);
	else if (l->panes == 2)
		place_two(l, y, h, in->contact);
	else
		place(l, in->focus < PANE_HELP ? in->focus : PANE_LIST,
		    (struct rect){y, 0, h, in->cols});
	if (!l->boxed && l->panes > 1)
		l->divider_x = l->frame[PANE_HISTORY].x - 1;
}
