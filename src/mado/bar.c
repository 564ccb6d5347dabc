/*
 * The rows that are no pane: header and recipient. What does not fit is left
 * out by priority, never cut in the middle of a number.
 */
#include "ui.h"

#include <mado/mem.h>
#include <mado/text.h>
#include <mado/when.h>

#include <string.h>
#include <time.h>

#include "draw.h"
#include "i18n.h"
#include "say.h"

enum { WIDE_COLS = 110, VIEWS_SHOWN = 5 };

static int
width(const struct buf *b)
{
	return text_width(buf_str(b), b->n);
}

/* "live", "catching up", "offline 3m (queued 2)" */
static enum ui_role
say_link(struct ui *u, struct buf *b)
{
	int64_t since = sync_down_since(u->sync);

	switch (sync_link(u->sync)) {
	case SYNC_LIVE:
		buf_puts(b, _("live"));
		return UI_LIVE;
	case SYNC_CATCHING_UP:
		buf_puts(b, _("catching up"));
		return UI_LIVE;
	case SYNC_SIGNED_OUT:
		buf_puts(b, _("signed out"));
		return UI_OFFLINE;
	default:
		buf_puts(b, _("offline"));
		break;
	}
	if (since != 0) {
		buf_putc(b, ' ');
		say_span(b, when_now_ms() - since);
	}
	if (u->queued > 0)
		buf_printf(b, _(" (queued %zu)"), u->queued);
	return UI_OFFLINE;
}

/* How much of the header is said; each step leaves something out. */
enum amount { ALL, NO_SAVED, NO_CLOCK, NO_LIMIT, NUMBERS, ONE_VIEW };

struct header {
	struct ui *u;
	enum amount amount;
	bool wide;
};

static int64_t
problems(const struct ui *u)
{
	return u->counts[VIEW_PROBLEMS] + (int64_t)u->refused;
}

/* One view's entry; false when this amount leaves it out. */
static bool
say_entry(const struct header *h, enum view v, struct buf *b)
{
	bool on = h->u->rows.view == v && h->u->rows.saved == NULL;

	if (h->amount == ONE_VIEW && !on)
		return false;
	if (h->amount != ONE_VIEW)
		buf_printf(b, "%d ", (int)v + 1);
	if (h->amount < NUMBERS || on)
		buf_printf(b, "%s ", say_view(v, !h->wide));
	buf_printf(b, "%lld", (long long)h->u->counts[v]);
	return true;
}

static void
say_quota(const struct header *h, struct buf *b)
{
	const struct ui *u = h->u;

	if (u->quota_used < 0)
		return;
	buf_puts(b, h->wide ? _("quota ") : "Q");
	buf_printf(b, "%lld", (long long)u->quota_used);
	if (u->quota_limit >= 0 && h->amount < NO_LIMIT)
		buf_printf(b, "/%lld", (long long)u->quota_limit);
}

struct part {
	enum ui_role role;
	struct buf text;
};

enum { PARTS = VIEWS_SHOWN + VIEWS_DIGITS + 7 };

struct parts {
	struct part v[PARTS];
	int left, right; /* the left ones first, then those at the right end */
};

static struct buf *
part_add(struct parts *p, enum ui_role role)
{
	struct part *q = &p->v[p->left + p->right];

	q->role = role;
	return &q->text;
}

static void
part_keep(struct parts *p, bool left)
{
	if (p->v[p->left + p->right].text.n == 0)
		return;
	if (left)
		p->left++;
	else
		p->right++;
}

/* The saved ones that digits lead to, and the one that is shown. */
static void
fill_saved(const struct header *h, struct parts *p)
{
	const struct views *s = &h->u->set->views;

	for (size_t i = 0; i < s->n; i++) {
		bool on = h->u->rows.saved == &s->v[i];
		int64_t n = tally_count(h->u->tally, i);
		struct buf *b;

		if (!on && (i >= VIEWS_DIGITS || h->amount > ALL))
			continue;
		b = part_add(p, on ? UI_HEADER_ON : UI_HEADER);
		if (i < VIEWS_DIGITS && h->amount != ONE_VIEW)
			buf_printf(b, "%d ", (int)i + VIEWS_DIGIT);
		buf_puts(b, s->v[i].name);
		if (n >= 0)
			buf_printf(b, " %lld", (long long)n);
		part_keep(p, true);
	}
}

static void
fill_left(const struct header *h, struct parts *p)
{
	const struct saved_view *saved = h->u->rows.saved;
	int v, on = saved == NULL ? (int)h->u->rows.view : -1;

	for (v = VIEW_MINE; v < VIEWS_SHOWN; v++) {
		say_entry(h, (enum view)v,
		    part_add(p, on == v ? UI_HEADER_ON : UI_HEADER));
		part_keep(p, true);
	}
	fill_saved(h, p);
	if (on >= VIEWS_SHOWN) {
		say_entry(h, (enum view)on, part_add(p, UI_HEADER_ON));
		part_keep(p, true);
	}
}

static void
fill_right(const struct header *h, struct parts *p)
{
	struct ui *u = h->u;
	struct buf *b;

	if (h->amount != ONE_VIEW || problems(u) > 0) {
		b = part_add(p, problems(u) > 0 ? UI_PROBLEM : UI_HEADER);
		buf_printf(b, "!%lld", (long long)problems(u));
		part_keep(p, false);
	}
	if (h->wide) {
		buf_printf(part_add(p, UI_HEADER), "%s", u->me);
		part_keep(p, false);
	}
	say_quota(h, part_add(p, UI_HEADER));
	part_keep(p, false);
	b = part_add(p, UI_LIVE);
	if (u->set->clock && h->amount < NO_CLOCK) {
		say_clock(b, when_now_ms());
		buf_putc(b, ' ');
	}
	p->v[p->left + p->right].role = say_link(u, b);
	part_keep(p, false);
}

static int
parts_width(const struct parts *p, bool wide)
{
	int w = wide ? 13 : 0;

	for (int i = 0; i < p->left + p->right; i++)
		w += width(&p->v[i].text) + (i > 0 ? 2 : 0);
	return w;
}

static void
parts_reset(struct parts *p)
{
	for (int i = 0; i < PARTS; i++)
		buf_reset(&p->v[i].text);
	p->left = p->right = 0;
}

static void
parts_draw(struct ui *u, const struct parts *p, bool wide)
{
	struct pen pen = draw_at(0, 0, u->lay.cols);
	int w = 0;

	if (wide)
		draw_text(&pen, UI_HEADER, " madoguchi   ");
	for (int i = 0; i < p->left; i++) {
		if (i > 0)
			draw_text(&pen, UI_HEADER, "  ");
		draw_text(&pen, p->v[i].role, buf_str(&p->v[i].text));
	}
	for (int i = p->left; i < p->left + p->right; i++)
		w += width(&p->v[i].text) + (i > p->left ? 2 : 0);
	draw_to(&pen, UI_HEADER, u->lay.cols - w);
	for (int i = p->left; i < p->left + p->right; i++) {
		if (i > p->left)
			draw_text(&pen, UI_HEADER, "  ");
		draw_text(&pen, p->v[i].role, buf_str(&p->v[i].text));
	}
	draw_fill(&pen, UI_HEADER);
}

/* Is it worth a try? On a wide terminal short names only make room for saved
 * views; a narrow one has no others. */
static bool
is_step(const struct ui *u, const struct header *h, bool wide)
{
	if (u->lay.cols < u->set->layout_cols[1] || h->amount == ONE_VIEW)
		return h->amount == ONE_VIEW;
	if (!wide)
		return !h->wide;
	return h->wide || (h->amount == ALL && u->set->views.n > 0);
}

static bool
fill(const struct header *h, struct parts *p)
{
	parts_reset(p);
	fill_left(h, p);
	fill_right(h, p);
	return parts_width(p, h->wide) <= h->u->lay.cols;
}

void
bar_draw_header(struct ui *u)
{
	/* Short names before the saved views go, long ones before the rest. */
	static const struct {
		enum amount amount;
		bool wide;
	} steps[] = {{ALL, true}, {ALL, false}, {NO_SAVED, true},
	    {NO_SAVED, false}, {NO_CLOCK, true}, {NO_CLOCK, false},
	    {NO_LIMIT, true}, {NO_LIMIT, false}, {NUMBERS, true},
	    {NUMBERS, false}, {ONE_VIEW, false}};
	bool wide = u->lay.cols >= WIDE_COLS, fits = false;
	struct header h = {.u = u};
	struct parts p;

	memset(&p, 0, sizeof(p));
	for (size_t i = 0; !fits && i < sizeof(steps) / sizeof(*steps); i++) {
		h.amount = steps[i].amount;
		h.wide = steps[i].wide;
		if (is_step(u, &h, wide))
			fits = fill(&h, &p);
	}
	parts_draw(u, &p, h.wide);
	for (int i = 0; i < PARTS; i++)
		buf_free(&p.v[i].text);
}

/* Is the channel one of these lines? */
static bool
is_channel(const char *lines, const char *channel)
{
	size_t n = channel != NULL ? strlen(channel) : 0;
	const char *s = lines;

	while (s != NULL && n > 0 && (s = strstr(s, channel)) != NULL) {
		if (s[-1] == '\n' && s[n] == '\n')
			return true;
		s += n;
	}
	return false;
}

/* "free for 0:47", or what it will cost; few words in one pane. */
static void
draw_cost(struct ui *u, struct pen *p)
{
	bool few = u->lay.panes == 1;
	const char *gap = few ? " " : "   ";
	int64_t left = send_free_ms(u->conv, when_now_ms());
	struct buf b = {0};

	if (left > 0) {
		buf_printf(&b, "%s%s ", gap, _("free for"));
		say_left(&b, left, 1);
		buf_puts(&b, draw_is_ascii() || few ? "" : "  0円");
		draw_text(p, UI_FREE, buf_str(&b));
	} else if (is_channel(u->push_holds, u->conv->channel)) {
		draw_text(p, UI_WAIT,
		    _("   held until the customer writes; X pushes it"));
	} else if (is_channel(u->push_asks, u->conv->channel)) {
		draw_text(p, UI_WAIT,
		    _("   held until you say: X sends it, costs 1"));
	} else {
		buf_printf(&b, "%s%s", gap,
		    draw_is_ascii() ? _("costs 1 of the quota") : _("1通"));
		draw_text(p, UI_DIM, buf_str(&b));
	}
	buf_free(&b);
}

static void
draw_counter(struct ui *u, struct pen *p)
{
	struct buf b = {0};

	u->line_u16 = text_utf16_len(line_text());
	if (u->lay.panes == 1)
		buf_printf(&b, " %zu", u->line_u16);
	else
		buf_printf(&b, "   %zu/%d", u->line_u16, MSG_TEXT_MAX_U16);
	draw_text(
	    p, u->line_u16 > MSG_TEXT_MAX_U16 ? UI_BAD : UI_DIM, buf_str(&b));
	buf_free(&b);
}

static bool
draw_pending(struct ui *u, struct pen *p)
{
	const struct pending *q = send_pending(u, u->conv->number);
	struct buf b = {0};
	int64_t left;

	if (q == NULL)
		return false;
	left = (q->until_ms - when_mono_ms() + 999) / 1000;
	buf_printf(&b,
	    u->lay.panes == 1
		? _("leaves in %d s: Enter now, Ctrl-G back")
		: _("leaves in %d s: Enter lets it go, Ctrl-G takes it back"),
	    (int)(left < 0 ? 0 : left));
	draw_text(p, UI_FREE, buf_str(&b));
	buf_free(&b);
	return true;
}

/* It leaves later: when. */
static void
draw_later(struct ui *u, struct pen *p)
{
	time_t t = (time_t)(send_later_ms(u) / 1000);
	char text[80], when[32];
	struct tm tm;

	localtime_r(&t, &tm);
	strftime(when, sizeof(when), "%m-%d %H:%M", &tm);
	snprintf(text, sizeof(text), _("   leaves %s"), when);
	draw_text(p, UI_WAIT, text);
}

/* Whom it is for, or about. */
static void
draw_recipient(struct ui *u, struct pen *p, bool note)
{
	bool few = u->lay.panes == 1;
	struct buf b = {0};

	buf_puts(&b, note ? _("NOTE, stays inside: about ") : _("reply to "));
	buf_puts(&b, ui_name_of(u->conv));
	if (!note && !few)
		buf_puts(&b, " (LINE)");
	draw_cut(p,
	    u->line == LINE_CLOSED ? UI_DIM
		: note             ? UI_PROMPT_NOTE
				   : UI_PROMPT,
	    buf_str(&b),
	    !few       ? u->lay.cols - 30
		: note ? u->lay.cols - 6
		       : 22);
	buf_free(&b);
}

void
bar_draw_to(struct ui *u)
{
	struct pen p = draw_at(u->lay.to.y, u->lay.to.x, u->lay.to.w);
	bool note = u->line == LINE_NOTE;

	if (u->lay.to.h == 0 || u->conv == NULL)
		return;
	if (line_message() != NULL) {
		draw_text(&p, UI_PROMPT, line_message());
	} else if (!draw_pending(u, &p)) {
		draw_recipient(u, &p, note);
		if (!note && send_later_ms(u) != 0)
			draw_later(u, &p);
		else if (!note)
			draw_cost(u, &p);
		if (u->line == LINE_REPLY || note)
			draw_counter(u, &p);
		if (u->quote_text != NULL && u->line == LINE_REPLY &&
		    u->lay.panes > 1) {
			draw_text(&p, UI_QUOTE, "   > ");
			draw_text(&p, UI_QUOTE, u->quote_text);
		}
	}
	draw_fill(&p, UI_TEXT);
}
