/*
 * What rules.conf's verdicts need of the store and leave in it: what a customer
 * is in the middle of, their answers as fields and tags, the place in the
 * queue; and what falls due by itself. Must not decide: that is rules.c's. A
 * part of act_bot.c's turn; act_follow() and the due acts are their own.
 */
#include <string.h>

#include "act.h"
#include "rules_state.h"

enum {
	DUE_MAX = 64,
	WAIT_SHARE = 8,
	NAME_WAIT_MS = 3000 /* for LINE to tell who a new friend is */
};

/* --- what is decided by */

static void
gather_fields(struct act *a, int64_t contact, struct rules_input *in)
{
	struct rules_field *v = NULL;
	struct sql_rows *q;
	size_t cap = 0, n = 0;

	q = sql_query(a->db,
	    "SELECT name,value FROM contact_field WHERE contact=?1", "i",
	    contact);
	while (sql_next(q)) {
		if (n == cap) {
			cap = cap > 0 ? 2 * cap : 8;
			v = x_realloc(v, cap, sizeof(*v));
		}
		v[n].name = arena_strdup(a->mem, sql_text(q, 0));
		v[n++].value = arena_strdup(a->mem, sql_text(q, 1));
	}
	in->fields = arena_calloc(a->mem, n + 1, sizeof(*v));
	if (n > 0)
		memcpy((struct rules_field *)in->fields, v, n * sizeof(*v));
	in->n_fields = n;
	x_free(v);
}

static void
gather_queue(struct act *a, struct rules_input *in)
{
	in->queue_place = 1 +
	    sql_get_int(a->db, 0,
		"SELECT count(*) FROM conversation WHERE mode=1 AND assignee"
		" IS NULL AND status<2 AND waiting_since IS NOT NULL",
		"");
	in->queue_wait_ms = sql_get_int(
	    a->db, 0, "SELECT value FROM meta WHERE name='queue_wait_ms'", "");
}

static const struct rules_state *
gather_state(struct act *a, int64_t identity)
{
	struct rules_state *s = arena_new_of(a->mem, struct rules_state);
	char *text = sql_get_text(a->db,
	    "SELECT state FROM bot_state WHERE identity=?1", "i", identity);

	rules_state_get(text, a->mem, s);
	x_free(text);
	return s;
}

void
act_rules_gather(struct act *a, const struct cv *c, const struct rules *r,
    struct rules_input *in)
{
	struct sql_rows *q;

	/* up to LINE's profile the name is made of the id: no name to say */
	q = sql_query(a->db,
	    "SELECT nullif(t.name,t.kind||' '||substr(i.external_id,-6)),"
	    "t.language FROM contact t JOIN identity i ON i.id=?2"
	    " WHERE t.id=?1",
	    "ii", c->contact, c->identity);
	if (sql_next(q)) {
		in->contact_name = arena_strdup(a->mem, sql_text(q, 0));
		in->contact_language = arena_strdup(a->mem, sql_text(q, 1));
		sql_done(q);
	}
	in->conversation = c->number;
	in->channel = c->channel;
	in->now_ms = a->now_ms;
	if (r == NULL)
		return;
	in->state = gather_state(a, c->identity);
	gather_fields(a, c->contact, in);
	if (rules_wants_queue(r))
		gather_queue(a, in);
}

/* --- what is left of it */

static void
keep_state(struct act *a, int64_t identity, const struct rules *r,
    const struct rules_state *s)
{
	int64_t due = rules_due(r, s);
	struct buf b = {0};

	if (rules_state_is_empty(s)) {
		sql_run(a->db, "DELETE FROM bot_state WHERE identity=?1", "i",
		    identity);
		return;
	}
	rules_state_put(&b, s);
	sql_run(a->db,
	    "INSERT INTO bot_state(identity,due_at,state) VALUES(?1,?2,?3)"
	    " ON CONFLICT DO UPDATE SET due_at=?2, state=?3",
	    "its", identity, due > a->now_ms ? due : 0, buf_str(&b));
	buf_free(&b);
	if (due != 0)
		a->wake |= WAKE_JOBS;
}

/* Gives whether the contact changed. */
static bool
keep_tags(struct act *a, const struct cv *c, const struct strs *tags)
{
	int64_t contact = 0, conversation = 0;

	for (size_t i = 0; i < tags->n; i++) {
		const char *tag = tags->v[i];

		if (*tag == '@') {
			sql_run(a->db,
			    "INSERT OR IGNORE INTO contact_tag VALUES(?1,?2)",
			    "is", c->contact, tag + 1);
			contact += sql_changes(a->db);
		} else if (c->number != 0) {
			sql_run(a->db,
			    "INSERT OR IGNORE INTO conversation_tag"
			    " VALUES(?1,?2)",
			    "is", c->number, tag);
			conversation += sql_changes(a->db);
		}
	}
	if (conversation > 0)
		act_feed(a, "conversation.changed", c->number, 0, "tag");
	return contact > 0;
}

void
act_rules_keep(struct act *a, const struct cv *c, const struct rules *r,
    const struct rules_verdict *v, int64_t message)
{
	bool changed;

	if (r == NULL || v->why == NULL)
		return;
	changed = keep_tags(a, c, &v->tags);
	for (size_t i = 0; i < v->n_fields; i++)
		sql_run(a->db,
		    "INSERT OR REPLACE INTO contact_field(contact,name,value,"
		    "message,at) VALUES(?1,?2,?3,?4,?5)",
		    "issti", c->contact, v->fields[i].name, v->fields[i].value,
		    message, a->now_ms);
	if (changed || v->n_fields > 0)
		act_feed_contact(a, "contact.changed", c->contact);
	keep_state(a, c->identity, r, &v->state);
}

void
act_rules_leave(struct act *a, int64_t identity)
{
	sql_run(a->db,
	    "UPDATE bot_state SET due_at=NULL,"
	    " state=json_remove(state,'$.menu','$.form') WHERE identity=?1",
	    "i", identity);
}

void
act_rules_unsent(struct act *a, int64_t message)
{
	int64_t contact = sql_get_int(
	    a->db, 0, "SELECT contact FROM message WHERE id=?1", "i", message);

	sql_run(a->db,
	    "DELETE FROM contact_field WHERE contact=?1 AND message=?2", "ii",
	    contact, message);
	if (sql_changes(a->db) > 0)
		act_feed_contact(a, "contact.changed", contact);
}

/* --- what happens without a message */

static void
carry_out(struct act *a, struct cv *c, const struct rules *r,
    const struct rules_verdict *v)
{
	bool handoff = v->act == RULES_HANDOFF && c->number != 0;

	if (v->act == RULES_NONE && v->says.n == 0) {
		act_rules_keep(a, c, r, v, 0);
		return;
	}
	if (handoff) {
		sql_run(a->db,
		    "UPDATE conversation SET waiting_since="
		    "ifnull(waiting_since,?2) WHERE number=?1",
		    "ii", c->number, a->now_ms);
		act_mode(a, c, MODE_MANUAL, v->why);
	}
	act_bot_say(a, c,
	    &(struct bot_says){&v->says, &v->quick, v->why,
		handoff || c->status == STATUS_RESOLVED});
	act_rules_keep(a, c, r, v, 0);
}

/* People are in charge, who say hello themselves. */
static bool
with_people(const struct cv *c)
{
	return c->number != 0 && c->status != STATUS_RESOLVED &&
	    c->mode == MODE_MANUAL;
}

static void
greet(
    struct act *a, struct cv *c, const struct rules *r, struct rules_input *in)
{
	struct rules_verdict v;

	rules_decide(r, in, a->mem, &v);
	carry_out(a, c, r, &v);
}

void
act_follow(struct act *a, struct cv *c, const struct rules *r)
{
	struct rules_input in = {.event = RULES_FOLLOW};

	if (r == NULL || with_people(c))
		return;
	act_rules_gather(a, c, r, &in);
	if (in.contact_name != NULL) {
		greet(a, c, r, &in);
		return;
	}
	sql_run(a->db,
	    "INSERT OR REPLACE INTO greeting(identity,due_at) VALUES(?1,?2)",
	    "ii", c->identity, a->now_ms + NAME_WAIT_MS);
	a->wake |= WAKE_JOBS;
}

void
act_follow_known(struct act *a, int64_t contact)
{
	sql_run(a->db,
	    "UPDATE greeting SET due_at=?2 WHERE identity IN (SELECT id FROM"
	    " identity WHERE contact=?1)",
	    "ii", contact, a->now_ms);
	if (sql_changes(a->db) > 0)
		a->wake |= WAKE_JOBS;
}

/* Of whom a query names, DUE_MAX at most. */
static size_t
due_ones(struct act *a, const char *sql, int64_t until_ms, int64_t *out)
{
	struct sql_rows *q =
	    sql_query(a->db, sql, "id", until_ms, (int)DUE_MAX);
	size_t n = 0;

	while (sql_next(q))
		out[n++] = sql_int(q, 0);
	a->wake |= WAKE_JOBS;
	return n;
}

/* What LINE's event had; there may be no conversation. */
static void
friend_cv(struct act *a, int64_t identity, struct cv *c)
{
	struct sql_rows *q;

	act_cv_latest(a, identity, c);
	q = sql_query(a->db, "SELECT contact,channel FROM identity WHERE id=?1",
	    "i", identity);
	if (!sql_next(q))
		return;
	c->identity = identity;
	c->contact = sql_int(q, 0);
	c->channel = arena_strdup(a->mem, sql_text(q, 1));
	sql_done(q);
}

int
act_greet(struct act *a, struct err *e)
{
	int64_t identities[DUE_MAX];
	size_t n = due_ones(a,
	    "SELECT identity FROM greeting WHERE due_at<=?1 LIMIT ?2",
	    a->now_ms, identities);

	(void)e;
	for (size_t i = 0; i < n; i++) {
		struct rules_input in = {.event = RULES_FOLLOW};
		struct cv c;

		sql_run(a->db, "DELETE FROM greeting WHERE identity=?1", "i",
		    identities[i]);
		friend_cv(a, identities[i], &c);
		if (a->in == NULL || with_people(&c))
			continue;
		act_rules_gather(a, &c, a->in, &in);
		greet(a, &c, a->in, &in);
	}
	return 0;
}

/* Nobody waits for its answer any more. */
static void
drop_form(struct act *a, int64_t identity, const struct rules *r)
{
	struct rules_state s = *gather_state(a, identity);

	s.form = s.question = NULL;
	keep_state(a, identity, r, &s);
}

static void
time_out(struct act *a, int64_t identity, const struct rules *r)
{
	struct rules_input in = {.event = RULES_TIMEOUT};
	struct rules_verdict v;
	struct cv c;

	act_cv_latest(a, identity, &c);
	if (r == NULL || c.number == 0 || c.status == STATUS_RESOLVED ||
	    with_people(&c)) {
		drop_form(a, identity, r);
		return;
	}
	act_rules_gather(a, &c, r, &in);
	rules_decide(r, &in, a->mem, &v);
	carry_out(a, &c, r, &v);
}

int
act_rules_due(struct act *a, struct err *e)
{
	int64_t identities[DUE_MAX];
	size_t n = due_ones(a,
	    "SELECT identity FROM bot_state WHERE due_at<=?1 LIMIT ?2",
	    a->now_ms, identities);

	(void)e;
	for (size_t i = 0; i < n; i++)
		time_out(a, identities[i], a->in);
	return 0;
}

void
act_back_to_auto(struct act *a, struct cv *c, const char *why)
{
	if (c->mode == MODE_AUTO)
		return;
	sql_run(a->db,
	    "UPDATE conversation SET assignee=NULL, waiting_since=NULL"
	    " WHERE number=?1",
	    "i", c->number);
	/* whoever is handed over once more is told so once more */
	sql_run(a->db,
	    "UPDATE bot_state SET state=json_set(state,'$.told',0)"
	    " WHERE identity=?1",
	    "i", c->identity);
	c->assignee = c->waiting_since = 0;
	act_mode(a, c, MODE_AUTO, why);
}

int
act_silence(struct act *a, struct err *e)
{
	int64_t after_ms = rules_bot(a->in)->auto_after_ms;
	int64_t numbers[DUE_MAX];
	size_t n = 0;

	if (after_ms > 0)
		n = due_ones(a,
		    "SELECT number FROM conversation WHERE mode=1 AND status<2"
		    " AND status=0 AND waiting_since IS NULL AND last_at<=?1"
		    " LIMIT ?2",
		    a->now_ms - after_ms, numbers);
	for (size_t i = 0; i < n; i++) {
		struct cv c;

		if (act_cv(a, numbers[i], &c, e) == -1)
			return -1;
		act_back_to_auto(a, &c, "nobody wrote for a while");
	}
	return 0;
}

/* A running mean: of the last eight or so. */
void
act_queue_left(struct act *a, const struct cv *c)
{
	if (c->mode != MODE_MANUAL || c->assignee != 0 ||
	    c->waiting_since == 0 || c->waiting_since > a->now_ms)
		return;
	sql_run(a->db,
	    "INSERT INTO meta VALUES('queue_wait_ms',?1) ON CONFLICT(name) DO"
	    " UPDATE SET value=(value*(?2-1)+?1)/?2",
	    "id", a->now_ms - c->waiting_since, (int)WAIT_SHARE);
}
