/*
 * Answers: the head, and how bytes leave. A plain connection with nothing
 * queued is written to at once from where the bytes are; what the socket
 * does not take, and everything on TLS, goes through the bufferevent.
 * Whether the connection goes on is httpd.c's to act upon.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <mado/json.h>
#include <mado/mem.h>

#include "httpd_conn.h"

enum {
	/* Put together up to here, so that TLS makes one record of it. */
	JOIN_MAX_B = 16 * 1024,
	FILE_PIECE_B = 64 * 1024
};

struct httpd_shared {
	int refs;
	size_t n;
	char p[];
};

/* What a reply is made of; owner NULL: the bytes are lent for the call. */
struct answer {
	int status;
	const char *type;
	const char *p;
	size_t n;
	struct httpd_shared *owner;
	int64_t length; /* what Content-Length says */
};

static const struct {
	int status;
	const char *words;
} reasons[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
};

static const char *
reason(int status)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].words;
	return "Other";
}

/* Not by strftime(3): its names follow the locale. */
static const char *
http_date(struct httpd *h)
{
	static const char *const days[] = {
	    "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May",
	    "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t now = time(NULL) + h->o.date_ahead_s;
	struct tm tm;

	if (now == h->date_s)
		return h->date;
	h->date_s = now;
	gmtime_r(&now, &tm);
	snprintf(h->date, sizeof(h->date), "%s, %02d %s %d %02d:%02d:%02d GMT",
	    days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900,
	    tm.tm_hour, tm.tm_min, tm.tm_sec);
	return h->date;
}

static bool
has_no_body(int status)
{
	return status < 200 || status == 204 || status == 304;
}

/* r is NULL where no request could be made of what came. */
static void
put_head(struct httpd *h, const struct httpd_req *r, bool keep,
    const struct answer *a)
{
	struct buf *b = &h->out;

	buf_reset(b);
	buf_printf(b, "HTTP/1.1 %d %s\r\nDate: %s\r\n", a->status,
	    reason(a->status), http_date(h));
	if (a->type != NULL)
		buf_printf(b, "Content-Type: %s\r\n", a->type);
	if (!has_no_body(a->status))
		buf_printf(b, "Content-Length: %lld\r\n", (long long)a->length);
	if (r == NULL || !r->cache_control)
		buf_puts(b, "Cache-Control: no-store\r\n");
	if (!keep)
		buf_puts(b, "Connection: close\r\n");
	else if (r->http10)
		buf_puts(b, "Connection: keep-alive\r\n");
	if (r != NULL)
		buf_add(b, buf_str(&r->fields), r->fields.n);
	buf_puts(b, "\r\n");
}

static void
on_reference(const void *p, size_t n, void *arg)
{
	(void)p;
	(void)n;
	httpd_shared_unref(arg);
}

static void
queue(struct conn *c, const char *p, size_t n, struct httpd_shared *owner)
{
	struct evbuffer *out = bufferevent_get_output(c->bev);

	if (n == 0 || c->broken)
		return;
	if (owner == NULL) {
		evbuffer_add(out, p, n);
	} else {
		owner->refs++;
		evbuffer_add_reference(out, p, n, on_reference, owner);
	}
}

/* Write to the socket itself; returns how much it took. */
static size_t
write_now(struct conn *c, const struct buf *head, const struct answer *a)
{
	const struct iovec v[] = {{head->p, head->n}, {(char *)a->p, a->n}};
	ssize_t n;

	if (c->ssl != NULL ||
	    evbuffer_get_length(bufferevent_get_output(c->bev)) > 0)
		return 0;
	do
		n = writev(c->fd, v, a->n > 0 ? 2 : 1);
	while (n == -1 && errno == EINTR);
	if (n >= 0)
		return n;
	c->broken = errno != EAGAIN;
	return 0;
}

static void
send_answer(struct conn *c, const struct answer *a)
{
	struct buf *head = &c->h->out;
	struct answer rest = *a;
	size_t n = write_now(c, head, a), past;

	if (n < head->n && head->n + a->n <= JOIN_MAX_B) {
		buf_add(head, a->p, a->n);
		rest.n = 0;
	}
	past = n > head->n ? n - head->n : 0;
	if (n < head->n)
		queue(c, head->p + n, head->n - n, NULL);
	if (rest.n > past)
		queue(c, rest.p + past, rest.n - past, rest.owner);
}

static void
answer(struct httpd_req *r, struct answer *a)
{
	struct conn *c = r->c;
	bool keep = r->keep && !c->h->draining;

	r->gone = NULL;
	if (c->state != CONN_DEAD) {
		put_head(c->h, r, keep, a);
		if (r->method == HTTP_HEAD || has_no_body(a->status))
			a->n = 0;
		send_answer(c, a);
	}
	httpd_conn_answered(c, keep);
}

void
httpd_reply(
    struct httpd_req *r, int status, const char *type, const void *p, size_t n)
{
	struct answer a = {status, type, p, n, NULL, (int64_t)n};

	answer(r, &a);
}

struct httpd_shared *
httpd_shared_new(const void *p, size_t n)
{
	struct httpd_shared *s = x_calloc(1, sizeof(*s) + n);

	s->refs = 1;
	s->n = n;
	if (n > 0)
		memcpy(s->p, p, n);
	return s;
}

void
httpd_shared_unref(struct httpd_shared *s)
{
	if (s != NULL && --s->refs == 0)
		x_free(s);
}

void
httpd_reply_shared(
    struct httpd_req *r, int status, const char *type, struct httpd_shared *s)
{
	struct answer a = {status, type, s->p, s->n, s, (int64_t)s->n};

	answer(r, &a);
}

static bool
digits(const char **s, int64_t *n)
{
	char *end;

	if (**s < '0' || **s > '9')
		return false;
	errno = 0;
	*n = strtoll(*s, &end, 10);
	*s = end;
	return errno == 0;
}

/*
 * One range of bytes, as players of films ask for them (RFC 9110, 14.1.2):
 * sets the piece and returns 206, or 416 when it lies outside; 200 for all
 * else (several ranges, If-Range, which needs a validator that is not given).
 */
static int
range_of(const struct httpd_req *r, int64_t size, int64_t *from, int64_t *n)
{
	const char *s = httpd_header(r, "range");
	int64_t last = INT64_MAX;

	*from = 0;
	*n = size;
	if (s == NULL || r->method != HTTP_GET ||
	    httpd_header(r, "if-range") != NULL || strncmp(s, "bytes=", 6) != 0)
		return 200;
	s += 6;
	if (*s == '-') { /* so many at the end */
		s++;
		if (!digits(&s, n) || *s != '\0')
			goto all;
		*n = *n < size ? *n : size;
		*from = size - *n;
		return *n > 0 ? 206 : 416;
	}
	if (!digits(&s, from) || *s++ != '-' ||
	    (*s != '\0' && (!digits(&s, &last) || *s != '\0')) || last < *from)
		goto all;
	last = last < size ? last : size - 1;
	*n = last - *from + 1;
	return *from < size ? 206 : 416;
all:
	*from = 0;
	*n = size;
	return 200;
}

static void
put_range(
    struct httpd_req *r, int status, int64_t from, int64_t n, int64_t size)
{
	char text[80];

	httpd_set_header(r, "Accept-Ranges", "bytes");
	if (status == 206)
		snprintf(text, sizeof(text), "bytes %lld-%lld/%lld",
		    (long long)from, (long long)(from + n - 1),
		    (long long)size);
	else
		snprintf(text, sizeof(text), "bytes */%lld", (long long)size);
	if (status != 200)
		httpd_set_header(r, "Content-Range", text);
}

void
httpd_reply_file(struct httpd_req *r, const char *type, int fd, int64_t size)
{
	struct answer a = {200, type, NULL, 0, NULL, size};
	struct conn *c = r->c;
	int64_t from;

	a.status = range_of(r, size, &from, &a.length);
	put_range(r, a.status, from, a.length, size);
	if (a.status == 416)
		a.length = 0;
	if (c->state == CONN_DEAD || r->method == HTTP_HEAD || a.length == 0) {
		close(fd);
	} else {
		lseek(fd, from, SEEK_SET);
		c->file_fd = fd;
		c->file_left = a.length;
	}
	answer(r, &a);
}

void
httpd_conn_send_file(struct conn *c)
{
	size_t want = c->file_left < FILE_PIECE_B ? c->file_left : FILE_PIECE_B;
	char *p = x_realloc(NULL, want, 1);
	ssize_t n = read(c->file_fd, p, want);

	if (n > 0) {
		queue(c, p, n, NULL);
		c->file_left -= n;
	} else {
		c->broken = true; /* shorter than was promised */
	}
	x_free(p);
	if (c->file_left == 0)
		close(c->file_fd);
}

static void
put_problem(struct buf *b, int status, const char *detail, const char *code)
{
	buf_putc(b, '{');
	json_add_str(b, "type", "about:blank");
	json_add_str(b, "title", reason(status));
	json_add_int(b, "status", status);
	json_add_str(b, "detail", detail);
	json_add_str(b, "code", code);
	buf_putc(b, '}');
}

void
httpd_reply_err(struct httpd_req *r, const struct err *e)
{
	int status = err_http_status(e->code);
	struct buf b = {0};

	put_problem(&b, status, e->msg, err_name(e->code));
	if (status == 401)
		httpd_set_header(r, "WWW-Authenticate", "Bearer");
	httpd_reply(r, status, "application/problem+json", b.p, b.n);
	buf_free(&b);
}

void
httpd_conn_refuse(struct conn *c, int status, const char *detail)
{
	struct answer a = {
	    status, "application/problem+json", NULL, 0, NULL, 0};
	struct buf b = {0};

	c->h->stats.refused++;
	put_problem(&b, status, detail != NULL ? detail : reason(status),
	    err_name(status == 413  ? ERR_TOOBIG
		    : status == 503 ? ERR_BUSY
				    : ERR_INVALID));
	a.p = b.p;
	a.n = b.n;
	a.length = (int64_t)b.n;
	put_head(c->h, NULL, false, &a);
	send_answer(c, &a);
	buf_free(&b);
	if (c->broken)
		httpd_conn_close(c);
	else
		httpd_conn_finish(c);
}

void
httpd_conn_continue(struct conn *c)
{
	static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";

	queue(c, text, sizeof(text) - 1, NULL);
}

/* A line of its own in the head: what could end it becomes a space. */
void
httpd_set_header(struct httpd_req *r, const char *name, const char *value)
{
	struct buf *b = &r->fields;
	size_t from = b->n;

	buf_printf(b, "%s: %s", name, value);
	for (size_t i = from; i < b->n; i++)
		if (!httpd_parse_is_value(b->p[i]))
			b->p[i] = ' ';
	buf_puts(b, "\r\n");
	if (strcasecmp(name, "Cache-Control") == 0)
		r->cache_control = true;
}

void
httpd_drop(struct httpd_req *r)
{
	struct conn *c = r->c;

	r->gone = NULL;
	httpd_conn_close(c);
	httpd_conn_answered(c, false);
}
