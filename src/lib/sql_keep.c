/*
 * The disk behind a handle that must not wait for it: a thread with a
 * connection of its own syncs what commits have written, and folds a log that
 * has grown long into the database. Called by sql.c alone, for handles that
 * were opened with SQL_SYNC_NORMAL or SQL_SYNC_LATER.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <mado/mem.h>

#include "sql_priv.h"

enum {
	FOLD_PAGES = 4000,
	FOLD_NOW_PAGES = 4 * FOLD_PAGES /* whoever writes without a pause */
};

struct sql_keep {
	char *path;
	bool each; /* commit is synced */
	pthread_t thread;
	sqlite3 *db;          /* the thread's own, with its first work */
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t wake;
	bool sync, fold; /* are due */
	bool busy, ending;
	int failure; /* SQLite's code, until it is asked for */
};

static int
sync_log(sqlite3 *db)
{
	sqlite3_file *log = NULL;
	int rc = sqlite3_file_control(
	    db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);

	if (rc != SQLITE_OK || log == NULL || log->pMethods == NULL)
		return rc;
	return log->pMethods->xSync(
	    log, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
}

static int
fold_log(sqlite3 *db)
{
	int rc = sqlite3_wal_checkpoint_v2(
	    db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);

	/* Another process is at it. */
	return (rc & 0xff) == SQLITE_BUSY ? SQLITE_OK : rc;
}

static int
work(struct sql_keep *k, bool sync, bool fold)
{
	struct err e;
	int rc = SQLITE_OK;

	if (k->db == NULL)
		k->db = sql_connect(k->path, SQL_SYNC_NORMAL, &e);
	if (k->db == NULL)
		return SQLITE_CANTOPEN;
	if (sync)
		rc = sync_log(k->db);
	if (fold && rc == SQLITE_OK)
		rc = fold_log(k->db);
	return rc;
}

static void *
keep_main(void *arg)
{
	struct sql_keep *k = arg;
	bool sync, fold;
	int rc;

	pthread_mutex_lock(&k->lock);
	while (k->sync || k->fold || !k->ending) {
		if (!k->sync && !k->fold) {
			pthread_cond_wait(&k->wake, &k->lock);
			continue;
		}
		sync = k->sync;
		fold = k->fold;
		k->sync = k->fold = false;
		k->busy = true;
		pthread_mutex_unlock(&k->lock);
		rc = work(k, sync, fold);
		pthread_mutex_lock(&k->lock);
		k->busy = false;
		if (rc != SQLITE_OK)
			k->failure = rc;
	}
	pthread_mutex_unlock(&k->lock);
	sqlite3_close(k->db);
	return NULL;
}

/* SQLite: a commit has left the log with so many pages. */
static int
on_commit(void *arg, sqlite3 *db, const char *name, int pages)
{
	struct sql_keep *k = arg;

	(void)name;
	if (pages >= FOLD_NOW_PAGES)
		return fold_log(db);
	pthread_mutex_lock(&k->lock);
	k->sync = k->sync || k->each;
	k->fold = k->fold || pages >= FOLD_PAGES;
	if (k->sync || k->fold)
		pthread_cond_signal(&k->wake);
	pthread_mutex_unlock(&k->lock);
	return SQLITE_OK;
}

/* Signals are the other threads'. */
static int
start(struct sql_keep *k)
{
	sigset_t all, was;
	int rc;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &was);
	rc = pthread_create(&k->thread, NULL, keep_main, k);
	pthread_sigmask(SIG_SETMASK, &was, NULL);
	return rc;
}

struct sql_keep *
sql_keep_new(sqlite3 *db, const char *path, bool each, struct err *e)
{
	struct sql_keep *k = x_new(struct sql_keep);
	int rc;

	k->path = x_strdup(path);
	k->each = each;
	pthread_mutex_init(&k->lock, NULL);
	pthread_cond_init(&k->wake, NULL);
	if ((rc = start(k)) == 0) {
		sqlite3_wal_hook(db, on_commit, k);
		return k;
	}
	err_set(e, ERR_BUSY, "%s: no thread: %s", path, strerror(rc));
	pthread_cond_destroy(&k->wake);
	pthread_mutex_destroy(&k->lock);
	x_free(k->path);
	x_free(k);
	return NULL;
}

void
sql_keep_free(struct sql_keep *k)
{
	if (k == NULL)
		return;
	pthread_mutex_lock(&k->lock);
	k->ending = true;
	pthread_cond_signal(&k->wake);
	pthread_mutex_unlock(&k->lock);
	pthread_join(k->thread, NULL);
	pthread_cond_destroy(&k->wake);
	pthread_mutex_destroy(&k->lock);
	x_free(k->path);
	x_free(k);
}

bool
sql_keep_is_done(struct sql_keep *k)
{
	bool done;

	pthread_mutex_lock(&k->lock);
	done = !k->sync && !k->busy;
	pthread_mutex_unlock(&k->lock);
	return done;
}

int
sql_keep_failure(struct sql_keep *k)
{
	int rc;

	pthread_mutex_lock(&k->lock);
	rc = k->failure;
	k->failure = SQLITE_OK;
	pthread_mutex_unlock(&k->lock);
	return rc;
}
