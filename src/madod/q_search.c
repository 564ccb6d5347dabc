/*
 * A page of what a search finds, newest first, in the caller's transaction:
 * first the rows that the index does not have yet, by looking at each, then
 * those that it names. Runs on the reader.
 */
#include <string.h>

#include <mado/text.h>

#include "search.h"

/* One page under way. */
struct look {
	const struct search *s;
	struct search_page *p;
	struct buf folded;
	int64_t at;     /* the last row looked at */
	int64_t checks; /* how many */
	int64_t *seen;  /* how often each word was met; NULL: do not count */
};

static bool
look_is_over(const struct look *k)
{
	return k->p->n == k->p->limit || k->checks >= SEARCH_CHECKS_MAX;
}

static void
look_count(struct look *k)
{
	for (size_t i = 0; i < k->s->words.n; i++)
		k->seen[i] +=
		    strstr(buf_str(&k->folded), k->s->words.v[i]) != NULL;
}

/* Rows of (id, text) until there are no more, the page is full, or checks up
 * to `most`. True when it has seen them all. */
static bool
look_through(struct look *k, struct sql_rows *q, int64_t most)
{
	while (!look_is_over(k) && k->checks < most) {
		if (!sql_next(q))
			return true;
		k->checks++;
		k->at = sql_int(q, 0);
		buf_reset(&k->folded);
		text_fold(&k->folded, sql_text(q, 1));
		if (k->seen != NULL)
			look_count(k);
		if (search_fits(k->s, buf_str(&k->folded)))
			k->p->ids[k->p->n++] = k->at;
	}
	sql_done(q);
	return false;
}

/* The rows above `floor`, one by one. */
static bool
look_at_rows(struct look *k, struct sql *db, int64_t floor, int64_t most)
{
	return look_through(k,
	    sql_query(db,
		"SELECT id,text FROM message WHERE id<?1 AND id>?2"
		" AND unsent=0 AND type<>?3 ORDER BY id DESC",
		"iid", k->at, floor, MSG_EVENT),
	    most);
}

static bool
look_at_index(struct look *k, struct sql *db, const char *match)
{
	return look_through(k,
	    sql_query(db,
		"SELECT m.id,m.text FROM search s CROSS JOIN message m"
		" ON m.id=s.rowid WHERE search MATCH ?1 AND s.rowid<?2"
		" AND m.unsent=0 AND m.type<>?3 ORDER BY s.rowid DESC",
		"sid", match, k->at, MSG_EVENT),
	    SEARCH_CHECKS_MAX);
}

/*
 * Single characters: all texts with a common one would have to be merged
 * before the first is known, but it stands in one of the newest few. A page of
 * those says at once what is common, and the index is asked for what is not.
 */
static bool
look_for_singles(struct look *k, struct sql *db, struct arena *a)
{
	int64_t seen_least = INT64_MAX;
	size_t i, rarest = 0;

	k->seen = arena_calloc(a, k->s->words.n, sizeof(*k->seen));
	if (look_at_rows(k, db, 0, k->checks + SEARCH_PROBE))
		return true;
	for (i = 0; i < k->s->words.n; i++)
		if (k->seen[i] < seen_least) {
			seen_least = k->seen[i];
			rarest = i;
		}
	k->seen = NULL;
	return !look_is_over(k) &&
	    look_at_index(k, db, search_single(k->s, a, rarest));
}

static bool
look(struct look *k, struct sql *db, struct arena *a)
{
	int64_t indexed = sql_get_int(
	    db, 0, "SELECT value FROM meta WHERE name='search_upto'", "");

	if (k->at > indexed + 1 &&
	    !look_at_rows(k, db, indexed, SEARCH_CHECKS_MAX))
		return false;
	return k->s->match != NULL ? look_at_index(k, db, k->s->match)
				   : look_for_singles(k, db, a);
}

void
q_search(struct sql *db, struct arena *a, const struct search *s,
    struct search_page *p)
{
	struct look k = {.s = s, .p = p, .at = p->before};

	p->n = 0;
	p->next = look(&k, db, a) ? 0 : k.at;
	buf_free(&k.folded);
}
