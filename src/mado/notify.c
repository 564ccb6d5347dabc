/*
 * Telling an agent who looks elsewhere: what customers write to one's own or
 * to nobody's conversations, what was assigned, notes that mention one, who
 * has waited for too long. By the bell, the terminal's notifications (OSC 9 or
 * 777) and a command. Called with live events and with each minute.
 */
#include "ui.h"

#include <mado/mem.h>
#include <mado/text.h>
#include <mado/when.h>

#include <stdlib.h>
#include <string.h>

#include "i18n.h"
#include "term.h"

enum {
	TEXT_COLS = 120,
	WAITING_MAX = 200, /* looked at, once a minute */
	TOLD_MAX = 5,      /* in TOLD_MS: more call nobody any sooner */
	TOLD_MS = 1000
};

/* Printable and short, whoever wrote it: terminals show it, commands get it. */
static char *
clean(const char *text)
{
	struct buf b = {0};

	text_fit(&b, text, TEXT_COLS, "~", false);
	return buf_take(&b);
}

static bool
is_too_many(struct ui *u)
{
	int64_t now = when_mono_ms();

	if (now - u->told_ms >= TOLD_MS) {
		u->told_ms = now;
		u->told_n = 0;
	}
	return ++u->told_n > TOLD_MAX;
}

static void
tell(struct ui *u, const char *what, const struct conv *c, const char *text)
{
	char *all, *line;

	if (is_too_many(u))
		return;
	all = x_sprintf("%s%s: %s", what, ui_name_of(c), text);
	line = clean(all);
	x_free(all);
	if (u->set->bell)
		term_bell();
	if (u->set->notify != NOTIFY_OFF)
		term_notify("mado", line, u->set->notify == NOTIFY_OSC777);
	outside_notify(u, line);
	x_free(line);
}

static bool
is_me(const struct ui *u, const char *name)
{
	return name != NULL && strcmp(name, u->me) == 0;
}

/* Is it in front of the agent's eyes? */
static bool
is_seen(const struct ui *u, const struct conv *c)
{
	return u->focused && c->number == u->thread.number;
}

static bool
mentions_me(const struct ui *u, const struct msg *m)
{
	char *at;
	bool yes;

	if (m == NULL || m->type != MSG_NOTE || is_me(u, m->author))
		return false;
	at = x_sprintf("@%s", u->me);
	yes = strstr(m->text, at) != NULL;
	x_free(at);
	return yes;
}

void
notify_event(struct ui *u, const struct event *ev)
{
	const struct conv *c = ev->data == NULL ? NULL : ev->data->conversation;
	const struct msg *m = ev->data == NULL ? NULL : ev->data->message;
	bool is_in = strcmp(ev->kind, "message.in") == 0;

	if (u->quiet || c == NULL || is_seen(u, c))
		return;
	if (is_in && c->mode == MODE_MANUAL &&
	    (c->assignee == NULL || is_me(u, c->assignee)))
		tell(u, "", c,
		    c->last_message == NULL ? "" : c->last_message->text);
	else if (mentions_me(u, m))
		tell(u, _("You are mentioned: "), c, m->text);
	else if (is_me(u, c->assignee) && ev->actor != NULL &&
	    !is_me(u, ev->actor) && ev->why != NULL &&
	    strcmp(ev->why, "assign") == 0)
		tell(u, _("Yours now: "), c,
		    c->last_message == NULL ? "" : c->last_message->text);
}

/* Who has begun to wait for too long since this was last asked. */
static void
tell_late(struct ui *u, enum view view, int64_t since_ms, int64_t now_ms)
{
	struct store_list q = {.view = view, .limit = WAITING_MAX};
	struct arena *a = arena_new();
	struct conv **v = NULL;
	size_t n = store_list(u->store, &q, a, &v);

	for (size_t i = 0; i < n; i++) {
		int64_t due = v[i]->waiting_since_ms + u->set->late_ms;

		if (v[i]->waiting_since_ms != 0 && due > since_ms &&
		    due <= now_ms)
			tell(u, _("Waits for long: "), v[i],
			    v[i]->last_message == NULL
				? ""
				: v[i]->last_message->text);
	}
	arena_free(a);
}

/* Nobody's, and one's own. */
void
notify_clock(struct ui *u, int64_t now_ms)
{
	int64_t since = u->late_asked_ms;

	u->late_asked_ms = now_ms;
	if (u->quiet || since == 0 || u->set->late_ms == 0)
		return;
	tell_late(u, VIEW_WAITING, since, now_ms);
	tell_late(u, VIEW_MINE, since, now_ms);
}
