/*
 * HTTP/1.1 server on the loop: strict where RFC 9112 lets servers be, over
 * TCP, TLS (OpenSSL) and unix sockets, answers now or later. It owes its
 * users: an absolute deadline for each request (head and body) from accept or
 * from its first byte on a kept connection; caps on connections in all and per
 * address (IPv6: per /64); one request's bytes never read as another's
 * (duplicate Content-Length, space before the colon, Content-Length with
 * chunked, bare LF, obs-fold, NUL, missing Host: 400 and closed); 413 past the
 * body cap and closed; 431 past the head cap; pipelining in order; HEAD and
 * Expect: 100-continue; idle keep-alive connections closed in time.
 */
#ifndef MADO_HTTPD_H
#define MADO_HTTPD_H

#include <event2/buffer.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <mado/err.h>
#include <mado/loop.h>
#include <mado/mem.h>

struct httpd;
struct httpd_req;

enum httpd_method {
	HTTP_GET = 1,
	HTTP_HEAD = 2,
	HTTP_POST = 4,
	HTTP_PUT = 8,
	HTTP_DELETE = 16,
	HTTP_PATCH = 32,
	HTTP_OTHER = 64
};

struct httpd_opts {
	size_t body_max_b;      /* 0: 1 MiB */
	int conns_max;          /* 0: 10,000 */
	int conns_per_addr_max; /* 0: 1,000; unix peers and loopback free */
	int deadline_ms;        /* head + body, 0: 10,000 */
	int idle_ms;            /* keep-alive, 0: 75,000 */
	int date_ahead_s;       /* of the header Date, for a stand-in */
	const char *const *trusted_proxies; /* NULL-terminated addresses whose
		X-Forwarded-For is believed; may be NULL; lent */
	/* Each complete request, from the loop and never from within a reply.
	 * Must end in one httpd_reply*(), now or later. A body above the cap
	 * never gets here. */
	void (*on_request)(struct httpd_req *r, void *arg);
	/* A head with a body of length bytes (-1: chunked) has come, before
	 * the cap is looked at: may call httpd_body_to_file(), or reply, which
	 * also closes the connection. May be NULL. */
	void (*on_head)(struct httpd_req *r, int64_t length, void *arg);
	void *arg;
};

/* Caller frees with httpd_free(), which closes everything and forgets requests
 * that wait for their reply, without calling back; not from on_request. */
struct httpd *httpd_new(struct loop *l, const struct httpd_opts *o);
void httpd_free(struct httpd *h);
/* Stop accepting, close what is idle, let requests under way finish, then
 * call done (which may free it); after grace_ms close what is left. */
void httpd_drain(struct httpd *h, int64_t grace_ms, loop_fn *done, void *arg);

/* TLS with session tickets, TLS 1.2 and up; reload replaces the pair for new
 * connections, the old one stays when the new is bad. Caller frees, after the
 * httpd that listens with it. */
struct httpd_tls;
struct httpd_tls *httpd_tls_new(
    const char *cert, const char *key, struct err *e);
int httpd_tls_reload(struct httpd_tls *t, struct err *e);
void httpd_tls_free(struct httpd_tls *t);
/* Make a self-signed pair (EC P-256, 10 years, CN and SAN `host`) unless both
 * files are there; the key 0600. */
int httpd_tls_self_signed(
    const char *cert, const char *key, const char *host, struct err *e);

/*
 * Listen on host:port, [v6]:port (port 0: any) or unix:PATH (a stale socket
 * file is replaced; mode 0666, the peer's user id is the check). Backlog of
 * 4096. `tag` comes back by httpd_req_tag(). tls NULL: plain. url (may be
 * NULL) gets "https://127.0.0.1:7443" or "unix:PATH", x_strdup'ed.
 */
int httpd_listen(struct httpd *h, const char *where, struct httpd_tls *tls,
    int tag, char **url, struct err *e);

/* The same on fd, which listens at `where` already and outlives us. Takes
 * ownership of fd; a socket file stays when it is closed. */
void httpd_listen_on(struct httpd *h, int fd, const char *where,
    struct httpd_tls *tls, int tag, char **url);

/* What was asked. All lent, valid until the reply. */
enum httpd_method httpd_method(const struct httpd_req *r);
const char *httpd_method_name(const struct httpd_req *r);
/* Path without the query, percent-decoded, starts with '/', no NUL; "." and
 * ".." segments were refused with 400. */
const char *httpd_path(const struct httpd_req *r);
/* A query parameter, percent- and plus-decoded, valid UTF-8; NULL if absent. */
const char *httpd_query(const struct httpd_req *r, const char *name);
/* A header by name, any case; the first of several; NULL if absent. */
const char *httpd_header(const struct httpd_req *r, const char *name);
/* The whole body, NUL-terminated past n. */
const char *httpd_body(const struct httpd_req *r, size_t *n);
/* From on_head: the body goes into the file as it comes, up to max_b bytes
 * (past them: 413), and may take half an hour to come. Takes ownership of fd,
 * which is closed with the request. */
void httpd_body_to_file(struct httpd_req *r, int fd, int64_t max_b);
/* How many bytes went into that file; -1: there is none. */
int64_t httpd_body_filed(const struct httpd_req *r);
/* The file itself, lent until the reply; -1. */
int httpd_body_fd(const struct httpd_req *r);
/* The peer's address as text (X-Forwarded-For's last untrusted one behind a
 * trusted proxy); "unix" on a unix listener. */
const char *httpd_peer(const struct httpd_req *r);
/* That address is 127/8 or ::1, or the listener is a unix socket. */
bool httpd_peer_is_loopback(const struct httpd_req *r);
/* SO_PEERCRED on a unix listener, else (uid_t)-1. */
uid_t httpd_peer_uid(const struct httpd_req *r);
int httpd_tag(const struct httpd_req *r);
/* Freed after the reply. */
struct arena *httpd_arena(struct httpd_req *r);
/* fn(arg), once, if the client goes away before the reply; the request must
 * still be replied to, and fn may do so (only a client that closed no more
 * than its sending half gets it). */
void httpd_on_gone(struct httpd_req *r, loop_fn *fn, void *arg);

/* Add a header to the coming reply. */
void httpd_set_header(struct httpd_req *r, const char *name, const char *value);
/* Answer with n bytes of that content type (NULL: none); Content-Length, Date
 * and Cache-Control: no-store (unless set) are added. p may lie in the
 * request's arena. r is gone afterwards. */
void httpd_reply(
    struct httpd_req *r, int status, const char *type, const void *p, size_t n);
/* The same bytes for many: a counted reference, no copy. Caller frees its own
 * with httpd_shared_unref(), on the loop's thread. */
struct httpd_shared;
struct httpd_shared *httpd_shared_new(const void *p, size_t n);
void httpd_shared_unref(struct httpd_shared *s);
void httpd_reply_shared(
    struct httpd_req *r, int status, const char *type, struct httpd_shared *s);
/* Stream a file of size bytes, or the range of it that was asked for (206, or
 * 416 for one outside it); takes ownership of fd. */
void httpd_reply_file(
    struct httpd_req *r, const char *type, int fd, int64_t size);
/* RFC 9457 problem+json from an error; a 401 asks for a Bearer token. */
void httpd_reply_err(struct httpd_req *r, const struct err *e);
/* Close the connection without an answer (the simulator's faults). */
void httpd_drop(struct httpd_req *r);

struct httpd_stats {
	int64_t requests; /* that reached the handler */
	int64_t refused;  /* connections past a cap, requests past the reader */
	int64_t conns;    /* open now */
};
struct httpd_stats httpd_stats(const struct httpd *h);

#endif
