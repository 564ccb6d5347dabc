/*
 * From texts to what is learned from them: how rare each gram is, a matrix of
 * vectors, and over it the classifier and the neighbours. Called by
 * faq_compile.c and, with texts held back, by faq_conf.c.
 */
#include <math.h>
#include <string.h>

#include "faq_tsv.h"
#include "faq_model.h"

/* Classes times texts: past it learning takes minutes, and the neighbours
 * alone decide. */
#define CLASS_WORK_MAX 40e6

static bool
used(const bool *use, size_t i)
{
	return use == NULL || use[i];
}

/* Sorted, each once; returns how many are left. By radix: half a million
 * examples have tens of millions of grams. */
static size_t
hashes_sort(uint32_t *v, size_t n)
{
	enum { DIGIT = 8, SIZE = 1 << DIGIT };
	uint32_t *from = v, *to = x_calloc(n + 1, sizeof(*to)), *other = to;
	size_t kept = 0;

	for (unsigned shift = 0; shift < 32; shift += DIGIT) {
		size_t at[SIZE + 1] = {0};
		uint32_t *swap = from;

		for (size_t i = 0; i < n; i++)
			at[(from[i] >> shift) % SIZE + 1]++;
		for (size_t i = 0; i < SIZE; i++)
			at[i + 1] += at[i];
		for (size_t i = 0; i < n; i++)
			to[at[(from[i] >> shift) % SIZE]++] = from[i];
		from = to;
		to = swap;
	}
	/* an even number of passes: it is in v again */
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || v[kept - 1] != v[i])
			v[kept++] = v[i];
	x_free(other);
	return kept;
}

uint32_t
faq_hashes_find(const uint32_t *v, size_t n, uint32_t h)
{
	size_t lo = 0, hi = n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (v[mid] < h)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < n && v[lo] == h ? (uint32_t)lo : FAQ_NONE;
}

static void
fit_grams(struct faq_model *m, const struct faq_corpus *c, const bool *use)
{
	uint32_t *v = x_calloc(c->off[c->n] + 1, sizeof(*v));
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		for (size_t k = c->off[i]; used(use, i) && k < c->off[i + 1];
		     k++)
			v[n++] = c->h[k];
	n = hashes_sort(v, n);
	m->gram = x_realloc(v, n + 1, sizeof(*v));
	m->n_gram = n;
}

/* How rare each gram is, and its number into x, in the corpus's order. */
static void
fit_idf(struct faq_model *m, const struct faq_corpus *c, const bool *use,
    struct faq_matrix *x)
{
	float *idf = x_calloc(m->n_gram + 1, sizeof(*idf));
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++) {
		x->off[i + 1] = x->off[i];
		if (!used(use, i))
			continue;
		n++;
		for (size_t k = c->off[i]; k < c->off[i + 1]; k++) {
			uint32_t f =
			    faq_hashes_find(m->gram, m->n_gram, c->h[k]);

			x->f[x->off[i + 1]++] = f;
			idf[f]++;
		}
	}
	for (size_t f = 0; f < m->n_gram; f++)
		idf[f] = logf((1 + (float)n) / (1 + idf[f])) + 1;
	m->idf = idf;
	m->n_idf = m->n_gram;
}

/* A text's row: its grams weighed, of length one. */
static void
weigh(struct faq_matrix *x, const struct faq_model *m,
    const struct faq_corpus *c, size_t i)
{
	const uint8_t *tf = c->tf + c->off[i];
	float sum = 0;

	for (size_t k = x->off[i]; k < x->off[i + 1]; k++) {
		x->v[k] = (1 + logf(*tf++)) * m->idf[x->f[k]];
		sum += x->v[k] * x->v[k];
	}
	for (size_t k = x->off[i]; k < x->off[i + 1]; k++)
		x->v[k] /= sqrtf(sum);
}

static void
fit_matrix(struct faq_matrix *x, struct faq_model *m,
    const struct faq_corpus *c, const bool *use)
{
	size_t n = c->off[c->n];

	x->n = c->n;
	x->off = x_calloc(c->n + 1, sizeof(*x->off));
	x->f = x_calloc(n + 1, sizeof(*x->f));
	x->v = x_calloc(n + 1, sizeof(*x->v));
	x->y = x_calloc(c->n + 1, sizeof(*x->y));
	fit_idf(m, c, use, x);
	for (size_t i = 0; i < c->n; i++)
		weigh(x, m, c, i);
}

/* The FAQs of which enough examples are used, and the texts' classes. */
static void
fit_classes(struct faq_model *m, const struct faq_corpus *c, const bool *use,
    struct faq_matrix *x)
{
	uint32_t *class = x_calloc(c->n_faq + 1, sizeof(*class));
	uint32_t *faq = x_calloc(c->n_faq + 1, sizeof(*faq)), n = 0;

	for (size_t i = c->n_faq; i < c->n; i++)
		if (used(use, i) && c->faq[i] != FAQ_NONE)
			class[c->faq[i]]++;
	for (uint32_t q = 0; q < c->n_faq; q++) {
		bool learned = c->examples[q] >= FAQ_LEARN_MIN && class[q] > 0;

		class[q] = learned ? n : FAQ_NONE;
		if (learned)
			faq[n++] = q;
	}
	for (size_t i = 0; i < c->n; i++) {
		x->y[i] = c->faq[i] == FAQ_NONE ? FAQ_NONE : class[c->faq[i]];
		if (!used(use, i) ||
		    (c->faq[i] != FAQ_NONE && x->y[i] == FAQ_NONE))
			x->y[i] = FAQ_SKIP;
	}
	m->faq_class = class;
	m->n_faq_class = c->n_faq;
	m->class_faq = faq;
	m->n_class_faq = m->head.n_class = n;
}

void
faq_fit(struct faq_model *m, const struct faq_corpus *c, const bool *use)
{
	struct faq_unit *unit = x_calloc(c->n + 1, sizeof(*unit));
	struct faq_matrix x = {0};

	for (size_t i = 0; i < c->n; i++)
		unit[i].faq = c->faq[i];
	m->unit = unit;
	m->n_unit = c->n;
	m->head.n_unit = (uint32_t)c->n;
	m->head.n_faq = (uint32_t)c->n_faq;
	fit_grams(m, c, use);
	fit_matrix(&x, m, c, use);
	faq_near_fit(m, &x);
	fit_classes(m, c, use, &x);
	if (m->head.n_class > 1 &&
	    (double)m->head.n_class * (double)c->n <= CLASS_WORK_MAX)
		faq_class_fit(m, &x);
	x_free(x.off);
	x_free(x.f);
	x_free(x.v);
	x_free(x.y);
}
