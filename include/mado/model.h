/*
 * The nouns, read first. What travels between madod and mado, and what the
 * screens are drawn from. The JSON of each is contract.md's; the field tables
 * are in src/lib/proto.c. Strings are UTF-8 and lent by an arena.
 */
#ifndef MADO_MODEL_H
#define MADO_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include <mado/json.h>

/* The names are the wire's and the database's words for them. */
#define MODES(X)             \
	X(MODE_AUTO, "auto") \
	X(MODE_MANUAL, "manual")
#define STATUSES(X)                      \
	X(STATUS_OPEN, "open")           \
	X(STATUS_FOLLOW_UP, "follow_up") \
	X(STATUS_SNOOZED, "snoozed")     \
	X(STATUS_RESOLVED, "resolved")
#define FROMS(X)                     \
	X(FROM_CUSTOMER, "customer") \
	X(FROM_BOT, "bot")           \
	X(FROM_AGENT, "agent")       \
	X(FROM_SYSTEM, "system")
#define MSG_TYPES(X)                \
	X(MSG_TEXT, "text")         \
	X(MSG_STICKER, "sticker")   \
	X(MSG_IMAGE, "image")       \
	X(MSG_VIDEO, "video")       \
	X(MSG_AUDIO, "audio")       \
	X(MSG_FILE, "file")         \
	X(MSG_LOCATION, "location") \
	X(MSG_NOTE, "note")         \
	X(MSG_EVENT, "event")       \
	X(MSG_UNKNOWN, "unknown")
#define MSG_STATES(X)                                                        \
	X(STATE_RECEIVED, "received") /* a customer's, a note, an event */   \
	X(STATE_QUEUED, "queued")     /* in the outbox */                    \
	X(STATE_SENT, "sent")         /* LINE accepted it */                 \
	X(STATE_FAILED, "failed")     /* why is in error */                  \
	X(STATE_UNCONFIRMED, "unconfirmed") /* a reply without its answer */ \
	X(STATE_HELD, "held") /* waits for a free reply or a person's word */
#define VIAS(X)               \
	X(VIA_REPLY, "reply") \
	X(VIA_PUSH, "push")
#define ROLES(X)                         \
	X(ROLE_VIEWER, "viewer")         \
	X(ROLE_AGENT, "agent")           \
	X(ROLE_SUPERVISOR, "supervisor") \
	X(ROLE_ADMIN, "admin")
#define VIEWS(X)                                                         \
	X(VIEW_MINE, "mine")       /* mine, not resolved, not snoozed */ \
	X(VIEW_WAITING, "waiting") /* manual, nobody's, as above */      \
	X(VIEW_AUTO, "auto")       /* with the bot */                    \
	X(VIEW_FOLLOW_UP, "follow-up")                                   \
	X(VIEW_OPEN, "open") /* all that is not resolved */              \
	X(VIEW_SNOOZED, "snoozed")                                       \
	X(VIEW_RESOLVED, "resolved")                                     \
	X(VIEW_ALL, "all")                                               \
	X(VIEW_PROBLEMS, "problems") /* failed, unconfirmed or held sends */

#define X(id, name) id,
enum mode { MODES(X) MODE_N };
enum status { STATUSES(X) STATUS_N };
enum msg_from { FROMS(X) FROM_N };
enum msg_type { MSG_TYPES(X) MSG_TYPE_N };
enum msg_state { MSG_STATES(X) STATE_N };
enum via { VIAS(X) VIA_N };
enum role { ROLES(X) ROLE_N };
enum view { VIEWS(X) VIEW_N };
#undef X

/* NULL-terminated, indexed by the enums above. */
extern const char *const mode_names[];
extern const char *const status_names[];
extern const char *const from_names[];
extern const char *const msg_type_names[];
extern const char *const state_names[];
extern const char *const via_names[];
extern const char *const role_names[];
extern const char *const view_names[];

/* Index of s in names[], -1 if it is not there or NULL. */
int name_find(const char *const *names, const char *s);

enum {
	MSG_TEXT_MAX_U16 = 5000, /* LINE: text message, UTF-16 units */
	REPLY_TOKEN_LIFE_S = 50, /* of LINE's 60, from our receipt */
	REPLY_BUBBLES_MAX = 5,   /* LINE: messages in one request */
	QUICK_REPLIES_MAX = 13,
	FEED_WAIT_MAX_S = 25,
	TAG_MAX_B = 100,
	BODY_MAX_B = 2 << 20 /* an API request; a webhook's cap is 8 MiB */
};

struct contact {
	int64_t id;
	const char *name;        /* display name, or the one an agent gave */
	struct strs tags;        /* they outlive conversations */
	const char *kind;        /* "user", "group", "room" */
	const char *language;    /* BCP 47 from LINE's profile, or NULL */
	const char *picture_url; /* never fetched */
	const char *status_message;
	bool blocked;       /* unfollowed */
	int64_t since_ms;   /* first seen */
	struct strs fields; /* what they answered: name, value, name, value */
};

struct csat {
	int64_t score; /* 1..5, 0 (null) until answered */
	const char *comment;
	int64_t asked_ms;
	int64_t answered_ms;
};

struct quote { /* the message that this one answers */
	const char *id;
	const char *text;
};

struct media {
	const char *type; /* content type or NULL while unknown */
	int64_t size_b;
	const char *state; /* "wanted", "kept", "gone", "too_large", "failed",
			    * "external" (url only, never fetched) */
	const char *url;   /* of an external provider */
	const char *file_name;
};

struct msg {
	const char *id;       /* client-made UUID, or a ULID */
	int64_t conversation; /* number; 0 (null): none yet */
	int64_t at_ms;        /* when it happened (LINE's timestamp) */
	int from;             /* enum msg_from */
	const char *author;   /* agent's name; NULL for others */
	int type;             /* enum msg_type */
	const char *text;     /* never empty: its one-line rendering */
	int state;            /* enum msg_state */
	int via;              /* enum via, -1 until sent */
	const char *error;    /* why failed, unconfirmed or held */
	const char *line_id;  /* LINE's message id, both directions */
	struct quote *quoted;
	bool unsent;
	bool edited;
	const char *why; /* the rule or command behind it */
	struct media *media;
	int64_t order; /* arrival: ties of at_ms are broken by it */
	int64_t rev;   /* seq of the last feed row about it */
};

struct suggestion { /* an answer that a FAQ has to what the customer wrote */
	const char *message; /* id of what they wrote */
	const char *faq;
	const char *question; /* the FAQ's */
	const char *text;
	int64_t percent; /* how sure, 0..100 */
};

struct conv {
	int64_t number;
	struct contact *contact;
	const char *channel;
	int mode;
	int status;
	bool pinned;
	int64_t unread;
	const char *assignee;
	const char *team;
	struct strs tags;
	int64_t waiting_since_ms;
	int64_t opened_ms;
	int64_t resolved_ms;
	int64_t snoozed_until_ms;
	int64_t reply_free_until_ms;
	struct csat *csat;
	struct msg *last_message;
	struct suggestion *suggestion; /* for the people in charge, or NULL */
	const void *cards; /* the client's own: const cJSON *, or NULL */
	int64_t cost;      /* of the quota, since it was opened */
	int64_t problems;  /* undecided sends: failed, unconfirmed, held */
	int64_t rev;       /* seq of the last feed row about it */
};

struct event_data {
	struct msg *message; /* the row as it is now; NULL if none/erased */
	struct conv *conversation; /* likewise */
	const char *text;          /* a line for people, where there is one */
	struct contact *contact;
	const char *message_id; /* also of a redacted one */
};

struct event {
	int64_t seq;
	int64_t epoch;
	int64_t at_ms;
	const char *kind;
	int64_t conversation; /* 0: none (null on the wire) */
	const char *actor;    /* agent's name; NULL for customers and madod */
	const char *why;
	struct event_data *data;
};

struct agent {
	const char *name;
	const char *display;
	int role;
	bool disabled;
};

struct canned {
	const char *name;
	const char *text;
	const char *reading; /* kana, to be found by; NULL: none */
	struct strs tags;
	bool personal; /* its agent's own; else everybody's */
};

struct upload { /* a file of ours, to be sent or sent */
	const char *id;
	const char *name;
	int kind;         /* MSG_IMAGE, MSG_VIDEO, MSG_AUDIO; MSG_FILE: goes as
			   * a link */
	const char *type; /* content type */
	int64_t size_b;
	const char *note;     /* what its sender should know, or NULL */
	const char *by;       /* agent's name */
	int64_t conversation; /* 0 (null): of none yet */
	const char *message;  /* the id it went out with, NULL until then */
	int64_t at_ms, expires_ms;
};

struct channel_status {
	const char *name;
	int64_t quota_limit; /* messages a month; -1: no limit or unknown */
	int64_t quota_used;  /* -1: unknown */
	const char *problem; /* one sentence when LINE refuses us, or NULL */
	const char *push;    /* "allow", "ask", "hold" */
};

struct present { /* somebody at a conversation, now */
	int64_t conversation;
	const char *agent;
	bool typing;
};

/* How they look in JSON: src/lib/proto.c. */
extern const struct json_table contact_json, csat_json, msg_json, conv_json,
    event_json, agent_json, canned_json, channel_status_json, upload_json,
    present_json;

/* One line for a conversation's place in the inbox: pinned first, then the
 * longest waiting, then the latest message. Sorts ascending by memcmp. */
enum { CONV_ORDER_B = 40 };
void conv_order(const struct conv *c, char out[CONV_ORDER_B]);
/* Is it in that view for the agent of that name? VIEW_PROBLEMS by problems. */
bool conv_in_view(const struct conv *c, enum view v, const char *me);

#endif
