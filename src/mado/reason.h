/*
 * Why the bot did what it did, in lines for people: what the server tells of a
 * decision, in the reader's language. Used by the verb `why` and by the
 * inbox's pane of that name.
 */
#ifndef MADO_REASON_H
#define MADO_REASON_H

#include <mado/json.h>
#include <mado/model.h>

/* answer: of GET /v1/messages/ID/why. Never empty. Valid until the arena is
 * reset. */
struct strs reason_lines(const cJSON *answer, struct arena *a);
/* The id of the n-th FAQ (from 1) that it may have been about, or NULL. */
const char *reason_pick(const cJSON *answer, int n);

#endif
