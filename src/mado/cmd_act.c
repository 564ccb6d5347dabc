/*
 * The verbs that change conversations, one after the other for several
 * numbers, and claim. Words become JSON in verb.c.
 */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "cli_out.h"
#include "i18n.h"

struct act {
	struct cli *cli;
	bool quiet, print;
	int rc;
	struct err *e;
};

static void
use_conv(const struct desk_answer *a, void *arg)
{
	struct act *act = arg;

	if (a->err.code != ERR_NONE || a->n_convs == 0 || !act->print)
		return;
	act->rc = cli_print_conv(act->cli, a->convs[0],
	    json_obj(a->json, "conversation"), act->quiet, act->e);
}

static int
act_one(struct act *act, int64_t number, const cJSON *args, struct err *e)
{
	struct desk_call call = {.op = DESK_ACT,
	    .number = number,
	    .verb = act->cli->cmd->name,
	    .args = args};

	if (cli_ask(act->cli, &call, use_conv, act, e) == -1)
		return -1;
	return act->rc;
}

/* Each of several is tried; the first failure is the exit code. */
static int
act_all(struct act *act, const struct cli_numbers *v, const cJSON *args)
{
	struct err why, first = {0};

	for (size_t i = 0; i < v->n; i++) {
		err_clear(&why);
		if (act_one(act, v->v[i], args, &why) == 0)
			continue;
		if (act->rc == -1 || v->n == 1 || why.code == ERR_NET)
			return err_set(act->e, why.code, "%s", why.msg);
		out_warn("#%lld: %s", (long long)v->v[i], why.msg);
		if (first.code == ERR_NONE)
			first = why;
	}
	return first.code == ERR_NONE ? 0
				      : err_set(act->e, first.code, "%s", "");
}

/* Words that the verb must have, even if they look like a number. */
static int
spare_words(const char *verb)
{
	return strcmp(verb, "assign") == 0 || strcmp(verb, "snooze") == 0;
}

int
cmd_act(struct cli *c, int argc, char **argv, struct err *e)
{
	struct act act = {.cli = c, .e = e};
	struct cli_numbers v;
	cJSON *args;
	int rc;

	/* The store first: it knows the zone that "9:00" is in. */
	if (cli_options(c, NULL, &argc, argv, e) == -1 ||
	    cli_numbers(c, &argc, argv, spare_words(argv[0]), &v, e) == -1 ||
	    cli_store(c, e) == -1)
		return -1;
	args = verb_args(argv[0], argc - 1, argv + 1, e);
	if (args == NULL)
		return -1;
	act.print = c->json;
	rc = act_all(&act, &v, args);
	cJSON_Delete(args);
	return rc;
}

int
cmd_claim(struct cli *c, int argc, char **argv, struct err *e)
{
	struct act act = {.cli = c, .e = e, .print = true};
	const struct cli_opt opts[] = {
	    {"-q", OPT_FLAG, &act.quiet}, {NULL, OPT_FLAG, NULL}};

	if (cli_options(c, opts, &argc, argv, e) == -1 ||
	    cli_want(c, argc, 0, 0, e) == -1)
		return -1;
	return act_one(&act, 0, NULL, e);
}
