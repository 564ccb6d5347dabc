/*
 * Plays the script. An actor is at one step; steps that send run through at
 * once, steps that wait arm the timer or wait for actors_received(). Beside
 * that it may be about to react (stars, a comment, a word of thanks), on a
 * second timer. main.c starts it, send.c tells it what arrived.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mado/buf.h>
#include <mado/log.h>
#include <mado/mem.h>
#include <mado/when.h>

#include "act.h"
#include "actor.h"

enum {
	STARS_MIN_MS = 3000, /* from the survey to the tap */
	STARS_MAX_MS = 12000,
	COMMENT_MIN_MS = 4000,
	COMMENT_MAX_MS = 15000,
	REACT_MIN_MS = 4000, /* from an answer to "otherwise" */
	REACT_MAX_MS = 15000,
	REACT_EVERY_MS = 45000
};

enum reaction { REACT_NONE, REACT_STARS, REACT_COMMENT, REACT_OTHERWISE };

struct actor {
	struct actors *all;
	const struct customer *who;
	struct place place;
	struct rng rng; /* of its own: what others do changes nothing */
	size_t step;
	struct timer *timer;
	struct timer *react_timer;
	enum reaction reaction;
	int64_t wrote_ms; /* when it last wrote */
	int64_t reacted_ms;
	int answers, persons; /* received since it last wrote */
	bool waiting;         /* at STEP_ANSWER or STEP_PERSON */
	size_t nag;           /* the next one to say */
	int64_t said;         /* for {n} */
};

struct actors {
	struct sim *s;
	struct actor **v;
	size_t n;
};

static void actor_run(void *arg);

static int64_t
actor_span(struct actor *a, struct span span)
{
	int64_t ms = rng_range(&a->rng, span.min_ms, span.max_ms);

	return (int64_t)((double)ms / a->all->s->opts.speed);
}

static const struct step *
actor_step(const struct actor *a)
{
	return a->step < a->who->n ? &a->who->steps[a->step] : NULL;
}

static void
actor_wrote(struct actor *a)
{
	a->wrote_ms = when_mono_ms();
	a->answers = 0;
	a->persons = 0;
}

/* One of the texts, with {n} and {name} filled in. Caller frees. */
static char *
actor_text(struct actor *a, const struct texts *t)
{
	const char *p = t->v[rng_range(&a->rng, 0, (int64_t)t->n - 1)];
	struct buf b = {0};

	for (; *p != '\0'; p++) {
		if (strncmp(p, "{n}", 3) == 0) {
			buf_printf(&b, "%lld", (long long)a->said);
			p += 2;
		} else if (strncmp(p, "{name}", 6) == 0) {
			buf_puts(&b, a->place.who->display);
			p += 5;
		} else {
			buf_putc(&b, *p);
		}
	}
	return buf_take(&b);
}

static void
actor_say(struct actor *a, const struct act *act, const struct texts *t)
{
	struct event_ids ids;
	struct err e = {0};
	char *text;

	a->said++;
	text = actor_text(a, t);
	if (act_do(a->all->s, &a->place, act, text, &ids, &e) != 0)
		log_warn("%s: %s", a->who->name, e.msg);
	x_free(text);
	actor_wrote(a);
}

static void
actor_go(struct actor *a, int64_t ms)
{
	timer_set(a->timer, ms > 0 ? ms : 1);
}

/* Steps. Each returns true when the next one may run at once. */

static bool
step_act(struct actor *a, const struct step *step)
{
	actor_say(a, act_of_step(step->op), &step->texts);
	return true;
}

static bool
step_follow(struct actor *a, const struct step *step)
{
	struct event_ids ids = {0};

	(void)step;
	events_follow(a->all->s, a->place.who, &ids);
	return true;
}

static bool
step_unfollow(struct actor *a, const struct step *step)
{
	struct event_ids ids = {0};

	(void)step;
	events_unfollow(a->all->s, a->place.who, &ids);
	return true;
}

static bool
step_unsend(struct actor *a, const struct step *step)
{
	struct event_ids ids = {0};

	(void)step;
	if (a->place.who->last_message[0] != '\0')
		events_unsend(
		    a->all->s, &a->place, a->place.who->last_message, &ids);
	return true;
}

/* Nothing to tap is no error: the account may not have offered anything. */
static bool
step_tap(struct actor *a, const struct step *step)
{
	struct event_ids ids;
	struct err e = {0};
	char *label = actor_text(a, &step->texts);

	if (tap_label(a->all->s, &a->place, label, &ids, &e) == 0)
		actor_wrote(a);
	x_free(label);
	return true;
}

static bool
step_in(struct actor *a, const struct step *step)
{
	struct chat *chat = NULL;

	if (strcmp(step->texts.v[0], "private") != 0)
		chat = people_find(&a->all->s->people, step->texts.v[0]);
	if (chat != NULL)
		chat_add_member(chat, a->place.who);
	a->place.where = chat;
	return true;
}

static bool
step_wait(struct actor *a, const struct step *step)
{
	a->step++;
	actor_go(a, actor_span(a, step->span));
	return false;
}

static bool
is_answered(const struct actor *a, const struct step *step)
{
	return (step->op == STEP_PERSON ? a->persons : a->answers) > 0;
}

/* Arm the timer for the next nag, or for the end of patience. */
static void
wait_arm(struct actor *a, const struct step *step)
{
	struct span span = step->span;

	if (a->nag < step->nags_n)
		span = step->nags[a->nag].after;
	if (span.max_ms > 0)
		actor_go(a, actor_span(a, span));
}

static bool
step_answer(struct actor *a, const struct step *step)
{
	if (is_answered(a, step))
		return true;
	a->waiting = true;
	a->nag = 0;
	wait_arm(a, step);
	return false;
}

static bool
step_again(struct actor *a, const struct step *step)
{
	a->step = a->who->begin;
	actor_go(a, actor_span(a, step->span));
	return false;
}

static bool (*const step_fns[])(struct actor *, const struct step *) = {
    [STEP_SAY] = step_act,
    [STEP_STICKER] = step_act,
    [STEP_IMAGE] = step_act,
    [STEP_IMAGES] = step_act,
    [STEP_VIDEO] = step_act,
    [STEP_AUDIO] = step_act,
    [STEP_FILE] = step_act,
    [STEP_LOCATION] = step_act,
    [STEP_POSTBACK] = step_act,
    [STEP_EVENT] = step_act,
    [STEP_FOLLOW] = step_follow,
    [STEP_UNFOLLOW] = step_unfollow,
    [STEP_UNSEND] = step_unsend,
    [STEP_TAP] = step_tap,
    [STEP_IN] = step_in,
    [STEP_WAIT] = step_wait,
    [STEP_ANSWER] = step_answer,
    [STEP_PERSON] = step_answer,
    [STEP_AGAIN] = step_again,
};

/* The wait ran out: nag while there is something to say, else go on. */
static void
wait_over(struct actor *a, const struct step *step)
{
	struct texts t;

	if (a->nag >= step->nags_n) {
		a->waiting = false;
		a->step++;
		return;
	}
	t = (struct texts){&step->nags[a->nag].text, 1};
	actor_say(a, act_of_step(STEP_SAY), &t);
	a->nag++;
	wait_arm(a, step);
}

static void
actor_run(void *arg)
{
	struct actor *a = arg;
	const struct step *step = actor_step(a);

	if (a->waiting && step != NULL)
		wait_over(a, step);
	while (!a->waiting && (step = actor_step(a)) != NULL &&
	    step_fns[step->op](a, step))
		a->step++;
}

/* The case is closed: go on where it starts again, if it does. */
static void
actor_close(struct actor *a)
{
	size_t i;

	for (i = a->step; i < a->who->n; i++)
		if (a->who->steps[i].op == STEP_AGAIN)
			break;
	if (i == a->who->n)
		return;
	a->step = i;
	a->waiting = false;
	actor_go(a, 1);
}

static void
react_later(struct actor *a, enum reaction r, struct span span)
{
	a->reaction = r;
	timer_set(a->react_timer, actor_span(a, span) + 1);
}

static void
react_stars(struct actor *a)
{
	int stars =
	    (int)rng_range(&a->rng, a->who->stars_min, a->who->stars_max);
	struct texts t = {.n = 1};
	struct event_ids ids;
	struct err e = {0};
	char text[8], *lent = text;

	snprintf(text, sizeof(text), a->who->types_stars ? "%d" : "#%d", stars);
	t.v = &lent;
	if (a->who->types_stars)
		actor_say(a, act_of_step(STEP_SAY), &t);
	else if (tap_label(a->all->s, &a->place, text, &ids, &e) == 0)
		actor_wrote(a);
	if (a->who->comment.n > 0)
		react_later(a, REACT_COMMENT,
		    (struct span){COMMENT_MIN_MS, COMMENT_MAX_MS});
	else
		actor_close(a);
}

static void
actor_react(void *arg)
{
	struct actor *a = arg;
	enum reaction r = a->reaction;

	a->reaction = REACT_NONE;
	if (r == REACT_STARS) {
		react_stars(a);
	} else if (r == REACT_COMMENT) {
		actor_say(a, act_of_step(STEP_SAY), &a->who->comment);
		actor_close(a);
	} else if (r == REACT_OTHERWISE) {
		actor_say(a, act_of_step(STEP_SAY), &a->who->otherwise);
		a->reacted_ms = when_mono_ms();
	}
}

/* An answer that no step waits for. */
static void
react_otherwise(struct actor *a, int64_t now_ms)
{
	if (a->who->otherwise.n == 0 || a->persons == 0 ||
	    a->reaction != REACT_NONE)
		return;
	if (a->reacted_ms > 0 && now_ms - a->reacted_ms < REACT_EVERY_MS)
		return;
	react_later(
	    a, REACT_OTHERWISE, (struct span){REACT_MIN_MS, REACT_MAX_MS});
}

static void
actor_received(struct actor *a, const cJSON *message)
{
	int64_t now_ms = when_mono_ms();
	const struct step *step = actor_step(a);

	if (tap_is_survey(message)) {
		if (a->who->stars_min > 0)
			react_later(a, REACT_STARS,
			    (struct span){STARS_MIN_MS, STARS_MAX_MS});
		return;
	}
	a->answers++;
	if (now_ms - a->wrote_ms >= a->all->s->opts.person_ms)
		a->persons++;
	if (!a->waiting || step == NULL) {
		react_otherwise(a, now_ms);
	} else if (is_answered(a, step)) {
		a->waiting = false;
		a->step++;
		actor_go(a, 1);
	}
}

void
actors_received(struct actors *all, struct chat *chat, const cJSON *message)
{
	size_t i;

	if (chat->kind == CHAT_USER) {
		if (chat->actor != NULL && chat->actor->place.where == NULL)
			actor_received(chat->actor, message);
		return;
	}
	for (i = 0; i < all->n; i++)
		if (all->v[i]->place.where == chat)
			actor_received(all->v[i], message);
}

/* Setting up */

static void
chat_dress(struct chat *c, const struct customer *w, int copy)
{
	char *numbered;

	if (w->display != NULL)
		chat_set_display(c, w->display);
	if (w->copies > 1) {
		numbered = x_sprintf("%s %d", c->display, copy);
		chat_set_display(c, numbered);
		x_free(numbered);
	}
	c->language = x_strdup(w->language);
	c->picture = x_strdup(w->picture);
	c->status = x_strdup(w->status);
	c->is_friend = w->is_friend;
}

static void
actors_add(struct actors *all, const struct customer *w, int copy)
{
	struct actor *a = x_new(struct actor);
	char *name = w->copies > 1 ? x_sprintf("%s-%d", w->name, copy)
				   : x_strdup(w->name);

	a->all = all;
	a->who = w;
	a->place.who = people_add(&all->s->people, CHAT_USER, name);
	rng_init(&a->rng, (uint64_t)all->s->opts.seed, name);
	x_free(name);
	chat_dress(a->place.who, w, copy);
	a->place.who->actor = a;
	a->timer = timer_new(all->s->loop, actor_run, a);
	a->react_timer = timer_new(all->s->loop, actor_react, a);
	all->v = x_realloc(all->v, all->n + 1, sizeof(*all->v));
	all->v[all->n++] = a;
	actor_go(a, 1);
}

static void
groups_add(struct sim *s, const struct script *script)
{
	const struct group *g;
	struct chat *c;
	size_t i;

	for (i = 0; i < script->groups_n; i++) {
		g = &script->groups[i];
		c = people_add(
		    &s->people, g->room ? CHAT_ROOM : CHAT_GROUP, g->name);
		if (g->display != NULL)
			chat_set_display(c, g->display);
		c->picture = x_strdup(g->picture);
	}
}

struct actors *
actors_new(struct sim *s)
{
	struct actors *all = x_new(struct actors);
	size_t i;
	int copy;

	all->s = s;
	if (s->script == NULL)
		return all;
	groups_add(s, s->script);
	for (i = 0; i < s->script->n; i++)
		for (copy = 1; copy <= s->script->customers[i].copies; copy++)
			actors_add(all, &s->script->customers[i], copy);
	return all;
}

void
actors_free(struct actors *all)
{
	size_t i;

	if (all == NULL)
		return;
	for (i = 0; i < all->n; i++) {
		timer_free(all->v[i]->timer);
		timer_free(all->v[i]->react_timer);
		x_free(all->v[i]);
	}
	x_free(all->v);
	x_free(all);
}
