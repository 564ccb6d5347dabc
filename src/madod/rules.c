/*
 * The bot's verdict on a customer's text. Must not send, store or ask the
 * clock, so that it can be tested and replayed; what the file says is
 * rules_read.c's. Asked by the acts for each message of a conversation in
 * mode auto.
 */
#include <string.h>

#include <mado/text.h>

#include "rules_form.h"

static void
var_contact_name(struct buf *b, const struct rules_input *in)
{
	buf_puts(b, in->contact_name != NULL ? in->contact_name : "");
}

static void
var_conversation_number(struct buf *b, const struct rules_input *in)
{
	buf_printf(b, "%lld", (long long)in->conversation);
}

static const struct rules_var vars[] = {
    {"contact.name", var_contact_name},
    {"conversation.number", var_conversation_number},
};

const struct rules_var *
rules_var_find(const char *name, size_t n)
{
	for (size_t i = 0; i < sizeof(vars) / sizeof(vars[0]); i++)
		if (strlen(vars[i].name) == n &&
		    memcmp(vars[i].name, name, n) == 0)
			return &vars[i];
	return NULL;
}

const char *
rules_var_next(const char *s, size_t *n)
{
	const char *open = strstr(s, "{{"), *close;

	if (open == NULL || (close = strstr(open, "}}")) == NULL)
		return NULL;
	*n = (size_t)(close - open) - 2;
	return open + 2;
}

/* Bytes of s that fit into max UTF-16 units, cut between characters. */
static size_t
fit_u16(const char *s, size_t max)
{
	size_t i = 0, units = 0;

	while (s[i] != '\0') {
		unsigned char c = (unsigned char)s[i];
		size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

		units += n == 4 ? 2 : 1;
		if (units > max)
			break;
		i += n;
	}
	return i;
}

/* One pass: braces in a customer's name stay what they are. */
const char *
rules_expand(const char *text, const struct rules_input *in, struct arena *a)
{
	struct buf b = {0};
	const char *name, *out;
	size_t n;

	if (text == NULL)
		return NULL;
	while ((name = rules_var_next(text, &n)) != NULL) {
		buf_add(&b, text, (size_t)(name - 2 - text));
		rules_var_find(name, n)->put(&b, in);
		text = name + n + 2;
	}
	buf_puts(&b, text);
	out = arena_strndup(
	    a, buf_str(&b), fit_u16(buf_str(&b), MSG_TEXT_MAX_U16));
	buf_free(&b);
	return out;
}

const char *
rules_fold(struct arena *a, const char *s)
{
	struct buf b = {0};
	const char *p, *out;
	size_t n;

	text_fold(&b, s);
	p = buf_str(&b);
	n = strlen(p);
	while (n > 0 && p[n - 1] == ' ')
		n--;
	while (n > 0 && *p == ' ') {
		p++;
		n--;
	}
	out = arena_strndup(a, p, n);
	buf_free(&b);
	return out;
}

static bool
rule_matches(const struct rule *u, const char *folded)
{
	for (size_t i = 0; i < u->exact.n; i++)
		if (strcmp(u->exact.v[i], folded) == 0)
			return true;
	for (size_t i = 0; i < u->contains.n; i++)
		if (strstr(folded, u->contains.v[i]) != NULL)
			return true;
	return false;
}

/* Words are looked for in what was typed or tapped, not in our renderings. */
static const struct rule *
find_rule(const struct rules *r, const struct rules_input *in, struct arena *a)
{
	const char *folded;

	if (in->text == NULL ||
	    (in->msg_type != MSG_TEXT && in->msg_type != MSG_EVENT))
		return NULL;
	folded = rules_fold(a, in->text);
	for (size_t i = 0; i < r->n; i++)
		if (rule_matches(&r->v[i], folded))
			return &r->v[i];
	return NULL;
}

/* The verdict may outlive the rules, so the labels are copied. */
static void
copy_quick(struct strs *to, const struct strs *from, struct arena *a)
{
	to->v = arena_calloc(a, from->n + 1, sizeof(*to->v));
	for (to->n = 0; to->n < from->n; to->n++)
		to->v[to->n] = arena_strdup(a, from->v[to->n]);
}

void
rules_decide(const struct rules *r, const struct rules_input *in,
    struct arena *a, struct rules_verdict *out)
{
	const struct rule *u;

	memset(out, 0, sizeof(*out));
	out->why = "no rule";
	u = r != NULL ? find_rule(r, in, a) : NULL;
	if (u == NULL) {
		out->text = rules_expand(rules_bot(r)->no_match, in, a);
		return;
	}
	out->rule = arena_strdup(a, u->name);
	out->text = rules_expand(u->answer, in, a);
	copy_quick(&out->quick_replies, &u->quick, a);
	if (u->handoff != NULL) {
		out->act = RULES_HANDOFF;
		out->why =
		    arena_sprintf(a, "%s (rule %s)", u->handoff, u->name);
		return;
	}
	out->act = RULES_ANSWER;
	out->why = arena_sprintf(a, "rule %s", u->name);
}

const struct rules_bot *
rules_bot(const struct rules *r)
{
	static const struct rules_bot none = {.max_per_hour = BOT_MAX_PER_HOUR};

	return r != NULL ? &r->bot : &none;
}

void
rules_free(struct rules *r)
{
	if (r == NULL)
		return;
	arena_free(r->a);
	x_free(r);
}
