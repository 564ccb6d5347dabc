/*
 * How large a picture is, from its first bytes: for the line that stands for
 * it in a history. Bytes are a customer's: nothing is believed.
 */
#include <string.h>

#include "image.h"

static int
be16(const unsigned char *p)
{
	return p[0] << 8 | p[1];
}

static bool
png_size(const unsigned char *p, size_t n, int *w, int *h)
{
	if (n < 24 || memcmp(p, "\x89PNG\r\n\x1a\n", 8) != 0 || be16(p + 16) ||
	    be16(p + 20))
		return false; /* 65,536 or more a side: nobody's photograph */
	*w = be16(p + 18);
	*h = be16(p + 22);
	return true;
}

static bool
gif_size(const unsigned char *p, size_t n, int *w, int *h)
{
	if (n < 10 || memcmp(p, "GIF8", 4) != 0)
		return false;
	*w = p[7] << 8 | p[6];
	*h = p[9] << 8 | p[8];
	return true;
}

/* Walk the segments to the frame header: SOF0 to SOF15 but DHT, JPG, DAC. */
static bool
jpeg_size(const unsigned char *p, size_t n, int *w, int *h)
{
	size_t i = 2;
	int marker;

	if (n < 4 || p[0] != 0xff || p[1] != 0xd8)
		return false;
	while (i + 9 < n && p[i] == 0xff) {
		marker = p[i + 1];
		if (marker == 0xff) { /* fill */
			i++;
			continue;
		}
		if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 &&
		    marker != 0xc8 && marker != 0xcc) {
			*h = be16(p + i + 5);
			*w = be16(p + i + 7);
			return true;
		}
		i += 2 + (size_t)be16(p + i + 2);
	}
	return false;
}

bool
image_size(const unsigned char *p, size_t n, int *width_px, int *height_px)
{
	return png_size(p, n, width_px, height_px) ||
	    gif_size(p, n, width_px, height_px) ||
	    jpeg_size(p, n, width_px, height_px);
}
