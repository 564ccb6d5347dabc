/*
 * INI files in UTF-8 (or any bytes that are valid UTF-8): [section] or
 * [section name], key = value, ; and # at a line's start or after white
 * space begin a comment, values may be "quoted" (then \" \\ \n \t count and
 * ; # do not), lines of any length, CRLF and a BOM are fine, a key may be
 * repeated, a section too (it goes on; its line is an item again). What stands
 * before the first section has the section "".
 */
#ifndef MADO_CONF_H
#define MADO_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mado/err.h>

struct conf_item {
	const char *section; /* "server", "line" */
	const char *label;   /* "main" of [line main], "" without */
	const char *key;     /* NULL for the section's own line */
	const char *value;
	int line; /* from 1 */
	int col;  /* of the key, or of the section's [, in characters from 1 */
	int value_col; /* of the value's first character */
	bool quoted;   /* the value is: \" \\ \n \t take two columns */
};

struct conf {
	char *file;
	struct conf_item *items;
	size_t n;
	bool columns; /* errors are told with theirs */
	void *memory; /* private */
};

/*
 * Read a file (64 MiB at most). NULL with ERR_INVALID ("FILE:LINE: what, and
 * what is allowed") or what buf_read_file() says. Caller frees with
 * conf_free().
 */
struct conf *conf_read(const char *path, struct err *e);
/* The same from memory; `name` stands for the file in messages. */
struct conf *conf_parse(
    const char *name, const char *p, size_t n, struct err *e);
/* The same, and its errors name columns too: "FILE:LINE:COLUMN: what". */
struct conf *conf_parse_columns(
    const char *name, const char *p, size_t n, struct err *e);
void conf_free(struct conf *c);
/* "FILE:LINE: " (":COLUMN" with it->col) + text as ERR_INVALID; returns -1. c
 * and it may be NULL. */
int conf_error(const struct conf *c, const struct conf_item *it, struct err *e,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* The column of the value's byte `off`, in characters from 1. */
int conf_column(const struct conf_item *it, size_t off);

enum conf_type {
	CONF_STR,  /* char *, x_strdup'ed */
	CONF_STRS, /* struct conf_list; each repetition adds one */
	CONF_BOOL, /* bool: on|off|yes|no|true|false|1|0 */
	CONF_INT,  /* int64_t within min..max */
	CONF_SPAN, /* int64_t ms in min..max: 50ms 30s 5m 24h 7d, bare: s */
	CONF_SIZE, /* int64_t bytes within min..max: 10k 25M 1G */
	CONF_ENUM  /* int, by names[] */
};

struct conf_list {
	char **v;
	size_t n;
};

struct conf_key {
	const char *section;
	const char *key;
	enum conf_type type;
	size_t off;               /* in the struct that conf_apply() fills */
	int64_t min, max;         /* both inclusive; min == max: any */
	const char *const *names; /* CONF_ENUM, NULL-terminated */
	const char *def;          /* default as text, NULL: leave as it is */
	const char *help;         /* one line, for the manual */
};

/*
 * Fill dst, zeroed or filled before, with the defaults of one section's keys,
 * then with the values of section + label. keys[] ends with a row whose key
 * is NULL. Unknown keys, bad values and keys set twice (but for CONF_STRS) are
 * ERR_INVALID with file, line and what is allowed. c may be NULL (defaults
 * only). Strings in dst are freed by conf_release(), after an error too.
 */
int conf_apply(const struct conf *c, const struct conf_key *keys,
    const char *section, const char *label, void *dst, struct err *e);
void conf_release(const struct conf_key *keys, const char *section, void *dst);
/* Refuse sections that are not in names[] (NULL-terminated). */
int conf_sections(
    const struct conf *c, const char *const *names, struct err *e);

#endif
