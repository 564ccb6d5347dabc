/*
 * The rows of the manual pages, read off the programs' own tables. The option
 * --tables prints them, tests/mantables puts them into man/ and checks that
 * the pages hold no others.
 */
#ifndef MADO_MANUAL_H
#define MADO_MANUAL_H

#include <mado/conf.h>

/* One row on standard output: the table's name and its columns, up to a NULL,
 * with tabs between them. */
void manual_row(const char *table, ...) __attribute__((sentinel));
/* A row for each key of a section: key, what it takes, default, help. */
void manual_keys(
    const char *table, const struct conf_key *keys, const char *section);
/* A row for each error: code on the wire, HTTP status, exit code. */
void manual_errors(const char *table);

#endif
