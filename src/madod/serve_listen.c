/*
 * Where a desk listens, and with which certificate. Called by serve.c, once.
 */
#include <string.h>
#include <sys/stat.h>

#include <mado/log.h>
#include <mado/service.h>

#include "api.h"
#include "serve.h"
#include "serve_listen.h"

static int
serve_tls(struct madod *m, struct err *e)
{
	const struct config *c = m->config;
	char *cert, *key;

	if (c->tls == TLS_OFF)
		return 0;
	if (c->tls == TLS_FILES) {
		m->tls = httpd_tls_new(c->tls_cert, c->tls_key, e);
		return m->tls != NULL ? 0 : -1;
	}
	cert = serve_path(c, "tls.crt");
	key = serve_path(c, "tls.key");
	if (httpd_tls_self_signed(cert, key, "madod", e) == 0)
		m->tls = httpd_tls_new(cert, key, e);
	x_free(cert);
	x_free(key);
	return m->tls != NULL ? 0 : -1;
}

static bool
serve_is_local(const char *where)
{
	return strncmp(where, "unix:", 5) == 0 ||
	    strncmp(where, "127.", 4) == 0 ||
	    strncmp(where, "localhost:", 10) == 0 ||
	    strncmp(where, "[::1]:", 6) == 0;
}

/* On the socket that the service manager keeps there, or one of our own. */
static int
serve_listen_at(
    struct madod *m, const char *where, int tag, char **url, struct err *e)
{
	bool is_unix = strncmp(where, "unix:", 5) == 0;
	struct httpd_tls *tls = is_unix ? NULL : m->tls;
	int fd = service_socket(where);

	if (fd == -1)
		return httpd_listen(m->httpd, where, tls, tag, url, e);
	m->keeps_sockets = true;
	httpd_listen_on(m->httpd, fd, where, tls, tag, url);
	return 0;
}

static int
serve_listen(struct madod *m, const struct conf_list *l, int tag, struct err *e)
{
	char *url;
	size_t i;

	for (i = 0; i < l->n; i++) {
		if (m->tls == NULL && !serve_is_local(l->v[i]))
			return err_set(e, ERR_INVALID,
			    "listen = %s: without "
			    "TLS only loopback and unix sockets are possible",
			    l->v[i]);
		if (serve_listen_at(m, l->v[i], tag, &url, e) == -1)
			return err_prefix(e, "listen = %s", l->v[i]);
		if (m->url == NULL && tag == LISTEN_API)
			m->url = url;
		else
			x_free(url);
	}
	return 0;
}

int
serve_listeners(struct madod *m, bool public, struct err *e)
{
	struct httpd_opts o = {.body_max_b = 8 << 20,
	    .trusted_proxies = (const char *const *)m->proxies,
	    .on_request = route_request,
	    .on_head = route_head,
	    .arg = m};
	char *sock = serve_path(m->config, "madod.sock"), *where;
	int rv, spare;

	m->httpd = httpd_new(m->loop, &o);
	where = x_sprintf("unix:%s", sock);
	rv = httpd_listen(m->httpd, where, NULL, LISTEN_ADMIN, NULL, e);
	if (rv == 0)
		chmod(sock, 0600);
	if (rv == 0 && public &&
	    (serve_tls(m, e) == -1 ||
		serve_listen(m, &m->config->listen, LISTEN_API, e) == -1 ||
		serve_listen(m, &m->config->webhook_listen, LISTEN_PUBLIC, e) ==
		    -1))
		rv = -1;
	if (rv == 0 && public && (spare = service_sockets_close()) > 0)
		log_warn("%d socket%s of the service manager belong%s to no "
			 "listen of the config: unused",
		    spare, spare == 1 ? "" : "s", spare == 1 ? "s" : "");
	x_free(where);
	x_free(sock);
	return rv;
}
