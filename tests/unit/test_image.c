/* The size of pictures from their first bytes, good and hostile. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../src/madod/image.c"

#define SIZE(bytes, w, h) \
	image_size((const unsigned char *)(bytes), sizeof(bytes) - 1, w, h)

static const char jpeg[] =
    "\xff\xd8\xff\xe0\x00\x04JF\xff\xff\xc2\x00\x0b\x08\x03\x00\x04\x00\x01xxx";

static void
test_known(void **state)
{
	int w = 0, h = 0;

	(void)state;
	assert_true(
	    SIZE("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x04\0\0\0\x03\0", &w, &h));
	assert_int_equal(w * 10000 + h, 10240768);
	assert_true(SIZE("GIF89a\x40\x01\xf0\x00", &w, &h));
	assert_int_equal(w * 10000 + h, 3200240);
	assert_true(SIZE(jpeg, &w, &h));
	assert_int_equal(w * 10000 + h, 10240768);
}

static void
test_hostile(void **state)
{
	unsigned char *p;
	int w, h;

	(void)state;
	/* every shorter piece, at its exact length, so that ASan sees a byte
	 * too many */
	for (size_t n = 0; n < sizeof(jpeg) - 5; n++) {
		p = malloc(n + 1);
		memcpy(p, jpeg, n);
		assert_false(image_size(p, n, &w, &h));
		free(p);
	}
	assert_false(
	    SIZE("\xff\xd8\xff\xe0\x00\x00\xff\xe0\x00\x00\xff\xe0\0", &w, &h));
	assert_false(SIZE("<html>not a picture</html>", &w, &h));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_known), cmocka_unit_test(test_hostile)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
