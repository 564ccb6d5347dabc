/* Between the filter*.c files only: a filter as it was read. */
#ifndef FILTER_PRIV_H
#define FILTER_PRIV_H

#include <mado/filter.h>

/* Shown by the client in its language: catalogues are made of these too. */
#define N_(s) (s)

enum filter_op { OP_IS, OP_GT, OP_LT, OP_GE, OP_LE };

enum filter_special { VALUE_GIVEN, VALUE_NONE, VALUE_ANY, VALUE_ME };

struct filter_value {
	enum filter_special special;
	char *folded;
	int64_t num; /* a count, ms, or the index in names[] */
};

struct filter_term {
	const struct filter_field *field; /* NULL: words */
	bool negative;
	enum filter_op op;
	struct filter_value *v; /* any of them */
	size_t n;
};

struct filter {
	struct filter_term *v; /* all of them */
	size_t n;
};

/* The field of that name, in either language; NULL. */
const struct filter_field *filter_field_find(const char *name);

#endif
