/*
 * What may stand in place of the word before the caret: canned replies after
 * "/", emoji after ":", colleagues after "@" in notes. For the inbox and the
 * shell; knows no screen.
 */
#ifndef MADO_COMPLETE_H
#define MADO_COMPLETE_H

#include <mado/mem.h>

#include <stdbool.h>

#include "store.h"

enum { COMPLETE_MAX = 200 };

struct candidate {
	const char *name;   /* as shown, and as compared with the word */
	const char *detail; /* said beside it, never NULL */
	const char *text;   /* put in place of the word; NULL: see canned */
};

struct completion {
	struct arena *a; /* the caller's; all strings are its */
	struct candidate v[COMPLETE_MAX];
	size_t n;
	size_t at, len;   /* the bytes of the line that one replaces */
	const char *word; /* what the names begin with; the arena's */
	bool canned; /* names of canned replies: canned_fill() gives the text */
	bool fuzzy;  /* no name begins so; found in some other way */
};

/* Fill *c (its arena is set, the rest is zero) for a reply or a note. */
void complete_text(struct completion *c, struct store *s, bool note,
    const char *text, size_t caret);
/* Is there one of that name? */
bool complete_has(const struct completion *c, const char *name);
/* Add one whose name begins with the word. text NULL: the name. */
void complete_offer(struct completion *c, const char *name, const char *detail,
    const char *text);
/* Add one, whatever its name. */
void complete_add(struct completion *c, const char *name, const char *detail,
    const char *text);
/* Bytes of the names' common beginning, never inside a character. */
size_t complete_common(const struct completion *c);

#endif
