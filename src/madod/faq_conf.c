/*
 * Confidence: a logistic over signals, fitted at import by hiding whole
 * intents: their examples are the customers whose question has no FAQ, which
 * held-back examples of known intents alone know nothing of (measured: aimed
 * at .90, got .55 on a live shop's questions). Then the thresholds that reach
 * FAQ_TARGET. Called by faq_compile.c.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "faq_model.h"

enum {
	TRIES_MAX = 4000, /* of one fold */
	TRIES_MIN = 40,   /* fewer fit nothing */
	STEPS_MAX = 5
};
/* Questions without a FAQ for one that has one. The fit needs enough of them;
 * the thresholds assume one in six: shops' logs have anything from a few in a
 * hundred to more than half. */
#define FIT_ODDS 0.5
#define OUT_ODDS 0.2
/* Rather right than wrong, where OUT_ODDS of wrong ones are there for FIT_ODDS
 * in the fit: what is not is never answered, however good the rest. */
#define LEAST    (OUT_ODDS / (OUT_ODDS + FIT_ODDS))
/* The target is to hold though the tries were lucky by so many steps of half a
 * standard error, as few examples prove little; by fewer where they prove that
 * of no threshold. */
#define STEP     0.5

/* How often to try: few examples say little each time. */
static const struct {
	size_t examples;
	int folds;
} folds[] = {{1000, 15}, {4000, 5}, {SIZE_MAX, 2}};

struct trial {
	struct faq_tries t;
	size_t cap;
	size_t n_known, n_hidden;
	bool *is_hidden;
};

static void
add_try(struct trial *r, const struct faq_guess *g, bool right, bool hidden)
{
	struct faq_tries *t = &r->t;

	if (t->n == r->cap) {
		r->cap = r->cap * 2 + 1024;
		t->x = x_realloc(t->x, r->cap * t->k, sizeof(*t->x));
		t->w = x_realloc(t->w, r->cap, sizeof(*t->w));
		t->y = x_realloc(t->y, r->cap, sizeof(*t->y));
		r->is_hidden =
		    x_realloc(r->is_hidden, r->cap, sizeof(*r->is_hidden));
	}
	memcpy(t->x + t->n * t->k, g->x, t->k * sizeof(*t->x));
	t->y[t->n] = right;
	r->is_hidden[t->n++] = hidden;
	r->n_known += !hidden;
	r->n_hidden += hidden;
}

static void
try_fold(const struct faq_model *all, const struct faq_corpus *c,
    uint64_t *seed, struct trial *r)
{
	enum faq_try *try = x_calloc(c->n + 1, sizeof(*try));
	bool *use = x_calloc(c->n + 1, sizeof(*use));
	struct faq_model m = {0};
	struct faq_scratch s;
	struct faq_guess g;
	size_t n = 0;
	double keep;

	faq_hide(all, c, seed, try, use);
	faq_fit(&m, c, use);
	faq_scratch_init(&s, &m);
	for (size_t i = 0; i < c->n; i++)
		n += try[i] != FAQ_TRY_NOT;
	keep = n > TRIES_MAX ? (double)TRIES_MAX / (double)n : 1;
	for (size_t i = 0; i < c->n; i++)
		if (try[i] != FAQ_TRY_NOT && faq_chance(seed, keep) &&
		    faq_guess_learned(&m, &s, c->text[i], &g))
			add_try(r, &g,
			    try[i] == FAQ_TRY_KNOWN && g.top[0] == c->faq[i],
			    try[i] == FAQ_TRY_HIDDEN);
	faq_scratch_free(&s);
	faq_model_free(&m);
	x_free(try);
	x_free(use);
}

/* --- thresholds */

struct scored {
	double conf, w;
	bool right;
};

static int
scored_cmp(const void *a, const void *b)
{
	double x = ((const struct scored *)a)->conf,
	       y = ((const struct scored *)b)->conf;

	return (x < y) - (x > y);
}

/*
 * The least confidence from which on FAQ_TARGET of the tries are right, by
 * `sure` standard errors; more than 1 when none is. An example was tried `each`
 * times, which prove no more than one. report gets the shares.
 */
static double
threshold(const struct scored *v, size_t n, double sure, double each,
    struct faq_report *report)
{
	double at = 2, w = 0, right = 0, all = 0, p;

	for (size_t i = 0; i < n; i++)
		all += v[i].w;
	for (size_t i = 0; i < n && v[i].conf >= LEAST; i++) {
		w += v[i].w;
		right += v[i].right ? v[i].w : 0;
		p = right / (w + 1); /* one more was wrong */
		if (p - sure * sqrt(p * (1 - p) * each / w) < FAQ_TARGET)
			continue;
		at = v[i].conf;
		report->answered = w / all;
		report->right = right / w;
	}
	return at;
}

/* An offer of three costs the customer little: worth it from where one in
 * this many is right at its first place. */
#define OFFER_TARGET 0.25

static void
set_thresholds(struct faq_model *m, const struct trial *r, double each,
    struct faq_report *report)
{
	const struct faq_tries *t = &r->t;
	struct scored *v = x_calloc(t->n + 1, sizeof(*v));

	for (size_t i = 0; i < t->n; i++)
		v[i] = (struct scored){
		    faq_logit_ask(&m->head.learned, t->x + i * t->k, t->k),
		    t->w[i] * (r->is_hidden[i] ? OUT_ODDS / FIT_ODDS : 1),
		    t->y[i]};
	qsort(v, t->n, sizeof(*v), scored_cmp);
	m->head.answer_at = 2;
	for (int k = STEPS_MAX; k >= 0 && m->head.answer_at > 1; k--)
		m->head.answer_at = threshold(v, t->n, k * STEP, each, report);
	m->head.offer_at = fmin(OFFER_TARGET, m->head.answer_at);
	x_free(v);
}

/* Nothing to try it on: all FAQs are found by their own texts, of which the
 * few examples are some. */
static void
unlearn(struct faq_model *m)
{
	uint32_t *class = x_calloc(m->n_faq_class + 1, sizeof(*class));

	memset(class, 0xff, m->n_faq_class * sizeof(*class));
	x_free((void *)m->faq_class);
	m->faq_class = class;
	m->head.n_class = 0;
	m->n_class_faq = m->n_class_w = m->n_class_scale = m->n_class_row = 0;
}

void
faq_conf_fit(
    struct faq_model *m, const struct faq_corpus *c, struct faq_report *report)
{
	struct trial r = {.t.k = CONF_LEARNED};
	size_t f = 0;
	uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);
	size_t n = c->n - c->n_faq;

	report->answered = report->right = NAN;
	while (n > folds[f].examples)
		f++;
	for (int i = 0; i < folds[f].folds && m->head.n_class > 3; i++)
		try_fold(m, c, &seed, &r);
	if (r.n_known >= TRIES_MIN && r.n_hidden >= TRIES_MIN) {
		double even = (double)r.n_known / (double)r.n_hidden;

		for (size_t i = 0; i < r.t.n; i++)
			r.t.w[i] = r.is_hidden[i] ? even * FIT_ODDS : 1;
		faq_logit_fit(&m->head.learned, &r.t);
		set_thresholds(
		    m, &r, fmax(1, (double)r.t.n / (double)n), report);
		m->head.fitted = 1;
	} else
		unlearn(m);
	x_free(r.t.x);
	x_free(r.t.w);
	x_free(r.t.y);
	x_free(r.is_hidden);
}
