/*
 * conf_edit.c: one value changes and everything else stays, and what was
 * written is read back by conf.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include <mado/conf.h>
#include <mado/conf_edit.h>
#include <mado/mem.h>

static void
edited(
    const char *before, const char *key, const char *value, const char *after)
{
	struct conf_change c = {"line", "main", key, value};
	struct buf b = {0};

	buf_puts(&b, before);
	conf_edit(&b, &c);
	assert_string_equal(buf_str(&b), after);
	buf_free(&b);
}

static void
one_value_changes(void **state)
{
	(void)state;
	edited("# mine\n[line main]\n  push = ask ; why\nx = 1\n[line b]\n"
	       "push = hold\n",
	    "push", "allow",
	    "# mine\n[line main]\npush = allow\nx = 1\n[line b]\n"
	    "push = hold\n");
	edited("[line main]\npush = ask\npush=hold\n", "push", "allow",
	    "[line main]\npush = allow\n");
	edited("[line main]\npush = ask\npushy = 1\n", "push", NULL,
	    "[line main]\npushy = 1\n");
}

static void
new_keys_have_their_place(void **state)
{
	(void)state;
	edited("", "push", "ask", "[line main]\npush = ask\n");
	edited("[server]\na = 1", "push", "ask",
	    "[server]\na = 1\n\n[line main]\npush = ask\n");
	edited("[ line  main ]\na = 1\n\n# of b\n[line b]\n", "push", "ask",
	    "[ line  main ]\na = 1\n\n# of b\npush = ask\n[line b]\n");
	edited("[line mainly]\n", "push", "ask",
	    "[line mainly]\n\n[line main]\npush = ask\n");
	edited("[line main]\n", "push", NULL, "[line main]\n");
}

static void
values_are_read_back(void **state)
{
	static const char *const values[] = {"plain", "a ; b", " blank ", "",
	    "q\"uote\\d", "two\nlines\t", "日本語", "#x"};
	struct conf_change c = {"server", "", "name", NULL};
	struct err e = {0};
	struct conf *f;
	struct buf b = {0};
	size_t i;

	(void)state;
	buf_puts(&b, "[server]\nname = old\nlisten = x\n");
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		c.value = values[i];
		conf_edit(&b, &c);
		f = conf_parse("test", b.p, b.n, &e);
		assert_non_null(f);
		assert_int_equal(f->n, 3);
		assert_string_equal(f->items[1].value, values[i]);
		conf_free(f);
	}
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_value_changes),
	    cmocka_unit_test(new_keys_have_their_place),
	    cmocka_unit_test(values_are_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
