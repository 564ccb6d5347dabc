/* Pictures as PNG: see png.h. Owns chunks and their sums, reads nothing. */
#include <mado/png.h>

enum { STORED_MAX_B = 65535, ADLER = 65521 };

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

static void
put_header(struct buf *out, const struct png *p)
{
	struct buf b = {0};

	put_be32(&b, (uint32_t)p->width);
	put_be32(&b, (uint32_t)p->height);
	buf_putc(&b, p->bits);
	buf_add(&b, "\x03\0\0\0", 4); /* indexed */
	put_chunk(out, "IHDR", &b);
	buf_reset(&b);
	buf_add(&b, p->palette, (size_t)p->colours * 3);
	put_chunk(out, "PLTE", &b);
	buf_free(&b);
}

void
png_write(const struct png *p, struct buf *out)
{
	size_t row = ((size_t)p->width * (size_t)p->bits + 7) / 8, y;
	struct buf raw = {0}, data = {0};

	buf_add(out, "\x89PNG\r\n\x1a\n", 8);
	put_header(out, p);
	for (y = 0; y < (size_t)p->height; y++) {
		buf_putc(&raw, 0); /* no filter */
		buf_add(&raw, p->pixels + y * row, row);
	}
	put_stored(&data, &raw);
	put_chunk(out, "IDAT", &data);
	buf_reset(&data);
	put_chunk(out, "IEND", &data);
	buf_free(&data);
	buf_free(&raw);
}
