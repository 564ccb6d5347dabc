/*
 * Is it in the FAQs? An answer that a language model wrote is held against the
 * entries that it cites: its quotes must stand there, and each number, address
 * and phone number, too. Pure.
 */
#ifndef MADOD_ADVICE_CITE_H
#define MADOD_ADVICE_CITE_H

#include <mado/buf.h>
#include <mado/mem.h>

struct bot_guess;

struct advice_cite {
	const char *id, *quote;
};

/* NULL when it may be sent; else what is wrong, in words that hold nothing of
 * the answer but ids of entries. The entries are the guess's; may be NULL.
 * Valid until the arena is reset. */
const char *advice_cite_check(const struct bot_guess *g, const char *answer,
    const struct advice_cite *v, size_t n, struct arena *a);
/* Append what a text claims, each as "\nKIND VALUE\n": n for numbers (as they
 * count: 1,000, １０００ and 千 alike), t for phone numbers, u for addresses of
 * the web and of mail. What has no digits in it (five, a few) is no number. */
void advice_cite_facts(struct buf *out, const char *text);

#endif
