/*
 * The statement-level store: SQL in ?N form, prepared once, bound by a format
 * string. SQLite stands behind it (PostgreSQL one day). Errors stick: after a
 * failure every call on the handle is a no-op that fails, until sql_err() is
 * asked; so a run of statements is checked once, at its end.
 */
#ifndef MADO_SQL_H
#define MADO_SQL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mado/err.h>

struct sql;
struct sql_rows; /* a statement being stepped */

enum sql_flags {
	SQL_READ_ONLY = 1,
	/* Without either, a commit returns when it is on the disk. */
	SQL_SYNC_NORMAL = 2, /* commits reach it some time, in order */
	SQL_SYNC_LATER = 4   /* at once, but beside us: sql_is_synced() */
};

/*
 * How full-text search cuts the n bytes at text into what can be found: call
 * token(arg, ..) for each piece; a result that is not 0 ends it, and is
 * returned. Bytes of a piece are lent during the call.
 */
typedef int sql_cut_fn(const char *text, size_t n,
    int (*token)(void *arg, const char *p, size_t n), void *arg);
/*
 * Give every database opened from now on a tokenizer of that name, for tables
 * of FTS5 (tokenize='NAME'). Only what is stored is cut: a string in a query
 * is one token as it stands, so that whoever asks says which tokens. Once, at
 * the start, before the first sql_open(); name is a constant. For the whole
 * process, because a connection without it cannot even write to such a table.
 */
void sql_set_tokenizer(const char *name, sql_cut_fn *cut);

/* Open (and make with mode 0600, unless read-only) a database in WAL mode,
 * foreign keys on, busy time-out 5 s. One handle belongs to one thread. NULL
 * and ERR_FAILED. Caller frees with sql_close(). */
struct sql *sql_open(const char *path, int flags, struct err *e);
void sql_close(struct sql *db);

/*
 * fmt has a letter per argument, bound to ?1, ?2 ..:
 *   i int64_t   d int   s const char * (NULL: null)   t int64_t, 0 is null
 *   b const void *, size_t (blob)
 * `text` must be a string constant: statements are cached by its address.
 * Bound strings must live until the statement is done.
 */
/* Run to the end, rows ignored. 0 or -1. */
int sql_run(struct sql *db, const char *text, const char *fmt, ...);
/* Begin a query; step with sql_next(); it resets itself at the end, or by
 * sql_done() when left early. Two queries of the same text must not nest.
 * NULL after a failure, which every function on rows takes: no row, 0, NULL. */
struct sql_rows *sql_query(
    struct sql *db, const char *text, const char *fmt, ...);
bool sql_next(struct sql_rows *q);
void sql_done(struct sql_rows *q);
/* Columns from 0. Text is lent until the next step; NULL for null. */
int64_t sql_int(struct sql_rows *q, int col);
const char *sql_text(struct sql_rows *q, int col);
const void *sql_blob(struct sql_rows *q, int col, size_t *n);
bool sql_is_null(struct sql_rows *q, int col);
/* The first column of the first row, or the fallback. */
int64_t sql_get_int(
    struct sql *db, int64_t fallback, const char *text, const char *fmt, ...);
/* As above; NULL if none. Caller frees with x_free(). */
char *sql_get_text(struct sql *db, const char *text, const char *fmt, ...);
/* Run several statements from a text that need not be constant (schema). */
int sql_script(struct sql *db, const char *text);
/* Is all that this handle has committed on the disk? For SQL_SYNC_LATER; a sync
 * that fails is sql_err()'s. */
bool sql_is_synced(struct sql *db);
int64_t sql_last_id(struct sql *db);
int64_t sql_changes(struct sql *db);
/* Rows that this handle has ever changed: did a run of statements? */
int64_t sql_total_changes(struct sql *db);

/* Has anything failed? Fills e with the first failure, forgets it, returns -1;
 * else 0. ERR_BUSY for a full or read-only disk, an I/O error or a lock that
 * was not got in time, ERR_INTERNAL else. */
int sql_err(struct sql *db, struct err *e);
/* After sql_err(): did SQLite roll the whole transaction back by itself? */
bool sql_in_transaction(struct sql *db);
/* Did an fsync or a write ever fail for good (SQLITE_IOERR), not just a full
 * disk (or quota)? Then the process must end: the page cache can lie. */
bool sql_is_broken(struct sql *db);
/*
 * Copy the whole database into a fresh file (0600), consistent, while others
 * write, and fsync it; not within a transaction of db itself. ERR_CONFLICT
 * when path is there already; nothing is left of a copy that failed.
 */
int sql_backup(struct sql *db, const char *path, struct err *e);

#endif
