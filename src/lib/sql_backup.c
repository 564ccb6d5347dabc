/*
 * A copy of a SQLite database that is in use, whole and of one moment. Beside
 * sql.c, which owns the handle. Called by madod's backup and before migrations.
 */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include <mado/buf.h>
#include <mado/sql.h>

#include "sql_priv.h"

/*
 * One step over all pages: it holds one read transaction, so that the copy
 * is of one moment, and under WAL no writer waits for it.
 */
static int
copy_pages(sqlite3 *to, sqlite3 *from)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
	int rc = SQLITE_BUSY;

	if (b == NULL)
		return sqlite3_errcode(to);
	for (int ms = 0; ms < SQL_BUSY_TIMEOUT_MS; ms += SQL_BUSY_STEP_MS) {
		rc = sqlite3_backup_step(b, -1);
		if ((rc & 0xff) != SQLITE_BUSY && rc != SQLITE_LOCKED)
			break;
		sql_pause_ms(SQL_BUSY_STEP_MS);
	}
	sqlite3_backup_finish(b);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int
copy_into(sqlite3 *from, const char *path)
{
	sqlite3 *to = NULL;
	int rc = sqlite3_open_v2(
	    path, &to, SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE, NULL);

	if (rc == SQLITE_OK) /* file_sync() comes once, at the end */
		rc = sqlite3_exec(to,
		    "PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF", NULL,
		    NULL, NULL);
	if (rc == SQLITE_OK)
		rc = copy_pages(to, from);
	sqlite3_close(to);
	return rc;
}

int
sql_backup(struct sql *db, const char *path, struct err *e)
{
	int fd, rc;

	if (sql_in_transaction(db))
		return err_set(
		    e, ERR_INTERNAL, "%s: a backup within a transaction", path);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1)
		return err_set(e, errno == EEXIST ? ERR_CONFLICT : ERR_FAILED,
		    "%s: %s", path, strerror(errno));
	close(fd);
	rc = copy_into(sql_handle(db), path);
	if (rc != SQLITE_OK)
		err_set(e, sql_code_of(rc), "%s: %s", path, sqlite3_errstr(rc));
	else if (file_sync(path, e) == 0)
		return 0;
	unlink(path);
	return -1;
}
