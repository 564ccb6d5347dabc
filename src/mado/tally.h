/*
 * How many conversations are in each saved view, kept without asking again:
 * one look at all of them in slices, then each when it changes, and each when
 * time alone moves it (waiting>30m). Knows no screen.
 */
#ifndef MADO_TALLY_H
#define MADO_TALLY_H

#include <mado/loop.h>

#include "store.h"
#include "views.h"

struct tally;

/* changed: a count is another than it was. Lent: all but the return. Caller
 * frees with tally_free(). NULL when there are no views. */
struct tally *tally_new(struct loop *l, struct store *s,
    const struct views *views, const char *me, void (*changed)(void *arg),
    void *arg);
void tally_free(struct tally *t);
/* Everything may have changed: look at all anew. */
void tally_begin(struct tally *t);
/* One conversation changed. */
void tally_touch(struct tally *t, int64_t number);
/* How many are in the i-th view; -1 while they are counted. */
int64_t tally_count(const struct tally *t, size_t i);

#endif
