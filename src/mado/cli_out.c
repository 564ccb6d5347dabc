/*
 * Lines on standard output. The one place where the command line meets text
 * of customers: control characters end here. JSON goes out as it came.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <mado/mem.h>
#include <mado/text.h>

#include "cli_out.h"
#include "i18n.h"

enum { COLS_DEFAULT = 80, COLS_MIN = 20, DAY_S = 24 * 3600 };

bool
out_is_tty(void)
{
	static int tty = -1;

	if (tty == -1)
		tty = isatty(STDOUT_FILENO);
	return tty == 1;
}

static int
out_cols(void)
{
	struct winsize ws = {0};
	const char *v = getenv("COLUMNS");
	int n = v == NULL ? 0 : (int)strtol(v, NULL, 10);

	if (n == 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0)
		n = ws.ws_col;
	if (n == 0)
		n = COLS_DEFAULT;
	return n < COLS_MIN ? COLS_MIN : n;
}

static int
written(bool ok, struct err *e)
{
	if (ok)
		return 0;
	if (errno == EPIPE) { /* mado ls | head: nobody wants more */
		if (e != NULL)
			err_clear(e);
		return -1;
	}
	return err_set(
	    e, ERR_FAILED, _("standard output: %s"), strerror(errno));
}

int
out_line(const struct buf *b, struct err *e)
{
	return written(fprintf(stdout, "%s\n", buf_str(b)) >= 0, e);
}

int
out_flush(struct err *e)
{
	return written(fflush(stdout) == 0 && !ferror(stdout), e);
}

/* C0, C1, DEL and the bidirectional overrides of one UTF-8 character. */
static bool
is_control(const unsigned char *s, size_t n)
{
	if (n == 1)
		return *s < 0x20 || *s == 0x7f;
	if (n == 2)
		return (s[0] == 0xc2 && s[1] < 0xa0) ||
		    (s[0] == 0xd8 && s[1] == 0x9c); /* U+061C */
	/* U+200E U+200F, U+2028..U+202E, U+2066..U+2069 */
	return n == 3 && s[0] == 0xe2 &&
	    ((s[1] == 0x80 &&
		 (s[2] == 0x8e || s[2] == 0x8f ||
		     (s[2] >= 0xa8 && s[2] <= 0xae))) ||
		(s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9));
}

static size_t
char_len(const char *s)
{
	size_t n = 1;

	while (((unsigned char)s[n] & 0xc0) == 0x80)
		n++;
	return n;
}

/* JSON as it is, but for what a terminal would obey: as \\uXXXX it means the
 * same to a program. */
static void
put_json(struct buf *b, const char *s)
{
	size_t n;
	const unsigned char *c;

	for (; *s != '\0'; s += n) {
		n = char_len(s);
		c = (const unsigned char *)s;
		if (!is_control(c, n))
			buf_add(b, s, n);
		else if (n == 1)
			buf_printf(b, "\\u%04x", c[0]);
		else if (n == 2)
			buf_printf(
			    b, "\\u%04x", (c[0] & 0x1f) << 6 | (c[1] & 0x3f));
		else
			buf_printf(b, "\\u%04x",
			    (c[0] & 0xf) << 12 | (c[1] & 0x3f) << 6 |
				(c[2] & 0x3f));
	}
}

int
out_json(const cJSON *o, struct err *e)
{
	char *s = cJSON_PrintUnformatted(o);
	struct buf b = {0};
	int rc;

	put_json(&b, s);
	rc = out_line(&b, e);
	buf_free(&b);
	cJSON_free(s);
	return rc;
}

/* Controls that part words: U+2028 and U+2029 begin a line, too. */
static bool
is_break(const char *s, size_t n)
{
	return *s == '\n' || *s == '\t' ||
	    (n == 3 && memcmp(s, "\xe2\x80", 2) == 0 &&
		(s[2] == '\xa8' || s[2] == '\xa9'));
}

/* For a pipe: every character stays but those that act. */
static void
clean(struct buf *b, const char *s)
{
	struct buf valid = {0};
	size_t n;

	text_to_utf8(&valid, s, strlen(s));
	for (s = buf_str(&valid); *s != '\0'; s += n) {
		n = char_len(s);
		if (!is_control((const unsigned char *)s, n))
			buf_add(b, s, n);
		else if (is_break(s, n))
			buf_putc(b, ' ');
	}
	buf_free(&valid);
}

void
out_warn(const char *fmt, ...)
{
	struct buf b = {0};
	char text[ERR_MSG_B * 2];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	clean(&b, text);
	fprintf(stderr, "mado: %s\n", buf_str(&b));
	buf_free(&b);
}

void
out_text(struct buf *b, const char *s)
{
	if (s == NULL)
		return;
	if (out_is_tty())
		text_draw(b, s, strlen(s));
	else
		clean(b, s);
}

void
out_cell(struct buf *b, const char *s, int cols)
{
	size_t from = b->n;
	int w;

	if (s == NULL)
		s = "";
	if (out_is_tty()) {
		text_fit(b, s, cols, "~", true);
	} else {
		clean(b, s);
		w = text_width(buf_str(b) + from, b->n - from);
		for (; w < cols; w++)
			buf_putc(b, ' ');
	}
	buf_putc(b, ' ');
}

void
out_rest(struct buf *b, const char *s)
{
	int left;

	if (s == NULL)
		return;
	if (!out_is_tty()) {
		clean(b, s);
		return;
	}
	left = out_cols() - text_width(buf_str(b), b->n);
	if (left > 0)
		text_fit(b, s, left, "~", false);
}

/* Runs of text between marks, as far as there are columns. */
static void
put_runs(struct buf *b, const struct out_marks *m, size_t from, int cols)
{
	size_t end = strlen(m->text), to;
	bool marked;
	char *run;

	for (; from < end && cols > 0; from = to) {
		marked = m->marked[from];
		for (to = from; to < end && m->marked[to] == marked; to++)
			;
		run = x_strndup(m->text + from, to - from);
		buf_puts(b, marked ? "\033[7m" : "");
		cols -= text_fit(b, run, cols, to < end ? "" : "~", false);
		buf_puts(b, marked ? "\033[27m" : "");
		x_free(run);
	}
}

/* Where to begin so that the first mark is seen, with some words before it. */
static size_t
marks_begin(const struct out_marks *m, int cols)
{
	const char *end = m->text + strlen(m->text), *p = m->text;
	const char *first = m->text;
	struct text_cluster c;

	while (first < end && !m->marked[first - m->text])
		first++;
	if (text_width(p, (size_t)(first - p)) <= cols / 2)
		return 0;
	while (p < first && text_width(p, (size_t)(first - p)) > cols / 4)
		p = text_next(p, end, &c);
	return (size_t)(p - m->text);
}

void
out_marked(struct buf *b, const struct out_marks *m)
{
	const char *term = getenv("TERM");
	size_t from;
	int left;

	if (!out_is_tty()) {
		clean(b, m->text);
		return;
	}
	if (term == NULL || strcmp(term, "dumb") == 0) {
		out_rest(b, m->text);
		return;
	}
	left = out_cols() - text_width(buf_str(b), b->n);
	if (left < 2)
		return;
	from = marks_begin(m, left);
	buf_puts(b, from > 0 ? "~" : "");
	put_runs(b, m, from, left - (from > 0));
}

const char *
out_span(int64_t ms, char out[16])
{
	int64_t s = ms / 1000;

	if (ms <= 0)
		*out = '\0';
	else if (s < 60)
		snprintf(out, 16, "%ds", (int)s);
	else if (s < 3600)
		snprintf(out, 16, "%dm", (int)(s / 60));
	else if (s < DAY_S)
		snprintf(out, 16, "%dh", (int)(s / 3600));
	else
		snprintf(out, 16, "%lldd", (long long)(s / DAY_S));
	return out;
}

const char *
out_time(int64_t ms, char out[32])
{
	time_t t = (time_t)(ms / 1000);
	struct tm tm;

	*out = '\0';
	if (ms != 0 && localtime_r(&t, &tm) != NULL)
		strftime(out, 32, "%Y-%m-%d %H:%M", &tm);
	return out;
}

const char *
out_state(const struct msg *m)
{
	static const char *const names[STATE_N] = {
	    [STATE_RECEIVED] = "",
	    [STATE_QUEUED] = N_("queued"),
	    [STATE_SENT] = N_("sent"),
	    [STATE_FAILED] = N_("failed"),
	    [STATE_UNCONFIRMED] = N_("unconfirmed"),
	    [STATE_HELD] = N_("held"),
	};

	if (m->state < 0 || m->state >= STATE_N || *names[m->state] == '\0')
		return "";
	if (m->state == STATE_SENT && m->via == VIA_REPLY)
		return _("sent, free");
	if (m->state == STATE_SENT && m->via == VIA_PUSH)
		return _("sent, 1 push");
	return _(names[m->state]);
}
