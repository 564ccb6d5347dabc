/*
 * The palette: everything that has a name, found by a few letters of it.
 * Each item is a command string; Enter runs it. The canned picker and the
 * list of agents are the same with one kind of item only.
 */
#include "ui.h"

#include <mado/mem.h>
#include <mado/text.h>

#include <stdlib.h>
#include <string.h>

#include "canned.h"
#include "draw.h"
#include "fuzzy.h"
#include "i18n.h"
#include "say.h"
#include "sticker.h"
#include "tags.h"
#include "theme.h"

enum { ITEMS_MAX = 2000, CONVS_MAX = 30, NAME_BONUS = 50 };

struct item {
	const char *kind; /* "canned", "view" */
	const char *text;
	const char *detail;
	const char *command;
	const char *name, *folded; /* folded: the text, and all of it */
	int score;
	size_t order;
};

static void add_canned(struct ui *u), add_stickers(struct ui *u),
    add_agents(struct ui *u);

/* Palettes of one kind of item. */
static const struct only {
	const char *name, *title;
	void (*add)(struct ui *u);
} onlys[] = {
    {"canned", N_("Canned replies"), add_canned},
    {"stickers", N_("Stickers"), add_stickers},
    {"agents", N_("Colleagues"), add_agents},
};

enum { ONLYS = sizeof(onlys) / sizeof(onlys[0]) };

static struct palette {
	struct arena *a, *found_a; /* items; conversations of this filter */
	struct item all[ITEMS_MAX];
	size_t n_all;
	struct item *shown[ITEMS_MAX + CONVS_MAX];
	struct item convs[CONVS_MAX];
	size_t n_shown, cur, top;
	const struct only *only; /* one kind; NULL: all */
} pal;

static void
add(const char *kind, const char *text, const char *detail, char *command)
{
	struct item *it;

	if (pal.n_all == ITEMS_MAX)
		return;
	it = &pal.all[pal.n_all];
	it->kind = kind;
	it->text = text;
	it->detail = detail == NULL ? "" : detail;
	it->command = command;
	it->name = text_folded(text, pal.a);
	it->folded = text_folded(
	    arena_sprintf(pal.a, "%s %s %s", text, kind, it->detail), pal.a);
	it->order = pal.n_all++;
}

/* As one word of a command, whatever is in it. */
static const char *
quoted(const char *s)
{
	struct buf b = {0};
	const char *out;

	words_quote(&b, s);
	out = arena_strdup(pal.a, buf_str(&b));
	buf_free(&b);
	return out;
}

static void
add_commands(void)
{
	for (const struct cmd *c = cmds; c->name != NULL; c++) {
		bool asks = (c->flags & CMD_WORDS) != 0;

		if (!(c->flags & CMD_UI) || c->ui == NULL)
			continue;
		add(_("command"), c->name, _(c->help),
		    arena_sprintf(pal.a, asks ? "command %s" : "%s", c->name));
	}
}

static void
add_views(struct ui *u)
{
	for (int v = 0; v < VIEW_N; v++)
		add(_("view"), say_view((enum view)v, false), view_names[v],
		    arena_sprintf(pal.a, "view %s", view_names[v]));
	for (size_t i = 0; i < u->set->views.n; i++) {
		const struct saved_view *v = &u->set->views.v[i];

		add(_("view"), v->name, v->query,
		    arena_sprintf(pal.a, "view %s", quoted(v->name)));
	}
}

static void
add_theme(const char *name, enum theme_ground ground, void *arg)
{
	const struct conf_key *k = arg;

	(void)ground;
	add(_("setting"), arena_sprintf(pal.a, "theme = %s", name), _(k->help),
	    arena_sprintf(pal.a, "theme %s", quoted(name)));
}

/* Each value of a setting that has few, else the line to type it in. */
static void
add_setting(struct ui *u, const struct conf_key *k)
{
	static const char *const on_off[] = {"on", "off", NULL};
	const char *const *values = k->type == CONF_BOOL ? on_off : k->names;

	if (strcmp(k->key, "theme") == 0) {
		theme_each(u->set->config_dir, add_theme, (void *)k);
		return;
	}
	if (k->type != CONF_BOOL && k->type != CONF_ENUM)
		add(_("setting"), k->key, _(k->help),
		    arena_sprintf(pal.a, "command set %s", k->key));
	for (; values != NULL && *values != NULL; values++)
		add(_("setting"),
		    arena_sprintf(pal.a, "%s = %s", k->key, *values),
		    _(k->help),
		    arena_sprintf(pal.a, "set %s %s", k->key, *values));
}

static void
add_settings(struct ui *u)
{
	for (const struct conf_key *k = settings_keys; k->key != NULL; k++)
		add_setting(u, k);
}

static bool
has_item(const char *command)
{
	for (size_t i = 0; i < pal.n_all; i++)
		if (strcmp(pal.all[i].command, command) == 0)
			return true;
	return false;
}

static void
add_tag(const char *tag)
{
	char *command = arena_sprintf(pal.a, "tag +%s", quoted(tag));

	if (!has_item(command))
		add(_("tag"), arena_sprintf(pal.a, "+%s", tag), "", command);
}

/* Tags in use: to be put on what is open or under the cursor. */
static void
add_tags(struct ui *u)
{
	const char **known;
	size_t n = tags_known(u->store, pal.a, &known);

	for (size_t i = 0; i < n; i++)
		add_tag(known[i]);
	for (size_t i = 0; i < u->rows.n; i++) {
		const struct conv *c = u->rows.v[i].c;

		for (size_t k = 0; c != NULL && k < c->tags.n; k++)
			add_tag(c->tags.v[k]);
	}
}

/* A list that sync keeps in the store as the desk sent it. */
static cJSON *
stored_list(struct ui *u, const char *name)
{
	char *json = store_get(u->store, name, pal.a);

	return json == NULL ? NULL : json_parse(json, strlen(json), NULL);
}

/* As the customer would read it. */
static const char *
preview(struct ui *u, const struct canned *c, const char *agent)
{
	const char *out = c->text;
	char *s;

	if (u->conv == NULL)
		return out;
	s = canned_preview(c->text, u->conv, agent);
	out = arena_strdup(pal.a, s);
	x_free(s);
	return out;
}

static void
add_canned(struct ui *u)
{
	struct canned *rows;
	size_t n = canned_list(u->store, pal.a, &rows);
	const char *agent = canned_agent(u->store, u->me, pal.a);

	for (size_t i = 0; i < n; i++) {
		const struct canned *c = &rows[i];
		size_t at = pal.n_all;

		if (i > 0 && strcmp(c->name, rows[i - 1].name) == 0)
			continue; /* one's own stands before it */
		add(c->personal ? _("own reply") : _("canned"), c->name,
		    preview(u, c, agent),
		    arena_sprintf(pal.a, "canned %s", quoted(c->name)));
		if (pal.n_all > at)
			pal.all[at].folded = canned_folded(c, pal.a);
	}
}

static void
add_stickers(struct ui *u)
{
	struct sticker *rows;
	struct err e = {0};
	size_t n = sticker_list(u->set->config_dir, pal.a, &rows, &e);

	for (size_t i = 0; i < n; i++)
		add(_("sticker"), sticker_word(&rows[i], pal.a), rows[i].words,
		    arena_sprintf(pal.a, "sticker %s", rows[i].id));
	if (e.code != ERR_NONE)
		ui_say_err(u, &e);
}

static void
add_agents(struct ui *u)
{
	cJSON *o = stored_list(u, "agents");
	const cJSON *c;

	cJSON_ArrayForEach(c, json_arr(o, "agents"))
	{
		char *name = arena_strdup(pal.a, json_str(c, "name", ""));

		add(_("assign to"), name,
		    arena_strdup(pal.a, json_str(c, "display", "")),
		    arena_sprintf(pal.a, "assign %s", name));
	}
	cJSON_Delete(o);
}

void
palette_open(struct ui *u, const char *only)
{
	if (pal.a == NULL) {
		pal.a = arena_new();
		pal.found_a = arena_new();
	}
	arena_reset(pal.a);
	pal.n_all = pal.cur = pal.top = 0;
	pal.only = NULL;
	for (size_t i = 0; only != NULL && i < ONLYS; i++)
		if (strcmp(onlys[i].name, only) == 0)
			pal.only = &onlys[i];
	if (pal.only != NULL) {
		pal.only->add(u);
	} else {
		add_canned(u);
		add_commands();
		add_views(u);
		add_tags(u);
		add_settings(u);
		add_stickers(u);
		add_agents(u);
	}
	ui_over(u, OVER_PALETTE);
	line_open(u, LINE_PALETTE, "");
	palette_filter(u);
}

void
palette_close(struct ui *u)
{
	if (u->over != OVER_PALETTE)
		return;
	ui_over(u, OVER_NONE);
	line_close(u);
}

void
palette_free(void)
{
	if (pal.a == NULL)
		return;
	arena_free(pal.a);
	arena_free(pal.found_a);
	pal.a = pal.found_a = NULL;
}

static int
by_score(const void *a, const void *b)
{
	const struct item *x = *(struct item *const *)a;
	const struct item *y = *(struct item *const *)b;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

/* Conversations come from the store's own search: by their names among the
 * rest, by what was said behind it. */
static void
add_convs(struct ui *u, const char *words)
{
	struct store_list q = {
	    .view = VIEW_ALL, .match = words, .limit = CONVS_MAX};
	struct conv **found = NULL;
	size_t n;

	arena_reset(pal.found_a);
	if (pal.only != NULL || *words == '\0')
		return;
	n = store_list(u->store, &q, pal.found_a, &found);
	for (size_t i = 0; i < n; i++) {
		struct item *it = &pal.convs[i];

		it->kind = arena_sprintf(
		    pal.found_a, "#%lld", (long long)found[i]->number);
		it->text = ui_name_of(found[i]);
		it->detail = found[i]->last_message == NULL
		    ? ""
		    : found[i]->last_message->text;
		it->command = arena_sprintf(
		    pal.found_a, "open %lld", (long long)found[i]->number);
		it->score =
		    fuzzy_score(text_folded(it->text, pal.found_a), words);
		it->order = ITEMS_MAX + i;
		pal.shown[pal.n_shown++] = it;
	}
}

/* A few letters of its name, or whole words of what is said of it. */
static int
score(const struct item *it, const char *words)
{
	int name = fuzzy_score(it->name, words);
	int all = fuzzy_score(it->folded, words);

	if (name >= 0)
		return name + NAME_BONUS;
	return all >= FUZZY_WHOLE ? all : -1;
}

void
palette_filter(struct ui *u)
{
	struct buf words = {0};

	text_fold(&words, line_text());
	pal.n_shown = pal.cur = pal.top = 0;
	for (size_t i = 0; i < pal.n_all; i++) {
		struct item *it = &pal.all[i];

		it->score = score(it, buf_str(&words));
		if (it->score >= 0)
			pal.shown[pal.n_shown++] = it;
	}
	add_convs(u, buf_str(&words));
	qsort(pal.shown, pal.n_shown, sizeof(pal.shown[0]), by_score);
	buf_free(&words);
	ui_dirty(u, DIRTY_OVER);
}

void
palette_choose(struct ui *u)
{
	char *command = pal.cur < pal.n_shown
	    ? x_strdup(pal.shown[pal.cur]->command)
	    : NULL;

	palette_close(u);
	if (command != NULL)
		ui_run(u, command);
	x_free(command);
}

static void
step(struct ui *u, long by)
{
	long to = (long)pal.cur + by;

	if (pal.n_shown == 0)
		return;
	if (to < 0)
		to = 0;
	if (to >= (long)pal.n_shown)
		to = (long)pal.n_shown - 1;
	pal.cur = (size_t)to;
	ui_dirty(u, DIRTY_OVER);
}

bool
palette_key(struct ui *u, int32_t key)
{
	switch (key) {
	case K_ENTER:
		palette_choose(u);
		return true;
	case K_ESC:
	case 'G' & 0x1f:
	case 'C' & 0x1f:
		palette_close(u);
		return true;
	case K_DOWN:
	case 'N' & 0x1f:
	case K_TAB:
		step(u, 1);
		return true;
	case K_UP:
	case 'P' & 0x1f:
	case K_TAB | K_SHIFT:
		step(u, -1);
		return true;
	case K_PGDN:
		step(u, 10);
		return true;
	case K_PGUP:
		step(u, -10);
		return true;
	default:
		return false;
	}
}

static struct rect
place(const struct ui *u)
{
	int w = u->lay.cols < 84 ? u->lay.cols : 80;
	int h = u->lay.rows < 26 ? u->lay.rows - 2 : 22;

	return (struct rect){1, (u->lay.cols - w) / 2, h, w};
}

static void
draw_item(const struct item *it, int y, int x, int w, bool on)
{
	struct pen p = draw_at(y, x, w);
	int name = w > 60 ? 26 : pal.only != NULL ? w / 3 : w / 2;

	draw_text(&p, on ? UI_CURSOR : UI_KEY, on ? "> " : "  ");
	if (pal.only == NULL || w > 60)
		draw_right(&p, on ? UI_CURSOR : UI_DIM, it->kind, name);
	draw_cut(&p, on ? UI_CURSOR : UI_NAME, it->text, name);
	draw_to(&p, on ? UI_CURSOR : UI_OVERLAY, x + 2 + name + 1);
	draw_cut(&p, on ? UI_CURSOR : UI_DIM, it->detail, draw_left(&p) - 1);
	draw_fill(&p, on ? UI_CURSOR : UI_OVERLAY);
}

struct rect
palette_line(const struct ui *u)
{
	struct rect r = place(u);

	return (struct rect){r.y + 1, r.x + 1, 1, r.w - 2};
}

void
palette_draw(struct ui *u)
{
	struct rect r = place(u);
	size_t rows = r.h > 4 ? (size_t)r.h - 3 : 1;

	if (pal.cur < pal.top)
		pal.top = pal.cur;
	if (pal.cur >= pal.top + rows)
		pal.top = pal.cur - rows + 1;
	draw_guard(&r);
	draw_box(&r, UI_BORDER_ON, UI_TITLE_ON,
	    pal.only != NULL ? _(pal.only->title) : _("Everything"));
	for (size_t i = 0; i < rows; i++) {
		int y = r.y + 2 + (int)i;

		if (pal.top + i < pal.n_shown)
			draw_item(pal.shown[pal.top + i], y, r.x + 1, r.w - 2,
			    pal.top + i == pal.cur);
		else
			draw_row(y, r.x + 1, r.w - 2, UI_OVERLAY,
			    i == 0 && pal.n_shown == 0
				? _("  nothing is called that")
				: "");
	}
	line_draw_row(u);
}
