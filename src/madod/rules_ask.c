/*
 * Questionnaires: one question after another, answers checked and kept as
 * fields of the contact and as tags. Whoever does not answer is not held: three
 * wrong answers in a row go to people, and time runs out. Pure; a part of
 * rules.c's verdict.
 */
#include <stdlib.h>
#include <string.h>

#include <mado/text.h>

#include "rules_form.h"

enum { TRIES_MAX = 3, FIELD_MAX_CHARS = 300 };

/* --- is it an answer? */

static bool
is_number(const char *s)
{
	size_t n = strspn(s, "0123456789");

	if (s[n] == '.' && s[n + 1] != '\0')
		n += 1 + strspn(s + n + 1, "0123456789");
	return n > 0 && s[n] == '\0';
}

static bool
is_email(const char *s)
{
	const char *at = strchr(s, '@');
	const char *dot = at != NULL ? strrchr(at, '.') : NULL;

	return at != NULL && at > s && strchr(at + 1, '@') == NULL &&
	    dot != NULL && dot > at + 1 && dot[1] != '\0' &&
	    s[strcspn(s, " \t\n,<>")] == '\0';
}

static bool
is_phone(const char *s)
{
	size_t digits = 0;

	for (const char *p = s; *p != '\0'; p++)
		digits += *p >= '0' && *p <= '9';
	return digits >= 9 && digits <= 15 &&
	    s[strspn(s, "+0123456789-() ")] == '\0';
}

static bool
is_date(const char *s)
{
	int64_t from, to;

	return rules_dates_parse(&s, &from, &to) == 0 && *s == '\0' &&
	    from == to;
}

static bool
is_text(const char *s)
{
	return *s != '\0';
}

static bool (*const looks[])(const char *) = {[KIND_TEXT] = is_text,
    [KIND_NUMBER] = is_number,
    [KIND_EMAIL] = is_email,
    [KIND_PHONE] = is_phone,
    [KIND_DATE] = is_date};

/* Bytes of s that are at most max characters. */
static size_t
fit_chars(const char *s, size_t max)
{
	size_t n, chars = 0;

	for (n = 0; s[n] != '\0'; n++) {
		chars += ((unsigned char)s[n] & 0xc0) != 0x80;
		if (chars > max)
			break;
	}
	return n;
}

/* On one line, full-width letters and digits made narrow, no blanks around,
 * cut. */
static const char *
tidy(const char *text, struct arena *a)
{
	char *narrow = text_narrow(text), *s = narrow;
	const char *out;
	size_t n;

	for (char *p = s; *p != '\0'; p++)
		if (strchr("\t\n\r", *p) != NULL)
			*p = ' ';
	s += strspn(s, " ");
	n = fit_chars(s, FIELD_MAX_CHARS);
	while (n > 0 && s[n - 1] == ' ')
		n--;
	out = arena_strndup(a, s, n);
	x_free(narrow);
	return out;
}

/* The choice that was made, as the file writes it; NULL: none of them. */
static const char *
choice(const struct deciding *d, const struct rules_question *q)
{
	for (size_t i = 0; i < q->quick.n; i++)
		if (strcmp(rules_fold(d->a, q->quick.v[i]), d->folded) == 0)
			return q->quick.v[i];
	return NULL;
}

/* What is kept of the answer; NULL: it is none. */
static const char *
answer_of(const struct deciding *d, const struct rules_question *q)
{
	const char *s;

	if (d->folded == NULL)
		return NULL;
	if ((s = choice(d, q)) != NULL || q->only)
		return s;
	s = tidy(d->scene.in->text, d->a);
	return looks[q->kind](s) ? s : NULL;
}

/* --- asking */

static void
ask_it(struct deciding *d, const struct rules_form *f,
    const struct rules_question *q)
{
	struct rules_state *s = &d->out->state;
	struct strs labels = {
	    .v = arena_calloc(d->a, q->quick.n + 2, sizeof(*labels.v))};

	for (; labels.n < q->quick.n; labels.n++)
		labels.v[labels.n] = q->quick.v[labels.n];
	if (q->optional != NULL)
		labels.v[labels.n++] = q->optional;
	rules_say(d, q->text);
	rules_quick(d, &labels);
	s->form = arena_strdup(d->a, f->name);
	s->question = arena_strdup(d->a, q->name);
	s->at_ms = d->scene.in->now_ms;
}

void
rules_ask_begin(struct deciding *d, const struct rules_form *f)
{
	d->out->state.menu = NULL;
	d->out->state.tries = 0;
	ask_it(d, f, f->questions);
}

static void
stop(struct deciding *d)
{
	struct rules_state *s = &d->out->state;

	s->form = s->question = NULL;
	s->tries = 0;
}

static void
keep(struct deciding *d, const struct rules_question *q, const char *value)
{
	static const char *const prefixes[] = {
	    [TAG_CONVERSATION] = "", [TAG_CONTACT] = "@"};
	struct rules_verdict *out = d->out;

	if (q->field != NULL) {
		out->fields = arena_new_of(d->a, struct rules_field);
		out->fields[out->n_fields++] = (struct rules_field){
		    arena_strdup(d->a, q->field), arena_strdup(d->a, value)};
		d->scene.fields = out->fields;
		d->scene.n_fields = out->n_fields;
	}
	if (q->tag == TAG_NO)
		return;
	out->tags.v = arena_calloc(d->a, 1, sizeof(*out->tags.v));
	out->tags.v[out->tags.n++] =
	    arena_sprintf(d->a, "%s%s", prefixes[q->tag], value);
}

/* After a question: the next one, or what comes of all the answers. */
static void
go_on(struct deciding *d, const struct rules_form *f,
    const struct rules_question *q, const char *who)
{
	d->out->state.tries = 0;
	if (q->next != NULL) {
		ask_it(d, f, q->next);
		return;
	}
	stop(d);
	rules_do(d, &f->does, who);
}

static void
ask_again(struct deciding *d, const struct rules_form *f,
    const struct rules_question *q, const char *who)
{
	struct rules_do give_up = {.handoff = "no usable answer"};
	int64_t tries = d->out->state.tries + 1;

	if (tries >= TRIES_MAX) {
		stop(d);
		rules_do(d, &give_up, who);
		return;
	}
	rules_say(d, q->invalid);
	ask_it(d, f, q);
	d->out->state.tries = tries;
}

static bool
is_word(const struct strs *folded, const char *s)
{
	for (size_t i = 0; i < folded->n; i++)
		if (strcmp(folded->v[i], s) == 0)
			return true;
	return false;
}

static void
cancel(struct deciding *d, const struct rules_form *f)
{
	stop(d);
	rules_say(d, f->cancel_answer);
}

/* The question of the state, of a form and a file that still know it. */
static const struct rules_question *
question_of(const struct rules_form *f, const struct rules_state *s)
{
	const struct rules_question *q = f != NULL ? f->questions : NULL;

	while (q != NULL && strcmp(q->name, s->question) != 0)
		q = q->next;
	return q;
}

bool
rules_ask_take(struct deciding *d)
{
	struct rules_state *s = &d->out->state;
	const struct rules_form *f = rules_form_find(d->scene.r, s->form);
	const struct rules_question *q = question_of(f, s);
	const char *who, *value;

	if (q == NULL || d->scene.in->now_ms >= rules_due(d->scene.r, s)) {
		stop(d);
		return false;
	}
	who = arena_sprintf(d->a, "form %s: %s", f->name, q->name);
	d->out->act = RULES_ANSWER;
	d->out->why = who;
	if (d->folded != NULL && is_word(&f->cancel, d->folded))
		cancel(d, f);
	else if (d->folded != NULL && q->optional != NULL &&
	    strcmp(rules_fold(d->a, q->optional), d->folded) == 0)
		go_on(d, f, q, who);
	else if ((value = answer_of(d, q)) != NULL) {
		keep(d, q, value);
		go_on(d, f, q, who);
	} else
		ask_again(d, f, q, who);
	return true;
}

void
rules_ask_timeout(struct deciding *d)
{
	struct rules_state *s = &d->out->state;
	const struct rules_form *f =
	    s->form != NULL ? rules_form_find(d->scene.r, s->form) : NULL;
	struct rules_do does = {0};

	if (f != NULL && d->scene.in->now_ms < rules_due(d->scene.r, s))
		return;
	stop(d);
	if (f == NULL)
		return;
	does.answer = f->timeout_answer;
	does.handoff = f->timeout_handoff;
	rules_do(d, &does, arena_sprintf(d->a, "form %s: no answer", f->name));
}
