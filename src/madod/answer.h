/*
 * A FAQ's answer: its text with variables, and what stands beside it in the
 * table (buttons, a link, a picture, a film, a coupon), checked at import and
 * put into bubbles when it is said. Called by faq_compile.c, the subcommands
 * and bot.c.
 */
#ifndef MADOD_ANSWER_H
#define MADOD_ANSWER_H

#include <mado/err.h>

#include "bubble.h"

/* Columns beside id, question and answer; kept as one string, parted by
 * ANSWER_SEP. */
enum answer_beside {
	ANSWER_QUICK, /* "送料 | 返品": buttons that send their words */
	ANSWER_LINK,  /* "https://..", or words and that */
	ANSWER_IMAGE, /* "https://..", or that and a preview's */
	ANSWER_VIDEO, /* "https://.. https://..": film, preview */
	ANSWER_COUPON,
	ANSWER_BESIDES
};
#define ANSWER_SEP '\x1f'

/* Can it be sent? -1 with ERR_INVALID; *col counts from 0: the text's, then
 * those beside it. */
int answer_check(const char *text, const char *const beside[ANSWER_BESIDES],
    int *col, struct err *e);

struct answer {
	const char *text;
	const char *beside; /* parted by ANSWER_SEP, or "" */
	const char *contact_name;
	int64_t conversation;
};
/* Append its bubbles and buttons. Valid until the arena is reset. */
void answer_say(const struct answer *w, struct arena *a, struct bubbles *says,
    struct quicks *quick);

/* What LINE would change or cut: told one by one. */
void answer_lint(const char *question, const char *text,
    const char *const beside[ANSWER_BESIDES],
    void (*each)(void *arg, int col, const char *what), void *arg);

#endif
