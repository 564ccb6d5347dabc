/*
 * The words of a verb, as people type them, turned into the desk's JSON: one
 * table, read by the command line, the keys and the ":" line, so that they
 * cannot disagree. Knows nothing of conversations or screens.
 */
#include <stdbool.h>
#include <string.h>

#include <mado/buf.h>
#include <mado/mem.h>
#include <mado/model.h>
#include <mado/text.h>
#include <mado/when.h>

#include "cmd.h"
#include "i18n.h"

static int
no_words(cJSON *o, int argc, char **argv, struct err *e)
{
	(void)o;
	if (argc == 0)
		return 0;
	return err_set(
	    e, ERR_INVALID, _("nothing more is expected: %s"), argv[0]);
}

static bool
is_blank(const char *s)
{
	return s[strspn(s, " \t\r\n")] == '\0';
}

/* The words joined by spaces, so that quotes may be left out. */
static int
text_words(cJSON *o, int argc, char **argv, struct err *e)
{
	struct buf b = {0};
	int rc = 0;

	for (int i = 0; i < argc; i++) {
		buf_puts(&b, i > 0 ? " " : "");
		buf_puts(&b, argv[i]);
	}
	if (is_blank(buf_str(&b)))
		rc = err_set(e, ERR_INVALID, _("there is no text"));
	else if (!text_is_utf8(b.p, b.n))
		rc = err_set(e, ERR_INVALID, _("the text is not UTF-8"));
	else if (text_utf16_len(b.p) > MSG_TEXT_MAX_U16)
		rc = err_set(e, ERR_INVALID,
		    _("the text has %zu characters; LINE takes %d"),
		    text_utf16_len(b.p), MSG_TEXT_MAX_U16);
	else
		cJSON_AddStringToObject(o, "text", b.p);
	buf_free(&b);
	return rc;
}

static int
agent_word(cJSON *o, int argc, char **argv, struct err *e)
{
	if (argc != 1 || *argv[0] == '\0')
		return err_set(
		    e, ERR_INVALID, _("say one agent's name, or - for nobody"));
	if (strcmp(argv[0], "-") == 0)
		cJSON_AddNullToObject(o, "agent");
	else
		cJSON_AddStringToObject(o, "agent", argv[0]);
	return 0;
}

/* The name after + or -, also as an input method types them; a bare one is
 * added. */
static const char *
tag_name(const char *word, bool *add)
{
	static const struct {
		const char *sign;
		bool add;
	} signs[] = {
	    {"+", true}, {"-", false}, {"＋", true}, {"－", false}, {"", true}};
	size_t n;

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		n = strlen(signs[i].sign);
		if (strncmp(word, signs[i].sign, n) != 0)
			continue;
		*add = signs[i].add;
		return word + n;
	}
	return word;
}

static int
tag_word(cJSON *o, const char *word, struct err *e)
{
	bool add = false;
	const char *name = tag_name(word, &add);

	if (*name == '\0' || strcmp(name, "@") == 0)
		return err_set(e, ERR_INVALID,
		    _("say +TAG or -TAG (+@TAG for the contact's): %s"), word);
	if (strlen(name) > TAG_MAX_B)
		return err_set(
		    e, ERR_INVALID, _("a tag has at most %d bytes"), TAG_MAX_B);
	if (!text_is_utf8(name, strlen(name)))
		return err_set(e, ERR_INVALID, _("the tag is not UTF-8"));
	cJSON_AddItemToArray(
	    cJSON_GetObjectItemCaseSensitive(o, add ? "add" : "remove"),
	    cJSON_CreateString(name));
	return 0;
}

static int
tag_words(cJSON *o, int argc, char **argv, struct err *e)
{
	cJSON_AddArrayToObject(o, "add");
	cJSON_AddArrayToObject(o, "remove");
	if (argc == 0)
		return err_set(e, ERR_INVALID,
		    _("say +TAG or -TAG (+@TAG for the contact's)"));
	for (int i = 0; i < argc; i++)
		if (tag_word(o, argv[i], e) == -1)
			return -1;
	return 0;
}

/* "until the next message", in the words of both languages. */
static bool
is_next_message(const char *s)
{
	static const char *const words[] = {"message", "next", "reply",
	    "until message", "until reply", "until the customer writes",
	    "次のメッセージ", "次のメッセージまで", "返信", "返信まで",
	    "返信があるまで", NULL};

	return name_find(words, s) >= 0;
}

/* "until fri 10:00", "金曜10時まで": what is meant without the word. */
static const char *
until_what(char *s)
{
	static const char until[] = "until ", made[] = "まで";
	size_t n;

	if (strncasecmp(s, until, sizeof(until) - 1) == 0)
		s += sizeof(until) - 1;
	n = strlen(s);
	if (n >= sizeof(made) && strcmp(s + n - sizeof(made) + 1, made) == 0)
		s[n - sizeof(made) + 1] = '\0';
	return s;
}

static int
when_words(cJSON *o, int argc, char **argv, struct err *e)
{
	struct buf b = {0};
	char at[WHEN_TEXT_B];
	int64_t ms = 0;
	int rc = 0;

	for (int i = 0; i < argc; i++) {
		buf_puts(&b, i > 0 ? " " : "");
		buf_puts(&b, argv[i]);
	}
	if (b.n == 0) {
		rc = err_set(e, ERR_INVALID,
		    _("until when? 2h, 14:30, tomorrow 9:00, mon, 明日 9時, "
		      "or message: until the customer writes"));
	} else if (is_next_message(b.p)) {
		cJSON_AddNullToObject(o, "until");
	} else {
		rc = when_parse(until_what(b.p), when_now_ms(), &ms, e);
		if (rc == 0)
			cJSON_AddStringToObject(
			    o, "until", when_rfc3339(ms, at));
	}
	buf_free(&b);
	return rc;
}

/* The desk sends a survey after it, if it is set up to. */
static int
resolve_words(cJSON *o, int argc, char **argv, struct err *e)
{
	if (argc == 0 || strcmp(argv[0], "--no-survey") != 0)
		return no_words(o, argc, argv, e);
	cJSON_AddFalseToObject(o, "survey");
	return no_words(o, argc - 1, argv + 1, e);
}

static const struct {
	const char *verb;
	int (*words)(cJSON *o, int argc, char **argv, struct err *e);
} verbs[] = {
    {"reply", text_words},
    {"note", text_words},
    {"take", no_words},
    {"claim", no_words},
    {"auto", no_words},
    {"assign", agent_word},
    {"tag", tag_words},
    {"pin", no_words},
    {"unpin", no_words},
    {"follow-up", no_words},
    {"snooze", when_words},
    {"resolve", resolve_words},
    {"reopen", no_words},
    {"csat", no_words},
    {"read", no_words},
};

cJSON *
verb_args(const char *verb, int argc, char **argv, struct err *e)
{
	cJSON *o;

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(verbs[i].verb, verb) != 0)
			continue;
		o = cJSON_CreateObject();
		if (verbs[i].words(o, argc, argv, e) == 0)
			return o;
		cJSON_Delete(o);
		return NULL;
	}
	err_set(e, ERR_INVALID, _("no such verb: %s"), verb);
	return NULL;
}
