/*
 * How right a model is: every query asked, the figures of contract.md
 * counted. Called by the subcommand `faq eval` and by tests.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "faq_tsv.h"

struct asked {
	double conf, ms;
	bool in_scope;
};

struct tally {
	struct asked *v;
	size_t n, in_scope;
	size_t answered, right, answered_in_scope;
	size_t top1, top3;
	size_t offered, offered_hit;
	size_t out_answered, out_offered;
};

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Is id one of gold's, id|id? */
static bool
is_gold(const char *gold, const char *id)
{
	size_t n = strlen(id), len;

	for (;; gold += len + 1) {
		len = strcspn(gold, "|");
		if (len == n && strncmp(gold, id, n) == 0)
			return true;
		if (gold[len] == '\0')
			return false;
	}
}

static void
count(struct tally *t, const char *gold, const struct faq_verdict *v)
{
	bool in = strcmp(gold, "-") != 0, first = false, any = false;

	for (size_t i = 0; in && i < v->n; i++) {
		bool hit = is_gold(gold, v->ids[i]);

		first |= hit && i == 0;
		any |= hit;
	}
	t->in_scope += in;
	t->top1 += first;
	t->top3 += any;
	if (v->outcome == FAQ_ANSWER) {
		t->answered++;
		t->right += first;
		t->answered_in_scope += in;
		t->out_answered += !in;
	} else if (v->outcome == FAQ_OFFER) {
		t->offered++;
		t->offered_hit += any;
		t->out_offered += !in;
	}
}

static int
conf_cmp(const void *a, const void *b)
{
	double x = ((const struct asked *)a)->conf,
	       y = ((const struct asked *)b)->conf;

	return (x > y) - (x < y);
}

static int
ms_cmp(const void *a, const void *b)
{
	double x = ((const struct asked *)a)->ms,
	       y = ((const struct asked *)b)->ms;

	return (x > y) - (x < y);
}

/* The chance that one in scope is surer than one out of it (Mann-Whitney),
 * ties half. */
static double
auroc(const struct tally *t)
{
	size_t in = t->in_scope, out = t->n - in;
	double ranks = 0;

	qsort(t->v, t->n, sizeof(*t->v), conf_cmp);
	for (size_t i = 0, j; i < t->n; i = j) {
		size_t tied = 0;

		for (j = i; j < t->n && t->v[j].conf == t->v[i].conf; j++)
			tied += t->v[j].in_scope;
		ranks += (double)tied * (double)(i + j + 1) / 2;
	}
	return (ranks - (double)in * (double)(in + 1) / 2) /
	    ((double)in * (double)out);
}

static double
share(size_t part, size_t whole)
{
	return whole > 0 ? (double)part / (double)whole : NAN;
}

/* By nearest rank, as reports do. */
static double
percentile(const struct tally *t, double p)
{
	size_t rank = (size_t)ceil(p * (double)t->n);

	return t->n > 0 ? t->v[rank > 0 ? rank - 1 : 0].ms : NAN;
}

static void
figures(const struct tally *t, struct faq_figures *out)
{
	size_t outside = t->n - t->in_scope;

	out->queries = t->n;
	out->in_scope = t->in_scope;
	out->answered = share(t->answered, t->n);
	out->right_of_answered = share(t->right, t->answered);
	out->right_of_answered_in_scope = share(t->right, t->answered_in_scope);
	out->top1 = share(t->top1, t->in_scope);
	out->top3 = share(t->top3, t->in_scope);
	out->offered = share(t->offered, t->n);
	out->hit_of_offered = share(t->offered_hit, t->offered);
	out->out_of_scope_handed_over =
	    share(outside - t->out_answered, outside);
	out->out_of_scope_offered = share(t->out_offered, outside);
	out->auroc = t->in_scope > 0 && outside > 0 ? auroc(t) : NAN;
	if (t->n > 0)
		qsort(t->v, t->n, sizeof(*t->v), ms_cmp);
	out->ms_p50 = percentile(t, 0.5);
	out->ms_p99 = percentile(t, 0.99);
}

/* A gold that the model has not got would count as wrong for ever. */
static int
check_gold(
    const struct faq *f, const struct faq_table *t, size_t i, struct err *e)
{
	const char *gold = t->rows[i].v[1];
	char id[128];
	size_t len;

	if (gold[0] == '\0')
		return faq_table_error(
		    t, i, 2, e, "a query needs an id, or - for none");
	for (;; gold += len + 1) {
		len = strcspn(gold, "|");
		if (len < sizeof(id)) {
			memcpy(id, gold, len);
			id[len] = '\0';
			if (strcmp(t->rows[i].v[1], "-") != 0 &&
			    faq_answer(f, id) == NULL)
				return faq_table_error(
				    t, i, 2, e, "there is no FAQ \"%s\"", id);
		}
		if (gold[len] == '\0')
			return 0;
	}
}

int
faq_eval(struct faq *f, const struct faq_source *queries,
    void (*each)(void *arg, const char *text, const char *gold,
	const struct faq_verdict *v),
    void *arg, struct faq_figures *out, struct err *e)
{
	const struct faq_shape shape = {2, 2};
	struct arena *a = arena_new();
	struct faq_table t = {0};
	struct tally y = {0};
	struct faq_verdict v;
	int rv = -1;

	if (faq_table_read(&t, a, queries, shape, e) == -1)
		goto out;
	for (size_t i = 0; i < t.n; i++)
		if (check_gold(f, &t, i, e) == -1)
			goto out;
	y.v = x_calloc(t.n + 1, sizeof(*y.v));
	for (; y.n < t.n; y.n++) {
		const char *const *cell = t.rows[y.n].v;
		double from = now_ms();

		faq_ask(f, cell[0], &v);
		y.v[y.n] = (struct asked){
		    v.confidence, now_ms() - from, strcmp(cell[1], "-") != 0};
		count(&y, cell[1], &v);
		if (each != NULL)
			each(arg, cell[0], cell[1], &v);
	}
	figures(&y, out);
	rv = 0;
out:
	x_free(y.v);
	faq_table_free(&t);
	arena_free(a);
	return rv;
}
