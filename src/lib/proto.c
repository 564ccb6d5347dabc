/*
 * How the nouns of model.h look in JSON: one field table each, read by
 * json_encode() and json_decode(). The order of rows is the order of
 * members; names are contract.md's and are only ever added to.
 */
#include <mado/model.h>

/* clang-format off */
#define F(st, type, name, member) \
	{ name, type, offsetof(struct st, member), NULL, NULL }
#define E(st, name, member, names) \
	{ name, JSON_ENUM, offsetof(struct st, member), names, NULL }
#define O(st, name, member, table) \
	{ name, JSON_OBJ, offsetof(struct st, member), NULL, &table }
#define END { NULL, JSON_INT, 0, NULL, NULL }
#define TABLE(st) { sizeof(struct st), st##_fields }

static const struct json_field contact_fields[] = {
	F(contact, JSON_INT,  "id", id),
	F(contact, JSON_TEXT, "name", name),
	F(contact, JSON_STRS, "tags", tags),
	F(contact, JSON_STR,  "kind", kind),
	F(contact, JSON_STR,  "language", language),
	F(contact, JSON_STR,  "picture_url", picture_url),
	F(contact, JSON_STR,  "status_message", status_message),
	F(contact, JSON_BOOL, "blocked", blocked),
	F(contact, JSON_TIME, "since", since_ms),
	F(contact, JSON_DICT, "fields", fields),
	END
};
const struct json_table contact_json = TABLE(contact);

static const struct json_field csat_fields[] = {
	F(csat, JSON_INTN, "score", score),
	F(csat, JSON_STR,  "comment", comment),
	F(csat, JSON_TIME, "asked_at", asked_ms),
	F(csat, JSON_TIME, "answered_at", answered_ms),
	END
};
const struct json_table csat_json = TABLE(csat);

static const struct json_field quote_fields[] = {
	F(quote, JSON_STR,  "id", id),
	F(quote, JSON_TEXT, "text", text),
	END
};
static const struct json_table quote_json = TABLE(quote);

static const struct json_field media_fields[] = {
	F(media, JSON_STR, "type", type),
	F(media, JSON_INT, "size", size_b),
	F(media, JSON_STR, "state", state),
	F(media, JSON_STR, "url", url),
	F(media, JSON_STR, "file_name", file_name),
	END
};
static const struct json_table media_json = TABLE(media);

static const struct json_field msg_fields[] = {
	F(msg, JSON_TEXT, "id", id),
	F(msg, JSON_INTN, "conversation", conversation),
	F(msg, JSON_TIME, "at", at_ms),
	E(msg, "from", from, from_names),
	F(msg, JSON_STR,  "author", author),
	E(msg, "type", type, msg_type_names),
	F(msg, JSON_TEXT, "text", text),
	E(msg, "state", state, state_names),
	E(msg, "via", via, via_names),
	F(msg, JSON_STR,  "error", error),
	F(msg, JSON_STR,  "line_id", line_id),
	O(msg, "quoted", quoted, quote_json),
	F(msg, JSON_BOOL, "unsent", unsent),
	F(msg, JSON_BOOL, "edited", edited),
	F(msg, JSON_STR,  "why", why),
	O(msg, "media", media, media_json),
	F(msg, JSON_INT,  "order", order),
	F(msg, JSON_INT,  "rev", rev),
	END
};
const struct json_table msg_json = TABLE(msg);

static const struct json_field suggestion_fields[] = {
	F(suggestion, JSON_STR,  "message", message),
	F(suggestion, JSON_STR,  "faq", faq),
	F(suggestion, JSON_TEXT, "question", question),
	F(suggestion, JSON_TEXT, "text", text),
	F(suggestion, JSON_INT,  "percent", percent),
	END
};
static const struct json_table suggestion_json = TABLE(suggestion);

static const struct json_field conv_fields[] = {
	F(conv, JSON_INT,  "number", number),
	O(conv, "contact", contact, contact_json),
	F(conv, JSON_STR,  "channel", channel),
	E(conv, "mode", mode, mode_names),
	E(conv, "status", status, status_names),
	F(conv, JSON_BOOL, "pinned", pinned),
	F(conv, JSON_INT,  "unread", unread),
	F(conv, JSON_STR,  "assignee", assignee),
	F(conv, JSON_STR,  "team", team),
	F(conv, JSON_STRS, "tags", tags),
	F(conv, JSON_TIME, "waiting_since", waiting_since_ms),
	F(conv, JSON_TIME, "opened_at", opened_ms),
	F(conv, JSON_TIME, "resolved_at", resolved_ms),
	F(conv, JSON_TIME, "snoozed_until", snoozed_until_ms),
	F(conv, JSON_TIME, "reply_free_until", reply_free_until_ms),
	O(conv, "csat", csat, csat_json),
	O(conv, "last_message", last_message, msg_json),
	O(conv, "suggestion", suggestion, suggestion_json),
	F(conv, JSON_INT,  "problems", problems),
	F(conv, JSON_INT,  "cost", cost),
	F(conv, JSON_INT,  "rev", rev),
	END
};
const struct json_table conv_json = TABLE(conv);

static const struct json_field event_data_fields[] = {
	O(event_data, "message", message, msg_json),
	O(event_data, "conversation", conversation, conv_json),
	F(event_data, JSON_STR, "text", text),
	O(event_data, "contact", contact, contact_json),
	F(event_data, JSON_STR, "message_id", message_id),
	END
};
static const struct json_table event_data_json = TABLE(event_data);

static const struct json_field event_fields[] = {
	F(event, JSON_INT,  "seq", seq),
	F(event, JSON_INT,  "epoch", epoch),
	F(event, JSON_TIME, "at", at_ms),
	F(event, JSON_TEXT, "kind", kind),
	F(event, JSON_INTN, "conversation", conversation),
	F(event, JSON_STR,  "actor", actor),
	F(event, JSON_STR,  "why", why),
	O(event, "data", data, event_data_json),
	END
};
const struct json_table event_json = TABLE(event);

static const struct json_field agent_fields[] = {
	F(agent, JSON_TEXT, "name", name),
	F(agent, JSON_STR,  "display", display),
	E(agent, "role", role, role_names),
	F(agent, JSON_BOOL, "disabled", disabled),
	END
};
const struct json_table agent_json = TABLE(agent);

static const struct json_field canned_fields[] = {
	F(canned, JSON_TEXT, "name", name),
	F(canned, JSON_TEXT, "text", text),
	F(canned, JSON_STR,  "reading", reading),
	F(canned, JSON_STRS, "tags", tags),
	F(canned, JSON_BOOL, "personal", personal),
	END
};
const struct json_table canned_json = TABLE(canned);

static const struct json_field upload_fields[] = {
	F(upload, JSON_TEXT, "id", id),
	F(upload, JSON_TEXT, "name", name),
	E(upload, "kind", kind, msg_type_names),
	F(upload, JSON_TEXT, "type", type),
	F(upload, JSON_INT,  "size", size_b),
	F(upload, JSON_STR,  "note", note),
	F(upload, JSON_STR,  "by", by),
	F(upload, JSON_INTN, "conversation", conversation),
	F(upload, JSON_STR,  "message", message),
	F(upload, JSON_TIME, "at", at_ms),
	F(upload, JSON_TIME, "expires_at", expires_ms),
	END
};
const struct json_table upload_json = TABLE(upload);

static const struct json_field channel_status_fields[] = {
	F(channel_status, JSON_TEXT, "name", name),
	F(channel_status, JSON_INT,  "quota_limit", quota_limit),
	F(channel_status, JSON_INT,  "quota_used", quota_used),
	F(channel_status, JSON_STR,  "problem", problem),
	F(channel_status, JSON_STR,  "push", push),
	END
};
const struct json_table channel_status_json = TABLE(channel_status);

static const struct json_field present_fields[] = {
	F(present, JSON_INT,  "conversation", conversation),
	F(present, JSON_TEXT, "agent", agent),
	F(present, JSON_BOOL, "typing", typing),
	END
};
const struct json_table present_json = TABLE(present);
