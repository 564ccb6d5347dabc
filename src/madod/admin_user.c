/*
 * The subcommands about accounts. Called by admin.c's table.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <mado/buf.h>
#include <mado/json.h>

#include "admin.h"
#include "admin_sub.h"
#include "serve.h"

/* Its newline, also as Windows writes it; mado does the same. */
static void
admin_chomp(char *line)
{
	size_t n = strcspn(line, "\n");

	if (line[n] == '\n' && n > 0 && line[n - 1] == '\r')
		n--;
	line[n] = '\0';
}

/* The first line of standard input; asked for on a terminal, unseen. */
static int
admin_password(char **out, struct err *e)
{
	struct termios old, quiet;
	char line[1100];
	bool tty = tcgetattr(STDIN_FILENO, &old) == 0;
	bool got;

	if (tty) {
		quiet = old;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		fputs("Password: ", stderr);
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	}
	got = fgets(line, sizeof(line), stdin) != NULL;
	if (tty) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &old);
		fputc('\n', stderr);
	}
	if (!got)
		return err_set(e, ERR_INVALID, "no password on standard input");
	admin_chomp(line);
	*out = x_strdup(line);
	explicit_bzero(line, sizeof(line));
	return 0;
}

int
admin_user_add(struct admin *d, int argc, char **argv, struct err *e)
{
	const char *role = admin_opt(&argc, argv, "--role", true),
		   *display = admin_opt(&argc, argv, "--display", true);
	bool ask = admin_opt(&argc, argv, "--password-stdin", false) != NULL;
	cJSON *o = cJSON_CreateObject();
	char *password = NULL;
	int rv = -1;

	if (admin_words(argc, 1, "user add", e) == -1)
		goto out;
	if (role == NULL) {
		err_set(e, ERR_INVALID,
		    "user add needs --role viewer, agent, "
		    "supervisor or admin");
		goto out;
	}
	if ((ask || isatty(STDIN_FILENO)) && admin_password(&password, e) == -1)
		goto out;
	cJSON_AddStringToObject(o, "name", argv[0]);
	cJSON_AddStringToObject(o, "role", role);
	if (display != NULL)
		cJSON_AddStringToObject(o, "display", display);
	if (password != NULL)
		cJSON_AddStringToObject(o, "password", password);
	rv = admin_call(d, "POST", "/v1/users", o, e);
	o = NULL;
out:
	if (password != NULL)
		explicit_bzero(password, strlen(password));
	x_free(password);
	cJSON_Delete(o);
	return rv;
}

int
admin_user_list(struct admin *d, int argc, char **argv, struct err *e)
{
	const cJSON *it;

	(void)argv;
	if (admin_words(argc, 0, "user list", e) == -1 ||
	    admin_call(d, "GET", "/v1/users", NULL, e) == -1)
		return -1;
	cJSON_ArrayForEach(it, json_arr(d->json, "agents"))
	    printf("%-20s %-11s %s%s\n", json_str(it, "name", ""),
		json_str(it, "role", ""), json_str(it, "display", ""),
		json_bool(it, "disabled", false) ? " (disabled)" : "");
	return 0;
}

/* POST /v1/users/NAME/WHAT */
static int
admin_user(struct admin *d, const char *name, const char *what, cJSON *args,
    struct err *e)
{
	struct buf path = {0};
	int rv;

	buf_puts(&path, "/v1/users/");
	fetch_escape(&path, name);
	buf_printf(&path, "/%s", what);
	rv = admin_call(d, "POST", path.p, args, e);
	buf_free(&path);
	return rv;
}

int
admin_user_passwd(struct admin *d, int argc, char **argv, struct err *e)
{
	cJSON *o = cJSON_CreateObject();
	char *password = NULL;

	admin_opt(&argc, argv, "--password-stdin", false);
	if (admin_words(argc, 1, "user passwd", e) == -1 ||
	    admin_password(&password, e) == -1) {
		cJSON_Delete(o);
		return -1;
	}
	cJSON_AddStringToObject(o, "password", password);
	explicit_bzero(password, strlen(password));
	x_free(password);
	return admin_user(d, argv[0], "passwd", o, e);
}

int
admin_user_role(struct admin *d, int argc, char **argv, struct err *e)
{
	cJSON *o;

	if (admin_words(argc, 2, "user role", e) == -1)
		return -1;
	o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "role", argv[1]);
	return admin_user(d, argv[0], "role", o, e);
}

int
admin_user_disable(struct admin *d, int argc, char **argv, struct err *e)
{
	return admin_words(argc, 1, "user disable", e) == -1
	    ? -1
	    : admin_user(d, argv[0], "disable", NULL, e);
}

int
admin_user_enable(struct admin *d, int argc, char **argv, struct err *e)
{
	return admin_words(argc, 1, "user enable", e) == -1
	    ? -1
	    : admin_user(d, argv[0], "enable", NULL, e);
}

int
admin_sign_out(struct admin *d, int argc, char **argv, struct err *e)
{
	return admin_words(argc, 1, "sign-out", e) == -1
	    ? -1
	    : admin_user(d, argv[0], "sign-out", NULL, e);
}

/* By which address colleagues reach the desk: as they were told, as customers
 * are, or where it listens; NULL when that is no address. */
static char *
desk_url(const struct config *c, const char *url)
{
	const char *where = c->listen.v[0];

	if (url != NULL || c->public_url != NULL)
		return x_strdup(url != NULL ? url : c->public_url);
	if (strncmp(where, "unix:", 5) == 0)
		return x_strdup(where);
	if (strcmp(where + strlen(where) - 2, ":0") == 0)
		return NULL;
	return x_sprintf(
	    "%s://%s", c->tls == TLS_OFF ? "http" : "https", where);
}

char *
admin_join_line(const struct config *c, const char *url, const char *code)
{
	char *at = desk_url(c, url), *cert = serve_path(c, "tls.crt");
	char pin[FETCH_PIN_B] = "", *line;
	struct buf pem = {0};

	/* nobody else vouches for a certificate of our own */
	if (c->tls == TLS_AUTO && c->public_url == NULL &&
	    buf_read_file(&pem, cert, 1 << 20, NULL) == 0)
		fetch_pin_of(pem.p, pin);
	line = x_sprintf("mado join %s %s%s%s",
	    at != NULL ? at : "https://THIS-DESK", code,
	    pin[0] != '\0' ? " --pin " : "", pin);
	buf_free(&pem);
	x_free(cert);
	x_free(at);
	return line;
}

int
admin_invite(struct admin *d, const char *name, const char *hours,
    const char **code, struct err *e)
{
	cJSON *o = cJSON_CreateObject();

	if (hours != NULL)
		cJSON_AddNumberToObject(o, "hours", atoi(hours));
	if (admin_user(d, name, "invite", o, e) == -1)
		return -1;
	*code = json_str(json_obj(d->json, "invite"), "code", "");
	return 0;
}

int
admin_user_invite(struct admin *d, int argc, char **argv, struct err *e)
{
	const char *hours = admin_opt(&argc, argv, "--hours", true),
		   *url = admin_opt(&argc, argv, "--url", true), *code;
	char *line;

	if (admin_words(argc, 1, "user invite", e) == -1 ||
	    admin_invite(d, argv[0], hours, &code, e) == -1)
		return -1;
	line = admin_join_line(d->config, url, code);
	puts(line);
	x_free(line);
	return 0;
}
