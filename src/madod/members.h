/*
 * The members of a JSON body as the tables name them: "id:string text:string!
 * add:strings", ! for what must be there. Read by the openapi and by whoever
 * takes a body.
 */
#ifndef MADOD_MEMBERS_H
#define MADOD_MEMBERS_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include <mado/err.h>

struct member {
	char name[32];
	const char *kind; /* lent from the table; kind_n bytes */
	size_t kind_n;
	bool must;
};

/* The next member at s into m; returns what follows it, NULL at the end. */
const char *members_next(const char *s, struct member *m);
/*
 * Is each member that o has of its kind? null counts as not there; what must
 * be there is for the acts to miss, in their words. o may be NULL. ERR_INVALID
 * names the member.
 */
int members_check(const char *members, const cJSON *o, struct err *e);

#endif
