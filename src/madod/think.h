/*
 * The thinker: the one thread that holds the FAQ models. A webhook passes it on
 * its way to the writer, so that the writer finds what each text may want
 * beside it and never waits for a decision.
 */
#ifndef MADOD_THINK_H
#define MADOD_THINK_H

#include "madod.h"

struct thinker;

/* It knows nothing until think_reload(). Caller frees with think_free(), before
 * the writer. */
struct thinker *think_new(struct madod *m);
void think_free(struct thinker *t);
/* Takes ownership of a, an act_webhook: puts it to the writer, with what its
 * texts may want. Webhooks reach the writer in the order they came. */
void think_webhook(struct thinker *t, struct act *a);
/* Read the channels' models anew, what comes meanwhile waits. One that is
 * damaged is logged and stays as it was. done (may be
 * NULL) is called on the loop with what went wrong, ERR_NONE for nothing. */
void think_reload(
    struct thinker *t, void (*done)(void *arg, const struct err *e), void *arg);
/* What the channel's FAQs make of a text: done gets it, lent during the call;
 * NULL when there are none. text and channel are copied. */
void think_ask(struct thinker *t, const char *channel, const char *text,
    void (*done)(void *arg, const struct bot_guess *g), void *arg);
/* Look an entry up by its id: done gets it as a guess, lent during the call;
 * NULL or without a pick when there is none. id and channel are copied. */
void think_entry(struct thinker *t, const char *channel, const char *id,
    void (*done)(void *arg, const struct bot_guess *g), void *arg);
/* All entries of a channel (NULL: of all) as a JSON array of {"channel","id",
 * "question","answer"}, lent during the call. */
void think_list(struct thinker *t, const char *channel,
    void (*done)(void *arg, struct buf *list), void *arg);

#endif
