/*
 * See faq_feat.h. Called by faq_fit.c, faq_bm25.c and faq_guess.c. Runs of
 * scripts that write no spaces give n-grams of characters, others words, pairs
 * of words and n-grams within a word. What features were worth is measured in
 * the project's notes on Auto Reply: n-grams of hiragana alone and set phrases
 * poison retrieval, hashing costs nothing.
 */
#include <stdlib.h>
#include <string.h>

#include <mado/mem.h>
#include <mado/text.h>

#include "faq.h"
#include "faq_feat.h"

enum script { NONE, WORD, HAN, HIRA, KATA, SEA, HANGUL };

/* Blocks of Unicode, in order; what lies between is a word's letter from
 * U+00AA on. SEA: Thai, Lao, Myanmar, Khmer, which write no spaces. */
static const struct block {
	uint32_t first, last;
	enum script script;
} blocks[] = {
    {0xab, 0xb4, NONE},
    {0xb6, 0xb9, NONE},
    {0xbb, 0xbf, NONE},
    {0xd7, 0xd7, NONE},
    {0xf7, 0xf7, NONE},
    {0xe2f, 0xe2f, NONE},
    {0xe01, 0xe4e, SEA},
    {0xe50, 0xe59, WORD},
    {0xe80, 0xeff, SEA},
    {0x1000, 0x109f, SEA},
    {0x1100, 0x11ff, HANGUL},
    {0x1780, 0x17ff, SEA},
    {0x2000, 0x2bff, NONE}, /* punctuation, symbols, arrows, dingbats */
    {0x2e00, 0x3004, NONE},
    {0x3005, 0x3007, HAN},
    {0x3008, 0x3040, NONE},
    {0x3041, 0x309f, HIRA},
    {0x30a0, 0x30a0, NONE},
    {0x30a1, 0x30fa, KATA},
    {0x30fb, 0x30fb, NONE},
    {0x30fc, 0x30ff, KATA},
    {0x3130, 0x318f, HANGUL},
    {0x3190, 0x31ef, NONE},
    {0x31f0, 0x31ff, KATA},
    {0x3200, 0x33ff, NONE},
    {0x3400, 0x4dbf, HAN},
    {0x4dc0, 0x4dff, NONE},
    {0x4e00, 0x9fff, HAN},
    {0xac00, 0xd7af, HANGUL},
    {0xe000, 0xf8ff, NONE}, /* private: carriers' old emoji */
    {0xf900, 0xfaff, HAN},
    {0xfe00, 0xfe6f, NONE},
    {0xfff0, 0x1000f, NONE},
    {0x1f000, 0x1faff, NONE}, /* emoji */
    {0x20000, 0x3ffff, HAN},
    {0xe0000, 0x10ffff, NONE},
};

static enum script
script_of(uint32_t cp)
{
	if (cp < 0xaa)
		return (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z')
		    ? WORD
		    : NONE;
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (cp >= blocks[i].first && cp <= blocks[i].last)
			return blocks[i].script;
	return WORD;
}

/* A text taken apart: code points folded for comparing, and their scripts as
 * they were. Apostrophes are gone, so that "what's" is one word. */
struct letters {
	uint32_t cp[FAQ_TEXT_MAX_CP + 1];
	uint8_t script[FAQ_TEXT_MAX_CP + 1];
	size_t n;
};

/* A number of five digits or more is an order's or a phone's: any will do. */
enum { DIGITS_LONG = 5 };

static bool
is_digit(uint32_t cp)
{
	return cp >= '0' && cp <= '9';
}

static void
letters_hide_number(struct letters *l)
{
	size_t from = l->n;

	while (from > 0 && is_digit(l->cp[from - 1]))
		from--;
	if (l->n - from < DIGITS_LONG)
		return;
	l->cp[from] = '0';
	l->n = from + 1;
}

/* Scripts at the first FAQ_TEXT_MAX_CP characters that count. */
static size_t
letters_read(struct letters *l, const char *text)
{
	struct buf fold = {0};
	const char *p, *end;
	char *cut;
	size_t kept = 0, len, units = 0;
	uint32_t cp;

	/* cut before folding: what comes after does not cost either */
	for (p = text; *p != '\0' && units < FAQ_TEXT_MAX_CP; units++)
		p += (len = text_decode(
			  p, strlen(p) < 4 ? strlen(p) : 4, &cp)) > 0
		    ? len
		    : 1;
	cut = x_strndup(text, (size_t)(p - text));
	text_fold_script(&fold, cut);
	x_free(cut);
	l->n = 0;
	p = buf_str(&fold);
	for (end = p + fold.n; p < end && l->n < FAQ_TEXT_MAX_CP; p += len) {
		enum script s;

		if ((len = text_decode(p, (size_t)(end - p), &cp)) == 0)
			break;
		if (cp == '\'' || cp == 0x2019)
			continue;
		if (l->n > 0 && !is_digit(cp))
			letters_hide_number(l);
		s = script_of(cp);
		kept += s != NONE;
		l->script[l->n] = (uint8_t)s;
		l->cp[l->n++] = s == HIRA && cp <= 0x3096 ? cp + 0x60 : cp;
	}
	letters_hide_number(l);
	buf_free(&fold);
	return kept;
}

static uint64_t
hash_add(uint64_t h, uint64_t x)
{
	/* FNV-1a's prime over whole code points */
	return (h ^ x) * UINT64_C(0x100000001b3);
}

static uint64_t
hash_run(char kind, const uint32_t *cp, size_t n)
{
	uint64_t h = hash_add(UINT64_C(0xcbf29ce484222325), (uint64_t)kind);

	for (size_t i = 0; i < n; i++)
		h = hash_add(h, cp[i]);
	/* 32 bits of it are kept: mix */
	h ^= h >> 32;
	h *= UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 29;
}

static void
bag_add(struct faq_bag *b, uint64_t h)
{
	if (b->n == b->cap) {
		b->cap = b->cap * 2 + 256;
		b->h = x_realloc(b->h, b->cap, sizeof(*b->h));
		b->tf = x_realloc(b->tf, b->cap, sizeof(*b->tf));
	}
	b->h[b->n++] = h;
}

static int
hash_cmp(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void
bag_sort(struct faq_bag *b)
{
	size_t n = 0;

	if (b->n > 0)
		qsort(b->h, b->n, sizeof(*b->h), hash_cmp);
	for (size_t i = 0; i < b->n; i++) {
		if (n > 0 && b->h[n - 1] == b->h[i]) {
			b->tf[n - 1]++;
			continue;
		}
		b->h[n] = b->h[i];
		b->tf[n++] = 1;
	}
	b->n = n;
}

void
faq_bag_free(struct faq_bag *b)
{
	x_free(b->h);
	x_free(b->tf);
	*b = (struct faq_bag){0};
}

static void
add_ngrams(struct faq_bag *b, char kind, const uint32_t *cp, size_t len,
    size_t least, size_t most)
{
	for (size_t n = least; n <= most && n <= len; n++)
		for (size_t i = 0; i + n <= len; i++)
			bag_add(b, hash_run(kind, cp + i, n));
}

/* How long the run of one kind is that begins at i. Kanji and kana are one
 * when joined, for grams; each by itself for tokens. */
static size_t
run_length(const struct letters *l, size_t i, bool joined)
{
	static const uint8_t kind[] = {[HAN] = HAN,
	    [HIRA] = HAN,
	    [KATA] = HAN,
	    [WORD] = WORD,
	    [SEA] = SEA,
	    [HANGUL] = HANGUL};
	size_t n = 1;

	while (i + n < l->n &&
	    (joined ? kind[l->script[i + n]] == kind[l->script[i]]
		    : l->script[i + n] == l->script[i]))
		n++;
	return n;
}

enum { WORD_MAX_CP = 40 };

/* ^word$, cut. */
static size_t
word_edges(uint32_t *out, const uint32_t *cp, size_t n)
{
	if (n > WORD_MAX_CP)
		n = WORD_MAX_CP;
	out[0] = '^';
	memcpy(out + 1, cp, n * sizeof(*cp));
	out[n + 1] = '$';
	return n + 2;
}

static void
gram_word(struct faq_bag *b, const uint32_t *cp, size_t n, uint64_t *last)
{
	uint32_t edged[WORD_MAX_CP + 2];
	uint64_t h = hash_run('w', cp, n);

	bag_add(b, h);
	if (*last != 0)
		bag_add(b, hash_add(*last, h));
	*last = h;
	n = word_edges(edged, cp, n);
	add_ngrams(b, 'c', edged, n, 3, 4);
}

void
faq_grams(struct faq_bag *b, const char *text)
{
	struct letters l;
	uint64_t last = 0;
	size_t n;

	b->n = 0;
	b->letters = letters_read(&l, text);
	for (size_t i = 0; i < l.n; i += n) {
		enum script s = l.script[i];

		n = run_length(&l, i, true);
		if (s == WORD)
			gram_word(b, l.cp + i, n, &last);
		else if (s == SEA)
			add_ngrams(b, 's', l.cp + i, n, 2, 4);
		else if (s != NONE)
			add_ngrams(b, 's', l.cp + i, n, 1, 3);
	}
	bag_sort(b);
}

/*
 * Words that say that something is asked, not what. Longer ones go before the
 * text is cut into tokens, each a whole word for scripts that have such.
 */
static const char *const set_phrases[] = {"教えて", "下さい", "願い", "可能",
    "場合", "出来", "致し", "知り", "何", "请问", "请", "怎么", "怎样", "如何",
    "什么", "可以", "能否", "是否", "我们", "我的", "我", "你们", "你", "的",
    "吗", "呢", "了", "想", "ครับ", "ค่ะ", "คะ", "อย่างไร", "ยังไง", "ไหม", "มั้ย",
    "อะไร", "ได้", "ต้องการ", "อยาก", "ขอ", "ช่วย", "หน่อย", "หรือไม่", "หรือเปล่า",
    "ฉัน", "ผม", "어떻게", "있나요", "하나요", "무엇", "제가"};
static const char *const stop_words[] = {"a", "about", "am", "an", "and", "any",
    "are", "as", "at", "be", "been", "by", "can", "could", "did", "do", "does",
    "for", "from", "get", "has", "have", "hello", "help", "hey", "hi", "how",
    "i", "id", "if", "im", "in", "is", "it", "its", "ive", "just", "know",
    "let", "like", "may", "me", "my", "need", "of", "on", "or", "please", "so",
    "some", "tell", "thanks", "that", "the", "there", "this", "to", "up", "us",
    "want", "was", "we", "what", "whats", "when", "where", "which", "who",
    "why", "will", "with", "would", "you", "your",
    /* Indonesian */
    "ada", "agar", "apa", "apakah", "atau", "bagaimana", "bisa", "cara", "dan",
    "dari", "dengan", "di", "halo", "ingin", "ini", "itu", "jika", "kak", "ke",
    "mau", "min", "mohon", "pada", "saya", "tolong", "untuk", "ya", "yang"};

static uint32_t
fold_kana(uint32_t cp)
{
	return cp >= 0x3041 && cp <= 0x3096 ? cp + 0x60 : cp;
}

/* How many code points of l at i the phrase is; 0: it is not there. */
static size_t
phrase_at(const struct letters *l, size_t i, const char *phrase)
{
	size_t n = 0, len, left = strlen(phrase);
	uint32_t cp;

	for (; left > 0; phrase += len, left -= len, n++) {
		len = text_decode(phrase, left, &cp);
		if (len == 0 || i + n >= l->n || l->cp[i + n] != fold_kana(cp))
			return 0;
	}
	return n;
}

static void
drop_phrases(struct letters *l)
{
	const size_t n_phrases = sizeof(set_phrases) / sizeof(set_phrases[0]);
	size_t n;

	for (size_t i = 0; i < l->n; i++) {
		if (l->script[i] == NONE || l->script[i] == WORD)
			continue;
		for (size_t k = 0; k < n_phrases; k++)
			if ((n = phrase_at(l, i, set_phrases[k])) > 0) {
				memset(l->script + i, NONE, n);
				i += n - 1;
				break;
			}
	}
}

static bool
is_stop_word(const uint32_t *cp, size_t n)
{
	for (size_t k = 0; k < sizeof(stop_words) / sizeof(stop_words[0]);
	     k++) {
		const char *w = stop_words[k];
		size_t i = 0;

		while (i < n && w[i] != '\0' && (unsigned char)w[i] == cp[i])
			i++;
		if (i == n && w[i] == '\0')
			return true;
	}
	return false;
}

enum { STEM_CP = 5 };

static void
token_word(struct faq_bag *b, const uint32_t *cp, size_t n)
{
	if (is_stop_word(cp, n))
		return;
	bag_add(b, hash_run('w', cp, n));
	/* "cancelling" is near to "cancelled", "refund" to "refunds" */
	bag_add(b, hash_run('p', cp, n < STEM_CP ? n : STEM_CP));
}

/* Kanji: pairs, one alone by itself, and the last with its okurigana. */
static void
token_han(struct faq_bag *b, const struct letters *l, size_t i, size_t n)
{
	add_ngrams(b, 'h', l->cp + i, n, n == 1 ? 1 : 2, 2);
	if (i + n < l->n && l->script[i + n] == HIRA)
		bag_add(b, hash_run('h', l->cp + i + n - 1, 2));
}

/* Katakana are words, and compounds of words. */
static void
token_kana(struct faq_bag *b, const uint32_t *cp, size_t n)
{
	bag_add(b, hash_run('k', cp, n));
	if (n > 3)
		add_ngrams(b, 'k', cp, n, 3, 3);
}

void
faq_tokens(struct faq_bag *b, const char *text)
{
	struct letters l;
	size_t n;

	b->n = 0;
	b->letters = letters_read(&l, text);
	drop_phrases(&l);
	for (size_t i = 0; i < l.n; i += n) {
		const uint32_t *cp = l.cp + i;

		n = run_length(&l, i, false);
		switch ((enum script)l.script[i]) {
		case WORD:
			token_word(b, cp, n);
			break;
		case HAN:
			token_han(b, &l, i, n);
			break;
		case KATA:
			token_kana(b, cp, n);
			break;
		case SEA:
			add_ngrams(b, 's', cp, n, 3, 4);
			break;
		case HANGUL:
			add_ngrams(b, 's', cp, n, n == 1 ? 1 : 2, 2);
			break;
		case HIRA:
		case NONE:
			break;
		}
	}
	bag_sort(b);
}
