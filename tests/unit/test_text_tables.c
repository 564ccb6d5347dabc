/*
 * The tables behind text.h: sorted as bsearch() wants them, and the widths
 * used without a UTF-8 locale equal to the C library's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <locale.h>
#include <cmocka.h>

#include "../../src/lib/text_cell.c"
#include "../../src/lib/text_emoji.c"
#include "../../src/lib/text_wrap.c"

#define COUNT(t) (sizeof(t) / sizeof((t)[0]))

static void
test_tables_are_sorted(void **state)
{
	size_t i;
	(void)state;

	for (i = 1; i < COUNT(ambiguous); i++)
		assert_true(ambiguous[i - 1][1] < ambiguous[i][0]);
	for (i = 1; i < COUNT(names); i++)
		assert_true(names[i - 1].cp < names[i].cp);
	for (i = 1; i < COUNT(never_first); i++)
		assert_true(never_first[i - 1] < never_first[i]);
	for (i = 1; i < COUNT(never_last); i++)
		assert_true(never_last[i - 1] < never_last[i]);
}

static void
test_emoji_names_fit_and_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		assert_true(strlen(names[i].name) + 2 < TEXT_SHAPE_B - 4);
		assert_string_equal(
		    text_emoji_name(names[i].cp), names[i].name);
	}
	assert_null(text_emoji_name('a'));
}

/* Circled numbers on black squares, and the hexagrams, which Unicode 16 made
 * wide: glibc says 2, utf8proc 2.8 says 1. */
static bool
is_known_to_differ(int32_t cp)
{
	return (cp >= 0x3248 && cp <= 0x324f) || (cp >= 0x4dc0 && cp <= 0x4dff);
}

static void
test_own_widths_are_the_c_librarys(void **state)
{
	int own, libc;
	(void)state;

	if (setlocale(LC_ALL, "C.UTF-8") == NULL) {
		print_message("no locale C.UTF-8\n");
		skip();
	}
	for (int32_t cp = 0x20; cp <= 0x10ffff; cp++) {
		own = cell_width_own(cp);
		libc = wcwidth((wchar_t)cp);
		/* either may be of a newer Unicode than the other */
		if (own >= 0 && libc >= 0 && !is_known_to_differ(cp) &&
		    !utf8proc_get_property(cp)->ignorable)
			assert_int_equal(own, libc);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_tables_are_sorted),
	    cmocka_unit_test(test_emoji_names_fit_and_are_found),
	    cmocka_unit_test(test_own_widths_are_the_c_librarys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
