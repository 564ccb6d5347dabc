/*
 * The desk keeps its lines in English, so that scripts and colleagues read the
 * same. Here they are matched against their patterns and said in the screen's
 * language; names and reasons inside go through the same table. Used by the
 * list and the history.
 */
#include <string.h>

#include "i18n.h"
#include "said.h"

enum { SAID_PARTS_MAX = 3, SAID_DEPTH_MAX = 3 };

/* %s is any text. The first that fits counts: the longer before the shorter. */
static const char *const patterns[] = {N_("handed over to people: %s"),
    N_("handed back to the bot: %s"), N_("reopened: %s"), N_("taken by %s"),
    N_("assigned to %s by %s"), N_("assigned to %s"),
    N_("put back into the queue by %s"),
    N_("put back into the queue: %s was disabled"), N_("resolved by %s"),
    N_("discarded by %s"), N_("snoozed by %s"), N_("%s follows up"),
    N_("%s replied"), N_("the customer wrote"), N_("back from snooze"),
    N_("asked for a person (rule %s)"), N_("rule %s"), N_("no rule"),
    N_("%s; adviser not followed: %s"), N_("adviser not followed: %s"),
    N_("in a group, not said to the bot"), N_("the adviser wants a person: %s"),
    N_("the adviser wants a person"), N_("adviser %s"),
    N_("no answer within %s s"), N_("HTTP status %s"), N_("confidence %s < %s"),
    N_("not sure enough"), N_("it is not reached: %s"), N_("it is not reached"),
    N_("its answer is too large"), N_("its answer is no JSON object"),
    N_("its answer has no choices[0].message.content"),
    N_("what the model says is no JSON object"),
    N_("its confidence is no number from 0 to 1"),
    N_("its member \"%s\" is no string"), N_("no answer"),
    N_("the answer is too long for LINE"),
    N_("the answer has control characters"),
    N_("it names an FAQ that is not there"), N_("it cites no FAQ"),
    N_("it cites an FAQ that it was not given"),
    N_("its quote of FAQ %s is too short"), N_("FAQ %s does not say its quote"),
    N_("a number that no cited FAQ has"),
    N_("a phone number that no cited FAQ has"),
    N_("an address that no cited FAQ has"), N_("there is no adviser any more"),
    N_("it failed too often and is left alone"),
    N_("tried: %s; best guesses: %s"), N_("tried: %s"), N_("best guesses: %s"),
    N_("FAQ score %s < %s"), N_("no FAQ: %s"), N_("no words"),
    N_("nothing like it"), N_("examples"), N_("its own text"),
    N_("word for word"), N_("FAQ %s, tapped"), N_("FAQ %s: offered"),
    N_("FAQ %s: suggested"), N_("people are in charge"),
    N_("asked for a person"), N_("the FAQ that was tapped is gone"),
    N_("%s automatic messages within an hour"), N_("canned %s"),
    N_("followed the account again"), N_("followed the account"),
    N_("blocked the account"), N_("[message unsent by the customer]"),
    N_("[image %s of %s, %s]"), N_("[image %s of %s]"), N_("[image %s]"),
    N_("[image]"), N_("[video %s]"), N_("[video]"), N_("[audio %s]"),
    N_("[audio]"), N_("[file %s]"), N_("[file]"), N_("[sticker: %s]"),
    N_("[sticker %s]"), N_("[sticker]"), N_("[location: %s]"),
    N_("[location %s]"), N_("[survey: %s]"), N_("[choice: a person]"),
    N_("[choice: %s]"), N_("[postback: %s]"), N_("[unsupported: %s]"),
    N_("by %s"), N_("waits for the customer's next message"),
    N_("needs a push (counts against the quota): retry sends it"),
    N_("the desk stopped before LINE's answer came"), N_("menu %s: %s"),
    N_("form %s: no answer"), N_("form %s: %s"), N_("no usable answer"),
    N_("nobody wrote for a while"), N_("it was resolved"),
    N_("survey in %s, unless reopened"),
    N_("no survey: it would have been a push"), N_("%s (%s)")};

/* Words of the desk's own that are said otherwise. */
static const struct {
	const char *word, *said;
} whys[] = {{"csat", N_("survey")}, {"ack_at", N_("receipt")}};

struct part {
	const char *p;
	size_t n;
};

/* Does the text fit the pattern? Its %s parts in order, or -1. */
static int
fits(const char *pattern, const char *text, struct part part[SAID_PARTS_MAX])
{
	size_t n, left = strlen(text);
	const char *hit, *end;
	int parts = 0;

	for (;;) {
		n = strcspn(pattern, "%");
		if (left < n || memcmp(pattern, text, n) != 0)
			return -1;
		pattern += n;
		text += n;
		left -= n;
		if (*pattern == '\0')
			return left == 0 ? parts : -1;
		pattern += 2;
		n = strcspn(pattern, "%");
		if (*pattern == '\0')
			hit = text + left;
		else if (left >= n && pattern[n] == '\0') /* the tail */
			hit = text + left - n;
		else
			hit = memmem(text, left, pattern, n);
		if (hit == NULL || hit == text)
			return -1;
		end = hit;
		part[parts++] = (struct part){text, (size_t)(end - text)};
		left -= (size_t)(end - text);
		text = end;
	}
}

static const char *said(const char *phrase, int depth, struct arena *a);

/* The translation with its parts put in: %s in order, or %1$s by number. */
static const char *
put_in(const char *format, const struct part *part, int parts, int depth,
    struct arena *a)
{
	struct buf b = {0};
	const char *out, *s, *inner;
	int next = 0, i;

	for (s = format; *s != '\0';) {
		if (s[0] != '%') {
			buf_putc(&b, *s++);
			continue;
		}
		i = next++;
		if (s[1] >= '1' && s[1] <= '3' && s[2] == '$') {
			i = s[1] - '1';
			s += 2;
		}
		s += 2;
		if (i >= parts)
			continue;
		/* what is in brackets is a customer's: a file's name, ... */
		inner = arena_strndup(a, part[i].p, part[i].n);
		buf_puts(
		    &b, format[0] == '[' ? inner : said(inner, depth + 1, a));
	}
	out = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return out;
}

static const char *
said(const char *phrase, int depth, struct arena *a)
{
	struct part part[SAID_PARTS_MAX];
	int parts;

	if (depth > SAID_DEPTH_MAX)
		return phrase;
	for (size_t i = 0; i < sizeof(whys) / sizeof(whys[0]); i++)
		if (strcmp(whys[i].word, phrase) == 0)
			return _(whys[i].said);
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		if ((parts = fits(patterns[i], phrase, part)) != -1)
			return put_in(_(patterns[i]), part, parts, depth, a);
	return phrase;
}

const char *
said_phrase(const char *phrase, struct arena *a)
{
	return said(phrase, 0, a);
}

const char *
said_text(const struct msg *m, struct arena *a)
{
	bool own = (m->type == MSG_TEXT || m->type == MSG_NOTE) && !m->unsent;

	if (m->text == NULL)
		return "";
	return own ? m->text : said(m->text, 0, a);
}
