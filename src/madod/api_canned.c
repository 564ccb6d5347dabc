/*
 * Canned replies as the desk hands them out: the team's and the caller's own.
 */
#include <string.h>

#include "api.h"
#include "q.h"

void
api_canned(struct call *c)
{
	struct canned row = {0};
	struct sql_rows *q;
	struct buf b = {0};
	int n = 0;

	call_stamp(c, &b);
	buf_puts(&b, ",\"canned\":[");
	q = sql_query(c->m->db,
	    "SELECT name,text,reading,tags,owner<>'' FROM canned"
	    " WHERE owner IN ('',?1) ORDER BY name, owner DESC",
	    "s", c->user == NULL ? "" : c->user);
	while (sql_next(q)) {
		buf_puts(&b, n++ > 0 ? "," : "");
		row.name = sql_text(q, 0);
		row.text = sql_text(q, 1);
		row.reading = sql_text(q, 2);
		row.tags = q_strs(c->mem, sql_text(q, 3));
		row.personal = sql_int(q, 4) != 0;
		json_encode(&b, &canned_json, &row);
	}
	sql_done(q);
	buf_puts(&b, "]}");
	call_ok(c, 200, &b);
	buf_free(&b);
}

void
api_canned_import(struct call *c)
{
	writer_put(c->m->writer, call_act(c, act_canned_put, call_act_done));
}

/* One reply as a list of one: the same act. */
void
api_canned_put(struct call *c)
{
	cJSON *o = cJSON_CreateObject(), *list;

	list = cJSON_AddArrayToObject(o, "canned");
	/* the path names it, whatever the body says */
	cJSON_DeleteItemFromObjectCaseSensitive(c->args, "name");
	cJSON_AddStringToObject(c->args, "name", c->params[0]);
	cJSON_AddItemToArray(list, c->args);
	c->args = o;
	api_canned_import(c);
}

void
api_canned_rm(struct call *c)
{
	int64_t personal;
	struct act *a;
	struct canned *row;

	if (!call_int(c, "personal", 0, 0, 1, &personal))
		return;
	a = call_act(c, act_canned_rm, call_act_done);
	row = arena_new_of(a->mem, struct canned);
	row->name = arena_strdup(a->mem, c->params[0]);
	row->personal = personal != 0;
	a->in = row;
	writer_put(c->m->writer, a);
}
