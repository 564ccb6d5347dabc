/* The tags in use: see tags.h. */
#include "tags.h"

#include <mado/json.h>

#include <string.h>

size_t
tags_known(struct store *s, struct arena *a, const char ***out)
{
	char *json = s == NULL ? NULL : store_get(s, "tags", a);
	cJSON *o = json == NULL ? NULL : json_parse(json, strlen(json), NULL);
	const cJSON *list = json_arr(o, "tags"), *it;
	size_t n = 0;

	*out = arena_calloc(
	    a, (size_t)cJSON_GetArraySize(list) + 1, sizeof(**out));
	cJSON_ArrayForEach(it, list)
	{
		if (cJSON_IsString(it))
			(*out)[n++] = arena_strdup(a, it->valuestring);
	}
	cJSON_Delete(o);
	return n;
}
