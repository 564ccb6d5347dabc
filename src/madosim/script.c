/*
 * Parser of the customers' script: lines, spans of time, the file. What the
 * words mean is script_words.c's. Called by main.c and opts.c, its result is
 * run by actor.c.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <mado/buf.h>
#include <mado/mem.h>
#include <mado/text.h>

#include "script_words.h"

enum { SCRIPT_MAX_B = 16 << 20, SPAN_MAX_MS = 7 * 24 * 3600 * 1000 };

static const struct {
	const char *name;
	int64_t ms;
} units[] = {{"", 1000}, {"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}};

/* A number with a unit; returns what comes after it, NULL if it is none. */
static const char *
parse_time(const char *s, int64_t *ms)
{
	char *end;
	double v;
	size_t i, n;

	if (!isdigit((unsigned char)*s))
		return NULL;
	v = strtod(s, &end);
	/* "3..9" reads as "3." and ".9": the second dot is ours */
	if (end > s && end[-1] == '.')
		end--;
	n = strspn(end, "abcdefghijklmnopqrstuvwxyz");
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strlen(units[i].name) == n &&
		    strncmp(units[i].name, end, n) == 0)
			break;
	if (i == sizeof(units) / sizeof(units[0]) ||
	    v * (double)units[i].ms > (double)SPAN_MAX_MS)
		return NULL;
	*ms = (int64_t)(v * (double)units[i].ms + 0.5);
	return end + n;
}

int
script_span(const char *text, struct span *out, struct err *e)
{
	const char *p = parse_time(text, &out->min_ms);

	out->max_ms = out->min_ms;
	if (p != NULL && p[0] == '.' && p[1] == '.')
		p = parse_time(p + 2, &out->max_ms);
	if (p == NULL || *p != '\0' || out->max_ms < out->min_ms)
		return err_set(e, ERR_INVALID,
		    "\"%s\" is no span of time; write 5s, 3s..9s, 500ms, 2m or "
		    "1h, at most 7 days",
		    text);
	return 0;
}

/* line is ours to cut. */
static int
parse_line(struct parser *p, char *line)
{
	size_t n = strlen(line);
	char *rest;

	while (n > 0 && isspace((unsigned char)line[n - 1]))
		line[--n] = '\0';
	line += strspn(line, " \t");
	if (*line == '\0' || *line == '#')
		return 0;
	rest = line + strcspn(line, " \t");
	if (*rest != '\0')
		*rest++ = '\0';
	return script_word(p, line, rest + strspn(rest, " \t"));
}

/* Names of groups that "in" goes to must exist. */
static int
check_groups(struct parser *p, const struct customer *w)
{
	const struct step *step;
	size_t i, g;

	for (i = 0; i < w->n; i++) {
		step = &w->steps[i];
		if (step->op != STEP_IN ||
		    strcmp(step->texts.v[0], "private") == 0)
			continue;
		for (g = 0; g < p->s->groups_n; g++)
			if (strcmp(p->s->groups[g].name, step->texts.v[0]) == 0)
				break;
		p->line = step->line;
		if (g == p->s->groups_n)
			return script_error(
			    p, "there is no group %s", step->texts.v[0]);
	}
	return 0;
}

static int
parse_all(struct parser *p, char *text)
{
	char *line, *next = text;
	size_t i;

	while ((line = strsep(&next, "\n")) != NULL) {
		p->line++;
		if (parse_line(p, line) != 0)
			return -1;
	}
	for (i = 0; i < p->s->n; i++)
		if (check_groups(p, &p->s->customers[i]) != 0)
			return -1;
	return 0;
}

struct script *
script_parse(const char *name, const char *text, size_t n, struct err *e)
{
	struct parser p = {.file = name, .e = e};
	char *copy;
	int rc;

	if (!text_is_utf8(text, n) || memchr(text, '\0', n) != NULL) {
		err_set(e, ERR_INVALID, "%s: not a text in UTF-8", name);
		return NULL;
	}
	p.s = x_new(struct script);
	p.s->file = x_strdup(name);
	if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		n -= 3;
	}
	copy = x_strndup(text, n);
	rc = parse_all(&p, copy);
	x_free(copy);
	if (rc == 0)
		return p.s;
	script_free(p.s);
	return NULL;
}

struct script *
script_read(const char *path, struct err *e)
{
	struct buf b = {0};
	struct script *s = NULL;

	if (buf_read_file(&b, path, SCRIPT_MAX_B, e) == 0)
		s = script_parse(path, buf_str(&b), b.n, e);
	buf_free(&b);
	return s;
}

static void
texts_free(struct texts *t)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		x_free(t->v[i]);
	x_free(t->v);
}

static void
step_free(struct step *step)
{
	size_t i;

	for (i = 0; i < step->nags_n; i++)
		x_free(step->nags[i].text);
	x_free(step->nags);
	texts_free(&step->texts);
}

static void
customer_free(struct customer *w)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		step_free(&w->steps[i]);
	x_free(w->steps);
	texts_free(&w->comment);
	texts_free(&w->otherwise);
	x_free(w->name);
	x_free(w->display);
	x_free(w->language);
	x_free(w->picture);
	x_free(w->status);
}

void
script_free(struct script *s)
{
	size_t i;

	if (s == NULL)
		return;
	for (i = 0; i < s->n; i++)
		customer_free(&s->customers[i]);
	for (i = 0; i < s->groups_n; i++) {
		x_free(s->groups[i].name);
		x_free(s->groups[i].display);
		x_free(s->groups[i].picture);
	}
	x_free(s->customers);
	x_free(s->groups);
	x_free(s->account);
	x_free(s->file);
	x_free(s);
}
