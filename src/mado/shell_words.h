/*
 * The line mode's words: which verb, which conversation, what a word may
 * become. Pure but for the local store. For shell.c.
 */
#ifndef MADO_SHELL_WORDS_H
#define MADO_SHELL_WORDS_H

#include "cmd.h"
#include "settings.h"
#include "shell_line.h"
#include "store.h"

enum { SHELL_NUMBER_B = 24 };

/* The row of a verb that runs in the line mode; ERR_INVALID says why not. */
int shell_words_command(
    const char *name, const struct cmd **cmd, struct err *e);
/*
 * argv with the open conversation's number where the verb wants one and none
 * is said. ERR_INVALID where a number might be one or a text. A copy in the
 * arena, for verbs move and drop words.
 */
char **shell_words_number(const struct cmd *cmd, int64_t open, int *argc,
    char **argv, struct arena *a, struct err *e);

struct shell_words_asked {
	struct store *store;
	const struct settings *settings;
	int64_t number;    /* open, 0 */
	const char *texts; /* "reply", "note"; NULL: verbs are typed */
	struct arena *arena;
};
/* Fill q's answer. */
void shell_words_complete(
    const struct shell_words_asked *asked, struct shell_line_query *q);

#endif
