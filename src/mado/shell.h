/*
 * mado shell: the inbox as lines. The same commands, one conversation open at
 * a time, what comes in is told between prompts; or the lines of a script.
 */
#ifndef MADO_SHELL_H
#define MADO_SHELL_H

#include "cli.h"

struct shell;

/* Until quit, the end of the input or the end of the sign-in. */
int shell_run(struct cli *c, struct err *e);

/* For verbs, cli->shell: */

/* Verbs without a number mean this one from now on; shows the end of it. */
int shell_open(struct shell *sh, int64_t number, struct err *e);
void shell_close(struct shell *sh);
/* 0: none is. */
int64_t shell_number(const struct shell *sh);
/* The last message that was shown of it: a reply is refused when a later one
 * has come. NULL: of another conversation, or none. */
const char *shell_seen(const struct shell *sh, int64_t number);
/* A person types, who is told what came of a send when it is known. */
bool shell_is_talking(const struct shell *sh);
void shell_quit(struct shell *sh);

#endif
