/*
 * The writer: the one thread that holds the writing connection and runs the
 * acts, many to a commit. An act is prepared on the loop, runs on the writer,
 * and its done() is called on the loop after the COMMIT that made it durable.
 */
#ifndef MADOD_WRITER_H
#define MADOD_WRITER_H

#include <mado/json.h>
#include <mado/loop.h>
#include <mado/mem.h>
#include <mado/model.h>
#include <mado/sql.h>

/* What the rest of madod has to look at after a commit. */
enum act_wake {
	WAKE_FEED = 1, /* there are new feed rows */
	WAKE_SEND = 2, /* the outbox or a request changed */
	WAKE_PROFILE = 4,
	WAKE_MEDIA = 8,
	WAKE_JOBS = 16,   /* something is due at another time */
	WAKE_ERASED = 32, /* the writer's own: old pages must go, too */
	WAKE_ADVISER = 64 /* there is something to be asked */
};

struct act {
	/* what to do, on the writer; fills err by its return. May be run a
	 * second time, when the first was rolled back: it leaves alone what
	 * it is given, and sets out anew. */
	int (*run)(struct act *a, struct err *e);
	/* on the loop, after the commit (or the failure); then the act and its
	 * arena are freed. May be NULL. */
	void (*done)(struct act *a);
	void *arg;         /* done's own */
	const char *actor; /* agent's name; NULL for customers and madod */
	int64_t actor_id;  /* user id, 0 without */
	int64_t number;    /* the conversation a verb is about */
	const cJSON *args; /* lent until done */
	void *in;          /* what the act is given, by its own type */
	void *out;         /* what it found, by its own type */

	/* the writer's */
	struct arena *mem;
	void *given; /* out, as it was put */
	struct sql *db;
	int64_t now_ms;
	int64_t *seq; /* last feed row given out */
	unsigned wake;
	struct err err;
	struct act *next;
};

struct writer;

/* Opens the database; after each commit calls on_commit on the loop with the
 * last seq and the wakes of the batch. Ends the process (exit 1) when the disk
 * is broken, after the acts of the batch were answered. */
struct writer *writer_new(struct loop *l, const char *path,
    void (*on_commit)(int64_t seq, unsigned wake, void *arg), void *arg,
    struct err *e);
/* The thread ends after what was put. */
void writer_end(struct writer *w);
/* The same; acts not yet done are, from turns of the loop. */
void writer_free(struct writer *w);
/* A fresh act with its arena. */
struct act *act_new(int (*run)(struct act *, struct err *),
    void (*done)(struct act *), void *arg);
/* Takes ownership of a. Once the writer ends (writer_free(), or a broken disk)
 * a is refused with ERR_BUSY. */
void writer_put(struct writer *w, struct act *a);
/* Acts put and not yet done; of NULL none. */
int64_t writer_depth(const struct writer *w);

#endif
