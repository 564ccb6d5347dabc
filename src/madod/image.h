/* How large a picture is, from its first bytes. */
#ifndef MADOD_IMAGE_H
#define MADOD_IMAGE_H

#include <stdbool.h>
#include <stddef.h>

enum { IMAGE_HEAD_B = 256 << 10 };

/* PNG, GIF and JPEG; false when p holds none of them or not enough. */
bool image_size(
    const unsigned char *p, size_t n, int *width_px, int *height_px);

#endif
