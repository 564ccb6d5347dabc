/*
 * The process that decodes strangers' pictures: see picture.h. It is `mado
 * --picture`, started anew so that nothing of ours is in its memory; an error
 * is its end. Knows no terminal.
 */
#include "picture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jpeglib.h> /* wants FILE */
#include <png.h>

enum { PIXELS_MAX = 64 * 1000 * 1000, EXIF_MAX_B = 65533 };

/* Which way is up: rows of the picture run as Exif's value says. */
enum turn { UPRIGHT = 1, HALF = 3, RIGHT = 6, LEFT = 8 };

struct image {
	int w, h;
	unsigned char *rgb;
	enum turn turn;
};

static void
fatal(j_common_ptr c)
{
	(void)c;
	_exit(1);
}

static void
mute(j_common_ptr c)
{
	(void)c;
}

static unsigned
number(const unsigned char *p, int n, bool little)
{
	unsigned v = 0;

	for (int i = 0; i < n; i++)
		v = v << 8 | p[little ? n - 1 - i : i];
	return v;
}

/* The tag Orientation of the first directory. Source: Exif 2.3, 4.6. */
static enum turn
exif_turn(const unsigned char *p, size_t n)
{
	bool little;
	unsigned at, count, value;

	if (n < 14 || memcmp(p, "Exif\0\0", 6) != 0)
		return UPRIGHT;
	p += 6;
	n -= 6;
	little = p[0] == 'I';
	at = number(p + 4, 4, little);
	if (at > n - 2)
		return UPRIGHT;
	count = number(p + at, 2, little);
	for (at += 2; count > 0 && at + 12 <= n; count--, at += 12) {
		if (number(p + at, 2, little) != 0x112)
			continue;
		value = number(p + at + 8, 2, little);
		return value == HALF || value == RIGHT || value == LEFT
		    ? (enum turn)value
		    : UPRIGHT;
	}
	return UPRIGHT;
}

/* The decoder itself scales, by eighths, to no less than is wanted. */
static unsigned
eighths(JDIMENSION w, JDIMENSION h)
{
	JDIMENSION side = w > h ? w : h;
	unsigned n = 1;

	while (n < 8 && side * n / 8 < PICTURE_SIDE_PX)
		n++;
	return n;
}

static int
read_jpeg(FILE *f, struct image *im)
{
	struct jpeg_decompress_struct in;
	struct jpeg_error_mgr e;

	in.err = jpeg_std_error(&e);
	e.error_exit = fatal;
	e.output_message = mute;
	jpeg_create_decompress(&in);
	jpeg_stdio_src(&in, f);
	jpeg_save_markers(&in, JPEG_APP0 + 1, EXIF_MAX_B);
	jpeg_read_header(&in, TRUE);
	if ((int64_t)in.image_width * in.image_height > PIXELS_MAX)
		return -1;
	if (in.marker_list != NULL)
		im->turn = exif_turn(
		    in.marker_list->data, in.marker_list->data_length);
	in.out_color_space = JCS_RGB;
	in.scale_num = eighths(in.image_width, in.image_height);
	in.scale_denom = 8;
	jpeg_start_decompress(&in);
	im->w = (int)in.output_width;
	im->h = (int)in.output_height;
	im->rgb = x_calloc((size_t)im->w * (size_t)im->h, 3);
	while (in.output_scanline < in.output_height) {
		JSAMPROW row =
		    im->rgb + (size_t)in.output_scanline * (size_t)im->w * 3;

		jpeg_read_scanlines(&in, &row, 1);
	}
	jpeg_destroy_decompress(&in);
	return 0;
}

static int
read_png(FILE *f, struct image *im)
{
	const png_color white = {255, 255, 255};
	png_image p = {.version = PNG_IMAGE_VERSION};

	if (!png_image_begin_read_from_stdio(&p, f) ||
	    (int64_t)p.width * p.height > PIXELS_MAX)
		return -1;
	p.format = PNG_FORMAT_RGB;
	im->rgb = x_calloc(PNG_IMAGE_SIZE(p), 1);
	if (!png_image_finish_read(&p, &white, im->rgb, 0, NULL))
		return -1;
	im->w = (int)p.width;
	im->h = (int)p.height;
	return 0;
}

/* The mean of what lies under pixel x, y of a picture of w by h. */
static void
mean(const struct image *im, int x, int y, int w, int h, unsigned char *to)
{
	int x0 = (int)((int64_t)x * im->w / w), y0;
	int x1 = (int)((int64_t)(x + 1) * im->w / w), y1;
	unsigned sum[3] = {0}, n = 0;

	y0 = (int)((int64_t)y * im->h / h);
	y1 = (int)((int64_t)(y + 1) * im->h / h);
	for (int v = y0; v < y1 || v == y0; v++)
		for (int u = x0; u < x1 || u == x0; u++, n++)
			for (int k = 0; k < 3; k++)
				sum[k] += im->rgb[((size_t)v * (size_t)im->w +
						      (size_t)u) *
					3 +
				    (size_t)k];
	for (int k = 0; k < 3; k++)
		to[k] = (unsigned char)(sum[k] / n);
}

/* Where pixel x, y of the upright picture of w by h lies in the stored one. */
static void
turned(enum turn t, int *x, int *y, int w, int h)
{
	int u = *x, v = *y;

	if (t == HALF) {
		*x = w - 1 - u;
		*y = h - 1 - v;
	} else if (t == RIGHT) {
		*x = v;
		*y = w - 1 - u;
	} else if (t == LEFT) {
		*x = h - 1 - v;
		*y = u;
	}
}

static void
put_number(unsigned v)
{
	for (int i = 0; i < 4; i++)
		putchar((int)(v >> (8 * i) & 0xff));
}

static void
write_small(const struct image *im)
{
	bool side = im->turn == RIGHT || im->turn == LEFT;
	int w = side ? im->h : im->w, h = side ? im->w : im->h;
	int longer = w > h ? w : h;
	unsigned char rgb[3];

	if (longer > PICTURE_SIDE_PX) {
		w = (int)((int64_t)w * PICTURE_SIDE_PX / longer);
		h = (int)((int64_t)h * PICTURE_SIDE_PX / longer);
		w = w < 1 ? 1 : w;
		h = h < 1 ? 1 : h;
	}
	put_number((unsigned)w);
	put_number((unsigned)h);
	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++) {
			int u = x, v = y;

			turned(im->turn, &u, &v, w, h);
			mean(im, u, v, side ? h : w, side ? w : h, rgb);
			fwrite(rgb, 3, 1, stdout);
		}
}

int
picture_main(void)
{
	struct image im = {.turn = UPRIGHT};
	int first = getc(stdin), rv;

	ungetc(first, stdin);
	rv = first == 0xff ? read_jpeg(stdin, &im) : read_png(stdin, &im);
	if (rv == 0 && im.w > 0 && im.h > 0)
		write_small(&im);
	x_free(im.rgb);
	return rv != 0 || fflush(stdout) != 0;
}
