/*
 * Reading the filter language. Works on the text made narrow, which has one
 * character for each of the original, so that a place in it can be told in the
 * original. Called by filter.h's callers only through filter_parse().
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <mado/mem.h>

#include "filter_priv.h"
#include "text_priv.h"

enum { TERMS_MAX = 64, VALUES_MAX = 64 };

struct reader {
	const char *text; /* as given */
	char *narrow;
	const char *p;
	struct filter *f;
	struct filter_bad *bad;
};

struct piece {
	const char *p;
	size_t n;
	bool quoted;
};

/* errors */

/* The byte of the original that a place in the narrow text stands for. */
static void
set_place(struct reader *r, const char *at)
{
	const char *p = r->narrow, *q = r->text;
	const char *p_end = p + strlen(p), *q_end = q + strlen(q);
	int32_t cp;

	r->bad->column = 1;
	while (p < at && p < p_end && q < q_end) {
		p += text_step(p, p_end, &cp);
		q += text_step(q, q_end, &cp);
		r->bad->column++;
	}
	r->bad->at_b = (size_t)(q - r->text);
}

static int
fail(struct reader *r, const char *at, const char *text, const char *word,
    size_t n)
{
	if (n >= sizeof(r->bad->word))
		n = sizeof(r->bad->word) - 1;
	while (n > 0 && ((unsigned char)word[n] & 0xc0) == 0x80)
		n--;
	set_place(r, at);
	r->bad->text = text;
	memcpy(r->bad->word, word, n);
	r->bad->word[n] = '\0';
	r->bad->allowed[0] = '\0';
	return -1;
}

static void
allow(struct reader *r, const char *word)
{
	size_t n = strlen(r->bad->allowed);

	snprintf(r->bad->allowed + n, sizeof(r->bad->allowed) - n, "%s%s",
	    n > 0 ? ", " : "", word);
}

static int
bad_value(struct reader *r, const struct filter_field *f, struct piece v,
    const char *text)
{
	fail(r, v.p, text, v.p, v.n);
	allow(r, f->takes);
	return -1;
}

static int
bad_field(struct reader *r, const char *at, const char *name, size_t n)
{
	fail(r, at,
	    N_("there is no such field; in quotes it is words to be found"),
	    name, n);
	for (const struct filter_field *f = filter_fields; f->name != NULL; f++)
		allow(r, f->name);
	return -1;
}

/* values */

static char *
fold(const char *p, size_t n)
{
	char *s = x_strndup(p, n);
	struct buf b = {0};

	text_fold(&b, s);
	x_free(s);
	return buf_take(&b);
}

/* The index of the folded word among names that are not folded. */
static int
folded_find(const char *const *names, const char *folded)
{
	int found = -1;

	for (int i = 0; names[i] != NULL && found < 0; i++) {
		char *name = fold(names[i], strlen(names[i]));

		if (strcmp(name, folded) == 0)
			found = i;
		x_free(name);
	}
	return found;
}

/* "follow-up" is what the commands call it, follow_up the wire. */
static int
read_name(const struct filter_field *f, const char *folded)
{
	char *s = x_strdup(folded);
	int i;

	for (char *p = s; *p != '\0'; p++)
		if (*p == '-')
			*p = '_';
	i = name_find(f->names, s);
	x_free(s);
	return i >= 0 ? i : folded_find(f->names_also, folded);
}

/* Digits, at most 15 of them; NULL when there are none or more. */
static const char *
read_digits(const char *p, int64_t *n)
{
	const char *start = p;

	for (*n = 0; isdigit((unsigned char)*p) && p - start < 15; p++)
		*n = *n * 10 + (*p - '0');
	return p == start || isdigit((unsigned char)*p) ? NULL : p;
}

static const char *
read_unit(const char *p, int64_t *ms)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = {{"秒", 1000}, {"分", 60000}, {"時間", 3600000},
	    {"日", 86400000}, {"週間", 604800000}, {"s", 1000}, {"m", 60000},
	    {"h", 3600000}, {"d", 86400000}, {"w", 604800000}};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		size_t n = strlen(units[i].name);

		*ms = units[i].ms;
		if (strncmp(p, units[i].name, n) == 0)
			return p + n;
	}
	return NULL;
}

/* "1h30m" */
static bool
read_span(const char *p, int64_t *ms)
{
	int64_t n, unit;

	for (*ms = 0; *p != '\0';) {
		if ((p = read_digits(p, &n)) == NULL ||
		    (p = read_unit(p, &unit)) == NULL || n > INT64_C(1) << 40 ||
		    __builtin_mul_overflow(n, unit, &n) ||
		    __builtin_add_overflow(*ms, n, ms))
			return false;
	}
	return true;
}

static bool
read_special(const struct filter_field *f, struct filter_value *v)
{
	static const struct {
		const char *name;
		enum filter_special special;
	} words[] = {{"none", VALUE_NONE}, {"-", VALUE_NONE},
	    {"ナシ", VALUE_NONE}, {"any", VALUE_ANY}, {"アリ", VALUE_ANY},
	    {"me", VALUE_ME}, {"自分", VALUE_ME}};

	if (f->kind == FILTER_TEXT || f->kind == FILTER_ENUM)
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i].name, v->folded) != 0 ||
		    (words[i].special == VALUE_ME &&
			strcmp(f->name, "assignee") != 0))
			continue;
		v->special = words[i].special;
		return true;
	}
	return false;
}

static int
read_given(struct reader *r, const struct filter_term *t, struct piece s,
    struct filter_value *v)
{
	const struct filter_field *f = t->field;
	const char *end;

	switch (f->kind) {
	case FILTER_ENUM:
		if ((v->num = read_name(f, v->folded)) < 0)
			return bad_value(
			    r, f, s, N_("this is none of its values"));
		return 0;
	case FILTER_INT:
		end = read_digits(v->folded, &v->num);
		if (end == NULL || *end != '\0')
			return bad_value(r, f, s, N_("this must be a number"));
		return 0;
	case FILTER_SPAN:
		if (!read_span(v->folded, &v->num))
			return bad_value(r, f, s,
			    N_("a span of time is 30s, 5m, 2h, 3d, 1w or "
			       "1h30m"));
		if (t->op == OP_IS)
			return bad_value(
			    r, f, s, N_("say > or < before a span of time"));
		return 0;
	default:
		return 0;
	}
}

static int
add_value(struct reader *r, struct filter_term *t, struct piece s)
{
	struct filter_value *v;

	if (s.n == 0 && t->field != NULL)
		return bad_value(r, t->field, s, N_("a value is missing here"));
	if (t->n == VALUES_MAX)
		return fail(r, s.p, N_("too many values"), "", 0);
	t->v = x_realloc(t->v, t->n + 1, sizeof(*t->v));
	v = &t->v[t->n++];
	*v = (struct filter_value){.folded = fold(s.p, s.n)};
	if (t->field == NULL)
		return 0;
	if (!s.quoted && t->op == OP_IS && read_special(t->field, v))
		return 0;
	return read_given(r, t, s, v);
}

/* terms */

static bool
is_end(char c)
{
	return c == '\0' || isspace((unsigned char)c);
}

/* A quoted stretch, or all up to a space (or a comma). */
static struct piece
read_piece(struct reader *r, bool commas)
{
	struct piece s = {r->p, 0, *r->p == '"'};

	if (s.quoted) {
		s.p = ++r->p;
		while (*r->p != '\0' && *r->p != '"')
			r->p++;
	} else {
		while (!is_end(*r->p) && !(commas && *r->p == ','))
			r->p++;
	}
	s.n = (size_t)(r->p - s.p);
	if (s.quoted && *r->p == '"')
		r->p++;
	return s;
}

static int
read_values(struct reader *r, struct filter_term *t)
{
	for (;;) {
		if (add_value(r, t, read_piece(r, true)) == -1)
			return -1;
		if (*r->p != ',')
			break;
		r->p++;
	}
	if (!is_end(*r->p))
		return fail(
		    r, r->p, N_("a space must follow the quote"), "", 0);
	return 0;
}

static bool
read_op(const char **p, enum filter_op *op)
{
	static const struct {
		const char *sign;
		enum filter_op op;
	} ops[] = {{">=", OP_GE}, {"<=", OP_LE}, {"≧", OP_GE}, {"≦", OP_LE},
	    {">", OP_GT}, {"<", OP_LT}, {":", OP_IS}, {"=", OP_IS}};

	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		size_t n = strlen(ops[i].sign);

		if (strncmp(*p, ops[i].sign, n) != 0)
			continue;
		*p += n;
		*op = ops[i].op;
		return true;
	}
	return false;
}

/* Where a name that a field could have ends: at an operator. */
static const char *
find_op(const char *p, const char **after, enum filter_op *op)
{
	const char *q = p;

	for (; !is_end(*q) && *q != '"'; q++) {
		*after = q;
		if (read_op(after, op))
			return q > p ? q : NULL;
	}
	return NULL;
}

/* English words that are no field are slips ("tga:x"); addresses, times and
 * other languages are words to be found. */
static bool
is_slip(const char *p, const char *end, const char *after)
{
	if (strncmp(after, "//", 2) == 0)
		return false;
	for (; p < end; p++)
		if (!isalpha((unsigned char)*p) && *p != '-' && *p != '_')
			return false;
	return true;
}

static bool
takes_op(const struct filter_field *f, enum filter_op op)
{
	return op == OP_IS || f->kind == FILTER_INT || f->kind == FILTER_SPAN;
}

/* "name:..." at r->p: 1, 0 when it is words, -1. */
static int
read_field(struct reader *r, struct filter_term *t)
{
	const char *after = NULL, *start = r->p;
	const char *end = find_op(start, &after, &t->op);
	char *name;

	if (end == NULL)
		return 0;
	name = x_strndup(start, (size_t)(end - start));
	for (char *c = name; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	t->field = filter_field_find(name);
	x_free(name);
	if (t->field == NULL)
		return is_slip(start, end, after)
		    ? bad_field(r, start, start, (size_t)(end - start))
		    : 0;
	if (!takes_op(t->field, t->op)) {
		fail(r, end, N_("only : can follow this field"), start,
		    (size_t)(end - start));
		return -1;
	}
	r->p = after;
	return read_values(r, t) == -1 ? -1 : 1;
}

/* "pinned" alone. */
static bool
read_flag(struct reader *r, struct filter_term *t)
{
	for (const struct filter_field *f = filter_fields; f->name != NULL;
	     f++) {
		const char *names[] = {f->name, f->also};

		for (int i = 0; f->flag && i < 2; i++) {
			size_t n = strlen(names[i]);

			if (strncmp(r->p, names[i], n) != 0 || !is_end(r->p[n]))
				continue;
			t->field = f;
			r->p += n;
			add_value(r, t, (struct piece){"yes", 3, false});
			return true;
		}
	}
	return false;
}

static int
read_term(struct reader *r)
{
	struct filter_term *t;
	int rc;

	if (r->f->n == TERMS_MAX)
		return fail(r, r->p, N_("too many terms"), "", 0);
	r->f->v = x_realloc(r->f->v, r->f->n + 1, sizeof(*r->f->v));
	t = &r->f->v[r->f->n++];
	*t = (struct filter_term){0};
	if (*r->p == '-' && !is_end(r->p[1])) {
		t->negative = true;
		r->p++;
	}
	if (*r->p != '"' && read_flag(r, t))
		return 0;
	rc = *r->p == '"' ? 0 : read_field(r, t);
	if (rc != 0)
		return rc == 1 ? 0 : -1;
	t->op = OP_IS;
	return add_value(r, t, read_piece(r, false));
}

struct filter *
filter_parse(const char *text, struct filter_bad *bad)
{
	struct reader r = {.text = text, .bad = bad};
	int rc = 0;

	r.narrow = text_narrow(text);
	r.f = x_new(struct filter);
	for (r.p = r.narrow; rc == 0;) {
		while (isspace((unsigned char)*r.p))
			r.p++;
		if (*r.p == '\0')
			break;
		rc = read_term(&r);
	}
	x_free(r.narrow);
	if (rc == 0)
		return r.f;
	filter_free(r.f);
	return NULL;
}
