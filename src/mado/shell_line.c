/*
 * The line mode's prompt. readline has the terminal here and draws for
 * itself, so that it works wherever readline does; between prompts the
 * terminal is as the shell has left it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include <mado/mem.h>

#include "cmd.h"
#include "line_bind.h"
#include "shell_line.h"

static struct {
	struct shell_line_hooks hooks;
	char *prompt;
	struct shell_line_query query;
	bool open;
} line;

/* completion */

/* readline frees what it is given. */
static char *
next_match(const char *text, int state)
{
	static size_t i;

	(void)text;
	if (state == 0)
		i = 0;
	return i < line.query.n ? strdup(line.query.v[i++]) : NULL;
}

static char **
complete(const char *text, int start, int end)
{
	(void)end;
	line.query = (struct shell_line_query){
	    .text = rl_line_buffer, .word = text, .start = (size_t)start};
	line.hooks.complete(&line.query, line.hooks.arg);
	rl_attempted_completion_over = 1; /* never names of files */
	rl_completion_suppress_append = line.query.whole;
	return rl_completion_matches(text, next_match);
}

/* keys */

static int
fn_newline(int count, int key)
{
	(void)count;
	(void)key;
	rl_insert_text("\n");
	return 0;
}

static void
on_command(const char *command, void *arg)
{
	(void)arg;
	line.hooks.command(command, line.hooks.arg);
}

/* The names that the reply line has, so that one inputrc serves both. */
static const struct line_fn functions[] = {
    {"mado-send", rl_newline, "\\C-m", NULL},
    {"mado-newline", fn_newline, "\\C-j", NULL},
    {"mado-complete", rl_complete, "\\C-i", NULL},
};

static void
start_binds(const char *config_dir)
{
	struct line_binds b = {
	    .fns = functions,
	    .n_fns = sizeof(functions) / sizeof(functions[0]),
	    .flag = CMD_CLI | CMD_SHELL,
	    .run = on_command,
	    .config_dir = config_dir,
	};

	line_bind_start(&b);
}

/* the line */

static void
on_line(char *text)
{
	rl_callback_handler_remove();
	line.open = false;
	line.hooks.line(text, line.hooks.arg);
	rl_free(text);
}

void
shell_line_start(const struct shell_line_hooks *h, const char *config_dir)
{
	line.hooks = *h;
	rl_readline_name = "mado";
	rl_catch_signals = 0; /* the loop takes Ctrl-C */
	rl_change_environment = 0;
	rl_completer_word_break_characters = " \t\n";
	rl_attempted_completion_function = complete;
	rl_instream = stdin;
	rl_outstream = stdout;
	rl_initialize();
	start_binds(config_dir);
	using_history();
}

void
shell_line_stop(void)
{
	shell_line_hide();
	clear_history();
	line_bind_free();
	x_free(line.prompt);
	line.prompt = NULL;
}

void
shell_line_open(const char *prompt, const char *text)
{
	if (line.open)
		return;
	x_free(line.prompt);
	line.prompt = x_strdup(prompt);
	line.open = true;
	rl_callback_handler_install(line.prompt, on_line);
	if (text != NULL && *text != '\0') {
		rl_insert_text(text);
		rl_redisplay();
	}
}

static bool
is_dumb(void)
{
	const char *term = getenv("TERM");

	return term == NULL || strcmp(term, "dumb") == 0;
}

/* A terminal that can't go back keeps the prompt, on a line of its own. */
void
shell_line_hide(void)
{
	if (!line.open)
		return;
	line.open = false;
	if (is_dumb())
		rl_crlf();
	else
		rl_clear_visible_line();
	fflush(rl_outstream);
	rl_callback_handler_remove();
}

void
shell_line_cancel(void)
{
	if (!line.open)
		return;
	line.open = false;
	rl_callback_sigcleanup();
	rl_replace_line("", 1);
	rl_crlf();
	fflush(rl_outstream);
	rl_callback_handler_remove();
}

void
shell_line_resume(void)
{
	if (!line.open)
		return;
	rl_prep_terminal(1);
	rl_forced_update_display();
}

bool
shell_line_is_open(void)
{
	return line.open;
}

bool
shell_line_is_empty(void)
{
	return rl_end == 0;
}

const char *
shell_line_text(void)
{
	return rl_line_buffer == NULL ? "" : rl_line_buffer;
}

void
shell_line_read(void)
{
	if (line.open)
		rl_callback_read_char();
}

void
shell_line_history(const char *const *lines, size_t n)
{
	clear_history();
	for (size_t i = 0; i < n; i++)
		add_history(lines[i]);
}
