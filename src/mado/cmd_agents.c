/*
 * agents: who works at the desk.
 */
#include <string.h>

#include <mado/mem.h>

#include "cli.h"
#include "cli_out.h"
#include "i18n.h"

enum { NAME_COLS = 16, ROLE_COLS = 10, STATE_COLS = 8 };

struct agent_list {
	struct cli *cli;
	bool quiet; /* names only */
	int rc;
	struct err *e;
};

static int
print_agent(struct agent_list *l, const struct agent *g, const cJSON *row)
{
	struct buf b = {0};
	int rc;

	if (l->cli->json)
		return out_json(row, l->e);
	if (l->quiet) {
		out_text(&b, g->name);
	} else {
		out_cell(&b, g->name, NAME_COLS);
		out_cell(&b, g->role < 0 ? "" : role_names[g->role], ROLE_COLS);
		out_cell(&b, g->disabled ? _("disabled") : "", STATE_COLS);
		out_rest(&b, g->display);
	}
	rc = out_line(&b, l->e);
	buf_free(&b);
	return rc;
}

static void
use_agents(const struct desk_answer *a, void *arg)
{
	struct agent_list *l = arg;
	const cJSON *rows = json_arr(a->json, "agents"), *row;
	size_t i = 0;

	cJSON_ArrayForEach(row, rows)
	{
		if (l->rc == 0)
			l->rc = print_agent(l, a->agents[i++], row);
	}
}

int
cmd_agents(struct cli *c, int argc, char **argv, struct err *e)
{
	struct agent_list l = {.cli = c, .e = e};
	struct desk_call call = {.op = DESK_AGENTS};
	const struct cli_opt opts[] = {
	    {"-q", OPT_FLAG, &l.quiet}, {NULL, OPT_FLAG, NULL}};

	if (cli_options(c, opts, &argc, argv, e) == -1 ||
	    cli_want(c, argc, 0, 0, e) == -1)
		return -1;
	if (cli_ask(c, &call, use_agents, &l, e) == -1)
		return -1;
	return l.rc;
}
