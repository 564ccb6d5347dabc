/*
 * INI files: conf_parse() turns bytes into a flat list of items with line
 * numbers, conf_apply() (conf_apply.c) turns items into a struct by a table
 * of keys. Owns the syntax and its messages. Knows no key by name; must not
 * echo a value it could not read, for it may be a secret. Called by every
 * program at start and on SIGHUP, and by readers of rules, keys and themes.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mado/buf.h>
#include <mado/conf.h>
#include <mado/mem.h>
#include <mado/text.h>

enum { CONF_FILE_MAX_B = 64 << 20 };

struct reader {
	struct conf *c;
	size_t cap;
	const char *section;
	const char *label;
	int line;
	const char *line_at;  /* its first byte */
	const char *item_at;  /* what conf_add() adds, and what errors blame */
	const char *value_at; /* its value */
	bool quoted;
	struct err *e;
};

/* A stretch of one line; both ends move. */
struct span {
	const char *p;
	const char *end;
};

/* Characters before `at` on the line, plus one. */
static int
conf_col(const struct reader *r, const char *at)
{
	int col = 1;

	for (const char *p = r->line_at; p < at; p++)
		col += ((unsigned char)*p & 0xc0) != 0x80;
	return col;
}

static int
conf_fail_at(struct reader *r, const char *at, const char *what)
{
	struct conf_item it = {.line = r->line, .col = conf_col(r, at)};

	return conf_error(r->c, &it, r->e, "%s", what);
}

static int
conf_fail(struct reader *r, const char *what)
{
	return conf_fail_at(r, r->item_at, what);
}

static bool
is_blank(char ch)
{
	return ch == ' ' || ch == '\t';
}

static void
span_trim(struct span *s)
{
	while (s->p < s->end && is_blank(*s->p))
		s->p++;
	while (s->end > s->p && is_blank(s->end[-1]))
		s->end--;
}

static bool
is_comment(const struct span *s)
{
	return s->p == s->end || *s->p == ';' || *s->p == '#';
}

/* Cut s at the first ; or # that follows white space. */
static void
span_cut_comment(struct span *s)
{
	for (const char *q = s->p; q < s->end; q++) {
		if ((*q == ';' || *q == '#') &&
		    (q == s->p || is_blank(q[-1]))) {
			s->end = q;
			return;
		}
	}
}

static void
conf_add(struct reader *r, const char *key, const char *value)
{
	struct conf *c = r->c;

	if (c->n == r->cap) {
		r->cap = r->cap ? r->cap * 2 : 32;
		c->items = x_realloc(c->items, r->cap, sizeof(c->items[0]));
	}
	c->items[c->n++] = (struct conf_item){.section = r->section,
	    .label = r->label,
	    .key = key,
	    .value = value,
	    .line = r->line,
	    .col = conf_col(r, r->item_at),
	    .value_col = conf_col(r, r->value_at),
	    .quoted = r->quoted};
}

static int
unescape(char ch)
{
	switch (ch) {
	case 'n':
		return '\n';
	case 't':
		return '\t';
	case '"':
	case '\\':
		return ch;
	default:
		return -1;
	}
}

/* s begins at a quote; on return it is what follows the closing one. */
static int
conf_read_quoted(struct reader *r, struct span *s, const char **value)
{
	char *v = arena_calloc(r->c->memory, (size_t)(s->end - s->p) + 1, 1);
	size_t n = 0;
	int ch;

	*value = v;
	for (s->p++; s->p < s->end && *s->p != '"'; s->p++) {
		ch = (unsigned char)*s->p;
		if (ch == '\\') {
			s->p++;
			ch = s->p < s->end ? unescape(*s->p) : -1;
		}
		if (ch < 0)
			return conf_fail_at(r, s->p - 1,
			    "after \\ in a quoted value only "
			    "n, t, \" and \\ may stand");
		v[n++] = (char)ch;
	}
	if (s->p == s->end)
		return conf_fail_at(r, s->p, "the closing \" is missing");
	s->p++;
	return 0;
}

/* Of what follows a quoted value or a section's ]: only a comment. */
static int
conf_check_rest(struct reader *r, struct span s)
{
	span_trim(&s);
	if (!is_comment(&s))
		return conf_fail_at(
		    r, s.p, "nothing but a comment may follow here");
	return 0;
}

static int
conf_read_value(struct reader *r, struct span s, const char **value)
{
	struct span all = s;

	span_trim(&s);
	r->value_at = s.p;
	r->quoted = s.p < s.end && *s.p == '"';
	if (r->quoted) {
		if (conf_read_quoted(r, &s, value) != 0)
			return -1;
		return conf_check_rest(r, s);
	}
	/* "= #x" is a comment, "=#x" a value: white space tells. */
	if (s.p > all.p || s.p == s.end || (*s.p != ';' && *s.p != '#'))
		span_cut_comment(&s);
	span_trim(&s);
	*value = arena_strndup(r->c->memory, s.p, (size_t)(s.end - s.p));
	return 0;
}

static int
conf_read_section(struct reader *r, struct span s)
{
	struct span name = {s.p + 1, NULL}, label;
	bool quoted = false;

	for (name.end = name.p; name.end < s.end; name.end++) {
		if (*name.end == '"')
			quoted = !quoted;
		else if (*name.end == ']' && !quoted)
			break;
	}
	if (name.end == s.end)
		return conf_fail(r, "the closing ] is missing");
	s.p = name.end + 1;
	span_trim(&name);
	label.end = name.end;
	for (name.end = name.p; name.end < label.end; name.end++)
		if (is_blank(*name.end))
			break;
	label.p = name.end;
	if (name.p == name.end)
		return conf_fail(r, "[] needs a section's name");
	r->section =
	    arena_strndup(r->c->memory, name.p, (size_t)(name.end - name.p));
	if (conf_read_value(r, label, &r->label) != 0)
		return -1;
	conf_add(r, NULL, NULL);
	return conf_check_rest(r, s);
}

static int
conf_read_key(struct reader *r, struct span s)
{
	const char *eq = memchr(s.p, '=', (size_t)(s.end - s.p));
	struct span key = {s.p, eq};
	const char *value;

	if (eq == NULL)
		return conf_fail(r,
		    "neither \"key = value\" nor \"[section]\" "
		    "nor a comment");
	span_trim(&key);
	r->item_at = key.p;
	if (key.p == key.end)
		return conf_fail(r, "a key is missing before =");
	s.p = eq + 1;
	if (conf_read_value(r, s, &value) != 0)
		return -1;
	conf_add(r,
	    arena_strndup(r->c->memory, key.p, (size_t)(key.end - key.p)),
	    value);
	return 0;
}

static int
conf_fail_control(struct reader *r, const char *at)
{
	char what[80];

	snprintf(what, sizeof(what),
	    "control character 0x%02x; in a quoted value write \\n or \\t",
	    (unsigned char)*at);
	return conf_fail_at(r, at, what);
}

/* Bytes that would surprise whoever prints or compares the value later. */
static int
conf_check_bytes(struct reader *r, struct span s)
{
	for (const char *q = s.p; q < s.end; q++) {
		unsigned char ch = (unsigned char)*q;

		if ((ch < 0x20 && ch != '\t') || ch == 0x7f)
			return conf_fail_control(r, q);
	}
	if (!text_is_utf8(s.p, (size_t)(s.end - s.p)))
		return conf_fail(r, "not UTF-8");
	return 0;
}

static int
conf_read_line(struct reader *r, struct span s)
{
	if (s.end > s.p && s.end[-1] == '\r')
		s.end--;
	r->line_at = r->item_at = s.p;
	if (conf_check_bytes(r, s) != 0)
		return -1;
	span_trim(&s);
	if (is_comment(&s))
		return 0;
	r->item_at = s.p;
	if (*s.p == '[')
		return conf_read_section(r, s);
	return conf_read_key(r, s);
}

static int
conf_read_lines(struct reader *r, const char *p, const char *end)
{
	struct span s;

	if (end - p >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		p += 3;
	for (; p < end; p = s.end + 1) {
		s.p = p;
		s.end = memchr(p, '\n', (size_t)(end - p));
		if (s.end == NULL)
			s.end = end;
		r->line++;
		if (conf_read_line(r, s) != 0)
			return -1;
		if (s.end == end)
			break;
	}
	return 0;
}

static struct conf *
conf_fill(struct conf *c, const char *p, size_t n, struct err *e)
{
	struct reader r = {.c = c, .section = "", .label = "", .e = e};

	c->memory = arena_new();
	if (n > 0 && conf_read_lines(&r, p, p + n) != 0) {
		conf_free(c);
		return NULL;
	}
	return c;
}

struct conf *
conf_parse(const char *name, const char *p, size_t n, struct err *e)
{
	struct conf *c = x_new(struct conf);

	c->file = x_strdup(name);
	return conf_fill(c, p, n, e);
}

struct conf *
conf_parse_columns(const char *name, const char *p, size_t n, struct err *e)
{
	struct conf *c = x_new(struct conf);

	c->file = x_strdup(name);
	c->columns = true;
	return conf_fill(c, p, n, e);
}

struct conf *
conf_read(const char *path, struct err *e)
{
	struct buf b = {0};
	struct conf *c = NULL;

	if (buf_read_file(&b, path, CONF_FILE_MAX_B, e) == 0)
		c = conf_parse(path, buf_str(&b), b.n, e);
	buf_free(&b);
	return c;
}

void
conf_free(struct conf *c)
{
	if (c == NULL)
		return;
	arena_free(c->memory);
	x_free(c->items);
	x_free(c->file);
	x_free(c);
}

int
conf_error(const struct conf *c, const struct conf_item *it, struct err *e,
    const char *fmt, ...)
{
	char *msg;
	va_list ap;

	va_start(ap, fmt);
	msg = x_vsprintf(fmt, ap);
	va_end(ap);
	if (c == NULL || c->file == NULL) /* of no file: typed */
		err_set(e, ERR_INVALID, "%s", msg);
	else if (it == NULL)
		err_set(e, ERR_INVALID, "%s: %s", c->file, msg);
	else if (c->columns)
		err_set(e, ERR_INVALID, "%s:%d:%d: %s", c->file, it->line,
		    it->col, msg);
	else
		err_set(e, ERR_INVALID, "%s:%d: %s", c->file, it->line, msg);
	x_free(msg);
	return -1;
}

/* What an escape stands for in a quoted value was two characters wide. */
int
conf_column(const struct conf_item *it, size_t off)
{
	int col = it->value_col + it->quoted;

	for (size_t i = 0; i < off && it->value[i] != '\0'; i++) {
		col += ((unsigned char)it->value[i] & 0xc0) != 0x80;
		col += it->quoted && strchr("\"\\\n", it->value[i]) != NULL;
	}
	return col;
}
