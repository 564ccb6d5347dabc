/*
 * The only way text gets onto the screen: a pen that moves along one row of
 * stdscr and cannot leave its columns. Everything goes through text_draw(),
 * and the next text starts at an absolute column, so that no name can shift
 * what stands to its right.
 */
#ifndef MADO_DRAW_H
#define MADO_DRAW_H

#include <stdbool.h>
#include <stddef.h>

#include <mado/text.h>

#include "layout.h"
#include "theme.h"

struct pen {
	int y, x, end; /* end: the first column that is not ours */
};

/* Set once: lines by + - | in place of the terminal's line drawing. */
void draw_set_ascii(bool ascii);
bool draw_is_ascii(void);
/* The policy that texts are cleaned by: what ncurses counts otherwise (native
 * emoji, wide ambiguous characters) is then written past it. */
void draw_set_policy(const struct text_policy *p);

/* Begin a row: its cols columns are blank, whatever was there. */
struct pen draw_at(int y, int x, int cols);
/* Columns that are left. */
int draw_left(const struct pen *p);
/* Draw s, cut with "~" at the pen's end. */
void draw_text(struct pen *p, enum ui_role role, const char *s);
/* The same for n bytes, and for at most cols columns. */
void draw_bytes(struct pen *p, enum ui_role role, const char *s, size_t n);
void draw_cut(struct pen *p, enum ui_role role, const char *s, int cols);
/* Draw s so that it ends at the pen's end, if it fits after at least `gap`
 * columns; the pen's end moves before it. */
bool draw_right(struct pen *p, enum ui_role role, const char *s, int gap);
/* Spaces up to column x (the pen's end when beyond it). */
void draw_to(struct pen *p, enum ui_role role, int x);
/* Spaces to the pen's end. */
void draw_fill(struct pen *p, enum ui_role role);
/* A line of cols columns. */
void draw_rule(struct pen *p, enum ui_role role, int cols);
/* A whole row of one text. */
void draw_row(int y, int x, int cols, enum ui_role role, const char *s);
void draw_clear(const struct rect *r, enum ui_role role);
/* Before drawing over what is there already: wide characters that the
 * rectangle's sides would cut in half are taken away. */
void draw_guard(const struct rect *r);
/* A border with a title in its upper line (NULL: none). */
void draw_box(const struct rect *r, enum ui_role border, enum ui_role role,
    const char *title);
void draw_vline(int y, int x, int h, enum ui_role role);

#endif
