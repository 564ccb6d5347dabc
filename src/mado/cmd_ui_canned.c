/*
 * Canned replies in the inbox: put into the line with their variables filled.
 * What cannot be filled is refused, and the line stays as it was.
 */
#include "cmd_ui.h"

#include <mado/mem.h>

#include <string.h>

#include "canned.h"
#include "i18n.h"
#include "ui.h"

/* The text for this customer. Caller frees with x_free(). */
static char *
filled(struct ui *u, const char *name, struct err *e)
{
	struct arena *a = arena_new();
	struct canned *rows;
	size_t n = canned_list(u->store, a, &rows);
	const struct canned *c = canned_find(rows, n, name);
	char *text = NULL;

	if (c == NULL)
		err_set(e, ERR_NOTFOUND, _("There is no canned reply \"%s\"."),
		    name);
	else
		text = canned_fill(
		    c->text, u->conv, canned_agent(u->store, u->me, a), e);
	arena_free(a);
	return text;
}

int
ui_canned_insert(
    struct ui *u, const char *name, size_t at, size_t len, struct err *e)
{
	char *text = filled(u, name, e);
	struct buf b = {0};

	if (text == NULL)
		return -1;
	buf_add(&b, line_text(), at);
	buf_puts(&b, text);
	x_free(text);
	text = x_strdup(line_text() + at + len);
	at = b.n;
	buf_puts(&b, text);
	line_set(u, buf_str(&b), at);
	x_free(text);
	buf_free(&b);
	return 0;
}

int
ui_cmd_canned(struct ui *u, int argc, char **argv, struct err *e)
{
	if ((u->thread.number == 0 || u->line == LINE_CLOSED) &&
	    ui_cmd_open_for(u, 0, NULL, e) == -1)
		return -1;
	if (argc == 1) {
		palette_open(u, "canned");
		return 0;
	}
	if (u->line != LINE_REPLY)
		line_open(u, LINE_REPLY, NULL);
	return ui_canned_insert(u, argv[1], line_caret(), 0, e);
}
