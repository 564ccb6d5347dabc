/*
 * sql.c: binding, the statement cache, errors that stick, a full disk against
 * a failed fsync (a VFS that fails on demand), readers beside a writer,
 * backups.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mado/mem.h>
#include <mado/sql.h>

struct place {
	char dir[64], path[96], other[96];
	struct sql *db;
};

static _Atomic bool fsync_fails; /* a thread of the handle's may ask */
static _Atomic int fsyncs;
static int write_errno;
static sqlite3_io_methods locking, plain, real;

static int
bad_sync(sqlite3_file *f, int flags)
{
	fsyncs++;
	return fsync_fails ? SQLITE_IOERR_FSYNC : real.xSync(f, flags);
}

static int
bad_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	errno = write_errno;
	if (write_errno == ENOSPC)
		return SQLITE_FULL;
	return write_errno != 0 ? SQLITE_IOERR_WRITE : real.xWrite(f, p, n, at);
}

static int (*real_open)(
    sqlite3_vfs *, const char *, sqlite3_file *, int, int *);

static int
bad_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out)
{
	int rc = real_open(v, name, f, flags, out);
	sqlite3_io_methods *patched;

	if (rc != SQLITE_OK || f->pMethods == NULL)
		return rc;
	/* the database locks, its journals do not: two kinds of methods */
	patched = flags & SQLITE_OPEN_MAIN_DB ? &locking : &plain;
	real = *f->pMethods;
	*patched = real;
	patched->xSync = bad_sync;
	patched->xWrite = bad_write;
	f->pMethods = patched;
	return rc;
}

static void
vfs_install(void)
{
	static sqlite3_vfs vfs;

	vfs = *sqlite3_vfs_find(NULL);
	real_open = vfs.xOpen;
	vfs.zName = "bad";
	vfs.pNext = NULL;
	vfs.xOpen = bad_open;
	assert_int_equal(sqlite3_vfs_register(&vfs, 1), SQLITE_OK);
}

static int
setup(void **state)
{
	struct place *p = x_new(struct place);
	struct err e = {0};

	fsync_fails = false;
	write_errno = 0;
	strcpy(p->dir, "/tmp/mado-test-sql.XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	snprintf(p->path, sizeof(p->path), "%s/a.db", p->dir);
	snprintf(p->other, sizeof(p->other), "%s/b.db", p->dir);
	p->db = sql_open(p->path, 0, &e);
	assert_non_null(p->db);
	assert_int_equal(sql_script(p->db,
			     "CREATE TABLE t(id INTEGER PRIMARY KEY, s TEXT, "
			     "n INT, b BLOB); CREATE TABLE u(t INT REFERENCES "
			     "t(id))"),
	    0);
	*state = p;
	return 0;
}

static int
teardown(void **state)
{
	static const char *const ends[] = {"", "-wal", "-shm"};
	struct place *p = *state;
	char name[128];

	fsync_fails = false;
	write_errno = 0;
	sql_close(p->db);
	for (size_t i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "%s%s", p->path, ends[i]);
		unlink(name);
		snprintf(name, sizeof(name), "%s%s", p->other, ends[i]);
		unlink(name);
	}
	assert_int_equal(rmdir(p->dir), 0);
	x_free(p);
	return 0;
}

static void
expect_err(struct sql *db, enum err_code code, const char *part)
{
	struct err e = {0};

	assert_int_equal(sql_err(db, &e), -1);
	assert_int_equal(e.code, code);
	assert_non_null(strstr(e.msg, part));
	assert_int_equal(sql_err(db, &e), 0);
}

static void
values_come_back(void **state)
{
	struct sql *db = ((struct place *)*state)->db;
	static const char text[] = "SELECT s, n, b, id FROM t ORDER BY id";
	struct sql_rows *q;
	size_t n;

	assert_int_equal(sql_run(db, "INSERT INTO t(s,n,b) VALUES(?1,?2,?3)",
			     "sib", "山田", INT64_MAX, "a\0b", (size_t)3),
	    0);
	assert_int_equal(sql_last_id(db), 1);
	assert_int_equal(sql_changes(db), 1);
	sql_run(db, "INSERT INTO t(s,n,b) VALUES(?1,?2,?3)", "stb", NULL,
	    (int64_t)0, NULL, (size_t)0);
	sql_run(db, "INSERT INTO t(id,n) VALUES(?1,?2)", "dt", 7, (int64_t)9);
	q = sql_query(db, text, "");
	assert_true(sql_next(q));
	assert_string_equal(sql_text(q, 0), "山田");
	assert_true(sql_int(q, 1) == INT64_MAX);
	assert_memory_equal(sql_blob(q, 2, &n), "a\0b", 3);
	assert_int_equal(n, 3);
	assert_true(sql_next(q));
	assert_null(sql_text(q, 0));
	assert_true(sql_is_null(q, 1));
	assert_true(sql_is_null(q, 2));
	assert_null(sql_blob(q, 2, &n));
	assert_int_equal(n, 0);
	assert_true(sql_next(q));
	assert_int_equal(sql_int(q, 3), 7);
	assert_int_equal(sql_int(q, 1), 9);
	assert_false(sql_next(q));
	assert_false(sql_next(q));
	q = sql_query(db, text, ""); /* it has reset itself */
	assert_true(sql_next(q));
	sql_done(q);
	assert_int_equal(sql_err(db, NULL), 0);
}

static void
single_values_and_fallbacks(void **state)
{
	struct sql *db = ((struct place *)*state)->db;
	char *s;

	assert_int_equal(sql_get_int(db, -5, "SELECT n FROM t", ""), -5);
	assert_null(sql_get_text(db, "SELECT s FROM t", ""));
	sql_run(db, "INSERT INTO t(s,n) VALUES('x',NULL)", "");
	assert_int_equal(sql_get_int(db, -5, "SELECT n FROM t", ""), -5);
	sql_run(db, "INSERT INTO t(s,n) VALUES('y',3)", "");
	assert_int_equal(
	    sql_get_int(db, -5, "SELECT n FROM t WHERE s=?1", "s", "y"), 3);
	s = sql_get_text(db, "SELECT s FROM t ORDER BY id DESC", "");
	assert_string_equal(s, "y");
	x_free(s);
	assert_int_equal(sql_err(db, NULL), 0);
}

static void
pragmas_are_set(void **state)
{
	struct place *p = *state;
	struct stat st;
	char *mode = sql_get_text(p->db, "PRAGMA journal_mode", "");
	struct sql *normal;

	assert_string_equal(mode, "wal");
	x_free(mode);
	assert_int_equal(sql_get_int(p->db, 0, "PRAGMA synchronous", ""), 2);
	assert_int_equal(
	    sql_get_int(p->db, 0, "PRAGMA busy_timeout", ""), 5000);
	assert_int_equal(
	    sql_get_int(p->db, 0, "PRAGMA wal_autocheckpoint", ""), 4000);
	assert_int_equal(stat(p->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	normal = sql_open(p->path, SQL_SYNC_NORMAL, NULL);
	assert_non_null(normal);
	assert_int_equal(sql_get_int(normal, 0, "PRAGMA synchronous", ""), 1);
	sql_close(normal);
	assert_int_equal(sql_run(p->db, "INSERT INTO u VALUES(99)", ""), -1);
	expect_err(p->db, ERR_INTERNAL, "FOREIGN KEY");
}

static void
errors_stick_until_asked(void **state)
{
	struct sql *db = ((struct place *)*state)->db;

	assert_int_equal(sql_run(db, "INSERT INTO nowhere VALUES(1)", ""), -1);
	assert_int_equal(sql_run(db, "INSERT INTO t(n) VALUES(1)", ""), -1);
	assert_int_equal(sql_script(db, "INSERT INTO t(n) VALUES(1)"), -1);
	assert_null(sql_query(db, "SELECT n FROM t", ""));
	assert_false(sql_next(NULL));
	sql_done(NULL);
	assert_int_equal(sql_get_int(db, 4, "SELECT 1", ""), 4);
	expect_err(db, ERR_INTERNAL, "nowhere");
	assert_int_equal(sql_get_int(db, 4, "SELECT count(*) FROM t", ""), 0);
	assert_false(sql_is_broken(db));
}

static void
misuse_is_refused(void **state)
{
	struct sql *db = ((struct place *)*state)->db;
	static const char text[] = "SELECT n FROM t WHERE n>?1";
	struct sql_rows *q;

	sql_run(db, "SELECT ?1, ?2", "i", (int64_t)1);
	expect_err(db, ERR_INTERNAL, "arguments");
	sql_run(db, "SELECT 1; SELECT 2", "");
	expect_err(db, ERR_INTERNAL, "one statement");
	sql_run(db, "", "");
	expect_err(db, ERR_INTERNAL, "one statement");
	sql_run(db, "SELECT 1;\n", "");
	assert_int_equal(sql_err(db, NULL), 0);
	sql_run(db, "INSERT INTO t(n) VALUES(1),(2)", "");
	q = sql_query(db, text, "i", (int64_t)0);
	assert_true(sql_next(q));
	assert_null(sql_query(db, text, "i", (int64_t)0));
	expect_err(db, ERR_INTERNAL, "within itself");
	/* whom a failure sent home leaves it open: it begins anew */
	q = sql_query(db, text, "i", (int64_t)1);
	assert_true(sql_next(q));
	assert_int_equal(sql_int(q, 0), 2);
	assert_false(sql_next(q));
}

static void
loop_goes_on_after_a_failure_within(void **state)
{
	struct sql *db = ((struct place *)*state)->db;
	struct sql_rows *q;
	int rounds = 0;

	sql_run(db, "INSERT INTO t(n) VALUES(1),(2),(3)", "");
	q = sql_query(db, "SELECT n FROM t", "");
	while (sql_next(q)) {
		rounds++;
		sql_run(db, "INSERT INTO u VALUES(99)", "");
		expect_err(db, ERR_INTERNAL, "FOREIGN");
	}
	assert_int_equal(rounds, 3);
	assert_int_equal(sql_err(db, NULL), 0);
}

static void
address_used_again_is_prepared_anew(void **state)
{
	struct sql *db = ((struct place *)*state)->db;
	char text[] = "SELECT 1";

	assert_int_equal(sql_get_int(db, 0, text, ""), 1);
	text[7] = '2';
	assert_int_equal(sql_get_int(db, 0, text, ""), 2);
}

static void
many_statements(void **state)
{
	struct sql *db = ((struct place *)*state)->db;
	static char texts[500][24];

	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 500; i++) {
			snprintf(texts[i], sizeof(texts[i]), "SELECT %d", i);
			assert_int_equal(sql_get_int(db, -1, texts[i], ""), i);
		}
}

static void
schema_change_under_a_statement(void **state)
{
	struct sql *db = ((struct place *)*state)->db;

	sql_run(db, "INSERT INTO t(n) VALUES(5)", "");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(sql_get_int(db, 0, "SELECT n FROM t", ""), 5);
		if (i == 0)
			sql_script(db, "ALTER TABLE t ADD COLUMN more INT");
	}
	assert_int_equal(sql_err(db, NULL), 0);
}

static void
full_disk_is_busy_not_broken(void **state)
{
	struct sql *db = ((struct place *)*state)->db;

	write_errno = ENOSPC;
	assert_int_equal(sql_run(db, "INSERT INTO t(n) VALUES(1)", ""), -1);
	expect_err(db, ERR_BUSY, "full");
	write_errno = EDQUOT;
	assert_int_equal(sql_run(db, "INSERT INTO t(n) VALUES(1)", ""), -1);
	expect_err(db, ERR_BUSY, "I/O");
	assert_false(sql_is_broken(db));
	write_errno = 0;
	assert_int_equal(sql_run(db, "INSERT INTO t(n) VALUES(1)", ""), 0);
	assert_int_equal(sql_get_int(db, 0, "SELECT count(*) FROM t", ""), 1);
}

static void
full_disk_rolls_the_whole_transaction_back(void **state)
{
	struct sql *db = ((struct place *)*state)->db;

	sql_get_int(db, 0, "PRAGMA max_page_count=6", "");
	sql_run(db, "BEGIN IMMEDIATE", "");
	assert_true(sql_in_transaction(db));
	sql_run(db, "SAVEPOINT act", "");
	assert_int_equal(
	    sql_run(db, "INSERT INTO t(b) VALUES(zeroblob(1000000))", ""), -1);
	expect_err(db, ERR_BUSY, "full");
	if (sql_in_transaction(db))
		sql_run(db, "ROLLBACK", "");
	assert_false(sql_in_transaction(db));
	assert_int_equal(sql_err(db, NULL), 0);
	assert_int_equal(sql_get_int(db, 9, "SELECT count(*) FROM t", ""), 0);
}

static void
failed_fsync_is_broken_for_ever(void **state)
{
	struct sql *db = ((struct place *)*state)->db;

	fsync_fails = true;
	assert_int_equal(sql_run(db, "INSERT INTO t(n) VALUES(1)", ""), -1);
	expect_err(db, ERR_BUSY, "I/O");
	fsync_fails = false;
	assert_true(sql_is_broken(db));
}

static void
failed_write_is_broken(void **state)
{
	struct sql *db = ((struct place *)*state)->db;

	write_errno = EIO;
	assert_int_equal(sql_run(db, "INSERT INTO t(n) VALUES(1)", ""), -1);
	expect_err(db, ERR_BUSY, "I/O");
	assert_true(sql_is_broken(db));
}

static struct sql *
open_later(void **state)
{
	struct place *p = *state;
	struct sql *db = sql_open(p->path, SQL_SYNC_LATER, NULL);

	assert_non_null(db);
	assert_int_equal(sql_run(db, "INSERT INTO t(n) VALUES(1)", ""), 0);
	while (!sql_is_synced(db))
		usleep(1000);
	return db;
}

static void
later_is_synced_beside(void **state)
{
	struct sql *db = open_later(state);
	int before = fsyncs;

	assert_int_equal(sql_run(db, "INSERT INTO t(n) VALUES(2)", ""), 0);
	while (!sql_is_synced(db))
		usleep(1000);
	assert_int_equal(fsyncs, before + 1);
	assert_true(sql_is_synced(((struct place *)*state)->db));
	sql_close(db);
}

static void
sync_that_fails_later_is_said(void **state)
{
	struct sql *db = open_later(state);

	fsync_fails = true;
	assert_int_equal(sql_run(db, "INSERT INTO t(n) VALUES(2)", ""), 0);
	while (!sql_is_synced(db))
		usleep(1000);
	expect_err(db, ERR_BUSY, "I/O");
	assert_true(sql_is_broken(db));
	assert_int_equal(sql_err(db, NULL), 0);
	fsync_fails = false;
	sql_close(db);
}

static void
long_log_is_folded_beside(void **state)
{
	struct place *p = *state;
	struct sql *db = open_later(state);
	struct stat st;

	assert_int_equal(
	    sql_run(db, "INSERT INTO t(b) VALUES(zeroblob(20000000))", ""), 0);
	do {
		usleep(1000);
		assert_int_equal(stat(p->path, &st), 0);
	} while (st.st_size < 20000000);
	sql_close(db);
}

static void
reader_sees_commits_and_cannot_write(void **state)
{
	struct place *p = *state;
	struct err e = {0};
	struct sql *r = sql_open(p->path, SQL_READ_ONLY, &e);

	assert_non_null(r);
	sql_run(p->db, "BEGIN IMMEDIATE", "");
	sql_run(p->db, "INSERT INTO t(n) VALUES(1)", "");
	assert_int_equal(sql_get_int(r, 9, "SELECT count(*) FROM t", ""), 0);
	sql_run(p->db, "COMMIT", "");
	assert_int_equal(sql_get_int(r, 9, "SELECT count(*) FROM t", ""), 1);
	assert_int_equal(sql_run(r, "DELETE FROM t", ""), -1);
	expect_err(r, ERR_BUSY, "readonly");
	sql_close(r);
	assert_int_equal(sql_err(p->db, NULL), 0);
}

static void
open_says_why_not(void **state)
{
	struct place *p = *state;
	struct err e = {0};
	FILE *f;

	assert_null(sql_open(p->other, SQL_READ_ONLY, &e));
	assert_int_equal(e.code, ERR_FAILED);
	assert_non_null(strstr(e.msg, p->other));
	f = fopen(p->other, "w");
	assert_non_null(f);
	for (int i = 0; i < 200; i++)
		fputs("this is no database", f);
	fclose(f);
	assert_null(sql_open(p->other, 0, &e));
	assert_non_null(strstr(e.msg, "not a database"));
	assert_null(sql_open("/nowhere/at/all", 0, &e));
	sql_close(NULL);
}

/* Processes that meet at a new file: going over to WAL wants it alone. */
static void
several_open_a_new_file_at_once(void **state)
{
	enum { CHILDREN = 8 };
	struct place *p = *state;
	int status;

	for (int i = 0; i < CHILDREN; i++) {
		pid_t pid = fork();
		struct sql *db;

		assert_int_not_equal(pid, -1);
		if (pid > 0)
			continue;
		db = sql_open(p->other, 0, NULL);
		_exit(db != NULL &&
			    sql_script(db, "CREATE TABLE IF NOT EXISTS t(n)") ==
				0
			? 0
			: 1);
	}
	for (int i = 0; i < CHILDREN; i++) {
		assert_int_not_equal(wait(&status), -1);
		assert_int_equal(status, 0);
	}
}

static void
backup_is_whole_and_fresh(void **state)
{
	struct place *p = *state;
	struct err e = {0};
	struct sql *copy, *r;
	struct stat st;

	sql_run(p->db, "INSERT INTO t(s) VALUES('kept')", "");
	r = sql_open(p->path, SQL_READ_ONLY, &e);
	sql_run(p->db, "BEGIN IMMEDIATE", "");
	sql_run(p->db, "INSERT INTO t(s) VALUES('not yet')", "");
	assert_int_equal(sql_backup(p->db, p->other, &e), -1);
	assert_int_equal(e.code, ERR_INTERNAL);
	assert_int_equal(sql_backup(r, p->other, &e), 0);
	sql_run(p->db, "COMMIT", "");
	sql_close(r);
	assert_int_equal(stat(p->other, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	copy = sql_open(p->other, 0, &e);
	assert_non_null(copy);
	assert_int_equal(sql_get_int(copy, 9, "SELECT count(*) FROM t", ""), 1);
	sql_close(copy);
	assert_int_equal(sql_backup(p->db, p->other, &e), -1);
	assert_int_equal(e.code, ERR_CONFLICT);
	assert_int_equal(stat(p->other, &st), 0);
}

static void
failed_backup_leaves_nothing(void **state)
{
	struct place *p = *state;
	struct err e = {0};

	sql_run(p->db, "INSERT INTO t(s) VALUES('x')", "");
	write_errno = ENOSPC;
	assert_int_equal(sql_backup(p->db, p->other, &e), -1);
	assert_int_equal(e.code, ERR_BUSY);
	assert_int_equal(access(p->other, F_OK), -1);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	    T(values_come_back),
	    T(single_values_and_fallbacks),
	    T(pragmas_are_set),
	    T(errors_stick_until_asked),
	    T(misuse_is_refused),
	    T(loop_goes_on_after_a_failure_within),
	    T(address_used_again_is_prepared_anew),
	    T(many_statements),
	    T(schema_change_under_a_statement),
	    T(full_disk_is_busy_not_broken),
	    T(full_disk_rolls_the_whole_transaction_back),
	    T(failed_fsync_is_broken_for_ever),
	    T(failed_write_is_broken),
	    T(later_is_synced_beside),
	    T(sync_that_fails_later_is_said),
	    T(long_log_is_folded_beside),
	    T(reader_sees_commits_and_cannot_write),
	    T(open_says_why_not),
	    T(several_open_a_new_file_at_once),
	    T(backup_is_whole_and_fresh),
	    T(failed_backup_leaves_nothing),
	};

	vfs_install();
	return cmocka_run_group_tests_name("sql", tests, NULL, NULL);
}
