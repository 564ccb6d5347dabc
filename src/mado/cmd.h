/*
 * The one table of all that a user can do. Keys bind command strings; the ":"
 * line, the palette, the command line, --help, the help pane and the manual
 * are read off it. A row's words are parsed once, here, for all of them.
 */
#ifndef MADO_CMD_H
#define MADO_CMD_H

#include <mado/err.h>
#include <mado/json.h>

struct cli; /* one run of the command line: cli.h */
struct ui;  /* the inbox: ui.h */

enum cmd_flags {
	CMD_CLI = 1,       /* mado NAME ... */
	CMD_UI = 2,        /* a key, the ":" line, the palette */
	CMD_VERB = 4,      /* an act on conversations, by verb_args() */
	CMD_BULK = 8,      /* several numbers, or "-" for standard input */
	CMD_CUSTOMER = 16, /* reaches the customer: undo seconds, cost shown */
	CMD_UNDO = 32,     /* reversible: U takes it back */
	CMD_NO_DESK = 64,  /* works without a sign-in */
	CMD_WORDS = 128,   /* more than numbers must be said */
	CMD_SHELL = 256,   /* mado shell, beside those of CMD_CLI */
	CMD_ALONE = 512    /* not inside mado shell */
};

struct cmd {
	const char *name; /* "follow-up" */
	const char *args; /* usage after the name: "N [TEXT|-]", "" */
	const char *help; /* one line, N_() for gettext */
	unsigned flags;
	/* argv[0] is the name. Returns the exit code's error in e or 0. */
	int (*cli)(struct cli *c, int argc, char **argv, struct err *e);
	/* From a key or a ":" line, argv without numbers means the current or
	 * the selected conversations. */
	int (*ui)(struct ui *u, int argc, char **argv, struct err *e);
};

extern const struct cmd cmds[]; /* up to one with name NULL */
const struct cmd *cmd_find(const char *name);
/* The command whose name is nearest to a mistyped one; NULL if none is. */
const struct cmd *cmd_nearest(const char *name);

/*
 * Turn a verb's words (after the name and the numbers) into the JSON args of
 * the desk's verb: snooze "2h", tag "+a" "-b" "+@vip", assign "sato"|"-",
 * reply TEXT, note TEXT. ERR_INVALID says what is understood. Caller frees with
 * cJSON_Delete(). Used by the command line and the inbox alike.
 */
cJSON *verb_args(const char *verb, int argc, char **argv, struct err *e);
/* Split a command string into words: quotes and backslash as in sh. Caller
 * frees the array and strings with words_free(). */
char **words_split(const char *s, int *n, struct err *e);
void words_free(char **words);
/* Append s so that words_split() gives it back as one word. */
void words_quote(struct buf *b, const char *s);

#endif
