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
	RULES_HANDOFF, /* to people, `why` says the reason */
	RULES_ANSWER   /* send `text`, stay in auto */
};

struct rules_verdict {
	enum rules_act act;
	const char *why;  /* "no rule", "rule 営業時間", "asked for a
			   * person (rule 担当者)" */
	const char *text; /* the answer, what a handoff says first, NULL */
	struct strs quick_replies; /* labels that send themselves; at most 13 */
};

struct rules_input {
	const char *text; /* what was typed, or a postback's data */
	int msg_type;     /* enum msg_type; the text of other kinds than
			   * MSG_TEXT and MSG_EVENT is ours: no match */
	const char *contact_name;
	int64_t conversation;
};

/* NULL with ERR_INVALID "FILE:LINE: ..." (the whole file is refused). Caller
 * frees with rules_free(). */
struct rules *rules_read(const char *path, struct err *e);
void rules_free(struct rules *r);
/* r may be NULL: no rules, hand over at once with reason "no rule".
 * Valid until the arena is reset. */
void rules_decide(const struct rules *r, const struct rules_input *in,
    struct arena *a, struct rules_verdict *out);
/* The keys of rules.conf, for the manual. */
void rules_rows(void);

#endif
