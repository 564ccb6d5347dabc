/*
 * The classifier: softmax over the FAQs that have examples, learned by
 * AdaGrad (Duchi, Hazan, Singer 2011), kept as bytes with a scale per row.
 * Called by faq_fit.c and faq_guess.c.
 */
#include <math.h>
#include <string.h>

#include "faq_model.h"

/* Measured on the development sets: 3 to 5 passes are the same within noise,
 * small sets want more. */
enum { PASSES = 5, PASSES_SMALL = 15, SMALL = 4000 };
#define RATE  0.5f
#define QUIET 1e-4f /* a gradient that moves nothing */

struct trainer {
	const struct faq_matrix *x;
	const uint32_t *row; /* of a gram */
	size_t n_class, stride;
	float *w, *sum; /* rows of stride: weights, squared gradients */
	float *p;
	uint32_t *active; /* classes whose gradient counts */
};

static void
softmax(float *z, size_t n)
{
	float most = z[0], sum = 0;

	for (size_t c = 1; c < n; c++)
		most = z[c] > most ? z[c] : most;
	for (size_t c = 0; c < n; c++)
		sum += z[c] = expf(z[c] - most);
	for (size_t c = 0; c < n; c++)
		z[c] /= sum;
}

static void
score(const struct trainer *t, size_t i)
{
	memset(t->p, 0, t->stride * sizeof(*t->p));
	for (size_t k = t->x->off[i]; k < t->x->off[i + 1]; k++) {
		uint32_t r = t->row[t->x->f[k]];
		float v = t->x->v[k];
		const float *w;

		if (r == FAQ_NONE)
			continue;
		w = t->w + r * t->stride;
		/* blocks of a fixed length become vector instructions */
		for (size_t c = 0; c < t->stride; c += FAQ_LANES)
			for (size_t j = 0; j < FAQ_LANES; j++)
				t->p[c + j] += v * w[c + j];
	}
	softmax(t->p, t->n_class);
}

/* The gradient into p, its noteworthy classes into active. */
static size_t
gradient(const struct trainer *t, uint32_t y)
{
	float even = 1.0f / (float)t->n_class;
	size_t n = 0;

	for (uint32_t c = 0; c < t->n_class; c++) {
		t->p[c] -= y == FAQ_NONE ? even : (float)(c == y);
		if (fabsf(t->p[c]) > QUIET)
			t->active[n++] = c;
	}
	return n;
}

static void
learn(const struct trainer *t, size_t i)
{
	size_t n;

	score(t, i);
	n = gradient(t, t->x->y[i]);
	for (size_t k = t->x->off[i]; k < t->x->off[i + 1]; k++) {
		uint32_t r = t->row[t->x->f[k]];
		float v = t->x->v[k], *w, *sum;

		if (r == FAQ_NONE)
			continue;
		w = t->w + r * t->stride;
		sum = t->sum + r * t->stride;
		for (size_t a = 0; a < n; a++) {
			uint32_t c = t->active[a];
			float g = t->p[c] * v;

			sum[c] += g * g;
			w[c] -= RATE * g / sqrtf(sum[c] + 1e-12f);
		}
	}
}

static void
shuffle(size_t *order, size_t n, uint64_t *seed)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = faq_random(seed) % i, swap = order[i - 1];

		order[i - 1] = order[j];
		order[j] = swap;
	}
}

static void
train(struct trainer *t)
{
	size_t *order = x_calloc(t->x->n + 1, sizeof(*order)), n = 0, passes;
	uint64_t seed = 20; /* any: the same import gives the same model */

	for (size_t i = 0; i < t->x->n; i++)
		if (t->x->y[i] != FAQ_SKIP)
			order[n++] = i;
	for (passes = n < SMALL ? PASSES_SMALL : PASSES; passes > 0; passes--) {
		shuffle(order, n, &seed);
		for (size_t i = 0; i < n; i++)
			learn(t, order[i]);
	}
	x_free(order);
}

/*
 * Which grams get a row of weights: those seen often enough that rows times
 * stride stay within WEIGHTS_MAX; returns how many.
 */
enum { WEIGHTS_MAX = 1 << 25 };

static size_t
choose_rows(
    uint32_t *row, size_t grams, const struct faq_matrix *x, size_t stride)
{
	uint32_t *df = x_calloc(grams, sizeof(*df));
	size_t n = 0;

	for (size_t i = 0; i < x->n; i++)
		for (size_t k = x->off[i];
		     x->y[i] != FAQ_SKIP && k < x->off[i + 1]; k++)
			df[x->f[k]]++;
	for (uint32_t least = 1;; least *= 2) {
		n = 0;
		for (size_t f = 0; f < grams; f++)
			row[f] = df[f] >= least ? (uint32_t)n++ : FAQ_NONE;
		if (n * stride <= WEIGHTS_MAX)
			break;
	}
	x_free(df);
	return n;
}

static void
quantise(struct faq_model *m, const float *w, size_t rows, size_t stride)
{
	int8_t *q = x_calloc(rows * stride + 1, 1);
	float *scale = x_calloc(rows + 1, sizeof(*scale));

	for (size_t r = 0; r < rows; r++) {
		float most = 0;

		for (size_t c = 0; c < stride; c++)
			most = fmaxf(most, fabsf(w[r * stride + c]));
		scale[r] = most / 127;
		for (size_t c = 0; c < stride && most > 0; c++)
			q[r * stride + c] =
			    (int8_t)lrintf(w[r * stride + c] / scale[r]);
	}
	m->class_w = q;
	m->n_class_w = rows * stride;
	m->class_scale = scale;
	m->n_class_scale = rows;
}

void
faq_class_fit(struct faq_model *m, const struct faq_matrix *x)
{
	size_t n = m->head.n_class,
	       stride = (n + FAQ_LANES - 1) / FAQ_LANES * FAQ_LANES;
	size_t grams = m->n_gram;
	uint32_t *row = x_calloc(grams, sizeof(*row));
	size_t rows = choose_rows(row, grams, x, stride);
	struct trainer t = {.x = x,
	    .row = row,
	    .n_class = n,
	    .stride = stride,
	    .w = x_calloc(rows * stride + 1, sizeof(float)),
	    .sum = x_calloc(rows * stride + 1, sizeof(float)),
	    .p = x_calloc(stride + 1, sizeof(float)),
	    .active = x_calloc(n + 1, sizeof(uint32_t))};

	train(&t);
	m->head.stride = (uint32_t)stride;
	m->class_row = row;
	m->n_class_row = grams;
	quantise(m, t.w, rows, stride);
	x_free(t.w);
	x_free(t.sum);
	x_free(t.p);
	x_free(t.active);
}

void
faq_class_ask(const struct faq_model *m, const struct faq_vec *q, float *p)
{
	size_t stride = m->head.stride;

	memset(p, 0, stride * sizeof(*p));
	for (size_t k = 0; k < q->n; k++) {
		uint32_t r = m->class_row[q->f[k]];
		const int8_t *w;
		float v;

		if (r == FAQ_NONE)
			continue;
		w = m->class_w + r * stride;
		v = q->v[k] * m->class_scale[r];
		for (size_t c = 0; c < stride; c += FAQ_LANES)
			for (size_t j = 0; j < FAQ_LANES; j++)
				p[c + j] += v * (float)w[c + j];
	}
	softmax(p, m->head.n_class);
}
