/*
 * What one grapheme cluster is drawn as, and in how many columns: the place
 * where bytes from customers lose what terminals disagree on. What leaves here
 * holds nothing that ncurses cannot draw and nothing that joins the text
 * before it: no joiners, selectors, lone marks, tones or regional letters
 * (unless the policy is TEXT_EMOJI_NATIVE), so that pieces drawn side by side
 * stay as wide as their sum. Reads 16 code points of a cluster, keeps 5: that
 * is what ncurses' cells hold. Called by text.c only.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <utf8proc.h>

#include "text_priv.h"

enum {
	SHAPE_READ = 16, /* the longest emoji of Unicode has 10 */
	SHAPE_KEEP = 5,  /* CCHARW_MAX: a base and four marks */
	CP_KEYCAP = 0x20e3,
	CP_VS15 = 0xfe0e,
	CP_VS16 = 0xfe0f,
	CP_ZWJ = 0x200d,
	CP_BOX = 0x25a1,
	CP_DOTTED = 0x25cc, /* what a mark stands on that has no base */
	CP_BAD = 0xfffd,
	CP_BLACK_FLAG = 0x1f3f4,
	CP_RI_A = 0x1f1e6,
	CP_RI_Z = 0x1f1ff,
	CP_TAG_END = 0xe007f
};

struct cluster {
	int32_t cp[SHAPE_READ];
	size_t n;
	bool more; /* there were more */
};

static void
cluster_read(struct cluster *c, const char *p, const char *end)
{
	c->cp[0] = 0;
	for (c->n = 0; p < end && c->n < SHAPE_READ; c->n++) {
		p += text_step(p, end, &c->cp[c->n]);
		if (c->cp[c->n] < 0)
			c->cp[c->n] = CP_BAD;
	}
	c->more = p < end;
}

/* The i-th code point, 0 past the end. */
static int32_t
cluster_at(const struct cluster *c, size_t i)
{
	return i < c->n ? c->cp[i] : 0;
}

static bool
is_tone(int32_t cp)
{
	return cp >= 0x1f3fb && cp <= 0x1f3ff;
}

static bool
is_regional(int32_t cp)
{
	return cp >= CP_RI_A && cp <= CP_RI_Z;
}

/* Wide or narrow by itself, another width beside its like. */
static bool
is_joiner(int32_t cp)
{
	return is_tone(cp) || is_regional(cp);
}

static bool
is_selector(int32_t cp)
{
	return (cp >= 0xfe00 && cp <= 0xfe0f) ||
	    (cp >= 0xe0100 && cp <= 0xe01ef);
}

/* Would it join what stands before it? */
static bool
is_mark(int32_t cp)
{
	switch (utf8proc_get_property(cp)->boundclass) {
	case UTF8PROC_BOUNDCLASS_EXTEND:
	case UTF8PROC_BOUNDCLASS_SPACINGMARK:
		return !is_tone(cp);
	default:
		return false;
	}
}

/*
 * Hangul vowels and tails have no width by themselves: is cp one without what
 * it would join (GB6 to GB8)?
 */
static bool
is_jamo_orphan(int32_t cp, int32_t before)
{
	int cls = utf8proc_get_property(cp)->boundclass;
	int prev = utf8proc_get_property(before)->boundclass;

	if (cls == UTF8PROC_BOUNDCLASS_V)
		return prev != UTF8PROC_BOUNDCLASS_L &&
		    prev != UTF8PROC_BOUNDCLASS_V &&
		    prev != UTF8PROC_BOUNDCLASS_LV;
	return cls == UTF8PROC_BOUNDCLASS_T &&
	    (prev < UTF8PROC_BOUNDCLASS_V || prev > UTF8PROC_BOUNDCLASS_LVT);
}

/* Emoji and the places kept free for them. */
static bool
is_pictograph(int32_t cp)
{
	const utf8proc_property_t *p = utf8proc_get_property(cp);

	return p->boundclass == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC ||
	    (p->category == UTF8PROC_CATEGORY_CN && cp >= 0x1f000 &&
		cp <= 0x1faff);
}

/* Format characters and what Unicode says to ignore when drawing. */
static bool
is_invisible(int32_t cp)
{
	const utf8proc_property_t *p = utf8proc_get_property(cp);

	return p->ignorable ||
	    (p->category == UTF8PROC_CATEGORY_CF &&
		p->boundclass != UTF8PROC_BOUNDCLASS_PREPEND);
}

static void
shape_put(struct text_shape *sh, int32_t cp, int cols)
{
	if (sh->n + 4 > sizeof(sh->s))
		return;
	sh->n +=
	    (size_t)utf8proc_encode_char(cp, (utf8proc_uint8_t *)sh->s + sh->n);
	sh->cols += cols;
}

/* ASCII only. */
static void
shape_puts(struct text_shape *sh, const char *s)
{
	for (; *s != '\0'; s++)
		shape_put(sh, *s, 1);
}

static void
shape_put_code(struct text_shape *sh, int32_t cp)
{
	char s[16];

	snprintf(s, sizeof(s), "[U+%04X]", (unsigned)cp);
	shape_puts(sh, s);
}

/* A code point as it is or, where that cannot be, what stands for it. */
static void
shape_put_any(struct text_shape *sh, const struct text_policy *pol, int32_t cp)
{
	utf8proc_category_t cat = utf8proc_category(cp);
	int w = text_cell_width(cp, pol->ambiguous_wide);

	if (cat == UTF8PROC_CATEGORY_ZS && cp != 0x3000)
		shape_put(sh, ' ', 1);
	else if (w >= 0 && !is_joiner(cp) && cat != UTF8PROC_CATEGORY_CO)
		shape_put(sh, cp, w);
	else if (is_pictograph(cp) || is_joiner(cp) ||
	    (cat != UTF8PROC_CATEGORY_CN && cat != UTF8PROC_CATEGORY_CC &&
		cat != UTF8PROC_CATEGORY_CO))
		shape_put_code(sh, cp);
	else
		shape_put(
		    sh, CP_BOX, text_cell_width(CP_BOX, pol->ambiguous_wide));
}

static bool
shape_common(struct text_shape *sh, const struct text_policy *pol,
    const struct cluster *c)
{
	(void)pol;

	if (c->n > 1 || !text_cell_is_common(c->cp[0]))
		return false;
	shape_put(sh, c->cp[0], 2);
	return true;
}

static bool
shape_control(struct text_shape *sh, const struct text_policy *pol,
    const struct cluster *c)
{
	int32_t cp = c->cp[0];
	char caret[3] = {'^', (char)(cp ^ 0x40), '\0'};

	if ((cp >= '\t' && cp <= '\r') || cp == 0x85 || cp == 0x2028 ||
	    cp == 0x2029)
		shape_put(sh, ' ', 1);
	else if (cp < 0x20 || cp == 0x7f)
		shape_puts(sh, caret);
	else if (cp >= 0x80 && cp < 0xa0)
		shape_put_any(sh, pol, cp);
	else
		return false;
	return true;
}

/* Two regional letters; a lone one must not meet the next and become a flag. */
static bool
shape_flag(struct text_shape *sh, const struct text_policy *pol,
    const struct cluster *c)
{
	bool pair = is_regional(cluster_at(c, 1));

	if (!is_regional(c->cp[0]))
		return false;
	if (pol->emoji == TEXT_EMOJI_NATIVE && pair) {
		shape_put(sh, c->cp[0], 1);
		shape_put(sh, c->cp[1], 1);
		return true;
	}
	shape_put(sh, '[', 1);
	shape_put(sh, 'A' + c->cp[0] - CP_RI_A, 1);
	if (pair)
		shape_put(sh, 'A' + c->cp[1] - CP_RI_A, 1);
	shape_put(sh, ']', 1);
	return true;
}

/* The black flag with a region spelled in tags: England is [GBENG]. */
static bool
shape_tag_flag(struct text_shape *sh, const struct text_policy *pol,
    const struct cluster *c)
{
	int32_t ch;

	if (c->cp[0] != CP_BLACK_FLAG || pol->emoji == TEXT_EMOJI_NATIVE ||
	    cluster_at(c, 1) < 0xe0020 || cluster_at(c, 1) >= CP_TAG_END)
		return false;
	shape_put(sh, '[', 1);
	for (size_t i = 1; i < c->n && c->cp[i] != CP_TAG_END; i++) {
		ch = c->cp[i] - 0xe0000;
		if (ch > 0 && ch < 0x7f && isalnum(ch))
			shape_put(sh, toupper(ch), 1);
	}
	shape_put(sh, ']', 1);
	return true;
}

static bool
shape_keycap(struct text_shape *sh, const struct text_policy *pol,
    const struct cluster *c)
{
	int32_t cp = c->cp[0];
	size_t at = cluster_at(c, 1) == CP_VS16 ? 2 : 1;

	if ((cp != '#' && cp != '*' && (cp < '0' || cp > '9')) ||
	    cluster_at(c, at) != CP_KEYCAP)
		return false;
	shape_put(sh, cp, 1);
	if (pol->emoji != TEXT_EMOJI_NATIVE)
		return true;
	shape_put(sh, CP_VS16, 1);
	shape_put(sh, CP_KEYCAP, 0);
	return true;
}

/* Does it take two columns by the standard whatever its base takes? */
static bool
emoji_is_sequence(const struct cluster *c)
{
	if (cluster_at(c, 1) == CP_VS16)
		return true;
	for (size_t i = 1; i < c->n; i++)
		if (is_tone(c->cp[i]) || c->cp[i] == CP_TAG_END ||
		    (c->cp[i] == CP_ZWJ && i + 1 < c->n))
			return true;
	return false;
}

/* Selectors, joiner, tones, tags and further emoji: what makes a sequence. */
static bool
is_emoji_part(int32_t cp)
{
	return is_selector(cp) || cp == CP_ZWJ || is_tone(cp) ||
	    (cp >= 0xe0020 && cp <= CP_TAG_END) || is_pictograph(cp);
}

static bool
emoji_as_is(struct text_shape *sh, const struct text_policy *pol,
    const struct cluster *c)
{
	int w = text_cell_width(c->cp[0], pol->ambiguous_wide);
	size_t n = c->n;

	/* a joiner at the end would swallow what is drawn next */
	while (n > 1 && c->cp[n - 1] == CP_ZWJ)
		n--;
	if (c->more || w < 0)
		return false;
	for (size_t i = 1; i < n; i++)
		if (!is_emoji_part(c->cp[i]) ||
		    text_cell_width(c->cp[i], false) < 0)
			return false;
	for (size_t i = 0; i < n; i++)
		shape_put(sh, c->cp[i], 0);
	sh->cols = emoji_is_sequence(c) ? 2 : w;
	return true;
}

/* :heart: or [U+1F600]; false for what is a sign in running text, as (c). */
static bool
emoji_as_text(struct text_shape *sh, const struct cluster *c)
{
	int32_t cp = c->cp[0];
	const char *name = text_emoji_name(cp);

	if (cluster_at(c, 1) == CP_VS15 ||
	    (name == NULL && cp < 0x1f000 && cluster_at(c, 1) != CP_VS16 &&
		text_cell_width(cp, false) != 2))
		return false;
	if (name == NULL) {
		shape_put_code(sh, cp);
		return true;
	}
	shape_put(sh, ':', 1);
	shape_puts(sh, name);
	shape_put(sh, ':', 1);
	return true;
}

static bool
shape_emoji(struct text_shape *sh, const struct text_policy *pol,
    const struct cluster *c)
{
	if (!is_pictograph(c->cp[0]))
		return false;
	if (pol->emoji == TEXT_EMOJI_NATIVE && emoji_as_is(sh, pol, c))
		return true;
	if (pol->emoji == TEXT_EMOJI_TEXT && emoji_as_text(sh, c))
		return true;
	shape_put_any(sh, pol, c->cp[0]);
	return true;
}

/* Is cp, which follows `last` (0: nothing yet) in its cluster, left out? */
static bool
stack_skips(const struct text_policy *pol, int32_t cp, int32_t last)
{
	if (last != 0 && is_selector(cp) && pol->emoji == TEXT_EMOJI_NATIVE)
		return false;
	if (is_invisible(cp) || cp == CP_KEYCAP)
		return true;
	return last != 0 && (is_tone(cp) || text_cell_width(cp, false) < 0);
}

/* Everything else: a base and its marks. Spacing marks add their columns. */
static bool
shape_stack(struct text_shape *sh, const struct text_policy *pol,
    const struct cluster *c)
{
	int32_t cp, last = 0;
	size_t kept = 0;

	for (size_t i = 0; i < c->n && kept < SHAPE_KEEP; i++) {
		cp = c->cp[i];
		if (stack_skips(pol, cp, last))
			continue;
		if (last == 0 && is_mark(cp)) {
			shape_put(sh, CP_DOTTED, 1);
			kept++;
		}
		if (is_jamo_orphan(cp, last)) {
			shape_put_code(sh, cp);
			last = ']';
		} else {
			shape_put_any(sh, pol, cp);
			last = cp;
		}
		kept++;
		if (is_pictograph(cp)) /* after a sign that prepends */
			break;
	}
	return true;
}

static void
shape_to_ascii(struct text_shape *sh)
{
	size_t i;

	for (i = 0; i < sh->n; i++)
		if ((unsigned char)sh->s[i] >= 0x80)
			break;
	if (i == sh->n)
		return;
	sh->n = (size_t)sh->cols;
	memset(sh->s, '?', sh->n);
}

void
text_shape(struct text_shape *sh, const struct text_policy *policy,
    const char *p, size_t n)
{
	/* the most frequent first; the last takes everything */
	static bool (*const kinds[])(struct text_shape *,
	    const struct text_policy *, const struct cluster *) = {shape_common,
	    shape_control, shape_flag, shape_tag_flag, shape_keycap,
	    shape_emoji, shape_stack};
	struct cluster c;
	size_t i = 0;

	sh->n = 0;
	sh->cols = 0;
	cluster_read(&c, p, p + n);
	while (!kinds[i](sh, policy, &c))
		i++;
	if (policy->ascii)
		shape_to_ascii(sh);
}
