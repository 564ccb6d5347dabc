/*
 * The public holidays that ship: a table that tests/holidays makes.
 */
#ifndef MADOD_RULES_JP_H
#define MADOD_RULES_JP_H

#include <stddef.h>

struct rules_jp {
	int date; /* 20261123 */
	const char *name;
};
extern const struct rules_jp rules_jp[]; /* by date, up to a 0 */

#endif
