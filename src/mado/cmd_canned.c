/*
 * canned: the team's ready texts and one's own. One is edited as text, in the
 * words of the command line, from standard input or in an editor; all of them
 * as a table for spreadsheets.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mado/canned_tsv.h>
#include <mado/mem.h>
#include <mado/text.h>

#include "canned.h"
#include "cli.h"
#include "cli_out.h"
#include "fuzzy.h"
#include "i18n.h"

enum { NAME_COLS = 16, OWN_COLS = 4, TEXT_MAX_B = 1 << 20 };

struct canned_call {
	struct cli *cli;
	bool quiet;    /* ls: names only */
	bool personal; /* one's own; else the team's */
	const char *reading, *tags;
	/* the desk's answer: the run's arena */
	struct canned *rows;
	size_t n;
};

static void
take_rows(const struct desk_answer *a, void *arg)
{
	struct canned_call *k = arg;
	struct arena *mem = k->cli->arena;
	const cJSON *list = json_arr(a->json, "canned"), *row;

	k->rows = arena_calloc(
	    mem, (size_t)cJSON_GetArraySize(list) + 1, sizeof(*k->rows));
	cJSON_ArrayForEach(row, list)
	{
		if (json_decode(&canned_json, row, &k->rows[k->n], mem, NULL) ==
		    0)
			k->n++;
	}
}

static int
load(struct canned_call *k, struct err *e)
{
	struct desk_call call = {.op = DESK_CANNED};

	return cli_ask(k->cli, &call, take_rows, k, e);
}

/* ls */

static int
print(const struct canned_call *k, const struct canned *row, struct err *e)
{
	struct buf b = {0};
	int rc;

	if (k->cli->json) {
		json_encode(&b, &canned_json, row);
	} else if (k->quiet) {
		out_text(&b, row->name);
	} else {
		out_cell(&b, row->name, NAME_COLS);
		out_cell(&b, row->personal ? _("own") : "", OWN_COLS);
		out_rest(&b, row->text);
	}
	rc = out_line(&b, e);
	buf_free(&b);
	return rc;
}

/* Words: only what they are found in. */
static int
sub_ls(struct canned_call *k, int argc, char **argv, struct err *e)
{
	struct buf words = {0}, folded = {0};
	int rc = load(k, e);

	for (int i = 0; i < argc; i++)
		buf_printf(&words, "%s ", argv[i]);
	text_fold(&folded, buf_str(&words));
	for (size_t i = 0; rc == 0 && i < k->n; i++)
		if (fuzzy_score(canned_folded(&k->rows[i], k->cli->arena),
			buf_str(&folded)) >= 0)
			rc = print(k, &k->rows[i], e);
	buf_free(&words);
	buf_free(&folded);
	return rc;
}

/* add, edit */

static void
add_tags(cJSON *args, const char *tags, struct arena *a)
{
	cJSON *list = cJSON_AddArrayToObject(args, "tags");
	char *save = NULL, *t = strtok_r(arena_strdup(a, tags), ",", &save);

	for (; t != NULL; t = strtok_r(NULL, ",", &save))
		cJSON_AddItemToArray(list, cJSON_CreateString(t));
}

/* It has to be one step of a path. */
static int
check_name(const char *name, struct err *e)
{
	return *name != '\0' && strpbrk(name, "/ \t\n") == NULL
	    ? 0
	    : err_set(e, ERR_INVALID,
		  _("a canned reply's name has no blanks and no slashes: %s"),
		  name);
}

static int
put(struct canned_call *k, const char *name, char *text, struct err *e)
{
	struct desk_call call = {.op = DESK_CANNED_PUT, .id = name};
	/* The same checks as for any text that a customer gets. */
	cJSON *args =
	    check_name(name, e) == 0 ? verb_args("reply", 1, &text, e) : NULL;
	int rc;

	if (args == NULL)
		return -1;
	cJSON_AddBoolToObject(args, "personal", k->personal);
	if (k->reading != NULL)
		cJSON_AddStringToObject(args, "reading", k->reading);
	if (k->tags != NULL)
		add_tags(args, k->tags, k->cli->arena);
	call.args = args;
	rc = cli_ask(k->cli, &call, NULL, NULL, e);
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

/* The one of that name that --personal means; NULL: there is none. */
static const struct canned *
find(const struct canned_call *k, const char *name)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->rows[i].personal == k->personal &&
		    strcmp(k->rows[i].name, name) == 0)
			return &k->rows[i];
	return NULL;
}

static int
sub_add(struct canned_call *k, int argc, char **argv, struct err *e)
{
	char *text;
	int rc;

	if (load(k, e) == -1)
		return -1;
	if (find(k, argv[0]) != NULL)
		return err_set(e, ERR_CONFLICT,
		    _("there is one of that name: %s; mado canned edit "
		      "changes it"),
		    argv[0]);
	text = new_text(k->cli, argc - 1, argv + 1, "", e);
	if (text == NULL)
		return -1;
	rc = put(k, argv[0], text, e);
	x_free(text);
	return rc;
}

static int
sub_edit(struct canned_call *k, int argc, char **argv, struct err *e)
{
	const struct canned *old;
	char *text;
	int rc;

	if (load(k, e) == -1)
		return -1;
	if ((old = find(k, argv[0])) == NULL)
		return err_set(e, ERR_NOTFOUND,
		    _("no canned reply of that name: %s"), argv[0]);
	/* Only the reading or the tags: the text is not asked for. */
	if (argc == 1 && (k->reading != NULL || k->tags != NULL))
		text = x_strdup(old->text);
	else
		text = new_text(k->cli, argc - 1, argv + 1, old->text, e);
	if (text == NULL)
		return -1;
	rc = put(k, argv[0], text, e);
	x_free(text);
	return rc;
}

static int
sub_rm(struct canned_call *k, int argc, char **argv, struct err *e)
{
	struct desk_call rm = {
	    .op = DESK_CANNED_RM, .id = argv[0], .personal = k->personal};

	(void)argc;
	return check_name(argv[0], e) == 0 ? cli_ask(k->cli, &rm, NULL, NULL, e)
					   : -1;
}

/* spreadsheets */

static int
read_file(const char *path, struct buf *b, struct err *e)
{
	char *text;

	if (strcmp(path, "-") != 0)
		return buf_read_file(b, path, TEXT_MAX_B, e);
	if ((text = cli_stdin(e)) == NULL)
		return -1;
	buf_puts(b, text);
	x_free(text);
	return 0;
}

static int
sub_import(struct canned_call *k, int argc, char **argv, struct err *e)
{
	struct desk_call call = {.op = DESK_CANNED_IMPORT};
	cJSON *args = cJSON_CreateObject();
	cJSON *list = cJSON_AddArrayToObject(args, "canned");
	struct buf b = {0};
	int rc = -1;

	(void)argc;
	if (read_file(argv[0], &b, e) == 0 &&
	    canned_tsv_read(argv[0], &b, list, e) == 0) {
		call.args = args;
		rc = cli_ask(k->cli, &call, NULL, NULL, e);
	}
	buf_free(&b);
	cJSON_Delete(args);
	return rc;
}

static int
sub_export(struct canned_call *k, int argc, char **argv, struct err *e)
{
	struct buf b = {0};
	int rc = load(k, e);

	(void)argc;
	(void)argv;
	for (size_t i = 0; rc == 0 && i < k->n; i++) {
		buf_reset(&b);
		canned_tsv_write(&b, &k->rows[i]);
		b.p[--b.n] = '\0'; /* its line feed is out_line()'s */
		rc = out_line(&b, e);
	}
	buf_free(&b);
	return rc;
}

static const struct {
	const char *name;
	int min, max; /* words after it */
	int (*run)(struct canned_call *k, int argc, char **argv, struct err *e);
} subs[] = {
    {"ls", 0, INT_MAX, sub_ls},
    {"add", 2, INT_MAX, sub_add},
    {"edit", 1, INT_MAX, sub_edit},
    {"rm", 1, 1, sub_rm},
    {"import", 1, 1, sub_import},
    {"export", 0, 0, sub_export},
};

int
cmd_canned(struct cli *c, int argc, char **argv, struct err *e)
{
	struct canned_call k = {.cli = c};
	const struct cli_opt opts[] = {
	    {"-q", OPT_FLAG, &k.quiet},
	    {"--personal", OPT_FLAG, &k.personal},
	    {"--reading", OPT_STR, &k.reading},
	    {"--tag", OPT_STR, &k.tags},
	    {NULL, OPT_FLAG, NULL},
	};

	if (cli_options(c, opts, &argc, argv, e) == -1)
		return -1;
	for (size_t i = 0; argc > 1 && i < sizeof(subs) / sizeof(subs[0]); i++)
		if (strcmp(subs[i].name, argv[1]) == 0 &&
		    argc - 2 >= subs[i].min && argc - 2 <= subs[i].max)
			return subs[i].run(&k, argc - 2, argv + 2, e);
	return cli_usage(c, e);
}
