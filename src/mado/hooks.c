/*
 * Hooks. Owns which commands there are, the queue of what is to run and the
 * children that run. The event goes to the child in a file of memory, so that
 * nothing is written that somebody must read; it is as large as it is.
 */
#include "hooks.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/queue.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mado/conf.h>
#include <mado/mem.h>

#include "child.h"
#include "i18n.h"

enum {
	MINUTE_MS = 60 * 1000,
	AT_ONCE_MAX = 16,
	QUEUE_MAX = 1000, /* events are dropped beyond it, and it is said */
	LATE_S = 2        /* the child's own alarm, should we be gone */
};

struct hook {
	LIST_ENTRY(hook) link;
	char *kind; /* "message.in", "message.*", "*" */
	int line;   /* of madorc */
	/* by conf_apply() */
	struct conf_list run;
	int64_t timeout_ms, at_once;
	int64_t running;
};

/* One command for one event; queued (pid 0) or running. */
struct job {
	TAILQ_ENTRY(job)
	link;
	struct hooks *hooks;
	struct hook *hook;
	const char *command; /* the hook's */
	char *kind;
	char *json;
	pid_t pid;
	struct timer *limit;
};

struct hooks {
	struct hooks_opts opts;
	char *file;
	LIST_HEAD(, hook) all;
	TAILQ_HEAD(, job) queue, running;
	size_t queued;
	int64_t dropped;
};

#define AT(member) offsetof(struct hook, member)
/* clang-format off */
const struct conf_key hooks_keys[] = {
	{"hook", "run", CONF_STRS, AT(run), 0, 0, NULL, NULL,
	    "a command for sh, with the event as JSON on standard input; "
	    "may be repeated"},
	{"hook", "timeout", CONF_SPAN, AT(timeout_ms), 100, 10 * MINUTE_MS,
	    NULL, "10s", "when it is ended if it has not ended by itself"},
	{"hook", "at_once", CONF_INT, AT(at_once), 1, AT_ONCE_MAX, NULL, "4",
	    "how many of it may run at the same time; the others wait"},
	{NULL, NULL, CONF_STR, 0, 0, 0, NULL, NULL, NULL}
};
/* clang-format on */
#undef AT

static void
tell(struct hooks *h, char *line)
{
	h->opts.tell(line, h->opts.arg);
	x_free(line);
}

/* madorc */

static void
hook_free(struct hook *k)
{
	conf_release(hooks_keys, "hook", k);
	x_free(k->kind);
	x_free(k);
}

static bool
is_known(const struct hooks *h, const char *kind)
{
	const struct hook *k;

	LIST_FOREACH(k, &h->all, link)
	if (strcmp(k->kind, kind) == 0)
		return true;
	return false;
}

/* A kind of the feed, or its beginning and a *. */
static bool
is_kind(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz._");

	return *s != '\0' && (s[n] == '\0' || strcmp(s + n, "*") == 0);
}

static int
read_hook(struct hooks *h, const struct conf *c, const struct conf_item *it,
    struct err *e)
{
	struct hook *k;

	if (!is_kind(it->label))
		return conf_error(c, it, e,
		    _("say for which events: [hook \"message.in\"], "
		      "[hook \"message.*\"] or [hook \"*\"]"));
	if (is_known(h, it->label))
		return 0; /* a section goes on, with all of its lines read */
	k = x_new(struct hook);
	k->kind = x_strdup(it->label);
	k->line = it->line;
	if (conf_apply(c, hooks_keys, "hook", it->label, k, e) == -1) {
		hook_free(k);
		return -1;
	}
	if (k->run.n == 0) {
		hook_free(k);
		return conf_error(c, it, e, _("run = COMMAND is missing"));
	}
	LIST_INSERT_HEAD(&h->all, k, link);
	return 0;
}

static void
read_all(struct hooks *h)
{
	struct err e = {0};
	struct conf *c = conf_read(h->file, &e);

	/* One that can't be read at all was told by who read the settings. */
	for (size_t i = 0; c != NULL && i < c->n; i++) {
		const struct conf_item *it = &c->items[i];

		if (it->key != NULL || strcmp(it->section, "hook") != 0)
			continue;
		err_clear(&e);
		if (read_hook(h, c, it, &e) == -1)
			tell(h, x_strdup(e.msg));
	}
	conf_free(c);
}

struct hooks *
hooks_new(const struct hooks_opts *o)
{
	struct hooks *h = x_new(struct hooks);

	h->opts = *o;
	h->file = x_sprintf("%s/madorc", o->settings->config_dir);
	LIST_INIT(&h->all);
	TAILQ_INIT(&h->queue);
	TAILQ_INIT(&h->running);
	setenv("MADO_PROFILE", o->settings->profile, 1); /* for mado in hooks */
	read_all(h);
	return h;
}

/* jobs */

static void
job_free(struct job *j)
{
	timer_free(j->limit);
	x_free(j->kind);
	x_free(j->json);
	x_free(j);
}

static void
failed(const struct job *j, char *why)
{
	struct hooks *h = j->hooks;

	tell(h,
	    x_sprintf(_("%s:%d: the hook for %s %s"), h->file, j->hook->line,
		j->kind, why));
	x_free(why);
}

static void
on_limit(void *arg)
{
	struct job *j = arg;

	kill(-j->pid, SIGKILL); /* it leads a session of its own */
	failed(j, x_strdup(_("took too long and was ended")));
}

/* A file that is only in memory, with the event and a newline. */
static int
memory_file(const struct job *j)
{
	size_t n = strlen(j->json);
	int fd = memfd_create("event", MFD_CLOEXEC);

	if (fd == -1)
		return -1;
	if (write(fd, j->json, n) == (ssize_t)n && write(fd, "\n", 1) == 1 &&
	    lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	close(fd);
	return -1;
}

static bool
job_start(struct job *j)
{
	const struct hook *k = j->hook;
	struct child c = {.command = j->command,
	    .arg = j->kind,
	    .out = j->hooks->opts.out,
	    .in = memory_file(j),
	    .alarm_s = (unsigned)(k->timeout_ms / 1000) + LATE_S};

	j->pid = c.in == -1 ? -1 : child_start(&c);
	if (j->pid == -1)
		failed(j, x_sprintf(_("did not start: %s"), strerror(errno)));
	if (c.in != -1)
		close(c.in);
	return j->pid != -1;
}

/* Start what there is room for, in order. */
static void
start_some(struct hooks *h)
{
	struct job *j, *next;

	for (j = TAILQ_FIRST(&h->queue); j != NULL; j = next) {
		next = TAILQ_NEXT(j, link);
		if (j->hook->running >= j->hook->at_once)
			continue;
		TAILQ_REMOVE(&h->queue, j, link);
		h->queued--;
		if (!job_start(j)) {
			job_free(j);
			continue;
		}
		TAILQ_INSERT_TAIL(&h->running, j, link);
		j->hook->running++;
		j->limit = timer_new(h->opts.loop, on_limit, j);
		timer_set(j->limit, j->hook->timeout_ms);
	}
}

static void
job_add(struct hooks *h, struct hook *k, const char *command, const char *kind,
    const char *json)
{
	struct job *j;

	if (h->queued >= QUEUE_MAX && !h->opts.keep_all) {
		if (h->dropped++ == 0)
			tell(h,
			    x_sprintf(_("%s: hooks are too slow: events are "
					"left out"),
				h->file));
		return;
	}
	j = x_new(struct job);
	j->hooks = h;
	j->hook = k;
	j->command = command;
	j->kind = x_strdup(kind);
	j->json = x_strdup(json);
	TAILQ_INSERT_TAIL(&h->queue, j, link);
	h->queued++;
}

/* events */

static bool
is_for(const struct hook *k, const char *kind)
{
	size_t n = strlen(k->kind);

	if (k->kind[n - 1] == '*')
		return strncmp(k->kind, kind, n - 1) == 0;
	return strcmp(k->kind, kind) == 0;
}

void
hooks_event(struct hooks *h, const struct event *ev, const cJSON *json)
{
	struct hook *k;
	char *text = NULL;

	LIST_FOREACH(k, &h->all, link)
	{
		if (!is_for(k, ev->kind))
			continue;
		if (text == NULL)
			text = cJSON_PrintUnformatted(json);
		for (size_t i = 0; i < k->run.n; i++)
			job_add(h, k, k->run.v[i], ev->kind, text);
	}
	cJSON_free(text);
	start_some(h);
}

static struct job *
job_of(const struct hooks *h, pid_t pid)
{
	struct job *j;

	TAILQ_FOREACH(j, &h->running, link)
	if (j->pid == pid)
		return j;
	return NULL;
}

bool
hooks_reap(struct hooks *h, pid_t pid, int status)
{
	struct job *j = h == NULL ? NULL : job_of(h, pid);

	if (j == NULL)
		return false;
	if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
		failed(j,
		    x_sprintf(
			_("ended with exit status %d"), WEXITSTATUS(status)));
	j->hook->running--;
	TAILQ_REMOVE(&h->running, j, link);
	job_free(j);
	start_some(h);
	if (h->queued == 0)
		h->dropped = 0;
	return true;
}

bool
hooks_is_idle(const struct hooks *h)
{
	return TAILQ_EMPTY(&h->queue) && TAILQ_EMPTY(&h->running);
}

static void
jobs_free(struct hooks *h)
{
	struct job *j;

	while ((j = TAILQ_FIRST(&h->queue)) != NULL) {
		TAILQ_REMOVE(&h->queue, j, link);
		job_free(j);
	}
	while ((j = TAILQ_FIRST(&h->running)) != NULL) {
		TAILQ_REMOVE(&h->running, j, link);
		job_free(j);
	}
}

void
hooks_free(struct hooks *h)
{
	struct hook *k;

	if (h == NULL)
		return;
	jobs_free(h);
	while ((k = LIST_FIRST(&h->all)) != NULL) {
		LIST_REMOVE(k, link);
		hook_free(k);
	}
	x_free(h->file);
	x_free(h);
}
