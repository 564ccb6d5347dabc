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

	*in = (struct bot_input){.guess = t->guess,
	    .message = t->message,
	    .tap = bot_tap_parse(ev->postback, &id, &question),
	    .rules = {.text = ev->postback != NULL ? ev->postback : ev->text,
		.msg_type = ev->msg_type,
		.tapped = ev->postback != NULL,
		.opened = t->opened}};
	act_rules_gather(a, c, t->hook->rules, &in->rules);
	in->said = sql_get_int(a->db, 0,
	    "SELECT count(*) FROM message WHERE conversation=?1 AND at>?2 AND"
	    " sender=1",
	    "ii", c->number, a->now_ms - SAID_WITHIN_MS);
}

static void
say(struct act *a, const struct cv *c, const struct bubble *u,
    const struct bot_says *s, const struct quicks *quick)
{
	struct new_msg m = {.text = bubble_line(u, a->mem),
	    .why = s->why,
	    .conversation = c->number,
	    .identity = c->identity,
	    .contact = c->contact,
	    .at_ms = a->now_ms,
	    .sender = FROM_BOT,
	    .type = bubble_type(u),
	    .state = STATE_QUEUED,
	    .aside = s->aside};
	int64_t id = act_message(a, &m);
	struct buf b = {0};

	bubble_json(&b, u, quick);
	act_queue(a, c, id, buf_str(&b));
	buf_free(&b);
	act_feed(a, "message.out", c->number, id, s->why);
}

void
act_bot_say(struct act *a, const struct cv *c, const struct bot_says *s)
{
	for (size_t i = 0; i < s->says->n; i++)
		say(a, c, &s->says->v[i], s,
		    i + 1 == s->says->n ? s->quick : NULL);
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
	if (!t->ev->standby)
		act_bot_say(a, c,
		    &(struct bot_says){
			&v.says, &v.quick, v.why, v.outcome == BOT_HANDOFF});
	act_rules_keep(a, c, t->hook->rules, &v.ruled, t->message);
	if (v.outcome != BOT_HANDOFF)
		sql_run(a->db,
		    "UPDATE conversation SET waiting_since=NULL, unread=0"
		    " WHERE number=?1",
		    "i", c->number);
}
