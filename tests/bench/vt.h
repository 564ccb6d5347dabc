/*
 * As much of a terminal as the inbox needs to be seen: the grid of characters
 * after a stream of xterm's sequences. Colours and modes are read over, and
 * of questions only those that every terminal answers are answered.
 */
#ifndef TESTS_BENCH_VT_H
#define TESTS_BENCH_VT_H

#include <stdbool.h>
#include <stddef.h>

struct vt;

/* Caller frees with vt_free(). */
struct vt *vt_new(int rows, int cols);
void vt_free(struct vt *v);
void vt_feed(struct vt *v, const char *p, size_t n);
/* What the terminal has to say since it was last asked; "" for nothing; lent
 * until the next vt_feed(). */
const char *vt_reply(struct vt *v);
/* A row (from 0) as UTF-8 without its trailing blanks; lent until the next
 * call. */
const char *vt_row(struct vt *v, int row);
/* Does any row hold it? */
bool vt_shows(struct vt *v, const char *text);
/* Rows that are not blank. */
int vt_filled(struct vt *v);

#endif
