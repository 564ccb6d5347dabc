/*
 * The palette's matching: every word must be there, whole is better than
 * scattered, early and at a word's start is better than late. Called by
 * palette.c.
 */
#include "fuzzy.h"

#include <stdbool.h>
#include <string.h>

/* Bytes of the UTF-8 character at p. */
static size_t
char_len(const char *p)
{
	size_t n = 1;

	while ((p[n] & 0xc0) == 0x80)
		n++;
	return n;
}

static bool
at_start(const char *text, const char *p)
{
	return p == text || strchr(" -/#@:", p[-1]) != NULL;
}

/* One word of n bytes, whole. */
static int
score_whole(const char *text, const char *word, size_t n)
{
	const char *p = memmem(text, strlen(text), word, n);
	int early;

	if (p == NULL)
		return -1;
	early = p - text < 40 ? 40 - (int)(p - text) : 0;
	return FUZZY_WHOLE + early + (at_start(text, p) ? 60 : 0) +
	    (text[n] == '\0' && p == text ? 80 : 0);
}

static int
score_scattered(const char *text, const char *word, size_t n)
{
	const char *p = text, *end = word + n;
	int score = 0;

	while (word < end) {
		size_t k = char_len(word);
		const char *hit = memmem(p, strlen(p), word, k);

		if (hit == NULL)
			return -1;
		score += at_start(text, hit) ? 10 : hit == p ? 5 : 0;
		p = hit + k;
		word += k;
	}
	return score;
}

int
fuzzy_score(const char *text, const char *words)
{
	int total = 0, score;

	for (size_t n; *words != '\0'; words += n) {
		words += strspn(words, " ");
		n = strcspn(words, " ");
		if (n == 0)
			break;
		score = score_whole(text, words, n);
		if (score < 0)
			score = score_scattered(text, words, n);
		if (score < 0)
			return -1;
		total += score;
	}
	return total;
}
