/*
 * Filters over conversations: does the row match, when may that change by
 * itself, and what is said of a filter that cannot be read. Pure: no clock, no
 * store. Called by mado (lists, views), madod (pages, alerts).
 */
#include <string.h>

#include <mado/mem.h>
#include <mado/text.h>

#include "filter_priv.h"

void
filter_free(struct filter *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->n; i++) {
		for (size_t j = 0; j < f->v[i].n; j++)
			x_free(f->v[i].v[j].folded);
		x_free(f->v[i].v);
	}
	x_free(f->v);
	x_free(f);
}

static bool
is_same(const char *s, const char *folded)
{
	struct buf b = {0};
	bool same;

	text_fold(&b, s);
	same = strcmp(buf_str(&b), folded) == 0;
	buf_free(&b);
	return same;
}

static bool
is_held(const char *s, const char *folded)
{
	struct buf b = {0};
	bool held;

	if (s == NULL)
		return false;
	text_fold(&b, s);
	held = strstr(buf_str(&b), folded) != NULL;
	buf_free(&b);
	return held;
}

static bool
has_tag(const struct strs *tags, const char *folded)
{
	for (size_t i = 0; i < tags->n; i++)
		if (is_same(tags->v[i], folded))
			return true;
	return false;
}

static bool
tags_hold(const struct filter_value *v, const struct conv *c)
{
	static const struct strs none;
	const struct strs *theirs =
	    c->contact == NULL ? &none : &c->contact->tags;

	if (v->special != VALUE_GIVEN)
		return (c->tags.n + theirs->n > 0) == (v->special == VALUE_ANY);
	if (v->folded[0] == '@')
		return has_tag(theirs, v->folded + 1);
	return has_tag(&c->tags, v->folded) || has_tag(theirs, v->folded);
}

static bool
str_holds(const struct filter_term *t, const struct filter_value *v,
    const char *s, const struct filter_env *env)
{
	switch (v->special) {
	case VALUE_NONE:
		return s == NULL;
	case VALUE_ANY:
		return s != NULL;
	case VALUE_ME:
		return s != NULL && env->me != NULL && strcmp(s, env->me) == 0;
	case VALUE_GIVEN:
		break;
	}
	if (t->field->kind == FILTER_TEXT)
		return is_held(s, v->folded);
	return s != NULL && is_same(s, v->folded);
}

static bool
num_holds(enum filter_op op, const struct filter_value *v, int64_t n)
{
	if (v->special != VALUE_GIVEN)
		return (n >= 0) == (v->special == VALUE_ANY);
	if (n < 0) /* what is not there is neither more nor less */
		return false;
	switch (op) {
	case OP_GT:
		return n > v->num;
	case OP_LT:
		return n < v->num;
	case OP_GE:
		return n >= v->num;
	case OP_LE:
		return n <= v->num;
	case OP_IS:
		break;
	}
	return n == v->num;
}

static bool
number_is(const struct conv *c, const char *words)
{
	char number[24] = "#", *p = number + sizeof(number) - 1;
	int64_t n = c->number;

	*p = '\0';
	do
		*--p = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	return strcmp(p, words) == 0 ||
	    (words[0] == '#' && strcmp(p, words + 1) == 0);
}

bool
filter_row_holds(const struct conv *c, const char *words)
{
	if (number_is(c, words) || is_held(c->assignee, words))
		return true;
	for (size_t i = 0; i < c->tags.n; i++)
		if (is_held(c->tags.v[i], words))
			return true;
	for (size_t i = 0; c->contact != NULL && i < c->contact->tags.n; i++)
		if (is_held(c->contact->tags.v[i], words))
			return true;
	return (c->contact != NULL && is_held(c->contact->name, words)) ||
	    (c->last_message != NULL && is_held(c->last_message->text, words));
}

static bool
value_holds(const struct filter_term *t, const struct filter_value *v,
    const struct conv *c, const struct filter_env *env)
{
	if (t->field == NULL)
		return env->holds != NULL ? env->holds(c, v->folded, env->arg)
					  : filter_row_holds(c, v->folded);
	if (t->field->kind == FILTER_TAGS)
		return tags_hold(v, c);
	if (t->field->str != NULL)
		return str_holds(t, v, t->field->str(c), env);
	return num_holds(t->op, v, t->field->num(c, env->now_ms));
}

static bool
term_holds(const struct filter_term *t, const struct conv *c,
    const struct filter_env *env)
{
	bool any = false;

	for (size_t i = 0; i < t->n && !any; i++)
		any = value_holds(t, &t->v[i], c, env);
	return any != t->negative;
}

static bool
terms_hold(const struct filter *f, bool words, const struct conv *c,
    const struct filter_env *env)
{
	for (size_t i = 0; i < f->n; i++)
		if ((f->v[i].field == NULL) == words &&
		    !term_holds(&f->v[i], c, env))
			return false;
	return true;
}

bool
filter_match_fields(
    const struct filter *f, const struct conv *c, const struct filter_env *env)
{
	return terms_hold(f, false, c, env);
}

bool
filter_match_words(
    const struct filter *f, const struct conv *c, const struct filter_env *env)
{
	return terms_hold(f, true, c, env);
}

/* Words last: they cost most, a query each on the desk. */
bool
filter_match(
    const struct filter *f, const struct conv *c, const struct filter_env *env)
{
	return filter_match_fields(f, c, env) && filter_match_words(f, c, env);
}

/* How long until a span passes the value; what is left also ends. */
static int64_t
flips_in(const struct filter_field *f, const struct filter_value *v, int64_t n)
{
	int64_t far = INT64_MAX, limit = v->num;

	if (n < 0)
		return far;
	if (v->special != VALUE_GIVEN)
		return f->left ? n : far;
	/* one more: "greater" becomes true after, "at least" at, the moment */
	if (f->left)
		return n > limit ? n - limit : n;
	return n <= limit ? limit - n + 1 : far;
}

int64_t
filter_next_ms(
    const struct filter *f, const struct conv *c, const struct filter_env *env)
{
	int64_t next = INT64_MAX, in, n;

	for (size_t i = 0; i < f->n; i++) {
		const struct filter_term *t = &f->v[i];

		if (t->field == NULL || t->field->kind != FILTER_SPAN)
			continue;
		n = t->field->num(c, env->now_ms);
		for (size_t j = 0; j < t->n; j++) {
			in = flips_in(t->field, &t->v[j], n);
			if (in < INT64_MAX - env->now_ms &&
			    in + env->now_ms < next)
				next = in + env->now_ms;
		}
	}
	return next;
}

bool
filter_is_words(const struct filter *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].field != NULL || f->v[i].negative)
			return false;
	return true;
}

bool
filter_asks(const struct filter *f, const char *field)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].field != NULL &&
		    strcmp(f->v[i].field->name, field) == 0)
			return true;
	return false;
}

static const char *
as_it_is(const char *s)
{
	return s;
}

int
filter_error(const struct filter_bad *bad, const char *(*tr)(const char *s),
    struct err *e)
{
	struct buf b = {0};

	if (tr == NULL)
		tr = as_it_is;
	buf_printf(
	    &b, "%s %zu: %s", tr(N_("column")), bad->column, tr(bad->text));
	if (bad->word[0] != '\0')
		buf_printf(&b, ": \"%s\"", bad->word);
	if (bad->allowed[0] != '\0')
		buf_printf(&b, " (%s)", bad->allowed);
	err_set(e, ERR_INVALID, "%s", buf_str(&b));
	buf_free(&b);
	return -1;
}

void
filter_caret(struct buf *out, const char *text, const struct filter_bad *bad)
{
	for (int w = text_width(text, bad->at_b); w > 0; w--)
		buf_putc(out, ' ');
	buf_putc(out, '^');
}
