/*
 * A request as its handler sees it: made from a head that the reader found
 * whole, in one piece of memory that getters cut up as they are asked.
 * Made and freed by httpd.c.
 */
#include <arpa/inet.h>
#include <string.h>
#include <unistd.h>

#include <mado/mem.h>
#include <mado/text.h>

#include "httpd_conn.h"

struct httpd_req *
httpd_req_new(struct conn *c, const char *p)
{
	const struct httpd_head *h = &c->head;
	struct httpd_req *r = x_calloc(1, sizeof(*r) + h->n + 1);

	r->c = c;
	r->sink_fd = -1;
	r->method = h->method;
	r->keep = h->keep;
	r->http10 = h->http10;
	r->head_n = h->n;
	r->method_off = h->method_off;
	r->fields_off = h->fields_off;
	memcpy(r->head, p, h->n);
	r->head[h->method_off + h->method_n] = '\0';
	r->head[h->target_off + h->target_n] = '\0';
	if (httpd_parse_target(r->head + h->target_off, &r->path, &r->query) ==
	    HTTPD_DONE)
		return r;
	httpd_req_free(r);
	return NULL;
}

/* One arena is kept for the next request that asks. */
static void
arena_return(struct httpd *h, struct arena *a)
{
	if (a == NULL)
		return;
	if (h->spare != NULL) {
		arena_free(a);
		return;
	}
	arena_reset(a);
	h->spare = a;
}

void
httpd_req_free(struct httpd_req *r)
{
	if (r == NULL)
		return;
	arena_return(r->c->h, r->arena);
	if (r->sink_fd != -1)
		close(r->sink_fd);
	buf_free(&r->body);
	buf_free(&r->fields);
	x_free(r);
}

enum httpd_method
httpd_method(const struct httpd_req *r)
{
	return r->method;
}

const char *
httpd_method_name(const struct httpd_req *r)
{
	return r->head + r->method_off;
}

const char *
httpd_path(const struct httpd_req *r)
{
	return r->path;
}

/* Getters are const to their callers; what they cache is the request's. */
static struct httpd_req *
own(const struct httpd_req *r)
{
	return (struct httpd_req *)r;
}

const char *
httpd_query(const struct httpd_req *r, const char *name)
{
	struct arena *a;
	struct buf b = {0};
	char *out, *nul;
	size_t n;

	if (r->query == NULL)
		return NULL;
	a = httpd_arena(own(r));
	out = arena_calloc(a, strlen(r->query) + 1, 1);
	if (!httpd_parse_query(r->query, name, out, &n))
		return NULL;
	while ((nul = memchr(out, '\0', n)) != NULL)
		*nul = (char)0xff; /* no more text than an invalid byte */
	if (text_is_utf8(out, n))
		return out;
	text_to_utf8(&b, out, n);
	out = arena_strndup(a, b.p, b.n);
	buf_free(&b);
	return out;
}

const char *
httpd_header(const struct httpd_req *r, const char *name)
{
	size_t at = r->fields_off;

	return httpd_parse_field(own(r)->head, r->head_n, &at, name);
}

const char *
httpd_body(const struct httpd_req *r, size_t *n)
{
	if (n != NULL)
		*n = r->body.n;
	return buf_str(&r->body);
}

void
httpd_body_to_file(struct httpd_req *r, int fd, int64_t max_b)
{
	r->sink_fd = fd;
	r->sink_max = max_b;
}

int64_t
httpd_body_filed(const struct httpd_req *r)
{
	return r->sink_fd == -1 ? -1 : r->sink_n;
}

int
httpd_body_fd(const struct httpd_req *r)
{
	return r->sink_fd;
}

/* The last element of a list in place, and the list without it. */
static char *
list_pop(char **list)
{
	char *comma, *item = *list;
	size_t n;

	if (item == NULL)
		return NULL;
	comma = strrchr(item, ',');
	if (comma == NULL) {
		*list = NULL;
	} else {
		*comma = '\0';
		item = comma + 1;
	}
	item += strspn(item, " \t");
	n = strlen(item);
	while (n > 0 && (item[n - 1] == ' ' || item[n - 1] == '\t'))
		item[--n] = '\0';
	return item;
}

/* Every X-Forwarded-For of the request as one list; NULL without. */
static char *
forwarded_list(struct httpd_req *r)
{
	struct arena *a = httpd_arena(r);
	size_t at = r->fields_off;
	char *all = NULL;
	const char *v;

	while ((v = httpd_parse_field(
		    r->head, r->head_n, &at, "X-Forwarded-For")) != NULL)
		all = all == NULL ? arena_strdup(a, v)
				  : arena_sprintf(a, "%s,%s", all, v);
	return all;
}

/* Walk back from the peer while whoever wrote the entry is trusted. */
static struct httpd_addr
addr_behind(struct httpd_req *r)
{
	struct httpd_addr a = r->c->addr, before;
	char *list = NULL, *item;

	if (httpd_addr_is_trusted(r->c->h, &a))
		list = forwarded_list(r);
	while (httpd_addr_is_trusted(r->c->h, &a) &&
	    (item = list_pop(&list)) != NULL) {
		if (!httpd_addr_parse(item, strlen(item), &before))
			break;
		a = before;
	}
	return a;
}

const char *
httpd_peer(const struct httpd_req *cr)
{
	struct httpd_req *r = own(cr);
	char text[INET6_ADDRSTRLEN];
	uint8_t *b = r->from.b;

	if (r->peer != NULL)
		return r->peer;
	if (r->c->is_unix) {
		r->peer = "unix";
		return r->peer;
	}
	r->from = addr_behind(r);
	if (httpd_addr_is_v4(&r->from))
		inet_ntop(AF_INET, b + 12, text, sizeof(text));
	else
		inet_ntop(AF_INET6, b, text, sizeof(text));
	r->peer = arena_strdup(httpd_arena(r), text);
	return r->peer;
}

bool
httpd_peer_is_loopback(const struct httpd_req *r)
{
	httpd_peer(r);
	return r->c->is_unix || httpd_addr_is_loopback(&r->from);
}

uid_t
httpd_peer_uid(const struct httpd_req *r)
{
	return r->c->uid;
}

int
httpd_tag(const struct httpd_req *r)
{
	return r->c->tag;
}

struct arena *
httpd_arena(struct httpd_req *r)
{
	struct httpd *h = r->c->h;

	if (r->arena == NULL && h->spare != NULL) {
		r->arena = h->spare;
		h->spare = NULL;
	}
	if (r->arena == NULL)
		r->arena = arena_new();
	return r->arena;
}

void
httpd_on_gone(struct httpd_req *r, loop_fn *fn, void *arg)
{
	r->gone = fn;
	r->gone_arg = arg;
}
