/*
 * What the values of madod.conf must look like beyond their type: one row a
 * key. A value that would only show its fault later, or never (an empty
 * channel secret lets anybody sign), is refused with its line. Called by
 * config.c.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mado/mem.h>

#include "config.h"

enum { PORT_MAX = 65535, PORT_DIGITS_MAX = 5 };

static bool
is_set(const char *v)
{
	return *v != '\0';
}

static bool
is_port(const char *s)
{
	size_t n = strlen(s);

	return n > 0 && n <= PORT_DIGITS_MAX && strspn(s, "0123456789") == n &&
	    atoi(s) <= PORT_MAX;
}

static bool
is_number(const char *v)
{
	return *v != '\0' && strspn(v, "0123456789") == strlen(v);
}

static bool
is_listen(const char *v)
{
	const char *colon = strrchr(v, ':'), *v6 = strchr(v, ']');

	if (strncmp(v, "unix:", 5) == 0)
		return v[5] != '\0';
	if (colon == NULL || colon == v || !is_port(colon + 1))
		return false;
	if (*v == '[')
		return v6 != NULL && v6 + 1 == colon;
	return strchr(v, ':') == colon;
}

static bool
is_address(const char *v)
{
	unsigned char bytes[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, v, bytes) == 1 ||
	    inet_pton(AF_INET6, v, bytes) == 1;
}

static bool
is_url(const char *v)
{
	static const char *const schemes[] = {"https://", "http://", NULL};
	size_t n;

	for (int i = 0; schemes[i] != NULL; i++) {
		n = strlen(schemes[i]);
		if (strncmp(v, schemes[i], n) == 0)
			return v[n] != '\0' && strpbrk(v, " \t\"<>") == NULL;
	}
	return false;
}

/* The machine itself, by its number or its one sure name. */
static bool
is_here(const char *host)
{
	unsigned char v4[sizeof(struct in_addr)];

	if (inet_pton(AF_INET, host, v4) == 1)
		return v4[0] == 127;
	return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0;
}

bool
config_is_safe_url(const char *url)
{
	static const char plain[] = "http://";
	size_t n, host_n;
	bool here;
	char *host;

	if (strncmp(url, "https://", 8) == 0)
		return url[8] != '\0';
	if (strncmp(url, plain, strlen(plain)) != 0)
		return false;
	url += strlen(plain);
	n = strcspn(url, "/?#");
	host_n = *url == '[' ? strcspn(url, "]") + 1 : strcspn(url, ":/?#");
	if (host_n > n)
		return false;
	host = x_strndup(url, n);
	here =
	    host_n == n || (host[host_n] == ':' && is_port(host + host_n + 1));
	host[host_n] = '\0';
	here = here && is_here(host);
	x_free(host);
	return here;
}

/* The C library takes a name that it does not know for UTC. Where the system
 * has no zones at all, nothing can be said. */
static bool
is_timezone(const char *v)
{
	const char *dir = getenv("TZDIR");
	char *path;
	bool found;

	if (dir == NULL || *dir == '\0')
		dir = "/usr/share/zoneinfo";
	if (strcmp(v, "UTC") == 0 || access(dir, R_OK) == -1)
		return true;
	if (*v == '\0' || *v == '/' || strstr(v, "..") != NULL)
		return false;
	path = x_sprintf("%s/%s", dir, v);
	found = access(path, R_OK) == 0;
	x_free(path);
	return found;
}

static bool
is_store(const char *v)
{
	return strncmp(v, "sqlite:", 7) == 0 && v[7] != '\0';
}

static const struct {
	const char *section, *key;
	bool (*fits)(const char *value);
	const char *what;
} rows[] = {
    {"server", "listen", is_listen, "host:port, [v6]:port or unix:PATH"},
    {"server", "webhook_listen", is_listen, "host:port or [v6]:port"},
    {"server", "trusted_proxy", is_address, "an IP address"},
    {"server", "public_url", is_url, "an https:// address"},
    {"server", "timezone", is_timezone, "a zone such as Asia/Tokyo"},
    {"server", "store", is_store,
	"sqlite:FILE; postgresql:// is not possible in this version"},
    {"server", "state_dir", is_set, "a folder"},
    {"line", "channel_secret", is_set, "LINE's channel secret, not empty"},
    {"line", "channel_id", is_number, "a number, as the console shows it"},
    {"line", "channel_access_token", is_set, "LINE's token, not empty"},
    {"line", "api_base", is_url, "an https:// address"},
    {"line", "data_base", is_url, "an https:// address"},
    {"bot", "model", is_set, "the model's name"},
};

static int
check(const struct conf *f, const struct conf_item *it, struct err *e)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].section, it->section) == 0 &&
		    strcmp(rows[i].key, it->key) == 0 &&
		    !rows[i].fits(it->value))
			return conf_error(f, it, e, "\"%s\" must be %s",
			    it->key, rows[i].what);
	return 0;
}

int
config_check_values(const struct conf *f, struct err *e)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->items[i].key != NULL && check(f, &f->items[i], e) == -1)
			return -1;
	return 0;
}
