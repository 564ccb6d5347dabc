/*
 * Which addresses a desk may have: https, plain http to this machine only,
 * and unix sockets. One place, so that no password ever leaves in the clear.
 */
#include <string.h>
#include <strings.h>

#include <mado/mem.h>

#include "desk_url.h"
#include "i18n.h"

/* host, host:port or [v6]:port is this machine. */
static bool
is_loopback(const char *host)
{
	static const char *const names[] = {"localhost", "[::1]", NULL};
	size_t n = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");

	for (int i = 0; names[i] != NULL; i++)
		if (strlen(names[i]) == n &&
		    strncasecmp(host, names[i], n) == 0)
			return true;
	/* 127.0.0.0/8 as digits only: 127.example.org is somebody else. */
	return strncmp(host, "127.", 4) == 0 &&
	    strspn(host, "0123456789.") == n;
}

/* scheme://host[:port] and a final slash at most. */
static const char *
host_of(const char *url, const char *scheme)
{
	size_t n = strlen(scheme);
	const char *host = url + n;

	if (strncmp(url, scheme, n) != 0 || *host == '\0')
		return NULL;
	n = strcspn(host, "/");
	if (strcspn(host, "@?#% \t\r\n") < n || n == 0)
		return NULL;
	return host[n] == '\0' || host[n + 1] == '\0' ? host : NULL;
}

static int
take_base(struct desk_url *u, const char *url)
{
	size_t n = strlen(url);

	u->base = x_strndup(url, url[n - 1] == '/' ? n - 1 : n);
	return 0;
}

int
desk_url_parse(struct desk_url *u, const char *url, struct err *e)
{
	const char *host;

	memset(u, 0, sizeof(*u));
	if (strncmp(url, "unix:", 5) == 0 && url[5] != '\0') {
		u->unix_path = x_strdup(url + 5);
		u->base = x_strdup("http://localhost");
		return 0;
	}
	if (host_of(url, "https://") != NULL)
		return take_base(u, url);
	host = host_of(url, "http://");
	if (host != NULL && is_loopback(host))
		return take_base(u, url);
	if (host != NULL)
		return err_set(e, ERR_INVALID,
		    _("%s: plain http is for this machine only; use https"),
		    url);
	return err_set(e, ERR_INVALID,
	    _("%s: the desk's address is https://HOST:PORT or unix:PATH"), url);
}

void
desk_url_free(struct desk_url *u)
{
	x_free(u->base);
	x_free(u->unix_path);
	memset(u, 0, sizeof(*u));
}
