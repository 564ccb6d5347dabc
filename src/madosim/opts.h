/* The command line. */
#ifndef MADOSIM_OPTS_H
#define MADOSIM_OPTS_H

#include <stdio.h>

#include "sim.h"

/* Fill o with the defaults; opts_free() when done. */
void opts_init(struct opts *o);
void opts_free(struct opts *o);
enum opts_verdict { OPTS_RUN, OPTS_HELP, OPTS_VERSION, OPTS_BAD };
/* Read the arguments; faults go to f, which faults_init() has filled. Fills e
 * on OPTS_BAD. */
enum opts_verdict opts_parse(
    struct opts *o, struct faults *f, char **argv, struct err *e);
void opts_help(FILE *out);

#endif
