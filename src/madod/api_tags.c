/*
 * GET /v1/tags: the names that are in use, for completion. On the reader's
 * thread, as it looks through an index of all conversations.
 */
#include "api.h"

struct tags {
	struct call *c;
	struct buf out;
	struct err err;
};

static void
tags_run(void *arg, struct sql *db)
{
	struct tags *t = arg;
	struct sql_rows *q;
	int n = 0;

	buf_puts(&t->out, ",\"tags\":[");
	q = sql_query(db,
	    "SELECT tag,count(*) AS n FROM (SELECT tag FROM conversation_tag"
	    " UNION ALL SELECT '@'||tag FROM contact_tag) GROUP BY tag"
	    " ORDER BY substr(tag,1,1)='@', n DESC, tag LIMIT 500",
	    "");
	while (sql_next(q)) {
		buf_puts(&t->out, n++ > 0 ? "," : "");
		json_put_str(&t->out, sql_text(q, 0));
	}
	buf_puts(&t->out, "]}");
	sql_err(db, &t->err);
}

static void
tags_done(void *arg)
{
	struct tags *t = arg;

	if (t->err.code != ERR_NONE)
		call_err(t->c, &t->err);
	else
		call_ok(t->c, 200, &t->out);
	buf_free(&t->out);
	x_free(t);
}

void
api_tags(struct call *c)
{
	struct tags *t = x_new(struct tags);

	t->c = call_keep(c);
	call_stamp(c, &t->out);
	worker_put(c->m->reader, tags_run, tags_done, t);
}
