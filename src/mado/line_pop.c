/*
 * The candidates of a completion, above the line. They follow what is typed
 * and go when nothing fits any more. Keys come through line.c's functions, so
 * that a macro can use them too; Enter takes the one that is marked.
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
	int rows; /* as drawn last */
} pop;

bool
pop_is_open(void)
{
	return pop.c != NULL;
}

void
pop_free(void)
{
	if (pop.c != NULL)
		arena_free(pop.c->a);
	pop.c = NULL;
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
	int room = u->lay.rows - 4;

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
	/* Where it was taller, something else shows again. */
	ui_dirty(u, rows_of(u, c->n) < pop.rows ? DIRTY_LAYOUT : DIRTY_LINE);
}

void
pop_open(struct ui *u)
{
	pop.rows = 0;
	replace(u, candidates(u));
}

void
pop_update(struct ui *u)
{
	struct completion *c;

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

void
pop_step(struct ui *u, int by)
{
	size_t n = pop.c->n;

	pop.cur = by > 0 ? (pop.cur + 1) % n : (pop.cur + n - 1) % n;
	ui_dirty(u, DIRTY_LINE);
}

void
pop_take(struct ui *u)
{
	struct completion *c = pop.c;
	size_t i = pop.cur;

	pop.c = NULL;
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

	return (struct rect){below - h, 0, h, w};
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
	struct pen p = draw_at(y, r->x, r->w);
	bool on = i == pop.cur;

	draw_text(&p, on ? UI_CURSOR : UI_KEY, on ? "> " : "  ");
	draw_cut(&p, on ? UI_CURSOR : UI_NAME, v->name, cols);
	draw_to(&p, on ? UI_CURSOR : UI_OVERLAY, r->x + 2 + cols + 2);
	draw_cut(&p, on ? UI_CURSOR : UI_DIM, v->detail, draw_left(&p) - 1);
	draw_fill(&p, on ? UI_CURSOR : UI_OVERLAY);
}

void
pop_draw(struct ui *u)
{
	struct rect r = place(u);
	int cols = name_cols();

	pop.rows = r.h;
	if (pop.cur < pop.top)
		pop.top = pop.cur;
	if (pop.cur >= pop.top + (size_t)r.h)
		pop.top = pop.cur - (size_t)r.h + 1;
	draw_guard(&r);
	for (int y = 0; y < r.h; y++)
		draw_one(pop.top + (size_t)y, r.y + y, &r, cols);
}
