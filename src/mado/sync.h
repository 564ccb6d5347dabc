/*
 * Keeping the local store true: first load, live and reconnect are one path
 * (a page of rows stamped with the feed's seq, then the feed from there), and
 * the outbox's acts go out in order, each until it is answered. Tells the
 * screen what changed by numbers; knows nothing of screens.
 */
#ifndef MADO_SYNC_H
#define MADO_SYNC_H

#include "desk.h"
#include "store.h"

enum sync_link { SYNC_OFFLINE, SYNC_CATCHING_UP, SYNC_LIVE, SYNC_SIGNED_OUT };

struct sync;

/* What changed since the last call; all may be NULL. */
struct sync_hooks {
	void (*conv)(int64_t number, void *arg); /* its row or its messages */
	/* a live one, or a file that was chosen for a draft */
	void (*message)(const struct event *ev, void *arg);
	void (*list)(void *arg); /* many rows */
	void (*link)(enum sync_link l, void *arg);
	/* "presence"; "status" "agents" "canned" "me" "tags": store_get() has
	 * the server's answer by that name; "outbox"; "erased": the account is
	 * disabled, the store is empty */
	void (*misc)(const char *what, void *arg);
	/* An act was answered; err ERR_NONE or why it was refused. */
	void (*act)(
	    const struct store_act *act, const struct err *e, void *arg);
	void *arg;
	/* Any live one, also as it came. */
	void (*event)(const struct event *ev, const cJSON *json, void *arg);
};

/* Borrows all three. Caller frees with sync_free(). */
struct sync *sync_new(struct loop *l, struct desk *d, struct store *s,
    const char *me, const struct sync_hooks *h);
void sync_free(struct sync *y);
/* Keep the store within these caps from now on, a little at a time. */
void sync_keep(struct sync *y, int64_t keep_days, int64_t max_b);
/* Begin (and go on, with jittered pauses, for ever). */
void sync_start(struct sync *y);
enum sync_link sync_link(const struct sync *y);
/* Since when the link is down, ms since the epoch; 0 when it is up. */
int64_t sync_down_since(const struct sync *y);

/*
 * Do a verb: durable in the local outbox, applied to the local rows at once,
 * sent when the server can be reached. args is lent JSON. A reply or note gets
 * an "id" (UUID) here unless it has one. delay_ms: the undo seconds; *row
 * (may be NULL) names it for sync_undo().
 */
int sync_act(struct sync *y, const char *verb, int64_t number,
    const cJSON *args, int64_t delay_ms, int64_t *row, struct err *e);
/* Take it back if it has not left; false when it has. */
bool sync_undo(struct sync *y, int64_t row);
/* Let a delayed act leave now. */
void sync_hurry(struct sync *y, int64_t row);
/* Page in the contact's older messages from the server, once each, with the
 * conversations that they belong to; hooks.conv tells of it. */
void sync_older(struct sync *y, int64_t contact, int64_t number);
/* Where this client is (0: nowhere) and whether somebody types there, for the
 * colleagues to see; repeated while keys come. */
void sync_at(struct sync *y, int64_t number, bool typing);
/* Who else is there; hooks.misc "presence" tells of changes. Lent until the
 * loop turns. */
size_t sync_present(const struct sync *y, const struct present **v);
/* Fetch a conversation that is not here; hooks.conv tells of it. */
void sync_fetch(struct sync *y, int64_t number);
/* Ask the server to hand us the next waiting; done gets its number or 0. */
void sync_claim(struct sync *y,
    void (*done)(int64_t number, const struct err *e, void *arg), void *arg);

#endif
