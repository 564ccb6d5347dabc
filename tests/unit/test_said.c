/* The desk's own lines in the screen's language: the patterns, on a catalogue
 * that is made up here. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static const char *words(const char *s);
#include "../../src/mado/i18n.h"
#undef _
#define _(s) words(s)
#include "../../src/mado/said.c"

static const char *
words(const char *s)
{
	static const char *const to[][2] = {
	    {"handed over to people: %s", "PEOPLE(%s)"},
	    {"assigned to %s by %s", "%2$s GIVES %1$s"},
	    {"taken by %s", "TAKES %s"}, {"no rule", "NONE"},
	    {"[image %s of %s, %s]", "[IMG %1$s/%2$s %3$s]"},
	    {"[sticker: %s]", "[ST %s]"}, {"%s replied", "%s DID"}};

	for (size_t i = 0; i < sizeof(to) / sizeof(to[0]); i++)
		if (strcmp(to[i][0], s) == 0)
			return to[i][1];
	return s;
}

static void
is(const char *phrase, const char *wanted)
{
	struct arena *a = arena_new();

	assert_string_equal(said_phrase(phrase, a), wanted);
	arena_free(a);
}

static void
test_phrases(void **state)
{
	(void)state;
	is("handed over to people: no rule", "PEOPLE(NONE)");
	is("handed over to people: taken by sato", "PEOPLE(TAKES sato)");
	is("handed over to people: sato replied", "PEOPLE(sato DID)");
	is("assigned to sato by kato", "kato GIVES sato");
	is("[image 2 of 3, 1024x768 210 KB]", "[IMG 2/3 1024x768 210 KB]");
	is("something new", "something new");
	is("handed over to people: a return (rule 返品)",
	    "PEOPLE(a return (rule 返品))");
	is("no rule (x)", "NONE (x)");
	is("handed over to people: ", "handed over to people: ");
	is("%s %n", "%s %n");
	is("", "");
}

static void
test_customers_words_stay(void **state)
{
	struct arena *a = arena_new();
	struct msg m = {.text = "no rule", .type = MSG_TEXT};

	(void)state;
	assert_string_equal(said_text(&m, a), "no rule");
	m.type = MSG_EVENT;
	assert_string_equal(said_text(&m, a), "NONE");
	is("[sticker: no rule]", "[ST no rule]");
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_phrases),
	    cmocka_unit_test(test_customers_words_stay)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
