/*
 * Where things stand on the screen, from its size alone. Pure.
 */
#ifndef MADO_LAYOUT_H
#define MADO_LAYOUT_H

#include <stdbool.h>

#include "keys.h"

struct rect {
	int y, x, h, w; /* h 0: not shown */
};

struct layout_in {
	int rows, cols;
	int three_cols, two_cols; /* 110, 60 */
	enum pane focus;
	bool contact;  /* the overlay is open (two panes) */
	bool compose;  /* a conversation is open: room for the line */
	int line_rows; /* how many rows the text of the line asks for */
};

struct layout {
	int rows, cols;
	int panes;            /* 3, 2 or 1 at a time */
	bool small;           /* nothing fits */
	bool boxed;           /* borders; else one title line each */
	struct rect frame[3]; /* by enum pane: with border or title */
	struct rect body[3];  /* inside it */
	int divider_x;        /* column between list and history without boxes,
			       * 0: none */
	struct rect to;       /* the line with the recipient; h 0 when closed */
	struct rect line;     /* the text of the line */
	int hint_y;
};

enum {
	LAYOUT_MIN_ROWS = 6,
	LAYOUT_MIN_COLS = 24,
	LAYOUT_BOX_ROWS = 30,
	LAYOUT_LINE_MAX = 8
};

void layout_make(const struct layout_in *in, struct layout *l);

#endif
