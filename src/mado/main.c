/*
 * mado: the words after its name become one command of the table, or the
 * inbox. The edge: errors are printed here, once, and become exit codes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mado/buf.h>
#include <mado/crypto.h>
#include <mado/filter.h>
#include <mado/manual.h>
#include <mado/mem.h>

#include "cli.h"
#include "cli_out.h"
#include "hooks.h"
#include "i18n.h"
#include "picture.h"
#include "theme.h"
#include "ui.h"

/* Names that contract.md keeps free for later versions. */
static const char *const reserved[] = {"watch", "report", "call", NULL};

static void
print_help(void)
{
	printf(
	    "%s\n\n", _("usage: mado [--profile NAME] [--plain] [VERB ...]"));
	printf("%s\n\n",
	    _("Without a verb the inbox opens. N is a conversation's number; "
	      "several, or - for numbers on standard input, where it makes "
	      "sense."));
	for (const struct cmd *c = cmds; c->name != NULL; c++)
		if (c->flags & CMD_CLI)
			cli_print_cmd(c);
	printf("\n%s\n", _("mado VERB --help tells a verb's arguments."));
}

static const char *
key_table(unsigned panes)
{
	if (panes & KEYS_EMACS_ONLY)
		return "keys-emacs";
	if (panes & KEYS_VI_ONLY)
		return "keys-vi";
	if (panes == IN_ANY)
		return "keys-any";
	if (panes == IN_DESK)
		return "keys-desk";
	if (panes == IN_LIST || panes == IN_HISTORY)
		return panes == IN_LIST ? "keys-list" : "keys-history";
	return "keys-right";
}

static void
print_key(const struct key_row *k)
{
	char verb[32];
	size_t n = strcspn(k->command, " ");
	const struct cmd *c;
	int32_t seq[KEYS_SEQ_MAX];
	struct buf name = {0};

	snprintf(verb, sizeof(verb), "%.*s", (int)n, k->command);
	c = cmd_find(verb);
	keys_name(&name, seq, keys_parse(k->seq, seq, NULL));
	manual_row(key_table(k->panes), buf_str(&name), k->command,
	    c != NULL ? c->help : "", NULL);
	buf_free(&name);
}

/* What the manual's tables hold, for tests/mantables. */
static void
print_tables(void)
{
	for (const struct cmd *c = cmds; c->name != NULL; c++)
		manual_row(c->flags & CMD_CLI ? "commands" : "inbox", c->name,
		    c->args, c->help, NULL);
	for (const struct key_row *k = key_defaults; k->seq != NULL; k++)
		print_key(k);
	for (size_t i = 0; i < UI_ROLE_N; i++)
		manual_row(
		    "roles", theme_roles[i].name, theme_roles[i].help, NULL);
	manual_keys("madorc", settings_keys, "mado");
	manual_keys("hook", hooks_keys, "hook");
	for (const struct filter_field *f = filter_fields; f->name != NULL; f++)
		manual_row("filter", f->name, f->also, f->takes, f->help, NULL);
	manual_errors("errors");
}

static int
unknown(const char *name, struct err *e)
{
	const struct cmd *near = cmd_nearest(name);

	for (int i = 0; reserved[i] != NULL; i++)
		if (strcmp(reserved[i], name) == 0)
			return err_set(e, ERR_INVALID,
			    _("%s is not in this version yet"), name);
	if (near != NULL)
		return err_set(e, ERR_INVALID,
		    _("no verb %s; did you mean %s?"), name, near->name);
	return err_set(
	    e, ERR_INVALID, _("no verb %s; mado --help lists them"), name);
}

/* The inbox shows the token that the command line shows. */
static int
run_inbox(struct settings *s, struct err *e)
{
	struct cli c = {.settings = s, .arena = arena_new()};
	struct err why = {0};
	char *token = x_strdup(cli_token(&c, &why));

	arena_free(c.arena);
	if (why.code != ERR_NONE)
		return err_set(e, why.code, "%s", why.msg);
	if (s->token != NULL)
		explicit_bzero(s->token, strlen(s->token));
	x_free(s->token);
	s->token = token;
	return ui_main(s, e);
}

/* Where nothing can be drawn, or is wanted to be. */
static bool
wants_lines(bool plain)
{
	const char *term = getenv("TERM");

	return plain || term == NULL || strcmp(term, "dumb") == 0;
}

static int
run(struct settings *s, bool plain, int argc, char **argv, struct err *e)
{
	static char *shell[] = {"shell", NULL};
	const struct cmd *cmd;

	if (argc == 0 && wants_lines(plain))
		return cli_run(s, cmd_find(shell[0]), 1, shell, e);
	if (argc == 0)
		return run_inbox(s, e);
	cmd = cmd_find(argv[0]);
	if (cmd == NULL || !(cmd->flags & CMD_CLI))
		return unknown(argv[0], e);
	return cli_run(s, cmd, argc, argv, e);
}

struct globals {
	const char *profile;
	bool help, version, tables, plain, complete;
};

/* The options before the verb: how many words they are, or -1. */
static int
global_options(int argc, char **argv, struct globals *g, struct err *e)
{
	int i = 1;

	for (; i < argc && argv[i][0] == '-'; i++) {
		if (g->complete && i == argc - 1)
			break; /* it is to be completed */
		if (strcmp(argv[i], "--help") == 0)
			g->help = true;
		else if (strcmp(argv[i], "--version") == 0)
			g->version = true;
		else if (strcmp(argv[i], "--plain") == 0)
			g->plain = true;
		else if (strcmp(argv[i], "--complete") == 0)
			g->complete = true;
		else if (strcmp(argv[i], "--tables") == 0)
			g->tables = true;
		else if (strncmp(argv[i], "--profile=", 10) == 0)
			g->profile = argv[i] + 10;
		else if (strcmp(argv[i], "--profile") == 0 && i + 1 < argc)
			g->profile = argv[++i];
		else if (strcmp(argv[i], "--profile") == 0)
			return err_set(
			    e, ERR_INVALID, _("%s needs a value"), argv[i]);
		else
			return err_set(e, ERR_INVALID,
			    _("unknown option %s; mado --help lists what "
			      "there is"),
			    argv[i]);
	}
	return i;
}

static int
report(const struct err *e)
{
	if (e->code == ERR_NONE)
		return 0;
	if (e->msg[0] != '\0')
		out_warn("%s", e->msg);
	return err_exit_code(e->code);
}

static int
run_with_settings(const struct globals *g, int argc, char **argv, struct err *e)
{
	struct settings s;
	int rc = settings_read(&s, g->profile, e);

	if (rc == -1 && s.profile != NULL) { /* a bad madorc stops nobody */
		report(e);
		err_clear(e);
		rc = 0;
	}
	i18n_init(s.language);
	if (rc == 0)
		rc = g->complete ? cli_complete(&s, argc, argv)
				 : run(&s, g->plain, argc, argv, e);
	settings_free(&s);
	return rc;
}

int
main(int argc, char **argv)
{
	struct globals g = {0};
	struct err e = {0};
	int used;

	file_keep_stdio();
	if (argc == 2 && strcmp(argv[1], "--picture") == 0)
		return picture_main();

	i18n_init(NULL);
	crypto_init();
	used = global_options(argc, argv, &g, &e);
	if (used == -1)
		return report(&e);
	if (g.help)
		print_help();
	else if (g.version)
		printf("mado %s\n", MADO_VERSION);
	else if (g.tables)
		print_tables();
	else
		run_with_settings(&g, argc - used, argv + used, &e);
	return report(&e);
}
