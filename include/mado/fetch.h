/*
 * HTTP client on the loop: libcurl's multi interface driven by libevent.
 * Never blocks, never follows redirects, http and https only (and unix
 * sockets), compressed transfer off.
 */
#ifndef MADO_FETCH_H
#define MADO_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mado/err.h>
#include <mado/loop.h>

struct fetch;     /* one per program */
struct fetch_req; /* one under way */

/* How far a request that failed had come: may it have been acted upon? */
enum fetch_outcome {
	FETCH_ANSWERED, /* status and body are there */
	FETCH_NOT_SENT, /* never connected: surely not acted upon */
	FETCH_UNKNOWN   /* sent, or part of it, and no answer */
};

struct fetch_res {
	enum fetch_outcome outcome;
	int status;        /* HTTP, 0 when no head came */
	const char *body;  /* NUL-terminated; "" when none */
	size_t n;          /* bytes of it, or of the file's */
	const char *type;  /* content type or "" */
	const char *error; /* curl's words when not answered, else "" */
	bool too_large;    /* past max_b: cut off */
	bool bad_cert; /* the peer's certificate or pinned key was refused */
	const char *key_pin;     /* want_pin: the peer's "sha256//..." */
	int64_t cert_until_ms;   /* want_pin: of the peer's, 0: unknown */
	int64_t date_ms;         /* the peer's clock, 0: it did not say */
	const char *request_id;  /* x-line-request-id or "" */
	const char *accepted_id; /* x-line-accepted-request-id or "" */
};

struct fetch_opts {
	const char *method; /* NULL: GET, or POST when body is there */
	const char *url;
	const char *unix_path;      /* connect here in place of url's host */
	const char *const *headers; /* "Name: value", NULL-terminated */
	const void *body;           /* copied */
	size_t n;
	/* or the body is a file's n bytes; body_fd is taken, and may be 0 only
	 * when body_is_fd is not set */
	bool body_is_fd;
	int body_fd;
	int64_t timeout_ms; /* in all; 0: 30 s */
	int64_t connect_ms; /* 0: 10 s */
	size_t max_b;       /* cap on the answer, 0: 16 MiB; past it: failed */
	/* a 200's body goes there (0600), whole or not at all, by way of
	 * to_file + ".part"; others' to res->body */
	const char *to_file;
	/* a request that may never be repeated: fresh connection, closed
	 * after, and curl cannot rewind the body */
	bool once;
	bool no_verify; /* take any certificate (asking for its pin only) */
	bool want_pin;
	/* "sha256//..." that the peer must have; a self-signed certificate is
	 * then fine */
	const char *pin;
	void (*done)(const struct fetch_res *res, void *arg);
	void *arg;
};

struct fetch *fetch_new(struct loop *l, int max_conns_per_host);
/* Cancels what is under way without calling back. */
void fetch_free(struct fetch *f);
/* Start; done is called from the loop, never from here; strings in opts may
 * go after the return. Returns a handle for fetch_cancel(), valid until done
 * is called. */
struct fetch_req *fetch_start(struct fetch *f, const struct fetch_opts *o);
/* Stop without calling back. NULL is fine. */
void fetch_cancel(struct fetch_req *q);
/* Append s percent-encoded. */
struct buf;
void fetch_escape(struct buf *b, const char *s);

enum { FETCH_PIN_B = 64 };
/*
 * A public key's pin, as curl and RFC 7469 write it: "sha256//" and the base64
 * of SHA-256 over the SubjectPublicKeyInfo of a certificate in PEM. False when
 * it is not one.
 */
bool fetch_pin_of(const char *pem, char out[FETCH_PIN_B]);
/* Until when the first certificate in PEM is good, ms; 0 when there is none. */
int64_t fetch_cert_until(const char *pem);

#endif
