/*
 * Any bytes as a desk's answer: rows or an error, never both halves of one;
 * what was taken for an event can be written and read again.
 */
#include <stdlib.h>
#include <string.h>

#include <mado/mem.h>

#include "../../src/mado/desk_answer.c"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void
check_event(const struct event *ev, struct arena *mem)
{
	struct event again = {0};
	struct buf b = {0};
	cJSON *o;

	if (ev->kind == NULL)
		abort();
	json_encode(&b, &event_json, ev);
	o = json_parse(buf_str(&b), b.n, NULL);
	if (o == NULL || json_decode(&event_json, o, &again, mem, NULL) == -1 ||
	    again.seq != ev->seq || strcmp(again.kind, ev->kind) != 0)
		abort();
	cJSON_Delete(o);
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char *body = x_strndup((const char *)p, n);
	struct arena *mem = arena_new();
	struct desk_answer a = {0};
	struct fetch_res res = {.outcome = FETCH_ANSWERED,
	    .status = n % 5 == 0 ? 409 : 200,
	    .type = "application/json",
	    .body = body,
	    .n = strlen(body),
	    .error = ""};
	cJSON *tree;

	desk_answer_read(&a, &res, true, mem, &tree);
	for (size_t i = 0; a.err.code == ERR_NONE && i < a.n_events; i++)
		check_event(a.events[i], mem);
	cJSON_Delete(tree);
	arena_free(mem);
	x_free(body);
	return 0;
}
