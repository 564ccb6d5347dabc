/*
 * What the server's files share: httpd.c (the whole and its clock),
 * httpd_listen.c (sockets, addresses, caps), httpd_conn.c (connections),
 * httpd_req.c (what was asked), httpd_reply.c (answers), httpd_tls.c. Nobody
 * else includes it.
 */
#ifndef MADO_HTTPD_CONN_H
#define MADO_HTTPD_CONN_H

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/queue.h>

#include <mado/buf.h>
#include <mado/httpd.h>

#include "httpd_parse.h"

/* Why a connection is on the clock. Each has one span, so that a list in
 * order of arrival is in order of expiry. */
enum wait_kind {
	WAIT_NONE,
	WAIT_REQUEST,
	WAIT_UPLOAD, /* a body that goes into a file */
	WAIT_IDLE,
	WAIT_LINGER,
	WAIT_KINDS
};

enum conn_state {
	CONN_HEAD,    /* between requests, or in a head */
	CONN_BODY,    /* head read, body under way */
	CONN_ASKED,   /* the handler has it */
	CONN_FILE,    /* an answer is streamed from a file */
	CONN_CLOSING, /* the last answer is going out */
	CONN_LINGER,  /* sent and shut; what still comes in is thrown away */
	CONN_DEAD     /* no socket any more; kept for a request's reply */
};

/* An address as IPv6 (IPv4 mapped). */
struct httpd_addr {
	uint8_t b[16];
};

struct httpd_count {
	LIST_ENTRY(httpd_count) link;
	struct httpd_addr key;
	int n;
};

struct listener {
	LIST_ENTRY(listener) link;
	struct httpd *h;
	struct event *ev;
	struct event *again; /* after running out of descriptors */
	int fd;
	int tag;
	struct httpd_tls *tls;
	char *path; /* unix socket, else NULL */
	dev_t dev;
	ino_t ino;
};

struct conn {
	LIST_ENTRY(conn) link;
	TAILQ_ENTRY(conn)
	clock;
	enum wait_kind wait;
	int64_t due_ms;
	struct httpd *h;
	struct bufferevent *bev;
	SSL *ssl; /* the bev's, NULL: plain */
	int fd;
	int refs; /* the socket, the request with the handler, a loop in it */
	int tag;
	uid_t uid;
	bool is_unix;
	bool looping; /* a loop over its requests is on the stack */
	bool full;    /* enough was read ahead, reading has stopped */
	bool broken;  /* a write or the file failed */
	bool eof;     /* the client has sent its last byte */
	bool keep;    /* after the file under way */
	struct httpd_addr addr;
	struct httpd_count *count;
	enum conn_state state;
	struct httpd_req *req;
	struct httpd_head head;
	struct httpd_chunks chunks;
	int file_fd;
	int64_t file_left;
};

struct httpd_req {
	struct conn *c;
	enum httpd_method method;
	bool keep;
	bool http10;
	bool cache_control; /* set by the handler */
	char *path;
	char *query;
	const char *peer;       /* once asked for */
	struct httpd_addr from; /* then, the address behind trusted proxies */
	struct buf body;
	int sink_fd;    /* the body goes there, -1: into body */
	int64_t sink_n; /* so many bytes have */
	int64_t sink_max;
	struct buf fields; /* of the reply */
	struct arena *arena;
	loop_fn *gone;
	void *gone_arg;
	size_t method_off, fields_off;
	size_t head_n;
	char head[]; /* the request's own copy, cut up by NULs */
};

TAILQ_HEAD(clock, conn);

enum { HTTPD_COUNT_BUCKETS = 256, HTTPD_DATE_B = 80 };

struct httpd {
	struct loop *loop;
	struct httpd_opts o;
	struct httpd_stats stats;
	struct httpd_addr *trusted;
	size_t trusted_n;
	LIST_HEAD(, listener) listeners;
	LIST_HEAD(, conn) conns, dead;
	LIST_HEAD(, httpd_count) counts[HTTPD_COUNT_BUCKETS];
	int lingering_n;
	struct clock clocks[WAIT_KINDS];
	struct timer *timer;
	int64_t timer_due_ms; /* 0: not armed */
	struct timer *drain_timer;
	bool draining, drained;
	loop_fn *drain_done;
	void *drain_arg;
	struct arena *spare; /* an empty one, or NULL */
	struct buf out;      /* of the reply being put together */
	int64_t date_s;
	char date[HTTPD_DATE_B];
};

/* httpd.c */
void httpd_set_wait(struct conn *c, enum wait_kind kind);
/* A connection has ended, or only lingers: was it the last? */
void httpd_drain_check(struct httpd *h);

/* httpd_conn.c */
void httpd_conn_open(struct listener *l, int fd, const struct httpd_addr *a,
    struct httpd_count *count);
/* The request has been answered (or c is dead): free it and go on. */
void httpd_conn_answered(struct conn *c, bool keep);
/* Close once the output is sent. */
void httpd_conn_finish(struct conn *c);
/* Close now, telling a waiting request's handler. */
void httpd_conn_close(struct conn *c);
/* Close and forget, telling nobody; what the handler has is freed too. */
void httpd_conn_end(struct conn *c);
/* Nothing came for too long, or a request took too long to come. */
void httpd_conn_expire(struct conn *c);

/* httpd_listen.c */
void httpd_trust(struct httpd *h, const char *const *names);
void httpd_listener_free(struct listener *l);
void httpd_listener_drain(struct listener *l);
void httpd_count_drop(struct httpd_count *n);
bool httpd_addr_parse(const char *s, size_t n, struct httpd_addr *a);
bool httpd_addr_is_v4(const struct httpd_addr *a);
bool httpd_addr_is_loopback(const struct httpd_addr *a);
bool httpd_addr_is_trusted(const struct httpd *h, const struct httpd_addr *a);

/* httpd_req.c */
/* Takes a copy of the head at p; NULL when its target is refused. */
struct httpd_req *httpd_req_new(struct conn *c, const char *p);
void httpd_req_free(struct httpd_req *r);

/* httpd_reply.c */
/* Answer without a request that can be handled, and close. detail NULL: the
 * status's own words. */
void httpd_conn_refuse(struct conn *c, int status, const char *detail);
/* The interim 100. */
void httpd_conn_continue(struct conn *c);
/* Put the next piece of the file into the output. */
void httpd_conn_send_file(struct conn *c);

/* httpd_tls.c */
struct bufferevent *httpd_tls_accept(
    struct httpd_tls *t, struct event_base *base, int fd);
/* Tell the peer that nothing more will come. */
void httpd_tls_bye(SSL *ssl);

#endif
