/*
 * A contact's timeline as far as it is in memory: a window of the store's
 * messages round what is on the screen. Knows no screen.
 */
#ifndef MADO_THREAD_H
#define MADO_THREAD_H

#include "store.h"

struct thread {
	struct store *store;
	int64_t contact; /* 0: nothing is open */
	int64_t number;  /* the conversation that was opened */
	struct msg **v;  /* oldest first */
	size_t n;
	size_t cur;          /* the message under the cursor */
	bool at_old, at_new; /* the store has nothing before, after */
	struct arena *a;
	int pages; /* read into the arena since it was fresh */
};

enum { THREAD_PAGE = 100, THREAD_MAX = 500 };

void thread_init(struct thread *t, struct store *s);
void thread_free(struct thread *t);
/* Open at the newest message. */
void thread_open(struct thread *t, int64_t contact, int64_t number);
void thread_close(struct thread *t);
/* Read the window anew: what is new at its end joins it. The cursor stays
 * with its message, at the newest one when it was there (follow). */
void thread_reload(struct thread *t, bool follow);
/* Page in from the store; false when it has no more. */
bool thread_older(struct thread *t);
bool thread_newer(struct thread *t);
/* Put the window and the cursor at the newest, at the oldest kept, at an id. */
void thread_newest(struct thread *t);
void thread_oldest(struct thread *t);
bool thread_goto(struct thread *t, const char *id);

struct msg *thread_current(const struct thread *t);
/* The last message of the open conversation that counts as seen or not, from
 * the customer, the bot or an agent: last by arrival, as the desk counts, not
 * by the customer's clock. NULL when there is none. */
struct msg *thread_last_said(const struct thread *t);

#endif
