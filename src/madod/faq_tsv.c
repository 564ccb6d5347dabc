/*
 * See faq_tsv.h. Called by faq_compile.c and faq_eval.c. Excel in Japan saves
 * CSV as Shift_JIS in Microsoft's flavour (CP932) and "Unicode text" as UTF-16
 * with tabs; LibreOffice and Google Sheets write UTF-8.
 */
#include <errno.h>
#include <iconv.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <mado/text.h>

#include "faq_tsv.h"

struct reader {
	struct faq_table *t;
	struct arena *a;
	struct faq_shape shape;
	const char *p, *end;
	char sep;
	size_t line;     /* under way, from 1 */
	struct buf cell; /* under way */
	int col;         /* of the cell under way, from 1 */
	const char *v[FAQ_COLS];
};

static int
read_error(const struct reader *r, struct err *e, const char *what)
{
	return err_set(
	    e, ERR_INVALID, "%s:%zu:%d: %s", r->t->name, r->line, r->col, what);
}

int
faq_table_error(const struct faq_table *t, size_t row, int col, struct err *e,
    const char *fmt, ...)
{
	char text[ERR_MSG_B];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return err_set(e, ERR_INVALID, "%s:%zu:%d: %s", t->name,
	    t->rows[row].line, col, text);
}

/* Where in its text a byte is, for the error: the one that either reading of
 * it came to at last. */
static int
bad_byte(const struct faq_source *src, size_t at, struct err *e)
{
	size_t line = 1, col = 1, utf8 = text_utf8_run(src->p, src->n);

	at = utf8 > at ? utf8 : at;
	for (size_t i = 0; i < at && i < src->n; i++) {
		line += src->p[i] == '\n';
		col += src->p[i] == '\t' || src->p[i] == ',';
		if (src->p[i] == '\n')
			col = 1;
	}
	return err_set(e, ERR_INVALID,
	    "%s:%zu:%zu: neither UTF-8 nor Shift_JIS; save the table as UTF-8",
	    src->name, line, col);
}

/* The source as UTF-8, by iconv. */
static int
convert(struct buf *out, const struct faq_source *src, const char *from,
    struct err *e)
{
	iconv_t cd = iconv_open("UTF-8", from);
	union {
		const char *lent;
		char *p; /* iconv() does not write there, whatever its type */
	} in = {src->p};
	size_t left = src->n, room, r;
	char *w;

	if (cd == (iconv_t)-1)
		return err_set(e, ERR_FAILED,
		    "%s: this system's iconv knows no %s: save as UTF-8",
		    src->name, from);
	do {
		room = left * 3 + 16;
		w = buf_room(out, room);
		r = iconv(cd, &in.p, &left, &w, &room);
		out->n = (size_t)(w - out->p);
		out->p[out->n] = '\0';
	} while (r == (size_t)-1 && errno == E2BIG);
	iconv_close(cd);
	return r != (size_t)-1 ? 0 : bad_byte(src, src->n - left, e);
}

/* *p and *n: the source's text in UTF-8, in own where it had to be made. */
static int
decode(const struct faq_source *src, struct buf *own, const char **p, size_t *n,
    struct err *e)
{
	const unsigned char *u = (const unsigned char *)src->p;
	const char *from = NULL;

	*p = src->p;
	*n = src->n;
	if (src->n >= 2 && (u[0] ^ u[1]) == (0xff ^ 0xfe) && u[0] >= 0xfe)
		from = "UTF-16";
	else if (!text_is_utf8(src->p, src->n))
		from = "CP932";
	if (from != NULL) {
		if (convert(own, src, from, e) == -1)
			return -1;
		*p = buf_str(own);
		*n = own->n;
	}
	if (*n >= 3 && memcmp(*p, "\xef\xbb\xbf", 3) == 0) {
		*p += 3;
		*n -= 3;
	}
	return 0;
}

static char
separator(const struct faq_source *src, const char *p, size_t n, int min_cols)
{
	size_t len = strlen(src->name);
	const char *lf = memchr(p, '\n', n);
	size_t first = lf != NULL ? (size_t)(lf - p) : n;

	if (memchr(p, '\t', first) != NULL)
		return '\t';
	if (len > 4 && strcmp(src->name + len - 4, ".csv") == 0)
		return ',';
	return min_cols > 1 && memchr(p, ',', first) != NULL ? ',' : '\t';
}

/* Past a line's end, or NULL when there is none here. */
static const char *
line_end(const struct reader *r, const char *p)
{
	if (p < r->end && *p == '\r')
		p++;
	if (p < r->end && *p == '\n')
		return p + 1;
	return p > r->p && p[-1] == '\r' ? p : NULL;
}

static bool
at_break(const struct reader *r, const char *p)
{
	return p == r->end || *p == r->sep || *p == '\n' || *p == '\r';
}

/*
 * A quoted cell into r->cell; false when what begins with a quote is not one:
 * programs that write tabs without quoting leave such cells.
 */
static bool
quoted(struct reader *r)
{
	const char *p = r->p + 1;
	size_t lines = 0;

	for (; p < r->end; p++) {
		if (*p == '"' && p + 1 < r->end && p[1] == '"')
			p++;
		else if (*p == '"')
			break;
		lines += *p == '\n';
		if (!(*p == '\r' && p + 1 < r->end && p[1] == '\n'))
			buf_putc(&r->cell, *p);
	}
	if (p == r->end || !at_break(r, p + 1)) {
		buf_reset(&r->cell);
		return false;
	}
	r->p = p + 1;
	r->line += lines;
	return true;
}

static int
read_cell(struct reader *r, struct err *e)
{
	const char *from = r->p, *s;
	size_t n;

	buf_reset(&r->cell);
	if (r->p < r->end && *r->p == '"' && !quoted(r) && r->sep == ',')
		return read_error(r, e, "a quote that does not end");
	if (r->p == from) {
		while (!at_break(r, r->p))
			r->p++;
		buf_add(&r->cell, from, (size_t)(r->p - from));
	}
	s = buf_str(&r->cell);
	n = r->cell.n;
	if (n > FAQ_CELL_MAX_B)
		return read_error(r, e, "a cell of more than 64 KiB");
	if (memchr(s, '\0', n) != NULL)
		return read_error(r, e, "a NUL byte");
	while (n > 0 && strchr(" \n", s[n - 1]) != NULL)
		n--;
	for (; n > 0 && strchr(" \n", *s) != NULL; s++)
		n--;
	if (r->col > r->shape.max_cols && n > 0)
		return read_error(r, e, "a column too many");
	if (r->col <= r->shape.max_cols)
		r->v[r->col - 1] = arena_strndup(r->a, s, n);
	return 0;
}

static int
add_row(struct reader *r, size_t line, struct err *e)
{
	struct faq_table *t = r->t;
	bool any = false;

	for (int i = 0; i < FAQ_COLS; i++)
		any |= r->v[i][0] != '\0';
	if (!any)
		return 0;
	if (r->col < r->shape.min_cols) {
		r->line = line;
		r->col++;
		return read_error(r, e, "a column is missing");
	}
	if (t->n == FAQ_ROWS_MAX)
		return err_set(e, ERR_TOOBIG, "%s: more than %d rows", t->name,
		    FAQ_ROWS_MAX);
	if (t->n == t->cap) {
		t->cap = t->cap * 2 + 64;
		t->rows = x_realloc(t->rows, t->cap, sizeof(*t->rows));
	}
	memcpy(t->rows[t->n].v, r->v, sizeof(r->v));
	t->rows[t->n++].line = line;
	return 0;
}

static int
read_row(struct reader *r, struct err *e)
{
	size_t line = r->line;
	const char *next;

	for (int i = 0; i < FAQ_COLS; i++)
		r->v[i] = "";
	for (r->col = 1;; r->col++) {
		if (read_cell(r, e) == -1)
			return -1;
		if (r->p == r->end || *r->p != r->sep)
			break;
		r->p++;
	}
	if (add_row(r, line, e) == -1)
		return -1;
	if ((next = line_end(r, r->p)) != NULL) {
		r->p = next;
		r->line++;
	}
	return 0;
}

int
faq_table_read(struct faq_table *t, struct arena *a,
    const struct faq_source *src, struct faq_shape shape, struct err *e)
{
	struct reader r = {.t = t, .a = a, .shape = shape, .line = 1};
	struct buf own = {0};
	size_t n;
	int rv = -1;

	t->name = src->name;
	t->n = 0;
	if (decode(src, &own, &r.p, &n, e) == -1)
		goto out;
	r.end = r.p + n;
	r.sep = separator(src, r.p, n, shape.min_cols);
	while (r.p < r.end)
		if (read_row(&r, e) == -1)
			goto out;
	rv = 0;
out:
	buf_free(&r.cell);
	buf_free(&own);
	return rv;
}

void
faq_table_drop_title(struct faq_table *t, const char *title)
{
	if (t->n > 0 && strlen(t->rows[0].v[0]) == strlen(title) &&
	    text_contains(t->rows[0].v[0], title))
		memmove(t->rows, t->rows + 1, --t->n * sizeof(*t->rows));
}

void
faq_table_free(struct faq_table *t)
{
	x_free(t->rows);
	*t = (struct faq_table){0};
}
