/*
 * Faults on demand: each kind strikes with a rate, perhaps only so many
 * times, perhaps only on one endpoint. The same seed gives the same strikes
 * for the same run of requests.
 */
#ifndef MADOSIM_FAULT_H
#define MADOSIM_FAULT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include <mado/err.h>

#include "rng.h"

/* kind, name, what it does */
#define FAULT_KINDS(X)                                                      \
	X(FAULT_LOSE_ANSWER, "lose-answer", "acts, then closes unanswered") \
	X(FAULT_ERROR_500, "error-500", "answers 500, has not acted")       \
	X(FAULT_ERROR_500_ACTED, "error-500-acted", "acts, answers 500")    \
	X(FAULT_SLOW, "slow", "acts, answers after --slow")                 \
	X(FAULT_REFUSE, "refuse", "closes before acting")                   \
	X(FAULT_RATE_LIMIT, "rate-limit", "429, rate limit exceeded")       \
	X(FAULT_MONTH_OVER, "month-over", "429, monthly limit reached")     \
	X(FAULT_REVOKE_TOKEN, "revoke-token", "401, as if revoked")         \
	X(FAULT_DUPLICATE, "duplicate", "a webhook event comes twice")      \
	X(FAULT_SHUFFLE, "shuffle", "a webhook event comes late")

enum fault_kind {
#define X(id, name, help) id,
	FAULT_KINDS(X)
#undef X
	    FAULT_N
};

struct fault {
	double rate;  /* 0..1 */
	int64_t left; /* strikes still to come, -1: no end */
	int64_t hits;
	char *on; /* endpoint it is bound to, NULL: all */
	struct rng rng;
};

struct faults {
	struct fault v[FAULT_N];
};

void faults_init(struct faults *f, uint64_t seed);
void faults_free(struct faults *f);
/*
 * Set a kind by name. count -1: no end; on NULL: every endpoint.
 * ERR_INVALID for an unknown kind (naming those there are) or a rate outside
 * 0..1.
 */
struct fault_spec {
	const char *kind;
	double rate;
	int64_t count;
	const char *on;
};
int fault_set(struct faults *f, const struct fault_spec *spec, struct err *e);
/* No faults from here on. */
void faults_clear(struct faults *f);
/* "KIND:RATE" or "KIND:RATE:ENDPOINT", as on the command line. */
int fault_parse(struct faults *f, const char *text, struct err *e);
/* Roll the dice, and count a strike. endpoint may be NULL. */
bool fault_strikes(struct faults *f, enum fault_kind k, const char *endpoint);
/* An array of what is set or has struck. Caller frees with cJSON_Delete(). */
cJSON *faults_json(const struct faults *f);

#endif
