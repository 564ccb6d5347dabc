/*
 * Words as the index and the rows are asked for them, and where they stand in
 * a text. Both sides are folded by text_fold(). Nothing here is a query
 * language: what looks like one is searched as it stands.
 */
#include <string.h>

#include <mado/mem.h>
#include <mado/text.h>

#include "search.h"

/* the question */

struct term {
	const char *p;
	size_t n;
	int cost;
};

struct terms {
	struct term v[SEARCH_TERMS_MAX];
	size_t n;
};

static bool
is_single(const char *p, size_t n)
{
	uint32_t cp;

	return text_decode(p, n, &cp) == n;
}

/* Two kana, or two digits, stand in more texts than others do. */
static int
term_cost(const char *p, size_t n)
{
	const char *end = p + n;
	int cost = 0;
	uint32_t cp;

	for (; p < end; p += n) {
		n = text_decode(p, (size_t)(end - p), &cp);
		if (n == 0)
			n = 1;
		else if (cp <= '9' || (cp >= 0x3000 && cp < 0x3100))
			cost++;
	}
	return cost;
}

/*
 * Keep the cheapest that differ. A word's last character alone is a token of
 * the word only: in the texts it may go on.
 */
static int
term_add(void *arg, const char *p, size_t n)
{
	struct terms *t = arg;
	struct term term = {p, n, term_cost(p, n)};
	size_t i;

	if (is_single(p, n))
		return 0;
	for (i = 0; i < t->n; i++)
		if (t->v[i].n == n && memcmp(t->v[i].p, p, n) == 0)
			return 0;
	for (i = t->n; i > 0 && t->v[i - 1].cost > term.cost; i--)
		if (i < SEARCH_TERMS_MAX)
			t->v[i] = t->v[i - 1];
	if (i == SEARCH_TERMS_MAX)
		return 0;
	t->v[i] = term;
	if (t->n < SEARCH_TERMS_MAX)
		t->n++;
	return 0;
}

/* As a string of FTS5: everything in it is meant. */
static void
put_quoted(struct buf *b, const char *p, size_t n)
{
	buf_putc(b, '"');
	for (; n > 0; p++, n--) {
		if (*p == '"')
			buf_putc(b, '"');
		buf_putc(b, *p);
	}
	buf_putc(b, '"');
}

static const char *
match_of(const struct search *s, struct arena *a)
{
	struct terms t = {0};
	struct buf b = {0};
	const char *out;
	size_t i;

	for (i = 0; i < s->words.n; i++)
		search_cut(s->words.v[i], strlen(s->words.v[i]), term_add, &t);
	for (i = 0; i < t.n; i++) {
		buf_puts(&b, i > 0 ? " AND " : "");
		put_quoted(&b, t.v[i].p, t.v[i].n);
	}
	out = t.n > 0 ? arena_strdup(a, buf_str(&b)) : NULL;
	buf_free(&b);
	return out;
}

const char *
search_single(const struct search *s, struct arena *a, size_t i)
{
	struct buf b = {0};
	const char *out;

	put_quoted(&b, s->words.v[i], strlen(s->words.v[i]));
	buf_putc(&b, '*');
	out = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return out;
}

/* Folded text has single spaces, none at its ends. */
static void
words_split(struct search *s, struct arena *a, const char *folded)
{
	size_t n = 1, len;
	const char *p;

	for (p = folded; *p != '\0'; p++)
		n += *p == ' ';
	s->words.v = arena_calloc(a, n, sizeof(*s->words.v));
	for (p = folded; *p != '\0'; p += len + (p[len] == ' ')) {
		len = strcspn(p, " ");
		s->words.v[s->words.n++] = arena_strndup(a, p, len);
	}
}

int
search_parse(
    struct search *s, struct arena *a, const char *query, struct err *e)
{
	struct buf folded = {0};

	memset(s, 0, sizeof(*s));
	if (query != NULL && strlen(query) > SEARCH_QUERY_MAX_B)
		return err_set(e, ERR_INVALID,
		    "these are more than the %d bytes that can be searched for",
		    SEARCH_QUERY_MAX_B);
	text_fold(&folded, query != NULL ? query : "");
	words_split(s, a, buf_str(&folded));
	buf_free(&folded);
	if (s->words.n == 0)
		return err_set(
		    e, ERR_INVALID, "\"query\" must hold what to search for");
	s->match = match_of(s, a);
	return 0;
}

bool
search_fits(const struct search *s, const char *folded)
{
	for (size_t i = 0; i < s->words.n; i++)
		if (strstr(folded, s->words.v[i]) == NULL)
			return false;
	return true;
}

/* the places */

/* A folded text, and for each of its bytes the piece of the original (from,
 * to) that it came from. */
struct map {
	const char *text;
	struct buf whole;  /* folded in one go: what was searched */
	struct buf pieces; /* folded piece by piece */
	size_t *from, *to;
	bool space; /* one is due before the next */
};

static void
map_add(struct map *m, const char *p, size_t n, size_t from, size_t to)
{
	for (size_t i = 0; i < n && m->pieces.n < m->whole.n; i++) {
		m->from[m->pieces.n] = from;
		m->to[m->pieces.n] = to;
		buf_putc(&m->pieces, p[i]);
	}
}

/* Nothing is left of a piece that is invisible, or of white space: between
 * letters that leaves one. */
static bool
is_space(struct buf *piece)
{
	struct buf b = {0}, folded = {0};
	bool space;

	buf_printf(&b, "x%sx", buf_str(piece));
	text_fold(&folded, buf_str(&b));
	space = strcmp(buf_str(&folded), "x x") == 0;
	buf_free(&b);
	buf_free(&folded);
	return space;
}

static void
map_piece(struct map *m, const char *p, const char *next)
{
	size_t from = (size_t)(p - m->text), to = (size_t)(next - m->text);
	struct buf piece = {0}, folded = {0};

	buf_add(&piece, p, (size_t)(next - p));
	text_fold(&folded, buf_str(&piece));
	if (folded.n == 0) {
		m->space |= m->pieces.n > 0 && is_space(&piece);
	} else {
		if (m->space)
			map_add(m, " ", 1, from, from);
		m->space = false;
		map_add(m, folded.p, folded.n, from, to);
	}
	buf_free(&piece);
	buf_free(&folded);
}

/* Voiced marks that are clusters of their own, yet become part of the kana. */
static bool
is_joined(const char *p)
{
	return strncmp(p, "\u309b", 3) == 0 || strncmp(p, "\u309c", 3) == 0 ||
	    strncmp(p, "\uff9e", 3) == 0 || strncmp(p, "\uff9f", 3) == 0;
}

static const char *
piece_end(const char *p, const char *end)
{
	struct text_cluster c;

	do
		p = text_next(p, end, &c);
	while (p < end && is_joined(p));
	return p;
}

/* Where folding in pieces gives another text than folding in one, the pieces
 * are not known: all of it is one. */
static void
map_make(struct map *m, const char *text)
{
	const char *end = text + strlen(text), *next;

	m->text = text;
	text_fold(&m->whole, text);
	m->from = x_calloc(m->whole.n + 1, sizeof(*m->from));
	m->to = x_calloc(m->whole.n + 1, sizeof(*m->to));
	for (const char *p = text; p < end; p = next) {
		next = piece_end(p, end);
		map_piece(m, p, next);
	}
	if (strcmp(buf_str(&m->whole), buf_str(&m->pieces)) == 0)
		return;
	for (size_t i = 0; i < m->whole.n; i++) {
		m->from[i] = 0;
		m->to[i] = (size_t)(end - text);
	}
}

static void
map_free(struct map *m)
{
	buf_free(&m->whole);
	buf_free(&m->pieces);
	x_free(m->from);
	x_free(m->to);
}

/* Every place of a word, in marked: one char a byte of the text. */
static void
mark_word(const struct map *m, const char *word, char *marked)
{
	const char *folded = buf_str(&m->whole), *p;
	size_t n = strlen(word), at, from, to;

	for (p = strstr(folded, word); p != NULL; p = strstr(p + n, word)) {
		at = (size_t)(p - folded);
		from = m->from[at];
		to = m->to[at + n - 1];
		memset(marked + from, 1, to - from);
	}
}

void
search_marks(const struct search *s, struct buf *out, const char *text)
{
	size_t len = strlen(text), i, from;
	char *marked = x_calloc(len + 1, 1);
	struct map m = {0};
	const char *glue = "";

	map_make(&m, text);
	for (i = 0; i < s->words.n; i++)
		mark_word(&m, s->words.v[i], marked);
	buf_putc(out, '[');
	for (i = 0; i < len; i++) {
		if (!marked[i])
			continue;
		for (from = i; marked[i]; i++)
			;
		buf_printf(out, "%s[%zu,%zu]", glue, from, i - from);
		glue = ",";
	}
	buf_putc(out, ']');
	map_free(&m);
	x_free(marked);
}
