/*
 * The line mode's words. A verb without a number means the open conversation;
 * where a number could be the beginning of a text it must be said which, so
 * that nothing goes to the wrong customer.
 */
#include <stdio.h>
#include <string.h>

#include <mado/mem.h>

#include "canned.h"
#include "complete.h"
#include "i18n.h"
#include "shell_words.h"
#include "suggest.h"

int
shell_words_command(const char *name, const struct cmd **cmd, struct err *e)
{
	const struct cmd *c = cmd_find(name), *near = cmd_nearest(name);

	*cmd = c;
	if (c != NULL && (c->flags & CMD_ALONE))
		return err_set(e, ERR_INVALID,
		    _("%s is for outside: leave first, then mado %s"), name,
		    name);
	if (c != NULL && (c->flags & (CMD_CLI | CMD_SHELL)))
		return 0;
	if (near != NULL && c == NULL)
		return err_set(e, ERR_INVALID,
		    _("no verb %s; did you mean %s?"), name, near->name);
	return err_set(e, ERR_INVALID, _("no verb %s; help lists them"), name);
}

static bool
is_digits(const char *s)
{
	return *s != '\0' && s[strspn(s, "0123456789")] == '\0';
}

/* Does a usage begin with a conversation's number? */
static bool
wants_number(const struct cmd *cmd)
{
	return cmd->args[0] == 'N' &&
	    (cmd->args[1] == ' ' || cmd->args[1] == '\0');
}

/* Is the first word a number, or "-" for many? Not when it is the only word of
 * a verb that wants one. */
static bool
says_number(const struct cmd *cmd, int argc, const char *first)
{
	int spare = (cmd->flags & CMD_WORDS) ? 1 : 0;

	if (*first == '#' && is_digits(first + 1))
		return true;
	return argc - 1 > spare &&
	    (is_digits(first) || strcmp(first, "-") == 0);
}

char **
shell_words_number(const struct cmd *cmd, int64_t open, int *argc, char **argv,
    struct arena *a, struct err *e)
{
	bool text = (cmd->flags & (CMD_VERB | CMD_BULK)) == CMD_VERB;
	const char *first = *argc > 1 ? argv[1] : "";
	char **all = arena_calloc(a, (size_t)*argc + 2, sizeof(*all));

	memcpy(all, argv, (size_t)*argc * sizeof(*all));
	if (!wants_number(cmd) || open == 0)
		return all;
	if (text && is_digits(first)) {
		err_set(e, ERR_INVALID,
		    _("is %s a conversation or the text? Say %s #%s TEXT, or "
		      "%s #%lld %s"),
		    first, cmd->name, first, cmd->name, (long long)open, first);
		return NULL;
	}
	if (!(text && strcmp(first, "-") == 0) &&
	    says_number(cmd, *argc, first))
		return all;
	all[1] = arena_sprintf(a, "#%lld", (long long)open);
	memcpy(all + 2, argv + 1, (size_t)*argc * sizeof(*all));
	++*argc;
	return all;
}

/* completion */

/* A word with blanks is written with backslashes. */
static const char *
escaped(struct arena *a, const char *s)
{
	struct buf b = {0};
	const char *copy;

	for (; *s != '\0'; s++) {
		if (strchr(" \t\"'\\", *s) != NULL)
			buf_putc(&b, '\\');
		buf_putc(&b, *s);
	}
	copy = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return copy;
}

static void
give(struct shell_line_query *q, const struct suggest *c)
{
	const char **v = arena_calloc(c->arena, c->n + 1, sizeof(*v));

	for (size_t i = 0; i < c->n; i++)
		v[i] = escaped(c->arena, c->v[i].word);
	q->v = v;
	q->n = c->n;
}

static void
complete_verb(const struct shell_words_asked *asked, struct shell_line_query *q)
{
	struct suggest c = {.arena = asked->arena,
	    .store = asked->store,
	    .flags = CMD_CLI | CMD_SHELL,
	    .open = asked->number != 0};
	char *before = arena_strndup(asked->arena, q->text, q->start);
	int argc;
	char **argv = words_split(before, &argc, NULL);

	if (argv == NULL)
		return;
	suggest_find(&c, argc, argv, q->word);
	give(q, &c);
	words_free(argv);
}

/* A canned reply with its variables filled in; NULL if one would be empty. */
static const char *
filled(const struct shell_words_asked *asked, const char *name)
{
	struct conv *conv =
	    store_conv(asked->store, asked->number, asked->arena);
	struct canned *rows;
	size_t n = canned_list(asked->store, asked->arena, &rows);
	const struct canned *one = canned_find(rows, n, name);
	char *text = NULL;
	const char *lent;

	if (conv != NULL && one != NULL)
		text = canned_fill(one->text, conv,
		    canned_agent(
			asked->store, asked->settings->user, asked->arena),
		    NULL);
	lent = arena_strdup(asked->arena, text);
	x_free(text);
	return lent;
}

/* readline keeps what all have in common: where they were found by something
 * else than their names, those that begin as typed, else the likeliest. */
static void
as_typed(struct completion *c)
{
	size_t n = 0;

	for (size_t i = 0; c->fuzzy && i < c->n; i++)
		if (strncmp(c->v[i].name, c->word, strlen(c->word)) == 0)
			c->v[n++] = c->v[i];
	if (c->fuzzy && c->n > 1 && !c->canned)
		c->n = n > 0 ? n : 1;
}

/* Names with what stands before them in the word, or the text of a lone one. */
static void
complete_texts(
    const struct shell_words_asked *asked, struct shell_line_query *q)
{
	struct completion c = {.a = asked->arena};
	const char **v, *text, *before;

	complete_text(&c, asked->store, strcmp(asked->texts, "note") == 0,
	    q->text, q->start + strlen(q->word));
	if (c.n == 0 || c.at < q->start)
		return;
	as_typed(&c);
	before = arena_strndup(
	    c.a, q->text + q->start, c.at - q->start + (c.n > 1 && c.canned));
	v = arena_calloc(c.a, c.n, sizeof(*v));
	for (size_t i = 0; i < c.n; i++) {
		text = c.v[i].name;
		if (c.n == 1)
			text = c.canned ? filled(asked, text) : c.v[i].text;
		if (text == NULL)
			return;
		v[i] = arena_sprintf(c.a, "%s%s", before, text);
	}
	q->v = v;
	q->n = c.n;
}

void
shell_words_complete(
    const struct shell_words_asked *asked, struct shell_line_query *q)
{
	q->whole = asked->texts != NULL;
	if (asked->texts == NULL)
		complete_verb(asked, q);
	else
		complete_texts(asked, q);
}
