/*
 * The contact: who they are, tags, notes and earlier conversations. Drawn
 * from the open conversation and the window of its history.
 */
#include "ui.h"

#include <mado/mem.h>
#include <mado/text.h>
#include <mado/when.h>

#include <stdio.h>
#include <string.h>

#include "draw.h"
#include "i18n.h"
#include "past.h"
#include "say.h"

enum { EARLIER_MAX = 30, NOTES_MAX = 5 };

/* Where the next line goes. */
struct at {
	const struct rect *r;
	int y;
	enum ui_role role;
};

static void
put(struct at *a, enum ui_role role, const char *s)
{
	struct pen p = draw_at(a->r->y + a->y, a->r->x, a->r->w);

	if (a->y >= a->r->h)
		return;
	draw_text(&p, UI_TEXT, " ");
	draw_text(&p, role, s);
	draw_fill(&p, UI_TEXT);
	a->y++;
}

static bool
put_wrapped_line(void *arg, struct text_line l)
{
	struct at *a = arg;
	char *s = x_strndup(l.p, l.n);

	put(a, a->role, s);
	x_free(s);
	return a->y < a->r->h;
}

static void
put_wrapped(struct at *a, enum ui_role role, const char *s)
{
	a->role = role;
	if (*s != '\0' && a->r->w > 4)
		text_wrap(s, strlen(s), a->r->w - 2, put_wrapped_line, a);
}

static void
put_who(struct at *a, const struct conv *c, int64_t now)
{
	const struct contact *p = c->contact;
	struct buf b = {0};

	put(a, UI_NAME, ui_name_of(c));
	if (p == NULL)
		return;
	buf_puts(&b, "LINE");
	if (p->kind != NULL && strcmp(p->kind, "user") != 0)
		buf_printf(&b, " %s",
		    strcmp(p->kind, "group") == 0 ? _("group") : _("room"));
	if (p->since_ms != 0) {
		buf_printf(&b, "  %s ", _("since"));
		say_date(&b, p->since_ms, now);
	}
	put(a, UI_TEXT, buf_str(&b));
	buf_reset(&b);
	buf_puts(&b, p->language == NULL ? "" : p->language);
	if (p->blocked)
		buf_printf(
		    &b, "%s%s", b.n > 0 ? "  " : "", _("has blocked us"));
	if (b.n > 0)
		put(a, p->blocked ? UI_BAD : UI_TEXT, buf_str(&b));
	if (p->status_message != NULL)
		put_wrapped(a, UI_DIM, p->status_message);
	buf_free(&b);
}

static void
add_tags(struct buf *b, const struct strs *tags, const char *sign)
{
	for (size_t i = 0; i < tags->n; i++)
		buf_printf(b, "%s%s%s", b->n > 0 ? " " : "", sign, tags->v[i]);
}

static void
put_tags(struct at *a, const struct conv *c)
{
	struct buf b = {0};

	add_tags(&b, &c->tags, "#");
	if (c->contact != NULL)
		add_tags(&b, &c->contact->tags, "@");
	put(a, UI_TEXT, "");
	put(a, UI_TITLE, _("Tags"));
	if (b.n > 0)
		put_wrapped(a, UI_TAG, buf_str(&b));
	else
		put(a, UI_DIM, "-");
	buf_free(&b);
}

/* What they answered the bot. */
static void
put_fields(struct at *a, const struct contact *p)
{
	struct buf b = {0};

	if (p == NULL || p->fields.n == 0)
		return;
	put(a, UI_TEXT, "");
	put(a, UI_TITLE, _("Answers"));
	for (size_t i = 0; i + 1 < p->fields.n; i += 2) {
		buf_reset(&b);
		buf_printf(&b, "%s: %s", p->fields.v[i], p->fields.v[i + 1]);
		put_wrapped(a, UI_TEXT, buf_str(&b));
	}
	buf_free(&b);
}

static const char *
item(const cJSON *row, int i)
{
	const char *s = cJSON_GetStringValue(cJSON_GetArrayItem(row, i));

	return s != NULL ? s : "";
}

/* What the shop's own systems say, a title a card. */
static void
put_cards(struct at *a, const cJSON *cards)
{
	const cJSON *card, *row;
	const char *error;
	struct buf b = {0};

	cJSON_ArrayForEach(card, json_arr(cards, "cards"))
	{
		put(a, UI_TEXT, "");
		put(a, UI_TITLE, json_str(card, "name", ""));
		error = json_str(card, "error", NULL);
		if (error != NULL)
			put_wrapped(a, UI_BAD, error);
		cJSON_ArrayForEach(row, json_arr(card, "rows"))
		{
			buf_reset(&b);
			buf_printf(&b, "%s%s%s", item(row, 0),
			    *item(row, 0) != '\0' ? ": " : "", item(row, 1));
			put_wrapped(a, UI_TEXT, buf_str(&b));
		}
	}
	buf_free(&b);
}

/* What messages name, as links that terminals open. */
static void
put_links(struct at *a, const cJSON *cards)
{
	const cJSON *o;
	bool first = true;

	cJSON_ArrayForEach(o, json_arr(cards, "links"))
	{
		const char *text = json_str(o, "text", "");
		int cols = text_width(text, strlen(text));
		struct past_span s = {a->r->y + a->y, a->r->x + 1, cols,
		    UI_QUOTE, text, strlen(text), json_str(o, "url", NULL)};

		if (first) {
			put(a, UI_TEXT, "");
			put(a, UI_TITLE, _("Links"));
			s.y += 2;
		}
		first = false;
		put(a, UI_QUOTE, text);
		if (s.y < a->r->y + a->r->h && cols < a->r->w - 1)
			past_add(&s);
	}
}

static void
put_notes(struct at *a, const struct thread *t)
{
	struct buf b = {0};
	int n = 0;

	for (size_t i = t->n; i-- > 0 && n < NOTES_MAX;) {
		if (t->v[i]->type != MSG_NOTE)
			continue;
		if (n++ == 0) {
			put(a, UI_TEXT, "");
			put(a, UI_TITLE, _("Notes"));
		}
		buf_reset(&b);
		buf_printf(
		    &b, "%s: %s", say_from(t->v[i], NULL), t->v[i]->text);
		put_wrapped(a, UI_NOTE, buf_str(&b));
	}
	buf_free(&b);
}

static void
put_conv(struct at *a, const struct conv *c, int64_t now)
{
	struct pen p = draw_at(a->r->y + a->y, a->r->x, a->r->w - 1);
	struct buf b = {0};

	if (a->y >= a->r->h)
		return;
	if (c->csat != NULL && c->csat->score > 0)
		buf_printf(&b, " %d/5", (int)c->csat->score);
	draw_right(&p, UI_OK, buf_str(&b), 8);
	buf_reset(&b);
	buf_printf(
	    &b, " #%lld %s ", (long long)c->number, say_status(c->status));
	say_date(&b, c->resolved_ms != 0 ? c->resolved_ms : c->opened_ms, now);
	draw_text(&p, UI_TEXT, buf_str(&b));
	p.end =
	    a->r->x + a->r->w - (c->csat != NULL && c->csat->score > 0 ? 5 : 0);
	draw_fill(&p, UI_TEXT);
	a->y++;
	buf_free(&b);
}

/* The numbers of the window's conversations, newest first. */
static size_t
earlier(const struct thread *t, int64_t *out)
{
	size_t n = 0;

	for (size_t i = t->n; i-- > 0 && n < EARLIER_MAX;) {
		int64_t number = t->v[i]->conversation;
		size_t k = 0;

		while (k < n && out[k] != number)
			k++;
		if (k == n && number != 0 && number != t->number)
			out[n++] = number;
	}
	return n;
}

static void
put_earlier(struct ui *u, struct at *a, int64_t now)
{
	int64_t numbers[EARLIER_MAX];
	size_t n = earlier(&u->thread, numbers);
	struct arena *tmp;

	if (n == 0)
		return;
	put(a, UI_TEXT, "");
	put(a, UI_TITLE, _("Earlier"));
	tmp = arena_new();
	for (size_t i = 0; i < n; i++) {
		const struct conv *c = store_conv(u->store, numbers[i], tmp);

		if (c != NULL)
			put_conv(a, c, now);
	}
	arena_free(tmp);
}

static void
put_cost(struct at *a, const struct conv *c)
{
	char text[80];

	if (c->cost == 0)
		return;
	snprintf(text, sizeof(text), _("Cost so far: %lld of the quota"),
	    (long long)c->cost);
	put(a, UI_TEXT, "");
	put(a, UI_DIM, text);
}

static void
put_survey(struct at *a, const struct conv *c)
{
	struct buf b = {0};

	if (c->csat == NULL)
		return;
	put(a, UI_TEXT, "");
	put(a, UI_TITLE, _("Survey"));
	if (c->csat->score > 0)
		buf_printf(&b, "%d/5", (int)c->csat->score);
	else
		buf_puts(&b, _("asked, not answered yet"));
	put(a, c->csat->score > 0 ? UI_OK : UI_DIM, buf_str(&b));
	if (c->csat->comment != NULL)
		put_wrapped(a, UI_TEXT, c->csat->comment);
	buf_free(&b);
}

static void
contact_draw(struct ui *u, const struct rect *r)
{
	struct at a = {r, 0, UI_TEXT};
	int64_t now = when_now_ms();

	if (u->conv != NULL) {
		put_who(&a, u->conv, now);
		put_tags(&a, u->conv);
		put_fields(&a, u->conv->contact);
		put_cards(&a, u->cards);
		put_links(&a, u->cards);
		put_survey(&a, u->conv);
		put_cost(&a, u->conv);
		put_notes(&a, &u->thread);
		put_earlier(u, &a, now);
	}
	while (a.y < r->h)
		put(&a, UI_TEXT, "");
}

static void
contact_title(struct ui *u, struct buf *b)
{
	(void)u;
	buf_puts(b, _("Contact"));
}

static void
contact_move(struct ui *u, enum move_to to)
{
	/* It is short: keys that move go through the history. */
	pane_history.move(u, to);
}

static void
contact_caret(struct ui *u, const struct rect *r, int *y, int *x)
{
	(void)u;
	*y = r->y;
	*x = r->x;
}

static bool
contact_search(struct ui *u, const char *words, bool forward)
{
	return pane_history.search(u, words, forward);
}

const struct pane_ops pane_contact = {"contact", contact_draw, contact_title,
    contact_move, contact_caret, contact_search};
