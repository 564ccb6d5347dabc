/*
 * rules.conf being read: what rules_read.c (sections, whole-file checks),
 * rules_keys.c (the keys), rules_value.c and rules_point.c (their values)
 * share. Nobody else includes it.
 */
#ifndef MADOD_RULES_READ_H
#define MADOD_RULES_READ_H

#include "rules_form.h"

/* A name in a value that has to be there by the end of the file; one of the
 * pointers says what for, and gets it. */
struct rules_ref {
	const struct conf_item *it;
	size_t off; /* in the value */
	const char *name;
	const struct rules_menu **menu;
	const struct rules_form **form;
	const struct rules_do **does; /* a rule's */
				      /* none of them: a field */
};

enum { SECTIONS_MAX = 8, MISTAKES_MAX = 20 };

struct rules_reader {
	struct rules *r;
	const struct conf *c;
	const struct rules_source *src;
	const struct conf_item *it;          /* the line under way */
	const struct rules_section *section; /* NULL: unknown, already told */
	void *obj;                           /* what its keys fill */
	uint64_t *seen;                      /* a bit a key of it */
	uint64_t seen_of[SECTIONS_MAX];
	struct rules_form *form; /* the questions' */
	struct rules_ref *refs;
	size_t n_refs, refs_cap;
	struct err *e; /* the first mistake */
	int mistakes;
	/* sections with a mistake, which are not looked at as a whole */
	const struct conf_item *at, *broken[MISTAKES_MAX];
};

struct rules_key {
	const char *section;
	const char *name;
	const char *takes;
	int (*read)(struct rules_reader *rd, const struct rules_key *k);
	size_t off;               /* in the section's struct */
	const char *const *names; /* of a choice, NULL-terminated */
	int64_t min, max;         /* of a number or span */
	bool again;               /* it may be given more than once */
	const char *help;
};

/* Up to one with section NULL. */
extern const struct rules_key rules_keys[];

/* A mistake: told, counted. `at` is where in the line's value, NULL: its key.
 * Returns -1. */
int rules_fail(struct rules_reader *rd, const char *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void rules_ref_add(
    struct rules_reader *rd, const char *at, struct rules_ref ref);

/* rules_value.c and rules_point.c: what keys read with; -1 after
 * rules_fail(). */
typedef int rules_value(struct rules_reader *rd, const struct rules_key *k);
rules_value rules_value_words, rules_value_list, rules_value_tags,
    rules_value_quick, rules_value_label, rules_value_text, rules_value_handoff,
    rules_value_choice, rules_value_number, rules_value_span, rules_value_date,
    rules_value_day, rules_value_days, rules_value_closed, rules_value_open,
    rules_value_holidays, rules_value_menu_name, rules_value_form_name,
    rules_value_item;

/* A piece of a value: where it begins, and it without the blanks around. */
struct rules_piece {
	const char *at, *text;
};
struct rules_piece rules_piece_of(
    struct rules_reader *rd, const char *s, const char *end);
/* The whole value. */
struct rules_piece rules_piece(struct rules_reader *rd);
/* Short enough for a button? */
int rules_check_label(struct rules_reader *rd, struct rules_piece p);
/* A text that is sent: of LINE's length, and not empty for anybody. */
int rules_check_text(
    struct rules_reader *rd, struct rules_piece p, const char *what);
/* Where a key's value goes. */
#define SLOT(rd, k, type) ((type *)(void *)((char *)(rd)->obj + (k)->off))
/* Empty memory of the rules' own for `n` things. */
#define rules_new(rd, n, type) \
	((type *)arena_calloc((rd)->r->a, (n), sizeof(type)))

#endif
