/*
 * Completion of a filter: the names of its fields, and what each may be. Fields
 * and fixed values are filter.h's tables; tags, colleagues and channels are
 * what the desk last told, and what stands in the list. Called by line_done.c.
 */
#include "complete_filter.h"

#include <mado/filter.h>
#include <mado/json.h>
#include <mado/text.h>

#include <string.h>

#include "i18n.h"
#include "tags.h"

/* Once; in quotes where the filter would end at a blank or a comma. */
static void
offer(struct completion *c, const char *value, const char *detail)
{
	const char *text = value;

	if (value == NULL || *value == '\0' || complete_has(c, value))
		return;
	if (strpbrk(value, " ,") != NULL)
		text = arena_sprintf(c->a, "\"%s\"", value);
	complete_offer(c, value, detail, text);
}

/* fields */

static void
offer_field(
    struct completion *c, const char *name, const struct filter_field *f)
{
	const char *op = f->flag ? "" : f->kind == FILTER_SPAN ? ">" : ":";

	complete_offer(c, name,
	    arena_sprintf(c->a, "%s  (%s)", _(f->help), f->takes),
	    arena_sprintf(c->a, "%s%s", name, op));
}

static void
offer_fields(struct completion *c)
{
	const struct filter_field *f;

	for (f = filter_fields; f->name != NULL; f++)
		offer_field(c, f->name, f);
	for (f = filter_fields; *c->word != '\0' && f->name != NULL; f++)
		offer_field(c, f->also, f);
}

/* values */

static void
offer_tags(struct ui *u, struct completion *c)
{
	const char **known;
	size_t n = tags_known(u->store, c->a, &known);

	for (size_t i = 0; i < n; i++)
		offer(c, known[i], "");
	for (size_t i = 0; i < u->rows.n; i++) {
		const struct conv *v = u->rows.v[i].c;

		for (size_t k = 0; v != NULL && k < v->tags.n; k++)
			offer(c, v->tags.v[k], "");
	}
}

static void
offer_agents(struct ui *u, struct completion *c)
{
	char *json = store_get(u->store, "agents", c->a);
	cJSON *o = json == NULL ? NULL : json_parse(json, strlen(json), NULL);
	const cJSON *it;

	offer(c, "me", u->me);
	cJSON_ArrayForEach(it, json_arr(o, "agents"))
	    offer(c, json_str(it, "name", ""), json_str(it, "display", ""));
	cJSON_Delete(o);
}

/* What the rows of the list have there: channels, languages, kinds. */
static void
offer_seen(struct ui *u, struct completion *c, const struct filter_field *f)
{
	for (size_t i = 0; i < u->rows.n && f->str != NULL; i++)
		if (u->rows.v[i].c != NULL)
			offer(c, f->str(u->rows.v[i].c), "");
}

/* "none", "1-5" and the like of its usage, but for what stands for a name. */
static void
offer_usage(struct completion *c, const struct filter_field *f)
{
	const char *s = f->takes;
	size_t n;

	for (; *s != '\0'; s += n + (s[n] == '|')) {
		n = strcspn(s, "|");
		if (*s >= 'a' && *s <= 'z')
			offer(c, arena_strndup(c->a, s, n), "");
	}
}

static void
offer_some(struct completion *c, const struct filter_field *f)
{
	static const char *const spans[] = {
	    "5m", "15m", "30m", "1h", "4h", "1d", "7d", NULL};
	static const char *const scores[] = {"1", "2", "3", "4", "5", NULL};
	static const char *const none[] = {NULL};
	const char *const *v = f->kind == FILTER_SPAN ? spans
	    : strcmp(f->name, "csat") == 0            ? scores
						      : none;

	for (; *v != NULL; v++)
		offer(c, *v, "");
}

static void
offer_values(struct ui *u, struct completion *c, const struct filter_field *f)
{
	for (size_t i = 0; f->names != NULL && f->names[i] != NULL; i++)
		offer(c, f->names[i], f->names_also[i]);
	for (size_t i = 0;
	     f->names != NULL && *c->word != '\0' && f->names_also[i] != NULL;
	     i++)
		offer(c, f->names_also[i], f->names[i]);
	if (f->kind == FILTER_TAGS)
		offer_tags(u, c);
	else if (strcmp(f->name, "assignee") == 0)
		offer_agents(u, c);
	else if (f->kind == FILTER_STR)
		offer_seen(u, c, f);
	offer_some(c, f);
	offer_usage(c, f);
}

/* the term */

static const struct filter_field *
field_named(const char *name, size_t n)
{
	const struct filter_field *f;

	for (f = filter_fields; f->name != NULL; f++)
		if ((strlen(f->name) == n && strncmp(f->name, name, n) == 0) ||
		    (strlen(f->also) == n && strncmp(f->also, name, n) == 0))
			return f;
	return NULL;
}

/* Where the last term begins: after a blank that no quote holds. */
static const char *
term_begin(const char *s)
{
	const char *at = s;
	bool quoted = false;

	for (; *s != '\0'; s++) {
		if (*s == '"')
			quoted = !quoted;
		if (*s == ' ' && !quoted)
			at = s + 1;
	}
	return *at == '-' ? at + 1 : at;
}

static bool
is_begin(char byte)
{
	return ((unsigned char)byte & 0xc0) != 0x80;
}

/* The word is `at`, of the line made narrow: character for character, but not
 * byte for byte. */
static void
word_is(struct completion *c, const char *line, size_t caret, const char *at)
{
	size_t letters = 0, from = caret;

	for (const char *s = at; *s != '\0'; s++)
		letters += is_begin(*s);
	while (letters > 0 && from > 0)
		letters -= is_begin(line[--from]);
	c->at = from;
	c->len = caret - from;
	c->word = at + (*at == '"');
}

void
complete_filter(
    struct ui *u, struct completion *c, const char *text, size_t caret)
{
	char *begun = x_strndup(text, caret), *narrow = text_narrow(begun);
	const char *s = arena_strdup(c->a, narrow), *term = term_begin(s);
	size_t n = strcspn(term, ":=<>\"");
	const struct filter_field *f = field_named(term, n);
	const char *value = term + n + strspn(term + n, ":=<>");

	x_free(begun);
	x_free(narrow);
	if (value == term + n) {
		word_is(c, text, caret, term);
		if (strchr(term, '"') == NULL)
			offer_fields(c);
	} else if (f != NULL) {
		if (strrchr(value, ',') != NULL)
			value = strrchr(value, ',') + 1;
		word_is(c, text, caret, value);
		offer_values(u, c, f);
	}
}
