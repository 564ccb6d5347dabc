/*
 * From a customer's deed to LINE's webhook event: ids, tokens, source. The
 * events go to out.c.
 */
#ifndef MADOSIM_EVENTS_H
#define MADOSIM_EVENTS_H

#include "sim.h"

/* Who does it and where; `where` NULL: in the 1:1 chat. */
struct place {
	struct chat *who;
	struct chat *where;
};

/* What an event got; "" where it has none. */
struct event_ids {
	char message[MESSAGE_ID_B];
	char event[ID_ULID_B];
	char token[TOKEN_B];
};

struct read_mark {
	struct chat *chat;
	int64_t at_ms;
};

/* The chat where it happens. */
struct chat *place_chat(const struct place *p);
/*
 * Send an event whose own members (type, message ..) are in o; the common
 * ones are added, a reply token where LINE gives one to that type. Members
 * that o has already stay as they are. Takes ownership of o.
 */
void events_send(
    struct sim *s, const struct place *p, cJSON *o, struct event_ids *ids);
/*
 * A message event: adds id, quote and read tokens to the message and counts
 * it as written. media may be NULL. Takes ownership of message and media.
 */
void events_message(struct sim *s, const struct place *p, cJSON *message,
    struct media_item *media, struct event_ids *ids);
void events_postback(struct sim *s, const struct place *p, const char *data,
    const cJSON *params, struct event_ids *ids);
/* Add or unblock the account; block it. */
void events_follow(struct sim *s, struct chat *who, struct event_ids *ids);
void events_unfollow(struct sim *s, struct chat *who, struct event_ids *ids);
/* Take a message back; its content is gone. */
void events_unsend(struct sim *s, const struct place *p, const char *message_id,
    struct event_ids *ids);
/* Change a text that was sent. */
void events_edit(struct sim *s, const struct place *p, const char *message_id,
    const char *text, struct event_ids *ids);
/* A fresh quote token for a message in that chat. */
void events_quote_token(struct sim *s, struct chat *chat, char out[ID_TOKEN_B]);

#endif
