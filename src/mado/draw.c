/*
 * Drawing rows with ncurses. Knows cells, knows no nouns. Called by the panes
 * while ui.c paints, and by nobody else.
 */
#include "draw.h"

#include <mado/buf.h>
#include <mado/mem.h>
#include <mado/text.h>

#include <curses.h>
#include <limits.h>
#include <string.h>
#include <wchar.h>

#include "past.h"

/* More for a row is hostile: then only what fits is looked at. */
enum { DRAW_BYTES_MAX = 4096 };

static bool ascii_lines;
/* As texts are cleaned, and the same in what ncurses counts as we do. */
static struct text_policy as_is, safe;

void
draw_set_ascii(bool ascii)
{
	ascii_lines = ascii;
}

void
draw_set_policy(const struct text_policy *p)
{
	as_is = *p;
	safe = *p;
	safe.ambiguous_wide = false;
	if (p->emoji == TEXT_EMOJI_NATIVE)
		safe.emoji = TEXT_EMOJI_SAFE;
}

/* Does anything that is drawn have other columns than ncurses gives it? */
static bool
is_disputed(void)
{
	return as_is.ambiguous_wide || as_is.emoji == TEXT_EMOJI_NATIVE;
}

bool
draw_is_ascii(void)
{
	return ascii_lines;
}

/*
 * The row is blanked first, in memory: where a wide character is overwritten
 * by half, ncurses 6.4 counts a column too many when it brings the line out,
 * and everything to the right of it moves.
 */
struct pen
draw_at(int y, int x, int cols)
{
	struct pen p = {y, x, x + (cols > 0 ? cols : 0)};

	theme_set(UI_TEXT);
	move(y, x);
	if (cols > 0)
		hline(' ', cols);
	past_row(y, x, cols);
	return p;
}

int
draw_left(const struct pen *p)
{
	return p->end - p->x;
}

static struct buf cell_text; /* what is being drawn, reused */

static void
put_wide(const char *s)
{
	wchar_t w[256];
	mbstate_t st = {0};
	size_t n;

	while (s != NULL && *s != '\0') {
		n = mbsrtowcs(w, &s, 255, &st);
		if (n == (size_t)-1 || n == 0)
			break;
		addnwstr(w, (int)n);
	}
}

/*
 * Hand the cleaned text to ncurses. If ncurses took fewer columns for it than
 * we count, the rest is blanked; the pen stands where we count.
 */
static void
put_cells(struct pen *p, const char *s, int cols)
{
	move(p->y, p->x);
	put_wide(s);
	p->x += cols;
	for (int x = getcurx(stdscr); getcury(stdscr) == p->y && x < p->x; x++)
		addch(' ');
}

/* One cluster that ncurses counts otherwise: for it the safe form, in as many
 * columns as the terminal needs, and the cluster itself past it. */
static void
put_disputed(
    struct pen *p, enum ui_role role, const struct text_cluster *c, int cols)
{
	struct past_span s = {p->y, p->x, cols, role, c->p, c->n, NULL};
	struct buf plain = {0};
	char *copy = x_strndup(c->p, c->n);

	text_fit(&plain, copy, cols, "", true);
	put_cells(p, buf_str(&plain), cols);
	past_add(&s);
	buf_free(&plain);
	x_free(copy);
}

/* Columns on the terminal. */
static int
cols_as_is(const struct text_cluster *c)
{
	int cols;

	text_set_policy(&as_is);
	cols = text_width(c->p, c->n);
	text_set_policy(&safe);
	return cols;
}

/* The cleaned text cluster by cluster: what is agreed upon in runs. */
static void
put_past(struct pen *p, enum ui_role role)
{
	const char *s = buf_str(&cell_text), *end = s + cell_text.n, *run = s;
	struct text_cluster c;
	bool agreed;
	char *copy;

	text_set_policy(&safe);
	while (s < end) {
		s = text_next(s, end, &c);
		agreed = c.plain && cols_as_is(&c) == c.width_cols;
		if (agreed && s < end)
			continue;
		copy = x_strndup(run, (size_t)((agreed ? s : c.p) - run));
		put_cells(p, copy, text_width(copy, strlen(copy)));
		x_free(copy);
		if (!agreed)
			put_disputed(p, role, &c, cols_as_is(&c));
		run = s;
	}
	text_set_policy(&as_is);
}

static void
put_text(struct pen *p, enum ui_role role, int cols)
{
	int end = p->x + cols;

	theme_set(role);
	if (!is_disputed()) {
		put_cells(p, buf_str(&cell_text), cols);
		return;
	}
	put_past(p, role);
	p->x = end;
}

void
draw_cut(struct pen *p, enum ui_role role, const char *s, int cols)
{
	int used;

	if (cols > draw_left(p))
		cols = draw_left(p);
	if (cols <= 0 || *s == '\0')
		return;
	buf_reset(&cell_text);
	used = text_fit(&cell_text, s, cols, "~", false);
	put_text(p, role, used);
}

void
draw_text(struct pen *p, enum ui_role role, const char *s)
{
	draw_cut(p, role, s, draw_left(p));
}

void
draw_bytes(struct pen *p, enum ui_role role, const char *s, size_t n)
{
	char *copy;
	int used;

	buf_reset(&cell_text);
	used = n > DRAW_BYTES_MAX ? INT_MAX : text_draw(&cell_text, s, n);
	if (used > draw_left(p)) {
		copy = x_strndup(s, n);
		draw_text(p, role, copy);
		x_free(copy);
		return;
	}
	put_text(p, role, used);
}

bool
draw_right(struct pen *p, enum ui_role role, const char *s, int gap)
{
	int cols = text_width(s, strlen(s));
	struct pen q = {p->y, p->end - cols, p->end};

	if (*s == '\0' || q.x < p->x + gap)
		return false;
	draw_text(&q, role, s);
	p->end -= cols;
	return true;
}

void
draw_to(struct pen *p, enum ui_role role, int x)
{
	if (x > p->end)
		x = p->end;
	if (p->x >= x)
		return;
	theme_set(role);
	move(p->y, p->x);
	hline(' ', x - p->x);
	p->x = x;
}

void
draw_fill(struct pen *p, enum ui_role role)
{
	draw_to(p, role, p->end);
}

void
draw_rule(struct pen *p, enum ui_role role, int cols)
{
	if (cols > draw_left(p))
		cols = draw_left(p);
	if (cols <= 0)
		return;
	theme_set(role);
	move(p->y, p->x);
	if (ascii_lines)
		hline('-', cols);
	else
		hline_set(WACS_HLINE, cols);
	p->x += cols;
}

void
draw_row(int y, int x, int cols, enum ui_role role, const char *s)
{
	struct pen p = draw_at(y, x, cols);

	draw_text(&p, role, s);
	draw_fill(&p, role);
}

void
draw_clear(const struct rect *r, enum ui_role role)
{
	for (int y = 0; y < r->h; y++)
		draw_row(r->y + y, r->x, r->w, role, "");
}

/* Is the cell at x the first of a wide character? Both its cells hold it, so
 * only walking there tells. */
static bool
is_wide_at(int y, int x)
{
	cchar_t cell;
	wchar_t w[CCHARW_MAX + 1];
	attr_t attrs;
	short pair;
	int i = 0, cols;

	while (i <= x) {
		cols = 1;
		if (mvin_wch(y, i, &cell) == OK &&
		    getcchar(&cell, w, &attrs, &pair, NULL) == OK &&
		    wcwidth(w[0]) == 2)
			cols = 2;
		if (i == x)
			return cols == 2;
		i += cols;
	}
	return false;
}

void
draw_guard(const struct rect *r)
{
	int end = r->x + r->w;

	theme_set(UI_TEXT);
	for (int y = r->y; y < r->y + r->h; y++) {
		bool left = r->x > 0 && is_wide_at(y, r->x - 1);
		bool right = end < COLS && is_wide_at(y, end - 1);

		if (left)
			mvhline(y, r->x - 1, ' ', 1);
		if (right)
			mvhline(y, end, ' ', 1);
	}
}

void
draw_vline(int y, int x, int h, enum ui_role role)
{
	theme_set(role);
	move(y, x);
	if (ascii_lines)
		vline('|', h);
	else
		vline_set(WACS_VLINE, h);
}

static void
corner(int y, int x, const cchar_t *line)
{
	move(y, x);
	if (ascii_lines)
		addch('+');
	else
		add_wch(line);
}

void
draw_box(const struct rect *r, enum ui_role border, enum ui_role role,
    const char *title)
{
	int right = r->x + r->w - 1, low = r->y + r->h - 1;
	struct pen p = draw_at(r->y, r->x + 1, r->w - 2);

	if (r->h < 2 || r->w < 2)
		return;
	/* Blank first: hline() over the second half of a wide character takes
	 * its first half away too, and that cell is our border by then. */
	draw_clear(r, role);
	if (title != NULL && *title != '\0') {
		draw_text(&p, role, " ");
		draw_cut(&p, role, title, r->w - 4);
		draw_text(&p, role, " ");
	}
	draw_rule(&p, border, draw_left(&p));
	p = draw_at(low, r->x + 1, r->w - 2);
	draw_rule(&p, border, r->w - 2);
	draw_vline(r->y + 1, r->x, r->h - 2, border);
	draw_vline(r->y + 1, right, r->h - 2, border);
	corner(r->y, r->x, WACS_ULCORNER);
	corner(r->y, right, WACS_URCORNER);
	corner(low, r->x, WACS_LLCORNER);
	corner(low, right, WACS_LRCORNER);
}
