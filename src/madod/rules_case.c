/* See rules_case.h. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <mado/buf.h>
#include <mado/text.h>
#include <mado/when.h>

#include "rules_case.h"
#include "rules_state.h"

/* Monday, where no case says another time. */
static const struct tm first_day = {.tm_year = 2026 - 1900,
    .tm_mon = 0,
    .tm_mday = 5,
    .tm_hour = 10,
    .tm_isdst = -1};

struct rehearsal {
	const struct rules *r;
	struct rules_cases *cases;
	struct arena *a;
	int line;       /* under way */
	int turn_line;  /* of what the customer did last */
	bool failed;    /* this case */
	bool people;    /* it was handed over */
	bool handed;    /* just now */
	bool told_hand; /* and the case said so */
	struct rules_input in;
	struct rules_state state;
	struct rules_verdict v;     /* of the last turn */
	size_t said;                /* its bubbles that the case has named */
	struct strs tags;           /* of all turns */
	struct rules_field *fields; /* of all turns, the last ones count */
	size_t n_fields;
};

static void failure(struct rehearsal *h, int line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void
failure(struct rehearsal *h, int line, const char *fmt, ...)
{
	char *what;
	va_list ap;

	va_start(ap, fmt);
	what = x_vsprintf(fmt, ap);
	va_end(ap);
	fprintf(h->cases->out, "%s:%d: %s\n", h->cases->name, line, what);
	x_free(what);
	if (!h->failed)
		h->cases->failed++;
	h->failed = true;
}

/* A bubble as cases write it: on one line. */
static const char *
one_line(struct rehearsal *h, const struct bubble *u)
{
	const char *s = bubble_line(u, h->a);
	struct buf b = {0};

	for (; *s != '\0'; s++) {
		if (*s == '\n' || *s == '\\')
			buf_puts(&b, *s == '\n' ? "\\n" : "\\\\");
		else
			buf_putc(&b, *s);
	}
	s = arena_strdup(h->a, buf_str(&b));
	buf_free(&b);
	return s;
}

/* And back. */
static const char *
unescaped(struct rehearsal *h, const char *s)
{
	char *out = arena_strdup(h->a, s), *w = out;

	for (; *s != '\0'; s++) {
		if (*s == '\\' && (s[1] == 'n' || s[1] == '\\')) {
			*w++ = s[1] == 'n' ? '\n' : '\\';
			s++;
		} else
			*w++ = *s;
	}
	*w = '\0';
	return out;
}

/* --- what happens */

/* Whatever the last turn did has to have been named. */
static void
end_turn(struct rehearsal *h)
{
	for (; h->said < h->v.says.n; h->said++)
		failure(h, h->turn_line, "the bot also says: %s",
		    one_line(h, &h->v.says.v[h->said]));
	if (h->handed && !h->told_hand)
		failure(h, h->turn_line, "handed over to people: %s", h->v.why);
	h->handed = h->told_hand = false;
}

/* A list and what comes before it, as one. */
static void *
joined(struct arena *a, size_t size, const void *first, size_t n,
    const void *more, size_t n_more)
{
	char *v = arena_calloc(a, n + n_more + 1, size);

	if (n > 0)
		memcpy(v, first, n * size);
	if (n_more > 0)
		memcpy(v + n * size, more, n_more * size);
	return v;
}

static void
keep_facts(struct rehearsal *h)
{
	const struct rules_verdict *v = &h->v;

	h->tags.v = joined(h->a, sizeof(*h->tags.v), h->tags.v, h->tags.n,
	    v->tags.v, v->tags.n);
	h->tags.n += v->tags.n;
	/* the latest first: that is what is found */
	h->fields = joined(h->a, sizeof(*h->fields), v->fields, v->n_fields,
	    h->fields, h->n_fields);
	h->n_fields += v->n_fields;
	h->in.fields = h->fields;
	h->in.n_fields = h->n_fields;
}

/* What no rule knows goes to people. */
static void
decide_alone(void *arg, const struct rules *r, const struct rules_input *in,
    struct arena *a, struct rules_verdict *out)
{
	(void)arg;
	rules_decide(r, in, a, out);
	if (out->act != RULES_NONE || in->event != RULES_MESSAGE)
		return;
	rules_hand_over(r, in, a, out);
	out->act = RULES_HANDOFF;
}

static void
turn(struct rehearsal *h, enum rules_event event)
{
	end_turn(h);
	h->turn_line = h->line;
	h->said = 0;
	h->v = (struct rules_verdict){.act = RULES_ANSWER, .why = "people"};
	if (h->people)
		return;
	h->in.event = event;
	h->in.state = &h->state;
	if (h->cases->decide != NULL)
		h->cases->decide(h->cases->arg, h->r, &h->in, h->a, &h->v);
	else
		decide_alone(NULL, h->r, &h->in, h->a, &h->v);
	h->people = h->handed = h->v.act == RULES_HANDOFF;
	h->state = h->v.state;
	keep_facts(h);
	if (event == RULES_MESSAGE)
		h->in.opened = false;
}

static void
message(struct rehearsal *h, const char *text, int type, bool tapped)
{
	h->in.text = text;
	h->in.msg_type = type;
	h->in.tapped = tapped;
	turn(h, RULES_MESSAGE);
}

static int
say_case(struct rehearsal *h, const char *rest, struct err *e)
{
	struct tm tm = first_day;

	(void)rest;
	(void)e;
	end_turn(h);
	h->cases->cases++;
	h->failed = h->people = false;
	h->state = (struct rules_state){0};
	h->v = (struct rules_verdict){0};
	h->said = 0;
	h->tags.n = h->n_fields = 0;
	h->in = (struct rules_input){.contact_name = "山田 花子",
	    .conversation = 42,
	    .opened = true,
	    .now_ms = (int64_t)mktime(&tm) * 1000,
	    .queue_place = 1};
	return 0;
}

static int
say_time(struct rehearsal *h, const char *rest, struct err *e)
{
	int64_t due = rules_due(h->r, &h->state);

	if (when_parse(rest, h->in.now_ms, &h->in.now_ms, e) == -1)
		return -1;
	if (due != 0 && h->in.now_ms >= due)
		turn(h, RULES_TIMEOUT);
	return 0;
}

static int
say_contact(struct rehearsal *h, const char *rest, struct err *e)
{
	(void)e;
	h->in.contact_name = rest;
	return 0;
}

static int
say_channel(struct rehearsal *h, const char *rest, struct err *e)
{
	(void)e;
	h->in.channel = rest;
	return 0;
}

/* "3" or "3 5m": the place, and how long others waited. */
static int
say_queue(struct rehearsal *h, const char *rest, struct err *e)
{
	char *end;
	long place = strtol(rest, &end, 10);
	int64_t then = h->in.now_ms;

	end += strspn(end, " ");
	if (place < 1 ||
	    (*end != '\0' && when_parse(end, then, &then, e) == -1))
		return err_set(e, ERR_INVALID,
		    "queue is a place and how long others waited: 3 5m");
	h->in.queue_place = place;
	h->in.queue_wait_ms = then - h->in.now_ms;
	return 0;
}

static int
say_customer(struct rehearsal *h, const char *rest, struct err *e)
{
	(void)e;
	message(h, unescaped(h, rest), MSG_TEXT, false);
	return 0;
}

static int
say_postback(struct rehearsal *h, const char *rest, struct err *e)
{
	(void)e;
	message(h, rest, MSG_EVENT, true);
	return 0;
}

/* A button under the last bubble. */
static int
say_tap(struct rehearsal *h, const char *rest, struct err *e)
{
	(void)e;
	for (size_t i = 0; i < h->v.quick.n; i++) {
		struct quick q = h->v.quick.v[i];

		if (strcmp(q.label, rest) != 0)
			continue;
		message(h, q.data != NULL ? q.data : q.text,
		    q.data != NULL ? MSG_EVENT : MSG_TEXT, q.data != NULL);
		return 0;
	}
	failure(h, h->line, "there is no button %s", rest);
	return 0;
}

static int
say_sticker(struct rehearsal *h, const char *rest, struct err *e)
{
	(void)rest;
	(void)e;
	message(h, "[sticker]", MSG_STICKER, false);
	return 0;
}

static int
say_follow(struct rehearsal *h, const char *rest, struct err *e)
{
	(void)rest;
	(void)e;
	turn(h, RULES_FOLLOW);
	return 0;
}

/* People give it back. */
static int
say_auto(struct rehearsal *h, const char *rest, struct err *e)
{
	(void)rest;
	(void)e;
	end_turn(h);
	h->people = false;
	return 0;
}

/* --- what has to have happened */

static const char *
next_said(struct rehearsal *h)
{
	if (h->said >= h->v.says.n) {
		failure(h, h->line, "the bot says nothing %s (%s)",
		    h->said > 0 ? "more" : "",
		    h->v.why != NULL ? h->v.why : "nobody wrote");
		return NULL;
	}
	return one_line(h, &h->v.says.v[h->said++]);
}

static int
want_bot(struct rehearsal *h, const char *rest, struct err *e)
{
	const char *got = next_said(h);

	(void)e;
	if (got != NULL && strcmp(got, rest) != 0)
		failure(h, h->line, "the bot says: %s", got);
	return 0;
}

static int
want_has(struct rehearsal *h, const char *rest, struct err *e)
{
	const char *got = next_said(h);

	(void)e;
	if (got != NULL && strstr(got, rest) == NULL)
		failure(h, h->line, "the bot says: %s", got);
	return 0;
}

static int
want_silent(struct rehearsal *h, const char *rest, struct err *e)
{
	(void)rest;
	(void)e;
	if (h->said < h->v.says.n)
		failure(h, h->line, "the bot says: %s", next_said(h));
	return 0;
}

static int
want_buttons(struct rehearsal *h, const char *rest, struct err *e)
{
	struct buf b = {0};

	(void)e;
	for (size_t i = 0; i < h->v.quick.n; i++)
		buf_printf(
		    &b, "%s%s", i > 0 ? " | " : "", h->v.quick.v[i].label);
	if (strcmp(buf_str(&b), rest) != 0)
		failure(h, h->line, "the buttons are: %s", buf_str(&b));
	buf_free(&b);
	return 0;
}

/* A reason is whole without the rule in brackets, too. */
static int
want_handoff(struct rehearsal *h, const char *rest, struct err *e)
{
	size_t n = strlen(rest);

	(void)e;
	h->told_hand = true;
	if (!h->handed)
		failure(h, h->line, "stays with the bot (%s)",
		    h->v.why != NULL ? h->v.why : "nobody wrote");
	else if (n > 0 &&
	    (strncmp(h->v.why, rest, n) != 0 ||
		(h->v.why[n] != '\0' && strncmp(h->v.why + n, " (", 2) != 0)))
		failure(h, h->line, "handed over: %s", h->v.why);
	return 0;
}

static int
want_rule(struct rehearsal *h, const char *rest, struct err *e)
{
	(void)e;
	if (h->v.rule == NULL || strcmp(h->v.rule, rest) != 0)
		failure(h, h->line, "it was: %s",
		    h->v.why != NULL ? h->v.why : "nobody wrote");
	return 0;
}

static int
want_why(struct rehearsal *h, const char *rest, struct err *e)
{
	(void)e;
	if (h->v.why == NULL || strstr(h->v.why, rest) == NULL)
		failure(h, h->line, "it was: %s",
		    h->v.why != NULL ? h->v.why : "nobody wrote");
	return 0;
}

/* A button that asks for that FAQ. */
static int
want_faq(struct rehearsal *h, const char *rest, struct err *e)
{
	const char *wanted = arena_sprintf(h->a, TAP_FAQ "0:%s", rest);

	(void)e;
	for (size_t i = 0; i < h->v.quick.n; i++)
		if (h->v.quick.v[i].data != NULL &&
		    strcmp(h->v.quick.v[i].data, wanted) == 0)
			return 0;
	failure(h, h->line, "no button for the FAQ %s", rest);
	return 0;
}

static int
want_tag(struct rehearsal *h, const char *rest, struct err *e)
{
	(void)e;
	for (size_t i = 0; i < h->tags.n; i++)
		if (strcmp(h->tags.v[i], rest) == 0)
			return 0;
	failure(h, h->line, "no tag %s", rest);
	return 0;
}

static int
want_field(struct rehearsal *h, const char *rest, struct err *e)
{
	const char *eq = strstr(rest, " = "), *got = NULL;

	if (eq == NULL)
		return err_set(e, ERR_INVALID, "field: NAME = VALUE");
	for (size_t i = 0; i < h->n_fields && got == NULL; i++)
		if (strlen(h->fields[i].name) == (size_t)(eq - rest) &&
		    strncmp(h->fields[i].name, rest, (size_t)(eq - rest)) == 0)
			got = h->fields[i].value;
	if (got == NULL)
		failure(h, h->line, "no field %.*s", (int)(eq - rest), rest);
	else if (strcmp(got, eq + 3) != 0)
		failure(h, h->line, "the field is: %s", got);
	return 0;
}

static const struct word {
	const char *name; /* with its colon */
	int (*run)(struct rehearsal *h, const char *rest, struct err *e);
} lines[] = {
    {"case:", say_case},
    {"time:", say_time},
    {"contact:", say_contact},
    {"channel:", say_channel},
    {"queue:", say_queue},
    {"customer:", say_customer},
    {"postback:", say_postback},
    {"tap:", say_tap},
    {"sticker:", say_sticker},
    {"follow:", say_follow},
    {"auto:", say_auto},
    {"bot:", want_bot},
    {"bot has:", want_has},
    {"silent:", want_silent},
    {"buttons:", want_buttons},
    {"handoff:", want_handoff},
    {"rule:", want_rule},
    {"why:", want_why},
    {"faq:", want_faq},
    {"tag:", want_tag},
    {"field:", want_field},
};

static const struct word *
word_of(const char *line)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (strncmp(line, lines[i].name, strlen(lines[i].name)) == 0)
			return &lines[i];
	return NULL;
}

static int
run_line(struct rehearsal *h, char *s, struct err *e)
{
	const struct word *w;
	size_t n;

	s += strspn(s, " \t");
	n = strcspn(s, "\r");
	while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t'))
		n--;
	s[n] = '\0';
	if (*s == '\0' || *s == '#')
		return 0;
	if ((w = word_of(s)) == NULL)
		return err_set(e, ERR_INVALID,
		    "a line is case:, time:, contact:, channel:, queue:, "
		    "customer:, tap:, postback:, sticker:, follow:, auto:, "
		    "bot:, bot has:, silent:, buttons:, handoff:, rule:, why:, "
		    "faq:, tag: or field:");
	if (h->cases->cases == 0 && w->run != say_case)
		return err_set(e, ERR_INVALID, "the first line is case: NAME");
	s += strlen(w->name);
	return w->run(h, s + strspn(s, " \t"), e);
}

int
rules_case_run(const struct rules *r, struct rules_cases *cases, struct err *e)
{
	struct rehearsal h = {.r = r, .cases = cases, .a = arena_new()};
	char *text = arena_strndup(h.a, cases->p, cases->n), *next;
	int rv = 0;

	cases->cases = cases->failed = 0;
	if (!text_is_utf8(cases->p, cases->n))
		rv = err_set(e, ERR_INVALID, "%s is not UTF-8", cases->name);
	for (; rv == 0 && text != NULL; text = next) {
		h.line++;
		next = strchr(text, '\n');
		if (next != NULL)
			*next++ = '\0';
		if ((rv = run_line(&h, text, e)) == -1)
			err_prefix(e, "%s:%d", cases->name, h.line);
	}
	if (rv == 0)
		end_turn(&h);
	arena_free(h.a);
	return rv;
}
