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
	FOLDS = 5,
	FOLDS_ALL_MAX = 4000, /* examples; above one fold says enough */
	TRIES_MAX = 6000,     /* of one fold */
	TRIES_MIN = 40,       /* fewer fit nothing */
	STEPS = 30            /* of Newton's method */
};
#define HIDE     0.2 /* share of intents, and of the others' examples */
#define RIDGE    1.0
/* For two questions with a FAQ one without is assumed: what is hidden is next
 * to what is not, most of what customers ask beside the FAQs is farther. */
#define OUT_ODDS 0.5

/* --- the logistic */

double
faq_logit_ask(const struct faq_logit *l, const double *x, size_t n)
{
	double z = l->w[CONF_MAX - 1];

	for (size_t i = 0; i < n; i++)
		z += l->w[i] * (x[i] - l->mean[i]) / l->scale[i];
	return 1 / (1 + exp(-z));
}

static void
standardise(struct faq_logit *l, const struct faq_tries *t)
{
	double w = 0;

	for (size_t i = 0; i < t->n; i++)
		w += t->w[i];
	for (size_t j = 0; j < t->k; j++) {
		double sum = 0, sq = 0;

		for (size_t i = 0; i < t->n; i++)
			sum += t->w[i] * t->x[i * t->k + j];
		l->mean[j] = sum / w;
		for (size_t i = 0; i < t->n; i++) {
			double d = t->x[i * t->k + j] - l->mean[j];

			sq += t->w[i] * d * d;
		}
		l->scale[j] = fmax(sqrt(sq / w), 1e-6);
	}
}

/* Solve a x = b for a symmetric positive a of n + 1 columns, b the last. */
static void
solve(double a[CONF_MAX][CONF_MAX + 1], size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t r = 0; r < n; r++) {
			double q = a[r][i] / a[i][i];

			for (size_t c = i; r != i && c <= n; c++)
				a[r][c] -= q * a[i][c];
		}
	for (size_t i = 0; i < n; i++)
		a[i][n] /= a[i][i];
}

static void
newton(struct faq_logit *l, const struct faq_tries *t)
{
	double a[CONF_MAX][CONF_MAX + 1] = {0}, z[CONF_MAX];
	size_t n = t->k + 1;

	for (size_t j = 0; j < t->k; j++) {
		a[j][j] = RIDGE;
		a[j][n] = -RIDGE * l->w[j];
	}
	a[n - 1][n - 1] = 1e-6;
	for (size_t i = 0; i < t->n; i++) {
		double p = faq_logit_ask(l, t->x + i * t->k, t->k);
		double g = t->w[i] * ((double)t->y[i] - p);
		double h = t->w[i] * fmax(p * (1 - p), 1e-6);

		for (size_t j = 0; j < t->k; j++)
			z[j] = (t->x[i * t->k + j] - l->mean[j]) / l->scale[j];
		z[t->k] = 1;
		for (size_t r = 0; r < n; r++) {
			for (size_t c = 0; c < n; c++)
				a[r][c] += h * z[r] * z[c];
			a[r][n] += g * z[r];
		}
	}
	solve(a, n);
	for (size_t j = 0; j < t->k; j++)
		l->w[j] += fmax(-1, fmin(1, a[j][n]));
	l->w[CONF_MAX - 1] += fmax(-1, fmin(1, a[t->k][n]));
}

void
faq_logit_fit(struct faq_logit *l, const struct faq_tries *t)
{
	*l = (struct faq_logit){0};
	standardise(l, t);
	for (int i = 0; i < STEPS; i++)
		newton(l, t);
}

/* --- trying, with intents hidden */

static bool
chance(uint64_t *s, double p)
{
	return (double)(faq_random(s) >> 11) * 0x1p-53 < p;
}

enum try { TRY_NOT, TRY_KNOWN, TRY_HIDDEN };

/* Which FAQs are hidden this time: a fifth of those that have examples. */
static void
hide_faqs(const struct faq_corpus *c, uint64_t *seed, bool *hidden)
{
	uint32_t *order = x_calloc(c->n_faq + 1, sizeof(*order));
	size_t n = 0, most;

	memset(hidden, 0, c->n_faq * sizeof(*hidden));
	for (uint32_t q = 0; q < c->n_faq; q++)
		if (c->examples[q] >= FAQ_LEARN_MIN)
			order[n++] = q;
	most = (size_t)ceil(HIDE * (double)n);
	for (size_t i = 0; i < most && n - i > 2; i++) {
		size_t j = i + faq_random(seed) % (n - i);
		uint32_t q = order[j];

		order[j] = order[i];
		hidden[q] = true;
	}
	x_free(order);
}

/* What each text is in this fold: to learn from, or to try and how. */
static void
split(const struct faq_corpus *c, uint64_t *seed, uint8_t *try, bool *use)
{
	bool *hidden = x_calloc(c->n_faq + 1, sizeof(*hidden));

	hide_faqs(c, seed, hidden);
	for (size_t i = 0; i < c->n; i++) {
		uint32_t q = c->faq[i];
		bool hide = q != FAQ_NONE && hidden[q];
		bool hold = i >= c->n_faq && chance(seed, HIDE);

		try[i] = TRY_NOT;
		if (i < c->n_faq)
			use[i] = !hide;
		else if (q == FAQ_NONE || hide)
			try[i] = hide || hold ? TRY_HIDDEN : TRY_NOT;
		else if (hold && c->examples[q] >= FAQ_LEARN_MIN)
			try[i] = TRY_KNOWN;
		if (i >= c->n_faq)
			use[i] = try[i] == TRY_NOT;
	}
	x_free(hidden);
}

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
try_fold(const struct faq_corpus *c, uint64_t *seed, struct trial *r)
{
	uint8_t *try = x_calloc(c->n + 1, sizeof(*try));
	bool *use = x_calloc(c->n + 1, sizeof(*use));
	struct faq_model m = {0};
	struct faq_scratch s;
	struct faq_guess g;
	size_t n = 0;
	double keep;

	split(c, seed, try, use);
	faq_fit(&m, c, use);
	faq_scratch_init(&s, &m);
	for (size_t i = 0; i < c->n; i++)
		n += try[i] != TRY_NOT;
	keep = n > TRIES_MAX ? (double)TRIES_MAX / (double)n : 1;
	for (size_t i = 0; i < c->n; i++)
		if (try[i] != TRY_NOT && chance(seed, keep) &&
		    faq_guess_learned(&m, &s, c->text[i], &g))
			add_try(r, &g,
			    try[i] == TRY_KNOWN && g.top[0] == c->faq[i],
			    try[i] == TRY_HIDDEN);
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
 * The least confidence from which on `target` of the tries are right; more
 * than 1 when none is. report gets the shares when not NULL.
 */
static double
threshold(
    const struct scored *v, size_t n, double target, struct faq_report *report)
{
	double at = 2, w = 0, right = 0, all = 0;

	for (size_t i = 0; i < n; i++)
		all += v[i].w;
	for (size_t i = 0; i < n; i++) {
		w += v[i].w;
		right += v[i].right ? v[i].w : 0;
		/* one wrong try more than was seen: few prove little */
		if (right / (w + 1) < target)
			continue;
		at = v[i].conf;
		if (report != NULL) {
			report->answered = w / all;
			report->right = right / w;
		}
	}
	return at;
}

/* An offer of three costs the customer little: worth it from where one in
 * this many is right at its first place. */
#define OFFER_TARGET 0.25

static void
set_thresholds(
    struct faq_model *m, const struct trial *r, struct faq_report *report)
{
	const struct faq_tries *t = &r->t;
	struct scored *v = x_calloc(t->n + 1, sizeof(*v));

	for (size_t i = 0; i < t->n; i++)
		v[i] = (struct scored){
		    faq_logit_ask(&m->head.learned, t->x + i * t->k, t->k),
		    t->w[i], t->y[i]};
	qsort(v, t->n, sizeof(*v), scored_cmp);
	m->head.answer_at = threshold(v, t->n, FAQ_TARGET, report);
	m->head.offer_at = fmin(OFFER_TARGET, m->head.answer_at);
	x_free(v);
}

void
faq_conf_fit(
    struct faq_model *m, const struct faq_corpus *c, struct faq_report *report)
{
	struct trial r = {.t.k = CONF_LEARNED};
	int folds = c->n - c->n_faq <= FOLDS_ALL_MAX ? FOLDS : 1;
	uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);

	report->answered = report->right = NAN;
	for (int i = 0; i < folds && m->head.n_class > 3; i++)
		try_fold(c, &seed, &r);
	if (r.n_known >= TRIES_MIN && r.n_hidden >= TRIES_MIN) {
		double even = (double)r.n_known / (double)r.n_hidden;

		for (size_t i = 0; i < r.t.n; i++)
			r.t.w[i] = r.is_hidden[i] ? even * OUT_ODDS : 1;
		faq_logit_fit(&m->head.learned, &r.t);
		set_thresholds(m, &r, report);
		m->head.fitted = 1;
	}
	x_free(r.t.x);
	x_free(r.t.w);
	x_free(r.t.y);
	x_free(r.is_hidden);
}
