/*
 * Text to features, by script. Two kinds: grams, fine and many, for the
 * classifier and the neighbours, that learn what matters; and tokens, words or
 * what comes near to them, for retrieval from FAQs' own texts.
 */
#ifndef MADOD_FAQ_FEAT_H
#define MADOD_FAQ_FEAT_H

#include <stddef.h>
#include <stdint.h>

/* Zero-initialise to begin; used again and again. */
struct faq_bag {
	uint64_t *h; /* hashes, sorted, each once */
	uint32_t *tf;
	size_t n, cap;
	size_t letters; /* letters and digits of the text, of any script */
};

void faq_bag_free(struct faq_bag *b);
/* Fill b anew with the grams or the tokens of a text (valid UTF-8). */
void faq_grams(struct faq_bag *b, const char *text);
void faq_tokens(struct faq_bag *b, const char *text);

/* A gram as the model keeps it. */
static inline uint32_t
faq_gram_hash(uint64_t h)
{
	return (uint32_t)(h >> 16);
}

/* A sparse vector, one of a matrix's rows. */
struct faq_vec {
	const uint32_t *f;
	const float *v;
	size_t n;
};

#endif
