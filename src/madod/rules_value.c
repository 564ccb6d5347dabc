/*
 * The values of rules.conf's keys: words, labels, texts, choices, times, hours,
 * each read into the slot of the section's struct. Must not look at other
 * lines: what needs the whole file is rules_read.c's. Chosen by rules_keys.c.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <mado/text.h>

#include "rules_read.h"

#define DAY_MS INT64_C(86400000)

struct rules_piece
rules_piece_of(struct rules_reader *rd, const char *s, const char *end)
{
	while (s < end && strchr(" \t\n", *s) != NULL)
		s++;
	while (end > s && strchr(" \t\n", end[-1]) != NULL)
		end--;
	return (struct rules_piece){
	    s, arena_strndup(rd->r->a, s, (size_t)(end - s))};
}

struct rules_piece
rules_piece(struct rules_reader *rd)
{
	const char *s = rd->it->value;

	return rules_piece_of(rd, s, s + strlen(s));
}

/* Step through "a | b | c"; *s is NULL after the last. */
static struct rules_piece
next_piece(struct rules_reader *rd, const char **s)
{
	const char *end = *s + strcspn(*s, "|");
	struct rules_piece p = rules_piece_of(rd, *s, end);

	*s = *end == '|' ? end + 1 : NULL;
	return p;
}

/* It grows where its length is a power of two. */
static void
list_add(struct rules_reader *rd, struct strs *list, const char *s)
{
	const char **v;

	if ((list->n & (list->n - 1)) == 0) {
		v = rules_new(rd, list->n > 0 ? 2 * list->n : 1, const char *);
		if (list->n > 0)
			memcpy(v, list->v, list->n * sizeof(*v));
		list->v = v;
	}
	list->v[list->n++] = s;
}

/* Each piece of a list through `one`, which adds it or says what is wrong. */
static int
read_pieces(struct rules_reader *rd, const struct rules_key *k,
    int (*one)(
	struct rules_reader *, const struct rules_key *, struct rules_piece))
{
	const char *s = rd->it->value;
	int rv = 0;

	while (s != NULL) {
		struct rules_piece p = next_piece(rd, &s);

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
one_word(
    struct rules_reader *rd, const struct rules_key *k, struct rules_piece p)
{
	const char *folded = rules_fold(rd->r->a, p.text);

	if (*folded == '\0')
		return rules_fail(
		    rd, p.at, "\"%s\" is empty once folded", p.text);
	list_add(rd, SLOT(rd, k, struct strs), folded);
	return 0;
}

int
rules_value_words(struct rules_reader *rd, const struct rules_key *k)
{
	return read_pieces(rd, k, one_word);
}

static int
one_as_is(
    struct rules_reader *rd, const struct rules_key *k, struct rules_piece p)
{
	list_add(rd, SLOT(rd, k, struct strs), p.text);
	return 0;
}

int
rules_value_list(struct rules_reader *rd, const struct rules_key *k)
{
	return read_pieces(rd, k, one_as_is);
}

static int
one_tag(
    struct rules_reader *rd, const struct rules_key *k, struct rules_piece p)
{
	const char *tag = p.text + (*p.text == '@');

	if (*tag == '\0' || strlen(tag) > TAG_MAX_B ||
	    tag[strcspn(tag, " ,\t\n")] != '\0')
		return rules_fail(rd, p.at,
		    "a tag is 1 to %d bytes without blanks or commas",
		    TAG_MAX_B);
	return one_as_is(rd, k, p);
}

int
rules_value_tags(struct rules_reader *rd, const struct rules_key *k)
{
	return read_pieces(rd, k, one_tag);
}

int
rules_check_label(struct rules_reader *rd, struct rules_piece p)
{
	size_t n = text_graphemes(p.text);

	return n <= LABEL_MAX_GRAPHEMES
	    ? 0
	    : rules_fail(rd, p.at,
		  "the label \"%s\" has %zu characters, LINE takes %d", p.text,
		  n, LABEL_MAX_GRAPHEMES);
}

static int
one_label(
    struct rules_reader *rd, const struct rules_key *k, struct rules_piece p)
{
	struct strs *list = SLOT(rd, k, struct strs);

	if (list->n == QUICK_REPLIES_MAX)
		return rules_fail(rd, p.at, "%zu quick replies, LINE takes %d",
		    list->n + 1, QUICK_REPLIES_MAX);
	return rules_check_label(rd, p) == 0 ? one_as_is(rd, k, p) : -1;
}

int
rules_value_quick(struct rules_reader *rd, const struct rules_key *k)
{
	return read_pieces(rd, k, one_label);
}

/* A label, or words that stand alone. */
int
rules_value_label(struct rules_reader *rd, const struct rules_key *k)
{
	struct rules_piece p = rules_piece(rd);

	if (*p.text == '\0' || strpbrk(p.text, "\n\t") != NULL)
		return rules_fail(
		    rd, p.at, "\"%s\" is words on one line", k->name);
	*SLOT(rd, k, const char *) = p.text;
	return rules_check_label(rd, p);
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
int
rules_check_text(
    struct rules_reader *rd, struct rules_piece p, const char *what)
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

int
rules_value_text(struct rules_reader *rd, const struct rules_key *k)
{
	struct rules_piece p = {rd->it->value, NULL};

	p.text = arena_strdup(rd->r->a, p.at);
	*SLOT(rd, k, const char *) = p.text;
	return rules_check_text(rd, p, k->name);
}

/* yes: the customer asked for a person; no: never; else the reason itself. */
int
rules_value_handoff(struct rules_reader *rd, const struct rules_key *k)
{
	static const struct {
		const char *word, *reason;
	} answers[] = {{"yes", "asked for a person"}, {"no", NULL}};
	struct rules_piece p = rules_piece(rd);

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

int
rules_value_choice(struct rules_reader *rd, const struct rules_key *k)
{
	struct rules_piece p = rules_piece(rd);
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

int
rules_value_number(struct rules_reader *rd, const struct rules_key *k)
{
	struct rules_piece p = rules_piece(rd);
	int64_t v = amount(p.text, "", NULL);

	if (v < k->min || v > k->max)
		return rules_fail(rd, p.at,
		    "\"%s\" is a number from %lld to %lld", k->name,
		    (long long)k->min, (long long)k->max);
	*SLOT(rd, k, int64_t) = v;
	return 0;
}

int
rules_value_span(struct rules_reader *rd, const struct rules_key *k)
{
	static const int64_t sizes[] = {1000, 60000, 3600000, 86400000};
	struct rules_piece p = rules_piece(rd);
	int64_t v = amount(p.text, "smhd", sizes);

	if (v < k->min || v > k->max)
		return rules_fail(rd, p.at,
		    "\"%s\" is a time such as 90s, 30m, 12h or 7d, of at "
		    "most %lldd",
		    k->name, (long long)(k->max / DAY_MS));
	*SLOT(rd, k, int64_t) = v;
	return 0;
}

int
rules_value_date(struct rules_reader *rd, const struct rules_key *k)
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

int
rules_value_day(struct rules_reader *rd, const struct rules_key *k)
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
int
rules_value_days(struct rules_reader *rd, const struct rules_key *k)
{
	struct rules_key one = *k;

	for (int64_t i = k->min; i <= k->max; i++) {
		one.off = offsetof(struct rules, hours.week[i]);
		if (rules_value_day(rd, &one) == -1)
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

int
rules_value_closed(struct rules_reader *rd, const struct rules_key *k)
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

int
rules_value_open(struct rules_reader *rd, const struct rules_key *k)
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
int
rules_value_holidays(struct rules_reader *rd, const struct rules_key *k)
{
	struct rules_hours *h = &rd->r->hours;
	struct rules_piece p = rules_piece(rd);
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
