/*
 * Completion in the line: what complete.c finds in replies and notes, and the
 * words of the ":" line and of filters. One candidate is taken, several are
 * shown.
 */
#include "ui.h"

#include <mado/mem.h>

#include <string.h>

#include "complete.h"
#include "complete_cmd.h"
#include "complete_filter.h"

void
line_candidates(struct ui *u, struct completion *c)
{
	if (u->line == LINE_COMMAND)
		complete_command(u, c, line_text(), line_caret());
	else if (u->line == LINE_SEARCH && u->focus == PANE_LIST)
		complete_filter(u, c, line_text(), line_caret());
	else if (line_is_text(u->line))
		complete_text(c, u->store, u->line == LINE_NOTE, line_text(),
		    line_caret());
}

/* Put n bytes of text in place of the word before the caret. */
static void
replace(struct ui *u, const struct completion *c, const char *text, size_t n)
{
	struct buf b = {0};
	size_t caret;

	buf_add(&b, line_text(), c->at);
	buf_add(&b, text, n);
	caret = b.n;
	buf_puts(&b, line_text() + c->at + c->len);
	line_set(u, buf_str(&b), caret);
	buf_free(&b);
}

void
line_take(struct ui *u, const struct completion *c, size_t i)
{
	const struct candidate *v = &c->v[i];
	struct err e = {0};

	if (!c->canned)
		replace(u, c, v->text, strlen(v->text));
	else if (ui_canned_insert(u, v->name, c->at, c->len, &e) == -1)
		ui_say_err(u, &e);
}

/* As far as all candidates agree. */
static void
extend(struct ui *u, const struct completion *c)
{
	size_t n = complete_common(c);

	if (c->fuzzy || n <= strlen(c->word) ||
	    strncmp(c->v[0].name, c->word, strlen(c->word)) != 0)
		return;
	if (c->canned) { /* the "/" stays before the name */
		struct completion name = *c;

		name.at++;
		name.len--;
		replace(u, &name, c->v[0].name, n);
	} else {
		replace(u, c, c->v[0].name, n);
	}
}

/* In the ":" line the candidates are there already: the one there is, with a
 * blank after it; as far as all agree; else the first of them. */
static void
complete_shown(struct ui *u, const struct completion *c)
{
	const char *one = arena_sprintf(c->a, "%s ", c->v[0].text);

	if (c->n == 1)
		replace(u, c, one, strlen(one));
	else if (complete_common(c) > strlen(c->word))
		extend(u, c);
	else if (pop_is_open())
		pop_step(u, 1);
}

void
line_complete(struct ui *u)
{
	struct arena *a = arena_new();
	struct completion *c = arena_new_of(a, struct completion);

	c->a = a;
	line_candidates(u, c);
	if (u->line == LINE_COMMAND && c->n > 0) {
		complete_shown(u, c);
	} else if (c->n == 1) {
		pop_close(u);
		line_take(u, c, 0);
	} else if (c->n > 1) {
		extend(u, c);
		pop_open(u);
	}
	arena_free(a);
}
