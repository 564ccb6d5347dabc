/*
 * Verbs on conversations: through sync's outbox, what takes them back kept for
 * U (undo.c), and what was refused brought to the agent's eyes.
 */
#include "ui.h"

#include <mado/mem.h>
#include <mado/text.h>
#include <mado/when.h>

#include <string.h>

#include "i18n.h"
#include "say.h"

enum { DONE_NAME_COLS = 16 };

int
ui_act(struct ui *u, const char *verb, int64_t number, const cJSON *args,
    int64_t delay_ms, int64_t *row, struct err *e)
{
	return sync_act(u->sync, verb, number, args, delay_ms, row, e);
}

static const char *
done_word(const char *verb)
{
	static const struct {
		const char *verb, *done;
	} t[] = {{"take", N_("taken over")}, {"auto", N_("given to the bot")},
	    {"assign", N_("assigned")}, {"tag", N_("tagged")},
	    {"pin", N_("is pinned")}, {"unpin", N_("unpinned")},
	    {"follow-up", N_("marked for a follow-up")},
	    {"snooze", N_("put off")}, {"resolve", N_("is resolved")},
	    {"reopen", N_("open again")}, {"csat", N_("will be asked")}};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		if (strcmp(t[i].verb, verb) == 0)
			return _(t[i].done);
	}
	return verb;
}

/* What was done: "#42 is resolved", "3 conversations tagged"; by name to one
 * that is not being read. */
static char *
say_done(struct ui *u, const char *verb, const int64_t *numbers, size_t n)
{
	struct arena *a;
	struct conv *c;
	struct buf b = {0};

	if (n != 1)
		return x_sprintf(_("%zu conversations %s"), n, done_word(verb));
	a = arena_new();
	buf_printf(&b, "#%lld ", (long long)numbers[0]);
	if (numbers[0] != u->thread.number &&
	    (c = store_conv(u->store, numbers[0], a)) != NULL) {
		text_fit(&b, ui_name_of(c), DONE_NAME_COLS, "~", false);
		buf_putc(&b, ' ');
	}
	buf_puts(&b, done_word(verb));
	arena_free(a);
	return buf_take(&b);
}

static bool
reaches_customer(const char *verb)
{
	return strcmp(verb, "csat") == 0;
}

int
ui_act_one(struct ui *u, const struct ui_doing *d, int64_t number, int64_t *row,
    struct err *e)
{
	struct arena *a = arena_new();
	struct conv *c = store_conv(u->store, number, a);
	int64_t delay = reaches_customer(d->verb) ? u->set->undo_ms : 0;
	struct buf inverse = {0};
	int rc;

	if (c != NULL)
		undo_say(&inverse, d->verb, c, d->args);
	rc = ui_act(u, d->verb, number, d->args, delay, row, e);
	if (rc == 0 && delay > 0)
		send_add_pending(u, *row, number, delay, NULL, false);
	if (rc == 0)
		buf_puts(d->inverse, buf_str(&inverse));
	buf_free(&inverse);
	arena_free(a);
	return rc;
}

void
ui_act_done(
    struct ui *u, const struct ui_doing *d, const int64_t *numbers, size_t n)
{
	char *what = say_done(u, d->verb, numbers, n);

	ui_say(u, d->inverse->n > 0 ? _("%s (U takes it back)") : "%s", what);
	if (d->inverse->n > 0)
		undo_push(u, buf_take(d->inverse), what);
	else
		x_free(what);
	ui_select_none(u);
}

int
ui_verb(struct ui *u, const char *verb, const int64_t *numbers, size_t n,
    const cJSON *args, struct err *e)
{
	struct buf inverse = {0};
	struct ui_doing d = {verb, args, &inverse};
	int64_t row = 0;
	int rc;

	if (n > 1) {
		bulk_open(u, verb, args, numbers, n);
		return 0;
	}
	rc = ui_act_one(u, &d, numbers[0], &row, e);
	if (rc == 0)
		ui_act_done(u, &d, numbers, n);
	buf_free(&inverse);
	return rc;
}

int
ui_text_back(
    struct ui *u, int64_t number, bool note, const char *text, struct err *e)
{
	bool open = u->line == (note ? LINE_NOTE : LINE_REPLY) &&
	    u->thread.number == number;
	struct arena *a = arena_new();
	struct draft d = {"", 0};
	int rc;

	if (open)
		d.text = line_text();
	else
		store_draft(u->store, number, note, a, &d);
	d.text = arena_sprintf(
	    a, "%s%s%s", text, *d.text == '\0' ? "" : "\n", d.text);
	d.caret_b = (int64_t)strlen(d.text);
	rc = store_set_draft(u->store, number, note, &d, e);
	if (open)
		line_set(u, d.text, (size_t)d.caret_b);
	ui_dirty(u, DIRTY_LINE);
	arena_free(a);
	return rc;
}

/* The text of a refused reply or note; its row goes when it has come back. */
static void
give_back(struct ui *u, const struct store_act *act)
{
	struct err e = {0};
	cJSON *args = json_parse(act->args, strlen(act->args), &e);
	const char *text = json_str(args, "typed", json_str(args, "text", ""));

	if (ui_text_back(
		u, act->number, strcmp(act->verb, "note") == 0, text, &e) == 0)
		store_outbox_rm(u->store, act->row, NULL);
	else
		ui_say_err(u, &e);
	cJSON_Delete(args);
}

static bool
is_text(const struct store_act *act)
{
	return strcmp(act->verb, "reply") == 0 ||
	    strcmp(act->verb, "note") == 0;
}

void
ui_act_answered(struct ui *u, const struct store_act *act, const struct err *e)
{
	send_left(u, act->row);
	if (bulk_holds(u, act->row))
		return;
	if (e->code == ERR_NONE || strcmp(act->verb, "read") == 0) {
		if (e->code != ERR_NONE)
			store_outbox_rm(u->store, act->row, NULL);
		return;
	}
	if (is_text(act) && act->number == u->thread.number) {
		give_back(u, act);
		u->hist_follow = true;
		ui_dirty(u, DIRTY_HISTORY);
		ui_bad(u,
		    e->code == ERR_UNSEEN
			? _("Not sent: there is something you have not seen. "
			    "It is above; your text is back.")
			: _("Not sent: %s. Your text is back."),
		    e->msg);
		ui_recount(u);
		return;
	}
	ui_recount(u);
	ui_bad(u, _("%s #%lld was refused: %s"), act->verb,
	    (long long)act->number, e->msg);
}

/* Opening a conversation: what was refused there comes back. */
void
ui_act_collect(struct ui *u)
{
	struct arena *a = arena_new();
	struct store_act *acts;
	size_t n = store_outbox(u->store, true, a, &acts);

	for (size_t i = 0; i < n; i++) {
		if (acts[i].number != u->thread.number)
			continue;
		ui_bad(u, _("%s was refused: %s"), acts[i].verb,
		    acts[i].error == NULL ? "" : acts[i].error);
		if (is_text(&acts[i]))
			give_back(u, &acts[i]);
		else
			store_outbox_rm(u->store, acts[i].row, NULL);
	}
	if (n > 0)
		ui_recount(u);
	arena_free(a);
}
