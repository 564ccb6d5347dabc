/*
 * mado --complete WORD...: what the shells' completions ask.
 */
#ifndef MADO_COMPLETIONS_H
#define MADO_COMPLETIONS_H

#include "cli.h"

/* Print what the last word may become, after those before it; a line each,
 * what it is after a tab. */
int completions_print(struct cli *c, int argc, char **argv);

#endif
