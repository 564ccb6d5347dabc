/*
 * What a word may become. The usage of a row of the command table says what
 * kind stands where; one table says how each kind is found. The desk is never
 * asked: TAB must not wait.
 */
#include <ctype.h>
#include <string.h>

#include <mado/buf.h>
#include <mado/mem.h>

#include "cmd.h"
#include "suggest.h"
#include "i18n.h"

enum { CONVS_MAX = 300, TOKEN_MAX_B = 64, TOKENS_MAX = 64 };

static void
grow(struct suggest *c)
{
	struct suggest_word *v;

	if ((c->n & (c->n - 1)) != 0) /* full at 0, 1, 2, 4, 8 .. */
		return;
	v = arena_calloc(c->arena, c->n == 0 ? 1 : c->n * 2, sizeof(*v));
	if (c->n > 0)
		memcpy(v, c->v, c->n * sizeof(*v));
	c->v = v;
}

static void
offer(struct suggest *c, const char *word, const char *help)
{
	if (strncmp(word, c->begun, strlen(c->begun)) != 0)
		return;
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->v[i].word, word) == 0)
			return;
	grow(c);
	c->v[c->n].word = arena_strdup(c->arena, word);
	c->v[c->n++].help = arena_strdup(c->arena, help);
}

/* kinds */

static size_t
convs(struct suggest *c, struct conv ***v)
{
	struct store_list l = {.view = VIEW_OPEN, .limit = CONVS_MAX};

	return c->store == NULL ? 0 : store_list(c->store, &l, c->arena, v);
}

static void
offer_numbers(struct suggest *c)
{
	struct conv **v;
	size_t n = convs(c, &v);

	for (size_t i = 0; i < n; i++) {
		const struct msg *m = v[i]->last_message;

		offer(c,
		    arena_sprintf(c->arena, "%lld", (long long)v[i]->number),
		    arena_sprintf(c->arena, "%s: %s",
			v[i]->contact == NULL ? "" : v[i]->contact->name,
			m == NULL ? "" : m->text));
	}
}

/* Members of a list that sync keeps: "canned" by text, "agents" by display. */
static void
offer_kept(struct suggest *c, const char *list, const char *help)
{
	char *text =
	    c->store == NULL ? NULL : store_get(c->store, list, c->arena);
	cJSON *o = text == NULL ? NULL : json_parse(text, strlen(text), NULL);
	const cJSON *row;

	cJSON_ArrayForEach(row, json_arr(o, list))
	    offer(c, json_str(row, "name", ""), json_str(row, help, ""));
	cJSON_Delete(o);
}

static void
offer_agents(struct suggest *c)
{
	offer_kept(c, "agents", "display");
	offer(c, "-", _("nobody"));
}

static void
offer_canned(struct suggest *c)
{
	offer_kept(c, "canned", "text");
}

static void
offer_tag(struct suggest *c, const char *sign, const char *tag)
{
	offer(c, arena_sprintf(c->arena, "%s%s", sign, tag), "");
}

/* Tags of open conversations, with the sign that was typed. */
static void
offer_signed_tags(struct suggest *c)
{
	const char *sign = *c->begun == '-' ? "-" : "+";
	struct conv **v;
	size_t n = convs(c, &v);

	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < v[i]->tags.n; k++)
			offer_tag(c, sign, v[i]->tags.v[k]);
		for (size_t k = 0;
		     v[i]->contact != NULL && k < v[i]->contact->tags.n; k++)
			offer_tag(c, arena_sprintf(c->arena, "%s@", sign),
			    v[i]->contact->tags.v[k]);
	}
}

static void
offer_tags(struct suggest *c)
{
	struct conv **v;
	size_t n = convs(c, &v);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < v[i]->tags.n; k++)
			offer_tag(c, "", v[i]->tags.v[k]);
}

static void
offer_views(struct suggest *c)
{
	for (int i = 0; i < VIEW_N; i++)
		offer(c, view_names[i], "");
}

/* The sends that this machine knows to be undecided. */
static void
offer_sends(struct suggest *c)
{
	struct store_act *acts;
	cJSON *o;

	for (int refused = 0; c->store != NULL && refused < 2; refused++) {
		size_t n = store_outbox(c->store, refused, c->arena, &acts);

		for (size_t i = 0; i < n; i++) {
			o = cJSON_Parse(acts[i].args);
			offer(c, json_str(o, "id", ""),
			    json_str(o, "text", acts[i].verb));
			cJSON_Delete(o);
		}
	}
}

static void
offer_times(struct suggest *c)
{
	static const char *const times[] = {
	    "2h", "14:30", "tomorrow", "mon", "明日", "月曜", NULL};

	for (int i = 0; times[i] != NULL; i++)
		offer(c, times[i], "");
	offer(c, "message", _("until the customer writes"));
}

static void
offer_methods(struct suggest *c)
{
	static const char *const methods[] = {
	    "GET", "POST", "PUT", "DELETE", NULL};

	for (int i = 0; methods[i] != NULL; i++)
		offer(c, methods[i], "");
}

static const struct kind {
	const char *name; /* as a usage has it */
	const char *of;   /* only of this verb or option; NULL: of all */
	void (*offer)(struct suggest *c);
} kinds[] = {
    {"N", NULL, offer_numbers},
    {"AGENT", NULL, offer_agents},
    {"A", NULL, offer_agents},
    {"+TAG", NULL, offer_signed_tags},
    {"T", NULL, offer_tags},
    {"VIEW", NULL, offer_views},
    {"NAME", "--canned", offer_canned},
    {"NAME", "canned", offer_canned},
    {"ID", "retry", offer_sends},
    {"ID", "discard", offer_sends},
    {"WHEN", NULL, offer_times},
    {"METHOD", NULL, offer_methods},
};

static void
offer_kind(struct suggest *c, const char *name, const char *of)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].name, name) == 0 &&
		    (kinds[i].of == NULL || strcmp(kinds[i].of, of) == 0))
			kinds[i].offer(c);
}

/* usages: "N ...|- [--view VIEW] [-q]" as tokens, brackets left out */

struct usage {
	char token[TOKENS_MAX][TOKEN_MAX_B];
	bool after_bar[TOKENS_MAX]; /* an alternative to the one before */
	int n;
};

static void
usage_read(struct usage *u, const char *args)
{
	bool bar = false;
	size_t n;

	u->n = 0;
	for (; *args != '\0' && u->n < TOKENS_MAX; args += n) {
		n = strcspn(args, " []|");
		if (n == 0) {
			bar |= *args == '|';
			n = 1;
			continue;
		}
		if (n >= TOKEN_MAX_B)
			continue;
		memcpy(u->token[u->n], args, n);
		u->token[u->n][n] = '\0';
		u->after_bar[u->n++] = bar;
		bar = false;
	}
}

static bool
is_option(const char *s)
{
	return s[0] == '-' &&
	    (s[1] == '-' || (islower((unsigned char)s[1]) && s[2] == '\0'));
}

/* What an option takes; NULL: nothing, or there is none of that name. */
static const char *
option_value(const struct usage *u, const char *name)
{
	for (int i = 0; is_option(name) && i + 1 < u->n; i++)
		if (strcmp(u->token[i], name) == 0)
			return is_option(u->token[i + 1]) || u->after_bar[i + 1]
			    ? NULL
			    : u->token[i + 1];
	return NULL;
}

static bool
is_value(const struct usage *u, int i)
{
	return i > 0 && i < u->n && !u->after_bar[i] &&
	    is_option(u->token[i - 1]);
}

static void
offer_options(struct suggest *c, const struct usage *u)
{
	for (int i = 0; i < u->n; i++)
		if (is_option(u->token[i]))
			offer(c, u->token[i], "");
}

/* Words that are no options, nor what one takes. */
static int
count_words(const struct usage *u, int argc, char *const *argv)
{
	int n = 0;

	for (int i = 1; i < argc; i++) {
		if (!is_option(argv[i]))
			n++;
		else if (option_value(u, argv[i]) != NULL)
			i++;
	}
	return n;
}

static bool
repeats(const struct usage *u, int i)
{
	return i + 1 < u->n && strcmp(u->token[i + 1], "...") == 0;
}

static bool
is_place(const struct usage *u, int i)
{
	const char *t = u->token[i];

	return !is_option(t) && !is_value(u, i) && strcmp(t, "-") != 0 &&
	    strcmp(t, "...") != 0;
}

/* The first place is for the first word, the others for all after it. */
static void
offer_words(
    struct suggest *c, const struct cmd *cmd, const struct usage *u, int words)
{
	bool first = true, here;

	for (int i = 0; i < u->n; i++) {
		if (!is_place(u, i))
			continue;
		here =
		    first ? words == 0 || repeats(u, i) : words > 0 || c->open;
		first = false;
		if (islower((unsigned char)u->token[i][0]) && words == 0)
			offer(c, u->token[i], "");
		else if (here)
			offer_kind(c, u->token[i], cmd->name);
	}
}

static void
offer_verbs(struct suggest *c)
{
	for (const struct cmd *cmd = cmds; cmd->name != NULL; cmd++)
		if (cmd->cli != NULL && (cmd->flags & c->flags) != 0)
			offer(c, cmd->name, _(cmd->help));
}

void
suggest_find(struct suggest *c, int argc, char *const *argv, const char *begun)
{
	const struct cmd *cmd = argc > 0 ? cmd_find(argv[0]) : NULL;
	const char *value;
	struct usage u;

	c->begun = begun;
	if (argc == 0)
		offer_verbs(c);
	if (cmd == NULL || cmd->cli == NULL)
		return;
	usage_read(&u, cmd->args);
	value = option_value(&u, argv[argc - 1]);
	if (value != NULL) {
		offer_kind(c, value, argv[argc - 1]);
		return;
	}
	if (*begun == '-')
		offer_options(c, &u);
	offer_words(c, cmd, &u, count_words(&u, argc, argv));
}
