/* Small pictures: see preview.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jpeglib.h> /* wants FILE */
#include <png.h>

#include <mado/buf.h>
#include <mado/mem.h>
#include <mado/png.h>

#include "child.h"
#include "preview.h"
#include "sniff.h"

enum {
	SIDE_PX = 1024,
	PIXELS_MAX = 64 * 1000 * 1000,
	QUALITY = 80,
	TIME_MS = 20 * 1000,
	CPU_S = 10,
	MEMORY_B = 512 << 20,
	FILM_W = 320,
	FILM_H = 180,
	EXIF_MAX_B = 65533
};

/* --- in the process of its own: an error is its end --- */

static void
jpeg_fatal(j_common_ptr c)
{
	(void)c;
	_exit(1);
}

static void
jpeg_mute(j_common_ptr c)
{
	(void)c;
}

static struct jpeg_error_mgr *
errors(struct jpeg_error_mgr *m)
{
	jpeg_std_error(m);
	m->error_exit = jpeg_fatal;
	m->output_message = jpeg_mute;
	return m;
}

static void
jpeg_begin(struct jpeg_compress_struct *out, int width, int height)
{
	out->image_width = (JDIMENSION)width;
	out->image_height = (JDIMENSION)height;
	out->input_components = 3;
	out->in_color_space = JCS_RGB;
	jpeg_set_defaults(out);
	jpeg_set_quality(out, QUALITY, TRUE);
	jpeg_start_compress(out, TRUE);
}

/* The factor n/8 that brings the longer side to SIDE_PX or a little more. */
static unsigned
eighths(JDIMENSION width, JDIMENSION height)
{
	JDIMENSION side = width > height ? width : height;
	unsigned n = 1;

	while (n < 8 && side * n / 8 < SIDE_PX)
		n++;
	return n;
}

/* The decoder itself scales, by eighths. Which way is up stands in Exif. */
static int
scale_jpeg(FILE *from)
{
	struct jpeg_decompress_struct in;
	struct jpeg_compress_struct out;
	struct jpeg_error_mgr e1, e2;
	JSAMPROW row;

	in.err = errors(&e1);
	out.err = errors(&e2);
	jpeg_create_decompress(&in);
	jpeg_create_compress(&out);
	jpeg_stdio_src(&in, from);
	jpeg_stdio_dest(&out, stdout);
	jpeg_save_markers(&in, JPEG_APP0 + 1, EXIF_MAX_B);
	jpeg_read_header(&in, TRUE);
	if ((int64_t)in.image_width * in.image_height > PIXELS_MAX)
		return 1;
	in.out_color_space = JCS_RGB;
	in.scale_num = eighths(in.image_width, in.image_height);
	in.scale_denom = 8;
	jpeg_start_decompress(&in);
	row = x_calloc(in.output_width, 3);
	jpeg_begin(&out, (int)in.output_width, (int)in.output_height);
	if (in.marker_list != NULL)
		jpeg_write_marker(&out, JPEG_APP0 + 1, in.marker_list->data,
		    in.marker_list->data_length);
	while (in.output_scanline < in.output_height) {
		jpeg_read_scanlines(&in, &row, 1);
		jpeg_write_scanlines(&out, &row, 1);
	}
	jpeg_finish_compress(&out);
	jpeg_destroy_compress(&out);
	jpeg_destroy_decompress(&in);
	x_free(row);
	return 0;
}

/* One pixel of the small picture: the mean of a square of the large one. */
static void
mean(const png_image *im, const unsigned char *p, int x, int y, int by,
    unsigned char *to)
{
	unsigned sum[3] = {0}, n = 0;

	for (int v = y * by; v < (y + 1) * by && v < (int)im->height; v++)
		for (int u = x * by; u < (x + 1) * by && u < (int)im->width;
		     u++, n++)
			for (int k = 0; k < 3; k++)
				sum[k] +=
				    p[((size_t)v * im->width + u) * 3 + k];
	for (int k = 0; k < 3; k++)
		to[k] = (unsigned char)(n > 0 ? sum[k] / n : 0);
}

static int
scale_png(FILE *from)
{
	const png_color white = {255, 255, 255};
	png_image im = {.version = PNG_IMAGE_VERSION};
	struct jpeg_compress_struct out;
	struct jpeg_error_mgr e;
	unsigned char *all, *row;
	int by, width;

	if (!png_image_begin_read_from_stdio(&im, from) ||
	    (int64_t)im.width * im.height > PIXELS_MAX)
		return 1;
	im.format = PNG_FORMAT_RGB;
	all = x_calloc(PNG_IMAGE_SIZE(im), 1);
	if (!png_image_finish_read(&im, &white, all, 0, NULL))
		return 1;
	by = (int)(im.width > im.height ? im.width : im.height) / SIDE_PX + 1;
	width = ((int)im.width + by - 1) / by;
	row = x_calloc((size_t)width, 3);
	out.err = errors(&e);
	jpeg_create_compress(&out);
	jpeg_stdio_dest(&out, stdout);
	jpeg_begin(&out, width, ((int)im.height + by - 1) / by);
	while (out.next_scanline < out.image_height) {
		for (int x = 0; x < width; x++)
			mean(&im, all, x, (int)out.next_scanline, by,
			    row + (size_t)x * 3);
		jpeg_write_scanlines(&out, &row, 1);
	}
	jpeg_finish_compress(&out);
	jpeg_destroy_compress(&out);
	x_free(row);
	x_free(all);
	return 0;
}

int
preview_main(void)
{
	int rv, first;

	close_range(3, ~0U, 0);
	first = getc(stdin);
	ungetc(first, stdin);
	rv = first == 0xff ? scale_jpeg(stdin) : scale_png(stdin);
	return rv != 0 || fflush(stdout) != 0;
}

/* --- in madod --- */

static int
preview_run(int in, int out, struct err *e)
{
	const char *const argv[] = {"/proc/self/exe", "--preview", NULL};
	const struct child_opts o = {.argv = argv,
	    .in = in,
	    .out = out,
	    .cpu_s = CPU_S,
	    .memory_b = MEMORY_B,
	    .file_b = LINE_PREVIEW_MAX_B};
	pid_t pid = child_start(&o, e);

	return pid == -1 ? -1 : child_wait(pid, TIME_MS, e);
}

int
preview_picture(const char *from, const char *to, struct err *e)
{
	int in = open(from, O_RDONLY | O_CLOEXEC), rv;
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (in == -1 || out == -1)
		rv = err_set(e, ERR_FAILED, "%s: %s", in == -1 ? from : to,
		    strerror(errno));
	else if ((rv = preview_run(in, out, e)) == -1)
		err_prefix(e, "no preview of this picture could be made");
	if (in != -1)
		close(in);
	if (out != -1)
		close(out);
	if (rv == -1)
		unlink(to);
	return rv;
}

/* The triangle that stands for "play", white on dark. */
static bool
film_is_light(int x, int y)
{
	int dx = x - (FILM_W / 2 - 24), dy = y - FILM_H / 2;

	return dx >= 0 && dx <= 60 && 2 * (dy < 0 ? -dy : dy) <= 60 - dx;
}

int
preview_film(const char *to, struct err *e)
{
	static const unsigned char palette[] = {40, 44, 52, 235, 235, 235};
	unsigned char pixels[FILM_W / 8 * FILM_H] = {0};
	const struct png p = {.width = FILM_W,
	    .height = FILM_H,
	    .bits = 1,
	    .palette = palette,
	    .colours = 2,
	    .pixels = pixels};
	struct buf b = {0};
	int rv;

	for (int y = 0; y < FILM_H; y++)
		for (int x = 0; x < FILM_W; x++)
			if (film_is_light(x, y))
				pixels[y * (FILM_W / 8) + x / 8] |=
				    (unsigned char)(0x80 >> x % 8);
	png_write(&p, &b);
	rv = file_write(to, b.p, b.n, 0600, e);
	buf_free(&b);
	return rv;
}
