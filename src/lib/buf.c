/*
 * The growing byte buffer, and reading files into it with a cap. Writing
 * files is file.c. Called by everything that builds text.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mado/buf.h>
#include <mado/err.h>
#include <mado/mem.h>

enum { CAP_MIN_B = 64, READ_B = 64 << 10 };

char *
buf_room(struct buf *b, size_t n)
{
	size_t need, cap;

	if (n < b->cap - b->n)
		return b->p + b->n;
	if (__builtin_add_overflow(b->n, n, &need) || need > SIZE_MAX / 4)
		abort();
	cap = b->cap > 0 ? b->cap : CAP_MIN_B;
	while (cap <= need)
		cap *= 2;
	b->p = x_realloc(b->p, cap, 1);
	b->p[b->n] = '\0'; /* a text, even if nothing comes */
	b->cap = cap;
	return b->p + b->n;
}

void
buf_add(struct buf *b, const void *p, size_t n)
{
	char *to = buf_room(b, n);

	if (n > 0)
		memcpy(to, p, n);
	b->n += n;
	b->p[b->n] = '\0';
}

void
buf_puts(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_putc(struct buf *b, int c)
{
	char byte = (char)c;

	buf_add(b, &byte, 1);
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	buf_room(b, CAP_MIN_B);
	n = vsnprintf(b->p + b->n, b->cap - b->n, fmt, ap);
	if (n < 0)
		abort();
	if ((size_t)n >= b->cap - b->n)
		vsnprintf(buf_room(b, (size_t)n), (size_t)n + 1, fmt, again);
	b->n += (size_t)n;
	va_end(again);
	va_end(ap);
}

void
buf_reset(struct buf *b)
{
	b->n = 0;
	if (b->p != NULL)
		b->p[0] = '\0';
}

void
buf_free(struct buf *b)
{
	x_free(b->p);
	*b = (struct buf){0};
}

const char *
buf_str(const struct buf *b)
{
	return b->p != NULL ? b->p : "";
}

char *
buf_take(struct buf *b)
{
	char *p = b->p != NULL ? b->p : x_strdup("");

	*b = (struct buf){0};
	return p;
}

/* Read up to max_b + 1 bytes: one too many tells "too large" from "fits". */
static int
read_all(struct buf *b, int fd, size_t max_b, struct err *e)
{
	size_t got = 0, want;
	ssize_t r;

	for (;;) {
		want = max_b - got < READ_B ? max_b - got + 1 : READ_B;
		r = read(fd, buf_room(b, want), want);
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return err_set(e, ERR_FAILED, "%s", strerror(errno));
		if (r == 0)
			return 0;
		got += (size_t)r;
		if (got > max_b)
			return err_set(
			    e, ERR_TOOBIG, "more than %zu bytes", max_b);
		b->n += (size_t)r;
		b->p[b->n] = '\0';
	}
}

int
buf_read_fd(struct buf *b, int fd, size_t max_b, struct err *e)
{
	size_t before = b->n;

	if (read_all(b, fd, max_b, e) == 0)
		return 0;
	b->n = before;
	b->p[before] = '\0';
	return -1;
}

int
buf_read_file(struct buf *b, const char *path, size_t max_b, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), r;

	if (fd == -1)
		return err_set(e,
		    errno == ENOENT || errno == ENOTDIR ? ERR_NOTFOUND
							: ERR_FAILED,
		    "%s: %s", path, strerror(errno));
	r = buf_read_fd(b, fd, max_b, e);
	close(fd);
	return r == 0 ? 0 : err_prefix(e, "%s", path);
}
