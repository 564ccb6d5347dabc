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
#include <string.h>

#include "term.h"

enum { SPANS_MAX = 512 };

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

void
past_after(int caret_y, int caret_x)
{
	struct buf b = {0};

	for (size_t i = 0; i < n_spans; i++) {
		if (spans[i].fresh)
			put(&b, &spans[i].s, id_of(spans[i].s.url));
		spans[i].fresh = false;
	}
	if (b.n > 0) {
		buf_printf(&b, "\033[%d;%dH", caret_y + 1, caret_x + 1);
		term_write(buf_str(&b), b.n);
	}
	buf_free(&b);
}

void
past_again(void)
{
	for (size_t i = 0; i < n_spans; i++)
		spans[i].fresh = true;
}
