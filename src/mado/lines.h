/*
 * The history as lines: messages wrapped for a width, with their heads, day
 * separators, the titles of earlier conversations, quotes and marks. Pure:
 * what is drawn where, in which role; no screen, no store.
 */
#ifndef MADO_LINES_H
#define MADO_LINES_H

#include <mado/mem.h>
#include <mado/model.h>

#include "picture.h"
#include "theme.h"

struct line_piece {
	const char *p;
	size_t n;
	enum ui_role role;
};

enum line_flags {
	LINE_RULE = 1,    /* centred between two rules */
	LINE_RIGHT = 2,   /* aligned to the right by indent */
	LINE_HEAD = 4,    /* the message's first line: who and when */
	LINE_PICTURE = 8, /* a row of a picture: its one piece is no text but
			   * what the terminal draws, `cols` wide */
	LINE_ABOVE = 16   /* stands above the message: its day, the title of
			   * its conversation */
};

struct hist_line {
	size_t msg; /* index of the message it belongs to */
	unsigned flags;
	int indent; /* columns before the first piece */
	struct line_piece piece[3];
	int pieces;
	int cols; /* of a LINE_PICTURE */
};

struct lines {
	struct hist_line *v;
	size_t n, cap;
	struct arena *a; /* texts that are not the messages' own */
};

struct lines_in {
	struct msg **msgs;
	size_t n;
	int cols;
	int64_t number; /* the open conversation */
	int64_t now_ms;
	const char *contact; /* name */
	bool ascii;
	/* What is known of an earlier conversation, for its title; may be
	 * NULL. Lent until the next call. */
	const struct conv *(*conv)(int64_t number, void *arg);
	/* The rows of a message's picture, at most cols wide; false: none.
	 * May be NULL. Lent until the next call. */
	bool (*picture)(const struct msg *m, int cols,
	    struct picture_rows *rows, void *arg);
	void *arg;
};

/* Build anew; the messages must live as long as the lines. */
void lines_build(struct lines *l, const struct lines_in *in);
void lines_free(struct lines *l);
/* The first line of a message, and the one after its last; n when none. */
size_t lines_first(const struct lines *l, size_t msg);
size_t lines_end(const struct lines *l, size_t msg);
/* Its first line of its own, below those of LINE_ABOVE. */
size_t lines_own(const struct lines *l, size_t msg);

#endif
