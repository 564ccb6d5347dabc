/*
 * The service manager's side of a program: see service.h. Owns the sockets
 * that were given, until somebody asks for them.
 * Source: systemd, sd_listen_fds(3), sd_notify(3), sd_watchdog_enabled(3).
 */
#include <fcntl.h>
#include <netdb.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <mado/mem.h>
#include <mado/service.h>

enum { FIRST_FD = 3, FDS_MAX = 64 };
#define LONG_US (INT64_C(24) * 3600 * 1000 * 1000)

static int given[FDS_MAX];
static int given_n = -1; /* -1: not looked yet */

/* A variable that is meant for this process, and not for its children. */
static int64_t
take_number(const char *name)
{
	const char *s = getenv(name);
	int64_t n = s != NULL ? strtoll(s, NULL, 10) : 0;

	unsetenv(name);
	return n;
}

static void
given_find(void)
{
	int64_t pid = take_number("LISTEN_PID"), n = take_number("LISTEN_FDS");
	int i, fd;

	unsetenv("LISTEN_FDNAMES");
	given_n = 0;
	if (pid != getpid())
		return;
	for (i = 0; i < n && i < FDS_MAX; i++) {
		fd = FIRST_FD + i;
		if (fcntl(fd, F_SETFD, FD_CLOEXEC) == -1 ||
		    fcntl(fd, F_SETFL, O_NONBLOCK) == -1)
			continue;
		given[given_n++] = fd;
	}
}

/* Does the socket listen at that path, or one of those addresses? */
static bool
listens_at(int fd, const char *path, const struct addrinfo *ai)
{
	struct sockaddr_storage ss = {0};
	socklen_t n = sizeof(ss);

	if (getsockname(fd, (struct sockaddr *)&ss, &n) == -1)
		return false;
	if (path != NULL)
		return ss.ss_family == AF_UNIX &&
		    strcmp(((struct sockaddr_un *)&ss)->sun_path, path) == 0;
	for (; ai != NULL; ai = ai->ai_next)
		if (ai->ai_addrlen == n && memcmp(ai->ai_addr, &ss, n) == 0)
			return true;
	return false;
}

/* host:port or [v6]:port; NULL when it is neither. Caller frees. */
static struct addrinfo *
addresses(const char *where)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
	    .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
	struct addrinfo *ai = NULL;
	const char *colon = strrchr(where, ':');
	bool v6 = where[0] == '[';
	char *host;

	if (colon == NULL || colon == where || (v6 && colon[-1] != ']'))
		return NULL;
	host = x_strndup(
	    where + (v6 ? 1 : 0), (size_t)(colon - where) - (v6 ? 2 : 0));
	if (getaddrinfo(host, colon + 1, &hints, &ai) != 0)
		ai = NULL;
	x_free(host);
	return ai;
}

int
service_socket(const char *where)
{
	const char *path = strncmp(where, "unix:", 5) == 0 ? where + 5 : NULL;
	struct addrinfo *ai = NULL;
	int i, fd = -1;

	if (given_n == -1)
		given_find();
	if (given_n == 0)
		return -1;
	if (path == NULL)
		ai = addresses(where);
	for (i = 0; i < given_n && fd == -1; i++)
		if (listens_at(given[i], path, ai)) {
			fd = given[i];
			given[i] = given[--given_n];
		}
	if (ai != NULL)
		freeaddrinfo(ai);
	return fd;
}

int
service_sockets_close(void)
{
	int n = given_n > 0 ? given_n : 0;

	while (given_n > 0)
		close(given[--given_n]);
	return n;
}

void
service_notify(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	size_t n = path != NULL ? strlen(path) : 0;
	int fd;

	if (n < 2 || n >= sizeof(un.sun_path))
		return;
	memcpy(un.sun_path, path, n);
	if (path[0] == '@') /* Linux: a name in no folder */
		un.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return;
	/* nothing can be done about a manager that does not listen */
	(void)!sendto(fd, state, strlen(state), MSG_NOSIGNAL,
	    (struct sockaddr *)&un,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
	close(fd);
}

int64_t
service_watchdog_ms(void)
{
	const char *us = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");

	if (us == NULL || (pid != NULL && strtoll(pid, NULL, 10) != getpid()))
		return 0;
	return strtoll(us, NULL, 10) / 1000 / 2;
}

void
service_long(bool begins)
{
	int64_t us = service_watchdog_ms() * 2 * 1000;
	char *state;

	if (us == 0)
		return;
	state =
	    x_sprintf("WATCHDOG_USEC=%lld", (long long)(begins ? LONG_US : us));
	service_notify(state);
	x_free(state);
}
