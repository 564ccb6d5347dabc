/*
 * Fuzz target: the request reader. The first byte says where the rest is
 * cut in two; a request must come out the same as when it is read whole,
 * and every offset must lie within it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <mado/buf.h>
#include <mado/mem.h>

#include "../../src/lib/httpd_parse.h"

enum { BODY_MAX_B = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
must(int ok)
{
	if (!ok)
		abort();
}

/* From memory of exactly n bytes, so that a read past it is seen. */
static int
read_head(const char *p, size_t n, struct httpd_head *h)
{
	char *copy = x_realloc(NULL, n + 1, 1);
	int r;

	memcpy(copy + 1, p, n);
	r = httpd_parse_head(copy + 1, n, h);
	x_free(copy);
	return r;
}

static int
read_body(const char *p, size_t n, size_t cut, struct buf *body)
{
	struct httpd_chunks c = {.max = BODY_MAX_B};
	const char *d;
	size_t at = 0, end, used, d_n;
	int r = HTTPD_MORE;

	while (at < n && r == HTTPD_MORE) {
		end = at < cut ? cut : n;
		r = httpd_parse_chunk(&c, p + at, end - at, &used, &d, &d_n);
		must(used > 0 && used <= end - at);
		must(d >= p && d + d_n <= p + n);
		buf_add(body, d, d_n);
		at += used;
	}
	must(body->n <= BODY_MAX_B && (int64_t)body->n == c.total);
	return r;
}

static void
try_body(const char *p, size_t n, size_t cut)
{
	struct buf whole = {0}, halves = {0};
	int r = read_body(p, n, n, &whole);

	must(read_body(p, n, cut < n ? cut : n, &halves) == r);
	must(halves.n == whole.n);
	must(whole.n == 0 || memcmp(halves.p, whole.p, whole.n) == 0);
	buf_free(&whole);
	buf_free(&halves);
}

static void
try_getters(const char *p, const struct httpd_head *h)
{
	static const char *const names[] = {
	    "Host", "Content-Length", "X-Forwarded-For", "x"};
	char *copy = x_strndup(p, h->n), *out, *path, *query;
	size_t at, len;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		at = h->fields_off;
		while (httpd_parse_field(copy, h->n, &at, names[i]) != NULL)
			must(at <= h->n);
	}
	copy[h->target_off + h->target_n] = '\0';
	if (httpd_parse_target(copy + h->target_off, &path, &query) ==
		HTTPD_DONE &&
	    query != NULL) {
		must(path[0] == '/');
		out = x_realloc(NULL, strlen(query) + 1, 1);
		if (httpd_parse_query(query, "a", out, &len))
			must(len <= strlen(query));
		x_free(out);
	}
	x_free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct httpd_head whole = {0}, halves = {0};
	const char *p = (const char *)data + 1;
	size_t cut;
	int r;

	if (n < 2)
		return 0;
	cut = data[0] % n;
	n--;
	r = read_head(p, n, &whole);
	if (read_head(p, cut, &halves) == HTTPD_MORE)
		must(read_head(p, n, &halves) == r);
	if (r != HTTPD_DONE) {
		try_body(p, n, cut);
		return 0;
	}
	must(whole.n <= n && whole.fields_off <= whole.n);
	must(whole.target_off + whole.target_n < whole.n);
	must(whole.length >= 0 && !(whole.chunked && whole.has_length));
	try_getters(p, &whole);
	if (whole.chunked)
		try_body(p + whole.n, n - whole.n, cut);
	return 0;
}
