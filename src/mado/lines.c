/*
 * Building the history's lines. The customer stands on the left, bot and
 * agents on the right, acts in the middle. Called by pane_history.c when the
 * window of messages or the width changed.
 */
#include "lines.h"

#include <mado/buf.h>
#include <mado/text.h>

#include <string.h>

#include "i18n.h"
#include "said.h"
#include "say.h"

enum { WHY_MIN_COLS = 4 };

struct build {
	struct lines *l;
	const struct lines_in *in;
	size_t msg; /* whose lines are being made */
	enum ui_role role;
	unsigned flags;
	int cols;         /* of the text block */
	size_t first;     /* its first line */
	const char *lead; /* before each line of it: "> ", "" */
};

void
lines_free(struct lines *l)
{
	x_free(l->v);
	if (l->a != NULL)
		arena_free(l->a);
	memset(l, 0, sizeof(*l));
}

static struct hist_line *
add(struct build *b)
{
	struct lines *l = b->l;
	struct hist_line *h;

	if (l->n == l->cap) {
		l->cap = l->cap == 0 ? 256 : l->cap * 2;
		l->v = x_realloc(l->v, l->cap, sizeof(*l->v));
	}
	h = &l->v[l->n++];
	memset(h, 0, sizeof(*h));
	h->msg = b->msg;
	return h;
}

static void
put(struct hist_line *h, enum ui_role role, const char *p, size_t n)
{
	if (n == 0 || h->pieces == 3)
		return;
	h->piece[h->pieces++] = (struct line_piece){p, n, role};
}

/* Move a buffer's text into the lines' arena as a piece. */
static void
put_buf(struct build *b, struct hist_line *h, enum ui_role role, struct buf *t)
{
	put(h, role, arena_strndup(b->l->a, buf_str(t), t->n), t->n);
	buf_free(t);
}

static int
width_of(const struct hist_line *h)
{
	int w = 0;

	if (h->flags & LINE_PICTURE)
		return h->cols;
	for (int i = 0; i < h->pieces; i++)
		w += text_width(h->piece[i].p, h->piece[i].n);
	return w;
}

static void
rule(struct build *b, enum ui_role role, unsigned flags, struct buf *t)
{
	struct hist_line *h = add(b);

	h->flags = LINE_RULE | flags;
	put_buf(b, h, role, t);
}

static void
add_day(struct build *b, const struct msg *m, const struct msg *prev)
{
	struct buf t = {0};

	if (prev != NULL && say_same_day(prev->at_ms, m->at_ms))
		return;
	say_day(&t, m->at_ms, b->in->now_ms);
	rule(b, UI_DAY, LINE_ABOVE, &t);
}

/* "#17 resolved 10/2 4/5" above what another conversation of them holds. */
static void
add_title(struct build *b, const struct msg *m, const struct msg *prev)
{
	const struct conv *c;
	struct buf t = {0};

	if (prev != NULL ? prev->conversation == m->conversation
			 : m->conversation == b->in->number)
		return;
	buf_printf(&t, "#%lld", (long long)m->conversation);
	c = b->in->conv == NULL ? NULL
				: b->in->conv(m->conversation, b->in->arg);
	if (c != NULL && m->conversation != b->in->number) {
		buf_printf(&t, " %s", say_status(c->status));
		if (c->resolved_ms != 0) {
			buf_putc(&t, ' ');
			say_date(&t, c->resolved_ms, b->in->now_ms);
		}
		if (c->csat != NULL && c->csat->score > 0)
			buf_printf(&t, " %d/5", (int)c->csat->score);
	}
	rule(b, UI_TITLE, LINE_ABOVE, &t);
}

static void
add_quote(struct build *b, const struct quote *q)
{
	struct hist_line *h = add(b);
	const char *text = q->text == NULL ? "" : q->text;
	struct buf t = {0};

	buf_puts(&t, "> ");
	text_fit(&t, text, b->cols - 2, "~", false);
	put_buf(b, h, UI_QUOTE, &t);
}

static bool
on_wrapped(void *arg, struct text_line w)
{
	struct build *b = arg;
	struct hist_line *h = add(b);

	put(h, b->role, b->lead, strlen(b->lead));
	put(h, b->role, w.p, w.n);
	return true;
}

static void
add_block(
    struct build *b, const char *text, enum ui_role role, const char *lead)
{
	size_t n = text == NULL ? 0 : strlen(text);

	while (n > 0 && text[n - 1] == '\n')
		n--;
	b->role = role;
	b->lead = lead;
	text_wrap(text, n, b->cols - (int)strlen(lead), on_wrapped, b);
}

/* An automatic act, a handoff: one line where it fits, with its reason and
 * time. */
static void
add_aside(struct build *b, const struct msg *m)
{
	struct buf t = {0};
	const char *text = said_text(m, b->l->a);

	b->cols = b->in->cols;
	if (m->quoted != NULL) /* what a handoff is about */
		add_quote(b, m->quoted);
	buf_add(&t, text, strcspn(text, "\n"));
	if (m->why != NULL && *m->why != '\0' &&
	    strstr(m->text, m->why) == NULL)
		buf_printf(&t, ": %s", said_phrase(m->why, b->l->a));
	buf_putc(&t, ' ');
	say_clock(&t, m->at_ms);
	if (text_width(buf_str(&t), t.n) + 4 <= b->in->cols) {
		rule(b, UI_EVENT, 0, &t);
		return;
	}
	add_block(b, arena_strdup(b->l->a, buf_str(&t)), UI_EVENT, "");
	buf_free(&t);
}

/* What the customer got, the desk's own survey too. */
static bool
is_right(const struct msg *m)
{
	return m->from != FROM_CUSTOMER && m->type != MSG_NOTE;
}

static enum ui_role
role_of(const struct msg *m)
{
	if (m->type == MSG_NOTE)
		return UI_NOTE;
	if (m->from == FROM_BOT || m->from == FROM_SYSTEM)
		return UI_BOT;
	if (m->from == FROM_AGENT)
		return UI_AGENT;
	return UI_TEXT;
}

static void
say_head(struct build *b, const struct msg *m, struct buf *t)
{
	if (m->type == MSG_NOTE)
		buf_printf(t, "%s  ", _("NOTE, stays inside"));
	buf_printf(t, "%s  ", say_from(m, b->in->contact));
	say_clock(t, m->at_ms);
	if (m->edited)
		buf_printf(t, "  %s", _("edited"));
}

/* Which rule or FAQ of the desk it was, in the room that is left: what became
 * of the send is worth more. */
static void
say_why(struct build *b, const struct msg *m, int cols, struct buf *t)
{
	cols -= text_width(buf_str(t), t->n) + 2;
	if (m->why == NULL || *m->why == '\0' || cols < WHY_MIN_COLS ||
	    (m->from != FROM_BOT && m->from != FROM_SYSTEM))
		return;
	buf_puts(t, "  ");
	text_fit(t, said_phrase(m->why, b->l->a), cols, "~", false);
}

static void
add_head(struct build *b, const struct msg *m)
{
	struct hist_line *h = add(b);
	struct buf t = {0}, mark = {0};
	struct msg local = *m;
	enum ui_role role;
	int over;

	h->flags = LINE_HEAD;
	say_head(b, m, &t);
	if (m->error != NULL)
		local.error = said_phrase(m->error, b->l->a);
	role = say_mark(&mark, &local, b->in->ascii);
	say_why(b, m, b->in->cols - 2 - text_width(buf_str(&mark), mark.n), &t);
	if (mark.n > 0)
		buf_puts(&t, "  ");
	put_buf(
	    b, h, is_right(m) || m->type == MSG_NOTE ? UI_DIM : UI_NAME, &t);
	if (mark.n > 0)
		put_buf(b, h, role, &mark);
	buf_free(&mark);
	over = b->in->cols - width_of(h);
	if (is_right(m) && over > 0) {
		h->flags |= LINE_RIGHT;
		h->indent = over;
	}
}

/* Move a block of lines to the right as a whole, by its widest line. */
static void
align_block(struct build *b, size_t first)
{
	int widest = 0, w;

	for (size_t i = first; i < b->l->n; i++) {
		w = width_of(&b->l->v[i]);
		widest = w > widest ? w : widest;
	}
	for (size_t i = first; i < b->l->n; i++) {
		b->l->v[i].flags |= LINE_RIGHT;
		b->l->v[i].indent =
		    b->in->cols > widest ? b->in->cols - widest : 0;
	}
}

static void
add_picture(struct build *b, const struct msg *m)
{
	struct picture_rows rows;

	if (b->in->picture == NULL ||
	    !b->in->picture(m, b->cols, &rows, b->in->arg))
		return;
	for (int i = 0; i < rows.n; i++) {
		struct hist_line *h = add(b);
		size_t n = strlen(rows.v[i]);

		h->flags = LINE_PICTURE;
		h->cols = rows.cols;
		put(h, UI_TEXT, arena_strndup(b->l->a, rows.v[i], n), n);
	}
}

static void
add_message(struct build *b, const struct msg *m)
{
	size_t first;

	add_head(b, m);
	first = b->l->n;
	b->cols = b->in->cols * (is_right(m) ? 4 : 5) / 5;
	if (b->cols < 16)
		b->cols = b->in->cols;
	if (m->quoted != NULL)
		add_quote(b, m->quoted);
	add_block(
	    b, said_text(m, b->l->a), m->unsent ? UI_DIM : role_of(m), "");
	add_picture(b, m);
	if (m->state == STATE_FAILED || m->state == STATE_UNCONFIRMED ||
	    m->state == STATE_HELD) {
		b->cols = b->in->cols;
		add_block(b,
		    m->state == STATE_UNCONFIRMED
			? _("X sends it again, D lets it be: it may have "
			    "arrived")
			: _("X sends it again, D drops it"),
		    UI_DIM, "");
	}
	if (is_right(m))
		align_block(b, first);
}

void
lines_build(struct lines *l, const struct lines_in *in)
{
	struct build b = {.l = l, .in = in};
	const struct msg *prev = NULL;

	if (l->a == NULL)
		l->a = arena_new();
	arena_reset(l->a);
	l->n = 0;
	for (size_t i = 0; i < in->n; i++) {
		const struct msg *m = in->msgs[i];

		b.msg = i;
		add_title(&b, m, prev);
		add_day(&b, m, prev);
		if (m->type == MSG_EVENT)
			add_aside(&b, m);
		else
			add_message(&b, m);
		prev = m;
	}
}

size_t
lines_first(const struct lines *l, size_t msg)
{
	size_t lo = 0, hi = l->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (l->v[mid].msg < msg)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

size_t
lines_own(const struct lines *l, size_t msg)
{
	size_t i = lines_first(l, msg);

	while (i < l->n && (l->v[i].flags & LINE_ABOVE))
		i++;
	return i;
}

size_t
lines_end(const struct lines *l, size_t msg)
{
	return lines_first(l, msg + 1);
}
