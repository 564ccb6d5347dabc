/* Emoji are found by words of both languages, the likeliest first. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <mado/mem.h>
#include <mado/text.h>

#include "../../src/mado/emoji.h"

static struct completion *
found(const char *word)
{
	static struct completion c;

	if (c.a != NULL)
		arena_free(c.a);
	memset(&c, 0, sizeof(c));
	c.a = arena_new();
	c.word = word;
	emoji_offer(&c);
	return &c;
}

static bool
finds(const char *word, const char *emoji)
{
	struct completion *c = found(word);

	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->v[i].text, emoji) == 0)
			return true;
	return false;
}

static void
test_both_languages(void **state)
{
	(void)state;
	assert_string_equal(found(":sushi")->v[0].text, "🍣");
	assert_true(finds(":寿司", "🍣"));
	assert_true(finds(":すし", "🍣"));
	assert_true(finds(":ｽｼ", "🍣"));
	assert_true(finds(":ＳＵＳＨＩ", "🍣"));
	assert_true(finds(":日本", "🇯🇵"));
	assert_true(finds(":えがお", "😊"));
	assert_true(finds(":apology", "🙇"));
	assert_true(finds(":土下座", "🙇"));
}

static void
test_likeliest_first(void **state)
{
	struct completion *c = found(":smile");

	(void)state;
	assert_string_equal(c->v[0].name, ":smile:"); /* ours */
	assert_true(c->n > 5);
	assert_string_equal(found(":cat")->v[0].text, "🐈");
	c = found(":smile:");
	assert_int_equal(c->n, 1);
	assert_string_equal(c->v[0].text, "😊");
	assert_false(finds(":ushi", "🍣")); /* in the midst of a word */
}

static void
test_nothing(void **state)
{
	(void)state;
	assert_int_equal(found(":")->n, 0);
	assert_int_equal(found(":|")->n, 0);
	assert_int_equal(found(":qqqq")->n, 0);
	assert_true(found(":a")->n <= COMPLETE_MAX);
}

/* What the terminal draws and LINE gets is the emoji and nothing else. */
static void
test_table(void **state)
{
	char *all = x_strdup(emoji_cldr), *rest = all, *line;
	size_t n = 0;

	(void)state;
	for (; (line = strsep(&rest, "\n")) != NULL && *line != '\0'; n++) {
		char *text = strsep(&line, "|");

		assert_int_equal(text_graphemes(text), 1);
		assert_true(line != NULL && *line != '|');
	}
	assert_true(n > 1500);
	x_free(all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_both_languages),
	    cmocka_unit_test(test_likeliest_first),
	    cmocka_unit_test(test_nothing), cmocka_unit_test(test_table)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
