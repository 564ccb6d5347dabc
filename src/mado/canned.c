/*
 * The list of canned replies that sync keeps in the store as the desk sent it,
 * and what one of them is found by. canned_fill.c has the variables.
 */
#include "canned.h"

#include <mado/json.h>
#include <mado/mem.h>
#include <mado/text.h>

#include <stdlib.h>
#include <string.h>

static int
by_name(const void *a, const void *b)
{
	const struct canned *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order != 0 ? order : (int)y->personal - (int)x->personal;
}

size_t
canned_list(struct store *s, struct arena *a, struct canned **rows)
{
	char *json = store_get(s, "canned", a);
	cJSON *o = json == NULL ? NULL : json_parse(json, strlen(json), NULL);
	const cJSON *list = json_arr(o, "canned"), *row;
	struct canned *v =
	    arena_calloc(a, (size_t)cJSON_GetArraySize(list) + 1, sizeof(*v));
	size_t n = 0;

	cJSON_ArrayForEach(row, list)
	{
		if (json_decode(&canned_json, row, &v[n], a, NULL) == 0)
			n++;
	}
	cJSON_Delete(o);
	qsort(v, n, sizeof(*v), by_name);
	*rows = v;
	return n;
}

const struct canned *
canned_find(const struct canned *rows, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

const char *
canned_agent(struct store *s, const char *user, struct arena *a)
{
	char *json = store_get(s, "me", a);
	cJSON *o = json == NULL ? NULL : json_parse(json, strlen(json), NULL);
	const cJSON *agent = json_obj(o, "agent");
	const char *name = json_str(agent, "display", NULL);

	if (name == NULL || *name == '\0')
		name = json_str(agent, "name", user);
	name = arena_strdup(a, name);
	cJSON_Delete(o);
	return name;
}

const char *
canned_folded(const struct canned *c, struct arena *a)
{
	struct buf b = {0};
	const char *out;

	buf_printf(&b, "%s %s", c->name, c->reading == NULL ? "" : c->reading);
	for (size_t i = 0; i < c->tags.n; i++)
		buf_printf(&b, " #%s", c->tags.v[i]);
	buf_printf(&b, " %s", c->text);
	out = text_folded(buf_str(&b), a);
	buf_free(&b);
	return out;
}

static bool
begins(const char *s, const char *folded_word, struct arena *a)
{
	return s != NULL &&
	    strncmp(text_folded(s, a), folded_word, strlen(folded_word)) == 0;
}

bool
canned_begins(const struct canned *c, const char *word, struct arena *a)
{
	const char *folded = text_folded(word, a);

	return begins(c->name, folded, a) || begins(c->reading, folded, a);
}
