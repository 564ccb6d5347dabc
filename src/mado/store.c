/*
 * The local store: opening, sealing, transactions, forgetting. The tables'
 * own files are store_conv.c, store_msg.c and store_own.c. Talks to no
 * server and no screen; several processes may have the same store open.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <mado/crypto.h>
#include <mado/when.h>

#include "i18n.h"
#include "store_impl.h"

#define CHECK_CONTEXT "check:1"
#define CHECK_TEXT    "madoguchi store"

enum { VERSION = 1, TRIM_ROWS = 2000, DAY_MS = 24 * 3600 * 1000 };

/* clang-format off */
static const char schema_db[] =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE IF NOT EXISTS meta ("
    "  name TEXT PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS conv ("
    "  number INTEGER PRIMARY KEY, rev INT NOT NULL, contact INT NOT NULL,"
    "  views INT NOT NULL, ord TEXT NOT NULL, resolved_ms INT,"
    "  sealed BLOB NOT NULL);"
    "CREATE INDEX IF NOT EXISTS conv_contact ON conv (contact, number);"
    "CREATE INDEX IF NOT EXISTS conv_resolved ON conv (resolved_ms)"
    "  WHERE resolved_ms IS NOT NULL;"
    /* One row for each view that a conversation is in: a window of any view
     * is one range of this key. */
    "CREATE TABLE IF NOT EXISTS listing ("
    "  view INT, ord TEXT, number INT, PRIMARY KEY (view, ord, number))"
    "  WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS counts ("
    "  view INTEGER PRIMARY KEY, n INT NOT NULL);"
    "CREATE TRIGGER IF NOT EXISTS listing_in AFTER INSERT ON listing BEGIN"
    "  INSERT INTO counts VALUES (NEW.view, 1)"
    "    ON CONFLICT (view) DO UPDATE SET n = n + 1; END;"
    "CREATE TRIGGER IF NOT EXISTS listing_out AFTER DELETE ON listing BEGIN"
    "  UPDATE counts SET n = n - 1 WHERE view = OLD.view; END;"
    "CREATE TABLE IF NOT EXISTS msg ("
    "  id TEXT PRIMARY KEY, contact INT NOT NULL, conversation INT NOT NULL,"
    "  at_ms INT NOT NULL, arrival INT NOT NULL, rev INT NOT NULL,"
    "  sealed BLOB NOT NULL);"
    "CREATE INDEX IF NOT EXISTS msg_thread"
    "  ON msg (contact, at_ms, arrival, id);"
    "CREATE INDEX IF NOT EXISTS msg_conv ON msg (conversation);"
    "CREATE INDEX IF NOT EXISTS msg_at ON msg (at_ms);"
    "PRAGMA user_version = 1;"
    "COMMIT;";

static const char schema_own[] =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE IF NOT EXISTS meta ("
    "  name TEXT PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS draft ("
    "  number INT, note INT, sealed BLOB NOT NULL,"
    "  PRIMARY KEY (number, note)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS outbox ("
    "  row INTEGER PRIMARY KEY AUTOINCREMENT, number INT NOT NULL,"
    "  queued_ms INT NOT NULL, not_before_ms INT NOT NULL,"
    "  refused INT NOT NULL DEFAULT 0, lease_ms INT NOT NULL DEFAULT 0,"
    "  owner INT NOT NULL DEFAULT 0, sealed BLOB NOT NULL);"
    "CREATE TABLE IF NOT EXISTS typed ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT, contact INT NOT NULL,"
    "  sealed BLOB NOT NULL);"
    "CREATE INDEX IF NOT EXISTS typed_contact ON typed (contact, id);"
    "PRAGMA user_version = 1;"
    "COMMIT;";
/* clang-format on */

/* sealing */

void
store_seal(
    struct store *s, const char *context, const char *folded, const char *json)
{
	buf_reset(&s->plain);
	buf_reset(&s->sealed);
	buf_add(&s->plain, folded, strlen(folded) + 1);
	buf_puts(&s->plain, json);
	crypto_seal(s->key, context, s->plain.p, s->plain.n, &s->sealed);
}

const char *
store_unseal(struct store *s, const char *context, const void *p, size_t n,
    const char **folded)
{
	const char *json;

	buf_reset(&s->plain);
	if (p == NULL ||
	    crypto_open(s->key, context, p, n, &s->plain, NULL) == -1)
		return NULL;
	json = memchr(buf_str(&s->plain), '\0', s->plain.n);
	if (folded != NULL)
		*folded = buf_str(&s->plain);
	return json == NULL ? NULL : json + 1;
}

void *
store_read(const char *json, const struct json_table *t, struct arena *a)
{
	void *row = arena_calloc(a, 1, t->size);

	return json != NULL && json_read(t, json, row, a) == 0 ? row : NULL;
}

void *
store_row(struct store *s, const char *context, struct sql_rows *q, int col,
    const struct json_table *t, struct arena *a)
{
	size_t n;
	const void *p = sql_blob(q, col, &n);

	return store_read(store_unseal(s, context, p, n, NULL), t, a);
}

/* opening */

static char *
path_of(const char *dir, const char *profile, const char *what)
{
	return x_sprintf("%s/%s%s.db", dir, profile, what);
}

static void
remove_db(const char *dir, const char *profile, const char *what)
{
	static const char *const ends[] = {"", "-wal", "-shm"};
	char *path = path_of(dir, profile, what), *file;

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		file = x_sprintf("%s%s", path, ends[i]);
		unlink(file);
		x_free(file);
	}
	x_free(path);
}

static struct sql *
open_db(const char *dir, const char *profile, const char *what, int flags,
    const char *schema, struct err *e)
{
	char *path = path_of(dir, profile, what);
	struct sql *db = sql_open(path, flags, e);

	x_free(path);
	if (db == NULL)
		return NULL;
	if (sql_get_int(db, 0, "PRAGMA user_version", "") != VERSION)
		sql_script(db, schema);
	if (sql_err(db, e) == -1) {
		sql_close(db);
		return NULL;
	}
	return db;
}

/* Is the database sealed under our key? A new one is, from now on. */
static bool
key_fits(struct store *s, struct sql *db)
{
	struct sql_rows *q;
	const void *p;
	size_t n;
	bool fits, found;

	q = sql_query(db, "SELECT sealed FROM meta WHERE name = 'check'", "");
	found = sql_next(q);
	p = found ? sql_blob(q, 0, &n) : NULL;
	fits = found && store_unseal(s, CHECK_CONTEXT, p, n, NULL) != NULL;
	sql_done(q);
	if (found)
		return fits;
	store_seal(s, CHECK_CONTEXT, "", CHECK_TEXT);
	sql_run(db, "INSERT OR IGNORE INTO meta VALUES ('check', ?1)", "b",
	    s->sealed.p, s->sealed.n);
	return true;
}

/* Not what SQLite writes: a disk's fault, or somebody's editor. */
static bool
is_damaged(const char *path)
{
	static const char magic[] = "SQLite format 3";
	char head[sizeof(magic)];
	FILE *f = fopen(path, "rb");
	size_t n;

	if (f == NULL)
		return false;
	n = fread(head, 1, sizeof(head), f);
	fclose(f);
	return n > 0 && (n < sizeof(head) || memcmp(head, magic, n) != 0);
}

/* Drafts and kept acts, as nobody else has them: put aside, once with an
 * error. */
static int
put_aside(const char *dir, const char *profile, struct err *e)
{
	char *path = path_of(dir, profile, "-own");
	char *aside = x_sprintf("%s.damaged", path);

	rename(path, aside);
	remove_db(dir, profile, "-own"); /* its log is no other's */
	err_set(e, ERR_FAILED,
	    _("the drafts and kept acts of this machine are damaged, or sealed "
	      "by another key; put aside as %s, the next start begins anew"),
	    aside);
	x_free(aside);
	x_free(path);
	return -1;
}

/* What the desk has too is fetched again. */
static int
mend(const char *dir, const char *profile, struct err *e)
{
	char *path = path_of(dir, profile, "-own");
	int rc = is_damaged(path) ? put_aside(dir, profile, e) : 0;

	x_free(path);
	path = path_of(dir, profile, "");
	if (is_damaged(path))
		remove_db(dir, profile, "");
	x_free(path);
	return rc;
}

static int
open_both(struct store *s, const char *dir, const char *profile, struct err *e)
{
	if (mend(dir, profile, e) == -1)
		return -1;
	s->db = open_db(dir, profile, "", SQL_SYNC_NORMAL, schema_db, e);
	if (s->db == NULL)
		return -1;
	s->own = open_db(dir, profile, "-own", SQL_SYNC_LATER, schema_own, e);
	return s->own == NULL ? -1 : 0;
}

static void
close_both(struct store *s)
{
	sql_close(s->db);
	sql_close(s->own);
	s->db = s->own = NULL;
}

/* What another key has sealed nobody can read any more. */
static int
begin_anew(struct store *s, const char *dir, const char *profile, struct err *e)
{
	bool db = key_fits(s, s->db), own = key_fits(s, s->own), kept;

	if (db && own)
		return 0;
	kept = !own &&
	    sql_get_int(s->own, 0,
		"SELECT EXISTS(SELECT 1 FROM draft) OR"
		" EXISTS(SELECT 1 FROM outbox)",
		"") != 0;
	close_both(s);
	if (!db)
		remove_db(dir, profile, "");
	if (kept)
		return put_aside(dir, profile, e);
	if (!own)
		remove_db(dir, profile, "-own");
	if (open_both(s, dir, profile, e) == -1)
		return -1;
	key_fits(s, s->db);
	key_fits(s, s->own);
	return 0;
}

struct store *
store_open(
    const char *dir, const char *profile, const uint8_t *key, struct err *e)
{
	struct store *s = x_new(struct store);

	s->key = crypto_secret_new(CRYPTO_KEY_B);
	memcpy(s->key, key, CRYPTO_KEY_B);
	if (file_mkdirs(dir, 0700, e) == -1 ||
	    open_both(s, dir, profile, e) == -1 ||
	    begin_anew(s, dir, profile, e) == -1)
		goto fail;
	if (sql_err(s->db, e) == 0 && sql_err(s->own, e) == 0)
		return s;
fail:
	store_close(s);
	return NULL;
}

void
store_close(struct store *s)
{
	if (s == NULL)
		return;
	close_both(s);
	crypto_secret_free(s->key);
	buf_free(&s->sealed);
	buf_free(&s->plain);
	buf_free(&s->text);
	x_free(s);
}

void
store_wipe_opened(const char *dir)
{
	char *media = x_sprintf("%s/media", dir), *path;
	DIR *d = opendir(media);
	struct dirent *f;

	while (d != NULL && (f = readdir(d)) != NULL) {
		path = x_sprintf("%s/%s", media, f->d_name);
		unlink(path);
		x_free(path);
	}
	if (d != NULL)
		closedir(d);
	x_free(media);
}

int
store_wipe(const char *dir, const char *profile, struct err *e)
{
	char *path = path_of(dir, profile, "");
	int rc = 0;

	remove_db(dir, profile, "");
	remove_db(dir, profile, "-own");
	store_wipe_opened(dir);
	if (access(path, F_OK) == 0 || errno == EACCES)
		rc = err_set(e, ERR_FAILED, _("%s cannot be deleted"), path);
	x_free(path);
	return rc;
}

int
store_erase(struct store *s, struct err *e)
{
	sql_script(s->own,
	    "PRAGMA secure_delete = ON; BEGIN IMMEDIATE; DELETE FROM draft;"
	    "DELETE FROM outbox; DELETE FROM typed; COMMIT");
	sql_script(s->db,
	    "PRAGMA secure_delete = ON; BEGIN IMMEDIATE; DELETE FROM meta"
	    " WHERE name <> 'check'; DELETE FROM conv; DELETE FROM listing;"
	    "DELETE FROM counts; DELETE FROM msg; COMMIT");
	if (sql_err(s->own, e) == -1)
		return -1;
	return sql_err(s->db, e);
}

/* transactions */

void
store_read_done(struct sql *db)
{
	struct err ignored;

	sql_err(db, &ignored);
}

void
store_in(struct store *s)
{
	if (s->depth++ > 0)
		return;
	s->spoiled = false;
	sql_run(s->db, "BEGIN IMMEDIATE", "");
}

int
store_out(struct store *s, struct err *e)
{
	struct err why = {0};

	if (sql_err(s->db, &why) == -1 && !s->spoiled) {
		s->spoiled = true;
		s->why = why;
	}
	if (--s->depth > 0)
		return s->spoiled ? err_set(e, s->why.code, "%s", s->why.msg)
				  : 0;
	if (!s->spoiled && sql_run(s->db, "COMMIT", "") == 0)
		return 0;
	if (!s->spoiled)
		sql_err(s->db, &s->why);
	if (sql_in_transaction(s->db))
		sql_run(s->db, "ROLLBACK", "");
	store_read_done(s->db);
	return err_set(e, s->why.code, "%s", s->why.msg);
}

void
store_begin(struct store *s)
{
	store_in(s);
}

int
store_commit(struct store *s, struct err *e)
{
	return store_out(s, e);
}

/* small things by name */

char *
store_get(struct store *s, const char *name, struct arena *a)
{
	char context[CONTEXT_B], *value = NULL;
	struct sql_rows *q;
	const void *p;
	size_t n;

	snprintf(context, sizeof(context), "meta:%s", name);
	q = sql_query(
	    s->db, "SELECT sealed FROM meta WHERE name = ?1", "s", name);
	if (sql_next(q)) {
		p = sql_blob(q, 0, &n);
		value = arena_strdup(a, store_unseal(s, context, p, n, NULL));
	}
	sql_done(q);
	store_read_done(s->db);
	return value;
}

int
store_set(struct store *s, const char *name, const char *value, struct err *e)
{
	char context[CONTEXT_B];

	store_in(s);
	if (value == NULL) {
		sql_run(s->db, "DELETE FROM meta WHERE name = ?1", "s", name);
		return store_out(s, e);
	}
	snprintf(context, sizeof(context), "meta:%s", name);
	store_seal(s, context, "", value);
	sql_run(s->db, "INSERT OR REPLACE INTO meta VALUES (?1, ?2)", "sb",
	    name, s->sealed.p, s->sealed.n);
	return store_out(s, e);
}

/* forgetting */

int
store_forget(struct store *s, struct err *e)
{
	store_in(s);
	sql_run(s->db, "DELETE FROM listing", "");
	sql_run(s->db, "DELETE FROM conv", "");
	sql_run(s->db, "DELETE FROM msg", "");
	/* "view" and the like are this machine's own. */
	sql_run(s->db,
	    "DELETE FROM meta WHERE name IN ('epoch', 'seq', 'agents',"
	    " 'canned', 'status') OR name LIKE 'older:%'",
	    "");
	return store_out(s, e);
}

/* Bytes in use; freed pages are used again, so the file stays near it. */
static int64_t
used_b(struct store *s)
{
	return (sql_get_int(s->db, 0, "PRAGMA page_count", "") -
		   sql_get_int(s->db, 0, "PRAGMA freelist_count", "")) *
	    sql_get_int(s->db, 0, "PRAGMA page_size", "");
}

/* How many rows a statement with a LIMIT took away. */
static int64_t
trim_old(struct store *s, int64_t old_ms)
{
	int64_t gone;

	sql_run(s->db,
	    "DELETE FROM listing WHERE number IN (SELECT number FROM conv"
	    " WHERE resolved_ms < ?1 ORDER BY resolved_ms LIMIT ?2)",
	    "id", old_ms, TRIM_ROWS);
	sql_run(s->db,
	    "DELETE FROM conv WHERE number IN (SELECT number FROM conv"
	    " WHERE resolved_ms < ?1 ORDER BY resolved_ms LIMIT ?2)",
	    "id", old_ms, TRIM_ROWS);
	gone = sql_changes(s->db);
	sql_run(s->db,
	    "DELETE FROM msg WHERE rowid IN (SELECT rowid FROM msg"
	    " WHERE at_ms < ?1 ORDER BY at_ms LIMIT ?2)",
	    "id", old_ms, TRIM_ROWS);
	return gone + sql_changes(s->db);
}

int
store_trim(struct store *s, int64_t keep_days, int64_t max_b, struct err *e)
{
	int64_t gone;

	store_in(s);
	gone = trim_old(s, when_now_ms() - keep_days * DAY_MS);
	if (gone == 0 && used_b(s) > max_b)
		gone = trim_old(s, INT64_MAX);
	/* What was read to its beginning no longer is. */
	if (gone > 0)
		sql_run(
		    s->db, "DELETE FROM meta WHERE name LIKE 'older:%'", "");
	if (store_out(s, e) == -1)
		return -1;
	return gone > 0 ? 1 : 0;
}
