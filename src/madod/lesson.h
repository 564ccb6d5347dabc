/*
 * Lessons that a review has taken, as a table for the next import; and the
 * questions that nobody had a FAQ for, in heaps of like ones. Both read the
 * store by themselves, beside a madod that runs, and write nothing.
 */
#ifndef MADOD_LESSON_H
#define MADOD_LESSON_H

#include <mado/buf.h>
#include <mado/err.h>
#include <mado/mem.h>

/* Append rows "FAQ TAB text" ("-" for people). No store, or one of an older
 * madod, has none. */
void lesson_read(const char *store, const char *channel, struct buf *rows);

struct gap {
	size_t n;          /* questions in it */
	const char **text; /* the first is nearest to all */
	const char *guess; /* the FAQ that came nearest, or NULL */
};

struct gaps {
	struct gap *v; /* the largest first */
	size_t n;
	size_t questions; /* looked at: the newest GAPS_MAX */
};
enum { GAPS_MAX = 5000 };

/* What was handed over since then because no FAQ was like it enough. */
int lesson_gaps(const char *store, int64_t since_ms, struct arena *a,
    struct gaps *out, struct err *e);

#endif
