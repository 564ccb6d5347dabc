/*
 * What only the machine's admin asks: backup and restore.
 */
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "backup.h"
#include "health.h"

struct backup_job {
	struct call *c;
	const char *dir, *file;
	struct err err;
};

static void
backup_run(void *arg, struct sql *db)
{
	struct backup_job *j = arg;

	backup_write(db, j->dir, j->file, &j->err);
}

static void
backup_done(void *arg)
{
	struct backup_job *j = arg;

	if (j->err.code != ERR_NONE)
		call_err(j->c, &j->err);
	else {
		health_stamp(j->c->m->config, "backup");
		call_empty(j->c);
	}
	x_free(j);
}

void
api_backup(struct call *c)
{
	const char *file = json_str(c->args, "file", "");
	struct backup_job *j;
	struct err e = {0};

	if (file[0] != '/' || httpd_tag(c->r) != LISTEN_ADMIN) {
		err_set(&e, ERR_INVALID,
		    "a backup goes to an absolute path "
		    "of the desk's machine");
		call_err(c, &e);
		return;
	}
	j = x_new(struct backup_job);
	/* a copy: the config may be reread before it is done */
	j->dir = arena_strdup(c->mem, c->m->config->state_dir);
	j->file = file;
	j->c = call_keep(c);
	worker_put(c->m->reader, backup_run, backup_done, j);
}

void
api_restore(struct call *c)
{
	const char *file = json_str(c->args, "file", "");
	struct err e = {0};

	if (file[0] != '/' || httpd_tag(c->r) != LISTEN_ADMIN)
		err_set(&e, ERR_INVALID,
		    "a backup is named by an absolute path of the desk's "
		    "machine");
	else if (c->m->restore != NULL || c->m->sender == NULL)
		err_set(&e, ERR_BUSY, "another restore is under way");
	if (e.code != ERR_NONE) {
		call_err(c, &e);
		return;
	}
	c->m->restore = call_keep(c);
	loop_stop(c->m->loop);
}
