/*
 * Laying a typed line out. Counts columns with the drawing's own measure, so
 * that the caret (and with it the input method's window) is never beside the
 * character it belongs to. Called by line.c.
 */
#include "line_view.h"

#include <mado/text.h>

#include <string.h>

static int
width_of(const struct text_cluster *c)
{
	return c->plain ? c->width_cols : text_width(c->p, c->n);
}

static void
new_row(struct line_view *v, size_t at)
{
	if (v->rows < LINE_ROWS_MAX)
		v->row[v->rows++] = (struct line_row){at, 0};
}

static void
set_caret(struct line_view *v, int col)
{
	v->caret_row = v->rows - 1;
	v->caret_col = col;
}

void
line_view_wrap(struct line_view *v, const char *text, size_t caret, int cols)
{
	const char *s = text, *end = text + strlen(text), *next;
	struct text_cluster c;
	int col = 0, w;

	v->rows = 0;
	new_row(v, 0);
	set_caret(v, 0);
	for (; s < end; s = next) {
		next = text_next(s, end, &c);
		w = *s == '\n' ? 0 : width_of(&c);
		if (col + w > cols && col > 0) {
			new_row(v, (size_t)(s - text));
			col = 0;
		}
		if (caret >= (size_t)(s - text) &&
		    caret < (size_t)(next - text))
			set_caret(v, col);
		if (*s == '\n') {
			new_row(v, (size_t)(next - text));
			col = 0;
			continue;
		}
		v->row[v->rows - 1].n =
		    (size_t)(next - text) - v->row[v->rows - 1].at;
		col += w;
	}
	if (caret < (size_t)(end - text))
		return;
	if (col >= cols) { /* the caret needs a cell of its own */
		new_row(v, (size_t)(end - text));
		col = 0;
	}
	set_caret(v, col);
}

/* The first cluster from which what stands before s takes less than cols. */
static const char *
tail_of(const char *text, const char *s, int cols)
{
	struct text_cluster c;

	while (text < s && text_width(text, (size_t)(s - text)) >= cols)
		text = text_next(text, s, &c);
	return text;
}

size_t
line_view_scroll(const char *text, size_t caret, int cols, int *caret_col)
{
	const char *s = text, *end = text + strlen(text), *next;
	const char *start = text;
	struct text_cluster c;
	int col = 0;

	for (; s < end && (size_t)(s - text) < caret; s = next) {
		next = text_next(s, end, &c);
		if (col + width_of(&c) >= cols) {
			/* begin again so that half a row stays in sight */
			start = tail_of(text, s, cols / 2);
			col = text_width(start, (size_t)(s - start));
		}
		col += width_of(&c);
	}
	*caret_col = col;
	return (size_t)(start - text);
}

size_t
line_view_at(const struct line_view *v, const char *text, int row, int col)
{
	const char *s = text + v->row[row].at, *end = s + v->row[row].n;
	struct text_cluster c;
	int x = 0;

	while (s < end && x < col) {
		const char *next = text_next(s, end, &c);

		x += width_of(&c);
		if (x > col)
			break;
		s = next;
	}
	return (size_t)(s - text);
}
