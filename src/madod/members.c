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

/* Which of cJSON's types a kind is, of which an array's elements are, and how
 * people call it. */
static const struct kind {
	const char *name;
	int types, of;
	const char *words;
} kinds[] = {
    {"string", cJSON_String, 0, "a string"},
    {"time", cJSON_String, 0, "a time as a string"},
    {"int", cJSON_Number, 0, "a number"},
    {"bool", cJSON_True | cJSON_False, 0, "true or false"},
    {"strings", cJSON_Array, cJSON_String, "an array of strings"},
    {"objects", cJSON_Array, cJSON_Object, "an array of objects"},
};

static bool
is_kind(const struct kind *k, const cJSON *v)
{
	const cJSON *in;

	if ((v->type & 0xff & k->types) == 0)
		return false;
	for (in = k->of != 0 ? v->child : NULL; in != NULL; in = in->next)
		if ((in->type & 0xff & k->of) == 0)
			return false;
	return true;
}

static int
member_check(const struct member *m, const cJSON *v, struct err *e)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strlen(kinds[i].name) == m->kind_n &&
		    strncmp(kinds[i].name, m->kind, m->kind_n) == 0 &&
		    !is_kind(&kinds[i], v))
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
