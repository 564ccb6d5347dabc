/*
 * What only this machine knows: drafts, the outbox, typed lines. In a
 * database of its own, so that no new epoch of the server touches it; a thread
 * brings it to the disk, and store_is_kept() tells. Called by sync, the
 * outbox's sender, the reply line and the command line, through store.h.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <mado/when.h>

#include "store_impl.h"

enum { LEASE_MS = 30 * 1000, TYPED_MAX = 1000 };

/* The rows as JSON: what is not in the columns. */
static const struct json_field draft_fields[] = {
    {"text", JSON_TEXT, offsetof(struct draft, text), NULL, NULL},
    {"caret", JSON_INT, offsetof(struct draft, caret_b), NULL, NULL},
    {NULL, JSON_INT, 0, NULL, NULL},
};
static const struct json_table draft_json = {
    sizeof(struct draft), draft_fields};

static const struct json_field act_fields[] = {
    {"verb", JSON_TEXT, offsetof(struct store_act, verb), NULL, NULL},
    {"args", JSON_TEXT, offsetof(struct store_act, args), NULL, NULL},
    {"error", JSON_STR, offsetof(struct store_act, error), NULL, NULL},
    {NULL, JSON_INT, 0, NULL, NULL},
};
static const struct json_table act_json = {
    sizeof(struct store_act), act_fields};

static void
seal_row(struct store *s, const char *context, const struct json_table *t,
    const void *row)
{
	struct buf json = {0};

	json_encode(&json, t, row);
	store_seal(s, context, "", json.p);
	buf_free(&json);
}

/* drafts */

static void
draft_context(char out[CONTEXT_B], int64_t number, bool note)
{
	snprintf(out, CONTEXT_B, "draft:%lld:%d", (long long)number, note);
}

bool
store_draft(struct store *s, int64_t number, bool note, struct arena *a,
    struct draft *d)
{
	struct sql_rows *q = sql_query(s->own,
	    "SELECT sealed FROM draft WHERE number = ?1 AND note = ?2", "id",
	    number, (int)note);
	struct draft *row = NULL;
	char context[CONTEXT_B];

	draft_context(context, number, note);
	if (sql_next(q))
		row = store_row(s, context, q, 0, &draft_json, a);
	sql_done(q);
	store_read_done(s->own);
	if (row != NULL)
		*d = *row;
	return row != NULL;
}

int
store_set_draft(struct store *s, int64_t number, bool note,
    const struct draft *d, struct err *e)
{
	char context[CONTEXT_B];

	if (d->text == NULL || *d->text == '\0') {
		sql_run(s->own,
		    "DELETE FROM draft WHERE number = ?1 AND note = ?2", "id",
		    number, (int)note);
		return sql_err(s->own, e);
	}
	draft_context(context, number, note);
	seal_row(s, context, &draft_json, d);
	sql_run(s->own, "INSERT OR REPLACE INTO draft VALUES (?1, ?2, ?3)",
	    "idb", number, (int)note, s->sealed.p, s->sealed.n);
	return sql_err(s->own, e);
}

/* the outbox */

static void
act_context(char out[CONTEXT_B], int64_t row)
{
	snprintf(out, CONTEXT_B, "outbox:%lld", (long long)row);
}

static void
act_seal(struct store *s, int64_t row, const struct store_act *act)
{
	char context[CONTEXT_B];

	act_context(context, row);
	seal_row(s, context, &act_json, act);
}

/* A run of statements on own, whole or not at all. */
static int
own_commit(struct store *s, struct err *e)
{
	struct err ignored;

	sql_run(s->own, "COMMIT", "");
	if (sql_err(s->own, e) == 0)
		return 0;
	if (sql_in_transaction(s->own)) {
		sql_run(s->own, "ROLLBACK", "");
		sql_err(s->own, &ignored);
	}
	return -1;
}

int
store_outbox_add(
    struct store *s, const struct store_act *act, int64_t *row, struct err *e)
{
	int64_t n;

	/* The row's number is part of what is sealed: first the number. */
	sql_run(s->own, "BEGIN IMMEDIATE", "");
	sql_run(s->own,
	    "INSERT INTO outbox (number, queued_ms, not_before_ms, sealed)"
	    " VALUES (?1, ?2, ?3, x'')",
	    "iii", act->number,
	    act->queued_ms != 0 ? act->queued_ms : when_now_ms(),
	    act->not_before_ms);
	n = sql_last_id(s->own);
	act_seal(s, n, act);
	sql_run(s->own, "UPDATE outbox SET sealed = ?2 WHERE row = ?1", "ib", n,
	    s->sealed.p, s->sealed.n);
	if (row != NULL)
		*row = n;
	return own_commit(s, e);
}

static struct store_act *
row_act(struct store *s, struct sql_rows *q, struct arena *a)
{
	struct store_act *act;
	char context[CONTEXT_B];

	act_context(context, sql_int(q, 0));
	act = store_row(s, context, q, 4, &act_json, a);
	if (act == NULL)
		return NULL;
	act->row = sql_int(q, 0);
	act->number = sql_int(q, 1);
	act->queued_ms = sql_int(q, 2);
	act->not_before_ms = sql_int(q, 3);
	return act;
}

size_t
store_outbox(
    struct store *s, bool refused, struct arena *a, struct store_act **acts)
{
	int64_t max = sql_get_int(s->own, 0, "SELECT count(*) FROM outbox", "");
	struct store_act *v = arena_calloc(a, (size_t)max + 1, sizeof(*v));
	struct store_act *act;
	struct sql_rows *q;
	size_t n = 0;

	q = sql_query(s->own,
	    "SELECT row, number, queued_ms, not_before_ms, sealed FROM outbox"
	    " WHERE refused = ?1 ORDER BY row LIMIT ?2",
	    "di", (int)refused, max);
	while (sql_next(q))
		if ((act = row_act(s, q, a)) != NULL)
			v[n++] = *act;
	store_read_done(s->own);
	*acts = v;
	return n;
}

struct store_act *
store_outbox_row(struct store *s, int64_t row, struct arena *a)
{
	struct store_act *act = NULL;
	struct sql_rows *q = sql_query(s->own,
	    "SELECT row, number, queued_ms, not_before_ms, sealed FROM outbox"
	    " WHERE row = ?1",
	    "i", row);

	if (sql_next(q))
		act = row_act(s, q, a);
	sql_done(q);
	store_read_done(s->own);
	return act;
}

int
store_outbox_refuse(
    struct store *s, int64_t row, const char *error, struct err *e)
{
	struct arena *a = arena_new();
	struct store_act *act = store_outbox_row(s, row, a);
	int rc = 0;

	if (act != NULL) {
		act->error = error;
		act_seal(s, row, act);
		sql_run(s->own,
		    "UPDATE outbox SET sealed = ?2, refused = ?3, lease_ms = 0"
		    " WHERE row = ?1",
		    "ibd", row, s->sealed.p, s->sealed.n, (int)(error != NULL));
		rc = sql_err(s->own, e);
	}
	arena_free(a);
	return rc;
}

int
store_outbox_rm(struct store *s, int64_t row, struct err *e)
{
	sql_run(s->own, "DELETE FROM outbox WHERE row = ?1", "i", row);
	return sql_err(s->own, e);
}

int
store_outbox_hurry(struct store *s, int64_t row, struct err *e)
{
	sql_run(s->own, "UPDATE outbox SET not_before_ms = 0 WHERE row = ?1",
	    "i", row);
	return sql_err(s->own, e);
}

/* A lease lapses with its time or with the process that took it. */
static bool
is_leased(struct store *s, int64_t row, int64_t now_ms)
{
	struct sql_rows *q = sql_query(s->own,
	    "SELECT owner FROM outbox WHERE row = ?1 AND lease_ms > ?2"
	    " AND owner <> ?3",
	    "iid", row, now_ms, (int)getpid());
	bool leased = false;
	pid_t owner;

	if (sql_next(q)) {
		owner = (pid_t)sql_int(q, 0);
		leased = kill(owner, 0) == 0 || errno != ESRCH;
	}
	sql_done(q);
	return leased;
}

bool
store_outbox_lease(struct store *s, int64_t row)
{
	int64_t now_ms = when_now_ms();
	bool mine = false;

	sql_run(s->own, "BEGIN IMMEDIATE", "");
	if (!is_leased(s, row, now_ms)) {
		sql_run(s->own,
		    "UPDATE outbox SET lease_ms = ?2, owner = ?3"
		    " WHERE row = ?1 AND refused = 0",
		    "iid", row, now_ms + LEASE_MS, (int)getpid());
		mine = sql_changes(s->own) > 0;
	}
	return own_commit(s, NULL) == 0 && mine;
}

void
store_outbox_release(struct store *s, int64_t row)
{
	sql_run(s->own,
	    "UPDATE outbox SET lease_ms = 0 WHERE row = ?1 AND owner = ?2",
	    "id", row, (int)getpid());
	store_read_done(s->own);
}

bool
store_is_kept(struct store *s)
{
	return sql_is_synced(s->own);
}

/* typed lines */

int
store_history_add(
    struct store *s, int64_t contact, const char *text, struct err *e)
{
	char context[CONTEXT_B];
	int64_t id;

	sql_run(s->own, "BEGIN IMMEDIATE", "");
	sql_run(s->own, "INSERT INTO typed (contact, sealed) VALUES (?1, x'')",
	    "i", contact);
	id = sql_last_id(s->own);
	snprintf(context, sizeof(context), "typed:%lld", (long long)id);
	store_seal(s, context, "", text);
	sql_run(s->own, "UPDATE typed SET sealed = ?2 WHERE id = ?1", "ib", id,
	    s->sealed.p, s->sealed.n);
	sql_run(
	    s->own, "DELETE FROM typed WHERE id <= ?1", "i", id - TYPED_MAX);
	return own_commit(s, e);
}

size_t
store_history(struct store *s, int64_t contact, size_t limit, struct arena *a,
    const char ***lines)
{
	const char **v = arena_calloc(a, limit + 1, sizeof(*v)), *text;
	char context[CONTEXT_B];
	const void *p;
	size_t n = 0, len;
	struct sql_rows *q = sql_query(s->own,
	    "SELECT id, sealed FROM (SELECT id, sealed, contact = ?1 AS own"
	    " FROM typed WHERE (?1 < 0) = (contact < 0)"
	    " ORDER BY own DESC, id DESC LIMIT ?2)"
	    " ORDER BY own, id",
	    "ii", contact, (int64_t)limit);

	while (n < limit && sql_next(q)) {
		snprintf(context, sizeof(context), "typed:%lld",
		    (long long)sql_int(q, 0));
		p = sql_blob(q, 1, &len);
		text = store_unseal(s, context, p, len, NULL);
		if (text != NULL)
			v[n++] = arena_strdup(a, text);
	}
	sql_done(q);
	store_read_done(s->own);
	*lines = v;
	return n;
}
