/* Calls for the admin, waited for: see line_setup.h. */
#include <string.h>

#include <mado/json.h>
#include <mado/when.h>

#include "line_call.h"
#include "line_setup.h"

enum { SETUP_TIMEOUT_MS = 30 * 1000 };

struct line_setup {
	const struct config_line *line;
	struct loop *loop;
	struct fetch *fetch;
	struct line_calls *calls;
	int64_t clock_ms;
	/* the answer */
	bool answered;
	cJSON *json;
	struct err err;
};

struct line_setup *
line_setup_new(const struct config_line *l)
{
	struct line_setup *s = x_new(struct line_setup);

	s->line = l;
	s->loop = loop_new();
	s->fetch = fetch_new(s->loop, 2);
	s->calls = line_calls_new(s->fetch);
	return s;
}

void
line_setup_free(struct line_setup *s)
{
	if (s == NULL)
		return;
	fetch_free(s->fetch);
	line_calls_free(s->calls);
	loop_free(s->loop);
	cJSON_Delete(s->json);
	x_free(s);
}

static enum err_code
setup_code(int status)
{
	if (status == 401 || status == 403)
		return ERR_AUTH;
	return status == 404 ? ERR_NOTFOUND : ERR_FAILED;
}

static void
setup_answered(const struct fetch_res *res, void *arg)
{
	struct line_setup *s = arg;
	struct arena *a = arena_new();

	s->answered = true;
	if (res->date_ms != 0)
		s->clock_ms = res->date_ms - when_now_ms();
	if (res->outcome != FETCH_ANSWERED)
		err_set(&s->err, ERR_NET, "LINE is not reached at %s: %s",
		    s->line->api_base, res->error);
	else if (res->status != 200)
		err_set(&s->err, setup_code(res->status), "LINE says: %s",
		    line_words(res, a));
	else
		s->json = json_parse_foreign(res->body, res->n, NULL);
	arena_free(a);
}

static int
setup_run(struct line_setup *s, const char *base, const char *path,
    struct fetch_opts *o, struct err *e)
{
	o->timeout_ms = SETUP_TIMEOUT_MS;
	o->done = setup_answered;
	o->arg = s;
	s->answered = false;
	cJSON_Delete(s->json);
	s->json = NULL;
	err_clear(&s->err);
	line_call(s->calls, s->line, base, path, o);
	while (!s->answered)
		loop_turn(s->loop, 1000);
	*e = s->err;
	return e->code == ERR_NONE ? 0 : -1;
}

int
line_setup_call(struct line_setup *s, const char *method, const char *path,
    const cJSON *body, cJSON **json, struct err *e)
{
	static const char *const headers[] = {
	    "Content-Type: application/json", NULL};
	char *text = body != NULL ? cJSON_PrintUnformatted(body) : NULL;
	struct fetch_opts o = {.method = method,
	    .headers = text != NULL ? headers : NULL,
	    .body = text,
	    .n = text != NULL ? strlen(text) : 0};
	int rv = setup_run(s, s->line->api_base, path, &o, e);

	cJSON_free(text);
	if (json == NULL)
		return rv;
	*json = s->json;
	s->json = NULL;
	return rv;
}

int
line_setup_put(struct line_setup *s, const char *path,
    const struct line_bytes *b, struct err *e)
{
	char *type = x_sprintf("Content-Type: %s", b->type);
	const char *headers[] = {type, NULL};
	struct fetch_opts o = {
	    .method = "POST", .headers = headers, .body = b->p, .n = b->n};
	int rv = setup_run(s, s->line->data_base, path, &o, e);

	x_free(type);
	return rv;
}

int64_t
line_setup_clock_ms(const struct line_setup *s)
{
	return s->clock_ms;
}
