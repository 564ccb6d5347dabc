/*
 * The second half of conf.h: items into the fields of a struct, by a table of
 * keys. Owns what a bool, a time, a size look like and the sentences that say
 * so. Must not know any program's keys.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <mado/buf.h>
#include <mado/conf.h>
#include <mado/mem.h>

struct unit {
	const char *name;
	int64_t n;
};

/* Largest first: limits are printed in the largest that divides them. */
static const struct unit spans[] = {{"d", 86400000}, {"h", 3600000},
    {"m", 60000}, {"s", 1000}, {"ms", 1}, {NULL, 0}};
static const struct unit sizes[] = {
    {"G", 1 << 30}, {"M", 1 << 20}, {"k", 1 << 10}, {"", 1}, {NULL, 0}};
static const struct unit plain[] = {{"", 1}, {NULL, 0}};

static const char *const truths[] = {
    "off", "on", "no", "yes", "false", "true", "0", "1", NULL};

static const struct unit *
units_of(enum conf_type t)
{
	return t == CONF_SPAN ? spans : t == CONF_SIZE ? sizes : plain;
}

/* A name from the file for a message: short, whole characters. */
static void
put_quoted(struct buf *b, const char *s)
{
	size_t n = strlen(s), most = 60;

	if (n > most) {
		for (n = most; n > 0 && (s[n] & 0xc0) == 0x80; n--)
			;
	}
	buf_puts(b, "\"");
	buf_add(b, s, n);
	buf_puts(b, n < strlen(s) ? "...\"" : "\"");
}

static void
put_quantity(struct buf *b, const struct unit *u, int64_t v)
{
	while (u[1].name != NULL && (v == 0 ? u->n != 1000 : v % u->n != 0))
		u++;
	buf_printf(b, "%" PRId64 "%s", v / u->n, u->name);
}

static void
put_names(struct buf *b, const char *const *names)
{
	for (size_t i = 0; names[i] != NULL; i++)
		buf_printf(b, "%s%s", i == 0 ? "" : ", ", names[i]);
}

/* The table's rules in words: `must be a time such as ..., within 1s..1d`. */
static void
put_allowed(struct buf *b, const struct conf_key *k)
{
	static const char *const words[] = {[CONF_BOOL] = "on or off",
	    [CONF_INT] = "a whole number",
	    [CONF_SPAN] = "a time such as 30s, 5m, 2h",
	    [CONF_SIZE] = "a size such as 10k, 25M, 1G"};

	buf_puts(b, "must be ");
	if (k->type == CONF_ENUM) {
		buf_puts(b, "one of ");
		put_names(b, k->names);
		return;
	}
	buf_puts(b, words[k->type]);
	if (k->type == CONF_BOOL || k->min == k->max)
		return;
	buf_puts(b, ", within ");
	put_quantity(b, units_of(k->type), k->min);
	buf_puts(b, "..");
	put_quantity(b, units_of(k->type), k->max);
}

static int
name_index(const char *const *names, const char *s)
{
	for (int i = 0; names[i] != NULL; i++)
		if (strcmp(names[i], s) == 0)
			return i;
	return -1;
}

/* The unit that text names: "5m" "5 m"; bare is seconds, bytes or units. */
static int64_t
unit_find(enum conf_type t, const char *s)
{
	const struct unit *u = units_of(t);

	while (*s == ' ')
		s++;
	if (*s == '\0')
		return t == CONF_SPAN ? 1000 : 1;
	for (; u->name != NULL; u++)
		if ((t == CONF_SIZE ? strcasecmp : strcmp)(u->name, s) == 0)
			return u->n;
	return 0;
}

static int
parse_quantity(const struct conf_key *k, const char *s, int64_t *out)
{
	char *end;
	int64_t v, unit;

	/* strtoll takes leading white space and a plus; a file should not */
	if (*s != '-' && (*s < '0' || *s > '9'))
		return -1;
	errno = 0;
	v = strtoll(s, &end, 10);
	unit = end == s ? 0 : unit_find(k->type, end);
	if (errno != 0 || unit == 0 || __builtin_mul_overflow(v, unit, out))
		return -1;
	return k->min == k->max || (*out >= k->min && *out <= k->max) ? 0 : -1;
}

static void
list_add(struct conf_list *l, const char *s)
{
	l->v = x_realloc(l->v, l->n + 1, sizeof(l->v[0]));
	l->v[l->n++] = x_strdup(s);
}

static void
list_clear(struct conf_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		x_free(l->v[i]);
	x_free(l->v);
	*l = (struct conf_list){0};
}

static int
key_store(const struct conf_key *k, const char *value, void *field)
{
	int64_t v;
	int i;

	switch (k->type) {
	case CONF_STR:
		x_free(*(char **)field);
		*(char **)field = x_strdup(value);
		return 0;
	case CONF_STRS:
		list_add(field, value);
		return 0;
	case CONF_BOOL:
		if ((i = name_index(truths, value)) < 0)
			return -1;
		*(bool *)field = i & 1;
		return 0;
	case CONF_ENUM:
		if ((i = name_index(k->names, value)) < 0)
			return -1;
		*(int *)field = i;
		return 0;
	default:
		if (parse_quantity(k, value, &v) != 0)
			return -1;
		*(int64_t *)field = v;
		return 0;
	}
}

static void *
key_field(const struct conf_key *k, void *dst)
{
	return (char *)dst + k->off;
}

static int
key_refuse(const struct conf *c, const struct conf_item *it,
    const struct conf_key *k, const char *value, struct err *e)
{
	struct buf b = {0};

	put_quoted(&b, k->key);
	buf_putc(&b, ' ');
	put_allowed(&b, k);
	buf_puts(&b, ", not ");
	put_quoted(&b, value);
	conf_error(c, it, e, "%s", buf_str(&b));
	buf_free(&b);
	return -1;
}

static const struct conf_key *
key_find(const struct conf_key *keys, const char *section, const char *key)
{
	for (; keys->key != NULL; keys++)
		if (strcmp(keys->section, section) == 0 &&
		    strcmp(keys->key, key) == 0)
			return keys;
	return NULL;
}

static int
key_unknown(const struct conf *c, const struct conf_item *it,
    const struct conf_key *keys, struct err *e)
{
	struct buf b = {0};
	const char *sep = "; allowed: ";

	buf_puts(&b, "unknown key ");
	put_quoted(&b, it->key);
	buf_printf(
	    &b, " in [%s%s%s]", it->section, *it->label ? " " : "", it->label);
	for (; keys->key != NULL; keys++) {
		if (strcmp(keys->section, it->section) != 0)
			continue;
		buf_printf(&b, "%s%s", sep, keys->key);
		sep = ", ";
	}
	conf_error(c, it, e, "%s", buf_str(&b));
	buf_free(&b);
	return -1;
}

static bool
item_in(const struct conf_item *it, const char *section, const char *label)
{
	return it->key != NULL && strcmp(it->section, section) == 0 &&
	    strcmp(it->label, label) == 0;
}

/* The same key of the same section, further up; NULL: it is the first. */
static const struct conf_item *
item_before(const struct conf *c, const struct conf_item *it)
{
	for (const struct conf_item *q = c->items; q < it; q++)
		if (item_in(q, it->section, it->label) &&
		    strcmp(q->key, it->key) == 0)
			return q;
	return NULL;
}

static int
keys_default(
    const struct conf_key *keys, const char *section, void *dst, struct err *e)
{
	for (const struct conf_key *k = keys; k->key != NULL; k++) {
		if (k->def == NULL || strcmp(k->section, section) != 0)
			continue;
		if (k->type == CONF_STRS)
			list_clear(key_field(k, dst));
		if (key_store(k, k->def, key_field(k, dst)) != 0)
			return key_refuse(NULL, NULL, k, k->def, e);
	}
	return 0;
}

static int
item_apply(const struct conf *c, const struct conf_item *it,
    const struct conf_key *keys, void *dst, struct err *e)
{
	const struct conf_key *k = key_find(keys, it->section, it->key);
	const struct conf_item *before;

	if (k == NULL)
		return key_unknown(c, it, keys, e);
	before = item_before(c, it);
	if (before != NULL && k->type != CONF_STRS)
		return conf_error(c, it, e, "\"%s\" was already set on line %d",
		    k->key, before->line);
	if (before == NULL && k->type == CONF_STRS)
		list_clear(key_field(k, dst));
	if (key_store(k, it->value, key_field(k, dst)) != 0)
		return key_refuse(c, it, k, it->value, e);
	return 0;
}

int
conf_apply(const struct conf *c, const struct conf_key *keys,
    const char *section, const char *label, void *dst, struct err *e)
{
	if (keys_default(keys, section, dst, e) != 0)
		return -1;
	for (size_t i = 0; c != NULL && i < c->n; i++)
		if (item_in(&c->items[i], section, label) &&
		    item_apply(c, &c->items[i], keys, dst, e) != 0)
			return -1;
	return 0;
}

void
conf_release(const struct conf_key *keys, const char *section, void *dst)
{
	for (; keys->key != NULL; keys++) {
		if (strcmp(keys->section, section) != 0)
			continue;
		if (keys->type == CONF_STRS)
			list_clear(key_field(keys, dst));
		if (keys->type != CONF_STR)
			continue;
		x_free(*(char **)key_field(keys, dst));
		*(char **)key_field(keys, dst) = NULL;
	}
}

static int
section_unknown(const struct conf *c, const struct conf_item *it,
    const char *const *names, struct err *e)
{
	bool before = it->section[0] == '\0';
	struct buf b = {0};

	if (!before)
		buf_puts(&b, "unknown section ");
	put_quoted(&b, before ? it->key : it->section);
	if (before)
		buf_puts(&b, " stands before any [section]");
	buf_puts(&b, "; allowed: ");
	put_names(&b, names);
	conf_error(c, it, e, "%s", buf_str(&b));
	buf_free(&b);
	return -1;
}

int
conf_sections(const struct conf *c, const char *const *names, struct err *e)
{
	for (size_t i = 0; i < c->n; i++)
		if (name_index(names, c->items[i].section) < 0)
			return section_unknown(c, &c->items[i], names, e);
	return 0;
}
