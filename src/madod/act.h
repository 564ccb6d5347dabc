/*
 * The acts: everything that changes the desk's state, one function each, only
 * on the writer, always with a feed row. act_in.c takes what LINE says,
 * act_fetch.c what it was asked for, act_bot.c what the bot does about it,
 * act_out.c what goes to LINE, act_conv.c the verbs on a conversation,
 * act_survey.c the survey, act_user.c people, act_canned.c canned replies,
 * act_search.c the index of search; act.c what they share.
 */
#ifndef MADOD_ACT_H
#define MADOD_ACT_H

#include "bot.h"
#include "line_decode.h"
#include "writer.h"

/* states of an outbox row and of a request (schema.c) */
enum { OUTBOX_WAITS, OUTBOX_IN_REQUEST, OUTBOX_HELD, OUTBOX_ENDED };
enum { REQUEST_READY, REQUEST_ON_WIRE };

enum push_policy { PUSH_ALLOW, PUSH_ASK, PUSH_HOLD };

/* The columns of a conversation that acts decide by. */
struct cv {
	int64_t number, identity, contact, assignee, csat_asked, csat_answered;
	int64_t resolved_at, waiting_since, snoozed_until;
	int mode, status;
	const char *channel;
};

/* act.c: what they share */
/* Append a feed row; gives its seq. message and conversation 0: none. The
 * rows it names get that seq as their rev. */
int64_t act_feed(struct act *a, const char *kind, int64_t conversation,
    int64_t message, const char *why);
int64_t act_feed_contact(struct act *a, const char *kind, int64_t contact);
/* 0, or -1 with ERR_NOTFOUND. */
int act_cv(struct act *a, int64_t number, struct cv *c, struct err *e);
/* The identity's unresolved conversation, else its latest; number 0: none. */
void act_cv_latest(struct act *a, int64_t identity, struct cv *c);
/* An `event` line from the system in the conversation's history; gives the
 * message's row id. */
int64_t act_line(struct act *a, const struct cv *c, int64_t at_ms,
    const char *text, const char *why);
struct new_msg {
	const char *uid; /* NULL: made here */
	const char *text, *author, *line_id, *quote_token, *quoted, *why, *raw;
	int64_t conversation, identity, contact, at_ms;
	int64_t send_at_ms; /* of a reply that is held until then */
	int sender, type, state;
	bool aside;  /* a courtesy: the list shows what was said before it */
	bool unread; /* counts as unread, and waits for an answer */
	const struct media *media;
};
/* Insert the row, make it the conversation's last message when it is the
 * latest thing said (events are not); no feed row. Gives the row id. */
int64_t act_message(struct act *a, const struct new_msg *m);
/* Put LINE's message object into the outbox as message `id` of c. */
void act_queue(
    struct act *a, const struct cv *c, int64_t id, const char *payload);
/* The same, not before a time; 0: at once. */
void act_queue_at(struct act *a, const struct cv *c, int64_t id,
    const char *payload, int64_t send_at_ms);
/* auto -> manual or back, with its line and feed row. */
void act_mode(struct act *a, struct cv *c, enum mode mode, const char *why);
/* auto -> manual over a message (its uid), which the line quotes. */
void act_handoff(
    struct act *a, struct cv *c, const char *why, const char *about);
/* resolved -> open; ERR_CONFLICT when the identity has a newer open one. */
int act_reopen(struct act *a, struct cv *c, const char *why, struct err *e);
/* Recount the undecided sends of a conversation. */
void act_problems(struct act *a, int64_t conversation);
/* The string member of the args, or NULL; "" counts as NULL. */
const char *act_arg(const struct act *a, const char *name);

/* act_in.c */
struct webhook_in {
	const char *channel;
	const struct line_webhook *hook;
	const struct rules *rules;
	const struct advice_policy *adviser; /* NULL: there is none */
	const struct bot_guess **guesses;    /* one an event, each may be NULL;
						NULL: the channel has no FAQs */
	int64_t received_ms, reopen_within_ms;
};
struct gone { /* a message that was unsent: its file goes after the commit */
	const char *uid;
	struct gone *next;
};
/* in: struct webhook_in; out: struct gone * (list) */
int act_webhook(struct act *a, struct err *e);
/* act_bot.c: what the bot does about a customer's message. */
struct bot_turn {
	const struct rules *rules;
	const struct advice_policy *adviser; /* who may be asked, or NULL */
	const struct bot_guess *guess;
	const struct advice *advice; /* of one who was, or NULL */
	const char *text;
	const char *postback; /* its data; NULL: typed */
	int64_t message;      /* its row id */
	int msg_type;
	bool opened;    /* the conversation, just now */
	bool standby;   /* others answer */
	bool overheard; /* rules_input's */
	bool knows;     /* the desk has FAQs */
	bool overtaken; /* bot_input's */
};
void act_bot(struct act *a, struct cv *c, const struct bot_turn *t);
/* The adviser was asked about a message, and this is what came of it: what
 * act_bot() put off is done, once, if the bot still has the conversation. */
struct advised_in {
	int64_t message;
	const struct rules *rules;
	const struct bot_guess *guess;
	const struct advice *advice;
};
int act_advised(struct act *a, struct err *e); /* in: struct advised_in */
struct bot_says {
	const struct bubbles *says;
	const struct quicks *quick; /* under the last */
	const char *why;
	bool aside; /* as of new_msg */
};
void act_bot_say(struct act *a, const struct cv *c, const struct bot_says *s);

/* act_rules.c: what rules.conf needs of the store, and leaves there */
/* r may be NULL. Text, kind and event of `in` are the caller's. */
void act_rules_gather(struct act *a, const struct cv *c, const struct rules *r,
    struct rules_input *in);
/* State, tags and fields; message is the row that was the answer, or 0. */
void act_rules_keep(struct act *a, const struct cv *c, const struct rules *r,
    const struct rules_verdict *v, int64_t message);
/* People take over, or give back: no menu counts, no question waits. */
void act_rules_leave(struct act *a, int64_t identity);
/* What the bot kept of a message goes with it. */
void act_rules_unsent(struct act *a, int64_t message);
/* Somebody added the account, and is greeted, at the latest a moment later when
 * LINE has told their name; c.number 0: there is no conversation. */
void act_follow(struct act *a, struct cv *c, const struct rules *r);
/* It is known who that contact is, or that nobody knows: greetings that waited
 * for it are due. */
void act_follow_known(struct act *a, int64_t contact);
/* The greetings that are due; in: struct rules, or NULL. */
int act_greet(struct act *a, struct err *e);
/* Questionnaires whose time is over; in: struct rules, or NULL. */
int act_rules_due(struct act *a, struct err *e);
/* Conversations that people answered and nobody went on with, which they mean
 * to do where they marked a follow-up; in: the same. */
int act_silence(struct act *a, struct err *e);
void act_back_to_auto(struct act *a, struct cv *c, const char *why);
/* Before somebody takes c: if it was waiting, how long is noted. */
void act_queue_left(struct act *a, const struct cv *c);
/* The same while people are in charge: only noted, as their suggestion. */
void act_bot_beside(
    struct act *a, const struct cv *c, const struct bot_turn *t);

/* act_fetch.c */
struct profile_in {
	int64_t contact;
	int64_t after; /* the newest message's row when LINE was asked */
	const char *name, *language, *picture_url, *status_message;
};
int act_profile(struct act *a, struct err *e); /* in: struct profile_in */
struct media_in {
	int64_t message;
	const char *state; /* "kept", "gone", "too_large", "failed" */
	const char *type;
	int64_t size_b;
	int width_px, height_px; /* of a picture; 0: unknown */
};
/* in: struct media_in; out: not NULL when the message still wanted it */
int act_media(struct act *a, struct err *e);
struct channel_in {
	const char *name;
	const char *problem;             /* NULL: none */
	int64_t quota_limit, quota_used; /* -1: unknown, -2: as it was */
	bool clear_push_stop;
};
int act_channel(struct act *a, struct err *e); /* in: struct channel_in */

/* act_search.c: the next slice of the index of search; in: anything, which is
 * its out when there is more. */
int act_index(struct act *a, struct err *e);
/* Before an act changes a text: what it is found by, NULL if by nothing.
 * Caller frees with x_free(). */
char *act_index_text(struct act *a, int64_t id);
/* After it, in the same act: it was that (or NULL), and is to be found by
 * this (or not at all: NULL). */
void act_index_change(
    struct act *a, int64_t id, const char *was, const char *text);

/* act_conv.c: in: struct survey_in; number and args. out: struct verb_out */
struct verb_out {
	int64_t message;    /* row id of the message made, 0: none */
	const char *unseen; /* ERR_UNSEEN: JSON array of the uids not seen */
	int64_t number;
};
struct verb {
	const char *name;
	int (*run)(struct act *a, struct err *e);
	enum role role;
	const char *args; /* members for the openapi: "until:string?" */
	const char *help;
};
extern const struct verb act_verbs[]; /* up to one with name NULL */
const struct verb *act_verb_find(const char *name);
int act_claim(struct act *a, struct err *e);
/* Wake what was snoozed until now. */
int act_due(struct act *a, struct err *e);

/* act_out.c */
int act_reply(struct act *a, struct err *e);
int act_note(struct act *a, struct err *e);
int act_csat(struct act *a, struct err *e);
int act_retry(struct act *a, struct err *e);   /* in: const char *uid */
int act_discard(struct act *a, struct err *e); /* in: const char *uid */

/* act_survey.c */
struct survey_in { /* what resolving sets off, a channel each */
	const char *channel;
	int64_t after_ms; /* 0: nothing */
	int64_t every_ms;
	enum push_policy push;
	struct survey_in *next;
};
enum survey_answer { SURVEY_NO, SURVEY_TOO, SURVEY_ONLY };
/* Does this event answer a survey, or comment on the answer, and is that all?
 * It is noted then; c, the identity's latest, becomes the one it is about. */
enum survey_answer act_survey_answer(
    struct act *a, struct cv *c, const struct line_event *ev);
/* Now, by whoever acts; uid may be NULL. Gives the message's row. */
int64_t act_survey_send(struct act *a, const struct cv *c, const char *uid);
/* c was just resolved. in: struct survey_in, or NULL */
void act_survey_plan(struct act *a, const struct cv *c);
int act_survey_due(struct act *a, struct err *e); /* in: the same */

/* act_file.c: files of ours */
int act_files(struct act *a, struct err *e); /* in: struct files_in */
struct files_gone {                          /* its bytes go after the commit */
	const char *id;
	struct files_gone *next;
};
/* in: const int64_t *, how long sent ones are kept, ms; out: struct files_gone
 * * (list). What nobody has sent within a day goes as well. */
int act_files_expire(struct act *a, struct err *e);
/* in: const char *id; out: struct files_gone *. */
int act_file_rm(struct act *a, struct err *e);
/* Is each of the args' "uploads" there to be sent? Gives how many. */
int act_files_check(struct act *a, int *n, struct err *e);
/* Put them into the outbox, a message each as `first` is.
 * Gives the last one's row. */
int64_t act_files_send(
    struct act *a, const struct cv *c, const struct new_msg *first);

/* act_sticker.c; the same for "stickers". token: of what is quoted. */
int act_stickers_check(struct act *a, int *n, struct err *e);
int64_t act_stickers_send(struct act *a, const struct cv *c,
    const struct new_msg *first, const char *token);

/* act_send.c: the outbox's way to LINE. */
struct send { /* one request, as it goes out */
	int64_t id;
	enum via via;
	const char *channel;
	const char *retry_key; /* pushes */
	const char *body;
	int64_t attempts;
	struct send *next;
};
struct send_in { /* what the sender knows of each channel */
	const char *channel;
	enum push_policy push;
	struct send_in *next;
};
/* Put requests for what waits on the wire: in: struct send_in *, out:
 * struct send * (list, at most `arg` is not used). */
int act_send_take(struct act *a, struct err *e);
/* What was held for a free reply to this identity may go now. */
void act_send_release(struct act *a, int64_t identity);
enum send_how {
	SENT,         /* ids has LINE's message ids, in order */
	SEND_REFUSED, /* 4xx: error has LINE's words */
	SEND_DEAD_TOKEN,
	SEND_AGAIN,   /* surely not acted upon, or safe by its key */
	SEND_UNKNOWN, /* may have been acted upon */
	SEND_MONTH_OVER
};
struct send_result {
	int64_t id;
	enum send_how how;
	const char *error;
	const char **line_ids, **quote_tokens; /* n each, entries may be NULL */
	size_t n;
};
int act_send_result(struct act *a, struct err *e); /* in: struct send_result */
/* What was scheduled and is due: off it goes, or it is held because the
 * customer has written since. */
int act_send_later(struct act *a, struct err *e);
/* act_ack.c: acknowledge who waits while it is free. in: struct ack_in */
struct ack_in {
	const char *channel;
	const char *text; /* NULL: ours, in the customer's language */
	int64_t after_ms; /* of a token's life */
};
int act_ack(struct act *a, struct err *e);
/* Those that have missed their minute are not sent at all. */
void act_ack_expire(struct act *a);
/* At start: what was on the wire when the process ended. */
int act_recover(struct act *a, struct err *e);

/* act_faq.c */
struct judge_in {
	const char *uid;
	const char *answer; /* of the FAQ that is named: for the caller */
};
int act_judge(struct act *a, struct err *e);  /* in: struct judge_in; args */
int act_review(struct act *a, struct err *e); /* args {lessons:[..]} */

/* act_user.c; args of the API */
int act_user_add(struct act *a, struct err *e); /* args; in: password hash */
int act_user_set(struct act *a, struct err *e); /* in: struct user_in */
struct user_in {
	const char *name;
	const char *password; /* hash or NULL */
	int role;             /* -1: as it was */
	int disabled;         /* -1: as it was */
	bool sign_out;
	const uint8_t *keep; /* the one session that sign_out leaves, or NULL */
};
struct session_in {
	int64_t user;
	const char *name;
	uint8_t hash[32];
	int64_t expires_ms;
};
int act_session(struct act *a, struct err *e); /* in: struct session_in */
void act_session_put(struct act *a, const struct session_in *s);
int act_sign_out(struct act *a, struct err *e); /* in: struct session_in */
/* act_canned.c */
int act_canned_put(struct act *a, struct err *e); /* args {canned:[..]} */
int act_canned_rm(struct act *a, struct err *e);  /* in: struct canned */

/* act_join.c */
struct invite_in {
	const char *name;
	char *code; /* told to whoever invites, never stored */
	uint8_t hash[32];
	int64_t expires_ms;
};
int act_invite(struct act *a, struct err *e); /* in: struct invite_in */
struct join_in {
	uint8_t code[32];     /* its hash */
	const char *password; /* hash; NULL: as it was */
	const char *token;    /* of the session that begins */
	int64_t expires_ms;
};
struct joined {
	int64_t user;
	const char *name, *display;
	int role;
};
/* in: struct join_in; out: struct joined. ERR_AUTH: no such code. */
int act_join(struct act *a, struct err *e);

#endif
