/*
 * rules.conf read and checked, whole or not at all. Owns the file's form: one
 * row per key, so that it grows by rows. Must not decide anything: that is
 * rules.c. Called at start and on SIGHUP.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <mado/manual.h>
#include <mado/text.h>

#include "bubble.h"
#include "rules_form.h"

enum { PER_HOUR_LIMIT = 1000 };

/* A file being read. */
struct reader {
	struct rules *r;
	const struct conf *c;
	const struct conf_item *it; /* the line under way */
	struct rule *rule;          /* the section under way, or NULL */
};

static const char *
trim(struct arena *a, const char *s, size_t n)
{
	while (n > 0 && strchr(" \t\n", s[n - 1]) != NULL)
		n--;
	while (n > 0 && strchr(" \t\n", *s) != NULL) {
		s++;
		n--;
	}
	return arena_strndup(a, s, n);
}

/* Add "a | b | c" to a list; an empty one among them is refused. */
static int
read_list(struct reader *rd, struct strs *list, struct err *e)
{
	const char *s = rd->it->value, *bar, **v;
	size_t more = 1;

	for (bar = s; (bar = strchr(bar, '|')) != NULL; bar++)
		more++;
	v = arena_calloc(rd->r->a, list->n + more, sizeof(*v));
	if (list->n > 0)
		memcpy(v, list->v, list->n * sizeof(*v));
	list->v = v;
	for (; more > 0; more--, s = bar + 1) {
		bar = s + strcspn(s, "|");
		v[list->n] = trim(rd->r->a, s, (size_t)(bar - s));
		if (v[list->n++][0] == '\0')
			return conf_error(rd->c, rd->it, e,
			    "an empty word in \"%s\"; words are separated by |",
			    rd->it->key);
	}
	return 0;
}

static int
read_keywords(struct reader *rd, struct strs *list, struct err *e)
{
	size_t i = list->n;

	if (read_list(rd, list, e) != 0)
		return -1;
	for (; i < list->n; i++) {
		const char *word = list->v[i];

		list->v[i] = rules_fold(rd->r->a, word);
		if (list->v[i][0] == '\0')
			return conf_error(rd->c, rd->it, e,
			    "\"%s\" is empty once folded", word);
	}
	return 0;
}

static int
read_exact(struct reader *rd, struct err *e)
{
	return read_keywords(rd, &rd->rule->exact, e);
}

static int
read_contains(struct reader *rd, struct err *e)
{
	return read_keywords(rd, &rd->rule->contains, e);
}

static int
check_vars(const struct reader *rd, struct err *e)
{
	const char *v = rd->it->value, *name;
	size_t n;

	for (; (name = rules_var_next(v, &n)) != NULL; v = name + n + 2) {
		if (rules_var_find(name, n) != NULL)
			continue;
		return conf_error(rd->c, rd->it, e,
		    "unknown variable {{%s}}; known are {{contact.name}} and "
		    "{{conversation.number}}",
		    arena_strndup(rd->r->a, name, n));
	}
	return 0;
}

/* A text that is sent: of LINE's length, and not empty for anybody. */
static int
read_text(struct reader *rd, const char **text, struct err *e)
{
	static const struct rules_input nobody;
	const char *v = rd->it->value;
	size_t units = text_utf16_len(v);

	if (*text != NULL)
		return conf_error(rd->c, rd->it, e,
		    "\"%s\" is given twice; a line break in a text is \\n "
		    "between quotes",
		    rd->it->key);
	if (units > MSG_TEXT_MAX_U16)
		return conf_error(rd->c, rd->it, e,
		    "\"%s\" has %zu UTF-16 units, LINE takes %d", rd->it->key,
		    units, MSG_TEXT_MAX_U16);
	if (check_vars(rd, e) != 0)
		return -1;
	*text = arena_strdup(rd->r->a, v);
	v = rules_expand(v, &nobody, rd->r->a);
	if (trim(rd->r->a, v, strlen(v))[0] == '\0')
		return conf_error(rd->c, rd->it, e,
		    "\"%s\" is empty, or is for a customer without a name",
		    rd->it->key);
	return 0;
}

static int
read_answer(struct reader *rd, struct err *e)
{
	return read_text(rd, &rd->rule->answer, e);
}

static int
read_no_match(struct reader *rd, struct err *e)
{
	return read_text(rd, &rd->r->bot.no_match, e);
}

static int
read_offer(struct reader *rd, struct err *e)
{
	return read_text(rd, &rd->r->bot.offer, e);
}

static int
read_person(struct reader *rd, struct err *e)
{
	size_t n = text_graphemes(rd->it->value);

	if (n == 0 || n > LABEL_MAX_GRAPHEMES)
		return conf_error(rd->c, rd->it, e,
		    "a label has 1 to %d characters, this one %zu",
		    LABEL_MAX_GRAPHEMES, n);
	rd->r->bot.person = arena_strdup(rd->r->a, rd->it->value);
	return 0;
}

static int
read_max_per_hour(struct reader *rd, struct err *e)
{
	const char *s = rd->it->value;
	char *end;
	long n = strtol(s, &end, 10);

	if (end == s || *end != '\0' || n < 1 || n > PER_HOUR_LIMIT)
		return conf_error(rd->c, rd->it, e,
		    "\"max_per_hour\" is a number from 1 to %d",
		    PER_HOUR_LIMIT);
	rd->r->bot.max_per_hour = n;
	return 0;
}

static int
read_quick(struct reader *rd, struct err *e)
{
	struct strs *q = &rd->rule->quick;

	if (read_list(rd, q, e) != 0)
		return -1;
	if (q->n > QUICK_REPLIES_MAX)
		return conf_error(rd->c, rd->it, e,
		    "%zu quick replies, LINE takes %d", q->n,
		    QUICK_REPLIES_MAX);
	for (size_t i = 0; i < q->n; i++) {
		size_t n = text_graphemes(q->v[i]);

		if (n > LABEL_MAX_GRAPHEMES)
			return conf_error(rd->c, rd->it, e,
			    "the label \"%s\" has %zu characters, LINE takes "
			    "%d",
			    q->v[i], n, LABEL_MAX_GRAPHEMES);
	}
	return 0;
}

/* yes: the customer asked for a person; no: never; else the reason itself. */
static int
read_handoff(struct reader *rd, struct err *e)
{
	static const struct {
		const char *word, *reason;
	} words[] = {{"yes", "asked for a person"}, {"no", NULL}};
	const char *reason =
	    trim(rd->r->a, rd->it->value, strlen(rd->it->value));

	if (rd->rule->handoff != NULL)
		return conf_error(
		    rd->c, rd->it, e, "\"handoff\" is given twice");
	if (reason[0] == '\0')
		return conf_error(rd->c, rd->it, e,
		    "\"handoff\" is empty; it is yes, no or a reason");
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(reason, words[i].word) == 0) {
			rd->rule->handoff = words[i].reason;
			return 0;
		}
	rd->rule->handoff = reason;
	return 0;
}

static const struct key {
	const char *section;
	const char *name;
	const char *takes;
	int (*read)(struct reader *rd, struct err *e);
	const char *help;
} keys[] = {
    {"bot", "no_match", "TEXT", read_no_match,
	"said before a message that no rule and no FAQ knows is handed over"},
    {"bot", "offer", "TEXT", read_offer,
	"said above the FAQs to choose from; unless given in the customer's "
	"language"},
    {"bot", "person", "LABEL", read_person,
	"the button beside them that asks for a person"},
    {"bot", "max_per_hour", "NUMBER", read_max_per_hour,
	"so many automatic messages in a conversation and hour, then people; "
	"30 unless given"},
    {"rule", "exact", "WORDS", read_exact,
	"the customer's whole message is one of these"},
    {"rule", "contains", "WORDS", read_contains,
	"one of these is somewhere in the message"},
    {"rule", "answer", "TEXT", read_answer,
	"what the bot says; the conversation stays with the bot"},
    {"rule", "quick", "WORDS", read_quick,
	"buttons under the answer; tapping one sends its words"},
    {"rule", "handoff", "yes|no|REASON", read_handoff,
	"hand over to people; an answer beside it is said first"},
};

void
rules_rows(void)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		manual_row(keys[i].section, keys[i].name, keys[i].takes, "",
		    keys[i].help, NULL);
}

/* As ERR_INVALID, with the keys that the section has. */
static int
refuse_key(const struct reader *rd, struct err *e)
{
	struct buf b = {0};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (strcmp(keys[i].section, rd->it->section) != 0)
			continue;
		buf_puts(&b, b.n > 0 ? ", " : "");
		buf_puts(&b, keys[i].name);
	}
	conf_error(rd->c, rd->it, e, "unknown key \"%s\" in [%s]; known: %s",
	    rd->it->key, rd->it->section, buf_str(&b));
	buf_free(&b);
	return -1;
}

static int
read_key(struct reader *rd, struct err *e)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(keys[i].section, rd->it->section) == 0 &&
		    strcmp(keys[i].name, rd->it->key) == 0)
			return keys[i].read(rd, e);
	return refuse_key(rd, e);
}

static int
open_rule(struct reader *rd, struct err *e)
{
	struct rules *r = rd->r;

	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->v[i].name, rd->it->label) == 0)
			return conf_error(rd->c, rd->it, e,
			    "a second [rule %s]; the first is in line %d",
			    rd->it->label, r->v[i].at->line);
	rd->rule = &r->v[r->n++];
	rd->rule->at = rd->it;
	rd->rule->name = arena_strdup(r->a, rd->it->label);
	return 0;
}

static int
open_section(struct reader *rd, struct err *e)
{
	bool named = rd->it->label[0] != '\0';

	rd->rule = NULL;
	if (strcmp(rd->it->section, "rule") == 0 && named)
		return open_rule(rd, e);
	if (strcmp(rd->it->section, "bot") == 0 && !named)
		return 0;
	return conf_error(rd->c, rd->it, e,
	    "unknown section [%s%s%s]; known are [bot] and [rule NAME]",
	    rd->it->section, named ? " " : "", rd->it->label);
}

static int
check_rule(const struct reader *rd, const struct rule *u, struct err *e)
{
	const char *what = NULL;

	if (u->exact.n + u->contains.n == 0)
		what = "has no keywords: give exact or contains";
	else if (u->answer == NULL && u->handoff == NULL)
		what = "does nothing: give answer, handoff or both";
	else if (u->answer == NULL && u->quick.n > 0)
		what = "has quick replies but no answer that shows them";
	if (what == NULL)
		return 0;
	return conf_error(rd->c, u->at, e, "[rule %s] %s", u->name, what);
}

static int
read_items(struct reader *rd, struct err *e)
{
	for (size_t i = 0; i < rd->c->n; i++) {
		int rc;

		rd->it = &rd->c->items[i];
		rc =
		    rd->it->key == NULL ? open_section(rd, e) : read_key(rd, e);
		if (rc != 0)
			return -1;
	}
	for (size_t i = 0; i < rd->r->n; i++)
		if (check_rule(rd, &rd->r->v[i], e) != 0)
			return -1;
	return 0;
}

struct rules *
rules_read(const char *path, struct err *e)
{
	struct conf *c = conf_read(path, e);
	struct reader rd = {.c = c};

	if (c == NULL)
		return NULL;
	rd.r = x_new(struct rules);
	rd.r->a = arena_new();
	rd.r->bot.max_per_hour = BOT_MAX_PER_HOUR;
	rd.r->v = arena_calloc(rd.r->a, c->n + 1, sizeof(*rd.r->v));
	if (read_items(&rd, e) != 0) {
		rules_free(rd.r);
		rd.r = NULL;
	}
	conf_free(c);
	return rd.r;
}
