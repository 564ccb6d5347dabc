/*
 * What the bot decided becomes state: its messages and their way to LINE, the
 * handoff with its reason; or, where an adviser is to be asked first, a row
 * that says so, and all of it when that one was. Must not decide anything: that
 * is bot.c. Called by act_in.c for each customer's message of a conversation in
 * mode auto, and by adviser.c.
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
	const struct bot_turn *t = u->t;
	struct bot_input *in = &u->in;
	struct act *a = u->a;
	const char *id;

	*in = (struct bot_input){.guess = t->guess,
	    .advice = t->advice,
	    .overtaken = t->overtaken,
	    .message = t->message,
	    .tap = bot_tap_parse(t->postback, &id, &u->question),
	    .rules = {.text = t->postback != NULL ? t->postback : t->text,
		.msg_type = t->msg_type,
		.tapped = t->postback != NULL,
		.overheard = t->overheard,
		.opened = t->opened}};
	act_rules_gather(a, u->c, t->rules, &in->rules);
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
	if (u->v.advice != NULL && u->v.advice->error != NULL)
		text = arena_sprintf(u->a->mem,
		    text != NULL ? "%s; adviser not followed: %s"
				 : "%sadviser not followed: %s",
		    text != NULL ? text : "", u->v.advice->error);
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

static void
carry_out(struct turn *u)
{
	const struct bot_turn *t = u->t;
	struct act *a = u->a;
	struct cv *c = u->c;

	if (u->question != 0)
		learn(u);
	if (u->v.outcome == BOT_HANDOFF)
		hand_over(u);
	note(u);
	if (!t->standby)
		act_bot_say(a, c,
		    &(struct bot_says){&u->v.says, &u->v.quick, u->v.why,
			u->v.outcome == BOT_HANDOFF});
	act_rules_keep(a, c, t->rules, &u->v.ruled, t->message);
	if (u->v.outcome != BOT_HANDOFF)
		sql_run(a->db,
		    "UPDATE conversation SET waiting_since=NULL, unread=0"
		    " WHERE number=?1",
		    "i", c->number);
}

/* The webhook is answered meanwhile; nothing is kept of what we would do. */
static void
ask_adviser(struct turn *u)
{
	struct act *a = u->a;

	sql_run(a->db,
	    "INSERT INTO asked(message,conversation,due_at,opened)"
	    " VALUES(?1,?2,?3,?4)",
	    "iiid", u->t->message, u->c->number,
	    a->now_ms + u->t->adviser->deadline_ms, (int)u->t->opened);
	a->wake |= WAKE_ADVISER;
}

void
act_bot(struct act *a, struct cv *c, const struct bot_turn *t)
{
	struct turn u = {.a = a, .c = c, .t = t};

	gather(&u);
	bot_decide(t->rules, &u.in, a->mem, &u.v);
	if (!t->standby && bot_wants_advice(t->adviser, &u.in, &u.v))
		ask_adviser(&u);
	else
		carry_out(&u);
}

/* The turn that was put off, as the store has it now; gives the conversation,
 * 0: it was withdrawn, or done already. */
static int64_t
take_asked(struct act *a, struct bot_turn *t)
{
	struct sql_rows *q = sql_query(a->db,
	    "SELECT a.conversation,a.opened,m.text,m.type,m.unsent,"
	    "EXISTS(SELECT 1 FROM decision d WHERE"
	    " d.conversation=a.conversation AND d.message>a.message)"
	    " FROM asked a JOIN message m ON m.id=a.message"
	    " WHERE a.message=?1",
	    "i", t->message);
	int64_t number = 0;

	if (sql_next(q)) {
		number = sql_int(q, 4) != 0 ? 0 : sql_int(q, 0);
		t->opened = sql_int(q, 1) != 0;
		t->text = arena_strdup(a->mem, sql_text(q, 2));
		t->msg_type = (int)sql_int(q, 3);
		t->overtaken = sql_int(q, 5) != 0;
		sql_done(q);
	}
	sql_run(a->db, "DELETE FROM asked WHERE message=?1", "i", t->message);
	return number;
}

int
act_advised(struct act *a, struct err *e)
{
	const struct advised_in *in = a->in;
	struct bot_turn t = {.rules = in->rules,
	    .guess = in->guess,
	    .advice = in->advice,
	    .message = in->message,
	    .knows = in->guess != NULL};
	int64_t number = take_asked(a, &t);
	struct cv c;

	(void)e;
	if (number == 0 || act_cv(a, number, &c, NULL) == -1 ||
	    c.status == STATUS_RESOLVED)
		return 0;
	if (c.mode == MODE_AUTO)
		act_bot(a, &c, &t);
	else
		act_bot_beside(a, &c, &t);
	return 0;
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

	if (!t->knows)
		return;
	name = sql_get_text(
	    a->db, "SELECT name FROM contact WHERE id=?1", "i", c->contact);
	u.in.rules.contact_name = name;
	u.in.rules.conversation = c->number;
	bot_suggest(&u.in, a->mem, &u.v);
	note(&u);
	x_free(name);
}
