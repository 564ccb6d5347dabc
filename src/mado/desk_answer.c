/*
 * What madod answered, as rows: one table says which member holds which
 * noun. Must not know which request it was; knows nothing of connections.
 */
#include <string.h>

#include "desk_answer.h"
#include "i18n.h"

struct rows {
	const char *many, *one; /* members: a list, a single row */
	const struct json_table *table;
	size_t at, n; /* in struct desk_answer */
};

#define ROWS(many, one, table, member)                                   \
	{                                                                \
		many, one, &table, offsetof(struct desk_answer, member), \
		    offsetof(struct desk_answer, n_##member)             \
	}
static const struct rows rows[] = {
    ROWS("conversations", "conversation", conv_json, convs),
    ROWS("messages", "message", msg_json, msgs),
    ROWS("events", NULL, event_json, events),
    ROWS("agents", NULL, agent_json, agents),
    ROWS("canned", NULL, canned_json, canned),
    ROWS("presence", NULL, present_json, present),
    ROWS("channels", NULL, channel_status_json, channels),
};

static int
read_row(const struct rows *r, const cJSON *o, void **out, struct arena *mem,
    struct err *e)
{
	*out = arena_calloc(mem, 1, r->table->size);
	return json_decode(r->table, o, *out, mem, e);
}

static int
read_list(const struct rows *r, const cJSON *list, struct desk_answer *a,
    struct arena *mem)
{
	size_t n = (size_t)cJSON_GetArraySize(list), i = 0;
	void **v = arena_calloc(mem, n + 1, sizeof(*v));
	const cJSON *o;

	cJSON_ArrayForEach(
	    o, list) if (read_row(r, o, &v[i++], mem, &a->err) == -1) return -1;
	memcpy((char *)a + r->at, &v, sizeof(v));
	memcpy((char *)a + r->n, &n, sizeof(n));
	return 0;
}

static int
read_one(const struct rows *r, const cJSON *o, struct desk_answer *a,
    struct arena *mem)
{
	void **v = arena_calloc(mem, 2, sizeof(*v));
	size_t n = 1;

	if (read_row(r, o, &v[0], mem, &a->err) == -1)
		return -1;
	memcpy((char *)a + r->at, &v, sizeof(v));
	memcpy((char *)a + r->n, &n, sizeof(n));
	return 0;
}

/* Every list and row that is there; stops at the first that is not ours. */
static void
read_rows(struct desk_answer *a, struct arena *mem)
{
	const cJSON *v;
	int rc = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		v = json_arr(a->json, rows[i].many);
		if (v != NULL && rc == 0)
			rc = read_list(&rows[i], v, a, mem);
		v = rows[i].one == NULL ? NULL : json_obj(a->json, rows[i].one);
		if (v != NULL && rc == 0)
			rc = read_one(&rows[i], v, a, mem);
	}
}

/* A status without problem+json: a proxy's answer, or not madod at all. */
static enum err_code
code_of_status(int status)
{
	static const enum err_code codes[] = {ERR_AUTH, ERR_ROLE, ERR_NOTFOUND,
	    ERR_CONFLICT, ERR_GONE, ERR_TOOBIG, ERR_LIMITED, ERR_BUSY, ERR_NET};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (err_http_status(codes[i]) == status)
			return codes[i];
	return status == 504 ? ERR_NET
	    : status >= 500  ? ERR_INTERNAL
			     : ERR_FAILED;
}

static void
read_problem(struct desk_answer *a, int status)
{
	const char *code = json_str(a->json, "code", NULL);
	const char *text = json_str(a->json, "detail", NULL);

	if (text == NULL)
		text = json_str(a->json, "title", NULL);
	if (code == NULL || text == NULL)
		err_set(&a->err, code_of_status(status),
		    _("the server answered %d"), status);
	else
		err_set(&a->err, err_from_name(code), "%s", text);
}

static void
read_failure(struct desk_answer *a, const struct fetch_res *res)
{
	if (res->outcome == FETCH_ANSWERED)
		return;
	a->bad_cert = res->bad_cert;
	a->maybe_done = res->outcome == FETCH_UNKNOWN;
	err_set(
	    &a->err, ERR_NET, _("the server was not reached: %s"), res->error);
}

/* A proxy's page or a sign-in portal in between: nothing was done, however
 * friendly its status looks. */
static void
read_stranger(
    struct desk_answer *a, const struct fetch_res *res, bool wants_json)
{
	if (res->status < 200 || res->status >= 300 ||
	    (wants_json && res->status != 204 && a->json == NULL))
		err_set(&a->err, ERR_NET,
		    _("the answer (%d) is not a desk's; is there a proxy or a "
		      "sign-in page in between?"),
		    res->status);
}

static void
read_json(struct desk_answer *a, struct arena *mem)
{
	a->epoch = json_int(a->json, "epoch", 0);
	a->seq = json_int(a->json, "seq", 0);
	a->more = json_bool(a->json, "more", false);
	a->cursor = json_str(a->json, "next", NULL);
	if (a->cursor == NULL)
		a->cursor = json_str(a->json, "before", NULL);
	read_rows(a, mem);
	if (a->err.code == ERR_NONE)
		return;
	a->err.code = ERR_INTERNAL;
	err_prefix(&a->err, _("the server's answer is not understood"));
}

void
desk_answer_read(struct desk_answer *a, const struct fetch_res *res,
    bool wants_json, struct arena *mem, cJSON **tree)
{
	*tree = NULL;
	a->body = res->body;
	a->body_n = res->n;
	a->key_pin = res->key_pin;
	read_failure(a, res);
	if (a->err.code != ERR_NONE)
		return;
	if (strstr(res->type, "json") != NULL && res->n > 0)
		*tree = json_parse(res->body, res->n, NULL);
	a->json = *tree;
	read_json(a, mem);
	if (res->status >= 400)
		read_problem(a, res->status);
	else
		read_stranger(a, res, wants_json);
}
