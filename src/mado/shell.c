/*
 * The line mode. Owns which conversation is open, what has been shown of it,
 * and the news that wait for a prompt; a verb runs as it does from the
 * command line. The store is kept true by sync, as under the inbox; a script
 * on standard input is only verbs. The prompt is shell_line.c's.
 */
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mado/mem.h>
#include <mado/when.h>

#include "cli_out.h"
#include "i18n.h"
#include "said.h"
#include "shell.h"
#include "shell_line.h"
#include "shell_words.h"
#include "sync.h"

enum { SHOWN = 10, HISTORY_MAX = 200, TURN_MS = 60 * 1000 };
enum { OF_COMMANDS = -1 }; /* store_history(): typed at the prompt */

struct news {
	int64_t number; /* 0: of no conversation */
	char *line;
	char *id; /* of the message, NULL */
};

struct shell {
	struct cli *cli;
	struct sync *sync;
	struct io *tty;
	bool talking; /* a person at a terminal; else a script */
	bool over, interrupted;
	/* the open conversation */
	int64_t number, contact;
	char *name, *seen;
	const char *texts; /* "reply", "note": lines are its texts; NULL */
	/* the line */
	char *typed; /* accepted, to be run */
	char *back;  /* to go on with at the next prompt */
	struct news *news;
	size_t n_news;
	struct arena *found; /* of the last completion */
	/* a script */
	int line_no;
	struct err first;
};

/* the open conversation */

void
shell_close(struct shell *sh)
{
	x_free(sh->name);
	x_free(sh->seen);
	sh->name = sh->seen = NULL;
	sh->number = sh->contact = 0;
	sh->texts = NULL;
}

int64_t
shell_number(const struct shell *sh)
{
	return sh->number;
}

const char *
shell_seen(const struct shell *sh, int64_t number)
{
	return number == sh->number ? sh->seen : NULL;
}

bool
shell_is_talking(const struct shell *sh)
{
	return sh->talking;
}

void
shell_quit(struct shell *sh)
{
	sh->over = true;
}

static void
set_seen(struct shell *sh, const char *id)
{
	x_free(sh->seen);
	sh->seen = x_strdup(id);
}

static void
take_conv(const struct desk_answer *a, void *arg)
{
	struct shell *sh = arg;
	const struct conv *c;

	if (a->err.code != ERR_NONE || a->n_convs == 0)
		return;
	c = a->convs[0];
	shell_close(sh);
	sh->number = c->number;
	if (c->contact != NULL) {
		sh->contact = c->contact->id;
		sh->name = x_strdup(c->contact->name);
	}
	cli_print_conv(sh->cli, c, NULL, false, NULL);
}

static void
take_messages(const struct desk_answer *a, void *arg)
{
	struct shell *sh = arg;

	for (size_t i = 0; i < a->n_msgs; i++)
		cli_print_msg(a->msgs[i], NULL);
	if (a->err.code == ERR_NONE && a->n_msgs > 0)
		set_seen(sh, a->msgs[a->n_msgs - 1]->id);
}

int
shell_open(struct shell *sh, int64_t number, struct err *e)
{
	struct desk_call get = {.op = DESK_GET, .number = number};
	struct desk_call last = {
	    .op = DESK_MESSAGES, .number = number, .limit = SHOWN};

	if (cli_ask(sh->cli, &get, take_conv, sh, e) == -1)
		return -1;
	return cli_ask(sh->cli, &last, take_messages, sh, e);
}

/* news */

static void
add_news(struct shell *sh, int64_t number, char *line, const char *id)
{
	struct news *n;

	sh->news = x_realloc(sh->news, sh->n_news + 1, sizeof(*sh->news));
	n = &sh->news[sh->n_news++];
	n->number = number;
	n->line = line;
	n->id = x_strdup(id);
}

/* In the order in which they came, each a line to be read. */
static void
tell_news(struct shell *sh)
{
	for (size_t i = 0; i < sh->n_news; i++) {
		struct news *n = &sh->news[i];
		struct buf b = {0};

		out_text(&b, n->line);
		out_line(&b, NULL);
		if (n->id != NULL && n->number == sh->number)
			set_seen(sh, n->id);
		buf_free(&b);
		x_free(n->line);
		x_free(n->id);
	}
	out_flush(NULL);
	sh->n_news = 0;
}

/* Is it for whoever sits here? */
static bool
is_ours(const struct shell *sh, const struct event *ev)
{
	const struct conv *c = ev->data->conversation;
	const char *me = sh->cli->settings->user;

	if (ev->conversation == sh->number)
		return true;
	if (strcmp(ev->kind, "message.in") != 0 || c == NULL)
		return false;
	return c->mode == MODE_MANUAL &&
	    (c->assignee == NULL ||
		(me != NULL && strcmp(c->assignee, me) == 0));
}

/* What a send has come to, or what somebody said. */
static char *
news_line(const struct shell *sh, const struct event *ev, struct arena *a)
{
	const struct conv *c = ev->data->conversation;
	const struct msg *m = ev->data->message;
	const char *me = sh->cli->settings->user;
	const char *name =
	    c == NULL || c->contact == NULL ? "" : c->contact->name;
	bool own =
	    m->author != NULL && me != NULL && strcmp(m->author, me) == 0;

	if (own && strcmp(ev->kind, "message.out") == 0)
		return NULL; /* just typed */
	if (strcmp(ev->kind, "message.state") == 0)
		return x_sprintf("#%lld %s: %s%s%s",
		    (long long)ev->conversation, name, out_state(m),
		    m->error == NULL ? "" : ": ",
		    m->error == NULL ? "" : said_phrase(m->error, a));
	if (m->from != FROM_CUSTOMER)
		name = m->author != NULL ? m->author : _("bot");
	return x_sprintf(
	    "#%lld %s: %s", (long long)ev->conversation, name, said_text(m, a));
}

static void
on_message(const struct event *ev, void *arg)
{
	struct shell *sh = arg;
	struct arena *a;
	char *line;

	if (ev->data == NULL || ev->data->message == NULL || !is_ours(sh, ev))
		return;
	a = arena_new();
	line = news_line(sh, ev, a);
	if (line != NULL)
		add_news(sh, ev->conversation, line, ev->data->message->id);
	arena_free(a);
}

static void
on_link(enum sync_link l, void *arg)
{
	struct shell *sh = arg;

	if (l == SYNC_OFFLINE)
		add_news(sh, 0,
		    x_strdup(_("the desk is not reached; what you send is "
			       "kept")),
		    NULL);
	if (l != SYNC_SIGNED_OUT)
		return;
	err_set(&sh->first, ERR_AUTH,
	    _("signed out by the desk; type: mado login %s --user %s"),
	    sh->cli->settings->url, sh->cli->settings->user);
	sh->over = true;
}

static void
on_act(const struct store_act *act, const struct err *e, void *arg)
{
	if (e->code != ERR_NONE)
		add_news(arg, act->number,
		    x_sprintf(_("#%lld: %s was refused: %s"),
			(long long)act->number, act->verb, e->msg),
		    NULL);
}

/* running a line */

/* The verb as from the command line, on what is open here. */
static int
run_verb(struct shell *sh, const struct cmd *cmd, int argc, char **argv,
    const char *text, struct err *e)
{
	struct cli sub = *sh->cli;
	int rc;

	sub.cmd = cmd;
	sub.text = text;
	sub.arena = arena_new();
	if (argc > 1 && strcmp(argv[1], "--help") == 0)
		rc = cli_help(cmd, e);
	else
		rc = cmd->cli(&sub, argc, argv, e);
	out_flush(NULL);
	arena_free(sub.arena);
	return rc;
}

/* To whom, and what it costs, as far as this machine knows. */
static void
say_send(struct shell *sh, int64_t number, int64_t ms)
{
	struct arena *a = arena_new();
	struct conv *c =
	    number == 0 ? NULL : store_conv(sh->cli->store, number, a);
	long long s = (long long)(ms + 999) / 1000;
	struct buf b = {0};

	if (c == NULL || c->contact == NULL) {
		buf_printf(&b, _("Leaves in %lld s; Ctrl-C takes it back."), s);
	} else {
		buf_puts(&b, _("To: "));
		out_text(&b, c->contact->name);
		buf_printf(&b, _(", %s, in %lld s; Ctrl-C takes it back."),
		    c->reply_free_until_ms > when_now_ms() + ms ? _("free")
								: _("1 push"),
		    s);
	}
	out_line(&b, NULL);
	out_flush(NULL);
	buf_free(&b);
	arena_free(a);
}

/* What reaches a customer waits for the undo seconds; false: taken back. */
static bool
wait_undo(struct shell *sh, const struct cmd *cmd, const char *number)
{
	int64_t ms = sh->cli->settings->undo_ms, end = when_mono_ms() + ms;
	int64_t left, n = 0;

	if (!sh->talking || !(cmd->flags & CMD_CUSTOMER) || ms == 0)
		return true;
	cli_number(number == NULL ? "" : number, &n, NULL);
	say_send(sh, n, ms);
	sh->interrupted = false;
	while (!sh->interrupted && (left = end - when_mono_ms()) > 0)
		loop_turn(sh->cli->loop, left);
	if (!sh->interrupted)
		return true;
	sh->interrupted = false;
	printf("\n%s\n", _("Taken back."));
	return false;
}

static int
run_text(struct shell *sh, const char *text, struct err *e)
{
	const struct cmd *cmd = cmd_find(sh->texts);
	char number[SHELL_NUMBER_B];
	char *argv[] = {(char *)cmd->name, number, NULL};
	int rc;

	if (text[strspn(text, " \t\n")] == '\0') {
		sh->texts = NULL;
		return 0;
	}
	snprintf(number, sizeof(number), "#%lld", (long long)sh->number);
	store_history_add(sh->cli->store, sh->contact, text, NULL);
	if (!wait_undo(sh, cmd, number)) {
		sh->back = x_strdup(text);
		return 0;
	}
	rc = run_verb(sh, cmd, 2, argv, text, e);
	if (rc == -1)
		sh->back = x_strdup(text);
	return rc;
}

/* "reply" alone: the lines that follow are texts to the open conversation. */
static bool
begins_texts(struct shell *sh, const struct cmd *cmd, int argc)
{
	if (!sh->talking || argc != 1 || sh->number == 0 ||
	    (cmd->flags & (CMD_VERB | CMD_BULK)) != CMD_VERB)
		return false;
	sh->texts = cmd->name;
	return true;
}

static int
run_words(struct shell *sh, const char *line, struct err *e)
{
	struct arena *a = arena_new();
	const struct cmd *cmd = NULL;
	int argc, rc = -1;
	char **words = words_split(line, &argc, e), **argv = words;

	if (words == NULL)
		goto out;
	rc = 0;
	if (argc == 0 || *argv[0] == '#' ||
	    (rc = shell_words_command(argv[0], &cmd, e)) == -1 ||
	    begins_texts(sh, cmd, argc))
		goto out;
	argv = shell_words_number(cmd, sh->number, &argc, argv, a, e);
	if (argv == NULL)
		rc = -1;
	else if (!wait_undo(sh, cmd, argv[1]))
		sh->back = x_strdup(line);
	else
		rc = run_verb(sh, cmd, argc, argv, NULL, e);
out:
	words_free(words);
	arena_free(a);
	return rc;
}

/* What went wrong with a line; the first is a script's exit code. */
static void
tell_failed(struct shell *sh, const struct err *e)
{
	if (sh->first.code == ERR_NONE && !sh->talking)
		err_set(&sh->first, e->code, "%s", "");
	if (e->msg[0] != '\0' && sh->talking)
		out_warn("%s", e->msg);
	else if (e->msg[0] != '\0')
		out_warn(_("line %d: %s"), sh->line_no, e->msg);
}

static void
run_line(struct shell *sh, const char *line)
{
	struct err e = {0};
	int rc;

	if (sh->texts != NULL) {
		rc = run_text(sh, line, &e);
	} else {
		if (sh->talking && line[strspn(line, " \t")] != '\0')
			store_history_add(
			    sh->cli->store, OF_COMMANDS, line, NULL);
		rc = run_words(sh, line, &e);
	}
	if (rc == -1 && e.code != ERR_NONE)
		tell_failed(sh, &e);
}

/* the prompt */

static void
put_prompt(struct shell *sh, struct buf *b)
{
	if (sh->texts != NULL && strcmp(sh->texts, "note") == 0) {
		buf_puts(b, _("NOTE, stays inside"));
	} else if (sh->texts != NULL) {
		buf_puts(b, _("To: "));
		out_text(b, sh->name);
	} else if (sh->number != 0) {
		buf_printf(b, "#%lld ", (long long)sh->number);
		out_text(b, sh->name);
	} else {
		buf_puts(b, "mado");
	}
	buf_puts(b, "> ");
}

static void
load_history(struct shell *sh)
{
	struct arena *a = arena_new();
	const char **lines;
	size_t n = store_history(sh->cli->store,
	    sh->texts != NULL ? sh->contact : OF_COMMANDS, HISTORY_MAX, a,
	    &lines);

	shell_line_history(lines, n);
	arena_free(a);
}

static void
open_prompt(struct shell *sh)
{
	struct buf b = {0};

	load_history(sh);
	put_prompt(sh, &b);
	shell_line_open(buf_str(&b), sh->back);
	x_free(sh->back);
	sh->back = NULL;
	buf_free(&b);
}

static void
on_line(const char *text, void *arg)
{
	struct shell *sh = arg;

	if (text != NULL)
		sh->typed = x_strdup(text);
	else if (sh->texts != NULL)
		sh->texts = NULL;
	else
		sh->over = true;
	if (text == NULL)
		printf("\n");
}

/* A bound command runs at once; what is typed comes back after it. */
static void
on_command(const char *command, void *arg)
{
	struct shell *sh = arg;

	x_free(sh->back);
	sh->back = x_strdup(shell_line_text());
	x_free(sh->typed);
	sh->typed = x_strdup(command);
}

static void
on_complete(struct shell_line_query *q, void *arg)
{
	struct shell *sh = arg;
	struct shell_words_asked asked = {.store = sh->cli->store,
	    .number = sh->number,
	    .texts = sh->texts,
	    .settings = sh->cli->settings};

	if (sh->found != NULL)
		arena_free(sh->found);
	asked.arena = sh->found = arena_new();
	shell_words_complete(&asked, q);
}

static void
on_tty(void *arg)
{
	(void)arg;
	shell_line_read();
}

static void
on_interrupt(void *arg)
{
	((struct shell *)arg)->interrupted = true;
}

static void
on_end(void *arg)
{
	((struct shell *)arg)->over = true;
}

static void
on_cont(void *arg)
{
	(void)arg;
	shell_line_resume();
}

/* talking */

/* The terminal is a verb's own while it runs. */
static void
run_typed(struct shell *sh)
{
	char *line = sh->typed;

	sh->typed = NULL;
	shell_line_hide();
	io_free(sh->tty);
	run_line(sh, line);
	sh->tty = loop_read(sh->cli->loop, STDIN_FILENO, on_tty, sh);
	x_free(line);
}

static void
turn(struct shell *sh)
{
	loop_turn(sh->cli->loop, TURN_MS);
	if (sh->interrupted) {
		shell_line_cancel();
		sh->texts = NULL;
		sh->interrupted = false;
	}
	if (sh->typed != NULL)
		run_typed(sh);
	/* News do not break into what is being typed. */
	if (sh->n_news > 0 &&
	    (!shell_line_is_open() || shell_line_is_empty())) {
		shell_line_hide();
		tell_news(sh);
	}
	if (!sh->over && !shell_line_is_open())
		open_prompt(sh);
}

static int
talk(struct shell *sh, struct err *e)
{
	struct cli *c = sh->cli;
	struct sync_hooks hooks = {
	    .message = on_message, .link = on_link, .act = on_act, .arg = sh};
	struct shell_line_hooks line = {on_line, on_command, on_complete, sh};

	loop_signal(c->loop, SIGINT, on_interrupt, sh);
	loop_signal(c->loop, SIGTERM, on_end, sh);
	loop_signal(c->loop, SIGHUP, on_end, sh);
	loop_signal(c->loop, SIGCONT, on_cont, sh);
	sh->sync = sync_new(c->loop, c->desk, c->store,
	    c->settings->user == NULL ? "" : c->settings->user, &hooks);
	sync_start(sh->sync);
	shell_line_start(&line, c->settings->config_dir);
	printf("%s\n",
	    _("mado: help lists the verbs, open N a conversation; "
	      "Ctrl-D leaves."));
	sh->tty = loop_read(c->loop, STDIN_FILENO, on_tty, sh);
	open_prompt(sh);
	while (!sh->over)
		turn(sh);
	shell_line_stop();
	sync_free(sh->sync);
	return sh->first.code == ERR_NONE
	    ? 0
	    : err_set(e, sh->first.code, "%s", sh->first.msg);
}

/* a script */

static int
script(struct shell *sh, struct err *e)
{
	struct err nul = {0};
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	err_set(&nul, ERR_INVALID, _("it holds a NUL byte"));
	cli_stdin_taken();
	while (!sh->over && (n = getline(&line, &cap, stdin)) != -1) {
		if (n > 0 && line[n - 1] == '\n')
			line[--n] = '\0';
		sh->line_no++;
		if (strlen(line) == (size_t)n)
			run_line(sh, line);
		else
			tell_failed(sh, &nul);
	}
	x_free(line);
	return sh->first.code == ERR_NONE
	    ? 0
	    : err_set(e, sh->first.code, "%s", "");
}

int
shell_run(struct cli *c, struct err *e)
{
	struct shell *sh = x_new(struct shell);
	struct err why = {0};
	int rc;

	sh->cli = c;
	sh->talking = isatty(STDIN_FILENO);
	c->shell = sh;
	/* What was kept leaves first; if the desk is away, a verb will say so.
	 */
	if (cli_desk(c, &why) == -1 && c->store == NULL)
		rc = err_set(e, why.code, "%s", why.msg);
	else
		rc = sh->talking ? talk(sh, e) : script(sh, e);
	shell_close(sh);
	for (size_t i = 0; i < sh->n_news; i++) {
		x_free(sh->news[i].line);
		x_free(sh->news[i].id);
	}
	x_free(sh->news);
	x_free(sh->typed);
	x_free(sh->back);
	if (sh->found != NULL)
		arena_free(sh->found);
	x_free(sh);
	c->shell = NULL;
	return rc;
}
