/*
 * What a model is made of: arrays, of which a file is the dump. Private to
 * the engine's files (faq*.c); everybody else has faq.h.
 */
#ifndef MADOD_FAQ_MODEL_H
#define MADOD_FAQ_MODEL_H

#include <mado/mem.h>

#include "faq.h"
#include "faq_feat.h"

#define FAQ_NONE UINT32_MAX
#define FAQ_SKIP (UINT32_MAX - 1) /* not for the classifier */

enum {
	FAQ_LEARN_MIN = 2,    /* examples that make a FAQ a class */
	FAQ_NEAR = 10,        /* neighbours that vote */
	FAQ_WEIGHT_BITS = 12, /* of a posting in near */
	FAQ_LANES = 8,        /* classes are padded to a multiple */
	CONF_MAX = 12         /* signals and a bias */
};

/* Everything that is asked for an answer's confidence. */
struct faq_logit {
	double w[CONF_MAX]; /* of the standardised signals; the last: bias */
	double mean[CONF_MAX], scale[CONF_MAX];
};

struct faq_row { /* where its texts begin in `text` */
	uint32_t id, question, answer, beside;
};

struct faq_unit { /* a text that stands for a FAQ: its question, an example */
	uint32_t faq;          /* FAQ_NONE: a negative */
	uint16_t q_len, a_len; /* tokens; of the answer for questions only */
	float q_mass;          /* the idf of its question's tokens, summed */
};

struct faq_posting {
	uint32_t unit;
	uint16_t q, a; /* how often in question or example, in the answer */
};

/* name, type; sizes are what each comment says */
#define FAQ_PARTS(X)                                                           \
	X(text, char)          /* all texts, NUL-terminated */                 \
	X(row, struct faq_row) /* n_faq */                                     \
	X(by_id, uint32_t)     /* n_faq, rows in order of id */                \
	X(faq_class, uint32_t) /* n_faq, FAQ_NONE: not learned */              \
	X(unit, struct faq_unit)                                               \
	X(gram, uint32_t) /* hashes, in order: a gram's number is its place */ \
	X(idf, float)     /* n_gram */                                         \
	X(near_off, uint32_t)  /* n_gram + 1, into near */                     \
	X(near, uint32_t)      /* unit << 12 | weight */                       \
	X(class_faq, uint32_t) /* n_class */                                   \
	X(class_row, uint32_t) /* n_gram; FAQ_NONE: no weights */              \
	X(class_scale, float)  /* per row of weights */                        \
	X(class_w, int8_t)     /* stride per row */                            \
	X(word, uint32_t)      /* tokens' hashes, in order */                  \
	X(token_idf, float)    /* n_word */                                    \
	X(token_off, uint32_t) /* n_word + 1, into token */                    \
	X(token, struct faq_posting)

struct faq_head {
	uint32_t n_faq, n_unit, n_class, stride; /* classes padded */
	float q_len, a_len;                      /* mean numbers of tokens */
	uint32_t fitted; /* learned.w is of this model's examples */
	uint32_t n_doc;  /* units that tokens are kept of */
	double answer_at, offer_at;
	struct faq_logit learned;
};

struct faq_model {
	struct faq_head head;
#define X(name, type)     \
	const type *name; \
	size_t n_##name;
	FAQ_PARTS(X)
#undef X
	void *blob; /* holds the parts; NULL: each is its own */
};

/* The place of h among n sorted ones, FAQ_NONE when it is not there. */
uint32_t faq_hashes_find(const uint32_t *v, size_t n, uint32_t h);

void faq_model_free(struct faq_model *m);
/* faq_file.c */
int faq_model_write(const struct faq_model *m, const char *path, struct err *e);
int faq_model_read(struct faq_model *m, const char *path, struct err *e);
/* The same from memory, which is copied. name for errors. */
int faq_model_parse(struct faq_model *m, const char *name, const void *p,
    size_t n, struct err *e);

/* --- learning: faq_compile.c makes a corpus, faq_fit.c learns from it */

struct faq_corpus {
	size_t n_faq;
	struct faq_cells *faqs; /* lent: id, question, answer */
	size_t n;      /* texts: the FAQs' questions first, then examples, then
			  negatives */
	uint32_t *faq; /* of each text, FAQ_NONE for negatives */
	uint32_t *examples; /* per FAQ, how many */
	const char **text;
	/* grams of all texts: hashes and counts from off[i] to off[i + 1] */
	size_t *off;
	uint32_t *h;
	uint8_t *tf;
	size_t cap;
};

/* Learn from those texts where use[i]; NULL: from all. Fills the parts from
 * unit to class_w but for unit's lengths. */
void faq_fit(struct faq_model *m, const struct faq_corpus *c, const bool *use);
enum faq_try { FAQ_TRY_NOT, FAQ_TRY_KNOWN, FAQ_TRY_HIDDEN };
/* One fold: what each text is tried for, and which are learned from. m knows
 * all of them. */
void faq_hide(const struct faq_model *m, const struct faq_corpus *c,
    uint64_t *seed, enum faq_try *try, bool *use);
bool faq_chance(uint64_t *seed, double p);
/* Confidence: tried with intents hidden, then fitted; fills head. */
void faq_conf_fit(
    struct faq_model *m, const struct faq_corpus *c, struct faq_report *report);

/* The classifier's weights from vectors and their classes. */
struct faq_matrix {
	size_t n;
	size_t *off;
	uint32_t *f; /* gram */
	float *v;
	uint32_t *y; /* class; FAQ_NONE: any is as bad as another; FAQ_SKIP */
};
void faq_class_fit(struct faq_model *m, const struct faq_matrix *x);
/* p[n_class], a probability each. */
void faq_class_ask(
    const struct faq_model *m, const struct faq_vec *q, float *p);

void faq_near_fit(struct faq_model *m, const struct faq_matrix *x);
void faq_bm25_fit(struct faq_model *m, const struct faq_corpus *c);

/* The same numbers each time (xorshift, Marsaglia 2003): the same import gives
 * the same model. *s is not 0. */
static inline uint64_t
faq_random(uint64_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	*s ^= *s << 17;
	return *s;
}

/* --- asking */

struct faq_near_hit {
	uint32_t unit;
	float cos;
};

struct faq_scratch {
	struct faq_bag bag;
	uint32_t *f;
	float *v;
	size_t cap;
	float *p;         /* n_class */
	float *acc;       /* n_unit */
	float *hit, *all; /* n_unit, of faq_bm25.c */
	uint32_t *touched;
	size_t n_touched;
};
void faq_scratch_init(struct faq_scratch *s, const struct faq_model *m);
void faq_scratch_free(struct faq_scratch *s);

/* The FAQ_NEAR nearest units, best first; returns how many. */
size_t faq_near_ask(const struct faq_model *m, struct faq_scratch *s,
    const struct faq_vec *q, struct faq_near_hit *hits);

struct faq_text_hit {
	uint32_t faq, unit;
	float score, cover, back, cover_all; /* see faq_bm25.c */
};
enum { FAQ_TEXT_HITS = 40 };
/* FAQs by their own texts, best first; returns how many. Fills s->bag. */
size_t faq_bm25_ask(const struct faq_model *m, struct faq_scratch *s,
    const char *text, struct faq_text_hit *hits);

/* What a model thinks of a text. */
struct faq_guess {
	uint32_t top[FAQ_PICKS]; /* FAQs, FAQ_NONE: none */
	double score[FAQ_PICKS];
	double x[CONF_MAX]; /* signals */
	uint32_t exact; /* the FAQ that has this very text, FAQ_NONE without */
	size_t letters;
	double known;       /* share of its features seen before, by idf */
	double best, rival; /* cosines: top[0]'s nearest text, and that of a
			       FAQ without examples */
};
enum { CONF_LEARNED = 10, CONF_TEXT = 9 };
extern const char *const faq_learned_names[CONF_LEARNED];
extern const char *const faq_text_names[CONF_TEXT];

/* By classifier and neighbours; false when they know nothing like it. */
bool faq_guess_learned(const struct faq_model *m, struct faq_scratch *s,
    const char *text, struct faq_guess *g);
/* By the FAQs' own texts. */
bool faq_guess_text(const struct faq_model *m, struct faq_scratch *s,
    const char *text, struct faq_guess *g);

double faq_logit_ask(const struct faq_logit *l, const double *x, size_t n);
/* y[i] 0 or 1, x n rows of k; w[i] weights. */
struct faq_tries {
	size_t n, k;
	double *x, *w;
	bool *y;
};
void faq_logit_fit(struct faq_logit *l, const struct faq_tries *t);
extern const struct faq_logit faq_text_logit;

#endif
