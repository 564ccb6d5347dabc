/*
 * The channels' FAQ models in memory, and what they make of a customer's text.
 * One thread's at a time: in madod the thinker's, so that neither the loop nor
 * the writer waits for a decision or for a model of hundreds of megabytes to be
 * read. What comes out is data (bot.h) that outlives the models.
 */
#ifndef MADOD_MIND_H
#define MADOD_MIND_H

#include "bot.h"
#include "config.h"
#include "line_decode.h"

struct mind;

/* Caller frees with mind_free(). */
struct mind *mind_new(void);
/* NULL is fine. */
void mind_free(struct mind *m);
/* Where a channel's model is: state_dir/faq/CHANNEL.faq. Caller frees with
 * x_free(). */
char *mind_path(const char *state_dir, const char *channel);
/* Take a channel's model from a file, or forget it when there is none. -1 and
 * ERR_FAILED for a file that is no model; the old one stays in force. */
int mind_load(
    struct mind *m, const char *channel, const char *path, struct err *e);
/* How many channels have one. */
size_t mind_count(const struct mind *m);
/* NULL when the channel has no FAQs. Valid until the arena is reset. */
const struct bot_guess *mind_ask(
    struct mind *m, const char *channel, const char *text, struct arena *a);
/* The same for an entry by its id, as if it were certain; without a pick when
 * there is none. */
const struct bot_guess *mind_entry(
    struct mind *m, const char *channel, const char *id, struct arena *a);
/* For an event of LINE: a text is asked for, a tapped choice is looked up, NULL
 * for all else. */
const struct bot_guess *mind_event(struct mind *m, const char *channel,
    const struct line_event *ev, struct arena *a);
/* Append a JSON array of {"channel","id","question","answer"}; channel NULL: of
 * all. */
void mind_list(const struct mind *m, const char *channel, struct buf *b);

#endif
