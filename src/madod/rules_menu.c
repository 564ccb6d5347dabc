/*
 * Menus: items as buttons, which may be tapped, typed, or told by their number
 * (LINE on a computer shows no buttons). Pure; a part of rules.c's verdict.
 */
#include <stdlib.h>
#include <string.h>

#include "rules_form.h"

/* Buttons send their labels; those of FAQs are postbacks, by their id. */
static void
menu_quick(struct deciding *d, const struct rules_menu *m)
{
	d->out->quick.n = 0;
	for (size_t i = 0; i < m->n; i++) {
		const struct rules_do *does = m->items[i].does;
		struct quick q = {
		    .label = arena_strdup(d->a, m->items[i].label)};

		q.text = q.label;
		if (does != NULL && does->faq != NULL)
			q.data = arena_sprintf(d->a, TAP_FAQ "0:%s", does->faq);
		quick_add(&d->out->quick, q);
	}
}

void
rules_menu_show(struct deciding *d, const struct rules_menu *m)
{
	struct rules_state *s = &d->out->state;

	rules_say(d, m->text);
	menu_quick(d, m);
	s->menu = arena_strdup(d->a, m->name);
	s->at_ms = d->scene.in->now_ms;
}

static const struct rules_item *
find_item(const struct rules_menu *m, const char *folded)
{
	char *end;
	unsigned long n;

	for (size_t i = 0; i < m->n; i++)
		if (strcmp(m->items[i].folded, folded) == 0)
			return &m->items[i];
	if (*folded < '1' || *folded > '9')
		return NULL;
	n = strtoul(folded, &end, 10);
	return *end == '\0' && n <= m->n ? &m->items[n - 1] : NULL;
}

bool
rules_menu_take(struct deciding *d)
{
	struct rules_verdict *out = d->out;
	const struct rules_menu *m = out->state.menu != NULL
	    ? rules_menu_find(d->scene.r, out->state.menu)
	    : NULL;
	const struct rules_item *it =
	    m != NULL && d->folded != NULL ? find_item(m, d->folded) : NULL;

	if (it == NULL)
		return false;
	if (it->does == NULL || it->does->faq != NULL) {
		d->folded = arena_strdup(d->a, it->folded);
		return false;
	}
	rules_do(d, it->does,
	    arena_sprintf(d->a, "menu %s: %s", m->name, it->label));
	if (out->act != RULES_ANSWER || out->state.form != NULL)
		return true;
	out->state.at_ms = d->scene.in->now_ms;
	if (out->quick.n == 0)
		menu_quick(d, m);
	return true;
}
