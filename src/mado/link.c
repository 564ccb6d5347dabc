/*
 * Finding addresses in what people write. Called by the history, which makes
 * links of them, and by what opens one outside.
 */
#include "link.h"

#include <string.h>

static const char *
find_scheme(const char *s, size_t *n)
{
	static const char *const schemes[] = {"https://", "http://"};
	const char *first = NULL;

	for (int i = 0; i < 2; i++) {
		const char *p = strstr(s, schemes[i]);

		if (p != NULL && (first == NULL || p < first)) {
			first = p;
			*n = strlen(schemes[i]);
		}
	}
	return first;
}

const char *
link_find(const char *s, size_t *n)
{
	const char *p;
	size_t scheme = 0, k;

	for (; (p = find_scheme(s, &scheme)) != NULL; s = p + scheme) {
		k = scheme;
		while (p[k] > ' ' && p[k] < 0x7f &&
		    strchr("\"'<>`\\", p[k]) == NULL)
			k++;
		while (k > scheme && strchr(".,;:!?)]", p[k - 1]) != NULL)
			k--;
		*n = k;
		if (k > scheme)
			return p;
	}
	return NULL;
}
