/*
 * What LINE remembers about sends: reply tokens (single use, one minute) and
 * retry keys (24 hours). Pure tables: time is an argument.
 */
#ifndef MADOSIM_TOKENS_H
#define MADOSIM_TOKENS_H

#include <mado/id.h>

#include <stdbool.h>
#include <stdint.h>

#include "map.h"

enum {
	TOKEN_B = 33, /* 32 hex digits and a NUL */
	TOKEN_EVENT_LIFE_MS = 20 * 60 * 1000,
	RETRY_LIFE_MS = 24 * 60 * 60 * 1000
};

struct tokens {
	struct map map;
	int64_t life_ms;   /* from the (latest) delivery of the event */
	int64_t pruned_ms; /* when old ones were last thrown away */
};

void tokens_init(struct tokens *t, int64_t life_ms);
void tokens_free(struct tokens *t);
/* A fresh token bound to a chat's id; it dies life_ms after now_ms. */
void tokens_issue(
    struct tokens *t, const char *chat, int64_t now_ms, char out[TOKEN_B]);
/* The event with this token is (re)delivered now: its life starts again,
 * unless it was used or its event is older than 20 minutes. NULL is fine. */
void tokens_delivered(struct tokens *t, const char *token, int64_t now_ms);
/* The chat's id it may be used for; NULL when unknown, used or expired. */
const char *tokens_chat(
    const struct tokens *t, const char *token, int64_t now_ms);
/* Use it up. */
void tokens_use(struct tokens *t, const char *token);

struct retry {
	char request_id[ID_UUID_B]; /* of the request that was accepted */
	char *sent;                 /* its sentMessages as JSON, or NULL */
	int64_t at_ms;
};

struct retries {
	struct map map;
	int64_t pruned_ms;
};

void retries_free(struct retries *r);
/* The accepted request of that key (any case) within 24 hours, or NULL. */
const struct retry *retries_find(
    const struct retries *r, const char *key, int64_t now_ms);
/* Remember that a request was accepted; sent may be NULL. */
void retries_add(struct retries *r, const char *key, const char *request_id,
    const char *sent, int64_t now_ms);

#endif
