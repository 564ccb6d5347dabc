/*
 * Rows of tables on standard output, for the manual. Knows how a row looks,
 * no table by name. Called by the mains for --tables.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <mado/buf.h>
#include <mado/manual.h>

void
manual_row(const char *table, ...)
{
	const char *col;
	va_list ap;

	fputs(table, stdout);
	va_start(ap, table);
	while ((col = va_arg(ap, const char *)) != NULL)
		printf("\t%s", col);
	va_end(ap);
	putchar('\n');
}

/* What a key takes: the words to choose from, or the kind of value. */
static const char *
key_takes(const struct conf_key *k, struct buf *b)
{
	static const char *const kinds[] = {[CONF_STR] = "TEXT",
	    [CONF_STRS] = "TEXT",
	    [CONF_BOOL] = "on|off",
	    [CONF_INT] = "NUMBER",
	    [CONF_SPAN] = "SPAN",
	    [CONF_SIZE] = "SIZE"};

	if (k->type != CONF_ENUM)
		return kinds[k->type];
	buf_reset(b);
	for (int i = 0; k->names[i] != NULL; i++)
		buf_printf(b, "%s%s", i > 0 ? "|" : "", k->names[i]);
	return buf_str(b);
}

void
manual_keys(const char *table, const struct conf_key *keys, const char *section)
{
	struct buf b = {0};

	for (; keys->key != NULL; keys++)
		if (strcmp(keys->section, section) == 0)
			manual_row(table, keys->key, key_takes(keys, &b),
			    keys->def != NULL ? keys->def : "", keys->help,
			    NULL);
	buf_free(&b);
}

void
manual_errors(const char *table)
{
	static const enum err_code codes[] = {
#define X(id, name, http, code) id,
	    ERR_CODES(X)
#undef X
	};
	char http[8], code[8];

	for (size_t i = 1; i < sizeof(codes) / sizeof(codes[0]); i++) {
		snprintf(http, sizeof(http), "%d", err_http_status(codes[i]));
		snprintf(code, sizeof(code), "%d", err_exit_code(codes[i]));
		manual_row(table, err_name(codes[i]), http, code, NULL);
	}
}
