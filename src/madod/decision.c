/* A verdict as JSON: see decision.h. */
#include "decision.h"

/* Six digits are more than any threshold tells. */
static void
add_number(struct buf *b, const char *name, double x)
{
	json_put_key(b, name);
	buf_printf(b, "%.6g", x);
}

static void
add_picks(struct buf *b, const struct bot_guess *g)
{
	json_put_key(b, "picks");
	buf_putc(b, '[');
	for (size_t i = 0; i < g->n; i++) {
		buf_puts(b, i > 0 ? ",{" : "{");
		json_add_str(b, "id", g->picks[i].id);
		json_add_str(b, "question", g->picks[i].question);
		add_number(b, "score", g->picks[i].score);
		buf_putc(b, '}');
	}
	buf_putc(b, ']');
}

static void
add_guess(struct buf *b, const struct bot_guess *g)
{
	json_add_str(b, "engine", g->why);
	add_number(b, "confidence", g->confidence);
	add_number(b, "answer_at", g->answer_at);
	add_number(b, "offer_at", g->offer_at);
	add_picks(b, g);
	json_put_key(b, "signals");
	buf_putc(b, '{');
	for (size_t i = 0; i < g->n_signals; i++)
		add_number(b, g->signals[i].name, g->signals[i].value);
	buf_putc(b, '}');
}

static void
add_advice(struct buf *b, const struct advice *w)
{
	json_put_key(b, "adviser");
	buf_putc(b, '{');
	json_add_str(b, "error", w->error);
	json_add_str(b, "intent", w->intent);
	if (w->confidence >= 0)
		add_number(b, "confidence", w->confidence);
	json_put_key(b, "cites");
	buf_putc(b, '[');
	for (size_t i = 0; i < w->cites.n; i++) {
		buf_puts(b, i > 0 ? "," : "");
		json_put_str(b, w->cites.v[i]);
	}
	buf_putc(b, ']');
	json_add_int(b, "ms", w->ms);
	buf_putc(b, '}');
}

void
decision_json(
    struct buf *b, const struct bot_verdict *v, const struct bot_guess *g)
{
	buf_putc(b, '{');
	json_add_str(b, "outcome", bot_outcome_names[v->outcome]);
	json_add_str(b, "by", bot_by_names[v->by]);
	json_add_str(b, "why", v->why);
	json_add_str(b, "rule", v->rule);
	json_add_str(b, "faq", v->faq);
	if (g != NULL)
		add_guess(b, g);
	if (v->advice != NULL)
		add_advice(b, v->advice);
	if (v->suggestion != NULL)
		json_add_str(b, "answer", v->suggestion);
	buf_putc(b, '}');
}
