/*
 * The strict request reader: good and bad requests by table, each read
 * whole, cut in two at every byte and byte by byte, with the same result.
 * Each piece lies in memory of exactly its size, so that a sanitizer sees a
 * read past it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <mado/buf.h>
#include <mado/mem.h>

#include "../../src/lib/httpd_parse.h"

#define HOST     "Host: desk\r\n"
/* A literal with the NULs it may hold. */
#define BYTES(s) (s), sizeof(s) - 1

/* Read p[0..n) as it arrives in pieces that end at the given cuts. */
static int
read_cut(const char *p, size_t n, size_t cut, struct httpd_head *h)
{
	char *piece;
	int r;

	memset(h, 0, sizeof(*h));
	piece = x_memdup(p, cut);
	r = httpd_parse_head(piece, cut, h);
	x_free(piece);
	if (r == HTTPD_MORE) {
		piece = x_memdup(p, n);
		r = httpd_parse_head(piece, n, h);
		x_free(piece);
	}
	return r;
}

static int
read_bytewise(const char *p, size_t n, struct httpd_head *h)
{
	char *piece;
	int r = HTTPD_MORE;

	memset(h, 0, sizeof(*h));
	for (size_t i = 1; i <= n && r == HTTPD_MORE; i++) {
		piece = x_memdup(p, i);
		r = httpd_parse_head(piece, i, h);
		x_free(piece);
	}
	return r;
}

/* The result, the same for every way of cutting. */
static int
read_head(const char *p, size_t n, struct httpd_head *h)
{
	struct httpd_head other;
	int r = read_cut(p, n, n, h);

	assert_int_equal(read_bytewise(p, n, &other), r);
	for (size_t cut = 1; cut < n; cut++) {
		assert_int_equal(read_cut(p, n, cut, &other), r);
		if (r != HTTPD_DONE)
			continue;
		assert_int_equal(other.n, h->n);
		assert_int_equal(other.target_off, h->target_off);
		assert_int_equal(other.length, h->length);
		assert_int_equal(other.chunked, h->chunked);
	}
	return r;
}

static const struct bad {
	const char *p;
	size_t n;
	int status;
} bads[] = {
    /* request lines */
    {BYTES("\r\n\r\nGET / HTTP/1.1\r\n"), 400},
    {BYTES(" GET / HTTP/1.1\r\n"), 400},
    {BYTES("GET\r\n"), 400},
    {BYTES("GET /\r\n"), 400},
    {BYTES("GET  / HTTP/1.1\r\n"), 400},
    {BYTES("GET / HTTP/1.1 \r\n"), 400},
    {BYTES("GET / x HTTP/1.1\r\n"), 400},
    {BYTES("GET\t/ HTTP/1.1\r\n"), 400},
    {BYTES("GET / http/1.1\r\n"), 400},
    {BYTES("GET / HTTP/1.10\r\n"), 400},
    {BYTES("GET / HTTP/1\r\n"), 400},
    {BYTES("GET / HTTP/11\r\n"), 400},
    {BYTES("GET / HTTP/2.0\r\n"), 505},
    {BYTES("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505},
    {BYTES("G(T / HTTP/1.1\r\n"), 400},
    {BYTES("GET /#top HTTP/1.1\r\n"), 400},
    {BYTES("GET /\xe7\xaa\x93 HTTP/1.1\r\n"), 400},
    {BYTES("GET /\0 HTTP/1.1\r\n"), 400},
    {BYTES("\0GET / HTTP/1.1\r\n"), 400},
    {BYTES("\x16\x03\x01\x02"), 400},
    {BYTES("GET / HTTP/1.1\n" HOST "\r\n"), 400},
    {BYTES("\nGET / HTTP/1.1\r\n"), 400},
    /* fields */
    {BYTES("GET / HTTP/1.1\r\nHost: a\n\r\n"), 400},
    {BYTES("GET / HTTP/1.1\r\nHost: a\r\n\n"), 400},
    {BYTES("GET / HTTP/1.1\r\nHost : a\r\n"), 400},
    {BYTES("GET / HTTP/1.1\r\n Host: a\r\n"), 400},
    {BYTES("GET / HTTP/1.1\r\n" HOST "X: a\r\n b\r\n"), 400},
    {BYTES("GET / HTTP/1.1\r\n" HOST "X: a\r\n\tb\r\n"), 400},
    {BYTES("GET / HTTP/1.1\r\n" HOST "X: a\0b\r\n"), 400},
    {BYTES("GET / HTTP/1.1\r\n" HOST "X: a\rb\r\n"), 400},
    {BYTES("GET / HTTP/1.1\r\n" HOST "X: a\x7f\r\n"), 400},
    {BYTES("GET / HTTP/1.1\r\n" HOST "X: \x1b[2J\r\n"), 400},
    {BYTES("GET / HTTP/1.1\r\n" HOST ": a\r\n"), 400},
    {BYTES("GET / HTTP/1.1\r\n" HOST "X\r\n"), 400},
    {BYTES("GET / HTTP/1.1\r\n" HOST "X\0: a\r\n"), 400},
    {BYTES("GET / HTTP/1.1\r\n" HOST "X(y): a\r\n"), 400},
    {BYTES("GET / HTTP/1.1\r\n" HOST "\xe7\xaa\x93: a\r\n"), 400},
    /* whose desk? */
    {BYTES("GET / HTTP/1.1\r\n\r\n"), 400},
    {BYTES("GET / HTTP/1.1\r\n" HOST HOST "\r\n"), 400},
    {BYTES("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"), 400},
    {BYTES("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), 400},
    {BYTES("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"), 400},
    {BYTES("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"), 400},
    /* where does it end? */
    {BYTES("POST / HTTP/1.1\r\n" HOST "Content-Length: 2\r\n"
	   "Content-Length: 3\r\n\r\n"),
	400},
    {BYTES("POST / HTTP/1.1\r\n" HOST "Content-Length: 2\r\n"
	   "content-length: 2\r\n\r\n"),
	400},
    {BYTES("POST / HTTP/1.1\r\n" HOST "Content-Length: 2, 2\r\n"), 400},
    {BYTES("POST / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n"), 400},
    {BYTES("POST / HTTP/1.1\r\n" HOST "Content-Length: +2\r\n"), 400},
    {BYTES("POST / HTTP/1.1\r\n" HOST "Content-Length: 2x\r\n"), 400},
    {BYTES("POST / HTTP/1.1\r\n" HOST "Content-Length: 0x2\r\n"), 400},
    {BYTES("POST / HTTP/1.1\r\n" HOST "Content-Length: 1 2\r\n"), 400},
    {BYTES("POST / HTTP/1.1\r\n" HOST "Content-Length: \"2\"\r\n"), 400},
    {BYTES("POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n"), 400},
    {BYTES("POST / HTTP/1.1\r\n" HOST "Content-Length : 2\r\n"), 400},
    {BYTES("POST / HTTP/1.1\r\n" HOST "Content-Length: 2\r\n"
	   "Transfer-Encoding: chunked\r\n\r\n"),
	400},
    {BYTES("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n"
	   "Content-Length: 0\r\n\r\n"),
	400},
    {BYTES("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n"
	   "Transfer-Encoding: chunked\r\n"),
	400},
    {BYTES("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n"), 400},
    {BYTES("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked, gzip\r\n"),
	400},
    {BYTES("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n"),
	501},
    {BYTES(
	 "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked, chunked\r\n"),
	501},
    {BYTES("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: identity\r\n"), 400},
    {BYTES("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding:\r\n"), 400},
    {BYTES("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: \x0b"
	   "chunked\r\n"),
	400},
    {BYTES("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding : chunked\r\n"), 400},
    {BYTES("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding:\r\n chunked\r\n"),
	400},
    {BYTES("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400},
    {BYTES("POST / HTTP/1.1\r\n" HOST "Expect: a cake\r\n"), 417},
};

static void
test_bad_heads(void **state)
{
	struct httpd_head h;
	int r;

	(void)state;
	for (size_t i = 0; i < sizeof(bads) / sizeof(*bads); i++) {
		r = read_head(bads[i].p, bads[i].n, &h);
		if (r != bads[i].status)
			fail_msg("row %zu: %d, not %d: %s", i, r,
			    bads[i].status, bads[i].p);
	}
}

enum { KEEP = 1, EXPECT = 2, CHUNKED = 4, OLD = 8 };

static const struct good {
	const char *p;
	enum httpd_method method;
	const char *target;
	int64_t length;
	int flags;
} goods[] = {
    {"GET / HTTP/1.1\r\n" HOST "\r\n", HTTP_GET, "/", 0, KEEP},
    {"\r\nGET / HTTP/1.1\r\n" HOST "\r\n", HTTP_GET, "/", 0, KEEP},
    {"GET / HTTP/1.9\r\n" HOST "\r\n", HTTP_GET, "/", 0, KEEP},
    {"HEAD /a?b=c HTTP/1.1\r\nhost:\r\n\r\n", HTTP_HEAD, "/a?b=c", 0, KEEP},
    {"get / HTTP/1.1\r\n" HOST "\r\n", HTTP_OTHER, "/", 0, KEEP},
    {"PURGE / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", HTTP_OTHER, "/", 0, KEEP},
    {"POST / HTTP/1.1\r\n" HOST "Content-Length: 12\r\n\r\n", HTTP_POST, "/",
	12, KEEP},
    {"PUT / HTTP/1.1\r\n" HOST "cOnTeNt-LeNgTh:\t 012 \t\r\n\r\n", HTTP_PUT,
	"/", 12, KEEP},
    {"DELETE / HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", HTTP_DELETE, "/",
	0, KEEP},
    {"PATCH / HTTP/1.1\r\n" HOST "Transfer-Encoding: Chunked\r\n\r\n",
	HTTP_PATCH, "/", 0, KEEP | CHUNKED},
    {"POST / HTTP/1.1\r\n" HOST "Expect: 100-Continue\r\n\r\n", HTTP_POST, "/",
	0, KEEP | EXPECT},
    {"GET / HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n", HTTP_GET, "/", 0,
	0},
    {"GET / HTTP/1.1\r\n" HOST "Connection: x , CLOSE\r\n\r\n", HTTP_GET, "/",
	0, 0},
    {"GET / HTTP/1.1\r\n" HOST "Connection: closed\r\n\r\n", HTTP_GET, "/", 0,
	KEEP},
    {"GET / HTTP/1.0\r\n\r\n", HTTP_GET, "/", 0, OLD},
    {"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", HTTP_GET, "/", 0,
	OLD | KEEP},
    {"GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n", HTTP_GET, "/",
	0, OLD},
    {"GET / HTTP/1.1\r\n" HOST "X: \xe7\xaa\x93\t!\r\nY:\r\n\r\n", HTTP_GET,
	"/", 0, KEEP},
};

static void
test_good_heads(void **state)
{
	struct httpd_head h;

	(void)state;
	for (size_t i = 0; i < sizeof(goods) / sizeof(*goods); i++) {
		const struct good *g = &goods[i];
		size_t n = strlen(g->p);

		if (read_head(g->p, n, &h) != HTTPD_DONE)
			fail_msg("refused: %s", g->p);
		assert_int_equal(h.n, n);
		assert_int_equal(h.method, g->method);
		assert_int_equal(h.target_n, strlen(g->target));
		assert_memory_equal(g->p + h.target_off, g->target, h.target_n);
		assert_int_equal(h.length, g->length);
		assert_int_equal(h.keep, (g->flags & KEEP) != 0);
		assert_int_equal(h.expect, (g->flags & EXPECT) != 0);
		assert_int_equal(h.chunked, (g->flags & CHUNKED) != 0);
		assert_int_equal(h.http10, (g->flags & OLD) != 0);
	}
}

static void
test_unfinished(void **state)
{
	static const char p[] = "POST /x HTTP/1.1\r\n" HOST "X: y\r\n\r\nbody";
	struct httpd_head h;
	size_t n = strlen(p) - 4;

	(void)state;
	for (size_t i = 0; i < n; i++)
		assert_int_equal(read_cut(p, i, i, &h), HTTPD_MORE);
	/* What follows the head is not looked at. */
	assert_int_equal(read_cut(p, n + 4, n + 4, &h), HTTPD_DONE);
	assert_int_equal(h.n, n);
}

static void
test_huge_length(void **state)
{
	static const char *const lengths[] = {"9223372036854775807",
	    "9223372036854775808", "18446744073709551621",
	    "99999999999999999999999999999999999999999999999999"};
	struct httpd_head h;
	char *p;

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		p = x_sprintf("POST / HTTP/1.1\r\n" HOST
			      "Content-Length: %s\r\n\r\n",
		    lengths[i]);
		assert_int_equal(read_head(p, strlen(p), &h), HTTPD_DONE);
		assert_true(h.length > INT64_C(1) << 60);
		x_free(p);
	}
}

static void
test_caps(void **state)
{
	struct buf b = {0};
	struct httpd_head h;

	(void)state;
	buf_puts(&b, "GET / HTTP/1.1\r\n" HOST "X: ");
	while (b.n < HTTPD_HEAD_MAX_B - 4)
		buf_putc(&b, 'x');
	buf_puts(&b, "\r\n\r\n");
	assert_int_equal(read_cut(b.p, b.n, b.n, &h), HTTPD_DONE);
	assert_int_equal(h.n, HTTPD_HEAD_MAX_B);
	assert_int_equal(read_cut(b.p, b.n, b.n - 1, &h), HTTPD_DONE);
	b.p[b.n - 4] = 'x';
	assert_int_equal(read_cut(b.p, b.n, b.n, &h), 400);
	b.n -= 4;
	buf_puts(&b, "x\r\n\r\n");
	assert_int_equal(read_cut(b.p, b.n, b.n, &h), 431);
	assert_int_equal(read_cut(b.p, b.n, b.n - 2, &h), 431);
	assert_int_equal(read_bytewise(b.p, b.n, &h), 431);

	buf_reset(&b);
	buf_puts(&b, "GET / HTTP/1.1\r\n" HOST);
	for (int i = 1; i < HTTPD_FIELDS_MAX; i++)
		buf_puts(&b, "X: y\r\n");
	buf_puts(&b, "\r\n");
	assert_int_equal(read_cut(b.p, b.n, b.n, &h), HTTPD_DONE);
	b.n -= 2;
	buf_puts(&b, "X: y\r\n\r\n");
	assert_int_equal(read_head(b.p, b.n, &h), 431);
	buf_free(&b);
}

static const struct {
	const char *target, *path, *query; /* path NULL: refused */
} targets[] = {
    {"/", "/", NULL},
    {"/v1/feed?after=1&wait=25", "/v1/feed", "after=1&wait=25"},
    {"/a?", "/a", ""},
    {"/a??b", "/a", "?b"},
    {"/%e7%AA%93", "/\xe7\xaa\x93", NULL},
    {"/a%2Fb", "/a/b", NULL},
    {"//a//b", "//a//b", NULL},
    {"/...", "/...", NULL},
    {"/.a/b.", "/.a/b.", NULL},
    {"/+", "/+", NULL},
    {"http://desk/x?y", "/x", "y"},
    {"HTTPS://desk:1/x", "/x", NULL},
    {"http://desk", "/", NULL},
    {"http://desk?y", "/", "y"},
    {"*", NULL, NULL},
    {"desk:443", NULL, NULL},
    {"x", NULL, NULL},
    {"?x", NULL, NULL},
    {"ftp://desk/x", NULL, NULL},
    {"/.", NULL, NULL},
    {"/..", NULL, NULL},
    {"/a/../b", NULL, NULL},
    {"/a/./b", NULL, NULL},
    {"/a/..", NULL, NULL},
    {"/%2e%2e/a", NULL, NULL},
    {"/a%2f..%2fb", NULL, NULL},
    {"http://desk/../x", NULL, NULL},
    {"/%00", NULL, NULL},
    {"/%0a", NULL, NULL},
    {"/%7f", NULL, NULL},
    {"/%ff", NULL, NULL},
    {"/%c0%af", NULL, NULL},
    {"/%ed%a0%80", NULL, NULL},
    {"/%", NULL, NULL},
    {"/%2", NULL, NULL},
    {"/%2x", NULL, NULL},
    {"/a?b=%", NULL, NULL},
    {"/a?b=%4&c=%g0", NULL, NULL},
};

static void
test_targets(void **state)
{
	char *copy, *path, *query;
	int r;

	(void)state;
	for (size_t i = 0; i < sizeof(targets) / sizeof(*targets); i++) {
		copy = x_strdup(targets[i].target);
		r = httpd_parse_target(copy, &path, &query);
		if ((r == HTTPD_DONE) != (targets[i].path != NULL))
			fail_msg("%d for %s", r, targets[i].target);
		if (r == HTTPD_DONE) {
			assert_string_equal(path, targets[i].path);
			assert_int_equal(
			    query == NULL, targets[i].query == NULL);
			if (query != NULL)
				assert_string_equal(query, targets[i].query);
		} else {
			assert_int_equal(r, 400);
		}
		x_free(copy);
	}
}

static void
test_query(void **state)
{
	static const struct {
		const char *query, *name, *value;
	} rows[] = {
	    {"a=1&b=2", "a", "1"},
	    {"a=1&b=2", "b", "2"},
	    {"a=1&a=2", "a", "1"},
	    {"aa=1&a=2", "a", "2"},
	    {"a=1&aa=2", "aa", "2"},
	    {"a", "a", ""},
	    {"a=", "a", ""},
	    {"&&a=1&", "a", "1"},
	    {"a=b=c", "a", "b=c"},
	    {"a=%e6%B3%A8+x%2b", "a", "\xe6\xb3\xa8 x+"},
	    {"%61+b=1", "a b", "1"},
	    {"a=1", "b", NULL},
	    {"", "a", NULL},
	    {"ab=1", "a", NULL},
	    {"a=1", "ab", NULL},
	};
	char out[64];
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		bool there =
		    httpd_parse_query(rows[i].query, rows[i].name, out, &n);

		assert_int_equal(there, rows[i].value != NULL);
		if (!there)
			continue;
		assert_int_equal(n, strlen(rows[i].value));
		assert_memory_equal(out, rows[i].value, n);
	}
}

static void
test_fields(void **state)
{
	static const char head[] =
	    "GET / HTTP/1.1\r\n" HOST
	    "X-A: 1 \r\nx-ab: 2\r\nX-a:\t3\r\nY:\r\n\r\n";
	char *p = x_strdup(head);
	size_t n = strlen(head), from = strlen("GET / HTTP/1.1\r\n"), at;

	(void)state;
	for (int again = 0; again < 2; again++) {
		at = from;
		assert_string_equal(httpd_parse_field(p, n, &at, "x-a"), "1");
		assert_string_equal(httpd_parse_field(p, n, &at, "x-a"), "3");
		assert_null(httpd_parse_field(p, n, &at, "x-a"));
		at = from;
		assert_string_equal(httpd_parse_field(p, n, &at, "X-AB"), "2");
		at = from;
		assert_string_equal(httpd_parse_field(p, n, &at, "y"), "");
		at = from;
		assert_string_equal(
		    httpd_parse_field(p, n, &at, "host"), "desk");
		at = from;
		assert_null(httpd_parse_field(p, n, &at, "x"));
	}
	x_free(p);
}

enum { CHUNKS_MAX_B = 100 };

/* Read a chunked body in pieces that end at cut and at n, or (cut 0) byte by
 * byte. *rest is what was left unread. */
static int
read_chunked(
    const char *p, size_t n, size_t cut, struct buf *body, size_t *rest)
{
	struct httpd_chunks c = {.max = CHUNKS_MAX_B};
	const char *data;
	char *piece;
	size_t at = 0, end, used, data_n;
	int r = HTTPD_MORE;

	buf_reset(body);
	while (at < n && r == HTTPD_MORE) {
		end = cut == 0 ? at + 1 : at < cut ? cut : n;
		piece = x_memdup(p + at, end - at);
		r = httpd_parse_chunk(
		    &c, piece, end - at, &used, &data, &data_n);
		buf_add(body, data, data_n);
		assert_true(used > 0);
		at += used;
		x_free(piece);
	}
	*rest = n - at;
	return r;
}

static const struct {
	const char *p;
	size_t n;
	int result;
	const char *body;
} chunks[] = {
    {BYTES("0\r\n\r\n"), HTTPD_DONE, ""},
    {BYTES("5\r\nhello\r\n0\r\n\r\n"), HTTPD_DONE, "hello"},
    {BYTES("2\r\nhe\r\n003\r\nllo\r\n000\r\n\r\n"), HTTPD_DONE, "hello"},
    {BYTES("A\r\n0123456789\r\na;x=\"y\"\r\nabcdefghij\r\n0;z\r\n\r\n"),
	HTTPD_DONE, "0123456789abcdefghij"},
    {BYTES("2\r\n\r\n\r\n0\r\n\r\n"), HTTPD_DONE, "\r\n"},
    {BYTES("1\r\nx\r\n0\r\nX-Sum: 1\r\nY:\r\n\r\n"), HTTPD_DONE, "x"},
    {BYTES("5\r\nhello\r\n0\r\n"), HTTPD_MORE, "hello"},
    {BYTES("5\r\nhel"), HTTPD_MORE, "hel"},
    {BYTES("\r\n"), 400, NULL},
    {BYTES("x\r\n"), 400, NULL},
    {BYTES("-1\r\n"), 400, NULL},
    {BYTES("+1\r\n"), 400, NULL},
    {BYTES("0x1\r\n"), 400, NULL},
    {BYTES(" 1\r\n"), 400, NULL},
    {BYTES("1 \r\nx\r\n"), 400, NULL},
    {BYTES("1\nx\r\n"), 400, NULL},
    {BYTES("1\rx\r\n"), 400, NULL},
    {BYTES("1;\0\r\nx\r\n"), 400, NULL},
    {BYTES("1;\nx\r\n"), 400, NULL},
    {BYTES("1\r\nxy\r\n"), 400, NULL},
    {BYTES("1\r\nx\n0\r\n\r\n"), 400, NULL},
    {BYTES("1\r\nx0\r\n\r\n"), 400, NULL},
    {BYTES("0\r\nX : y\r\n\r\n"), 400, NULL},
    {BYTES("0\r\n X: y\r\n\r\n"), 400, NULL},
    {BYTES("0\r\nX: y\r\n z\r\n\r\n"), 400, NULL},
    {BYTES("0\r\nX\r\n\r\n"), 400, NULL},
    {BYTES("0\r\nX: y\n\r\n"), 400, NULL},
    {BYTES("0\r\n\n"), 400, NULL},
    {BYTES("64\r\n"), HTTPD_MORE, ""},
    {BYTES("65\r\n"), 413, NULL},
    {BYTES("ffffffffffffffff\r\n"), 413, NULL},
    {BYTES("10000000000000005\r\nhello\r\n"), 413, NULL},
    {BYTES("0000000000000\r\n"), 413, NULL},
};

static void
test_chunks(void **state)
{
	struct buf body = {0};
	size_t rest, tail;
	int r;

	(void)state;
	for (size_t i = 0; i < sizeof(chunks) / sizeof(*chunks); i++) {
		size_t n = chunks[i].n;

		for (size_t cut = 0; cut <= n; cut++) {
			r = read_chunked(chunks[i].p, n, cut, &body, &rest);
			if (r != chunks[i].result)
				fail_msg("row %zu at %zu: %d", i, cut, r);
			if (chunks[i].body != NULL)
				assert_string_equal(
				    buf_str(&body), chunks[i].body);
			if (cut == 0)
				tail = rest;
			assert_int_equal(rest, tail);
		}
	}
	buf_free(&body);
}

static void
test_chunks_end(void **state)
{
	static const char two[] = "1\r\nx\r\n0\r\n\r\nGET / HTTP/1.1\r\n";
	struct buf body = {0};
	size_t rest;

	(void)state;
	assert_int_equal(
	    read_chunked(two, strlen(two), strlen(two), &body, &rest),
	    HTTPD_DONE);
	assert_int_equal(rest, strlen("GET / HTTP/1.1\r\n"));
	buf_free(&body);
}

static void
test_chunks_caps(void **state)
{
	struct buf b = {0}, body = {0};
	size_t rest;

	(void)state;
	/* Many chunks, each small, add up. */
	for (int i = 0; i <= CHUNKS_MAX_B; i++)
		buf_puts(&b, "1\r\nx\r\n");
	assert_int_equal(read_chunked(b.p, b.n, b.n, &body, &rest), 413);
	buf_reset(&b);
	buf_puts(&b, "1;");
	for (int i = 0; i <= HTTPD_HEAD_MAX_B; i++)
		buf_putc(&b, 'x');
	assert_int_equal(read_chunked(b.p, b.n, b.n, &body, &rest), 431);
	buf_reset(&b);
	buf_puts(&b, "0\r\n");
	for (int i = 0; i <= HTTPD_HEAD_MAX_B / 4; i++)
		buf_puts(&b, "ab: cd\r\n");
	assert_int_equal(read_chunked(b.p, b.n, b.n, &body, &rest), 431);
	buf_free(&b);
	buf_free(&body);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_bad_heads),
	    cmocka_unit_test(test_good_heads),
	    cmocka_unit_test(test_unfinished),
	    cmocka_unit_test(test_huge_length),
	    cmocka_unit_test(test_caps),
	    cmocka_unit_test(test_targets),
	    cmocka_unit_test(test_query),
	    cmocka_unit_test(test_fields),
	    cmocka_unit_test(test_chunks),
	    cmocka_unit_test(test_chunks_end),
	    cmocka_unit_test(test_chunks_caps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
