/*
 * The bot's reasons, what people say of them, and the FAQs: thin hands between
 * the wire and the store, the acts or the thinker.
 */
#include "api.h"
#include "q.h"
#include "q_bot.h"
#include "think.h"

static void
no_such(struct call *c, const char *what, const char *which)
{
	struct err e = {0};

	err_set(&e, ERR_NOTFOUND, "there is no %s %s", what, which);
	call_err(c, &e);
}

void
api_why(struct call *c)
{
	struct msg *m =
	    q_msg(c->m->db, c->mem, q_msg_id(c->m->db, c->params[0]));
	struct buf b = {0};

	if (m == NULL) {
		no_such(c, "message", c->params[0]);
		return;
	}
	call_stamp(c, &b);
	json_put_key(&b, "message");
	json_encode(&b, &msg_json, m);
	json_put_key(&b, "why");
	if (!q_why(c->m->db, &b, m->order))
		buf_puts(&b, "null");
	buf_putc(&b, '}');
	call_ok(c, 200, &b);
	buf_free(&b);
}

/* A judgement that names a FAQ waits for the thinker to know it. */
struct judging {
	struct call *c;
	char *channel;
};

static void
judge_done(struct act *a)
{
	const struct judge_in *in = a->in;
	struct verb_out *out = a->out;
	struct call *c = a->arg;
	struct buf b = {0};

	if (a->err.code != ERR_NONE) {
		call_err(c, &a->err);
		return;
	}
	call_stamp(c, &b);
	json_put_key(&b, "why");
	if (!q_why(c->m->db, &b, out->message))
		buf_puts(&b, "null");
	json_add_str(&b, "answer", in->answer);
	buf_putc(&b, '}');
	call_ok(c, 200, &b);
	buf_free(&b);
}

static void
judge_put(struct call *c, const char *answer)
{
	struct act *a = call_act(c, act_judge, judge_done);
	struct judge_in *in = arena_new_of(a->mem, struct judge_in);

	in->uid = arena_strdup(a->mem, c->params[0]);
	in->answer = arena_strdup(a->mem, answer);

	a->in = in;
	a->out = arena_new_of(a->mem, struct verb_out);
	writer_put(c->m->writer, a);
}

static void
judge_known(void *arg, const struct bot_guess *g)
{
	struct judging *j = arg;

	if (g == NULL || g->n == 0)
		no_such(j->c, "FAQ", json_str(j->c->args, "faq", ""));
	else
		judge_put(j->c, g->picks[0].answer);
	x_free(j->channel);
	x_free(j);
}

void
api_judge(struct call *c)
{
	const char *faq = json_str(c->args, "faq", NULL);
	struct judging *j;

	if (faq == NULL) {
		judge_put(c, NULL);
		return;
	}
	j = x_new(struct judging);
	j->channel = sql_get_text(c->m->db,
	    "SELECT i.channel FROM message m JOIN identity i ON i.id=m.identity"
	    " WHERE m.uid=?1",
	    "s", c->params[0]);
	if (j->channel == NULL) {
		x_free(j);
		no_such(c, "message", c->params[0]);
		return;
	}
	j->c = call_keep(c);
	think_entry(c->m->thinker, j->channel, faq, judge_known, j);
}

static void
faqs_told(void *arg, struct buf *list)
{
	struct call *c = arg;
	struct buf b = {0};

	buf_puts(&b, "{\"faqs\":");
	buf_add(&b, list->p, list->n);
	buf_putc(&b, '}');
	call_ok(c, 200, &b);
	buf_free(&b);
}

void
api_faqs(struct call *c)
{
	think_list(c->m->thinker, httpd_query(c->r, "channel"), faqs_told,
	    call_keep(c));
}

void
api_lessons(struct call *c)
{
	struct buf b = {0};
	int64_t state;

	if (!call_int(c, "state", 0, 0, 2, &state))
		return;
	call_stamp(c, &b);
	json_put_key(&b, "lessons");
	q_lessons(c->m->db, &b, httpd_query(c->r, "channel"), state);
	buf_putc(&b, '}');
	call_ok(c, 200, &b);
	buf_free(&b);
}

void
api_review(struct call *c)
{
	writer_put(c->m->writer, call_act(c, act_review, call_act_done));
}

static void
reload_done(void *arg, const struct err *e)
{
	struct call *c = arg;

	if (e->code != ERR_NONE)
		call_err(c, e);
	else
		call_empty(c);
}

void
api_faq_reload(struct call *c)
{
	think_reload(c->m->thinker, reload_done, call_keep(c));
}
