/*
 * Text as people and terminals see it: UTF-8 with grapheme clusters
 * (UAX #29, by utf8proc) and columns. The one place that cleans customers'
 * bytes before they can reach a terminal; what is kept, copied and sent is
 * the original.
 */
#ifndef MADO_TEXT_H
#define MADO_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mado/buf.h>
#include <mado/mem.h>

/* The code point at p into *cp and its bytes (1..4) returned; 0 when n is 0 or
 * they are not UTF-8. */
size_t text_decode(const char *p, size_t n, uint32_t *cp);
/* Is it UTF-8 by RFC 3629: no surrogates, nothing overlong, <= U+10FFFF? */
bool text_is_utf8(const char *p, size_t n);
/* Bytes at the start of p[0..n) that are. */
size_t text_utf8_run(const char *p, size_t n);
/* Append with each invalid byte run as U+FFFD. */
void text_to_utf8(struct buf *out, const char *p, size_t n);
/* LINE's unit of length: UTF-16 code units. s is valid UTF-8. */
size_t text_utf16_len(const char *s);
/* Number of grapheme clusters. */
size_t text_graphemes(const char *s);

/* How a cluster that terminals disagree on is drawn. */
enum text_emoji { TEXT_EMOJI_SAFE, TEXT_EMOJI_NATIVE, TEXT_EMOJI_TEXT };

struct text_policy {
	enum text_emoji emoji;
	bool ambiguous_wide; /* East Asian Ambiguous takes 2 columns */
	bool ascii;          /* the terminal is not UTF-8: others become ? */
};
/* Set once at start; safe emoji and narrow ambiguous until then. */
void text_set_policy(const struct text_policy *p);

struct text_cluster {
	const char *p;  /* the original bytes */
	size_t n;       /* how many, >= 1 */
	int width_cols; /* 0..2 as a rule; more for stacks of spacing marks and
			   for what stands in: [JP] 4, ^[ 2, [U+1FAE8] 9 */
	bool plain; /* drawn as its own bytes; else draw text_draw() of it */
};
/* Step: fill c with the cluster at s (end: s == end), return the next
 * position. Bytes that are not UTF-8 are clusters of one byte. */
const char *text_next(const char *s, const char *end, struct text_cluster *c);

/*
 * Append what may be drawn for n bytes: no escape sequences, no bidi overrides
 * or zero-width tricks, at most 4 marks a cluster. Line feeds and tabs are one
 * space, other controls ^X, disputed emoji by the policy, what the C library
 * cannot draw [U+XXXX], private use and unassigned U+25A1, a mark without a
 * base stands on U+25CC. Returns the columns it takes: in the safe policy the
 * sum of wcwidth() over it, which is what ncurses counts, wherever it is cut
 * between clusters and put together again.
 */
int text_draw(struct buf *out, const char *p, size_t n);
/* Columns that text_draw() would take. */
int text_width(const char *p, size_t n);
/*
 * text_draw() cut to at most cols columns, never inside a cluster; when cut
 * the last column(s) hold `more` ("~" say; may be ""). Padded with spaces to
 * exactly cols when pad. Returns columns used. Looks at 256 bytes a column at
 * most, so that no text costs more than its row.
 */
int text_fit(
    struct buf *out, const char *s, int cols, const char *more, bool pad);

/* One line of wrapped text: a piece of the original. */
struct text_line {
	const char *p;
	size_t n;
};
/*
 * Break text into lines of at most cols columns: at line feeds, at spaces
 * (which stay at the line's end as far as they fit), between CJK by Japanese
 * rules (no 、。」ー small kana at a line's start, no 「 at its end), between
 * Thai clusters, else where the line is full. Calls back per line in order,
 * once more after a final line feed; stops when it returns false. cols >= 2;
 * a cluster that is wider than cols ([JP] may be) is a line of its own.
 */
void text_wrap(const char *s, size_t n, int cols,
    bool (*line)(void *arg, struct text_line l), void *arg);

/*
 * Append the form that search compares: NFKC, case folded, half-width kana
 * made full, hiragana to katakana, one kind of hyphen and of wave dash,
 * nothing invisible, at most 8 marks in a row, white space squeezed and
 * trimmed. Folding twice is folding once.
 */
void text_fold(struct buf *out, const char *s);
/* The same as a string, valid until the arena is reset. */
const char *text_folded(const char *s, struct arena *a);
/* The same but for hiragana, which stay what they are: for who has to tell
 * words (kanji, katakana) from grammar (hiragana). */
void text_fold_script(struct buf *out, const char *s);
/* What the folding depends on, as a word: an index of folded texts that was
 * made by another has to be made anew. */
const char *text_fold_version(void);
/* Does folded hay hold folded needle? Folds both. */
bool text_contains(const char *hay, const char *needle);
/* Full-width ASCII (and the ideographic space) to ASCII, in a fresh string.
 * Caller frees with x_free(). */
char *text_narrow(const char *s);

#endif
