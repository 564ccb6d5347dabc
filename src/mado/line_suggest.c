/*
 * The bot's answer beside people: it is silent, but what it would have said
 * stands in grey on the empty reply, and Right or Ctrl-E takes it. Called by
 * line_draw.c and by readline's functions.
 */
#include "ui.h"

#include <string.h>

const struct suggestion *
line_suggestion(const struct ui *u)
{
	if (u->conv == NULL || u->conv->mode != MODE_MANUAL ||
	    u->conv->number != u->thread.number)
		return NULL;
	if (u->line == LINE_REPLY ? *line_text() != '\0'
				  : u->line != LINE_CLOSED)
		return NULL;
	return u->conv->suggestion;
}

bool
line_suggest(struct ui *u)
{
	const struct suggestion *s = line_suggestion(u);

	if (u->line != LINE_REPLY || s == NULL || *s->text == '\0')
		return false;
	line_set(u, s->text, strlen(s->text));
	return true;
}
