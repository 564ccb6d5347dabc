/*
 * The commands of the line mode: shell itself, and those that only mean
 * something inside it.
 */
#include <string.h>

#include "cli_out.h"
#include "i18n.h"
#include "shell.h"

int
cmd_shell(struct cli *c, int argc, char **argv, struct err *e)
{
	if (cli_options(c, NULL, &argc, argv, e) == -1 ||
	    cli_want(c, argc, 0, 0, e) == -1)
		return -1;
	return shell_run(c, e);
}

int
cmd_open(struct cli *c, int argc, char **argv, struct err *e)
{
	int64_t n = shell_number(c->shell);

	if (cli_want(c, argc, n == 0 ? 1 : 0, 1, e) == -1 ||
	    (argc == 2 && cli_number(argv[1], &n, e) == -1))
		return -1;
	return shell_open(c->shell, n, e);
}

int
cmd_back(struct cli *c, int argc, char **argv, struct err *e)
{
	(void)argv;
	if (cli_want(c, argc, 0, 0, e) == -1)
		return -1;
	if (shell_number(c->shell) == 0)
		shell_quit(c->shell);
	shell_close(c->shell);
	return 0;
}

int
cmd_quit(struct cli *c, int argc, char **argv, struct err *e)
{
	(void)argv;
	if (cli_want(c, argc, 0, 0, e) == -1)
		return -1;
	shell_quit(c->shell);
	return 0;
}

int
cmd_help(struct cli *c, int argc, char **argv, struct err *e)
{
	(void)argv;
	if (cli_want(c, argc, 0, 0, e) == -1)
		return -1;
	for (const struct cmd *cmd = cmds; cmd->name != NULL; cmd++)
		if ((cmd->flags & (CMD_CLI | CMD_SHELL)) &&
		    !(cmd->flags & CMD_ALONE))
			cli_print_cmd(cmd);
	return 0;
}
