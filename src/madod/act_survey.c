/*
 * The survey: its words, its answers, and the one that follows by itself when a
 * conversation is resolved (survey_after). What follows can be stopped by
 * reopening, asks only whom a person has answered, nobody twice within
 * survey_every, and is no push where pushes need a person's word. Only on the
 * writer.
 */
#include <string.h>

#include <mado/text.h>

#include "act.h"
#include "bubble.h"

enum {
	SURVEY_DUE_MAX = 64,
	SURVEY_LATE_MS = 24 * 3600 * 1000, /* madod was down: too late to ask */
	SURVEY_TOKEN_SPARE_MS = 5000,
	ANSWER_MS = 7 * 86400 * 1000, /* a typed score counts this long */
	COMMENT_MS = 10 * 60 * 1000,
	SCORE_MAX = 5
};

/* By the contact's language; the first is the default. */
static const struct {
	const char *language, *text;
} words[] = {
    {"ja", "対応はいかがでしたか？ 1(不満)から5(満足)でお選びください。"},
    {"en", "How did we do? Please choose from 1 (poor) to 5 (great)."},
    {"th", "การบริการของเราเป็นอย่างไรบ้าง โปรดเลือก 1 (แย่) ถึง 5 (ดีมาก)"},
    {"zh", "請為這次服務評分，1(不滿意)到5(滿意)。"},
    {"ko", "상담은 어떠셨나요? 1(불만족)~5(만족)에서 골라 주세요."},
    {"id", "Bagaimana layanan kami? Pilih 1 (buruk) sampai 5 (baik)."},
};

static const char *
survey_text(struct act *a, const struct cv *c)
{
	char *language = sql_get_text(
	    a->db, "SELECT language FROM contact WHERE id=?1", "i", c->contact);
	const char *text = words[0].text;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (language != NULL &&
		    strncmp(language, words[i].language, 2) == 0)
			text = words[i].text;
	x_free(language);
	return text;
}

/* Exactly five quick replies, postbacks in order 1 to 5. */
static void
survey_json(struct act *a, const struct cv *c, const char *text, struct buf *b)
{
	struct quicks q = {.n = 0};

	for (int i = 1; i <= SCORE_MAX; i++)
		quick_add(&q,
		    (struct quick){.label = arena_sprintf(a->mem, "%d", i),
			.data = arena_sprintf(a->mem, "madoguchi:csat:%lld:%d",
			    (long long)c->number, i)});
	bubble_json(b, &(struct bubble){.kind = BUBBLE_TEXT, .text = text}, &q);
}

int64_t
act_survey_send(struct act *a, const struct cv *c, const char *uid)
{
	struct new_msg m = {.uid = uid,
	    .author = a->actor,
	    .sender = FROM_SYSTEM,
	    .type = MSG_TEXT,
	    .state = STATE_QUEUED,
	    .why = "csat",
	    .conversation = c->number,
	    .identity = c->identity,
	    .contact = c->contact,
	    .at_ms = a->now_ms};
	struct buf b = {0};
	int64_t id;

	m.text = survey_text(a, c);
	survey_json(a, c, m.text, &b);
	id = act_message(a, &m);
	act_queue(a, c, id, buf_str(&b));
	buf_free(&b);
	sql_run(a->db,
	    "UPDATE conversation SET csat_asked=?2,"
	    " csat_answered=NULL, csat_score=NULL, csat_comment=NULL"
	    " WHERE number=?1",
	    "ii", c->number, a->now_ms);
	act_feed(a, "message.out", c->number, id, m.why);
	return id;
}

static const struct survey_in *
survey_of(const struct survey_in *in, const char *channel)
{
	for (; in != NULL; in = in->next)
		if (strcmp(in->channel, channel) == 0 && in->after_ms > 0)
			return in;
	return NULL;
}

/* One person, who can be reached, and wrote and was answered by people. */
static bool
survey_fits(struct act *a, const struct cv *c)
{
	return sql_get_int(a->db, 0,
		   "SELECT blocked=0 AND kind='user' FROM contact WHERE id=?1",
		   "i", c->contact) != 0 &&
	    sql_get_int(a->db, 0,
		"SELECT count(DISTINCT sender) FROM message WHERE"
		" conversation=?1 AND (sender=?2 OR sender=?3 AND type<>?4)",
		"iddd", c->number, (int)FROM_CUSTOMER, (int)FROM_AGENT,
		(int)MSG_NOTE) == 2;
}

/* Neither about this one, nor so lately about another. */
static bool
survey_is_new(struct act *a, const struct cv *c, const struct survey_in *in)
{
	return c->csat_asked == 0 &&
	    sql_get_int(a->db, 0,
		"SELECT count(*) FROM conversation WHERE csat_asked>?2 AND"
		" identity IN (SELECT id FROM identity WHERE contact=?1)",
		"ii", c->contact, a->now_ms - in->every_ms) == 0;
}

static bool
survey_may_leave(struct act *a, const struct cv *c, const struct survey_in *in)
{
	return in->push == PUSH_ALLOW ||
	    sql_get_int(a->db, 0,
		"SELECT count(*) FROM reply_token WHERE identity=?1 AND"
		" received_at>?2",
		"ii", c->identity,
		a->now_ms - REPLY_TOKEN_LIFE_S * 1000 +
		    SURVEY_TOKEN_SPARE_MS) != 0;
}

static const char *
span_words(struct act *a, int64_t ms)
{
	static const struct {
		int64_t ms;
		const char *unit;
	} units[] = {{86400000, "d"}, {3600000, "h"}, {60000, "m"}};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (ms % units[i].ms == 0)
			return arena_sprintf(a->mem, "%lld%s",
			    (long long)(ms / units[i].ms), units[i].unit);
	return arena_sprintf(a->mem, "%llds", (long long)(ms / 1000));
}

void
act_survey_plan(struct act *a, const struct cv *c)
{
	const struct survey_in *in = survey_of(a->in, c->channel);
	const cJSON *wanted = cJSON_GetObjectItem(a->args, "survey");
	int64_t line;

	sql_run(
	    a->db, "DELETE FROM survey WHERE conversation=?1", "i", c->number);
	if (in == NULL || cJSON_IsFalse(wanted) || !survey_fits(a, c) ||
	    !survey_is_new(a, c, in))
		return;
	sql_run(a->db, "INSERT INTO survey(conversation,due_at) VALUES(?1,?2)",
	    "ii", c->number, a->now_ms + in->after_ms);
	a->wake |= WAKE_JOBS;
	line = act_line(a, c, a->now_ms,
	    arena_sprintf(a->mem, "survey in %s, unless reopened",
		span_words(a, in->after_ms)),
	    NULL);
	act_feed(a, "conversation.changed", c->number, line, "survey_after");
}

/* What was planned may be of yesterday, and much may have happened since. */
static void
survey_ask(struct act *a, int64_t number, bool late)
{
	const struct survey_in *in;
	struct cv c;

	if (act_cv(a, number, &c, NULL) == -1 || c.status != STATUS_RESOLVED ||
	    (in = survey_of(a->in, c.channel)) == NULL || late ||
	    !survey_fits(a, &c) || !survey_is_new(a, &c, in))
		return;
	if (survey_may_leave(a, &c, in)) {
		act_survey_send(a, &c, NULL);
		return;
	}
	act_feed(a, "conversation.changed", number,
	    act_line(
		a, &c, a->now_ms, "no survey: it would have been a push", NULL),
	    "survey_after");
}

int
act_survey_due(struct act *a, struct err *e)
{
	int64_t numbers[SURVEY_DUE_MAX], due[SURVEY_DUE_MAX];
	struct sql_rows *q;
	int n = 0;

	(void)e;
	q = sql_query(a->db,
	    "SELECT conversation,due_at FROM survey WHERE due_at<=?1 LIMIT ?2",
	    "id", a->now_ms, (int)SURVEY_DUE_MAX);
	while (sql_next(q)) {
		numbers[n] = sql_int(q, 0);
		due[n++] = sql_int(q, 1);
	}
	for (int i = 0; i < n; i++) {
		sql_run(a->db, "DELETE FROM survey WHERE conversation=?1", "i",
		    numbers[i]);
		survey_ask(a, numbers[i], due[i] < a->now_ms - SURVEY_LATE_MS);
	}
	a->wake |= WAKE_JOBS;
	return 0;
}

/* 1..5 by a survey's button, whose conversation c becomes, or typed; else 0. */
static int
answer_score(struct act *a, struct cv *c, const struct line_event *ev)
{
	int64_t identity = c->identity;
	long long number;
	int score = 0;
	char *s;

	if (ev->postback != NULL) {
		if (sscanf(ev->postback, "madoguchi:csat:%lld:%d", &number,
			&score) != 2 ||
		    score < 1 || score > SCORE_MAX)
			return 0;
		return act_cv(a, number, c, NULL) == 0 &&
			c->identity == identity
		    ? score
		    : 0;
	}
	if (ev->kind != LINE_MESSAGE || ev->msg_type != MSG_TEXT)
		return 0;
	if (c->csat_asked < a->now_ms - ANSWER_MS || c->csat_answered != 0)
		return 0;
	s = text_narrow(ev->text);
	if (s[0] >= '1' && s[0] <= '5' && s[strspn(s + 1, " \n") + 1] == '\0')
		score = s[0] - '0';
	x_free(s);
	return score;
}

/* One comment may follow the answer. */
static bool
answer_is_comment(
    struct act *a, const struct cv *c, const struct line_event *ev)
{
	return ev->kind == LINE_MESSAGE && ev->msg_type == MSG_TEXT &&
	    c->csat_answered > a->now_ms - COMMENT_MS &&
	    sql_get_int(a->db, 0,
		"SELECT csat_comment IS NULL FROM conversation WHERE number=?1",
		"i", c->number) != 0;
}

/*
 * A tap is an answer only, whenever it comes, and nothing said on a resolved
 * case reopens it; but while the case is open its comment may be a question,
 * and a number typed after somebody wrote again may be meant for them.
 */
static bool
answer_is_all(
    struct act *a, const struct cv *c, const struct line_event *ev, int score)
{
	if (ev->postback != NULL || c->status == STATUS_RESOLVED)
		return true;
	return score != 0 &&
	    sql_get_int(a->db, 0,
		"SELECT count(*) FROM message WHERE conversation=?1 AND sender"
		" IN (1,2) AND type<>7 AND id>(SELECT max(id) FROM message"
		" WHERE conversation=?1 AND why='csat')",
		"i", c->number) == 0;
}

/* Its unsend came first. */
static bool
answer_is_gone(struct act *a, const struct cv *c, const struct line_event *ev)
{
	return ev->message_id != NULL &&
	    sql_get_int(a->db, 0,
		"SELECT unsent FROM ahead WHERE line_id=?1 AND channel=?2",
		"ss", ev->message_id, c->channel) != 0;
}

enum survey_answer
act_survey_answer(struct act *a, struct cv *c, const struct line_event *ev)
{
	int score = answer_score(a, c, ev);

	if (score == 0 && !answer_is_comment(a, c, ev))
		return SURVEY_NO;
	if (score != 0)
		sql_run(a->db,
		    "UPDATE conversation SET csat_score=?2, csat_answered=?3"
		    " WHERE number=?1 AND csat_asked IS NOT NULL",
		    "idi", c->number, score, a->now_ms);
	else if (!answer_is_gone(a, c, ev))
		sql_run(a->db,
		    "UPDATE conversation SET csat_comment=?2 WHERE number=?1",
		    "is", c->number, ev->text);
	return answer_is_all(a, c, ev, score) ? SURVEY_ONLY : SURVEY_TOO;
}
