/*
 * Completion of what is typed to customers and colleagues. The sign that
 * begins a word may follow Japanese without a blank, but no letter or digit:
 * "and/or" and "12:30" are no words of ours.
 */
#include "complete.h"

#include <mado/json.h>
#include <mado/text.h>

#include <ctype.h>
#include <string.h>

#include "canned.h"
#include "emoji.h"
#include "fuzzy.h"

void
complete_add(struct completion *c, const char *name, const char *detail,
    const char *text)
{
	if (c->n == COMPLETE_MAX)
		return;
	c->v[c->n++] = (struct candidate){arena_strdup(c->a, name),
	    detail == NULL ? "" : arena_strdup(c->a, detail),
	    arena_strdup(c->a, text)};
}

void
complete_offer(struct completion *c, const char *name, const char *detail,
    const char *text)
{
	if (strncmp(name, c->word, strlen(c->word)) == 0)
		complete_add(c, name, detail, text == NULL ? name : text);
}

bool
complete_has(const struct completion *c, const char *name)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->v[i].name, name) == 0)
			return true;
	return false;
}

size_t
complete_common(const struct completion *c)
{
	size_t n = c->n == 0 ? 0 : strlen(c->v[0].name);

	for (size_t i = 1; i < c->n; i++) {
		size_t k = 0;

		while (k < n && c->v[i].name[k] == c->v[0].name[k])
			k++;
		n = k;
	}
	while (n > 0 && ((unsigned char)c->v[0].name[n] & 0xc0) == 0x80)
		n--;
	return n;
}

static void
offer_canned(struct completion *c, struct store *s)
{
	struct canned *rows;
	size_t n = canned_list(s, c->a, &rows);
	struct buf words = {0};

	c->canned = true;
	for (size_t i = 0; i < n; i++)
		if (canned_begins(&rows[i], c->word, c->a))
			complete_add(c, rows[i].name, rows[i].text, NULL);
	if (c->n > 0)
		return;
	c->fuzzy = true;
	text_fold(&words, c->word);
	for (size_t i = 0; i < n; i++)
		if (fuzzy_score(
			canned_folded(&rows[i], c->a), buf_str(&words)) >= 0)
			complete_add(c, rows[i].name, rows[i].text, NULL);
	buf_free(&words);
}

static void
offer_agents(struct completion *c, struct store *s)
{
	char *json = store_get(s, "agents", c->a);
	cJSON *o = json == NULL ? NULL : json_parse(json, strlen(json), NULL);
	const cJSON *it;

	cJSON_ArrayForEach(it, json_arr(o, "agents"))
	{
		const char *name =
		    arena_sprintf(c->a, "@%s", json_str(it, "name", ""));

		complete_offer(c, name, json_str(it, "display", ""), NULL);
	}
	cJSON_Delete(o);
}

static bool
may_begin(const char *text, const char *p)
{
	unsigned char before = p == text ? ' ' : (unsigned char)p[-1];

	return !isalnum(before) && strchr("/:@", before) == NULL;
}

/* The sign that begins the word before the caret; NULL: there is none. */
static const char *
sign_before(const char *text, size_t caret)
{
	for (const char *p = text + caret; p > text; p--) {
		if (strchr(" \t\n", p[-1]) != NULL)
			return NULL;
		if (strchr("/:@", p[-1]) != NULL && may_begin(text, p - 1))
			return p - 1;
	}
	return NULL;
}

void
complete_text(struct completion *c, struct store *s, bool note,
    const char *text, size_t caret)
{
	const char *sign = sign_before(text, caret);

	if (sign == NULL)
		return;
	c->at = (size_t)(sign - text);
	c->len = caret - c->at;
	c->word = arena_strndup(c->a, sign, c->len);
	if (*sign == '/' && !note) {
		c->word++;
		offer_canned(c, s);
	} else if (*sign == ':' && c->len > 1) {
		emoji_offer(c);
	} else if (*sign == '@' && note) {
		offer_agents(c, s);
	}
}
