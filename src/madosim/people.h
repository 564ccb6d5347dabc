/*
 * Who is on the other side: customers, groups and rooms, each a chat with
 * the account, and what each has received.
 */
#ifndef MADOSIM_PEOPLE_H
#define MADOSIM_PEOPLE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mado/id.h>

#include "map.h"

enum {
	LINE_ID_B = 34,    /* U, C or R, 32 hex digits, NUL */
	MESSAGE_ID_B = 24, /* decimal, 18 digits */
	PUSH_WINDOW_MS = 7 * 24 * 3600 * 1000 /* to people who are no friends */
};

enum chat_kind { CHAT_USER, CHAT_GROUP, CHAT_ROOM };

struct received {
	char id[MESSAGE_ID_B];
	char request_id[ID_UUID_B];
	char *retry_key; /* NULL without */
	const char *via; /* "reply", "push", "multicast", .. */
	int64_t at_ms;
	cJSON *message;
};

struct chat {
	enum chat_kind kind;
	char id[LINE_ID_B];
	char *name; /* in the script and under /sim/ */
	char *display, *language, *picture, *status;
	bool is_friend;
	bool blocked;
	bool left; /* the account is no longer in this group */
	struct received *got;
	size_t got_n;
	struct chat **members; /* of a group or room */
	size_t members_n;
	int64_t wrote;       /* messages written */
	int64_t wrote_ms;    /* last 1:1 message */
	int64_t undelivered; /* accepted by LINE, never shown */
	int64_t loading_until_ms;
	int64_t read_ms; /* the account has read up to here */
	char last_message[MESSAGE_ID_B];
	struct actor *actor; /* who plays it, or NULL */
};

struct people {
	struct chat **v;
	size_t n;
	struct map by_id;
	struct map by_name;
};

void people_free(struct people *p);
/* Add a chat; its id is made from its name, the same in every run, unless
 * the name is an id already. Lent, lives as long as p. */
struct chat *people_add(
    struct people *p, enum chat_kind kind, const char *name);
/* By name or id; NULL when unknown. */
struct chat *people_find(const struct people *p, const char *name_or_id);
struct chat *people_by_id(const struct people *p, const char *id);
/* U, C or R and 32 hex digits. */
bool people_is_id(const char *s);
/* Replace the display name. */
void chat_set_display(struct chat *c, const char *display);
void chat_add_member(struct chat *group, struct chat *who);
bool chat_has_member(const struct chat *group, const struct chat *who);
/* Would a message be shown there? Blocked, left and strangers: no. */
bool chat_takes_messages(const struct chat *c, int64_t now_ms);
/* How many messages of the month's quota a send to it costs. */
int64_t chat_cost(const struct chat *c, int64_t now_ms);
/* Keep what was received. Takes ownership of r->message and r->retry_key. */
void chat_receive(struct chat *c, const struct received *r);
/* JSON for GET /sim/state. Caller frees with cJSON_Delete(). */
cJSON *chat_json(const struct chat *c, int64_t now_ms);

#endif
