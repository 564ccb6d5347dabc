/*
 * What a word of a command line may become: read off the command table's
 * rows, and names and numbers off the local store. For the shells' TAB and the
 * line mode's.
 */
#ifndef MADO_SUGGEST_H
#define MADO_SUGGEST_H

#include "store.h"

struct suggest {
	struct arena *arena; /* the caller's; all strings are its */
	struct store *store; /* NULL: no names, no numbers */
	unsigned flags;      /* commands that have one of these CMD_ bits */
	bool open;           /* a conversation is open: N may be left out */
	/* found */
	struct suggest_word {
		const char *word, *help; /* help may be "" */
	} * v;
	size_t n;
	const char *begun; /* private */
};

/* Fill v with what `begun` may become after the words argv[0].., of which the
 * first is the verb. */
void suggest_find(
    struct suggest *c, int argc, char *const *argv, const char *begun);

#endif
