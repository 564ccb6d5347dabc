/*
 * rules.conf in memory: what rules_read.c fills and rules.c judges by.
 */
#ifndef MADOD_RULES_FORM_H
#define MADOD_RULES_FORM_H

#include <mado/buf.h>
#include <mado/conf.h>

#include "rules.h"

struct rule {
	const struct conf_item *at; /* its section's line, while reading */
	const char *name;
	struct strs exact;    /* folded */
	struct strs contains; /* folded */
	const char *answer;
	struct strs quick;
	const char *handoff; /* the reason; NULL: stays with the bot */
};

struct rules {
	struct arena *a;
	struct rule *v; /* in the file's order: the first match acts */
	size_t n;
	struct rules_bot bot;
};

/* What {{name}} stands for in a text. */
struct rules_var {
	const char *name;
	void (*put)(struct buf *b, const struct rules_input *in);
};

/* NULL when there is none of that name. */
const struct rules_var *rules_var_find(const char *name, size_t n);
/* The next {{name}} from s on: its name and length; NULL when none follows. */
const char *rules_var_next(const char *s, size_t *n);
/* The form in which words are compared. Valid until the arena is reset. */
const char *rules_fold(struct arena *a, const char *s);

#endif
