/*
 * The filter language: which conversations, in a line of text, the same in
 * "/", ls --query, views and alerts. Terms stand side by side and must all
 * hold; "-" before one turns it round; commas give a field several values:
 *   tag:返品,交換 waiting>30m assignee:none -tag:VIP pinned "free words"
 * What has no field is words to be found. Full-width signs, digits, letters
 * and spaces are the same as narrow ones. The fields are filter_fields[].
 */
#ifndef MADO_FILTER_H
#define MADO_FILTER_H

#include <mado/buf.h>
#include <mado/err.h>
#include <mado/model.h>

struct filter;

/* What is wrong with a filter, and where. */
struct filter_bad {
	size_t at_b;       /* byte of the text as given */
	size_t column;     /* its character, from 1 */
	const char *text;  /* a sentence; the client translates it */
	char word[64];     /* what it is about; may be "" */
	char allowed[256]; /* what could stand there; may be "" */
};

/*
 * Read a filter. "" holds for every conversation. NULL with *bad filled. A
 * quote that is not closed goes to the end. Caller frees with filter_free().
 */
struct filter *filter_parse(const char *text, struct filter_bad *bad);
void filter_free(struct filter *f);
/* "column 5: there is no such field: "tga" (tag, assignee ..)" as ERR_INVALID;
 * tr translates, NULL: English. Returns -1. */
int filter_error(const struct filter_bad *bad, const char *(*tr)(const char *s),
    struct err *e);
/* A line of spaces and ^ that points into the text printed above it. */
void filter_caret(
    struct buf *out, const char *text, const struct filter_bad *bad);

/* What a filter asks beside the row itself. */
struct filter_env {
	int64_t now_ms;
	const char *me; /* who "me" is; NULL: nobody */
	/* Does the conversation hold the folded words? NULL:
	 * filter_row_holds(). */
	bool (*holds)(const struct conv *c, const char *words, void *arg);
	void *arg;
};

/* Are the folded words in its number, name, tags, assignee, last message? */
bool filter_row_holds(const struct conv *c, const char *words);
bool filter_match(
    const struct filter *f, const struct conv *c, const struct filter_env *env);
/* Its two halves. The words need no row when env->holds does not. */
bool filter_match_fields(
    const struct filter *f, const struct conv *c, const struct filter_env *env);
bool filter_match_words(
    const struct filter *f, const struct conv *c, const struct filter_env *env);
/* When time alone may change filter_match() of the row; INT64_MAX: never. */
int64_t filter_next_ms(
    const struct filter *f, const struct conv *c, const struct filter_env *env);
/* Nothing but words to be found? */
bool filter_is_words(const struct filter *f);
/* Is there a term on the field of that name? */
bool filter_asks(const struct filter *f, const char *field);

enum filter_kind {
	FILTER_STR,  /* equal, or none, any */
	FILTER_TEXT, /* holds */
	FILTER_TAGS,
	FILTER_ENUM,
	FILTER_INT, /* : = > < >= <= */
	FILTER_SPAN /* > < >= <= and 30s 5m 2h 3d 1w */
};

struct filter_field {
	const char *name, *also; /* in English and in Japanese */
	enum filter_kind kind;
	const char *takes; /* for the manual */
	const char *help;
	/* FILTER_ENUM; a flag's are no, yes: it may stand alone */
	const char *const *names, *const *names_also;
	bool flag;
	/* A span that shrinks as time goes by: what is left of something. */
	bool left;
	const char *(*str)(const struct conv *c);
	int64_t (*num)(const struct conv *c, int64_t now_ms); /* -1: none */
};

extern const struct filter_field filter_fields[]; /* up to a NULL name */

#endif
