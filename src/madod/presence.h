/*
 * Who is looking at which conversation, and who is typing there: kept in
 * memory, for as long as their clients ask for the feed. Nothing of it is
 * stored; only those who look at the same conversation are told. On the loop's
 * thread.
 */
#ifndef MADOD_PRESENCE_H
#define MADOD_PRESENCE_H

#include <mado/buf.h>
#include <mado/loop.h>

struct presence;

enum {
	PRESENCE_CLIENT_B = 48, /* a client's own name for itself, and NUL */
	PRESENCE_MAX = 5000,
	PRESENCE_TYPING_MS = 6000,   /* after the last word of it */
	PRESENCE_LOOKING_MS = 40000, /* after the last request of the client */
	PRESENCE_LOST_MS =
	    3000 /* after its connection broke, unless it is back */
};

/* One client of one person. */
struct presence_who {
	int64_t user;
	const char *name;   /* the person's */
	const char *client; /* shorter than PRESENCE_CLIENT_B */
};

/* news: there is something to tell that client. Caller frees with
 * presence_free(). */
struct presence *presence_new(struct loop *l,
    void (*news)(int64_t user, const char *client, void *arg), void *arg);
void presence_free(struct presence *p);
/* It looks at a conversation now; 0: at none. */
void presence_set(struct presence *p, const struct presence_who *who,
    int64_t number, bool typing);
/* The client is still there. True when it has not been told the latest. */
bool presence_touch(struct presence *p, const struct presence_who *who);
/* Its waiting request is gone: killed, or it asks anew in a moment. */
void presence_lost(struct presence *p, const struct presence_who *who);
/* Append [{"conversation":..,"agent":..,"typing":..},..]: the others at its
 * conversation. From then on it has been told. */
void presence_put(
    struct presence *p, const struct presence_who *who, struct buf *b);
/* Append the conversations that others are typing in: "[1,2]". */
void presence_typed(struct presence *p, int64_t user, struct buf *b);

#endif
