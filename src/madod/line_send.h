/*
 * The sender: takes requests from the outbox, by an act, and puts them on the
 * wire; what LINE answers goes back by an act. The only thing that changes
 * anything at LINE.
 */
#ifndef MADOD_LINE_SEND_H
#define MADOD_LINE_SEND_H

#include "madod.h"

struct sender;

struct sender *sender_new(struct madod *m);
void sender_free(struct sender *s);
/* The outbox changed, or time has passed. */
void sender_wake(struct sender *s);
/* Take no more; how many are still on the wire. */
int64_t sender_stop(struct sender *s);

#endif
