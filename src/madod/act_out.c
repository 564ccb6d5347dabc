/*
 * What agents send: replies with their guard, notes, the survey, and the
 * second look at sends that went wrong. Nothing leaves from here: the outbox
 * row is written in the same transaction as the message.
 */
#include <string.h>

#include <mado/id.h>
#include <mado/text.h>
#include <mado/when.h>

#include "act.h"

#define LATER_MAX_MS (366 * INT64_C(86400000))

/* A verb's message that was already made by this id: 1 and *out; 0: it is
 * new; -1 when the id is another message's. */
static int
out_again(struct act *a, const char *id, struct verb_out *out, struct err *e)
{
	struct sql_rows *q;
	int rv = 0;

	if (id == NULL)
		return 0;
	if (!id_is_uuid(id))
		return err_set(e, ERR_INVALID,
		    "\"id\" must be a UUID, such as "
		    "1b4e28ba-2fa1-41d2-883f-0016d3cca427");
	q = sql_query(a->db,
	    "SELECT id,conversation,author FROM message WHERE uid=?1", "s", id);
	if (!sql_next(q))
		return 0;
	out->message = sql_int(q, 0);
	rv = 1;
	if (sql_int(q, 1) != a->number || a->actor == NULL ||
	    strcmp(sql_text(q, 2) ? sql_text(q, 2) : "", a->actor) != 0)
		rv = err_set(e, ERR_CONFLICT,
		    "the id %s belongs to another message", id);
	sql_done(q);
	return rv;
}

static int
out_text(struct act *a, const char **text, struct err *e)
{
	size_t n;

	*text = json_str(a->args, "text", "");
	if ((*text)[strspn(*text, " \t\r\n")] == '\0')
		return err_set(e, ERR_INVALID, "the text is empty");
	n = text_utf16_len(*text);
	if (n > MSG_TEXT_MAX_U16)
		return err_set(e, ERR_INVALID,
		    "the text is %zu UTF-16 units "
		    "long, LINE takes %d: shorten it or send it in parts",
		    n, MSG_TEXT_MAX_U16);
	return 0;
}

/*
 * The guard: refuse when something arrived after the message that the writer
 * saw last. By order of arrival, as a customer's clock and ours may differ.
 */
static int
out_seen(struct act *a, struct verb_out *out, struct err *e)
{
	const char *seen = act_arg(a, "seen");
	struct buf b = {0};
	struct sql_rows *q;
	int64_t id;
	int n = 0;

	if (seen == NULL)
		return 0;
	id = sql_get_int(a->db, 0,
	    "SELECT id FROM message WHERE uid=?1"
	    " AND contact=(SELECT contact FROM conversation WHERE number=?2)",
	    "si", seen, a->number);
	if (id == 0)
		return err_set(e, ERR_INVALID,
		    "\"seen\" names no message of "
		    "this contact: %s",
		    seen);
	q = sql_query(a->db,
	    "SELECT uid FROM message WHERE conversation=?1 AND id>?2"
	    " AND type NOT IN (7,8) AND (sender IN (0,1) OR (sender=2 AND"
	    " author<>?3)) ORDER BY id LIMIT 50",
	    "iis", a->number, id, a->actor != NULL ? a->actor : "");
	while (sql_next(q)) {
		buf_puts(&b, n++ > 0 ? "," : "");
		json_put_str(&b, sql_text(q, 0));
	}
	out->unseen = arena_strdup(a->mem, buf_str(&b));
	buf_free(&b);
	return n == 0
	    ? 0
	    : err_set(e, ERR_UNSEEN,
		  "%d message%s came after the last one you saw; nothing was sent",
		  n, n == 1 ? "" : "s");
}

static int
out_taken(struct act *a, struct cv *c, struct err *e)
{
	if (c->status == STATUS_RESOLVED &&
	    act_reopen(
		a, c, arena_sprintf(a->mem, "%s replied", a->actor), e) == -1)
		return -1;
	if (c->mode == MODE_AUTO)
		act_mode(a, c, MODE_MANUAL,
		    arena_sprintf(a->mem, "%s replied", a->actor));
	if (c->assignee != 0)
		return 0;
	act_queue_left(a, c);
	sql_run(a->db, "UPDATE conversation SET assignee=?1 WHERE number=?2",
	    "ti", a->actor_id, c->number);
	return 0;
}

/* The quote token of the message that is answered; none without. */
static int
out_quote(struct act *a, const struct cv *c, const char *quoted,
    const char **token, struct err *e)
{
	char *s;

	if (quoted == NULL)
		return 0;
	s = sql_get_text(a->db,
	    "SELECT quote_token FROM message WHERE uid=?1 AND identity=?2",
	    "si", quoted, c->identity);
	if (s == NULL)
		return err_set(
		    e, ERR_INVALID, "that message cannot be quoted on LINE");
	*token = arena_strdup(a->mem, s);
	x_free(s);
	return 0;
}

/* A text as LINE's message object. quick: its quickReply as JSON, or NULL. */
static const char *
out_payload(
    struct act *a, const char *text, const char *quote_token, const char *quick)
{
	struct buf b = {0};
	const char *s;

	buf_putc(&b, '{');
	json_add_str(&b, "type", "text");
	json_add_str(&b, "text", text);
	if (quote_token != NULL)
		json_add_str(&b, "quoteToken", quote_token);
	if (quick != NULL) {
		json_put_key(&b, "quickReply");
		buf_puts(&b, quick);
	}
	buf_putc(&b, '}');
	s = arena_strdup(a->mem, buf_str(&b));
	buf_free(&b);
	return s;
}

/* What goes beside the text. */
struct reply_more {
	int files, stickers;
};

/* A text, files, stickers, or some of these: in this order. */
static int
reply_what(
    struct act *a, const char **text, struct reply_more *more, struct err *e)
{
	if (act_files_check(a, &more->files, e) == -1 ||
	    act_stickers_check(a, &more->stickers, e) == -1)
		return -1;
	*text = act_arg(a, "text");
	return more->files + more->stickers > 0 && *text == NULL
	    ? 0
	    : out_text(a, text, e);
}

/* "at" of the args into m: it is held until then. */
static int
reply_when(struct act *a, struct new_msg *m, struct err *e)
{
	const char *at = act_arg(a, "at");

	if (at == NULL)
		return 0;
	if (when_parse_rfc3339(at, &m->send_at_ms, e) == -1)
		return err_prefix(e, "\"at\"");
	if (m->send_at_ms <= a->now_ms ||
	    m->send_at_ms > a->now_ms + LATER_MAX_MS)
		return err_set(e, ERR_INVALID,
		    "\"at\" must lie in the future, and within a year");
	m->state = STATE_HELD;
	return 0;
}

/* An answer ends the waiting; what leaves later does not yet. */
static void
reply_answers(struct act *a, const struct cv *c)
{
	sql_run(a->db,
	    "UPDATE conversation SET waiting_since=NULL, unread=0,"
	    " status=CASE status WHEN 2 THEN 0 ELSE status END,"
	    " snoozed_until=NULL WHERE number=?1",
	    "i", c->number);
}

/* Into the history and the outbox; gives the last message's row. */
static int64_t
reply_put(struct act *a, const struct cv *c, struct new_msg *m,
    const char *token, const struct reply_more *more)
{
	int64_t id = 0;

	if (m->text != NULL) {
		id = act_message(a, m);
		act_queue_at(a, c, id, out_payload(a, m->text, token, NULL),
		    m->send_at_ms);
		act_feed(a, "message.out", c->number, id, m->why);
		m->uid = NULL;
		token = NULL; /* what quoted has been said */
	}
	if (more->files > 0) {
		id = act_files_send(a, c, m);
		m->uid = NULL;
	}
	if (more->stickers > 0)
		id = act_stickers_send(a, c, m, token);
	return id;
}

int
act_reply(struct act *a, struct err *e)
{
	struct verb_out *out = a->out;
	struct new_msg m = {.uid = act_arg(a, "id"),
	    .quoted = act_arg(a, "quote"),
	    .author = a->actor,
	    .sender = FROM_AGENT,
	    .type = MSG_TEXT,
	    .state = STATE_QUEUED};
	const char *canned = act_arg(a, "canned");
	const char *token = NULL;
	struct cv c;
	struct reply_more more = {0};
	int rv;

	if (act_cv(a, a->number, &c, e) == -1 ||
	    (rv = out_again(a, m.uid, out, e)) == -1)
		return -1;
	if (rv == 1)
		return 0;
	if (reply_what(a, &m.text, &more, e) == -1 ||
	    reply_when(a, &m, e) == -1 || out_seen(a, out, e) == -1)
		return -1;
	if (out_quote(a, &c, m.quoted, &token, e) == -1 ||
	    out_taken(a, &c, e) == -1)
		return -1;
	m.conversation = c.number;
	m.identity = c.identity;
	m.contact = c.contact;
	m.at_ms = a->now_ms;
	if (canned != NULL)
		m.why = arena_sprintf(a->mem, "canned %s", canned);
	if (m.send_at_ms == 0)
		reply_answers(a, &c);
	out->message = reply_put(a, &c, &m, token, &more);
	a->wake |= WAKE_JOBS; /* from now on it may fall silent */
	return 0;
}

int
act_note(struct act *a, struct err *e)
{
	struct verb_out *out = a->out;
	struct new_msg m = {.uid = act_arg(a, "id"),
	    .author = a->actor,
	    .sender = FROM_AGENT,
	    .type = MSG_NOTE,
	    .state = STATE_RECEIVED,
	    .at_ms = a->now_ms};
	struct cv c;
	int rv;

	if (act_cv(a, a->number, &c, e) == -1 ||
	    out_text(a, &m.text, e) == -1 ||
	    (rv = out_again(a, m.uid, out, e)) == -1)
		return -1;
	if (rv == 1)
		return 0;
	m.conversation = c.number;
	m.identity = c.identity;
	m.contact = c.contact;
	out->message = act_message(a, &m);
	act_feed(a, "message.out", c.number, out->message, "note");
	return 0;
}

int
act_csat(struct act *a, struct err *e)
{
	const char *uid = act_arg(a, "id");
	struct verb_out *out = a->out;
	struct cv c;
	int rv;

	if (act_cv(a, a->number, &c, e) == -1 ||
	    (rv = out_again(a, uid, out, e)) == -1)
		return -1;
	if (rv == 0)
		out->message = act_survey_send(a, &c, uid);
	return 0;
}

/* An undecided send by its message's id. */
struct out_row {
	int64_t message, conversation;
	int outbox, state;
};

static int
out_find(struct act *a, struct out_row *r, struct err *e)
{
	const char *uid = a->in;
	struct sql_rows *q;

	q = sql_query(a->db,
	    "SELECT m.id,m.conversation,ifnull(o.state,-1),m.state"
	    " FROM message m LEFT JOIN outbox o ON o.message=m.id"
	    " WHERE m.uid=?1",
	    "s", uid);
	if (!sql_next(q))
		return err_set(e, ERR_NOTFOUND, "there is no message %s", uid);
	r->message = sql_int(q, 0);
	r->conversation = sql_int(q, 1);
	r->outbox = (int)sql_int(q, 2);
	r->state = (int)sql_int(q, 3);
	sql_done(q);
	if (r->outbox < OUTBOX_HELD)
		return err_set(e, ERR_CONFLICT,
		    "message %s is %s: there is "
		    "nothing to decide",
		    uid, state_names[r->state]);
	return 0;
}

static void
out_decided(struct act *a, const struct out_row *r, enum msg_state state,
    const char *error)
{
	sql_run(a->db,
	    "UPDATE message SET state=?2, error=?3, via=NULL"
	    " WHERE id=?1",
	    "ids", r->message, (int)state, error);
	act_problems(a, r->conversation);
	act_feed(a, "message.state", r->conversation, r->message,
	    state_names[state]);
	((struct verb_out *)a->out)->message = r->message;
	((struct verb_out *)a->out)->number = r->conversation;
}

int
act_retry(struct act *a, struct err *e)
{
	struct out_row r;

	if (out_find(a, &r, e) == -1)
		return -1;
	if (r.state == STATE_UNCONFIRMED &&
	    !json_bool(a->args, "confirm", false))
		return err_set(e, ERR_UNCONFIRMED,
		    "it may have reached the customer already; say so that it "
		    "shall be sent again");
	sql_run(a->db,
	    "UPDATE outbox SET state=0, push_ok=1, request=NULL,"
	    " send_at=NULL WHERE message=?1",
	    "i", r.message);
	a->wake |= WAKE_SEND;
	out_decided(a, &r, STATE_QUEUED, NULL);
	return 0;
}

int
act_discard(struct act *a, struct err *e)
{
	struct out_row r;

	if (out_find(a, &r, e) == -1)
		return -1;
	sql_run(a->db, "DELETE FROM outbox WHERE message=?1", "i", r.message);
	out_decided(a, &r,
	    r.state == STATE_UNCONFIRMED ? STATE_UNCONFIRMED : STATE_FAILED,
	    arena_sprintf(a->mem, "discarded by %s", a->actor));
	return 0;
}
