/*
 * The HTTP server's sockets: listening, accepting, addresses and the caps on
 * connections. Owns every struct listener and the count of connections by
 * address. A connection that may stay goes to httpd.c.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <mado/mem.h>

#include "httpd_conn.h"

enum {
	/* evhttp's 128 made 5,000 clients take 14 s to connect. */
	BACKLOG = 4096,
	/* Accepted in one turn of the loop; a TLS handshake is 1 ms of CPU, and
	 * requests must not wait behind a storm of them. */
	ACCEPT_SLICE = 64,
	ACCEPT_SLICE_TLS = 16,
	ACCEPT_PAUSE_US = 100 * 1000,
	KEEPALIVE_S = 60
};

static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

bool
httpd_addr_is_v4(const struct httpd_addr *a)
{
	return memcmp(a->b, mapped, sizeof(mapped)) == 0;
}

bool
httpd_addr_is_loopback(const struct httpd_addr *a)
{
	static const struct httpd_addr one = {.b = {[15] = 1}};

	if (httpd_addr_is_v4(a))
		return a->b[12] == 127;
	return memcmp(a, &one, sizeof(one)) == 0;
}

bool
httpd_addr_is_trusted(const struct httpd *h, const struct httpd_addr *a)
{
	for (size_t i = 0; i < h->trusted_n; i++)
		if (memcmp(&h->trusted[i], a, sizeof(*a)) == 0)
			return true;
	return false;
}

bool
httpd_addr_parse(const char *s, size_t n, struct httpd_addr *a)
{
	char text[INET6_ADDRSTRLEN];

	if (n >= sizeof(text))
		return false;
	memcpy(text, s, n);
	text[n] = '\0';
	if (inet_pton(AF_INET6, text, a->b) == 1)
		return true;
	memcpy(a->b, mapped, sizeof(mapped));
	return inet_pton(AF_INET, text, a->b + sizeof(mapped)) == 1;
}

void
httpd_trust(struct httpd *h, const char *const *names)
{
	size_t n = 0;

	while (names != NULL && names[n] != NULL)
		n++;
	h->trusted = x_calloc(n + 1, sizeof(*h->trusted));
	for (size_t i = 0; i < n; i++)
		if (httpd_addr_parse(
			names[i], strlen(names[i]), &h->trusted[h->trusted_n]))
			h->trusted_n++;
}

static struct httpd_addr
addr_of(const struct sockaddr_storage *ss)
{
	struct httpd_addr a = {{0}};

	if (ss->ss_family == AF_INET6) {
		memcpy(a.b, &((const struct sockaddr_in6 *)ss)->sin6_addr, 16);
	} else if (ss->ss_family == AF_INET) {
		memcpy(a.b, mapped, sizeof(mapped));
		memcpy(a.b + sizeof(mapped),
		    &((const struct sockaddr_in *)ss)->sin_addr, 4);
	}
	return a;
}

/* Whoever has one IPv6 address has its /64. */
static struct httpd_addr
count_key(const struct httpd_addr *a)
{
	struct httpd_addr key = *a;

	if (!httpd_addr_is_v4(a))
		memset(key.b + 8, 0, 8);
	return key;
}

/* The address's count with one more, or NULL when it has its full share. */
static struct httpd_count *
count_take(struct httpd *h, const struct httpd_addr *a)
{
	struct httpd_addr key = count_key(a);
	struct httpd_count *n;
	unsigned bucket = 0;

	for (size_t i = 0; i < sizeof(key.b); i++)
		bucket = bucket * 31 + key.b[i];
	bucket %= HTTPD_COUNT_BUCKETS;
	LIST_FOREACH(n, &h->counts[bucket], link)
	if (memcmp(&n->key, &key, sizeof(key)) == 0)
		break;
	if (n == NULL) {
		n = x_new(struct httpd_count);
		n->key = key;
		LIST_INSERT_HEAD(&h->counts[bucket], n, link);
	}
	if (n->n >= h->o.conns_per_addr_max)
		return NULL;
	n->n++;
	return n;
}

void
httpd_count_drop(struct httpd_count *n)
{
	if (n == NULL || --n->n > 0)
		return;
	LIST_REMOVE(n, link);
	x_free(n);
}

static void
take(struct listener *l, int fd, const struct sockaddr_storage *ss)
{
	struct httpd *h = l->h;
	struct httpd_addr a = addr_of(ss);
	struct httpd_count *n = NULL;
	bool free_of_caps = l->path != NULL || httpd_addr_is_loopback(&a) ||
	    httpd_addr_is_trusted(h, &a);

	if (h->stats.conns < h->o.conns_max &&
	    (free_of_caps || (n = count_take(h, &a)) != NULL)) {
		httpd_conn_open(l, fd, &a, n);
		return;
	}
	h->stats.refused++;
	close(fd);
}

static void
on_again(evutil_socket_t fd, short what, void *arg)
{
	struct listener *l = arg;

	(void)fd;
	(void)what;
	event_add(l->ev, NULL);
}

static void
on_accept(evutil_socket_t lfd, short what, void *arg)
{
	const struct timeval pause = {0, ACCEPT_PAUSE_US};
	struct listener *l = arg;
	int slice = l->tls != NULL ? ACCEPT_SLICE_TLS : ACCEPT_SLICE;
	struct sockaddr_storage ss = {0};
	socklen_t len;
	int fd;

	(void)what;
	for (int i = 0; i < slice; i++) {
		len = sizeof(ss);
		fd = accept4(lfd, (struct sockaddr *)&ss, &len,
		    SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd != -1) {
			take(l, fd, &ss);
		} else if (errno == EMFILE || errno == ENFILE ||
		    errno == ENOBUFS || errno == ENOMEM) {
			/* Still ready to be read: do not spin on it. */
			event_del(l->ev);
			event_add(l->again, &pause);
			return;
		} else if (errno == EAGAIN) {
			return;
		}
	}
}

void
httpd_listener_free(struct listener *l)
{
	struct stat st;

	LIST_REMOVE(l, link);
	event_free(l->ev);
	event_free(l->again);
	close(l->fd);
	/* Unless another server has taken the name meanwhile. */
	if (l->path != NULL && lstat(l->path, &st) == 0 &&
	    st.st_dev == l->dev && st.st_ino == l->ino)
		unlink(l->path);
	x_free(l->path);
	x_free(l);
}

/* On a unix socket of our own the next to connect is refused from now on, and
 * whoever has connected is served yet: a reset would leave them in doubt. TCP
 * knows no such step. */
void
httpd_listener_drain(struct listener *l)
{
	int fd;

	if (l->ino != 0 && shutdown(l->fd, SHUT_RD) == 0)
		while ((fd = accept4(l->fd, NULL, NULL,
			    SOCK_NONBLOCK | SOCK_CLOEXEC)) != -1)
			take(l, fd, &(struct sockaddr_storage){0});
	httpd_listener_free(l);
}

static struct listener *
listener_new(struct httpd *h, int fd)
{
	struct listener *l = x_new(struct listener);
	struct event_base *base = loop_base(h->loop);

	l->h = h;
	l->fd = fd;
	l->ev = event_new(base, fd, EV_READ | EV_PERSIST, on_accept, l);
	l->again = evtimer_new(base, on_again, l);
	LIST_INSERT_HEAD(&h->listeners, l, link);
	return l;
}

/* Accepted sockets inherit all of these, at no call of their own. */
static void
set_tcp(int fd)
{
	const int one = 1, idle_s = KEEPALIVE_S;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof(idle_s));
}

enum { PORT_DIGITS_MAX = 5 };

/* Split host:port or [v6]:port. The host is the caller's to free. */
static int
split_where(const char *where, char **host, const char **port, struct err *e)
{
	const char *colon = strrchr(where, ':');
	size_t n = colon == NULL ? 0 : colon - where;

	/* getaddrinfo() takes 65536 for 0 */
	if (n == 0 || colon[1] == '\0' || strlen(colon + 1) > PORT_DIGITS_MAX ||
	    strtol(colon + 1, NULL, 10) > UINT16_MAX)
		return err_set(e, ERR_INVALID,
		    "listen on %s: it must be host:port, [v6]:port or unix:PATH",
		    where);
	if (n > 2 && where[0] == '[' && where[n - 1] == ']')
		*host = x_strndup(where + 1, n - 2);
	else
		*host = x_strndup(where, n);
	*port = colon + 1;
	return 0;
}

static int
tcp_socket(const char *where, struct err *e)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
	    .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
	struct addrinfo *ai = NULL;
	const char *port = NULL;
	char *host = NULL;
	int fd = -1, r;

	if (split_where(where, &host, &port, e) == -1)
		return -1;
	r = getaddrinfo(host, port, &hints, &ai);
	if (r != 0) {
		err_set(
		    e, ERR_FAILED, "listen on %s: %s", where, gai_strerror(r));
		goto out;
	}
	fd = socket(
	    ai->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd != -1)
		set_tcp(fd);
	if (fd == -1 || bind(fd, ai->ai_addr, ai->ai_addrlen) == -1 ||
	    listen(fd, BACKLOG) == -1) {
		err_set(
		    e, ERR_FAILED, "listen on %s: %s", where, strerror(errno));
		if (fd != -1)
			close(fd);
		fd = -1;
	}
	freeaddrinfo(ai);
out:
	x_free(host);
	return fd;
}

/* Is a server behind the socket file? A stale one refuses. */
static bool
unix_is_served(const struct sockaddr_un *un)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool served;

	served = fd != -1 &&
	    connect(fd, (const struct sockaddr *)un, sizeof(*un)) == 0;
	if (fd != -1)
		close(fd);
	return served;
}

static int
unix_bind(int fd, const char *path, struct err *e)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	struct stat st;

	if (strlen(path) >= sizeof(un.sun_path))
		return err_set(e, ERR_INVALID,
		    "listen on unix:%s: the path is longer than %zu bytes",
		    path, sizeof(un.sun_path) - 1);
	memcpy(un.sun_path, path, strlen(path));
	if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode)) {
		if (unix_is_served(&un))
			return err_set(e, ERR_CONFLICT,
			    "listen on unix:%s: another server is there", path);
		unlink(path);
	}
	if (bind(fd, (struct sockaddr *)&un, sizeof(un)) == -1 ||
	    chmod(path, 0666) == -1 || listen(fd, BACKLOG) == -1)
		return err_set(e, ERR_FAILED, "listen on unix:%s: %s", path,
		    strerror(errno));
	return 0;
}

static int
unix_socket(const char *path, struct err *e)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd == -1)
		return err_set(e, ERR_FAILED, "listen on unix:%s: %s", path,
		    strerror(errno));
	if (unix_bind(fd, path, e) == 0)
		return fd;
	close(fd);
	return -1;
}

static char *
url_of(const struct listener *l)
{
	struct sockaddr_storage ss = {0};
	socklen_t len = sizeof(ss);
	char host[INET6_ADDRSTRLEN], port[8];

	if (l->path != NULL)
		return x_sprintf("unix:%s", l->path);
	if (getsockname(l->fd, (struct sockaddr *)&ss, &len) == -1 ||
	    getnameinfo((struct sockaddr *)&ss, len, host, sizeof(host), port,
		sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return NULL;
	return x_sprintf(
	    ss.ss_family == AF_INET6 ? "%s://[%s]:%s" : "%s://%s:%s",
	    l->tls != NULL ? "https" : "http", host, port);
}

static struct listener *
listen_on(
    struct httpd *h, int fd, const char *where, struct httpd_tls *tls, int tag)
{
	struct listener *l = listener_new(h, fd);

	l->tag = tag;
	l->tls = tls;
	if (strncmp(where, "unix:", 5) == 0)
		l->path = x_strdup(where + 5);
	event_add(l->ev, NULL);
	return l;
}

void
httpd_listen_on(struct httpd *h, int fd, const char *where,
    struct httpd_tls *tls, int tag, char **url)
{
	struct listener *l;

	if (strncmp(where, "unix:", 5) != 0)
		set_tcp(fd);
	l = listen_on(h, fd, where, tls, tag);
	if (url != NULL)
		*url = url_of(l);
}

int
httpd_listen(struct httpd *h, const char *where, struct httpd_tls *tls, int tag,
    char **url, struct err *e)
{
	bool is_unix = strncmp(where, "unix:", 5) == 0;
	struct listener *l;
	struct stat st;
	int fd;

	fd = is_unix ? unix_socket(where + 5, e) : tcp_socket(where, e);
	if (fd == -1)
		return -1;
	l = listen_on(h, fd, where, tls, tag);
	if (is_unix && lstat(l->path, &st) == 0) {
		l->dev = st.st_dev;
		l->ino = st.st_ino;
	}
	if (url != NULL)
		*url = url_of(l);
	return 0;
}
