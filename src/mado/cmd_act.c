/*
 * The verbs that change conversations, one after the other for several
 * numbers, and claim. Words become JSON in verb.c.
 */
#include <stdio.h>
#include <string.h>

#include <mado/id.h>

#include "cli.h"
#include "cli_out.h"
#include "i18n.h"
#include "shell.h"

enum { NUMBER_B = 24 };

struct act {
	struct cli *cli;
	bool quiet, print;
	int64_t number; /* of the answer's conversation */
	int rc;
	struct err *e;
};

static void
use_conv(const struct desk_answer *a, void *arg)
{
	struct act *act = arg;

	if (a->err.code != ERR_NONE || a->n_convs == 0)
		return;
	act->number = a->convs[0]->number;
	if (!act->print)
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

	act->e = e;
	act->number = 0;
	if (cli_ask(act->cli, &call, use_conv, act, e) == -1)
		return -1;
	return act->rc;
}

static int
act_all(struct act *act, const struct cli_numbers *v, const cJSON *args,
    struct err *e)
{
	struct cli_many many = {.n = v->n};
	char name[NUMBER_B];
	struct err why;

	for (size_t i = 0; i < v->n && !many.over; i++) {
		err_clear(&why);
		snprintf(name, sizeof(name), "#%lld", (long long)v->v[i]);
		cli_many_add(
		    &many, name, act_one(act, v->v[i], args, &why), &why);
	}
	return cli_many_end(&many, e);
}

/* Words that the verb must have, even if they look like a number. */
static int
spare_words(const char *verb)
{
	return strcmp(verb, "assign") == 0 || strcmp(verb, "snooze") == 0;
}

/* --id: what reaches the customer does so once, however often it is asked
 * for. One message has it, so one conversation. */
static int
add_id(cJSON *args, const char *id, size_t n, struct err *e)
{
	if (id == NULL)
		return 0;
	if (!id_is_uuid(id))
		return err_set(
		    e, ERR_INVALID, _("--id takes a UUID, not %s"), id);
	if (n > 1)
		return err_set(e, ERR_INVALID,
		    _("--id is of one message, so say one number"));
	cJSON_AddStringToObject(args, "id", id);
	return 0;
}

int
cmd_act(struct cli *c, int argc, char **argv, struct err *e)
{
	struct act act = {.cli = c};
	bool no_survey = false;
	const char *id = NULL;
	struct cli_opt opts[] = {{"-q", OPT_FLAG, &act.quiet},
	    {NULL, OPT_STR, &id}, {NULL, OPT_FLAG, NULL}};
	struct cli_numbers v;
	cJSON *args;
	int rc;

	if (c->cmd->flags & CMD_CUSTOMER)
		opts[1].name = "--id";
	if (strcmp(argv[0], "resolve") == 0)
		opts[1] = (struct cli_opt){"--no-survey", OPT_FLAG, &no_survey};
	/* The store first: it knows the zone that "9:00" is in. */
	if (cli_options(c, opts, &argc, argv, e) == -1 ||
	    cli_numbers(c, &argc, argv, spare_words(argv[0]), &v, e) == -1 ||
	    cli_store(c, e) == -1)
		return -1;
	args = verb_args(argv[0], argc - 1, argv + 1, e);
	if (args == NULL || add_id(args, id, v.n, e) == -1) {
		cJSON_Delete(args);
		return -1;
	}
	if (no_survey)
		cJSON_AddFalseToObject(args, "survey");
	act.print = c->json || act.quiet;
	rc = act_all(&act, &v, args, e);
	cJSON_Delete(args);
	return rc;
}

int
cmd_claim(struct cli *c, int argc, char **argv, struct err *e)
{
	struct act act = {.cli = c, .print = true};
	const struct cli_opt opts[] = {
	    {"-q", OPT_FLAG, &act.quiet}, {NULL, OPT_FLAG, NULL}};

	if (cli_options(c, opts, &argc, argv, e) == -1 ||
	    cli_want(c, argc, 0, 0, e) == -1)
		return -1;
	if (c->shell == NULL)
		return act_one(&act, 0, NULL, e);
	act.print = false; /* the shell shows it */
	if (act_one(&act, 0, NULL, e) == -1)
		return -1;
	return shell_open(c->shell, act.number, e);
}
