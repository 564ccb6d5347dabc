/*
 * A writer of small PNG pictures: 8-bit palette, stored (not compressed), so
 * that no library is needed for a customer's photograph.
 * Source: W3C, "Portable Network Graphics"; RFC 1950, RFC 1951.
 */
#include <mado/mem.h>

#include "media.h"

enum { PALETTE_N = 64, STORED_MAX_B = 65535, ADLER = 65521 };

static uint32_t
png_crc(const unsigned char *p, size_t n)
{
	uint32_t crc = 0xffffffff;
	size_t i;
	int bit;

	for (i = 0; i < n; i++) {
		crc ^= p[i];
		for (bit = 0; bit < 8; bit++)
			crc = (crc >> 1) ^ (0xedb88320 & -(crc & 1));
	}
	return ~crc;
}

static void
put_be32(struct buf *b, uint32_t v)
{
	buf_putc(b, (int)(v >> 24));
	buf_putc(b, (int)(v >> 16 & 0xff));
	buf_putc(b, (int)(v >> 8 & 0xff));
	buf_putc(b, (int)(v & 0xff));
}

static void
put_chunk(struct buf *out, const char *type, const struct buf *data)
{
	size_t start;

	put_be32(out, (uint32_t)data->n);
	start = out->n;
	buf_puts(out, type);
	buf_add(out, buf_str(data), data->n);
	put_be32(out, png_crc((unsigned char *)out->p + start, out->n - start));
}

static uint32_t
adler32(const struct buf *b)
{
	uint32_t lo = 1, hi = 0;
	size_t i;

	for (i = 0; i < b->n; i++) {
		lo = (lo + (unsigned char)b->p[i]) % ADLER;
		hi = (hi + lo) % ADLER;
	}
	return hi << 16 | lo;
}

/* A zlib stream of stored blocks. */
static void
put_stored(struct buf *out, const struct buf *raw)
{
	size_t at, n;

	buf_puts(out, "\x78\x01");
	for (at = 0; at < raw->n; at += n) {
		n = raw->n - at < STORED_MAX_B ? raw->n - at : STORED_MAX_B;
		buf_putc(out, at + n == raw->n);
		buf_putc(out, (int)(n & 0xff));
		buf_putc(out, (int)(n >> 8));
		buf_putc(out, (int)(~n & 0xff));
		buf_putc(out, (int)(~n >> 8 & 0xff));
		buf_add(out, raw->p + at, n);
	}
	put_be32(out, adler32(raw));
}

/* From one colour to another, both by the seed. */
static void
make_palette(struct buf *b, uint32_t seed)
{
	int i, c, from, to;

	for (i = 0; i < PALETTE_N; i++)
		for (c = 0; c < 3; c++) {
			from = 60 + (int)(seed * 2654435761u >> (8 * c) & 127);
			to = 120 + (int)(seed * 40503u >> (5 * c) & 127);
			buf_putc(b, from + (to - from) * i / PALETTE_N);
		}
}

/* A slope of colours and a darker disc on it. */
static int
pixel(int x, int y, int width, int height)
{
	int slope = (x + y) * (PALETTE_N - 1) / (width + height);
	int dx = x - width / 2, dy = y - height / 2;
	int r = (width < height ? width : height) / 3;

	return dx * dx + dy * dy < r * r ? (slope + PALETTE_N / 2) % PALETTE_N
					 : slope;
}

static void
make_pixels(struct buf *b, int width, int height)
{
	int x, y;

	for (y = 0; y < height; y++) {
		buf_putc(b, 0); /* no filter */
		for (x = 0; x < width; x++)
			buf_putc(b, pixel(x, y, width, height));
	}
}

void
png_make(struct buf *out, int width, int height, uint32_t seed)
{
	struct buf chunk = {0}, raw = {0};

	buf_add(out, "\x89PNG\r\n\x1a\n", 8);
	put_be32(&chunk, (uint32_t)width);
	put_be32(&chunk, (uint32_t)height);
	buf_add(&chunk, "\x08\x03\0\0\0", 5);
	put_chunk(out, "IHDR", &chunk);
	buf_reset(&chunk);
	make_palette(&chunk, seed);
	put_chunk(out, "PLTE", &chunk);
	buf_reset(&chunk);
	make_pixels(&raw, width, height);
	put_stored(&chunk, &raw);
	put_chunk(out, "IDAT", &chunk);
	buf_reset(&chunk);
	put_chunk(out, "IEND", &chunk);
	buf_free(&chunk);
	buf_free(&raw);
}
