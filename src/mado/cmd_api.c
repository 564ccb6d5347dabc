/*
 * api: the desk's interface as it is, for what no verb does yet. JSON in and
 * out; the sign-in, the server's key and the exit codes are those of any verb.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <mado/mem.h>

#include "cli.h"
#include "cli_out.h"
#include "i18n.h"

struct raw {
	int rc;
	struct err *e;
};

static void
print_bytes(struct raw *r, const struct desk_answer *a)
{
	if (out_is_tty()) {
		r->rc = err_set(r->e, ERR_INVALID,
		    _("this is no text; send it to a file: > FILE"));
		return;
	}
	if (fwrite(a->body, 1, a->body_n, stdout) != a->body_n)
		r->rc = out_flush(r->e);
}

/* A problem is printed too: its members may tell more than its sentence. */
static void
use_raw(const struct desk_answer *a, void *arg)
{
	struct raw *r = arg;

	if (a->json != NULL)
		r->rc = out_json(a->json, r->e);
	else if (a->err.code == ERR_NONE && a->body_n > 0)
		print_bytes(r, a);
}

static int
read_body(const char *word, cJSON **args, struct err *e)
{
	char *typed = strcmp(word, "-") == 0 ? cli_stdin(e) : x_strdup(word);

	if (typed == NULL)
		return -1;
	*args = json_parse(typed, strlen(typed), e);
	x_free(typed);
	return *args == NULL ? -1 : 0;
}

/* GET, also as get. */
static char *
method(struct arena *a, const char *word)
{
	char *m = arena_strdup(a, word);

	for (char *p = m; *p != '\0'; p++)
		*p = (char)toupper((unsigned char)*p);
	return m;
}

static bool
is_path(const char *s)
{
	for (const char *p = s; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f || *p == '#')
			return false;
	return *s == '/';
}

int
cmd_api(struct cli *c, int argc, char **argv, struct err *e)
{
	struct raw r = {.e = e};
	struct desk_call call = {.op = DESK_RAW};
	cJSON *args = NULL;
	int rc;

	if (cli_options(c, NULL, &argc, argv, e) == -1 ||
	    cli_want(c, argc, 2, 3, e) == -1)
		return -1;
	if (strspn(argv[1],
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvw"
		"xyz") != strlen(argv[1]))
		return err_set(e, ERR_INVALID,
		    _("%s is no method; say GET, POST, PUT or "
		      "DELETE"),
		    argv[1]);
	if (!is_path(argv[2]))
		return err_set(e, ERR_INVALID,
		    _("%s is no path; say one of GET /v1/openapi.json"),
		    argv[2]);
	if (argc == 4 && read_body(argv[3], &args, e) == -1)
		return -1;
	call.method = method(c->arena, argv[1]);
	call.path = argv[2];
	call.args = args;
	rc = cli_ask(c, &call, use_raw, &r, e);
	cJSON_Delete(args);
	return rc == 0 ? r.rc : rc;
}
