/*
 * madod init: from nothing to a desk that LINE's customers reach, and the same
 * again whenever something changes. init.c has the order of steps; answers are
 * got by init_ask.c, LINE is asked by init_line.c, addresses are looked at by
 * probe.c, files are written by init_files.c, the desk is started and tried by
 * init_desk.c. Nothing is written before all answers are known to be good.
 */
#ifndef MADOD_INIT_H
#define MADOD_INIT_H

#include "config.h"
#include "line_setup.h"

struct init {
	const char *file; /* the config */
	/* answers */
	char *channel, *channel_id, *secret, *token, *url, *https, *listen;
	char *name, *timezone, *push, *user, *state_dir, *backup_dir;
	char *api_base, *data_base, *root, *wait;
	struct conf_list accounts;    /* NAME:ROLE */
	bool keep_secret, keep_token; /* as the config has them, in a file
				       * perhaps */
	unsigned flags; /* answered by one: a bit a row of init_ask.c */
	bool tty;       /* questions can be asked */
	/* what follows from them */
	struct config_line line; /* lends */
	struct line_setup *setup;
	char *host;     /* of url */
	char *endpoint; /* the webhook's */
	char *basic_id, *bot_id;
	bool new_config, new_units; /* init_files_write() changed them */
};

/* The whole of it. argv is what follows "init". */
int init_main(const char *file, int argc, char **argv, struct err *e);

/* init_ask.c: fill the answers from flags, the config that is there, and
 * questions on a terminal. ERR_INVALID names what is missing or wrong. */
int init_ask(struct init *in, int argc, char **argv, struct err *e);
void init_ask_free(struct init *in);
/* The flags, for the manual and --help: a line each. */
void init_rows(void);

/* init_line.c */
int init_line_check(struct init *in, struct err *e);
/* Test the endpoint, and only when LINE reaches it set it. */
int init_line_endpoint(struct init *in, struct err *e);
/* What only a person can click, each with what was seen. */
void init_line_clicks(struct init *in);
/* Free replies of the last 30 days, as pushes, beside the plan. */
void init_line_cost(struct init *in);

/* init_files.c: all of them or none. */
int init_files_write(struct init *in, struct err *e);

/* init_desk.c */
int init_desk_user(struct init *in, struct err *e);
int init_desk_start(struct init *in, bool *runs, struct err *e);
/* What needs root is done: go on as whom the desk belongs to. */
int init_desk_become(struct init *in, struct err *e);
int init_desk_accounts(struct init *in, struct err *e);
int init_desk_first(struct init *in, struct err *e);

#endif
