/*
 * Retrieval from the FAQs' own texts, for those that nobody has given
 * examples of: BM25 (Robertson, Zaragoza 2009) over tokens of question and
 * answer, then reordered by how much of each is in the other. Called by
 * faq_compile.c and faq_guess.c.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "faq_tsv.h"
#include "faq_model.h"

/* k1 and b are the usual ones; an answer is long and repeats itself. */
#define K1       1.2f
#define K1_ANS   2.0f
#define LENGTH   0.75f
#define ANS_PART 0.6f
enum { COUNT_MAX = 60000 };

/* One token of one unit, before they are sorted. */
struct pair {
	uint32_t word; /* hash, then number */
	struct faq_posting p;
};

struct pairs {
	struct pair *v;
	size_t n, cap;
};

static void
add_tokens(struct pairs *ps, const struct faq_bag *bag, uint32_t unit,
    bool answer, uint32_t *len)
{
	for (size_t i = 0; i < bag->n; i++) {
		uint16_t tf =
		    bag->tf[i] < COUNT_MAX ? (uint16_t)bag->tf[i] : COUNT_MAX;

		if (ps->n == ps->cap) {
			ps->cap = ps->cap * 2 + 1024;
			ps->v = x_realloc(ps->v, ps->cap, sizeof(*ps->v));
		}
		ps->v[ps->n++] = (struct pair){faq_gram_hash(bag->h[i]),
		    {unit, answer ? 0 : tf, answer ? tf : 0}};
		*len += tf;
	}
}

static int
pair_cmp(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->word != y->word)
		return x->word < y->word ? -1 : 1;
	return (x->p.unit > y->p.unit) - (x->p.unit < y->p.unit);
}

/* Sort, and make one of a token's two fields in a unit. */
static void
merge_pairs(struct pairs *ps)
{
	size_t n = 0;

	if (ps->n > 0)
		qsort(ps->v, ps->n, sizeof(*ps->v), pair_cmp);
	for (size_t i = 0; i < ps->n; i++) {
		struct pair *last = n > 0 ? &ps->v[n - 1] : NULL;

		if (last != NULL && pair_cmp(last, &ps->v[i]) == 0) {
			last->p.q += ps->v[i].p.q;
			last->p.a += ps->v[i].p.a;
		} else
			ps->v[n++] = ps->v[i];
	}
	ps->n = n;
}

/*
 * Questions, and of examples as many as tell a FAQ's words from another's:
 * those that the classifier has learned are here so that FAQs without
 * examples do not win by being alone with a word.
 */
enum { EXAMPLES_MAX = 10 };

static void
choose_texts(bool *indexed, const struct faq_corpus *c)
{
	uint32_t *n = x_calloc(c->n_faq + 1, sizeof(*n));

	for (size_t i = 0; i < c->n; i++)
		indexed[i] = i < c->n_faq ||
		    (c->faq[i] != FAQ_NONE && n[c->faq[i]]++ < EXAMPLES_MAX);
	x_free(n);
}

static void
read_units(struct pairs *ps, struct faq_model *m, const struct faq_corpus *c,
    struct faq_unit *unit)
{
	bool *indexed = x_calloc(c->n + 1, sizeof(*indexed));
	struct faq_bag bag = {0};
	double q_sum = 0, a_sum = 0;
	uint32_t len, n = 0;

	choose_texts(indexed, c);
	for (uint32_t i = 0; i < c->n; i++) {
		if (!indexed[i])
			continue;
		faq_tokens(&bag, c->text[i]);
		len = 0;
		add_tokens(ps, &bag, i, false, &len);
		unit[i].q_len = len < COUNT_MAX ? (uint16_t)len : COUNT_MAX;
		q_sum += len;
		n++;
		if (i >= c->n_faq)
			continue;
		faq_tokens(&bag, c->faqs[i].v[2]);
		len = 0;
		add_tokens(ps, &bag, i, true, &len);
		unit[i].a_len = len < COUNT_MAX ? (uint16_t)len : COUNT_MAX;
		a_sum += len;
	}
	faq_bag_free(&bag);
	x_free(indexed);
	m->head.n_doc = n;
	m->head.q_len = (float)(1 + q_sum / (n + 1));
	m->head.a_len = (float)(1 + a_sum / (double)(c->n_faq + 1));
}

/* Number the tokens: they are in order already. */
static void
number_words(struct faq_model *m, struct pairs *ps)
{
	uint32_t *word = x_calloc(ps->n + 1, sizeof(*word)), n = 0;

	for (size_t i = 0; i < ps->n; i++) {
		if (n == 0 || word[n - 1] != ps->v[i].word)
			word[n++] = ps->v[i].word;
		ps->v[i].word = n - 1;
	}
	m->word = word;
	m->n_word = n;
}

static void
index_pairs(struct faq_model *m, struct pairs *ps, struct faq_unit *unit)
{
	size_t words = m->n_word;
	float docs = (float)m->head.n_doc;
	uint32_t *off = x_calloc(words + 1, sizeof(*off));
	float *idf = x_calloc(words, sizeof(*idf));
	struct faq_posting *p = x_calloc(ps->n + 1, sizeof(*p));

	for (size_t i = 0; i < ps->n; i++) {
		off[ps->v[i].word + 1]++;
		p[i] = ps->v[i].p;
	}
	for (size_t b = 0; b < words; b++) {
		float df = (float)off[b + 1];

		off[b + 1] += off[b];
		if (df > 0)
			idf[b] = logf(1 + (docs - df + 0.5f) / (df + 0.5f));
		if (df > 0 && idf[b] < 0.05f)
			idf[b] = 0.05f;
	}
	for (size_t i = 0; i < ps->n; i++)
		if (p[i].q > 0)
			unit[p[i].unit].q_mass += idf[ps->v[i].word];
	m->token_off = off;
	m->n_token_off = words + 1;
	m->token_idf = idf;
	m->n_token_idf = words;
	m->token = p;
	m->n_token = ps->n;
}

void
faq_bm25_fit(struct faq_model *m, const struct faq_corpus *c)
{
	struct faq_unit *unit = x_memdup(m->unit, c->n * sizeof(*unit));
	struct pairs ps = {0};

	read_units(&ps, m, c, unit);
	merge_pairs(&ps);
	number_words(m, &ps);
	index_pairs(m, &ps, unit);
	x_free((void *)m->unit);
	m->unit = unit;
	x_free(ps.v);
}

/* --- asking */

static float
saturate(float tf, float k1, float len, float mean)
{
	return tf * (k1 + 1) / (tf + k1 * (1 - LENGTH + LENGTH * len / mean));
}

/* One token's share of each unit's scores. hit: idf found in the question;
 * all: in question or answer. */
static void
add_token(const struct faq_model *m, struct faq_scratch *s, uint32_t word)
{
	float idf = m->token_idf[word];

	for (uint32_t k = m->token_off[word]; k < m->token_off[word + 1]; k++) {
		const struct faq_posting *p = &m->token[k];
		const struct faq_unit *u = &m->unit[p->unit];

		if (s->acc[p->unit] == 0)
			s->touched[s->n_touched++] = p->unit;
		s->acc[p->unit] += idf *
		    (saturate(p->q, K1, u->q_len, m->head.q_len) +
			ANS_PART *
			    saturate(p->a, K1_ANS, u->a_len, m->head.a_len));
		s->hit[p->unit] += p->q > 0 ? idf : 0;
		s->all[p->unit] += idf;
	}
}

/* Best score per FAQ among the touched units; everything zero again. */
static size_t
take_texts(const struct faq_model *m, struct faq_scratch *s, float mass,
    struct faq_text_hit *hits)
{
	size_t n = 0, i;

	for (size_t t = 0; t < s->n_touched; t++) {
		uint32_t unit = s->touched[t];
		float most = fmaxf(m->unit[unit].q_mass, 1e-6f);
		struct faq_text_hit h = {.faq = m->unit[unit].faq,
		    .unit = unit,
		    .score = s->acc[unit],
		    .cover = s->hit[unit] / mass,
		    .back = s->hit[unit] / most,
		    .cover_all = s->all[unit] / mass};

		s->acc[unit] = s->hit[unit] = s->all[unit] = 0;
		if (n == FAQ_TEXT_HITS && h.score <= hits[n - 1].score)
			continue;
		i = n < FAQ_TEXT_HITS ? n++ : n - 1;
		for (; i > 0 && hits[i - 1].score < h.score; i--)
			hits[i] = hits[i - 1];
		hits[i] = h;
	}
	s->n_touched = 0;
	return n;
}

size_t
faq_bm25_ask(const struct faq_model *m, struct faq_scratch *s, const char *text,
    struct faq_text_hit *hits)
{
	float rare = logf(1 + ((float)m->head.n_doc + 0.5f) / 0.5f);
	float mass = 0;

	faq_tokens(&s->bag, text);
	for (size_t i = 0; i < s->bag.n; i++) {
		uint32_t w = faq_hashes_find(
		    m->word, m->n_word, faq_gram_hash(s->bag.h[i]));

		mass += w != FAQ_NONE ? m->token_idf[w] : rare;
		if (w != FAQ_NONE)
			add_token(m, s, w);
	}
	return take_texts(m, s, fmaxf(mass, 1e-6f), hits);
}
