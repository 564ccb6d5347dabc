/*
 * Conversations in the local store: one sealed row each, and one listing row
 * for each view it is in, kept when the row is put. Called by sync and by the
 * screens, through store.h.
 */
#include <stdio.h>
#include <string.h>

#include <mado/text.h>
#include <mado/when.h>

#include "store_impl.h"

/* How the row that is here stands in the lists. */
struct place {
	bool found;
	int64_t rev, contact, views;
	char ord[CONV_ORDER_B];
};

static void
context_of(char out[CONTEXT_B], int64_t number)
{
	snprintf(out, CONTEXT_B, "conv:%lld", (long long)number);
}

static struct place
place_read(struct store *s, int64_t number)
{
	struct place p = {0};
	struct sql_rows *q = sql_query(s->db,
	    "SELECT rev, contact, views, ord FROM conv WHERE number = ?1", "i",
	    number);

	if (sql_next(q)) {
		p.found = true;
		p.rev = sql_int(q, 0);
		p.contact = sql_int(q, 1);
		p.views = sql_int(q, 2);
		snprintf(p.ord, sizeof(p.ord), "%s", sql_text(q, 3));
	}
	sql_done(q);
	return p;
}

static struct place
place_of(const struct conv *c, const char *me)
{
	struct place p = {.found = true, .rev = c->rev};

	p.contact = c->contact == NULL ? 0 : c->contact->id;
	for (int v = 0; v < VIEW_N; v++)
		if (conv_in_view(c, v, me))
			p.views |= INT64_C(1) << v;
	conv_order(c, p.ord);
	return p;
}

static void
move(struct store *s, int64_t number, const struct place *from,
    const struct place *to)
{
	bool same = strcmp(from->ord, to->ord) == 0;
	int64_t bit, out, in;

	for (int v = 0; v < VIEW_N; v++) {
		bit = INT64_C(1) << v;
		out = from->views & bit;
		in = to->views & bit;
		if (same && out == in)
			continue;
		if (out != 0)
			sql_run(s->db,
			    "DELETE FROM listing WHERE view = ?1 AND ord = ?2"
			    " AND number = ?3",
			    "dsi", v, from->ord, number);
		if (in != 0)
			sql_run(s->db,
			    "INSERT OR IGNORE INTO listing"
			    " VALUES (?1, ?2, ?3)",
			    "dsi", v, to->ord, number);
	}
}

static void
add_folded(struct buf *b, const char *s)
{
	if (s == NULL)
		return;
	text_fold(b, s);
	buf_putc(b, '\n');
}

/* What a filter over the list looks through. */
static void
fold_conv(struct buf *b, const struct conv *c)
{
	buf_reset(b);
	buf_printf(b, "#%lld\n", (long long)c->number);
	add_folded(b, c->contact == NULL ? NULL : c->contact->name);
	add_folded(b, c->assignee);
	for (size_t i = 0; i < c->tags.n; i++)
		add_folded(b, c->tags.v[i]);
	for (size_t i = 0; c->contact != NULL && i < c->contact->tags.n; i++)
		add_folded(b, c->contact->tags.v[i]);
	add_folded(b, c->last_message == NULL ? NULL : c->last_message->text);
}

int
store_put_conv(
    struct store *s, const struct conv *c, const char *me, struct err *e)
{
	struct place old, new = place_of(c, me);
	struct buf json = {0};
	char context[CONTEXT_B];

	store_in(s);
	old = place_read(s, c->number);
	if (old.found && old.rev > new.rev)
		return store_out(s, e);
	context_of(context, c->number);
	fold_conv(&s->text, c);
	json_encode(&json, &conv_json, c);
	store_seal(s, context, buf_str(&s->text), json.p);
	buf_free(&json);
	sql_run(s->db,
	    "INSERT INTO conv VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
	    " ON CONFLICT (number) DO UPDATE SET rev = ?2, contact = ?3,"
	    " views = ?4, ord = ?5, resolved_ms = ?6, sealed = ?7",
	    "iiiistb", c->number, new.rev, new.contact, new.views, new.ord,
	    c->status == STATUS_RESOLVED ? c->resolved_ms : INT64_C(0),
	    s->sealed.p, s->sealed.n);
	move(s, c->number, &old, &new);
	if (old.contact != new.contact)
		store_msgs_claim(s, c->number, new.contact);
	return store_out(s, e);
}

int64_t
store_contact_of(struct store *s, int64_t number)
{
	return sql_get_int(s->db, 0,
	    "SELECT contact FROM conv WHERE number = ?1", "i", number);
}

struct conv *
store_conv(struct store *s, int64_t number, struct arena *a)
{
	struct sql_rows *q = sql_query(
	    s->db, "SELECT sealed FROM conv WHERE number = ?1", "i", number);
	struct conv *c = NULL;
	char context[CONTEXT_B];

	context_of(context, number);
	if (sql_next(q))
		c = store_row(s, context, q, 0, &conv_json, a);
	sql_done(q);
	store_read_done(s->db);
	return c;
}

static struct conv *
row_conv(struct store *s, struct sql_rows *q, struct arena *a)
{
	char context[CONTEXT_B];

	context_of(context, sql_int(q, 0));
	return store_row(s, context, q, 1, &conv_json, a);
}

/* The range, in its direction; a limit in SQL only without a filter. */
static struct sql_rows *
range(struct store *s, const struct store_list *l)
{
	const char *from = l->from;
	int64_t limit =
	    l->match == NULL && l->sift == NULL ? (int64_t)l->limit : -1;
	int v = l->view;

	if (from == NULL) /* below and above every key */
		from = l->backward ? "~" : "";
	if (l->backward && l->after)
		return sql_query(s->db,
		    "SELECT number, sealed, listing.ord FROM listing JOIN conv USING"
		    " (number) WHERE view = ?1 AND listing.ord < ?2"
		    " ORDER BY listing.ord DESC LIMIT ?3",
		    "dsi", v, from, limit);
	if (l->backward)
		return sql_query(s->db,
		    "SELECT number, sealed, listing.ord FROM listing JOIN conv USING"
		    " (number) WHERE view = ?1 AND listing.ord <= ?2"
		    " ORDER BY listing.ord DESC LIMIT ?3",
		    "dsi", v, from, limit);
	if (l->after)
		return sql_query(s->db,
		    "SELECT number, sealed, listing.ord FROM listing JOIN conv USING"
		    " (number) WHERE view = ?1 AND listing.ord > ?2"
		    " ORDER BY listing.ord LIMIT ?3",
		    "dsi", v, from, limit);
	return sql_query(s->db,
	    "SELECT number, sealed, listing.ord FROM listing JOIN conv USING (number)"
	    " WHERE view = ?1 AND listing.ord >= ?2"
	    " ORDER BY listing.ord LIMIT ?3",
	    "dsi", v, from, limit);
}

static void
reverse(struct conv **v, size_t n)
{
	struct conv *c;

	for (size_t i = 0; i < n / 2; i++) {
		c = v[i];
		v[i] = v[n - 1 - i];
		v[n - 1 - i] = c;
	}
}

static bool
holds_folded(const struct conv *c, const char *words, void *arg)
{
	(void)c;
	return strstr(arg, words) != NULL;
}

static bool
sift_words(const struct store_sift *sift, const char *folded)
{
	struct filter_env env = {.holds = holds_folded, .arg = (void *)folded};

	for (int i = 0; i < SIFT_FILTERS; i++)
		if (sift->f[i] != NULL &&
		    !filter_match_words(sift->f[i], NULL, &env))
			return false;
	return true;
}

static bool
sift_fields(const struct store_sift *sift, const struct conv *c)
{
	struct filter_env env = {.now_ms = when_now_ms(), .me = sift->me};

	for (int i = 0; i < SIFT_FILTERS; i++)
		if (sift->f[i] != NULL &&
		    !filter_match_fields(sift->f[i], c, &env))
			return false;
	return true;
}

/* The row, when it is one that the list wants. The words first: most rows end
 * there, before any JSON is read. */
static struct conv *
row_wanted(struct store *s, struct sql_rows *q, const struct store_list *l,
    struct arena *a)
{
	char context[CONTEXT_B];
	const char *folded = "", *json;
	const void *p;
	struct conv *c;
	size_t n;

	context_of(context, sql_int(q, 0));
	p = sql_blob(q, 1, &n);
	json = store_unseal(s, context, p, n, &folded);
	if (json == NULL ||
	    (l->match != NULL && strstr(folded, l->match) == NULL) ||
	    (l->sift != NULL && !sift_words(l->sift, folded)))
		return NULL;
	c = store_read(json, &conv_json, a);
	return c != NULL && l->sift != NULL && !sift_fields(l->sift, c) ? NULL
									: c;
}

static void
sift_stop(struct store_sift *sift, struct sql_rows *q, size_t looked)
{
	if (sift == NULL || sift->look == 0 || looked < sift->look)
		return;
	sift->cut = true;
	snprintf(sift->at, sizeof(sift->at), "%s", sql_text(q, 2));
}

size_t
store_list(struct store *s, const struct store_list *l, struct arena *a,
    struct conv ***rows)
{
	struct conv **v = arena_calloc(a, l->limit + 1, sizeof(struct conv *));
	struct sql_rows *q = range(s, l);
	size_t n = 0, looked = 0;

	if (l->sift != NULL)
		l->sift->cut = false;
	while (
	    n < l->limit && (l->sift == NULL || !l->sift->cut) && sql_next(q)) {
		if ((v[n] = row_wanted(s, q, l, a)) != NULL)
			n++;
		sift_stop(l->sift, q, ++looked);
	}
	sql_done(q);
	store_read_done(s->db);
	if (l->backward)
		reverse(v, n);
	*rows = v;
	return n;
}

size_t
store_contact_convs(struct store *s, int64_t contact, size_t limit,
    struct arena *a, struct conv ***rows)
{
	struct conv **v = arena_calloc(a, limit + 1, sizeof(struct conv *));
	size_t n = 0;
	struct sql_rows *q = sql_query(s->db,
	    "SELECT number, sealed FROM conv WHERE contact = ?1"
	    " ORDER BY number DESC LIMIT ?2",
	    "ii", contact, (int64_t)limit);

	while (n < limit && sql_next(q))
		if ((v[n] = row_conv(s, q, a)) != NULL)
			n++;
	sql_done(q);
	store_read_done(s->db);
	*rows = v;
	return n;
}

void
store_counts(struct store *s, int64_t counts[VIEW_N])
{
	struct sql_rows *q;

	memset(counts, 0, VIEW_N * sizeof(*counts));
	q = sql_query(s->db, "SELECT view, n FROM counts", "");
	while (sql_next(q))
		if (sql_int(q, 0) >= 0 && sql_int(q, 0) < VIEW_N)
			counts[sql_int(q, 0)] = sql_int(q, 1);
	store_read_done(s->db);
}
