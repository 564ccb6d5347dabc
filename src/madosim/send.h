/*
 * Ways from the account to its customers, and what is common to them.
 */
#ifndef MADOSIM_SEND_H
#define MADOSIM_SEND_H

#include "answer.h"

#define SEND_VIAS(X)                   \
	X(SEND_REPLY, "reply")         \
	X(SEND_PUSH, "push")           \
	X(SEND_MULTICAST, "multicast") \
	X(SEND_BROADCAST, "broadcast") \
	X(SEND_NARROWCAST, "narrowcast")

enum send_via {
#define X(id, name) id,
	SEND_VIAS(X)
#undef X
	    SEND_N
};

/* By enum send_via. */
extern const char *const send_via_names[];
/* Add a send to the day's count (LINE's days are UTC+9). */
void quota_count(struct sim *s, const char *via, int64_t now_ms, int64_t n);

#endif
