/*
 * Files of ours: what agents send to customers. From a body on disk to rows of
 * the store, and their end. Bytes lie in state_dir/files under the file's id,
 * its preview beside it.
 */
#ifndef MADOD_FILES_H
#define MADOD_FILES_H

#include <mado/id.h>

#include "api.h"
#include "multipart.h"

struct files;

/* Sweeps what no row names, and from then on erases what is past its time. */
struct files *files_new(struct madod *m);
void files_free(struct files *f);
/* state_dir/files/ID and the preview's; x_free() it. */
char *files_path(const char *state_dir, const char *id, bool preview);

/* Remove its bytes. */
void files_remove(const char *state_dir, const char *id);

/* From a route's head: let the body of length bytes (-1: unknown) come into a
 * file. ERR_TOOBIG, ERR_BUSY in one sentence. */
int files_take(struct call *c, int64_t length, struct err *e);

/* One file that came, kept on disk. */
struct file_in {
	char id[ID_ULID_B], token[ID_TOKEN_B];
	const char *name;
	int kind;
	const char *type, *note;
	int64_t size_b, preview_b, duration_ms;
	int width_px, height_px;
};
struct files_in {
	struct file_in v[MULTIPART_MAX];
	int n;
	const char *base;     /* public_url */
	const char *by;       /* agent's name */
	const char *ticket;   /* of the page it came by, or NULL */
	int64_t conversation; /* 0: none */
	int64_t quota_b;
};
/*
 * Make what came into files of ours and rows, then done(job) on the loop, with
 * in and err; done ends by files_job_free(), after its call was answered. The
 * name is of a plain body; NULL: the body is a form. Lends all of `in`. What
 * the filer's thread needs of the config and of the call is a copy: a SIGHUP
 * may come at any time.
 */
struct files_job {
	struct call *c;
	const char *name;
	struct files_in in;
	struct err err;
	const char *state_dir, *type; /* the body's */
	int64_t max_b;
	struct arena *mem;
	void (*done)(struct files_job *j);
	int fd;
	int64_t size_b;
};
struct files_job *files_job_new(
    struct call *c, void (*done)(struct files_job *));
void files_job_start(struct files_job *j);
void files_job_free(struct files_job *j);

#endif
