/*
 * Files of ours: rows of what was kept, their messages, their end. The bytes
 * are files.c's, which removes them after the commit. Only on the writer.
 */
#include <string.h>

#include "act.h"
#include "files.h"

enum { DRAFT_KEPT_MS = 24 * 3600 * 1000, GONE_MAX = 200 };

static void
file_add(struct act *a, const struct files_in *in, const struct file_in *f)
{
	sql_run(a->db,
	    "INSERT INTO file(id,token,base,name,kind,type,size,preview,width,"
	    "height,duration,note,made_at,made_by,conversation,ticket)"
	    " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16)",
	    "ssssdsiiddisists", f->id, f->token, in->base, f->name, f->kind,
	    f->type, f->size_b, f->preview_b, f->width_px, f->height_px,
	    f->duration_ms, f->note, a->now_ms, in->by, in->conversation,
	    in->ticket);
	if (in->conversation != 0)
		act_feed(a, "upload.added", in->conversation, 0, f->id);
}

int
act_files(struct act *a, struct err *e)
{
	const struct files_in *in = a->in;
	int64_t kept = sql_get_int(a->db, 0,
	    "SELECT total(size+preview) FROM file WHERE gone_at IS NULL", "");
	int i;

	if (in->ticket != NULL &&
	    sql_get_int(a->db, 0, "SELECT count(*) FROM file WHERE ticket=?1",
		"s", in->ticket) != 0)
		return err_set(e, ERR_GONE, "this page has been used already");
	for (i = 0; i < in->n; i++)
		kept += in->v[i].size_b + in->v[i].preview_b;
	if (kept > in->quota_b)
		return err_set(e, ERR_TOOBIG,
		    "the desk's room for files is used up (upload_quota): "
		    "mado uploads shows what may go");
	for (i = 0; i < in->n; i++)
		file_add(a, in, &in->v[i]);
	return 0;
}

/* --- sending */

struct file_row {
	const char *id, *url, *name, *type;
	int kind, width_px, height_px;
	int64_t size_b, preview_b, duration_ms;
};

static int
file_find(struct act *a, const char *id, struct file_row *f, struct err *e)
{
	struct sql_rows *q = sql_query(a->db,
	    "SELECT base||'/m/'||token,name,type,kind,width,height,size,"
	    "preview,duration,gone_at IS NOT NULL,message IS NOT NULL"
	    " FROM file WHERE id=?1",
	    "s", id);
	bool gone, sent;

	if (!sql_next(q))
		return err_set(
		    e, ERR_NOTFOUND, "there is no file %.40s to send", id);
	f->id = id;
	f->url = arena_strdup(a->mem, sql_text(q, 0));
	f->name = arena_strdup(a->mem, sql_text(q, 1));
	f->type = arena_strdup(a->mem, sql_text(q, 2));
	f->kind = (int)sql_int(q, 3);
	f->width_px = (int)sql_int(q, 4);
	f->height_px = (int)sql_int(q, 5);
	f->size_b = sql_int(q, 6);
	f->preview_b = sql_int(q, 7);
	f->duration_ms = sql_int(q, 8);
	gone = sql_int(q, 9) != 0;
	sent = sql_int(q, 10) != 0;
	sql_done(q);
	if (gone)
		return err_set(e, ERR_GONE,
		    "%s is no longer kept here; attach it once more", f->name);
	if (sent)
		return err_set(e, ERR_CONFLICT,
		    "%s was sent already; attach it once more", f->name);
	return 0;
}

int
act_files_check(struct act *a, int *n, struct err *e)
{
	const cJSON *it;
	struct file_row f;

	*n = 0;
	cJSON_ArrayForEach(it, json_arr(a->args, "uploads"))
	{
		if (++*n > MULTIPART_MAX)
			return err_set(e, ERR_INVALID,
			    "at most %d files at once", MULTIPART_MAX);
		if (file_find(a, it->valuestring, &f, e) == -1)
			return -1;
	}
	return 0;
}

/* LINE's object. Source: LINE, "Message objects". */
static const char *
file_payload(struct act *a, const struct file_row *f)
{
	struct buf b = {0};
	const char *s;

	buf_putc(&b, '{');
	if (f->kind == MSG_FILE) {
		json_add_str(&b, "type", "text");
		json_add_str(&b, "text",
		    arena_sprintf(a->mem, "%s\n%s", f->name, f->url));
	} else {
		json_add_str(&b, "type", msg_type_names[f->kind]);
		json_add_str(&b, "originalContentUrl", f->url);
	}
	if (f->kind == MSG_IMAGE || f->kind == MSG_VIDEO)
		json_add_str(&b, "previewImageUrl",
		    f->preview_b == 0
			? f->url
			: arena_sprintf(a->mem, "%s/preview", f->url));
	if (f->kind == MSG_AUDIO)
		json_add_int(&b, "duration", f->duration_ms);
	buf_putc(&b, '}');
	s = arena_strdup(a->mem, buf_str(&b));
	buf_free(&b);
	return s;
}

/* "[image seam.jpg, 1024x768 210 KB]" */
static const char *
file_line(struct act *a, const struct file_row *f)
{
	const char *name =
	    arena_sprintf(a->mem, "[%s %s]", msg_type_names[f->kind], f->name);
	struct buf b = {0};
	const char *s;

	if (f->kind == MSG_FILE) /* whose line is not sized after the fact */
		name = arena_sprintf(a->mem, "[link %s]", f->name);
	line_text_sized(&b, name, f->width_px, f->height_px, f->size_b);
	s = arena_strdup(a->mem, buf_str(&b));
	buf_free(&b);
	return s;
}

int64_t
act_files_send(struct act *a, const struct cv *c, const struct new_msg *first)
{
	struct new_msg m = *first;
	struct file_row f;
	const cJSON *it;
	int64_t id = 0;

	cJSON_ArrayForEach(it, json_arr(a->args, "uploads"))
	{
		if (file_find(a, it->valuestring, &f, NULL) == -1)
			continue; /* named twice */
		m.type = f.kind;
		m.text = file_line(a, &f);
		m.media = &(struct media){.type = f.type,
		    .size_b = f.size_b,
		    .state = "kept",
		    .file_name = f.name};
		id = act_message(a, &m);
		act_queue_at(a, c, id, file_payload(a, &f), m.send_at_ms);
		sql_run(a->db,
		    "UPDATE file SET message=?2, conversation=?3 WHERE id=?1",
		    "sii", f.id, id, c->number);
		act_feed(a, "message.out", c->number, id, m.why);
		m.uid = NULL;
	}
	return id;
}

/* --- the end */

/* No link leads there any more, and the history says so. */
static void
file_gone(struct act *a, const char *id, int64_t message, const char *why)
{
	struct files_gone *g = arena_new_of(a->mem, struct files_gone);
	int64_t conversation;

	g->id = id;
	g->next = a->out;
	a->out = g;
	sql_run(a->db, "UPDATE file SET gone_at=?2 WHERE id=?1", "si", id,
	    a->now_ms);
	if (message == 0)
		return;
	conversation = sql_get_int(a->db, 0,
	    "SELECT conversation FROM message WHERE id=?1", "i", message);
	sql_run(a->db, "UPDATE message SET media_state='gone' WHERE id=?1", "i",
	    message);
	act_feed(a, "message.edited", conversation, message, why);
}

int
act_files_expire(struct act *a, struct err *e)
{
	const int64_t *keep_ms = a->in;
	const char *ids[GONE_MAX];
	int64_t messages[GONE_MAX];
	struct sql_rows *q;
	int n = 0;

	(void)e;
	a->out = NULL;
	q = sql_query(a->db,
	    "SELECT id,message FROM file WHERE gone_at IS NULL AND"
	    " made_at<CASE WHEN message IS NULL THEN ?1 ELSE ?2 END"
	    " ORDER BY made_at LIMIT 200",
	    "ii", a->now_ms - DRAFT_KEPT_MS, a->now_ms - *keep_ms);
	while (sql_next(q)) {
		ids[n] = arena_strdup(a->mem, sql_text(q, 0));
		messages[n++] = sql_int(q, 1);
	}
	for (int i = 0; i < n; i++)
		file_gone(a, ids[i], messages[i], "past upload_keep");
	return 0;
}

int
act_file_rm(struct act *a, struct err *e)
{
	const char *id = a->in;
	struct sql_rows *q;
	int64_t message;

	a->out = NULL;
	q = sql_query(a->db,
	    "SELECT message FROM file WHERE id=?1 AND gone_at IS NULL", "s",
	    id);
	if (!sql_next(q))
		return err_set(
		    e, ERR_NOTFOUND, "there is no file %.40s that is kept", id);
	message = sql_int(q, 0);
	sql_done(q);
	file_gone(a, id, message, "erased");
	return 0;
}
