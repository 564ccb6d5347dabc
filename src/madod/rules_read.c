/*
 * rules.conf read and checked, whole or not at all: its sections, and what only
 * the whole file can tell. What a line says is rules_keys.c's. Must not decide
 * anything: that is rules.c. Called at start, on SIGHUP and by those who
 * rehearse.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <mado/manual.h>

#include "rules_read.h"

enum { FILE_MAX_B = 8 << 20 };

/* --- mistakes */

static void
tell(struct rules_reader *rd, const struct err *e)
{
	if (rd->mistakes < MISTAKES_MAX)
		rd->broken[rd->mistakes] = rd->at;
	if (rd->mistakes++ == 0 && rd->e != NULL)
		*rd->e = *e;
	if (rd->src->each != NULL)
		rd->src->each(rd->src->arg, e->msg);
}

static int
fail_at_col(struct rules_reader *rd, int line, int col, const char *what)
{
	struct conf_item at = {.line = line, .col = col};
	struct err e = {0};

	conf_error(rd->c, &at, &e, "%s", what);
	tell(rd, &e);
	return -1;
}

int
rules_fail(struct rules_reader *rd, const char *at, const char *fmt, ...)
{
	int col = at != NULL ? conf_column(rd->it, (size_t)(at - rd->it->value))
			     : rd->it->col;
	char what[ERR_MSG_B];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return fail_at_col(rd, rd->it->line, col, what);
}

/* rules_fail() for a section's line or another. */
__attribute__((format(printf, 4, 5))) static int
fail_at(struct rules_reader *rd, const struct conf_item *it, size_t off,
    const char *fmt, ...)
{
	int col = it->key != NULL ? conf_column(it, off) : it->col;
	char what[ERR_MSG_B];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return fail_at_col(rd, it->line, col, what);
}

void
rules_ref_add(struct rules_reader *rd, const char *at, struct rules_ref ref)
{
	ref.it = rd->it;
	ref.off = (size_t)(at - rd->it->value);
	if (rd->n_refs == rd->refs_cap) {
		rd->refs_cap = rd->refs_cap > 0 ? 2 * rd->refs_cap : 32;
		rd->refs = x_realloc(rd->refs, rd->refs_cap, sizeof(ref));
	}
	rd->refs[rd->n_refs++] = ref;
}

/* --- sections */

/* The bot's, the hours' and the handoff's keys fill the rules themselves. */
static int
open_root(struct rules_reader *rd)
{
	rd->obj = rd->r;
	return 0;
}

static int
second(struct rules_reader *rd, const struct conf_item *first)
{
	return rules_fail(rd, NULL, "a second [%s %s]; the first is in line %d",
	    rd->it->section, rd->it->label, first->line);
}

static int
open_rule(struct rules_reader *rd)
{
	struct rules *r = rd->r;
	struct rule *u;

	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->v[i]->name, rd->it->label) == 0)
			return second(rd, r->v[i]->at);
	rd->obj = r->v[r->n++] = u = rules_new(rd, 1, struct rule);
	u->at = rd->it;
	u->on = -1;
	u->name = arena_strdup(r->a, rd->it->label);
	return 0;
}

static int
open_menu(struct rules_reader *rd)
{
	const struct rules_menu *old = rules_menu_find(rd->r, rd->it->label);
	struct rules_menu *m;

	if (old != NULL)
		return second(rd, old->at);
	rd->obj = rd->r->menus[rd->r->n_menus++] = m =
	    rules_new(rd, 1, struct rules_menu);
	m->at = rd->it;
	m->name = arena_strdup(rd->r->a, rd->it->label);
	return 0;
}

static int
open_form(struct rules_reader *rd)
{
	const struct rules_form *old = rules_form_find(rd->r, rd->it->label);
	struct rules_form *f;

	rd->form = NULL;
	if (old != NULL)
		return second(rd, old->at);
	rd->obj = rd->r->forms[rd->r->n_forms++] = rd->form = f =
	    rules_new(rd, 1, struct rules_form);
	f->at = rd->it;
	f->timeout_ms = 30 * 60 * 1000;
	f->name = arena_strdup(rd->r->a, rd->it->label);
	return 0;
}

static int
open_question(struct rules_reader *rd)
{
	struct rules_question **tail, *q;

	if (rd->form == NULL)
		return rules_fail(
		    rd, NULL, "a [question NAME] stands below its [form NAME]");
	for (tail = &rd->form->questions; *tail != NULL; tail = &(*tail)->next)
		if (strcmp((*tail)->name, rd->it->label) == 0)
			return second(rd, (*tail)->at);
	rd->obj = *tail = q = rules_new(rd, 1, struct rules_question);
	q->at = rd->it;
	q->name = arena_strdup(rd->r->a, rd->it->label);
	return 0;
}

static const struct rules_section {
	const char *name;
	bool named;
	int (*open)(struct rules_reader *rd);
} sections[] = {
    {"bot", false, open_root},
    {"hours", false, open_root},
    {"handoff", false, open_root},
    {"rule", true, open_rule},
    {"menu", true, open_menu},
    {"form", true, open_form},
    {"question", true, open_question},
    {0},
};

static void
refuse_section(struct rules_reader *rd)
{
	const struct conf_item *it = rd->it;
	struct buf b = {0};

	for (const struct rules_section *s = sections; s->name != NULL; s++)
		buf_printf(&b, "%s[%s%s]", b.n > 0 ? ", " : "", s->name,
		    s->named ? " NAME" : "");
	rules_fail(rd, NULL, "unknown section [%s%s%s]; known are %s",
	    it->section, *it->label != '\0' ? " " : "", it->label, buf_str(&b));
	buf_free(&b);
}

static void
open_section(struct rules_reader *rd)
{
	const struct conf_item *it = rd->it;

	rd->section = NULL;
	rd->at = it;
	for (size_t i = 0; sections[i].name != NULL; i++) {
		if (strcmp(sections[i].name, it->section) != 0 ||
		    sections[i].named != (*it->label != '\0'))
			continue;
		rd->seen = &rd->seen_of[i];
		if (sections[i].named)
			*rd->seen = 0;
		if (sections[i].open(rd) == 0)
			rd->section = &sections[i];
		return;
	}
	refuse_section(rd);
}

/* --- keys */

static void
refuse_key(struct rules_reader *rd)
{
	const struct conf_item *it = rd->it;
	struct buf b = {0};

	for (const struct rules_key *k = rules_keys; k->section != NULL; k++)
		if (strcmp(k->section, it->section) == 0)
			buf_printf(&b, "%s%s", b.n > 0 ? ", " : "", k->name);
	rules_fail(rd, NULL, "unknown key \"%s\" in [%s]; known: %s", it->key,
	    it->section, buf_str(&b));
	buf_free(&b);
}

static void
read_key(struct rules_reader *rd)
{
	const struct conf_item *it = rd->it;
	uint64_t bit = 1;

	if (*it->section == '\0')
		rules_fail(rd, NULL, "a key before the first [section]");
	if (rd->section == NULL)
		return;
	for (const struct rules_key *k = rules_keys; k->section != NULL; k++) {
		if (strcmp(k->section, it->section) != 0)
			continue;
		if (strcmp(k->name, it->key) == 0) {
			if (!k->again && *rd->seen & bit)
				rules_fail(rd, NULL,
				    "\"%s\" is given twice; a line break in a "
				    "text is \\n between quotes",
				    k->name);
			else
				k->read(rd, k);
			*rd->seen |= bit;
			return;
		}
		bit <<= 1;
	}
	refuse_key(rd);
}

/* --- what the whole file has to be */

/* NULL when it is as it should be. */
static const char *
wrong_rule(const struct rules *r, const struct rule *u)
{
	const struct rules_do *does = &u->does;

	if (u->on == -1 && u->exact.n + u->contains.n + u->postback.n == 0)
		return "has no keywords: give exact, contains, postback or on";
	if (does->answer == NULL && does->handoff == NULL &&
	    does->menu == NULL && does->form == NULL && does->tags.n == 0)
		return "does nothing: give answer, handoff, menu, form or tag";
	if (does->answer == NULL && does->quick.n > 0)
		return "has quick replies but no answer that shows them";
	if (u->goes_on &&
	    (does->handoff != NULL || does->menu != NULL || does->form != NULL))
		return "cannot continue after a handoff, a menu or a form";
	if (does->form != NULL && (does->menu != NULL || does->handoff != NULL))
		return "begins a form: menu and handoff are the form's own";
	if (u->when != WHEN_ANY && !r->hours.given)
		return "has \"when\", but there are no [hours]";
	if (u->from != 0 && u->until != 0 && u->until < u->from)
		return "ends (until) before it begins (from)";
	return NULL;
}

static bool
are_tags(const struct strs *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (strlen(list->v[i]) > TAG_MAX_B ||
		    list->v[i][strcspn(list->v[i], " ,\t\n")] != '\0')
			return false;
	return true;
}

static const char *
wrong_question(const struct rules_question *q)
{
	if (q->text == NULL)
		return "has no text";
	if (q->only && q->quick.n == 0)
		return "takes only what quick names, which is nothing";
	if (q->quick.n + (q->optional != NULL) > QUICK_REPLIES_MAX)
		return "has more than 13 buttons with the optional one";
	if (q->tag != TAG_NO && (!q->only || !are_tags(&q->quick)))
		return "makes tags: it needs only = yes, and quick without "
		       "blanks or commas";
	return NULL;
}

static const char *
wrong_menu(const struct rules_menu *m)
{
	return m->text == NULL || m->n == 0 ? "needs text and items" : NULL;
}

/* A section as a whole, unless one of its lines was wrong already. */
static void
check_section(
    struct rules_reader *rd, const struct conf_item *at, const char *what)
{
	for (int i = 0; i < rd->mistakes && i < MISTAKES_MAX; i++)
		if (rd->broken[i] == at)
			return;
	if (what != NULL)
		fail_at(rd, at, 0, "[%s %s] %s", at->section, at->label, what);
}

static void
check_form(struct rules_reader *rd, const struct rules_form *f)
{
	check_section(
	    rd, f->at, f->questions == NULL ? "has no [question]" : NULL);
	for (const struct rules_question *q = f->questions; q; q = q->next)
		check_section(rd, q->at, wrong_question(q));
}

static void
check_sections(struct rules_reader *rd)
{
	const struct rules *r = rd->r;

	rd->at = NULL;
	for (size_t i = 0; i < r->n; i++)
		check_section(rd, r->v[i]->at, wrong_rule(r, r->v[i]));
	for (size_t i = 0; i < r->n_menus; i++)
		check_section(rd, r->menus[i]->at, wrong_menu(r->menus[i]));
	for (size_t i = 0; i < r->n_forms; i++)
		check_form(rd, r->forms[i]);
}

static const struct rule *
find_rule(const struct rules *r, const char *name)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->v[i]->name, name) == 0)
			return r->v[i];
	return NULL;
}

static bool
has_field(const struct rules *r, const char *name)
{
	for (size_t i = 0; i < r->n_forms; i++)
		for (const struct rules_question *q = r->forms[i]->questions; q;
		     q = q->next)
			if (q->field != NULL && strcmp(q->field, name) == 0)
				return true;
	return false;
}

/* Put in what it names; the section it is sought in when it is not there (then
 * something stands in, so that it is told once). */
static const char *
resolve(const struct rules *r, const struct rules_ref *ref)
{
	static const struct rules_menu no_menu;
	static const struct rules_form no_form;
	const struct rule *u;

	if (ref->menu != NULL) {
		*ref->menu = rules_menu_find(r, ref->name);
		if (*ref->menu != NULL)
			return NULL;
		*ref->menu = &no_menu;
		return "menu";
	}
	if (ref->form != NULL) {
		*ref->form = rules_form_find(r, ref->name);
		if (*ref->form != NULL)
			return NULL;
		*ref->form = &no_form;
		return "form";
	}
	if ((u = find_rule(r, ref->name)) == NULL)
		return "rule";
	*ref->does = &u->does;
	return NULL;
}

static void
check_ref(struct rules_reader *rd, const struct rules_ref *ref)
{
	bool field =
	    ref->menu == NULL && ref->form == NULL && ref->does == NULL;
	const char *missing;

	if (field && !has_field(rd->r, ref->name))
		fail_at(rd, ref->it, ref->off, "no question has field = %s",
		    ref->name);
	if (!field && (missing = resolve(rd->r, ref)) != NULL)
		fail_at(rd, ref->it, ref->off, "there is no [%s %s]", missing,
		    ref->name);
}

static void
read_items(struct rules_reader *rd)
{
	for (size_t i = 0; i < rd->c->n && rd->mistakes < MISTAKES_MAX; i++) {
		rd->it = &rd->c->items[i];
		if (rd->it->key == NULL)
			open_section(rd);
		else
			read_key(rd);
	}
	if (rd->mistakes >= MISTAKES_MAX)
		return;
	rd->at = NULL;
	for (size_t i = 0; i < rd->n_refs; i++)
		check_ref(rd, &rd->refs[i]);
	check_sections(rd);
}

static struct rules *
rules_new_for(const struct conf *c)
{
	struct rules *r = x_new(struct rules);

	r->a = arena_new();
	r->bot = *rules_bot(NULL);
	r->v = arena_calloc(r->a, c->n + 1, sizeof(*r->v));
	r->menus = arena_calloc(r->a, c->n + 1, sizeof(*r->menus));
	r->forms = arena_calloc(r->a, c->n + 1, sizeof(*r->forms));
	rules_holidays_ship(&r->hours, r->a);
	return r;
}

struct rules *
rules_parse(const struct rules_source *s, struct err *e)
{
	struct err mine = {0};
	struct rules_reader rd = {.src = s, .e = &mine};
	struct conf *c = conf_parse_columns(s->name, s->p, s->n, &mine);

	rd.c = c;
	if (c == NULL)
		tell(&rd, &mine);
	else {
		rd.r = rules_new_for(c);
		read_items(&rd);
	}
	if (rd.mistakes > 0) {
		rules_free(rd.r);
		rd.r = NULL;
		err_set(e, ERR_INVALID, "%s", mine.msg);
	}
	if (rd.mistakes > 1)
		err_set(e, ERR_INVALID, "%s (and %d more: madod rules check)",
		    mine.msg, rd.mistakes - 1);
	x_free(rd.refs);
	conf_free(c);
	return rd.r;
}

struct rules *
rules_read(const char *path, struct err *e)
{
	const char *slash = strrchr(path, '/');
	char *dir =
	    slash != NULL ? x_strndup(path, (size_t)(slash - path)) : NULL;
	struct rules_source s = {.name = path, .dir = dir};
	struct rules *r = NULL;
	struct buf b = {0};

	if (buf_read_file(&b, path, FILE_MAX_B, e) == 0) {
		s.p = buf_str(&b);
		s.n = b.n;
		r = rules_parse(&s, e);
	}
	buf_free(&b);
	x_free(dir);
	return r;
}

void
rules_rows(void)
{
	for (const struct rules_key *k = rules_keys; k->section != NULL; k++)
		manual_row(k->section, k->name, k->takes, "", k->help, NULL);
}
