/*
 * A customer's photograph, made up: a slope of colours and a disc on it.
 * Called by media.c.
 */
#include <mado/mem.h>
#include <mado/png.h>

#include "media.h"

enum { PALETTE_N = 64 };

/* From one colour to another, both by the seed. */
static void
make_palette(unsigned char *out, uint32_t seed)
{
	int i, c, from, to;

	for (i = 0; i < PALETTE_N; i++)
		for (c = 0; c < 3; c++) {
			from = 60 + (int)(seed * 2654435761u >> (8 * c) & 127);
			to = 120 + (int)(seed * 40503u >> (5 * c) & 127);
			*out++ =
			    (unsigned char)(from + (to - from) * i / PALETTE_N);
		}
}

static int
pixel(int x, int y, int width, int height)
{
	int slope = (x + y) * (PALETTE_N - 1) / (width + height);
	int dx = x - width / 2, dy = y - height / 2;
	int r = (width < height ? width : height) / 3;

	return dx * dx + dy * dy < r * r ? (slope + PALETTE_N / 2) % PALETTE_N
					 : slope;
}

void
picture_make(struct buf *out, int width, int height, uint32_t seed)
{
	unsigned char palette[PALETTE_N * 3];
	unsigned char *pixels = x_calloc((size_t)width, (size_t)height);
	struct png p = {width, height, 8, palette, PALETTE_N, pixels};
	int x, y;

	make_palette(palette, seed);
	for (y = 0; y < height; y++)
		for (x = 0; x < width; x++)
			pixels[(size_t)y * (size_t)width + (size_t)x] =
			    (unsigned char)pixel(x, y, width, height);
	png_write(&p, out);
	x_free(pixels);
}
