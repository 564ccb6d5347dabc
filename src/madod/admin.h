/*
 * The subcommands: `madod -c FILE user add ...`. Each becomes a call of the
 * API on state_dir/madod.sock: of the madod that runs, else of one that this
 * process is for a moment. So the writer stays one. Those that touch no domain
 * state (restore, faq ..) need no desk and open none.
 */
#ifndef MADOD_ADMIN_H
#define MADOD_ADMIN_H

#include <stdbool.h>
#include <stdio.h>

#include "config.h"

/* argv[0] is the subcommand, file the config. Returns 0, or -1 and e. */
int admin_main(const char *file, int argc, char **argv, struct err *e);
/* A line each, for --help. */
void admin_usage(FILE *f);
/* The same for the manual. */
void admin_rows(void);

/* The value of --name V or --name=V in argv ("" when it takes none), taken out
 * of it; NULL without. */
const char *admin_opt(int *argc, char **argv, const char *name, bool value);
/* ERR_INVALID with that subcommand's usage unless argc == want. */
int admin_words(int argc, int want, const char *sub, struct err *e);

#endif
