/*
 * The output of a local command, put into the reply. It runs without a
 * terminal while the inbox goes on, for a limited time; what it wrote comes to
 * the conversation that it was asked for, wherever the agent is by then.
 */
#include "ui.h"

#include <mado/mem.h>
#include <mado/text.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "i18n.h"

enum { LIMIT_MS = 10000, OUT_MAX_B = 64 * 1024, NUMBER_B = 24 };

static struct {
	struct ui *u;
	pid_t pid; /* 0: none runs */
	int out, err;
	struct io *io; /* NULL: it has written all */
	struct timer *limit;
	struct buf text;
	char *command;
	int64_t number;
	bool ended;
	int status;
} run;

/* In the child. */
static void
become(int out, int err, const struct conv *c, const char *command)
{
	char number[NUMBER_B];
	int null = open("/dev/null", O_RDWR);

	setsid();
	dup2(null, 0);
	dup2(out, 1);
	dup2(err, 2);
	for (int fd = 3; fd < 256; fd++)
		close(fd);
	for (int s = 1; s < NSIG; s++)
		signal(s, SIG_DFL);
	snprintf(number, sizeof(number), "%lld", (long long)c->number);
	setenv("MADO_CONVERSATION", number, 1);
	setenv("MADO_CONTACT", ui_name_of(c), 1);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

static void
close_run(void)
{
	close(run.out);
	close(run.err);
	timer_free(run.limit);
	buf_free(&run.text);
	x_free(run.command);
	memset(&run, 0, sizeof(run));
}

/* The line has gone elsewhere: into the draft, at its end. */
static void
to_draft(struct ui *u, const char *text)
{
	struct arena *a = arena_new();
	struct draft d = {"", 0};
	struct err e = {0};
	struct buf b = {0}, clean = {0};

	store_draft(u->store, run.number, false, a, &d);
	text_to_utf8(&clean, text, strlen(text));
	buf_printf(&b, "%s%s", d.text, buf_str(&clean));
	d.text = buf_str(&b);
	d.caret_b = (int64_t)b.n;
	if (store_set_draft(u->store, run.number, false, &d, &e) == -1)
		ui_say_err(u, &e);
	else
		ui_say(u, _("What %s wrote is in the draft of #%lld."),
		    run.command, (long long)run.number);
	ui_dirty(u, DIRTY_LINE);
	buf_free(&b);
	buf_free(&clean);
	arena_free(a);
}

static void
put(struct ui *u)
{
	struct buf *b = &run.text;

	while (b->n > 0 && b->p[b->n - 1] == '\n')
		b->p[--b->n] = '\0';
	if (b->n == 0)
		ui_say(u, _("%s wrote nothing."), run.command);
	else if (u->line == LINE_REPLY && u->thread.number == run.number)
		line_paste(u, b->p, b->n);
	else
		to_draft(u, b->p);
}

/* Why it failed, in its own words if it said any. */
static void
say_failed(struct ui *u)
{
	char why[200];
	ssize_t n = read(run.err, why, sizeof(why) - 1);

	why[n > 0 ? n : 0] = '\0';
	why[strcspn(why, "\n")] = '\0';
	if (WIFSIGNALED(run.status))
		ui_bad(u,
		    _("%s was stopped (it has %d s). Nothing was put in."),
		    run.command, LIMIT_MS / 1000);
	else
		ui_bad(u, _("%s failed (%d): %s. Nothing was put in."),
		    run.command, WEXITSTATUS(run.status), why);
}

static void
finish(void)
{
	struct ui *u = run.u;

	if (run.io != NULL || !run.ended)
		return;
	if (WIFEXITED(run.status) && WEXITSTATUS(run.status) == 0)
		put(u);
	else
		say_failed(u);
	close_run();
}

static void
on_output(void *arg)
{
	char p[4096];
	ssize_t n = read(run.out, p, sizeof(p));

	(void)arg;
	if (n > 0) {
		if (run.text.n + (size_t)n <= OUT_MAX_B)
			buf_add(&run.text, p, (size_t)n);
		return;
	}
	if (n == -1 && errno == EINTR)
		return;
	io_free(run.io);
	run.io = NULL;
	finish();
}

/* What it has left behind may hold the pipe for ever. */
static void
on_limit(void *arg)
{
	(void)arg;
	kill(-run.pid, SIGKILL);
	if (run.io != NULL && run.ended) {
		io_free(run.io);
		run.io = NULL;
		finish();
	}
}

void
outside_insert_reaped(pid_t pid, int status)
{
	if (pid != run.pid || pid == 0)
		return;
	run.ended = true;
	run.status = status;
	finish();
}

int
outside_insert(struct ui *u, const char *command, struct err *e)
{
	int out[2], err[2];

	if (run.pid != 0)
		return err_set(
		    e, ERR_CONFLICT, _("%s still runs."), run.command);
	if (pipe2(out, O_CLOEXEC) == -1)
		return err_set(e, ERR_FAILED, "pipe: %s", strerror(errno));
	if (pipe2(err, O_CLOEXEC | O_NONBLOCK) == -1) {
		close(out[0]);
		close(out[1]);
		return err_set(e, ERR_FAILED, "pipe: %s", strerror(errno));
	}
	run.pid = fork();
	if (run.pid == 0)
		become(out[1], err[1], u->conv, command);
	close(out[1]);
	close(err[1]);
	run.u = u;
	run.out = out[0];
	run.err = err[0];
	run.number = u->conv->number;
	run.command = x_strdup(command);
	run.limit = timer_new(u->loop, on_limit, NULL);
	if (run.pid == -1) {
		close_run();
		return err_set(e, ERR_FAILED, "fork: %s", strerror(errno));
	}
	run.io = loop_read(u->loop, run.out, on_output, NULL);
	timer_set(run.limit, LIMIT_MS);
	return 0;
}

void
outside_insert_free(void)
{
	if (run.pid == 0)
		return;
	if (!run.ended)
		kill(-run.pid, SIGKILL);
	if (run.io != NULL)
		io_free(run.io);
	close_run();
}
