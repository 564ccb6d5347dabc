/* A picture's notes: see exif.h. Sources: ITU T.81, Exif 2.3, CIPA DC-007. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "exif.h"

enum {
	SOI = 0xd8,
	EOI = 0xd9,
	SOS = 0xda,
	APP0 = 0xe0,
	APP1 = 0xe1,
	APP2 = 0xe2,
	APP14 = 0xee,
	APP15 = 0xef,
	COM = 0xfe,
	TAG_ORIENTATION = 0x0112,
	ENTRY_B = 12
};

static const unsigned char exif_sign[6] = "Exif\0";

/* A TIFF file, of either byte order. */
struct tiff {
	const unsigned char *p;
	size_t n;
	bool little;
};

static unsigned
get16(const struct tiff *t, size_t at)
{
	if (at + 2 > t->n)
		return 0;
	return t->little ? (unsigned)(t->p[at + 1] << 8 | t->p[at])
			 : (unsigned)(t->p[at] << 8 | t->p[at + 1]);
}

static size_t
get32(const struct tiff *t, size_t at)
{
	return t->little ? (size_t)get16(t, at + 2) << 16 | get16(t, at)
			 : (size_t)get16(t, at) << 16 | get16(t, at + 2);
}

/* 1 to 8; 0: it is not said. */
static unsigned
orientation(const unsigned char *p, size_t n)
{
	struct tiff t = {p + sizeof(exif_sign), n - sizeof(exif_sign), false};
	size_t dir, entries;
	unsigned v;

	t.little = t.n > 0 && t.p[0] == 'I';
	dir = get32(&t, 4);
	entries = dir < t.n ? get16(&t, dir) : 0;
	for (size_t i = 0; i < entries; i++) {
		size_t at = dir + 2 + i * ENTRY_B;

		if (get16(&t, at) != TAG_ORIENTATION)
			continue;
		v = get16(&t, at + 8);
		return v >= 1 && v <= 8 ? v : 0;
	}
	return 0;
}

/* Exif with nothing in it but which way is up, and zeros up to its old
 * length. */
static void
blank_exif(unsigned char *p, size_t n)
{
	static const unsigned char least[] = "Exif\0\0MM\0*\0\0\0\10"
					     "\0\1\1\22\0\3\0\0\0\1\0\1\0\0"
					     "\0\0\0\0";
	enum { LEAST_B = sizeof(least) - 1, VALUE_AT = 25 };
	unsigned way = orientation(p, n);

	memset(p, 0, n);
	if (way == 0 || n < LEAST_B)
		return;
	memcpy(p, least, LEAST_B);
	p[VALUE_AT] = (unsigned char)way;
}

static bool
begins(const unsigned char *p, size_t n, const char *sign, size_t sign_n)
{
	return n >= sign_n && memcmp(p, sign, sign_n) == 0;
}

/* What an image is not drawn without. */
static bool
is_drawn_by(int marker, const unsigned char *p, size_t n)
{
	if (marker == COM)
		return false;
	return marker <= APP0 || marker > APP15 || marker == APP14 ||
	    (marker == APP2 && begins(p, n, "ICC_PROFILE", 12));
}

static void
blank_segment(int marker, unsigned char *p, size_t n)
{
	if (marker == APP1 &&
	    begins(p, n, (const char *)exif_sign, sizeof(exif_sign)))
		blank_exif(p, n);
	else if (!is_drawn_by(marker, p, n))
		memset(p, 0, n);
}

/* The coded image from i on: up to the next marker that is one. */
static size_t
skip_scan(const unsigned char *p, size_t n, size_t i)
{
	const unsigned char *ff;

	while (i + 1 < n && (ff = memchr(p + i, 0xff, n - i - 1)) != NULL) {
		i = (size_t)(ff - p);
		if (p[i + 1] != 0 && (p[i + 1] < 0xd0 || p[i + 1] > 0xd7))
			return i;
		i += 2;
	}
	return n;
}

size_t
exif_blank(unsigned char *p, size_t n)
{
	size_t i = 2, len;

	if (n < 4 || p[0] != 0xff || p[1] != SOI)
		return n;
	while (i + 1 < n && p[i] == 0xff) {
		int marker = p[i + 1];

		if (marker == 0xff) { /* fill */
			i++;
			continue;
		}
		if (marker == EOI)
			return i + 2;
		len = i + 4 > n ? 0 : (size_t)(p[i + 2] << 8 | p[i + 3]);
		if (len < 2 || i + 2 + len > n)
			return n;
		blank_segment(marker, p + i + 4, len - 2);
		i += 2 + len;
		if (marker == SOS)
			i = skip_scan(p, n, i);
	}
	return n;
}

int
exif_blank_file(int fd, struct err *e)
{
	struct stat st;
	size_t n = 0;
	void *p;

	if (fstat(fd, &st) == -1)
		return err_set(e, ERR_BUSY, "a picture: %s", strerror(errno));
	if (st.st_size == 0)
		return 0;
	p = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED,
	    fd, 0);
	if (p == MAP_FAILED)
		return err_set(e, ERR_BUSY, "a picture: %s", strerror(errno));
	n = exif_blank(p, (size_t)st.st_size);
	munmap(p, (size_t)st.st_size);
	if (ftruncate(fd, (off_t)n) == -1)
		return err_set(e, ERR_BUSY, "a picture: %s", strerror(errno));
	return 0;
}
