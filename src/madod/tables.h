/* The option --tables: what the manual holds of madod's tables. */
#ifndef MADOD_TABLES_H
#define MADOD_TABLES_H

/* Rows on standard output, see <mado/manual.h>. */
void tables_print(void);

#endif
