/* Links in a text. Pure. */
#ifndef MADO_LINK_H
#define MADO_LINK_H

#include <stddef.h>

/*
 * The first http or https address in s: where it begins, *n bytes. It ends
 * before what cannot be in one (blanks, quotes, anything but ASCII) and before
 * the full stop of a sentence. NULL when there is none.
 */
const char *link_find(const char *s, size_t *n);

#endif
