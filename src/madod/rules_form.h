/*
 * rules.conf in memory: what rules_read.c fills, and rules.c, rules_menu.c and
 * rules_ask.c judge by. Pointers within it live as long as it does.
 */
#ifndef MADOD_RULES_FORM_H
#define MADOD_RULES_FORM_H

#include <mado/buf.h>
#include <mado/conf.h>

#include "rules.h"
#include "rules_hours.h"

struct rules_menu;
struct rules_form;

/* What a rule, an item of a menu, or the end of a questionnaire does. */
struct rules_do {
	const char *answer;
	struct strs quick;
	const char *handoff; /* the reason; NULL: stays with the bot */
	struct strs tags;
	const struct rules_menu *menu;
	const struct rules_form *form;
	const char *faq; /* an FAQ's id: bot.c answers its button */
};

enum rules_on { ON_MESSAGE, ON_OPENED, ON_FOLLOW };
enum rules_when { WHEN_ANY, WHEN_OPEN, WHEN_CLOSED };
enum rules_once_in { ONCE_NEVER, ONCE_DAY, ONCE_CONVERSATION, ONCE_CUSTOMER };

struct rule {
	const struct conf_item *at; /* its section's line, while reading */
	const char *name;
	int on;               /* enum rules_on */
	struct strs exact;    /* folded */
	struct strs contains; /* folded */
	struct strs postback; /* as they are */
	struct strs channel;
	int when;            /* enum rules_when */
	int once;            /* enum rules_once_in */
	int64_t from, until; /* days, both included; 0: not given */
	int goes_on;         /* the rules below are tried too */
	struct rules_do does;
};

struct rules_item {
	const char *label, *folded;
	const struct rules_do *does; /* NULL: the label is what was said */
};

struct rules_menu {
	const struct conf_item *at;
	const char *name, *text;
	struct rules_item items[QUICK_REPLIES_MAX];
	size_t n;
};

enum rules_kind { KIND_TEXT, KIND_NUMBER, KIND_EMAIL, KIND_PHONE, KIND_DATE };
enum rules_tag_on { TAG_NO, TAG_CONVERSATION, TAG_CONTACT };

struct rules_question {
	const struct conf_item *at;
	const char *name, *text;
	struct strs quick;
	int only; /* one of quick, nothing else */
	int kind; /* enum rules_kind */
	const char *invalid;
	const char *field;    /* of the contact */
	int tag;              /* enum rules_tag_on */
	const char *optional; /* the label that leaves it out */
	struct rules_question *next;
};

struct rules_form {
	const struct conf_item *at;
	const char *name;
	struct strs cancel; /* folded */
	const char *cancel_answer;
	int64_t timeout_ms;
	const char *timeout_answer, *timeout_handoff;
	struct rules_do does; /* once all is answered */
	struct rules_question *questions;
};

struct rules {
	struct arena *a;
	struct rule **v; /* in the file's order: the first match acts */
	size_t n;
	struct rules_menu **menus;
	size_t n_menus;
	struct rules_form **forms;
	size_t n_forms;
	struct rules_bot bot;
	struct rules_hours hours;
	const char *handoff_open, *handoff_closed; /* said once */
	bool wants_queue;
};

/* What {{name}} stands for in a text. */
struct rules_scene {
	const struct rules *r;
	const struct rules_input *in;
	struct rules_clock now;
	/* answers that are not in `in` yet */
	const struct rules_field *fields;
	size_t n_fields;
};
struct rules_var {
	const char *name; /* of "field." any that follows it */
	void (*put)(struct buf *b, const struct rules_scene *s,
	    const char *rest, size_t n);
};

/* rules_vars.c */
/* NULL when there is none of that name. */
const struct rules_var *rules_var_find(const char *name, size_t n);
/* The next {{name}} from s on: its name and length; NULL when none follows. */
const char *rules_var_next(const char *s, size_t *n);
/* Append their names, comma separated. */
void rules_var_names(struct buf *b);
/* The text with its variables filled in, cut to what LINE takes; NULL in, NULL
 * out. Valid until the arena is reset. */
const char *rules_expand(
    const char *text, const struct rules_scene *s, struct arena *a);
/* The form in which words are compared. Valid until the arena is reset. */
const char *rules_fold(struct arena *a, const char *s);

/* A decision under way. */
struct deciding {
	struct rules_scene scene;
	struct arena *a;
	const char *folded; /* what was typed or tapped; NULL: neither */
	struct rules_verdict *out;
};

/* rules.c */
const struct rules_menu *rules_menu_find(
    const struct rules *r, const char *name);
const struct rules_form *rules_form_find(
    const struct rules *r, const char *name);
/* Do it; who is "rule 送料", "menu 総合", for `why`. */
void rules_do(struct deciding *d, const struct rules_do *does, const char *who);
void rules_say(struct deciding *d, const char *text);
/* Buttons that send their labels, in place of those there are. */
void rules_quick(struct deciding *d, const struct strs *labels);

/* rules_menu.c */
void rules_menu_show(struct deciding *d, const struct rules_menu *m);
/* Was it an item of the menu that is open? Then it is done. */
bool rules_menu_take(struct deciding *d);

/* rules_ask.c: questionnaires */
void rules_ask_begin(struct deciding *d, const struct rules_form *f);
/* Was it an answer, or their end? Then it is done. */
bool rules_ask_take(struct deciding *d);
void rules_ask_timeout(struct deciding *d);

#endif
