/*
 * Filters as the client reads them: errors in the user's language, with a line
 * that points at the character. The language itself is <mado/filter.h>'s.
 */
#ifndef MADO_SIFT_H
#define MADO_SIFT_H

#include <mado/filter.h>

/* NULL and ERR_INVALID; caret (may be NULL) gets a line that points into the
 * text. Caller frees with filter_free(). */
struct filter *sift_read(const char *text, struct buf *caret, struct err *e);

#endif
