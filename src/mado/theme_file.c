/*
 * Theme files: reading one, finding it by its name, naming those there are.
 * Knows colours as numbers, and no screen. Called by looks.c and the line's
 * completion.
 */
#include "theme.h"

#include <mado/buf.h>
#include <mado/conf.h>
#include <mado/mem.h>
#include <mado/model.h>

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "i18n.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

const struct theme_role theme_roles[] = {
#define X(id, name, help) {name, help},
    ROLES_UI(X)
#undef X
};

static const char *const colour_names[] = {"black", "red", "green", "yellow",
    "blue", "magenta", "cyan", "white", "bright-black", "bright-red",
    "bright-green", "bright-yellow", "bright-blue", "bright-magenta",
    "bright-cyan", "bright-white"};

static const struct {
	const char *name;
	unsigned attr;
} attr_names[] = {
    {"bold", THEME_BOLD},
    {"dim", THEME_DIM},
    {"underline", THEME_UNDERLINE},
    {"reverse", THEME_REVERSE},
    {"italic", THEME_ITALIC},
};

static const char *const ground_names[] = {"dark", "light", "own", "any", NULL};

/* The look without a theme, and where a file leaves a role out. */
static const struct {
	enum ui_role role;
	unsigned attrs;
} plain[] = {
    {UI_HEADER, THEME_REVERSE},
    {UI_HEADER_ON, THEME_REVERSE | THEME_BOLD | THEME_UNDERLINE},
    {UI_PROBLEM, THEME_REVERSE | THEME_BOLD},
    {UI_LIVE, THEME_REVERSE},
    {UI_OFFLINE, THEME_REVERSE | THEME_BOLD},
    {UI_BORDER_ON, THEME_BOLD},
    {UI_TITLE_ON, THEME_BOLD | THEME_UNDERLINE},
    {UI_CURSOR, THEME_REVERSE},
    {UI_NAME, THEME_BOLD},
    {UI_UNREAD, THEME_BOLD},
    {UI_LATE, THEME_BOLD},
    {UI_FREE, THEME_BOLD},
    {UI_NOTE, THEME_UNDERLINE},
    {UI_BAD, THEME_BOLD},
    {UI_PROMPT, THEME_BOLD},
    {UI_PROMPT_NOTE, THEME_REVERSE | THEME_BOLD},
    {UI_LINE_NOTE, THEME_UNDERLINE},
    {UI_KEY, THEME_BOLD},
    {UI_FLASH, THEME_BOLD},
    {UI_ERROR, THEME_REVERSE},
    {UI_MATCH, THEME_REVERSE},
};

void
theme_plain(struct theme *t)
{
	t->ground = GROUND_ANY;
	for (size_t i = 0; i < UI_ROLE_N; i++)
		t->full[i] =
		    (struct theme_style){THEME_DEFAULT, THEME_DEFAULT, 0};
	for (size_t i = 0; i < COUNT(plain); i++)
		t->full[plain[i].role].attrs = plain[i].attrs;
	memcpy(t->few, t->full, sizeof(t->few));
}

/* True and *out when the word names a colour. */
static bool
parse_colour(const char *w, int32_t *out)
{
	char *end;
	long v;

	if (strcmp(w, "default") == 0) {
		*out = THEME_DEFAULT;
		return true;
	}
	for (size_t i = 0; i < COUNT(colour_names); i++) {
		if (strcmp(w, colour_names[i]) == 0) {
			*out = (int32_t)i;
			return true;
		}
	}
	v = strtol(w[0] == '#' ? w + 1 : w, &end, w[0] == '#' ? 16 : 10);
	if (*end != '\0' || v < 0)
		return false;
	if (w[0] == '#') {
		*out = THEME_RGB | (int32_t)v;
		return strlen(w) == 7;
	}
	*out = (int32_t)v;
	return v <= 255;
}

static bool
parse_attr(const char *w, unsigned *attrs)
{
	for (size_t i = 0; i < COUNT(attr_names); i++) {
		if (strcmp(w, attr_names[i].name) == 0) {
			*attrs |= attr_names[i].attr;
			return true;
		}
	}
	return false;
}

int
theme_parse_style(const char *s, struct theme_style *out, struct err *e)
{
	char *copy = x_strdup(s), *save = NULL, *w;
	int32_t colour;
	int n = 0, rc = 0;

	*out = (struct theme_style){THEME_DEFAULT, THEME_DEFAULT, 0};
	for (w = strtok_r(copy, " \t", &save); w != NULL && rc == 0;
	     w = strtok_r(NULL, " \t", &save)) {
		if (n < 2 && parse_colour(w, &colour))
			*(n++ == 0 ? &out->fg : &out->bg) = colour;
		else if (!parse_attr(w, &out->attrs))
			rc = err_set(e, ERR_INVALID,
			    "\"%s\" is neither a colour (default, red, "
			    "bright-blue, 0-255, #rrggbb; foreground, then "
			    "background) nor bold, dim, underline, reverse, "
			    "italic",
			    w);
	}
	x_free(copy);
	return rc;
}

static int
read_role(struct theme *t, size_t role, const char *value, struct err *e)
{
	const char *bar = strchr(value, '|');
	char *first = x_strndup(
	    value, bar == NULL ? strlen(value) : (size_t)(bar - value));
	int rc = theme_parse_style(first, &t->full[role], e);

	x_free(first);
	if (rc == -1)
		return -1;
	t->few[role] = t->full[role];
	return bar == NULL ? 0 : theme_parse_style(bar + 1, &t->few[role], e);
}

static int
read_ground(struct theme *t, const struct conf *c, const struct conf_item *it,
    struct err *e)
{
	int g = name_find(ground_names, it->value);

	if (strcmp(it->key, "ground") != 0)
		return conf_error(c, it, e, "[theme] knows ground only");
	if (g < 0)
		return conf_error(
		    c, it, e, "ground is dark, light, own or any");
	t->ground = (enum theme_ground)g;
	return 0;
}

static int
read_item(struct theme *t, const struct conf *c, const struct conf_item *it,
    struct err *e)
{
	bool is_theme = strcmp(it->section, "theme") == 0;
	struct err why;

	if (!is_theme && strcmp(it->section, "colours") != 0)
		return conf_error(
		    c, it, e, "only [theme] and [colours] are known here");
	if (it->key == NULL)
		return 0;
	if (is_theme)
		return read_ground(t, c, it, e);
	for (size_t i = 0; i < UI_ROLE_N; i++) {
		if (strcmp(theme_roles[i].name, it->key) != 0)
			continue;
		if (*it->value == '\0') /* # began a comment */
			return conf_error(c, it, e,
			    "no colour here: #rrggbb wants quotes around the "
			    "value");
		if (read_role(t, i, it->value, &why) == -1)
			return conf_error(c, it, e, "%s", why.msg);
		return 0;
	}
	return conf_error(
	    c, it, e, "nothing on the screen is called \"%s\"", it->key);
}

int
theme_read(struct theme *t, const char *path, struct err *e)
{
	struct conf *c = conf_read(path, e);
	struct err *first = e;
	int rc = 0;

	theme_plain(t);
	if (c == NULL)
		return -1;
	t->ground = GROUND_DARK;
	for (size_t i = 0; i < c->n; i++) {
		if (read_item(t, c, &c->items[i], first) == -1) {
			rc = -1;
			first = NULL;
		}
	}
	conf_free(c);
	return rc;
}

/* Append the folder of the running program's themes in the build tree. */
static bool
build_tree(struct buf *b)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *p;

	if (n <= 0)
		return false;
	path[n] = '\0';
	if ((p = strstr(path, "/build/")) == NULL)
		return false;
	*p = '\0';
	buf_printf(b, "%s/themes", path);
	return true;
}

enum { FOLDERS = 4 };

/* The i-th folder that themes are looked for in; false when there is none. */
static bool
put_folder(struct buf *b, int i, const char *config_dir)
{
	const char *env = getenv("MADO_THEMES");

	buf_reset(b);
	if (i == 0 && config_dir != NULL)
		buf_printf(b, "%s/themes", config_dir);
	else if (i == 1 && env != NULL)
		buf_puts(b, env);
	else if (i == 2)
		return build_tree(b);
	else if (i == 3)
		buf_puts(b, MADO_PREFIX "/share/mado/themes");
	return b->n > 0;
}

struct each {
	void (*f)(const char *name, enum theme_ground ground, void *arg);
	void *arg;
};

static void
each_in(const char *folder, const struct each *each)
{
	DIR *d = opendir(folder);
	struct dirent *f;
	struct theme t;
	char *path, *dot;

	while (d != NULL && (f = readdir(d)) != NULL) {
		dot = strrchr(f->d_name, '.');
		if (dot == NULL || dot == f->d_name ||
		    strcmp(dot, ".theme") != 0)
			continue;
		path = x_sprintf("%s/%s", folder, f->d_name);
		if (theme_read(&t, path, NULL) == 0) {
			*dot = '\0';
			each->f(f->d_name, t.ground, each->arg);
		}
		x_free(path);
	}
	if (d != NULL)
		closedir(d);
}

void
theme_each(const char *config_dir,
    void (*f)(const char *name, enum theme_ground ground, void *arg), void *arg)
{
	const struct each each = {f, arg};
	struct buf b = {0};

	for (int i = 0; i < FOLDERS; i++) {
		if (put_folder(&b, i, config_dir))
			each_in(buf_str(&b), &each);
	}
	buf_free(&b);
}

/* It becomes part of a file's name. */
static bool
is_name(const char *s)
{
	return *s != '\0' && *s != '.' && strchr(s, '/') == NULL;
}

int
theme_load(
    struct theme *t, const char *name, const char *config_dir, struct err *e)
{
	struct err why = {.code = ERR_NOTFOUND};
	struct buf b = {0};
	int rc = -1;

	for (int i = 0; i < FOLDERS && is_name(name); i++) {
		if (!put_folder(&b, i, config_dir))
			continue;
		buf_printf(&b, "/%s.theme", name);
		rc = theme_read(t, buf_str(&b), &why);
		if (rc == 0 || why.code != ERR_NOTFOUND)
			break;
	}
	buf_free(&b);
	if (rc == 0)
		return 0;
	if (why.code != ERR_NOTFOUND)
		return err_set(e, why.code, "%s", why.msg);
	return err_set(e, ERR_NOTFOUND,
	    _("There is no theme \"%s\": dark, light, high-contrast, "
	      "colour-blind-safe, 8-colour and mono come with mado"),
	    name);
}
