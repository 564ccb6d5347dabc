/*
 * The list as it stands on the screen: a window of a view of the store, whose
 * order is frozen while somebody works in it. The cursor is bound to a
 * conversation, not to a place. Knows no screen.
 */
#ifndef MADO_ROWS_H
#define MADO_ROWS_H

#include "store.h"
#include "views.h"

struct row {
	int64_t number;
	char key[CONV_ORDER_B]; /* its place when the window was read */
	struct conv *c;         /* as it is now; NULL: gone from the store */
};

struct rows {
	struct store *store;
	const char *me;
	enum view view;
	const struct saved_view *saved; /* NULL: all of the view */
	char *typed;                    /* narrowed to this; NULL: it is not */
	struct filter *filter;          /* the same */
	struct row *v;
	size_t n;
	size_t cur, top; /* indexes: under the cursor, first on the screen */
	bool at_top, at_end; /* nothing is before v[0], after v[n - 1] */
	/* With a filter a read looks at so many rows: it ended after this one,
	 * above and below; "" when it was the window's own edge. */
	char high[CONV_ORDER_B], low[CONV_ORDER_B];
	bool cut;
	bool stale;         /* the store's order or membership differs */
	int64_t changed_ms; /* monotonic: when the row under the cursor became
			     * another one without a key; 0: never */
	struct arena *a;
	size_t garbage; /* rows in the arena that nobody shows */
};

enum rows_to {
	ROWS_DOWN,
	ROWS_UP,
	ROWS_PAGE_DOWN,
	ROWS_PAGE_UP,
	ROWS_HALF_DOWN,
	ROWS_HALF_UP,
	ROWS_TOP,
	ROWS_BOTTOM
};

/* me: whose "mine"; lent. */
void rows_init(struct rows *r, struct store *s, const char *me);
void rows_free(struct rows *r);
/* Show a view from its top; saved: that one (and its base), or NULL. */
void rows_open(struct rows *r, enum view view, const struct saved_view *saved);
/* Only those that match, from the top. Takes ownership of f; NULL: all. */
void rows_narrow(struct rows *r, const char *typed, struct filter *f);
/* Is the page not full only because reading was cut short? Then read on, a
 * slice of a few milliseconds. */
bool rows_is_short(const struct rows *r, size_t page);
void rows_more(struct rows *r, size_t page);
/* Move the cursor; page: rows on the screen. False when it stood still. */
bool rows_move(struct rows *r, enum rows_to to, size_t page);
/* Bring the cursor into the page, scrolling half a page at a time (a terminal
 * redraws every row of a pane that scrolls). */
void rows_show(struct rows *r, size_t page);
/* The conversation under the cursor; NULL when the list is empty. */
struct conv *rows_current(const struct rows *r);
/* Put the cursor on a number; false when it is not in the window. */
bool rows_find(struct rows *r, int64_t number);
/* The conversation `delta` rows from a number (or from the cursor when it is
 * not there); NULL past the ends. Moves the cursor there. */
struct conv *rows_step(struct rows *r, int64_t number, int delta);
/* A conversation changed: read it anew. True when it is in the window, so that
 * its row must be drawn. */
bool rows_touch(struct rows *r, int64_t number);
/* Read the window anew in the store's order, the cursor staying with its
 * conversation at its place on the screen. now_ms: monotonic, noted when the
 * cursor had to move to another conversation. */
void rows_sort(struct rows *r, size_t page, int64_t now_ms);

#endif
