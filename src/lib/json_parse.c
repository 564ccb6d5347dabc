/*
 * json_parse(): a strict check of the whole text (RFC 8259: grammar, UTF-8,
 * depth, its end), and only then cJSON, which takes trailing garbage, cuts
 * strings at \u0000, reads control characters and numbers such as 01, and
 * looks at 63 characters of a number only. Called on every body from outside.
 */
#include <stdlib.h>
#include <string.h>

#include <mado/json.h>
#include <mado/text.h>

enum { NUMBER_MAX_B = 60, EXPONENT_MAX = 240, ESCAPE_B = 6 };

struct scan {
	const char *start, *p, *end;
	const char *why; /* what is wrong at p */
	char *fixed;     /* a copy, made for the first that is replaced */
	bool foreign;    /* \u0000 is replaced too */
	int depth;
};

static bool scan_value(struct scan *s);

static bool
wrong(struct scan *s, const char *why)
{
	if (s->why == NULL)
		s->why = why;
	return false;
}

static int
peek(const struct scan *s)
{
	return s->p < s->end ? (unsigned char)*s->p : -1;
}

static void
skip_space(struct scan *s)
{
	while (s->p < s->end &&
	    (*s->p == ' ' || *s->p == '\n' || *s->p == '\r' || *s->p == '\t'))
		s->p++;
}

static bool
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool
scan_digits(struct scan *s)
{
	if (!is_digit(peek(s)))
		return wrong(s, "a digit was expected");
	while (is_digit(peek(s)))
		s->p++;
	return true;
}

static bool
scan_exponent(struct scan *s)
{
	int v = 0;
	bool small;

	s->p++;
	small = peek(s) == '-'; /* at worst it becomes 0 */
	if (peek(s) == '+' || peek(s) == '-')
		s->p++;
	if (!is_digit(peek(s)))
		return wrong(s, "a digit was expected");
	for (; is_digit(peek(s)); s->p++)
		if (v <= EXPONENT_MAX)
			v = v * 10 + (*s->p - '0');
	return small || v <= EXPONENT_MAX || wrong(s, "a number too large");
}

static bool
scan_number(struct scan *s)
{
	const char *from = s->p;

	if (peek(s) == '-')
		s->p++;
	if (peek(s) == '0')
		s->p++;
	else if (!scan_digits(s))
		return false;
	if (peek(s) == '.') {
		s->p++;
		if (!scan_digits(s))
			return false;
	}
	if ((peek(s) == 'e' || peek(s) == 'E') && !scan_exponent(s))
		return false;
	return s->p - from <= NUMBER_MAX_B || wrong(s, "a number too long");
}

static bool
scan_word(struct scan *s, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(s->end - s->p) < n || memcmp(s->p, word, n) != 0)
		return wrong(s, "a value was expected");
	s->p += n;
	return true;
}

/* The four hex digits of the \u escape at p, or -1. */
static long
hex4(const struct scan *s, const char *p)
{
	static const char digits[] = "0123456789abcdef";
	long v = 0;
	const char *d;

	if (s->end - p < ESCAPE_B || p[0] != '\\' || p[1] != 'u')
		return -1;
	for (int i = 2; i < ESCAPE_B; i++) {
		d = memchr(digits, p[i] | 0x20, sizeof(digits) - 1);
		if (d == NULL || p[i] < '0')
			return -1;
		v = v * 16 + (d - digits);
	}
	return v;
}

/* The text is lent, so that U+FFFD is written into a copy: same length. */
static void
replace_escape(struct scan *s)
{
	if (s->fixed == NULL)
		s->fixed = x_memdup(s->start, (size_t)(s->end - s->start));
	memcpy(s->fixed + (s->p - s->start) + 2, "fffd", 4);
}

static bool
scan_unicode(struct scan *s)
{
	long v = hex4(s, s->p), low;

	if (v < 0)
		return wrong(s, "four hex digits were expected");
	if (v == 0 && !s->foreign)
		return wrong(s, "\\u0000 is refused");
	if (v >= 0xd800 && v <= 0xdbff) {
		low = hex4(s, s->p + ESCAPE_B);
		if (low >= 0xdc00 && low <= 0xdfff) {
			s->p += (ptrdiff_t)2 * ESCAPE_B;
			return true;
		}
	}
	if (v == 0 || (v >= 0xd800 && v <= 0xdfff))
		replace_escape(s);
	s->p += ESCAPE_B;
	return true;
}

static bool
scan_escape(struct scan *s)
{
	if (s->end - s->p < 2)
		return wrong(s, "a string without its end");
	if (s->p[1] == 'u')
		return scan_unicode(s);
	if (s->p[1] == '\0' || strchr("\"\\/bfnrt", s->p[1]) == NULL)
		return wrong(s, "an unknown escape");
	s->p += 2;
	return true;
}

static bool
scan_multibyte(struct scan *s)
{
	uint32_t cp;
	size_t n = text_decode(s->p, (size_t)(s->end - s->p), &cp);

	if (n == 0)
		return wrong(s, "not UTF-8");
	s->p += n;
	return true;
}

static bool
scan_string(struct scan *s)
{
	int c;

	for (s->p++; (c = peek(s)) != '"';) {
		if (c == -1)
			return wrong(s, "a string without its end");
		if (c < 0x20)
			return wrong(s, "a control character in a string");
		if (c == '\\') {
			if (!scan_escape(s))
				return false;
		} else if (c >= 0x80) {
			if (!scan_multibyte(s))
				return false;
		} else
			s->p++;
	}
	s->p++;
	return true;
}

static bool
scan_member(struct scan *s)
{
	skip_space(s);
	if (peek(s) != '"')
		return wrong(s, "a member's name was expected");
	if (!scan_string(s))
		return false;
	skip_space(s);
	if (peek(s) != ':')
		return wrong(s, "\":\" was expected");
	s->p++;
	return scan_value(s);
}

/* An object or an array: items between p[0] and close, with commas. */
static bool
scan_items(struct scan *s, char close, bool (*item)(struct scan *))
{
	if (s->depth == JSON_DEPTH_MAX)
		return wrong(s, "nested too deeply");
	s->depth++;
	s->p++;
	skip_space(s);
	if (peek(s) != close) {
		while (item(s)) {
			skip_space(s);
			if (peek(s) != ',')
				break;
			s->p++;
		}
	}
	if (s->why != NULL)
		return false;
	if (peek(s) != close)
		return wrong(s,
		    close == '}' ? "\",\" or \"}\" was expected"
				 : "\",\" or \"]\" was expected");
	s->p++;
	s->depth--;
	return true;
}

static bool
scan_value(struct scan *s)
{
	skip_space(s);
	switch (peek(s)) {
	case '{':
		return scan_items(s, '}', scan_member);
	case '[':
		return scan_items(s, ']', scan_value);
	case '"':
		return scan_string(s);
	case 't':
		return scan_word(s, "true");
	case 'f':
		return scan_word(s, "false");
	case 'n':
		return scan_word(s, "null");
	case -1:
		return wrong(s, "it ends too early");
	default:
		if (peek(s) != '-' && !is_digit(peek(s)))
			return wrong(s, "a value was expected");
		return scan_number(s);
	}
}

static bool
scan_text(struct scan *s)
{
	if (!scan_value(s))
		return false;
	skip_space(s);
	return s->p == s->end || wrong(s, "more text after the value");
}

/* Line and column (in characters) of s->p, both from 1. */
static void
report(const struct scan *s, struct err *e)
{
	size_t line = 1, column = 1;

	for (const char *p = s->start; p < s->p; p++) {
		if (*p == '\n') {
			line++;
			column = 1;
		} else if (((unsigned char)*p & 0xc0) != 0x80)
			column++;
	}
	err_set(e, ERR_INVALID, "not JSON at line %zu, column %zu: %s", line,
	    column, s->why);
}

static cJSON *
parse(const char *p, size_t n, bool foreign, struct err *e)
{
	struct scan s = {.start = p, .p = p, .end = p + n, .foreign = foreign};
	cJSON *v = NULL;

	if (!scan_text(&s)) {
		report(&s, e);
		goto out;
	}
	v = cJSON_ParseWithLength(s.fixed != NULL ? s.fixed : p, n);
	if (v == NULL)
		err_set(e, ERR_INVALID, "not JSON that can be read");
out:
	x_free(s.fixed);
	return v;
}

cJSON *
json_parse(const char *p, size_t n, struct err *e)
{
	return parse(p, n, false, e);
}

cJSON *
json_parse_foreign(const char *p, size_t n, struct err *e)
{
	return parse(p, n, true, e);
}
