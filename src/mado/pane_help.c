/*
 * The help of the pane that has the keys: what is bound there, read off the
 * key table and the command table. ? opens and closes it.
 */
#include "ui.h"

#include <mado/mem.h>
#include <mado/text.h>

#include <string.h>

#include "draw.h"
#include "i18n.h"
#include "say.h"

enum {
	HELP_MAX = 160,
	KEY_COLS = 18,
	NARROW_KEY_COLS = 11,
	COMMAND_COLS = 18,
	WIDE_COLS = 71
};

struct help {
	struct {
		char *keys;
		const char *command, *text;
	} v[HELP_MAX];
	size_t n;
};

/* Words of commands that have many keys, one for each argument. */
static const struct {
	const char *command, *text;
} words[] = {
    {"move down", N_("down")},
    {"move up", N_("up")},
    {"move page-down", N_("a page down")},
    {"move page-up", N_("a page up")},
    {"move half-down", N_("half a page down")},
    {"move half-up", N_("half a page up")},
    {"move top", N_("to the top")},
    {"move bottom", N_("to the bottom")},
    {"pane next", N_("the next pane")},
    {"pane prev", N_("the pane before")},
    {"pane list", N_("to the list")},
    {"pane contact", N_("to the contact")},
    {"toggle mode", N_("auto/manual")},
    {"toggle pin", N_("pin")},
    {"toggle follow-up", N_("follow-up")},
    {"toggle notify", N_("notifications on or off")},
    {"command", N_("type a command")},
    {"claim", N_("take the next that waits")},
    {"search", N_("search this pane, narrow the list")},
    {"command snooze", N_("put it off, until when is asked")},
};

static const char *
help_of_name(const char *name, size_t n)
{
	char copy[64];
	const struct cmd *c;

	if (n >= sizeof(copy))
		return "";
	memcpy(copy, name, n);
	copy[n] = '\0';
	c = cmd_find(copy);
	return c == NULL ? "" : _(c->help);
}

static const char *
help_of(const char *command)
{
	int v;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i].command, command) == 0)
			return _(words[i].text);
	}
	if (strncmp(command, "view ", 5) == 0 &&
	    (v = name_find(view_names, command + 5)) >= 0)
		return say_view((enum view)v, false);
	/* "command tag" is the ":" line with tag in it. */
	if (strncmp(command, "command ", 8) == 0)
		command += 8;
	return help_of_name(command, strcspn(command, " "));
}

/* One row a command, all its keys in it. */
static void
collect(const struct ui *u, struct help *h)
{
	for (size_t i = 0; i < u->keys.n; i++) {
		const struct binding *b = &u->keys.v[i];
		const char *now = NULL;
		struct buf keys = {0};
		size_t k = 0;

		if (keys_match(&u->keys, u->focus, b->seq, b->n, &now) !=
			KEYS_FOUND ||
		    now != b->command || h->n == HELP_MAX)
			continue;
		while (k < h->n && strcmp(h->v[k].command, b->command) != 0)
			k++;
		if (k < h->n)
			buf_printf(&keys, "%s ", h->v[k].keys);
		keys_name(&keys, b->seq, b->n);
		if (k == h->n) {
			h->v[k].command = b->command;
			h->v[k].text = help_of(b->command);
			h->n++;
		} else {
			x_free(h->v[k].keys);
		}
		h->v[k].keys = buf_take(&keys);
	}
}

static struct rect
place(const struct ui *u)
{
	int w = u->lay.cols < 114 ? u->lay.cols : 112;

	return (struct rect){1, (u->lay.cols - w) / 2, u->lay.rows - 2, w};
}

static void
draw_entry(const struct help *h, size_t i, int y, const struct rect *r)
{
	struct pen p = draw_at(y, r->x + 1, r->w - 2);
	int keys = r->w < WIDE_COLS ? NARROW_KEY_COLS : KEY_COLS;
	int x = r->x + 2 + keys + 1;

	draw_text(&p, UI_OVERLAY, " ");
	draw_cut(&p, UI_KEY, h->v[i].keys, keys);
	draw_to(&p, UI_OVERLAY, x);
	if (r->w >= WIDE_COLS) {
		draw_cut(&p, UI_DIM, h->v[i].command, COMMAND_COLS);
		draw_to(&p, UI_OVERLAY, x + COMMAND_COLS + 1);
	}
	draw_text(&p, UI_OVERLAY, h->v[i].text);
	draw_fill(&p, UI_OVERLAY);
}

void
help_draw(struct ui *u)
{
	struct rect r = place(u);
	struct help h = {.n = 0};
	size_t rows = r.h > 2 ? (size_t)r.h - 2 : 0;

	collect(u, &h);
	if (u->over_top + rows > h.n)
		u->over_top = h.n > rows ? h.n - rows : 0;
	draw_guard(&r);
	draw_box(&r, UI_BORDER_ON, UI_TITLE_ON,
	    r.w < WIDE_COLS ? _("Keys here")
			    : _("Keys here. ? closes, j k scroll, : and Ctrl-K "
				"find every command"));
	for (size_t i = 0; i < rows; i++) {
		if (u->over_top + i < h.n)
			draw_entry(&h, u->over_top + i, r.y + 1 + (int)i, &r);
		else
			draw_row(
			    r.y + 1 + (int)i, r.x + 1, r.w - 2, UI_OVERLAY, "");
	}
	for (size_t i = 0; i < h.n; i++)
		x_free(h.v[i].keys);
}

void
help_move(struct ui *u, enum move_to to)
{
	static const int by[] = {[MOVE_DOWN] = 1,
	    [MOVE_UP] = -1,
	    [MOVE_PAGE_DOWN] = 15,
	    [MOVE_PAGE_UP] = -15,
	    [MOVE_HALF_DOWN] = 8,
	    [MOVE_HALF_UP] = -8,
	    [MOVE_TOP] = -HELP_MAX,
	    [MOVE_BOTTOM] = HELP_MAX};
	long top = (long)u->over_top + by[to];

	u->over_top = top < 0 ? 0 : (size_t)top;
	ui_dirty(u, DIRTY_OVER);
}
