/* See rules_state.h. Pure; called by the acts, and by those who rehearse. */
#include <string.h>

#include <mado/json.h>

#include "rules_state.h"

enum { ONCE_MAX = 100 };

bool
rules_state_is_empty(const struct rules_state *s)
{
	return s->menu == NULL && s->form == NULL && s->told == 0 &&
	    s->n_once == 0;
}

static void
put_once(struct buf *b, const struct rules_once *o)
{
	buf_puts(b, b->p[b->n - 1] == '[' ? "{" : ",{");
	json_add_str(b, "rule", o->rule);
	json_add_int(b, "at", o->at_ms);
	json_add_int(b, "conversation", o->conversation);
	buf_putc(b, '}');
}

void
rules_state_put(struct buf *b, const struct rules_state *s)
{
	buf_putc(b, '{');
	if (s->menu != NULL)
		json_add_str(b, "menu", s->menu);
	if (s->form != NULL) {
		json_add_str(b, "form", s->form);
		json_add_str(b, "question", s->question);
		json_add_int(b, "tries", s->tries);
	}
	json_add_int(b, "at", s->at_ms);
	json_add_int(b, "told", s->told);
	json_put_key(b, "once");
	buf_putc(b, '[');
	for (size_t i = 0; i < s->n_once; i++)
		put_once(b, &s->once[i]);
	buf_puts(b, "]}");
}

void
rules_state_copy(
    const struct rules_state *from, struct arena *a, struct rules_state *to)
{
	*to = *from;
	to->menu = arena_strdup(a, from->menu);
	to->form = arena_strdup(a, from->form);
	to->question = arena_strdup(a, from->question);
	/* room for one more: rules.c notes what acts */
	to->once = arena_calloc(a, from->n_once + 1, sizeof(*to->once));
	for (size_t i = 0; i < from->n_once; i++) {
		to->once[i] = from->once[i];
		to->once[i].rule = arena_strdup(a, from->once[i].rule);
	}
}

void
rules_state_get(const char *text, struct arena *a, struct rules_state *s)
{
	cJSON *o = text != NULL ? json_parse(text, strlen(text), NULL) : NULL;
	struct rules_once once[ONCE_MAX];
	struct rules_state lent = {.menu = json_str(o, "menu", NULL),
	    .form = json_str(o, "form", NULL),
	    .question = json_str(o, "question", NULL),
	    .tries = json_int(o, "tries", 0),
	    .at_ms = json_int(o, "at", 0),
	    .told = json_int(o, "told", 0),
	    .once = once};
	const cJSON *it;

	cJSON_ArrayForEach(it, json_arr(o, "once"))
	{
		if (lent.n_once == ONCE_MAX)
			break;
		once[lent.n_once++] =
		    (struct rules_once){.rule = json_str(it, "rule", ""),
			.at_ms = json_int(it, "at", 0),
			.conversation = json_int(it, "conversation", 0)};
	}
	if (lent.question == NULL)
		lent.form = NULL;
	rules_state_copy(&lent, a, s);
	cJSON_Delete(o);
}
