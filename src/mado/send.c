/*
 * What leaves for the customer, and notes: the guard of what was seen, the
 * undo seconds, what it will cost. The text is on disk (the outbox) before the
 * line is empty.
 */
#include "ui.h"

#include <mado/mem.h>
#include <mado/text.h>
#include <mado/when.h>

#include <ctype.h>
#include <string.h>

#include "attach.h"
#include "i18n.h"

enum { FREE_MARGIN_MS = 2000 };

int64_t
send_free_ms(const struct conv *c, int64_t now_ms)
{
	if (c == NULL || c->reply_free_until_ms <= now_ms)
		return 0;
	return c->reply_free_until_ms - now_ms;
}

static void
pending_drop(struct ui *u, int i)
{
	x_free(u->pending[i].text);
	memmove(u->pending + i, u->pending + i + 1,
	    (size_t)(--u->pending_n - i) * sizeof(u->pending[0]));
	ui_dirty(u, DIRTY_TO);
}

void
send_free(struct ui *u)
{
	while (u->pending_n > 0)
		pending_drop(u, u->pending_n - 1);
}

void
send_left(struct ui *u, int64_t row)
{
	for (int i = u->pending_n; i-- > 0;) {
		if (u->pending[i].row == row)
			pending_drop(u, i);
	}
}

struct pending *
send_pending(struct ui *u, int64_t number)
{
	for (int i = u->pending_n; i-- > 0;) {
		if (u->pending[i].number == number)
			return &u->pending[i];
	}
	return NULL;
}

void
send_add_pending(struct ui *u, int64_t row, int64_t number, int64_t ms,
    const char *text, bool note)
{
	if (u->pending_n == PENDING_MAX)
		pending_drop(u, 0);
	u->pending[u->pending_n++] = (struct pending){
	    row, number, when_mono_ms() + ms, x_strdup(text), note};
	ui_dirty(u, DIRTY_TO);
}

void
send_expire(struct ui *u)
{
	for (int i = u->pending_n; i-- > 0;) {
		if (u->pending[i].until_ms <= when_mono_ms())
			pending_drop(u, i);
	}
}

bool
send_take_back(struct ui *u)
{
	struct pending *p =
	    u->thread.number != 0 ? send_pending(u, u->thread.number) : NULL;
	struct err e = {0};
	int i;

	if (p == NULL && u->pending_n > 0)
		p = &u->pending[u->pending_n - 1];
	if (p == NULL)
		return false;
	i = (int)(p - u->pending);
	if (!sync_undo(u->sync, p->row)) {
		ui_bad(u, _("Too late: it has left."));
	} else if (p->text != NULL &&
	    ui_text_back(u, p->number, p->note, p->text, &e) == -1) {
		ui_say_err(u, &e);
	} else if (p->text == NULL || p->number == u->thread.number) {
		ui_say(u, _("Taken back; nothing was sent."));
	} else {
		ui_say(u, _("Taken back; the text is in the draft of #%lld."),
		    (long long)p->number);
	}
	pending_drop(u, i);
	return true;
}

bool
send_hurry(struct ui *u)
{
	struct pending *p = send_pending(u, u->thread.number);

	if (p == NULL)
		return false;
	sync_hurry(u->sync, p->row);
	pending_drop(u, (int)(p - u->pending));
	return true;
}

static bool
is_blank(const char *s)
{
	return s[strspn(s, " \t\r\n")] == '\0';
}

/* The name of a colleague in "@name", as they are known here; NULL: none. */
static const char *
mention(struct ui *u, const char *text, struct arena *a)
{
	char *json = store_get(u->store, "agents", a);
	cJSON *o = json == NULL ? NULL : json_parse(json, strlen(json), NULL);
	const cJSON *agent;
	const char *found = NULL;

	cJSON_ArrayForEach(agent, json_arr(o, "agents"))
	{
		const char *name = json_str(agent, "name", "");
		const char *at = arena_sprintf(a, "@%s", name);
		const char *hit = *name == '\0' ? NULL : strstr(text, at);

		if (hit != NULL && !isalnum((unsigned char)hit[strlen(at)]))
			found = arena_strdup(a, name);
	}
	cJSON_Delete(o);
	return found;
}

/* What a yes is about. */
struct asked {
	int64_t number;
	bool mention;
	char text[]; /* to its end */
};

static void
agreed(struct ui *u, void *arg)
{
	const struct asked *k = arg;

	if (k->number != u->thread.number || u->line != LINE_REPLY ||
	    strcmp(k->text, line_text()) != 0) {
		ui_bad(u, _("The reply is another one now. Nothing was sent."));
		return;
	}
	if (k->mention)
		u->mention_ok = true;
	else
		u->here_asked = k->number;
	send_line(u);
}

void
send_ask(struct ui *u, char *question, bool mention)
{
	size_t n = strlen(line_text()) + 1;
	struct asked *k = x_calloc(1, sizeof(*k) + n);

	k->number = u->thread.number;
	k->mention = mention;
	memcpy(k->text, line_text(), n);
	ui_ask(u, question, agreed, k);
}

/* True when something must be looked at before the text may leave. */
static bool
is_held_up(struct ui *u, const char *text)
{
	struct arena *a;
	const char *name;

	if (u->seen_ms != 0 && when_mono_ms() - u->seen_ms < KEY_GUARD_MS) {
		ui_bad(u,
		    _("A message has come in just now. Read it, then "
		      "Enter sends."));
		return true;
	}
	if (here_ask(u))
		return true;
	if (u->mention_ok)
		return false;
	a = arena_new();
	if ((name = mention(u, text, a)) != NULL)
		send_ask(u,
		    x_sprintf(_("This goes to the customer and holds @%s. "
				"Send it?"),
			name),
		    true);
	arena_free(a);
	return name != NULL;
}

static int64_t
undo_delay(const struct ui *u)
{
	int64_t left = send_free_ms(u->conv, when_now_ms());

	/* Not when waiting would cost the free reply. */
	if (left > 0 && left < u->set->undo_ms + FREE_MARGIN_MS)
		return 0;
	return u->set->undo_ms;
}

int64_t
send_later_ms(const struct ui *u)
{
	return u->at_number == u->thread.number ? u->at_ms : 0;
}

static cJSON *
reply_args(const struct ui *u, const char *text)
{
	cJSON *args = cJSON_CreateObject();
	char at[WHEN_TEXT_B];

	attach_args(args, text);
	if (u->seen != NULL)
		cJSON_AddStringToObject(args, "seen", u->seen);
	if (u->quote_id != NULL)
		cJSON_AddStringToObject(args, "quote", u->quote_id);
	if (send_later_ms(u) != 0)
		cJSON_AddStringToObject(args, "at", when_rfc3339(u->at_ms, at));
	return args;
}

static void
sent(struct ui *u, int64_t row, int64_t delay, const char *text)
{
	bool note = u->line == LINE_NOTE;
	struct draft none = {"", 0};

	store_history_add(u->store, u->thread.contact, text, NULL);
	if (delay > 0)
		send_add_pending(u, row, u->thread.number, delay, text, note);
	line_clear(u);
	store_set_draft(u->store, u->thread.number, note, &none, NULL);
	if (!note)
		u->at_ms = 0;
	x_free(u->quote_id);
	x_free(u->quote_text);
	u->quote_id = u->quote_text = NULL;
	if (!u->hist_follow)
		thread_newest(&u->thread);
	u->lines_stale = true;
	u->hist_follow = true;
	ui_dirty(u, DIRTY_HISTORY | DIRTY_TO | DIRTY_LINE);
}

void
send_line(struct ui *u)
{
	bool note = u->line == LINE_NOTE;
	char *text = x_strdup(line_text());
	size_t u16 = text_utf16_len(text);
	struct err e = {0};
	int64_t row = 0, delay = 0;
	cJSON *args = NULL;

	if (is_blank(text)) {
		send_hurry(u);
		goto out;
	}
	if (u16 > MSG_TEXT_MAX_U16) {
		ui_bad(u, _("%zu characters: LINE takes %d. Nothing was sent."),
		    u16, MSG_TEXT_MAX_U16);
		goto out;
	}
	if (!note && is_held_up(u, text))
		goto out;
	args = reply_args(u, text);
	delay = note ? 0 : undo_delay(u);
	if (note) {
		cJSON_DeleteItemFromObject(args, "seen");
		cJSON_DeleteItemFromObject(args, "quote");
	}
	if (sync_act(u->sync, note ? "note" : "reply", u->thread.number, args,
		delay, &row, &e) == -1) {
		ui_say_err(u, &e); /* a full disk: the text stays */
		goto out;
	}
	sent(u, row, delay, text);
	if (note)
		line_close(u);
out:
	cJSON_Delete(args);
	x_free(text);
}
