/* Looking at the outside: see probe.h. */
#include <errno.h>
#include <fcntl.h>
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <mado/fetch.h>
#include <mado/mem.h>
#include <mado/when.h>

#include "probe.h"

enum { PORT_WAIT_MS = 5000, HTTPS_PORT = 443, HTTP_PORT = 80 };

char *
probe_host(const char *url, int *port)
{
	const char *host = strstr(url, "://") + 3;
	size_t n = strcspn(host, ":/");

	*port = strncmp(url, "https:", 6) == 0 ? HTTPS_PORT : HTTP_PORT;
	if (host[0] == '[') {
		n = strcspn(host, "]");
		if (host[n] == ']' && host[n + 1] == ':')
			*port = atoi(host + n + 2);
		return x_strndup(host + 1, n - 1);
	}
	if (host[n] == ':')
		*port = atoi(host + n + 1);
	return x_strndup(host, n);
}

static const void *
addr_bytes(const struct sockaddr *sa, size_t *n)
{
	*n = sa->sa_family == AF_INET ? 4 : 16;
	return sa->sa_family == AF_INET
	    ? (const void *)&((const struct sockaddr_in *)sa)->sin_addr
	    : (const void *)&((const struct sockaddr_in6 *)sa)->sin6_addr;
}

/* Of the internet, not of a home, an office or this machine alone. */
static bool
addr_is_public(const struct sockaddr *sa)
{
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)sa;
	uint32_t a;

	if (sa->sa_family == AF_INET6)
		return (v6->sin6_addr.s6_addr[0] & 0xe0) == 0x20;
	a = ntohl(((const struct sockaddr_in *)sa)->sin_addr.s_addr);
	return a >> 24 != 10 && a >> 24 != 127 && a >> 24 != 0 &&
	    a >> 20 != (172 << 4 | 1) && a >> 16 != (192 << 8 | 168) &&
	    a >> 16 != (169 << 8 | 254) && a >> 22 != (100 << 2 | 1);
}

/* Is it one of this machine's? any gets whether that has public ones. */
static bool
addr_is_ours(const struct sockaddr *sa, bool *any)
{
	struct ifaddrs *all = NULL, *i;
	size_t n, m;
	const void *want = addr_bytes(sa, &n), *have;
	bool ours = false;

	if (getifaddrs(&all) == -1)
		return false;
	for (i = all; i != NULL; i = i->ifa_next) {
		if (i->ifa_addr == NULL ||
		    (i->ifa_addr->sa_family != AF_INET &&
			i->ifa_addr->sa_family != AF_INET6))
			continue;
		have = addr_bytes(i->ifa_addr, &m);
		ours = ours || (n == m && memcmp(want, have, n) == 0);
		*any = *any || addr_is_public(i->ifa_addr);
	}
	freeifaddrs(all);
	return ours;
}

int
probe_dns(const char *host, struct buf *text, struct err *e)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *ai = NULL, *a;
	bool ours = false, any = false;
	char name[INET6_ADDRSTRLEN];
	size_t n;

	if (getaddrinfo(host, NULL, &hints, &ai) != 0)
		return err_set(e, ERR_NOTFOUND,
		    "the name %s has no address: add an A record for it where "
		    "its domain is kept, then try again",
		    host);
	buf_printf(text, "%s is", host);
	for (a = ai; a != NULL; a = a->ai_next) {
		inet_ntop(a->ai_family, addr_bytes(a->ai_addr, &n), name,
		    sizeof(name));
		buf_printf(text, "%s %s", a == ai ? "" : ",", name);
		ours = addr_is_ours(a->ai_addr, &any) || ours;
	}
	freeaddrinfo(ai);
	if (!ours && any)
		return err_set(e, ERR_CONFLICT,
		    "%s, which is another machine: change its A record, or "
		    "say --https own if a proxy there leads here",
		    text->p);
	buf_puts(text,
	    ours ? ", this machine"
		 : "; this machine has private addresses only, so a router "
		   "must lead that one here");
	return 0;
}

/* 0, or errno. */
static int
port_try(const struct addrinfo *a)
{
	int fd = socket(
		a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0),
	    rv = 0;
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	socklen_t n = sizeof(rv);

	if (fd == -1)
		return errno;
	if (connect(fd, a->ai_addr, a->ai_addrlen) == -1) {
		rv = errno;
		if (rv == EINPROGRESS && poll(&p, 1, PORT_WAIT_MS) == 0)
			rv = ETIMEDOUT;
		else if (rv == EINPROGRESS)
			getsockopt(fd, SOL_SOCKET, SO_ERROR, &rv, &n);
	}
	close(fd);
	return rv;
}

bool
probe_port(const char *host, int port, struct buf *text)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *ai = NULL;
	int rv = EHOSTUNREACH;

	if (getaddrinfo(host, NULL, &hints, &ai) == 0) {
		if (ai->ai_family == AF_INET)
			((struct sockaddr_in *)ai->ai_addr)->sin_port =
			    htons((uint16_t)port);
		else
			((struct sockaddr_in6 *)ai->ai_addr)->sin6_port =
			    htons((uint16_t)port);
		rv = port_try(ai);
		freeaddrinfo(ai);
	}
	if (rv == 0)
		buf_printf(text, "port %d of %s answers from here", port, host);
	else if (rv == ECONNREFUSED)
		buf_printf(text,
		    "port %d of %s is closed: nothing listens there yet", port,
		    host);
	else
		buf_printf(text,
		    "port %d of %s does not answer from here (%s): a firewall "
		    "or a router may be in the way",
		    port, host, strerror(rv));
	return rv == 0;
}

int64_t
probe_days(int64_t until_ms, int64_t now_ms)
{
	int64_t left = until_ms - now_ms, day = 86400 * 1000;

	return left / day - (left % day < 0);
}

int
probe_cert_days(const char *path, int64_t *days, struct err *e)
{
	struct buf pem = {0};
	int64_t until;
	int rv = buf_read_file(&pem, path, 1 << 20, e);

	if (rv == 0 && (until = fetch_cert_until(pem.p)) == 0)
		rv = err_set(e, ERR_INVALID, "%s holds no certificate", path);
	else if (rv == 0)
		*days = probe_days(until, when_now_ms());
	buf_free(&pem);
	return rv;
}

bool
probe_disk(const char *dir, int64_t *free_b, int *free_percent)
{
	struct statvfs v;

	if (statvfs(dir, &v) == -1 || v.f_blocks == 0)
		return false;
	*free_b = (int64_t)(v.f_bavail * v.f_frsize);
	*free_percent = (int)(v.f_bavail * 100 / v.f_blocks);
	return true;
}
