/*
 * Text that json_encode() has written, straight into the struct again: one
 * walk, no tree, a fifth of the time. Takes nothing else (no blanks, no
 * foreign escapes); text from outside is json_parse.c's. Called by mado's
 * store, which reads rows by the thousand.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mado/json.h>
#include <mado/model.h>
#include <mado/when.h>

#include "json_priv.h"

enum { ESCAPE_HEX = 4 };

struct reader {
	const char *p; /* a NUL ends the text */
	struct arena *a;
};

static int read_object(struct reader *r, const struct json_table *t, void *dst);

static bool
take(struct reader *r, char c)
{
	if (*r->p != c)
		return false;
	r->p++;
	return true;
}

static bool
take_word(struct reader *r, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(r->p, word, n) != 0)
		return false;
	r->p += n;
	return true;
}

/* The character behind the backslash at p; 0: json_encode() writes none such.
 */
static char
unescape(const char **p)
{
	static const char from[] = "\"\\bfnrt", to[] = "\"\\\b\f\n\r\t";
	char hex[ESCAPE_HEX + 1];
	const char *at;
	long v;

	*p += 1;
	if (**p == 'u') {
		snprintf(hex, sizeof(hex), "%.*s", ESCAPE_HEX, *p + 1);
		*p += 1 + strlen(hex);
		v = strtol(hex, NULL, 16);
		return v > 0 && v < ' ' ? (char)v : '\0';
	}
	at = **p == '\0' ? NULL : strchr(from, **p);
	if (at == NULL)
		return '\0';
	*p += 1;
	return to[at - from];
}

/* Bytes of the string at s, up to its closing quote. */
static size_t
raw_len(const char *s)
{
	size_t n = 0;

	while (s[n] != '"' && s[n] != '\0')
		n += s[n] == '\\' && s[n + 1] != '\0' ? 2 : 1;
	return n;
}

static const char *
read_escaped(struct reader *r, const char *start)
{
	char *s = arena_strndup(r->a, start, raw_len(start));
	char *to = s + (r->p - start);

	while (*r->p != '"' && *r->p != '\0') {
		if (*r->p != '\\')
			*to++ = *r->p++;
		else if ((*to++ = unescape(&r->p)) == '\0')
			return NULL;
	}
	*to = '\0';
	return take(r, '"') ? s : NULL;
}

/* NULL: there is no string here. */
static const char *
read_str(struct reader *r)
{
	const char *start;

	if (!take(r, '"'))
		return NULL;
	start = r->p;
	r->p += strcspn(r->p, "\"\\");
	if (*r->p == '\\')
		return read_escaped(r, start);
	if (!take(r, '"'))
		return NULL;
	return arena_strndup(r->a, start, (size_t)(r->p - 1 - start));
}

static int
read_int(struct reader *r, int64_t *out)
{
	char *end;

	*out = strtoll(r->p, &end, 10);
	if (end == r->p)
		return -1;
	r->p = end;
	return 0;
}

static int
read_bool(struct reader *r, bool *out)
{
	*out = take_word(r, "true");
	return *out || take_word(r, "false") ? 0 : -1;
}

static int
read_time(struct reader *r, int64_t *out)
{
	const char *s = read_str(r);

	return s == NULL ? -1 : when_parse_rfc3339(s, out, NULL);
}

static int
read_enum(struct reader *r, const char *const *names, int *out)
{
	const char *s = read_str(r);

	*out = s == NULL ? -1 : name_find(names, s);
	return *out < 0 ? -1 : 0;
}

static int
add_str(struct reader *r, struct strs *list)
{
	const char **v = list->v;

	if ((list->n & (list->n - 1)) == 0) { /* room for twice as many */
		v = arena_calloc(r->a, list->n * 2 + 1, sizeof(*v));
		if (list->n > 0)
			memcpy(v, list->v, list->n * sizeof(*v));
		list->v = v;
	}
	v[list->n] = read_str(r);
	return v[list->n++] == NULL ? -1 : 0;
}

static int
read_strs(struct reader *r, struct strs *list)
{
	if (!take(r, '['))
		return -1;
	while (*r->p != ']')
		if ((list->n > 0 && !take(r, ',')) || add_str(r, list) == -1)
			return -1;
	return take(r, ']') ? 0 : -1;
}

static int
read_dict(struct reader *r, struct strs *list)
{
	if (!take(r, '{'))
		return -1;
	while (*r->p != '}')
		if ((list->n > 0 && !take(r, ',')) || add_str(r, list) == -1 ||
		    !take(r, ':') || add_str(r, list) == -1)
			return -1;
	return take(r, '}') ? 0 : -1;
}

static int
read_sub(struct reader *r, const struct json_table *t, void **out)
{
	*out = arena_calloc(r->a, 1, t->size);
	return read_object(r, t, *out);
}

static int
read_value(struct reader *r, const struct json_field *f, void *at)
{
	switch (f->type) {
	case JSON_INT:
	case JSON_INTN:
		return read_int(r, at);
	case JSON_STR:
	case JSON_TEXT:
		*(const char **)at = read_str(r);
		return *(const char **)at == NULL ? -1 : 0;
	case JSON_BOOL:
		return read_bool(r, at);
	case JSON_TIME:
		return read_time(r, at);
	case JSON_ENUM:
		return read_enum(r, f->names, at);
	case JSON_STRS:
		return read_strs(r, at);
	case JSON_DICT:
		return read_dict(r, at);
	case JSON_OBJ:
		return read_sub(r, f->sub, at);
	}
	return -1;
}

/* A member that this version does not know: past its value. */
static int
skip_value(struct reader *r)
{
	int depth = 0;

	while (*r->p != '\0' && (depth > 0 || (*r->p != ',' && *r->p != '}'))) {
		if (*r->p == '"') {
			if (read_str(r) == NULL)
				return -1;
			continue;
		}
		depth += *r->p == '{' || *r->p == '[';
		depth -= *r->p == '}' || *r->p == ']';
		r->p++;
	}
	return *r->p == '\0' ? -1 : 0;
}

/* The field of the member at p, from where the last one was. */
static const struct json_field *
find_field(const struct json_table *t, const struct json_field *from,
    const char *name, size_t n)
{
	for (const struct json_field *f = from; f->name != NULL; f++)
		if (strncmp(f->name, name, n) == 0 && f->name[n] == '\0')
			return f;
	for (const struct json_field *f = t->fields; f != from; f++)
		if (strncmp(f->name, name, n) == 0 && f->name[n] == '\0')
			return f;
	return NULL;
}

static int
read_member(struct reader *r, const struct json_table *t,
    const struct json_field **next, void *dst)
{
	const struct json_field *f;
	const char *name;
	size_t n;

	if (!take(r, '"'))
		return -1;
	name = r->p;
	n = strcspn(name, "\"");
	r->p += n;
	if (!take_word(r, "\":"))
		return -1;
	f = find_field(t, *next, name, n);
	if (f == NULL)
		return skip_value(r);
	*next = f + 1;
	if (take_word(r, "null"))
		return 0;
	return read_value(r, f, (char *)dst + f->off);
}

static int
read_object(struct reader *r, const struct json_table *t, void *dst)
{
	const struct json_field *next = t->fields;
	bool first = true;

	if (!take(r, '{'))
		return -1;
	for (const struct json_field *f = t->fields; f->name != NULL; f++)
		json_set_absent(f, (char *)dst + f->off);
	for (; *r->p != '}'; first = false)
		if ((!first && !take(r, ',')) ||
		    read_member(r, t, &next, dst) == -1)
			return -1;
	return take(r, '}') ? 0 : -1;
}

int
json_read(
    const struct json_table *t, const char *text, void *dst, struct arena *a)
{
	struct reader r = {.p = text, .a = a};

	memset(dst, 0, t->size);
	return read_object(&r, t, dst) == 0 && *r.p == '\0' ? 0 : -1;
}
