/*
 * Walks message objects along the tables of check_rules.c and writes down
 * what LINE would say. Knows JSON and lengths, not HTTP; send.c calls it.
 * Source: LINE, "Message objects", "Error responses", "Character counting in
 * a text". Unknown members are passed over, as LINE does.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <mado/json.h>
#include <mado/mem.h>
#include <mado/text.h>

#include "check.h"

enum { URI_MAX = 1000 };

static bool check_loopback;

void
check_allow_loopback(bool on)
{
	check_loopback = on;
}

void
check_free(struct check *c)
{
	buf_free(&c->details);
	buf_free(&c->path);
	x_free(c->bad);
	*c = (struct check){0};
}

static void
check_vadd(struct check *c, const char *property, const char *fmt, va_list ap)
{
	char text[512];

	vsnprintf(text, sizeof(text), fmt, ap);
	if (c->n++ > 0)
		buf_putc(&c->details, ',');
	buf_puts(&c->details, "{\"message\":");
	json_put_str(&c->details, text);
	buf_puts(&c->details, ",\"property\":");
	json_put_str(&c->details, property);
	buf_putc(&c->details, '}');
}

void
check_add(struct check *c, const char *property, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	check_vadd(c, property, fmt, ap);
	va_end(ap);
}

void
check_add_bad(struct check *c, const char *property)
{
	if (c->bad == NULL)
		c->bad = x_strdup(property);
}

/* Go down to a member (or a list's element); returns where to come back. */
static size_t
path_push(struct check *c, const char *name)
{
	size_t keep = c->path.n;

	if (keep > 0)
		buf_putc(&c->path, '.');
	buf_puts(&c->path, name);
	return keep;
}

static void
path_pop(struct check *c, size_t keep)
{
	c->path.n = keep;
	c->path.p[keep] = '\0';
}

static void
check_here(struct check *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	check_vadd(c, buf_str(&c->path), fmt, ap);
	va_end(ap);
}

void
check_add_here(struct check *c, const char *member, const char *fmt, ...)
{
	size_t keep = path_push(c, member);
	va_list ap;

	va_start(ap, fmt);
	check_vadd(c, buf_str(&c->path), fmt, ap);
	va_end(ap);
	path_pop(c, keep);
}

static bool
has_scheme(const char *s, const char *scheme)
{
	size_t n = strlen(scheme);

	return strncasecmp(s, scheme, n) == 0 && s[n] == ':';
}

/* No spaces, controls or unencoded characters outside ASCII, and something
 * behind the scheme. */
static bool
is_uri(const char *s)
{
	const char *p, *colon = strchr(s, ':');

	if (colon == NULL || colon[1] == '\0')
		return false;
	for (p = s; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f)
			return false;
	return true;
}

static void
check_str(struct check *c, const cJSON *v, const struct rule *r)
{
	size_t n;

	if (!cJSON_IsString(v)) {
		check_add_bad(c, buf_str(&c->path));
		return;
	}
	if ((r->flags & RULE_REQUIRED) && v->valuestring[0] == '\0') {
		check_here(c, "May not be empty");
		return;
	}
	n = r->flags & RULE_GRAPHEMES ? text_graphemes(v->valuestring)
				      : text_utf16_len(v->valuestring);
	if (r->max > 0 && n > (size_t)r->max)
		check_here(c, "Length must be between 0 and %d", r->max);
}

static void
check_url(struct check *c, const cJSON *v, const struct rule *r)
{
	int before = c->n;

	check_str(c, v, r);
	if (!cJSON_IsString(v) || c->n > before)
		return;
	if (!is_uri(v->valuestring))
		check_here(c, "invalid uri");
	else if (!has_scheme(v->valuestring, "https") &&
	    !(check_loopback &&
		strncmp(v->valuestring, "http://127.0.0.1:", 17) == 0))
		check_here(c, "invalid uri scheme");
}

static void
check_uri(struct check *c, const cJSON *v, const struct rule *r)
{
	static const char *const schemes[] = {"http", "https", "line", "tel"};
	struct rule limit = *r;
	int before = c->n;
	size_t i;

	limit.max = URI_MAX;
	check_str(c, v, &limit);
	if (!cJSON_IsString(v) || c->n > before)
		return;
	if (!is_uri(v->valuestring)) {
		check_here(c, "invalid uri");
		return;
	}
	for (i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (has_scheme(v->valuestring, schemes[i]))
			return;
	check_here(c, "invalid uri scheme");
}

static void
check_num(struct check *c, const cJSON *v, const struct rule *r)
{
	if (!cJSON_IsNumber(v) ||
	    (r->kind == RULE_INT &&
		v->valuedouble != (double)(int64_t)v->valuedouble)) {
		check_add_bad(c, buf_str(&c->path));
		return;
	}
	if (r->max == 0)
		return;
	if (v->valuedouble < r->min || v->valuedouble > r->max)
		check_here(c, "Must be between %d and %d", r->min, r->max);
}

static void
check_bool(struct check *c, const cJSON *v, const struct rule *r)
{
	(void)r;
	if (!cJSON_IsBool(v))
		check_add_bad(c, buf_str(&c->path));
}

static void
check_enum(struct check *c, const cJSON *v, const struct rule *r)
{
	struct buf all = {0};
	size_t i;

	if (!cJSON_IsString(v)) {
		check_add_bad(c, buf_str(&c->path));
		return;
	}
	for (i = 0; r->values[i] != NULL; i++) {
		if (strcmp(r->values[i], v->valuestring) == 0)
			break;
		buf_printf(&all, "%s%s", i > 0 ? ", " : "", r->values[i]);
	}
	if (r->values[i] == NULL)
		check_here(c, "Must be one of the following values: [%s]",
		    buf_str(&all));
	buf_free(&all);
}

static void
check_obj(struct check *c, const cJSON *v, const struct rule *r)
{
	if (r->label != 0)
		c->label = r->label;
	check_object(c, v, r->shapes);
}

static void
check_list(struct check *c, const cJSON *v, const struct rule *r)
{
	const cJSON *item;
	char index[32];
	size_t keep = c->path.n;
	int n = cJSON_GetArraySize(v), i = 0;

	if (!cJSON_IsArray(v)) {
		check_add_bad(c, buf_str(&c->path));
		return;
	}
	if (n < r->min || n > r->max)
		check_here(c, "Size must be between %d and %d", r->min, r->max);
	if (r->label != 0)
		c->label = r->label;
	cJSON_ArrayForEach(item, v)
	{
		snprintf(index, sizeof(index), "[%d]", i++);
		buf_puts(&c->path, index);
		check_object(c, item, r->shapes);
		path_pop(c, keep);
	}
}

static void (*const check_kinds[])(
    struct check *, const cJSON *, const struct rule *) = {
    [RULE_STR] = check_str,
    [RULE_URL] = check_url,
    [RULE_URI] = check_uri,
    [RULE_INT] = check_num,
    [RULE_NUM] = check_num,
    [RULE_BOOL] = check_bool,
    [RULE_ENUM] = check_enum,
    [RULE_OBJ] = check_obj,
    [RULE_LIST] = check_list,
};

static void
check_rule(struct check *c, const cJSON *o, const struct rule *r)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, r->name);
	size_t keep = path_push(c, r->name);
	bool texty = r->kind <= RULE_URI || r->kind == RULE_LIST;

	if (v != NULL && !cJSON_IsNull(v))
		check_kinds[r->kind](c, v, r);
	else if (r->flags & RULE_REQUIRED)
		check_here(c, texty ? "May not be empty" : "must be specified");
	path_pop(c, keep);
}

void
check_length(struct check *c, const cJSON *o, const struct rule *r)
{
	check_rule(c, o, r);
}

void
check_label(struct check *c, const cJSON *action)
{
	struct rule r = {"label", RULE_STR, RULE_GRAPHEMES | RULE_REQUIRED, 0,
	    c->label, NULL, NULL, 0};

	if (c->label < 0) {
		r.flags = RULE_GRAPHEMES;
		r.max = -c->label;
	}
	check_rule(c, action, &r);
}

static void
check_type_error(struct check *c, const struct shape *shapes)
{
	struct buf all = {0};
	const struct shape *s;

	for (s = shapes; s->rules != NULL; s++)
		buf_printf(&all, "%s%s", s > shapes ? ", " : "", s->type);
	check_add_here(c, "type", "Must be one of the following values: [%s]",
	    buf_str(&all));
	buf_free(&all);
}

/* The shape that the object's type names; NULL after an error. */
static const struct shape *
check_shape(struct check *c, const cJSON *o, const struct shape *shapes)
{
	const cJSON *type = cJSON_GetObjectItemCaseSensitive(o, "type");
	const struct shape *s;

	if (shapes->type == NULL)
		return shapes;
	if (type == NULL || cJSON_IsNull(type)) {
		check_add_here(c, "type", "May not be empty");
		return NULL;
	}
	if (cJSON_IsString(type))
		for (s = shapes; s->rules != NULL; s++)
			if (strcmp(s->type, type->valuestring) == 0)
				return s;
	check_type_error(c, shapes);
	return NULL;
}

void
check_object(struct check *c, const cJSON *o, const struct shape *shapes)
{
	const struct shape *s;
	const struct rule *r;

	if (!cJSON_IsObject(o)) {
		check_add_bad(c, buf_str(&c->path));
		return;
	}
	if ((s = check_shape(c, o, shapes)) == NULL)
		return;
	for (r = s->rules; r->name != NULL; r++)
		check_rule(c, o, r);
	if (s->extra != NULL)
		s->extra(c, o);
}

void
check_messages(struct check *c, const cJSON *body)
{
	static const struct rule messages = {"messages", RULE_LIST,
	    RULE_REQUIRED, 1, CHECK_MESSAGES_MAX, check_message_shapes, NULL,
	    0};

	check_rule(c, body, &messages);
}

const char *
check_body_str(struct check *c, const cJSON *body, const char *name)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(body, name);

	if (v == NULL || cJSON_IsNull(v))
		check_add(c, name, "May not be empty");
	else if (!cJSON_IsString(v))
		check_add_bad(c, name);
	else if (v->valuestring[0] == '\0')
		check_add(c, name, "May not be empty");
	else
		return v->valuestring;
	return NULL;
}

char *
check_answer(const struct check *c)
{
	struct buf b = {0};
	char *text;

	if (c->bad != NULL)
		text = x_sprintf("The property, '%s', in the request body is "
				 "invalid (line: -, column: -)",
		    c->bad);
	else
		text = x_sprintf("The request body has %d error(s)", c->n);
	buf_puts(&b, "{\"message\":");
	json_put_str(&b, text);
	if (c->bad == NULL && c->n > 0)
		buf_printf(&b, ",\"details\":[%s]", buf_str(&c->details));
	buf_putc(&b, '}');
	x_free(text);
	return buf_take(&b);
}
