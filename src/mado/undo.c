/*
 * Taking back: which commands reverse a verb on a row as it was, and the last
 * of them for U. Acts only by running commands. Called by ui_act.c, bulk.c and
 * the verbs.
 */
#include "ui.h"

#include <mado/mem.h>
#include <mado/when.h>

#include <string.h>

#include "i18n.h"

static void
undo_free(struct undo *d)
{
	x_free(d->command);
	x_free(d->what);
	memset(d, 0, sizeof(*d));
}

void
undo_end(struct ui *u)
{
	for (int i = 0; i < u->undo_n; i++)
		undo_free(&u->undo[i]);
	u->undo_n = 0;
}

void
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

static bool
has_tag(const struct conv *c, const char *tag)
{
	const struct strs *t = &c->tags;

	if (*tag == '@') {
		t = &c->contact->tags;
		tag++;
	}
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->v[i], tag) == 0)
			return true;
	return false;
}

/* Only what the verb changes: a tag that was there before stays. */
static void
say_untag(struct buf *b, const struct conv *c, const cJSON *args)
{
	static const char *const lists[] = {"add", "remove"};
	struct buf words = {0};
	const cJSON *tag;

	for (int i = 0; i < 2; i++) {
		cJSON_ArrayForEach(tag, json_arr(args, lists[i]))
		{
			if (has_tag(c, tag->valuestring) != (i == 1))
				continue;
			buf_puts(&words, i == 0 ? " -" : " +");
			words_quote(&words, tag->valuestring);
		}
	}
	if (words.n > 0)
		buf_printf(
		    b, "tag %lld%s", (long long)c->number, buf_str(&words));
	buf_free(&words);
}

static bool
has_agent(const struct conv *c, const cJSON *args)
{
	const char *to = json_str(args, "agent", NULL);

	return to == NULL || c->assignee == NULL ? to == c->assignee
						 : strcmp(to, c->assignee) == 0;
}

/* Snoozing anew changes until when. */
static bool
changes_status(const char *verb, const struct conv *c)
{
	static const struct {
		const char *verb;
		int status;
	} t[] = {{"follow-up", STATUS_FOLLOW_UP}, {"resolve", STATUS_RESOLVED},
	    {"reopen", STATUS_OPEN}, {"snooze", -1}};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		if (strcmp(t[i].verb, verb) == 0)
			return c->status != t[i].status;
	return false;
}

void
undo_say(
    struct buf *b, const char *verb, const struct conv *c, const cJSON *args)
{
	long long n = (long long)c->number;

	if (strcmp(verb, "pin") == 0 && !c->pinned)
		buf_printf(b, "unpin %lld", n);
	else if (strcmp(verb, "unpin") == 0 && c->pinned)
		buf_printf(b, "pin %lld", n);
	else if (strcmp(verb, "tag") == 0)
		say_untag(b, c, args);
	else if (strcmp(verb, "assign") == 0 && !has_agent(c, args))
		say_assign(b, c);
	else if (strcmp(verb, "take") == 0 && c->mode == MODE_AUTO)
		buf_printf(b, "auto %lld", n);
	else if (strcmp(verb, "take") == 0)
		say_assign(b, c);
	else if (strcmp(verb, "auto") == 0 && c->mode == MODE_MANUAL) {
		buf_printf(b, "take %lld\n", n);
		say_assign(b, c);
	} else if (changes_status(verb, c)) {
		say_restore(b, c);
	}
	if (b->n > 0)
		buf_putc(b, '\n');
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
