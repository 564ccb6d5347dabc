/*
 * The strict reader of request heads and targets (httpd_chunk.c has chunked
 * bodies). Lines are handled once, as their LF arrives, so a slow sender
 * costs no more than a quick one and a bad line is refused at once.
 * Every doubt about where a request ends is a refusal: see RFC 9112, 11.2.
 */
#include <string.h>
#include <strings.h>

#include <mado/text.h>

#include "httpd_parse.h"

enum { BAD = 400, TOO_BIG = 431 };

/* A slice of the line being read. */
struct slice {
	const char *p;
	size_t n;
};

static bool
is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_alnum(unsigned char c)
{
	unsigned char low = c | 0x20;

	return is_digit(c) || (low >= 'a' && low <= 'z');
}

bool
httpd_parse_is_token(unsigned char c)
{
	return is_alnum(c) || (c != 0 && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

bool
httpd_parse_is_value(unsigned char c)
{
	return (c >= 0x20 && c != 0x7f) || c == '\t';
}

static bool
slice_is(struct slice s, const char *word)
{
	return s.n == strlen(word) && strncasecmp(s.p, word, s.n) == 0;
}

static struct slice
slice_trim(struct slice s)
{
	while (s.n > 0 && (*s.p == ' ' || *s.p == '\t')) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

/* The next element of a comma-separated list; false at its end. */
static bool
slice_next(struct slice *list, struct slice *item)
{
	const char *comma;

	if (list->n == 0)
		return false;
	comma = memchr(list->p, ',', list->n);
	item->p = list->p;
	item->n = comma == NULL ? list->n : (size_t)(comma - list->p);
	list->p += item->n;
	list->n -= item->n;
	if (comma != NULL) {
		list->p++;
		list->n--;
	}
	*item = slice_trim(*item);
	return true;
}

static int
field_host(struct httpd_head *h, struct slice v)
{
	if (h->hosts++ > 0)
		return BAD;
	for (size_t i = 0; i < v.n; i++)
		if (!is_alnum(v.p[i]) &&
		    strchr("-._~!$&'()*+;=:[]%", v.p[i]) == NULL)
			return BAD;
	return HTTPD_DONE;
}

static int
field_length(struct httpd_head *h, struct slice v)
{
	/* Twice is refused even when equal: a proxy may have used either. */
	if (h->has_length || v.n == 0)
		return BAD;
	h->has_length = true;
	for (size_t i = 0; i < v.n; i++) {
		if (!is_digit(v.p[i]))
			return BAD;
		if (h->length > (INT64_MAX - 9) / 10)
			h->length = (INT64_MAX - 9) / 10;
		h->length = h->length * 10 + (v.p[i] - '0');
	}
	return HTTPD_DONE;
}

static int
field_transfer(struct httpd_head *h, struct slice v)
{
	struct slice item = {NULL, 0};

	if (h->transfer)
		return BAD;
	h->transfer = true;
	if (slice_is(v, "chunked")) {
		h->chunked = true;
		return HTTPD_DONE;
	}
	while (slice_next(&v, &item))
		;
	/* Without a final chunked nobody knows where the body ends. */
	return slice_is(item, "chunked") ? 501 : BAD;
}

static int
field_connection(struct httpd_head *h, struct slice v)
{
	struct slice item;

	while (slice_next(&v, &item)) {
		if (slice_is(item, "close"))
			h->close = true;
		else if (slice_is(item, "keep-alive"))
			h->keep_alive = true;
	}
	return HTTPD_DONE;
}

static int
field_expect(struct httpd_head *h, struct slice v)
{
	if (!slice_is(v, "100-continue"))
		return 417;
	h->expect = true;
	return HTTPD_DONE;
}

static const struct {
	const char *name;
	int (*read)(struct httpd_head *, struct slice);
} fields[] = {
    {"Host", field_host},
    {"Content-Length", field_length},
    {"Transfer-Encoding", field_transfer},
    {"Connection", field_connection},
    {"Expect", field_expect},
};

static int
read_field(struct httpd_head *h, const char *p, size_t n)
{
	struct slice name = {p, 0}, value;

	if (h->fields++ >= HTTPD_FIELDS_MAX)
		return TOO_BIG;
	/* A space before the colon, or a folded line, is no token. */
	while (name.n < n && httpd_parse_is_token(p[name.n]))
		name.n++;
	if (name.n == 0 || name.n == n || p[name.n] != ':')
		return BAD;
	value.p = p + name.n + 1;
	value.n = n - name.n - 1;
	for (size_t i = 0; i < value.n; i++)
		if (!httpd_parse_is_value(value.p[i]))
			return BAD;
	value = slice_trim(value);
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		if (slice_is(name, fields[i].name))
			return fields[i].read(h, value);
	return HTTPD_DONE;
}

static const struct {
	const char *name;
	enum httpd_method method;
} methods[] = {
    {"GET", HTTP_GET},
    {"HEAD", HTTP_HEAD},
    {"POST", HTTP_POST},
    {"PUT", HTTP_PUT},
    {"DELETE", HTTP_DELETE},
    {"PATCH", HTTP_PATCH},
};

static enum httpd_method
method_of(const char *p, size_t n)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++)
		if (n == strlen(methods[i].name) &&
		    memcmp(p, methods[i].name, n) == 0)
			return methods[i].method;
	return HTTP_OTHER;
}

/* HTTP/1.0 and 1.1; a later 1.x is read as 1.1, as RFC 9110 2.5 has it. */
static int
read_version(struct httpd_head *h, const char *p, size_t n)
{
	if (n != 8 || memcmp(p, "HTTP/", 5) != 0 || !is_digit(p[5]) ||
	    p[6] != '.' || !is_digit(p[7]))
		return BAD;
	if (p[5] != '1')
		return 505;
	h->http10 = p[7] == '0';
	return HTTPD_DONE;
}

static int
read_request_line(struct httpd_head *h, const char *p, size_t n)
{
	size_t i = 0, target;

	while (i < n && httpd_parse_is_token(p[i]))
		i++;
	if (i == 0 || i == n || p[i] != ' ')
		return BAD;
	h->method = method_of(p, i);
	h->method_n = i;
	target = ++i;
	while (i < n && p[i] > ' ' && p[i] < 0x7f && p[i] != '#')
		i++;
	if (i == target || i == n || p[i] != ' ')
		return BAD;
	h->target_n = i - target;
	h->method_off = h->line;
	h->target_off = h->line + target;
	return read_version(h, p + i + 1, n - i - 1);
}

static int
read_end(struct httpd_head *h)
{
	if (h->hosts == 0 && !h->http10)
		return BAD;
	if (h->transfer && (h->has_length || h->http10))
		return BAD;
	h->keep = !h->close && (!h->http10 || h->keep_alive);
	return HTTPD_DONE;
}

/* One line without its CRLF. HTTPD_DONE is the end of the head. */
static int
read_line(struct httpd_head *h, const char *p, size_t n, size_t next)
{
	int r;

	if (!h->have_line && n == 0) {
		/* RFC 9112 2.2: one empty line before a request is let by. */
		if (h->blank)
			return BAD;
		h->blank = true;
		return HTTPD_MORE;
	}
	if (!h->have_line) {
		h->have_line = true;
		h->fields_off = next;
		r = read_request_line(h, p, n);
	} else if (n > 0) {
		r = read_field(h, p, n);
	} else {
		h->n = next;
		return read_end(h);
	}
	return r == HTTPD_DONE ? HTTPD_MORE : r;
}

int
httpd_parse_head(const char *p, size_t n, struct httpd_head *h)
{
	const char *lf;
	size_t len, next;
	int r = HTTPD_MORE;

	if (n > HTTPD_HEAD_MAX_B)
		n = HTTPD_HEAD_MAX_B;
	/* TLS spoken to a plain port and the like: refused at its first byte */
	if (n > 0 && !httpd_parse_is_token(p[0]) && p[0] != '\r')
		return BAD;
	while (r == HTTPD_MORE) {
		lf = memchr(p + h->scan, '\n', n - h->scan);
		if (lf == NULL)
			break;
		len = lf - (p + h->line);
		next = lf + 1 - p;
		if (len == 0 || lf[-1] != '\r')
			return BAD;
		r = read_line(h, p + h->line, len - 1, next);
		h->line = h->scan = next;
	}
	if (r != HTTPD_MORE)
		return r;
	h->scan = n;
	return n == HTTPD_HEAD_MAX_B ? TOO_BIG : HTTPD_MORE;
}

int
httpd_parse_hex(unsigned char c)
{
	if (is_digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
escapes_ok(const char *s)
{
	for (; (s = strchr(s, '%')) != NULL; s++)
		if (httpd_parse_hex(s[1]) == -1 || httpd_parse_hex(s[2]) == -1)
			return false;
	return true;
}

static char
unescape(const char *s)
{
	unsigned high = (unsigned)httpd_parse_hex(s[1]);
	unsigned low = (unsigned)httpd_parse_hex(s[2]);

	return (char)((high & 15) << 4 | (low & 15));
}

/* Decode n bytes of s, whose escapes are good; out may be s. */
static size_t
decode(char *out, const char *s, size_t n, bool plus)
{
	size_t o = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i] == '%') {
			out[o++] = unescape(s + i);
			i += 2;
		} else {
			out[o++] = s[i];
			if (plus && s[i] == '+')
				out[o - 1] = ' ';
		}
	}
	return o;
}

static bool
path_ok(const char *p, size_t n)
{
	const char *end = p + n, *next;
	size_t len;

	for (size_t i = 0; i < n; i++)
		if ((unsigned char)p[i] < 0x20 || p[i] == 0x7f)
			return false;
	for (; p < end; p = next) {
		p++; /* the slash */
		next = memchr(p, '/', end - p);
		if (next == NULL)
			next = end;
		len = next - p;
		if ((len == 1 && p[0] == '.') ||
		    (len == 2 && p[0] == '.' && p[1] == '.'))
			return false;
	}
	return text_is_utf8(end - n, n);
}

/* Past the scheme and authority of the absolute form. */
static char *
skip_authority(char *t)
{
	if (strncasecmp(t, "http://", 7) == 0)
		t += 7;
	else if (strncasecmp(t, "https://", 8) == 0)
		t += 8;
	else
		return t;
	return *t == '/' || *t == '?' ? t : t + strcspn(t, "/?");
}

int
httpd_parse_target(char *target, char **path, char **query)
{
	char *p, *q;
	size_t n;

	if (!escapes_ok(target))
		return BAD;
	p = skip_authority(target);
	q = strchr(p, '?');
	if (q != NULL)
		*q++ = '\0';
	*query = q;
	if (*p == '\0' && p != target) {
		/* "http://host" stands for its root. */
		*--p = '/';
	}
	if (*p != '/')
		return BAD;
	n = decode(p, p, strlen(p), false);
	p[n] = '\0';
	*path = p;
	return path_ok(p, n) ? HTTPD_DONE : BAD;
}

static bool
name_is(const char *p, size_t n, const char *name)
{
	char c;
	size_t i = 0;

	for (; i < n && *name != '\0'; i++, name++) {
		if (p[i] == '%') {
			c = unescape(p + i);
			i += 2;
		} else {
			c = p[i];
			if (c == '+')
				c = ' ';
		}
		if (c != *name)
			return false;
	}
	return i == n && *name == '\0';
}

bool
httpd_parse_query(const char *query, const char *name, char *out, size_t *n)
{
	const char *p = query, *end, *eq, *value;

	while (p != NULL && *p != '\0') {
		end = p + strcspn(p, "&");
		eq = memchr(p, '=', end - p);
		value = eq == NULL ? end : eq + 1;
		if (name_is(p, (eq == NULL ? end : eq) - p, name)) {
			*n = decode(out, value, end - value, true);
			return true;
		}
		p = *end == '&' ? end + 1 : end;
	}
	return false;
}

const char *
httpd_parse_field(char *p, size_t n, size_t *at, const char *name)
{
	size_t len = strlen(name);
	struct slice v;
	char *line, *lf;

	while (*at < n && (lf = memchr(p + *at, '\n', n - *at)) != NULL) {
		line = p + *at;
		*at = lf + 1 - p;
		if ((size_t)(lf - line) <= len || line[len] != ':' ||
		    strncasecmp(line, name, len) != 0)
			continue;
		/* Up to the CR, or to the NUL of an earlier call. */
		v.p = line + len + 1;
		v.n = strcspn(v.p, "\r");
		v = slice_trim(v);
		line[(v.p - line) + v.n] = '\0';
		return v.p;
	}
	return NULL;
}
