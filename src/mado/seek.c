/*
 * Searching the history: the store's texts are sealed, so that every message
 * has to be opened. A slice a turn of the loop, keys come in between and any
 * of them ends it. Called by pane_history.c and ui_key.c.
 */
#include "ui.h"

#include <mado/mem.h>
#include <mado/text.h>
#include <mado/when.h>

#include "i18n.h"

enum { SLICE = 1000, TELL_MS = 300 };

struct seek {
	struct timer *timer;
	char *words;  /* as typed */
	char *wanted; /* or the id of a message to go to */
	struct buf folded;
	char *at; /* id of the last message looked at */
	int64_t contact;
	bool forward;
	bool waiting; /* for older messages from the desk */
	size_t looked;
	int64_t began_ms; /* monotonic */
};

void
seek_stop(struct ui *u)
{
	struct seek *k = u->seek;

	if (k == NULL)
		return;
	u->seek = NULL;
	timer_free(k->timer);
	buf_free(&k->folded);
	x_free(k->words);
	x_free(k->wanted);
	x_free(k->at);
	x_free(k);
}

/* What is older than the store's oldest is at the desk: page it in. */
static bool
wait_for_older(struct ui *u, struct seek *k)
{
	if (k->forward || sync_link(u->sync) != SYNC_LIVE ||
	    store_thread_whole(u->store, k->contact))
		return false;
	k->waiting = true;
	sync_older(u->sync, k->contact, u->thread.number);
	return true;
}

/* True while there is more to look at. */
static bool
go_on(struct ui *u, struct seek *k, const char *at)
{
	if (k->contact != u->thread.contact)
		return false;
	if (when_mono_ms() - k->began_ms > TELL_MS)
		ui_say(u, _("Searching, %zu messages so far. Any key stops."),
		    k->looked);
	if (at == NULL)
		return wait_for_older(u, k);
	x_free(k->at);
	k->at = x_strdup(at);
	k->looked += SLICE;
	timer_set(k->timer, 0);
	return true;
}

void
seek_more(struct ui *u)
{
	if (u->seek == NULL || !u->seek->waiting)
		return;
	u->seek->waiting = false;
	timer_set(u->seek->timer, 0);
}

/* Is it here by now? Older pages come until it is. */
static void
on_wanted(struct ui *u, struct seek *k)
{
	struct arena *a = arena_new();
	bool here = store_msg(u->store, k->wanted, a) != NULL;

	arena_free(a);
	if (here && k->contact == u->thread.contact) {
		pane_history_go(u, k->wanted);
		seek_stop(u);
	} else if (k->contact != u->thread.contact || !wait_for_older(u, k)) {
		ui_say(u, _("This message cannot be fetched now."));
		seek_stop(u);
	} else if (when_mono_ms() - k->began_ms > TELL_MS) {
		ui_say(u, _("Fetching older messages. Any key stops."));
	}
}

static void
on_slice(void *arg)
{
	struct ui *u = arg;
	struct seek *k = u->seek;
	struct store_scan scan = {
	    k->contact, k->at, k->forward, buf_str(&k->folded), SLICE};
	struct arena *a;
	const char *at, *found;

	if (k->wanted != NULL) {
		on_wanted(u, k);
		return;
	}
	a = arena_new();
	found = store_thread_scan(u->store, &scan, &at, a);
	if (found != NULL && k->contact == u->thread.contact) {
		pane_history_go(u, found);
		seek_stop(u);
	} else if (!go_on(u, k, at)) {
		ui_say(u, _("Not found: %s"), k->words);
		seek_stop(u);
	}
	arena_free(a);
}

void
seek_start(struct ui *u, const char *words, const char *id, bool forward)
{
	struct seek *k = x_new(struct seek);

	seek_stop(u);
	k->timer = timer_new(u->loop, on_slice, u);
	k->words = x_strdup(words);
	text_fold(&k->folded, words);
	k->at = x_strdup(id);
	k->contact = u->thread.contact;
	k->forward = forward;
	k->began_ms = when_mono_ms();
	u->seek = k;
	on_slice(u); /* most of it is near */
}

void
seek_message(struct ui *u, const char *id)
{
	struct seek *k = x_new(struct seek);

	seek_stop(u);
	k->timer = timer_new(u->loop, on_slice, u);
	k->wanted = x_strdup(id);
	k->contact = u->thread.contact;
	k->began_ms = when_mono_ms();
	u->seek = k;
	on_slice(u);
}
