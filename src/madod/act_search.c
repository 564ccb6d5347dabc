/*
 * The index of search, written behind the acts that make messages: the next
 * few rows after a cursor (meta's search_upto), over and over. Acts that change
 * a text change its entry with it. No feed row, as it says nothing that the
 * rows do not: an index that is behind, or lost, costs time only.
 */
#include <string.h>

#include <mado/text.h>
#include <mado/when.h>

#include "act.h"

/* A slice is what a webhook may have to wait for. */
enum { INDEX_ROWS_MAX = 512, INDEX_MS_MAX = 5, SCRUB_PAGES = 64 };

/* meta's search_scrub: tokens of what was unsent still lie in old segments. */
enum { SCRUB_NONE, SCRUB_WANTED, SCRUB_UNDER_WAY };

static int64_t
index_upto(struct act *a)
{
	return sql_get_int(
	    a->db, 0, "SELECT value FROM meta WHERE name='search_upto'", "");
}

static void
index_set_upto(struct act *a, int64_t id)
{
	sql_run(a->db, "UPDATE meta SET value=?1 WHERE name='search_upto'", "i",
	    id);
}

static void
index_put(struct act *a, struct buf *folded, int64_t id, const char *text)
{
	buf_reset(folded);
	text_fold(folded, text);
	sql_run(a->db, "INSERT INTO search(rowid,text) VALUES(?1,?2)", "is", id,
	    buf_str(folded));
}

/* Folded by another madod, or never: from the beginning. */
static void
index_begin(struct act *a)
{
	char *by = sql_get_text(
	    a->db, "SELECT value FROM meta WHERE name='search_fold'", "");

	if (by == NULL || strcmp(by, text_fold_version()) != 0) {
		sql_run(a->db,
		    "INSERT INTO search(search) VALUES('delete-all')", "");
		index_set_upto(a, 0);
		sql_run(a->db,
		    "INSERT OR REPLACE INTO meta VALUES('search_fold',?1)", "s",
		    text_fold_version());
	}
	x_free(by);
}

static void
scrub_set(struct act *a, int state)
{
	sql_run(a->db, "INSERT OR REPLACE INTO meta VALUES('search_scrub',?1)",
	    "d", state);
}

/*
 * FTS5 deletes by adding "not there any more"; the tokens themselves go when
 * all is merged into one. A negative number begins that, positive ones go on,
 * a few pages at a time; done is when nothing changes
 * (https://www.sqlite.org/fts5.html, "The merge Command"). True: more to do.
 */
static bool
index_scrub(struct act *a)
{
	int64_t was,
	    state = sql_get_int(a->db, SCRUB_NONE,
		"SELECT value FROM meta WHERE name='search_scrub'", "");

	if (state == SCRUB_NONE)
		return false;
	was = sql_total_changes(a->db);
	sql_run(a->db, "INSERT INTO search(search,rank) VALUES('merge',?1)",
	    "d", state == SCRUB_WANTED ? -SCRUB_PAGES : SCRUB_PAGES);
	if (sql_total_changes(a->db) - was >= 2) {
		scrub_set(a, SCRUB_UNDER_WAY);
		return true;
	}
	scrub_set(a, SCRUB_NONE);
	a->wake |= WAKE_ERASED;
	return false;
}

int
act_index(struct act *a, struct err *e)
{
	int64_t upto, id, until = when_mono_ms() + INDEX_MS_MAX;
	struct buf folded = {0};
	struct sql_rows *q;
	bool more = false;
	int n = 0;

	(void)e;
	index_begin(a);
	id = upto = index_upto(a);
	q = sql_query(a->db,
	    "SELECT id,text,unsent=0 AND type<>?3 FROM message WHERE id>?1"
	    " ORDER BY id LIMIT ?2",
	    "idd", upto, INDEX_ROWS_MAX, MSG_EVENT);
	while (!more && sql_next(q)) {
		id = sql_int(q, 0);
		if (sql_int(q, 2) != 0)
			index_put(a, &folded, id, sql_text(q, 1));
		more = ++n == INDEX_ROWS_MAX || when_mono_ms() >= until;
	}
	sql_done(q);
	if (id != upto)
		index_set_upto(a, id);
	if (id == upto)
		more = index_scrub(a);
	a->out = more ? a->in : NULL;
	buf_free(&folded);
	return 0;
}

char *
act_index_text(struct act *a, int64_t id)
{
	return sql_get_text(a->db,
	    "SELECT text FROM message WHERE id=?1 AND unsent=0 AND type<>?2",
	    "id", id, MSG_EVENT);
}

void
act_index_change(struct act *a, int64_t id, const char *was, const char *text)
{
	struct buf folded = {0};

	if (id > index_upto(a))
		return;
	if (was != NULL) {
		text_fold(&folded, was);
		sql_run(a->db,
		    "INSERT INTO search(search,rowid,text)"
		    " VALUES('delete',?1,?2)",
		    "is", id, buf_str(&folded));
		scrub_set(a, SCRUB_WANTED);
	}
	if (text != NULL)
		index_put(a, &folded, id, text);
	buf_free(&folded);
}
