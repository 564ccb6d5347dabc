/*
 * Rows for the manual: columns, keys of each type, errors.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <mado/manual.h>

static char said[4096];

/* What fn prints. */
static const char *
output(void (*fn)(void))
{
	FILE *f = tmpfile();
	int out;
	size_t n;

	assert_non_null(f);
	fflush(stdout);
	out = dup(STDOUT_FILENO);
	dup2(fileno(f), STDOUT_FILENO);
	fn();
	fflush(stdout);
	dup2(out, STDOUT_FILENO);
	close(out);
	rewind(f);
	n = fread(said, 1, sizeof(said) - 1, f);
	said[n] = '\0';
	fclose(f);
	return said;
}

static void
print_row(void)
{
	manual_row("verbs", "tag", "", "add tags", NULL);
}

static void
row_has_its_columns(void **state)
{
	(void)state;
	assert_string_equal(output(print_row), "verbs\ttag\t\tadd tags\n");
}

static void
print_keys(void)
{
	static const char *const names[] = {"allow", "ask", NULL};
	static const struct conf_key keys[] = {
	    {"a", "push", CONF_ENUM, 0, 0, 0, names, "ask", "when"},
	    {"b", "other", CONF_STR, 0, 0, 0, NULL, NULL, "not ours"},
	    {"a", "bell", CONF_BOOL, 0, 0, 0, NULL, NULL, "ring"},
	    {"a", "life", CONF_SPAN, 0, 0, 9, NULL, "90d", "how long"}, {0}};

	manual_keys("table", keys, "a");
}

static void
keys_of_one_section(void **state)
{
	(void)state;
	assert_string_equal(output(print_keys),
	    "table\tpush\tallow|ask\task\twhen\n"
	    "table\tbell\ton|off\t\tring\n"
	    "table\tlife\tSPAN\t90d\thow long\n");
}

static void
print_errors(void)
{
	manual_errors("errors");
}

static void
errors_without_success(void **state)
{
	const char *s;

	(void)state;
	s = output(print_errors);
	assert_null(strstr(s, "\tok\t"));
	assert_non_null(strstr(s, "errors\tunseen_messages\t409\t6\n"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(row_has_its_columns),
	    cmocka_unit_test(keys_of_one_section),
	    cmocka_unit_test(errors_without_success),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
