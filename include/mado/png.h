/*
 * A writer of small PNG pictures: stored, not compressed, so that no library
 * is needed for what a program draws itself (QR codes, a stand-in's pictures).
 */
#ifndef MADO_PNG_H
#define MADO_PNG_H

#include <mado/buf.h>

struct png {
	int width, height; /* pixels, 1 and up */
	int bits;          /* a pixel: 1 or 8, an index of the palette */
	const unsigned char *palette; /* red, green, blue of each colour */
	int colours;                  /* 1 to 2^bits */
	/* height rows, each of (width * bits + 7) / 8 bytes */
	const unsigned char *pixels;
};

/* Append the picture's file. Source: W3C, "Portable Network Graphics";
 * RFC 1950, RFC 1951. */
void png_write(const struct png *p, struct buf *out);

#endif
