/*
 * Programs beside the inbox: the editor (which has the terminal while the loop
 * goes on without painting), the opener of links and media, notifications;
 * and the clipboard. Children are reaped on SIGCHLD.
 */
#include "ui.h"

#include <mado/mem.h>
#include <mado/text.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "hooks.h"
#include "cmd_ui.h"
#include "i18n.h"
#include "link.h"
#include "term.h"

enum { PIPE_MAX_B = 60000, EDIT_MAX_B = 1 << 20 };

static struct {
	pid_t pid; /* 0: none */
	char *path;
	int64_t number;
	enum line_kind kind;
} editor;

/* A copy that tmux is making. */
static struct {
	pid_t pid; /* 0: none */
	char *text;
} copying;

/* COMMAND ARG; the terminal is its own, or it has none. */
static pid_t
start(const char *command, const char *arg, bool with_tty)
{
	char *script = x_sprintf("%s \"$1\"", command);
	struct child c = {.command = script, .arg = arg, .with_tty = with_tty};
	pid_t pid = child_start(&c);

	x_free(script);
	return pid;
}

static const char *
editor_command(const struct ui *u)
{
	const char *const all[] = {
	    u->set->editor, getenv("VISUAL"), getenv("EDITOR"), "vi"};
	size_t i = 0;

	while (all[i] == NULL || *all[i] == '\0')
		i++;
	return all[i];
}

bool
outside_is_busy(void)
{
	return editor.pid != 0;
}

void
outside_edit(struct ui *u)
{
	struct err e = {0};

	if (editor.pid != 0)
		return;
	editor.path =
	    x_sprintf("%s/reply-%d.txt", u->set->state_dir, (int)getpid());
	editor.number = u->thread.number;
	editor.kind = u->line;
	if (file_write(editor.path, line_text(), strlen(line_text()), 0600,
		&e) == -1) {
		ui_say_err(u, &e);
		x_free(editor.path);
		editor.path = NULL;
		return;
	}
	ui_suspend(u);
	editor.pid = start(editor_command(u), editor.path, true);
	if (editor.pid == -1) {
		editor.pid = 0;
		ui_resume(u);
		ui_bad(u, _("The editor did not start: %s"), strerror(errno));
	}
}

static void
take_edited(struct ui *u)
{
	bool note = editor.kind == LINE_NOTE;
	struct buf b = {0};
	struct draft d;
	struct err e = {0};

	if (buf_read_file(&b, editor.path, EDIT_MAX_B, &e) == -1) {
		ui_say_err(u, &e);
	} else if (!text_is_utf8(buf_str(&b), b.n)) {
		ui_bad(u, _("The editor left text that is not UTF-8."));
	} else {
		while (b.n > 0 && b.p[b.n - 1] == '\n')
			b.p[--b.n] = '\0';
		d = (struct draft){buf_str(&b), (int64_t)b.n};
		if (u->line == editor.kind && u->thread.number == editor.number)
			line_set(u, d.text, b.n);
		else if (store_set_draft(
			     u->store, editor.number, note, &d, &e) == -1)
			ui_say_err(u, &e);
	}
	buf_free(&b);
}

static void
editor_done(struct ui *u, int status)
{
	editor.pid = 0;
	ui_resume(u);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		take_edited(u);
	else
		ui_bad(u, _("The editor failed; the text is as it was."));
	unlink(editor.path);
	x_free(editor.path);
	editor.path = NULL;
}

/* Where tmux could not, the terminal may. */
static void
copied(int status)
{
	if (status != 0)
		term_copy(copying.text, strlen(copying.text));
	x_free(copying.text);
	copying.text = NULL;
	copying.pid = 0;
}

void
outside_reap(struct ui *u)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == copying.pid)
			copied(status);
		if (pid == editor.pid)
			editor_done(u, status);
		else if (!hooks_reap(u->hooks, pid, status))
			outside_insert_reaped(pid, status);
	}
}

/* The first link in a text. Caller frees with x_free(); NULL: none. */
static char *
find_link(const char *s)
{
	size_t n = 0;
	const char *p = link_find(s, &n);

	return p == NULL ? NULL : x_strndup(p, n);
}

static void
open_with(struct ui *u, const char *what)
{
	const char *command = u->set->open_cmd;

	if (command == NULL || *command == '\0')
		command = "xdg-open";
	if (start(command, what, false) == -1)
		ui_bad(u, _("%s did not start: %s"), command, strerror(errno));
	else
		ui_say(u, _("Handed to %s"), command);
}

struct media_open {
	struct ui *u;
	char path[1];
};

static void
on_media(const struct desk_answer *a, void *arg)
{
	struct media_open *m = arg;

	if (a->err.code != ERR_NONE)
		ui_say_err(m->u, &a->err);
	else
		open_with(m->u, m->path);
	x_free(m);
}

static int
open_media(struct ui *u, const struct msg *msg, struct err *e)
{
	char *dir = x_sprintf("%s/media", u->set->state_dir);
	const char *name = msg->media->file_name;
	const char *dot = name == NULL ? NULL : strrchr(name, '.');
	char *path;
	struct media_open *m;
	struct desk_call c = {.op = DESK_MEDIA, .id = msg->id};

	if (dot == NULL ||
	    strspn(dot + 1,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST"
		"UVWXYZ0123456789") != strlen(dot + 1))
		dot = "";
	path = x_sprintf("%s/%s%s", dir, msg->id, dot);
	m = x_calloc(1, sizeof(*m) + strlen(path));
	m->u = u;
	memcpy(m->path, path, strlen(path) + 1);
	x_free(path);
	if (file_mkdirs(dir, 0700, e) == -1) {
		x_free(m);
		x_free(dir);
		return -1;
	}
	x_free(dir);
	c.to_file = m->path;
	desk_start(u->desk, &c, on_media, m);
	ui_say(u, _("Fetching it from the desk"));
	return 0;
}

/* Over SSH a picture would open where nobody sits, unless a command knows
 * better. */
static bool
is_far(const struct ui *u)
{
	const char *ssh = getenv("SSH_CONNECTION");

	return ssh != NULL && *ssh != '\0' &&
	    (u->set->open_cmd == NULL || *u->set->open_cmd == '\0' ||
		strcmp(u->set->open_cmd, "xdg-open") == 0);
}

int
outside_open(struct ui *u, struct err *e)
{
	const struct msg *m = thread_current(&u->thread);
	char *link;

	if (m == NULL)
		return err_set(e, ERR_NOTFOUND,
		    _("Open a conversation, and go to the picture or link."));
	if (m->media != NULL && m->media->state != NULL &&
	    strcmp(m->media->state, "kept") == 0)
		return is_far(u) ? ui_cmd_page(u, 0, NULL, e)
				 : open_media(u, m, e);
	link = m->media != NULL && m->media->url != NULL
	    ? x_strdup(m->media->url)
	    : find_link(m->text);
	if (link == NULL)
		return err_set(e, ERR_NOTFOUND,
		    _("This message holds no link and no file that is "
		      "kept."));
	open_with(u, link);
	x_free(link);
	return 0;
}

/* Inside tmux it is tmux that reaches the clipboard of whoever is attached, and
 * keeps the text as its newest buffer too. False when it cannot be started. */
static bool
copy_by_tmux(const char *text)
{
	struct child c = {.command = "exec tmux load-buffer -w -"};
	size_t n = strlen(text);
	int fds[2];

	if (getenv("TMUX") == NULL || n > PIPE_MAX_B || copying.pid != 0 ||
	    pipe(fds) == -1)
		return false;
	/* It fits into the pipe: this never waits. */
	c.in = fds[0];
	if (write(fds[1], text, n) == (ssize_t)n)
		copying.pid = child_start(&c);
	close(fds[0]);
	close(fds[1]);
	if (copying.pid <= 0) {
		copying.pid = 0;
		return false;
	}
	copying.text = x_strdup(text);
	return true;
}

int
outside_copy(struct ui *u, struct err *e)
{
	const struct msg *m = thread_current(&u->thread);
	const struct conv *c = rows_current(&u->rows);

	if (u->focus == PANE_LIST && c != NULL)
		m = c->last_message;
	if (m == NULL)
		return err_set(e, ERR_NOTFOUND, _("There is nothing to copy."));
	if (copy_by_tmux(m->text)) {
		ui_say(u, _("Copied by tmux."));
		return 0;
	}
	if (!term_copy(m->text, strlen(m->text)))
		return err_set(e, ERR_TOOBIG,
		    _("It is too long for the terminal's clipboard."));
	ui_say(u, _("Copied, if the terminal allows it (OSC 52)."));
	return 0;
}

void
outside_notify(struct ui *u, const char *text)
{
	if (u->set->notify_cmd != NULL && *u->set->notify_cmd != '\0')
		start(u->set->notify_cmd, text, false);
}
