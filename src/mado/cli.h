/*
 * One run of the command line: what a verb needs, opened when it is asked
 * for. main.c makes it; the cmd_*.c files use it.
 */
#ifndef MADO_CLI_H
#define MADO_CLI_H

#include "cmd.h"
#include "desk.h"
#include "settings.h"
#include "store.h"

struct cli {
	struct settings *settings;
	const struct cmd *cmd;
	struct loop *loop;
	struct fetch *fetch;
	struct desk *desk;   /* NULL until cli_desk() */
	struct store *store; /* NULL until cli_store() */
	struct arena *arena; /* of the whole run */
	bool json;           /* --json */
	struct shell *shell; /* NULL outside the line mode */
	const char *text;    /* reply, note: said apart from the words; NULL */
};

/* Run a verb. argv[0] is its name. Returns 0, or -1 with e. */
int cli_run(struct settings *s, const struct cmd *cmd, int argc, char **argv,
    struct err *e);

/* A verb's usage, and its row of --help. */
int cli_help(const struct cmd *cmd, struct err *e);
void cli_print_cmd(const struct cmd *cmd);
/* What the last of the words may become, printed for a shell. */
int cli_complete(struct settings *s, int argc, char **argv);

/* The local store, and with it the desk's time zone as the process's. */
int cli_store(struct cli *c, struct err *e);
/* The desk, signed in; what was kept for it leaves first. ERR_AUTH tells what
 * to type when nobody has signed in; ERR_NET when it is not reached. */
int cli_desk(struct cli *c, struct err *e);
/* cli_desk() without sending what was kept. */
int cli_desk_only(struct cli *c, struct err *e);
/* After an answer: a disabled account keeps nothing on this machine. */
void cli_erase_disabled(struct cli *c, const struct err *why);
/* Ask and wait. use may be NULL. */
int cli_ask(struct cli *c, const struct desk_call *call,
    void (*use)(const struct desk_answer *a, void *arg), void *arg,
    struct err *e);
/* The path of the key that seals this profile's store. Arena's. */
char *cli_key_path(struct cli *c);
/* token_cmd's output or the profile's token; NULL on a unix socket. Arena's. */
const char *cli_token(struct cli *c, struct err *e);

/* cli_send.c: what is kept in the local outbox */

struct cli_sent {
	bool answered; /* by us: below is what the server said */
	struct msg *message;
	struct conv *conv;
	cJSON *json; /* the whole answer; free with cJSON_Delete() */
};
/*
 * Send what is kept. row 0: what is due now. Else until that row has been
 * answered: 0, or -1 with why it was refused (then it is gone), or with
 * ERR_NET and the like (then it is still kept). sent may be NULL.
 */
int cli_send(struct cli *c, int64_t row, struct cli_sent *sent, struct err *e);

/* cli_words.c: arguments */

enum cli_opt_type { OPT_FLAG, OPT_STR, OPT_STRS, OPT_INT };
enum { CLI_STRS_MAX = 8 }; /* as many files as the desk takes at once */
struct cli_strs {          /* an option that may be repeated */
	const char *v[CLI_STRS_MAX];
	size_t n;
};
struct cli_opt {
	const char *name; /* "--view", "-q" */
	enum cli_opt_type type;
	void *dst; /* bool, const char *, struct cli_strs, int64_t */
};
/*
 * Take the options (up to one with name NULL; --json is always one) out of
 * argv. After the first word that is no option, what begins with - and is
 * not in the table is a word too; before it, ERR_INVALID.
 */
int cli_options(struct cli *c, const struct cli_opt *opts, int *argc,
    char **argv, struct err *e);
/* "42" or "#42"; ERR_INVALID says so. */
int cli_number(const char *s, int64_t *n, struct err *e);
/*
 * Take the numbers at argv[1].. out of argv; "-" reads them from standard
 * input. spare words at the end are left alone, even if they are numbers.
 * ERR_INVALID when there are none.
 */
struct cli_numbers {
	int64_t *v; /* arena's */
	size_t n;
};
int cli_numbers(struct cli *c, int *argc, char **argv, int spare,
    struct cli_numbers *out, struct err *e);
/*
 * Several things, each tried: failures are told as they come, the first is the
 * exit code. Made with n; "over" when the desk is gone or nobody reads any
 * more.
 */
struct cli_many {
	size_t
	    n; /* how many there are: a lone one's failure is told at the end */
	bool over;
	int rc;
	struct err first;
};
/* Another one has ended so; what names it. */
void cli_many_add(
    struct cli_many *m, const char *what, int rc, const struct err *why);
int cli_many_end(const struct cli_many *m, struct err *e);
/* The words after the name, or those of standard input for a lone "-"; NULL
 * when it can't be read. Valid until the run's end. */
char **cli_words(
    struct cli *c, int argc, char **argv, size_t *n, struct err *e);
/* ERR_INVALID with the usage; cli_want(): unless there are min..max words after
 * the name. */
int cli_usage(struct cli *c, struct err *e);
int cli_want(struct cli *c, int argc, int min, int max, struct err *e);
/* All of standard input, one final newline stripped. Caller frees with
 * x_free(). */
char *cli_stdin(struct err *e);
/* From now on it is refused: standard input has the lines of a script. */
void cli_stdin_taken(void);
/* A line of standard input without its newline, or typed without echo after
 * the prompt when it is a terminal. Caller frees with x_free(). */
char *cli_secret(const char *prompt, bool from_stdin, struct err *e);
/* Wiped first; NULL is fine. */
void cli_secret_free(char *s);
/* The same for a new password, asked for twice; NULL also when the two
 * differ. Caller frees with cli_secret_free(). */
char *cli_new_password(bool from_stdin, struct err *e);
/* A yes or no on the terminal; false without one. */
bool cli_confirm(const char *question);

/* A conversation as ls prints it: a line, JSON, or its number (quiet). */
int cli_print_conv(struct cli *c, const struct conv *v, const cJSON *json,
    bool quiet, struct err *e);

/* A message as history prints it. */
int cli_print_msg(const struct msg *m, struct err *e);

/* cmd_upload.c: bring a file to the desk, to be sent. Its id, arena's; NULL
 * with why in one sentence. What the sender should know is said on stderr. */
const char *cli_upload(struct cli *c, const char *path, struct err *e);

/* The verbs; see cmd.c. */
typedef int cli_fn(struct cli *c, int argc, char **argv, struct err *e);
cli_fn cmd_login, cmd_join, cmd_logout, cmd_whoami, cmd_doctor, cmd_passwd,
    cmd_ls, cmd_show, cmd_history, cmd_media, cmd_events, cmd_act, cmd_claim,
    cmd_reply, cmd_note, cmd_outbox, cmd_retry, cmd_discard, cmd_canned,
    cmd_agents, cmd_search, cmd_uploads, cmd_report, cmd_cards, cmd_api,
    cmd_shell, cmd_completions, cmd_open, cmd_back, cmd_quit, cmd_help, cmd_why,
    cmd_faq;

#endif
