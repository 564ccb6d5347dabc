/*
 * The words of a script: one table row each, with its handler. Fills the
 * tables of script.h; lines and files are script.c's.
 */
#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mado/buf.h>
#include <mado/mem.h>

#include "script_words.h"

enum { COPIES_MAX = 10000 };

int
script_error(struct parser *p, const char *fmt, ...)
{
	char text[ERR_MSG_B];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return err_set(p->e, ERR_INVALID, "%s:%d: %s", p->file, p->line, text);
}

static int
parse_span(struct parser *p, const char *text, struct span *out)
{
	struct err e = {0};

	if (script_span(text, out, &e) != 0)
		return script_error(p, "%s", e.msg);
	return 0;
}

/* Texts */

/* A copy in which \n is a line feed and \\ a backslash. */
static char *
text_unescape(const char *s)
{
	struct buf b = {0};

	for (; *s != '\0'; s++) {
		if (s[0] == '\\' && (s[1] == 'n' || s[1] == '\\')) {
			buf_putc(&b, s[1] == 'n' ? '\n' : '\\');
			s++;
		} else {
			buf_putc(&b, *s);
		}
	}
	return buf_take(&b);
}

static void
texts_add(struct texts *t, const char *text)
{
	t->v = x_realloc(t->v, t->n + 1, sizeof(*t->v));
	t->v[t->n++] = text_unescape(text);
}

/* Blocks */

static bool
is_name(const char *s)
{
	return *s != '\0' && strpbrk(s, " \t") == NULL;
}

static int
on_customer(struct parser *p, const char *rest, int arg)
{
	struct script *s = p->s;
	size_t i;

	(void)arg;
	if (!is_name(rest))
		return script_error(p, "customer NAME, in one word");
	for (i = 0; i < s->n; i++)
		if (strcmp(s->customers[i].name, rest) == 0)
			return script_error(
			    p, "there is a customer %s already", rest);
	s->customers = x_realloc(s->customers, s->n + 1, sizeof(*s->customers));
	p->who = &s->customers[s->n++];
	*p->who = (struct customer){.name = x_strdup(rest),
	    .is_friend = true,
	    .copies = 1,
	    .line = p->line};
	p->group = NULL;
	return 0;
}

static int
on_group(struct parser *p, const char *rest, int room)
{
	struct script *s = p->s;

	if (!is_name(rest))
		return script_error(
		    p, "%s NAME, in one word", room ? "room" : "group");
	s->groups = x_realloc(s->groups, s->groups_n + 1, sizeof(*s->groups));
	p->group = &s->groups[s->groups_n++];
	*p->group = (struct group){.name = x_strdup(rest), .room = room};
	p->who = NULL;
	return 0;
}

static int
on_account(struct parser *p, const char *rest, int arg)
{
	(void)arg;
	x_free(p->s->account);
	p->s->account = x_strdup(rest);
	return 0;
}

/* Settings */

static void
set_text(char **at, const char *rest)
{
	x_free(*at);
	*at = x_strdup(rest);
}

static int
on_name(struct parser *p, const char *rest, int arg)
{
	(void)arg;
	set_text(p->who != NULL ? &p->who->display : &p->group->display, rest);
	return 0;
}

static int
on_picture(struct parser *p, const char *rest, int arg)
{
	(void)arg;
	set_text(p->who != NULL ? &p->who->picture : &p->group->picture, rest);
	return 0;
}

static int
on_language(struct parser *p, const char *rest, int arg)
{
	(void)arg;
	set_text(&p->who->language, rest);
	return 0;
}

static int
on_status(struct parser *p, const char *rest, int arg)
{
	(void)arg;
	set_text(&p->who->status, rest);
	return 0;
}

static int
on_friend(struct parser *p, const char *rest, int arg)
{
	(void)arg;
	if (strcmp(rest, "yes") != 0 && strcmp(rest, "no") != 0)
		return script_error(p, "friend yes, or friend no");
	p->who->is_friend = rest[0] == 'y';
	return 0;
}

static int
on_copies(struct parser *p, const char *rest, int arg)
{
	(void)arg;
	p->who->copies = atoi(rest);
	if (p->who->copies < 1 || p->who->copies > COPIES_MAX)
		return script_error(p, "copies 1 to %d", COPIES_MAX);
	return 0;
}

/* "stars 4..5", "stars 3 typed" */
static int
on_stars(struct parser *p, const char *rest, int arg)
{
	struct customer *w = p->who;
	int used = 0;

	(void)arg;
	w->types_stars = false;
	if (sscanf(rest, "%d..%d%n", &w->stars_min, &w->stars_max, &used) < 2) {
		if (sscanf(rest, "%d%n", &w->stars_min, &used) < 1)
			used = -1;
		w->stars_max = w->stars_min;
	}
	if (used > 0 && strcmp(rest + used, " typed") == 0)
		w->types_stars = true;
	else if (used < 0 || rest[used] != '\0')
		return script_error(
		    p, "stars N or stars N..M, and perhaps typed");
	if (w->stars_min < 1 || w->stars_max > 5 || w->stars_min > w->stars_max)
		return script_error(p, "stars are 1 to 5");
	return 0;
}

static int
on_comment(struct parser *p, const char *rest, int arg)
{
	(void)arg;
	texts_add(&p->who->comment, rest);
	p->more = &p->who->comment;
	return 0;
}

static int
on_otherwise(struct parser *p, const char *rest, int arg)
{
	(void)arg;
	texts_add(&p->who->otherwise, rest);
	p->more = &p->who->otherwise;
	return 0;
}

static int
on_or(struct parser *p, const char *rest, int arg)
{
	(void)arg;
	if (p->more == NULL)
		return script_error(
		    p, "\"or\" follows say, comment or otherwise");
	texts_add(p->more, rest);
	return 0;
}

/* Steps */

static struct step *
step_add(struct parser *p, enum step_op op)
{
	struct customer *w = p->who;

	w->steps = x_realloc(w->steps, w->n + 1, sizeof(*w->steps));
	w->steps[w->n] = (struct step){.op = op, .line = p->line};
	return &w->steps[w->n++];
}

/* What a step's arguments must look like. */
static const struct {
	int op;
	const char *pattern;
	const char *usage;
} step_args[] = {
    {STEP_STICKER, "^[0-9]{1,12} +[0-9]{1,12}( |$)",
	"sticker PACKAGE STICKER [KEYWORD, ..]"},
    {STEP_IMAGES, "^([1-9]|1[0-9]|20)$", "images NUMBER, at most 20"},
    {STEP_VIDEO, "^[0-9]{1,5}$", "video SECONDS"},
    {STEP_AUDIO, "^[0-9]{1,5}$", "audio SECONDS"},
    {STEP_FILE, "^[^ ]+( [0-9]{1,8})?$", "file NAME [BYTES]"},
    {STEP_LOCATION, "^-?[0-9.]+ +-?[0-9.]+( |$)",
	"location LATITUDE LONGITUDE [TITLE | ADDRESS]"},
    {STEP_EVENT, "^[{].*[}]$", "event {\"type\":..}"},
};

static int
step_check(struct parser *p, const char *rest, int op)
{
	regex_t re;
	size_t i;
	int bad;

	for (i = 0; i < sizeof(step_args) / sizeof(step_args[0]); i++) {
		if (step_args[i].op != op)
			continue;
		if (regcomp(&re, step_args[i].pattern,
			REG_EXTENDED | REG_NOSUB) != 0)
			continue;
		bad = regexec(&re, rest, 0, NULL, 0);
		regfree(&re);
		if (bad)
			return script_error(p, "%s", step_args[i].usage);
	}
	return 0;
}

/* "or" adds to the texts of this very step: they move when the next step is
 * added, by which time `more` is gone. */
static int
on_text_step(struct parser *p, const char *rest, int op)
{
	struct step *step;

	if (step_check(p, rest, op) != 0)
		return -1;
	step = step_add(p, op);
	texts_add(&step->texts, rest);
	if (op == STEP_SAY)
		p->more = &step->texts;
	return 0;
}

static int
on_bare_step(struct parser *p, const char *rest, int op)
{
	if (*rest != '\0')
		return script_error(p, "nothing comes after this word");
	step_add(p, op);
	return 0;
}

/* Does the first word equal w? Then move past it and the blanks after it. */
static bool
take_word(const char **s, const char *w)
{
	size_t n = strcspn(*s, " \t");

	if (n != strlen(w) || strncmp(*s, w, n) != 0)
		return false;
	*s += n + strspn(*s + n, " \t");
	return true;
}

static int
on_wait(struct parser *p, const char *rest, int arg)
{
	struct step *step;
	int op = STEP_WAIT;

	(void)arg;
	if (take_word(&rest, "answer"))
		op = STEP_ANSWER;
	else if (take_word(&rest, "person"))
		op = STEP_PERSON;
	step = step_add(p, op);
	if (op != STEP_WAIT && *rest == '\0')
		return 0;
	return parse_span(p, rest, &step->span);
}

static int
on_nag(struct parser *p, const char *rest, int arg)
{
	struct customer *w = p->who;
	struct step *step = w->n > 0 ? &w->steps[w->n - 1] : NULL;
	size_t n = strcspn(rest, " \t");
	char *when;
	struct nag *nag;
	int rc;

	(void)arg;
	if (step == NULL ||
	    (step->op != STEP_ANSWER && step->op != STEP_PERSON))
		return script_error(
		    p, "\"nag\" follows \"wait answer\" or \"wait person\"");
	if (rest[n] == '\0')
		return script_error(p, "nag SPAN TEXT");
	step->nags =
	    x_realloc(step->nags, step->nags_n + 1, sizeof(*step->nags));
	nag = &step->nags[step->nags_n++];
	nag->text = text_unescape(rest + n + 1);
	when = x_strndup(rest, n);
	rc = parse_span(p, when, &nag->after);
	x_free(when);
	return rc;
}

static int
on_begin(struct parser *p, const char *rest, int arg)
{
	(void)arg;
	if (*rest != '\0')
		return script_error(p, "nothing comes after this word");
	p->who->begin = p->who->n;
	return 0;
}

static int
on_again(struct parser *p, const char *rest, int arg)
{
	struct step *step = step_add(p, STEP_AGAIN);

	(void)arg;
	return parse_span(p, *rest != '\0' ? rest : "30s..90s", &step->span);
}

/* Words */

enum scope { ANYWHERE, IN_CUSTOMER, IN_BLOCK };
enum rest { REST_FREE, REST_NEEDED };

static const struct word {
	const char *name;
	enum scope scope;
	enum rest rest;
	int (*fn)(struct parser *p, const char *rest, int arg);
	int arg;
} words[] = {
    {"account", ANYWHERE, REST_NEEDED, on_account, 0},
    {"customer", ANYWHERE, REST_NEEDED, on_customer, 0},
    {"group", ANYWHERE, REST_NEEDED, on_group, 0},
    {"room", ANYWHERE, REST_NEEDED, on_group, 1},
    {"name", IN_BLOCK, REST_NEEDED, on_name, 0},
    {"picture", IN_BLOCK, REST_NEEDED, on_picture, 0},
    {"language", IN_CUSTOMER, REST_NEEDED, on_language, 0},
    {"status", IN_CUSTOMER, REST_NEEDED, on_status, 0},
    {"friend", IN_CUSTOMER, REST_NEEDED, on_friend, 0},
    {"copies", IN_CUSTOMER, REST_NEEDED, on_copies, 0},
    {"stars", IN_CUSTOMER, REST_NEEDED, on_stars, 0},
    {"comment", IN_CUSTOMER, REST_NEEDED, on_comment, 0},
    {"otherwise", IN_CUSTOMER, REST_NEEDED, on_otherwise, 0},
    {"or", IN_CUSTOMER, REST_NEEDED, on_or, 0},
    {"say", IN_CUSTOMER, REST_NEEDED, on_text_step, STEP_SAY},
    {"sticker", IN_CUSTOMER, REST_NEEDED, on_text_step, STEP_STICKER},
    {"image", IN_CUSTOMER, REST_FREE, on_text_step, STEP_IMAGE},
    {"images", IN_CUSTOMER, REST_NEEDED, on_text_step, STEP_IMAGES},
    {"video", IN_CUSTOMER, REST_NEEDED, on_text_step, STEP_VIDEO},
    {"audio", IN_CUSTOMER, REST_NEEDED, on_text_step, STEP_AUDIO},
    {"file", IN_CUSTOMER, REST_NEEDED, on_text_step, STEP_FILE},
    {"location", IN_CUSTOMER, REST_NEEDED, on_text_step, STEP_LOCATION},
    {"postback", IN_CUSTOMER, REST_NEEDED, on_text_step, STEP_POSTBACK},
    {"event", IN_CUSTOMER, REST_NEEDED, on_text_step, STEP_EVENT},
    {"tap", IN_CUSTOMER, REST_FREE, on_text_step, STEP_TAP},
    {"in", IN_CUSTOMER, REST_NEEDED, on_text_step, STEP_IN},
    {"follow", IN_CUSTOMER, REST_FREE, on_bare_step, STEP_FOLLOW},
    {"unfollow", IN_CUSTOMER, REST_FREE, on_bare_step, STEP_UNFOLLOW},
    {"unsend", IN_CUSTOMER, REST_FREE, on_bare_step, STEP_UNSEND},
    {"wait", IN_CUSTOMER, REST_NEEDED, on_wait, 0},
    {"nag", IN_CUSTOMER, REST_NEEDED, on_nag, 0},
    {"begin", IN_CUSTOMER, REST_FREE, on_begin, 0},
    {"again", IN_CUSTOMER, REST_FREE, on_again, 0},
};

static const struct word *
word_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].name, name) == 0)
			return &words[i];
	return NULL;
}

int
script_word(struct parser *p, const char *name, const char *rest)
{
	const struct word *w = word_find(name);

	if (w == NULL)
		return script_error(p, "unknown word \"%s\"", name);
	if (w->scope == IN_CUSTOMER && p->who == NULL)
		return script_error(p, "\"%s\" belongs below a customer", name);
	if (w->scope == IN_BLOCK && p->who == NULL && p->group == NULL)
		return script_error(p,
		    "\"%s\" belongs below a customer or a "
		    "group",
		    name);
	if (w->rest == REST_NEEDED && *rest == '\0')
		return script_error(p, "\"%s\" needs something after it", name);
	if (w->fn != on_or)
		p->more = NULL;
	return w->fn(p, rest, w->arg);
}
