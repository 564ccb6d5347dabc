/*
 * Completion in the line: what complete.c finds in replies and notes, and the
 * words of the ":" line. One candidate is taken, several are shown.
 */
#include "ui.h"

#include <mado/mem.h>

#include <string.h>

#include "complete.h"

/* Members of a list that sync keeps: "canned", "agents". */
static void
offer_stored(struct ui *u, struct completion *c, const char *list)
{
	char *json = store_get(u->store, list, c->a);
	cJSON *o = json == NULL ? NULL : json_parse(json, strlen(json), NULL);
	const cJSON *it;

	cJSON_ArrayForEach(it, json_arr(o, list))
	    complete_offer(c, json_str(it, "name", ""), NULL, NULL);
	cJSON_Delete(o);
}

static void
offer_commands(struct completion *c)
{
	for (const struct cmd *m = cmds; m->name != NULL; m++) {
		if ((m->flags & CMD_UI) && m->ui != NULL)
			complete_offer(c, m->name, NULL, NULL);
	}
}

static bool
is_offered(const struct completion *c, const char *name)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->v[i].name, name) == 0)
			return true;
	return false;
}

/* Tags seen in the list, with the sign as typed. */
static void
offer_tags(struct ui *u, struct completion *c)
{
	char sign = c->word[0] == '-' ? '-' : '+';

	for (size_t i = 0; i < u->rows.n; i++) {
		const struct conv *v = u->rows.v[i].c;

		for (size_t k = 0; v != NULL && k < v->tags.n; k++) {
			const char *t =
			    arena_sprintf(c->a, "%c%s", sign, v->tags.v[k]);

			if (!is_offered(c, t))
				complete_offer(c, t, NULL, NULL);
		}
	}
}

static void
offer_args(struct ui *u, struct completion *c, const char *line)
{
	if (strncmp(line, "assign ", 7) == 0)
		offer_stored(u, c, "agents");
	else if (strncmp(line, "canned ", 7) == 0)
		offer_stored(u, c, "canned");
	else if (strncmp(line, "tag ", 4) == 0)
		offer_tags(u, c);
	else if (strncmp(line, "view ", 5) == 0)
		for (int v = 0; v < VIEW_N; v++)
			complete_offer(c, view_names[v], NULL, NULL);
}

static void
offer_command_line(struct ui *u, struct completion *c)
{
	const char *text = line_text(), *end = text + line_caret(), *w = end;

	while (w > text && w[-1] != ' ')
		w--;
	c->at = (size_t)(w - text);
	c->len = (size_t)(end - w);
	c->word = arena_strndup(c->a, w, c->len);
	if (w == text)
		offer_commands(c);
	else
		offer_args(u, c, text);
}

void
line_candidates(struct ui *u, struct completion *c)
{
	if (u->line == LINE_COMMAND)
		offer_command_line(u, c);
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

void
line_complete(struct ui *u)
{
	struct arena *a = arena_new();
	struct completion *c = arena_new_of(a, struct completion);

	c->a = a;
	line_candidates(u, c);
	if (c->n == 1) {
		line_take(u, c, 0);
	} else if (c->n > 1) {
		extend(u, c);
		pop_open(u);
	}
	arena_free(a);
}
