/* Completion of the filter after "/", read off the filter's own table. */
#ifndef MADO_COMPLETE_FILTER_H
#define MADO_COMPLETE_FILTER_H

#include "complete.h"
#include "ui.h"

/* Fill *c (its arena is set, the rest is zero) for the term before the
 * caret. */
void complete_filter(
    struct ui *u, struct completion *c, const char *text, size_t caret);

#endif
