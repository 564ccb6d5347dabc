/*
 * What LINE says becomes state: events deduplicated, identities and contacts
 * made, conversations opened or reopened, messages kept, tokens noted; what
 * the bot does about them is act_bot.c's. One function an event kind, chosen by
 * a table.
 */
#include <string.h>

#include "act.h"

enum { TOKEN_KEEP_MS = 120 * 1000 };

/* One event on its way in. */
struct in {
	struct act *a;
	const struct webhook_in *hook;
	const struct line_event *ev;
	const struct bot_guess *guess; /* what its text may want, or NULL */
	int64_t identity, contact, at_ms;
	int64_t message; /* its row id */
	struct cv c;     /* number 0: none */
};

/* Somebody, or a group, whom nobody has seen: named by the end of the id until
 * LINE has told the profile. */
static int64_t
in_new_identity(
    struct in *in, const char *kind, const char *id, int64_t *contact)
{
	size_t n = strlen(id);
	char *name =
	    arena_sprintf(in->a->mem, "%s %s", kind, id + (n > 6 ? n - 6 : 0));

	sql_run(in->a->db,
	    "INSERT INTO contact(name,kind,since_at) VALUES(?1,?2,?3)", "ssi",
	    name, kind, in->at_ms);
	*contact = sql_last_id(in->a->db);
	sql_run(in->a->db,
	    "INSERT INTO identity(channel,external_id,contact)"
	    " VALUES(?1,?2,?3)",
	    "ssi", in->hook->channel, id, *contact);
	in->a->wake |= WAKE_PROFILE;
	return sql_last_id(in->a->db);
}

static int64_t
in_identity(struct in *in, const char *kind, const char *id, int64_t *contact)
{
	struct sql_rows *q;
	int64_t identity;

	q = sql_query(in->a->db,
	    "SELECT id,contact FROM identity WHERE external_id=?1"
	    " AND channel=?2",
	    "ss", id, in->hook->channel);
	if (!sql_next(q))
		return in_new_identity(in, kind, id, contact);
	identity = sql_int(q, 0);
	*contact = sql_int(q, 1);
	sql_done(q);
	return identity;
}

/* In a group or room: who speaks, a contact of kind "member" with the identity
 * GROUP/USER. The name, valid until the arena is reset; NULL elsewhere. */
static const char *
in_speaker(struct in *in)
{
	const struct line_event *ev = in->ev;
	int64_t contact;
	char *name, *out;

	if (ev->user_id == NULL || strcmp(ev->source_kind, "user") == 0)
		return NULL;
	in_identity(in, "member",
	    arena_sprintf(in->a->mem, "%s/%s", ev->source_id, ev->user_id),
	    &contact);
	name = sql_get_text(
	    in->a->db, "SELECT name FROM contact WHERE id=?1", "i", contact);
	out = arena_strdup(in->a->mem, name);
	x_free(name);
	return out;
}

static void
in_open(struct in *in)
{
	struct act *a = in->a;
	int64_t id;

	sql_run(a->db,
	    "INSERT INTO conversation(identity,contact,channel,mode,status,"
	    "opened_at) VALUES(?1,?2,?3,0,0,?4)",
	    "iisi", in->identity, in->contact, in->hook->channel, in->at_ms);
	act_cv(a, sql_last_id(a->db), &in->c, NULL);
	act_feed(a, "conversation.opened", in->c.number, 0, NULL);
	/* the lines that waited for it */
	while ((id = sql_get_int(a->db, 0,
		    "SELECT id FROM message WHERE identity=?1"
		    " AND conversation IS NULL ORDER BY id LIMIT 1",
		    "i", in->identity)) != 0) {
		sql_run(a->db, "UPDATE message SET conversation=?1 WHERE id=?2",
		    "ii", in->c.number, id);
		act_feed(a, "message.edited", in->c.number, id, "opened");
	}
}

static void
in_reopen(struct in *in)
{
	act_reopen(in->a, &in->c, "the customer wrote", NULL);
	if (rules_bot(in->hook->rules)->auto_after_resolve)
		act_back_to_auto(in->a, &in->c, "it was resolved");
}

/* The conversation that a customer's message belongs to; c is the latest. */
static void
in_conversation(struct in *in)
{
	if (in->c.number != 0 && in->c.status != STATUS_RESOLVED)
		return;
	if (in->c.number != 0 &&
	    in->c.resolved_at > in->a->now_ms - in->hook->reopen_within_ms)
		in_reopen(in);
	else
		in_open(in);
}

static void
in_token(struct in *in)
{
	struct act *a = in->a;

	if (in->ev->reply_token == NULL || in->ev->standby)
		return;
	sql_run(a->db,
	    "DELETE FROM reply_token WHERE identity=?1 AND received_at<?2",
	    "ii", in->identity, a->now_ms - TOKEN_KEEP_MS);
	sql_run(a->db,
	    "INSERT OR IGNORE INTO reply_token(identity,token,received_at)"
	    " VALUES(?1,?2,?3)",
	    "isi", in->identity, in->ev->reply_token, in->hook->received_ms);
	if (sql_get_int(a->db, 0,
		"SELECT count(*) FROM request WHERE identity=?1", "i",
		in->identity) != 0)
		a->wake |= WAKE_SEND; /* it may wait for its next try */
	act_send_release(a, in->identity);
}

/* The stored message that a line_id of this channel names; row id or 0. */
static int64_t
in_find(struct in *in, const char *line_id, int64_t *conversation)
{
	struct sql_rows *q;
	int64_t id = 0;

	q = sql_query(in->a->db,
	    "SELECT m.id, m.conversation FROM message m JOIN identity i"
	    " ON i.id=m.identity WHERE m.line_id=?1 AND i.channel=?2",
	    "ss", line_id, in->hook->channel);
	if (sql_next(q)) {
		id = sql_int(q, 0);
		*conversation = sql_int(q, 1);
		sql_done(q);
	}
	return id;
}

/* What to keep of the event: the row, or what is left when its unsend or edit
 * came first. */
static void
in_keep(struct in *in, bool unread)
{
	const struct line_event *ev = in->ev;
	struct new_msg m = {.text = ev->text,
	    .author = in_speaker(in),
	    .line_id = ev->message_id,
	    .quote_token = ev->quote_token,
	    .raw = ev->raw,
	    .conversation = in->c.number,
	    .identity = in->identity,
	    .contact = in->contact,
	    .at_ms = in->at_ms,
	    .sender = ev->kind == LINE_EVENT ? FROM_SYSTEM : FROM_CUSTOMER,
	    .type = ev->msg_type,
	    .state = STATE_RECEIVED,
	    .unread = unread,
	    .media = ev->media};
	bool unsent = false, edited = false;
	struct sql_rows *q;
	char *quoted = NULL;
	int64_t at = 0;

	if (ev->kind == LINE_MESSAGE && ev->message_id != NULL) {
		q = sql_query(in->a->db,
		    "SELECT unsent,text,at FROM ahead WHERE line_id=?1"
		    " AND channel=?2",
		    "ss", ev->message_id, in->hook->channel);
		if (sql_next(q)) {
			unsent = sql_int(q, 0) != 0;
			edited = !unsent;
			at = sql_int(q, 2);
			m.text = arena_strdup(in->a->mem, sql_text(q, 1));
			m.raw = NULL;
			m.media = unsent ? NULL : m.media;
			m.quote_token = unsent ? NULL : m.quote_token;
			sql_done(q);
		}
	}
	if (ev->quoted_line_id != NULL)
		quoted = sql_get_text(in->a->db,
		    "SELECT uid FROM message WHERE line_id=?1", "s",
		    ev->quoted_line_id);
	m.quoted = quoted;
	if (m.media != NULL && m.media->state != NULL &&
	    strcmp(m.media->state, "wanted") == 0)
		in->a->wake |= WAKE_MEDIA;
	in->message = act_message(in->a, &m);
	x_free(quoted);
	if (!unsent && !edited)
		return;
	sql_run(in->a->db,
	    "UPDATE message SET unsent=?2, edited_at=?3 WHERE id=?1", "idt",
	    in->message, (int)unsent, edited ? at : 0);
	sql_run(in->a->db, "DELETE FROM ahead WHERE line_id=?1 AND channel=?2",
	    "ss", ev->message_id, in->hook->channel);
}

/* An answer to a survey, when it is no more than that, is kept with its
 * conversation and does nothing else. */
static bool
in_survey(struct in *in)
{
	enum survey_answer answer = act_survey_answer(in->a, &in->c, in->ev);

	if (answer == SURVEY_ONLY) {
		in_keep(in, false);
		in_token(in);
		act_feed(in->a, "message.in", in->c.number, in->message, NULL);
	}
	if (answer != SURVEY_NO)
		act_feed(in->a, "csat.answered", in->c.number, 0, NULL);
	return answer == SURVEY_ONLY;
}

static void
in_message(struct in *in)
{
	struct act *a = in->a;
	struct bot_turn turn;
	struct cv latest;

	act_cv_latest(a, in->identity, &in->c);
	latest = in->c;
	if (in_survey(in))
		return;
	in->c = latest;
	in_conversation(in);
	in_keep(in, true);
	in_token(in);
	if (in->c.status == STATUS_SNOOZED || in->c.snoozed_until != 0)
		sql_run(a->db,
		    "UPDATE conversation SET snoozed_until=NULL,"
		    " status=CASE status WHEN 2 THEN 0 ELSE status END"
		    " WHERE number=?1",
		    "i", in->c.number);
	act_feed(a, "message.in", in->c.number, in->message, NULL);
	turn = (struct bot_turn){.rules = in->hook->rules,
	    .adviser = in->hook->adviser,
	    .guess = in->guess,
	    .text = in->ev->asked != NULL ? in->ev->asked : in->ev->text,
	    .overheard = strcmp(in->ev->source_kind, "user") != 0 &&
		in->ev->asked == NULL && in->ev->postback == NULL,
	    .postback = in->ev->postback,
	    .message = in->message,
	    .msg_type = in->ev->msg_type,
	    .opened = latest.number != in->c.number,
	    .standby = in->ev->standby,
	    .knows = in->hook->guesses != NULL};
	if (in->c.mode == MODE_AUTO)
		act_bot(a, &in->c, &turn);
	else
		act_bot_beside(a, &in->c, &turn);
}

/* Tombstones: text, raw bytes and media go, the line stays. */
static void
in_unsend(struct in *in)
{
	struct act *a = in->a;
	int64_t id, conversation = 0;
	struct gone *gone;
	char *uid, *was;

	if (in->ev->message_id == NULL)
		return;
	id = in_find(in, in->ev->message_id, &conversation);
	if (id == 0) {
		sql_run(a->db,
		    "INSERT OR REPLACE INTO ahead VALUES(?1,?2,?3,1,"
		    "'[message unsent by the customer]')",
		    "ssi", in->hook->channel, in->ev->message_id, in->at_ms);
		act_feed(a, "redacted", 0, 0, "unsend");
		return;
	}
	was = act_index_text(a, id);
	sql_run(a->db,
	    "UPDATE conversation SET csat_comment=NULL WHERE number=?1"
	    " AND csat_comment=(SELECT text FROM message WHERE id=?2)",
	    "ii", conversation, id);
	sql_run(a->db,
	    "UPDATE message SET unsent=1, raw=NULL, edited_at=NULL,"
	    " quote_token=NULL,"
	    " text='[message unsent by the customer]', media_name=NULL,"
	    " media_url=NULL, media_state=CASE WHEN media_state IS NULL THEN"
	    " NULL ELSE 'gone' END WHERE id=?1",
	    "i", id);
	act_index_change(a, id, was, NULL);
	x_free(was);
	act_feed(a, "redacted", conversation, id, "unsend");
	act_rules_unsent(a, id);
	a->wake |= WAKE_ERASED;
	gone = arena_new_of(a->mem, struct gone);
	uid =
	    sql_get_text(a->db, "SELECT uid FROM message WHERE id=?1", "i", id);
	gone->uid = arena_strdup(a->mem, uid);
	x_free(uid);
	gone->next = a->out;
	a->out = gone;
}

static void
in_edited(struct in *in)
{
	struct act *a = in->a;
	int64_t id, conversation = 0;
	char *was;

	if (in->ev->message_id == NULL)
		return;
	id = in_find(in, in->ev->message_id, &conversation);
	if (id == 0) {
		sql_run(a->db,
		    "INSERT INTO ahead VALUES(?1,?2,?3,0,?4)"
		    " ON CONFLICT DO UPDATE SET at=?3, text=?4"
		    " WHERE at<?3 AND unsent=0",
		    "ssis", in->hook->channel, in->ev->message_id, in->at_ms,
		    in->ev->text);
		return;
	}
	was = act_index_text(a, id);
	sql_run(a->db,
	    "UPDATE conversation SET csat_comment=?3 WHERE number=?1"
	    " AND csat_comment=(SELECT text FROM message WHERE id=?2 AND"
	    " unsent=0 AND ifnull(edited_at,0)<?4)",
	    "iisi", conversation, id, in->ev->text, in->at_ms);
	sql_run(a->db,
	    "UPDATE message SET text=?2, edited_at=?3, raw=?4, quote_token="
	    "ifnull(?5,quote_token) WHERE id=?1 AND unsent=0"
	    " AND ifnull(edited_at,0)<?3",
	    "isiss", id, in->ev->text, in->at_ms, in->ev->raw,
	    in->ev->quote_token);
	if (sql_changes(a->db) > 0) {
		act_index_change(a, id, was, in->ev->text);
		act_feed(a, "message.edited", conversation, id, NULL);
	}
	x_free(was);
}

static void
in_event(struct in *in)
{
	struct act *a = in->a;

	act_cv_latest(a, in->identity, &in->c);
	in_keep(in, false);
	in_token(in);
	if (in->ev->friend != LINE_FRIEND_SAME) {
		sql_run(a->db,
		    "UPDATE contact SET blocked=?2, profile_at=0"
		    " WHERE id=?1",
		    "id", in->contact, in->ev->friend == LINE_FRIEND_BLOCKED);
		a->wake |= WAKE_PROFILE;
		act_feed_contact(a, "contact.changed", in->contact);
	}
	act_feed(a, "message.in", in->c.number, in->message, in->ev->name);
	if (in->ev->friend != LINE_FRIEND_ADDED || in->ev->standby)
		return;
	in->c.identity = in->identity;
	in->c.contact = in->contact;
	in->c.channel = in->hook->channel;
	act_follow(a, &in->c, in->hook->rules);
}

static void (*const in_kinds[])(struct in *) = {[LINE_MESSAGE] = in_message,
    [LINE_POSTBACK] = in_message,
    [LINE_UNSEND] = in_unsend,
    [LINE_EDITED] = in_edited,
    [LINE_EVENT] = in_event};

static void
in_one(struct act *a, const struct webhook_in *hook, size_t i)
{
	const struct line_event *ev = &hook->hook->events[i];
	struct in in = {.a = a,
	    .hook = hook,
	    .ev = ev,
	    .guess = hook->guesses != NULL ? hook->guesses[i] : NULL,
	    .at_ms =
		ev->at_ms > 0 && ev->at_ms < a->now_ms ? ev->at_ms : a->now_ms};
	bool known = ev->source_kind != NULL && ev->source_id != NULL;

	sql_run(a->db,
	    "INSERT OR IGNORE INTO inbound(channel,key,received_at,raw)"
	    " VALUES(?1,?2,?3,?4)",
	    "ssis", hook->channel, ev->key, hook->received_ms,
	    known ? NULL : ev->raw);
	if (sql_changes(a->db) == 0)
		return;
	if (!known && ev->kind != LINE_UNSEND && ev->kind != LINE_EDITED) {
		act_feed(a, "line.event", 0, 0, ev->name);
		return;
	}
	if (known)
		in.identity = in_identity(
		    &in, ev->source_kind, ev->source_id, &in.contact);
	in_kinds[ev->kind](&in);
}

int
act_webhook(struct act *a, struct err *e)
{
	const struct webhook_in *hook = a->in;
	size_t i;

	(void)e;
	for (i = 0; i < hook->hook->n; i++)
		in_one(a, hook, i);
	return 0;
}
