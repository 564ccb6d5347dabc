/*
 * Between the lines of a script (script.c) and its words (script_words.c).
 */
#ifndef MADOSIM_SCRIPT_WORDS_H
#define MADOSIM_SCRIPT_WORDS_H

#include "script.h"

/* Where the parser is. */
struct parser {
	struct script *s;
	const char *file;
	int line;
	struct customer *who; /* the block we are in, one of these two */
	struct group *group;
	struct texts *more; /* what "or" adds to */
	struct err *e;
};

/* ERR_INVALID "FILE:LINE: .."; returns -1. */
int script_error(struct parser *p, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Take one line, cut into its first word and the rest. */
int script_word(struct parser *p, const char *name, const char *rest);

#endif
