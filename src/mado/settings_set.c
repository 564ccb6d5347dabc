/*
 * Settings while the program runs: one changed, one shown, one kept in madorc.
 * Works on the table of settings.c, which reads madorc with it line by line.
 * Called by settings.c and by looks.c.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <mado/mem.h>

#include "i18n.h"
#include "settings.h"

enum { MADORC_MAX_B = 1 << 20 };

void
settings_take_rc(struct settings *s, const struct settings_rc *r)
{
	s->language = r->language;
	s->theme = r->theme;
	s->token_cmd = r->token_cmd;
	s->open_cmd = r->open_cmd;
	s->notify_cmd = r->notify_cmd;
	s->editor = r->editor;
	s->undo_ms = r->undo_ms;
	s->keep_days = r->keep_days;
	s->store_max_b = r->store_max_b;
	s->layout_cols[0] = (int)r->wide;
	s->layout_cols[1] = (int)r->narrow;
	s->late_ms = r->late_ms;
	s->notify = r->notify;
	s->one_line = r->list_rows == 1;
	s->ime_control = r->ime_control;
	s->keys = r->keys;
	s->emoji = r->emoji - 1;
	s->ambiguous = r->ambiguous - 1;
	s->pictures = r->pictures;
	s->local_time = r->timezone == 1;
	s->ascii_lines = r->ascii_lines;
	s->clock = r->clock;
	s->bell = r->bell;
	s->plain = r->plain;
}

static void
give_rc(const struct settings *s, struct settings_rc *r)
{
	*r = (struct settings_rc){
	    .language = s->language,
	    .theme = s->theme,
	    .token_cmd = s->token_cmd,
	    .open_cmd = s->open_cmd,
	    .notify_cmd = s->notify_cmd,
	    .editor = s->editor,
	    .undo_ms = s->undo_ms,
	    .keep_days = s->keep_days,
	    .store_max_b = s->store_max_b,
	    .wide = s->layout_cols[0],
	    .narrow = s->layout_cols[1],
	    .late_ms = s->late_ms,
	    .notify = s->notify,
	    .list_rows = s->one_line,
	    .ime_control = s->ime_control,
	    .keys = s->keys,
	    .emoji = s->emoji + 1,
	    .ambiguous = s->ambiguous + 1,
	    .pictures = s->pictures,
	    .timezone = s->local_time,
	    .ascii_lines = s->ascii_lines,
	    .clock = s->clock,
	    .bell = s->bell,
	    .plain = s->plain,
	};
}

static const struct conf_key *
find(const char *key)
{
	for (const struct conf_key *k = settings_keys; k->key != NULL; k++) {
		if (strcmp(k->key, key) == 0)
			return k;
	}
	return NULL;
}

static size_t
size_of(enum conf_type type)
{
	static const size_t sizes[] = {[CONF_STR] = sizeof(char *),
	    [CONF_BOOL] = sizeof(bool),
	    [CONF_INT] = sizeof(int64_t),
	    [CONF_SPAN] = sizeof(int64_t),
	    [CONF_SIZE] = sizeof(int64_t),
	    [CONF_ENUM] = sizeof(int)};

	return sizes[type];
}

void
settings_drop_rc(struct settings *s)
{
	struct settings_rc rc;

	give_rc(s, &rc);
	conf_release(settings_keys, "mado", &rc);
}

int
settings_set(
    struct settings *s, const char *key, const char *value, struct err *e)
{
	const struct conf_key *k = find(key), none = {0};
	struct conf_item item = {
	    .section = "mado", .label = "", .key = key, .value = value};
	const struct conf one = {.items = &item, .n = 1};
	/* One row: the others keep what they have. */
	const struct conf_key row[] = {k == NULL ? none : *k, none};
	struct settings_rc rc, new = {0};

	/* An unknown one is refused with the names of all. */
	if (conf_apply(&one, k == NULL ? settings_keys : row, "mado", "", &new,
		e) == -1 ||
	    k == NULL) {
		conf_release(settings_keys, "mado", &new);
		return -1;
	}
	give_rc(s, &rc);
	if (k->type == CONF_STR)
		x_free(*(char **)((char *)&rc + k->off));
	memcpy((char *)&rc + k->off, (char *)&new + k->off, size_of(k->type));
	settings_take_rc(s, &rc);
	return 0;
}

bool
settings_value(const struct settings *s, const char *key, struct buf *b)
{
	const struct conf_key *k = find(key);
	struct settings_rc rc;
	const char *p;
	int64_t n;

	if (k == NULL)
		return false;
	give_rc(s, &rc);
	p = (const char *)&rc + k->off;
	if (k->type == CONF_STR) {
		p = *(char *const *)p;
		buf_puts(b, p == NULL ? "" : p);
	} else if (k->type == CONF_BOOL) {
		buf_puts(b, *(const bool *)p ? "on" : "off");
	} else if (k->type == CONF_ENUM) {
		buf_puts(b, k->names[*(const int *)p]);
	} else {
		n = *(const int64_t *)p;
		if (k->type == CONF_SPAN)
			n /= 1000;
		buf_printf(b, "%lld", (long long)n);
	}
	return true;
}

/* Does this line of madorc set the key? */
static bool
sets(const char *line, const char *key)
{
	size_t n = strlen(key);

	line += strspn(line, " \t");
	return strncmp(line, key, n) == 0 &&
	    line[n + strspn(line + n, " \t")] == '=';
}

static void
put_setting(struct buf *b, const char *key, const char *value)
{
	buf_printf(b, "%s = \"", key);
	for (; *value != '\0'; value++) {
		if (*value == '"' || *value == '\\')
			buf_putc(b, '\\');
		buf_putc(b, *value);
	}
	buf_puts(b, "\"\n");
}

int
settings_keep(
    const struct settings *s, const char *key, const char *value, struct err *e)
{
	char *name = x_sprintf("%s/madorc", s->config_dir);
	char real[PATH_MAX];
	/* It may be a link into somebody's collection of such files. */
	const char *path = realpath(name, real) == NULL ? name : real;
	struct buf old = {0}, new = {0};
	const char *p, *end;
	bool done = false;
	int rc = file_mkdirs(s->config_dir, 0700, e);

	if (rc == 0 && buf_read_file(&old, path, MADORC_MAX_B, e) == -1) {
		rc = e->code == ERR_NOTFOUND ? 0 : -1;
		err_clear(rc == 0 ? e : NULL);
	}
	for (p = buf_str(&old); rc == 0 && *p != '\0'; p = end) {
		end = p + strcspn(p, "\n");
		end += *end == '\n';
		if (!done && sets(p, key)) {
			put_setting(&new, key, value);
			done = true;
		} else {
			buf_add(&new, p, (size_t)(end - p));
		}
	}
	if (rc == 0 && !done) {
		if (new.n > 0 && new.p[new.n - 1] != '\n')
			buf_putc(&new, '\n');
		put_setting(&new, key, value);
	}
	if (rc == 0)
		rc = file_write(path, buf_str(&new), new.n, 0600, e);
	buf_free(&old);
	buf_free(&new);
	x_free(name);
	return rc;
}
