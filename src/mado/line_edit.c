/*
 * Clusters and words for the reply line. readline's own notion splits flags
 * and families of emoji and takes a Japanese sentence for one word. Called by
 * line_bind.c only.
 */
#include "line_edit.h"

#include <mado/text.h>

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

size_t
edit_right(const char *s, size_t at)
{
	struct text_cluster c;
	size_t n = strlen(s);

	if (at >= n)
		return n;
	return (size_t)(text_next(s + at, s + n, &c) - s);
}

/* Clusters can only be found forwards: from the start of the text line. */
size_t
edit_left(const char *s, size_t at)
{
	size_t i = at, next;

	if (at == 0)
		return 0;
	for (i = at - 1; i > 0 && s[i - 1] != '\n'; i--)
		;
	while ((next = edit_right(s, i)) < at)
		i = next;
	return i;
}

static size_t
char_left(const char *s, size_t at)
{
	do
		at--;
	while (at > 0 && ((unsigned char)s[at] & 0xc0) == 0x80);
	return at;
}

static int32_t
char_at(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;

	if (p[0] < 0x80)
		return p[0];
	if (p[0] < 0xe0)
		return (p[0] & 0x1f) << 6 | (p[1] & 0x3f);
	if (p[0] < 0xf0)
		return (p[0] & 0x0f) << 12 | (p[1] & 0x3f) << 6 | (p[2] & 0x3f);
	return (p[0] & 0x07) << 18 | (p[1] & 0x3f) << 12 | (p[2] & 0x3f) << 6 |
	    (p[3] & 0x3f);
}

/* Marks that people type one by one: Thai, Lao, Devanagari and its kin. */
static bool
is_typed_mark(int32_t c)
{
	return (c >= 0x0900 && c <= 0x0dff) || (c >= 0x0e31 && c <= 0x0e4e) ||
	    (c >= 0x0eb1 && c <= 0x0ece);
}

size_t
edit_backspace(const char *s, size_t at)
{
	size_t last, start;

	if (at == 0)
		return 0;
	last = char_left(s, at);
	start = edit_left(s, at);
	return last > start && is_typed_mark(char_at(s + last)) ? last : start;
}

enum kind { SPACE, LATIN, KANJI, HIRAGANA, KATAKANA, OTHER, SIGN };

static enum kind
kind_of(const char *s)
{
	int32_t c = char_at(s);

	if (c == ' ' || c == '\n' || c == '\t' || c == 0x3000)
		return SPACE;
	if ((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
	    c == '_' || (c >= 0xc0 && c < 0x250))
		return LATIN;
	if (c >= 0x3041 && c <= 0x309f)
		return HIRAGANA;
	if ((c >= 0x30a1 && c <= 0x30ff) || (c >= 0xff66 && c <= 0xff9f))
		return KATAKANA;
	if ((c >= 0x3400 && c <= 0x9fff) || c == 0x3005)
		return KANJI;
	if (c < 0x80 || (c >= 0x2000 && c <= 0x303f) ||
	    (c >= 0xff00 && c <= 0xff20))
		return SIGN;
	return OTHER;
}

size_t
edit_word_left(const char *s, size_t at)
{
	enum kind kind;

	while (at > 0 && kind_of(s + edit_left(s, at)) == SPACE)
		at = edit_left(s, at);
	if (at == 0)
		return 0;
	kind = kind_of(s + edit_left(s, at));
	while (at > 0 && kind_of(s + edit_left(s, at)) == kind)
		at = edit_left(s, at);
	return at;
}

size_t
edit_word_right(const char *s, size_t at)
{
	enum kind kind;

	while (s[at] != '\0' && kind_of(s + at) == SPACE)
		at = edit_right(s, at);
	if (s[at] == '\0')
		return at;
	kind = kind_of(s + at);
	while (s[at] != '\0' && kind_of(s + at) == kind)
		at = edit_right(s, at);
	return at;
}

size_t
edit_word_next(const char *s, size_t at)
{
	if (s[at] != '\0' && kind_of(s + at) != SPACE)
		at = edit_word_right(s, at);
	while (s[at] != '\0' && kind_of(s + at) == SPACE)
		at = edit_right(s, at);
	return at;
}

size_t
edit_line_start(const char *s, size_t at)
{
	while (at > 0 && s[at - 1] != '\n')
		at--;
	return at;
}

size_t
edit_line_end(const char *s, size_t at)
{
	return at + strcspn(s + at, "\n");
}
