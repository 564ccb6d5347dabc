/*
 * The key table: defaults, keys.conf, names of keys. Knows commands only as
 * strings whose first word the command table has. Called by ui_key.c (to match)
 * and pane_help.c (to list).
 */
#include "keys.h"

#include <mado/conf.h>
#include <mado/mem.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cmd.h"
#include "input.h"

const struct key_row key_defaults[] = {
    {IN_LIST, "Enter", "open sheet"},
    {IN_LIST, "Space", "select"},
    {IN_DESK, "a", "claim"},
    {IN_HISTORY, "Enter", "open sheet"},
    {IN_CONV, "r", "reply"},
    {IN_CONV, "i", "reply"},
    {IN_CONV, "R", "quote"},
    {IN_CONV, "c", "canned"},
    {IN_CONV, "m", "toggle mode"},
    {IN_CONV, "t", "command tag"},
    {IN_CONV, "T", "command tag +@"},
    {IN_CONV, "p", "toggle pin"},
    {IN_CONV, "f", "toggle follow-up"},
    {IN_CONV, "e", "resolve"},
    {IN_CONV, "E", "resolve-next"},
    {IN_CONV, "S", "csat"},
    {IN_CONV, "P", "note"},
    {IN_CONV, "A", "command assign"},
    {IN_CONV, "z", "command snooze"},
    {IN_CONV, "J", "next"},
    {IN_CONV, "K", "prev"},
    {IN_CONV, "o", "outside"},
    {IN_CONV, "O", "page"},
    {IN_CONV, "v", "picture"},
    {IN_CONV, "y", "copy"},
    {IN_CONV, "w", "why"},
    {IN_CONV, "D", "discard"},
    {IN_CONV, "X", "retry"},
    {IN_ANY, "?", "help"},
    {IN_ANY, "q", "back"},
    {IN_ANY, "Esc", "cancel"},
    {IN_ANY, "C-g", "cancel"},
    {IN_ANY, "C-l", "redraw"},
    {IN_ANY, "C-z", "suspend"},
    {IN_ANY, ":", "command"},
    {IN_ANY, "C-k", "palette"},
    {IN_ANY, "j", "move down"},
    {IN_ANY, "k", "move up"},
    {IN_ANY, "Down", "move down"},
    {IN_ANY, "Up", "move up"},
    {IN_ANY, "C-n", "move down"},
    {IN_ANY, "C-p", "move up"},
    {IN_ANY, "gg", "move top"},
    {IN_ANY, "G", "move bottom"},
    {IN_ANY, "Home", "move top"},
    {IN_ANY, "End", "move bottom"},
    {IN_ANY, "C-d", "move half-down"},
    {IN_ANY, "C-u", "move half-up"},
    {IN_ANY, "PgDn", "move page-down"},
    {IN_ANY, "PgUp", "move page-up"},
    {IN_ANY | KEYS_VI_ONLY, "C-f", "move page-down"},
    {IN_ANY | KEYS_VI_ONLY, "C-b", "move page-up"},
    {IN_ANY | KEYS_VI_ONLY, "ZZ", "quit"},
    {IN_ANY | KEYS_EMACS_ONLY, "C-v", "move page-down"},
    {IN_ANY | KEYS_EMACS_ONLY, "M-v", "move page-up"},
    {IN_ANY | KEYS_EMACS_ONLY, "M-<", "move top"},
    {IN_ANY | KEYS_EMACS_ONLY, "M->", "move bottom"},
    {IN_ANY | KEYS_EMACS_ONLY, "C-s", "search"},
    {IN_ANY | KEYS_EMACS_ONLY, "M-x", "command"},
    {IN_ANY | KEYS_EMACS_ONLY, "C-_", "undo"},
    {IN_ANY | KEYS_EMACS_ONLY, "C-d", "move down"},
    {IN_ANY | KEYS_EMACS_ONLY, "C-r", "search-prev"},
    {IN_ANY | KEYS_EMACS_ONLY, "C-x C-c", "quit"},
    {IN_ANY | KEYS_EMACS_ONLY, "C-x k", "back"},
    {IN_ANY | KEYS_EMACS_ONLY, "C-x o", "pane next"},
    {IN_ANY | KEYS_EMACS_ONLY, "C-x u", "undo"},
    {IN_LIST | KEYS_EMACS_ONLY, "C-f", "open"},
    {IN_HISTORY | IN_CONTACT | KEYS_EMACS_ONLY, "C-b", "pane list"},
    {IN_DESK, "1", "view mine"},
    {IN_DESK, "2", "view waiting"},
    {IN_DESK, "3", "view auto"},
    {IN_DESK, "4", "view follow-up"},
    {IN_DESK, "5", "view open"},
    {IN_DESK, "6", "view 6"},
    {IN_DESK, "7", "view 7"},
    {IN_DESK, "8", "view 8"},
    {IN_DESK, "9", "view 9"},
    {IN_DESK, "Tab", "pane next"},
    {IN_DESK, "S-Tab", "pane prev"},
    {IN_DESK, "/", "search"},
    {IN_DESK, "n", "search-next"},
    {IN_DESK, "N", "search-prev"},
    {IN_DESK, "g/", "search-all"},
    {IN_DESK, "g!", "problem"},
    {IN_DESK, "gn", "toggle notify"},
    {IN_DESK, "U", "undo"},
    {IN_LIST, "l", "open"},
    {IN_LIST, "Right", "open"},
    {IN_HISTORY | IN_CONTACT, "h", "pane list"},
    {IN_HISTORY | IN_CONTACT, "Left", "pane list"},
    {IN_HISTORY, "l", "pane contact"},
    {IN_HISTORY, "Right", "pane contact"},
    {0, NULL, NULL},
};

static const struct {
	const char *name;
	int32_t key;
} names[] = {
    {"Enter", K_ENTER},
    {"Return", K_ENTER},
    {"Space", ' '},
    {"Tab", K_TAB},
    {"Esc", K_ESC},
    {"Backspace", K_BACKSPACE},
    {"Up", K_UP},
    {"Down", K_DOWN},
    {"Left", K_LEFT},
    {"Right", K_RIGHT},
    {"Home", K_HOME},
    {"End", K_END},
    {"PgUp", K_PGUP},
    {"PgDn", K_PGDN},
    {"Insert", K_INSERT},
    {"Delete", K_DELETE},
    {"Equals", '='},
    {"Semicolon", ';'},
    {"Hash", '#'},
};

static const struct {
	const char *prefix;
	int32_t mod;
} mods[] = {
    {"Ctrl-", K_CTRL},
    {"Shift-", K_SHIFT},
    {"Alt-", K_META},
    {"C-", K_CTRL},
    {"M-", K_META},
    {"S-", K_SHIFT},
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Decode one UTF-8 character; 0 at the end or when it is none. */
static int32_t
next_char(const char **s)
{
	const unsigned char *p = (const unsigned char *)*s;
	int n = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	int32_t c = n == 1 ? p[0] : p[0] & (0xff >> (n + 1));

	for (int i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	*s += n;
	return c;
}

static int32_t
key_of_name(const char *s)
{
	const char *p = s;
	int32_t c;

	for (size_t i = 0; i < COUNT(names); i++) {
		if (strcasecmp(names[i].name, s) == 0)
			return names[i].key;
	}
	if ((s[0] == 'F' || s[0] == 'f') && s[1] >= '1' && s[1] <= '9' &&
	    atoi(s + 1) <= 12)
		return K_F1 + atoi(s + 1) - 1;
	c = next_char(&p);
	return *p == '\0' ? c : 0;
}

/* One word that names one key, modifiers before it; 0 when it is none. */
static int32_t
key_of_word(const char *s)
{
	int32_t m = 0, c;
	bool more = true;

	while (more) {
		more = false;
		for (size_t i = 0; i < COUNT(mods) && !more; i++) {
			size_t n = strlen(mods[i].prefix);

			if (strncasecmp(s, mods[i].prefix, n) == 0 &&
			    s[n] != '\0') {
				m |= mods[i].mod;
				s += n;
				more = true;
			}
		}
	}
	if ((c = key_of_name(s)) == 0)
		return 0;
	if ((m & K_CTRL) && c >= '@' && c < 0x7f)
		return (c & 0x1f) | (m & ~K_CTRL);
	return c | m;
}

static int
parse_word(const char *w, int32_t seq[KEYS_SEQ_MAX], int n)
{
	int32_t c = key_of_word(w);

	if (c != 0) {
		if (n < KEYS_SEQ_MAX)
			seq[n] = c;
		return n + 1;
	}
	while (*w != '\0') {
		if ((c = next_char(&w)) == 0)
			return KEYS_SEQ_MAX + 1;
		if (n < KEYS_SEQ_MAX)
			seq[n] = c;
		n++;
	}
	return n;
}

int
keys_parse(const char *s, int32_t seq[KEYS_SEQ_MAX], struct err *e)
{
	char *copy = x_strdup(s), *save = NULL;
	int n = 0;

	for (char *w = strtok_r(copy, " ", &save); w != NULL;
	     w = strtok_r(NULL, " ", &save))
		n = parse_word(w, seq, n);
	x_free(copy);
	if (n < 1 || n > KEYS_SEQ_MAX)
		return err_set(e, ERR_INVALID,
		    "\"%s\" is no key: say x, gg, Ctrl-X, F5, Space, Enter, "
		    "Up; at most %d in a row",
		    s, KEYS_SEQ_MAX);
	return n;
}

static void
put_utf8(struct buf *b, uint32_t c)
{
	int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;

	buf_putc(b, (int)(0xff00U >> (more + 1) & 0xff) | (int)(c >> 6 * more));
	while (more-- > 0)
		buf_putc(b, (int)(0x80 | (c >> 6 * more & 0x3f)));
}

static void
name_one(struct buf *b, int32_t key)
{
	int32_t c = key & ~K_MODS;

	if (key & K_META)
		buf_puts(b, "Alt-");
	if (key & K_CTRL)
		buf_puts(b, "Ctrl-");
	if (key & K_SHIFT)
		buf_puts(b, "Shift-");
	for (size_t i = 0; i < COUNT(names); i++) {
		if (names[i].key == c && c != '=' && c != ';' && c != '#') {
			buf_puts(b, names[i].name);
			return;
		}
	}
	if (c >= K_F1 && c < K_F1 + 12)
		buf_printf(b, "F%d", (int)(c - K_F1 + 1));
	else if (c < ' ')
		buf_printf(b, "Ctrl-%c", (char)(c | 0x40));
	else if (c < 0x80)
		buf_putc(b, c);
	else
		put_utf8(b, (uint32_t)c);
}

static void
put_keys(struct buf *b, const int32_t *seq, int n, bool apart)
{
	for (int i = 0; i < n; i++) {
		bool word = i > 0 &&
		    (apart || seq[i] < '!' || seq[i] > '~' ||
			seq[i - 1] < '!' || seq[i - 1] > '~');

		if (word)
			buf_putc(b, ' ');
		name_one(b, seq[i]);
	}
}

/* "gg", but "F 1" and "M -x", which would read as one key. */
void
keys_name(struct buf *b, const int32_t *seq, int n)
{
	int32_t back[KEYS_SEQ_MAX];
	struct buf joined = {0};

	put_keys(&joined, seq, n, false);
	if (keys_parse(buf_str(&joined), back, NULL) == n &&
	    memcmp(back, seq, (size_t)n * sizeof(*seq)) == 0)
		buf_puts(b, joined.p);
	else
		put_keys(b, seq, n, true);
	buf_free(&joined);
}

int
keys_bind(struct keys *k, unsigned panes, const char *seq, const char *command,
    struct err *e)
{
	struct binding b = {.panes = panes & 0xff};

	if ((b.n = keys_parse(seq, b.seq, e)) == -1)
		return -1;
	b.command = *command == '\0' ? NULL : x_strdup(command);
	k->v = x_realloc(k->v, k->n + 1, sizeof(*k->v));
	k->v[k->n++] = b;
	return 0;
}

void
keys_init(struct keys *k, bool emacs)
{
	memset(k, 0, sizeof(*k));
	for (const struct key_row *r = key_defaults; r->seq != NULL; r++) {
		if (r->panes & (emacs ? KEYS_VI_ONLY : KEYS_EMACS_ONLY))
			continue;
		keys_bind(k, r->panes, r->seq, r->command, NULL);
	}
}

void
keys_free(struct keys *k)
{
	for (size_t i = 0; i < k->n; i++)
		x_free(k->v[i].command);
	x_free(k->v);
	memset(k, 0, sizeof(*k));
}

static const struct {
	const char *name;
	unsigned panes;
} sections[] = {
    {"any", IN_ANY},
    {"list", IN_LIST},
    {"history", IN_HISTORY},
    {"contact", IN_CONTACT},
    {"help", IN_HELP},
};

/* Is its first word a command of the inbox? */
static int
check_command(const char *command, struct err *e)
{
	size_t n = strcspn(command, " ");
	char *name = x_strndup(command, n);
	const struct cmd *c = cmd_find(name), *near = cmd_nearest(name);
	int rc = 0;

	if (n > 0 && (c == NULL || c->ui == NULL))
		rc = err_set(e, ERR_INVALID,
		    "no command \"%s\" in the inbox%s%s; mado-keys(5) lists "
		    "them",
		    name, near != NULL ? "; did you mean " : "",
		    near != NULL ? near->name : "");
	x_free(name);
	return rc;
}

static int
read_item(struct keys *k, const struct conf *c, const struct conf_item *it,
    struct err *e)
{
	struct err why;

	for (size_t i = 0; i < COUNT(sections); i++) {
		if (strcmp(sections[i].name, it->section) != 0)
			continue;
		if (it->key == NULL)
			return 0;
		if (check_command(it->value, &why) == -1 ||
		    keys_bind(k, sections[i].panes, it->key, it->value, &why) ==
			-1)
			return conf_error(c, it, e, "%s", why.msg);
		return 0;
	}
	return conf_error(c, it, e,
	    "no pane \"%s\": say [any], [list], [history], [contact] or "
	    "[help]",
	    it->section);
}

int
keys_read(struct keys *k, const char *path, struct err *e)
{
	struct conf *c = conf_read(path, e);
	int rc = 0;

	if (c == NULL) {
		if (e->code != ERR_NOTFOUND)
			return -1;
		err_clear(e);
		return 0;
	}
	for (size_t i = 0; i < c->n; i++) {
		if (read_item(k, c, &c->items[i], rc == 0 ? e : NULL) == -1)
			rc = -1;
	}
	conf_free(c);
	return rc;
}

enum keys_found
keys_match(const struct keys *k, enum pane pane, const int32_t *seq, int n,
    const char **command)
{
	enum keys_found found = KEYS_NONE;

	for (size_t i = k->n; i-- > 0;) { /* later rows win */
		const struct binding *b = &k->v[i];

		if (!(b->panes & 1U << pane) || b->n < n ||
		    memcmp(b->seq, seq, (size_t)n * sizeof(*seq)) != 0)
			continue;
		if (b->n > n) {
			found = b->command != NULL ? KEYS_PREFIX : found;
			continue;
		}
		if (found == KEYS_PREFIX)
			return found;
		*command = b->command;
		return b->command != NULL ? KEYS_FOUND : KEYS_NONE;
	}
	return found;
}

const struct binding *
keys_for(const struct keys *k, enum pane pane, const char *command)
{
	for (size_t i = 0; i < k->n; i++) {
		const struct binding *b = &k->v[i];
		const char *now = NULL;

		if (b->command != NULL && strcmp(b->command, command) == 0 &&
		    keys_match(k, pane, b->seq, b->n, &now) == KEYS_FOUND &&
		    strcmp(now, command) == 0)
			return b;
	}
	return NULL;
}

int32_t
keys_fold(int32_t key)
{
	static const struct {
		int32_t kana, key;
	} kana[] = {{0x3042, 'a'}, {0x3044, 'i'}, {0x3046, 'u'}, {0x3048, 'e'},
	    {0x304a, 'o'}, {0x30a2, 'a'}, {0x30a4, 'i'}, {0x30a6, 'u'},
	    {0x30a8, 'e'}, {0x30aa, 'o'}, {0x30fb, '/'}, {0x3002, '.'}};

	if (key >= 0xff01 && key <= 0xff5e)
		return key - 0xff01 + '!';
	if (key == 0x3000)
		return ' ';
	for (size_t i = 0; i < COUNT(kana); i++) {
		if (kana[i].kana == key)
			return kana[i].key;
	}
	if ((key >= 0x3000 && key <= 0x30ff) ||
	    (key >= 0x4e00 && key <= 0x9fff))
		return 0;
	return -1;
}
