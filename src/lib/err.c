/*
 * Errors: fills the caller's struct err and knows what each code is called
 * on the wire, over HTTP and as an exit code. Reports nothing itself. Called
 * by everything.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <mado/err.h>

#undef err_set

static const struct {
	const char *name;
	int http, exit_code;
} rows[] = {
#define X(id, name, http, code) [id] = {name, http, code},
    ERR_CODES(X)
#undef X
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

/* vsnprintf() that never leaves half a UTF-8 character at the cut. */
static void
format_cut(char *out, size_t size, const char *fmt, va_list ap)
{
	int want = vsnprintf(out, size, fmt, ap);
	size_t n;

	if (want < 0)
		out[0] = '\0';
	if (want < 0 || (size_t)want < size)
		return;
	n = size - 1;
	while (n > 0 && ((unsigned char)out[n - 1] & 0xc0) == 0x80)
		n--;
	/* n - 1 is the last lead byte: keep it when its character is whole */
	if (n > 0) {
		unsigned char c = (unsigned char)out[n - 1];
		size_t len = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

		n = n - 1 + len <= size - 1 ? n - 1 + len : n - 1;
	}
	out[n] = '\0';
}

int
err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
	char msg[ERR_MSG_B]; /* an argument may be e->msg itself */
	va_list ap;

	if (e == NULL)
		return -1;
	va_start(ap, fmt);
	format_cut(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	e->code = code;
	memcpy(e->msg, msg, strlen(msg) + 1);
	return -1;
}

int
err_prefix(struct err *e, const char *fmt, ...)
{
	char prefix[ERR_MSG_B];
	va_list ap;

	if (e == NULL)
		return -1;
	va_start(ap, fmt);
	format_cut(prefix, sizeof(prefix), fmt, ap);
	va_end(ap);
	return err_set(e, e->code, "%s: %s", prefix, e->msg);
}

void
err_clear(struct err *e)
{
	if (e == NULL)
		return;
	e->code = ERR_NONE;
	e->msg[0] = '\0';
}

const char *
err_name(enum err_code code)
{
	return rows[(unsigned)code < ROWS ? code : ERR_INTERNAL].name;
}

int
err_http_status(enum err_code code)
{
	return rows[(unsigned)code < ROWS ? code : ERR_INTERNAL].http;
}

int
err_exit_code(enum err_code code)
{
	return rows[(unsigned)code < ROWS ? code : ERR_INTERNAL].exit_code;
}

enum err_code
err_from_name(const char *name)
{
	for (int i = 0; name != NULL && i < ROWS; i++)
		if (strcmp(rows[i].name, name) == 0)
			return (enum err_code)i;
	return ERR_FAILED;
}
