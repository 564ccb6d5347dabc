/*
 * The local store: one SQLite file a profile, what this machine knows of the
 * desk. Rows are sealed (libsodium) under a key that lies apart; only numbers,
 * times and what the lists sort by are in the clear. Safe for several
 * processes. No network here, no screen.
 */
#ifndef MADO_STORE_H
#define MADO_STORE_H

#include <mado/filter.h>
#include <mado/json.h>
#include <mado/mem.h>
#include <mado/model.h>

struct store;

/* Open or make DIR/PROFILE.db (0600, DIR 0700) with that key. A store sealed
 * under another key is wiped and begun anew. Caller frees with
 * store_close(). */
struct store *store_open(
    const char *dir, const char *profile, const uint8_t *key, struct err *e);
void store_close(struct store *s);
/* Delete the files: logout, a disabled user. Drafts and outbox go too. */
int store_wipe(const char *dir, const char *profile, struct err *e);
/* Delete the files of DIR/media: what was opened outside, in the clear. */
void store_wipe_opened(const char *dir);
/* The same with it open: the account was disabled while we looked on. */
int store_erase(struct store *s, struct err *e);
/* Forget all that came from the server (a new epoch); keep drafts, outbox. */
int store_forget(struct store *s, struct err *e);
/* Drop resolved conversations and old messages past the caps, some thousand
 * rows a call: 1 while there may be more, 0 when all is well. */
int store_trim(
    struct store *s, int64_t keep_days, int64_t max_b, struct err *e);

/* Many writes, one commit; nests. */
void store_begin(struct store *s);
int store_commit(struct store *s, struct err *e);

/* Keep the row unless the one here has a higher rev. `me` decides "mine". */
int store_put_conv(
    struct store *s, const struct conv *c, const char *me, struct err *e);
int store_put_msg(struct store *s, const struct msg *m, struct err *e);
/* For a message of a conversation that may not be here: its contact. */
int store_put_msg_of(
    struct store *s, const struct msg *m, int64_t contact, struct err *e);
/* Take away a message that never was: a send that was refused. */
int store_rm_msg(struct store *s, const char *id, struct err *e);
/* Erase a message's text (unsend, erasure). */
int store_redact(struct store *s, const char *message_id, struct err *e);

/* NULL when it is not here. Valid until the arena is reset. */
struct conv *store_conv(struct store *s, int64_t number, struct arena *a);
/* Its contact's id alone; 0: it is not here. */
int64_t store_contact_of(struct store *s, int64_t number);
struct msg *store_msg(struct store *s, const char *id, struct arena *a);

enum { SIFT_FILTERS = 2 };

/* Filters over a list, all of which must hold. */
struct store_sift {
	const struct filter *f[SIFT_FILTERS]; /* NULL: none */
	const char *me;
	size_t look; /* rows to look at, no more; 0: as many as it takes */
	bool cut;    /* set: it ended for that .. */
	char at[CONV_ORDER_B]; /* .. after the row of this key */
};

/* A window of a view in inbox order. */
struct store_list {
	enum view view;
	const char *match; /* folded text that name, number, tags or last
			    * message must hold; NULL: all */
	const char *from; /* order key to start at (conv_order()); NULL: the end
			   * that the direction starts from */
	bool after;       /* strictly after `from`, else at or after */
	bool backward;    /* towards the top; rows still come in inbox order */
	size_t limit;
	struct store_sift *sift; /* NULL: none */
};
/* Fills rows (arena-allocated array); returns how many. */
size_t store_list(struct store *s, const struct store_list *l, struct arena *a,
    struct conv ***rows);
/* A contact's conversations that are here, newest first. */
size_t store_contact_convs(struct store *s, int64_t contact, size_t limit,
    struct arena *a, struct conv ***rows);
/* How many are in each view; kept by triggers, so constant time. */
void store_counts(struct store *s, int64_t counts[VIEW_N]);

/*
 * A window of a contact's timeline (all their conversations), oldest first by
 * (at, order): the newest `limit` before, or the oldest after a message.
 */
struct store_thread {
	int64_t contact;
	const char *before; /* message id, or NULL for the newest */
	const char *after;
	size_t limit;
};
size_t store_thread(struct store *s, const struct store_thread *t,
    struct arena *a, struct msg ***rows);
/* The nearest message before (or after) `id` whose text holds the folded
 * needle; NULL when there is none. */
const char *store_thread_find(struct store *s, int64_t contact, const char *id,
    bool forward, const char *needle, struct arena *a);
/*
 * The same a slice at a time, so that a screen can go on between: looks at no
 * more than `max` messages from `id` on. *at gets the id to look on from, NULL
 * when nothing is left.
 */
struct store_scan {
	int64_t contact;
	const char *id;
	bool forward;
	const char *needle;
	size_t max;
};
const char *store_thread_scan(struct store *s, const struct store_scan *scan,
    const char **at, struct arena *a);
/* Has the server's history before the oldest kept message been read whole? */
bool store_thread_whole(struct store *s, int64_t contact);
void store_thread_set_whole(struct store *s, int64_t contact);

/* Where to go on reading it: the server's cursor; NULL when no page has been
 * read, "" when it is whole. */
char *store_thread_cursor(struct store *s, int64_t contact, struct arena *a);
int store_thread_set_cursor(
    struct store *s, int64_t contact, const char *cursor, struct err *e);

/* Small things by name: "epoch", "seq", "view", "agents", "canned", "tags",
 * "status" (JSON). NULL when absent. Sealed. */
char *store_get(struct store *s, const char *name, struct arena *a);
int store_set(
    struct store *s, const char *name, const char *value, struct err *e);

/* Drafts: text and caret (bytes) per conversation; note drafts apart. */
struct draft {
	const char *text;
	int64_t caret_b;
};
bool store_draft(struct store *s, int64_t number, bool note, struct arena *a,
    struct draft *d);
/* Empty text deletes. Durable on return. */
int store_set_draft(struct store *s, int64_t number, bool note,
    const struct draft *d, struct err *e);

/* The outbox on disk: acts that the server has not answered yet, in order. */
struct store_act {
	int64_t row; /* 0: none */
	int64_t number;
	const char *verb;  /* "reply", "tag", ... */
	const char *args;  /* JSON */
	const char *error; /* refused with this; NULL while it waits */
	int64_t queued_ms;
	int64_t not_before_ms; /* the undo seconds; 0: at once */
};
/* Durable on return; gives its row number (row may be NULL). */
int store_outbox_add(
    struct store *s, const struct store_act *act, int64_t *row, struct err *e);
/* Those that wait (refused false) or were refused, oldest first. */
size_t store_outbox(
    struct store *s, bool refused, struct arena *a, struct store_act **acts);
/* One of them, of either kind; NULL when it is gone. */
struct store_act *store_outbox_row(
    struct store *s, int64_t row, struct arena *a);
/* error NULL: let it wait again. */
int store_outbox_refuse(
    struct store *s, int64_t row, const char *error, struct err *e);
int store_outbox_rm(struct store *s, int64_t row, struct err *e);
/* Its undo seconds are over now. */
int store_outbox_hurry(struct store *s, int64_t row, struct err *e);
/* Take the right to send for 30 s, so that two processes of one profile do not
 * send the same act at once; false when another has it. */
bool store_outbox_lease(struct store *s, int64_t row);
/* Give it back: the server was not reached. */
void store_outbox_release(struct store *s, int64_t row);
/* Would drafts and outbox outlive a power cut as they are now? True moments
 * after each call. */
bool store_is_kept(struct store *s);

/* Typed lines for readline's history: everybody's, then those to this
 * contact, so that Up meets its own first; each newest last. A contact below 0
 * is a list of its own. */
int store_history_add(
    struct store *s, int64_t contact, const char *text, struct err *e);
size_t store_history(struct store *s, int64_t contact, size_t limit,
    struct arena *a, const char ***lines);

#endif
