/*
 * Between the text*.c files only. From the outside in: text.c walks clusters,
 * text_shape.c says what one cluster is drawn as, text_cell.c how many columns
 * one code point takes, text_emoji.c what an emoji is called.
 */
#ifndef TEXT_PRIV_H
#define TEXT_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mado/text.h>

/*
 * The code point at p < end and its bytes; of what is not UTF-8 one byte,
 * with *cp -1. Signed, as utf8proc has them.
 */
size_t text_step(const char *p, const char *end, int32_t *cp);

enum { TEXT_SHAPE_B = 96 };

/* What a cluster is drawn as. */
struct text_shape {
	char s[TEXT_SHAPE_B];
	size_t n;
	int cols;
};
/* Fill sh for the n bytes at p, one cluster. */
void text_shape(struct text_shape *sh, const struct text_policy *policy,
    const char *p, size_t n);

/*
 * Columns of a code point by itself: 0, 1 or 2; -1 when the C library, and so
 * ncurses, cannot draw it.
 */
int text_cell_width(int32_t cp, bool ambiguous_wide);

/* Kana and everyday kanji, two columns each: most of the text there is. */
static inline bool
text_cell_is_common(int32_t cp)
{
	return (cp >= 0x3041 && cp <= 0x3096) ||
	    (cp >= 0x30a1 && cp <= 0x30fe) || (cp >= 0x4e00 && cp <= 0x9fa5);
}

/* Short name of a common emoji ("heart"); NULL when it has none here. */
const char *text_emoji_name(int32_t cp);

#endif
