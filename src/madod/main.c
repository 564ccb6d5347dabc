/*
 * madod: the desk behind mado. Options, then either a subcommand (admin.c) or
 * the service (serve.c).
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <mado/buf.h>
#include <mado/crypto.h>
#include <mado/log.h>

#include "admin.h"
#include "preview.h"
#include "search.h"
#include "serve.h"
#include "tables.h"

/* Where init puts the config, and the subcommands look for it. */
#define CONFIG_DEFAULT "/etc/madoguchi/madod.conf"

static void
usage(FILE *f)
{
	fputs(
	    "usage: madod -c FILE [SUBCOMMAND ...]\n"
	    "       madod SUBCOMMAND ...\n"
	    "\n"
	    "The desk: connects LINE Official Accounts with the agents' mado.\n"
	    "Without a subcommand it stays in the foreground and serves.\n"
	    "\n"
	    "  -c FILE     configuration, see madod.conf(5); a subcommand takes\n"
	    "              " CONFIG_DEFAULT " unless said\n"
	    "  --help      this\n"
	    "  --version   the version\n"
	    "\n"
	    "Subcommands (they work while madod runs, and while it does not):\n",
	    f);
	admin_usage(f);
}

/* A descriptor an agent and two a LINE request: as many as we may have. */
static void
raise_limits(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) == 0) {
		r.rlim_cur = r.rlim_max;
		setrlimit(RLIMIT_NOFILE, &r);
	}
}

static int
serve(struct config *c, struct err *e)
{
	struct madod *m;

	raise_limits();
	if ((m = serve_new(c, true, e)) == NULL)
		return -1;
	fprintf(stderr, "madod: ready %s\n", serve_url(m));
	serve_run(m);
	serve_free(m);
	return 0;
}

/* -c FILE or -cFILE: how many words they are; -1: no use of ours. */
static int
config_words(int argc, char **argv, const char **file)
{
	if (argc > 2 && strcmp(argv[1], "-c") == 0) {
		*file = argv[2];
		return 2;
	}
	if (argc > 1 && strncmp(argv[1], "-c", 2) == 0 && argv[1][2] != '\0') {
		*file = argv[1] + 2;
		return 1;
	}
	return argc < 2 || argv[1][0] == '-' ? -1 : 0;
}

/* What nobody could read was not said. */
static int
subcommand(const char *file, int argc, char **argv, struct err *e)
{
	int rv = admin_main(file, argc, argv, e);

	if (rv == 0 && (fflush(stdout) == EOF || ferror(stdout)))
		rv = err_set(
		    e, ERR_FAILED, "standard output: %s", strerror(errno));
	return rv;
}

int
main(int argc, char **argv)
{
	const char *file = CONFIG_DEFAULT;
	struct err e = {0};
	struct config *c;
	int rv, n;

	file_keep_stdio();
	if (argc > 1 && strcmp(argv[1], "--help") == 0) {
		usage(stdout);
		return 0;
	}
	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		puts("madod " MADO_VERSION);
		return 0;
	}
	if (argc > 1 && strcmp(argv[1], "--tables") == 0) {
		tables_print();
		return 0;
	}
	if (argc > 1 && strcmp(argv[1], "--preview") == 0)
		return preview_main(); /* files of ours only: preview.h */
	n = config_words(argc, argv, &file);
	if (n == -1) {
		usage(stderr);
		return 2;
	}
	argc -= n;
	argv += n;
	signal(SIGPIPE, SIG_IGN);
	crypto_init();
	search_init();
	log_init("madod", getenv("MADOD_DEBUG") != NULL ? LOG_DEBUG : LOG_INFO);
	if (argc > 1)
		rv = subcommand(file, argc - 1, argv + 1, &e);
	else if ((c = config_read(file, &e)) == NULL)
		rv = -1;
	else
		rv = serve(c, &e);
	if (rv == -1) {
		fprintf(stderr, "madod: %s\n", e.msg);
		return err_exit_code(e.code);
	}
	return 0;
}
