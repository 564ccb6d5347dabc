/*
 * Reading filters for people: translated errors. Called by the verbs, the
 * views and the ":" and "/" lines.
 */
#include "sift.h"

#include "i18n.h"

static const char *
translate(const char *s)
{
	return _(s);
}

struct filter *
sift_read(const char *text, struct buf *caret, struct err *e)
{
	struct filter_bad bad;
	struct filter *f = filter_parse(text, &bad);

	if (f == NULL) {
		filter_error(&bad, translate, e);
		if (caret != NULL)
			filter_caret(caret, text, &bad);
	}
	return f;
}
