/*
 * What a search over everything has found: the desk's hits, newest first, as a
 * list over the panes; Enter goes to the message in its thread. More hits are
 * asked for as the cursor comes near the end. Owns the search under way.
 */
#include "ui.h"

#include <mado/mem.h>
#include <mado/text.h>
#include <mado/when.h>

#include <string.h>

#include "draw.h"
#include "i18n.h"
#include "say.h"

enum { FOUND_PAGE = 50, FOUND_MAX = 2000, LEAD_COLS = 12 };

struct hit {
	struct msg m;
	const char *name;
	bool *marked; /* a flag a byte of m.text */
};

struct found {
	struct arena *a;
	struct desk_req *req;
	char *words;
	const char *cursor; /* of the next page; NULL: there is none */
	char *error;
	struct hit **v;
	size_t n, cur, top;
	/* where Enter leads, while its conversation is fetched */
	int64_t going_to;
	char *going_id;
	bool back; /* one step back from there leads here */
};

void
found_free(struct ui *u)
{
	struct found *f = u->found;

	if (f == NULL)
		return;
	u->found = NULL;
	desk_cancel(f->req);
	arena_free(f->a);
	x_free(f->words);
	x_free(f->error);
	x_free(f->going_id);
	x_free(f->v);
	x_free(f);
}

/* [[offset,length],..] of the text; what does not lie in it is left out. */
static bool *
read_marks(const cJSON *matches, size_t n, struct arena *a)
{
	bool *marked = arena_calloc(a, n + 1, sizeof(*marked));
	const cJSON *m;

	cJSON_ArrayForEach(m, matches)
	{
		double from = cJSON_GetNumberValue(cJSON_GetArrayItem(m, 0));
		double len = cJSON_GetNumberValue(cJSON_GetArrayItem(m, 1));

		if (from >= 0 && len > 0 && from + len <= (double)n)
			memset(marked + (size_t)from, true, (size_t)len);
	}
	return marked;
}

static void
add_hit(struct found *f, const cJSON *o)
{
	struct hit *h = arena_new_of(f->a, struct hit);
	struct contact who = {0};

	if (f->n == FOUND_MAX ||
	    json_decode(&msg_json, json_obj(o, "message"), &h->m, f->a, NULL) ==
		-1 ||
	    json_decode(
		&contact_json, json_obj(o, "contact"), &who, f->a, NULL) == -1)
		return;
	h->name = who.name == NULL ? "" : who.name;
	h->marked = read_marks(json_arr(o, "matches"), strlen(h->m.text), f->a);
	f->v = x_realloc(f->v, f->n + 1, sizeof(struct hit *));
	f->v[f->n++] = h;
}

static void ask(struct ui *u);

static void
on_hits(const struct desk_answer *a, void *arg)
{
	struct ui *u = arg;
	struct found *f = u->found;
	const cJSON *o;

	f->req = NULL;
	ui_dirty(u, DIRTY_OVER);
	if (a->err.code != ERR_NONE) {
		f->error = x_strdup(a->err.msg);
		return;
	}
	cJSON_ArrayForEach(o, json_arr(a->json, "hits")) add_hit(f, o);
	f->cursor = f->n < FOUND_MAX ? arena_strdup(f->a, a->cursor) : NULL;
	/* A page may hold none and not be the last. */
	if (f->cursor != NULL && f->n < f->top + FOUND_PAGE)
		ask(u);
}

static void
ask(struct ui *u)
{
	struct found *f = u->found;
	struct desk_call c = {.op = DESK_SEARCH,
	    .query = f->words,
	    .limit = FOUND_PAGE,
	    .cursor = f->cursor};

	if (f->req == NULL)
		f->req = desk_start(u->desk, &c, on_hits, u);
}

void
found_open(struct ui *u, const char *words)
{
	found_free(u);
	u->found = x_new(struct found);
	u->found->a = arena_new();
	u->found->words = x_strdup(words);
	ui_over(u, OVER_FOUND);
	ui_dirty(u, DIRTY_OVER);
	ask(u);
}

const char *
found_words(const struct ui *u)
{
	return u->found == NULL ? "" : u->found->words;
}

/* going there */

static void
arrive(struct ui *u)
{
	struct found *f = u->found;

	ui_over(u, OVER_NONE);
	if (u->thread.number != f->going_to)
		ui_open(u, f->going_to);
	f->going_to = 0;
	ui_focus(u, PANE_HISTORY);
	seek_message(u, f->going_id);
	f->back = true;
}

bool
found_back(struct ui *u)
{
	if (u->found == NULL || !u->found->back)
		return false;
	u->found->back = false;
	ui_over(u, OVER_FOUND);
	return true;
}

void
found_leave(struct ui *u)
{
	if (u->found != NULL)
		u->found->back = false;
}

void
found_arrived(struct ui *u, int64_t number)
{
	struct arena *a;

	if (u->found == NULL || number == 0 || u->found->going_to != number ||
	    u->over != OVER_FOUND || u->line != LINE_CLOSED)
		return;
	a = arena_new();
	if (store_conv(u->store, number, a) != NULL)
		arrive(u);
	arena_free(a);
}

static void
go(struct ui *u)
{
	struct found *f = u->found;
	const struct hit *h;

	if (f->cur >= f->n)
		return;
	h = f->v[f->cur];
	if (h->m.conversation == 0) {
		ui_say(u, _("This message is in no conversation."));
		return;
	}
	x_free(f->going_id);
	f->going_id = x_strdup(h->m.id);
	f->going_to = h->m.conversation;
	found_arrived(u, f->going_to);
	if (f->going_to != 0) {
		ui_say(u, _("Fetching #%lld"), (long long)f->going_to);
		sync_fetch(u->sync, f->going_to);
	}
}

/* keys */

/* Of a hit: in one pane the text has a row of its own. */
static int
hit_rows(const struct ui *u)
{
	return u->lay.panes == 1 ? 2 : 1;
}

static size_t
page_rows(const struct ui *u)
{
	return u->lay.rows > 6 ? (size_t)((u->lay.rows - 4) / hit_rows(u)) : 1;
}

static void
step(struct ui *u, long by)
{
	struct found *f = u->found;
	size_t page = page_rows(u);
	long to = (long)f->cur + by;

	if (f->n == 0)
		return;
	f->cur = to < 0 ? 0 : (size_t)to >= f->n ? f->n - 1 : (size_t)to;
	if (f->cur < f->top)
		f->top = f->cur;
	if (f->cur >= f->top + page)
		f->top = f->cur - page + 1;
	if (f->cursor != NULL && f->cur + page >= f->n)
		ask(u);
	ui_dirty(u, DIRTY_OVER);
}

static const struct {
	int32_t key;
	int rows, pages;
} moves[] = {{'j', 1, 0}, {K_DOWN, 1, 0}, {'N' & 0x1f, 1, 0}, {'k', -1, 0},
    {K_UP, -1, 0}, {'P' & 0x1f, -1, 0}, {K_PGDN, 0, 1}, {'D' & 0x1f, 0, 1},
    {' ', 0, 1}, {K_PGUP, 0, -1}, {'U' & 0x1f, 0, -1}, {'g', -FOUND_MAX, 0},
    {K_HOME, -FOUND_MAX, 0}, {'G', FOUND_MAX, 0}, {K_END, FOUND_MAX, 0}};

bool
found_key(struct ui *u, int32_t key)
{
	if (u->line != LINE_CLOSED)
		return false;   /* new words are being typed */
	u->found->going_to = 0; /* whoever presses a key has not waited */
	if (keys_fold(key) > 0)
		key = keys_fold(key);
	for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
		if (moves[i].key != key)
			continue;
		step(u, moves[i].rows + moves[i].pages * (long)page_rows(u));
		return true;
	}
	if (key == K_ENTER || key == 'l' || key == K_RIGHT) {
		go(u);
		return true;
	}
	if (key == '/') {
		ui_run(u, "search-all");
		return true;
	}
	ui_over(u, OVER_NONE);
	return key == K_ESC || key == 'q' || key == 'h' || key == K_LEFT ||
	    key == ('G' & 0x1f);
}

/* drawing */

/* Where to begin so that the first mark is seen. */
static size_t
text_start(const struct hit *h, int cols)
{
	const char *s = h->m.text, *end = s + strlen(s), *p = s, *from = s;
	struct text_cluster c;
	int w = 0, lead = cols / 3 < LEAD_COLS ? cols / 3 : LEAD_COLS;
	size_t first = 0;

	while (h->m.text[first] != '\0' && !h->marked[first])
		first++;
	if (text_width(s, first) <= cols / 2)
		return 0;
	while (p < s + first && p < end) {
		p = text_next(p, end, &c);
		w += c.width_cols;
		while (w > lead && from < p) {
			from = text_next(from, end, &c);
			w -= c.width_cols;
		}
	}
	return (size_t)(from - s);
}

static void
draw_said(struct pen *p, const struct hit *h, enum ui_role plain)
{
	size_t i = text_start(h, draw_left(p)), from, n = strlen(h->m.text);

	if (i > 0)
		draw_text(p, plain, "~");
	for (; i < n; i += from) {
		for (from = 1;
		     i + from < n && h->marked[i + from] == h->marked[i];
		     from++)
			;
		draw_bytes(
		    p, h->marked[i] ? UI_MATCH : plain, h->m.text + i, from);
	}
}

static void
draw_hit(const struct ui *u, size_t i, int y, const struct rect *r)
{
	/* columns of the date, the number and the name */
	static const int wide[] = {11, 7, 15}, narrow[] = {6, 6, 22};
	const int *cols = hit_rows(u) == 1 ? wide : narrow;
	const struct hit *h = u->found->v[i];
	bool on = i == u->found->cur;
	enum ui_role plain = on ? UI_CURSOR : UI_OVERLAY;
	struct pen p = draw_at(y, r->x + 1, r->w - 2);
	struct buf b = {0};
	int x = r->x + 3;

	draw_text(&p, on ? UI_CURSOR : UI_KEY, on ? "> " : "  ");
	say_date(&b, h->m.at_ms, when_now_ms());
	draw_cut(&p, on ? UI_CURSOR : UI_DIM, buf_str(&b), cols[0] - 1);
	buf_reset(&b);
	draw_to(&p, plain, x += cols[0]);
	if (h->m.conversation != 0)
		buf_printf(&b, "#%lld", (long long)h->m.conversation);
	draw_text(&p, on ? UI_CURSOR : UI_DIM, buf_str(&b));
	draw_to(&p, plain, x += cols[1]);
	draw_cut(&p, on ? UI_CURSOR : UI_NAME, h->name, cols[2] - 1);
	draw_to(&p, plain, x + cols[2]);
	if (hit_rows(u) > 1) {
		draw_fill(&p, plain);
		p = draw_at(y + 1, r->x + 1, r->w - 2);
		draw_text(&p, plain, "  ");
	}
	if (h->m.from != FROM_CUSTOMER)
		draw_text(&p, plain, "< ");
	draw_said(&p, h, plain);
	draw_fill(&p, plain);
	buf_free(&b);
}

static void
title(const struct found *f, struct buf *b)
{
	buf_printf(b, "%s: %s", _("Everything that was said"), f->words);
	if (f->n > 0)
		buf_printf(b, "  %zu%s", f->n, f->cursor != NULL ? "+" : "");
}

static const char *
empty(const struct found *f)
{
	if (f->error != NULL)
		return f->error;
	return f->req != NULL ? _("Looking.")
			      : _("Nothing was ever said with these words.");
}

void
found_draw(struct ui *u)
{
	struct rect r = {1, 0, u->lay.rows - 2, u->lay.cols};
	struct found *f = u->found;
	struct buf b = {0};

	title(f, &b);
	draw_guard(&r);
	draw_box(&r, UI_BORDER_ON, UI_TITLE_ON, buf_str(&b));
	for (int y = 0; y < r.h - 2; y++)
		draw_row(r.y + 1 + y, r.x + 1, r.w - 2, UI_OVERLAY,
		    y == 0 && f->n == 0 ? empty(f) : "");
	for (size_t i = f->top; i < f->n && i < f->top + page_rows(u); i++)
		draw_hit(u, i, r.y + 1 + (int)(i - f->top) * hit_rows(u), &r);
	buf_free(&b);
}

void
found_caret(const struct ui *u, int *y, int *x)
{
	*y = 2 + (int)(u->found->cur - u->found->top) * hit_rows(u);
	*x = 1;
}
