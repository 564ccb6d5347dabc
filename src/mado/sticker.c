/* Stickers by keyword: see sticker.h. Called by reply --sticker and :sticker.
 */
#include "sticker.h"

#include <mado/text.h>

#include <stdbool.h>
#include <string.h>

#include "i18n.h"

enum { FILE_MAX_B = 256 * 1024, DIGITS_MAX = 12 };

/* From LINE's list of what accounts may send: what a counter says. */
static const struct sticker ours[] = {
    {"8525/16581291", "ありがとう,感謝,thanks,thank you"},
    {"8525/16581298", "ごめんなさい,すみません,申し訳,sorry"},
    {"8525/16581290", "OK,オーケー,いいよ"},
    {"6362/11087929", "了解,りょうかい,承知,しょうち,roger"},
    {"8525/16581297", "確認します,かくにん,checking"},
    {"8525/16581295", "大丈夫,だいじょうぶ,問題ありません,no problem"},
    {"8525/16581305", "お願いします,おねがい,please"},
    {"8525/16581296", "よろしく,nice to meet you"},
    {"8525/16581300", "お疲れさま,おつかれ,good work"},
    {"11537/52002739", "お辞儀,おじぎ,bow"},
    {"789/10855", "こんにちは,hello"},
    {"8525/16581308", "おはよう,good morning"},
    {"8525/16581309", "おやすみ,good night"},
    {"8525/16581304", "なるほど,I see"},
    {"8525/16581299", "楽しみ,たのしみ,looking forward"},
    {"8525/16581303", "うれしい,嬉しい,happy"},
    {"8525/16581302", "すごい,great"},
    {"8525/16581313", "がんばって,頑張って,good luck"},
    {"11537/52002734", "おめでとう,お祝い,congratulations"},
    {"11537/52002752", "拍手,はくしゅ,clap"},
    {"8525/16581310", "泣,なき,cry"},
};

enum { OURS = sizeof(ours) / sizeof(ours[0]) };

static bool
is_id(const char *s)
{
	size_t n = strspn(s, "0123456789"), m;

	if (n == 0 || n > DIGITS_MAX || s[n] != '/')
		return false;
	m = strspn(s + n + 1, "0123456789");
	return m > 0 && m <= DIGITS_MAX && s[n + 1 + m] == '\0';
}

static int
read_line(char *line, struct sticker *row)
{
	char *tab = strchr(line, '\t');

	if (tab == NULL)
		return -1;
	*tab = '\0';
	*row = (struct sticker){line, tab + 1};
	return is_id(row->id) && *row->words != '\0' ? 0 : -1;
}

/* The file's bytes; "" without one or when it is not text. */
static char *
read_file(const char *path, struct arena *a, struct err *e)
{
	struct buf b = {0};
	struct err none;
	char *s = NULL;

	if (buf_read_file(&b, path, FILE_MAX_B, &none) == -1)
		buf_reset(&b);
	if (text_is_utf8(buf_str(&b), b.n))
		s = arena_strdup(a, buf_str(&b));
	else
		err_set(e, ERR_INVALID, _("%s is not UTF-8"), path);
	buf_free(&b);
	return s == NULL ? arena_strdup(a, "") : s;
}

static size_t
count_lines(const char *s)
{
	size_t n = 1;

	for (; *s != '\0'; s++)
		n += *s == '\n';
	return n;
}

/* The agent's own lines: PACKAGE/ID, a tab, words with commas between. */
static size_t
read_own(const char *path, struct arena *a, struct sticker **rows, size_t room,
    struct err *e)
{
	char *s = read_file(path, a, e), *next;
	size_t n = 0;

	*rows = arena_calloc(a, room + count_lines(s), sizeof(**rows));
	for (int line = 1; *s != '\0'; s = next, line++) {
		next = s + strcspn(s, "\n");
		if (*next != '\0')
			*next++ = '\0';
		s[strcspn(s, "\r")] = '\0';
		if (*s == '\0' || *s == '#')
			continue;
		if (read_line(s, &(*rows)[n]) == 0)
			n++;
		else if (e->code == ERR_NONE)
			err_set(e, ERR_INVALID,
			    _("%s:%d: a line is PACKAGE/ID, a tab and words"),
			    path, line);
	}
	return n;
}

size_t
sticker_list(const char *config_dir, struct arena *a, struct sticker **rows,
    struct err *e)
{
	const char *path = arena_sprintf(a, "%s/stickers.tsv", config_dir);
	struct err first = {0};
	size_t n = read_own(path, a, rows, OURS, &first);

	memcpy(*rows + n, ours, sizeof(ours));
	if (first.code != ERR_NONE)
		*e = first;
	return n + OURS;
}

static const char *
fold(const char *s, size_t n, struct arena *a)
{
	struct buf b = {0};
	const char *out;

	text_fold(&b, arena_strndup(a, s, n));
	out = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return out;
}

/* 2: a word of it is the same, 1: one begins so, 0: none. */
static int
fits(const struct sticker *s, const char *folded, struct arena *a)
{
	int best = 0;

	for (const char *w = s->words; *w != '\0';) {
		size_t n = strcspn(w, ",");
		const char *word = fold(w, n, a);

		if (strcmp(word, folded) == 0)
			return 2;
		if (strncmp(word, folded, strlen(folded)) == 0)
			best = 1;
		w += n + (w[n] == ',');
	}
	return best;
}

static const struct sticker *
by_id(const char *id, const struct sticker *rows, size_t n, struct arena *a)
{
	struct sticker *s;

	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].id, id) == 0)
			return &rows[i];
	s = arena_new_of(a, struct sticker);
	s->id = s->words = arena_strdup(a, id);
	return s;
}

const struct sticker *
sticker_find(
    const char *config_dir, const char *word, struct arena *a, struct err *e)
{
	const struct sticker *best = NULL;
	struct sticker *rows;
	struct err file = {0};
	size_t n = sticker_list(config_dir, a, &rows, &file);
	const char *folded = fold(word, strlen(word), a);
	int score = 0;

	if (is_id(word))
		return by_id(word, rows, n, a);
	for (size_t i = 0; *folded != '\0' && i < n; i++) {
		int fit = fits(&rows[i], folded, a);

		if (fit > score) {
			score = fit;
			best = &rows[i];
		}
	}
	if (best != NULL)
		return best;
	if (file.code != ERR_NONE)
		*e = file;
	else
		err_set(e, ERR_NOTFOUND,
		    _("No sticker is called %s; PACKAGE/ID names any."), word);
	return NULL;
}

const char *
sticker_word(const struct sticker *s, struct arena *a)
{
	return arena_strndup(a, s->words, strcspn(s->words, ","));
}

void
sticker_mark(struct buf *b, const struct sticker *s)
{
	buf_printf(b, "[[sticker:%s %.*s]]", s->id, (int)strcspn(s->words, ","),
	    s->words);
}
