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
#include "admin_line.h"
#include "admin_rules.h"
#include "admin_sub.h"
#include "init.h"

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
	/* instead of both: needs no config */
	int (*first)(const char *file, int argc, char **argv, struct err *e);
};

const char *
admin_opt(int *argc, char **argv, const char *name, bool value)
{
	size_t len = strlen(name);
	const char *out;
	int i, n;

	for (i = 0; i < *argc; i++) {
		if (strncmp(argv[i], name, len) != 0)
			continue;
		n = value && argv[i][len] == '\0' ? 2 : 1;
		if (i + n > *argc ||
		    argv[i][len] != (value && n == 1 ? '=' : '\0'))
			continue;
		out = n == 2 ? argv[i + 1] : argv[i] + (value ? len + 1 : 0);
		memmove(&argv[i], &argv[i + n],
		    (size_t)(*argc - i - n) * sizeof(*argv));
		*argc -= n;
		return out;
	}
	return NULL;
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

static const struct sub subs[] = {
    {"init", "[OPTION ...]",
	"set a desk up, or change how it is; asks on a terminal", NULL, NULL,
	init_main},
    {"user add",
	"NAME --role viewer|agent|supervisor|admin "
	"[--display NAME] [--password-stdin]",
	"make an account", admin_user_add, NULL, NULL},
    {"user invite", "NAME [--hours N] [--url URL]",
	"a line for that colleague: mado join, with a code good once",
	admin_user_invite, NULL, NULL},
    {"user list", "", "all accounts", admin_user_list, NULL, NULL},
    {"user passwd", "NAME [--password-stdin]",
	"a new password; ends the account's sign-ins", admin_user_passwd, NULL,
	NULL},
    {"user role", "NAME ROLE", "another role", admin_user_role, NULL, NULL},
    {"user disable", "NAME",
	"no more sign-in; ends those there are, frees what the agent had",
	admin_user_disable, NULL, NULL},
    {"user enable", "NAME", "sign-in again", admin_user_enable, NULL, NULL},
    {"sign-out", "NAME", "end the account's sign-ins", admin_sign_out, NULL,
	NULL},
    {"check", "[--line]", "config and store; with --line ask LINE too",
	admin_check, NULL, NULL},
    {"doctor", "[--json]",
	"all of that, and disk, clock, certificate, backup, the public "
	"address",
	admin_doctor, NULL, NULL},
    {"backup", "FILE | --dir DIR [--keep N]",
	"store, media and keys into one file; --dir: named by its time, and the "
	"newest N stay",
	admin_backup, NULL, NULL},
    {"restore", "FILE", "put a backup in place of the store: a new epoch",
	admin_restore, admin_restore_alone, NULL},
    {"canned import", "FILE.tsv",
	"canned replies: name TAB text [TAB reading [TAB tags]]",
	sub_canned_import, NULL, NULL},
    {"qr", "[NAME] [--text TEXT] [--png FILE] [--svg FILE] [--html]",
	"how customers find the account: a link, its QR code, a button", NULL,
	admin_qr, NULL},
    {"richmenu set", "PICTURE AREAS [--channel NAME]",
	"the menu below everybody's chat: a picture with areas to tap", NULL,
	admin_richmenu_set, NULL},
    {"richmenu show", "[--channel NAME]", "its areas, as LINE has them", NULL,
	admin_richmenu_show, NULL},
    {"richmenu rm", "[--channel NAME]", "no menu", NULL, admin_richmenu_rm,
	NULL},
    {"faq import",
	"[FAQ.tsv [--examples FILE] [--negatives FILE]] [--channel NAME]",
	"what the bot answers: id, question, answer; with examples: id, words; "
	"without a table the last one anew, with what was learned since",
	NULL, admin_faq_import, NULL},
    {"faq review", "[--take all|MESSAGE ... | --drop all|MESSAGE ...]",
	"what taps and agents would teach the bot, for the next import",
	admin_faq_review, NULL, NULL},
    {"faq gaps", "[--since SPAN]",
	"questions that no FAQ was like, in heaps of like ones, 30d", NULL,
	admin_faq_gaps, NULL},
    {"faq lint", "FAQ.tsv [--preview]",
	"answers that LINE folds or cuts; how they will look", NULL,
	admin_faq_lint, NULL},
    {"faq eval", "QUERIES.tsv [--channel NAME] [--json | --list]",
	"how right it answers: query, id (or id|id, or - for none)", NULL,
	admin_faq_eval, NULL},
    {"rules check", "[FILE]",
	"every mistake in rules.conf, or in that file, and what it says in vain",
	NULL, admin_rules_check, NULL},
    {"rules test", "CASES [--rules FILE] [--faq]",
	"what a customer does and what the bot has to do: see "
	"madoguchi-rules(5)",
	NULL, admin_rules_test, NULL},
    {"rules replay", "[--since WHEN] [--rules FILE]",
	"what the bot would have done with the last 30 days' messages, as a "
	"diff against what it did",
	NULL, admin_rules_replay, NULL},
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

static int
sub_help(const struct sub *s)
{
	printf("usage: madod -c FILE %s%s%s\n%s\n", s->name,
	    *s->args ? " " : "", s->args, s->help);
	return 0;
}

/* Its config is there. */
static int
sub_run(
    const struct sub *s, struct config *c, int argc, char **argv, struct err *e)
{
	struct admin d = {0};
	int rv;

	if (admin_become(c, e) == -1) {
		config_free(c);
		return -1;
	}
	if (s->alone != NULL && (s->run == NULL || !admin_running(c))) {
		rv = s->alone(c, argc, argv, e);
		config_free(c);
		return rv;
	}
	if ((rv = admin_open(&d, c, e)) == 0)
		rv = s->run(&d, argc, argv, e);
	admin_close(&d);
	return rv;
}

int
admin_main(const char *file, int argc, char **argv, struct err *e)
{
	const struct sub *s = sub_find(argv[0]);
	struct config *c;
	int used = 1;
	char *two;

	if (s == NULL && argc > 1) {
		two = x_sprintf("%s %s", argv[0], argv[1]);
		s = sub_find(two);
		x_free(two);
		used = 2;
	}
	if (s == NULL)
		return err_set(e, ERR_INVALID,
		    "there is no subcommand \"%s\";"
		    " see madod --help",
		    argv[0]);
	if (argc > used && strcmp(argv[used], "--help") == 0)
		return sub_help(s);
	if (s->first != NULL)
		return s->first(file, argc - used, argv + used, e);
	if ((c = config_read(file, e)) == NULL)
		return -1;
	return sub_run(s, c, argc - used, argv + used, e);
}
