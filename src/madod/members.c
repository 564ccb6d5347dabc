/* Members of JSON bodies: see members.h. */
#include <string.h>

#include "members.h"

const char *
members_next(const char *s, struct member *m)
{
	size_t n;

	s += strspn(s, " ");
	n = strcspn(s, ":");
	if (s[n] != ':' || n >= sizeof(m->name))
		return NULL;
	memcpy(m->name, s, n);
	m->name[n] = '\0';
	m->kind = s + n + 1;
	m->kind_n = strcspn(m->kind, "! ");
	m->must = m->kind[m->kind_n] == '!';
	return m->kind + m->kind_n + m->must;
}

/* Which of cJSON's types a kind is, and how people call it. */
static const struct {
	const char *kind;
	int types;
	const char *words;
} kinds[] = {
    {"string", cJSON_String, "a string"},
    {"time", cJSON_String, "a time as a string"},
    {"int", cJSON_Number, "a number"},
    {"bool", cJSON_True | cJSON_False, "true or false"},
    {"strings", cJSON_Array, "an array of strings"},
    {"objects", cJSON_Array, "an array of objects"},
};

static int
member_check(const struct member *m, const cJSON *v, struct err *e)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strlen(kinds[i].kind) == m->kind_n &&
		    strncmp(kinds[i].kind, m->kind, m->kind_n) == 0 &&
		    (v->type & 0xff & kinds[i].types) == 0)
			return err_set(e, ERR_INVALID, "\"%s\" must be %s",
			    m->name, kinds[i].words);
	return 0;
}

int
members_check(const char *members, const cJSON *o, struct err *e)
{
	struct member m;
	const cJSON *v;

	while ((members = members_next(members, &m)) != NULL) {
		v = cJSON_GetObjectItemCaseSensitive(o, m.name);
		if (v != NULL && !cJSON_IsNull(v) &&
		    member_check(&m, v, e) == -1)
			return -1;
	}
	return 0;
}
