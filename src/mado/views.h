/*
 * Saved views: the sections [view NAME] of madorc, each a filter with a name.
 */
#ifndef MADO_VIEWS_H
#define MADO_VIEWS_H

#include <mado/conf.h>
#include <mado/filter.h>

struct saved_view {
	char *name;
	char *query; /* as written */
	struct filter *filter;
	enum view base; /* all that is open, or all when it asks for more */
};

struct views {
	struct saved_view *v;
	size_t n;
};

enum { VIEWS_MAX = 20, VIEWS_DIGIT = 6, VIEWS_DIGITS = 4 };

/* Read them off madorc. -1 with the first mistake in e (ERR_INVALID: file,
 * line, the character of the filter); the others are there all the same. Caller
 * frees with views_free(). */
int views_read(struct views *s, const struct conf *c, struct err *e);
void views_free(struct views *s);
/* NULL when there is none. */
const struct saved_view *views_find(const struct views *s, const char *name);

#endif
