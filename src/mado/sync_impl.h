/* What the sync_*.c files share. No other file includes it. */
#ifndef MADO_SYNC_IMPL_H
#define MADO_SYNC_IMPL_H

#include <sys/queue.h>

#include <mado/id.h>

#include "outbox.h"
#include "sync.h"

/* A request under way beside the feed: older messages, a row, a list. */
struct sync_ask {
	LIST_ENTRY(sync_ask) link;
	struct sync *sync;
	struct desk_req *req;
	int64_t number, contact;
	const char *name; /* of the answer in the store */
	void (*claimed)(int64_t number, const struct err *e, void *arg);
	void *arg;
};

struct sync {
	struct loop *loop;
	struct desk *desk;
	struct store *store;
	char *me;
	struct sync_hooks hooks;
	struct outbox *outbox;
	struct timer *timer;  /* the next try of feed or load */
	struct desk_req *req; /* the feed, or a page of the first load */
	LIST_HEAD(, sync_ask) asks;
	struct arena *arena; /* of one handler */
	enum sync_link state;
	int64_t down_since_ms;
	int tries;
	struct timer *trim; /* the store's caps */
	int64_t keep_days, max_b;
	struct timer *spent; /* asks for the quota after a push */
	bool spending;
	/* where the feed is; epoch 0: nothing has been loaded */
	int64_t epoch, seq;
	/* the first load */
	bool loading, resolved_page;
	char *cursor;
	int64_t load_epoch, load_seq;
	/* sync_present.c: where we are, and who else is there */
	char client[ID_UUID_B];
	int64_t at_number, typing_ms;
	bool at_typing;
	struct desk_req *present_req;
	bool present_again;
	struct present *present;
	size_t n_present;
	/* conversations whose local row is ahead of a refused act */
	int64_t *stale;
	size_t n_stale;
};

/* sync.c */
void sync_set_link(struct sync *y, enum sync_link l);
void sync_told_conv(struct sync *y, int64_t number);
void sync_told_misc(struct sync *y, const char *what);
/* An answer's error: offline, signed out or erased. */
void sync_failed(struct sync *y, const struct err *e);

/* sync_ask.c */
void sync_ask_misc(struct sync *y, enum desk_op op, const char *name);
void sync_ask_conv(struct sync *y, int64_t number);
void sync_asks_free(struct sync *y);
/* The rows that refused acts left ahead of the server are asked for. */
void sync_mark_stale(struct sync *y, int64_t number);
void sync_ask_stale(struct sync *y);

/* sync_present.c */
void sync_present_tell(struct sync *y);
/* What an answer says of it; one that says nothing changes nothing. */
void sync_present_put(struct sync *y, const struct desk_answer *a);
void sync_present_free(struct sync *y);

/* sync_act.c */
void sync_act_init(struct sync *y);
/* Rows from the server, and on top of them what waits in the outbox. */
void sync_put_conv(struct sync *y, const struct conv *c);
void sync_put_msgs(struct sync *y, struct msg **v, size_t n);
/* Apply the acts that wait to the local rows; number 0: all. */
void sync_overlay(struct sync *y, int64_t number);

/* sync_patch.c */
/* What an act does, as far as it can be foreseen, to the local rows. only_msg:
 * its undo seconds are not over, so that only the message is shown. */
void sync_patch(struct sync *y, const struct store_act *act, bool only_msg);
/* The id of the message that the act makes; NULL when it makes none. */
char *sync_act_id(const struct store_act *act, struct arena *a);

#endif
