/*
 * When the index of search is written: in slices of a few milliseconds, a
 * moment after commits, while the writer has nothing else to do, so that no
 * webhook pays for it. Knows when, not how (act_search.c).
 */
#ifndef MADOD_INDEXER_H
#define MADOD_INDEXER_H

#include "madod.h"

/* Begins with what the last madod has left. */
struct indexer *indexer_new(struct madod *m);
/* After the writer has ended: its last slice calls back. */
void indexer_free(struct indexer *x);
/* There may be new messages. */
void indexer_wake(struct indexer *x);

#endif
