/*
 * An adviser: a service outside that may be asked what to answer a customer.
 * What goes out to it, and what comes back is worth; a row of a table for each
 * protocol. Pure: adviser.c asks, bot.c decides whether and what of it.
 */
#ifndef MADOD_ADVICE_H
#define MADOD_ADVICE_H

#include <mado/json.h>
#include <mado/mem.h>

struct bot_guess;
struct bot_pick;

enum advice_protocol { ADVICE_MADOGUCHI, ADVICE_OPENAI };
enum advice_when { ADVICE_UNSURE, ADVICE_ALWAYS };
extern const char *const advice_protocol_names[], *const advice_when_names[];

/* [bot] of madod.conf. */
struct advice_policy {
	char *url; /* NULL: nobody is asked */
	char *model;
	char *secret_file, *secret;
	char *sure; /* confidence, as it was written */
	double confidence;
	int protocol, ask;
	int64_t deadline_ms, pause_ms, history;
	bool loading;
};

/* One thing that was said. */
struct advice_line {
	int from; /* enum msg_from */
	int64_t at_ms;
	const char *text;
};

struct advice_question {
	int64_t conversation;
	const char *channel, *language;  /* BCP 47 or NULL */
	const struct advice_line *lines; /* oldest first; the last is asked
					    about */
	size_t n;
	const struct bot_guess *guess; /* ours; NULL: there are no FAQs */
};

struct advice {
	const char *error;  /* why it is not followed; NULL: it is */
	bool broken;        /* the service's fault, rather than its doubt */
	bool handoff;       /* to people */
	const char *answer; /* else this, */
	const char *faq;    /* or the entry of this id; NULL: none is named */
	const struct bot_pick *entry; /* the entry, once looked up */
	const char *intent;           /* its name for what is wanted, or NULL */
	double confidence;            /* -1: none was given */
	struct strs cites;            /* ids of entries that were checked */
	int64_t ms;                   /* it took */
};

/* Append the body of the request. */
void advice_request(const struct advice_policy *p,
    const struct advice_question *q, struct buf *out);
/* What n bytes of an answer say; never fails: error tells. Valid until the
 * arena is reset. */
void advice_read(const struct advice_policy *p, const struct advice_question *q,
    const char *body, size_t n, struct arena *a, struct advice *out);
/* It is not followed, because: no text of customers or of the service. */
void advice_doubt(struct advice *out, const char *error);
/* The same, and the service is at fault. */
void advice_fail(struct advice *out, const char *error);
/* Can the text be sent to a customer? Else says why not, in out. */
bool advice_fits(struct advice *out, const char *text);
/* "adviser shipping.cost 0.93". Valid until the arena is reset. */
const char *advice_why(const struct advice *w, struct arena *a);

/* advice_chat.c: OpenAI's chat completions, from the guess's entries alone */
void advice_chat_request(const struct advice_policy *p,
    const struct advice_question *q, struct buf *out);
void advice_chat_read(const struct advice_policy *p,
    const struct advice_question *q, const cJSON *o, struct arena *a,
    struct advice *out);

#endif
