/*
 * The log: one line per event on stderr, one write(2) each so that threads
 * do not mix. Must never be given message text, tokens or passwords. Called
 * by the edges (main, handlers), not by who returns an error.
 */
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <mado/buf.h>
#include <mado/log.h>
#include <mado/text.h>
#include <mado/when.h>

enum { TEXT_MAX_B = 2000, LINE_B = TEXT_MAX_B + 200 };

static const char *program = "madoguchi";
static atomic_int least_level = LOG_INFO;

void
log_init(const char *name, enum log_level least)
{
	program = name;
	atomic_store(&least_level, (int)least);
}

/* Copy with controls (C0, DEL, C1) and bytes that are not UTF-8 as "?". */
static size_t
clean(char *out, const char *s, size_t n)
{
	size_t i = 0, len, to = 0;
	uint32_t cp = 0;

	while (i < n) {
		len = text_decode(s + i, n - i, &cp);
		if (len == 0 || cp < 0x20 || (cp >= 0x7f && cp < 0xa0)) {
			out[to++] = '?';
			i += len > 0 ? len : 1;
			continue;
		}
		memcpy(out + to, s + i, len);
		to += len;
		i += len;
	}
	return to;
}

/* Where to cut n bytes of s so that no character is halved. */
static size_t
cut(const char *s, size_t n)
{
	while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
		n--;
	return n;
}

void
log_line(enum log_level level, const char *fmt, ...)
{
	static const char *const names[] = {"debug", "info", "warn", "error"};
	char text[TEXT_MAX_B + 4], line[LINE_B], at[WHEN_TEXT_B];
	va_list ap;
	int n, head;
	size_t len;

	if ((int)level < atomic_load(&least_level))
		return;
	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	len = n < 0                  ? 0
	    : (size_t)n > TEXT_MAX_B ? cut(text, TEXT_MAX_B)
				     : (size_t)n;
	head = snprintf(line, LINE_B - TEXT_MAX_B - 1, "%s: %s %s ", program,
	    when_rfc3339(when_now_ms(), at), names[level]);
	len = (size_t)head + clean(line + head, text, len);
	line[len++] = '\n';
	/* nobody is left to tell when stderr is gone */
	if (write(STDERR_FILENO, line, len) < 0)
		return;
}
