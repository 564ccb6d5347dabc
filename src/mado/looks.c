/*
 * How the inbox looks: the theme, also one that is only tried while its name
 * is typed; emoji and widths as this terminal has them; settings changed while
 * it runs. What the terminal answers is remembered, so that the next start
 * paints right at once. Called by ui.c, line.c and the commands theme and set.
 */
#include "ui.h"

#include <mado/mem.h>
#include <mado/text.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd_ui.h"
#include "draw.h"
#include "i18n.h"
#include "past.h"
#include "term.h"
#include "theme.h"

enum { THEME_NAME_B = 64 };

static struct term_seen seen;    /* of this terminal, as last known */
static bool shown_light;         /* on which ground */
static char shown[THEME_NAME_B]; /* the theme on the screen */

static bool
is_mono(const struct ui *u)
{
	const char *no = getenv("NO_COLOR");

	return u->set->plain || (no != NULL && *no != '\0');
}

/* Under which name the store keeps what this terminal is like. */
static void
term_name(char *out, size_t n)
{
	static const char *const env[] = {
	    "TERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION"};
	const char *v[3];

	for (size_t i = 0; i < 3; i++) {
		v[i] = getenv(env[i]);
		v[i] = v[i] == NULL ? "" : v[i];
	}
	snprintf(out, n, "term %s %s %s", v[0], v[1], v[2]);
}

static void
remember(struct ui *u)
{
	char name[128], value[] = "----";

	term_name(name, sizeof(name));
	value[0] = seen.native ? 'n' : '-';
	value[1] = seen.wide ? 'w' : '-';
	value[2] = seen.light ? 'l' : '-';
	value[3] = seen.frames ? 'f' : '-';
	store_set(u->store, name, value, NULL);
}

static void
recall(struct ui *u)
{
	struct arena *a = arena_new();
	const char *v;
	char name[128];

	term_name(name, sizeof(name));
	v = store_get(u->store, name, a);
	if (v != NULL && strlen(v) == 4)
		seen = (struct term_seen){
		    v[0] == 'n', v[1] == 'w', v[2] == 'l', v[3] == 'f'};
	arena_free(a);
}

static void
everything(struct ui *u)
{
	past_again();
	u->lines_stale = true;
	ui_dirty(u, DIRTY_ALL);
}

/* Emoji and widths, by the settings and where they say auto by the terminal.
 */
static void
apply_text(struct ui *u)
{
	const struct settings *s = u->set;
	bool wide = s->ambiguous < 0 ? seen.wide : s->ambiguous == 1;
	struct text_policy policy = {TEXT_EMOJI_SAFE, wide, false};

	if (s->emoji >= 0)
		policy.emoji = (enum text_emoji)s->emoji;
	else if (seen.native && !s->plain)
		policy.emoji = TEXT_EMOJI_NATIVE;
	text_set_policy(&policy);
	draw_set_policy(&policy);
	/* Lines of the terminal are of ambiguous width themselves. */
	draw_set_ascii(s->ascii_lines || s->plain || wide);
}

/*
 * A theme for the other ground than the terminal's paints its own: what is
 * tried must be readable. With few colours none is sure to be.
 */
static void
paint_ground(struct theme *t)
{
	static const struct {
		int32_t fg, bg;
	} own[] = {[GROUND_DARK] = {252, 16}, [GROUND_LIGHT] = {16, 231}};
	bool light = t->ground == GROUND_LIGHT;

	if ((!light && t->ground != GROUND_DARK) || light == seen.light)
		return;
	for (size_t i = 0; i < UI_ROLE_N; i++) {
		struct theme_style *s = &t->full[i];

		if (s->fg == THEME_DEFAULT)
			s->fg = own[t->ground].fg;
		if (s->bg == THEME_DEFAULT)
			s->bg = own[t->ground].bg;
	}
}

/* Put a theme on the screen; one with an error in it as far as it goes. */
static int
show(struct ui *u, const char *name, struct err *e)
{
	struct theme t;
	int rc;

	if (strcmp(name, "auto") == 0)
		name = seen.light ? "light" : "dark";
	if (strcmp(name, shown) == 0 && shown_light == seen.light)
		return 0;
	rc = theme_load(&t, name, u->set->config_dir, e);
	if (rc == -1 && e->code == ERR_NOTFOUND)
		return -1;
	snprintf(shown, sizeof(shown), "%s", name);
	shown_light = seen.light;
	paint_ground(&t);
	theme_start(&t, is_mono(u));
	everything(u);
	return rc;
}

static const char *
theme_set_name(const struct ui *u)
{
	return u->set->theme == NULL ? "auto" : u->set->theme;
}

static void
show_own(struct ui *u)
{
	struct err e = {0};

	if (show(u, theme_set_name(u), &e) == -1)
		ui_say_err(u, &e);
}

void
looks_start(struct ui *u)
{
	struct theme plain;

	theme_plain(&plain);
	theme_start(&plain, is_mono(u));
	recall(u);
	apply_text(u);
	if (!is_mono(u))
		show_own(u);
	if (u->set->plain || !term_can_ask())
		return;
	u->input.patience = INPUT_PATIENCE;
	term_ask();
}

void
looks_answer(struct ui *u, const char *bytes)
{
	struct term_seen now = seen;
	bool whole = term_answered(bytes, &now);

	if (whole)
		u->input.patience = 0;
	if (!whole || memcmp(&now, &seen, sizeof(now)) == 0)
		return;
	seen = now;
	remember(u);
	apply_text(u);
	if (!is_mono(u))
		show_own(u);
	everything(u);
}

/* The name in "theme NAME" or "set theme NAME"; "" when it is no such line. */
static void
named_in(const char *line, char *out, size_t n)
{
	static const char *const before[] = {"theme ", "set theme "};
	size_t k;

	*out = '\0';
	line += strspn(line, " ");
	for (size_t i = 0; i < 2; i++) {
		k = strlen(before[i]);
		if (strncmp(line, before[i], k) == 0)
			snprintf(out, n, "%.*s", (int)strcspn(line + k, " "),
			    line + k);
	}
}

void
looks_try(struct ui *u, const char *line)
{
	char name[THEME_NAME_B];
	struct err e = {0};

	named_in(line, name, sizeof(name));
	if (is_mono(u))
		return;
	if (*name == '\0' || show(u, name, &e) == -1)
		show(u, theme_set_name(u), &e);
}

/* A setting is another one now. */
static void
apply(struct ui *u)
{
	apply_text(u);
	if (!is_mono(u))
		show_own(u);
	ui_read_keys(u);
	everything(u);
}

/* commands */

static void
join(struct buf *b, int argc, char **argv, int from)
{
	for (int i = from; i < argc; i++)
		buf_printf(b, "%s%s", i > from ? " " : "", argv[i]);
}

/* Say what a setting is. */
static int
tell(struct ui *u, const char *key, struct err *e)
{
	struct buf b = {0};
	bool known = settings_value(u->set, key, &b);

	if (known)
		ui_say(u, "%s = %s", key, buf_str(&b));
	buf_free(&b);
	if (!known)
		return err_set(
		    e, ERR_NOTFOUND, _("There is no setting \"%s\"."), key);
	return 0;
}

static int
change(
    struct ui *u, const char *key, const char *value, bool keep, struct err *e)
{
	if (settings_set(u->set, key, value, e) == -1)
		return -1;
	apply(u);
	if (!keep) {
		ui_say(u,
		    _("%s = %s until mado ends; keep at the end of the "
		      "line keeps it"),
		    key, value);
		return 0;
	}
	if (settings_keep(u->set, key, value, e) == -1)
		return -1;
	ui_say(u, _("%s = %s, kept in madorc"), key, value);
	return 0;
}

int
ui_cmd_set(struct ui *u, int argc, char **argv, struct err *e)
{
	bool keep = argc > 3 && strcmp(argv[argc - 1], "keep") == 0;
	struct buf value = {0};
	int rc;

	if (argc < 2)
		return err_set(e, ERR_INVALID,
		    _("Say set NAME VALUE; set NAME tells what it is."));
	if (argc == 2)
		return tell(u, argv[1], e);
	join(&value, argc - keep, argv, 2);
	rc = change(u, argv[1], buf_str(&value), keep, e);
	buf_free(&value);
	return rc;
}

int
ui_cmd_reload(struct ui *u, int argc, char **argv, struct err *e)
{
	int rc = settings_reread(u->set, e);

	(void)argc;
	(void)argv;
	ui_say(u, _("madorc, keys.conf and the theme are read anew."));
	apply(u); /* says what is wrong with keys */
	return rc;
}

int
ui_cmd_theme(struct ui *u, int argc, char **argv, struct err *e)
{
	bool keep = argc == 3 && strcmp(argv[2], "keep") == 0;
	struct theme t;

	if (argc < 2) {
		line_open(u, LINE_COMMAND, "theme ");
		return 0;
	}
	if (is_mono(u))
		return err_set(e, ERR_INVALID,
		    _("NO_COLOR or plain is on: themes show no colours."));
	if (strcmp(argv[1], "auto") != 0 &&
	    theme_load(&t, argv[1], u->set->config_dir, e) == -1)
		return -1;
	return change(u, "theme", argv[1], keep, e);
}
