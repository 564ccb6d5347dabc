/*
 * The keys of rules.conf: a row each, with what reads its value into the
 * section's struct. Must not look at other lines: what needs the whole file is
 * rules_read.c's.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <mado/text.h>

#include "rules_read.h"

#define DAY_MS INT64_C(86400000)
enum { FAQ_ID_MAX_B = POSTBACK_MAX_B - 40 }; /* of a button's postback */

/* Where a key's value goes. */
#define SLOT(rd, k, type) ((type *)(void *)((char *)(rd)->obj + (k)->off))

/* A piece of a value: where it begins, without blanks around it. */
struct piece {
	const char *at, *text;
};

static struct piece
piece_of(struct rules_reader *rd, const char *s, const char *end)
{
	while (s < end && strchr(" \t\n", *s) != NULL)
		s++;
	while (end > s && strchr(" \t\n", end[-1]) != NULL)
		end--;
	return (struct piece){s, arena_strndup(rd->r->a, s, (size_t)(end - s))};
}

static struct piece
whole(struct rules_reader *rd)
{
	const char *s = rd->it->value;

	return piece_of(rd, s, s + strlen(s));
}

/* Step through "a | b | c"; *s is NULL after the last. */
static struct piece
next_piece(struct rules_reader *rd, const char **s)
{
	const char *end = *s + strcspn(*s, "|");
	struct piece p = piece_of(rd, *s, end);

	*s = *end == '|' ? end + 1 : NULL;
	return p;
}

static void
list_add(struct rules_reader *rd, struct strs *list, const char *s)
{
	const char **v = rules_new(rd, list->n + 1, const char *);

	if (list->n > 0)
		memcpy(v, list->v, list->n * sizeof(*v));
	v[list->n++] = s;
	list->v = v;
}

/* Each piece of a list through `one`, which adds it or says what is wrong. */
static int
read_pieces(struct rules_reader *rd, const struct rules_key *k,
    int (*one)(struct rules_reader *, const struct rules_key *, struct piece))
{
	const char *s = rd->it->value;
	int rv = 0;

	while (s != NULL) {
		struct piece p = next_piece(rd, &s);

		if (*p.text == '\0')
			return rules_fail(rd, p.at,
			    "an empty word in \"%s\"; words are separated by |",
			    k->name);
		if (one(rd, k, p) == -1)
			rv = -1;
	}
	return rv;
}

static int
one_word(struct rules_reader *rd, const struct rules_key *k, struct piece p)
{
	const char *folded = rules_fold(rd->r->a, p.text);

	if (*folded == '\0')
		return rules_fail(
		    rd, p.at, "\"%s\" is empty once folded", p.text);
	list_add(rd, SLOT(rd, k, struct strs), folded);
	return 0;
}

static int
read_words(struct rules_reader *rd, const struct rules_key *k)
{
	return read_pieces(rd, k, one_word);
}

static int
one_as_is(struct rules_reader *rd, const struct rules_key *k, struct piece p)
{
	list_add(rd, SLOT(rd, k, struct strs), p.text);
	return 0;
}

static int
read_list(struct rules_reader *rd, const struct rules_key *k)
{
	return read_pieces(rd, k, one_as_is);
}

static int
one_tag(struct rules_reader *rd, const struct rules_key *k, struct piece p)
{
	const char *tag = p.text + (*p.text == '@');

	if (*tag == '\0' || strlen(tag) > TAG_MAX_B ||
	    tag[strcspn(tag, " ,\t\n")] != '\0')
		return rules_fail(rd, p.at,
		    "a tag is 1 to %d bytes without blanks or commas",
		    TAG_MAX_B);
	return one_as_is(rd, k, p);
}

static int
read_tags(struct rules_reader *rd, const struct rules_key *k)
{
	return read_pieces(rd, k, one_tag);
}

static int
check_label(struct rules_reader *rd, struct piece p)
{
	size_t n = text_graphemes(p.text);

	return n <= LABEL_MAX_GRAPHEMES
	    ? 0
	    : rules_fail(rd, p.at,
		  "the label \"%s\" has %zu characters, LINE takes %d", p.text,
		  n, LABEL_MAX_GRAPHEMES);
}

static int
one_label(struct rules_reader *rd, const struct rules_key *k, struct piece p)
{
	struct strs *list = SLOT(rd, k, struct strs);

	if (list->n == QUICK_REPLIES_MAX)
		return rules_fail(rd, p.at, "%zu quick replies, LINE takes %d",
		    list->n + 1, QUICK_REPLIES_MAX);
	return check_label(rd, p) == 0 ? one_as_is(rd, k, p) : -1;
}

static int
read_quick(struct rules_reader *rd, const struct rules_key *k)
{
	return read_pieces(rd, k, one_label);
}

/* A label, or words that stand alone. */
static int
read_label(struct rules_reader *rd, const struct rules_key *k)
{
	struct piece p = whole(rd);

	if (*p.text == '\0')
		return rules_fail(rd, p.at, "\"%s\" is empty", k->name);
	*SLOT(rd, k, const char *) = p.text;
	return check_label(rd, p);
}

/* --- texts */

static int
check_vars(struct rules_reader *rd, const char *text)
{
	struct buf known = {0};
	const char *name;
	size_t n;

	for (; (name = rules_var_next(text, &n)) != NULL; text = name + n + 2) {
		if (rules_var_find(name, n) == NULL) {
			rules_var_names(&known);
			rules_fail(rd, name - 2,
			    "unknown variable {{%.*s}}; known are %s", (int)n,
			    name, buf_str(&known));
			buf_free(&known);
			return -1;
		}
		if (strncmp(name, "queue.", 6) == 0)
			rd->r->wants_queue = true;
		if (strncmp(name, "field.", 6) == 0)
			rules_ref_add(rd, name + 6,
			    (struct rules_ref){.name = arena_strndup(
						   rd->r->a, name + 6, n - 6)});
	}
	return 0;
}

/* A text that is sent: of LINE's length, and not empty for anybody. */
static int
check_text(struct rules_reader *rd, struct piece p, const char *what)
{
	static const struct rules_input nobody = {.contact_name = ""};
	struct rules_scene s = {.in = &nobody};
	struct rules none = {0};
	size_t units = text_utf16_len(p.text);
	const char *said;

	if (units > MSG_TEXT_MAX_U16)
		return rules_fail(rd, p.at,
		    "\"%s\" has %zu UTF-16 units, LINE takes %d", what, units,
		    MSG_TEXT_MAX_U16);
	if (check_vars(rd, p.at) == -1)
		return -1;
	s.r = &none;
	said = rules_expand(p.text, &s, rd->r->a);
	if (said[strspn(said, " \t\n")] == '\0')
		return rules_fail(rd, p.at,
		    "\"%s\" is empty, or is for a customer without a name",
		    what);
	return 0;
}

static int
read_text(struct rules_reader *rd, const struct rules_key *k)
{
	struct piece p = {rd->it->value, NULL};

	p.text = arena_strdup(rd->r->a, p.at);
	*SLOT(rd, k, const char *) = p.text;
	return check_text(rd, p, k->name);
}

/* yes: the customer asked for a person; no: never; else the reason itself. */
static int
read_handoff(struct rules_reader *rd, const struct rules_key *k)
{
	static const struct {
		const char *word, *reason;
	} answers[] = {{"yes", "asked for a person"}, {"no", NULL}};
	struct piece p = whole(rd);

	if (*p.text == '\0')
		return rules_fail(rd, p.at,
		    "\"%s\" is empty; it is yes, no or a reason", k->name);
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		if (strcasecmp(p.text, answers[i].word) == 0) {
			*SLOT(rd, k, const char *) = answers[i].reason;
			return 0;
		}
	*SLOT(rd, k, const char *) = p.text;
	return 0;
}

/* --- choices, numbers, times */

static int
read_choice(struct rules_reader *rd, const struct rules_key *k)
{
	struct piece p = whole(rd);
	int i = name_find(k->names, p.text);

	if (i < 0)
		return rules_fail(
		    rd, p.at, "\"%s\" is one of %s", k->name, k->takes);
	*SLOT(rd, k, int) = i;
	return 0;
}

/* "90", or with one of the units; -1 when it is neither. */
static int64_t
amount(const char *s, const char *units, const int64_t *sizes)
{
	size_t n = strspn(s, "0123456789");
	const char *u = s[n] != '\0' ? strchr(units, s[n]) : NULL;
	int64_t v = strtoll(s, NULL, 10);

	if (n == 0 || n > 9)
		return -1;
	if (*units == '\0' && s[n] == '\0')
		return v;
	return u != NULL && s[n + 1] == '\0' ? v * sizes[u - units] : -1;
}

static int
read_number(struct rules_reader *rd, const struct rules_key *k)
{
	struct piece p = whole(rd);
	int64_t v = amount(p.text, "", NULL);

	if (v < k->min || v > k->max)
		return rules_fail(rd, p.at,
		    "\"%s\" is a number from %lld to %lld", k->name,
		    (long long)k->min, (long long)k->max);
	*SLOT(rd, k, int64_t) = v;
	return 0;
}

static int
read_span(struct rules_reader *rd, const struct rules_key *k)
{
	static const int64_t sizes[] = {1000, 60000, 3600000, 86400000};
	struct piece p = whole(rd);
	int64_t v = amount(p.text, "smhd", sizes);

	if (v < k->min || v > k->max)
		return rules_fail(rd, p.at,
		    "\"%s\" is a time such as 90s, 30m, 12h or 7d, of at "
		    "most %lldd",
		    k->name, (long long)(k->max / DAY_MS));
	*SLOT(rd, k, int64_t) = v;
	return 0;
}

static int
read_date(struct rules_reader *rd, const struct rules_key *k)
{
	const char *s = rd->it->value;
	int64_t from, to;

	if (rules_dates_parse(&s, &from, &to) == -1 || from != to ||
	    s[strspn(s, " \t")] != '\0')
		return rules_fail(rd, s, "not a date such as 2026-12-01");
	*SLOT(rd, k, int64_t) = from;
	return 0;
}

/* --- hours */

static int
read_day(struct rules_reader *rd, const struct rules_key *k)
{
	struct rules_day d;
	const char *bad;

	if (rules_hours_parse(rd->it->value, &d, &bad) == -1)
		return rules_fail(rd, bad,
		    "hours are such as 10:00-12:00, 13:00-19:00 or closed, one "
		    "after the other, at most %d; 25:00 is past midnight",
		    SPANS_MAX);
	*SLOT(rd, k, struct rules_day) = d;
	rd->r->hours.given = true;
	return 0;
}

/* The same for several days, from k->min to k->max of the week. */
static int
read_days(struct rules_reader *rd, const struct rules_key *k)
{
	struct rules_key one = *k;

	for (int64_t i = k->min; i <= k->max; i++) {
		one.off = offsetof(struct rules, hours.week[i]);
		if (read_day(rd, &one) == -1)
			return -1;
	}
	return 0;
}

static void
add_own(struct rules_reader *rd, struct rules_own own)
{
	struct rules_hours *h = &rd->r->hours;
	struct rules_own *v = rules_new(rd, h->n_own + 1, struct rules_own);

	if (h->n_own > 0)
		memcpy(v, h->own, h->n_own * sizeof(*v));
	v[h->n_own++] = own;
	h->own = v;
	h->given = true;
}

static int
own_dates(struct rules_reader *rd, const char **s, struct rules_own *own)
{
	if (rules_dates_parse(s, &own->from, &own->to) == 0)
		return 0;
	return rules_fail(
	    rd, *s, "not a date such as 2026-12-29 or 2026-12-29..2027-01-03");
}

static int
read_closed(struct rules_reader *rd, const struct rules_key *k)
{
	const char *s = rd->it->value;
	struct rules_own own = {.day.set = true};

	(void)k;
	for (;; s++) {
		if (own_dates(rd, &s, &own) == -1)
			return -1;
		add_own(rd, own);
		s += strspn(s, " \t");
		if (*s == '\0')
			return 0;
		if (*s != '|')
			return rules_fail(
			    rd, s, "days are separated by |, 1..2 is from to");
	}
}

static int
read_open(struct rules_reader *rd, const struct rules_key *k)
{
	const char *s = rd->it->value, *bad;
	struct rules_own own;

	(void)k;
	if (own_dates(rd, &s, &own) == -1)
		return -1;
	if (rules_hours_parse(s, &own.day, &bad) == -1 || own.day.n == 0)
		return rules_fail(rd, bad,
		    "after the day stand its hours, such as 10:00-15:00");
	add_own(rd, own);
	return 0;
}

/* jp, none, or a file, seen from the rules' folder. */
static int
read_holidays(struct rules_reader *rd, const struct rules_key *k)
{
	struct rules_hours *h = &rd->r->hours;
	struct piece p = whole(rd);
	const char *path;
	struct err e = {0};

	(void)k;
	h->holidays = NULL;
	h->n_holidays = 0;
	if (strcmp(p.text, "none") == 0)
		return 0;
	if (strcmp(p.text, "jp") == 0) {
		rules_holidays_ship(h, rd->r->a);
		return 0;
	}
	path = *p.text == '/' || rd->src->dir == NULL
	    ? p.text
	    : arena_sprintf(rd->r->a, "%s/%s", rd->src->dir, p.text);
	if (*p.text == '\0' || rules_holidays_read(h, path, rd->r->a, &e) == -1)
		return rules_fail(rd, p.at, "jp, none or a file: %s",
		    *p.text != '\0' ? e.msg : "it is empty");
	return 0;
}

/* --- what points elsewhere */

static int
read_menu_name(struct rules_reader *rd, const struct rules_key *k)
{
	struct piece p = whole(rd);

	rules_ref_add(rd, p.at,
	    (struct rules_ref){.name = p.text,
		.menu = SLOT(rd, k, const struct rules_menu *)});
	return 0;
}

static int
read_form_name(struct rules_reader *rd, const struct rules_key *k)
{
	struct piece p = whole(rd);

	rules_ref_add(rd, p.at,
	    (struct rules_ref){.name = p.text,
		.form = SLOT(rd, k, const struct rules_form *)});
	return 0;
}

static int
to_menu(struct rules_reader *rd, struct rules_item *it, struct rules_do *does,
    struct piece p)
{
	(void)it;
	rules_ref_add(
	    rd, p.at, (struct rules_ref){.name = p.text, .menu = &does->menu});
	return 0;
}

static int
to_form(struct rules_reader *rd, struct rules_item *it, struct rules_do *does,
    struct piece p)
{
	(void)it;
	rules_ref_add(
	    rd, p.at, (struct rules_ref){.name = p.text, .form = &does->form});
	return 0;
}

static int
to_rule(struct rules_reader *rd, struct rules_item *it, struct rules_do *does,
    struct piece p)
{
	(void)does;
	rules_ref_add(
	    rd, p.at, (struct rules_ref){.name = p.text, .does = &it->does});
	return 0;
}

static int
to_faq(struct rules_reader *rd, struct rules_item *it, struct rules_do *does,
    struct piece p)
{
	(void)it;
	does->faq = p.text;
	return *p.text != '\0' && strlen(p.text) <= FAQ_ID_MAX_B
	    ? 0
	    : rules_fail(rd, p.at, "faq needs an FAQ's id, of at most %d bytes",
		  FAQ_ID_MAX_B);
}

static int
to_answer(struct rules_reader *rd, struct rules_item *it, struct rules_do *does,
    struct piece p)
{
	(void)it;
	does->answer = p.text;
	return check_text(rd, p, "answer");
}

static int
to_person(struct rules_reader *rd, struct rules_item *it, struct rules_do *does,
    struct piece p)
{
	(void)it;
	does->handoff = "asked for a person";
	return *p.text == '\0'
	    ? 0
	    : rules_fail(rd, p.at, "nothing follows \"person\"");
}

static const struct target {
	const char *word;
	int (*read)(struct rules_reader *, struct rules_item *,
	    struct rules_do *, struct piece);
} targets[] = {
    {"menu", to_menu},
    {"form", to_form},
    {"rule", to_rule},
    {"faq", to_faq},
    {"answer", to_answer},
    {"person", to_person},
};

static int
read_target(struct rules_reader *rd, struct rules_item *it, const char *s)
{
	struct rules_do *does = rules_new(rd, 1, struct rules_do);
	size_t n;

	s += strspn(s, " \t");
	n = strcspn(s, " \t");
	it->does = does;
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
		if (strlen(targets[i].word) == n &&
		    memcmp(targets[i].word, s, n) == 0)
			return targets[i].read(
			    rd, it, does, piece_of(rd, s + n, s + strlen(s)));
	return rules_fail(
	    rd, s, "after > stands menu, form, rule, faq, answer or person");
}

static bool
has_item(const struct rules_menu *m, const char *folded)
{
	for (size_t i = 0; i < m->n; i++)
		if (strcmp(m->items[i].folded, folded) == 0)
			return true;
	return false;
}

/* LABEL, or LABEL > TARGET */
static int
read_item(struct rules_reader *rd, const struct rules_key *k)
{
	struct rules_menu *m = rd->obj;
	const char *s = rd->it->value, *end = strchrnul(s, '>');
	struct piece p = piece_of(rd, s, end);
	struct rules_item *it;

	(void)k;
	if (m->n == QUICK_REPLIES_MAX)
		return rules_fail(rd, p.at, "%zu items, LINE takes %d",
		    m->n + 1, QUICK_REPLIES_MAX);
	it = &m->items[m->n];
	it->label = p.text;
	it->folded = rules_fold(rd->r->a, p.text);
	if (*it->folded == '\0')
		return rules_fail(rd, p.at, "an item needs a label");
	if (has_item(m, it->folded))
		return rules_fail(rd, p.at, "a second item \"%s\"", p.text);
	m->n++;
	if (check_label(rd, p) == -1)
		return -1;
	return *end == '>' ? read_target(rd, it, end + 1) : 0;
}

/* --- the table */

static const char *const yes_no[] = {"no", "yes", NULL};
static const char *const ons[] = {[ON_MESSAGE] = "message",
    [ON_OPENED] = "opened",
    [ON_FOLLOW] = "follow",
    NULL};
static const char *const whens[] = {
    [WHEN_ANY] = "any", [WHEN_OPEN] = "open", [WHEN_CLOSED] = "closed", NULL};
static const char *const onces[] = {[ONCE_NEVER] = "no",
    [ONCE_DAY] = "day",
    [ONCE_CONVERSATION] = "conversation",
    [ONCE_CUSTOMER] = "customer",
    NULL};
static const char *const kind_names[] = {[KIND_TEXT] = "text",
    [KIND_NUMBER] = "number",
    [KIND_EMAIL] = "email",
    [KIND_PHONE] = "phone",
    [KIND_DATE] = "date",
    NULL};
static const char *const tag_ons[] = {[TAG_NO] = "no",
    [TAG_CONVERSATION] = "conversation",
    [TAG_CONTACT] = "contact",
    NULL};
static const char *const languages[] = {"ja", "en", NULL};

#define MINUTE_MS        INT64_C(60000)
#define DAY_MS           INT64_C(86400000)

/* section, key, what it takes, reader, slot: */
#define BOT(f)           offsetof(struct rules, bot.f)
#define ROOT(f)          offsetof(struct rules, f)
#define RULE(f)          offsetof(struct rule, f)
#define FORM(f)          offsetof(struct rules_form, f)
#define ASK(f)           offsetof(struct rules_question, f)
#define MENU(f)          offsetof(struct rules_menu, f)
#define WEEK(i)          offsetof(struct rules, hours.week[i])
#define PLAIN            NULL, 0, 0, false
#define AGAIN            NULL, 0, 0, true
#define ONE_OF(names)    names, 0, 0, false
#define WITHIN(min, max) NULL, min, max, false

/* clang-format off */
const struct rules_key rules_keys[] = {
    {"bot", "no_match", "TEXT", read_text, BOT(no_match), PLAIN,
	"said before a message that no rule and no FAQ knows is handed over"},
    {"bot", "offer", "TEXT", read_text, BOT(offer), PLAIN,
	"said above the FAQs to choose from; unless given in the customer's "
	"language"},
    {"bot", "person", "LABEL", read_label, BOT(person), PLAIN,
	"the button beside them that asks for a person"},
    {"bot", "max_per_hour", "NUMBER", read_number,
	BOT(max_per_hour), WITHIN(1, 1000),
	"so many automatic messages in a conversation and hour, then people; "
	"30 unless given"},
    {"bot", "menu_timeout", "SPAN", read_span, BOT(menu_ms),
	WITHIN(1000, 7 * DAY_MS), "so long the items of a menu count; 30m unless given"},
    {"bot", "auto_after_resolve", "no|yes", read_choice,
	BOT(auto_after_resolve), ONE_OF(yes_no),
	"a resolved conversation that the customer reopens is the bot's again"},
    {"bot", "auto_after", "SPAN", read_span, BOT(auto_after_ms),
	WITHIN(1000, 365 * DAY_MS),
	"so long after people answered, with silence since, the bot is back"},
    {"bot", "language", "ja|en", read_choice, BOT(language), ONE_OF(languages),
	"of what variables say"},
    {"rule", "exact", "WORDS", read_words, RULE(exact), AGAIN,
	"the customer's whole message is one of these"},
    {"rule", "contains", "WORDS", read_words, RULE(contains), AGAIN,
	"one of these is somewhere in the message"},
    {"rule", "postback", "WORDS", read_list, RULE(postback), AGAIN,
	"the data of a tapped button or rich menu is one of these"},
    {"rule", "on", "message|opened|follow", read_choice, RULE(on),
	ONE_OF(ons), "what happens: any message, one that opens a "
	"conversation, or somebody adds the account"},
    {"rule", "when", "any|open|closed", read_choice, RULE(when),
	ONE_OF(whens), "only within the hours, or only outside"},
    {"rule", "from", "DATE", read_date, RULE(from), PLAIN,
	"only from that day on"},
    {"rule", "until", "DATE", read_date, RULE(until), PLAIN,
	"only up to the end of that day"},
    {"rule", "once", "no|day|conversation|customer", read_choice, RULE(once),
	ONE_OF(onces), "it acts once a day, a conversation, a customer"},
    {"rule", "channel", "NAMES", read_list, RULE(channel), AGAIN,
	"only on these channels"},
    {"rule", "answer", "TEXT", read_text, RULE(does.answer), PLAIN,
	"what the bot says; the conversation stays with the bot"},
    {"rule", "quick", "WORDS", read_quick, RULE(does.quick), AGAIN,
	"buttons under the answer; tapping one sends its words"},
    {"rule", "menu", "NAME", read_menu_name, RULE(does.menu), PLAIN,
	"show that menu"},
    {"rule", "form", "NAME", read_form_name, RULE(does.form), PLAIN,
	"begin that questionnaire"},
    {"rule", "tag", "TAGS", read_tags, RULE(does.tags), AGAIN,
	"tags to add; @tag is the contact's"},
    {"rule", "handoff", "yes|no|REASON", read_handoff, RULE(does.handoff),
	PLAIN, "hand over to people; an answer beside it is said first"},
    {"rule", "continue", "no|yes", read_choice, RULE(goes_on),
	ONE_OF(yes_no), "the rules below it are tried, too"},
    {"menu", "text", "TEXT", read_text, MENU(text), PLAIN,
	"said above the items"},
    {"menu", "item", "LABEL [> TARGET]", read_item, 0, AGAIN,
	"a button, and where it leads"},
    {"form", "cancel", "WORDS", read_words, FORM(cancel), AGAIN,
	"whoever answers with one of these is asked no more"},
    {"form", "cancel_answer", "TEXT", read_text, FORM(cancel_answer), PLAIN,
	"and is told this"},
    {"form", "timeout", "SPAN", read_span, FORM(timeout_ms),
	WITHIN(1000, 7 * DAY_MS), "a question waits so long; 30m unless given"},
    {"form", "timeout_answer", "TEXT", read_text, FORM(timeout_answer), PLAIN,
	"said then; a push, which counts"},
    {"form", "timeout_handoff", "yes|no|REASON", read_handoff,
	FORM(timeout_handoff), PLAIN, "hand over to people then"},
    {"form", "answer", "TEXT", read_text, FORM(does.answer), PLAIN,
	"said when all is answered"},
    {"form", "quick", "WORDS", read_quick, FORM(does.quick), AGAIN,
	"buttons under it"},
    {"form", "menu", "NAME", read_menu_name, FORM(does.menu), PLAIN,
	"show that menu then"},
    {"form", "tag", "TAGS", read_tags, FORM(does.tags), AGAIN,
	"tags to add then; @tag is the contact's"},
    {"form", "handoff", "yes|no|REASON", read_handoff, FORM(does.handoff),
	PLAIN, "hand over to people then"},
    {"question", "text", "TEXT", read_text, ASK(text), PLAIN,
	"the question"},
    {"question", "quick", "WORDS", read_quick, ASK(quick), AGAIN,
	"answers to tap"},
    {"question", "only", "no|yes", read_choice, ASK(only), ONE_OF(yes_no),
	"no other answer than those will do"},
    {"question", "kind", "text|number|email|phone|date", read_choice,
	ASK(kind), ONE_OF(kind_names), "what an answer has to look like"},
    {"question", "invalid", "TEXT", read_text, ASK(invalid), PLAIN,
	"said to one that will not do, before it is asked again"},
    {"question", "field", "NAME", read_label, ASK(field), PLAIN,
	"the answer becomes this field of the contact"},
    {"question", "tag", "no|conversation|contact", read_choice, ASK(tag),
	ONE_OF(tag_ons), "the answer becomes a tag"},
    {"question", "optional", "LABEL", read_label, ASK(optional), PLAIN,
	"a button that leaves the question out"},
    {"hours", "daily", "HOURS", read_days, 0, NULL, 0, 6, false,
	"of each day of the week"},
    {"hours", "weekdays", "HOURS", read_days, 0, NULL, 1, 5, false,
	"of Monday to Friday"},
    {"hours", "mon", "HOURS", read_day, WEEK(1), PLAIN, "of Mondays"},
    {"hours", "tue", "HOURS", read_day, WEEK(2), PLAIN, "of Tuesdays"},
    {"hours", "wed", "HOURS", read_day, WEEK(3), PLAIN, "of Wednesdays"},
    {"hours", "thu", "HOURS", read_day, WEEK(4), PLAIN, "of Thursdays"},
    {"hours", "fri", "HOURS", read_day, WEEK(5), PLAIN, "of Fridays"},
    {"hours", "sat", "HOURS", read_day, WEEK(6), PLAIN, "of Saturdays"},
    {"hours", "sun", "HOURS", read_day, WEEK(0), PLAIN, "of Sundays"},
    {"hours", "holiday", "HOURS", read_day, ROOT(hours.holiday), PLAIN,
	"of public holidays, whatever day of the week"},
    {"hours", "holidays", "jp|none|FILE", read_holidays, 0, PLAIN,
	"which days those are"},
    {"hours", "closed", "DAYS", read_closed, 0, AGAIN,
	"own closing days: a date, or two with .. between"},
    {"hours", "open", "DAYS HOURS", read_open, 0, AGAIN,
	"other hours on one day, or from one to another"},
    {"handoff", "open", "TEXT", read_text, ROOT(handoff_open), PLAIN,
	"said once to whoever is handed over to people"},
    {"handoff", "closed", "TEXT", read_text, ROOT(handoff_closed), PLAIN,
	"the same outside the hours"},
    {0},
};
/* clang-format on */
