/*
 * canned and agents: the desk's lists. A canned reply is edited as text, in
 * the words of the command line, from standard input or in an editor.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mado/mem.h>

#include "cli.h"
#include "cli_out.h"
#include "i18n.h"

enum { NAME_COLS = 16, TEXT_MAX_B = 1 << 20 };

struct canned_list {
	struct cli *cli;
	const char *name; /* look for it, print nothing */
	bool quiet;       /* names only */
	char *text;       /* arena's; what it says now */
	int rc;
	struct err *e;
};

static int
print_name(const char *name, struct err *e)
{
	struct buf b = {0};
	int rc;

	out_text(&b, name);
	rc = out_line(&b, e);
	buf_free(&b);
	return rc;
}

static int
print_canned(struct canned_list *l, const cJSON *row)
{
	const char *name = json_str(row, "name", "");
	struct buf b = {0};
	int rc;

	if (l->cli->json)
		return out_json(row, l->e);
	if (l->quiet)
		return print_name(name, l->e);
	out_cell(&b, name, NAME_COLS);
	out_rest(&b, json_str(row, "text", ""));
	rc = out_line(&b, l->e);
	buf_free(&b);
	return rc;
}

static void
use_canned(const struct desk_answer *a, void *arg)
{
	struct canned_list *l = arg;
	const cJSON *row;
	const char *name, *text;

	cJSON_ArrayForEach(row, json_arr(a->json, "canned"))
	{
		name = json_str(row, "name", "");
		text = json_str(row, "text", "");
		if (l->name != NULL && strcmp(l->name, name) == 0)
			l->text = arena_strdup(l->cli->arena, text);
		if (l->name != NULL || l->rc == -1)
			continue;
		l->rc = print_canned(l, row);
	}
}

static int
list(struct canned_list *l)
{
	struct desk_call call = {.op = DESK_CANNED};

	if (cli_ask(l->cli, &call, use_canned, l, l->e) == -1)
		return -1;
	return l->rc;
}

static int
put(struct cli *c, const char *name, char *text, struct err *e)
{
	struct desk_call call = {.op = DESK_CANNED_PUT, .id = name};
	/* The same checks as for any text that a customer gets. */
	cJSON *args = verb_args("reply", 1, &text, e);
	int rc;

	if (args == NULL)
		return -1;
	call.args = args;
	rc = cli_ask(c, &call, NULL, NULL, e);
	cJSON_Delete(args);
	return rc;
}

/* the editor */

static const char *
editor(const struct settings *s)
{
	const char *v = s->editor;

	if (v == NULL || *v == '\0')
		v = getenv("VISUAL");
	if (v == NULL || *v == '\0')
		v = getenv("EDITOR");
	return v == NULL || *v == '\0' ? "vi" : v;
}

/* The command may have words of its own, so a shell runs it. */
static int
run_editor(const struct settings *s, const char *path, struct err *e)
{
	char *command = x_sprintf("%s \"$1\"", editor(s));
	pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", command, "sh", path, (char *)NULL);
		_exit(127);
	}
	x_free(command);
	if (pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	    WEXITSTATUS(status) == 0)
		return 0;
	return err_set(e, ERR_FAILED,
	    _("the editor failed: %s; nothing was changed"), editor(s));
}

static char *
edited(struct cli *c, const char *text, struct err *e)
{
	char *path = x_sprintf(
	    "%s/canned-%ld.txt", c->settings->state_dir, (long)getpid());
	struct buf b = {0};
	char *new = NULL;

	if (file_write(path, text, strlen(text), 0600, e) == 0 &&
	    run_editor(c->settings, path, e) == 0 &&
	    buf_read_file(&b, path, TEXT_MAX_B, e) == 0) {
		if (b.n > 0 && b.p[b.n - 1] == '\n')
			b.p[--b.n] = '\0';
		new = buf_take(&b);
	}
	unlink(path);
	buf_free(&b);
	x_free(path);
	return new;
}

/* The words after NAME: joined, "-" for standard input, none: the editor. */
static char *
new_text(struct cli *c, int argc, char **argv, const char *old, struct err *e)
{
	struct buf b = {0};

	if (argc == 0)
		return edited(c, old, e);
	if (argc == 1 && strcmp(argv[0], "-") == 0)
		return cli_stdin(e);
	for (int i = 0; i < argc; i++)
		buf_printf(&b, "%s%s", i > 0 ? " " : "", argv[i]);
	return buf_take(&b);
}

static int
change(struct canned_list *l, bool add, int argc, char **argv)
{
	struct cli *c = l->cli;
	char *text;
	int rc;

	if (list(l) == -1)
		return -1;
	if (add && l->text != NULL)
		return err_set(l->e, ERR_CONFLICT,
		    _("there is one of that name: %s; mado canned edit "
		      "changes it"),
		    l->name);
	if (!add && l->text == NULL)
		return err_set(l->e, ERR_NOTFOUND,
		    _("no canned reply of that name: %s"), l->name);
	text = new_text(c, argc, argv, l->text == NULL ? "" : l->text, l->e);
	if (text == NULL)
		return -1;
	rc = put(c, l->name, text, l->e);
	x_free(text);
	return rc;
}

int
cmd_canned(struct cli *c, int argc, char **argv, struct err *e)
{
	struct canned_list l = {.cli = c, .e = e};
	struct desk_call rm = {.op = DESK_CANNED_RM};
	const struct cli_opt opts[] = {
	    {"-q", OPT_FLAG, &l.quiet}, {NULL, OPT_FLAG, NULL}};
	const char *what;

	if (cli_options(c, opts, &argc, argv, e) == -1)
		return -1;
	what = argc > 1 ? argv[1] : "";
	if (strcmp(what, "ls") == 0 && argc == 2)
		return list(&l);
	if (argc < 3)
		return cli_usage(c, e);
	l.name = argv[2];
	if (strcmp(what, "add") == 0 && argc > 3)
		return change(&l, true, argc - 3, argv + 3);
	if (strcmp(what, "edit") == 0)
		return change(&l, false, argc - 3, argv + 3);
	rm.id = argv[2];
	if (strcmp(what, "rm") == 0 && argc == 3)
		return cli_ask(c, &rm, NULL, NULL, e);
	return cli_usage(c, e);
}

/* agents */

static int
print_agent(struct canned_list *l, const struct agent *g, const cJSON *row)
{
	struct buf b = {0};
	int rc;

	if (l->cli->json)
		return out_json(row, l->e);
	if (l->quiet)
		return print_name(g->name, l->e);
	out_cell(&b, g->name, NAME_COLS);
	out_cell(&b, g->role < 0 ? "" : role_names[g->role], 10);
	out_cell(&b, g->disabled ? _("disabled") : "", 8);
	out_rest(&b, g->display);
	rc = out_line(&b, l->e);
	buf_free(&b);
	return rc;
}

static void
use_agents(const struct desk_answer *a, void *arg)
{
	struct canned_list *l = arg;
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
	struct canned_list l = {.cli = c, .e = e};
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
