/*
 * What an import is tried on: in each fold some FAQs are hidden, whose
 * examples are then customers with a question that no FAQ answers, and some
 * examples of the others are held back. Called by faq_conf.c.
 */
#include <math.h>
#include <string.h>

#include "faq_model.h"

/* The share of FAQs that is hidden, and of the others' examples held back. */
#define HIDE  0.2
/* FAQs in a group of like ones, by the square root of how many there are.
 * Measured: alone, and confidence is too low; by 1, too high. */
#define GROUP 0.5

static uint32_t
near_faq(const struct faq_model *m, uint32_t k)
{
	return m->unit[m->near[k] >> FAQ_WEIGHT_BITS].faq;
}

static float
near_weight(const struct faq_model *m, uint32_t k)
{
	return (float)(m->near[k] & ((1u << FAQ_WEIGHT_BITS) - 1));
}

/*
 * How near every FAQ is to one: the product of their texts' sums, per
 * example, read off the neighbours' index.
 */
static void
nearness(const struct faq_model *m, const struct faq_corpus *c, uint32_t faq,
    float *sim)
{
	memset(sim, 0, c->n_faq * sizeof(*sim));
	for (size_t f = 0; f < m->n_gram; f++) {
		uint32_t from = m->near_off[f], to = m->near_off[f + 1];
		float sum = 0;

		for (uint32_t k = from; k < to; k++)
			sum += near_faq(m, k) == faq ? near_weight(m, k) : 0;
		for (uint32_t k = from; sum > 0 && k < to; k++)
			if (near_faq(m, k) != FAQ_NONE)
				sim[near_faq(m, k)] += sum * near_weight(m, k);
	}
	for (size_t q = 0; q < c->n_faq; q++)
		sim[q] /= (float)(c->examples[q] + 1);
}

struct hiding {
	const struct faq_model *m;
	const struct faq_corpus *c;
	uint32_t *order; /* FAQs that have examples */
	size_t n, left;  /* of these to hide */
	float *sim;
	bool *hidden;
};

/* The FAQ that is nearest by sim and not hidden yet. */
static uint32_t
nearest(const struct hiding *h)
{
	uint32_t best = FAQ_NONE;

	for (size_t i = 0; i < h->n; i++) {
		uint32_t q = h->order[i];

		if (!h->hidden[q] &&
		    (best == FAQ_NONE || h->sim[q] > h->sim[best]))
			best = q;
	}
	return best;
}

/* One FAQ and what is like it. A question that no FAQ answers is seldom the
 * sister of one that is there, as those of a FAQ hidden alone would be. */
static void
hide_group(struct hiding *h, uint32_t first, size_t group)
{
	nearness(h->m, h->c, first, h->sim);
	for (h->sim[first] = INFINITY; group > 0 && h->left > 0; group--) {
		h->hidden[nearest(h)] = true;
		h->left--;
	}
}

static void
hide_faqs(const struct faq_model *m, const struct faq_corpus *c, uint64_t *seed,
    bool *hidden)
{
	struct hiding h = {.m = m,
	    .c = c,
	    .order = x_calloc(c->n_faq + 1, sizeof(uint32_t)),
	    .sim = x_calloc(c->n_faq + 1, sizeof(float)),
	    .hidden = hidden};

	for (uint32_t q = 0; q < c->n_faq; q++)
		if (c->examples[q] >= FAQ_LEARN_MIN)
			h.order[h.n++] = q;
	h.left = (size_t)ceil(HIDE * (double)h.n);
	if (h.left + 2 > h.n)
		h.left = 0;
	while (h.left > 0 && h.n > 0) {
		uint32_t first = h.order[faq_random(seed) % h.n];

		if (!hidden[first])
			hide_group(
			    &h, first, 1 + (size_t)(GROUP * sqrt((double)h.n)));
	}
	x_free(h.order);
	x_free(h.sim);
}

bool
faq_chance(uint64_t *seed, double p)
{
	return (double)(faq_random(seed) >> 11) * 0x1p-53 < p;
}

static enum faq_try
what_for(const struct faq_corpus *c, size_t i, bool hide, bool hold)
{
	if (i < c->n_faq)
		return FAQ_TRY_NOT;
	if (c->faq[i] == FAQ_NONE || hide)
		return hide || hold ? FAQ_TRY_HIDDEN : FAQ_TRY_NOT;
	return hold && c->examples[c->faq[i]] >= FAQ_LEARN_MIN ? FAQ_TRY_KNOWN
							       : FAQ_TRY_NOT;
}

void
faq_hide(const struct faq_model *m, const struct faq_corpus *c, uint64_t *seed,
    enum faq_try *try, bool *use)
{
	bool *hidden = x_calloc(c->n_faq + 1, sizeof(*hidden));

	hide_faqs(m, c, seed, hidden);
	for (size_t i = 0; i < c->n; i++) {
		bool hide = c->faq[i] != FAQ_NONE && hidden[c->faq[i]];

		try[i] = what_for(c, i, hide, faq_chance(seed, HIDE));
		use[i] = try[i] == FAQ_TRY_NOT && !(i < c->n_faq && hide);
	}
	x_free(hidden);
}
