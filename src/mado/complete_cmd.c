/*
 * Completion of the ":" line: the names of commands, and what each takes. A
 * command without a row here whose usage is words (next|prev|list) offers
 * those. Called by line_done.c.
 */
#include "complete_cmd.h"

#include <mado/mem.h>
#include <mado/text.h>
#include <mado/when.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "canned.h"
#include "complete.h"
#include "i18n.h"
#include "say.h"
#include "tags.h"
#include "theme.h"

/* What is typed: the command, and which of its words the caret is in. */
struct typed {
	const char *command;
	const char *first; /* its first argument */
	int nth;           /* 0: the first argument */
	const char *line;
	size_t args_at; /* where they begin */
};

/* A name as one word of the line. */
static void
offer_name(struct completion *c, const char *name, const char *detail)
{
	struct buf b = {0};

	for (const char *s = name; *s != '\0'; s++) {
		if (strchr("'\"\\ #", *s) != NULL)
			buf_putc(&b, '\\');
		buf_putc(&b, *s);
	}
	complete_offer(c, name, detail, buf_str(&b));
	buf_free(&b);
}

static void
offer_agents(struct ui *u, struct completion *c, const struct typed *t)
{
	char *json = store_get(u->store, "agents", c->a);
	cJSON *o = json == NULL ? NULL : json_parse(json, strlen(json), NULL);
	const cJSON *it;

	(void)t;
	cJSON_ArrayForEach(it, json_arr(o, "agents")) offer_name(
	    c, json_str(it, "name", ""), json_str(it, "display", ""));
	cJSON_Delete(o);
	complete_offer(c, "-", _("nobody"), NULL);
}

static void
offer_canned(struct ui *u, struct completion *c, const struct typed *t)
{
	struct canned *rows;
	size_t n = canned_list(u->store, c->a, &rows);

	(void)t;
	for (size_t i = 0; i < n; i++)
		offer_name(c, rows[i].name, rows[i].text);
}

static void
offer_tags_of(struct completion *c, const struct strs *tags, const char *sign)
{
	for (size_t i = 0; i < tags->n; i++) {
		const char *s = arena_sprintf(c->a, "%s%s", sign, tags->v[i]);

		if (!complete_has(c, s))
			offer_name(c, s, "");
	}
}

/* Those in use at the desk and in the list, with the sign as typed, if any; -
 * offers what is there. */
static void
offer_tags(struct ui *u, struct completion *c, const struct typed *t)
{
	const char *sign = c->word[0] == '-'  ? "-"
	    : strchr("+", c->word[0]) != NULL ? "+"
					      : "";
	struct strs known;

	(void)t;
	known.n = tags_known(u->store, c->a, &known.v);
	if (*sign != '-')
		offer_tags_of(c, &known, sign);
	if (u->conv != NULL)
		offer_tags_of(c, &u->conv->tags, sign);
	for (size_t i = 0; *sign != '-' && i < u->rows.n; i++) {
		if (u->rows.v[i].c != NULL)
			offer_tags_of(c, &u->rows.v[i].c->tags, sign);
	}
}

static void
offer_views(struct ui *u, struct completion *c, const struct typed *t)
{
	(void)t;
	for (int v = 0; v < VIEW_N; v++)
		complete_offer(
		    c, view_names[v], say_view((enum view)v, false), NULL);
	for (size_t i = 0; i < u->set->views.n; i++)
		offer_name(
		    c, u->set->views.v[i].name, u->set->views.v[i].query);
}

/* themes */

static void
on_theme(const char *name, enum theme_ground ground, void *arg)
{
	static const char *const grounds[] = {
	    [GROUND_DARK] = N_("dark grounds"),
	    [GROUND_LIGHT] = N_("light grounds"),
	    [GROUND_OWN] = N_("paints its own ground"),
	    [GROUND_ANY] = N_("no colours")};
	struct completion *c = arg;

	if (!complete_has(c, name))
		offer_name(c, name, _(grounds[ground]));
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct candidate *)a)->name,
	    ((const struct candidate *)b)->name);
}

static void
offer_theme_names(struct ui *u, struct completion *c)
{
	theme_each(u->set->config_dir, on_theme, c);
	qsort(c->v, c->n, sizeof(c->v[0]), by_name);
	complete_offer(c, "auto", _("dark or light, as the terminal is"), NULL);
}

static void
offer_themes(struct ui *u, struct completion *c, const struct typed *t)
{
	if (t->nth == 0)
		offer_theme_names(u, c);
	else
		complete_offer(c, "keep", _("also after this run"), NULL);
}

/* settings */

static const struct conf_key *
setting(const char *name)
{
	for (const struct conf_key *k = settings_keys; k->key != NULL; k++)
		if (strcmp(k->key, name) == 0)
			return k;
	return NULL;
}

static void
offer_values(struct ui *u, struct completion *c, const struct conf_key *k)
{
	struct buf now = {0};

	settings_value(u->set, k->key, &now);
	if (strcmp(k->key, "theme") == 0) {
		offer_theme_names(u, c);
	} else if (k->type == CONF_BOOL) {
		complete_offer(c, "on", _(k->help), NULL);
		complete_offer(c, "off", _(k->help), NULL);
	} else if (k->type == CONF_ENUM) {
		for (size_t i = 0; k->names[i] != NULL; i++)
			complete_offer(c, k->names[i], _(k->help), NULL);
	} else if (now.n > 0) {
		offer_name(c, buf_str(&now), _(k->help));
	}
	buf_free(&now);
}

static void
offer_settings(struct ui *u, struct completion *c, const struct typed *t)
{
	const struct conf_key *k = setting(t->first);

	if (t->nth == 0)
		for (k = settings_keys; k->key != NULL; k++)
			complete_offer(c, k->key, _(k->help), NULL);
	else if (t->nth == 1 && k != NULL)
		offer_values(u, c, k);
	else if (t->nth == 2 && k != NULL)
		complete_offer(c, "keep", _("also after this run"), NULL);
}

/* when */

/* "Mon 23 Nov 09:00", so that nobody has to work it out. */
static const char *
when_detail(const char *words, struct arena *a)
{
	int64_t at = 0, now = when_now_ms();
	struct buf b = {0};
	const char *out;

	if (when_parse(words, now, &at, NULL) == 0) {
		say_day(&b, at, now);
		buf_putc(&b, ' ');
		say_clock(&b, at);
	}
	out = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return out;
}

/* The words may hold blanks: all that stands after the command is one. */
static void
offer_when(struct ui *u, struct completion *c, const struct typed *t)
{
	static const char *const when[] = {"30m", "1h", "2h", "4h",
	    "tomorrow 9:00", "mon 9:00", "fri 17:00", "2d", "7d", "明日 9時",
	    "月曜 10:00", "午後3時", "30分", "2時間"};

	(void)u;
	c->len += c->at - t->args_at;
	c->at = t->args_at;
	c->word = arena_strndup(c->a, t->line + c->at, c->len);
	complete_offer(c, "message", _("until the customer writes"), NULL);
	for (size_t i = 0; i < sizeof(when) / sizeof(when[0]); i++)
		complete_offer(c, when[i], when_detail(when[i], c->a), NULL);
	if (c->n == 0 && *when_detail(c->word, c->a) != '\0')
		complete_offer(c, c->word, when_detail(c->word, c->a), NULL);
}

/* conversations, by number or by name */
static void
offer_convs(struct ui *u, struct completion *c, const struct typed *t)
{
	struct buf b = {0};

	(void)t;
	for (size_t i = 0; i < u->rows.n && c->n < COMPLETE_MAX; i++) {
		const struct conv *v = u->rows.v[i].c;

		if (v == NULL)
			continue;
		buf_reset(&b);
		buf_printf(&b, "%lld", (long long)v->number);
		complete_offer(c, buf_str(&b), ui_name_of(v), NULL);
	}
	buf_free(&b);
}

static const struct {
	const char *command;
	void (*offer)(
	    struct ui *u, struct completion *c, const struct typed *t);
} takes[] = {
    {"assign", offer_agents},
    {"canned", offer_canned},
    {"open", offer_convs},
    {"set", offer_settings},
    {"snooze", offer_when},
    {"tag", offer_tags},
    {"theme", offer_themes},
    {"view", offer_views},
};

/* "next|prev|list" of a usage. */
static void
offer_words(struct completion *c, const struct cmd *cmd)
{
	const char *s = cmd->args + (cmd->args[0] == '[');
	size_t n;

	while (islower((unsigned char)*s)) {
		n = strcspn(s, "|] ");
		complete_offer(c, arena_strndup(c->a, s, n), "", NULL);
		s += n + (s[n] == '|');
	}
}

static void
offer_commands(struct completion *c)
{
	for (const struct cmd *m = cmds; m->name != NULL; m++) {
		if ((m->flags & CMD_UI) && m->ui != NULL)
			complete_offer(c, m->name, _(m->help), NULL);
	}
}

/* Numbers of conversations stand before a verb's words. */
static bool
is_number(const char *s, size_t n)
{
	return n > 0 && strspn(s, "0123456789") == n;
}

static void
offer_args(struct ui *u, struct completion *c, const char *line)
{
	struct typed t = {.line = line, .first = ""};
	const char *p = line + strspn(line, " "), *at = line + c->at;
	size_t n = strcspn(p, " ");
	const struct cmd *cmd;

	t.command = arena_strndup(c->a, p, n);
	for (p += n + strspn(p + n, " "); p < at; p += n + strspn(p + n, " ")) {
		n = strcspn(p, " ");
		if (t.nth == 0 && is_number(p, n))
			continue;
		if (t.nth++ == 0) {
			t.first = arena_strndup(c->a, p, n);
			t.args_at = (size_t)(p - line);
		}
	}
	if (t.nth == 0)
		t.args_at = c->at;
	for (size_t i = 0; i < sizeof(takes) / sizeof(takes[0]); i++) {
		if (strcmp(takes[i].command, t.command) == 0) {
			takes[i].offer(u, c, &t);
			return;
		}
	}
	cmd = cmd_find(t.command);
	if (cmd != NULL && t.nth == 0)
		offer_words(c, cmd);
}

void
complete_command(
    struct ui *u, struct completion *c, const char *text, size_t caret)
{
	const char *end = text + caret, *w = end;
	char *word, *narrow;

	while (w > text && w[-1] != ' ')
		w--;
	c->at = (size_t)(w - text);
	c->len = (size_t)(end - w);
	word = x_strndup(w, c->len);
	narrow = text_narrow(word); /* the input method may be on */
	c->word = arena_strdup(c->a, narrow);
	x_free(narrow);
	x_free(word);
	if (text + strspn(text, " ") >= w)
		offer_commands(c);
	else
		offer_args(u, c, text);
}
