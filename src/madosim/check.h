/*
 * The checker of message objects: LINE's limits, table driven, errors in
 * LINE's words with the property they are about. check.c walks,
 * check_actions.c, check_rules.c and
 * check_flex.c hold the tables.
 */
#ifndef MADOSIM_CHECK_H
#define MADOSIM_CHECK_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include <mado/buf.h>

enum { CHECK_MESSAGES_MAX = 5 };

/* What was found. Zero-initialise to begin. */
struct check {
	int n;              /* errors */
	struct buf details; /* the objects of details[], comma-separated */
	char *bad;          /* first property of the wrong JSON type, or NULL */
	struct buf path;    /* where the walk is; private */
	int label;          /* label's limit of the action at hand; private */
};

/* From now on http:// addresses of this machine pass for https://. */
void check_allow_loopback(bool on);
void check_free(struct check *c);
/* Check body's "messages": 1 to 5 message objects. */
void check_messages(struct check *c, const cJSON *body);
/* Add an error about a property ("messages[0].text"). */
void check_add(struct check *c, const char *property, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Note a property whose JSON type is wrong. */
void check_add_bad(struct check *c, const char *property);
/* Lend a string member of the body, NULL after noting what is wrong. */
const char *check_body_str(
    struct check *c, const cJSON *body, const char *name);
/* The body of the 400 answer. Caller frees with x_free(). */
char *check_answer(const struct check *c);

/* For the tables. */
enum rule_kind {
	RULE_STR, /* at most max, in UTF-16 units or grapheme clusters */
	RULE_URL, /* https, at most max characters (2000) */
	RULE_URI, /* http, https, line or tel, at most 1000 */
	RULE_INT,
	RULE_NUM,
	RULE_BOOL,
	RULE_ENUM, /* one of values[] */
	RULE_OBJ,  /* one object of shapes[] */
	RULE_LIST  /* min to max objects of shapes[] */
};

enum rule_flags { RULE_REQUIRED = 1, RULE_GRAPHEMES = 2 };

struct rule {
	const char *name;
	enum rule_kind kind;
	int flags;
	int min, max;
	const struct shape *shapes;
	const char *const *values;
	int label; /* of actions below: max, negative when it is optional */
};

/* A kind of object: chosen by "type", or the only one when type is NULL.
 * Arrays of shapes end with rules NULL, arrays of rules with name NULL. */
struct shape {
	const char *type;
	const struct rule *rules;
	void (*extra)(struct check *c, const cJSON *o);
};

extern const struct shape check_message_shapes[];
/* Check an object, where the walk is (at first: the body), by its shape. */
void check_object(struct check *c, const cJSON *o, const struct shape *shapes);
/* Add an error about a member of the object that the walk is at. */
void check_add_here(struct check *c, const char *member, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The label of an action, by the limit of where it stands. */
void check_label(struct check *c, const cJSON *action);
/* A string member's length against another limit than its rule's. */
void check_length(struct check *c, const cJSON *o, const struct rule *r);

#endif
