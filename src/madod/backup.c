/* One file that holds a desk: see backup.h. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <mado/buf.h>
#include <mado/mem.h>
#include <mado/model.h>

#include "backup.h"
#include "schema.h"

/* What belongs to a desk beside its store, from state_dir. */
static const char *const backup_keys[] = {
    "tls.crt", "tls.key", "ticket.key", NULL};

enum { BACKUP_FILE_MAX_B = 900 << 20 };

/* Nothing when it is not there: what is unsent or erased goes at any time. */
static int
backup_file(struct sql *db, const char *dir, const char *name, struct err *e)
{
	char *path = x_sprintf("%s/%s", dir, name);
	struct buf b = {0};
	struct err why = {0};

	if (buf_read_file(&b, path, BACKUP_FILE_MAX_B, &why) == 0)
		sql_run(db, "INSERT INTO backup_file VALUES(?1,?2)", "sb", name,
		    buf_str(&b), b.n);
	buf_free(&b);
	x_free(path);
	return why.code == ERR_NONE || why.code == ERR_NOTFOUND
	    ? 0
	    : err_set(e, why.code, "%s", why.msg);
}

/* All files of a folder of state_dir: what customers sent, what we send. */
static int
backup_folder(
    struct sql *db, const char *dir, const char *folder, struct err *e)
{
	char *path = x_sprintf("%s/%s", dir, folder), *name;
	DIR *d = opendir(path);
	struct dirent *de;
	int rv = 0;

	if (d == NULL && errno != ENOENT)
		rv = err_set(e, ERR_FAILED, "%s: %s", path, strerror(errno));
	while (rv == 0 && d != NULL && (de = readdir(d)) != NULL) {
		if (de->d_name[0] == '.' || strstr(de->d_name, ".part"))
			continue;
		name = x_sprintf("%s/%s", folder, de->d_name);
		rv = backup_file(db, dir, name, e);
		x_free(name);
	}
	if (d != NULL)
		closedir(d);
	x_free(path);
	return rv;
}

int
backup_write(
    struct sql *db, const char *state_dir, const char *path, struct err *e)
{
	struct sql *copy = NULL;
	int i, rv = -1;

	if (access(path, F_OK) == 0)
		return err_set(e, ERR_CONFLICT, "%s is there already", path);
	if (sql_backup(db, path, e) == -1)
		return -1;
	chmod(path, 0600);
	if ((copy = sql_open(path, 0, e)) == NULL)
		goto out;
	sql_script(copy,
	    "PRAGMA journal_mode=DELETE;"
	    "CREATE TABLE backup_file(name TEXT PRIMARY KEY, data BLOB);"
	    "BEGIN");
	for (i = 0; backup_keys[i] != NULL; i++)
		if (backup_file(copy, state_dir, backup_keys[i], e) == -1)
			goto out;
	if (backup_folder(copy, state_dir, "media", e) == -1 ||
	    backup_folder(copy, state_dir, "files", e) == -1 ||
	    backup_folder(copy, state_dir, "faq", e) == -1)
		goto out;
	sql_script(copy, "COMMIT");
	rv = sql_err(copy, e);
out:
	sql_close(copy);
	if (rv == -1)
		unlink(path);
	return rv;
}

/* Its folder may not be there yet: a desk makes faq/ when it is used. */
static int
restore_file(const char *state_dir, const char *name, const void *p, size_t n,
    struct err *e)
{
	char *path = x_sprintf("%s/%s", state_dir, name);
	char *dir = x_strndup(path, (size_t)(strrchr(path, '/') - path));
	int rv = file_mkdirs(dir, 0700, e);

	if (rv == 0)
		rv = file_write(path, p, n, 0600, e);
	x_free(dir);
	x_free(path);
	return rv;
}

static int
restore_files(struct sql *db, const char *state_dir, struct err *e)
{
	struct sql_rows *q;
	const void *p;
	const char *name;
	int rv = 0;
	size_t n;

	q = sql_query(db, "SELECT name,data FROM backup_file", "");
	while (rv == 0 && sql_next(q)) {
		name = sql_text(q, 0);
		if (strstr(name, "..") != NULL || name[0] == '/') {
			rv = err_set(e, ERR_INVALID,
			    "the backup holds a file named %s", name);
			break;
		}
		p = sql_blob(q, 1, &n);
		rv = restore_file(state_dir, name, p, n, e);
	}
	sql_done(q);
	return rv;
}

/* Nothing that was still to be sent may leave again from here. */
static const char restore_undecided[] =
    "UPDATE message SET state=4, error='restored from a backup: it may have"
    " been sent since' WHERE id IN (SELECT message FROM outbox WHERE"
    " state<3);"
    "UPDATE outbox SET state=3, request=NULL, send_at=NULL; DELETE FROM request;"
    "DELETE FROM reply_token;"
    "UPDATE conversation SET mode=1 WHERE number IN(SELECT conversation FROM"
    " asked); DELETE FROM asked;"
    "UPDATE conversation SET problems=(SELECT count(*) FROM outbox o JOIN"
    " message m ON m.id=o.message WHERE m.conversation=number)"
    " WHERE number IN (SELECT m.conversation FROM outbox o JOIN message m"
    " ON m.id=o.message);"
    "DROP TABLE backup_file; COMMIT;";

/* A damaged file must not take the place of a store that works. */
static int
restore_checked(struct sql *db, const char *from, struct err *e)
{
	char *says = sql_get_text(db, "PRAGMA quick_check(1)", "");
	int rv = sql_err(db, e);

	if (rv == 0 && (says == NULL || strcmp(says, "ok") != 0))
		rv = err_set(e, ERR_INVALID, "%s is damaged: %s", from,
		    says == NULL ? "" : says);
	x_free(says);
	return rv;
}

static int
restore_copy(const char *from, const char *to, struct err *e)
{
	struct sql *db = sql_open(from, SQL_READ_ONLY, e);
	int rv;

	if (db == NULL)
		return -1;
	if (sql_get_int(db, 0,
		"SELECT count(*) FROM sqlite_master WHERE name"
		" IN ('backup_file','feed')",
		"") != 2) {
		sql_err(db, NULL);
		rv = err_set(
		    e, ERR_INVALID, "%s is not a backup that madod made", from);
	} else if ((rv = restore_checked(db, from, e)) == 0)
		rv = sql_backup(db, to, e);
	sql_close(db);
	return rv;
}

/* The old store steps aside, with its journal. */
static void
restore_aside(const char *store)
{
	static const char *const parts[] = {"", "-wal", "-shm"};
	char *from, *to;
	int i;

	for (i = 0; i < 3; i++) {
		from = x_sprintf("%s%s", store, parts[i]);
		to = x_sprintf("%s.replaced%s", store, parts[i]);
		unlink(to);
		rename(from, to);
		x_free(from);
		x_free(to);
	}
}

/* The epoch of the store that steps aside: one backup may be restored twice,
 * and clients must notice the second time, too. */
static int64_t
restore_epoch_before(const char *store)
{
	struct sql *db = NULL;
	int64_t epoch = 0;

	if (access(store, F_OK) == 0)
		db = sql_open(store, SQL_READ_ONLY, NULL);
	if (db != NULL) {
		epoch = sql_get_int(
		    db, 0, "SELECT value FROM meta WHERE name='epoch'", "");
		sql_err(db, NULL);
	}
	sql_close(db);
	return epoch;
}

int
backup_restore(
    const char *path, const char *store, const char *state_dir, struct err *e)
{
	char *fresh = x_sprintf("%s.restoring", store);
	struct sql *db = NULL;
	int rv = -1;

	unlink(fresh);
	if (restore_copy(path, fresh, e) == -1 ||
	    schema_migrate_copy(fresh, e) == -1 ||
	    (db = sql_open(fresh, 0, e)) == NULL ||
	    restore_files(db, state_dir, e) == -1)
		goto out;
	sql_script(db, "PRAGMA journal_mode=DELETE; BEGIN");
	sql_run(db, "UPDATE meta SET value=max(value,?1)+1 WHERE name='epoch'",
	    "i", restore_epoch_before(store));
	sql_script(db, restore_undecided);
	if ((rv = sql_err(db, e)) == -1)
		goto out;
	sql_close(db);
	db = NULL;
	restore_aside(store);
	if (rename(fresh, store) == -1)
		rv = err_set(e, ERR_FAILED, "%s: %s", store, strerror(errno));
out:
	sql_close(db);
	if (rv == -1)
		unlink(fresh);
	x_free(fresh);
	return rv;
}
