/*
 * Where the characters of a line being typed stand: soft-wrapped rows and the
 * caret. Pure.
 */
#ifndef MADO_LINE_VIEW_H
#define MADO_LINE_VIEW_H

#include <stddef.h>

struct line_row {
	size_t at, n; /* bytes of the text */
};

enum { LINE_ROWS_MAX = 600 };

struct line_view {
	struct line_row row[LINE_ROWS_MAX];
	int rows; /* >= 1 */
	int caret_row, caret_col;
};

/* Break text into rows of cols columns, between clusters and at line feeds.
 * caret: byte offset. Past LINE_ROWS_MAX rows the last one is cut. */
void line_view_wrap(
    struct line_view *v, const char *text, size_t caret, int cols);
/* One row that scrolls sideways by half its width: where to start drawing so
 * that the caret is inside cols; *caret_col is where it then stands. */
size_t line_view_scroll(
    const char *text, size_t caret, int cols, int *caret_col);
/* The byte offset in a row nearest to a column. */
size_t line_view_at(
    const struct line_view *v, const char *text, int row, int col);

#endif
