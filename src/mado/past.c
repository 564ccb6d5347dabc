/*
 * Spans of the screen that are written by hand. Each frame, rows that are
 * drawn say so and add theirs again; one that was there already costs nothing,
 * one that has gone has its line drawn anew by ncurses. Called by draw.c,
 * pane_history.c and ui_paint.c.
 */
#include "past.h"

#include <mado/buf.h>
#include <mado/mem.h>

#include <curses.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "term.h"

enum {
	SPANS_MAX = 512,
	SPILL_COLS = 6 /* a family of three beside each other, but two */
};

static struct span {
	struct past_span s;
	bool fresh; /* not on the terminal yet */
	bool gone;
} spans[SPANS_MAX];
static size_t n_spans;

static void
drop(size_t i)
{
	x_free((char *)spans[i].s.p);
	x_free((char *)spans[i].s.url);
	spans[i] = spans[--n_spans];
}

void
past_free(void)
{
	while (n_spans > 0)
		drop(n_spans - 1);
}

void
past_row(int y, int x, int cols)
{
	for (size_t i = 0; i < n_spans; i++) {
		const struct past_span *s = &spans[i].s;

		if (s->y == y && s->x < x + cols && s->x + s->cols > x)
			spans[i].gone = true;
	}
}

void
past_row_all(void)
{
	for (size_t i = 0; i < n_spans; i++)
		spans[i].gone = true;
}

static bool
same(const struct past_span *a, const struct past_span *b)
{
	return a->y == b->y && a->x == b->x && a->cols == b->cols &&
	    a->role == b->role && a->n == b->n &&
	    memcmp(a->p, b->p, a->n) == 0 &&
	    (a->url == NULL) == (b->url == NULL) &&
	    (a->url == NULL || strcmp(a->url, b->url) == 0);
}

void
past_add(const struct past_span *s)
{
	struct span *new;

	for (size_t i = 0; i < n_spans; i++) {
		if (spans[i].gone && same(&spans[i].s, s)) {
			spans[i].gone = false;
			return;
		}
	}
	if (n_spans == SPANS_MAX)
		return;
	new = &spans[n_spans++];
	new->s = *s;
	new->s.p = x_strndup(s->p, s->n);
	new->s.url = x_strdup(s->url);
	new->fresh = true;
	new->gone = false;
}

/* ncurses writes the whole line again: so must we what stands in it. */
static void
redraw_line(int y)
{
	wredrawln(stdscr, y, 1);
	for (size_t i = 0; i < n_spans; i++)
		spans[i].fresh = spans[i].fresh || spans[i].s.y == y;
}

void
past_before(void)
{
	for (size_t i = n_spans; i-- > 0;) {
		if (!spans[i].gone)
			continue;
		if (!spans[i].fresh && spans[i].s.y < LINES)
			redraw_line(spans[i].s.y);
		drop(i);
	}
}

static void
put(struct buf *b, const struct past_span *s, size_t id)
{
	buf_printf(b, "\033[%d;%dH", s->y + 1, s->x + 1);
	theme_sgr(b, s->role);
	if (s->url != NULL)
		buf_printf(b, "\033[4m\033]8;id=m%zu;%s\033\\", id, s->url);
	buf_add(b, s->p, s->n);
	if (s->url != NULL)
		buf_puts(b, "\033]8;;\033\\");
	buf_puts(b, "\033[m");
}

/* The same number for the pieces of one link, so that they light up as one. */
static size_t
id_of(const char *url)
{
	size_t h = 5381;

	for (; url != NULL && *url != '\0'; url++)
		h = h * 33 + (unsigned char)*url;
	return h % 1000000;
}

/* The text of a cell of ours; its columns, 0 past the end of the row. The
 * lowest right cell is left alone: terminals scroll. */
static int
put_cell(struct buf *b, int y, int x)
{
	wchar_t w[CCHARW_MAX + 1];
	mbstate_t st = {0};
	char bytes[MB_LEN_MAX];
	cchar_t cell;
	attr_t attrs;
	short pair;
	size_t n;

	if (x >= COLS - (y == LINES - 1) || mvin_wch(y, x, &cell) != OK ||
	    getcchar(&cell, w, &attrs, &pair, NULL) != OK)
		return 0;
	theme_sgr_cell(b, attrs, pair);
	for (int i = 0; w[i] != L'\0'; i++) {
		n = wcrtomb(bytes, w[i], &st);
		if (n != (size_t)-1)
			buf_add(b, bytes, n);
	}
	return wcwidth(w[0]) == 2 ? 2 : 1;
}

/*
 * A terminal that counts more columns than we do has written over what stands
 * behind: bring that back. Links hold what ncurses counts as we do.
 */
static void
put_behind(struct buf *b, const struct past_span *s)
{
	int x = s->x + s->cols, end = x + SPILL_COLS;

	if (s->url != NULL)
		return;
	buf_printf(b, "\033[%d;%dH", s->y + 1, x + 1);
	for (int cols = 1; x < end && cols > 0; x += cols)
		cols = put_cell(b, s->y, x);
	buf_puts(b, "\033[m");
}

static int
by_place(const void *a, const void *b)
{
	const struct past_span *x = &((const struct span *)a)->s;
	const struct past_span *y = &((const struct span *)b)->s;

	return x->y != y->y ? x->y - y->y : x->x - y->x;
}

void
past_after(int caret_y, int caret_x)
{
	struct buf b = {0};
	int redone_y = -1, redone_x = 0;

	/* From left to right: what one spills, the next one covers. */
	qsort(spans, n_spans, sizeof(spans[0]), by_place);
	for (size_t i = 0; i < n_spans; i++) {
		const struct past_span *s = &spans[i].s;

		if (spans[i].fresh || (s->y == redone_y && s->x < redone_x)) {
			put(&b, s, id_of(s->url));
			put_behind(&b, s);
			redone_y = s->y;
			redone_x = s->x + s->cols + SPILL_COLS;
		}
		spans[i].fresh = false;
	}
	if (b.n > 0) {
		buf_printf(&b, "\033[%d;%dH", caret_y + 1, caret_x + 1);
		term_write(buf_str(&b), b.n);
		move(caret_y, caret_x);
	}
	buf_free(&b);
}

void
past_again(void)
{
	for (size_t i = 0; i < n_spans; i++)
		spans[i].fresh = true;
}
