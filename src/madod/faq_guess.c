/*
 * What a model thinks of a text: the FAQs it most likely wants, and signals of
 * how sure that is. Two ways, by examples and by the FAQs' own texts; which
 * one speaks is decided in faq.c. Called by faq.c and faq_conf.c.
 */
#include <math.h>
#include <string.h>

#include "faq_model.h"

const char *const faq_learned_names[CONF_LEARNED] = {"classifier",
    "classifier_lead", "nearest", "vote", "agree", "known", "agree_nearest",
    "votes", "letters", "lead_nearest"};
const char *const faq_text_names[CONF_TEXT] = {"found_in_question",
    "question_found", "found_in_all", "lead", "nearest", "words", "known",
    "score", "faqs"};

void
faq_scratch_init(struct faq_scratch *s, const struct faq_model *m)
{
	size_t n = m->head.n_unit + 1;

	*s = (struct faq_scratch){
	    .p = x_calloc(m->head.stride + 1u, sizeof(float)),
	    .acc = x_calloc(n, sizeof(float)),
	    .hit = x_calloc(n, sizeof(float)),
	    .all = x_calloc(n, sizeof(float)),
	    .touched = x_calloc(n, sizeof(uint32_t))};
}

void
faq_scratch_free(struct faq_scratch *s)
{
	faq_bag_free(&s->bag);
	x_free(s->f);
	x_free(s->v);
	x_free(s->p);
	x_free(s->acc);
	x_free(s->hit);
	x_free(s->all);
	x_free(s->touched);
	*s = (struct faq_scratch){0};
}

/*
 * The text's vector, of length one; *known: the share of its grams, by their
 * weight squared, that the model has seen. The rest is left out of it.
 */
static struct faq_vec
vector(const struct faq_model *m, struct faq_scratch *s, const char *text,
    double *known)
{
	float sum = 0, lost = 0, rare = logf(1 + (float)m->head.n_unit) + 1;
	size_t n = 0;

	faq_grams(&s->bag, text);
	if (s->cap < s->bag.n) {
		s->cap = s->bag.n;
		s->f = x_realloc(s->f, s->cap, sizeof(*s->f));
		s->v = x_realloc(s->v, s->cap, sizeof(*s->v));
	}
	for (size_t i = 0; i < s->bag.n; i++) {
		uint32_t f = faq_hashes_find(
		    m->gram, m->n_gram, faq_gram_hash(s->bag.h[i]));
		float v = 1 + logf((float)s->bag.tf[i]);

		if (f == FAQ_NONE) {
			lost += v * rare * v * rare;
			continue;
		}
		v *= m->idf[f];
		s->f[n] = f;
		s->v[n++] = v;
		sum += v * v;
	}
	*known = sum > 0 ? sum / (sum + lost) : 0;
	for (size_t i = 0; i < n; i++)
		s->v[i] /= sqrtf(sum + lost);
	return (struct faq_vec){s->f, s->v, n};
}

struct ballot {
	uint32_t faq[FAQ_NEAR];
	float votes[FAQ_NEAR], best[FAQ_NEAR];
	size_t n;
	float total, cos; /* of all, and the nearest of any */
};

static void
count_votes(const struct faq_model *m, const struct faq_near_hit *hits,
    size_t n, struct ballot *b)
{
	*b = (struct ballot){0};
	for (size_t i = 0; i < n; i++) {
		uint32_t faq = m->unit[hits[i].unit].faq;
		float cos = fminf(hits[i].cos, 1), vote = cos * cos * cos;
		size_t k = 0;

		while (k < b->n && b->faq[k] != faq)
			k++;
		if (k == b->n) {
			b->faq[b->n++] = faq;
			b->best[k] = cos;
		}
		b->votes[k] += vote;
		b->total += vote;
		b->cos = fmaxf(b->cos, cos);
	}
}

static float
votes_of(const struct ballot *b, uint32_t faq, float *best)
{
	for (size_t k = 0; k < b->n; k++)
		if (b->faq[k] == faq) {
			*best = b->best[k];
			return b->votes[k];
		}
	*best = 0;
	return 0;
}

/* The nearest text of a FAQ that is not learned. */
static double
rival_of(const struct faq_model *m, const struct ballot *b)
{
	double most = 0;

	for (size_t k = 0; k < b->n; k++)
		if (b->faq[k] != FAQ_NONE &&
		    m->faq_class[b->faq[k]] == FAQ_NONE && b->best[k] > most)
			most = b->best[k];
	return most;
}

/* Offer a FAQ for the top ones, or a better score for one of them. */
static void
keep_top(struct faq_guess *g, uint32_t faq, double score)
{
	size_t at = 0, i;

	while (at < FAQ_PICKS && g->top[at] != faq && g->top[at] != FAQ_NONE)
		at++;
	if (at == FAQ_PICKS)
		at--;
	if (g->top[at] != FAQ_NONE && g->score[at] >= score)
		return;
	for (i = at; i > 0 && g->score[i - 1] < score; i--) {
		g->top[i] = g->top[i - 1];
		g->score[i] = g->score[i - 1];
	}
	g->top[i] = faq;
	g->score[i] = score;
}

/* Grams of the same text differ by the rounding of their weights only. */
#define SAME_COS   0.995f
#define SAME_KNOWN 0.9999

/* The one FAQ that this is an example of, word for word; FAQ_NONE when there is
 * none, when there are two, or when it is for people. */
static uint32_t
exact_of(const struct faq_model *m, const struct faq_near_hit *hits, size_t n,
    double known)
{
	uint32_t faq = FAQ_NONE;

	for (size_t i = 0; i < n && known > SAME_KNOWN; i++) {
		uint32_t of = m->unit[hits[i].unit].faq;

		if (hits[i].cos < SAME_COS)
			continue;
		if (of == FAQ_NONE || (faq != FAQ_NONE && of != faq))
			return FAQ_NONE;
		faq = of;
	}
	return faq;
}

static void
guess_reset(struct faq_guess *g)
{
	*g = (struct faq_guess){.exact = FAQ_NONE};
	for (size_t i = 0; i < FAQ_PICKS; i++)
		g->top[i] = FAQ_NONE;
}

static double
logit(double p)
{
	p = fmin(fmax(p, 1e-5), 1 - 1e-5);
	return log(p / (1 - p));
}

/* How much the neighbours' votes count beside the classifier's: measured, and
 * flat around. */
#define VOTES_PART 0.3

/* Each learned FAQ's probability, the two mixed. */
static void
rank_learned(const struct faq_model *m, const struct faq_scratch *s,
    const struct ballot *b, struct faq_guess *g)
{
	bool classes = m->n_class_w > 0;
	double part = classes ? VOTES_PART : 1;
	float best;

	for (size_t k = 0; k < b->n; k++)
		if (b->faq[k] != FAQ_NONE &&
		    m->faq_class[b->faq[k]] != FAQ_NONE && !classes)
			keep_top(g, b->faq[k], b->votes[k] / (b->total + 1e-6));
	for (uint32_t c = 0; classes && c < m->head.n_class; c++) {
		double vote =
		    s->p[c] > 1e-3 ? votes_of(b, m->class_faq[c], &best) : 0;

		keep_top(g, m->class_faq[c],
		    (1 - part) * s->p[c] + part * vote / (b->total + 1e-6));
	}
}

bool
faq_guess_learned(const struct faq_model *m, struct faq_scratch *s,
    const char *text, struct faq_guess *g)
{
	struct faq_near_hit hits[FAQ_NEAR];
	struct ballot b;
	struct faq_vec q;
	float best, mine;
	double *x = g->x;
	bool agree;

	guess_reset(g);
	q = vector(m, s, text, &g->known);
	g->letters = s->bag.letters;
	if (q.n == 0 || m->head.n_class < 2)
		return false;
	count_votes(m, hits, faq_near_ask(m, s, &q, hits), &b);
	if (m->n_class_w > 0)
		faq_class_ask(m, &q, s->p);
	rank_learned(m, s, &b, g);
	if (g->top[0] == FAQ_NONE)
		return false;
	mine = votes_of(&b, g->top[0], &best);
	g->best = best;
	g->rival = rival_of(m, &b);
	agree = b.n > 0 && b.faq[0] == g->top[0];
	x[0] = logit(g->score[0]);
	x[1] = log(g->score[0] + 1e-5) - log(g->score[1] + 1e-5);
	x[2] = best;
	x[3] = mine / (b.total + 1e-6);
	x[4] = agree;
	x[5] = g->known;
	x[6] = best * agree;
	x[7] = log(mine + 1e-3);
	x[8] = log(1 + (double)g->letters);
	x[9] = best - b.cos;
	return true;
}

/*
 * Candidates are reordered by BM25 against the best and by what is found of
 * one text in the other.
 */
static double
text_score(const struct faq_text_hit *h, float best)
{
	return 0.4 * h->score / best + 0.35 * h->cover_all + 0.25 * h->cover +
	    0.2 * h->back;
}

bool
faq_guess_text(const struct faq_model *m, struct faq_scratch *s,
    const char *text, struct faq_guess *g)
{
	struct faq_text_hit hits[FAQ_TEXT_HITS];
	struct faq_near_hit near[FAQ_NEAR];
	const struct faq_text_hit *top = NULL;
	size_t n, words, n_near;
	struct ballot b;
	struct faq_vec q;
	float best;
	double *x = g->x;

	guess_reset(g);
	q = vector(m, s, text, &g->known);
	if (q.n > 0) {
		n_near = faq_near_ask(m, s, &q, near);
		count_votes(m, near, n_near, &b);
		g->exact = exact_of(m, near, n_near, g->known);
	}
	n = q.n > 0 ? faq_bm25_ask(m, s, text, hits) : 0;
	g->letters = s->bag.letters;
	words = s->bag.n;
	for (size_t i = 0; i < n; i++) {
		double score = text_score(&hits[i], hits[0].score);

		if (score > g->score[0])
			top = &hits[i];
		keep_top(g, hits[i].faq, score);
	}
	if (top == NULL)
		return false;
	votes_of(&b, g->top[0], &best);
	g->best = best;
	x[0] = top->cover;
	x[1] = top->back;
	x[2] = top->cover_all;
	x[3] = g->score[0] - g->score[1];
	x[4] = best;
	x[5] = log(1 + (double)words);
	x[6] = g->known;
	x[7] = top->score / (m->token_idf != NULL ? log(2 + m->head.n_faq) : 1);
	x[8] = log(1 + (double)m->head.n_faq);
	return true;
}
