/*
 * The outbox's way to LINE, as state: which messages go out in one request,
 * by reply token or by push, and what its answer means. A request's bytes and
 * key are durable before its first attempt; a reply is marked as on the wire
 * before it is, so that a crash leaves it unconfirmed and never sent twice.
 */
#include <string.h>

#include <mado/id.h>

#include "act.h"

enum {
	SEND_TAKE_MAX = 64,
	/* A retry key is good for 24 hours from its first attempt; past them
	 * the same request would be a second message. */
	SEND_LIFE_MS = 24 * 3600 * 1000 - 10 * 60 * 1000,
	SEND_PAUSE_MS = 1000,
	SEND_PAUSE_MAX_MS = 10 * 60 * 1000
};

/* What waits for one identity. */
struct waits {
	int64_t ids[REPLY_BUBBLES_MAX], messages[REPLY_BUBBLES_MAX];
	int64_t conversation;
	int n;
	bool push_ok;    /* all of them */
	struct buf list; /* the payloads, comma separated */
};

static void
send_waits(struct act *a, int64_t identity, struct waits *w)
{
	struct sql_rows *q;

	w->n = 0;
	w->push_ok = true;
	buf_reset(&w->list);
	q = sql_query(a->db,
	    "SELECT o.id,o.message,o.payload,o.push_ok,m.conversation"
	    " FROM outbox o JOIN message m ON m.id=o.message"
	    " WHERE o.identity=?1 AND o.state=0 ORDER BY o.id LIMIT 5",
	    "i", identity);
	while (sql_next(q)) {
		buf_puts(&w->list, w->n > 0 ? "," : "");
		buf_puts(&w->list, sql_text(q, 2));
		w->ids[w->n] = sql_int(q, 0);
		w->messages[w->n] = sql_int(q, 1);
		w->push_ok = w->push_ok && sql_int(q, 3) != 0;
		w->conversation = sql_int(q, 4);
		w->n++;
	}
}

/* All messages of a request (or of `w`) get a state. */
static void
send_mark(struct act *a, int64_t message, enum msg_state state, int via,
    const char *error)
{
	int64_t conversation;

	sql_run(a->db,
	    "UPDATE message SET state=?2, error=?3, via=CASE WHEN"
	    " ?4<0 THEN NULL ELSE ?4 END WHERE id=?1",
	    "idsd", message, (int)state, error, via);
	conversation = sql_get_int(a->db, 0,
	    "SELECT conversation FROM message WHERE id=?1", "i", message);
	act_problems(a, conversation);
	act_feed(a, "message.state", conversation, message, state_names[state]);
}

void
act_send_release(struct act *a, int64_t identity)
{
	int64_t message;

	while ((message = sql_get_int(a->db, 0,
		    "SELECT message FROM outbox WHERE identity=?1 AND state=2"
		    " AND send_at IS NULL ORDER BY id LIMIT 1",
		    "i", identity)) != 0) {
		sql_run(a->db, "UPDATE outbox SET state=0 WHERE message=?1",
		    "i", message);
		send_mark(a, message, STATE_QUEUED, -1, NULL);
		a->wake |= WAKE_SEND;
	}
}

static void
send_hold(struct act *a, const struct waits *w, int state, enum msg_state ms,
    const char *why)
{
	int i;

	for (i = 0; i < w->n; i++) {
		sql_run(a->db,
		    "UPDATE outbox SET state=?2, request=NULL"
		    " WHERE id=?1",
		    "id", w->ids[i], state);
		send_mark(a, w->messages[i], ms, -1, why);
	}
}

/* The newest token that is young enough, NULL without; used up by this. */
static const char *
send_token(struct act *a, int64_t identity, int64_t *at_ms)
{
	const char *token = NULL;
	struct sql_rows *q;

	q = sql_query(a->db,
	    "SELECT token,received_at FROM reply_token WHERE identity=?1"
	    " AND received_at>?2 ORDER BY received_at DESC LIMIT 1",
	    "ii", identity, a->now_ms - REPLY_TOKEN_LIFE_S * 1000);
	if (sql_next(q)) {
		token = arena_strdup(a->mem, sql_text(q, 0));
		*at_ms = sql_int(q, 1);
		sql_done(q);
		sql_run(a->db,
		    "DELETE FROM reply_token WHERE identity=?1"
		    " AND token=?2",
		    "is", identity, token);
	}
	return token;
}

static char *
send_body(const char *name, const char *value, const char *list)
{
	struct buf b = {0};

	buf_putc(&b, '{');
	json_add_str(&b, name, value);
	json_put_key(&b, "messages");
	buf_printf(&b, "[%s]}", list);
	return buf_take(&b);
}

/* How a request may leave. */
struct way {
	const char *channel, *to;
	const char *token; /* NULL: none alive */
	int64_t token_at;
	const char *stopped; /* pushes are, with LINE's words */
};

static void
send_request(struct act *a, int64_t identity, const struct waits *w,
    const struct way *way)
{
	char *body = way->token != NULL
	    ? send_body("replyToken", way->token, buf_str(&w->list))
	    : send_body("to", way->to, buf_str(&w->list));
	char key[ID_UUID_B];
	int64_t id;
	int i;

	id_uuid(key);
	sql_run(a->db,
	    "INSERT INTO request(identity,channel,via,retry_key,body,token_at,"
	    "state,attempts,first_at,next_at)"
	    " VALUES(?1,?2,?3,?4,?5,?6,0,0,?7,?7)",
	    "isdssti", identity, way->channel,
	    (int)(way->token != NULL ? VIA_REPLY : VIA_PUSH), key, body,
	    way->token_at, a->now_ms);
	id = sql_last_id(a->db);
	for (i = 0; i < w->n; i++)
		sql_run(a->db,
		    "UPDATE outbox SET state=1, request=?2"
		    " WHERE id=?1",
		    "ii", w->ids[i], id);
	x_free(body);
}

static enum push_policy
send_policy(const struct send_in *in, const char *channel)
{
	for (; in != NULL; in = in->next)
		if (strcmp(in->channel, channel) == 0)
			return in->push;
	return PUSH_HOLD; /* a channel that is configured no more */
}

/* Make a request of what waits for an identity, or hold it. */
static void
send_form(struct act *a, int64_t identity, struct waits *w)
{
	static const char *const held[] = {NULL,
	    "needs a push (counts against the quota): retry sends it",
	    "waits for the customer's next message"};
	struct way way = {0};
	enum push_policy push;
	struct sql_rows *q;

	q = sql_query(a->db,
	    "SELECT i.channel,i.external_id,c.push_stopped FROM identity i"
	    " LEFT JOIN channel c ON c.name=i.channel WHERE i.id=?1",
	    "i", identity);
	if (!sql_next(q))
		return;
	way.channel = arena_strdup(a->mem, sql_text(q, 0));
	way.to = arena_strdup(a->mem, sql_text(q, 1));
	way.stopped = arena_strdup(a->mem, sql_text(q, 2));
	sql_done(q);
	send_waits(a, identity, w);
	push = send_policy(a->in, way.channel);
	way.token = send_token(a, identity, &way.token_at);
	if (way.token != NULL ||
	    ((push == PUSH_ALLOW || w->push_ok) && way.stopped == NULL))
		send_request(a, identity, w, &way);
	else if (push != PUSH_ALLOW && !w->push_ok)
		send_hold(a, w, OUTBOX_HELD, STATE_HELD, held[push]);
	else
		send_hold(a, w, OUTBOX_ENDED, STATE_FAILED, way.stopped);
}

static void
send_close(struct act *a, int64_t id)
{
	sql_run(a->db, "DELETE FROM request WHERE id=?1", "i", id);
	a->wake |= WAKE_SEND;
}

/* Its messages go back into the outbox, to leave another way. */
static void
send_undo(struct act *a, int64_t id)
{
	sql_run(a->db,
	    "UPDATE outbox SET state=0, request=NULL"
	    " WHERE request=?1",
	    "i", id);
	send_close(a, id);
}

/* Replies that were never sent and whose token has died meanwhile. */
static void
send_undo_stale(struct act *a)
{
	int64_t id;

	while (
	    (id = sql_get_int(a->db, 0,
		 "SELECT id FROM request WHERE state=0 AND via=0 AND token_at<=?1"
		 " LIMIT 1",
		 "i", a->now_ms - REPLY_TOKEN_LIFE_S * 1000)) != 0)
		send_undo(a, id);
}

/* A request's messages, in order, with the identity they are for. */
struct ended {
	int64_t messages[REPLY_BUBBLES_MAX], outbox[REPLY_BUBBLES_MAX];
	int64_t identity, first_at, attempts;
	int n, via;
	bool unknown; /* an attempt may have been acted upon */
};

static void
send_ended(struct act *a, int64_t id, struct ended *d)
{
	struct sql_rows *q;

	memset(d, 0, sizeof(*d));
	q = sql_query(a->db,
	    "SELECT o.id,o.message,r.identity,r.first_at,r.attempts,r.via,"
	    "r.unknown FROM request r JOIN outbox o ON o.request=r.id"
	    " WHERE r.id=?1 ORDER BY o.id",
	    "i", id);
	while (sql_next(q)) {
		d->outbox[d->n] = sql_int(q, 0);
		d->messages[d->n++] = sql_int(q, 1);
		d->identity = sql_int(q, 2);
		d->first_at = sql_int(q, 3);
		d->attempts = sql_int(q, 4);
		d->via = (int)sql_int(q, 5);
		d->unknown = sql_int(q, 6) != 0;
	}
}

static void
send_over(struct act *a, int64_t id, const struct ended *d,
    enum msg_state state, const char *error)
{
	int i;

	for (i = 0; i < d->n; i++) {
		sql_run(a->db,
		    "UPDATE outbox SET state=3, request=NULL"
		    " WHERE id=?1",
		    "i", d->outbox[i]);
		send_mark(a, d->messages[i], state, d->via, error);
	}
	send_close(a, id);
}

static int64_t
send_pause(int64_t attempts)
{
	int64_t pause = SEND_PAUSE_MS;

	for (; attempts > 1 && pause < SEND_PAUSE_MAX_MS; attempts--)
		pause *= 2;
	return pause;
}

/*
 * Pushes that wait for their next try while the customer has written again: a
 * token is alive, and later replies must not wait behind them. What surely has
 * not arrived goes with the token, too; what may have is tried once more at
 * once, by its key, and not again before there is another token.
 */
static void
send_unblock(struct act *a)
{
	int64_t ids[SEND_TAKE_MAX];
	bool unknown[SEND_TAKE_MAX];
	struct sql_rows *q;
	int n = 0;

	q = sql_query(a->db,
	    "SELECT r.id,r.unknown,r.next_at,r.attempts,max(t.received_at)"
	    " FROM request r JOIN reply_token t ON t.identity=r.identity"
	    " WHERE r.state=0 AND r.via=1 AND r.attempts>0 AND r.next_at>?1"
	    " AND t.received_at>?2 GROUP BY r.id LIMIT 64",
	    "ii", a->now_ms, a->now_ms - REPLY_TOKEN_LIFE_S * 1000);
	while (sql_next(q)) {
		unknown[n] = sql_int(q, 1) != 0;
		if (!unknown[n] ||
		    sql_int(q, 4) > sql_int(q, 2) - send_pause(sql_int(q, 3)))
			ids[n++] = sql_int(q, 0);
	}
	while (n-- > 0) {
		if (unknown[n])
			sql_run(a->db,
			    "UPDATE request SET next_at=?2 WHERE id=?1", "ii",
			    ids[n], a->now_ms);
		else
			send_undo(a, ids[n]);
	}
}

/* Pushes that were tried and whose key is no longer good: what is not known
 * stays so, and only a person may send it anew. */
static void
send_expire(struct act *a)
{
	struct ended d;
	int64_t id;

	while ((id = sql_get_int(a->db, 0,
		    "SELECT id FROM request WHERE state=0 AND via=1 AND"
		    " attempts>0 AND first_at<=?1 LIMIT 1",
		    "i", a->now_ms - SEND_LIFE_MS)) != 0) {
		send_ended(a, id, &d);
		send_over(a, id, &d,
		    d.unknown ? STATE_UNCONFIRMED : STATE_FAILED,
		    "LINE gave no answer for a day");
	}
}

int
act_send_take(struct act *a, struct err *e)
{
	struct send *list = NULL, **end = &list, *s;
	int64_t identities[SEND_TAKE_MAX];
	struct waits w = {0};
	struct sql_rows *q;
	int i, n = 0;

	(void)e;
	send_undo_stale(a);
	act_ack_expire(a);
	send_unblock(a);
	send_expire(a);
	q = sql_query(a->db,
	    "SELECT DISTINCT identity FROM outbox o WHERE state=0 AND NOT"
	    " EXISTS(SELECT 1 FROM request r WHERE r.identity=o.identity)"
	    " LIMIT 64",
	    "");
	while (sql_next(q))
		identities[n++] = sql_int(q, 0);
	for (i = 0; i < n; i++)
		send_form(a, identities[i], &w);
	buf_free(&w.list);
	q = sql_query(a->db,
	    "SELECT id,via,channel,retry_key,body,attempts FROM request"
	    " WHERE state=0 AND next_at<=?1 ORDER BY next_at LIMIT 64",
	    "i", a->now_ms);
	while (sql_next(q)) {
		s = *end = arena_new_of(a->mem, struct send);
		end = &s->next;
		s->id = sql_int(q, 0);
		s->via = (enum via)sql_int(q, 1);
		s->channel = arena_strdup(a->mem, sql_text(q, 2));
		s->retry_key = arena_strdup(a->mem, sql_text(q, 3));
		s->body = arena_strdup(a->mem, sql_text(q, 4));
		s->attempts = sql_int(q, 5);
	}
	for (s = list; s != NULL; s = s->next)
		sql_run(a->db,
		    "UPDATE request SET state=1, first_at=CASE attempts"
		    " WHEN 0 THEN ?2 ELSE first_at END, attempts=attempts+1"
		    " WHERE id=?1",
		    "ii", s->id, a->now_ms);
	a->out = list;
	return 0;
}

static void
send_sent(struct act *a, const struct send_result *r, const struct ended *d)
{
	const char *line_id, *quote;
	int i;

	for (i = 0; i < d->n; i++) {
		line_id = (size_t)i < r->n ? r->line_ids[i] : NULL;
		quote = (size_t)i < r->n ? r->quote_tokens[i] : NULL;
		sql_run(
		    a->db, "DELETE FROM outbox WHERE id=?1", "i", d->outbox[i]);
		sql_run(a->db,
		    "UPDATE message SET line_id=?2, quote_token=?3,"
		    " cost=?4 WHERE id=?1",
		    "isst", d->messages[i], line_id, quote,
		    (int64_t)(d->via == VIA_PUSH && i == 0));
		send_mark(a, d->messages[i], STATE_SENT, d->via, NULL);
	}
	if (d->via == VIA_PUSH)
		sql_run(a->db,
		    "UPDATE channel SET quota_used=quota_used+1"
		    " WHERE quota_used>=0 AND name=(SELECT channel FROM"
		    " identity WHERE id=?1)",
		    "i", d->identity);
	send_close(a, r->id);
}

static void
send_again(struct act *a, const struct send_result *r, const struct ended *d)
{
	sql_run(a->db,
	    "UPDATE request SET state=0, next_at=?2, unknown=max(unknown,?3)"
	    " WHERE id=?1",
	    "iid", r->id, a->now_ms + send_pause(d->attempts),
	    (int)(r->how == SEND_UNKNOWN));
	a->wake |= WAKE_SEND;
}

int
act_send_result(struct act *a, struct err *e)
{
	const struct send_result *r = a->in;
	struct ended d;

	(void)e;
	send_ended(a, r->id, &d);
	if (d.n == 0)
		return 0;
	switch (r->how) {
	case SENT:
		send_sent(a, r, &d);
		break;
	case SEND_AGAIN:
		send_again(a, r, &d);
		break;
	case SEND_DEAD_TOKEN:
		send_undo(a, r->id);
		break;
	case SEND_UNKNOWN:
		if (d.via == VIA_REPLY)
			send_over(a, r->id, &d, STATE_UNCONFIRMED, r->error);
		else
			send_again(a, r, &d);
		break;
	case SEND_MONTH_OVER:
		sql_run(a->db,
		    "UPDATE channel SET push_stopped=?2 WHERE"
		    " name=(SELECT channel FROM identity WHERE id=?1)",
		    "is", d.identity, r->error);
		act_feed(a, "channel.changed", 0, 0, "month over");
		send_over(a, r->id, &d, STATE_FAILED, r->error);
		break;
	case SEND_REFUSED:
		send_over(a, r->id, &d, STATE_FAILED, r->error);
		break;
	}
	return 0;
}

int
act_recover(struct act *a, struct err *e)
{
	int64_t ids[SEND_TAKE_MAX];
	struct sql_rows *q;
	struct ended d;
	int i, n;

	(void)e;
	do {
		n = 0;
		q = sql_query(a->db,
		    "SELECT id FROM request WHERE state=1"
		    " LIMIT 64",
		    "");
		while (sql_next(q))
			ids[n++] = sql_int(q, 0);
		for (i = 0; i < n; i++) {
			send_ended(a, ids[i], &d);
			if (d.via == VIA_REPLY)
				send_over(a, ids[i], &d, STATE_UNCONFIRMED,
				    "the desk stopped before LINE's answer"
				    " came");
			else /* the key makes it safe */
				sql_run(a->db,
				    "UPDATE request SET state=0, unknown=1"
				    " WHERE id=?1",
				    "i", ids[i]);
		}
	} while (n == SEND_TAKE_MAX);
	a->wake |= WAKE_SEND | WAKE_PROFILE | WAKE_MEDIA | WAKE_JOBS;
	return 0;
}

/* Has the customer written after that message? */
static bool
later_is_late(struct act *a, int64_t message)
{
	return sql_get_int(a->db, 0,
		   "SELECT count(*) FROM message m JOIN message x ON"
		   " x.conversation=m.conversation AND x.id>m.id AND"
		   " x.sender=0 AND x.type<>8 WHERE m.id=?1",
		   "i", message) != 0;
}

int
act_send_later(struct act *a, struct err *e)
{
	int64_t messages[SEND_TAKE_MAX];
	struct sql_rows *q;
	bool late;
	int n = 0;

	(void)e;
	q = sql_query(a->db,
	    "SELECT message FROM outbox WHERE send_at<=?1 ORDER BY send_at,id"
	    " LIMIT 64",
	    "i", a->now_ms);
	while (sql_next(q))
		messages[n++] = sql_int(q, 0);
	for (int i = 0; i < n; i++) {
		late = later_is_late(a, messages[i]);
		sql_run(a->db,
		    "UPDATE outbox SET send_at=NULL, push_ok=1, state=?2"
		    " WHERE message=?1",
		    "id", messages[i],
		    (int)(late ? OUTBOX_HELD : OUTBOX_WAITS));
		send_mark(a, messages[i], late ? STATE_HELD : STATE_QUEUED, -1,
		    late ? "the customer has written since this was scheduled:"
			   " retry sends it"
			 : NULL);
	}
	a->wake |= WAKE_SEND | WAKE_JOBS;
	return 0;
}
