/*
 * The variables of a canned reply: {{contact.name}} and its like. One table;
 * an unknown or empty one is refused, so that no customer ever reads braces
 * or a gap. Called by the command line and by the reply line.
 */
#include <stdio.h>
#include <string.h>

#include <mado/buf.h>
#include <mado/mem.h>
#include <mado/model.h>

#include "canned.h"
#include "i18n.h"

enum { NUMBER_B = 24, NAME_MAX_B = 160 };

struct source {
	const struct conv *conv;
	const char *agent;
	char number[NUMBER_B];
};

static const char *
contact_name(const struct source *s)
{
	return s->conv->contact == NULL ? NULL : s->conv->contact->name;
}

static const char *
agent_name(const struct source *s)
{
	return s->agent;
}

static const char *
conversation_number(const struct source *s)
{
	return s->number;
}

static const struct {
	const char *name;
	const char *(*value)(const struct source *s);
} variables[] = {
    {"contact.name", contact_name},
    {"agent.name", agent_name},
    {"conversation.number", conversation_number},
};

enum { VARIABLES = sizeof(variables) / sizeof(variables[0]) };

/* "card.NAME.LABEL": what a card of the desk says. */
static const char *
card_value(const cJSON *cards, const char *name)
{
	const char *dot = strchr(name, '.'), *label;
	const cJSON *card, *row;

	if (dot == NULL)
		return NULL;
	cJSON_ArrayForEach(card, json_arr(cards, "cards"))
	{
		label = json_str(card, "name", "");
		if (strlen(label) != (size_t)(dot - name) ||
		    strncmp(label, name, (size_t)(dot - name)) != 0)
			continue;
		cJSON_ArrayForEach(row, json_arr(card, "rows"))
		{
			label =
			    cJSON_GetStringValue(cJSON_GetArrayItem(row, 0));
			if (label != NULL && strcmp(label, dot + 1) == 0)
				return cJSON_GetStringValue(
				    cJSON_GetArrayItem(row, 1));
		}
	}
	return NULL;
}

/* A value that is there; "" and NULL are none. */
static int
put_value(struct buf *b, const char *name, const char *value, struct err *e)
{
	if (value == NULL || *value == '\0')
		return err_set(e, ERR_INVALID,
		    _("{{%s}} is empty for this conversation"), name);
	buf_puts(b, value);
	return 0;
}

/* Append the value of the variable named by n bytes at s. */
static int
add_value(struct buf *b, const char *s, size_t n, const struct source *src,
    struct err *e)
{
	char name[NAME_MAX_B];

	snprintf(name, sizeof(name), "%.*s", (int)n, s);
	for (size_t i = 0; i < VARIABLES; i++) {
		if (strcmp(variables[i].name, name) != 0)
			continue;
		return put_value(b, name, variables[i].value(src), e);
	}
	if (strncmp(name, "card.", 5) == 0)
		return put_value(
		    b, name, card_value(src->conv->cards, name + 5), e);
	return err_set(e, ERR_INVALID,
	    _("unknown variable {{%s}}; there are contact.name, agent.name, "
	      "conversation.number and card.CARD.LABEL"),
	    name);
}

static const char *
skip_blanks(const char *s)
{
	return s + strspn(s, " \t");
}

/* s is at "{{": append its value, give what follows "}}". */
static const char *
variable(struct buf *b, const char *s, const struct source *src, struct err *e)
{
	const char *name = skip_blanks(s + 2), *end = strstr(s, "}}");
	size_t n;

	if (end == NULL) {
		err_set(e, ERR_INVALID, _("{{ without }} in a canned reply"));
		return NULL;
	}
	n = strcspn(name, " \t}");
	if (skip_blanks(name + n) != end)
		n = (size_t)(end - name);
	return add_value(b, name, n, src, e) == 0 ? end + 2 : NULL;
}

static void
source_of(struct source *src, const struct conv *c, const char *agent)
{
	*src = (struct source){.conv = c, .agent = agent};
	snprintf(
	    src->number, sizeof(src->number), "%lld", (long long)c->number);
}

char *
canned_fill(
    const char *text, const struct conv *c, const char *agent, struct err *e)
{
	struct source src;
	struct buf b = {0};
	const char *s = text, *open;

	source_of(&src, c, agent);
	while (s != NULL && (open = strstr(s, "{{")) != NULL) {
		buf_add(&b, s, (size_t)(open - s));
		s = variable(&b, open, &src, e);
	}
	if (s == NULL) {
		buf_free(&b);
		return NULL;
	}
	buf_puts(&b, s);
	return buf_take(&b);
}

char *
canned_preview(const char *text, const struct conv *c, const char *agent)
{
	struct source src;
	struct buf b = {0};
	struct err ignored;
	const char *s = text, *open, *after;

	source_of(&src, c, agent);
	while ((open = strstr(s, "{{")) != NULL) {
		buf_add(&b, s, (size_t)(open - s));
		after = variable(&b, open, &src, &ignored);
		s = after != NULL ? after : open + 2;
		if (after == NULL)
			buf_puts(&b, "{{");
	}
	buf_puts(&b, s);
	return buf_take(&b);
}
