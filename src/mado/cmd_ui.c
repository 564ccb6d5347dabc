/*
 * Verbs from a key or the ":" line. Words without numbers mean the selected
 * conversations, else the current one. Everything goes through ui_act.c and
 * send.c; nothing here draws.
 */
#include "cmd_ui.h"

#include <mado/mem.h>

#include <stdio.h>
#include <stdlib.h>

#include <string.h>

#include "i18n.h"
#include "ui.h"

static bool
is_number(const char *s)
{
	return *s != '\0' && s[strspn(s, "0123456789")] == '\0';
}

/* Leading numbers after the name: how many. */
static int
leading_numbers(int argc, char **argv)
{
	int n = 0;

	while (n + 1 < argc && is_number(argv[n + 1]))
		n++;
	return n;
}

/* What a verb is about: its numbers, else what is selected or current. */
static size_t
targets(struct ui *u, int given, char **argv, int64_t **out, struct err *e)
{
	if (given == 0)
		return ui_targets(u, out, e);
	*out = x_calloc((size_t)given, sizeof(**out));
	for (int i = 0; i < given; i++)
		(*out)[i] = strtoll(argv[i + 1], NULL, 10);
	return (size_t)given;
}

int
ui_cmd_verb(struct ui *u, int argc, char **argv, struct err *e)
{
	int given = leading_numbers(argc, argv), rc = -1;
	int64_t *numbers = NULL;
	size_t n = targets(u, given, argv, &numbers, e);
	cJSON *args;

	if (n == 0)
		return -1;
	args = verb_args(argv[0], argc - 1 - given, argv + 1 + given, e);
	if (args != NULL)
		rc = ui_verb(u, argv[0], numbers, n, args, e);
	cJSON_Delete(args);
	x_free(numbers);
	return rc;
}

int
ui_cmd_open_for(struct ui *u, int given, char **argv, struct err *e)
{
	int64_t number =
	    given > 0 ? strtoll(argv[1], NULL, 10) : ui_current(u, e);

	if (number == 0)
		return -1;
	if (number != u->thread.number)
		ui_open(u, number);
	if (u->thread.number != number)
		return err_set(e, ERR_NOTFOUND,
		    _("#%lld is not on this machine."), (long long)number);
	return 0;
}

static void
words_into(struct buf *b, int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		buf_printf(b, "%s%s", i > 0 ? " " : "", argv[i]);
}

/* "reply", "reply 42", "reply TEXT": with a text it is sent as if typed. */
static int
open_line(
    struct ui *u, enum line_kind kind, int argc, char **argv, struct err *e)
{
	int given = leading_numbers(argc, argv) > 0 ? 1 : 0;
	struct buf text = {0};

	if (ui_cmd_open_for(u, given, argv, e) == -1)
		return -1;
	u->over = OVER_NONE;
	line_open(u, kind, NULL);
	words_into(&text, argc - 1 - given, argv + 1 + given);
	if (text.n > 0) {
		line_set(u, buf_str(&text), text.n);
		send_line(u);
	}
	buf_free(&text);
	return 0;
}

int
ui_cmd_reply(struct ui *u, int argc, char **argv, struct err *e)
{
	return open_line(u, LINE_REPLY, argc, argv, e);
}

int
ui_cmd_note(struct ui *u, int argc, char **argv, struct err *e)
{
	return open_line(u, LINE_NOTE, argc, argv, e);
}

static void
on_claimed(int64_t number, const struct err *e, void *arg)
{
	struct ui *u = arg;

	if (number == 0) {
		if (e->code == ERR_NOTFOUND)
			ui_say(u, _("Nobody is waiting."));
		else
			ui_say_err(u, e);
		return;
	}
	undo_push(u, x_sprintf("assign %lld -", (long long)number),
	    x_sprintf(_("#%lld is yours."), (long long)number));
	/* Who has gone on typing must not do so to somebody else. */
	if (u->keys_n != u->claim_n) {
		ui_say(u, _("#%lld is yours; :open %lld goes there."),
		    (long long)number, (long long)number);
		return;
	}
	ui_open(u, number);
	ui_focus(u, PANE_HISTORY);
	line_open(u, LINE_REPLY, NULL);
	ui_say(u, _("#%lld is yours."), (long long)number);
}

int
ui_cmd_claim(struct ui *u, int argc, char **argv, struct err *e)
{
	(void)argc;
	(void)argv;
	if (sync_link(u->sync) != SYNC_LIVE)
		return err_set(e, ERR_NET,
		    _("Claiming needs the desk, and it cannot be reached now. "
		      "m takes the one under the cursor as soon as it can."));
	ui_say(u, _("Asking for the next who waits"));
	u->claim_n = u->keys_n;
	sync_claim(u->sync, on_claimed, u);
	return 0;
}

int
ui_cmd_quote(struct ui *u, int argc, char **argv, struct err *e)
{
	const struct msg *m = thread_current(&u->thread);

	(void)argc;
	(void)argv;
	if (u->thread.number == 0 || m == NULL)
		return err_set(e, ERR_NOTFOUND,
		    _("Open a conversation, and go to the message to quote."));
	if (m->line_id == NULL)
		return err_set(e, ERR_INVALID,
		    _("Only what stands at LINE can be quoted."));
	line_open(u, LINE_REPLY, NULL);
	x_free(u->quote_id);
	x_free(u->quote_text);
	u->quote_id = x_strdup(m->id);
	u->quote_text = x_strdup(m->text);
	ui_dirty(u, DIRTY_TO);
	return 0;
}

static int
toggle_notify(struct ui *u)
{
	u->quiet = !u->quiet;
	ui_say(u,
	    u->quiet ? _("Notifications are off until mado ends.")
		     : _("Notifications are on."));
	return 0;
}

/* What is on becomes off, for all as for the first of them. */
int
ui_cmd_toggle(struct ui *u, int argc, char **argv, struct err *e)
{
	static const struct {
		const char *what, *on, *off;
	} t[] = {{"mode", "auto", "take"}, {"pin", "pin", "unpin"},
	    {"follow-up", "follow-up", "reopen"}};
	int64_t *numbers = NULL;
	struct arena *a;
	const struct conv *c;
	size_t n, i = 0;
	bool is_on, what_given = argc > 1;
	int rc;

	if (what_given && strcmp(argv[1], "notify") == 0)
		return toggle_notify(u);
	while (what_given && i < 3 && strcmp(t[i].what, argv[1]) != 0)
		i++;
	if (!what_given || i == 3)
		return err_set(e, ERR_INVALID,
		    _("Say toggle mode, pin, follow-up or notify."));
	if ((n = ui_targets(u, &numbers, e)) == 0)
		return -1;
	a = arena_new();
	c = store_conv(u->store, numbers[0], a);
	is_on = c != NULL &&
	    (i == 0          ? c->mode == MODE_AUTO
		    : i == 1 ? c->pinned
			     : c->status == STATUS_FOLLOW_UP);
	arena_free(a);
	rc = ui_verb(u, is_on ? t[i].off : t[i].on, numbers, n, NULL, e);
	x_free(numbers);
	return rc;
}

int
ui_cmd_resolve_next(struct ui *u, int argc, char **argv, struct err *e)
{
	char *resolve[] = {(char *)"resolve", NULL};

	(void)argc;
	(void)argv;
	if (ui_cmd_verb(u, 1, resolve, e) == -1)
		return -1;
	if (u->over == OVER_BULK)
		return 0; /* there is no next one of several */
	if (u->thread.number != 0)
		ui_step(u, 1);
	else
		pane_list.move(u, MOVE_DOWN);
	return 0;
}

int
ui_cmd_undo(struct ui *u, int argc, char **argv, struct err *e)
{
	(void)argc;
	(void)argv;
	(void)e;
	ui_undo(u);
	return 0;
}

/* A send that failed or is undecided: the one under the cursor, else the
 * newest of the open conversation. */
static const struct msg *
problem_message(struct ui *u)
{
	const struct msg *m = thread_current(&u->thread);

	for (size_t i = u->thread.n + 1; i-- > 0;) {
		if (i < u->thread.n)
			m = u->thread.v[i];
		if (m != NULL &&
		    (m->state == STATE_FAILED ||
			m->state == STATE_UNCONFIRMED ||
			m->state == STATE_HELD))
			return m;
	}
	return NULL;
}

static void
on_decided(const struct desk_answer *a, void *arg)
{
	struct ui *u = arg;

	if (a->err.code != ERR_NONE)
		ui_say_err(u, &a->err);
	else
		ui_say(u, _("Done."));
}

struct decide {
	enum desk_op op;
	bool confirm;
	char id[64];
};

static void
decide(struct ui *u, void *arg)
{
	const struct decide *d = arg;
	struct desk_call c = {.op = d->op, .id = d->id};
	cJSON *args = cJSON_CreateObject();

	if (d->confirm)
		cJSON_AddBoolToObject(args, "confirm", true);
	c.args = args;
	desk_start(u->desk, &c, on_decided, u);
	cJSON_Delete(args);
}

static int
decide_on(struct ui *u, enum desk_op op, struct err *e)
{
	const struct msg *m = problem_message(u);
	struct decide d = {.op = op};

	if (m == NULL)
		return err_set(e, ERR_NOTFOUND,
		    _("No send here has failed or waits for a decision. g! "
		      "goes to the next one."));
	snprintf(d.id, sizeof(d.id), "%s", m->id);
	d.confirm = m->state == STATE_UNCONFIRMED && op == DESK_RETRY;
	if (d.confirm) {
		ui_ask(u,
		    x_strdup(_("It may have reached the customer already. Send "
			       "it again?")),
		    decide, x_memdup(&d, sizeof(d)));
		return 0;
	}
	decide(u, &d);
	return 0;
}

int
ui_cmd_retry(struct ui *u, int argc, char **argv, struct err *e)
{
	(void)argc;
	(void)argv;
	return decide_on(u, DESK_RETRY, e);
}

int
ui_cmd_discard(struct ui *u, int argc, char **argv, struct err *e)
{
	(void)argc;
	(void)argv;
	return decide_on(u, DESK_DISCARD, e);
}
