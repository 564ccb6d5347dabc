/*
 * Tables as spreadsheets export them, read whole or not at all. Owns encodings
 * (UTF-8 with or without BOM, UTF-16 with one, Shift_JIS), separators and
 * quotes; knows nothing of what the cells mean.
 */
#ifndef MADOD_FAQ_TSV_H
#define MADOD_FAQ_TSV_H

#include <mado/mem.h>

#include "faq.h"

enum { FAQ_COLS = 8, FAQ_ROWS_MAX = 1 << 20, FAQ_CELL_MAX_B = 64 << 10 };

struct faq_cells {
	const char *v[FAQ_COLS]; /* "" when the row is shorter */
	size_t line;             /* where the row begins, from 1 */
};

struct faq_table {
	const char *name;
	struct faq_cells *rows;
	size_t n, cap;
};

/*
 * Read a source of at least min_cols and at most max_cols columns; empty rows
 * are left out, empty cells past max_cols ignored. Tabs separate, or commas
 * when the name ends in .csv or the first row has no tab though it needs one.
 * "Quoted" cells may hold separators, line feeds and "" for a quote.
 * The cells live in a, t->rows until faq_table_free(). ERR_INVALID with name,
 * line and column.
 */
struct faq_shape {
	int min_cols, max_cols;
};
int faq_table_read(struct faq_table *t, struct arena *a,
    const struct faq_source *src, struct faq_shape shape, struct err *e);
/* A first row whose first cell holds that word is a title: it goes. */
void faq_table_drop_title(struct faq_table *t, const char *title);
void faq_table_free(struct faq_table *t);
/* "NAME:LINE:COLUMN: ..." as ERR_INVALID; col counts cells from 1. */
int faq_table_error(const struct faq_table *t, size_t row, int col,
    struct err *e, const char *fmt, ...) __attribute__((format(printf, 5, 6)));

#endif
