/*
 * What the bot decided becomes state: its messages and their way to LINE, the
 * handoff with its reason. Must not decide anything: that is bot.c. Called by
 * act_in.c for each customer's message of a conversation in mode auto.
 */
#include <string.h>

#include "act.h"

enum { SAID_WITHIN_MS = 3600 * 1000 };

/* What is decided by, read off the store. */
static void
gather(struct act *a, const struct cv *c, const struct bot_turn *t,
    struct bot_input *in)
{
	const struct line_event *ev = t->ev;
	const char *id;
	int64_t question;
	struct sql_rows *q;

	*in = (struct bot_input){.guess = t->guess,
	    .message = t->message,
	    .tap = bot_tap_parse(ev->postback, &id, &question),
	    .rules = {.text = ev->postback != NULL ? ev->postback : ev->text,
		.msg_type = ev->msg_type,
		.conversation = c->number}};
	q = sql_query(a->db, "SELECT name,language FROM contact WHERE id=?1",
	    "i", c->contact);
	if (sql_next(q)) {
		in->rules.contact_name = arena_strdup(a->mem, sql_text(q, 0));
		in->rules.contact_language =
		    arena_strdup(a->mem, sql_text(q, 1));
		sql_done(q);
	}
	in->said = sql_get_int(a->db, 0,
	    "SELECT count(*) FROM message WHERE conversation=?1 AND at>?2 AND"
	    " sender=1",
	    "ii", c->number, a->now_ms - SAID_WITHIN_MS);
}

static void
say(struct act *a, const struct cv *c, const struct bubble *u,
    const struct bot_verdict *v, const struct quicks *quick)
{
	struct new_msg m = {.text = bubble_line(u, a->mem),
	    .why = v->why,
	    .conversation = c->number,
	    .identity = c->identity,
	    .contact = c->contact,
	    .at_ms = a->now_ms,
	    .sender = FROM_BOT,
	    .type = bubble_type(u),
	    .state = STATE_QUEUED,
	    .aside = v->outcome == BOT_HANDOFF};
	int64_t id = act_message(a, &m);
	struct buf b = {0};

	bubble_json(&b, u, quick);
	act_queue(a, c, id, buf_str(&b));
	buf_free(&b);
	act_feed(a, "message.out", c->number, id, v->why);
}

void
act_bot(struct act *a, struct cv *c, const struct bot_turn *t)
{
	struct bot_verdict v;
	struct bot_input in;

	gather(a, c, t, &in);
	bot_decide(t->hook->rules, &in, a->mem, &v);
	if (v.outcome == BOT_HANDOFF)
		act_mode(a, c, MODE_MANUAL, v.why);
	for (size_t i = 0; i < v.says.n && !t->ev->standby; i++)
		say(a, c, &v.says.v[i], &v,
		    i + 1 == v.says.n ? &v.quick : NULL);
	if (v.outcome != BOT_HANDOFF)
		sql_run(a->db,
		    "UPDATE conversation SET waiting_since=NULL, unread=0"
		    " WHERE number=?1",
		    "i", c->number);
}
