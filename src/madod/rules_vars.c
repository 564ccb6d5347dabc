/*
 * The variables of rules.conf's texts, and the form in which words are
 * compared. Pure; asked by rules*.c and, for what there is, by the reader.
 */
#include <string.h>

#include <mado/text.h>

#include "rules_form.h"

/* What variables say, by [bot] language. */
static const struct words {
	const char *closed, *between, *and, *now, *today, *tomorrow;
	const char *days[7];
	const char *about, *minutes, *hours, *a_while, *somebody;
} wordings[] = {
    {"休み", "～", "、", "ただいま", "本日", "明日",
	{"日", "月", "火", "水", "木", "金", "土"}, "約", "分", "時間",
	"しばらく", "お客"},
    {"closed", "-", ", ", "now", "today", "tomorrow",
	{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}, "about ", " min",
	" h", "a while", "there"},
};

static const struct words *
words_in(const struct rules_scene *s)
{
	return &wordings[rules_bot(s->r)->language];
}

static void
var_contact_name(
    struct buf *b, const struct rules_scene *s, const char *rest, size_t n)
{
	(void)rest;
	(void)n;
	buf_puts(b,
	    s->in->contact_name != NULL ? s->in->contact_name
					: words_in(s)->somebody);
}

static void
var_conversation_number(
    struct buf *b, const struct rules_scene *s, const char *rest, size_t n)
{
	(void)rest;
	(void)n;
	buf_printf(b, "%lld", (long long)s->in->conversation);
}

static void
put_minute(struct buf *b, int minute)
{
	buf_printf(b, "%d:%02d", minute / 60, minute % 60);
}

static void
var_hours_today(
    struct buf *b, const struct rules_scene *s, const char *rest, size_t n)
{
	const struct rules_day *d = rules_hours_day(&s->r->hours, s->now.day);
	const struct words *w = words_in(s);

	(void)rest;
	(void)n;
	if (d->n == 0)
		buf_puts(b, w->closed);
	for (size_t i = 0; i < d->n; i++) {
		buf_puts(b, i > 0 ? w->and : "");
		put_minute(b, d->v[i].from);
		buf_puts(b, w->between);
		put_minute(b, d->v[i].to);
	}
}

/* The day as seen from today. */
static void
put_day(struct buf *b, const struct rules_scene *s, int64_t day)
{
	const struct words *w = words_in(s);
	int year, month, mday;

	if (day == s->now.day)
		buf_puts(b, w->today);
	else if (day == s->now.day + 1)
		buf_puts(b, w->tomorrow);
	else {
		rules_date_of(day, &year, &month, &mday);
		buf_printf(
		    b, "%d/%d(%s)", month, mday, w->days[rules_weekday(day)]);
	}
}

static void
var_hours_next(
    struct buf *b, const struct rules_scene *s, const char *rest, size_t n)
{
	struct rules_clock next;

	(void)rest;
	(void)n;
	if (!rules_hours_next(&s->r->hours, s->now, &next))
		buf_puts(b, "-");
	else if (next.day == s->now.day && next.minute == s->now.minute)
		buf_puts(b, words_in(s)->now);
	else {
		put_day(b, s, next.day);
		buf_putc(b, ' ');
		put_minute(b, next.minute);
	}
}

static void
var_queue_place(
    struct buf *b, const struct rules_scene *s, const char *rest, size_t n)
{
	int64_t place = s->in->queue_place;

	(void)rest;
	(void)n;
	buf_printf(b, "%lld", (long long)(place > 0 ? place : 1));
}

/* In minutes rounded up, from an hour and a half on in hours. */
static void
var_queue_wait(
    struct buf *b, const struct rules_scene *s, const char *rest, size_t n)
{
	const struct words *w = words_in(s);
	int minutes = (int)((s->in->queue_wait_ms + 59999) / 60000);

	(void)rest;
	(void)n;
	if (minutes <= 0)
		buf_puts(b, w->a_while);
	else if (minutes < 90)
		buf_printf(b, "%s%d%s", w->about, minutes, w->minutes);
	else
		buf_printf(
		    b, "%s%d%s", w->about, (minutes + 30) / 60, w->hours);
}

static bool
put_field(struct buf *b, const struct rules_field *v, size_t n_fields,
    const char *name, size_t n)
{
	for (size_t i = 0; i < n_fields; i++)
		if (strncmp(v[i].name, name, n) == 0 && v[i].name[n] == '\0') {
			buf_puts(b, v[i].value);
			return true;
		}
	return false;
}

static void
var_field(
    struct buf *b, const struct rules_scene *s, const char *rest, size_t n)
{
	if (!put_field(b, s->fields, s->n_fields, rest, n))
		put_field(b, s->in->fields, s->in->n_fields, rest, n);
}

static const struct rules_var vars[] = {
    {"contact.name", var_contact_name},
    {"conversation.number", var_conversation_number},
    {"hours.today", var_hours_today},
    {"hours.next", var_hours_next},
    {"queue.place", var_queue_place},
    {"queue.wait", var_queue_wait},
    {"field.", var_field},
};

static size_t
var_len(const struct rules_var *v)
{
	return strlen(v->name);
}

const struct rules_var *
rules_var_find(const char *name, size_t n)
{
	for (size_t i = 0; i < sizeof(vars) / sizeof(vars[0]); i++) {
		size_t len = var_len(&vars[i]);
		bool open = vars[i].name[len - 1] == '.';

		if ((open ? n > len : n == len) &&
		    memcmp(vars[i].name, name, len) == 0)
			return &vars[i];
	}
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

void
rules_var_names(struct buf *b)
{
	for (size_t i = 0; i < sizeof(vars) / sizeof(vars[0]); i++)
		buf_printf(b, "%s{{%s%s}}", i > 0 ? ", " : "", vars[i].name,
		    vars[i].name[var_len(&vars[i]) - 1] == '.' ? "NAME" : "");
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
rules_expand(const char *text, const struct rules_scene *s, struct arena *a)
{
	struct buf b = {0};
	const char *name, *out;
	size_t n;

	if (text == NULL)
		return NULL;
	while ((name = rules_var_next(text, &n)) != NULL) {
		const struct rules_var *v = rules_var_find(name, n);
		size_t len = var_len(v);

		buf_add(&b, text, (size_t)(name - 2 - text));
		v->put(&b, s, name + len, n - len);
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
