/*
 * Nearest neighbours by cosine over the same vectors, through an inverted
 * index. Called by faq_fit.c and faq_guess.c. A weight is 12 bits beside the
 * unit's 20, so that half a million examples are a hundred megabytes.
 */
#include <string.h>

#include "faq_model.h"

enum {
	WEIGHT_MAX = (1 << FAQ_WEIGHT_BITS) - 1,
	/* postings read for one question, rarest features first: what is left
	   out is in every other text anyway, and the figures are the same
	   from here to all of them */
	READ_MAX = 120000
};

void
faq_near_fit(struct faq_model *m, const struct faq_matrix *x)
{
	size_t grams = m->n_gram, n = x->off[x->n];
	uint32_t *off = x_calloc(grams + 1, sizeof(*off));
	uint32_t *at = x_calloc(grams + 1, sizeof(*at));
	uint32_t *p = x_calloc(n + 1, sizeof(*p));

	for (size_t k = 0; k < n; k++)
		off[x->f[k] + 1]++;
	for (size_t f = 0; f < grams; f++)
		off[f + 1] += off[f];
	memcpy(at, off, (grams + 1) * sizeof(*at));
	for (size_t i = 0; i < x->n; i++)
		for (size_t k = x->off[i]; k < x->off[i + 1]; k++)
			p[at[x->f[k]]++] = (uint32_t)i << FAQ_WEIGHT_BITS |
			    (uint32_t)(x->v[k] * WEIGHT_MAX + 0.5f);
	x_free(at);
	m->near_off = off;
	m->n_near_off = grams + 1;
	m->near = p;
	m->n_near = n;
}

static void
add_feature(
    const struct faq_model *m, struct faq_scratch *s, uint32_t f, float v)
{
	v /= WEIGHT_MAX;
	for (uint32_t k = m->near_off[f]; k < m->near_off[f + 1]; k++) {
		uint32_t unit = m->near[k] >> FAQ_WEIGHT_BITS;

		if (s->acc[unit] == 0)
			s->touched[s->n_touched++] = unit;
		s->acc[unit] += v * (float)(m->near[k] & WEIGHT_MAX) + 1e-20f;
	}
}

/* Take the best out of what was touched, and leave acc as it was: zero. */
static size_t
take_hits(struct faq_scratch *s, struct faq_near_hit *hits)
{
	size_t n = 0, i;

	for (size_t t = 0; t < s->n_touched; t++) {
		uint32_t unit = s->touched[t];
		float cos = s->acc[unit];

		s->acc[unit] = 0;
		if (n == FAQ_NEAR && cos <= hits[n - 1].cos)
			continue;
		i = n < FAQ_NEAR ? n++ : n - 1;
		for (; i > 0 && hits[i - 1].cos < cos; i--)
			hits[i] = hits[i - 1];
		hits[i] = (struct faq_near_hit){unit, cos};
	}
	s->n_touched = 0;
	return n;
}

size_t
faq_near_ask(const struct faq_model *m, struct faq_scratch *s,
    const struct faq_vec *q, struct faq_near_hit *hits)
{
	size_t total = 0, read = 0;
	uint32_t most = UINT32_MAX;

	for (size_t k = 0; k < q->n; k++)
		total += m->near_off[q->f[k] + 1] - m->near_off[q->f[k]];
	/* halve the longest list that is read until it is few enough */
	while (total > READ_MAX) {
		most = most == UINT32_MAX ? m->head.n_unit : most / 2;
		total = 0;
		for (size_t k = 0; k < q->n; k++) {
			uint32_t len =
			    m->near_off[q->f[k] + 1] - m->near_off[q->f[k]];

			total += len <= most ? len : 0;
		}
	}
	for (size_t k = 0; k < q->n; k++) {
		uint32_t len = m->near_off[q->f[k] + 1] - m->near_off[q->f[k]];

		if (len <= most && (read += len) <= READ_MAX)
			add_feature(m, s, q->f[k], q->v[k]);
	}
	return take_hits(s, hits);
}
