/*
 * The candidates of a completion, above the line. They follow what is typed
 * and go when nothing fits any more. Keys come through line.c's functions, so
 * that a macro can use them too; Enter takes the one that is marked. Above the
 * ":" line they stand by themselves, none is marked until one steps to it, and
 * what is marked is in the line.
 */
#include "ui.h"

#include <mado/mem.h>
#include <mado/text.h>

#include <string.h>

#include "canned.h"
#include "complete.h"
#include "draw.h"

enum { ROWS_MAX = 8, COLS_MAX = 76, NAME_MAX_COLS = 24, NAME_MIN_COLS = 6 };

static struct {
	struct completion *c; /* NULL: closed; in its own arena */
	size_t cur, top;
	int rows;      /* as drawn last */
	bool follows;  /* the ":" line */
	bool unmarked; /* nothing has been stepped to */
	bool stepping; /* the line changes by our doing */
	char *typed;   /* the word before that, for Esc */
	char *put;     /* the line after it */
} pop;

bool
pop_is_open(void)
{
	return pop.c != NULL;
}

bool
pop_is_marked(void)
{
	return pop.c != NULL && !pop.unmarked;
}

bool
pop_is_alone(void)
{
	return pop.c != NULL && pop.c->n == 1;
}

bool
pop_wants_enter(void)
{
	return pop.c != NULL && !pop.follows;
}

void
pop_free(void)
{
	if (pop.c != NULL)
		arena_free(pop.c->a);
	pop.c = NULL;
	x_free(pop.typed);
	x_free(pop.put);
	pop.typed = pop.put = NULL;
}

void
pop_close(struct ui *u)
{
	if (pop.c == NULL)
		return;
	pop_free();
	ui_dirty(u, DIRTY_LAYOUT); /* what was under it comes back */
}

/* What a customer would read is shown, with the variables filled. */
static void
preview(struct ui *u, struct completion *c)
{
	const char *agent;

	if (!c->canned || u->conv == NULL)
		return;
	agent = canned_agent(u->store, u->me, c->a);
	for (size_t i = 0; i < c->n; i++) {
		char *s = canned_preview(c->v[i].detail, u->conv, agent);

		c->v[i].detail = arena_strdup(c->a, s);
		x_free(s);
	}
}

static struct completion *
candidates(struct ui *u)
{
	struct arena *a = arena_new();
	struct completion *c = arena_new_of(a, struct completion);

	c->a = a;
	line_candidates(u, c);
	preview(u, c);
	return c;
}

static int
rows_of(const struct ui *u, size_t n)
{
	int room = u->lay.rows - 6;

	if (room > ROWS_MAX)
		room = ROWS_MAX;
	return n < (size_t)room ? (int)n : room;
}

static void
replace(struct ui *u, struct completion *c)
{
	pop_free();
	pop.c = c;
	pop.cur = pop.top = 0;
	pop.follows = pop.unmarked = u->line == LINE_COMMAND;
	/* Where it was taller, something else shows again. */
	ui_dirty(u, rows_of(u, c->n) < pop.rows ? DIRTY_LAYOUT : DIRTY_LINE);
}

void
pop_open(struct ui *u)
{
	pop.rows = 0;
	replace(u, candidates(u));
}

/* The ":" line has changed; by a step of ours the candidates stay. */
static void
follow(struct ui *u)
{
	struct completion *c;

	if (pop.stepping ||
	    (pop.put != NULL && strcmp(pop.put, line_text()) == 0))
		return;
	c = candidates(u);
	if (c->n > 0) {
		replace(u, c);
		return;
	}
	arena_free(c->a);
	pop_close(u);
}

void
pop_update(struct ui *u)
{
	struct completion *c;

	if (u->line == LINE_COMMAND) {
		follow(u);
		return;
	}
	if (pop.c == NULL)
		return;
	c = candidates(u);
	if (c->n > 0 && c->at == pop.c->at && c->canned == pop.c->canned) {
		if (c->len != pop.c->len)
			replace(u, c);
		else
			arena_free(c->a);
		return;
	}
	arena_free(c->a);
	pop_close(u);
}

/* Put a text where the word of the ":" line is. */
static void
put_word(struct ui *u, const char *text)
{
	struct buf b = {0};
	size_t caret;

	buf_add(&b, line_text(), pop.c->at);
	buf_puts(&b, text);
	caret = b.n;
	buf_puts(&b, line_text() + pop.c->at + pop.c->len);
	pop.stepping = true;
	line_set(u, buf_str(&b), caret);
	pop.stepping = false;
	pop.c->len = strlen(text);
	x_free(pop.put);
	pop.put = buf_take(&b);
}

void
pop_step(struct ui *u, int by)
{
	size_t n = pop.c->n;

	if (pop.unmarked) {
		pop.cur = by > 0 ? 0 : n - 1;
		pop.typed = x_strndup(line_text() + pop.c->at, pop.c->len);
		pop.unmarked = false;
	} else {
		pop.cur = by > 0 ? (pop.cur + 1) % n : (pop.cur + n - 1) % n;
	}
	if (pop.follows)
		put_word(u, pop.c->v[pop.cur].text);
	ui_dirty(u, DIRTY_LINE);
}

bool
pop_cancel(struct ui *u)
{
	char *typed = pop.typed;

	if (!pop.follows) {
		pop_close(u);
		return true;
	}
	if (pop.unmarked)
		return false;
	pop.typed = NULL;
	put_word(u, typed);
	x_free(typed);
	pop.unmarked = true;
	return true;
}

void
pop_take(struct ui *u)
{
	struct completion *c = pop.c;
	size_t i = pop.cur;

	pop.c = NULL;
	pop_free();
	ui_dirty(u, DIRTY_LAYOUT);
	line_take(u, c, i);
	arena_free(c->a);
}

static struct rect
place(const struct ui *u)
{
	int w = u->lay.cols < COLS_MAX ? u->lay.cols : COLS_MAX;
	int h = rows_of(u, pop.c->n);
	int below = line_is_text(u->line) && u->lay.to.h > 0 ? u->lay.to.y
							     : u->lay.hint_y;

	return (struct rect){below - h - 2, 0, h + 2, w};
}

static int
name_cols(void)
{
	int cols = NAME_MIN_COLS;

	for (size_t i = 0; i < pop.c->n; i++) {
		const char *s = pop.c->v[i].name;
		int w = text_width(s, strlen(s));

		cols = w > cols ? w : cols;
	}
	return cols < NAME_MAX_COLS ? cols : NAME_MAX_COLS;
}

static void
draw_one(size_t i, int y, const struct rect *r, int cols)
{
	const struct candidate *v = &pop.c->v[i];
	struct pen p = draw_at(y, r->x + 1, r->w - 2);
	bool on = i == pop.cur && !pop.unmarked;

	draw_text(&p, on ? UI_CURSOR : UI_KEY, on ? "> " : "  ");
	draw_cut(&p, on ? UI_CURSOR : UI_NAME, v->name, cols);
	draw_to(&p, on ? UI_CURSOR : UI_OVERLAY, r->x + 3 + cols + 2);
	draw_cut(&p, on ? UI_CURSOR : UI_DIM, v->detail, draw_left(&p) - 1);
	draw_fill(&p, on ? UI_CURSOR : UI_OVERLAY);
}

/* "3/12" where not all are in sight. */
static void
draw_frame(const struct rect *r)
{
	size_t rows = (size_t)r->h - 2;
	struct buf b = {0};

	if (pop.c->n > rows)
		buf_printf(
		    &b, "%zu/%zu", pop.unmarked ? rows : pop.cur + 1, pop.c->n);
	draw_guard(r);
	draw_box(r, UI_BORDER_ON, UI_TITLE_ON, buf_str(&b));
	buf_free(&b);
}

void
pop_draw(struct ui *u)
{
	struct rect r = place(u);
	int cols = name_cols(), rows = r.h - 2;

	pop.rows = rows;
	if (pop.cur < pop.top)
		pop.top = pop.cur;
	if (pop.cur >= pop.top + (size_t)rows)
		pop.top = pop.cur - (size_t)rows + 1;
	draw_frame(&r);
	for (int y = 0; y < rows; y++)
		draw_one(pop.top + (size_t)y, r.y + 1 + y, &r, cols);
}
