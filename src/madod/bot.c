/*
 * What the bot does about a message: see bot.h. Must not send, store, read the
 * clock or ask a model: all it goes by is handed to it. Asked by act_bot.c for
 * customers, and by whoever rehearses.
 */
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "bot.h"

const char *const bot_outcome_names[] = {[BOT_HANDOFF] = "handoff",
    [BOT_ANSWER] = "answer",
    [BOT_OFFER] = "offer",
    [BOT_SUGGEST] = "suggest",
    NULL};
const char *const bot_by_names[] = {[BOT_BY_NOBODY] = "nobody",
    [BOT_BY_GUARD] = "guard",
    [BOT_BY_TAP] = "tap",
    [BOT_BY_RULE] = "rule",
    [BOT_BY_FAQ] = "faq",
    [BOT_BY_ADVISER] = "adviser",
    [BOT_BY_GROUP] = "group",
    NULL};

enum { TITLE_GRAPHEMES = 24 }; /* of a question in a line */

/* By the contact's language; the first is the default. */
static const struct words {
	const char *language, *offer, *person;
} words[] = {
    {"ja", "お問い合わせは、次のどれに近いですか？", "担当者と話す"},
    {"en", "Is it one of these?", "Talk to a person"},
    {"th", "ใช่เรื่องเหล่านี้หรือไม่", "คุยกับเจ้าหน้าที่"},
    {"zh", "您的問題是下列哪一項？", "真人客服"},
    {"ko", "다음 중 하나인가요?", "상담원 연결"},
    {"id", "Apakah salah satu dari ini?", "Bicara dengan staf"},
};

static const struct words *
words_of(const char *language)
{
	size_t n = sizeof(words) / sizeof(words[0]);

	for (size_t i = 0; language != NULL && i < n; i++)
		if (strncmp(language, words[i].language, 2) == 0)
			return &words[i];
	return &words[0];
}

static const struct tap {
	const char *prefix;
	enum bot_tap tap;
} taps[] = {
    {TAP_FAQ, BOT_TAP_FAQ},
    {TAP_PERSON, BOT_TAP_PERSON},
};

enum bot_tap
bot_tap_parse(const char *data, const char **id, int64_t *question)
{
	const char *number;
	char *end;

	*id = NULL;
	*question = 0;
	for (size_t i = 0; data != NULL && i < sizeof(taps) / sizeof(taps[0]);
	     i++) {
		number = data + strlen(taps[i].prefix);
		if (strncmp(data, taps[i].prefix, strlen(taps[i].prefix)) != 0)
			continue;
		number += *number == ':';
		*question = strtoll(number, &end, 10);
		if (taps[i].tap == BOT_TAP_PERSON)
			return *end == '\0' ? BOT_TAP_PERSON : BOT_TAP_NONE;
		*id = end + 1;
		return *end == ':' && end[1] != '\0' ? BOT_TAP_FAQ
						     : BOT_TAP_NONE;
	}
	return BOT_TAP_NONE;
}

struct bot_guess *
bot_guess_copy(
    const struct faq *f, const struct faq_verdict *v, struct arena *a)
{
	struct bot_guess *g = arena_new_of(a, struct bot_guess);

	g->outcome = v->outcome;
	g->confidence = v->confidence;
	g->answer_at = v->answer_at;
	g->offer_at = v->offer_at;
	g->why = v->why;
	g->n_signals = v->n_signals;
	memcpy(g->signals, v->signals, sizeof(g->signals));
	for (; g->n < v->n; g->n++) {
		struct bot_pick *p = &g->picks[g->n];
		const char *question = "", *answer = "";

		faq_entry(f, v->ids[g->n], &question, &answer);
		p->id = arena_strdup(a, v->ids[g->n]);
		p->question = arena_strdup(a, question);
		p->answer = arena_strdup(a, answer);
		p->beside = arena_strdup(a, faq_beside(f, p->id));
		p->score = v->scores[g->n];
	}
	return g;
}

struct bot_pick *
bot_pick_keep(const struct bot_pick *p, struct arena *a)
{
	struct bot_pick *to = arena_new_of(a, struct bot_pick);

	*to = (struct bot_pick){.id = arena_strdup(a, p->id),
	    .question = arena_strdup(a, p->question),
	    .answer = arena_strdup(a, p->answer),
	    .beside = arena_strdup(a, p->beside),
	    .score = p->score};
	return to;
}

struct bot_guess *
bot_guess_keep(const struct bot_guess *g, struct arena *a)
{
	struct bot_guess *to;

	if (g == NULL)
		return NULL;
	to = arena_new_of(a, struct bot_guess);
	*to = *g;
	for (size_t i = 0; i < g->n; i++)
		to->picks[i] = *bot_pick_keep(&g->picks[i], a);
	return to;
}

static const char *
title(const struct bot_pick *p, struct arena *a)
{
	return bubble_cut(p->question, TITLE_GRAPHEMES, a);
}

static void
say_text(struct bot_verdict *out, const char *text)
{
	if (text != NULL)
		bubble_add(&out->says, (struct bubble){.text = text});
}

/* To people. */
static void
hand_over(struct bot_verdict *out, enum bot_by by, const char *why)
{
	out->outcome = BOT_HANDOFF;
	out->by = by;
	out->why = why;
}

/* And what the rules have a customer told then. */
static void
say_handed_over(struct bot_verdict *out, const struct rules *r,
    const struct bot_input *in, struct arena *a)
{
	rules_hand_over(r, &in->rules, a, &out->ruled);
	out->says = out->ruled.says;
	out->quick = out->ruled.quick;
}

static void
by_rule(struct bot_verdict *out)
{
	const struct rules_verdict *v = &out->ruled;

	out->outcome = v->act == RULES_HANDOFF ? BOT_HANDOFF : BOT_ANSWER;
	out->by = BOT_BY_RULE;
	out->why = v->why;
	out->rule = v->rule;
}

static void
answer(struct bot_verdict *out, enum bot_by by, const struct bot_input *in,
    struct arena *a)
{
	const struct bot_pick *p = &in->guess->picks[0];

	out->outcome = BOT_ANSWER;
	out->by = by;
	out->faq = p->id;
	out->why = by == BOT_BY_TAP
	    ? arena_sprintf(a, "FAQ %s, tapped", title(p, a))
	    : arena_sprintf(
		  a, "FAQ %s %.2f", title(p, a), in->guess->confidence);
	answer_say(&(struct answer){p->answer, p->beside ? p->beside : "",
		       in->rules.contact_name, in->rules.conversation},
	    a, &out->says, &out->quick);
}

static void
offer(struct bot_verdict *out, const struct rules_bot *bot,
    const struct bot_input *in, struct arena *a)
{
	const struct bot_guess *g = in->guess;
	const struct words *w = words_of(in->rules.contact_language);
	const char *text = bot->offer != NULL ? bot->offer : w->offer;

	out->outcome = BOT_OFFER;
	out->by = BOT_BY_FAQ;
	out->why = arena_sprintf(a, "FAQ %s %.2f < %.2f: offered",
	    title(&g->picks[0], a), g->confidence, g->answer_at);
	for (size_t i = 0; i < g->n; i++) {
		const struct bot_pick *p = &g->picks[i];

		text =
		    arena_sprintf(a, "%s\n%zu. %s", text, i + 1, p->question);
		quick_add(&out->quick,
		    (struct quick){.label = p->question,
			.text = p->question,
			.data = arena_sprintf(a, TAP_FAQ "%lld:%s",
			    (long long)in->message, p->id)});
	}
	say_text(out, text);
	quick_add(&out->quick,
	    (struct quick){
		.label = bot->person != NULL ? bot->person : w->person,
		.data = arena_sprintf(
		    a, TAP_PERSON ":%lld", (long long)in->message)});
}

static const char *
unsure(const struct bot_guess *g, struct arena *a)
{
	if (g->n == 0)
		return arena_sprintf(a, "no FAQ: %s", g->why);
	return arena_sprintf(
	    a, "FAQ score %.2f < %.2f", g->confidence, g->offer_at);
}

static void
by_faq(struct bot_verdict *out, const struct rules *r,
    const struct bot_input *in, struct arena *a)
{
	const struct bot_guess *g = in->guess;

	if (g->outcome == FAQ_ANSWER && g->n > 0) {
		answer(out, BOT_BY_FAQ, in, a);
		return;
	}
	if (g->outcome == FAQ_OFFER && g->n > 0) {
		offer(out, rules_bot(r), in, a);
		return;
	}
	hand_over(out, BOT_BY_FAQ, unsure(g, a));
	say_handed_over(out, r, in, a);
}

/* What an adviser says, if that may be followed. */
static bool
by_adviser(struct bot_verdict *out, const struct rules *r,
    const struct bot_input *in, struct arena *a)
{
	const struct advice *w = in->advice;
	const struct bot_pick *p;

	if (w == NULL || w->error != NULL)
		return false;
	if (w->handoff) {
		hand_over(out, BOT_BY_ADVISER, advice_why(w, a));
		say_handed_over(out, r, in, a);
		return true;
	}
	p = w->entry;
	out->outcome = BOT_ANSWER;
	out->by = BOT_BY_ADVISER;
	out->faq = p != NULL ? p->id : w->faq;
	out->why = advice_why(w, a);
	answer_say(&(struct answer){p != NULL ? p->answer : w->answer,
		       p != NULL && p->beside != NULL ? p->beside : "",
		       in->rules.contact_name, in->rules.conversation},
	    a, &out->says, &out->quick);
	return true;
}

static void
by_tap(struct bot_verdict *out, const struct rules *r,
    const struct bot_input *in, struct arena *a)
{
	if (in->tap == BOT_TAP_FAQ && in->guess != NULL && in->guess->n > 0) {
		answer(out, BOT_BY_TAP, in, a);
		return;
	}
	hand_over(out, BOT_BY_TAP,
	    in->tap == BOT_TAP_PERSON ? "asked for a person"
				      : "the FAQ that was tapped is gone");
	say_handed_over(out, r, in, a);
}

/* What people may start from: an answer that the FAQs might have given. */
static const char *
suggestion(const struct bot_input *in, struct arena *a)
{
	const struct bot_guess *g = in->guess;
	struct bubbles says = {.n = 0};
	struct quicks quick = {.n = 0};

	if (g == NULL || g->n == 0 || g->outcome == FAQ_HANDOFF)
		return NULL;
	answer_say(&(struct answer){g->picks[0].answer, "",
		       in->rules.contact_name, in->rules.conversation},
	    a, &says, &quick);
	return says.v[0].text;
}

static void
decide(const struct rules *r, const struct bot_input *in, struct arena *a,
    struct bot_verdict *out)
{
	const struct rules_bot *bot = rules_bot(r);

	if (in->said >= bot->max_per_hour) {
		hand_over(out, BOT_BY_GUARD,
		    arena_sprintf(a, "%lld automatic messages within an hour",
			(long long)in->said));
		return;
	}
	if (in->tap != BOT_TAP_NONE) {
		by_tap(out, r, in, a);
		return;
	}
	if (!in->overtaken)
		rules_decide(r, &in->rules, a, &out->ruled);
	out->says = out->ruled.says;
	out->quick = out->ruled.quick;
	if (out->ruled.act != RULES_NONE)
		by_rule(out);
	else if (in->rules.overheard && bot->groups == 0)
		hand_over(out, BOT_BY_GROUP, "in a group, not said to the bot");
	else if (by_adviser(out, r, in, a))
		return;
	else if (in->guess != NULL)
		by_faq(out, r, in, a);
	else {
		hand_over(out, BOT_BY_NOBODY, "no rule");
		say_handed_over(out, r, in, a);
	}
}

void
bot_decide(const struct rules *r, const struct bot_input *in, struct arena *a,
    struct bot_verdict *out)
{
	*out = (struct bot_verdict){.advice = in->advice};
	decide(r, in, a, out);
	if (out->outcome == BOT_HANDOFF)
		out->suggestion = suggestion(in, a);
}

bool
bot_wants_advice(const struct advice_policy *p, const struct bot_input *in,
    const struct bot_verdict *v)
{
	if (p == NULL || p->url == NULL || in->advice != NULL ||
	    in->rules.tapped || in->rules.msg_type != MSG_TEXT ||
	    (v->by != BOT_BY_FAQ && v->by != BOT_BY_NOBODY))
		return false;
	if (p->protocol == ADVICE_OPENAI &&
	    (in->guess == NULL || in->guess->n == 0))
		return false; /* nothing that it may answer from */
	return p->ask == ADVICE_ALWAYS || v->outcome != BOT_ANSWER;
}

const char *
bot_guesses(const struct bot_guess *g, struct arena *a)
{
	const char *s = NULL;

	for (size_t i = 0; g != NULL && i < g->n; i++)
		s = i == 0
		    ? arena_sprintf(
			  a, "%s %.2f", title(&g->picks[i], a), g->confidence)
		    : arena_sprintf(a, "%s, %s", s, title(&g->picks[i], a));
	return s;
}

void
bot_suggest(
    const struct bot_input *in, struct arena *a, struct bot_verdict *out)
{
	const struct bot_guess *g = in->guess;

	*out = (struct bot_verdict){
	    .outcome = BOT_SUGGEST, .why = "people are in charge"};
	if (g == NULL || g->n == 0 || g->outcome == FAQ_HANDOFF)
		return;
	out->by = BOT_BY_FAQ;
	out->faq = g->picks[0].id;
	out->why = arena_sprintf(
	    a, "FAQ %s %.2f: suggested", title(&g->picks[0], a), g->confidence);
	out->suggestion = suggestion(in, a);
}
