/* What sql.c lends to the other files of the SQLite backend. */
#ifndef SQL_PRIV_H
#define SQL_PRIV_H

#include <sqlite3.h>

#include <mado/sql.h>

enum { SQL_BUSY_TIMEOUT_MS = 5000, SQL_BUSY_STEP_MS = 20 };

/* NULL and ERR_FAILED. Caller closes it with sqlite3_close(). */
sqlite3 *sql_connect(const char *path, int flags, struct err *e);
/* What sql_set_tokenizer() was given, for a new connection. */
int sql_fts_register(sqlite3 *db);
sqlite3 *sql_handle(struct sql *db);
/* What a result code of SQLite means to callers. */
enum err_code sql_code_of(int rc);
void sql_pause_ms(long ms);

/* The thread that syncs and folds the log of a handle. */
struct sql_keep;
/* each: every commit is synced. NULL and ERR_BUSY. Caller frees with
 * sql_keep_free(), which waits for what is due, before it closes db. */
struct sql_keep *sql_keep_new(
    sqlite3 *db, const char *path, bool each, struct err *e);
void sql_keep_free(struct sql_keep *k);
/* Is all that was to be synced? */
bool sql_keep_is_done(struct sql_keep *k);
/* A result code that is not SQLITE_OK once after each failure. */
int sql_keep_failure(struct sql_keep *k);

#endif
