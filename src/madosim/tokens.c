/*
 * Reply tokens and retry keys as LINE keeps them. Must not know HTTP or
 * JSON; events.c issues, out.c renews, send.c takes.
 * Source: LINE, "Send reply message", "Retrying an API request".
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <mado/crypto.h>
#include <mado/mem.h>

#include "tokens.h"

enum { PRUNE_EVERY_MS = 60 * 1000 };

struct token {
	char *chat;
	int64_t event_ms;
	int64_t dies_ms;
	bool used;
};

void
tokens_init(struct tokens *t, int64_t life_ms)
{
	*t = (struct tokens){.life_ms = life_ms};
}

static void
token_free(void *p)
{
	struct token *k = p;

	x_free(k->chat);
	x_free(k);
}

void
tokens_free(struct tokens *t)
{
	map_free(&t->map, token_free);
}

static bool
token_is_old(void *value, void *arg)
{
	struct token *k = value;
	int64_t now_ms = *(int64_t *)arg;

	if (now_ms <= k->dies_ms || now_ms - k->event_ms < TOKEN_EVENT_LIFE_MS)
		return false;
	token_free(k);
	return true;
}

void
tokens_issue(
    struct tokens *t, const char *chat, int64_t now_ms, char out[TOKEN_B])
{
	struct token *k = x_new(struct token);
	uint8_t raw[TOKEN_B / 2];
	size_t i;

	if (now_ms - t->pruned_ms > PRUNE_EVERY_MS) {
		map_prune(&t->map, token_is_old, &now_ms);
		t->pruned_ms = now_ms;
	}
	crypto_random(raw, sizeof(raw));
	for (i = 0; i < sizeof(raw); i++)
		snprintf(out + 2 * i, 3, "%02x", raw[i]);
	k->chat = x_strdup(chat);
	k->event_ms = now_ms;
	k->dies_ms = now_ms + t->life_ms;
	map_put(&t->map, out, k);
}

void
tokens_delivered(struct tokens *t, const char *token, int64_t now_ms)
{
	struct token *k = map_get(&t->map, token);

	if (k != NULL && !k->used &&
	    now_ms - k->event_ms <= TOKEN_EVENT_LIFE_MS)
		k->dies_ms = now_ms + t->life_ms;
}

const char *
tokens_chat(const struct tokens *t, const char *token, int64_t now_ms)
{
	struct token *k = map_get(&t->map, token);

	if (k == NULL || k->used || now_ms > k->dies_ms)
		return NULL;
	return k->chat;
}

void
tokens_use(struct tokens *t, const char *token)
{
	struct token *k = map_get(&t->map, token);

	if (k != NULL)
		k->used = true;
}

static void
retry_free(void *p)
{
	struct retry *y = p;

	x_free(y->sent);
	x_free(y);
}

void
retries_free(struct retries *r)
{
	map_free(&r->map, retry_free);
}

static bool
retry_is_old(void *value, void *arg)
{
	struct retry *y = value;

	if (*(int64_t *)arg - y->at_ms < RETRY_LIFE_MS)
		return false;
	retry_free(y);
	return true;
}

/* A UUID is the same in either case. */
static void
retry_key(const char *key, char out[ID_UUID_B])
{
	size_t i;

	for (i = 0; i < ID_UUID_B - 1 && key[i] != '\0'; i++)
		out[i] = (char)tolower((unsigned char)key[i]);
	out[i] = '\0';
}

const struct retry *
retries_find(const struct retries *r, const char *key, int64_t now_ms)
{
	char k[ID_UUID_B];
	const struct retry *y;

	retry_key(key, k);
	y = map_get(&r->map, k);
	if (y == NULL || now_ms - y->at_ms >= RETRY_LIFE_MS)
		return NULL;
	return y;
}

void
retries_add(struct retries *r, const char *key, const char *request_id,
    const char *sent, int64_t now_ms)
{
	struct retry *y = x_new(struct retry), *old;
	char k[ID_UUID_B];

	if (now_ms - r->pruned_ms > PRUNE_EVERY_MS) {
		map_prune(&r->map, retry_is_old, &now_ms);
		r->pruned_ms = now_ms;
	}
	retry_key(key, k);
	snprintf(y->request_id, sizeof(y->request_id), "%s", request_id);
	y->sent = x_strdup(sent);
	y->at_ms = now_ms;
	if ((old = map_put(&r->map, k, y)) != NULL)
		retry_free(old);
}
