/*
 * The feed's readers that wait: long polls kept until there is something to
 * say. A page is built once for all who stand at the same seq, and they are
 * woken in slices, so that no webhook waits behind them.
 */
#ifndef MADOD_FEED_H
#define MADOD_FEED_H

#include <mado/httpd.h>

#include "presence.h"

struct madod;
struct feed;

struct feed *feed_new(struct madod *m);
/* Answers those who wait with nothing. */
void feed_free(struct feed *f);
struct feed_ask {
	int64_t after, wait_ms, limit;
	/* whose client asks, to be told who else is there (presence.h); its
	 * client "" has no ear for it */
	int64_t user;
	char client[PRESENCE_CLIENT_B];
};
/* Answer r with what is after `after`, now or within wait_ms. */
void feed_wait(struct feed *f, struct httpd_req *r, const struct feed_ask *ask);
/* That client has to be told who is there, if it waits. */
void feed_nudge(struct feed *f, int64_t user, const char *client);
/* There is more to see. */
void feed_wake(struct feed *f);
/* Answer all that wait at once (stopping, a new epoch). */
void feed_flush(struct feed *f);
int64_t feed_waiting(const struct feed *f);

#endif
