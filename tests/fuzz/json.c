/*
 * Any bytes as JSON from outside: json_parse() must refuse or read them, and
 * what json_decode() takes must come back from its own encoding unchanged.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <mado/model.h>
#include <mado/text.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void
die_unless(bool holds)
{
	if (!holds)
		abort();
}

/* Every string that cJSON hands out is UTF-8. */
static void
check_strings(const cJSON *v)
{
	for (; v != NULL; v = v->next) {
		if (v->string != NULL)
			die_unless(text_is_utf8(v->string, strlen(v->string)));
		if (cJSON_IsString(v))
			die_unless(text_is_utf8(
			    v->valuestring, strlen(v->valuestring)));
		check_strings(v->child);
	}
}

/* Decode v by the table and append its encoding; false when refused. */
static bool
recode(const struct json_table *t, const cJSON *v, struct buf *out)
{
	struct arena *a = arena_new();
	void *row = arena_calloc(a, 1, t->size);
	struct err e = {0};
	bool taken = json_decode(t, v, row, a, &e) == 0;

	die_unless(taken || (e.code == ERR_INVALID && e.msg[0] != '\0'));
	if (taken)
		json_encode(out, t, row);
	arena_free(a);
	return taken;
}

static void
check_table(const struct json_table *t, const cJSON *v)
{
	struct buf once = {0}, twice = {0};
	cJSON *again;

	if (recode(t, v, &once)) {
		again = json_parse(once.p, once.n, NULL);
		die_unless(again != NULL);
		die_unless(recode(t, again, &twice));
		die_unless(
		    once.n == twice.n && memcmp(once.p, twice.p, once.n) == 0);
		cJSON_Delete(again);
	}
	buf_free(&once);
	buf_free(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const struct json_table *const tables[] = {&event_json,
	    &conv_json, &msg_json, &contact_json, &csat_json, &agent_json,
	    &canned_json, &channel_status_json};
	struct err e = {0};
	cJSON *v = json_parse((const char *)p, n, &e);

	if (v == NULL) {
		die_unless(e.code == ERR_INVALID && e.msg[0] != '\0');
		return 0;
	}
	check_strings(v);
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		check_table(tables[i], v);
	cJSON_Delete(v);
	return 0;
}
