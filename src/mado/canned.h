/*
 * Canned replies as this machine keeps them: the team's and one's own. Read by
 * the palette, by completion, by reply --canned and by the shell.
 */
#ifndef MADO_CANNED_H
#define MADO_CANNED_H

#include <mado/model.h>

#include "store.h"

/* All of them by name, one's own first where names meet. Valid until the arena
 * is reset. Returns how many. */
size_t canned_list(struct store *s, struct arena *a, struct canned **rows);
/* The one of that name, one's own before the team's; NULL: there is none. */
const struct canned *canned_find(
    const struct canned *rows, size_t n, const char *name);
/* The agent's name as customers are told it: the display name, else `user`.
 * Valid until the arena is reset. */
const char *canned_agent(struct store *s, const char *user, struct arena *a);

/* What it is found by: name, kana reading, tags and text, folded. */
const char *canned_folded(const struct canned *c, struct arena *a);
/* Does its name or its reading begin so? */
bool canned_begins(const struct canned *c, const char *word, struct arena *a);

/*
 * Put {{contact.name}} {{agent.name}} {{conversation.number}} into a text.
 * ERR_INVALID names a variable that is unknown or empty. Caller frees with
 * x_free().
 */
char *canned_fill(
    const char *text, const struct conv *c, const char *agent, struct err *e);
/* The same for looking at: what cannot be filled stays in its braces. */
char *canned_preview(const char *text, const struct conv *c, const char *agent);

#endif
