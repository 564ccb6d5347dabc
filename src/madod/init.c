/*
 * madod init: the order of its steps. See init.h.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mado/buf.h>
#include <mado/mem.h>

#include "init.h"
#include "probe.h"

/* As an absolute path: units and later runs name it. */
static char *
whole_path(const char *file)
{
	char cwd[PATH_MAX];

	if (file[0] == '/' || getcwd(cwd, sizeof(cwd)) == NULL)
		return x_strdup(file);
	return x_sprintf("%s/%s", cwd, file);
}

/* Where madod listens, when nobody says: TLS ends at a proxy on this machine,
 * or here on its own port. */
static void
choose_listen(struct init *in)
{
	if (in->listen == NULL)
		in->listen = x_strdup(strcmp(in->https, "certbot") == 0
			? "0.0.0.0:443"
			: "127.0.0.1:7443");
}

static int
check_address(struct init *in, struct err *e)
{
	struct buf text = {0};
	int port, rv = 0;

	in->host = probe_host(in->url, &port);
	in->endpoint = x_sprintf("%s/line/%s/webhook", in->url, in->channel);
	if (strcmp(in->https, "tunnel") == 0) {
		printf("     %s: its name is made by the tunnel\n", in->host);
		return 0;
	}
	rv = probe_dns(in->host, &text, e);
	if (rv == -1 && e->code == ERR_CONFLICT &&
	    strcmp(in->https, "own") == 0) {
		err_clear(e);
		rv = 0;
	}
	if (rv == 0)
		printf("ok   %s\n", text.p);
	buf_reset(&text);
	if (rv == 0)
		printf("%s %s\n",
		    probe_port(in->host, port, &text) ? "ok  " : "    ",
		    text.p);
	buf_free(&text);
	return rv;
}

/* What of HTTPS is left to a person. */
static void
say_https(const struct init *in)
{
	char *dir =
	    x_strndup(in->file, (size_t)(strrchr(in->file, '/') - in->file));

	if (strcmp(in->https, "caddy") == 0)
		printf("HTTPS by Caddy, once, as root:\n"
		       "  apt install caddy\n"
		       "  echo 'import %s/Caddyfile' >>/etc/caddy/Caddyfile\n"
		       "  systemctl reload caddy\n",
		    dir);
	else if (strcmp(in->https, "certbot") == 0)
		printf("HTTPS by certbot, once, as root (port 80 must be free "
		       "for it):\n"
		       "  apt install certbot\n"
		       "  certbot certonly --standalone -d %s\n",
		    in->host);
	else if (strcmp(in->https, "tunnel") == 0)
		printf("HTTPS by a tunnel, once:\n"
		       "  cloudflared tunnel login\n"
		       "  cloudflared tunnel create madoguchi\n"
		       "  cloudflared tunnel route dns madoguchi %s\n"
		       "  cloudflared --config %s/cloudflared.yml service "
		       "install\n",
		    in->host, dir);
	x_free(dir);
}

static bool
has_certificate(const struct init *in)
{
	struct config *c = config_read(in->file, NULL);
	bool has = c != NULL &&
	    (c->tls != TLS_FILES || access(c->tls_cert, F_OK) == 0);

	config_free(c);
	return has;
}

/* Up to the files: nothing is written, and nothing set at LINE. */
static int
prepare(struct init *in, struct err *e)
{
	puts("LINE");
	if (init_line_check(in, e) == -1)
		return -1;
	puts("Address");
	if (check_address(in, e) == -1)
		return -1;
	puts("Files");
	return init_desk_user(in, e) == -1 ? -1 : init_files_write(in, e);
}

static int
begin(struct init *in, struct err *e)
{
	bool runs = false, root = geteuid() == 0 && in->root[0] == '\0';

	say_https(in);
	puts("Desk");
	if (has_certificate(in) && init_desk_start(in, &runs, e) == -1)
		return -1;
	if (init_desk_become(in, e) == -1 || init_desk_accounts(in, e) == -1)
		return -1;
	if (!runs) {
		printf("     %s:\n       %s%s%smadod -c %s\n     then say "
		       "madod init again: it goes on from here\n",
		    has_certificate(in) ? "the desk does not run; start it"
					: "get the certificate as above and "
					  "start the desk",
		    root ? "runuser -u " : "", root ? in->user : "",
		    root ? " -- " : "", in->file);
		return 0;
	}
	puts("Webhook");
	if (init_line_endpoint(in, e) == -1)
		return -1;
	init_line_clicks(in);
	init_line_cost(in);
	return init_desk_first(in, e);
}

int
init_main(const char *file, int argc, char **argv, struct err *e)
{
	char *path = whole_path(file);
	struct init in = {.file = path, .tty = isatty(STDIN_FILENO) == 1};
	int rv;

	setvbuf(stdout, NULL, _IOLBF, 0);
	rv = init_ask(&in, argc, argv, e);
	if (rv == 0) {
		choose_listen(&in);
		rv = prepare(&in, e);
	}
	if (rv == 0)
		rv = begin(&in, e);
	line_setup_free(in.setup);
	x_free(in.host);
	x_free(in.endpoint);
	x_free(in.basic_id);
	x_free(in.bot_id);
	init_ask_free(&in);
	x_free(path);
	return rv;
}
