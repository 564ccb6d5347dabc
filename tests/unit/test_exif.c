/*
 * What a camera notes is gone from a JPEG, which way is up stays, and the image
 * is what it was; broken and hostile ones are survived.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <mado/buf.h>

#include "../../src/madod/exif.c"

/* A TIFF of little-endian bytes: Orientation 6, and where it was taken. */
#define TIFF                                          \
	"II*\0\10\0\0\0\2\0\22\1\3\0\1\0\0\0\6\0\0\0" \
	"\x25\x88\4\0\1\0\0\0\x26\0\0\0\0\0\0\0"      \
	"GPS 35.6895N 139.6917E"
#define ICC "ICC_PROFILE\0\1\1colours"
#define SCAN                              \
	"\xff\xda\0\4xxabc\xff\0\xff\xd3" \
	"def"

static void
segment(struct buf *b, int marker, const char *p, size_t n)
{
	buf_putc(b, (char)0xff);
	buf_putc(b, (char)marker);
	buf_putc(b, (char)((n + 2) >> 8));
	buf_putc(b, (char)(n + 2));
	buf_add(b, p, n);
}

#define SEGMENT(b, marker, s) segment(b, marker, s, sizeof(s) - 1)

static void
photograph(struct buf *b)
{
	buf_puts(b, "\xff\xd8");
	SEGMENT(b, 0xe0, "JFIF\0\1\1\0\0\1\0\1\0\0");
	SEGMENT(b, 0xe1, "Exif\0\0" TIFF);
	SEGMENT(b, 0xe1, "http://ns.adobe.com/xap/1.0/\0<x GPS='35N'/>");
	SEGMENT(b, 0xe2, ICC);
	SEGMENT(b, 0xe2, "MPF\0MM GPS");
	SEGMENT(b, 0xed, "Photoshop 3.0\0 GPS Tokyo");
	SEGMENT(b, 0xfe, "GPS by hand");
	SEGMENT(b, 0xc0, "\x08\0\1\0\1\1\1\x11\0");
	buf_add(b, SCAN SCAN, 2 * (sizeof(SCAN) - 1));
	buf_puts(b, "\xff\xd9");
}

static void
test_notes_go(void **state)
{
	struct buf b = {0}, was = {0};
	size_t n, image;

	(void)state;
	photograph(&b);
	n = b.n;
	buf_add(&was, b.p, b.n);
	photograph(&b); /* a second picture behind it, with its own */
	assert_int_equal(exif_blank((unsigned char *)b.p, b.n), n);
	assert_null(memmem(b.p, n, "GPS", 3));
	assert_null(memmem(b.p, n, "\x25\x88", 2));
	assert_non_null(memmem(b.p, n, ICC, sizeof(ICC) - 1));
	assert_non_null(memmem(b.p, n, "JFIF", 4));
	image = (size_t)((char *)memmem(b.p, n, "\xff\xc0", 2) - b.p);
	assert_memory_equal(b.p + image, was.p + image, n - image);
	buf_free(&b);
	buf_free(&was);
}

static void
test_up_stays_up(void **state)
{
	struct buf b = {0};
	unsigned char *exif;
	size_t n;

	(void)state;
	photograph(&b);
	exif_blank((unsigned char *)b.p, b.n);
	exif = memmem(b.p, b.n, "Exif\0", 6);
	assert_non_null(exif);
	n = sizeof("Exif\0\0" TIFF) - 1;
	assert_int_equal(orientation(exif, n), 6);
	assert_int_equal(exif_blank((unsigned char *)b.p, b.n), b.n);
	assert_int_equal(orientation(exif, n), 6); /* twice is once */
	buf_free(&b);
}

/* Each shorter piece, at its exact length for ASan, and each byte changed. */
static void
test_hostile(void **state)
{
	struct buf b = {0};
	unsigned char *p;

	(void)state;
	photograph(&b);
	for (size_t n = 0; n <= b.n; n++) {
		p = malloc(n + 1);
		memcpy(p, b.p, n);
		assert_true(exif_blank(p, n) <= n);
		free(p);
		p = malloc(b.n);
		memcpy(p, b.p, b.n);
		p[n < b.n ? n : 0] ^= 0xff;
		assert_true(exif_blank(p, b.n) <= b.n);
		free(p);
	}
	assert_int_equal(exif_blank((unsigned char *)"GIF89a", 6), 6);
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_notes_go),
	    cmocka_unit_test(test_up_stays_up), cmocka_unit_test(test_hostile)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
