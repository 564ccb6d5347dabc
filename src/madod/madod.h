/*
 * One madod: what its parts share. Made by main.c, read by the handlers.
 */
#ifndef MADOD_MADOD_H
#define MADOD_MADOD_H

#include <mado/fetch.h>
#include <mado/httpd.h>
#include <mado/loop.h>
#include <mado/sql.h>

#include "act.h"
#include "config.h"
#include "worker.h"
#include "writer.h"

struct call;
struct feed;
struct presence;
struct sender;
struct line_fetch;
struct line_quota;
struct line_calls;
struct indexer;
struct limiter;
struct health;
struct thinker;
struct files;
struct runs;
struct cards;
struct alerts;
struct ack;
struct adviser;

struct madod {
	struct config *config;
	struct loop *loop;
	struct sql *db; /* the loop's own, read-only */
	struct writer *writer;
	struct worker *reader, *hasher, *filer;
	struct files *files; /* NULL: does not serve */
	uint8_t *ticket_key; /* signs the addresses of pages */
	struct runs *runs;   /* these three NULL: does not serve */
	struct cards *cards;
	struct alerts *alerts;
	struct ack *ack;
	struct adviser *adviser; /* NULL: does not serve */
	int64_t webhook_ms;      /* LINE's last one, or our start */
	struct httpd *httpd;
	struct httpd_tls *tls;
	struct fetch *fetch;
	struct line_calls *line_calls;
	struct feed *feed;
	struct presence *presence;
	struct sender *sender; /* NULL: does not serve */
	struct line_fetch *line_fetch;
	struct line_quota *line_quota;
	struct thinker *thinker;
	struct indexer *indexer; /* NULL: does not serve */
	struct rules *rules;
	struct limiter *limiter;
	struct health *health; /* NULL: does not serve */
	struct timer *jobs;
	struct timer *alive; /* tells the service manager */
	int64_t epoch;
	int64_t seq; /* of the last commit */
	char *store_path, *url;
	char **proxies; /* NULL-terminated */
	int lock_fd;
	bool recovered;       /* act_recover has run: what waits may be sent */
	struct call *restore; /* asks for another store; NULL: nobody does */
	bool restoring;       /* every request is told to come again */
	bool stopping;
	bool keeps_sockets; /* a service manager has our listeners */
};

#endif
