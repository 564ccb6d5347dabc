/* Emoji by words: see emoji.h. */
#include "emoji.h"

#include <mado/text.h>

#include <string.h>

#include "i18n.h"

/* Short names, which come first. */
static const struct {
	const char *name, *text, *reading;
} ours[] = {
    {":bow:", "🙇", "おじぎ"},
    {":pray:", "🙏", "おねがい"},
    {":smile:", "😊", "えがお"},
    {":grin:", "😄", "わらい"},
    {":sweat:", "😅", "あせ"},
    {":cry:", "😭", "なき"},
    {":sad:", "😢", "かなしい"},
    {":wink:", "😉", "ウインク"},
    {":heart:", "💖", "ハート"},
    {":ok:", "👌", "オーケー"},
    {":thumbsup:", "👍", "いいね"},
    {":clap:", "👏", "はくしゅ"},
    {":party:", "🎉", "おめでとう"},
    {":gift:", "🎁", "プレゼント"},
    {":truck:", "🚚", "はいそう"},
    {":box:", "📦", "にもつ"},
    {":phone:", "📞", "でんわ"},
    {":mail:", "📧", "メール"},
    {":calendar:", "📅", "カレンダー"},
    {":clock:", "🕒", "じかん"},
    {":shop:", "🏪", "みせ"},
    {":star:", "🌟", "ほし"},
    {":memo:", "📝", "メモ"},
    {":light:", "💡", "ひらめき"},
    {":flower:", "🌸", "さくら"},
};

enum { OURS = sizeof(ours) / sizeof(ours[0]) };

/* The list of Unicode as it is searched, made when it is first wanted. */
static struct {
	struct arena *a; /* NULL: not yet */
	struct row {
		const char *text, *en, *ja;
		const char *words; /* |name|name|word|..| folded */
	} * v;
	size_t n;
} cldr;

/* Up to the next sep, which becomes the end of it. */
static char *
cut(char **rest, const char *sep)
{
	char *s = strsep(rest, sep);

	return s != NULL ? s : (char *)"";
}

static void
read_cldr(void)
{
	char *all, *line;
	size_t lines = 0;

	cldr.a = arena_new();
	all = arena_strdup(cldr.a, emoji_cldr);
	for (const char *s = all; (s = strchr(s, '\n')) != NULL; s++)
		lines++;
	cldr.v = arena_calloc(cldr.a, lines, sizeof(*cldr.v));
	while (cldr.n < lines && (line = strsep(&all, "\n")) != NULL) {
		struct row *r = &cldr.v[cldr.n++];

		r->text = cut(&line, "|");
		r->words =
		    text_folded(arena_sprintf(cldr.a, "|%s|", line), cldr.a);
		r->en = cut(&line, "|");
		r->ja = cut(&line, "|");
	}
}

enum { FITS_MAX = 4 };

/* How well a word fits, by where it stands: 0 it is one of the two names, 1
 * another word, or what these begin with (2), or a word in them (3), or a part
 * (4), which only in Japanese means anything. -1: not at all. */
static int
fit_at(const char *words, const char *s, size_t n)
{
	const char *names = strchr(strchr(words + 1, '|') + 1, '|');

	if (s[-1] == '|' && s[n] == '|')
		return s < names ? 0 : 1;
	if (s[-1] == '|' || s[-1] == ' ')
		return s[-1] == '|' ? 2 : 3;
	return (*s & 0x80) != 0 ? FITS_MAX : -1;
}

static int
fit(const char *words, const char *w)
{
	int best = -1, k;

	for (const char *s = words; (s = strstr(s, w)) != NULL; s++) {
		k = fit_at(words, s, strlen(w));
		if (k != -1 && (best == -1 || k < best))
			best = k;
	}
	return best;
}

static bool
is_offered(const struct completion *c, const char *text)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->v[i].text, text) == 0)
			return true;
	return false;
}

/* ":flag_japan:", "🇯🇵  旗: 日本" */
static void
offer_row(struct completion *c, const struct row *r)
{
	char *name = arena_sprintf(c->a, ":%s:", r->en);

	if (is_offered(c, r->text))
		return;
	for (char *s = name + 1; *s != '\0'; s++)
		if (strchr(" ,.", *s) != NULL)
			*s = '_';
	complete_add(
	    c, name, arena_sprintf(c->a, "%s  %s", r->text, r->ja), r->text);
}

/* ":smile:", closed by hand: that one only. */
static bool
offer_named(struct completion *c)
{
	for (size_t i = 0; i < OURS; i++)
		if (strcmp(ours[i].name, c->word) == 0) {
			complete_offer(
			    c, ours[i].name, ours[i].text, ours[i].text);
			return true;
		}
	return false;
}

void
emoji_offer(struct completion *c)
{
	const char *w = text_folded(c->word + 1, c->a);
	size_t n = strlen(w);

	if (n == 0 || strchr(w, '|') != NULL || offer_named(c))
		return;
	if (cldr.a == NULL)
		read_cldr();
	for (size_t i = 0; i < OURS; i++)
		if (strncmp(ours[i].name + 1, w, n) == 0 ||
		    strncmp(text_folded(ours[i].reading, c->a), w, n) == 0)
			complete_add(
			    c, ours[i].name, ours[i].text, ours[i].text);
	c->fuzzy = true;
	for (int k = 0; k <= FITS_MAX; k++)
		for (size_t i = 0; i < cldr.n; i++)
			if (fit(cldr.v[i].words, w) == k)
				offer_row(c, &cldr.v[i]);
}
