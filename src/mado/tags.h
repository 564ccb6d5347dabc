/*
 * The tags that are in use at the desk, for completion and the palette: as it
 * told when it was last reached.
 */
#ifndef MADO_TAGS_H
#define MADO_TAGS_H

#include <mado/mem.h>

#include "store.h"

/* The most used first; "@name" is a contact's. Valid until the arena is
 * reset. */
size_t tags_known(struct store *s, struct arena *a, const char ***out);

#endif
