/*
 * The line mode's prompt: readline's callback interface on the terminal as it
 * is. Knows no verb and no desk. For shell.c.
 */
#ifndef MADO_SHELL_LINE_H
#define MADO_SHELL_LINE_H

#include <stdbool.h>
#include <stddef.h>

/* What may the word that begins at `start` of text become? */
struct shell_line_query {
	const char *text, *word;
	size_t start;
	const char *const *v;
	size_t n;
	bool whole; /* no space after it */
};

struct shell_line_hooks {
	/* Enter; NULL: the end of the input. Lent. The prompt is away until
	 * shell_line_open(). */
	void (*line)(const char *text, void *arg);
	/* A key that an inputrc binds to mado-NAME. */
	void (*command)(const char *name, void *arg);
	/* Fill v, lent until the next call. */
	void (*complete)(struct shell_line_query *q, void *arg);
	void *arg;
};

/* config_dir: of the inputrc that is read after the user's. */
void shell_line_start(const struct shell_line_hooks *h, const char *config_dir);
void shell_line_stop(void);
/* Show the prompt, with a text to go on with (NULL: none). */
void shell_line_open(const char *prompt, const char *text);
/* Take it away, for what is printed in between; open again afterwards. */
void shell_line_hide(void);
bool shell_line_is_open(void);
/* Ctrl-C: what is typed goes, and the prompt. */
void shell_line_cancel(void);
/* After a stop: the terminal has been somebody else's. */
void shell_line_resume(void);
/* Nothing is typed. */
bool shell_line_is_empty(void);
/* What is typed. Lent. */
const char *shell_line_text(void);
/* Bytes have come from the terminal. */
void shell_line_read(void);
/* What Up goes through, oldest first. */
void shell_line_history(const char *const *lines, size_t n);

#endif
