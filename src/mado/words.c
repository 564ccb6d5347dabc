/*
 * A command string split into words as sh does it: white space, '..', "..",
 * backslash; no expansion of any kind. Called by keys, the ":" line and the
 * palette.
 */
#include <stdbool.h>
#include <string.h>

#include <mado/buf.h>
#include <mado/mem.h>

#include "cmd.h"
#include "i18n.h"

struct splitter {
	char **v;
	int n;
	struct buf word;
	bool open; /* a word has begun, maybe an empty one in quotes */
};

static void
word_end(struct splitter *w)
{
	if (!w->open)
		return;
	w->v = x_realloc(w->v, (size_t)w->n + 2, sizeof(*w->v));
	w->v[w->n++] = buf_take(&w->word);
	w->v[w->n] = NULL;
	w->open = false;
}

/* The text after an opening quote; NULL when it is never closed. */
static const char *
quoted(struct splitter *w, const char *s, char quote)
{
	for (; *s != '\0'; s++) {
		if (*s == quote)
			return s + 1;
		if (quote == '"' && *s == '\\' && (s[1] == '"' || s[1] == '\\'))
			s++;
		buf_putc(&w->word, *s);
	}
	return NULL;
}

/* One step: a quote, an escape, a blank or a plain byte. */
static const char *
step(struct splitter *w, const char *s)
{
	if (strchr(" \t\r\n", *s) != NULL) {
		word_end(w);
		return s + 1;
	}
	w->open = true;
	if (*s == '\'' || *s == '"')
		return quoted(w, s + 1, *s);
	if (*s == '\\' && s[1] != '\0')
		s++;
	buf_putc(&w->word, *s);
	return s + 1;
}

char **
words_split(const char *s, int *n, struct err *e)
{
	struct splitter w = {0};

	w.v = x_calloc(1, sizeof(*w.v));
	while (s != NULL && *s != '\0')
		s = step(&w, s);
	if (s == NULL) {
		buf_free(&w.word);
		words_free(w.v);
		err_set(e, ERR_INVALID, _("a quote is not closed"));
		return NULL;
	}
	word_end(&w);
	buf_free(&w.word);
	*n = w.n;
	return w.v;
}

void
words_quote(struct buf *b, const char *s)
{
	for (; *s != '\0'; s++) {
		if (strchr("'\"\\ \t\r\n", *s) != NULL)
			buf_putc(b, '\\');
		buf_putc(b, *s);
	}
}

void
words_free(char **words)
{
	for (char **p = words; p != NULL && *p != NULL; p++)
		x_free(*p);
	x_free(words);
}
