/*
 * Search over all history: words become a question to the index, a check on
 * each row that it names, and the places to mark. The index only says where to
 * look: what is shown stands in the row at that moment, so nothing unsent or
 * edited away is ever found. search.c knows text, search_token.c cuts it,
 * q_search.c reads the store, act_search.c writes the index.
 */
#ifndef MADOD_SEARCH_H
#define MADOD_SEARCH_H

#include <mado/buf.h>
#include <mado/model.h>
#include <mado/sql.h>

#define SEARCH_TOKENIZER "madoguchi" /* stands in the schema */

enum {
	SEARCH_QUERY_MAX_B = 4096,
	SEARCH_TERMS_MAX = 4, /* asked of the index: each more is a long list */
	SEARCH_CHECKS_MAX = 2000, /* rows looked at for a page */
	SEARCH_PROBE = 400        /* of the newest, for single characters */
};

/* Before the first sql_open(). */
void search_init(void);
sql_cut_fn search_cut;

struct search {
	struct strs words; /* folded; all must be there */
	const char *match; /* FTS5's expression; NULL: only single characters,
			    * of which search_single() makes one */
};

/* ERR_INVALID: no words, or too long. Valid until the arena is reset. */
int search_parse(
    struct search *s, struct arena *a, const char *query, struct err *e);
/* The expression for words[i], of one character. */
const char *search_single(const struct search *s, struct arena *a, size_t i);
/* Are all the words in the folded text? */
bool search_fits(const struct search *s, const char *folded);
/* Append [[offset,length],..]: bytes of text where words stand, in order, not
 * overlapping. */
void search_marks(const struct search *s, struct buf *out, const char *text);

struct search_page {
	int64_t limit;
	int64_t before; /* row id; the newest: INT64_MAX */
	int64_t *ids;   /* out: limit of them, newest first */
	int64_t n;
	int64_t next; /* go on before it; 0: that was all */
};
/*
 * Fill a page. Ends early, with fewer than limit and a next, after
 * SEARCH_CHECKS_MAX rows: what is not indexed yet is found too, page by page,
 * and nothing that is asked holds the reader for long.
 */
void q_search(struct sql *db, struct arena *a, const struct search *s,
    struct search_page *p);

#endif
