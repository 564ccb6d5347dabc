/*
 * See rules_replay.h. What the bot did about a message are the feed's rows of
 * the act that decided: they have its time, which is the message's unless an
 * adviser was asked first.
 */
#include <string.h>
#include <time.h>

#include <mado/buf.h>
#include <mado/text.h>

#include "line_decode.h"
#include "rules_replay.h"

enum { GREETING_MS = 10 * 1000 };

/* One row of the past. */
struct row {
	int64_t seq, at_ms, conversation, identity;
	const char *kind, *why, *text, *channel, *name, *language;
	int sender, type;
	int64_t decided_ms; /* when the bot did, of a message */
	bool opened, unsent, tapped;
	bool overheard;
	bool advised; /* what was done is what an adviser said */
};

/* What was done about one message. */
struct did {
	bool any, handoff;
	const char *why;
	struct buf text;
};

/* A message, what became of it, and the rules' state of its identity. */
struct replay {
	struct rules_replay *p;
	struct arena *a; /* of this identity */
	int64_t identity;
	struct rules_state state;
	struct rules_field *fields;
	size_t n_fields;
	int64_t lost;   /* the conversation whose questions are not known any
			   more: an answer was unsent */
	struct row row; /* kind NULL: none under way */
	struct did did;
};

static void
put_line(FILE *out, const char *before, const char *text)
{
	struct buf b = {0};

	text_draw(&b, text, strlen(text));
	fprintf(out, "%s%s\n", before, buf_str(&b));
	buf_free(&b);
}

static void
put_head(const struct replay *y)
{
	const struct row *w = &y->row;
	time_t t = (time_t)(w->at_ms / 1000);
	char when[32], head[80];
	struct tm tm;

	localtime_r(&t, &tm);
	strftime(when, sizeof(when), "%Y-%m-%d %H:%M", &tm);
	snprintf(
	    head, sizeof(head), "#%lld %s ", (long long)w->conversation, when);
	put_line(y->p->out, head, w->text);
}

/* "answered: rule 送料", and what was said. */
static void
put_done(FILE *out, char mark, bool handoff, const char *why, const char *text)
{
	char head[40];

	snprintf(head, sizeof(head), "  %c %s: ", mark,
	    handoff ? "handed over" : "answered");
	put_line(out, head, why);
	if (*text != '\0') {
		snprintf(head, sizeof(head), "  %c     ", mark);
		put_line(out, head, text);
	}
}

static void
join(struct buf *b, const char *text)
{
	buf_puts(b, b->n > 0 ? " / " : "");
	buf_puts(b, text);
}

/* Was it by rules.conf? */
static bool
was_rules(const char *why)
{
	static const char *const words[] = {"rule ", "menu ", "form "};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const char *at = strstr(why, words[i]);

		if (at != NULL && (at == why || at[-1] == '('))
			return true;
	}
	return false;
}

static void
input_of(const struct replay *y, struct rules_input *in)
{
	const struct row *w = &y->row;

	*in = (struct rules_input){.event = RULES_MESSAGE,
	    .text = w->text,
	    .tapped = w->tapped,
	    .opened = w->opened,
	    .overheard = w->overheard,
	    .msg_type = w->type,
	    .contact_name = w->name,
	    .contact_language = w->language,
	    .channel = w->channel,
	    .conversation = w->conversation,
	    .now_ms = w->at_ms,
	    .state = &y->state,
	    .fields = y->fields,
	    .n_fields = y->n_fields};
	if (w->sender == FROM_SYSTEM)
		in->event = RULES_FOLLOW;
}

/* A friend's greeting is the rules' alone. */
void
rules_replay_decide(const struct rules *r, struct mind *m,
    const struct rules_input *in, struct arena *a, struct bot_verdict *v)
{
	struct line_event ev = {
	    .kind = in->tapped ? LINE_POSTBACK : LINE_MESSAGE,
	    .msg_type = in->msg_type,
	    .text = in->text,
	    .postback = in->tapped ? in->text : NULL};
	struct bot_input bot = {.rules = *in};
	const char *id;
	int64_t question;

	if (in->event != RULES_MESSAGE) {
		*v = (struct bot_verdict){.outcome = BOT_ANSWER};
		rules_decide(r, in, a, &v->ruled);
		v->says = v->ruled.says;
		v->quick = v->ruled.quick;
		v->why = v->ruled.why;
		v->rule = v->ruled.rule;
		if (v->ruled.act == RULES_HANDOFF)
			v->outcome = BOT_HANDOFF;
		return;
	}
	bot.tap = bot_tap_parse(ev.postback, &id, &question);
	bot.guess = mind_event(m, in->channel, &ev, a);
	bot_decide(r, &bot, a, v);
}

static void
keep_facts(struct replay *y, const struct rules_verdict *v)
{
	struct rules_field *all;
	size_t n = y->n_fields + v->n_fields;

	if (v->why != NULL)
		y->state = v->state;
	if (v->n_fields == 0)
		return;
	all = arena_calloc(y->a, n, sizeof(*all));
	memcpy(all, v->fields, v->n_fields * sizeof(*all));
	if (y->n_fields > 0)
		memcpy(
		    all + v->n_fields, y->fields, y->n_fields * sizeof(*all));
	y->fields = all;
	y->n_fields = n;
}

/* Handed over by no rule is the same whatever the score; of a rule's handoff
 * nobody knows any more how long the queue was. Advisers are not asked again:
 * whatever no rule answers they would. */
static bool
is_same(const struct replay *y, const struct bot_verdict *v, const char *text)
{
	const struct did *d = &y->did;
	bool handoff = v->outcome == BOT_HANDOFF;

	if (y->row.advised && v->by != BOT_BY_RULE)
		return true;
	if (d->handoff != handoff)
		return false;
	if (handoff && v->by != BOT_BY_RULE)
		return !was_rules(d->why);
	if (handoff && rules_wants_queue(y->p->r))
		return strcmp(d->why, v->why) == 0;
	return strcmp(buf_str(&d->text), text) == 0 &&
	    (!handoff || strcmp(d->why, v->why) == 0);
}

static void
tell(struct replay *y, const struct bot_verdict *v, const char *text)
{
	struct rules_replay *p = y->p;
	const struct did *d = &y->did;
	bool handoff = v->outcome == BOT_HANDOFF;

	p->otherwise++;
	p->answered += d->handoff && !handoff;
	p->handed_over += !d->handoff && handoff;
	put_head(y);
	put_done(p->out, '-', d->handoff, d->why, buf_str(&d->text));
	put_done(p->out, '+', handoff, v->why, text);
}

/* Not to be asked again: what the guard stopped, what is unsent, and what came
 * after an answer that is. */
static bool
is_lost(struct replay *y)
{
	if (y->row.unsent && y->state.form != NULL)
		y->lost = y->row.conversation;
	return y->row.unsent || y->lost == y->row.conversation ||
	    strstr(y->did.why, "within an hour") != NULL;
}

/* The message under way, now that all that was done about it is known. */
static void
decide(struct replay *y)
{
	struct rules_input in;
	struct bot_verdict v;
	struct buf text = {0};

	if (y->row.kind == NULL || !y->did.any || is_lost(y))
		return;
	input_of(y, &in);
	rules_replay_decide(y->p->r, y->p->mind, &in, y->a, &v);
	for (size_t i = 0; i < v.says.n; i++)
		join(&text, bubble_line(&v.says.v[i], y->a));
	keep_facts(y, &v.ruled);
	y->p->messages++;
	if (!is_same(y, &v, buf_str(&text)))
		tell(y, &v, buf_str(&text));
	buf_free(&text);
}

static void
next_identity(struct replay *y, int64_t identity)
{
	arena_reset(y->a);
	y->identity = identity;
	y->state = (struct rules_state){0};
	y->fields = NULL;
	y->n_fields = 0;
	y->lost = -1;
	y->row.kind = NULL;
}

static void
begin_message(struct replay *y, const struct row *w)
{
	struct row *to = &y->row;

	*to = *w;
	to->kind = "message.in";
	to->text = arena_strdup(y->a, w->text);
	to->channel = arena_strdup(y->a, w->channel);
	to->name = arena_strdup(y->a, w->name);
	to->language = arena_strdup(y->a, w->language);
	y->did.any = y->did.handoff = false;
	y->did.why = NULL;
	buf_reset(&y->did.text);
}

static void
note_done(struct replay *y, const struct row *w)
{
	struct did *d = &y->did;

	d->any = true;
	if (d->why == NULL && w->why != NULL)
		d->why = arena_strdup(y->a, w->why);
	if (strcmp(w->kind, "conversation.handoff") == 0)
		d->handoff = true;
	else
		join(&d->text, w->text);
	if (d->why == NULL)
		d->why = "";
}

/* A greeting waits a moment for the name. */
static int64_t
slack(const struct row *w)
{
	return w->sender == FROM_SYSTEM ? GREETING_MS : 0;
}

static void
take(struct replay *y, const struct row *w)
{
	bool in = strcmp(w->kind, "message.in") == 0;

	if (in || w->identity != y->identity) {
		decide(y);
		y->row.kind = NULL;
	}
	if (w->identity != y->identity)
		next_identity(y, w->identity);
	if (in)
		begin_message(y, w);
	else if (y->row.kind != NULL &&
	    w->at_ms <= y->row.decided_ms + slack(&y->row))
		note_done(y, w);
}

/* By identity, so that one state is enough, and in the order of decisions. A
 * line of the history that is not a new friend's is nobody's message. */
static struct sql_rows *
rows_since(struct sql *db, int64_t since_ms)
{
	return sql_query(db,
	    "SELECT f.seq,f.at,ifnull(f.conversation,0),m.identity,f.kind,"
	    "f.why,m.text,i.channel,nullif(t.name,t.kind||' '||"
	    "substr(i.external_id,-6)),t.language,m.sender,m.type,"
	    "m.at=c.opened_at AND m.sender=0,m.unsent,"
	    "json_extract(m.raw,'$.postback.data'),ifnull(d.at,f.at) AS done,"
	    "ifnull(json_extract(d.data,'$.by')='adviser',0),"
	    "t.kind<>'user' AND NOT EXISTS(SELECT 1 FROM"
	    " json_each(m.raw,'$.message.mention.mentionees')"
	    " WHERE json_extract(value,'$.isSelf'))"
	    " FROM feed f JOIN message m ON m.id=f.message"
	    " JOIN identity i ON i.id=m.identity"
	    " JOIN contact t ON t.id=m.contact"
	    " LEFT JOIN conversation c ON c.number=f.conversation"
	    " LEFT JOIN decision d ON d.message=m.id AND f.kind='message.in'"
	    " WHERE f.at>=?1 AND ((f.kind='message.in' AND (m.sender=0 OR"
	    " f.why='follow')) OR (f.kind='message.out' AND m.sender=1) OR"
	    " (f.kind='conversation.handoff' AND f.actor IS NULL))"
	    " ORDER BY m.identity, done, f.seq",
	    "i", since_ms);
}

static void
read_row(struct sql_rows *q, struct row *w)
{
	const char *data = sql_text(q, 14);

	*w = (struct row){.seq = sql_int(q, 0),
	    .at_ms = sql_int(q, 1),
	    .conversation = sql_int(q, 2),
	    .identity = sql_int(q, 3),
	    .kind = sql_text(q, 4),
	    .why = sql_text(q, 5),
	    .text = data != NULL ? data : sql_text(q, 6),
	    .channel = sql_text(q, 7),
	    .name = sql_text(q, 8),
	    .language = sql_text(q, 9),
	    .sender = (int)sql_int(q, 10),
	    .type = (int)sql_int(q, 11),
	    .opened = sql_int(q, 12) != 0,
	    .unsent = sql_int(q, 13) != 0,
	    .tapped = data != NULL,
	    .decided_ms = sql_int(q, 15),
	    .advised = sql_int(q, 16) != 0,
	    .overheard = sql_int(q, 17) != 0 && data == NULL};
}

int
rules_replay(struct rules_replay *p, struct err *e)
{
	struct replay y = {.p = p, .a = arena_new()};
	struct sql_rows *q = rows_since(p->db, p->since_ms);
	struct row w;

	while (sql_next(q)) {
		read_row(q, &w);
		take(&y, &w);
	}
	decide(&y);
	buf_free(&y.did.text);
	arena_free(y.a);
	return sql_err(p->db, e);
}
