/*
 * The form in which search compares text, and full-width ASCII made narrow.
 * utf8proc orders marks by insertion, which a megabyte of them turns into
 * hours: so runs of marks are cut before it sees them. Folding is stored in
 * search indexes: another result here means they have to be rebuilt.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <utf8proc.h>

#include <mado/mem.h>

#include "text_priv.h"

enum { FOLD_MARKS = 8 };

static bool
is_fold_space(int32_t cp)
{
	utf8proc_category_t cat;

	if (cp < 0x80)
		return cp == ' ' || (cp >= '\t' && cp <= '\r');
	cat = utf8proc_category(cp);
	return cp == 0x85 || cat == UTF8PROC_CATEGORY_ZS ||
	    cat == UTF8PROC_CATEGORY_ZL || cat == UTF8PROC_CATEGORY_ZP;
}

/* Marks, and the kana's voiced marks that become some. */
static bool
is_fold_mark(int32_t cp)
{
	utf8proc_category_t cat = utf8proc_category(cp);

	return cat == UTF8PROC_CATEGORY_MN || cat == UTF8PROC_CATEGORY_MC ||
	    cat == UTF8PROC_CATEGORY_ME || cp == 0xff9e || cp == 0xff9f ||
	    cp == 0x309b || cp == 0x309c;
}

/* Valid UTF-8, nothing invisible, short runs of marks. */
static void
fold_tidy(struct buf *out, const char *s)
{
	const char *end = s + strlen(s);
	size_t marks = 0, n;
	int32_t cp;

	for (; s < end; s += n) {
		n = text_step(s, end, &cp);
		if (cp >= 0 && utf8proc_get_property(cp)->ignorable)
			continue;
		marks = cp >= 0x300 && is_fold_mark(cp) ? marks + 1 : 0;
		if (marks > FOLD_MARKS)
			continue;
		if (cp < 0)
			buf_puts(out, "\xef\xbf\xbd");
		else if (cp == 0x309b || cp == 0x309c)
			/* voiced marks of their own: NFKC would put a space */
			buf_puts(out, cp == 0x309b ? "\u3099" : "\u309a");
		else
			buf_add(out, s, n);
	}
}

/* What Unicode keeps apart and people who search do not. */
static int32_t
fold_one(int32_t cp, bool kana)
{
	if (kana &&
	    ((cp >= 0x3041 && cp <= 0x3096) || cp == 0x309d || cp == 0x309e))
		return cp + 0x60; /* hiragana to katakana */
	if (cp == 0x301c)
		return '~'; /* the wave dash, typed for U+FF5E and back */
	if ((cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212)
		return '-';
	return cp;
}

/* While letters and marks are still apart; the new length. */
static utf8proc_ssize_t
fold_apart(int32_t *cps, utf8proc_ssize_t n, bool kana)
{
	utf8proc_ssize_t kept = 0;
	size_t marks = 0;

	for (utf8proc_ssize_t i = 0; i < n; i++) {
		marks = is_fold_mark(cps[i]) ? marks + 1 : 0;
		if (marks <= FOLD_MARKS)
			cps[kept++] = fold_one(cps[i], kana);
	}
	return kept;
}

/* Append with white space squeezed. */
static void
fold_put(struct buf *out, const int32_t *cp, size_t n)
{
	size_t start = out->n, len;
	bool space = false;
	char utf8[4];

	for (size_t i = 0; i < n; i++) {
		if (is_fold_space(cp[i])) {
			space = out->n > start;
			continue;
		}
		if (space)
			buf_putc(out, ' ');
		space = false;
		len = (size_t)utf8proc_encode_char(
		    cp[i], (utf8proc_uint8_t *)utf8);
		buf_add(out, utf8, len);
	}
}

static void
fold_unicode(struct buf *out, const char *s, bool kana)
{
	const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPOSE |
	    UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
	const utf8proc_uint8_t *in;
	utf8proc_ssize_t n, len;
	struct buf tidy = {0};
	int32_t *cps = NULL;

	fold_tidy(&tidy, s);
	in = (const utf8proc_uint8_t *)buf_str(&tidy);
	len = (utf8proc_ssize_t)tidy.n;
	n = utf8proc_decompose(in, len, NULL, 0, options);
	if (n > 0) {
		cps = x_calloc((size_t)n, sizeof(*cps));
		n = utf8proc_decompose(in, len, cps, n, options);
		n = fold_apart(cps, n, kana);
		n = utf8proc_normalize_utf32(cps, n, options);
		if (n > 0)
			fold_put(out, cps, (size_t)n);
	}
	x_free(cps);
	buf_free(&tidy);
}

/*
 * What most of Japanese and English is made of folds letter by letter, and
 * stands in no relation to its neighbours: the same result, many times as
 * fast. -1: Unicode has to be asked.
 */
static int32_t
fold_letter(int32_t cp, bool kana)
{
	if (cp >= 0xff01 && cp <= 0xff5e)
		cp -= 0xff01 - '!';
	if (cp < 0x80)
		return cp >= 0 ? tolower(cp) : -1;
	if (cp >= 0x3041 && cp <= 0x3096)
		return kana ? cp + 0x60 : cp;
	if ((cp >= 0x30a1 && cp <= 0x30fc) || (cp >= 0x4e00 && cp <= 0x9fff) ||
	    cp == 0x3001 || cp == 0x3002 || cp == 0x3005 ||
	    (cp >= 0x300a && cp <= 0x3011))
		return cp;
	return cp == 0x3000 ? ' ' : -1;
}

/* False, and nothing appended, when there is another letter. Never longer than
 * what it is made from. */
static bool
fold_plain(struct buf *out, const char *s, bool kana)
{
	size_t left = strlen(s);
	char *start = buf_room(out, left), *p = start;
	const char *end = s + left;
	bool space = false;
	int32_t cp;

	while (s < end) {
		s += text_step(s, end, &cp);
		if ((cp = fold_letter(cp, kana)) == -1) {
			*start = '\0';
			return false;
		}
		if (is_fold_space(cp)) {
			space = p > start;
			continue;
		}
		if (space)
			*p++ = ' ';
		space = false;
		p += utf8proc_encode_char(cp, (utf8proc_uint8_t *)p);
	}
	*p = '\0';
	out->n += (size_t)(p - start);
	return true;
}

void
text_fold(struct buf *out, const char *s)
{
	if (!fold_plain(out, s, true))
		fold_unicode(out, s, true);
}

const char *
text_folded(const char *s, struct arena *a)
{
	struct buf b = {0};
	const char *out;

	text_fold(&b, s);
	out = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return out;
}

void
text_fold_script(struct buf *out, const char *s)
{
	if (!fold_plain(out, s, false))
		fold_unicode(out, s, false);
}

/* "1" is ours: the next change of fold_one() and its like makes it 2. */
const char *
text_fold_version(void)
{
	static char version[32];

	snprintf(version, sizeof(version), "1-%s", utf8proc_unicode_version());
	return version;
}

bool
text_contains(const char *hay, const char *needle)
{
	struct buf h = {0}, n = {0};
	bool found;

	text_fold(&h, hay);
	text_fold(&n, needle);
	found = strstr(buf_str(&h), buf_str(&n)) != NULL;
	buf_free(&h);
	buf_free(&n);
	return found;
}

char *
text_narrow(const char *s)
{
	const char *end = s + strlen(s);
	struct buf out = {0};
	int32_t cp;
	size_t n;

	for (; s < end; s += n) {
		n = text_step(s, end, &cp);
		if (cp >= 0xff01 && cp <= 0xff5e)
			buf_putc(&out, cp - 0xff01 + '!');
		else if (cp == 0x3000)
			buf_putc(&out, ' ');
		else
			buf_add(&out, s, n);
	}
	return buf_take(&out);
}
