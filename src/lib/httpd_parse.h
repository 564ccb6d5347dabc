/*
 * Reading HTTP/1.1 requests: pure functions over bytes, no sockets, no
 * memory of their own. The answer is the same however the bytes were cut
 * into pieces. Called by httpd.c, its unit test and its fuzz target.
 *
 * Source: RFC 9112, and RFC 9110 for the fields; where they let a server
 * choose between repairing and refusing, it is refused.
 */
#ifndef MADO_HTTPD_PARSE_H
#define MADO_HTTPD_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mado/httpd.h>

enum {
	HTTPD_HEAD_MAX_B = 16 * 1024, /* request line and fields; also all the
		chunk extensions and trailers of one body */
	HTTPD_FIELDS_MAX = 100
};

/* What the functions return: one of these or the HTTP status to refuse with
 * (400 and up), after which the connection must be closed. */
enum { HTTPD_MORE = 0, HTTPD_DONE = 1 };

/* A request's head. Zeroed to begin; offsets are from the first byte. */
struct httpd_head {
	size_t n; /* bytes of the head with its empty line, once done */
	size_t method_off, method_n;
	size_t target_off, target_n;
	size_t fields_off; /* the first field's line */
	enum httpd_method method;
	bool http10;
	bool keep;   /* the connection may stay open */
	bool expect; /* 100-continue */
	bool chunked;
	bool has_length;
	int64_t length; /* of the body; beyond counting: very large */

	/* The reader's own. */
	size_t line, scan;
	int fields, hosts;
	bool blank, have_line, close, keep_alive, transfer;
};

/*
 * Look at the n bytes that have arrived so far, always from the request's
 * first byte. HTTPD_DONE: h is filled; the body begins at p + h->n.
 */
int httpd_parse_head(const char *p, size_t n, struct httpd_head *h);

/*
 * Split the NUL-terminated target of a head in place: *path is decoded (no
 * NUL or control characters, valid UTF-8, no "." or ".." segment), *query
 * is what follows "?", still encoded, or NULL. The origin and the absolute
 * form are understood. Returns HTTPD_DONE or 400.
 */
int httpd_parse_target(char *target, char **path, char **query);

/*
 * The value of a parameter in an encoded query as bytes percent- and
 * plus-decoded into out, which holds strlen(query) + 1; false if absent.
 */
bool httpd_parse_query(
    const char *query, const char *name, char *out, size_t *n);

/*
 * A field by its name in any case, at or after *at (an offset that begins
 * at fields_off and is moved past it). Lends the value, which is
 * NUL-terminated in place: p is the caller's copy of a head that was done.
 */
const char *httpd_parse_field(char *p, size_t n, size_t *at, const char *name);

/* A chunked body under way. Zeroed to begin, but for max. */
struct httpd_chunks {
	int64_t max;   /* bytes of body, past it 413 */
	int64_t total; /* so far */

	/* The reader's own. */
	int state;
	int digits;
	int64_t left;
	size_t extra;
};

/*
 * Take *used of the n bytes at p (never 0 unless n is). When some of them
 * are body, *data lends them, else *data_n is 0. HTTPD_MORE: call again
 * with the rest.
 */
int httpd_parse_chunk(struct httpd_chunks *c, const char *p, size_t n,
    size_t *used, const char **data, size_t *data_n);

/* RFC 9110's tchar; what a field's value may hold (obs-text included). */
bool httpd_parse_is_token(unsigned char c);
bool httpd_parse_is_value(unsigned char c);
/* The digit's value, or -1. */
int httpd_parse_hex(unsigned char c);

#endif
