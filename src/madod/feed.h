/*
 * The feed's readers that wait: long polls kept until there is something to
 * say. A page is built once for all who stand at the same seq, and they are
 * woken in slices, so that no webhook waits behind them.
 */
#ifndef MADOD_FEED_H
#define MADOD_FEED_H

#include <mado/httpd.h>

struct madod;
struct feed;

struct feed *feed_new(struct madod *m);
/* Answers those who wait with nothing. */
void feed_free(struct feed *f);
/* Answer r with what is after `after`, now or within wait_ms. */
void feed_wait(struct feed *f, struct httpd_req *r, int64_t after,
    int64_t wait_ms, int64_t limit);
/* There is more to see. */
void feed_wake(struct feed *f);
/* Answer all that wait at once (stopping, a new epoch). */
void feed_flush(struct feed *f);
int64_t feed_waiting(const struct feed *f);

#endif
