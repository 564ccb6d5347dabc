/*
 * What all acts share: feed rows, messages, the outbox's door, mode and
 * status. Only on the writer. Errors of SQL stick in the handle and are asked
 * by the writer after each act.
 */
#include <string.h>
#include <time.h>

#include <mado/id.h>

#include "act.h"

int64_t
act_feed(struct act *a, const char *kind, int64_t conversation, int64_t message,
    const char *why)
{
	int64_t seq = ++*a->seq;

	sql_run(a->db,
	    "INSERT INTO feed(seq,at,kind,conversation,message,actor,why)"
	    " VALUES(?1,?2,?3,?4,?5,?6,?7)",
	    "iisttss", seq, a->now_ms, kind, conversation, message, a->actor,
	    why);
	if (conversation != 0)
		sql_run(a->db,
		    "UPDATE conversation SET rev=?1 WHERE number=?2"
		    " AND rev<>?1",
		    "ii", seq, conversation);
	if (message != 0)
		sql_run(a->db,
		    "UPDATE message SET rev=?1 WHERE id=?2 AND rev<>?1", "ii",
		    seq, message);
	a->wake |= WAKE_FEED;
	return seq;
}

int64_t
act_feed_contact(struct act *a, const char *kind, int64_t contact)
{
	int64_t seq = ++*a->seq;

	sql_run(a->db,
	    "INSERT INTO feed(seq,at,kind,contact,actor) VALUES(?1,?2,?3,?4,?5)",
	    "iisis", seq, a->now_ms, kind, contact, a->actor);
	a->wake |= WAKE_FEED;
	return seq;
}

#define CV_COLUMNS                                                   \
	"number,identity,contact,assignee,csat_asked,csat_answered," \
	"resolved_at,waiting_since,mode,status,channel,snoozed_until"

/* The row that comes next, if one does. */
static bool
cv_row(struct act *a, struct sql_rows *q, struct cv *c)
{
	memset(c, 0, sizeof(*c));
	if (!sql_next(q))
		return false;
	c->number = sql_int(q, 0);
	c->identity = sql_int(q, 1);
	c->contact = sql_int(q, 2);
	c->assignee = sql_int(q, 3);
	c->csat_asked = sql_int(q, 4);
	c->csat_answered = sql_int(q, 5);
	c->resolved_at = sql_int(q, 6);
	c->waiting_since = sql_int(q, 7);
	c->mode = (int)sql_int(q, 8);
	c->status = (int)sql_int(q, 9);
	c->channel = arena_strdup(a->mem, sql_text(q, 10));
	c->snoozed_until = sql_int(q, 11);
	sql_done(q);
	return true;
}

int
act_cv(struct act *a, int64_t number, struct cv *c, struct err *e)
{
	struct sql_rows *q = sql_query(a->db,
	    "SELECT " CV_COLUMNS " FROM conversation WHERE number=?1", "i",
	    number);

	if (!cv_row(a, q, c))
		return err_set(e, ERR_NOTFOUND,
		    "there is no conversation #%lld", (long long)number);
	return 0;
}

void
act_cv_latest(struct act *a, int64_t identity, struct cv *c)
{
	/* two looks into an index: one that sorts costs more than both */
	if (cv_row(a,
		sql_query(a->db,
		    "SELECT " CV_COLUMNS " FROM conversation"
		    " WHERE identity=?1 AND status<>3",
		    "i", identity),
		c))
		return;
	cv_row(a,
	    sql_query(a->db,
		"SELECT " CV_COLUMNS " FROM conversation WHERE identity=?1"
		" ORDER BY number DESC LIMIT 1",
		"i", identity),
	    c);
}

/* What a message changes of its conversation, in one statement: the inbox's
 * order stands in several indexes. */
static void
message_tell(struct act *a, const struct new_msg *m, int64_t id)
{
	bool last = m->type != MSG_EVENT && !m->aside;

	if (!last && !m->unread)
		return;
	sql_run(a->db,
	    "UPDATE conversation SET"
	    " last_message=CASE WHEN ?4 AND last_at<=?2 THEN ?1"
	    " ELSE last_message END,"
	    " last_at=CASE WHEN ?4 THEN max(last_at,?2) ELSE last_at END,"
	    " waiting_since=CASE WHEN ?5 THEN ifnull(waiting_since,?2)"
	    " ELSE waiting_since END,"
	    " unread=unread+?5, rev=?6 WHERE number=?3",
	    "iiiddi", id, m->at_ms, m->conversation, (int)last, (int)m->unread,
	    *a->seq + 1);
}

int64_t
act_message(struct act *a, const struct new_msg *m)
{
	const struct media none = {0}, *md = m->media ? m->media : &none;
	char uid[ID_ULID_B];
	int64_t id;

	id_ulid(uid);
	sql_run(a->db,
	    "INSERT INTO message(uid,conversation,identity,contact,at,sender,"
	    "author,type,text,state,line_id,quote_token,quoted,why,raw,"
	    "media_type,media_size,media_state,media_url,media_name,rev)"
	    " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,"
	    "?17,?18,?19,?20,?21)",
	    "stiiidsdsdssssssisssi", m->uid != NULL ? m->uid : uid,
	    m->conversation, m->identity, m->contact, m->at_ms, m->sender,
	    m->author, m->type, m->text, m->state, m->line_id, m->quote_token,
	    m->quoted, m->why, m->raw, md->type, md->size_b, md->state, md->url,
	    md->file_name, *a->seq + 1);
	id = sql_last_id(a->db);
	if (m->conversation != 0)
		message_tell(a, m, id);
	return id;
}

static struct new_msg
line_of(struct act *a, const struct cv *c, int64_t at_ms, const char *text,
    const char *why)
{
	return (struct new_msg){.text = text,
	    .author = a->actor,
	    .why = why,
	    .conversation = c->number,
	    .identity = c->identity,
	    .contact = c->contact,
	    .at_ms = at_ms,
	    .sender = FROM_SYSTEM,
	    .type = MSG_EVENT,
	    .state = STATE_RECEIVED};
}

int64_t
act_line(struct act *a, const struct cv *c, int64_t at_ms, const char *text,
    const char *why)
{
	struct new_msg m = line_of(a, c, at_ms, text, why);

	return act_message(a, &m);
}

void
act_queue(struct act *a, const struct cv *c, int64_t id, const char *payload)
{
	act_queue_at(a, c, id, payload, 0);
}

/* When it leaves, by the desk's clock. */
static const char *
act_later_words(struct act *a, int64_t ms)
{
	time_t t = (time_t)(ms / 1000);
	char text[40];
	struct tm tm;

	localtime_r(&t, &tm);
	strftime(text, sizeof(text), "leaves at %Y-%m-%d %H:%M", &tm);
	return arena_strdup(a->mem, text);
}

void
act_queue_at(struct act *a, const struct cv *c, int64_t id, const char *payload,
    int64_t send_at_ms)
{
	sql_run(a->db,
	    "INSERT INTO outbox(message,identity,payload,send_at,state)"
	    " VALUES(?1,?2,?3,?4,?5)",
	    "iistd", id, c->identity, payload, send_at_ms,
	    (int)(send_at_ms != 0 ? OUTBOX_HELD : OUTBOX_WAITS));
	a->wake |= send_at_ms != 0 ? WAKE_JOBS : WAKE_SEND;
	if (send_at_ms != 0)
		sql_run(a->db, "UPDATE message SET error=?2 WHERE id=?1", "is",
		    id, act_later_words(a, send_at_ms));
}

static void
set_mode(struct act *a, struct cv *c, enum mode mode, struct new_msg *line)
{
	int64_t id;

	sql_run(a->db, "UPDATE conversation SET mode=?1 WHERE number=?2", "di",
	    (int)mode, c->number);
	c->mode = (int)mode;
	act_rules_leave(a, c->identity);
	id = act_message(a, line);
	act_feed(a, "conversation.handoff", c->number, id, line->why);
}

void
act_mode(struct act *a, struct cv *c, enum mode mode, const char *why)
{
	const char *text = mode == MODE_MANUAL
	    ? arena_sprintf(a->mem, "handed over to people: %s", why)
	    : arena_sprintf(a->mem, "handed back to the bot: %s", why);
	struct new_msg line = line_of(a, c, a->now_ms, text, why);

	set_mode(a, c, mode, &line);
}

void
act_handoff(struct act *a, struct cv *c, const char *why, const char *about)
{
	struct new_msg line = line_of(a, c, a->now_ms,
	    arena_sprintf(a->mem, "handed over to people: %s", why), why);

	line.quoted = about;
	set_mode(a, c, MODE_MANUAL, &line);
}

int
act_reopen(struct act *a, struct cv *c, const char *why, struct err *e)
{
	int64_t line, other;

	other = sql_get_int(a->db, 0,
	    "SELECT number FROM conversation WHERE identity=?1 AND status<>3",
	    "i", c->identity);
	if (other != 0)
		return err_set(e, ERR_CONFLICT,
		    "this customer's open conversation is #%lld; go on there",
		    (long long)other);
	sql_run(a->db,
	    "UPDATE conversation SET status=0, resolved_at=NULL,"
	    " snoozed_until=NULL WHERE number=?1",
	    "i", c->number);
	c->status = STATUS_OPEN;
	line = act_line(
	    a, c, a->now_ms, arena_sprintf(a->mem, "reopened: %s", why), why);
	act_feed(a, "conversation.changed", c->number, line, "reopen");
	return 0;
}

/* CROSS: from the few undecided sends, never from a thread's messages. */
void
act_problems(struct act *a, int64_t conversation)
{
	sql_run(a->db,
	    "UPDATE conversation SET problems=(SELECT count(*) FROM outbox o CROSS"
	    " JOIN message m ON m.id=o.message WHERE m.conversation=?1"
	    " AND o.state>=2 AND o.send_at IS NULL) WHERE number=?1",
	    "i", conversation);
}

const char *
act_arg(const struct act *a, const char *name)
{
	const char *s = json_str(a->args, name, NULL);

	return s != NULL && *s != '\0' ? s : NULL;
}
