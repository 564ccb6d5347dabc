/* Files of ours: see files.h. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <mado/id.h>
#include <mado/log.h>
#include <mado/text.h>

#include "exif.h"
#include "files.h"
#include "preview.h"
#include "sniff.h"

enum {
	LOOK_EVERY_MS = 10 * 60 * 1000,
	NAME_MAX_B = 200,
	COPY_B = 1 << 20,
	FORM_HEADS_B = 64 << 10
};

struct files {
	struct madod *m;
	struct timer *timer;
};

char *
files_path(const char *state_dir, const char *id, bool preview)
{
	return x_sprintf(
	    "%s/files/%s%s", state_dir, id, preview ? ".preview" : "");
}

void
files_remove(const char *state_dir, const char *id)
{
	for (int preview = 0; preview < 2; preview++) {
		char *path = files_path(state_dir, id, preview);

		unlink(path);
		x_free(path);
	}
}

/* --- a body comes */

static void
in_mb(int64_t n, char out[32])
{
	snprintf(out, 32, n < 1 << 20 ? "%.1f KB" : "%.0f MB",
	    (double)n / (n < 1 << 20 ? 1 << 10 : 1 << 20));
}

static int64_t
kept_b(struct madod *m)
{
	return sql_get_int(m->db, 0,
	    "SELECT total(size+preview) FROM file WHERE gone_at IS NULL", "");
}

/* A file without a name: whatever ends madod, nothing of it is left over. */
static int
unnamed(const struct config *c)
{
	char *dir = x_sprintf("%s/files", c->state_dir);
	char *path = x_sprintf("%s/.came-XXXXXX", dir);
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd == -1 && (fd = mkostemp(path, O_CLOEXEC)) != -1)
		unlink(path);
	x_free(path);
	x_free(dir);
	return fd;
}

int
files_take(struct call *c, int64_t length, struct err *e)
{
	const struct config *cf = c->m->config;
	int64_t left = cf->upload_quota_b - kept_b(c->m);
	char max[32];
	int fd;

	if (cf->public_url == NULL)
		return err_set(e, ERR_CONFLICT,
		    "files cannot be sent from this desk: LINE fetches them, "
		    "and madod.conf does not say where (public_url)");
	in_mb(cf->upload_max_b, max);
	if (length > cf->upload_max_b + FORM_HEADS_B)
		return err_set(e, ERR_TOOBIG,
		    "the file is larger than %s, which is the most that this "
		    "desk sends (upload_max)",
		    max);
	if (left <= 0 || length > left)
		return err_set(e, ERR_TOOBIG,
		    "the desk's room for files is used up (upload_quota): "
		    "mado uploads shows what may go");
	if ((fd = unnamed(cf)) == -1)
		return err_set(e, ERR_BUSY, "%s/files: %s", cf->state_dir,
		    strerror(errno));
	httpd_body_to_file(c->r, fd, cf->upload_max_b + FORM_HEADS_B);
	return 0;
}

/* --- what came becomes files, on the filer's thread */

/* A name that is fit to be shown and to be a file's. */
static const char *
tidy(const char *name, struct arena *a)
{
	struct buf b = {0}, t = {0};
	const char *s;
	size_t n;

	text_to_utf8(&b, name, strlen(name));
	for (s = buf_str(&b); *s != '\0'; s++)
		buf_putc(&t,
		    (unsigned char)*s < ' ' || *s == '\x7f' ||
			    strchr("/\\\"<>[]", *s) != NULL
			? '_'
			: *s);
	n = t.n;
	while (n > NAME_MAX_B || (n < t.n && (t.p[n] & 0xc0) == 0x80))
		n--;
	s = arena_strndup(a, buf_str(&t), n);
	buf_free(&b);
	buf_free(&t);
	return *s != '\0' ? s : "file";
}

static int
copy_piece(int from, int64_t at, int64_t n, int to, struct err *e)
{
	char *p = x_calloc(COPY_B, 1);
	ssize_t got, put = 0;

	while (n > 0 && put != -1) {
		got = pread(from, p, n < COPY_B ? (size_t)n : COPY_B, at);
		if (got <= 0)
			break;
		for (ssize_t k = 0; k < got && put != -1; k += put)
			put = write(to, p + k, (size_t)(got - k));
		at += got;
		n -= got;
	}
	x_free(p);
	return n == 0 && put != -1
	    ? 0
	    : err_set(e, ERR_BUSY, "this file cannot be stored now: %s",
		  strerror(errno));
}

/* The piece at `at` of j's body as a file; in->size_b is what is kept of it. */
static int
keep_bytes(struct files_job *j, int64_t at, const char *path,
    struct file_in *in, struct err *e)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600), rv;
	struct stat st;

	if (fd == -1)
		return err_set(e, ERR_BUSY, "%s: %s", path, strerror(errno));
	rv = copy_piece(j->fd, at, in->size_b, fd, e);
	if (rv == 0 && strcmp(in->type, "image/jpeg") == 0)
		rv = exif_blank_file(fd, e);
	if (rv == 0 && fstat(fd, &st) == 0)
		in->size_b = st.st_size;
	if (close(fd) == -1 && rv == 0)
		rv = err_set(e, ERR_BUSY, "%s: %s", path, strerror(errno));
	return rv == 0 ? file_sync(path, e) : -1;
}

/* LINE's preview of a picture or film; what has none goes as a link. */
static void
make_preview(const char *path, const char *to, struct file_in *f)
{
	struct err e = {0};
	struct stat st;
	int rv = 0;

	if (f->kind == MSG_IMAGE && f->size_b > LINE_PREVIEW_MAX_B)
		rv = preview_picture(path, to, &e);
	else if (f->kind == MSG_VIDEO)
		rv = preview_film(to, &e);
	else
		return;
	if (rv == 0 && stat(to, &st) == 0) {
		f->preview_b = st.st_size;
		return;
	}
	log_warn("file %s: %s", f->id, e.msg);
	f->kind = MSG_FILE;
	f->note = "no preview of it could be made; it goes as a link";
}

static int
keep(struct files_job *j, const struct multipart_file *f)
{
	struct file_in *in = &j->in.v[j->in.n];
	char *path, *preview;
	struct sniff s;
	int rv;

	in->name = tidy(f->name, j->mem);
	if (f->n > j->max_b)
		return err_set(&j->err, ERR_TOOBIG,
		    "%s is larger than this desk sends (upload_max)", in->name);
	if (sniff_file(j->fd, f->at, f->n, in->name, &s, &j->err) == -1)
		return -1;
	id_ulid(in->id);
	id_token(in->token);
	in->kind = s.kind;
	in->type = s.type;
	in->note = s.note;
	in->size_b = f->n;
	in->duration_ms = s.duration_ms;
	in->width_px = s.width_px;
	in->height_px = s.height_px;
	path = files_path(j->state_dir, in->id, false);
	preview = files_path(j->state_dir, in->id, true);
	j->in.n++; /* from here on there is something to remove */
	if ((rv = keep_bytes(j, f->at, path, in, &j->err)) == 0)
		make_preview(path, preview, in);
	x_free(path);
	x_free(preview);
	return rv;
}

static void
job_run(void *arg, struct sql *db)
{
	struct files_job *j = arg;
	struct multipart_file files[MULTIPART_MAX];
	int n = 1;

	(void)db;
	files[0] = (struct multipart_file){j->name, 0, j->size_b};
	if (j->name == NULL)
		n = multipart_read(
		    j->fd, j->size_b, j->type, files, j->mem, &j->err);
	if (n == 0)
		err_set(&j->err, ERR_INVALID, "no file was chosen");
	for (int i = 0; i < n; i++)
		if (keep(j, &files[i]) == -1)
			return;
}

static void
job_end(struct files_job *j)
{
	if (j->err.code != ERR_NONE)
		for (int i = 0; i < j->in.n; i++)
			files_remove(j->state_dir, j->in.v[i].id);
	j->done(j);
}

static void
job_stored(struct act *a)
{
	struct files_job *j = a->arg;

	j->err = a->err;
	job_end(j);
}

static void
job_ran(void *arg)
{
	struct files_job *j = arg;
	struct act *a;

	if (j->err.code != ERR_NONE) {
		job_end(j);
		return;
	}
	a = act_new(act_files, job_stored, j);
	a->actor = arena_strdup(a->mem, j->in.by);
	a->in = &j->in;
	writer_put(j->c->m->writer, a);
}

struct files_job *
files_job_new(struct call *c, void (*done)(struct files_job *))
{
	const struct config *cf = c->m->config;
	struct arena *mem = arena_new();
	struct files_job *j = arena_new_of(mem, struct files_job);

	j->mem = mem;
	j->c = call_keep(c);
	j->done = done;
	j->fd = httpd_body_fd(c->r);
	j->size_b = httpd_body_filed(c->r);
	j->state_dir = arena_strdup(mem, cf->state_dir);
	j->type = arena_strdup(mem, httpd_header(c->r, "content-type"));
	j->max_b = cf->upload_max_b;
	j->in.base = arena_strdup(mem, cf->public_url);
	j->in.by = c->user;
	j->in.quota_b = cf->upload_quota_b;
	return j;
}

void
files_job_start(struct files_job *j)
{
	if (j->size_b < 0)
		err_set(&j->err, ERR_INVALID, "no file was sent");
	if (j->err.code != ERR_NONE)
		job_end(j);
	else
		worker_put(j->c->m->filer, job_run, job_ran, j);
}

void
files_job_free(struct files_job *j)
{
	arena_free(j->mem);
}

/* --- their end */

static void
files_told(struct act *a)
{
	struct files *f = a->arg;
	const struct files_gone *g;

	for (g = a->out; g != NULL && a->err.code == ERR_NONE; g = g->next)
		files_remove(f->m->config->state_dir, g->id);
}

static void
files_look(void *arg)
{
	struct files *f = arg;
	struct act *a = act_new(act_files_expire, files_told, f);
	int64_t *keep_ms = arena_new_of(a->mem, int64_t);

	*keep_ms = f->m->config->upload_keep_ms;
	a->in = keep_ms;
	writer_put(f->m->writer, a);
	timer_set(f->timer, LOOK_EVERY_MS);
}

/* What no row names: of uploads that a crash cut off. */
static void
files_sweep(struct madod *m)
{
	char *dir = x_sprintf("%s/files", m->config->state_dir), *id;
	DIR *d = opendir(dir);
	struct dirent *de;

	while (d != NULL && (de = readdir(d)) != NULL) {
		id = x_strndup(de->d_name, strcspn(de->d_name, "."));
		if (*id != '\0' &&
		    sql_get_int(m->db, 0,
			"SELECT gone_at IS NULL FROM file WHERE id=?1", "s",
			id) == 0)
			files_remove(m->config->state_dir, id);
		x_free(id);
	}
	if (d != NULL)
		closedir(d);
	x_free(dir);
}

struct files *
files_new(struct madod *m)
{
	struct files *f = x_new(struct files);

	f->m = m;
	f->timer = timer_new(m->loop, files_look, f);
	files_sweep(m);
	timer_set(f->timer, 0);
	return f;
}

void
files_free(struct files *f)
{
	if (f == NULL)
		return;
	timer_free(f->timer);
	x_free(f);
}
