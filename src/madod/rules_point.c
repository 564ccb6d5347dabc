/*
 * Values of rules.conf that name what stands elsewhere in the file: menus,
 * questionnaires, and the items of menus. Looked up by rules_read.c, once all
 * is read.
 */
#include <string.h>

#include "rules_read.h"

enum { FAQ_ID_MAX_B = POSTBACK_MAX_B - 40 }; /* of a button's postback */

int
rules_value_menu_name(struct rules_reader *rd, const struct rules_key *k)
{
	struct rules_piece p = rules_piece(rd);

	rules_ref_add(rd, p.at,
	    (struct rules_ref){.name = p.text,
		.menu = SLOT(rd, k, const struct rules_menu *)});
	return 0;
}

int
rules_value_form_name(struct rules_reader *rd, const struct rules_key *k)
{
	struct rules_piece p = rules_piece(rd);

	rules_ref_add(rd, p.at,
	    (struct rules_ref){.name = p.text,
		.form = SLOT(rd, k, const struct rules_form *)});
	return 0;
}

static int
to_menu(struct rules_reader *rd, struct rules_item *it, struct rules_do *does,
    struct rules_piece p)
{
	(void)it;
	rules_ref_add(
	    rd, p.at, (struct rules_ref){.name = p.text, .menu = &does->menu});
	return 0;
}

static int
to_form(struct rules_reader *rd, struct rules_item *it, struct rules_do *does,
    struct rules_piece p)
{
	(void)it;
	rules_ref_add(
	    rd, p.at, (struct rules_ref){.name = p.text, .form = &does->form});
	return 0;
}

static int
to_rule(struct rules_reader *rd, struct rules_item *it, struct rules_do *does,
    struct rules_piece p)
{
	(void)does;
	rules_ref_add(
	    rd, p.at, (struct rules_ref){.name = p.text, .does = &it->does});
	return 0;
}

static int
to_faq(struct rules_reader *rd, struct rules_item *it, struct rules_do *does,
    struct rules_piece p)
{
	(void)it;
	does->faq = p.text;
	return *p.text != '\0' && strlen(p.text) <= FAQ_ID_MAX_B
	    ? 0
	    : rules_fail(rd, p.at, "faq needs an FAQ's id, of at most %d bytes",
		  FAQ_ID_MAX_B);
}

static int
to_answer(struct rules_reader *rd, struct rules_item *it, struct rules_do *does,
    struct rules_piece p)
{
	(void)it;
	does->answer = p.text;
	return rules_check_text(rd, p, "answer");
}

static int
to_person(struct rules_reader *rd, struct rules_item *it, struct rules_do *does,
    struct rules_piece p)
{
	(void)it;
	does->handoff = "asked for a person";
	return *p.text == '\0'
	    ? 0
	    : rules_fail(rd, p.at, "nothing follows \"person\"");
}

static const struct target {
	const char *word;
	int (*read)(struct rules_reader *, struct rules_item *,
	    struct rules_do *, struct rules_piece);
} targets[] = {
    {"menu", to_menu},
    {"form", to_form},
    {"rule", to_rule},
    {"faq", to_faq},
    {"answer", to_answer},
    {"person", to_person},
};

static int
read_target(struct rules_reader *rd, struct rules_item *it, const char *s)
{
	struct rules_do *does = rules_new(rd, 1, struct rules_do);
	size_t n;

	s += strspn(s, " \t");
	n = strcspn(s, " \t");
	it->does = does;
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
		if (strlen(targets[i].word) == n &&
		    memcmp(targets[i].word, s, n) == 0)
			return targets[i].read(rd, it, does,
			    rules_piece_of(rd, s + n, s + strlen(s)));
	return rules_fail(
	    rd, s, "after > stands menu, form, rule, faq, answer or person");
}

static bool
has_item(const struct rules_menu *m, const char *folded)
{
	for (size_t i = 0; i < m->n; i++)
		if (strcmp(m->items[i].folded, folded) == 0)
			return true;
	return false;
}

/* LABEL, or LABEL > TARGET */
int
rules_value_item(struct rules_reader *rd, const struct rules_key *k)
{
	struct rules_menu *m = rd->obj;
	const char *s = rd->it->value, *end = strchrnul(s, '>');
	struct rules_piece p = rules_piece_of(rd, s, end);
	struct rules_item *it;

	(void)k;
	if (m->n == QUICK_REPLIES_MAX)
		return rules_fail(rd, p.at, "%zu items, LINE takes %d",
		    m->n + 1, QUICK_REPLIES_MAX);
	it = &m->items[m->n];
	it->label = p.text;
	it->folded = rules_fold(rd->r->a, p.text);
	if (*it->folded == '\0')
		return rules_fail(rd, p.at, "an item needs a label");
	if (has_item(m, it->folded))
		return rules_fail(rd, p.at, "a second item \"%s\"", p.text);
	m->n++;
	if (rules_check_label(rd, p) == -1)
		return -1;
	return *end == '>' ? read_target(rd, it, end + 1) : 0;
}
