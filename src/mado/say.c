/*
 * Times and states in words. Called by the panes, the header and the line.
 */
#include "say.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "i18n.h"

enum {
	SECOND = 1000,
	MINUTE = 60 * SECOND,
	HOUR = 60 * MINUTE,
	DAY = 24 * HOUR
};

static struct tm
local(int64_t ms)
{
	time_t t = (time_t)(ms / 1000);
	struct tm tm;

	localtime_r(&t, &tm);
	return tm;
}

void
say_clock(struct buf *b, int64_t at_ms)
{
	struct tm tm = local(at_ms);

	buf_printf(b, "%d:%02d", tm.tm_hour, tm.tm_min);
}

static const char *
weekday(int n)
{
	static const char *const names[] = {N_("Sun"), N_("Mon"), N_("Tue"),
	    N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat")};

	return _(names[n]);
}

static const char *
month(int n)
{
	static const char *const names[] = {N_("Jan"), N_("Feb"), N_("Mar"),
	    N_("Apr"), N_("May"), N_("Jun"), N_("Jul"), N_("Aug"), N_("Sep"),
	    N_("Oct"), N_("Nov"), N_("Dec")};

	return _(names[n]);
}

void
say_day(struct buf *b, int64_t at_ms, int64_t now_ms)
{
	struct tm tm = local(at_ms), now = local(now_ms);
	char day[64];

	/* weekday, day of the month, month */
	snprintf(day, sizeof(day), _("%1$s %2$d %3$s"), weekday(tm.tm_wday),
	    tm.tm_mday, month(tm.tm_mon));
	if (tm.tm_year == now.tm_year)
		buf_puts(b, day);
	else /* that, and the year */
		buf_printf(b, _("%1$s %2$d"), day, tm.tm_year + 1900);
}

void
say_date(struct buf *b, int64_t at_ms, int64_t now_ms)
{
	struct tm tm = local(at_ms), now = local(now_ms);

	if (tm.tm_year != now.tm_year)
		buf_printf(b, "%d/", tm.tm_year + 1900);
	buf_printf(b, "%d/%d", tm.tm_mon + 1, tm.tm_mday);
}

bool
say_same_day(int64_t a_ms, int64_t b_ms)
{
	struct tm a = local(a_ms), b = local(b_ms);

	return a.tm_year == b.tm_year && a.tm_yday == b.tm_yday;
}

void
say_span(struct buf *b, int64_t ms)
{
	if (ms < MINUTE)
		buf_puts(b, _("now"));
	else if (ms < HOUR)
		buf_printf(b, _("%dm"), (int)(ms / MINUTE));
	else if (ms < DAY)
		buf_printf(b, _("%dh"), (int)(ms / HOUR));
	else
		buf_printf(b, _("%dd"), (int)(ms / DAY));
}

void
say_left(struct buf *b, int64_t ms, int step_s)
{
	int s = (int)((ms + SECOND - 1) / SECOND);

	if (s < 0)
		s = 0;
	s = (s + step_s - 1) / step_s * step_s;
	buf_printf(b, "%d:%02d", s / 60, s % 60);
}

const char *
say_mode(int mode)
{
	return mode == MODE_AUTO ? _("auto") : _("manual");
}

const char *
say_status(int status)
{
	static const char *const names[] = {
	    N_("open"), N_("follow-up"), N_("snoozed"), N_("resolved")};

	return status >= 0 && status < STATUS_N ? _(names[status]) : "";
}

const char *
say_view(enum view v, bool brief)
{
	static const char *const names[VIEW_N][2] = {
	    [VIEW_MINE] = {N_("Mine"), N_("Mine")},
	    [VIEW_WAITING] = {N_("Waiting"), N_("Wait")},
	    [VIEW_AUTO] = {N_("Auto"), N_("Auto")},
	    [VIEW_FOLLOW_UP] = {N_("Follow-up"), N_("Follow")},
	    [VIEW_OPEN] = {N_("Open"), N_("Open")},
	    [VIEW_SNOOZED] = {N_("Snoozed"), N_("Snoozed")},
	    [VIEW_RESOLVED] = {N_("Resolved"), N_("Resolved")},
	    [VIEW_ALL] = {N_("All"), N_("All")},
	    [VIEW_PROBLEMS] = {N_("Problems"), N_("Problems")},
	};

	return _(names[v][brief]);
}

static void
say_sent(struct buf *b, const struct msg *m, bool ascii)
{
	buf_puts(b, ascii ? "v " : "✓ ");
	if (m->via == VIA_REPLY)
		buf_puts(b, ascii ? _("reply, free") : _("reply 0円"));
	else if (m->via == VIA_PUSH)
		buf_puts(b, ascii ? _("push, 1 of the quota") : _("push 1通"));
}

enum ui_role
say_mark(struct buf *b, const struct msg *m, bool ascii)
{
	const char *why = m->error == NULL ? "" : m->error;

	if (m->from == FROM_CUSTOMER || m->type == MSG_NOTE)
		return m->state == STATE_QUEUED ? (buf_puts(b, "~"), UI_WAIT)
						: UI_DIM;
	switch (m->state) {
	case STATE_QUEUED:
		/* Without a revision the desk has not seen it yet. */
		buf_puts(b, m->rev == 0 ? "~" : "^");
		return UI_WAIT;
	case STATE_SENT:
		say_sent(b, m, ascii);
		return UI_OK;
	case STATE_FAILED:
		buf_printf(b, "%s %s", ascii ? "x" : "✗",
		    *why == '\0' ? _("failed") : why);
		return UI_BAD;
	case STATE_UNCONFIRMED:
		buf_printf(b, "? %s", _("unconfirmed"));
		return UI_BAD;
	case STATE_HELD:
		buf_printf(
		    b, "= %s%s%s", _("held"), *why == '\0' ? "" : ": ", why);
		return UI_WAIT;
	default:
		return UI_DIM;
	}
}

const char *
say_from(const struct msg *m, const char *contact)
{
	switch (m->from) {
	case FROM_CUSTOMER: /* in a group: who of them */
		return m->author != NULL ? m->author
		    : contact == NULL    ? _("customer")
					 : contact;
	case FROM_BOT:
		return _("bot");
	case FROM_AGENT:
		return m->author == NULL ? _("agent") : m->author;
	default: /* a survey has who asked for it */
		return m->author == NULL ? _("desk") : m->author;
	}
}
