/*
 * Stores of older programs: migrated with a copy kept, restored from their
 * backups, on a machine where nothing is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "../../src/madod/backup.c"
#include "../../src/madod/schema.c"
#include "../../src/madod/search_token.c"

static char dir[64];
static struct arena *mem;

static char *
in_dir(const char *name)
{
	return arena_sprintf(mem, "%s/%s", dir, name);
}

static int
set_up(void **state)
{
	(void)state;
	mem = arena_new();
	strcpy(dir, "/tmp/mado-backup.XXXXXX");
	assert_non_null(mkdtemp(dir));
	search_init();
	return 0;
}

static int
tear_down(void **state)
{
	char *cmd = arena_sprintf(mem, "rm -rf '%s'", dir);

	(void)state;
	assert_int_equal(system(cmd), 0);
	arena_free(mem);
	return 0;
}

/* As a program that knew no more than that many migrations left it. */
static void
store_of(const char *path, int64_t version)
{
	struct sql *db = sql_open(path, 0, NULL);
	struct err e = {0};

	assert_non_null(db);
	for (int64_t v = 0; v < version; v++)
		assert_int_equal(schema_step(db, v, &e), 0);
	sql_close(db);
}

static int64_t
ask(const char *path, const char *sql)
{
	struct sql *db = sql_open(path, SQL_READ_ONLY, NULL);
	int64_t n;

	assert_non_null(db);
	n = sql_get_int(db, -1, sql, "");
	assert_int_equal(sql_err(db, NULL), 0);
	sql_close(db);
	return n;
}

/* What a try that was cut off has left, and another store's, stay. */
static void
migrate_keeps(void **state)
{
	char *store = in_dir("madod.db");
	struct err e = {0};

	(void)state;
	store_of(store, 3);
	assert_int_equal(
	    file_write(in_dir("madod.db.before-v4"), "x", 1, 0600, &e), 0);
	assert_int_equal(schema_migrate(store, &e), 0);
	assert_int_equal(ask(store, "PRAGMA user_version"), SCHEMA_NEWEST);
	assert_int_equal(
	    ask(in_dir("madod.db.before-v4.2"), "PRAGMA user_version"), 3);
}

/* A backup of a desk that was one of version 3, as a backup of today names it:
 * with files in folders that a new desk does not have. */
static char *
old_backup(void)
{
	char *path = in_dir("old.backup"), *state_dir = in_dir("old");
	struct err e = {0};
	struct sql *db;

	assert_int_equal(file_mkdirs(in_dir("old/faq"), 0700, &e), 0);
	assert_int_equal(
	    file_write(in_dir("old/faq/main.faq"), "model", 5, 0600, &e), 0);
	store_of(in_dir("old/madod.db"), 3);
	db = sql_open(in_dir("old/madod.db"), SQL_READ_ONLY, &e);
	assert_int_equal(backup_write(db, state_dir, path, &e), 0);
	sql_close(db);
	return path;
}

static void
restore_old(void **state)
{
	char *store = in_dir("new/madod.db"), *backup = old_backup();
	struct buf b = {0};
	struct err e = {0};

	(void)state;
	assert_int_equal(file_mkdirs(in_dir("new"), 0700, &e), 0);
	assert_int_equal(
	    file_write(in_dir("new/madod.db.before-v4"), "x", 1, 0600, &e), 0);
	assert_int_equal(backup_restore(backup, store, in_dir("new"), &e), 0);
	assert_int_equal(ask(store, "PRAGMA user_version"), SCHEMA_NEWEST);
	assert_int_equal(
	    ask(store, "SELECT value FROM meta WHERE name='epoch'"), 2);
	assert_int_equal(
	    buf_read_file(&b, in_dir("new/faq/main.faq"), 100, &e), 0);
	assert_string_equal(buf_str(&b), "model");
	buf_free(&b);
	assert_int_equal(schema_migrate(store, &e), 0);
}

/* What went while the backup came to it is no matter; what is there and cannot
 * be read is. */
static void
backup_reads_all(void **state)
{
	char *to = in_dir("desk.backup");
	struct err e = {0};
	struct sql *db;

	(void)state;
	assert_int_equal(file_mkdirs(in_dir("media"), 0700, &e), 0);
	assert_int_equal(symlink("nowhere", in_dir("media/gone")), 0);
	store_of(in_dir("madod.db"), 3);
	db = sql_open(in_dir("madod.db"), SQL_READ_ONLY, &e);
	assert_int_equal(backup_write(db, dir, to, &e), 0);
	assert_int_equal(ask(to, "SELECT count(*) FROM backup_file"), 0);
	assert_int_equal(unlink(to), 0);
	assert_int_equal(symlink("round", in_dir("media/round")), 0);
	assert_int_equal(backup_write(db, dir, to, &e), -1);
	assert_non_null(strstr(e.msg, "media/round"));
	assert_int_equal(access(to, F_OK), -1);
	assert_int_equal(unlink(in_dir("media/round")), 0);
	assert_int_equal(symlink("round", in_dir("files")), 0);
	assert_int_equal(symlink("files", in_dir("round")), 0);
	memset(&e, 0, sizeof(e));
	assert_int_equal(backup_write(db, dir, to, &e), -1);
	assert_non_null(strstr(e.msg, "/files"));
	sql_close(db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(migrate_keeps, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(restore_old, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		backup_reads_all, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
