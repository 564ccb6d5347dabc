/*
 * Opening a SQLite database the way this product needs it: WAL, FULL unless
 * said, foreign keys, its owner's only. Called by sql.c alone.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <time.h>
#include <unistd.h>

#include "sql_priv.h"

void
sql_pause_ms(long ms)
{
	struct timespec ts = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&ts, NULL);
}

/*
 * Going over to WAL wants the file for itself and does not ask the busy
 * handler: two processes that open a new file at once meet here.
 */
static int
set_wal(sqlite3 *db)
{
	int rc = SQLITE_BUSY;

	for (int ms = 0; rc == SQLITE_BUSY && ms < SQL_BUSY_TIMEOUT_MS;
	     ms += SQL_BUSY_STEP_MS) {
		rc = sqlite3_exec(
		    db, "PRAGMA journal_mode=WAL", NULL, NULL, NULL);
		if ((rc & 0xff) == SQLITE_BUSY) {
			rc = SQLITE_BUSY;
			sql_pause_ms(SQL_BUSY_STEP_MS);
		}
	}
	return rc;
}

static int
set_up(sqlite3 *db, int flags)
{
	int rc = sqlite3_busy_timeout(db, SQL_BUSY_TIMEOUT_MS);

	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db,
		    "PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;"
		    "PRAGMA wal_autocheckpoint=4000;"
		    "PRAGMA journal_size_limit=67108864",
		    NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db,
		    flags & (SQL_SYNC_NORMAL | SQL_SYNC_LATER)
			? "PRAGMA synchronous=NORMAL"
			: "PRAGMA synchronous=FULL",
		    NULL, NULL, NULL);
	if (rc == SQLITE_OK && (flags & SQL_READ_ONLY) == 0)
		rc = set_wal(db);
	if (rc == SQLITE_OK) /* reads the file: is it a database at all? */
		rc = sqlite3_exec(db, "SELECT 1 FROM sqlite_schema LIMIT 1",
		    NULL, NULL, NULL);
	return rc;
}

/*
 * A new database is its owner's only; -wal and -shm take its mode. O_EXCL,
 * because closing a descriptor of a file that SQLite has open drops SQLite's
 * locks on it (fcntl(2), POSIX advisory locks).
 */
static void
make_private(const char *path)
{
	int fd;

	if (path[0] == '\0' || path[0] == ':')
		return;
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd != -1)
		close(fd);
}

/* Before its first use: no count of bytes, which costs a mutex a malloc. */
static void
configure(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

sqlite3 *
sql_connect(const char *path, int flags, struct err *e)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	sqlite3 *db = NULL;
	int rc, how = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;

	pthread_once(&once, configure);
	if (flags & SQL_READ_ONLY)
		how |= SQLITE_OPEN_READONLY;
	else {
		how |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
		make_private(path);
	}
	rc = sqlite3_open_v2(path, &db, how, NULL);
	if (rc == SQLITE_OK)
		rc = set_up(db, flags);
	if (rc == SQLITE_OK)
		rc = sql_fts_register(db);
	if (rc == SQLITE_OK)
		return db;
	err_set(e, ERR_FAILED, "%s: %s", path,
	    db != NULL ? sqlite3_errmsg(db) : sqlite3_errstr(rc));
	sqlite3_close(db);
	return NULL;
}
