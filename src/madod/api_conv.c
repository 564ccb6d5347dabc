/*
 * Conversations, messages, verbs, the outbox: thin hands between the wire and
 * q.c or the acts.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <mado/when.h>

#include "api.h"
#include "members.h"
#include "presence.h"
#include "q.h"
#include "serve_jobs.h"

enum { PAGE_MAX = 500, PAGE_DEFAULT = 50, LIST_QUICK = 100 };

static void
put_conv(struct sql *db, struct arena *a, struct buf *b, int64_t number)
{
	struct conv *c = q_conv(db, a, number, when_now_ms());

	if (c != NULL)
		json_encode(b, &conv_json, c);
	else
		buf_puts(b, "null");
}

static void
put_msg(struct sql *db, struct arena *a, struct buf *b, int64_t id)
{
	struct msg *m = q_msg(db, a, id);

	if (m != NULL)
		json_encode(b, &msg_json, m);
	else
		buf_puts(b, "null");
}

static void
put_page(struct buf *b, const char *name, const char *cursor)
{
	json_put_key(b, name);
	json_put_str(b, cursor);
	buf_putc(b, '}');
}

/* A short page of a view with an index of its own is read on the loop, all else
 * on the reader: it looks at text, at many rows, or for rare ones. */
struct listing {
	struct call *c;
	struct q_list l;
	struct filter *filter;
	struct buf out;
	struct err err;
};

static void
list_run(void *arg, struct sql *db)
{
	struct listing *g = arg;
	struct arena *a = arena_new();
	int64_t numbers[PAGE_MAX], n, i;
	const char *next = NULL;

	struct err e = {0};

	n = q_list(db, a, &g->l, numbers, &next, &g->err);
	buf_puts(&g->out, ",\"conversations\":[");
	for (i = 0; i < n; i++) {
		buf_puts(&g->out, i > 0 ? "," : "");
		put_conv(db, a, &g->out, numbers[i]);
	}
	buf_putc(&g->out, ']');
	put_page(&g->out, "next", next);
	if (sql_err(db, &e) == -1)
		err_set(&g->err, ERR_BUSY, "%s", e.msg);
	arena_free(a);
}

static void
list_done(void *arg)
{
	struct listing *g = arg;

	if (g->err.code != ERR_NONE)
		call_err(g->c, &g->err);
	else
		call_ok(g->c, 200, &g->out);
	buf_free(&g->out);
	filter_free(g->filter);
	x_free(g);
}

/* "query": only words mean what they always did, in SQL; all else is a filter,
 * looked at row by row. */
static int
list_query(struct listing *g, const char *query, bool view_given, struct err *e)
{
	struct filter_bad bad;

	if (query == NULL)
		return 0;
	g->filter = filter_parse(query, &bad);
	if (g->filter == NULL)
		return filter_error(&bad, NULL, e);
	if (!view_given &&
	    (filter_asks(g->filter, "status") ||
		filter_asks(g->filter, "resolved")))
		g->l.view = VIEW_ALL;
	if (filter_is_words(g->filter))
		g->l.query = query;
	else
		g->l.filter = g->filter;
	return 0;
}

static bool
list_is_quick(const struct q_list *l)
{
	return l->limit <= LIST_QUICK && l->query == NULL &&
	    l->filter == NULL && l->tag == NULL && l->assignee == NULL &&
	    l->view != VIEW_AUTO && l->view != VIEW_FOLLOW_UP &&
	    l->view != VIEW_SNOOZED;
}

void
api_conversations(struct call *c)
{
	const char *view = httpd_query(c->r, "view");
	struct listing *g;
	struct err e = {0};
	int64_t limit;
	int v;

	v = view != NULL ? name_find(view_names, view) : VIEW_OPEN;
	if (!call_int(c, "limit", PAGE_DEFAULT, 1, PAGE_MAX, &limit))
		return;
	if (v == -1) {
		err_set(&e, ERR_INVALID, "there is no view \"%s\"", view);
		call_err(c, &e);
		return;
	}
	g = x_new(struct listing);
	g->c = call_keep(c);
	g->l = (struct q_list){.view = (enum view)v,
	    .me = c->user,
	    .tag = httpd_query(c->r, "tag"),
	    .assignee = httpd_query(c->r, "assignee"),
	    .cursor = httpd_query(c->r, "after"),
	    .limit = limit};
	if (list_query(g, httpd_query(c->r, "query"), view != NULL, &g->err) ==
	    -1) {
		list_done(g);
		return;
	}
	call_stamp(c, &g->out);
	if (!list_is_quick(&g->l)) {
		worker_put(c->m->reader, list_run, list_done, g);
		return;
	}
	list_run(g, c->m->db);
	list_done(g);
}

static int64_t
conv_number(struct call *c)
{
	char *end;
	int64_t n = strtoll(c->params[0], &end, 10);

	return *end == '\0' ? n : 0;
}

static void
no_such(struct call *c, const char *what)
{
	struct err e = {0};

	err_set(&e, ERR_NOTFOUND, "there is no %s %s", what, c->params[0]);
	call_err(c, &e);
}

void
api_conversation(struct call *c)
{
	struct conv *v =
	    q_conv(c->m->db, c->mem, conv_number(c), when_now_ms());
	struct buf b = {0};

	if (v == NULL) {
		no_such(c, "conversation");
		return;
	}
	call_stamp(c, &b);
	json_put_key(&b, "conversation");
	json_encode(&b, &conv_json, v);
	buf_putc(&b, '}');
	call_ok(c, 200, &b);
	buf_free(&b);
}

void
api_messages(struct call *c)
{
	struct q_thread t = {
	    .number = conv_number(c), .cursor = httpd_query(c->r, "before")};
	int64_t ids[PAGE_MAX], n, i, contact;
	const char *before = NULL;
	struct err e = {0};
	struct buf b = {0};

	if (!call_int(c, "limit", PAGE_DEFAULT, 1, PAGE_MAX, &t.limit) ||
	    !call_int(c, "contact", 0, 0, 1, &contact))
		return;
	t.contact = contact != 0;
	if (sql_get_int(c->m->db, 0,
		"SELECT number FROM conversation WHERE number=?1", "i",
		t.number) == 0) {
		no_such(c, "conversation");
		return;
	}
	call_stamp(c, &b);
	buf_puts(&b, ",\"messages\":[");
	n = q_thread(c->m->db, c->mem, &t, ids, &before, &e);
	for (i = 0; i < n; i++) {
		buf_puts(&b, i > 0 ? "," : "");
		put_msg(c->m->db, c->mem, &b, ids[i]);
	}
	buf_putc(&b, ']');
	put_page(&b, "before", before);
	if (n == -1)
		call_err(c, &e);
	else
		call_ok(c, 200, &b);
	buf_free(&b);
}

void
api_message(struct call *c)
{
	struct msg *m =
	    q_msg(c->m->db, c->mem, q_msg_id(c->m->db, c->params[0]));
	struct buf b = {0};

	if (m == NULL) {
		no_such(c, "message");
		return;
	}
	call_stamp(c, &b);
	json_put_key(&b, "message");
	json_encode(&b, &msg_json, m);
	buf_putc(&b, '}');
	call_ok(c, 200, &b);
	buf_free(&b);
}

/* Refused: what the writer had not seen comes along. */
static void
verb_unseen(struct call *c, const struct act *a, const char *uids)
{
	struct buf b = {0}, list = {0};
	cJSON *ids, *it;

	buf_printf(&list, "[%s]", uids);
	ids = cJSON_Parse(buf_str(&list));
	buf_puts(&b, "{\"type\":\"about:blank\"");
	json_add_str(&b, "title", err_name(a->err.code));
	json_add_int(&b, "status", err_http_status(a->err.code));
	json_add_str(&b, "detail", a->err.msg);
	json_add_str(&b, "code", err_name(a->err.code));
	buf_puts(&b, ",\"messages\":[");
	cJSON_ArrayForEach(it, ids)
	{
		buf_puts(&b, it->prev != NULL && it != ids->child ? "," : "");
		put_msg(
		    c->m->db, c->mem, &b, q_msg_id(c->m->db, it->valuestring));
	}
	buf_puts(&b, "]}");
	call_reply(
	    c, err_http_status(a->err.code), "application/problem+json", &b);
	cJSON_Delete(ids);
	buf_free(&list);
	buf_free(&b);
}

static void
verb_done(struct act *a)
{
	struct verb_out *out = a->out;
	struct call *c = a->arg;
	struct buf b = {0};

	if (a->err.code == ERR_UNSEEN && out->unseen != NULL) {
		verb_unseen(c, a, out->unseen);
		return;
	}
	if (a->err.code != ERR_NONE) {
		call_err(c, &a->err);
		return;
	}
	call_stamp(c, &b);
	json_put_key(&b, "conversation");
	put_conv(c->m->db, c->mem, &b, out->number ? out->number : a->number);
	if (out->message != 0) {
		json_put_key(&b, "message");
		put_msg(c->m->db, c->mem, &b, out->message);
	}
	buf_putc(&b, '}');
	call_ok(c, out->message != 0 ? 202 : 200, &b);
	buf_free(&b);
}

static struct act *
verb_act(struct call *c, int (*run)(struct act *, struct err *))
{
	struct act *a = call_act(c, run, verb_done);

	a->out = arena_new_of(a->mem, struct verb_out);
	return a;
}

/* An act whose `in` is a string. */
static void
verb_put(struct call *c, int (*run)(struct act *, struct err *), const char *in)
{
	struct act *a = verb_act(c, run);

	a->in = arena_strdup(a->mem, in);
	writer_put(c->m->writer, a);
}

void
api_verb(struct call *c)
{
	const struct verb *v = act_verb_find(c->params[1]);
	struct err e = {0};
	struct act *a;

	if (v == NULL)
		err_set(
		    &e, ERR_NOTFOUND, "there is no verb \"%s\"", c->params[1]);
	else if (c->role < v->role)
		err_set(&e, ERR_ROLE, "the role %s may not %s",
		    role_names[c->role], v->name);
	else if (c->user_id == 0)
		err_set(
		    &e, ERR_ROLE, "only a person of the desk may %s", v->name);
	else
		members_check(v->args, c->args, &e);
	if (v == NULL || e.code != ERR_NONE) {
		call_err(c, &e);
		return;
	}
	a = verb_act(c, v->run);
	a->number = conv_number(c);
	a->in = serve_jobs_surveys(c->m, a->mem);
	writer_put(c->m->writer, a);
}

void
api_claim(struct call *c)
{
	struct buf typed = {0};
	struct err e = {0};

	if (c->user_id == 0) {
		err_set(&e, ERR_ROLE, "only a person of the desk may claim");
		call_err(c, &e);
		return;
	}
	/* who is being written to already is claimed last */
	presence_typed(c->m->presence, c->user_id, &typed);
	verb_put(c, act_claim, buf_str(&typed));
	buf_free(&typed);
}

void
api_retry(struct call *c)
{
	verb_put(c, act_retry, c->params[0]);
}

void
api_discard(struct call *c)
{
	verb_put(c, act_discard, c->params[0]);
}

void
api_outbox(struct call *c)
{
	struct sql_rows *q;
	struct buf b = {0};
	int n = 0;

	call_stamp(c, &b);
	buf_puts(&b, ",\"messages\":[");
	q = sql_query(c->m->db,
	    "SELECT message FROM outbox ORDER BY id DESC LIMIT 500", "");
	while (sql_next(q)) {
		buf_puts(&b, n++ > 0 ? "," : "");
		put_msg(c->m->db, c->mem, &b, sql_int(q, 0));
	}
	buf_puts(&b, "]}");
	call_ok(c, 200, &b);
	buf_free(&b);
}

/* Where its bytes are: what customers sent under the message's id, what we
 * sent under the file's. */
static char *
media_path(struct call *c, const struct msg *m)
{
	char *id = sql_get_text(
	    c->m->db, "SELECT id FROM file WHERE message=?1", "i", m->order);
	char *path = arena_sprintf(c->mem, "%s/%s/%s", c->m->config->state_dir,
	    id != NULL ? "files" : "media", id != NULL ? id : m->id);

	x_free(id);
	return path;
}

void
api_media(struct call *c)
{
	struct msg *m =
	    q_msg(c->m->db, c->mem, q_msg_id(c->m->db, c->params[0]));
	struct err e = {0};
	struct stat st;
	char *path;
	int fd;

	if (m == NULL || m->media == NULL) {
		no_such(c, "media of message");
		return;
	}
	path = media_path(c, m);
	if (strcmp(m->media->state, "kept") != 0 ||
	    (fd = open(path, O_RDONLY | O_CLOEXEC)) == -1 ||
	    fstat(fd, &st) == -1) {
		err_set(&e,
		    strcmp(m->media->state, "gone") == 0 ? ERR_GONE
							 : ERR_NOTFOUND,
		    "this content is not here: %s%s%s", m->media->state,
		    m->media->url ? ", see " : "",
		    m->media->url ? m->media->url : "");
		call_err(c, &e);
		return;
	}
	cJSON_Delete(c->args);
	httpd_set_header(c->r, "X-Content-Type-Options", "nosniff");
	httpd_set_header(c->r, "Content-Disposition", "attachment");
	httpd_reply_file(c->r,
	    m->media->type != NULL ? m->media->type
				   : "application/octet-stream",
	    fd, st.st_size);
}
