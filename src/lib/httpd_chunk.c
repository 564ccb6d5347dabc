/*
 * Chunked bodies: a state machine of one byte a step (data goes by whole
 * pieces), so that no cut of the bytes can change its mind. Strict: no white
 * space around the size, CRLF and nothing else; trailers are checked and
 * thrown away. Called by httpd.c by way of httpd_parse.h.
 */
#include "httpd_parse.h"

enum { BAD = 400, TOO_BIG = 413, SIZE_DIGITS_MAX = 12 };

enum state {
	SIZE,
	EXTENSION,
	SIZE_LF,
	DATA,
	DATA_CR,
	DATA_LF,
	TRAILER, /* at a line's start */
	TRAILER_NAME,
	TRAILER_VALUE,
	TRAILER_LF,
	END_LF
};

static int
go(struct httpd_chunks *c, enum state s)
{
	c->state = s;
	return HTTPD_MORE;
}

static int
expect(struct httpd_chunks *c, bool ok, enum state s)
{
	return ok ? go(c, s) : BAD;
}

static int
step_size(struct httpd_chunks *c, unsigned char b)
{
	int digit = httpd_parse_hex(b);

	if (digit >= 0) {
		if (++c->digits > SIZE_DIGITS_MAX)
			return TOO_BIG;
		c->left = c->left * 16 + digit;
		return c->left > c->max - c->total ? TOO_BIG : HTTPD_MORE;
	}
	if (c->digits == 0)
		return BAD;
	c->digits = 0;
	if (b == ';')
		return go(c, EXTENSION);
	return expect(c, b == '\r', SIZE_LF);
}

static int
step_extension(struct httpd_chunks *c, unsigned char b)
{
	if (b == '\r')
		return go(c, SIZE_LF);
	if (++c->extra > HTTPD_HEAD_MAX_B)
		return 431;
	return expect(c, httpd_parse_is_value(b), EXTENSION);
}

static int
step_size_lf(struct httpd_chunks *c, unsigned char b)
{
	return expect(c, b == '\n', c->left > 0 ? DATA : TRAILER);
}

static int
step_data_cr(struct httpd_chunks *c, unsigned char b)
{
	return expect(c, b == '\r', DATA_LF);
}

static int
step_data_lf(struct httpd_chunks *c, unsigned char b)
{
	return expect(c, b == '\n', SIZE);
}

static int
step_trailer(struct httpd_chunks *c, unsigned char b)
{
	if (b == '\r')
		return go(c, END_LF);
	return expect(c, httpd_parse_is_token(b), TRAILER_NAME);
}

static int
step_trailer_name(struct httpd_chunks *c, unsigned char b)
{
	if (++c->extra > HTTPD_HEAD_MAX_B)
		return 431;
	if (b == ':')
		return go(c, TRAILER_VALUE);
	return expect(c, httpd_parse_is_token(b), TRAILER_NAME);
}

static int
step_trailer_value(struct httpd_chunks *c, unsigned char b)
{
	if (b == '\r')
		return go(c, TRAILER_LF);
	if (++c->extra > HTTPD_HEAD_MAX_B)
		return 431;
	return expect(c, httpd_parse_is_value(b), TRAILER_VALUE);
}

static int
step_trailer_lf(struct httpd_chunks *c, unsigned char b)
{
	return expect(c, b == '\n', TRAILER);
}

static int
step_end_lf(struct httpd_chunks *c, unsigned char b)
{
	(void)c;
	return b == '\n' ? HTTPD_DONE : BAD;
}

static int (*const steps[])(struct httpd_chunks *, unsigned char) = {
    [SIZE] = step_size,
    [EXTENSION] = step_extension,
    [SIZE_LF] = step_size_lf,
    [DATA_CR] = step_data_cr,
    [DATA_LF] = step_data_lf,
    [TRAILER] = step_trailer,
    [TRAILER_NAME] = step_trailer_name,
    [TRAILER_VALUE] = step_trailer_value,
    [TRAILER_LF] = step_trailer_lf,
    [END_LF] = step_end_lf,
};

/* How many of n bytes are this chunk's data. */
static size_t
take(struct httpd_chunks *c, size_t n)
{
	int64_t got = n < (size_t)c->left ? (int64_t)n : c->left;

	c->left -= got;
	c->total += got;
	return (size_t)got;
}

int
httpd_parse_chunk(struct httpd_chunks *c, const char *p, size_t n, size_t *used,
    const char **data, size_t *data_n)
{
	size_t i = 0;
	int r = HTTPD_MORE;

	*data = p;
	*data_n = 0;
	while (i < n && r == HTTPD_MORE && c->state != DATA)
		r = steps[c->state](c, p[i++]);
	if (i < n && r == HTTPD_MORE) {
		*data = p + i;
		*data_n = take(c, n - i);
		i += *data_n;
		if (c->left == 0)
			c->state = DATA_CR;
	}
	*used = i;
	return r;
}
