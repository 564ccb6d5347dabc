/* Asking a service outside: see adviser.h. */
#include <string.h>
#include <sys/queue.h>

#include <mado/log.h>
#include <mado/when.h>

#include "adviser.h"
#include "line_call.h"
#include "think.h"

enum {
	ASKED_AT_ONCE = 16,
	FAILURES_MAX = 5,
	ANSWER_MAX_B = 64 << 10,
	STORE_PAUSE_MS = 2000, /* after an act that was not storable */
	LOADING_STEP_S = 5,    /* LINE takes 5, 10, .. 60 */
	LOADING_TIMEOUT_MS = 5000
};

enum stage {
	THINKS, /* our own guess is on its way */
	WAITS,  /* for a free place at the service */
	ASKS,
	LOOKS_UP, /* the entry that it named */
	TOLD,     /* the act is on its way */
	UNTOLD    /* it could not be stored: once more */
};

struct question {
	TAILQ_ENTRY(question)
	link;
	struct adviser *v;
	struct arena *mem;
	enum stage stage;
	int64_t message, due_ms, begun_ms /* mono */;
	const char *user; /* to show LINE's loading indicator, or NULL */
	struct advice_question q;
	struct advice advice;
	struct fetch_req *req;
};

struct adviser {
	struct madod *m;
	TAILQ_HEAD(questions, question) questions; /* oldest first */
	int asking, failures /* in a row */;
	int64_t last;      /* the newest message that was taken up */
	int64_t failed_ms; /* when it last did, mono */
	struct timer *timer;
	struct adviser_stats stats;
	bool stopped;
};

static const struct advice_policy *
policy_of(const struct adviser *v)
{
	return &v->m->config->bot;
}

static void
question_free(struct question *q)
{
	TAILQ_REMOVE(&q->v->questions, q, link);
	arena_free(q->mem);
}

/* --- the end of a question */

static void question_tell(struct question *q);

static void
question_told(struct act *a)
{
	struct question *q = a->arg;

	if (a->err.code == ERR_NONE) {
		question_free(q);
		return;
	}
	log_error("an advice was not stored: %s", a->err.msg);
	q->stage = UNTOLD;
	if (!q->v->stopped)
		timer_set(q->v->timer, STORE_PAUSE_MS);
}

static void
question_tell(struct question *q)
{
	struct act *a = act_new(act_advised, question_told, q);
	struct advised_in *in = arena_new_of(a->mem, struct advised_in);

	*in = (struct advised_in){
	    q->message, q->v->m->rules, q->q.guess, &q->advice};
	a->in = in;
	q->stage = TOLD;
	writer_put(q->v->m->writer, a);
}

/* It was not asked at all. */
static void
question_drop(struct question *q, const char *why)
{
	q->advice = (struct advice){.confidence = -1};
	advice_doubt(&q->advice, why);
	q->v->stats.unasked++;
	question_tell(q);
}

/* --- how it does */

static bool
is_alone(const struct adviser *v)
{
	return v->failures >= FAILURES_MAX &&
	    when_mono_ms() < v->failed_ms + policy_of(v)->pause_ms;
}

static void
note_failure(struct adviser *v, const char *error)
{
	int64_t pause_ms = policy_of(v)->pause_ms;

	v->failed_ms = when_mono_ms();
	if (++v->failures == FAILURES_MAX)
		log_warn("adviser: %d failures in a row, the last: %s; it is "
			 "left alone for %lld s at a time",
		    FAILURES_MAX, error, (long long)(pause_ms + 999) / 1000);
}

static void
note_answer(struct adviser *v, const struct advice *w, bool late)
{
	struct adviser_stats *s = &v->stats;

	if (late)
		s->late++;
	else if (w->broken)
		s->failed++;
	else if (w->error != NULL)
		s->unsure++;
	else
		s->followed++;
	if (w->broken) {
		note_failure(v, w->error);
		return;
	}
	if (v->failures >= FAILURES_MAX)
		log_info("adviser: it answers again");
	v->failures = 0;
}

static void
question_done(struct question *q, bool late)
{
	note_answer(q->v, &q->advice, late);
	question_tell(q);
}

static void
question_found(void *arg, const struct bot_guess *g)
{
	struct question *q = arg;

	if (q->v->stopped)
		return;
	if (g != NULL && g->n > 0)
		q->advice.entry = bot_pick_keep(&g->picks[0], q->mem);
	else
		advice_doubt(&q->advice, "it names an FAQ that is not there");
	question_done(q, false);
}

/* --- asking */

static void adviser_next(void *arg);

static const char *
words_late(const struct adviser *v, struct arena *a)
{
	return arena_sprintf(a, "no answer within %g s",
	    (double)policy_of(v)->deadline_ms / 1000);
}

static void
read_answer(struct question *q, const struct fetch_res *res)
{
	struct advice *w = &q->advice;

	*w = (struct advice){.confidence = -1};
	if (res->too_large)
		advice_fail(w, "its answer is too large");
	else if (res->outcome != FETCH_ANSWERED)
		advice_fail(w,
		    arena_sprintf(q->mem, "it is not reached: %s", res->error));
	else if (res->status != 200)
		advice_fail(
		    w, arena_sprintf(q->mem, "HTTP status %d", res->status));
	else
		advice_read(
		    policy_of(q->v), &q->q, res->body, res->n, q->mem, w);
}

static void
question_answered(const struct fetch_res *res, void *arg)
{
	struct question *q = arg;
	struct adviser *v = q->v;
	bool late = when_now_ms() >= q->due_ms;

	q->req = NULL;
	v->asking--;
	read_answer(q, res);
	if (late) {
		q->advice = (struct advice){.confidence = -1};
		advice_fail(&q->advice, words_late(v, q->mem));
	}
	q->advice.ms = when_mono_ms() - q->begun_ms;
	if (q->advice.error == NULL && q->advice.faq != NULL &&
	    q->advice.answer == NULL) {
		q->stage = LOOKS_UP;
		think_entry(v->m->thinker, q->q.channel, q->advice.faq,
		    question_found, q);
	} else {
		question_done(q, late);
	}
	adviser_next(v);
}

/* What was said up to the message, in texts that arrived; nothing else leaves
 * the house. */
static void
question_history(struct question *q)
{
	int64_t n = policy_of(q->v)->history;
	struct advice_line *lines =
	    arena_calloc(q->mem, (size_t)n, sizeof(*lines));
	struct sql_rows *rows = sql_query(q->v->m->db,
	    "SELECT sender,at,text FROM (SELECT id,sender,at,text FROM message"
	    " WHERE conversation=?1 AND id<=?2 AND type=0 AND unsent=0 AND"
	    " sender<3 AND state NOT IN (3,5) ORDER BY id DESC LIMIT ?3)"
	    " ORDER BY id",
	    "iii", q->q.conversation, q->message, n);

	for (q->q.n = 0; sql_next(rows); q->q.n++)
		lines[q->q.n] = (struct advice_line){(int)sql_int(rows, 0),
		    sql_int(rows, 1), arena_strdup(q->mem, sql_text(rows, 2))};
	q->q.lines = lines;
}

/* The token is in memory no longer than libcurl needs it. */
static void
question_send(struct question *q)
{
	const struct advice_policy *p = policy_of(q->v);
	char *auth = x_sprintf(
	    "Authorization: Bearer %s", p->secret != NULL ? p->secret : "");
	const char *headers[] = {"Content-Type: application/json",
	    p->secret != NULL ? auth : NULL, NULL};
	int64_t left_ms = q->due_ms - when_now_ms();
	struct buf body = {0};
	struct fetch_opts o = {.url = p->url,
	    .headers = headers,
	    .timeout_ms = left_ms > 0 ? left_ms : 1,
	    .max_b = ANSWER_MAX_B,
	    .done = question_answered,
	    .arg = q};

	o.connect_ms = o.timeout_ms;
	advice_request(p, &q->q, &body);
	o.body = body.p;
	o.n = body.n;
	q->req = fetch_start(q->v->m->fetch, &o);
	explicit_bzero(auth, strlen(auth));
	x_free(auth);
	buf_free(&body);
}

/* Whether LINE takes it does not matter. */
static void
loading_done(const struct fetch_res *res, void *arg)
{
	(void)res;
	(void)arg;
}

static void
show_loading(struct question *q)
{
	static const char *const headers[] = {
	    "Content-Type: application/json", NULL};
	const struct advice_policy *p = policy_of(q->v);
	const struct config_line *l =
	    config_line_find(q->v->m->config, q->q.channel);
	int64_t step_ms = LOADING_STEP_S * 1000;
	struct fetch_opts o = {.headers = headers,
	    .timeout_ms = LOADING_TIMEOUT_MS,
	    .done = loading_done};
	struct buf b = {0};

	if (!p->loading || q->user == NULL || l == NULL)
		return;
	buf_putc(&b, '{');
	json_add_str(&b, "chatId", q->user);
	json_add_int(&b, "loadingSeconds",
	    (p->deadline_ms + step_ms - 1) / step_ms * LOADING_STEP_S);
	buf_putc(&b, '}');
	o.body = b.p;
	o.n = b.n;
	line_call(q->v->m->line_calls, l, l->api_base,
	    "/v2/bot/chat/loading/start", &o);
	buf_free(&b);
}

static void
question_ask(struct question *q)
{
	struct adviser *v = q->v;

	q->stage = ASKS;
	v->asking++;
	v->stats.asked++;
	q->begun_ms = when_mono_ms();
	question_history(q);
	show_loading(q);
	question_send(q);
}

/* One that waits: its turn, or not any more. */
static void
question_turn(struct question *q)
{
	struct adviser *v = q->v;

	if (policy_of(v)->url == NULL)
		question_drop(q, "there is no adviser any more");
	else if (when_now_ms() >= q->due_ms)
		question_drop(q, words_late(v, q->mem));
	else if (is_alone(v))
		question_drop(q, "it failed too often and is left alone");
	else if (v->asking < (v->failures < FAILURES_MAX ? ASKED_AT_ONCE : 1))
		question_ask(q);
}

/* Whoever waits, up to the first that has to go on waiting: those behind it are
 * due later. */
static void
adviser_next(void *arg)
{
	struct adviser *v = arg;
	struct question *q;
	int64_t left_ms;

	if (v->stopped)
		return;
	TAILQ_FOREACH(q, &v->questions, link)
	{
		if (q->stage == WAITS)
			question_turn(q);
		else if (q->stage == UNTOLD)
			question_tell(q);
		if (q->stage == WAITS)
			break;
	}
	if (q == NULL)
		return;
	left_ms = q->due_ms - when_now_ms();
	timer_set(v->timer, left_ms > 0 ? left_ms : 0);
}

static void
question_thought(void *arg, const struct bot_guess *g)
{
	struct question *q = arg;

	if (q->v->stopped)
		return;
	q->q.guess = bot_guess_keep(g, q->mem);
	q->stage = WAITS;
	adviser_next(q->v);
}

static void
question_new(struct adviser *v, struct sql_rows *rows)
{
	struct arena *mem = arena_new();
	struct question *q = arena_new_of(mem, struct question);
	const char *kind = sql_text(rows, 6);

	q->v = v;
	q->mem = mem;
	q->message = v->last = sql_int(rows, 0);
	q->due_ms = sql_int(rows, 2);
	q->q.conversation = sql_int(rows, 1);
	q->q.channel = arena_strdup(mem, sql_text(rows, 3));
	q->q.language = arena_strdup(mem, sql_text(rows, 7));
	if (kind != NULL && strcmp(kind, "user") == 0)
		q->user = arena_strdup(mem, sql_text(rows, 5));
	TAILQ_INSERT_TAIL(&v->questions, q, link);
	think_ask(v->m->thinker, q->q.channel, sql_text(rows, 4),
	    question_thought, q);
}

void
adviser_wake(struct adviser *v)
{
	struct sql_rows *rows;

	if (v == NULL || v->stopped)
		return;
	rows = sql_query(v->m->db,
	    "SELECT a.message,a.conversation,a.due_at,i.channel,m.text,"
	    "i.external_id,t.kind,t.language FROM asked a"
	    " JOIN message m ON m.id=a.message"
	    " JOIN identity i ON i.id=m.identity"
	    " JOIN contact t ON t.id=m.contact"
	    " WHERE a.message>?1 ORDER BY a.message",
	    "i", v->last);
	while (sql_next(rows))
		question_new(v, rows);
}

struct adviser *
adviser_new(struct madod *m)
{
	struct adviser *v = x_new(struct adviser);

	v->m = m;
	v->timer = timer_new(m->loop, adviser_next, v);
	TAILQ_INIT(&v->questions);
	adviser_wake(v);
	return v;
}

void
adviser_stop(struct adviser *v)
{
	struct question *q;

	if (v == NULL)
		return;
	v->stopped = true;
	timer_clear(v->timer);
	TAILQ_FOREACH(q, &v->questions, link)
	{
		fetch_cancel(q->req);
		q->req = NULL;
	}
}

void
adviser_free(struct adviser *v)
{
	if (v == NULL)
		return;
	while (!TAILQ_EMPTY(&v->questions))
		question_free(TAILQ_FIRST(&v->questions));
	timer_free(v->timer);
	x_free(v);
}

struct adviser_stats
adviser_stats(const struct adviser *v)
{
	struct adviser_stats s = {0};

	if (v != NULL) {
		s = v->stats;
		s.alone = is_alone(v);
	}
	return s;
}
