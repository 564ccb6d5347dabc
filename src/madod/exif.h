/*
 * What a camera writes into a picture beside the picture: where it was taken,
 * when, by whose device. Customers are sent none of it.
 */
#ifndef MADOD_EXIF_H
#define MADOD_EXIF_H

#include <stddef.h>

#include <mado/err.h>

/*
 * Blank the notes of the JPEG at p, in place: Exif but for which way is up,
 * XMP, IPTC, comments, makers' own. Colours (ICC, Adobe) and all of the image
 * stay. Gives how many bytes of the n are to be kept: what follows the image's
 * end, as further pictures with notes of their own, goes. Something else than
 * a JPEG, or one that is broken, is left as it is from there on.
 */
size_t exif_blank(unsigned char *p, size_t n);
/* The same to the open file, which may be read and written. */
int exif_blank_file(int fd, struct err *e);

#endif
