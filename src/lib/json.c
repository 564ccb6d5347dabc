/*
 * JSON out, and the field tables in both directions. Writes straight into
 * the buffer without cJSON: it is on the path of every feed row. Checking
 * and parsing text is json_parse.c's. Called by the API, the client, the
 * LINE modules.
 */
#include <math.h>
#include <string.h>

#include <mado/json.h>
#include <mado/model.h>
#include <mado/text.h>
#include <mado/when.h>

#include "json_priv.h"

#define INT_EXACT_MAX 9007199254740992.0 /* 2^53: doubles are exact so far */

enum { INT_TEXT_B = 24 };

static const cJSON *
member(const cJSON *o, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(o, name);
}

/* A number that is a whole one and exact. */
static bool
is_int(const cJSON *v)
{
	return cJSON_IsNumber(v) && fabs(v->valuedouble) <= INT_EXACT_MAX &&
	    floor(v->valuedouble) == v->valuedouble;
}

const char *
json_str(const cJSON *o, const char *name, const char *fallback)
{
	const cJSON *v = member(o, name);

	return cJSON_IsString(v) ? v->valuestring : fallback;
}

int64_t
json_int(const cJSON *o, const char *name, int64_t fallback)
{
	const cJSON *v = member(o, name);

	return is_int(v) ? (int64_t)v->valuedouble : fallback;
}

bool
json_bool(const cJSON *o, const char *name, bool fallback)
{
	const cJSON *v = member(o, name);

	return cJSON_IsBool(v) ? cJSON_IsTrue(v) : fallback;
}

const cJSON *
json_obj(const cJSON *o, const char *name)
{
	const cJSON *v = member(o, name);

	return cJSON_IsObject(v) ? v : NULL;
}

const cJSON *
json_arr(const cJSON *o, const char *name)
{
	const cJSON *v = member(o, name);

	return cJSON_IsArray(v) ? v : NULL;
}

/* out */

static void
put_escape(struct buf *b, unsigned char c)
{
	static const char hex[] = "0123456789abcdef", from[] = "\"\\\b\f\n\r\t",
			  to[] = "\"\\bfnrt";
	char long_form[] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
	const char *at = memchr(from, c, sizeof(from) - 1);
	char short_form[] = {'\\', at != NULL ? to[at - from] : '\0'};

	if (at != NULL)
		buf_add(b, short_form, sizeof(short_form));
	else
		buf_add(b, long_form, sizeof(long_form));
}

static bool
is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

void
json_put_str(struct buf *b, const char *s)
{
	size_t n, i = 0, from = 0, len;
	uint32_t cp;

	if (s == NULL) {
		buf_add(b, "null", 4);
		return;
	}
	n = strlen(s);
	buf_room(b, n + 2);
	buf_putc(b, '"');
	while (i < n) {
		if (is_plain((unsigned char)s[i])) {
			i++;
			continue;
		}
		len = text_decode(s + i, n - i, &cp);
		if (len > 1) {
			i += len;
			continue;
		}
		buf_add(b, s + from, i - from);
		if (len == 1)
			put_escape(b, (unsigned char)s[i]);
		else
			buf_puts(b, "\xef\xbf\xbd");
		from = ++i;
	}
	buf_add(b, s + from, n - from);
	buf_putc(b, '"');
}

static void
put_int(struct buf *b, int64_t v)
{
	char text[INT_TEXT_B], *p = text + sizeof(text);
	uint64_t u = v < 0 ? -(uint64_t)v : (uint64_t)v;

	do {
		*--p = (char)('0' + u % 10);
		u /= 10;
	} while (u > 0);
	if (v < 0)
		*--p = '-';
	buf_add(b, p, (size_t)(text + sizeof(text) - p));
}

static void
put_bool(struct buf *b, bool v)
{
	buf_puts(b, v ? "true" : "false");
}

static void
put_time(struct buf *b, int64_t ms)
{
	char text[WHEN_TEXT_B];

	if (ms == 0) {
		buf_add(b, "null", 4);
		return;
	}
	buf_putc(b, '"');
	buf_puts(b, when_rfc3339(ms, text));
	buf_putc(b, '"');
}

static void
put_strs(struct buf *b, const struct strs *list)
{
	buf_putc(b, '[');
	for (size_t i = 0; i < list->n; i++) {
		if (i > 0)
			buf_putc(b, ',');
		json_put_str(b, list->v[i]);
	}
	buf_putc(b, ']');
}

static void
put_dict(struct buf *b, const struct strs *list)
{
	buf_putc(b, '{');
	for (size_t i = 0; i + 1 < list->n; i += 2)
		json_add_str(b, list->v[i], list->v[i + 1]);
	buf_putc(b, '}');
}

static void
put_obj(struct buf *b, const struct json_table *t, const void *src)
{
	if (src == NULL)
		buf_add(b, "null", 4);
	else
		json_encode(b, t, src);
}

static void
put_enum(struct buf *b, const char *const *names, int v)
{
	json_put_str(b, v < 0 ? NULL : names[v]);
}

static void
put_field(struct buf *b, const struct json_field *f, const void *at)
{
	const char *s;

	switch (f->type) {
	case JSON_INTN:
		if (*(const int64_t *)at == 0) {
			buf_add(b, "null", 4);
			return;
		}
		/* FALLTHROUGH */
	case JSON_INT:
		put_int(b, *(const int64_t *)at);
		return;
	case JSON_STR:
	case JSON_TEXT:
		s = *(const char *const *)at;
		json_put_str(b, s == NULL && f->type == JSON_TEXT ? "" : s);
		return;
	case JSON_BOOL:
		put_bool(b, *(const bool *)at);
		return;
	case JSON_TIME:
		put_time(b, *(const int64_t *)at);
		return;
	case JSON_ENUM:
		put_enum(b, f->names, *(const int *)at);
		return;
	case JSON_STRS:
		put_strs(b, at);
		return;
	case JSON_DICT:
		put_dict(b, at);
		return;
	case JSON_OBJ:
		put_obj(b, f->sub, *(const void *const *)at);
		return;
	}
}

void
json_encode(struct buf *b, const struct json_table *t, const void *src)
{
	char sep = '{';

	for (const struct json_field *f = t->fields; f->name != NULL; f++) {
		buf_putc(b, sep);
		buf_putc(b, '"');
		buf_puts(b, f->name);
		buf_add(b, "\":", 2);
		put_field(b, f, (const char *)src + f->off);
		sep = ',';
	}
	if (sep == '{')
		buf_putc(b, sep);
	buf_putc(b, '}');
}

void
json_put_key(struct buf *b, const char *name)
{
	if (b->n > 0 && b->p[b->n - 1] != '{' && b->p[b->n - 1] != '[')
		buf_putc(b, ',');
	json_put_str(b, name);
	buf_putc(b, ':');
}

void
json_add_str(struct buf *b, const char *name, const char *value)
{
	json_put_key(b, name);
	json_put_str(b, value);
}

void
json_add_int(struct buf *b, const char *name, int64_t value)
{
	json_put_key(b, name);
	put_int(b, value);
}

void
json_add_bool(struct buf *b, const char *name, bool value)
{
	json_put_key(b, name);
	put_bool(b, value);
}

void
json_add_time(struct buf *b, const char *name, int64_t ms)
{
	json_put_key(b, name);
	put_time(b, ms);
}

/* in */

static int
get_strs(const cJSON *v, struct strs *list, struct arena *a)
{
	size_t n = 0;

	if (!cJSON_IsArray(v))
		return -1;
	for (const cJSON *s = v->child; s != NULL; s = s->next, n++)
		if (!cJSON_IsString(s))
			return -1;
	list->v = arena_calloc(a, n, sizeof(*list->v));
	for (const cJSON *s = v->child; s != NULL; s = s->next)
		list->v[list->n++] = arena_strdup(a, s->valuestring);
	return 0;
}

/* A null among them is left out: there is no such thing. */
static int
get_dict(const cJSON *v, struct strs *list, struct arena *a)
{
	if (!cJSON_IsObject(v))
		return -1;
	list->v = arena_calloc(
	    a, 2 * (size_t)cJSON_GetArraySize(v), sizeof(*list->v));
	for (const cJSON *s = v->child; s != NULL; s = s->next) {
		if (cJSON_IsNull(s))
			continue;
		if (!cJSON_IsString(s))
			return -1;
		list->v[list->n++] = arena_strdup(a, s->string);
		list->v[list->n++] = arena_strdup(a, s->valuestring);
	}
	return 0;
}

static int
get_enum(const cJSON *v, const char *const *names, int *out)
{
	*out = cJSON_IsString(v) ? name_find(names, v->valuestring) : -1;
	return *out < 0 ? -1 : 0;
}

static int
get_obj(const struct json_field *f, const cJSON *v, void **out, struct arena *a,
    struct err *e)
{
	*out = arena_calloc(a, 1, f->sub->size);
	if (json_decode(f->sub, v, *out, a, e) == 0)
		return 0;
	return err_prefix(e, "\"%s\"", f->name);
}

/* All but JSON_OBJ; -1 when v is of another type. */
static int
get_plain(const struct json_field *f, const cJSON *v, void *at, struct arena *a)
{
	switch (f->type) {
	case JSON_INT:
	case JSON_INTN:
		if (!is_int(v))
			return -1;
		*(int64_t *)at = (int64_t)v->valuedouble;
		return 0;
	case JSON_STR:
	case JSON_TEXT:
		if (!cJSON_IsString(v))
			return -1;
		*(const char **)at = arena_strdup(a, v->valuestring);
		return 0;
	case JSON_BOOL:
		*(bool *)at = cJSON_IsTrue(v);
		return cJSON_IsBool(v) ? 0 : -1;
	case JSON_TIME:
		return cJSON_IsString(v)
		    ? when_parse_rfc3339(v->valuestring, at, NULL)
		    : -1;
	case JSON_ENUM:
		return get_enum(v, f->names, at);
	case JSON_STRS:
		return get_strs(v, at, a);
	case JSON_DICT:
		return get_dict(v, at, a);
	case JSON_OBJ:
		break;
	}
	return -1;
}

static int
get_field(const struct json_field *f, const cJSON *v, void *at, struct arena *a,
    struct err *e)
{
	static const char *const wants[] = {[JSON_INT] = "a whole number",
	    [JSON_INTN] = "a whole number",
	    [JSON_STR] = "a string",
	    [JSON_TEXT] = "a string",
	    [JSON_BOOL] = "true or false",
	    [JSON_TIME] = "an RFC 3339 time",
	    [JSON_ENUM] = "one of its words",
	    [JSON_STRS] = "a list of strings",
	    [JSON_DICT] = "an object of strings",
	    [JSON_OBJ] = "an object"};

	if (f->type == JSON_OBJ && cJSON_IsObject(v))
		return get_obj(f, v, at, a, e);
	if (get_plain(f, v, at, a) == 0)
		return 0;
	return err_set(
	    e, ERR_INVALID, "\"%s\" must be %s", f->name, wants[f->type]);
}

void
json_set_absent(const struct json_field *f, void *at)
{
	if (f->type == JSON_ENUM)
		*(int *)at = -1;
	else if (f->type == JSON_TEXT)
		*(const char **)at = "";
}

int
json_decode(const struct json_table *t, const cJSON *o, void *dst,
    struct arena *a, struct err *e)
{
	const cJSON *v, *next;

	if (!cJSON_IsObject(o))
		return err_set(e, ERR_INVALID, "an object was expected");
	memset(dst, 0, t->size);
	next = o->child;
	for (const struct json_field *f = t->fields; f->name != NULL; f++) {
		void *at = (char *)dst + f->off;

		/* members mostly come in the table's order */
		v = next != NULL && strcmp(next->string, f->name) == 0
		    ? next
		    : member(o, f->name);
		if (v != NULL)
			next = v->next;
		if (v == NULL || cJSON_IsNull(v))
			json_set_absent(f, at);
		else if (get_field(f, v, at, a, e) == -1)
			return -1;
	}
	return 0;
}
