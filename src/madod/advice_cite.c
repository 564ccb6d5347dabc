/* Answers held against their sources: see advice_cite.h. */
#include <string.h>

#include <mado/text.h>

#include "advice_cite.h"
#include "bot.h"

enum {
	QUOTE_MIN_CP = 4,     /* of a script without spaces, */
	QUOTE_MIN_ASCII = 8,  /* and of one with them */
	PHONE_MIN_DIGITS = 9, /* of one that begins with 0 or + */
	LONG_MIN_DIGITS = 13, /* more than a number's value tells apart */
	TLD_MIN = 2           /* letters after the last dot of a host */
};

/* A place in a text. */
struct at {
	const char *p, *end;
};

static struct at
at_start(const char *s, size_t n)
{
	return (struct at){s, s + n};
}

/* --- numbers */

/* Zeros of the scripts whose digits folding leaves alone, and ASCII's. */
static const uint32_t zeros[] = {
    '0', 0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xed0, 0x1040, 0x17e0};

enum numeral_kind { NUMERAL_DIGIT, NUMERAL_UNIT, NUMERAL_MYRIAD };

static const struct numeral {
	const char *kanji;
	enum numeral_kind kind;
	double value;
} numerals[] = {
    {"〇", NUMERAL_DIGIT, 0},
    {"零", NUMERAL_DIGIT, 0},
    {"一", NUMERAL_DIGIT, 1},
    {"二", NUMERAL_DIGIT, 2},
    {"三", NUMERAL_DIGIT, 3},
    {"四", NUMERAL_DIGIT, 4},
    {"五", NUMERAL_DIGIT, 5},
    {"六", NUMERAL_DIGIT, 6},
    {"七", NUMERAL_DIGIT, 7},
    {"八", NUMERAL_DIGIT, 8},
    {"九", NUMERAL_DIGIT, 9},
    {"十", NUMERAL_UNIT, 10},
    {"百", NUMERAL_UNIT, 100},
    {"千", NUMERAL_UNIT, 1000},
    {"万", NUMERAL_MYRIAD, 1e4},
    {"億", NUMERAL_MYRIAD, 1e8},
};

/* What is counted, so that one kanji before it is a number: 一部 and 一緒 are
 * none. */
static const char counters[] =
    "円日時分週月年回点名人枚本台倍個割階歳泊冊箱件%";

/* 2億3千万: total 2億, section 3千, current nothing. */
struct number {
	double total, section, current;
	bool pending;    /* current counts */
	bool digits;     /* some of it was written in digits */
	size_t kanji;    /* how many of it were not */
	bool unit_first; /* 十, 万一: kanji that are words as well */
};

/* The bytes of a decimal digit there; 0: there is none. */
static size_t
digit_at(const struct at *t, int *value)
{
	uint32_t cp = 0;
	size_t n = text_decode(t->p, (size_t)(t->end - t->p), &cp);

	for (size_t i = 0; n > 0 && i < sizeof(zeros) / sizeof(zeros[0]); i++)
		if (cp >= zeros[i] && cp < zeros[i] + 10) {
			*value = (int)(cp - zeros[i]);
			return n;
		}
	return 0;
}

static size_t
digits_at(struct at t, size_t max)
{
	size_t n = 0, len;
	int value;

	for (; n < max && (len = digit_at(&t, &value)) > 0; n++)
		t.p += len;
	return n;
}

/* A comma between thousands, or a point before a fraction? */
static bool
is_inside(const struct at *t, char mark)
{
	struct at next = {t->p + 1, t->end};

	if (t->p == t->end || *t->p != mark)
		return false;
	return mark == ',' ? digits_at(next, 4) == 3 : digits_at(next, 1) == 1;
}

static double
take_digits(struct at *t)
{
	double value = 0, place = 1;
	size_t len;
	int digit;

	for (;;) {
		if (place == 1 && is_inside(t, ','))
			t->p++;
		if (place == 1 && is_inside(t, '.')) {
			t->p++;
			place = 0.1;
		}
		if ((len = digit_at(t, &digit)) == 0)
			return value;
		t->p += len;
		value = place == 1 ? value * 10 + digit : value + digit * place;
		place = place == 1 ? 1 : place / 10;
	}
}

static const struct numeral *
numeral_at(const struct at *t)
{
	for (size_t i = 0; i < sizeof(numerals) / sizeof(numerals[0]); i++) {
		size_t len = strlen(numerals[i].kanji);

		if ((size_t)(t->end - t->p) >= len &&
		    memcmp(t->p, numerals[i].kanji, len) == 0)
			return &numerals[i];
	}
	return NULL;
}

static void
number_add(struct number *x, const struct numeral *u)
{
	double part = x->pending ? x->current : 0;

	if (u->kind == NUMERAL_DIGIT) {
		x->current = part * 10 + u->value;
		x->pending = true;
		return;
	}
	x->pending = false;
	if (u->kind == NUMERAL_UNIT) {
		x->section += (part == 0 ? 1 : part) * u->value;
		return;
	}
	part += x->section;
	x->total += (part == 0 ? 1 : part) * u->value;
	x->section = 0;
}

/* Take the number there, false when there is none; t moves in any case. */
static bool
take_number(struct at *t, double *value)
{
	struct number x = {0};
	const struct numeral *u;
	const char *from = t->p;
	int digit;

	for (;;) {
		if (digit_at(t, &digit) > 0 && !x.pending) {
			x.current = take_digits(t);
			x.pending = x.digits = true;
		} else if ((u = numeral_at(t)) != NULL &&
		    (u->kind != NUMERAL_DIGIT || !x.digits || !x.pending)) {
			x.unit_first |=
			    t->p == from && u->kind != NUMERAL_DIGIT;
			number_add(&x, u);
			t->p += strlen(u->kanji);
			x.kanji++;
		} else {
			break;
		}
	}
	*value = x.total + x.section + (x.pending ? x.current : 0);
	if (x.digits || (x.kanji > 1 && !x.unit_first))
		return true;
	for (const char *c = counters; x.kanji > 0 && *c != '\0';) {
		size_t n = (unsigned char)*c < 0x80 ? 1 : 3;

		if ((size_t)(t->end - t->p) >= n && memcmp(t->p, c, n) == 0)
			return true;
		c += n;
	}
	return false;
}

/* --- phone and other long numbers: their digits, however they are parted */

static bool
take_phone(struct at *t, struct buf *digits)
{
	struct at try = *t;
	bool leads = *t->p == '0' || *t->p == '+';

	buf_reset(digits);
	for (; try.p < try.end && strchr("+-0123456789", *try.p) != NULL;
	     try.p++)
		if (*try.p >= '0' && *try.p <= '9')
			buf_putc(digits, *try.p);
	if (digits->n < (size_t)(leads ? PHONE_MIN_DIGITS : LONG_MIN_DIGITS))
		return false;
	*t = try;
	return true;
}

static void
put_fact(struct buf *out, char kind, const char *value, size_t n)
{
	buf_printf(out, "\n%c %.*s\n", kind, (int)n, value);
}

static void
put_figures(struct buf *out, const char *text, size_t n)
{
	struct at t = at_start(text, n);
	struct buf digits = {0};
	double value;

	while (t.p < t.end) {
		const char *from = t.p;

		if (take_phone(&t, &digits))
			put_fact(out, 't', buf_str(&digits), digits.n);
		else if (take_number(&t, &value))
			buf_printf(out, "\nn %.15g\n", value);
		if (t.p == from)
			t.p++;
	}
	buf_free(&digits);
}

/* --- addresses: whatever a phone would underline */

static bool
is_address_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') ||
	    (c != '\0' && strchr("-._~:/?#@!$&*+=%;,", c) != NULL);
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* shop.example, .example after letters that are not ASCII: a dot before two
 * letters. */
static bool
has_domain(const char *s, size_t n)
{
	for (size_t i = 0; i + TLD_MIN < n; i++)
		if (s[i] == '.' && (i == 0 || s[i - 1] != '.') &&
		    is_letter(s[i + 1]) && is_letter(s[i + 2]))
			return true;
	return false;
}

static void
put_addresses(struct buf *out, const char *s)
{
	size_t n, end;

	for (; *s != '\0'; s += n > 0 ? n : 1) {
		for (n = 0; is_address_char(s[n]); n++)
			;
		for (end = n; end > 0 && strchr(".,:;!?", s[end - 1]) != NULL;)
			end--;
		if (memmem(s, end, "://", 3) != NULL ||
		    memchr(s, '@', end) != NULL || has_domain(s, end))
			put_fact(out, 'u', s, end);
	}
}

void
advice_cite_facts(struct buf *out, const char *text)
{
	struct buf folded = {0};
	char *narrow = text_narrow(text);

	put_addresses(out, narrow);
	text_fold(&folded, text);
	put_figures(out, buf_str(&folded), folded.n);
	buf_free(&folded);
	x_free(narrow);
}

/* --- the check */

static const struct bot_pick *
find(const struct bot_guess *g, const char *id)
{
	for (size_t i = 0; g != NULL && i < g->n; i++)
		if (strcmp(g->picks[i].id, id) == 0)
			return &g->picks[i];
	return NULL;
}

/* Folded, and without blanks, which models put where they like. */
static const char *
compared(const char *s, struct arena *a)
{
	struct buf b = {0};
	char *out, *to;

	text_fold(&b, s);
	to = out = arena_strdup(a, buf_str(&b));
	for (const char *p = out; *p != '\0'; p++)
		if (*p != ' ')
			*to++ = *p;
	*to = '\0';
	buf_free(&b);
	return out;
}

/* One word proves nothing, unless it is all that the entry says. */
static bool
is_telling(const char *quote, const char *whole)
{
	size_t n = strlen(quote), cp = 0;

	if (strcmp(quote, whole) == 0)
		return n > 0;
	for (size_t i = 0; i < n; i++)
		cp += (quote[i] & 0xc0) != 0x80;
	return cp >= (cp == n ? QUOTE_MIN_ASCII : QUOTE_MIN_CP);
}

static const char *
check_cite(const struct bot_guess *g, const struct advice_cite *c,
    struct buf *facts, struct arena *a)
{
	const struct bot_pick *p = find(g, c->id);
	const char *quote, *whole;

	if (p == NULL)
		return "it cites an FAQ that it was not given";
	quote = compared(c->quote, a);
	whole = compared(p->answer, a);
	if (!is_telling(quote, whole))
		return arena_sprintf(
		    a, "its quote of FAQ %s is too short", p->id);
	if (strstr(whole, quote) == NULL)
		return arena_sprintf(a, "FAQ %s does not say its quote", p->id);
	advice_cite_facts(facts, p->question);
	advice_cite_facts(facts, p->answer);
	advice_cite_facts(facts, p->beside != NULL ? p->beside : "");
	return NULL;
}

static const char *
kind_missing(char kind)
{
	return kind == 'n' ? "a number that no cited FAQ has"
	    : kind == 't'  ? "a phone number that no cited FAQ has"
			   : "an address that no cited FAQ has";
}

/* The first claim that is not among the facts. */
static const char *
check_facts(const char *answer, const struct buf *facts, struct arena *a)
{
	struct buf claims = {0};
	const char *bad = NULL, *end;

	advice_cite_facts(&claims, answer);
	for (const char *p = buf_str(&claims); bad == NULL && *p != '\0';
	     p = end + 1) {
		end = strchr(p + 1, '\n');
		if (strstr(buf_str(facts),
			arena_strndup(a, p, (size_t)(end + 1 - p))) == NULL)
			bad = kind_missing(p[1]);
	}
	buf_free(&claims);
	return bad;
}

const char *
advice_cite_check(const struct bot_guess *g, const char *answer,
    const struct advice_cite *v, size_t n, struct arena *a)
{
	struct buf facts = {0};
	const char *bad = n == 0 ? "it cites no FAQ" : NULL;

	for (size_t i = 0; i < n && bad == NULL; i++)
		bad = check_cite(g, &v[i], &facts, a);
	if (bad == NULL)
		bad = check_facts(answer, &facts, a);
	buf_free(&facts);
	return bad;
}
