/*
 * Emoji by their names and what else comes to mind, in English and Japanese:
 * Unicode's own lists, and a few short names of ours before them.
 */
#ifndef MADO_EMOJI_H
#define MADO_EMOJI_H

#include "complete.h"

/* A line each: the emoji, its name in English, in Japanese, and further words,
 * with | between them. One string, so that nothing is done with it before
 * somebody wants an emoji. emoji_cldr.c. */
extern const char emoji_cldr[];

/* Add those that c->word (":sushi", ":すし", ":smile:") means, the likeliest
 * first. */
void emoji_offer(struct completion *c);

#endif
