/*
 * JSON in and out. Text from outside is checked for UTF-8, depth and its
 * end before cJSON sees it (cJSON takes trailing garbage and cuts strings at
 * an escaped NUL). A field table per struct drives both directions.
 */
#ifndef MADO_JSON_H
#define MADO_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mado/buf.h>
#include <mado/err.h>
#include <mado/mem.h>

enum { JSON_DEPTH_MAX = 32 };

/*
 * Parse n bytes that must be one JSON value and nothing after it: valid
 * UTF-8, no deeper than JSON_DEPTH_MAX, no \u0000, no lone surrogates'
 * damage (they become U+FFFD), no number longer than 60 characters or with an
 * exponent above 240 (cJSON would cut it, or make it infinite). NULL with
 * ERR_INVALID that names line and column. Caller frees with cJSON_Delete().
 */
cJSON *json_parse(const char *p, size_t n, struct err *e);
/* The same for what LINE sends, which must not be lost for one character:
 * \u0000 becomes U+FFFD as well. */
cJSON *json_parse_foreign(const char *p, size_t n, struct err *e);

/* Lend a member's value; the fallback where it is absent or of another type.
 * o may be NULL. */
const char *json_str(const cJSON *o, const char *name, const char *fallback);
int64_t json_int(const cJSON *o, const char *name, int64_t fallback);
bool json_bool(const cJSON *o, const char *name, bool fallback);
/* The member when it is an object (or array), else NULL. */
const cJSON *json_obj(const cJSON *o, const char *name);
const cJSON *json_arr(const cJSON *o, const char *name);

/* A list of strings. */
struct strs {
	const char **v;
	size_t n;
};

enum json_type {
	JSON_INT,  /* int64_t */
	JSON_INTN, /* int64_t, 0 is null */
	JSON_STR,  /* const char *, NULL is null */
	JSON_TEXT, /* const char *, never null: NULL is "" */
	JSON_BOOL, /* bool */
	JSON_TIME, /* int64_t ms since the epoch; RFC 3339 UTC, 0 is null */
	JSON_ENUM, /* int, by names[] (NULL-terminated); -1 is null */
	JSON_STRS, /* struct strs */
	JSON_DICT, /* struct strs: name, value, name, value; an object */
	JSON_OBJ   /* pointer to a struct of table sub, NULL is null */
};

struct json_field {
	const char *name;
	enum json_type type;
	size_t off;                   /* offsetof() in the struct */
	const char *const *names;     /* JSON_ENUM */
	const struct json_table *sub; /* JSON_OBJ */
};

struct json_table {
	size_t size;                     /* of the struct */
	const struct json_field *fields; /* up to one with name NULL */
};

/* Append the struct as one compact JSON object, fields in table order. */
void json_encode(struct buf *b, const struct json_table *t, const void *src);
/*
 * Fill the struct at dst (t->size bytes, zeroed first) from an object.
 * Absent or null members stay zero (-1 for enums, "" for JSON_TEXT); unknown
 * members are skipped; a member of the wrong type, an unknown word of an enum
 * or a number that is not whole or beyond 2^53 is ERR_INVALID naming it.
 * Strings and sub-structs go into the arena: valid until the arena is reset.
 */
int json_decode(const struct json_table *t, const cJSON *o, void *dst,
    struct arena *a, struct err *e);

/*
 * The same from text that json_encode() has written, perhaps of an older or a
 * newer version of the table: without a tree, several times as fast. -1 when
 * it is anything else. Not for text from outside.
 */
int json_read(
    const struct json_table *t, const char *text, void *dst, struct arena *a);

/* Append a JSON string with its quotes; NULL gives null. Invalid UTF-8
 * becomes U+FFFD. */
void json_put_str(struct buf *b, const char *s);
/* Append "name":"value" etc. with a comma before it unless the buffer ends
 * in '{' or '['. */
void json_put_key(struct buf *b, const char *name);
void json_add_str(struct buf *b, const char *name, const char *value);
void json_add_int(struct buf *b, const char *name, int64_t value);
void json_add_bool(struct buf *b, const char *name, bool value);
void json_add_time(struct buf *b, const char *name, int64_t ms);

#endif
