/*
 * The verbs on a conversation that change how it stands, not what is said: a
 * table of small functions. Each leaves a feed row; what colleagues must see
 * in the history leaves a line there too.
 */
#include <string.h>

#include <mado/when.h>

#include "act.h"

/* Begin of every verb. */
#define VERB_CV(a, c, e)                             \
	struct cv c;                                 \
	if (act_cv((a), (a)->number, &c, (e)) == -1) \
	return -1

static int
conv_changed(struct act *a, int64_t number, const char *why)
{
	act_feed(a, "conversation.changed", number, 0, why);
	return 0;
}

static void
conv_line(struct act *a, const struct cv *c, const char *text, const char *why)
{
	act_feed(a, "conversation.changed", c->number,
	    act_line(a, c, a->now_ms, text, why), why);
}

static int
verb_take(struct act *a, struct err *e)
{
	VERB_CV(a, c, e);
	if (c.status == STATUS_RESOLVED &&
	    act_reopen(
		a, &c, arena_sprintf(a->mem, "taken by %s", a->actor), e) == -1)
		return -1;
	if (c.mode == MODE_AUTO)
		act_mode(a, &c, MODE_MANUAL,
		    arena_sprintf(a->mem, "taken by %s", a->actor));
	if (c.assignee == a->actor_id)
		return 0;
	act_queue_left(a, &c);
	sql_run(a->db, "UPDATE conversation SET assignee=?1 WHERE number=?2",
	    "ti", a->actor_id, c.number);
	conv_line(
	    a, &c, arena_sprintf(a->mem, "taken by %s", a->actor), "take");
	return 0;
}

static int
verb_auto(struct act *a, struct err *e)
{
	VERB_CV(a, c, e);
	sql_run(a->db,
	    "UPDATE conversation SET assignee=NULL, waiting_since="
	    "NULL WHERE number=?1",
	    "i", c.number);
	if (c.mode == MODE_AUTO)
		return conv_changed(a, c.number, "auto");
	act_mode(a, &c, MODE_AUTO, arena_sprintf(a->mem, "by %s", a->actor));
	return 0;
}

static int
verb_assign(struct act *a, struct err *e)
{
	const char *name = act_arg(a, "agent");
	int64_t user = 0;

	VERB_CV(a, c, e);
	if (name != NULL &&
	    (user = sql_get_int(a->db, 0,
		 "SELECT id FROM user WHERE name=?1 AND disabled=0 AND role>0",
		 "s", name)) == 0)
		return err_set(e, ERR_NOTFOUND,
		    "there is no agent \"%s\" who can take conversations",
		    name);
	if (user == c.assignee)
		return 0;
	if (user != 0 && c.mode == MODE_AUTO)
		act_mode(a, &c, MODE_MANUAL,
		    arena_sprintf(a->mem, "assigned to %s", name));
	if (user != 0)
		act_queue_left(a, &c);
	sql_run(a->db, "UPDATE conversation SET assignee=?1 WHERE number=?2",
	    "ti", user, c.number);
	conv_line(a, &c,
	    name != NULL
		? arena_sprintf(a->mem, "assigned to %s by %s", name, a->actor)
		: arena_sprintf(
		      a->mem, "put back into the queue by %s", a->actor),
	    "assign");
	return 0;
}

/* By whose tag it is, and whether it is added. */
static const char *const conv_tag_sql[2][2] = {
    {"DELETE FROM conversation_tag WHERE conversation=?1 AND tag=?2",
	"INSERT OR IGNORE INTO conversation_tag VALUES(?1,?2)"},
    {"DELETE FROM contact_tag WHERE contact=?1 AND tag=?2",
	"INSERT OR IGNORE INTO contact_tag VALUES(?1,?2)"}};

static bool
tag_is_ok(const char *s)
{
	size_t n;

	for (n = 0; s[n] != '\0'; n++)
		if ((unsigned char)s[n] <= ' ' || s[n] == 0x7f || s[n] == ',')
			return false;
	return n > 0 && n <= TAG_MAX_B;
}

/* add and remove: arrays of names; "@name" is the contact's, which adds to
 * *contacts when it changed. */
static int
conv_tags(struct act *a, const struct cv *c, const char *member,
    int64_t *contacts, struct err *e)
{
	bool add = strcmp(member, "add") == 0;
	const cJSON *list = json_arr(a->args, member), *it;

	cJSON_ArrayForEach(it, list)
	{
		const char *s = cJSON_IsString(it) ? it->valuestring : "";
		bool contact = s[0] == '@';

		s += contact;
		if (!tag_is_ok(s))
			return err_set(e, ERR_INVALID,
			    "a tag is 1 to %d bytes "
			    "without blanks or commas",
			    TAG_MAX_B);
		sql_run(a->db, conv_tag_sql[contact][add], "is",
		    contact ? c->contact : c->number, s);
		if (contact)
			*contacts += sql_changes(a->db);
	}
	return 0;
}

static int
verb_tag(struct act *a, struct err *e)
{
	int64_t contacts = 0;

	VERB_CV(a, c, e);
	if (conv_tags(a, &c, "add", &contacts, e) == -1 ||
	    conv_tags(a, &c, "remove", &contacts, e) == -1)
		return -1;
	if (contacts > 0) /* the contact's other conversations show them too */
		act_feed_contact(a, "contact.changed", c.contact);
	return conv_changed(a, c.number, "tag");
}

static int
verb_pin(struct act *a, struct err *e)
{
	VERB_CV(a, c, e);
	sql_run(a->db, "UPDATE conversation SET pinned=1 WHERE number=?1", "i",
	    c.number);
	return conv_changed(a, c.number, "pin");
}

static int
verb_unpin(struct act *a, struct err *e)
{
	VERB_CV(a, c, e);
	sql_run(a->db, "UPDATE conversation SET pinned=0 WHERE number=?1", "i",
	    c.number);
	return conv_changed(a, c.number, "unpin");
}

static void
conv_status(struct act *a, struct cv *c, enum status s, int64_t until_ms)
{
	sql_run(a->db,
	    "UPDATE conversation SET status=?2, resolved_at=?3,"
	    " snoozed_until=?4 WHERE number=?1",
	    "idtt", c->number, (int)s, s == STATUS_RESOLVED ? a->now_ms : 0,
	    until_ms);
	c->status = (int)s;
}

static int
verb_follow_up(struct act *a, struct err *e)
{
	VERB_CV(a, c, e);
	if (c.status == STATUS_RESOLVED &&
	    act_reopen(a, &c, arena_sprintf(a->mem, "%s follows up", a->actor),
		e) == -1)
		return -1;
	conv_status(a, &c, STATUS_FOLLOW_UP, 0);
	return conv_changed(a, c.number, "follow-up");
}

static int
verb_snooze(struct act *a, struct err *e)
{
	const char *until = act_arg(a, "until");
	int64_t ms = 0;

	VERB_CV(a, c, e);
	if (until != NULL && when_parse_rfc3339(until, &ms, e) == -1)
		return err_prefix(e, "\"until\"");
	if (until != NULL && ms <= a->now_ms)
		return err_set(e, ERR_INVALID, "%s is in the past", until);
	if (c.status == STATUS_RESOLVED &&
	    act_reopen(a, &c, arena_sprintf(a->mem, "snoozed by %s", a->actor),
		e) == -1)
		return -1;
	conv_status(a, &c, STATUS_SNOOZED, ms);
	a->wake |= WAKE_JOBS;
	return conv_changed(a, c.number, "snooze");
}

static int
verb_resolve(struct act *a, struct err *e)
{
	VERB_CV(a, c, e);
	if (c.status == STATUS_RESOLVED)
		return 0;
	conv_status(a, &c, STATUS_RESOLVED, 0);
	sql_run(a->db,
	    "UPDATE conversation SET waiting_since=NULL, unread=0"
	    " WHERE number=?1",
	    "i", c.number);
	conv_line(a, &c, arena_sprintf(a->mem, "resolved by %s", a->actor),
	    "resolve");
	act_survey_plan(a, &c);
	return 0;
}

static int
verb_reopen(struct act *a, struct err *e)
{
	VERB_CV(a, c, e);
	if (c.status == STATUS_OPEN)
		return 0;
	if (c.status != STATUS_RESOLVED) {
		conv_status(a, &c, STATUS_OPEN, 0);
		return conv_changed(a, c.number, "reopen");
	}
	return act_reopen(a, &c, arena_sprintf(a->mem, "by %s", a->actor), e);
}

static int
verb_read(struct act *a, struct err *e)
{
	VERB_CV(a, c, e);
	sql_run(a->db,
	    "UPDATE conversation SET unread=0 WHERE number=?1"
	    " AND unread>0",
	    "i", c.number);
	if (sql_changes(a->db) > 0)
		act_feed(a, "message.read", c.number, 0, NULL);
	return 0;
}

/* Pinned first, then the longest waiting, but for the numbers of a JSON array.
 */
static int64_t
first_waiting(struct sql *db, const char *except)
{
	return sql_get_int(db, 0,
	    "SELECT number FROM conversation WHERE mode=1 AND assignee IS NULL"
	    " AND status<2 AND number NOT IN (SELECT value FROM json_each(?1))"
	    " ORDER BY k1,k2,k3,number LIMIT 1",
	    "s", except);
}

/* The top of the waiting view. Where a colleague is typing (a->in, a JSON
 * array) only when there is no other. */
int
act_claim(struct act *a, struct err *e)
{
	struct verb_out *out = a->out;

	out->number = first_waiting(a->db, a->in == NULL ? "[]" : a->in);
	if (out->number == 0)
		out->number = first_waiting(a->db, "[]");
	if (out->number == 0)
		return err_set(e, ERR_NOTFOUND, "nobody is waiting");
	a->number = out->number;
	return verb_take(a, e);
}

int
act_due(struct act *a, struct err *e)
{
	struct sql_rows *q;
	int64_t numbers[64];
	int i, n = 0;

	q = sql_query(a->db,
	    "SELECT number FROM conversation WHERE status=2"
	    " AND snoozed_until<=?1 LIMIT 64",
	    "i", a->now_ms);
	while (sql_next(q))
		numbers[n++] = sql_int(q, 0);
	for (i = 0; i < n; i++) {
		struct cv c;

		if (act_cv(a, numbers[i], &c, e) == -1)
			return -1;
		conv_status(a, &c, STATUS_OPEN, 0);
		conv_line(a, &c, "back from snooze", "snooze");
	}
	a->wake |= WAKE_JOBS;
	return 0;
}

const struct verb act_verbs[] = {
    {"reply", act_reply, ROLE_AGENT,
	"id:string text:string canned:string seen:string quote:string "
	"uploads:strings stickers:strings at:time",
	"Send a text, files or stickers (\"PACKAGE/ID word\") to the"
	" customer."},
    {"note", act_note, ROLE_AGENT, "id:string text:string!",
	"A message that stays inside."},
    {"take", verb_take, ROLE_AGENT, "", "Manual, and mine."},
    {"auto", verb_auto, ROLE_AGENT, "", "Back to the bot."},
    {"assign", verb_assign, ROLE_AGENT, "agent:string",
	"Give it to an agent; null puts it back into the queue."},
    {"tag", verb_tag, ROLE_AGENT, "add:strings remove:strings",
	"Tags; a leading @ makes it the contact's."},
    {"pin", verb_pin, ROLE_AGENT, "", "On top of every list."},
    {"unpin", verb_unpin, ROLE_AGENT, "", "No longer on top."},
    {"follow-up", verb_follow_up, ROLE_AGENT, "", "Mark 要対応."},
    {"snooze", verb_snooze, ROLE_AGENT, "until:time",
	"Away until a time; null: until the next message."},
    {"resolve", verb_resolve, ROLE_AGENT, "survey:bool",
	"Done (対応済み); survey false: the customer is not asked."},
    {"reopen", verb_reopen, ROLE_AGENT, "", "Open again."},
    {"csat", act_csat, ROLE_AGENT, "id:string", "Send the survey."},
    {"read", verb_read, ROLE_AGENT, "", "Nothing unread."}, {0}};

const struct verb *
act_verb_find(const char *name)
{
	const struct verb *v;

	for (v = act_verbs; v->name != NULL; v++)
		if (strcmp(v->name, name) == 0)
			return v;
	return NULL;
}
