/*
 * Rehearsals of rules.conf: cases as text, what a customer does and what the
 * bot has to do. The form is madoguchi-rules(5)'s. Pure but for the printing;
 * called by `madod rules test` and by tests.
 */
#ifndef MADOD_RULES_CASE_H
#define MADOD_RULES_CASE_H

#include <stdio.h>

#include "rules.h"

struct rules_cases {
	const char *name; /* the file's, for what is printed */
	const char *p;
	size_t n;
	FILE *out; /* a line for each failure: NAME:LINE: what */
	/* what the bot makes of a message; NULL: rules alone, and what none
	 * knows goes to people */
	void (*decide)(void *arg, const struct rules *r,
	    const struct rules_input *in, struct arena *a,
	    struct rules_verdict *out);
	void *arg;
	/* found */
	int cases, failed;
};

/* Run them all. 0; -1 with ERR_INVALID "NAME:LINE: ..." when the text cannot
 * be read. */
int rules_case_run(
    const struct rules *r, struct rules_cases *cases, struct err *e);

#endif
