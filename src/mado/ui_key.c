/*
 * From keys to commands: who gets a key (a question, an overlay, the line, a
 * pane), sequences, keys that an input method has changed. Acts only by
 * running command strings.
 */
#include "ui.h"

#include <mado/mem.h>
#include <mado/when.h>

#include <string.h>

#include "i18n.h"
#include "picture.h"

/* "!date": the rest is the shell's, quotes and all. */
static char **
split(const char *command, int *argc, struct err *e)
{
	const char *s = command + strspn(command, " ");
	char **argv;

	if (*s != '!')
		return words_split(command, argc, e);
	if ((argv = words_split("insert _", argc, e)) == NULL)
		return NULL;
	x_free(argv[1]);
	argv[1] = x_strdup(s + 1);
	return argv;
}

int
ui_run(struct ui *u, const char *command)
{
	struct err e = {0};
	const struct cmd *c, *near;
	char **argv;
	int argc = 0, rc = 0;

	argv = split(command, &argc, &e);
	if (argv == NULL) {
		ui_say_err(u, &e);
		return -1;
	}
	c = argc == 0 ? NULL : cmd_find(argv[0]);
	if (c != NULL && c->ui != NULL) {
		if ((rc = c->ui(u, argc, argv, &e)) == -1)
			ui_say_err(u, &e);
	} else if (argc > 0) {
		near = cmd_nearest(argv[0]);
		if (c != NULL)
			ui_bad(u, _("\"%s\" is for the command line only."),
			    argv[0]);
		else if (near != NULL)
			ui_bad(u, _("No command \"%s\": did you mean \"%s\"?"),
			    argv[0], near->name);
		else
			ui_bad(u, _("No command \"%s\". ? shows the keys."),
			    argv[0]);
		rc = -1;
	}
	words_free(argv);
	return rc;
}

static enum pane
key_pane(const struct ui *u)
{
	if (u->over == OVER_HELP)
		return PANE_HELP;
	/* Ctrl-O in the line: the verbs of a conversation. */
	return u->verb_once ? PANE_HISTORY : u->focus;
}

static void
say_unknown(struct ui *u, int32_t key)
{
	struct buf b = {0};

	keys_name(&b, &key, 1);
	if (key != K_UNKNOWN && !u->verb_once)
		ui_say(u, _("%s does nothing here. ? shows the keys."),
		    buf_str(&b));
	buf_free(&b);
}

/* After Ctrl-O and its verb: back to typing. */
static void
verb_done(struct ui *u)
{
	u->verb_once = false;
	ui_dirty(u, DIRTY_HINT);
	if (u->line == LINE_CLOSED && u->line_back != LINE_CLOSED)
		line_open(u, u->line_back, NULL);
}

static bool
seq_try(struct ui *u, int32_t key)
{
	const char *command = NULL;
	char *copy;
	enum keys_found f;

	u->seq[u->seq_n] = key;
	f = keys_match(&u->keys, key_pane(u), u->seq, u->seq_n + 1, &command);
	if (f == KEYS_NONE)
		return false;
	if (f == KEYS_PREFIX && u->seq_n + 1 < KEYS_SEQ_MAX) {
		u->seq_n++;
		return true;
	}
	u->seq_n = 0;
	copy = x_strdup(command);
	ui_run(u, copy);
	x_free(copy);
	if (u->verb_once)
		verb_done(u);
	return true;
}

static void
pane_key(struct ui *u, int32_t key)
{
	int32_t folded;
	bool first = u->seq_n == 0;

	if (seq_try(u, key))
		return;
	folded = keys_fold(key);
	if (folded > 0 && seq_try(u, folded))
		return;
	u->seq_n = 0;
	if (!first)
		return; /* the sequence is dropped, without a word */
	if (folded >= 0)
		ui_bad(u, _("The input method is on: switch it off for keys."));
	else
		say_unknown(u, key);
	if (u->verb_once)
		verb_done(u);
}

static void
forget_flash(struct ui *u)
{
	if (u->flash == NULL)
		return;
	x_free(u->flash);
	u->flash = NULL;
	ui_dirty(u, DIRTY_HINT);
}

/* Overlays with keys of their own. */
static bool
over_key(struct ui *u, int32_t key)
{
	static bool (*const all[])(struct ui * u, int32_t key) = {
	    [OVER_SHEET] = sheet_key,
	    [OVER_FOUND] = found_key,
	    [OVER_BULK] = bulk_key,
	    [OVER_QR] = qr_key,
	    [OVER_PICTURE] = over_picture_key,
	    [OVER_WHY] = why_key};

	return (size_t)u->over < sizeof(all) / sizeof(all[0]) &&
	    all[u->over] != NULL && all[u->over](u, key);
}

static void
on_key(struct ui *u, const struct input_event *ev)
{
	if (ask_key(u, ev))
		return;
	/* Typing goes on under a message; it must not cost bytes a letter. */
	if (u->line == LINE_CLOSED || u->flash_bad || u->strip_rows > 0)
		forget_flash(u);
	if (u->over == OVER_PALETTE && palette_key(u, ev->key)) {
		line_record(ev);
		return;
	}
	if (over_key(u, ev->key))
		return;
	if (u->line != LINE_CLOSED && !u->verb_once) {
		line_event(u, ev);
		return;
	}
	if (u->verb_once)
		line_record(ev);
	pane_key(u, ev->key);
}

static void
on_paste(struct ui *u, const struct input_event *ev)
{
	ask_withdraw(u);
	if (u->line != LINE_CLOSED)
		line_event(u, ev);
	else
		ui_say(
		    u, _("Nothing is open to paste into: r opens the reply."));
}

static void
on_focus(struct ui *u, bool focused)
{
	u->focused = focused;
	/* What came meanwhile is read now. */
	ui_dirty(u, focused ? DIRTY_HISTORY : DIRTY_TICK);
}

void
ui_key_event(struct ui *u, const struct input_event *ev)
{
	if (ev->kind == INPUT_FOCUS) {
		on_focus(u, ev->key != 0);
		return;
	}
	if (ev->kind == INPUT_ANSWER) {
		looks_answer(u, ev->bytes);
		return;
	}
	bool in_line = u->line == LINE_REPLY;

	u->key_ms = when_mono_ms();
	u->keys_n++;
	seek_stop(u);
	if (ev->kind == INPUT_KEY)
		on_key(u, ev);
	else if (ev->kind == INPUT_PASTE)
		on_paste(u, ev);
	if (hint_is_stale(u))
		ui_dirty(u, DIRTY_HINT);
	if (!u->quit)
		here_update(u, in_line);
}
