/*
 * Completion in the line: /canned, :emoji:, @agent in notes, and the words of
 * the ":" line. One candidate is taken, several are shown on the bottom line.
 */
#include "ui.h"

#include <mado/mem.h>
#include <mado/text.h>

#include <string.h>

#include "i18n.h"

enum { FOUND_MAX = 200 };

struct found {
	struct arena *a;
	const char *v[FOUND_MAX];
	size_t n;
	const char *word; /* what is being completed */
	size_t word_n;
};

static void
offer(struct found *f, const char *name)
{
	if (f->n < FOUND_MAX && strncmp(name, f->word, f->word_n) == 0)
		f->v[f->n++] = arena_strdup(f->a, name);
}

/* Members of a list that sync keeps: "canned", "agents". */
static void
offer_stored(struct ui *u, struct found *f, const char *list)
{
	char *json = store_get(u->store, list, f->a);
	cJSON *o = json == NULL ? NULL : json_parse(json, strlen(json), NULL);
	const cJSON *it;

	cJSON_ArrayForEach(it, json_arr(o, list))
	    offer(f, json_str(it, "name", ""));
	cJSON_Delete(o);
}

static const struct {
	const char *name, *text;
} emoji[] = {
    {":bow:", "🙇"},
    {":pray:", "🙏"},
    {":smile:", "😊"},
    {":grin:", "😄"},
    {":sweat:", "😅"},
    {":cry:", "😭"},
    {":sad:", "😢"},
    {":wink:", "😉"},
    {":heart:", "💖"},
    {":ok:", "👌"},
    {":thumbsup:", "👍"},
    {":clap:", "👏"},
    {":party:", "🎉"},
    {":gift:", "🎁"},
    {":truck:", "🚚"},
    {":box:", "📦"},
    {":phone:", "📞"},
    {":mail:", "📧"},
    {":calendar:", "📅"},
    {":clock:", "🕒"},
    {":shop:", "🏪"},
    {":star:", "🌟"},
    {":memo:", "📝"},
    {":light:", "💡"},
    {":flower:", "🌸"},
};

static void
offer_emoji(struct found *f)
{
	for (size_t i = 0; i < sizeof(emoji) / sizeof(emoji[0]); i++)
		offer(f, emoji[i].name);
}

static void
offer_commands(struct found *f)
{
	for (const struct cmd *c = cmds; c->name != NULL; c++) {
		if ((c->flags & CMD_UI) && c->ui != NULL)
			offer(f, c->name);
	}
}

/* Tags seen in the list, with the sign as typed. */
static void
offer_tags(struct ui *u, struct found *f)
{
	char sign = f->word_n > 0 ? f->word[0] : '+';

	if (sign != '-')
		sign = '+';
	for (size_t i = 0; i < u->rows.n; i++) {
		const struct conv *c = u->rows.v[i].c;

		for (size_t k = 0; c != NULL && k < c->tags.n; k++) {
			const char *t =
			    arena_sprintf(f->a, "%c%s", sign, c->tags.v[k]);
			size_t j = 0;

			while (j < f->n && strcmp(f->v[j], t) != 0)
				j++;
			if (j == f->n)
				offer(f, t);
		}
	}
}

static void
offer_args(struct ui *u, struct found *f, const char *line)
{
	if (strncmp(line, "assign ", 7) == 0)
		offer_stored(u, f, "agents");
	else if (strncmp(line, "canned ", 7) == 0)
		offer_stored(u, f, "canned");
	else if (strncmp(line, "tag ", 4) == 0)
		offer_tags(u, f);
	else if (strncmp(line, "view ", 5) == 0)
		for (int v = 0; v < VIEW_N; v++)
			offer(f, view_names[v]);
}

/* Bytes that all candidates share. */
static size_t
common(const struct found *f)
{
	size_t n = strlen(f->v[0]);

	for (size_t i = 1; i < f->n; i++) {
		size_t k = 0;

		while (k < n && f->v[i][k] == f->v[0][k])
			k++;
		n = k;
	}
	while (n > 0 && (f->v[0][n] & 0xc0) == 0x80)
		n--; /* not inside a character */
	return n;
}

static void
show(struct ui *u, const struct found *f)
{
	struct buf b = {0};

	for (size_t i = 0; i < f->n; i++)
		buf_printf(&b, "%s%s", i > 0 ? "  " : "", f->v[i]);
	ui_say(u, "%s", buf_str(&b));
	buf_free(&b);
}

/* Put text in place of the word before the caret. */
static void
replace(struct ui *u, const struct found *f, const char *text, size_t n)
{
	size_t at = (size_t)(f->word - line_text());
	struct buf b = {0};

	buf_add(&b, line_text(), at);
	buf_add(&b, text, n);
	at = b.n;
	buf_puts(&b, f->word + f->word_n);
	line_set(u, buf_str(&b), at);
	buf_free(&b);
}

static void
take(struct ui *u, struct found *f)
{
	const char *one = f->v[0];
	char *command;

	for (size_t i = 0; i < sizeof(emoji) / sizeof(emoji[0]); i++) {
		if (strcmp(emoji[i].name, one) == 0)
			one = emoji[i].text;
	}
	if (f->word > line_text() && f->word[-1] == '/' &&
	    u->line == LINE_REPLY) {
		command = x_sprintf("canned '%s'", one);
		f->word--;
		f->word_n++;
		replace(u, f, "", 0);
		ui_run(u, command);
		x_free(command);
		return;
	}
	replace(u, f, one, strlen(one));
}

/* Find the word before the caret and what may complete it. */
static void
look(struct ui *u, struct found *f)
{
	const char *text = line_text(), *end = text + line_caret(), *w = end;

	while (w > text && strchr(" \n\t", w[-1]) == NULL)
		w--;
	f->word = w;
	f->word_n = (size_t)(end - w);
	if (u->line == LINE_COMMAND) {
		if (w == text)
			offer_commands(f);
		else
			offer_args(u, f, text);
	} else if (u->line == LINE_REPLY && *w == '/' && w == text) {
		f->word++;
		f->word_n--;
		offer_stored(u, f, "canned");
	} else if (u->line == LINE_NOTE && *w == '@') {
		f->word++;
		f->word_n--;
		offer_stored(u, f, "agents");
	} else if (*w == ':' && f->word_n > 0) {
		offer_emoji(f);
	}
}

void
line_complete(struct ui *u)
{
	struct found f = {.a = arena_new()};
	size_t n;

	look(u, &f);
	if (f.n == 1) {
		take(u, &f);
	} else if (f.n > 1) {
		n = common(&f);
		show(u, &f);
		if (n > f.word_n)
			replace(u, &f, f.v[0], n);
	}
	arena_free(f.a);
}
