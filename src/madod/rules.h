/*
 * rules.conf: what the bot does, as text. Pure: a verdict from what happened,
 * when, and what the customer was in the middle of; so that it can be tested
 * and replayed. Read madoguchi-rules(5) for the language.
 */
#ifndef MADOD_RULES_H
#define MADOD_RULES_H

#include <mado/err.h>
#include <mado/mem.h>
#include <mado/model.h>

#include "bubble.h"

struct rules;

/* Within opening hours; without rules or hours it always is. */
bool rules_is_open(const struct rules *r, int64_t now_ms);

enum { BOT_MAX_PER_HOUR = 30 }; /* unless given */

enum rules_act {
	RULES_NONE,    /* no rule decides; `says` is said before what does */
	RULES_HANDOFF, /* to people, `why` says the reason */
	RULES_ANSWER   /* stay in auto */
};

enum rules_event {
	RULES_MESSAGE, /* typed, or tapped */
	RULES_FOLLOW,
	RULES_TIMEOUT /* the questionnaire was not answered in time */
};

/* What a contact is known to have answered. */
struct rules_field {
	const char *name, *value;
};

/* A rule that does not act each time, and when it last did. */
struct rules_once {
	const char *rule;
	int64_t at_ms, conversation;
};

/* What an identity is in the middle of. Names, not pointers: the file may be
 * reread in between. */
struct rules_state {
	const char *menu;            /* whose items count, or NULL */
	const char *form, *question; /* that was asked, or NULL */
	int64_t tries;               /* answers to it that would not do */
	int64_t at_ms;               /* when the menu or question was shown */
	int64_t told;                /* the conversation that has been told of
					its handoff */
	struct rules_once *once;
	size_t n_once;
};

struct rules_verdict {
	enum rules_act act;
	const char *why;  /* "no rule", "rule 営業時間", "asked for a
			   * person (rule 担当者)" */
	const char *rule; /* its name, or NULL */
	struct bubbles says;
	struct quicks quick; /* under the last of them */
	struct strs tags;    /* to add; "@tag" is the contact's */
	struct rules_field *fields;
	size_t n_fields;
	struct rules_state state; /* from now on */
};

struct rules_input {
	enum rules_event event;
	const char *text; /* what was typed, or a postback's data */
	bool tapped;      /* it is a postback's data */
	bool overheard;   /* said in a group, and not to the account */
	bool opened;      /* it opened its conversation */
	int msg_type;     /* enum msg_type; the text of other kinds than
			   * MSG_TEXT and MSG_EVENT is ours: no match */
	const char *contact_name;
	const char *contact_language; /* BCP 47 or NULL */
	const char *channel;          /* NULL: any */
	int64_t conversation;         /* 0: none yet */
	int64_t now_ms;
	const struct rules_state *state; /* NULL: of nothing */
	int64_t queue_place;             /* were it handed over now; 0: not
					  known */
	int64_t queue_wait_ms;           /* as others waited; 0: not known */
	const struct rules_field *fields;
	size_t n_fields;
};

/* [bot]: what is said beside the rules; NULL: not given. */
struct rules_bot {
	const char *no_match;  /* before a message is handed over */
	const char *offer;     /* above choices */
	const char *person;    /* the label of "talk to a person" */
	int64_t max_per_hour;  /* automatic messages in a conversation */
	int64_t menu_ms;       /* so long a menu's items count */
	int64_t auto_after_ms; /* silence of answered customers after which
				  people give back; 0: never */
	bool auto_after_resolve;
	int language; /* of what variables say: 0 ja, 1 en */
	int groups;   /* whom FAQs answer there: 0 who mentions us, 1 all */
};

/* NULL with ERR_INVALID "FILE:LINE:COLUMN: ..." (the whole file is refused;
 * the first mistake, and how many more). Caller frees with rules_free(). */
struct rules *rules_read(const char *path, struct err *e);
/* The same from memory, and each mistake (20 at most) is told; each may be
 * NULL. dir is where the files lie that it names. */
struct rules_source {
	const char *name, *dir, *p;
	size_t n;
	void (*each)(void *arg, const char *mistake);
	void *arg;
};
struct rules *rules_parse(const struct rules_source *s, struct err *e);
void rules_free(struct rules *r);
/* r may be NULL: no rule knows anything. Never fails. What the verdict points
 * to is lent by in, or valid until the arena is reset. */
void rules_decide(const struct rules *r, const struct rules_input *in,
    struct arena *a, struct rules_verdict *out);
/* Add what a customer is told who is handed over after rules_decide() said
 * RULES_NONE, or without it: no_match, and once [handoff]'s words. */
void rules_hand_over(const struct rules *r, const struct rules_input *in,
    struct arena *a, struct rules_verdict *out);
/* Does a text say the customer's place in the queue? Else it need not be
 * counted. */
bool rules_wants_queue(const struct rules *r);
/* Tell what the file says in vain: menus that nothing shows, words that a rule
 * above takes, holidays that end. */
void rules_warn(const struct rules *r, int64_t now_ms,
    void (*each)(void *arg, const char *text), void *arg);
/* When the questionnaire of that state runs out, ms; 0: there is none. */
int64_t rules_due(const struct rules *r, const struct rules_state *s);
/* r may be NULL: then what goes without a file. */
const struct rules_bot *rules_bot(const struct rules *r);
/* The keys of rules.conf, for the manual. */
void rules_rows(void);

#endif
