/*
 * Sign-ins that failed, remembered by account and by address, in a small
 * table whose oldest row gives way: after a few a pause that doubles.
 */
#include <stdio.h>
#include <string.h>

#include "api.h"

enum {
	LIMITER_ROWS = 4096,
	LIMITER_FREE = 5, /* failures without a pause */
	LIMITER_FORGET_MS = 15 * 60 * 1000,
	LIMITER_PAUSE_MAX_S = 900
};

struct row {
	char key[64];
	int64_t at_ms;
	int failures;
};

struct limiter {
	struct row rows[LIMITER_ROWS];
};

struct limiter *
limiter_new(void)
{
	return x_new(struct limiter);
}

void
limiter_free(struct limiter *l)
{
	x_free(l);
}

static struct row *
limiter_find(struct limiter *l, const char *key)
{
	int i;

	for (i = 0; i < LIMITER_ROWS && key != NULL; i++)
		if (strncmp(l->rows[i].key, key, sizeof(l->rows[i].key) - 1) ==
		    0)
			return &l->rows[i];
	return NULL;
}

int64_t
limiter_wait_s(struct limiter *l, const char *key, int64_t now_ms)
{
	struct row *r = limiter_find(l, key);
	int64_t pause_s = 1, left;
	int i;

	if (r == NULL || r->failures < LIMITER_FREE ||
	    now_ms - r->at_ms > LIMITER_FORGET_MS)
		return 0;
	for (i = LIMITER_FREE; i < r->failures && pause_s < LIMITER_PAUSE_MAX_S;
	     i++)
		pause_s *= 2;
	left = pause_s * 1000 - (now_ms - r->at_ms);
	return left <= 0 ? 0 : (left + 999) / 1000;
}

void
limiter_failed(struct limiter *l, const char *key, int64_t now_ms)
{
	struct row *r = limiter_find(l, key);
	int i;

	if (key == NULL)
		return;
	if (r == NULL) {
		for (r = l->rows, i = 1; i < LIMITER_ROWS; i++)
			if (l->rows[i].at_ms < r->at_ms)
				r = &l->rows[i];
		memset(r, 0, sizeof(*r));
		snprintf(r->key, sizeof(r->key), "%s", key);
	} else if (now_ms - r->at_ms > LIMITER_FORGET_MS)
		r->failures = 0;
	r->failures++;
	r->at_ms = now_ms;
}

void
limiter_clear(struct limiter *l, const char *key)
{
	struct row *r = limiter_find(l, key);

	if (r != NULL)
		memset(r, 0, sizeof(*r));
}
