/*
 * rules.conf: what the bot does, as text. Pure: a verdict from a conversation's
 * state and a text, so that it can be tested and replayed.
 */
#ifndef MADOD_RULES_H
#define MADOD_RULES_H

#include <mado/err.h>
#include <mado/mem.h>
#include <mado/model.h>

struct rules;

enum rules_act {
	RULES_NONE,    /* no rule knows it: `text` is what a handoff says */
	RULES_HANDOFF, /* to people, `why` says the reason */
	RULES_ANSWER   /* send `text`, stay in auto */
};

struct rules_verdict {
	enum rules_act act;
	const char *why;  /* "no rule", "rule 営業時間", "asked for a
			   * person (rule 担当者)" */
	const char *rule; /* its name, or NULL */
	const char *text; /* the answer, what a handoff says first, NULL */
	struct strs quick_replies; /* labels that send themselves; at most 13 */
};

struct rules_input {
	const char *text; /* what was typed, or a postback's data */
	int msg_type;     /* enum msg_type; the text of other kinds than
			   * MSG_TEXT and MSG_EVENT is ours: no match */
	const char *contact_name;
	const char *contact_language; /* BCP 47 or NULL */
	int64_t conversation;
};

/* [bot]: what is said beside the rules; NULL: not given. */
struct rules_bot {
	const char *no_match; /* before a message is handed over */
	const char *offer;    /* above choices */
	const char *person;   /* the label of "talk to a person" */
	int64_t max_per_hour; /* automatic messages in a conversation */
};
enum { BOT_MAX_PER_HOUR = 30 };

/* NULL with ERR_INVALID "FILE:LINE: ..." (the whole file is refused). Caller
 * frees with rules_free(). */
struct rules *rules_read(const char *path, struct err *e);
void rules_free(struct rules *r);
/* r may be NULL: RULES_NONE for whatever is said.
 * Valid until the arena is reset. */
void rules_decide(const struct rules *r, const struct rules_input *in,
    struct arena *a, struct rules_verdict *out);
/* The text with its variables filled in, cut to what LINE takes; NULL in, NULL
 * out. Valid until the arena is reset. */
const char *rules_expand(
    const char *text, const struct rules_input *in, struct arena *a);
/* r may be NULL. Lent by r, or static. */
const struct rules_bot *rules_bot(const struct rules *r);
/* The keys of rules.conf, for the manual. */
void rules_rows(void);

#endif
