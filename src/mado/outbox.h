/*
 * The sender of the local outbox: takes kept acts in order, one at a time,
 * and asks the desk until each is answered. Used by sync (for ever) and by
 * the command line (until nothing is due).
 */
#ifndef MADO_OUTBOX_H
#define MADO_OUTBOX_H

#include "desk.h"
#include "store.h"

struct outbox;

struct outbox_hooks {
	/* It leaves now: its undo seconds are over. May be NULL. */
	void (*leaves)(const struct store_act *act, void *arg);
	/* It was answered: done (err ERR_NONE, its row is gone) or refused (its
	 * row stays, with the error). Lent. */
	void (*answered)(const struct store_act *act,
	    const struct desk_answer *a, void *arg);
	/* The server was not reached, or we are not signed in; the act stays
	 * and is tried again after a pause (not when signed out). */
	void (*stuck)(const struct err *e, void *arg);
	/* Fewer may wait than when we last looked: another process sends, too.
	 * May be NULL. */
	void (*fewer)(void *arg);
	void *arg;
};

/* Borrows all. Caller frees with outbox_free(). */
struct outbox *outbox_new(struct loop *l, struct desk *d, struct store *s,
    const struct outbox_hooks *h);
void outbox_free(struct outbox *o);
/* Look at once: something was added, the link is back. */
void outbox_kick(struct outbox *o);
/* The row under way; 0 when none is. */
int64_t outbox_sending(const struct outbox *o);
/* Nothing under way and nothing due now. */
bool outbox_is_idle(const struct outbox *o);

/* Pauses between tries, in ms: doubling from the first to the last, each cut
 * at random so that many clients do not come back at once. */
int64_t outbox_pause_ms(int tries);

#endif
