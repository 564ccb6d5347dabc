/*
 * qr.c: codes have the marks that readers look for, the picture, the drawing
 * and the text show the same modules, and too much is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mado/mem.h>
#include <mado/qr.h>

#define LINK "https://line.me/R/ti/p/%40madosim"

/* Seven dark modules, a light ring, three by three: top left. */
static void
code_has_its_marks(void **state)
{
	static const char *const finder[] = {"#######.", "#.....#.", "#.###.#.",
	    "#.###.#.", "#.###.#.", "#.....#.", "#######.", "........"};
	struct err e = {0};
	struct qr *q = qr_new(LINK, &e);
	int x, y, end;

	(void)state;
	assert_non_null(q);
	end = qr_side(q) - 1;
	assert_int_equal(qr_side(q) % 4, 1);
	for (y = 0; y < 8; y++)
		for (x = 0; x < 8; x++) {
			assert_int_equal(qr_dark(q, x, y), finder[y][x] == '#');
			assert_int_equal(
			    qr_dark(q, end - x, y), finder[y][x] == '#');
			assert_int_equal(
			    qr_dark(q, x, end - y), finder[y][x] == '#');
		}
	assert_false(qr_dark(q, -1, 0));
	assert_false(qr_dark(q, 0, end + 1));
	qr_free(q);
}

static void
too_much_is_refused(void **state)
{
	char text[2333];
	struct err e = {0};
	struct qr *q;

	(void)state;
	memset(text, 'x', sizeof(text));
	text[2331] = '\0';
	q = qr_new(text, &e);
	assert_non_null(q);
	qr_free(q);
	text[2331] = 'x';
	text[2332] = '\0';
	assert_null(qr_new(text, &e));
	assert_int_equal(e.code, ERR_TOOBIG);
}

/* The dark rectangles of the drawing cover as many modules as are dark. */
static void
drawing_shows_all(void **state)
{
	struct qr *q = qr_new(LINK, NULL);
	struct buf b = {0};
	int x, y, n, dark = 0, drawn = 0, skip = 0;
	const char *s;

	(void)state;
	for (y = 0; y < qr_side(q); y++)
		for (x = 0; x < qr_side(q); x++)
			dark += qr_dark(q, x, y);
	qr_svg(q, &b);
	s = strstr(b.p, "<path d=");
	while (s != NULL && (s = strchr(s + 1, 'M')) != NULL) {
		sscanf(s, "M%d %dh%dv%n", &x, &y, &n, &skip);
		drawn += n;
		assert_true(qr_dark(q, x - QR_QUIET, y - QR_QUIET));
	}
	assert_int_equal(dark, drawn);
	buf_free(&b);
	qr_free(q);
}

static void
text_shows_all(void **state)
{
	struct qr *q = qr_new(LINK, NULL);
	struct buf b = {0};
	int lines = 0, cols = 0;
	const char *s;

	(void)state;
	qr_text(q, false, &b);
	for (s = b.p; *s != '\0'; s++) {
		lines += *s == '\n';
		/* characters of the first line: bytes that begin one */
		cols += lines == 0 && (*s & 0xc0) != 0x80;
	}
	assert_int_equal(lines, qr_text_lines(q));
	assert_int_equal(cols, qr_text_cols(q));
	assert_null(strchr(b.p, '\x1b'));
	buf_reset(&b);
	qr_text(q, true, &b);
	assert_non_null(strstr(b.p, "\x1b[0m\n"));
	buf_free(&b);
	qr_free(q);
}

static uint32_t
be32(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;

	return (uint32_t)u[0] << 24 | (uint32_t)u[1] << 16 |
	    (uint32_t)u[2] << 8 | u[3];
}

/* Its pixels are stored: one row of the middle of each module's height. */
static void
picture_shows_all(void **state)
{
	enum { SCALE = 3, HEAD = 8 + 25 + 12 + 6 + 8 + 2 + 5 };
	struct qr *q = qr_new(LINK, NULL);
	struct buf b = {0};
	int side = (qr_side(q) + 2 * QR_QUIET) * SCALE, x, y;
	size_t row = ((size_t)side + 7) / 8;
	const char *p;

	(void)state;
	qr_png(q, SCALE, &b);
	assert_memory_equal(b.p, "\x89PNG\r\n\x1a\n", 8);
	assert_int_equal(be32(b.p + 16), side);
	assert_int_equal(be32(b.p + 20), side);
	for (y = 0; y < side; y++)
		for (x = 0; x < side; x++) {
			p = b.p + HEAD + (size_t)y * (row + 1) + 1;
			assert_int_equal(p[x / 8] >> (7 - x % 8) & 1,
			    qr_dark(
				q, x / SCALE - QR_QUIET, y / SCALE - QR_QUIET));
		}
	buf_free(&b);
	qr_free(q);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(code_has_its_marks),
	    cmocka_unit_test(too_much_is_refused),
	    cmocka_unit_test(drawing_shows_all),
	    cmocka_unit_test(text_shows_all),
	    cmocka_unit_test(picture_shows_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
