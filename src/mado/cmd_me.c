/*
 * whoami, passwd: the account that is signed in.
 */
#include <string.h>

#include <mado/mem.h>

#include "cli.h"
#include "cli_out.h"
#include "i18n.h"

/* whoami */

struct me {
	struct cli *cli;
	struct err *e;
};

static void
use_me(const struct desk_answer *a, void *arg)
{
	struct me *m = arg;
	struct buf b = {0};
	const cJSON *agent = json_obj(a->json, "agent");

	if (a->err.code != ERR_NONE)
		return;
	store_set(m->cli->store, "me", a->body, NULL);
	if (m->cli->json) {
		out_json(a->json, m->e);
		return;
	}
	out_text(&b, json_str(agent, "name", ""));
	if (json_str(agent, "display", NULL) != NULL) {
		buf_puts(&b, " (");
		out_text(&b, json_str(agent, "display", ""));
		buf_puts(&b, ")");
	}
	buf_printf(&b, ", %s, ", json_str(agent, "role", ""));
	out_text(&b, json_str(a->json, "desk", ""));
	buf_printf(&b, " %s", m->cli->settings->url);
	out_line(&b, m->e);
	buf_free(&b);
}

int
cmd_whoami(struct cli *c, int argc, char **argv, struct err *e)
{
	struct desk_call call = {.op = DESK_ME};
	struct me m = {.cli = c, .e = e};

	if (cli_options(c, NULL, &argc, argv, e) == -1 ||
	    cli_want(c, argc, 0, 0, e) == -1)
		return -1;
	return cli_ask(c, &call, use_me, &m, e);
}

/* passwd */

int
cmd_passwd(struct cli *c, int argc, char **argv, struct err *e)
{
	bool from_stdin = false;
	const struct cli_opt opts[] = {
	    {"--password-stdin", OPT_FLAG, &from_stdin},
	    {NULL, OPT_FLAG, NULL}};
	struct desk_call call = {.op = DESK_PASSWORD};
	char *old = NULL, *new = NULL;
	cJSON *args;
	int rc = -1;

	if (cli_options(c, opts, &argc, argv, e) == -1 ||
	    cli_want(c, argc, 0, 0, e) == -1 || cli_desk(c, e) == -1)
		return -1;
	old = cli_secret(_("Old password"), from_stdin, e);
	if (old == NULL || (new = cli_new_password(from_stdin, e)) == NULL)
		goto out;
	args = cJSON_CreateObject();
	cJSON_AddStringToObject(args, "old", old);
	cJSON_AddStringToObject(args, "new", new);
	call.args = args;
	rc = cli_ask(c, &call, NULL, NULL, e);
	cJSON_Delete(args);
out:
	cli_secret_free(old);
	cli_secret_free(new);
	return rc;
}
