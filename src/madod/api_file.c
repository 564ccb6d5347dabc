/*
 * Files of ours over HTTP: agents bring them, look at them and erase them;
 * LINE and customers fetch them by an unguessable token.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <mado/fetch.h>

#include "files.h"
#include "page.h"

#define Q_UPLOADS                                                             \
	"SELECT f.id,f.name,f.kind,f.type,f.size,f.note,f.made_by,"           \
	"f.conversation,f.made_at,m.uid FROM file f LEFT JOIN message m ON"   \
	" m.id=f.message WHERE f.gone_at IS NULL AND (?1 IS NULL OR f.id=?1)" \
	" AND (?2 IS NULL OR f.conversation=?2)"                              \
	" ORDER BY f.made_at DESC, f.id DESC LIMIT 500"

enum { DRAFT_KEPT_MS = 24 * 3600 * 1000 };

int
api_upload_head(struct call *c, int64_t length, struct err *e)
{
	const char *name = httpd_query(c->r, "name");

	if (name == NULL || *name == '\0')
		return err_set(e, ERR_INVALID, "\"name\" is missing");
	if (c->user_id == 0)
		return err_set(
		    e, ERR_ROLE, "only a person of the desk may send files");
	return files_take(c, length, e);
}

static void
put_upload(struct call *c, struct buf *b, struct sql_rows *q)
{
	struct upload u = {.id = sql_text(q, 0),
	    .name = sql_text(q, 1),
	    .kind = (int)sql_int(q, 2),
	    .type = sql_text(q, 3),
	    .size_b = sql_int(q, 4),
	    .note = sql_text(q, 5),
	    .by = sql_text(q, 6),
	    .conversation = sql_int(q, 7),
	    .at_ms = sql_int(q, 8),
	    .message = sql_text(q, 9)};

	u.expires_ms = u.at_ms +
	    (u.message != NULL ? c->m->config->upload_keep_ms : DRAFT_KEPT_MS);
	json_encode(b, &upload_json, &u);
}

/* Rows of one id, of a conversation, or all. How many. */
static int
put_uploads(struct call *c, struct buf *b, const char *id, int64_t number)
{
	struct sql_rows *q = sql_query(c->m->db, Q_UPLOADS, "st", id, number);
	int n = 0;

	while (sql_next(q)) {
		buf_puts(b, n++ > 0 ? "," : "");
		put_upload(c, b, q);
	}
	return n;
}

static void
upload_kept(struct files_job *j)
{
	struct call *c = j->c;
	struct buf b = {0};

	if (j->err.code != ERR_NONE) {
		call_err(c, &j->err);
	} else {
		call_stamp(c, &b);
		buf_puts(&b, ",\"uploads\":[");
		for (int i = 0; i < j->in.n; i++) {
			buf_puts(&b, i > 0 ? "," : "");
			put_uploads(c, &b, j->in.v[i].id, 0);
		}
		buf_puts(&b, "]}");
		call_ok(c, 201, &b);
	}
	buf_free(&b);
	files_job_free(j);
}

void
api_upload(struct call *c)
{
	struct files_job *j;
	int64_t number;

	if (!call_int(c, "number", 0, 0, INT64_MAX, &number))
		return;
	j = files_job_new(c, upload_kept);
	j->name = httpd_query(c->r, "name");
	files_job_start(j);
}

void
api_uploads(struct call *c)
{
	int64_t number;
	struct err e = {0};
	struct buf b = {0};

	if (!call_int(c, "number", 0, 0, INT64_MAX, &number))
		return;
	call_stamp(c, &b);
	buf_puts(&b, ",\"uploads\":[");
	if (put_uploads(c, &b, c->params[0], number) == 0 &&
	    c->params[0] != NULL) {
		err_set(&e, ERR_NOTFOUND, "there is no file %.40s that is kept",
		    c->params[0]);
		call_err(c, &e);
	} else {
		buf_puts(&b, "]}");
		call_ok(c, 200, &b);
	}
	buf_free(&b);
}

static void
upload_removed(struct act *a)
{
	struct call *c = a->arg;
	const struct files_gone *g;

	for (g = a->out; g != NULL && a->err.code == ERR_NONE; g = g->next)
		files_remove(c->m->config->state_dir, g->id);
	call_act_done(a);
}

/* One's own as long as it is a draft; what was sent is the desk's. */
static bool
may_erase(struct call *c)
{
	return c->role >= ROLE_SUPERVISOR ||
	    sql_get_int(c->m->db, 0,
		"SELECT count(*) FROM file WHERE id=?1 AND made_by=?2 AND"
		" message IS NULL",
		"ss", c->params[0], c->user) != 0;
}

void
api_upload_rm(struct call *c)
{
	struct err e = {0};
	struct act *a;

	if (!may_erase(c)) {
		err_set(&e, ERR_ROLE,
		    "only a supervisor may erase a file that was sent, or "
		    "somebody else's");
		call_err(c, &e);
		return;
	}
	a = call_act(c, act_file_rm, upload_removed);
	a->in = arena_strdup(a->mem, c->params[0]);
	writer_put(c->m->writer, a);
}

/* --- what LINE and customers fetch */

static void
file_headers(struct call *c, const char *type, const char *name)
{
	struct buf b = {0};
	bool shown = strncmp(type, "image/", 6) == 0 ||
	    strncmp(type, "video/", 6) == 0 || strncmp(type, "audio/", 6) == 0;

	buf_printf(
	    &b, "%s; filename*=UTF-8''", shown ? "inline" : "attachment");
	fetch_escape(&b, name);
	page_headers(c);
	httpd_set_header(c->r, "Content-Disposition", b.p);
	/* LINE's clients load late and more than once */
	httpd_set_header(c->r, "Cache-Control", "private, max-age=86400");
	buf_free(&b);
}

void
file_reply(struct call *c, const char *path, const char *type, const char *name)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd == -1 || fstat(fd, &st) == -1) {
		if (fd != -1)
			close(fd);
		page_error(c, 404);
		return;
	}
	file_headers(c, type, name);
	httpd_reply_file(c->r, type, fd, st.st_size);
}

static void
serve(struct call *c, bool preview)
{
	struct sql_rows *q = sql_query(c->m->db,
	    "SELECT id,name,type,kind,preview,gone_at IS NOT NULL FROM file"
	    " WHERE token=?1",
	    "s", c->params[0]);
	const char *id, *name, *type;
	bool gone, own;
	char *path;

	if (!sql_next(q)) {
		page_error(c, 404);
		return;
	}
	id = arena_strdup(c->mem, sql_text(q, 0));
	name = arena_strdup(c->mem, sql_text(q, 1));
	type = arena_strdup(c->mem, sql_text(q, 2));
	own = preview && sql_int(q, 4) > 0;
	if (own)
		type = sql_int(q, 3) == MSG_VIDEO ? "image/png" : "image/jpeg";
	gone = sql_int(q, 5) != 0;
	sql_done(q);
	if (gone) {
		page_error(c, 410);
		return;
	}
	path = files_path(c->m->config->state_dir, id, own);
	file_reply(c, path, type, name);
	x_free(path);
}

void
api_file(struct call *c)
{
	serve(c, false);
}

void
api_file_preview(struct call *c)
{
	serve(c, true);
}
