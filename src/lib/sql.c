/*
 * The statement-level store over SQLite: one handle a thread, statements
 * prepared once and found again by their text's address, errors that stick
 * until asked for. Knows no table. Called by the q_*.c of madod (writer,
 * reader, loop: a handle each) and by mado's store.
 */
#include <errno.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <string.h>

#include <mado/mem.h>
#include <mado/sql.h>

#include "sql_priv.h"

enum {
	SLOTS_MIN = 64,
	SHOWN_B = 80 /* of a statement, in an error */
};

struct sql_rows {
	struct sql *db;
	sqlite3_stmt *stmt;
	const char *key;   /* the caller's text, by address */
	char *text;        /* a copy: says whether the address was reused */
	unsigned failures; /* the handle's, when it began */
	bool active;
};

struct sql {
	sqlite3 *db;
	struct sql_keep *keep;  /* NULL: commits wait for the disk */
	struct sql_rows **slot; /* open addressing, a power of two */
	size_t slots, used;
	struct err err;
	unsigned failures;
	bool failed, broken;
};

/* errors */

/*
 * Has the file system refused for good? A write that found no room changed
 * nothing and may be tried again; so may the -shm file, which holds nothing
 * durable. After any other failure, and after every failed fsync, the kernel
 * may have dropped pages that it still shows. `why` is errno, set to 0 before
 * the call: sqlite3_system_errno() stays 0 when it is a COMMIT that fails.
 */
static bool
is_fatal(int rc, int why)
{
	switch (rc) {
	case SQLITE_IOERR_SHMOPEN:
	case SQLITE_IOERR_SHMSIZE:
	case SQLITE_IOERR_SHMLOCK:
	case SQLITE_IOERR_SHMMAP:
		return false;
	case SQLITE_IOERR_FSYNC:
	case SQLITE_IOERR_DIR_FSYNC:
		return true;
	default:
		return (rc & 0xff) == SQLITE_IOERR && why != ENOSPC &&
		    why != EDQUOT && why != EFBIG;
	}
}

enum err_code
sql_code_of(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_PROTOCOL:
		return ERR_BUSY;
	default:
		return ERR_INTERNAL;
	}
}

static int
fail(struct sql *db, enum err_code code, const char *why, const char *text)
{
	if (!db->failed)
		err_set(
		    &db->err, code, "store: %s, in: %.*s", why, SHOWN_B, text);
	db->failed = true;
	db->failures++;
	return -1;
}

static int
fail_rc(struct sql *db, int rc, const char *text)
{
	if (is_fatal(rc, errno))
		db->broken = true;
	return fail(db, sql_code_of(rc), sqlite3_errmsg(db->db), text);
}

/* A sync that was not waited for has failed. */
static void
take_failure(struct sql *db)
{
	int rc = db->keep == NULL ? SQLITE_OK : sql_keep_failure(db->keep);

	if (rc == SQLITE_OK)
		return;
	db->broken = db->broken || is_fatal(rc, EIO);
	fail(db, sql_code_of(rc), sqlite3_errstr(rc), "sync");
}

int
sql_err(struct sql *db, struct err *e)
{
	take_failure(db);
	if (!db->failed)
		return 0;
	err_set(e, db->err.code, "%s", db->err.msg);
	err_clear(&db->err);
	db->failed = false;
	return -1;
}

bool
sql_is_broken(struct sql *db)
{
	return db->broken;
}

sqlite3 *
sql_handle(struct sql *db)
{
	return db->db;
}

bool
sql_is_synced(struct sql *db)
{
	return db->keep == NULL || sql_keep_is_done(db->keep);
}

bool
sql_in_transaction(struct sql *db)
{
	return sqlite3_get_autocommit(db->db) == 0;
}

/* open and close */

struct sql *
sql_open(const char *path, int flags, struct err *e)
{
	sqlite3 *handle = sql_connect(path, flags, e);
	struct sql *db;

	if (handle == NULL)
		return NULL;
	db = x_new(struct sql);
	db->db = handle;
	if ((flags & (SQL_SYNC_NORMAL | SQL_SYNC_LATER)) != 0 &&
	    (db->keep = sql_keep_new(
		 handle, path, (flags & SQL_SYNC_LATER) != 0, e)) == NULL) {
		sqlite3_close(handle);
		x_free(db);
		return NULL;
	}
	db->slots = SLOTS_MIN;
	db->slot = x_calloc(db->slots, sizeof(struct sql_rows *));
	return db;
}

static void
rows_free(struct sql_rows *q)
{
	if (q == NULL)
		return;
	sqlite3_finalize(q->stmt);
	x_free(q->text);
	x_free(q);
}

void
sql_close(struct sql *db)
{
	if (db == NULL)
		return;
	for (size_t i = 0; i < db->slots; i++)
		rows_free(db->slot[i]);
	x_free(db->slot);
	sql_keep_free(db->keep);
	sqlite3_close(db->db);
	x_free(db);
}

/* the statements */

static struct sql_rows **
slot_of(struct sql *db, const char *key)
{
	size_t i =
	    (size_t)((uintptr_t)key * UINT64_C(0x9e3779b97f4a7c15) >> 32);

	while (db->slot[i & (db->slots - 1)] != NULL &&
	    db->slot[i & (db->slots - 1)]->key != key)
		i++;
	return &db->slot[i & (db->slots - 1)];
}

static void
slots_grow(struct sql *db)
{
	struct sql_rows **old = db->slot;
	size_t n = db->slots;

	db->slots = n * 2;
	db->slot = x_calloc(db->slots, sizeof(struct sql_rows *));
	for (size_t i = 0; i < n; i++)
		if (old[i] != NULL)
			*slot_of(db, old[i]->key) = old[i];
	x_free(old);
}

/* Prepare, or prepare anew where another text came under the same address. */
static int
prepare(struct sql_rows *q, const char *text)
{
	const char *tail = "";
	int rc;

	sqlite3_finalize(q->stmt);
	x_free(q->text);
	q->stmt = NULL;
	q->text = x_strdup(text);
	errno = 0;
	rc = sqlite3_prepare_v3(
	    q->db->db, text, -1, SQLITE_PREPARE_PERSISTENT, &q->stmt, &tail);
	if (rc != SQLITE_OK)
		return fail_rc(q->db, rc, text);
	if (q->stmt == NULL || tail[strspn(tail, " \t\n;")] != '\0')
		return fail(q->db, ERR_INTERNAL, "not one statement", text);
	return 0;
}

/* The statement of that text, ready to be bound; NULL on failure. */
static struct sql_rows *
find(struct sql *db, const char *text)
{
	struct sql_rows **at, *q;

	if (db->used * 2 >= db->slots)
		slots_grow(db);
	at = slot_of(db, text);
	if (*at == NULL) {
		*at = x_new(struct sql_rows);
		(*at)->db = db;
		(*at)->key = text;
		db->used++;
	}
	q = *at;
	if (q->active && q->failures == db->failures) {
		fail(db, ERR_INTERNAL, "a query within itself", text);
		return NULL;
	}
	sql_done(q); /* left open by somebody whom a failure sent home */
	if (q->stmt == NULL || strcmp(q->text, text) != 0)
		return prepare(q, text) == 0 ? q : NULL;
	return q;
}

static int
bind_blob(sqlite3_stmt *stmt, int i, const void *p, size_t n)
{
	if (p == NULL)
		return sqlite3_bind_null(stmt, i);
	return sqlite3_bind_blob64(stmt, i, p, n, SQLITE_STATIC);
}

static int
bind_time(sqlite3_stmt *stmt, int i, int64_t ms)
{
	return ms == 0 ? sqlite3_bind_null(stmt, i)
		       : sqlite3_bind_int64(stmt, i, ms);
}

static int
bind_all(sqlite3_stmt *stmt, const char *fmt, va_list ap)
{
	const void *p;
	int rc = SQLITE_OK;

	for (int i = 1; *fmt != '\0' && rc == SQLITE_OK; fmt++, i++) {
		switch (*fmt) {
		case 'i':
			rc = sqlite3_bind_int64(stmt, i, va_arg(ap, int64_t));
			break;
		case 'd':
			rc = sqlite3_bind_int(stmt, i, va_arg(ap, int));
			break;
		case 't':
			rc = bind_time(stmt, i, va_arg(ap, int64_t));
			break;
		case 's':
			rc = sqlite3_bind_text(stmt, i,
			    va_arg(ap, const char *), -1, SQLITE_STATIC);
			break;
		case 'b':
			p = va_arg(ap, const void *);
			rc = bind_blob(stmt, i, p, va_arg(ap, size_t));
			break;
		default:
			rc = SQLITE_MISUSE;
		}
	}
	return rc;
}

static struct sql_rows *
begin(struct sql *db, const char *text, const char *fmt, va_list ap)
{
	struct sql_rows *q;
	int rc;

	if (db->failed || (q = find(db, text)) == NULL)
		return NULL;
	if ((size_t)sqlite3_bind_parameter_count(q->stmt) != strlen(fmt)) {
		fail(db, ERR_INTERNAL, "wrong number of arguments", text);
		return NULL;
	}
	rc = bind_all(q->stmt, fmt, ap);
	if (rc != SQLITE_OK) {
		fail_rc(db, rc, text);
		return NULL;
	}
	q->active = true;
	q->failures = db->failures;
	return q;
}

struct sql_rows *
sql_query(struct sql *db, const char *text, const char *fmt, ...)
{
	struct sql_rows *q;
	va_list ap;

	va_start(ap, fmt);
	q = begin(db, text, fmt, ap);
	va_end(ap);
	return q;
}

bool
sql_next(struct sql_rows *q)
{
	int rc;

	if (q == NULL || !q->active)
		return false;
	if (q->db->failed) {
		sql_done(q);
		return false;
	}
	errno = 0;
	rc = sqlite3_step(q->stmt);
	if (rc == SQLITE_ROW)
		return true;
	if (rc != SQLITE_DONE)
		fail_rc(q->db, rc, q->text);
	sql_done(q);
	return false;
}

void
sql_done(struct sql_rows *q)
{
	if (q == NULL || !q->active)
		return;
	q->active = false;
	sqlite3_reset(q->stmt); /* its failure was sql_next()'s already */
	sqlite3_clear_bindings(q->stmt);
}

int
sql_run(struct sql *db, const char *text, const char *fmt, ...)
{
	struct sql_rows *q;
	va_list ap;

	va_start(ap, fmt);
	q = begin(db, text, fmt, ap);
	va_end(ap);
	while (sql_next(q))
		continue;
	return db->failed ? -1 : 0;
}

int
sql_script(struct sql *db, const char *text)
{
	int rc;

	if (db->failed)
		return -1;
	errno = 0;
	rc = sqlite3_exec(db->db, text, NULL, NULL, NULL);
	return rc == SQLITE_OK ? 0 : fail_rc(db, rc, text);
}

/* columns */

int64_t
sql_int(struct sql_rows *q, int col)
{
	return q == NULL ? 0 : sqlite3_column_int64(q->stmt, col);
}

const char *
sql_text(struct sql_rows *q, int col)
{
	if (q == NULL)
		return NULL;
	return (const char *)sqlite3_column_text(q->stmt, col);
}

const void *
sql_blob(struct sql_rows *q, int col, size_t *n)
{
	const void *p;

	*n = 0;
	if (q == NULL)
		return NULL;
	p = sqlite3_column_blob(q->stmt, col);
	*n = (size_t)sqlite3_column_bytes(q->stmt, col);
	return p;
}

bool
sql_is_null(struct sql_rows *q, int col)
{
	return q == NULL || sqlite3_column_type(q->stmt, col) == SQLITE_NULL;
}

int64_t
sql_get_int(
    struct sql *db, int64_t fallback, const char *text, const char *fmt, ...)
{
	struct sql_rows *q;
	va_list ap;

	va_start(ap, fmt);
	q = begin(db, text, fmt, ap);
	va_end(ap);
	if (sql_next(q) && !sql_is_null(q, 0))
		fallback = sql_int(q, 0);
	sql_done(q);
	return fallback;
}

char *
sql_get_text(struct sql *db, const char *text, const char *fmt, ...)
{
	struct sql_rows *q;
	va_list ap;
	char *copy = NULL;

	va_start(ap, fmt);
	q = begin(db, text, fmt, ap);
	va_end(ap);
	if (sql_next(q))
		copy = x_strdup(sql_text(q, 0));
	sql_done(q);
	return copy;
}

int64_t
sql_last_id(struct sql *db)
{
	return sqlite3_last_insert_rowid(db->db);
}

int64_t
sql_changes(struct sql *db)
{
	return sqlite3_changes64(db->db);
}

int64_t
sql_total_changes(struct sql *db)
{
	return sqlite3_total_changes64(db->db);
}
