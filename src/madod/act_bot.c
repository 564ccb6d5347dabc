/*
 * What the bot decided becomes state: its messages and their way to LINE, the
 * handoff with its reason. Must not decide anything: that is bot.c. Called by
 * act_in.c for each customer's message of a conversation in mode auto.
 */
#include <string.h>

#include "act.h"
#include "decision.h"

enum { SAID_WITHIN_MS = 3600 * 1000, TRIED_MAX = 3 };

/* What is known of a message, and what became of it. */
struct turn {
	struct act *a;
	struct cv *c;
	const struct bot_turn *t;
	struct bot_input in;
	struct bot_verdict v;
	int64_t question; /* the message that a tapped choice was offered for */
};

/* What is decided by, read off the store. */
static void
gather(struct turn *u)
{
	const struct line_event *ev = u->t->ev;
	struct bot_input *in = &u->in;
	struct act *a = u->a;
	const char *id;

	*in = (struct bot_input){.guess = u->t->guess,
	    .message = u->t->message,
	    .tap = bot_tap_parse(ev->postback, &id, &u->question),
	    .rules = {.text = ev->postback != NULL ? ev->postback : ev->text,
		.msg_type = ev->msg_type,
		.tapped = ev->postback != NULL,
		.opened = u->t->opened}};
	act_rules_gather(a, u->c, u->t->hook->rules, &in->rules);
	in->said = sql_get_int(a->db, 0,
	    "SELECT count(*) FROM message WHERE conversation=?1 AND at>?2 AND"
	    " sender=1",
	    "ii", u->c->number, a->now_ms - SAID_WITHIN_MS);
}

static void
note(struct turn *u)
{
	struct buf b = {0};

	decision_json(&b, &u->v, u->in.guess);
	sql_run(u->a->db,
	    "INSERT OR REPLACE INTO decision(message,conversation,at,outcome,"
	    "rule,faq,why,data) VALUES(?1,?2,?3,?4,?5,?6,?7,?8)",
	    "iiidssss", u->t->message, u->c->number, u->a->now_ms,
	    (int)u->v.outcome, u->v.rule, u->v.faq, u->v.why, buf_str(&b));
	buf_free(&b);
}

/* What a tap says of the choices that were offered: one of them was right, and
 * would be so next time; or none was. Only of the customer's own message. */
static void
learn(struct turn *u)
{
	struct act *a = u->a;

	sql_run(a->db,
	    "UPDATE decision SET judged=?2, judged_faq=?3 WHERE message=?1 AND"
	    " outcome=2 AND judged IS NULL AND message IN (SELECT id FROM"
	    " message WHERE id=?1 AND identity=?4)",
	    "idsi", u->question, (int)(u->v.faq != NULL), u->v.faq,
	    u->c->identity);
	if (sql_changes(a->db) == 0 || u->v.faq == NULL)
		return;
	sql_run(a->db,
	    "INSERT OR IGNORE INTO lesson(message,channel,faq,source,at)"
	    " VALUES(?1,?2,?3,'tap',?4)",
	    "issi", u->question, u->c->channel, u->v.faq, a->now_ms);
}

/* What the bot said before, newest first: "FAQ 返品の手順 0.62, rule 送料". */
static const char *
tried(struct turn *u)
{
	struct sql_rows *q = sql_query(u->a->db,
	    "SELECT why FROM decision WHERE conversation=?1 AND message<?2 AND"
	    " outcome IN (1,2) ORDER BY message DESC LIMIT ?3",
	    "iid", u->c->number, u->t->message, (int)TRIED_MAX);
	const char *s = NULL;

	while (sql_next(q))
		s = s == NULL
		    ? arena_strdup(u->a->mem, sql_text(q, 0))
		    : arena_sprintf(u->a->mem, "%s, %s", s, sql_text(q, 0));
	return s;
}

/* Two lines for whoever takes over: why, quoting the question, and what was
 * tried or is likely. Where there is nothing of that, why alone: the question
 * stands right above. */
static void
hand_over(struct turn *u)
{
	const struct bot_guess *g = u->in.guess;
	bool likely =
	    g != NULL && (g->outcome != FAQ_HANDOFF || u->v.by == BOT_BY_FAQ);
	const char *guesses = likely ? bot_guesses(g, u->a->mem) : NULL;
	const char *was = tried(u), *text = NULL;
	char *about = sql_get_text(u->a->db,
	    "SELECT uid FROM message WHERE id=?1", "i", u->t->message);

	act_handoff(u->a, u->c, u->v.why,
	    was != NULL || guesses != NULL ? about : NULL);
	x_free(about);
	if (was != NULL && guesses != NULL)
		text = arena_sprintf(
		    u->a->mem, "tried: %s; best guesses: %s", was, guesses);
	else if (was != NULL)
		text = arena_sprintf(u->a->mem, "tried: %s", was);
	else if (guesses != NULL)
		text = arena_sprintf(u->a->mem, "best guesses: %s", guesses);
	if (text != NULL)
		act_feed(u->a, "conversation.changed", u->c->number,
		    act_line(u->a, u->c, u->a->now_ms, text, NULL), "extract");
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
	struct turn u = {.a = a, .c = c, .t = t};

	gather(&u);
	bot_decide(t->hook->rules, &u.in, a->mem, &u.v);
	if (u.question != 0)
		learn(&u);
	if (u.v.outcome == BOT_HANDOFF)
		hand_over(&u);
	note(&u);
	if (!t->ev->standby)
		act_bot_say(a, c,
		    &(struct bot_says){&u.v.says, &u.v.quick, u.v.why,
			u.v.outcome == BOT_HANDOFF});
	act_rules_keep(a, c, t->hook->rules, &u.v.ruled, t->message);
	if (u.v.outcome != BOT_HANDOFF)
		sql_run(a->db,
		    "UPDATE conversation SET waiting_since=NULL, unread=0"
		    " WHERE number=?1",
		    "i", c->number);
}

void
act_bot_beside(struct act *a, const struct cv *c, const struct bot_turn *t)
{
	struct cv copy = *c;
	struct turn u = {.a = a,
	    .c = &copy,
	    .t = t,
	    .in = {.guess = t->guess, .message = t->message}};

	char *name;

	if (t->hook->guesses == NULL)
		return;
	name = sql_get_text(
	    a->db, "SELECT name FROM contact WHERE id=?1", "i", c->contact);
	u.in.rules.contact_name = name;
	u.in.rules.conversation = c->number;
	bot_suggest(&u.in, a->mem, &u.v);
	note(&u);
	x_free(name);
}
