/*
 * Verbs on conversations: through sync's outbox, with what takes them back
 * kept for U, and what was refused brought to the agent's eyes.
 */
#include "ui.h"

#include <mado/mem.h>
#include <mado/when.h>

#include <string.h>

#include "i18n.h"
#include "say.h"

int
ui_act(struct ui *u, const char *verb, int64_t number, const cJSON *args,
    int64_t delay_ms, int64_t *row, struct err *e)
{
	return sync_act(u->sync, verb, number, args, delay_ms, row, e);
}

static void
undo_free(struct undo *d)
{
	x_free(d->command);
	x_free(d->what);
	memset(d, 0, sizeof(*d));
}

void
ui_act_free(struct ui *u)
{
	for (int i = 0; i < u->undo_n; i++)
		undo_free(&u->undo[i]);
	u->undo_n = 0;
}

/* Remember how to take back; takes ownership of both strings. */
static void
undo_push(struct ui *u, char *command, char *what)
{
	if (u->undo_n == UNDO_MAX) {
		undo_free(&u->undo[0]);
		memmove(
		    u->undo, u->undo + 1, (UNDO_MAX - 1) * sizeof(u->undo[0]));
		u->undo_n--;
	}
	u->undo[u->undo_n++] = (struct undo){command, what};
}

/* The verb that brings a status back. */
static void
say_restore(struct buf *b, const struct conv *c)
{
	char when[WHEN_TEXT_B];
	long long n = (long long)c->number;

	if (c->status == STATUS_FOLLOW_UP)
		buf_printf(b, "follow-up %lld", n);
	else if (c->status == STATUS_RESOLVED)
		buf_printf(b, "resolve %lld", n);
	else if (c->status == STATUS_SNOOZED && c->snoozed_until_ms != 0)
		buf_printf(b, "snooze %lld %s", n,
		    when_rfc3339(c->snoozed_until_ms, when));
	else if (c->status == STATUS_SNOOZED)
		buf_printf(b, "snooze %lld next", n);
	else
		buf_printf(b, "reopen %lld", n);
}

static void
say_assign(struct buf *b, const struct conv *c)
{
	buf_printf(b, "assign %lld %s", (long long)c->number,
	    c->assignee == NULL ? "-" : c->assignee);
}

static void
say_untag(struct buf *b, const struct conv *c, const cJSON *args)
{
	static const char *const lists[] = {"add", "remove"};
	const cJSON *tag;

	buf_printf(b, "tag %lld", (long long)c->number);
	for (int i = 0; i < 2; i++) {
		cJSON_ArrayForEach(tag, json_arr(args, lists[i])) buf_printf(
		    b, " '%s%s'", i == 0 ? "-" : "+", tag->valuestring);
	}
}

/* Commands, a line each, that undo the verb on the row as it was. */
static void
say_inverse(
    struct buf *b, const char *verb, const struct conv *c, const cJSON *args)
{
	long long n = (long long)c->number;

	if (strcmp(verb, "pin") == 0 && !c->pinned)
		buf_printf(b, "unpin %lld", n);
	else if (strcmp(verb, "unpin") == 0 && c->pinned)
		buf_printf(b, "pin %lld", n);
	else if (strcmp(verb, "tag") == 0)
		say_untag(b, c, args);
	else if (strcmp(verb, "assign") == 0)
		say_assign(b, c);
	else if (strcmp(verb, "take") == 0 && c->mode == MODE_AUTO)
		buf_printf(b, "auto %lld", n);
	else if (strcmp(verb, "take") == 0)
		say_assign(b, c);
	else if (strcmp(verb, "auto") == 0 && c->mode == MODE_MANUAL) {
		buf_printf(b, "take %lld\n", n);
		say_assign(b, c);
	} else if (name_find((const char *const[]){"follow-up", "snooze",
				 "resolve", "reopen", NULL},
		       verb) >= 0)
		say_restore(b, c);
	if (b->n > 0)
		buf_putc(b, '\n');
}

static const char *
done_word(const char *verb)
{
	static const struct {
		const char *verb, *done;
	} t[] = {{"take", N_("taken over")}, {"auto", N_("given to the bot")},
	    {"assign", N_("assigned")}, {"tag", N_("tagged")},
	    {"pin", N_("pinned")}, {"unpin", N_("unpinned")},
	    {"follow-up", N_("marked for a follow-up")},
	    {"snooze", N_("put off")}, {"resolve", N_("is resolved")},
	    {"reopen", N_("open again")}, {"csat", N_("will be asked")}};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		if (strcmp(t[i].verb, verb) == 0)
			return _(t[i].done);
	}
	return verb;
}

/* What was done, to say it: "#42 resolved", "3 conversations tagged". */
static char *
say_done(const char *verb, const int64_t *numbers, size_t n)
{
	if (n == 1)
		return x_sprintf(
		    "#%lld %s", (long long)numbers[0], done_word(verb));
	return x_sprintf(_("%zu conversations %s"), n, done_word(verb));
}

struct bulk {
	char *verb;
	cJSON *args;
	int64_t *numbers;
	size_t n;
};

static bool
reaches_customer(const char *verb)
{
	return strcmp(verb, "csat") == 0;
}

static int
act_one(struct ui *u, const struct bulk *b, int64_t number, struct buf *inverse,
    struct err *e)
{
	struct arena *a = arena_new();
	struct conv *c = store_conv(u->store, number, a);
	bool send = reaches_customer(b->verb);
	int64_t row = 0;
	int rc;

	if (c != NULL)
		say_inverse(inverse, b->verb, c, b->args);
	rc = ui_act(
	    u, b->verb, number, b->args, send ? u->set->undo_ms : 0, &row, e);
	if (rc == 0 && send && u->set->undo_ms > 0)
		send_add_pending(u, row, number, u->set->undo_ms, NULL, false);
	arena_free(a);
	return rc;
}

static int
act_all(struct ui *u, const struct bulk *b, struct err *e)
{
	struct buf inverse = {0};
	char *what = say_done(b->verb, b->numbers, b->n);
	int rc = 0;

	for (size_t i = 0; i < b->n && rc == 0; i++)
		rc = act_one(u, b, b->numbers[i], &inverse, e);
	if (rc == 0)
		ui_say(
		    u, inverse.n > 0 ? _("%s (U takes it back)") : "%s", what);
	if (inverse.n > 0) {
		undo_push(u, buf_take(&inverse), what);
		what = NULL;
	}
	ui_select_none(u);
	buf_free(&inverse);
	x_free(what);
	return rc;
}

static void
act_asked(struct ui *u, void *arg)
{
	struct bulk *b = arg;
	struct err e = {0};

	if (act_all(u, b, &e) == -1)
		ui_say_err(u, &e);
}

/* A question frees its argument with x_free(): one block holds all. */
static struct bulk *
bulk_copy(const struct bulk *b)
{
	size_t verb_n = strlen(b->verb) + 1;
	struct bulk *c =
	    x_calloc(1, sizeof(*c) + b->n * sizeof(*b->numbers) + verb_n);

	c->n = b->n;
	c->numbers = (int64_t *)(c + 1);
	memcpy(c->numbers, b->numbers, b->n * sizeof(*b->numbers));
	c->verb = (char *)(c->numbers + b->n);
	memcpy(c->verb, b->verb, verb_n);
	return c;
}

int
ui_verb(struct ui *u, const char *verb, const int64_t *numbers, size_t n,
    const cJSON *args, struct err *e)
{
	struct bulk b = {(char *)verb, (cJSON *)args, (int64_t *)numbers, n};

	if (n > 1 && reaches_customer(verb)) {
		ui_ask(u, x_sprintf(_("Send the survey to %zu customers?"), n),
		    act_asked, bulk_copy(&b));
		return 0;
	}
	return act_all(u, &b, e);
}

void
ui_undo(struct ui *u)
{
	struct undo d;
	char *save = NULL;
	int depth;

	if (send_take_back(u))
		return;
	if (u->undo_n == 0) {
		ui_say(u, _("There is nothing to take back."));
		return;
	}
	d = u->undo[--u->undo_n];
	memset(&u->undo[u->undo_n], 0, sizeof(d));
	depth = u->undo_n;
	for (char *line = strtok_r(d.command, "\n", &save); line != NULL;
	     line = strtok_r(NULL, "\n", &save))
		ui_run(u, line);
	/* What it pushed would make a second U do it again. */
	while (u->undo_n > depth)
		undo_free(&u->undo[--u->undo_n]);
	ui_say(u, _("Taken back: %s"), d.what);
	undo_free(&d);
}

/* The text of a refused reply or note, into the line or its draft. */
static void
give_back(struct ui *u, const struct store_act *act)
{
	struct err e = {0};
	cJSON *args = json_parse(act->args, strlen(act->args), &e);
	const char *text = json_str(args, "text", "");
	bool note = strcmp(act->verb, "note") == 0;
	struct draft d = {text, (int64_t)strlen(text)}, old;
	struct arena *a = arena_new();
	enum line_kind kind = note ? LINE_NOTE : LINE_REPLY;

	if (u->line == kind && u->thread.number == act->number) {
		char *both = *line_text() == '\0'
		    ? x_strdup(text)
		    : x_sprintf("%s\n%s", text, line_text());

		line_set(u, both, strlen(both));
		x_free(both);
	} else {
		if (store_draft(u->store, act->number, note, a, &old)) {
			d.text = arena_sprintf(a, "%s\n%s", text, old.text);
			d.caret_b = (int64_t)strlen(d.text);
		}
		store_set_draft(u->store, act->number, note, &d, NULL);
	}
	store_outbox_rm(u->store, act->row, NULL);
	arena_free(a);
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
