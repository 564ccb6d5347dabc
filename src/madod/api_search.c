/*
 * GET /v1/search: the words on the loop, the rest on the reader.
 */
#include <stdlib.h>

#include "api.h"
#include "q.h"
#include "search.h"

enum { HITS_MAX = 100, HITS_DEFAULT = 50 };

struct finding {
	struct call *c;
	struct search s;
	struct search_page page;
	struct buf out;
	struct err err;
};

static void
put_hit(struct finding *f, struct sql *db, struct arena *a, int64_t id)
{
	struct msg *m = q_msg(db, a, id);
	struct contact *t = q_contact(db, a,
	    sql_get_int(
		db, 0, "SELECT contact FROM message WHERE id=?1", "i", id));
	struct buf *b = &f->out;

	if (m == NULL || t == NULL)
		return;
	buf_puts(b, b->p[b->n - 1] == '[' ? "{" : ",{");
	json_put_key(b, "message");
	json_encode(b, &msg_json, m);
	json_put_key(b, "conversation");
	if (m->conversation != 0)
		buf_printf(b, "%lld", (long long)m->conversation);
	else
		buf_puts(b, "null");
	json_put_key(b, "contact");
	json_encode(b, &contact_json, t);
	json_put_key(b, "matches");
	search_marks(&f->s, b, m->text);
	buf_putc(b, '}');
}

static void
find_run(void *arg, struct sql *db)
{
	struct finding *f = arg;
	struct arena *a = arena_new();
	struct err e = {0};
	int64_t ids[HITS_MAX], i;

	f->page.ids = ids;
	sql_run(db, "BEGIN", "");
	q_search(db, a, &f->s, &f->page);
	buf_puts(&f->out, ",\"hits\":[");
	for (i = 0; i < f->page.n; i++)
		put_hit(f, db, a, ids[i]);
	buf_puts(&f->out, "],\"next\":");
	if (f->page.next != 0)
		buf_printf(&f->out, "\"%lld\"}", (long long)f->page.next);
	else
		buf_puts(&f->out, "null}");
	sql_run(db, "COMMIT", "");
	if (sql_err(db, &e) == -1)
		err_set(&f->err, ERR_BUSY, "%s", e.msg);
	arena_free(a);
}

static void
find_done(void *arg)
{
	struct finding *f = arg;

	if (f->err.code != ERR_NONE)
		call_err(f->c, &f->err);
	else
		call_ok(f->c, 200, &f->out);
	buf_free(&f->out);
	x_free(f);
}

static int
find_from(struct finding *f, struct call *c, struct err *e)
{
	const char *after = httpd_query(c->r, "after");
	char *end = NULL;

	f->page.before = INT64_MAX;
	if (after != NULL) {
		f->page.before = strtoll(after, &end, 10);
		if (end == after || *end != '\0' || f->page.before < 1)
			return err_set(e, ERR_INVALID,
			    "\"after\" is not a cursor that this server gave");
	}
	return search_parse(&f->s, c->mem, httpd_query(c->r, "query"), e);
}

void
api_search(struct call *c)
{
	struct finding *f;
	struct err e = {0};
	int64_t limit;

	if (!call_int(c, "limit", HITS_DEFAULT, 1, HITS_MAX, &limit))
		return;
	f = x_new(struct finding);
	f->page.limit = limit;
	if (find_from(f, c, &e) == -1) {
		x_free(f);
		call_err(c, &e);
		return;
	}
	f->c = call_keep(c);
	call_stamp(c, &f->out);
	worker_put(c->m->reader, find_run, find_done, f);
}
