/*
 * QR codes (ISO/IEC 18004, by libqrencode), as a picture, as a drawing and for
 * a terminal. The quiet zone is part of each: readers need it.
 */
#ifndef MADO_QR_H
#define MADO_QR_H

#include <stdbool.h>

#include <mado/buf.h>
#include <mado/err.h>

struct qr;

enum {
	QR_QUIET = 4,     /* modules around the code, as the standard asks */
	QR_TEXT_QUIET = 2 /* in a terminal, whose ground is wider */
};

/*
 * The smallest code that holds text with a quarter of it unreadable at most
 * (level M). ERR_TOOBIG past 2,331 bytes. Caller frees with qr_free().
 */
struct qr *qr_new(const char *text, struct err *e);
void qr_free(struct qr *q);
/* Modules a side, without the quiet zone. */
int qr_side(const struct qr *q);
/* Is that module dark? False outside, so in the quiet zone. */
bool qr_dark(const struct qr *q, int x, int y);
/* Append a PNG of two colours, scale pixels (1 to 64) a module. */
void qr_png(const struct qr *q, int scale, struct buf *out);
/* Append an SVG document without a size of its own, black on white. */
void qr_svg(const struct qr *q, struct buf *out);
/*
 * Append lines of half blocks, one character a module and two modules a line,
 * each with a newline: filled is dark, so they belong black on white. With
 * colour, SGR sequences see to that.
 */
void qr_text(const struct qr *q, bool colour, struct buf *out);
/* Lines and columns of qr_text(). */
int qr_text_lines(const struct qr *q);
int qr_text_cols(const struct qr *q);

#endif
