/*
 * A terminal's grid, see vt.h. One table of what a sequence's last byte does;
 * whatever is not in it changes no character. Called by pty.c.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <mado/buf.h>
#include <mado/mem.h>
#include <mado/text.h>

#include "vt.h"

enum { ARGS_MAX = 8, WIDE_TAIL = -1 };

enum state { GROUND, ESCAPE, CHARSET, CSI, STRING, STRING_ESCAPE };

struct vt {
	int rows, cols;
	int row, col, saved_row, saved_col;
	int top, bottom; /* of the region that scrolls */
	bool wrap;       /* the last column is written, the next one wraps */
	int32_t *cell;
	int32_t last; /* for REP */

	enum state state;
	int arg[ARGS_MAX], args;
	bool private;
	char seq[4]; /* of a character that is not whole yet */
	size_t seq_n;
	struct buf text, reply;
};

static int32_t *
at(struct vt *v, int row, int col)
{
	return v->cell + (size_t)row * (size_t)v->cols + (size_t)col;
}

static void
blank(struct vt *v, int row, int from, int to)
{
	for (int c = from; c < to && c < v->cols; c++)
		*at(v, row, c) = ' ';
}

struct vt *
vt_new(int rows, int cols)
{
	struct vt *v = x_new(struct vt);

	v->rows = rows;
	v->cols = cols;
	v->bottom = rows - 1;
	v->cell = x_calloc((size_t)rows * (size_t)cols, sizeof(*v->cell));
	for (int r = 0; r < rows; r++)
		blank(v, r, 0, cols);
	return v;
}

void
vt_free(struct vt *v)
{
	x_free(v->cell);
	buf_free(&v->text);
	buf_free(&v->reply);
	x_free(v);
}

/* moving */

static int
clamp(int x, int lo, int hi)
{
	return x < lo ? lo : x > hi ? hi : x;
}

static void
move(struct vt *v, int row, int col)
{
	v->row = clamp(row, 0, v->rows - 1);
	v->col = clamp(col, 0, v->cols - 1);
	v->wrap = false;
}

/* The rows from..bottom go n up (down when negative), blanks come in. */
static void
scroll(struct vt *v, int from, int n)
{
	int h = v->bottom - from + 1, keep;
	size_t row_b = (size_t)v->cols * sizeof(*v->cell);

	n = clamp(n, -h, h);
	keep = h - abs(n);
	if (n > 0) {
		memmove(at(v, from, 0), at(v, from + n, 0), keep * row_b);
		for (int r = from + keep; r <= v->bottom; r++)
			blank(v, r, 0, v->cols);
	} else {
		memmove(at(v, from - n, 0), at(v, from, 0), keep * row_b);
		for (int r = from; r < from - n; r++)
			blank(v, r, 0, v->cols);
	}
}

static void
line_feed(struct vt *v)
{
	v->wrap = false;
	if (v->row == v->bottom)
		scroll(v, v->top, 1);
	else if (v->row < v->rows - 1)
		v->row++;
}

static void
reverse_feed(struct vt *v)
{
	v->wrap = false;
	if (v->row == v->top)
		scroll(v, v->top, -1);
	else if (v->row > 0)
		v->row--;
}

/* writing */

static void
put(struct vt *v, int32_t ch)
{
	int w = wcwidth((wchar_t)ch);

	if (w <= 0)
		return;
	if (v->wrap || v->col + w > v->cols) {
		v->col = 0;
		line_feed(v);
	}
	*at(v, v->row, v->col) = ch;
	if (w == 2)
		*at(v, v->row, v->col + 1) = WIDE_TAIL;
	v->last = ch;
	v->col += w;
	v->wrap = v->col == v->cols;
	if (v->wrap)
		v->col--;
}

static void
control(struct vt *v, int c)
{
	if (c == '\r')
		move(v, v->row, 0);
	else if (c == '\b')
		move(v, v->row, v->col - 1);
	else if (c == '\t')
		move(v, v->row, (v->col / 8 + 1) * 8);
	else if (c == '\n' || c == '\v' || c == '\f')
		line_feed(v);
}

/* the sequences */

static int
count(const struct vt *v)
{
	return v->arg[0] > 0 ? v->arg[0] : 1;
}

static void
do_position(struct vt *v)
{
	move(v, v->arg[0] - 1, v->arg[1] - 1);
}

static void
do_up(struct vt *v)
{
	move(v, v->row - count(v), v->col);
}

static void
do_down(struct vt *v)
{
	move(v, v->row + count(v), v->col);
}

static void
do_right(struct vt *v)
{
	move(v, v->row, v->col + count(v));
}

static void
do_left(struct vt *v)
{
	move(v, v->row, v->col - count(v));
}

static void
do_column(struct vt *v)
{
	move(v, v->row, count(v) - 1);
}

static void
do_row(struct vt *v)
{
	move(v, count(v) - 1, v->col);
}

static void
do_erase_line(struct vt *v)
{
	int from = v->arg[0] == 0 ? v->col : 0;

	blank(v, v->row, from, v->arg[0] == 1 ? v->col + 1 : v->cols);
}

static void
do_erase_screen(struct vt *v)
{
	int from = v->arg[0] == 0 ? v->row + 1 : 0;
	int to = v->arg[0] == 1 ? v->row : v->rows;

	for (int r = from; r < to; r++)
		blank(v, r, 0, v->cols);
	if (v->arg[0] < 2)
		do_erase_line(v);
}

static void
do_erase_chars(struct vt *v)
{
	blank(v, v->row, v->col, v->col + count(v));
}

static void
do_insert_chars(struct vt *v)
{
	int n = clamp(count(v), 0, v->cols - v->col);

	memmove(at(v, v->row, v->col + n), at(v, v->row, v->col),
	    (size_t)(v->cols - v->col - n) * sizeof(*v->cell));
	blank(v, v->row, v->col, v->col + n);
}

static void
do_delete_chars(struct vt *v)
{
	int n = clamp(count(v), 0, v->cols - v->col);

	memmove(at(v, v->row, v->col), at(v, v->row, v->col + n),
	    (size_t)(v->cols - v->col - n) * sizeof(*v->cell));
	blank(v, v->row, v->cols - n, v->cols);
}

static void
do_insert_lines(struct vt *v)
{
	scroll(v, v->row, -count(v));
}

static void
do_delete_lines(struct vt *v)
{
	scroll(v, v->row, count(v));
}

static void
do_scroll_up(struct vt *v)
{
	scroll(v, v->top, count(v));
}

static void
do_scroll_down(struct vt *v)
{
	scroll(v, v->top, -count(v));
}

static void
do_region(struct vt *v)
{
	v->top = clamp(v->arg[0] - 1, 0, v->rows - 1);
	v->bottom = v->arg[1] > 0 ? clamp(v->arg[1] - 1, v->top, v->rows - 1)
				  : v->rows - 1;
	move(v, 0, 0);
}

static void
do_repeat(struct vt *v)
{
	for (int n = count(v); n > 0 && v->last != 0; n--)
		put(v, v->last);
}

/* Where is the cursor (6n), what are you (c). */
static void
do_report(struct vt *v)
{
	if (v->arg[0] == 6)
		buf_printf(&v->reply, "\033[%d;%dR", v->row + 1, v->col + 1);
}

static void
do_attributes(struct vt *v)
{
	if (v->arg[0] == 0)
		buf_puts(&v->reply, "\033[?62c");
}

static void (*const does[128])(struct vt *) = {
    ['@'] = do_insert_chars,
    ['A'] = do_up,
    ['B'] = do_down,
    ['C'] = do_right,
    ['D'] = do_left,
    ['G'] = do_column,
    ['H'] = do_position,
    ['J'] = do_erase_screen,
    ['K'] = do_erase_line,
    ['L'] = do_insert_lines,
    ['M'] = do_delete_lines,
    ['P'] = do_delete_chars,
    ['S'] = do_scroll_up,
    ['T'] = do_scroll_down,
    ['X'] = do_erase_chars,
    ['b'] = do_repeat,
    ['c'] = do_attributes,
    ['d'] = do_row,
    ['f'] = do_position,
    ['n'] = do_report,
    ['r'] = do_region,
};

static void
csi(struct vt *v, int c)
{
	if (c >= '0' && c <= '9') {
		if (v->arg[v->args] < 10000)
			v->arg[v->args] = v->arg[v->args] * 10 + c - '0';
	} else if (c == ';' || c == ':') {
		v->args += v->args < ARGS_MAX - 1;
	} else if (c < '@') {
		v->private = true; /* ? > = ! and the blanks before the last */
	} else {
		v->state = GROUND;
		if (!v->private && does[c] != NULL)
			does[c](v);
	}
}

static void
escape(struct vt *v, int c)
{
	v->state = GROUND;
	if (c == '[') {
		v->state = CSI;
		v->args = 0;
		v->private = false;
		memset(v->arg, 0, sizeof(v->arg));
	} else if (c == ']' || c == 'P' || c == '_' || c == '^' || c == 'X')
		v->state = STRING;
	else if (c == '(' || c == ')' || c == '#' || c == '%')
		v->state = CHARSET;
	else if (c == '7') {
		v->saved_row = v->row;
		v->saved_col = v->col;
	} else if (c == '8')
		move(v, v->saved_row, v->saved_col);
	else if (c == 'M')
		reverse_feed(v);
	else if (c == 'D' || c == 'E')
		line_feed(v);
}

/* One byte of text; a character may come in pieces. */
static void
text(struct vt *v, char c)
{
	uint32_t cp;

	v->seq[v->seq_n++] = c;
	if (text_decode(v->seq, v->seq_n, &cp) > 0) {
		put(v, (int32_t)cp);
		v->seq_n = 0;
	} else if (v->seq_n == sizeof(v->seq))
		v->seq_n = 0;
}

static void
byte(struct vt *v, char ch)
{
	int c = (unsigned char)ch;

	if (v->state == STRING_ESCAPE || (v->state == STRING && c == 7))
		v->state = GROUND;
	else if (v->state == STRING)
		v->state = c == 27 ? STRING_ESCAPE : STRING;
	else if (c == 27)
		v->state = ESCAPE;
	else if (c < ' ')
		control(v, c);
	else if (v->state == ESCAPE)
		escape(v, c);
	else if (v->state == CHARSET)
		v->state = GROUND;
	else if (v->state == CSI && c < 127)
		csi(v, c);
	else
		text(v, ch);
}

void
vt_feed(struct vt *v, const char *p, size_t n)
{
	buf_reset(&v->reply);
	for (size_t i = 0; i < n; i++)
		byte(v, p[i]);
}

const char *
vt_reply(struct vt *v)
{
	return buf_str(&v->reply);
}

/* reading */

static void
put_utf8(struct buf *b, uint32_t c)
{
	static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
	int n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	if (n == 1) {
		buf_putc(b, (int)c);
		return;
	}
	buf_putc(b, (int)(lead[n] | c >> 6 * (n - 1)));
	for (int i = n - 2; i >= 0; i--)
		buf_putc(b, (int)(0x80 | (c >> 6 * i & 0x3f)));
}

const char *
vt_row(struct vt *v, int row)
{
	int end = v->cols;

	buf_reset(&v->text);
	while (end > 0 && *at(v, row, end - 1) == ' ')
		end--;
	for (int c = 0; c < end; c++)
		if (*at(v, row, c) != WIDE_TAIL)
			put_utf8(&v->text, (uint32_t)*at(v, row, c));
	return buf_str(&v->text);
}

bool
vt_shows(struct vt *v, const char *s)
{
	for (int r = 0; r < v->rows; r++)
		if (strstr(vt_row(v, r), s) != NULL)
			return true;
	return false;
}

int
vt_filled(struct vt *v)
{
	int n = 0;

	for (int r = 0; r < v->rows; r++)
		n += vt_row(v, r)[0] != '\0';
	return n;
}
