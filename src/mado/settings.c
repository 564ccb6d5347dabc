/*
 * Where mado's files are, what madorc says, and the profile that login
 * wrote. Owns struct settings; talks to nobody. Called by main, login and
 * logout.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <mado/buf.h>
#include <mado/mem.h>
#include <mado/text.h>

#include "i18n.h"
#include "settings.h"

enum { NAME_MAX_B = 64, MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS };

struct profile {
	char *url, *user, *token, *pin;
};

static const char *const key_sets[] = {"vi", "emacs", "arrows", NULL};
static const char *const emojis[] = {"auto", "safe", "native", "text", NULL};
static const char *const pictures[] = {"auto", "cells", "off", NULL};
static const char *const widths[] = {"auto", "narrow", "wide", NULL};
static const char *const list_rows[] = {"two", "one", NULL};
static const char *const notifies[] = {"off", "osc9", "osc777", NULL};
static const char *const zones[] = {"desk", "local", NULL};
static const char *const sections[] = {"mado", "view", "hook", NULL};
static const char *const profile_sections[] = {"profile", NULL};

/* clang-format off */
#define AT(member) offsetof(struct settings_rc, member)
const struct conf_key settings_keys[] = {
	{"mado", "language", CONF_STR, AT(language), 0, 0, NULL, NULL,
	    N_("of the screens: ja or en; else LANGUAGE or LANG")},
	{"mado", "theme", CONF_STR, AT(theme), 0, 0, NULL, "auto",
	    N_("colours: auto (dark or light, as the terminal's ground), or a theme's name; mado-themes(5)")},
	{"mado", "token_cmd", CONF_STR, AT(token_cmd), 0, 0, NULL, NULL,
	    N_("a command that prints the token, for other keepers of secrets")},
	{"mado", "open_cmd", CONF_STR, AT(open_cmd), 0, 0, NULL, "xdg-open",
	    N_("the command that opens pictures, files and links")},
	{"mado", "notify_cmd", CONF_STR, AT(notify_cmd), 0, 0, NULL, NULL,
	    N_("a command run with the notification's text as its argument")},
	{"mado", "notify", CONF_ENUM, AT(notify), 0, 0, notifies, "osc9",
	    N_("the terminal's own notifications: osc9, osc777 or off")},
	{"mado", "late_s", CONF_SPAN, AT(late_ms), 0, HOUR_MS, NULL, "300",
	    N_("seconds of waiting that are notified; 0: none")},
	{"mado", "editor", CONF_STR, AT(editor), 0, 0, NULL, NULL,
	    N_("the editor of Ctrl-X Ctrl-E; else VISUAL or EDITOR")},
	{"mado", "undo_s", CONF_SPAN, AT(undo_ms), 0, MINUTE_MS, NULL, "3",
	    N_("seconds in which a send can be taken back; 0: none")},
	{"mado", "keep_days", CONF_INT, AT(keep_days), 1, 3650, NULL, "90",
	    N_("days that the local store keeps")},
	{"mado", "store_max", CONF_SIZE, AT(store_max_b), 1 << 20,
	    INT64_C(1) << 40, NULL, "500M", N_("size of the local store")},
	{"mado", "layout_wide", CONF_INT, AT(wide), 40, 1000, NULL, "110",
	    N_("columns from which there are three panes")},
	{"mado", "layout_narrow", CONF_INT, AT(narrow), 20, 1000, NULL, "60",
	    N_("columns below which there is one pane")},
	{"mado", "rows", CONF_ENUM, AT(list_rows), 0, 0, list_rows, "two",
	    N_("lines of a conversation in the list: two or one")},
	{"mado", "keys", CONF_ENUM, AT(keys), 0, 0, key_sets, "vi",
	    N_("the set of keys: vi, emacs or arrows")},
	{"mado", "emoji", CONF_ENUM, AT(emoji), 0, 0, emojis, "auto",
	    N_("how disputed emoji are drawn: auto, safe, native or text")},
	{"mado", "ambiguous_width", CONF_ENUM, AT(ambiguous), 0, 0, widths,
	    "auto", N_("East Asian Ambiguous characters: auto (the terminal is asked), narrow or wide")},
	{"mado", "pictures", CONF_ENUM, AT(pictures), 0, 0, pictures, "auto",
	    N_("pictures in the history: auto, cells or off")},
	{"mado", "timezone", CONF_ENUM, AT(timezone), 0, 0, zones, "desk",
	    N_("times of the desk's zone, or of this machine's: local")},
	{"mado", "ascii_lines", CONF_BOOL, AT(ascii_lines), 0, 0, NULL, "off",
	    N_("draw lines with + - |")},
	{"mado", "clock", CONF_BOOL, AT(clock), 0, 0, NULL, "on",
	    N_("show the time in the header")},
	{"mado", "bell", CONF_BOOL, AT(bell), 0, 0, NULL, "on",
	    N_("ring the terminal's bell")},
	{"mado", "ime_control", CONF_BOOL, AT(ime_control), 0, 0, NULL, "off",
	    N_("switch the input method off outside lines that are typed (Tera Term, RLogin)")},
	{"mado", "plain", CONF_BOOL, AT(plain), 0, 0, NULL, "off",
	    N_("no colours")},
	{NULL, NULL, CONF_STR, 0, 0, 0, NULL, NULL, NULL}
};
#undef AT

#define AT(member) offsetof(struct profile, member)
static const struct conf_key profile_keys[] = {
	{"profile", "url", CONF_STR, AT(url), 0, 0, NULL, NULL, ""},
	{"profile", "user", CONF_STR, AT(user), 0, 0, NULL, NULL, ""},
	{"profile", "token", CONF_STR, AT(token), 0, 0, NULL, NULL, ""},
	{"profile", "pin", CONF_STR, AT(pin), 0, 0, NULL, NULL, ""},
	{NULL, NULL, CONF_STR, 0, 0, 0, NULL, NULL, NULL}
};
#undef AT
/* clang-format on */

static char *
xdg_dir(const char *env, const char *below_home)
{
	const char *v = getenv(env), *home = getenv("HOME");

	/* The base directory specification: a relative one is ignored. */
	if (v != NULL && *v == '/')
		return x_sprintf("%s/mado", v);
	return x_sprintf("%s/%s/mado", home == NULL ? "" : home, below_home);
}

/* It names files and a section: letters, digits, "-", "_", "." inside. */
static bool
is_profile_name(const char *s)
{
	size_t n = strlen(s);

	if (n == 0 || n > NAME_MAX_B || *s == '.' || *s == '-')
		return false;
	for (; *s != '\0'; s++)
		if (!isalnum((unsigned char)*s) && strchr("-_.", *s) == NULL)
			return false;
	return true;
}

/* A file that may be absent: then *c is NULL and all is well. */
static int
read_optional(const char *path, struct conf **c, struct err *e)
{
	struct err local = {0};

	*c = conf_read(path, &local);
	if (*c != NULL || local.code == ERR_NOTFOUND)
		return 0;
	return err_set(e, local.code, "%s", local.msg);
}

/* What stands before the first section is of [mado]. */
static void
name_sections(struct conf *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (*c->items[i].section == '\0')
			c->items[i].section = sections[0];
}

/* Other sections are read by those whom they concern: views.c, hooks.c.
 */
static bool
is_ours(const struct conf_item *it)
{
	return strcmp(it->section, sections[0]) == 0;
}

/* The line further up that sets the same; NULL: none. */
static const struct conf_item *
line_before(const struct conf *c, const struct conf_item *it)
{
	for (const struct conf_item *q = c->items; q < it; q++) {
		if (q->key != NULL && it->key != NULL && is_ours(q) &&
		    strcmp(q->key, it->key) == 0)
			return q;
	}
	return NULL;
}

/* A line that cannot be meant costs its own setting only. */
static int
read_line(struct settings *s, const struct conf *c, const struct conf_item *it,
    struct err *e)
{
	const struct conf one = {.items = (struct conf_item *)it, .n = 1};
	const struct conf_item *before;
	struct err why = {0};

	if (it->key != NULL && !is_ours(it))
		return 0;
	before = line_before(c, it);
	if (before != NULL)
		return conf_error(c, it, e, "\"%s\" was already set on line %d",
		    it->key, before->line);
	if (conf_sections(&one, sections, &why) == -1 ||
	    (it->key != NULL &&
		settings_set(s, it->key, it->value, &why) == -1))
		return conf_error(c, it, e, "%s", why.msg);
	return 0;
}

/* The settings of a madorc, NULL for none, over the defaults. */
static int
read_lines(struct settings *s, struct conf *c, struct err *e)
{
	struct settings_rc rc = {0};
	int rv = 0;

	if (c != NULL)
		name_sections(c);
	conf_apply(NULL, settings_keys, "mado", "", &rc, NULL);
	settings_take_rc(s, &rc);
	for (size_t i = 0; c != NULL && i < c->n; i++)
		if (read_line(s, c, &c->items[i], rv == 0 ? e : NULL) == -1)
			rv = -1;
	return rv;
}

static int
read_rc(struct settings *s, struct err *e)
{
	char *path = x_sprintf("%s/madorc", s->config_dir);
	struct conf *c = NULL;
	int rc_err;

	rc_err = read_optional(path, &c, e);
	if (read_lines(s, c, rc_err == 0 ? e : NULL) == -1)
		rc_err = -1;
	if (views_read(&s->views, c, rc_err == 0 ? e : NULL) == -1)
		rc_err = -1;
	conf_free(c);
	x_free(path);
	return rc_err;
}

int
settings_reread(struct settings *s, struct err *e)
{
	char *path = x_sprintf("%s/madorc", s->config_dir);
	struct conf *c = NULL;
	int rv = read_optional(path, &c, e);

	if (rv == 0) {
		settings_drop_rc(s);
		rv = read_lines(s, c, e);
	}
	conf_free(c);
	x_free(path);
	return rv;
}

/* The token is in it. */
static int
check_private(const char *path, struct err *e)
{
	struct stat st;

	if (stat(path, &st) == -1 || (st.st_mode & 077) == 0)
		return 0;
	return err_set(e, ERR_FAILED,
	    _("others can read %s, and the token in it; say: chmod 600"), path);
}

static int
read_profile(struct settings *s, struct err *e)
{
	char *path = x_sprintf("%s/profiles", s->config_dir);
	struct conf *c = NULL;
	struct profile p = {0};
	int rc = check_private(path, e);

	if (rc == 0)
		rc = read_optional(path, &c, e);

	if (c != NULL)
		rc = conf_sections(c, profile_sections, e);
	if (rc == 0)
		rc = conf_apply(c, profile_keys, "profile", s->profile, &p, e);
	s->url = p.url;
	s->user = p.user;
	s->token = p.token;
	s->pin = p.pin;
	conf_free(c);
	x_free(path);
	return rc;
}

int
settings_read(struct settings *s, const char *profile, struct err *e)
{
	int rc;

	memset(s, 0, sizeof(*s));
	if (profile == NULL)
		profile = getenv("MADO_PROFILE");
	if (profile == NULL || *profile == '\0')
		profile = "default";
	s->config_dir = xdg_dir("XDG_CONFIG_HOME", ".config");
	s->state_dir = xdg_dir("XDG_STATE_HOME", ".local/state");
	rc = read_rc(s, e);
	if (!is_profile_name(profile))
		return err_set(e, ERR_INVALID,
		    _("a profile's name is letters, digits, - and _: %s"),
		    profile);
	s->profile = x_strdup(profile);
	/* The first error is the one to tell. */
	if (read_profile(s, rc == 0 ? e : NULL) == -1)
		rc = -1;
	return rc;
}

void
settings_free(struct settings *s)
{
	char **all[] = {&s->config_dir, &s->state_dir, &s->profile, &s->url,
	    &s->user, &s->token, &s->pin, &s->language, &s->theme,
	    &s->token_cmd, &s->open_cmd, &s->notify_cmd, &s->editor};

	if (s->token != NULL)
		explicit_bzero(s->token, strlen(s->token));
	views_free(&s->views);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		x_free(*all[i]);
		*all[i] = NULL;
	}
}

char *
settings_key_path(const struct settings *s)
{
	if (strcmp(s->profile, "default") == 0)
		return x_sprintf("%s/key", s->config_dir);
	return x_sprintf("%s/key-%s", s->config_dir, s->profile);
}

static void
put_value(struct buf *b, const char *key, const char *value)
{
	if (value == NULL || *value == '\0')
		return;
	buf_printf(b, "%s = \"", key);
	for (; *value != '\0'; value++) {
		if (*value == '"' || *value == '\\')
			buf_putc(b, '\\');
		if (*value == '\n')
			buf_puts(b, "\\n");
		else
			buf_putc(b, *value);
	}
	buf_puts(b, "\"\n");
}

/* The other profiles as they are; ours is written anew, or left out. */
static void
put_others(struct buf *b, const struct conf *c, const char *profile)
{
	for (size_t i = 0; c != NULL && i < c->n; i++) {
		if (strcmp(c->items[i].label, profile) == 0)
			continue;
		if (c->items[i].key == NULL)
			buf_printf(b, "[profile %s]\n", c->items[i].label);
		else
			put_value(b, c->items[i].key, c->items[i].value);
	}
}

static int
write_profiles(const struct settings *s, bool with_ours, struct err *e)
{
	char *path = x_sprintf("%s/profiles", s->config_dir);
	struct buf b = {0};
	struct conf *c = NULL;
	int rc = file_mkdirs(s->config_dir, 0700, e);

	if (rc == 0)
		rc = read_optional(path, &c, e);
	if (rc != 0)
		goto out;
	buf_puts(&b, "# written by mado login; the token is a secret\n");
	put_others(&b, c, s->profile);
	if (with_ours) {
		buf_printf(&b, "[profile %s]\n", s->profile);
		put_value(&b, "url", s->url);
		put_value(&b, "user", s->user);
		put_value(&b, "token", s->token);
		put_value(&b, "pin", s->pin);
	}
	rc = file_write(path, b.p, b.n, 0600, e);
out:
	if (b.p != NULL)
		explicit_bzero(b.p, b.n);
	buf_free(&b);
	conf_free(c);
	x_free(path);
	return rc;
}

int
settings_save_profile(const struct settings *s, struct err *e)
{
	return write_profiles(s, true, e);
}

int
settings_forget_profile(const struct settings *s, struct err *e)
{
	return write_profiles(s, false, e);
}
