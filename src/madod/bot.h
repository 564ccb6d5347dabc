/*
 * The bot's mind made up: the one place that decides what is done about a
 * customer's message in a conversation of mode auto. In this order: a choice
 * that was tapped, too many automatic messages, rules, an adviser where one was
 * asked, FAQs, people. Pure: data in, data out, so that tests, a replay of last
 * month and `why` ask the same function that customers meet.
 */
#ifndef MADOD_BOT_H
#define MADOD_BOT_H

#include "advice.h"
#include "bubble.h"
#include "faq.h"
#include "rules.h"

/* What the FAQs make of a text: a copy, which outlives their model. */
struct bot_pick {
	const char *id, *question, *answer;
	const char *beside; /* the answer's: answer.h */
	double score;
};

struct bot_guess {
	enum faq_outcome outcome;
	double confidence, answer_at, offer_at;
	const char *why; /* the engine's: who found it */
	size_t n;
	struct bot_pick picks[FAQ_PICKS];
	size_t n_signals;
	struct faq_signal signals[FAQ_SIGNALS];
};

/* What a button of ours that was tapped stands for. */
enum bot_tap { BOT_TAP_NONE, BOT_TAP_FAQ, BOT_TAP_PERSON };

struct bot_input {
	struct rules_input rules;
	const struct bot_guess *guess; /* NULL: no FAQs, or nothing to ask;
					  of BOT_TAP_FAQ: the entry alone, or
					  no pick when it is gone */
	enum bot_tap tap;
	int64_t message; /* its row id: choices name it, so that a tap teaches
			    what it was the answer to */
	int64_t said;    /* automatic messages here within the last hour */
	const struct advice *advice; /* NULL: nobody else was asked */
	bool overtaken; /* more was said while the adviser was asked: rules and
			   their state have gone on without it */
};

/* BOT_SUGGEST is not for the customer: people are in charge, and see it. */
enum bot_outcome {
	BOT_HANDOFF,
	BOT_ANSWER,
	BOT_OFFER,
	BOT_SUGGEST,
	BOT_OUTCOMES
};
enum bot_by {
	BOT_BY_NOBODY,
	BOT_BY_GUARD,
	BOT_BY_TAP,
	BOT_BY_RULE,
	BOT_BY_FAQ,
	BOT_BY_ADVISER,
	BOT_BY_GROUP /* it was not said to us */
};
extern const char *const bot_outcome_names[];
extern const char *const bot_by_names[];

struct bot_verdict {
	enum bot_outcome outcome;
	enum bot_by by;
	const char *why; /* for people: "FAQ 返品の手順 0.62", "rule 送料",
			    "FAQ score 0.31 < 0.55" */
	const char *rule; /* that matched, or NULL */
	const char *faq;  /* that was answered, or NULL */
	struct bubbles says;
	struct quicks quick;         /* under the last bubble */
	struct rules_verdict ruled;  /* what rules.c said */
	const struct advice *advice; /* the input's, followed or not */
	const char *suggestion; /* what people may take into their reply, or
				   NULL */
};

/* r may be NULL. Never fails. What it points to is lent by in, or valid until
 * the arena is reset. */
void bot_decide(const struct rules *r, const struct bot_input *in,
    struct arena *a, struct bot_verdict *out);

/* Is the adviser to be asked before that verdict of bot_decide() is carried
 * out? p may be NULL. Then nothing of the verdict may be kept: it is decided
 * anew with the advice. */
bool bot_wants_advice(const struct advice_policy *p, const struct bot_input *in,
    const struct bot_verdict *v);
/* The verdict beside people: nothing is said or changed. */
void bot_suggest(
    const struct bot_input *in, struct arena *a, struct bot_verdict *out);
/* "在庫の有無 0.31, 修理": what a person may start from, NULL when there
 * is nothing. Valid until the arena is reset. */
const char *bot_guesses(const struct bot_guess *g, struct arena *a);

/* A postback of ours: *id gets the FAQ's of BOT_TAP_FAQ, *question the row id
 * of the message that it was offered for. */
enum bot_tap bot_tap_parse(
    const char *data, const char **id, int64_t *question);
/* Copy a verdict of the engine. Valid until the arena is reset. */
struct bot_guess *bot_guess_copy(
    const struct faq *f, const struct faq_verdict *v, struct arena *a);
/* A copy of a guess (NULL: NULL), or of one pick, in another arena. */
struct bot_guess *bot_guess_keep(const struct bot_guess *g, struct arena *a);
struct bot_pick *bot_pick_keep(const struct bot_pick *p, struct arena *a);

#endif
