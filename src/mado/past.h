/*
 * What ncurses has no words for, written past it after each frame: links (OSC
 * 8), and emoji whose cells it counts otherwise than the terminal. In its own
 * cells something plain of the same width stands there.
 */
#ifndef MADO_PAST_H
#define MADO_PAST_H

#include <stddef.h>

#include "theme.h"

struct past_span {
	int y, x, cols;
	enum ui_role role;
	const char *p; /* cleaned bytes, n of them; copied */
	size_t n;
	const char *url; /* NULL: no link; printable ASCII; copied */
};

/* A row begins there: what was written past ncurses in it goes. */
void past_row(int y, int x, int cols);
void past_row_all(void);
void past_add(const struct past_span *s);
/* Before refresh(): what has gone is drawn over. */
void past_before(void);
/* After it: write what is new, and put the cursor back. */
void past_after(int caret_y, int caret_x);
/* The screen is drawn from nothing: all must be written again. */
void past_again(void);
void past_free(void);

#endif
