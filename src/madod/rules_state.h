/*
 * What an identity is in the middle of (struct rules_state), as one line of
 * JSON for the store.
 */
#ifndef MADOD_RULES_STATE_H
#define MADOD_RULES_STATE_H

#include "rules.h"

/* Is there anything to remember? */
bool rules_state_is_empty(const struct rules_state *s);
/* Append it. */
void rules_state_put(struct buf *b, const struct rules_state *s);
/* Back again; what cannot be read, and NULL, is the empty state. Valid until
 * the arena is reset. */
void rules_state_get(const char *text, struct arena *a, struct rules_state *s);
/* A copy that lives in the arena. */
void rules_state_copy(
    const struct rules_state *from, struct arena *a, struct rules_state *to);

#endif
