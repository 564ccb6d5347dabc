/*
 * mado doctor: does this terminal show all that mado can, and is the desk
 * there? A line for each thing looked at, and for what is amiss the lines to
 * paste. Changes nothing.
 */
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <mado/mem.h>
#include <mado/text.h>
#include <mado/when.h>

#include "child.h"
#include "cli.h"
#include "cli_out.h"
#include "i18n.h"
#include "input.h"
#include "keys.h"
#include "term.h"
#include "theme.h"

enum {
	ANSWERS_MS = 500, /* a slow line's, too; the inbox never waits */
	SKEW_MAX_MS = 5000,
	ESCAPE_MAX_MS = 50,
	NAME_COLS = 18
};

struct doctor {
	struct cli *cli;
	struct buf paste;
};

/* A row. fix: a line to paste, "" when none helps; NULL: all is well. */
static void
row(struct doctor *d, const char *name, const char *fix, const char *text)
{
	struct buf b = {0};
	cJSON *o;

	if (fix != NULL && *fix != '\0')
		buf_printf(&d->paste, "%s\n", fix);
	if (d->cli->json) {
		o = cJSON_CreateObject();
		cJSON_AddStringToObject(o, "name", name);
		cJSON_AddBoolToObject(o, "ok", fix == NULL);
		cJSON_AddStringToObject(o, "text", text);
		if (fix != NULL && *fix != '\0')
			cJSON_AddStringToObject(o, "fix", fix);
		out_json(o, NULL);
		cJSON_Delete(o);
		return;
	}
	buf_puts(&b, fix == NULL ? "ok    " : "look  ");
	out_cell(&b, name, NAME_COLS);
	out_rest(&b, text);
	out_line(&b, NULL);
	buf_free(&b);
}

static void
check_locale(struct doctor *d)
{
	const char *lang = i18n_asked();
	char *text;

	if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0 &&
	    strstr(lang, "UTF-8") != NULL) {
		row(d, "locale", NULL, lang);
		return;
	}
	text =
	    x_sprintf(_("\"%s\" is no UTF-8: mado goes on in C.UTF-8"), lang);
	row(d, "locale", "export LANG=C.UTF-8", text);
	x_free(text);
}

static void
check_term(struct doctor *d)
{
	const char *type = getenv("TERM");
	int colours;
	char *text;

	type = type == NULL ? "" : type;
	colours = term_type_colours(type);
	if (colours < 0) {
		text = x_sprintf(_("TERM=%s is unknown here"), type);
		row(d, "TERM", "export TERM=xterm-256color", text);
	} else {
		text = x_sprintf(_("%s, %d colours"), type, colours);
		row(d, "TERM",
		    colours >= 256 || strncmp(type, "xterm", 5) != 0
			? NULL
			: "export TERM=xterm-256color",
		    text);
	}
	x_free(text);
}

/* What a command prints, its first line. Caller frees with x_free(). */
static char *
first_line(const char *command, const char *arg)
{
	struct child c = {.command = command, .arg = arg};
	char bytes[256] = "";
	size_t n = 0;
	ssize_t k = 1;
	int fds[2], status;
	pid_t pid;

	if (pipe(fds) == -1)
		return x_strdup("");
	c.out = fds[1];
	pid = child_start(&c);
	close(fds[1]);
	while (k > 0 && n < sizeof(bytes) - 1) {
		k = read(fds[0], bytes + n, sizeof(bytes) - 1 - n);
		n += k > 0 ? (size_t)k : 0;
	}
	close(fds[0]);
	if (pid > 0)
		waitpid(pid, &status, 0);
	bytes[strcspn(bytes, "\n")] = '\0';
	return x_strdup(bytes);
}

static bool
is_on(const char *value)
{
	return strcmp(value, "on") == 0 || strcmp(value, "external") == 0 ||
	    strcmp(value, "all") == 0;
}

static bool
is_quick(const char *value)
{
	return atoi(value) <= ESCAPE_MAX_MS;
}

static const struct {
	const char *name;
	bool (*good)(const char *value);
	const char *fix, *why;
} tmux_options[] = {
    {"set-clipboard", is_on, "set -s set-clipboard on",
	N_("so that y reaches your clipboard")},
    {"allow-passthrough", is_on, "set -g allow-passthrough on",
	N_("so that notifications and pictures come through")},
    {"focus-events", is_on, "set -g focus-events on",
	N_("so that nothing is read while you look elsewhere")},
    {"escape-time", is_quick, "set -s escape-time 20",
	N_("so that Esc acts at once")},
};

static void
check_tmux(struct doctor *d)
{
	static const char ask[] = "tmux show-options -Aqv \"$1\" | grep . || "
				  "tmux show-options -gqv \"$1\" | grep . || "
				  "tmux show-options -sqv \"$1\"";

	if (getenv("TMUX") == NULL)
		return;
	for (size_t i = 0; i < sizeof(tmux_options) / sizeof(tmux_options[0]);
	     i++) {
		char *v = first_line(ask, tmux_options[i].name), *text;
		bool good = tmux_options[i].good(v);

		text = good ? x_strdup(v)
			    : x_sprintf("%s: %s", v, _(tmux_options[i].why));
		row(d, tmux_options[i].name, good ? NULL : tmux_options[i].fix,
		    text);
		x_free(text);
		x_free(v);
	}
}

/* Ask as the inbox does; false when the terminal stays silent. */
static bool
ask_terminal(struct term_seen *seen)
{
	struct pollfd p = {STDIN_FILENO, POLLIN, 0};
	int64_t until = when_mono_ms() + ANSWERS_MS, left;
	struct input in = {.patience = INPUT_PATIENCE};
	struct input_event ev;
	bool whole = false;
	char bytes[256];
	ssize_t n;

	/* On the other screen, so that nothing is written over. */
	fputs("\033[?1049h", stdout);
	fflush(stdout);
	term_ask();
	while (!whole && (left = until - when_mono_ms()) > 0) {
		if (poll(&p, 1, (int)left) != 1)
			break;
		n = read(STDIN_FILENO, bytes, sizeof(bytes));
		if (n <= 0)
			break;
		input_feed(&in, bytes, (size_t)n);
		while (!whole && input_next(&in, false, &ev))
			whole = ev.kind == INPUT_ANSWER &&
			    term_answered(ev.bytes, seen);
	}
	fputs("\033[?1049l", stdout);
	fflush(stdout);
	input_free(&in);
	return whole;
}

static void
check_widths(struct doctor *d)
{
	struct termios was, raw;
	struct term_seen seen = {0};
	bool answered;

	if (!term_can_ask() || !isatty(STDIN_FILENO) ||
	    !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &was) == -1)
		return;
	out_flush(NULL);
	raw = was;
	cfmakeraw(&raw);
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	answered = ask_terminal(&seen);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &was);
	if (!answered) {
		row(d, "widths", "",
		    _("the terminal does not answer: emoji in a safe form"));
		return;
	}
	row(d, "emoji", NULL,
	    seen.native ? _("two columns each: drawn as they come")
			: _("not two columns each: drawn in a safe form"));
	row(d, "ambiguous width", NULL,
	    seen.wide ? _("two columns: lines are drawn in ASCII")
		      : _("one column"));
	row(d, "background", NULL, seen.light ? _("light") : _("dark"));
	row(d, "frames at once", NULL, seen.frames ? _("yes") : _("no"));
}

/* config files */

static void
check_config(struct doctor *d)
{
	const struct settings *s = d->cli->settings;
	char *path = x_sprintf("%s/keys.conf", s->config_dir);
	struct keys keys = {0};
	struct settings again;
	struct theme theme;
	struct err e = {0};

	if (settings_read(&again, s->profile, &e) == -1)
		row(d, "madorc", "", e.msg);
	else
		row(d, "madorc", NULL, s->config_dir);
	settings_free(&again);
	err_clear(&e);
	if (keys_read(&keys, path, &e) == -1)
		row(d, "keys.conf", "", e.msg);
	keys_free(&keys);
	err_clear(&e);
	if (s->theme != NULL && strcmp(s->theme, "auto") != 0 &&
	    theme_load(&theme, s->theme, s->config_dir, &e) == -1)
		row(d, "theme", "", e.msg);
	x_free(path);
}

/* the desk */

struct said_by_desk {
	int64_t now_ms;
	char *version;
};

static void
on_me(const struct desk_answer *a, void *arg)
{
	struct said_by_desk *st = arg;

	when_parse_rfc3339(json_str(a->json, "now", ""), &st->now_ms, NULL);
	st->version = x_strdup(json_str(a->json, "version", NULL));
}

static void
check_clock(struct doctor *d, int64_t theirs, int64_t asked, int64_t told)
{
	int64_t off = theirs - (asked + told) / 2;
	bool bad = theirs != 0 && (off > SKEW_MAX_MS || off < -SKEW_MAX_MS);
	char *text = x_sprintf(bad ? _("%lld s from the desk's")
				   : _("as the desk's, within %lld s"),
	    (long long)(bad ? off / 1000 : SKEW_MAX_MS / 1000));

	if (theirs != 0)
		row(d, "clock", bad ? "sudo timedatectl set-ntp true" : NULL,
		    text);
	x_free(text);
}

static void
check_desk(struct doctor *d)
{
	struct desk_call call = {.op = DESK_ME};
	struct said_by_desk st = {0};
	struct err e = {0};
	int64_t asked = when_now_ms(), told;
	char *text;

	if (cli_desk_only(d->cli, &e) == -1 ||
	    cli_ask(d->cli, &call, on_me, &st, &e) == -1) {
		row(d, "desk", "", e.msg);
		return;
	}
	told = when_now_ms();
	text = x_sprintf(_("%s answers in %lld ms%s%s"), d->cli->settings->url,
	    (long long)(told - asked), st.version == NULL ? "" : ", madod ",
	    st.version == NULL ? "" : st.version);
	row(d, "desk", NULL, text);
	check_clock(d, st.now_ms, asked, told);
	x_free(text);
	x_free(st.version);
}

static void
end(struct doctor *d)
{
	if (!d->cli->json && d->paste.n > 0)
		printf("\n%s\n\n%s",
		    _("To be pasted into the shell, or into ~/.tmux.conf where "
		      "it says set:"),
		    buf_str(&d->paste));
	buf_free(&d->paste);
}

int
cmd_doctor(struct cli *c, int argc, char **argv, struct err *e)
{
	static const struct cli_opt none[] = {{NULL, OPT_FLAG, NULL}};
	struct doctor d = {.cli = c};

	if (cli_options(c, none, &argc, argv, e) == -1 ||
	    cli_want(c, argc, 0, 0, e) == -1)
		return -1;
	check_locale(&d);
	check_term(&d);
	check_tmux(&d);
	check_widths(&d);
	check_config(&d);
	check_desk(&d);
	end(&d);
	return out_flush(e);
}
