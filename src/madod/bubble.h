/*
 * What the bot says: bubbles (text, picture, film, coupon) with buttons under
 * the last, and LINE's message objects for them. Pure data, made by rules.c
 * and bot.c, sent by act_bot.c.
 */
#ifndef MADOD_BUBBLE_H
#define MADOD_BUBBLE_H

#include <mado/buf.h>
#include <mado/mem.h>
#include <mado/model.h>

enum {
	LABEL_MAX_GRAPHEMES = 20, /* LINE: a quick reply's label */
	POSTBACK_MAX_B = 300      /* LINE: a postback's data */
};

/* What a button's postback says: an FAQ is wanted ("ROW:ID", the row of the
 * message it was offered for, or 0), or a person. */
#define TAP_FAQ    "madoguchi:faq:"
#define TAP_PERSON "madoguchi:person"
/* The answer is wanted that an acknowledgement (ack.h) promised. */
#define TAP_ACK    "madoguchi:ack"

/* A quick reply. One of uri, data, text says what a tap does: open a link, a
 * postback (shown as text), or send text as if it were typed. */
struct quick {
	const char *label; /* cut to LABEL_MAX_GRAPHEMES when sent */
	const char *text, *data, *uri;
};

struct quicks {
	struct quick v[QUICK_REPLIES_MAX];
	size_t n;
};

enum bubble_kind { BUBBLE_TEXT, BUBBLE_IMAGE, BUBBLE_VIDEO, BUBBLE_COUPON };

struct bubble {
	enum bubble_kind kind;
	const char *text;    /* a text; a coupon's id */
	const char *url;     /* of a picture or film, https */
	const char *preview; /* of a film; NULL: url */
};

struct bubbles {
	struct bubble v[REPLY_BUBBLES_MAX];
	size_t n;
};

/* false when there is no room; then nothing is added. */
bool bubble_add(struct bubbles *list, struct bubble b);
bool quick_add(struct quicks *list, struct quick q);
/* Append LINE's message object; q NULL: without buttons. */
void bubble_json(struct buf *b, const struct bubble *u, const struct quicks *q);
/* Its line in the history. Valid until the arena is reset. */
const char *bubble_line(const struct bubble *u, struct arena *a);
/* enum msg_type of it. */
int bubble_type(const struct bubble *u);
/* s, cut to max graphemes with an ellipsis as the last of them. Valid until
 * the arena is reset. */
const char *bubble_cut(const char *s, size_t max, struct arena *a);

#endif
