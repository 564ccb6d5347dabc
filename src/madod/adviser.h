/*
 * The adviser's clerk, on the loop: asks the service that [bot] of madod.conf
 * names about the messages that act_bot.c put off, a few at a time, each until
 * its deadline, and hands what it says (or why it says nothing) to
 * act_advised(). The store has the messages, so that none is lost with us.
 */
#ifndef MADOD_ADVISER_H
#define MADOD_ADVISER_H

#include "madod.h"

struct adviser;

/* Takes up what a madod before us left. */
struct adviser *adviser_new(struct madod *m);
/* There are new messages. NULL is fine, here and below. */
void adviser_wake(struct adviser *v);
/* Asks no more, and lets go of what is asked: before the threads end. */
void adviser_stop(struct adviser *v);
void adviser_free(struct adviser *v);

/* Since the start. */
struct adviser_stats {
	int64_t asked, followed, unsure, failed, late;
	int64_t unasked; /* as it was left alone, or busy for too long */
	bool alone;      /* it is, now: it failed too often */
};
struct adviser_stats adviser_stats(const struct adviser *v);

#endif
