/*
 * The subcommands backup and restore. The desk that runs writes and reads the
 * files itself; a folder of backups is kept short here. Called by admin.c's
 * table.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <mado/json.h>

#include "admin.h"
#include "admin_sub.h"
#include "backup.h"
#include "serve.h"

enum { KEEP_DEFAULT = 14, NAME_B = 64 };

/* POST {file}, its path as the desk sees it. */
static int
admin_file(struct admin *d, const char *path, const char *file, struct err *e)
{
	char cwd[PATH_MAX], *full;
	cJSON *o;

	if (getcwd(cwd, sizeof(cwd)) == NULL)
		return err_set(
		    e, ERR_FAILED, "this folder: %s", strerror(errno));
	full = file[0] == '/' ? x_strdup(file) : x_sprintf("%s/%s", cwd, file);
	o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "file", full);
	x_free(full);
	return admin_call(d, "POST", path, o, e);
}

static int
is_backup(const struct dirent *de)
{
	size_t n = strlen(de->d_name);

	return strncmp(de->d_name, "madoguchi-", 10) == 0 && n > 17 &&
	    strcmp(de->d_name + n - 7, ".backup") == 0;
}

/* The oldest go: names sort by time. */
static void
backup_prune(const char *dir, int keep)
{
	struct dirent **v;
	int i, n = scandir(dir, &v, is_backup, alphasort);
	char *path;

	for (i = 0; i < n; i++) {
		path = x_sprintf("%s/%s", dir, v[i]->d_name);
		if (i < n - keep)
			unlink(path);
		x_free(path);
		x_free(v[i]);
	}
	if (n >= 0)
		x_free(v);
}

/* A name by its time, so that a timer needs no shell. */
static int
backup_dir(struct admin *d, const char *dir, int keep, struct err *e)
{
	time_t now = time(NULL);
	char name[NAME_B], *path;
	struct tm tm;
	int rv;

	localtime_r(&now, &tm);
	strftime(name, sizeof(name), "madoguchi-%Y%m%d-%H%M%S.backup", &tm);
	path = x_sprintf("%s/%s", dir, name);
	rv = admin_file(d, "/v1/backup", path, e);
	if (rv == 0)
		backup_prune(dir, keep);
	x_free(path);
	return rv;
}

int
admin_backup(struct admin *d, int argc, char **argv, struct err *e)
{
	const char *dir = admin_opt(&argc, argv, "--dir", true),
		   *keep = admin_opt(&argc, argv, "--keep", true);
	int n = keep != NULL ? atoi(keep) : KEEP_DEFAULT;

	if (admin_words(argc, dir != NULL ? 0 : 1, "backup", e) == -1)
		return -1;
	if (n < 1)
		return err_set(e, ERR_INVALID, "--keep is a number from 1");
	return dir != NULL ? backup_dir(d, dir, n, e)
			   : admin_file(d, "/v1/backup", argv[0], e);
}

/* Through the madod that runs; it puts the store in place itself. */
int
admin_restore(struct admin *d, int argc, char **argv, struct err *e)
{
	return admin_words(argc, 1, "restore", e) == -1
	    ? -1
	    : admin_file(d, "/v1/restore", argv[0], e);
}

/* None runs, and the store that is there need not be readable. */
int
admin_restore_alone(
    const struct config *c, int argc, char **argv, struct err *e)
{
	char *store = serve_store(c);
	int rv = admin_words(argc, 1, "restore", e);

	if (rv == 0 && (rv = file_mkdirs(c->state_dir, 0700, e)) == 0)
		rv = backup_restore(argv[0], store, c->state_dir, e);
	x_free(store);
	return rv;
}
