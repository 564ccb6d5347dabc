/*
 * LINE's webhooks, decoded: one flat struct an event, tolerant of whatever
 * LINE adds (unknown kinds keep their raw JSON and get one line of text).
 * Source: LINE, "Webhook event objects"; SDK samples that lack fields the
 * specification calls required are fine.
 */
#ifndef MADOD_LINE_DECODE_H
#define MADOD_LINE_DECODE_H

#include <mado/buf.h>
#include <mado/json.h>
#include <mado/model.h>

enum line_kind {
	LINE_MESSAGE,  /* opens, reopens, counts as unread */
	LINE_POSTBACK, /* does what a message does */
	LINE_UNSEND,
	LINE_EDITED,
	LINE_EVENT /* all else: a line in the history, nothing more */
};

enum line_friend { LINE_FRIEND_SAME, LINE_FRIEND_ADDED, LINE_FRIEND_BLOCKED };

struct line_event {
	enum line_kind kind;
	const char *name; /* LINE's type: "message", "follow", ... */
	const char *key;  /* for deduplication, never NULL: "e:" +
	 webhookEventId; "m:" + message id for a message without one; "h:" +
	 hex SHA-256 of the event's compact JSON else */
	int64_t at_ms;    /* timestamp; 0 when absent */
	bool standby;     /* mode "standby": must never be answered */
	const char
	    *source_kind;      /* "user", "group", "room"; NULL: none/unknown */
	const char *source_id; /* of the identity: userId, groupId, roomId */
	const char *user_id;   /* who spoke in a group or room; may be NULL */
	const char *reply_token; /* NULL when none; the all-0 and all-f tokens
				  * of the Verify button count as none */
	const char *message_id;  /* LINE's; of unsend/edited the original's */
	int msg_type;            /* enum msg_type, MSG_EVENT for other kinds */
	const char *text;        /* full text, or the one-line rendering; never
				  * empty; valid UTF-8 */
	const char *asked; /* text without the account's own @name, when it is
			    * mentioned; else NULL */
	const char *quote_token;
	const char *quoted_line_id;
	const char *postback; /* data, for LINE_POSTBACK */
	struct media *media;  /* content to fetch ("wanted") or link to
			       * ("external"); NULL when there is none */
	enum line_friend friend;
	const char *raw; /* the event's JSON as received (compact) */
};

struct line_webhook {
	const char *destination; /* the bot's user id or NULL */
	struct line_event *events;
	size_t n;
};

/*
 * Decode a webhook body that json_parse() accepted: without an array `events`
 * it has none, and a strange event inside is decoded as far as it goes. Valid
 * until the arena is reset.
 */
void line_decode(const cJSON *body, struct arena *a, struct line_webhook *out);

/*
 * Append the line of a picture whose content has come, from the line it had:
 * "[image 2 of 3]" of 215,000 bytes at 1024x768 is "[image 2 of 3, 1024x768
 * 210 KB]". What is not known is 0 and left out; a line that is not in
 * brackets, or a file's (it names its size), is appended as it is.
 */
void line_text_sized(struct buf *b, const char *text, int width_px,
    int height_px, int64_t size_b);

#endif
