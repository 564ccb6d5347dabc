/*
 * What the bot would have done with messages that came: the store's past
 * against a rules.conf and the FAQs as they are, as a diff. Only reads; called
 * by `madod rules replay`.
 */
#ifndef MADOD_RULES_REPLAY_H
#define MADOD_RULES_REPLAY_H

#include <stdio.h>

#include <mado/sql.h>

#include "mind.h"

struct rules_replay {
	const struct rules *r;
	struct mind *mind; /* the channels' FAQs */
	struct sql *db;
	int64_t since_ms;
	FILE *out; /* what would have been otherwise */
	/* found */
	int messages, otherwise, answered, handed_over;
};

/*
 * Decide anew about each message and new friend since then that the bot
 * answered or handed over; what was in the hands of people is not asked. The
 * state of a questionnaire is the rules' own, from the first message on.
 */
int rules_replay(struct rules_replay *p, struct err *e);
/* The whole bot about one event, outside of a desk: rules, and the FAQs of
 * in->channel. */
void rules_replay_decide(const struct rules *r, struct mind *m,
    const struct rules_input *in, struct arena *a, struct bot_verdict *v);

#endif
