/*
 * A verb on several conversations: what it is about to change is shown first,
 * then what became of each. The whole is one act for U. Called by ui_act.c.
 */
#include "ui.h"

#include <mado/mem.h>
#include <mado/when.h>

#include <string.h>

#include "draw.h"
#include "i18n.h"
#include "say.h"

enum state { PLANNED, SAME, WAITS, DONE, REFUSED };

struct item {
	int64_t number, row;
	enum state state;
	char *name;
	char *text; /* how it stands; then why it was refused */
};

struct bulk {
	char *verb;
	cJSON *args;
	struct item *v;
	size_t n, top;
	bool begun;
};

enum { NUMBER_COLS = 8, NAME_COLS = 18 };

void
bulk_free(struct ui *u)
{
	struct bulk *k = u->bulk;

	if (k == NULL)
		return;
	u->bulk = NULL;
	for (size_t i = 0; i < k->n; i++) {
		x_free(k->v[i].name);
		x_free(k->v[i].text);
	}
	cJSON_Delete(k->args);
	x_free(k->verb);
	x_free(k->v);
	x_free(k);
}

static void
close_it(struct ui *u)
{
	ui_over(u, OVER_NONE);
	bulk_free(u);
}

/* "open manual kato #返品" */
static char *
stands(const struct conv *c)
{
	struct buf b = {0};

	buf_printf(&b, "%s  %s", say_status(c->status), say_mode(c->mode));
	if (c->assignee != NULL)
		buf_printf(&b, "  %s", c->assignee);
	for (size_t i = 0; i < c->tags.n; i++)
		buf_printf(&b, " #%s", c->tags.v[i]);
	return buf_take(&b);
}

static void
item_fill(struct ui *u, struct bulk *k, struct item *it, int64_t number)
{
	struct arena *a = arena_new();
	struct conv *c = store_conv(u->store, number, a);
	struct buf inverse = {0};

	it->number = number;
	if (c != NULL) {
		it->name = x_strdup(ui_name_of(c));
		it->text = stands(c);
		undo_say(&inverse, k->verb, c, k->args);
		if (inverse.n == 0 && strcmp(k->verb, "csat") != 0)
			it->state = SAME;
	}
	buf_free(&inverse);
	arena_free(a);
}

void
bulk_open(struct ui *u, const char *verb, const cJSON *args,
    const int64_t *numbers, size_t n)
{
	struct bulk *k = x_new(struct bulk);

	bulk_free(u);
	k->verb = x_strdup(verb);
	k->args = args == NULL ? NULL : cJSON_Duplicate(args, true);
	k->v = x_calloc(n, sizeof(*k->v));
	k->n = n;
	for (size_t i = 0; i < n; i++)
		item_fill(u, k, &k->v[i], numbers[i]);
	u->bulk = k;
	ui_over(u, OVER_BULK);
	ui_dirty(u, DIRTY_OVER);
}

static size_t
count(const struct bulk *k, enum state s)
{
	size_t n = 0;

	for (size_t i = 0; i < k->n; i++)
		n += k->v[i].state == s;
	return n;
}

/* doing it */

static void
begin(struct ui *u)
{
	struct bulk *k = u->bulk;
	struct buf inverse = {0};
	struct ui_doing d = {k->verb, k->args, &inverse};
	int64_t *done = x_calloc(k->n, sizeof(*done));
	size_t n = 0;

	k->begun = true;
	for (size_t i = 0; i < k->n; i++) {
		struct item *it = &k->v[i];
		struct err e = {0};

		if (it->state == SAME)
			continue;
		if (ui_act_one(u, &d, it->number, &it->row, &e) == 0) {
			it->state = WAITS;
			done[n++] = it->number;
			continue;
		}
		it->state = REFUSED;
		x_free(it->text);
		it->text = x_strdup(e.msg);
	}
	if (n > 0)
		ui_act_done(u, &d, done, n);
	else
		ui_say(u, _("Nothing changes."));
	/* What waits for its seconds or for the desk is told elsewhere. */
	if (count(k, REFUSED) == 0 &&
	    (n == 0 || strcmp(k->verb, "csat") == 0 ||
		sync_link(u->sync) != SYNC_LIVE))
		close_it(u);
	ui_dirty(u, DIRTY_OVER);
	x_free(done);
	buf_free(&inverse);
}

/* What became of an item, as the outbox has it. */
static void
item_look(struct ui *u, struct item *it)
{
	struct arena *a = arena_new();
	struct store_act *act = store_outbox_row(u->store, it->row, a);

	if (act == NULL)
		it->state = DONE;
	else if (act->error != NULL) {
		it->state = REFUSED;
		x_free(it->text);
		it->text = x_strdup(act->error);
	}
	arena_free(a);
}

void
bulk_look(struct ui *u)
{
	struct bulk *k = u->bulk;

	if (k == NULL || !k->begun || count(k, WAITS) == 0)
		return;
	for (size_t i = 0; i < k->n; i++)
		if (k->v[i].state == WAITS)
			item_look(u, &k->v[i]);
	/* All went well: there is nothing to read. */
	if (count(k, WAITS) + count(k, REFUSED) == 0)
		close_it(u);
	ui_dirty(u, DIRTY_OVER);
}

bool
bulk_holds(const struct ui *u, int64_t row)
{
	const struct bulk *k = u->bulk;

	for (size_t i = 0; k != NULL && i < k->n; i++)
		if (k->v[i].row == row)
			return true;
	return false;
}

/* keys */

static struct rect
place(const struct ui *u)
{
	int w = u->lay.cols < 84 ? u->lay.cols : 80;
	int most = u->lay.rows - 3, h = (int)u->bulk->n + 2;

	if (h > most)
		h = most;
	return (struct rect){1, (u->lay.cols - w) / 2, h, w};
}

static void
scroll(struct ui *u, int by)
{
	struct bulk *k = u->bulk;
	size_t rows = (size_t)(place(u).h - 2);

	if (by < 0)
		k->top -= k->top < (size_t)-by ? k->top : (size_t)-by;
	else if (k->top + rows < k->n)
		k->top += (size_t)by;
	ui_dirty(u, DIRTY_OVER);
}

/* Any other key goes on with the work, and does what it does there. */
bool
bulk_key(struct ui *u, int32_t key)
{
	int page = place(u).h - 2;

	if (keys_fold(key) > 0)
		key = keys_fold(key);
	if (key == 'j' || key == K_DOWN)
		scroll(u, 1);
	else if (key == 'k' || key == K_UP)
		scroll(u, -1);
	else if (key == ' ' || key == K_PGDN)
		scroll(u, page);
	else if (key == K_PGUP)
		scroll(u, -page);
	else if (!u->bulk->begun && (key == K_ENTER || key == 'y'))
		begin(u);
	else {
		close_it(u);
		return key == 'q' || key == K_ESC || key == K_ENTER;
	}
	return true;
}

/* drawing */

static enum ui_role
say_state(struct buf *b, const struct item *it)
{
	bool ascii = draw_is_ascii();

	switch (it->state) {
	case WAITS:
		buf_puts(b, "~ ");
		return UI_WAIT;
	case DONE:
		buf_puts(b, ascii ? "v " : "✓ ");
		return UI_OK;
	case REFUSED:
		buf_puts(b, ascii ? "x " : "✗ ");
		return UI_BAD;
	default:
		buf_puts(b, "  ");
		return UI_OVERLAY;
	}
}

static void
draw_item(const struct item *it, int y, const struct rect *r)
{
	struct pen p = draw_at(y, r->x + 1, r->w - 2);
	struct buf b = {0};
	enum ui_role role = say_state(&b, it);
	int x = r->x + 3;

	draw_text(&p, role, buf_str(&b));
	buf_reset(&b);
	buf_printf(&b, "#%lld", (long long)it->number);
	draw_text(&p, UI_DIM, buf_str(&b));
	draw_to(&p, UI_OVERLAY, x += NUMBER_COLS);
	draw_cut(&p, UI_NAME, it->name == NULL ? "" : it->name, NAME_COLS);
	draw_to(&p, UI_OVERLAY, x + NAME_COLS + 1);
	if (it->state == SAME)
		draw_text(&p, UI_DIM, _("stays as it is"));
	else
		draw_text(&p, it->state == REFUSED ? UI_BAD : UI_OVERLAY,
		    it->text == NULL ? "" : it->text);
	draw_fill(&p, UI_OVERLAY);
	buf_free(&b);
}

/* "+返品 -急ぎ", "kato", "11/21 09:00" */
static void
say_args(struct buf *b, const cJSON *args)
{
	const char *agent = json_str(args, "agent", NULL);
	const char *until = json_str(args, "until", NULL);
	const cJSON *tag;
	int64_t at;

	cJSON_ArrayForEach(tag, json_arr(args, "add"))
	    buf_printf(b, " +%s", tag->valuestring);
	cJSON_ArrayForEach(tag, json_arr(args, "remove"))
	    buf_printf(b, " -%s", tag->valuestring);
	if (agent != NULL)
		buf_printf(b, " %s", agent);
	if (until != NULL && when_parse_rfc3339(until, &at, NULL) == 0) {
		buf_putc(b, ' ');
		say_date(b, at, when_now_ms());
		buf_putc(b, ' ');
		say_clock(b, at);
	}
}

static const char *
verb_word(const char *verb)
{
	static const char *const words[] = {N_("take"), N_("auto"),
	    N_("assign"), N_("tag"), N_("pin"), N_("unpin"), N_("follow-up"),
	    N_("snooze"), N_("resolve"), N_("reopen"), N_("csat"), NULL};
	int i = name_find(words, verb);

	return i < 0 ? verb : _(words[i]);
}

static void
title(const struct bulk *k, struct buf *b)
{
	buf_puts(b, verb_word(k->verb));
	say_args(b, k->args);
	buf_puts(b, ": ");
	if (!k->begun)
		buf_printf(b,
		    _("%zu conversations. Enter does it, q leaves them"),
		    k->n - count(k, SAME));
	else
		buf_printf(b, _("%zu done, %zu refused"), count(k, DONE),
		    count(k, REFUSED));
}

void
bulk_draw(struct ui *u)
{
	struct rect r = place(u);
	struct bulk *k = u->bulk;
	struct buf b = {0};

	title(k, &b);
	draw_guard(&r);
	draw_box(&r, UI_BORDER_ON, UI_TITLE_ON, buf_str(&b));
	for (int i = 0; i < r.h - 2; i++) {
		if (k->top + (size_t)i < k->n)
			draw_item(&k->v[k->top + (size_t)i], r.y + 1 + i, &r);
		else
			draw_row(r.y + 1 + i, r.x + 1, r.w - 2, UI_OVERLAY, "");
	}
	buf_free(&b);
}

void
bulk_caret(const struct ui *u, int *y, int *x)
{
	struct rect r = place(u);

	*y = r.y + 1;
	*x = r.x + 1;
}
