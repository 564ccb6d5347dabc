/*
 * One request of the HTTP client, shared by fetch.c (its life) and
 * fetch_opt.c (curl's options, the bytes in and out).
 */
#ifndef MADO_FETCH_REQ_H
#define MADO_FETCH_REQ_H

#include <curl/curl.h>
#include <sys/queue.h>

#include <mado/buf.h>
#include <mado/fetch.h>

struct fetch_req {
	TAILQ_ENTRY(fetch_req)
	link;
	struct fetch *fetch;
	bool finished; /* on that list, no more curl's */
	CURL *easy;
	CURLcode code;
	struct curl_slist *headers;
	char *body;
	int body_fd; /* or the body's file, -1 */
	size_t body_n, body_at;
	struct buf answer;
	size_t got, max_b;
	char *path; /* to_file */
	char *part; /* written first, then renamed */
	int fd;     /* of part, or -1 */
	bool want_pin, too_large;
	void (*done)(const struct fetch_res *res, void *arg);
	void *arg;
	char error[CURL_ERROR_SIZE]; /* curl's */
	char why[200];               /* ours, which comes first */
};

struct fetch_req *fetch_req_new(const struct fetch_opts *o);
/* Make the file of to_file; false with q->why when it can't be. */
bool fetch_req_open(struct fetch_req *q);
/* Keep the file or remove it; false when it could not be kept. */
bool fetch_req_close(struct fetch_req *q, bool keep);

#endif
