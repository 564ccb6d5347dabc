/*
 * How search cuts text: Japanese has no spaces, so every two neighbouring
 * characters are a token. A character before a space or the end is one alone,
 * so that each character begins a token and one is found by its prefix. What
 * comes in is folded (text_fold); SQLite calls it by sql_set_tokenizer().
 */
#include <mado/text.h>

#include "search.h"

/* The character at p, as bytes; what is not UTF-8 is one of a byte. */
static size_t
char_len(const char *p, const char *end)
{
	uint32_t cp;
	size_t n = text_decode(p, (size_t)(end - p), &cp);

	return n == 0 ? 1 : n;
}

int
search_cut(const char *text, size_t n,
    int (*token)(void *arg, const char *p, size_t n), void *arg)
{
	const char *end = text + n, *p, *next, *stop;
	int rc = 0;

	for (p = text; p < end && rc == 0; p = next) {
		next = p + char_len(p, end);
		if (*p == ' ')
			continue;
		stop = next < end && *next != ' ' ? next + char_len(next, end)
						  : next;
		rc = token(arg, p, (size_t)(stop - p));
	}
	return rc;
}

void
search_init(void)
{
	sql_set_tokenizer(SEARCH_TOKENIZER, search_cut);
}
