/* The subcommands: see admin.h. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <mado/buf.h>
#include <mado/canned_tsv.h>
#include <mado/manual.h>
#include <mado/text.h>

#include "admin.h"
#include "admin_faq.h"
#include "admin_sub.h"
#include "backup.h"
#include "schema.h"
#include "serve.h"

enum { CANNED_MAX_B = 1 << 20 };

struct sub {
	const char *name; /* one word or two */
	const char *args;
	const char *help;
	admin_sub *run;
	/* instead of run when no madod runs, or when there is no run: needs no
	 * desk */
	int (*alone)(
	    const struct config *c, int argc, char **argv, struct err *e);
};

const char *
admin_opt(int *argc, char **argv, const char *name, bool value)
{
	const char *out = NULL;
	int i, n = value ? 2 : 1;

	for (i = 0; i + n <= *argc; i++)
		if (strcmp(argv[i], name) == 0) {
			out = argv[i + n - 1];
			memmove(&argv[i], &argv[i + n],
			    (size_t)(*argc - i - n) * sizeof(*argv));
			*argc -= n;
			break;
		}
	return out;
}

static const struct sub *sub_find(const char *name);

int
admin_words(int argc, int want, const char *sub, struct err *e)
{
	return argc == want
	    ? 0
	    : err_set(e, ERR_INVALID, "usage: madod -c FILE %s %s", sub,
		  sub_find(sub)->args);
}

/* POST {file}, its path as the desk sees it. */
static int
admin_file(struct admin *d, const char *path, const char *file, struct err *e)
{
	char cwd[PATH_MAX], *full;
	cJSON *o;

	if (getcwd(cwd, sizeof(cwd)) == NULL)
		return err_set(
		    e, ERR_FAILED, "this folder: %s", strerror(errno));
	full = file[0] == '/' ? x_strdup(file) : x_sprintf("%s/%s", cwd, file);
	o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "file", full);
	x_free(full);
	return admin_call(d, "POST", path, o, e);
}

static int
sub_backup(struct admin *d, int argc, char **argv, struct err *e)
{
	return admin_words(argc, 1, "backup", e) == -1
	    ? -1
	    : admin_file(d, "/v1/backup", argv[0], e);
}

/* Through the madod that runs; it puts the store in place itself. */
static int
sub_restore(struct admin *d, int argc, char **argv, struct err *e)
{
	return admin_words(argc, 1, "restore", e) == -1
	    ? -1
	    : admin_file(d, "/v1/restore", argv[0], e);
}

static int
sub_canned_import(struct admin *d, int argc, char **argv, struct err *e)
{
	cJSON *o = cJSON_CreateObject(), *list;
	struct buf b = {0};
	int rv = -1;

	list = cJSON_AddArrayToObject(o, "canned");
	if (admin_words(argc, 1, "canned import", e) == -1 ||
	    buf_read_file(&b, argv[0], CANNED_MAX_B, e) == -1 ||
	    canned_tsv_read(argv[0], &b, list, e) == -1)
		goto out;
	rv = admin_call(d, "POST", "/v1/canned", o, e);
	o = NULL;
out:
	cJSON_Delete(o);
	buf_free(&b);
	return rv;
}

/* None runs, and the store that is there need not be readable. */
static int
restore_alone(const struct config *c, int argc, char **argv, struct err *e)
{
	char *store = serve_store(c);
	int rv = admin_words(argc, 1, "restore", e);

	if (rv == 0 && (rv = file_mkdirs(c->state_dir, 0700, e)) == 0)
		rv = backup_restore(argv[0], store, c->state_dir, e);
	if (rv == 0)
		rv = schema_migrate(store, e);
	x_free(store);
	return rv;
}

static const struct sub subs[] = {
    {"user add",
	"NAME --role viewer|agent|supervisor|admin "
	"[--display NAME] [--password-stdin]",
	"make an account", admin_user_add, NULL},
    {"user invite", "NAME [--hours N] [--url URL]",
	"a line for that colleague: mado join, with a code good once",
	admin_user_invite, NULL},
    {"user list", "", "all accounts", admin_user_list, NULL},
    {"user passwd", "NAME [--password-stdin]",
	"a new password; ends the account's sign-ins", admin_user_passwd, NULL},
    {"user role", "NAME ROLE", "another role", admin_user_role, NULL},
    {"user disable", "NAME",
	"no more sign-in; ends those there are, frees what the agent had",
	admin_user_disable, NULL},
    {"user enable", "NAME", "sign-in again", admin_user_enable, NULL},
    {"sign-out", "NAME", "end the account's sign-ins", admin_sign_out, NULL},
    {"check", "[--line]", "config and store; with --line ask LINE too",
	admin_check, NULL},
    {"backup", "FILE", "store, media and keys into one file", sub_backup, NULL},
    {"restore", "FILE", "put a backup in place of the store: a new epoch",
	sub_restore, restore_alone},
    {"canned import", "FILE.tsv",
	"canned replies: name TAB text [TAB reading [TAB tags]]",
	sub_canned_import, NULL},
    {"faq import",
	"FAQ.tsv [--examples FILE] [--negatives FILE] [--channel NAME]",
	"what the bot answers: id, question, answer; with examples: id, words",
	NULL, admin_faq_import},
    {"faq eval", "QUERIES.tsv [--channel NAME] [--json | --list]",
	"how right it answers: query, id (or id|id, or - for none)", NULL,
	admin_faq_eval},
    {0}};

static const struct sub *
sub_find(const char *name)
{
	const struct sub *s;

	for (s = subs; s->name != NULL; s++)
		if (strcmp(s->name, name) == 0)
			return s;
	return NULL;
}

void
admin_usage(FILE *f)
{
	const struct sub *s;

	for (s = subs; s->name != NULL; s++)
		if (s->help != NULL)
			fprintf(f, "  %s%s%s\n      %s\n", s->name,
			    *s->args ? " " : "", s->args, s->help);
}

void
admin_rows(void)
{
	const struct sub *s;

	for (s = subs; s->name != NULL; s++)
		if (s->help != NULL)
			manual_row(
			    "subcommands", s->name, s->args, s->help, NULL);
}

int
admin_main(struct config *c, int argc, char **argv, struct err *e)
{
	struct admin d = {0};
	const struct sub *s = sub_find(argv[0]);
	int used = 1, rv;
	char *two;

	if (s == NULL && argc > 1) {
		two = x_sprintf("%s %s", argv[0], argv[1]);
		s = sub_find(two);
		x_free(two);
		used = 2;
	}
	if (s == NULL) {
		config_free(c);
		return err_set(e, ERR_INVALID,
		    "there is no subcommand \"%s\";"
		    " see madod --help",
		    argv[0]);
	}
	if (s->alone != NULL && (s->run == NULL || !admin_running(c))) {
		rv = s->alone(c, argc - used, argv + used, e);
		config_free(c);
		return rv;
	}
	if ((rv = admin_open(&d, c, e)) == 0)
		rv = s->run(&d, argc - used, argv + used, e);
	admin_close(&d);
	return rv;
}
