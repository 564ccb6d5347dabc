/*
 * Who else is at the open conversation: what they are told of us, what we say
 * of them, and the question before two people answer one customer. Called by
 * ui_key.c, ui_conv.c and the history's frame.
 */
#include "ui.h"

#include <mado/mem.h>

#include <string.h>

#include "draw.h"
#include "i18n.h"

void
here_update(struct ui *u, bool typed)
{
	sync_at(u->sync, u->thread.number,
	    typed && u->line == LINE_REPLY && *line_text() != '\0');
}

/* The names of those who type (or only look), with commas. */
static size_t
names(struct ui *u, bool typing, struct buf *b)
{
	const struct present *v;
	size_t n = sync_present(u->sync, &v), said = 0;

	for (size_t i = 0; i < n; i++) {
		if (v[i].typing != typing ||
		    v[i].conversation != u->thread.number)
			continue;
		buf_printf(b, "%s%s", said++ > 0 ? ", " : "", v[i].agent);
	}
	return said;
}

void
here_say(struct ui *u, struct buf *b)
{
	struct buf who = {0};

	if (names(u, true, &who) > 0)
		buf_printf(b, _("%s is typing"), buf_str(&who));
	buf_reset(&who);
	if (names(u, false, &who) > 0) {
		buf_puts(b, b->n > 0 ? "  " : "");
		buf_printf(b, _("%s is looking"), buf_str(&who));
	}
	buf_free(&who);
}

void
here_draw(struct ui *u, const struct rect *frame)
{
	struct buf b = {0};
	struct pen p;
	int w;

	here_say(u, &b);
	w = text_width(buf_str(&b), b.n) + 2;
	if (b.n > 0 && frame->w > 8) {
		if (w > frame->w - 4)
			w = frame->w - 4;
		p = draw_at(frame->y + frame->h - 1, frame->x + 2, w);
		draw_text(&p, UI_AGENT, " ");
		draw_cut(&p, UI_AGENT, buf_str(&b), w - 2);
		draw_fill(&p, UI_AGENT);
	}
	buf_free(&b);
}

/* Somebody has begun to type where we do. */
void
here_changed(struct ui *u)
{
	struct buf b = {0};
	size_t n = names(u, true, &b);

	ui_dirty(u, DIRTY_HISTORY);
	if (u->line == LINE_REPLY && n > u->here_typing)
		ui_say(u, _("%s is typing here too"), buf_str(&b));
	u->here_typing = n;
	buf_free(&b);
}

/* Whose it is, or who is writing to them now; "" when nobody. */
static void
say_busy(struct ui *u, const struct conv *c, struct buf *b)
{
	struct buf who = {0};

	if (names(u, true, &who) > 0)
		buf_printf(b, _("%s is typing here."), buf_str(&who));
	else if (c != NULL && c->assignee != NULL &&
	    strcmp(c->assignee, u->me) != 0)
		buf_printf(b, _("%s has it."), c->assignee);
	buf_free(&who);
}

bool
here_ask(struct ui *u)
{
	struct buf b = {0};
	bool asks;

	say_busy(u, u->conv, &b);
	asks = b.n > 0 && u->here_asked != u->thread.number;
	if (asks)
		send_ask(u,
		    x_sprintf("%s %s", buf_str(&b), _("Reply all the same?")),
		    false);
	buf_free(&b);
	return asks;
}

void
here_warn(struct ui *u)
{
	struct buf b = {0};

	say_busy(u, u->conv, &b);
	if (b.n > 0 && u->here_asked != u->thread.number)
		ui_say(u, "%s %s", buf_str(&b), _("Sending will ask."));
	buf_free(&b);
}
