/*
 * GET /v1/openapi.json, generated: paths from the route table, verbs from the
 * act table, schemas from the JSON tables of the nouns.
 */
#include <string.h>

#include "api.h"
#include "members.h"

/* "int" and friends of the tables to JSON Schema. */
static const struct {
	const char *name, *schema;
} kinds[] = {
    {"string", "{\"type\":\"string\"}"},
    {"int", "{\"type\":\"integer\"}"},
    {"bool", "{\"type\":\"boolean\"}"},
    {"time",
	"{\"type\":\"string\",\"format\":\"date-time\","
	"\"nullable\":true}"},
    {"strings", "{\"type\":\"array\",\"items\":{\"type\":\"string\"}}"},
    {"objects", "{\"type\":\"array\",\"items\":{\"type\":\"object\"}}"},
};

static const struct {
	const char *name;
	const struct json_table *table;
} nouns[] = {{"conversation", &conv_json}, {"message", &msg_json},
    {"contact", &contact_json}, {"csat", &csat_json}, {"event", &event_json},
    {"agent", &agent_json}, {"canned", &canned_json},
    {"channel", &channel_status_json}, {"present", &present_json},
    {"invite", &invite_json}, {"upload", &upload_json}};

/* What answers hold: {epoch, seq} and a noun or a list of one. */
static const struct {
	const char *name, *member, *noun;
	bool list;
} answers[] = {
    {"conversations", "conversations", "conversation", true},
    {"conversation", "conversation", "conversation", false},
    {"messages", "messages", "message", true},
    {"message", "message", "message", false},
    {"hits", "hits", "hit", true},
    {"verb", "conversation", "conversation", false},
    {"feed", "events", "event", true},
    {"presence", "presence", "present", true},
    {"agents", "agents", "agent", true},
    {"canned_list", "canned", "canned", true},
    {"status", "channels", "channel", true},
    {"invite", "invite", "invite", false},
    {"uploads", "uploads", "upload", true},
    {"session", "agent", "agent", false},
    {"me", "agent", "agent", false},
    {"why", "why", "decision", false},
    {"faqs", "faqs", "faq", true},
    {"lessons", "lessons", "lesson", true},
};

static const char *
kind_schema(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strlen(kinds[i].name) == n &&
		    strncmp(kinds[i].name, s, n) == 0)
			return kinds[i].schema;
	return kinds[0].schema;
}

static void
put_body(struct buf *b, const char *members)
{
	struct buf must = {0};
	struct member m;

	buf_puts(b,
	    ",\"requestBody\":{\"content\":{\"application/json\":"
	    "{\"schema\":{\"type\":\"object\",\"properties\":{");
	while ((members = members_next(members, &m)) != NULL) {
		json_put_key(b, m.name);
		buf_puts(b, kind_schema(m.kind, m.kind_n));
		if (m.must)
			buf_printf(
			    &must, "%s\"%s\"", must.n ? "," : "", m.name);
	}
	buf_putc(b, '}');
	if (must.n > 0)
		buf_printf(b, ",\"required\":[%s]", must.p);
	buf_puts(b, "}}}}");
	buf_free(&must);
}

static void
put_params(struct buf *b, const char *path, const char *query)
{
	const char *p, *end;
	bool first = true;
	struct member m;

	buf_puts(b, ",\"parameters\":[");
	for (p = strchr(path, '{'); p != NULL; p = strchr(end, '{')) {
		end = strchr(p, '}');
		buf_printf(b,
		    "%s{\"name\":\"%.*s\",\"in\":\"path\","
		    "\"required\":true,\"schema\":{\"type\":\"string\"}}",
		    first ? "" : ",", (int)(end - p - 1), p + 1);
		first = false;
	}
	while ((query = members_next(query, &m)) != NULL) {
		buf_printf(b,
		    "%s{\"name\":\"%s\",\"in\":\"query\","
		    "\"schema\":%s}",
		    first ? "" : ",", m.name, kind_schema(m.kind, m.kind_n));
		first = false;
	}
	buf_putc(b, ']');
}

static void
put_answers(struct buf *b, const char *answer)
{
	buf_puts(b, ",\"responses\":{");
	if (*answer == '\0')
		buf_puts(b, "\"2XX\":{\"description\":\"done\"}");
	else
		buf_printf(b,
		    "\"2XX\":{\"description\":\"%s\",\"content\":"
		    "{\"application/json\":{\"schema\":{\"$ref\":"
		    "\"#/components/schemas/%s_answer\"}}}}",
		    answer, answer);
	buf_puts(b,
	    ",\"default\":{\"description\":\"an error\",\"content\":"
	    "{\"application/problem+json\":{\"schema\":{\"$ref\":"
	    "\"#/components/schemas/problem\"}}}}}");
}

static void
put_operation(struct buf *b, const struct route *t, const char *path,
    const char *body, const char *help)
{
	static const char *const names[] = {[HTTP_GET] = "get",
	    [HTTP_POST] = "post",
	    [HTTP_PUT] = "put",
	    [HTTP_DELETE] = "delete"};

	json_put_key(b, names[t->methods]);
	buf_putc(b, '{');
	json_add_str(b, "summary", help);
	json_add_str(
	    b, "x-role", t->flags & ROUTE_OPEN ? NULL : role_names[t->role]);
	put_params(b, path, t->query);
	if (*body != '\0')
		put_body(b, body);
	put_answers(b, t->answer);
	buf_putc(b, '}');
}

/* OpenAPI wants the methods of a path together: a path is opened by its first
 * row and closed before the next that differs, so the rows of one path follow
 * each other. */
static void
put_paths(struct buf *b, struct arena *a)
{
	const struct route *t;
	const struct verb *v;
	const char *last = "", *path;

	for (t = routes; t->path != NULL; t++) {
		if (t->flags & ROUTE_HIDDEN || t->fn == api_verb)
			continue;
		if (strcmp(t->path, last) != 0) {
			buf_puts(b, *last ? "}" : "");
			json_put_key(b, t->path);
			buf_putc(b, '{');
		}
		last = t->path;
		put_operation(b, t, t->path, t->body, t->help);
	}
	buf_putc(b, '}');
	for (t = routes; t->fn != api_verb; t++)
		;
	for (v = act_verbs; v->name != NULL; v++) {
		path =
		    arena_sprintf(a, "/v1/conversations/{number}/%s", v->name);
		json_put_key(b, path);
		buf_putc(b, '{');
		put_operation(b, t, path, v->args, v->help);
		buf_putc(b, '}');
	}
}

static void
put_field(struct buf *b, const struct json_field *f)
{
	static const char *const schemas[] = {
	    [JSON_INT] = "{\"type\":\"integer\"}",
	    [JSON_INTN] = "{\"type\":\"integer\",\"nullable\":true}",
	    [JSON_STR] = "{\"type\":\"string\",\"nullable\":true}",
	    [JSON_TEXT] = "{\"type\":\"string\"}",
	    [JSON_BOOL] = "{\"type\":\"boolean\"}",
	    [JSON_TIME] = "{\"type\":\"string\",\"format\":\"date-time\","
			  "\"nullable\":true}",
	    [JSON_DICT] = "{\"type\":\"object\",\"additionalProperties\":"
			  "{\"type\":\"string\"}}",
	    [JSON_STRS] = "{\"type\":\"array\",\"items\":"
			  "{\"type\":\"string\"}}",
	    [JSON_OBJ] = "{\"type\":\"object\",\"nullable\":true}"};
	size_t i;

	json_put_key(b, f->name);
	if (f->type != JSON_ENUM) {
		buf_puts(b, schemas[f->type]);
		return;
	}
	buf_puts(b, "{\"type\":\"string\",\"nullable\":true,\"enum\":[");
	for (i = 0; f->names[i] != NULL; i++) {
		buf_puts(b, i > 0 ? "," : "");
		json_put_str(b, f->names[i]);
	}
	buf_puts(b, ",null]}"); /* nullable alone does not allow it */
}

static void
put_schemas(struct buf *b)
{
	const struct json_field *f;
	size_t i;

	buf_puts(b,
	    "\"problem\":{\"type\":\"object\",\"properties\":{"
	    "\"title\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},"
	    "\"detail\":{\"type\":\"string\"},\"code\":{\"type\":\"string\"}}},"
	    "\"hit\":{\"type\":\"object\",\"properties\":{"
	    "\"message\":{\"$ref\":\"#/components/schemas/message\"},"
	    "\"conversation\":{\"type\":\"integer\",\"nullable\":true},"
	    "\"contact\":{\"$ref\":\"#/components/schemas/contact\"},"
	    "\"matches\":{\"type\":\"array\",\"items\":{\"type\":"
	    "\"array\",\"items\":{\"type\":\"integer\"}}}}},"
	    "\"page_answer\":{\"type\":\"object\",\"properties\":{"
	    "\"url\":{\"type\":\"string\"},"
	    "\"expires_at\":{\"type\":\"string\",\"format\":\"date-time\"}}},"
	    "\"decision\":{\"type\":\"object\",\"nullable\":true},"
	    "\"faq\":{\"type\":\"object\"},"
	    "\"lesson\":{\"type\":\"object\"}");
	for (i = 0; i < sizeof(nouns) / sizeof(nouns[0]); i++) {
		json_put_key(b, nouns[i].name);
		buf_puts(b, "{\"type\":\"object\",\"properties\":{");
		for (f = nouns[i].table->fields; f->name != NULL; f++)
			put_field(b, f);
		buf_puts(b, "}}");
	}
	for (i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		buf_printf(b,
		    ",\"%s_answer\":{\"type\":\"object\","
		    "\"properties\":{\"epoch\":{\"type\":\"integer\"},"
		    "\"seq\":{\"type\":\"integer\"},\"%s\":%s"
		    "{\"$ref\":\"#/components/schemas/%s\"}%s}}",
		    answers[i].name, answers[i].member,
		    answers[i].list ? "{\"type\":\"array\",\"items\":" : "",
		    answers[i].noun, answers[i].list ? "}" : "");
	}
}

void
api_openapi(struct call *c)
{
	struct buf b = {0};

	buf_puts(&b,
	    "{\"openapi\":\"3.0.3\",\"info\":{\"title\":\"madod\","
	    "\"version\":\"" MADO_VERSION "\"},\"paths\":{");
	put_paths(&b, c->mem);
	buf_puts(&b,
	    "},\"components\":{\"securitySchemes\":{\"token\":"
	    "{\"type\":\"http\",\"scheme\":\"bearer\"}},\"schemas\":{");
	put_schemas(&b);
	buf_puts(&b, "}},\"security\":[{\"token\":[]}]}");
	call_ok(c, 200, &b);
	buf_free(&b);
}
