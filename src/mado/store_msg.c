/*
 * Messages in the local store: one sealed row each, found by id and by a
 * contact's timeline, oldest first by (at, arrival). Pages only: a thread may
 * have 100,000 of them. Called by sync and by the screens, through store.h.
 */
#include <stdio.h>
#include <string.h>

#include <mado/text.h>

#include "i18n.h"
#include "store_impl.h"

/* A place between two messages of a timeline. */
struct point {
	int64_t at_ms, arrival;
	const char *id;
};

static void
context_of(char out[CONTEXT_B], const char *id)
{
	snprintf(out, CONTEXT_B, "msg:%s", id);
}

void
store_msgs_claim(struct store *s, int64_t number, int64_t contact)
{
	sql_run(s->db,
	    "UPDATE msg SET contact = ?2 WHERE conversation = ?1"
	    " AND contact <> ?2",
	    "ii", number, contact);
}

static void
put(struct store *s, const struct msg *m, int64_t contact)
{
	struct buf json = {0};
	char context[CONTEXT_B];

	buf_reset(&s->text);
	text_fold(&s->text, m->text == NULL ? "" : m->text);
	context_of(context, m->id);
	json_encode(&json, &msg_json, m);
	store_seal(s, context, buf_str(&s->text), json.p);
	buf_free(&json);
	sql_run(s->db,
	    "INSERT INTO msg VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
	    " ON CONFLICT (id) DO UPDATE SET contact = ?2,"
	    " conversation = ?3, at_ms = ?4, arrival = ?5, rev = ?6,"
	    " sealed = ?7",
	    "siiiiib", m->id, contact, m->conversation, m->at_ms, m->order,
	    m->rev, s->sealed.p, s->sealed.n);
}

int
store_put_msg_of(
    struct store *s, const struct msg *m, int64_t contact, struct err *e)
{
	int64_t rev;

	store_in(s);
	rev = sql_get_int(
	    s->db, -1, "SELECT rev FROM msg WHERE id = ?1", "s", m->id);
	if (rev <= m->rev)
		put(s, m, contact);
	return store_out(s, e);
}

int
store_put_msg(struct store *s, const struct msg *m, struct err *e)
{
	return store_put_msg_of(s, m, store_contact_of(s, m->conversation), e);
}

int
store_rm_msg(struct store *s, const char *id, struct err *e)
{
	store_in(s);
	sql_run(s->db, "DELETE FROM msg WHERE id = ?1", "s", id);
	return store_out(s, e);
}

struct msg *
store_msg(struct store *s, const char *id, struct arena *a)
{
	struct sql_rows *q =
	    sql_query(s->db, "SELECT sealed FROM msg WHERE id = ?1", "s", id);
	struct msg *m = NULL;
	char context[CONTEXT_B];

	context_of(context, id);
	if (sql_next(q))
		m = store_row(s, context, q, 0, &msg_json, a);
	sql_done(q);
	store_read_done(s->db);
	return m;
}

static void
redact_msg(struct msg *m)
{
	m->text = _("[message erased]");
	m->unsent = true;
	m->quoted = NULL;
	m->media = NULL;
}

/* The list shows the last message's text: it goes as well. */
static void
redact_last(struct store *s, int64_t number, const char *id, struct arena *a)
{
	struct conv *c = store_conv(s, number, a);
	struct buf json = {0};
	char context[CONTEXT_B];

	if (c == NULL || c->last_message == NULL ||
	    strcmp(c->last_message->id, id) != 0)
		return;
	redact_msg(c->last_message);
	snprintf(context, sizeof(context), "conv:%lld", (long long)number);
	json_encode(&json, &conv_json, c);
	store_seal(s, context, "", json.p);
	buf_free(&json);
	sql_run(s->db, "UPDATE conv SET sealed = ?2 WHERE number = ?1", "ib",
	    number, s->sealed.p, s->sealed.n);
}

int
store_redact(struct store *s, const char *message_id, struct err *e)
{
	struct arena *a = arena_new();
	struct msg *m;
	int rc;

	store_in(s);
	m = store_msg(s, message_id, a);
	if (m != NULL) {
		redact_msg(m);
		put(s, m,
		    sql_get_int(s->db, 0,
			"SELECT contact FROM msg WHERE id = ?1", "s", m->id));
		redact_last(s, m->conversation, m->id, a);
	}
	rc = store_out(s, e);
	arena_free(a);
	return rc;
}

/* Where a message stands; before the first or past the last for NULL or one
 * that is not here. */
static struct point
point_of(struct store *s, const char *id, bool first, struct arena *a)
{
	struct point p = {.at_ms = first ? INT64_MIN : INT64_MAX, .id = ""};
	struct sql_rows *q;

	if (id == NULL)
		return p;
	q = sql_query(
	    s->db, "SELECT at_ms, arrival FROM msg WHERE id = ?1", "s", id);
	if (sql_next(q)) {
		p.at_ms = sql_int(q, 0);
		p.arrival = sql_int(q, 1);
		p.id = arena_strdup(a, id);
	}
	sql_done(q);
	return p;
}

static struct sql_rows *
walk(struct store *s, int64_t contact, const struct point *p, bool forward,
    int64_t limit)
{
	if (forward)
		return sql_query(s->db,
		    "SELECT id, sealed FROM msg WHERE contact = ?1 AND"
		    " (at_ms, arrival, id) > (?2, ?3, ?4)"
		    " ORDER BY at_ms, arrival, id LIMIT ?5",
		    "iiisi", contact, p->at_ms, p->arrival, p->id, limit);
	return sql_query(s->db,
	    "SELECT id, sealed FROM msg WHERE contact = ?1 AND"
	    " (at_ms, arrival, id) < (?2, ?3, ?4)"
	    " ORDER BY at_ms DESC, arrival DESC, id DESC LIMIT ?5",
	    "iiisi", contact, p->at_ms, p->arrival, p->id, limit);
}

static struct msg *
row_msg(struct store *s, struct sql_rows *q, struct arena *a)
{
	char context[CONTEXT_B];

	context_of(context, sql_text(q, 0));
	return store_row(s, context, q, 1, &msg_json, a);
}

static void
reverse(struct msg **v, size_t n)
{
	struct msg *m;

	for (size_t i = 0; i < n / 2; i++) {
		m = v[i];
		v[i] = v[n - 1 - i];
		v[n - 1 - i] = m;
	}
}

size_t
store_thread(struct store *s, const struct store_thread *t, struct arena *a,
    struct msg ***rows)
{
	struct msg **v = arena_calloc(a, t->limit + 1, sizeof(struct msg *));
	bool forward = t->after != NULL;
	struct point p =
	    point_of(s, forward ? t->after : t->before, forward, a);
	struct sql_rows *q;
	size_t n = 0;

	q = walk(s, t->contact, &p, forward, (int64_t)t->limit);
	while (n < t->limit && sql_next(q))
		if ((v[n] = row_msg(s, q, a)) != NULL)
			n++;
	sql_done(q);
	store_read_done(s->db);
	if (!forward)
		reverse(v, n);
	*rows = v;
	return n;
}

static bool
row_holds(struct store *s, struct sql_rows *q, const char *needle)
{
	char context[CONTEXT_B];
	const char *folded;
	const void *p;
	size_t n;

	context_of(context, sql_text(q, 0));
	p = sql_blob(q, 1, &n);
	return store_unseal(s, context, p, n, &folded) != NULL &&
	    strstr(folded, needle) != NULL;
}

const char *
store_thread_scan(struct store *s, const struct store_scan *scan,
    const char **at, struct arena *a)
{
	struct point p = point_of(s, scan->id, scan->forward, a);
	struct sql_rows *q =
	    walk(s, scan->contact, &p, scan->forward, (int64_t)scan->max);
	const char *found = NULL;
	size_t n = 0;

	*at = NULL;
	while (found == NULL && sql_next(q)) {
		if (row_holds(s, q, scan->needle))
			found = arena_strdup(a, sql_text(q, 0));
		else if (++n == scan->max)
			*at = arena_strdup(a, sql_text(q, 0));
	}
	sql_done(q);
	store_read_done(s->db);
	return found;
}

const char *
store_thread_find(struct store *s, int64_t contact, const char *id,
    bool forward, const char *needle, struct arena *a)
{
	struct store_scan scan = {contact, id, forward, needle, SIZE_MAX / 2};
	const char *at;

	return store_thread_scan(s, &scan, &at, a);
}

/* How far back the server's history has been read, a row of meta for each
 * contact: the next page's cursor, or "" once it is whole. */
static void
older_name(char out[CONTEXT_B], int64_t contact)
{
	snprintf(out, CONTEXT_B, "older:%lld", (long long)contact);
}

char *
store_thread_cursor(struct store *s, int64_t contact, struct arena *a)
{
	char name[CONTEXT_B];

	older_name(name, contact);
	return store_get(s, name, a);
}

int
store_thread_set_cursor(
    struct store *s, int64_t contact, const char *cursor, struct err *e)
{
	char name[CONTEXT_B];

	older_name(name, contact);
	return store_set(s, name, cursor == NULL ? "" : cursor, e);
}

bool
store_thread_whole(struct store *s, int64_t contact)
{
	struct arena *a = arena_new();
	char *cursor = store_thread_cursor(s, contact, a);
	bool whole = cursor != NULL && *cursor == '\0';

	arena_free(a);
	return whole;
}

void
store_thread_set_whole(struct store *s, int64_t contact)
{
	store_thread_set_cursor(s, contact, NULL, NULL);
}
