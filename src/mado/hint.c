/*
 * The last row: what can be done here, by priority, cut from its end; what was
 * done, what went wrong, a question (in rows above it when it is too long); the
 * keys that may follow those pressed.
 * Keys are looked up in the key table, so that rebound ones are told.
 */
#include "ui.h"

#include <mado/mem.h>
#include <mado/text.h>

#include <string.h>

#include "draw.h"
#include "i18n.h"

enum { STRIP_MAX = 4 };

struct hint {
	const char *command; /* or, where keys are not the table's, the key */
	const char *label;
};

/* Which keys are shown: those bound to the commands, or as they stand. */
struct hints {
	const struct hint *v;
	bool bound;
};

static const struct hint list_hints[] = {
    {"open sheet", N_("read")},
    {"claim", N_("claim next")},
    {"reply", N_("reply")},
    {"toggle mode", N_("auto/manual")},
    {"resolve", N_("resolve")},
    {"select", N_("select")},
    {"command tag", N_("tags")},
    {"toggle follow-up", N_("follow-up")},
    {"command assign", N_("assign")},
    {"search", N_("search")},
    {"palette", N_("all")},
    {NULL, NULL},
};
static const struct hint conv_hints[] = {
    {"reply", N_("reply")},
    {"canned", N_("canned")},
    {"toggle mode", N_("auto/manual")},
    {"resolve", N_("resolve")},
    {"claim", N_("claim next")},
    {"command tag", N_("tags")},
    {"toggle pin", N_("pin")},
    {"toggle follow-up", N_("follow-up")},
    {"note", N_("note")},
    {"command assign", N_("assign")},
    {"command snooze", N_("snooze")},
    {"csat", N_("survey")},
    {"palette", N_("all")},
    {NULL, NULL},
};
/* Several are selected: what acts on all of them. */
static const struct hint selected_hints[] = {
    {"resolve", N_("resolve")},
    {"command tag", N_("tags")},
    {"command assign", N_("assign")},
    {"toggle follow-up", N_("follow-up")},
    {"toggle mode", N_("auto/manual")},
    {"command snooze", N_("snooze")},
    {"select", N_("select")},
    {"back", N_("none")},
    {NULL, NULL},
};
static const struct hint contact_hints[] = {
    {"pane list", N_("back")},
    {"reply", N_("reply")},
    {"command tag +@", N_("contact's tags")},
    {"note", N_("note")},
    {"copy", N_("copy")},
    {"palette", N_("all")},
    {NULL, NULL},
};
/* In the line the keys are readline's, in overlays their own. */
static const struct hint line_hints[] = {
    {"Enter", N_("send")},
    {"Ctrl-G", N_("leave")},
    {"Ctrl-J", N_("new line")},
    {"Ctrl-O", N_("then a verb")},
    {"Tab", N_("/canned")},
    {"Ctrl-X Ctrl-E", N_("editor")},
    {NULL, NULL},
};
static const struct hint note_hints[] = {
    {"Enter", N_("keep it")},
    {"Ctrl-G", N_("leave")},
    {"Ctrl-J", N_("new line")},
    {"Tab", N_("@colleague")},
    {"Ctrl-X Ctrl-E", N_("editor")},
    {NULL, NULL},
};
static const struct hint palette_hints[] = {
    {"Enter", N_("do it")},
    {"Up Down", N_("choose")},
    {"Esc", N_("close")},
    {NULL, NULL},
};
static const struct hint help_hints[] = {
    {"j k", N_("scroll")},
    {"? q", N_("close")},
    {":", N_("type a command")},
    {NULL, NULL},
};
static const struct hint sheet_hints[] = {
    {"1..9", N_("do it")},
    {"0", N_("more")},
    {"q", N_("close")},
    {NULL, NULL},
};

static const struct hint found_hints[] = {
    {"Enter", N_("go there")},
    {"j k", N_("choose")},
    {"/", N_("other words")},
    {"q", N_("close")},
    {NULL, NULL},
};
static const struct hint bulk_hints[] = {
    {"Enter", N_("do it")},
    {"j k", N_("scroll")},
    {"q", N_("close")},
    {NULL, NULL},
};
/* As much of its end as why_keys() says. */
static const struct hint why_hints[] = {
    {"1 2 3", N_("that FAQ answers it")},
    {"x", N_("it was wrong")},
    {"w", N_("close")},
    {NULL, NULL},
};
static const struct hint *const over_hints[] = {[OVER_HELP] = help_hints,
    [OVER_PALETTE] = palette_hints,
    [OVER_SHEET] = sheet_hints,
    [OVER_FOUND] = found_hints,
    [OVER_BULK] = bulk_hints};

static const struct hint *
hints_over(enum over o)
{
	return (size_t)o < sizeof(over_hints) / sizeof(over_hints[0])
	    ? over_hints[o]
	    : NULL;
}

static struct hints
hints_of(const struct ui *u)
{
	if (u->over == OVER_PALETTE)
		return (struct hints){palette_hints, false};
	if (u->line == LINE_REPLY || u->line == LINE_NOTE)
		return (struct hints){
		    u->line == LINE_NOTE ? note_hints : line_hints, false};
	if (u->over == OVER_WHY)
		return (struct hints){why_hints + 3 - why_keys(), false};
	if (hints_over(u->over) != NULL)
		return (struct hints){hints_over(u->over), false};
	if (u->focus == PANE_CONTACT)
		return (struct hints){contact_hints, true};
	if (u->focus != PANE_LIST)
		return (struct hints){conv_hints, true};
	return (struct hints){
	    u->selected_n > 0 ? selected_hints : list_hints, true};
}

static bool
draw_hint(struct pen *p, const char *key, const char *label, int keep)
{
	int w = text_width(key, strlen(key)) + 1 +
	    text_width(label, strlen(label)) + 2;

	if (w + keep > draw_left(p))
		return false;
	draw_text(p, UI_KEY, key);
	draw_text(p, UI_HINT, " ");
	draw_text(p, UI_HINT, label);
	if (draw_left(p) >= 2)
		draw_text(p, UI_HINT, "  ");
	return true;
}

/* The key of one; empty when it is bound to none. */
static void
key_of(const struct ui *u, const struct hints *h, size_t i, struct buf *key)
{
	const struct binding *b;

	if (!h->bound) {
		buf_puts(key, h->v[i].command);
		return;
	}
	b = keys_for(&u->keys, u->focus, h->v[i].command);
	if (b != NULL)
		keys_name(key, b->seq, b->n);
}

static void
draw_hints(struct ui *u, struct pen *p)
{
	struct hints h = hints_of(u);
	int keep = h.bound ? text_width(_("help"), strlen(_("help"))) + 2 : 0;
	bool fits = true;

	for (size_t i = 0; h.v[i].command != NULL && fits; i++) {
		struct buf key = {0};

		key_of(u, &h, i, &key);
		if (key.n > 0)
			fits =
			    draw_hint(p, buf_str(&key), _(h.v[i].label), keep);
		buf_free(&key);
	}
	if (h.bound)
		draw_hint(p, "?", _("help"), -2);
}

/* The keys that may follow those of an unfinished sequence. */
static void
draw_sequence(struct ui *u, struct pen *p)
{
	struct buf b = {0};

	for (size_t i = 0; i < u->keys.n; i++) {
		const struct binding *k = &u->keys.v[i];
		const char *now = NULL;

		if (k->n <= u->seq_n || k->command == NULL ||
		    memcmp(k->seq, u->seq,
			(size_t)u->seq_n * sizeof(*u->seq)) != 0 ||
		    keys_match(&u->keys, u->focus, k->seq, k->n, &now) !=
			KEYS_FOUND)
			continue;
		buf_reset(&b);
		keys_name(&b, k->seq, k->n);
		draw_hint(p, buf_str(&b), k->command, 0);
	}
	buf_free(&b);
}

/* What stands there; every other change is said with DIRTY_HINT. */
static const struct hint *shown;
static int shown_seq_n;

bool
hint_is_stale(const struct ui *u)
{
	return shown != hints_of(u).v || shown_seq_n != u->seq_n;
}

/* A question, or what was done or went wrong; NULL: neither. */
static char *
news(const struct ui *u)
{
	if (u->ask.text != NULL)
		return x_sprintf("%s%s", u->ask.text,
		    u->lay.panes == 1 ? _("  1 yes, 0 no")
				      : _("  y yes, n no"));
	return u->flash == NULL ? NULL : x_strdup(u->flash);
}

static enum ui_role
news_role(const struct ui *u)
{
	return u->ask.text != NULL || u->flash_bad ? UI_ERROR : UI_FLASH;
}

struct strip {
	enum ui_role role;
	int rows, y, end, cols;
};

static bool
on_strip_row(void *arg, struct text_line l)
{
	struct strip *s = arg;
	struct pen p;

	if (s->y > 0 && s->y < s->end) {
		p = draw_at(s->y++, 0, s->cols);
		draw_bytes(&p, s->role, l.p, l.n);
		draw_fill(&p, s->role);
	}
	return ++s->rows < STRIP_MAX;
}

/* Rows that the news needs when the last one does not hold them; 0: it does. */
static int
strip_rows(const struct ui *u, const char *text)
{
	struct strip s = {.cols = u->lay.cols};

	if (text == NULL || u->line == LINE_COMMAND || u->line == LINE_SEARCH ||
	    text_width(text, strlen(text)) < u->lay.cols)
		return 0;
	text_wrap(text, strlen(text), s.cols, on_strip_row, &s);
	return s.rows;
}

int
hint_draw_strip(struct ui *u)
{
	char *text = news(u);
	int rows = strip_rows(u, text);
	struct strip s = {.role = news_role(u), .cols = u->lay.cols};

	s.end = u->lay.to.h > 0 ? u->lay.to.y : u->lay.hint_y;
	s.y = s.end > rows ? s.end - rows : 1;
	if (rows > 0)
		text_wrap(text, strlen(text), s.cols, on_strip_row, &s);
	x_free(text);
	return rows;
}

void
hint_draw(struct ui *u)
{
	/* Not the lowest right cell: terminals may scroll. */
	struct pen p = draw_at(u->lay.hint_y, 0, u->lay.cols - 1);
	char *text;

	shown = hints_of(u).v;
	shown_seq_n = u->seq_n;
	if (u->line == LINE_COMMAND || u->line == LINE_SEARCH)
		return; /* the line is here */
	text = news(u);
	if (text != NULL && strip_rows(u, text) == 0) {
		draw_text(&p, news_role(u), text);
	} else if (u->lay.panes == 1 && u->line == LINE_REPLY &&
	    u->quote_text != NULL) {
		draw_text(&p, UI_QUOTE, "> ");
		draw_text(&p, UI_QUOTE, u->quote_text);
	} else if (u->seq_n > 0) {
		draw_sequence(u, &p);
	} else if (u->verb_once) {
		draw_text(&p, UI_FLASH, _("Ctrl-O: now the key of a verb"));
	} else {
		draw_hints(u, &p);
	}
	draw_fill(&p, UI_HINT);
	x_free(text);
}
