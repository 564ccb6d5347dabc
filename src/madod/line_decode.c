/*
 * LINE's webhook events made flat, one row per kind. Owns what each kind means
 * and its one line of English. Must not look at the store, the clock or the
 * configuration. Called by the webhook handler; whatever LINE sends, fields
 * absent or of other types, gives an event with a key, a line and its raw JSON.
 */
#include <stdio.h>
#include <string.h>

#include <mado/crypto.h>
#include <mado/mem.h>

#include "bubble.h"
#include "line_scan.h"

/* The last millisecond of the year 9999: later ones have no RFC 3339. */
static const int64_t at_max_ms = INT64_C(253402300799999);

/* Which message was meant is all that makes an edit more than an event. */
static void
ev_edited(struct line_scan *s)
{
	line_message_decode(s);
	if (s->out->message_id != NULL)
		return;
	s->out->kind = LINE_EVENT;
	s->out->msg_type = MSG_EVENT;
	s->out->media = NULL;
	buf_reset(s->b);
	buf_puts(s->b, "edited a message");
}

static void
ev_unsend(struct line_scan *s)
{
	s->out->message_id =
	    line_scan_id(s, json_obj(s->ev, "unsend"), "messageId");
	if (s->out->message_id == NULL)
		s->out->kind = LINE_EVENT;
	buf_puts(s->b, "unsent a message");
}

/* A tap on what we sent ourselves: a survey's star (act_out.c), one of the
 * choices that the bot offered (bot.c). */
static bool
tap_words(const char *data, struct buf *b)
{
	long long number;
	int score, id = 0;

	if (sscanf(data, "madoguchi:csat:%lld:%d", &number, &score) == 2) {
		buf_printf(b, "[survey: %d/5]", score);
	} else if (sscanf(data, TAP_FAQ "%lld:%n", &number, &id) == 1 &&
	    id > 0) {
		buf_puts(b, "[choice: ");
		line_scan_piece(b, data + id);
		buf_puts(b, "]");
	} else if (sscanf(data, TAP_PERSON ":%lld", &number) == 1) {
		buf_puts(b, "[choice: a person]");
	} else {
		return false;
	}
	return true;
}

/* params: the date that was picked, or the rich menu that was switched to. */
static void
ev_postback(struct line_scan *s)
{
	const cJSON *p = json_obj(s->ev, "postback"), *it;

	s->out->postback = arena_strdup(s->a, json_str(p, "data", ""));
	if (strcmp(s->out->postback, TAP_ACK) == 0) {
		/* it says nothing new, and brings a token */
		s->out->kind = LINE_EVENT;
		buf_puts(s->b, "asks for the answer");
		return;
	}
	if (tap_words(s->out->postback, s->b))
		return;
	buf_puts(s->b, "[postback");
	line_scan_member(s->b, ": ", p, "data");
	cJSON_ArrayForEach(it, json_obj(p, "params"))
	{
		if (!cJSON_IsString(it) || it->string == NULL)
			continue;
		buf_puts(s->b, ", ");
		line_scan_piece(s->b, it->string);
		buf_puts(s->b, " ");
		line_scan_piece(s->b, it->valuestring);
	}
	buf_puts(s->b, "]");
}

static void
ev_follow(struct line_scan *s)
{
	s->out->friend = LINE_FRIEND_ADDED;
	buf_puts(s->b, "followed the account");
	if (json_bool(json_obj(s->ev, "follow"), "isUnblocked", false))
		buf_puts(s->b, " again");
}

static void
ev_unfollow(struct line_scan *s)
{
	s->out->friend = LINE_FRIEND_BLOCKED;
	buf_puts(s->b, "blocked the account");
}

static const char *
place(const struct line_scan *s)
{
	const char *kind = s->out->source_kind;

	return kind != NULL && strcmp(kind, "room") == 0 ? "room" : "group";
}

static void
ev_join(struct line_scan *s)
{
	buf_printf(s->b, "the account joined the %s", place(s));
}

static void
ev_leave(struct line_scan *s)
{
	buf_printf(s->b, "the account left the %s", place(s));
}

static void
put_members(struct line_scan *s, const char *list, const char *verb)
{
	const cJSON *m = json_arr(json_obj(s->ev, list), "members");
	int n = cJSON_GetArraySize(m);

	if (n > 1)
		buf_printf(s->b, "%d members %s the %s", n, verb, place(s));
	else
		buf_printf(s->b, "a member %s the %s", verb, place(s));
}

static void
ev_member_joined(struct line_scan *s)
{
	put_members(s, "joined", "joined");
}

static void
ev_member_left(struct line_scan *s)
{
	put_members(s, "left", "left");
}

static void
ev_video_complete(struct line_scan *s)
{
	buf_puts(s->b, "watched a video to its end");
	line_scan_member(
	    s->b, ": ", json_obj(s->ev, "videoPlayComplete"), "trackingId");
}

/* Which words a member's value stands for; the last row is for all others. */
struct words {
	const char *value;
	const char *text;
};

static void
put_words(struct line_scan *s, const char *value, const struct words *w)
{
	while (w->value != NULL && strcmp(w->value, value) != 0)
		w++;
	buf_puts(s->b, w->text);
}

static void
ev_beacon(struct line_scan *s)
{
	static const struct words words[] = {
	    {"enter", "entered the range of a beacon"},
	    {"banner", "tapped a beacon's banner"},
	    {"stay", "is in the range of a beacon"},
	    {NULL, "met a beacon"},
	};
	const cJSON *b = json_obj(s->ev, "beacon");

	put_words(s, json_str(b, "type", ""), words);
	line_scan_member(s->b, ": ", b, "hwid");
}

static void
ev_account_link(struct line_scan *s)
{
	static const struct words words[] = {
	    {"ok", "linked an account"},
	    {"failed", "failed to link an account"},
	    {NULL, "tried to link an account"},
	};

	put_words(s, json_str(json_obj(s->ev, "link"), "result", ""), words);
}

static void
ev_membership(struct line_scan *s)
{
	static const struct words words[] = {
	    {"joined", "joined a membership"},
	    {"left", "left a membership"},
	    {"renewed", "renewed a membership"},
	    {NULL, "changed a membership"},
	};
	const cJSON *m = json_obj(s->ev, "membership");
	double id;

	put_words(s, json_str(m, "type", ""), words);
	if (line_scan_number(m, "membershipId", 0, 9e15, &id))
		buf_printf(s->b, ": %.0f", id);
}

static void
ev_module(struct line_scan *s)
{
	static const struct words words[] = {
	    {"attached", "the module was attached to the account"},
	    {"detached", "the module was detached from the account"},
	    {NULL, "the module's tie to the account changed"},
	};

	put_words(s, json_str(json_obj(s->ev, "module"), "type", ""), words);
}

static void
ev_delivery(struct line_scan *s)
{
	buf_puts(s->b, "a notification message was delivered");
	line_scan_member(s->b, ": ", json_obj(s->ev, "delivery"), "data");
}

static void
ev_unknown(struct line_scan *s)
{
	line_scan_unsupported(s->b, json_str(s->ev, "type", ""), "event");
}

static const struct event_row {
	const char *name;
	enum line_kind kind;
	void (*decode)(struct line_scan *s); /* NULL: the line says it all */
	const char *line;
} event_rows[] = {
    {"message", LINE_MESSAGE, line_message_decode, NULL},
    {"messageEdited", LINE_EDITED, ev_edited, NULL},
    {"unsend", LINE_UNSEND, ev_unsend, NULL},
    {"postback", LINE_POSTBACK, ev_postback, NULL},
    {"follow", LINE_EVENT, ev_follow, NULL},
    {"unfollow", LINE_EVENT, ev_unfollow, NULL},
    {"join", LINE_EVENT, ev_join, NULL},
    {"leave", LINE_EVENT, ev_leave, NULL},
    {"memberJoined", LINE_EVENT, ev_member_joined, NULL},
    {"memberLeft", LINE_EVENT, ev_member_left, NULL},
    {"videoPlayComplete", LINE_EVENT, ev_video_complete, NULL},
    {"beacon", LINE_EVENT, ev_beacon, NULL},
    {"accountLink", LINE_EVENT, ev_account_link, NULL},
    {"membership", LINE_EVENT, ev_membership, NULL},
    {"module", LINE_EVENT, ev_module, NULL},
    {"activated", LINE_EVENT, NULL, "this channel took over the chat"},
    {"deactivated", LINE_EVENT, NULL, "another channel took over the chat"},
    {"botSuspended", LINE_EVENT, NULL, "LINE suspended the account"},
    {"botResumed", LINE_EVENT, NULL, "LINE resumed the account"},
    {"delivery", LINE_EVENT, ev_delivery, NULL},
    {NULL, LINE_EVENT, ev_unknown, NULL},
};

static const struct event_row *
event_row_find(const char *name)
{
	const struct event_row *r = event_rows;

	while (r->name != NULL && strcmp(r->name, name) != 0)
		r++;
	return r;
}

/* ---- what all events have ---- */

static void
take_source(struct line_scan *s)
{
	static const struct {
		const char *kind, *id;
	} kinds[] = {
	    {"user", "userId"}, {"group", "groupId"}, {"room", "roomId"}};
	const cJSON *src = json_obj(s->ev, "source");
	const char *kind = json_str(src, "type", "");
	struct line_event *o = s->out;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].kind, kind) != 0)
			continue;
		o->source_id = line_scan_id(s, src, kinds[i].id);
		if (o->source_id == NULL)
			return;
		o->source_kind = kinds[i].kind;
		if (i > 0)
			o->user_id = line_scan_id(s, src, "userId");
	}
}

/*
 * The Verify button of LINE's old console sent tokens of one repeated digit,
 * which no reply can use. In standby another channel has the chat.
 */
static void
take_reply_token(struct line_scan *s)
{
	const char *t = line_scan_id(s, s->ev, "replyToken");

	if (t == NULL || s->out->standby)
		return;
	if (t[strspn(t, "0")] == '\0' || t[strspn(t, "f")] == '\0')
		return;
	s->out->reply_token = t;
}

static void
take_raw(struct line_scan *s)
{
	char *raw = cJSON_PrintUnformatted(s->ev);

	s->out->raw = arena_strdup(s->a, raw != NULL ? raw : "null");
	cJSON_free(raw);
}

static void
take_key(struct line_scan *s)
{
	const char *id = line_scan_id(s, s->ev, "webhookEventId");
	struct line_event *o = s->out;
	char hex[65];

	if (id != NULL)
		o->key = arena_sprintf(s->a, "e:%s", id);
	else if (o->kind == LINE_MESSAGE && o->message_id != NULL)
		o->key = arena_sprintf(s->a, "m:%s", o->message_id);
	else {
		crypto_sha256_hex(o->raw, strlen(o->raw), hex);
		o->key = arena_sprintf(s->a, "h:%s", hex);
	}
}

static void
decode_event(struct line_scan *s)
{
	const struct event_row *r = event_row_find(json_str(s->ev, "type", ""));
	struct line_event *o = s->out;

	o->name = r->name;
	if (r->name == NULL &&
	    (o->name = line_scan_id(s, s->ev, "type")) == NULL)
		o->name = "unknown";
	o->kind = r->kind;
	o->msg_type = MSG_EVENT;
	o->at_ms = line_scan_count(s->ev, "timestamp", at_max_ms);
	o->standby = strcmp(json_str(s->ev, "mode", ""), "standby") == 0;
	s->msg = json_obj(s->ev, "message");
	take_source(s);
	take_reply_token(s);
	if (r->decode != NULL)
		r->decode(s);
	else
		buf_puts(s->b, r->line);
	o->text = arena_strndup(s->a, buf_str(s->b), s->b->n);
	take_raw(s);
	take_key(s);
}

void
line_decode(const cJSON *body, struct arena *a, struct line_webhook *out)
{
	const cJSON *events = json_arr(body, "events"), *ev;
	struct buf b = {0};
	struct line_scan s = {.a = a, .b = &b};

	memset(out, 0, sizeof(*out));
	s.ev = body;
	out->destination = line_scan_id(&s, body, "destination");
	out->events = arena_calloc(
	    a, (size_t)cJSON_GetArraySize(events) + 1, sizeof(*out->events));
	cJSON_ArrayForEach(ev, events)
	{
		s.ev = ev;
		s.out = &out->events[out->n++];
		buf_reset(&b);
		decode_event(&s);
	}
	buf_free(&b);
}
