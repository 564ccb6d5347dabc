/*
 * QR codes in three clothes: see qr.h. Owns the drawing; the code itself is
 * libqrencode's.
 */
#include <errno.h>
#include <qrencode.h>
#include <string.h>

#include <mado/mem.h>
#include <mado/png.h>
#include <mado/qr.h>

struct qr {
	QRcode *code;
};

struct qr *
qr_new(const char *text, struct err *e)
{
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
	struct qr *q;

	if (code == NULL) {
		err_set(e, ERR_TOOBIG, "no QR code holds %zu bytes: %s",
		    strlen(text), strerror(errno));
		return NULL;
	}
	q = x_new(struct qr);
	q->code = code;
	return q;
}

void
qr_free(struct qr *q)
{
	if (q == NULL)
		return;
	QRcode_free(q->code);
	x_free(q);
}

int
qr_side(const struct qr *q)
{
	return q->code->width;
}

bool
qr_dark(const struct qr *q, int x, int y)
{
	int side = q->code->width;

	/* the other bits of a module are the library's own marks */
	return x >= 0 && y >= 0 && x < side && y < side &&
	    (q->code->data[y * side + x] & 1) != 0;
}

void
qr_png(const struct qr *q, int scale, struct buf *out)
{
	static const unsigned char palette[] = {255, 255, 255, 0, 0, 0};
	int side = (qr_side(q) + 2 * QR_QUIET) * scale, x, y;
	size_t row = ((size_t)side + 7) / 8;
	unsigned char *pixels = x_calloc(row, (size_t)side);
	struct png p = {side, side, 1, palette, 2, pixels};

	for (y = 0; y < side; y++)
		for (x = 0; x < side; x++)
			if (qr_dark(
				q, x / scale - QR_QUIET, y / scale - QR_QUIET))
				pixels[(size_t)y * row + (size_t)x / 8] |=
				    (unsigned char)(0x80 >> x % 8);
	png_write(&p, out);
	x_free(pixels);
}

/* A run of dark modules is one rectangle of the path. */
static void
svg_row(const struct qr *q, int y, struct buf *out)
{
	int x, n;

	for (x = 0; x < qr_side(q); x += n + 1) {
		for (n = 0; qr_dark(q, x + n, y);)
			n++;
		if (n > 0)
			buf_printf(out, "M%d %dh%dv1h-%dz", x + QR_QUIET,
			    y + QR_QUIET, n, n);
	}
}

void
qr_svg(const struct qr *q, struct buf *out)
{
	int side = qr_side(q) + 2 * QR_QUIET, y;

	buf_printf(out,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
	    " shape-rendering=\"crispEdges\">"
	    "<path fill=\"#fff\" d=\"M0 0h%dv%dh-%dz\"/>"
	    "<path d=\"",
	    side, side, side, side, side);
	for (y = 0; y < qr_side(q); y++)
		svg_row(q, y, out);
	buf_puts(out, "\"/></svg>\n");
}

void
qr_text(const struct qr *q, bool colour, struct buf *out)
{
	static const char *const cell[] = {" ", "▀", "▄", "█"};
	int end = qr_side(q) + QR_TEXT_QUIET, x, y;

	for (y = -QR_TEXT_QUIET; y < end; y += 2) {
		/* of the 256 colours, as a theme may bend the first 16 */
		buf_puts(out, colour ? "\x1b[38;5;16;48;5;231m" : "");
		for (x = -QR_TEXT_QUIET; x < end; x++)
			buf_puts(out,
			    cell[qr_dark(q, x, y) + 2 * qr_dark(q, x, y + 1)]);
		buf_puts(out, colour ? "\x1b[0m\n" : "\n");
	}
}

int
qr_text_lines(const struct qr *q)
{
	return (qr_text_cols(q) + 1) / 2;
}

int
qr_text_cols(const struct qr *q)
{
	return qr_side(q) + 2 * QR_TEXT_QUIET;
}
