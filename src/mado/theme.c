/*
 * Themes: reading the files, and the colour pairs made of them. Nothing else
 * in the client names a colour. Called by ui.c at start, and by draw.c.
 */
#include "theme.h"

#include <mado/buf.h>
#include <mado/conf.h>
#include <mado/mem.h>

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const role_names_ui[] = {
#define X(id, name) name,
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
	attr_t curses;
} attr_names[] = {
    {"bold", THEME_BOLD, A_BOLD},
    {"dim", THEME_DIM, A_DIM},
    {"underline", THEME_UNDERLINE, A_UNDERLINE},
    {"reverse", THEME_REVERSE, A_REVERSE},
    {"italic", THEME_ITALIC, A_ITALIC},
};

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
read_item(struct theme *t, const struct conf *c, const struct conf_item *it,
    struct err *e)
{
	struct err why;

	if (strcmp(it->section, "colours") != 0)
		return conf_error(c, it, e, "only [colours] is known here");
	if (it->key == NULL)
		return 0;
	for (size_t i = 0; i < UI_ROLE_N; i++) {
		if (strcmp(role_names_ui[i], it->key) != 0)
			continue;
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
	int rc = 0;

	if (c == NULL)
		return -1;
	theme_plain(t);
	for (size_t i = 0; i < c->n && rc == 0; i++)
		rc = read_item(t, c, &c->items[i], e);
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

int
theme_load(
    struct theme *t, const char *name, const char *config_dir, struct err *e)
{
	struct buf b = {0};
	int rc = -1;

	for (int i = 0; i < 4; i++) {
		buf_reset(&b);
		if (i == 0 && config_dir != NULL)
			buf_printf(&b, "%s/themes", config_dir);
		else if (i == 1 && getenv("MADO_THEMES") != NULL)
			buf_puts(&b, getenv("MADO_THEMES"));
		else if (i == 3)
			buf_puts(&b, MADO_PREFIX "/share/mado/themes");
		else if (i != 2 || !build_tree(&b))
			continue;
		buf_printf(&b, "/%s.theme", name);
		rc = theme_read(t, buf_str(&b), e);
		if (rc == 0 || e->code != ERR_NOTFOUND)
			break;
	}
	if (rc == -1 && e->code == ERR_NOTFOUND)
		err_set(e, ERR_NOTFOUND,
		    "There is no theme \"%s\": dark, light and mono come with "
		    "mado",
		    name);
	buf_free(&b);
	return rc;
}

static int32_t
rgb_of(int32_t c)
{
	static const int base[] = {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00,
	    0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000,
	    0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff};
	static const int step[] = {0, 95, 135, 175, 215, 255};

	if (c & THEME_RGB)
		return c & 0xffffff;
	if (c < 16)
		return base[c];
	if (c >= 232)
		return (8 + (c - 232) * 10) * 0x010101;
	c -= 16;
	return step[c / 36] << 16 | step[c / 6 % 6] << 8 | step[c % 6];
}

static int
distance(int32_t a, int32_t b)
{
	int r = (a >> 16 & 255) - (b >> 16 & 255);
	int g = (a >> 8 & 255) - (b >> 8 & 255);
	int l = (a & 255) - (b & 255);

	return r * r * 2 + g * g * 4 + l * l;
}

int
theme_reduce(int32_t colour, int colours)
{
	int best = 0, least = -1;

	if (colour == THEME_DEFAULT)
		return -1;
	if (!(colour & THEME_RGB) && colour < colours)
		return colour;
	for (int i = colours > 16 ? 16 : 0; i < colours && i < 256; i++) {
		int d = distance(rgb_of(colour), rgb_of(i));

		if (least < 0 || d < least) {
			least = d;
			best = i;
		}
	}
	return best;
}

/* What each role is for ncurses. */
static struct {
	attr_t attrs;
	short pair;
} roles[UI_ROLE_N];

static short
make_pair(const struct theme_style *s)
{
	static short next;
	static struct {
		int fg, bg;
	} made[UI_ROLE_N + 1];
	int fg = theme_reduce(s->fg, COLORS), bg = theme_reduce(s->bg, COLORS);

	if (fg == -1 && bg == -1)
		return 0;
	for (short i = 1; i <= next; i++) {
		if (made[i].fg == fg && made[i].bg == bg)
			return i;
	}
	if (next + 1 >= COLOR_PAIRS || next >= UI_ROLE_N)
		return 0;
	next++;
	made[next].fg = fg;
	made[next].bg = bg;
	init_pair(next, (short)fg, (short)bg);
	return next;
}

static attr_t
curses_attrs(unsigned attrs)
{
	attr_t a = A_NORMAL;

	for (size_t i = 0; i < COUNT(attr_names); i++) {
		if (attrs & attr_names[i].attr)
			a |= attr_names[i].curses;
	}
	return a;
}

void
theme_start(const struct theme *t, bool mono)
{
	bool colour = !mono && has_colors() && start_color() == OK;
	const struct theme_style *s;

	if (colour)
		use_default_colors();
	for (size_t i = 0; i < UI_ROLE_N; i++) {
		s = colour && COLORS >= 256 ? &t->full[i] : &t->few[i];
		roles[i].attrs = curses_attrs(s->attrs);
		roles[i].pair = colour ? make_pair(s) : 0;
	}
}

void
theme_set(enum ui_role role)
{
	attr_set(roles[role].attrs, roles[role].pair, NULL);
}

static int
put_nothing(int c)
{
	return c;
}

static struct buf *sgr;

static int
put_sgr(int c)
{
	buf_putc(sgr, c);
	return c;
}

void
theme_sgr(struct buf *b, enum ui_role role)
{
	sgr = b;
	/* From nothing, whatever was set last: our own writes end in nothing.
	 */
	vid_puts(A_NORMAL, 0, NULL, put_sgr);
	vid_puts(roles[role].attrs, roles[role].pair, NULL, put_sgr);
	vid_puts(A_NORMAL, 0, NULL, put_nothing);
}
