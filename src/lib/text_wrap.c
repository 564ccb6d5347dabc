/*
 * Breaking text into lines of so many columns, greedily and in one pass: at
 * spaces, between CJK by the kinsoku rules, between Thai clusters, else where
 * the line is full. Never inside a cluster. Lines are pieces of the original;
 * whoever draws them goes through text_draw(). Called by panes and `show`.
 */
#include <stdlib.h>

#include <utf8proc.h>

#include "text_priv.h"

/* Not at a line's start. Sorted. */
static const int32_t never_first[] = {'!', '%', ')', ',', '.', ':', ';', '?',
    ']', '}', 0xa0, 0xb0, 0xb7, 0xbb,
    /* Thai and Lao signs that belong to what is before them */
    0xe2f, 0xe30, 0xe32, 0xe33, 0xe45, 0xe46, 0xe4f, 0xe5a, 0xe5b, 0xeaf, 0xeb0,
    0xeb2, 0xeb3, 0xec6,
    /* general punctuation */
    0x2019, 0x201d, 0x2025, 0x2026, 0x202f, 0x2030, 0x2032, 0x2033, 0x203a,
    0x203c, 0x2047, 0x2048, 0x2049, 0x2060, 0x2103,
    /* 、。々 closing brackets 〜 */
    0x3001, 0x3002, 0x3005, 0x3009, 0x300b, 0x300d, 0x300f, 0x3011, 0x3015,
    0x3017, 0x3019, 0x301b, 0x301c, 0x301e, 0x301f, 0x303b,
    /* small hiragana, sound and repetition marks */
    0x3041, 0x3043, 0x3045, 0x3047, 0x3049, 0x3063, 0x3083, 0x3085, 0x3087,
    0x308e, 0x3095, 0x3096, 0x309b, 0x309c, 0x309d, 0x309e, 0x30a0,
    /* small katakana, ・ー */
    0x30a1, 0x30a3, 0x30a5, 0x30a7, 0x30a9, 0x30c3, 0x30e3, 0x30e5, 0x30e7,
    0x30ee, 0x30f5, 0x30f6, 0x30fb, 0x30fc, 0x30fd, 0x30fe, 0x31f0, 0x31f1,
    0x31f2, 0x31f3, 0x31f4, 0x31f5, 0x31f6, 0x31f7, 0x31f8, 0x31f9, 0x31fa,
    0x31fb, 0x31fc, 0x31fd, 0x31fe, 0x31ff,
    /* full and half width */
    0xff01, 0xff05, 0xff09, 0xff0c, 0xff0e, 0xff1a, 0xff1b, 0xff1f, 0xff3d,
    0xff5d, 0xff5e, 0xff60, 0xff61, 0xff63, 0xff64, 0xff65, 0xff67, 0xff68,
    0xff69, 0xff6a, 0xff6b, 0xff6c, 0xff6d, 0xff6e, 0xff6f, 0xff70, 0xff9e,
    0xff9f};

/* Not at a line's end. Sorted. */
static const int32_t never_last[] = {'#', '$', '(', '@', '[', '{', 0xa0, 0xa3,
    0xa5, 0xab,
    /* Thai and Lao vowels that are written before their consonant */
    0xe40, 0xe41, 0xe42, 0xe43, 0xe44, 0xec0, 0xec1, 0xec2, 0xec3, 0xec4,
    0x2018, 0x201c, 0x202f, 0x2039, 0x2060, 0x20ac, 0x3008, 0x300a, 0x300c,
    0x300e, 0x3010, 0x3014, 0x3016, 0x3018, 0x301a, 0x301d, 0xff04, 0xff08,
    0xff3b, 0xff5b, 0xff5f, 0xff62, 0xffe1, 0xffe5};

enum wrap_kind {
	WRAP_START,   /* nothing on the line yet */
	WRAP_WORD,    /* holds together with its like */
	WRAP_BETWEEN, /* a line may break on both its sides */
	WRAP_SPACE,
	WRAP_END /* of a line */
};

struct wrap {
	int cols;
	bool (*line)(void *arg, struct text_line l);
	void *arg;
	bool going; /* false once line() has had enough */

	const char *start; /* of the line */
	int used_cols;
	enum wrap_kind kind; /* of the last cluster */
	int32_t cp;

	/* where the line may break: ends, goes on, columns until then */
	const char *end, *next;
	int end_cols;
	bool hangs; /* spaces past the last column: it must break there */
};

static int
cp_compare(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return (x > y) - (x < y);
}

#define IS_IN(cp, set)                                         \
	(bsearch(&(cp), (set), sizeof(set) / sizeof((set)[0]), \
	     sizeof((set)[0]), cp_compare) != NULL)

static bool
is_line_end(int32_t cp)
{
	return cp == '\n' || cp == '\r' || cp == 0x85 || cp == 0x2028 ||
	    cp == 0x2029;
}

/* Spaces to break at: all but the no-break ones; and U+200B, of no width. */
static bool
is_space(int32_t cp)
{
	if (cp == ' ' || cp == '\t' || cp == '\v' || cp == '\f' || cp == 0x200b)
		return true;
	return cp > 0x7f && cp != 0xa0 && cp != 0x2007 && cp != 0x202f &&
	    utf8proc_category(cp) == UTF8PROC_CATEGORY_ZS;
}

/* Scripts without spaces between words: Thai, Lao, Myanmar, Khmer; half-width
 * katakana. The wide ones are told by their width. */
static bool
is_spaceless(int32_t cp)
{
	return (cp >= 0xe00 && cp <= 0xeff) || (cp >= 0x1000 && cp <= 0x109f) ||
	    (cp >= 0x1780 && cp <= 0x17ff) || (cp >= 0xff61 && cp <= 0xff9f);
}

static enum wrap_kind
wrap_kind_of(const struct text_cluster *c, int32_t cp, size_t cp_n)
{
	if (is_line_end(cp))
		return WRAP_END;
	if (c->n == cp_n && is_space(cp))
		return WRAP_SPACE;
	if (cp >= 0x1f000 || is_spaceless(cp) || text_cell_width(cp, false) > 1)
		return WRAP_BETWEEN;
	return WRAP_WORD;
}

static bool
wrap_may_break(const struct wrap *w, enum wrap_kind kind, int32_t cp)
{
	if (w->kind == WRAP_START || w->kind == WRAP_SPACE)
		return false;
	if (w->kind == WRAP_WORD && kind == WRAP_WORD)
		return false;
	return !IS_IN(cp, never_first) && !IS_IN(w->cp, never_last);
}

/* The line ends at end, the next starts at next with what is left of it. */
static void
wrap_emit(struct wrap *w, const char *end, const char *next, int end_cols)
{
	if (w->going)
		w->going = w->line(w->arg,
		    (struct text_line){w->start, (size_t)(end - w->start)});
	w->start = next;
	w->used_cols -= end_cols;
	w->end = NULL;
	w->hangs = false;
}

static void
wrap_space(struct wrap *w, const struct text_cluster *c)
{
	w->next = c->p + c->n;
	if (w->hangs)
		return;
	if (w->used_cols + c->width_cols > w->cols) {
		w->hangs = true;
		w->end = c->p;
	} else {
		w->used_cols += c->width_cols;
		w->end = w->next;
	}
	w->end_cols = w->used_cols;
	w->kind = WRAP_SPACE;
}

static void
wrap_glyph(struct wrap *w, const struct text_cluster *c, enum wrap_kind kind,
    int32_t cp)
{
	if (w->hangs)
		wrap_emit(w, w->end, w->next, w->end_cols);
	else if (wrap_may_break(w, kind, cp)) {
		w->end = w->next = c->p;
		w->end_cols = w->used_cols;
	}
	if (w->used_cols + c->width_cols > w->cols && w->end != NULL)
		wrap_emit(w, w->end, w->next, w->end_cols);
	if (w->used_cols + c->width_cols > w->cols && w->start < c->p)
		wrap_emit(w, c->p, c->p, w->used_cols);
	w->used_cols += c->width_cols;
	w->kind = kind;
	w->cp = cp;
}

static void
wrap_cluster(struct wrap *w, const struct text_cluster *c)
{
	int32_t cp;
	size_t cp_n = text_step(c->p, c->p + c->n, &cp);
	enum wrap_kind kind = wrap_kind_of(c, cp, cp_n);

	if (kind == WRAP_END) {
		wrap_emit(
		    w, w->hangs ? w->end : c->p, c->p + c->n, w->used_cols);
		w->kind = WRAP_START;
	} else if (kind == WRAP_SPACE)
		wrap_space(w, c);
	else if (c->width_cols > 0)
		wrap_glyph(w, c, kind, cp);
}

void
text_wrap(const char *s, size_t n, int cols,
    bool (*line)(void *arg, struct text_line l), void *arg)
{
	struct wrap w = {
	    .cols = cols, .line = line, .arg = arg, .going = true, .start = s};
	const char *end = s + n;
	struct text_cluster c;

	while (s < end && w.going) {
		s = text_next(s, end, &c);
		wrap_cluster(&w, &c);
	}
	wrap_emit(&w, w.hangs ? w.end : end, end, 0);
}
