/*
 * Questions on the bottom line. A fast typist is ahead of the screen: nothing
 * typed into a question may be lost, or say yes by accident. So an answer
 * counts when no other key follows it for a moment; with one that does, and
 * with any key that is no answer, the question is withdrawn and the keys do
 * what they do without it. Called by ui_key.c.
 */
#include "ui.h"

#include <mado/mem.h>

#include <string.h>

#include "i18n.h"

enum { ANSWER_B = 16, QUIET_MS = 300 };

/* An answer that no other key has followed yet. */
static struct {
	struct input_event ev;
	char bytes[ANSWER_B];
	bool yes, waits;
} held;

static const struct answer {
	int32_t key;
	bool yes, one_pane; /* digits: where there is one pane */
} answers[] = {{'y', true, false}, {'Y', true, false}, {'n', false, false},
    {'N', false, false}, {'1', true, true}, {'0', false, true}};

static void
ask_end(struct ui *u, bool yes)
{
	struct ask a = u->ask;

	timer_clear(u->ask_timer);
	held.waits = false;
	memset(&u->ask, 0, sizeof(u->ask));
	ui_dirty(u, DIRTY_HINT);
	if (yes)
		a.yes(u, a.arg);
	else
		ui_say(u, _("Not done."));
	x_free(a.text);
	x_free(a.arg);
}

static void
on_quiet(void *arg)
{
	struct ui *u = arg;

	if (u->ask.text != NULL)
		ask_end(u, held.yes);
}

void
ask_start(struct ui *u)
{
	u->ask_timer = timer_new(u->loop, on_quiet, u);
}

void
ask_stop(struct ui *u)
{
	timer_free(u->ask_timer);
	x_free(u->ask.text);
	x_free(u->ask.arg);
}

void
ui_ask(
    struct ui *u, char *text, void (*yes)(struct ui *u, void *arg), void *arg)
{
	ask_withdraw(u);
	u->ask = (struct ask){text, yes, arg};
	ui_dirty(u, DIRTY_HINT);
}

void
ask_withdraw(struct ui *u)
{
	struct input_event ev = held.ev;
	char bytes[ANSWER_B];
	bool typed = held.waits;

	if (u->ask.text == NULL)
		return;
	ask_end(u, false);
	if (!typed)
		return;
	memcpy(bytes, held.bytes, ev.n);
	ev.bytes = bytes;
	ui_key_event(u, &ev);
}

static const struct answer *
answer_of(const struct ui *u, const struct input_event *ev)
{
	int32_t key = keys_fold(ev->key) > 0 ? keys_fold(ev->key) : ev->key;

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		if (answers[i].key == key && ev->n <= ANSWER_B &&
		    (!answers[i].one_pane || u->lay.panes == 1))
			return &answers[i];
	return NULL;
}

static void
hold(struct ui *u, const struct input_event *ev, bool yes)
{
	held.ev = *ev;
	memcpy(held.bytes, ev->bytes, ev->n);
	held.yes = yes;
	held.waits = true;
	timer_set(u->ask_timer, QUIET_MS);
}

static bool
is_cancel(int32_t key)
{
	return key == K_ESC || key == ('G' & 0x1f) || key == ('C' & 0x1f);
}

bool
ask_key(struct ui *u, const struct input_event *ev)
{
	const struct answer *a = answer_of(u, ev);

	if (u->ask.text == NULL)
		return false;
	if (is_cancel(ev->key)) {
		ask_end(u, false);
		return true;
	}
	if (a == NULL || held.waits) {
		ask_withdraw(u);
		return false;
	}
	hold(u, ev, a->yes);
	return true;
}
