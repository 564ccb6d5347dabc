/*
 * The bot's verdict by rules.conf: which rule, menu or questionnaire what
 * happened belongs to. Must not send, store or ask the clock, so that it can be
 * tested and replayed; what the file says is rules_read.c's. Asked by bot.c for
 * each message of a conversation in mode auto, and when a customer follows.
 */
#include <string.h>

#include "rules_form.h"
#include "rules_state.h"

enum { MENU_MS = 30 * 60 * 1000 };

const struct rules_menu *
rules_menu_find(const struct rules *r, const char *name)
{
	for (size_t i = 0; i < r->n_menus; i++)
		if (strcmp(r->menus[i]->name, name) == 0)
			return r->menus[i];
	return NULL;
}

const struct rules_form *
rules_form_find(const struct rules *r, const char *name)
{
	for (size_t i = 0; i < r->n_forms; i++)
		if (strcmp(r->forms[i]->name, name) == 0)
			return r->forms[i];
	return NULL;
}

/* --- what is done */

void
rules_say(struct deciding *d, const char *text)
{
	struct bubble u = {.text = rules_expand(text, &d->scene, d->a)};

	if (u.text == NULL || u.text[strspn(u.text, " \n\t")] == '\0')
		return;
	bubble_add(&d->out->says, u);
	/* buttons show under the last bubble only */
	d->out->quick.n = 0;
}

void
rules_quick(struct deciding *d, const struct strs *labels)
{
	d->out->quick.n = 0;
	for (size_t i = 0; i < labels->n; i++) {
		const char *label = arena_strdup(d->a, labels->v[i]);

		quick_add(&d->out->quick,
		    (struct quick){.label = label, .text = label});
	}
}

static void
add_tag(struct deciding *d, const char *tag)
{
	struct strs *t = &d->out->tags;
	const char **v = arena_calloc(d->a, t->n + 1, sizeof(*v));

	if (t->n > 0)
		memcpy(v, t->v, t->n * sizeof(*v));
	v[t->n++] = arena_strdup(d->a, tag);
	t->v = v;
}

/* What was under way ends where people take over; told once, when. */
static void
courtesy(struct deciding *d)
{
	const struct rules *r = d->scene.r;
	struct rules_state *s = &d->out->state;
	bool open = rules_hours_open(&r->hours, d->scene.now);
	const char *text = open || r->handoff_closed == NULL
	    ? r->handoff_open
	    : r->handoff_closed;

	s->menu = s->form = s->question = NULL;
	if (text == NULL || s->told == d->scene.in->conversation)
		return;
	rules_say(d, text);
	s->told = d->scene.in->conversation;
}

void
rules_do(struct deciding *d, const struct rules_do *does, const char *who)
{
	struct rules_verdict *out = d->out;

	out->act = RULES_ANSWER;
	out->why = who;
	for (size_t i = 0; i < does->tags.n; i++)
		add_tag(d, does->tags.v[i]);
	rules_say(d, does->answer);
	if (does->quick.n > 0)
		rules_quick(d, &does->quick);
	if (does->menu != NULL)
		rules_menu_show(d, does->menu);
	if (does->form != NULL)
		rules_ask_begin(d, does->form);
	if (does->handoff == NULL)
		return;
	out->act = RULES_HANDOFF;
	out->why = arena_sprintf(d->a, "%s (%s)", does->handoff, who);
	courtesy(d);
}

/* --- which rule */

static bool
has_words(const struct rule *u)
{
	return u->exact.n + u->contains.n + u->postback.n > 0;
}

static bool
is_in(const struct strs *list, const char *s)
{
	for (size_t i = 0; s != NULL && i < list->n; i++)
		if (strcmp(list->v[i], s) == 0)
			return true;
	return false;
}

static bool
words_match(const struct deciding *d, const struct rule *u)
{
	const struct rules_input *in = d->scene.in;

	if (!has_words(u))
		return true;
	if (in->tapped && is_in(&u->postback, in->text))
		return true;
	if (is_in(&u->exact, d->folded))
		return true;
	for (size_t i = 0; d->folded != NULL && i < u->contains.n; i++)
		if (strstr(d->folded, u->contains.v[i]) != NULL)
			return true;
	return false;
}

static bool
event_matches(const struct rules_input *in, const struct rule *u)
{
	if (u->on == ON_FOLLOW)
		return in->event == RULES_FOLLOW;
	return in->event == RULES_MESSAGE && (u->on != ON_OPENED || in->opened);
}

static bool
time_matches(const struct deciding *d, const struct rule *u)
{
	struct rules_clock now = d->scene.now;
	bool open;

	if ((u->from != 0 && now.day < u->from) ||
	    (u->until != 0 && now.day > u->until))
		return false;
	if (u->when == WHEN_ANY)
		return true;
	open = rules_hours_open(&d->scene.r->hours, now);
	return open == (u->when == WHEN_OPEN);
}

static struct rules_once *
once_find(struct rules_state *s, const char *rule)
{
	for (size_t i = 0; i < s->n_once; i++)
		if (strcmp(s->once[i].rule, rule) == 0)
			return &s->once[i];
	return NULL;
}

static bool
once_over(const struct deciding *d, const struct rule *u)
{
	const struct rules_once *o = once_find(&d->out->state, u->name);
	struct rules_clock then;

	if (u->once == ONCE_NEVER || o == NULL)
		return false;
	if (u->once == ONCE_CONVERSATION)
		return o->conversation == d->scene.in->conversation;
	if (u->once == ONCE_CUSTOMER)
		return true;
	rules_clock_at(o->at_ms, &then);
	return then.day == d->scene.now.day;
}

/* Of rules that the file has no more nothing is kept. */
static void
once_forget(const struct rules *r, struct rules_state *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->n_once; i++)
		for (size_t j = 0; j < r->n; j++)
			if (strcmp(s->once[i].rule, r->v[j]->name) == 0 &&
			    r->v[j]->once != ONCE_NEVER) {
				s->once[kept++] = s->once[i];
				break;
			}
	s->n_once = kept;
}

static void
once_note(struct deciding *d, const struct rule *u)
{
	struct rules_state *s = &d->out->state;
	struct rules_once *o, *more;

	if (u->once == ONCE_NEVER)
		return;
	if ((o = once_find(s, u->name)) == NULL) {
		more = arena_calloc(d->a, s->n_once + 1, sizeof(*more));
		if (s->n_once > 0)
			memcpy(more, s->once, s->n_once * sizeof(*more));
		s->once = more;
		o = &more[s->n_once++];
		o->rule = arena_strdup(d->a, u->name);
	}
	o->at_ms = d->scene.in->now_ms;
	o->conversation = d->scene.in->conversation;
}

static bool
rule_matches(const struct deciding *d, const struct rule *u)
{
	const struct rules_input *in = d->scene.in;

	return event_matches(in, u) && words_match(d, u) &&
	    (u->channel.n == 0 || in->channel == NULL ||
		is_in(&u->channel, in->channel)) &&
	    time_matches(d, u) && !once_over(d, u);
}

static void
rule_act(struct deciding *d, const struct rule *u)
{
	once_note(d, u);
	d->out->rule = arena_strdup(d->a, u->name);
	rules_do(d, &u->does, arena_sprintf(d->a, "rule %s", u->name));
}

/* The first that matches acts; of those that go on, all before it, too. */
static void
by_rules(struct deciding *d)
{
	const struct rules *r = d->scene.r;

	for (size_t i = 0; i < r->n; i++) {
		if (!rule_matches(d, r->v[i]))
			continue;
		rule_act(d, r->v[i]);
		if (!r->v[i]->goes_on)
			return;
		d->out->act = RULES_NONE;
	}
	d->out->why = "no rule";
	d->out->rule = NULL;
}

/* Whoever is asked something may ask for a person instead. */
static bool
asked_person(struct deciding *d)
{
	const struct rules *r = d->scene.r;

	for (size_t i = 0; i < r->n; i++)
		if (r->v[i]->does.handoff != NULL && has_words(r->v[i]) &&
		    rule_matches(d, r->v[i])) {
			rule_act(d, r->v[i]);
			return true;
		}
	return false;
}

/* --- deciding */

/* Words are looked for in what was typed or tapped, not in our renderings. */
static const char *
folded_text(const struct rules_input *in, struct arena *a)
{
	if (in->event != RULES_MESSAGE || in->text == NULL ||
	    (in->msg_type != MSG_TEXT && in->msg_type != MSG_EVENT))
		return NULL;
	return rules_fold(a, in->text);
}

static void
begin(struct deciding *d, const struct rules *r, const struct rules_input *in,
    struct arena *a, struct rules_verdict *out)
{
	static const struct rules_state nothing;
	struct rules_state *s = &out->state;
	int64_t menu_ms = rules_bot(r)->menu_ms;

	*d = (struct deciding){.scene = {.r = r, .in = in},
	    .a = a,
	    .folded = folded_text(in, a),
	    .out = out};
	rules_clock_at(in->now_ms, &d->scene.now);
	rules_state_copy(in->state != NULL ? in->state : &nothing, a, s);
	if (r == NULL)
		return;
	once_forget(r, s);
	if (in->now_ms >= s->at_ms + menu_ms)
		s->menu = NULL;
}

void
rules_decide(const struct rules *r, const struct rules_input *in,
    struct arena *a, struct rules_verdict *out)
{
	struct deciding d;

	*out = (struct rules_verdict){.act = RULES_NONE, .why = "no rule"};
	begin(&d, r, in, a, out);
	if (r == NULL)
		return;
	if (in->event == RULES_TIMEOUT) {
		rules_ask_timeout(&d);
		return;
	}
	if (in->event == RULES_MESSAGE && out->state.form != NULL &&
	    (asked_person(&d) || rules_ask_take(&d)))
		return;
	if (in->event == RULES_MESSAGE && rules_menu_take(&d))
		return;
	by_rules(&d);
}

void
rules_hand_over(const struct rules *r, const struct rules_input *in,
    struct arena *a, struct rules_verdict *out)
{
	struct rules_verdict sofar = *out;
	struct deciding d;

	if (r == NULL)
		return;
	begin(&d, r, in, a, out);
	if (sofar.why != NULL)
		out->state = sofar.state;
	else
		out->why = "no rule";
	rules_say(&d, r->bot.no_match);
	courtesy(&d);
}

bool
rules_is_open(const struct rules *r, int64_t now_ms)
{
	struct rules_clock at;

	if (r == NULL || !r->hours.given)
		return true;
	rules_clock_at(now_ms, &at);
	return rules_hours_open(&r->hours, at);
}

const struct rules_bot *
rules_bot(const struct rules *r)
{
	static const struct rules_bot none = {
	    .max_per_hour = BOT_MAX_PER_HOUR, .menu_ms = MENU_MS};

	return r != NULL ? &r->bot : &none;
}

bool
rules_wants_queue(const struct rules *r)
{
	return r != NULL && r->wants_queue;
}

int64_t
rules_due(const struct rules *r, const struct rules_state *s)
{
	const struct rules_form *f =
	    r != NULL && s->form != NULL ? rules_form_find(r, s->form) : NULL;

	return f != NULL ? s->at_ms + f->timeout_ms : 0;
}

void
rules_free(struct rules *r)
{
	if (r == NULL)
		return;
	arena_free(r->a);
	x_free(r);
}
