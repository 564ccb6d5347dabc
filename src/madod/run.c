/* Asking something outside: see run.h. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/queue.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mado/buf.h>
#include <mado/mem.h>

#include "child.h"
#include "run.h"

enum { RUNS_MAX = 16, CPU_S = 20, MEMORY_B = 1 << 30, FILE_B = 1 << 20 };

struct run {
	LIST_ENTRY(run) link;
	struct runs *r;
	struct run_opts o;
	struct buf said;
	pid_t pid;
	int out, pidfd;
	struct io *out_io, *end_io;
	struct timer *deadline;
	const char *error; /* why it was ended */
	char words[ERR_MSG_B];
};

struct runs {
	struct loop *loop;
	struct fetch *fetch;
	LIST_HEAD(, run) all;
	int n;
};

static void
run_free(struct run *u)
{
	io_free(u->out_io);
	io_free(u->end_io);
	timer_free(u->deadline);
	if (u->out != -1)
		close(u->out);
	if (u->pidfd != -1)
		close(u->pidfd);
	buf_free(&u->said);
	LIST_REMOVE(u, link);
	u->r->n--;
	x_free(u);
}

static void
run_done(struct run *u, const char *error)
{
	u->o.done(error, buf_str(&u->said), u->said.n, u->o.arg);
	run_free(u);
}

/* --- a command */

/* What is there now; too much of it, and it is ended. */
static void
run_read(struct run *u)
{
	ssize_t n;

	do {
		n = read(u->out, buf_room(&u->said, 4096), 4096);
		if (n > 0) {
			u->said.n += (size_t)n;
			u->said.p[u->said.n] = '\0';
		}
	} while (n > 0 && u->said.n <= u->o.max_b);
	if (u->said.n > u->o.max_b && u->error == NULL) {
		u->error = "it said too much";
		child_kill(u->pid);
	}
	if (n == 0 || u->said.n > u->o.max_b) {
		io_free(u->out_io);
		u->out_io = NULL;
	}
}

static void
run_said(void *arg)
{
	run_read(arg);
}

static void
run_ended(void *arg)
{
	struct run *u = arg;
	int status = 0;
	const char *why;

	if (u->error == NULL)
		run_read(u);
	child_kill(u->pid); /* what it left behind */
	waitpid(u->pid, &status, 0);
	why = u->error != NULL ? u->error : child_verdict(status);
	run_done(u, why);
}

static void
run_late(void *arg)
{
	struct run *u = arg;

	u->error = "it took too long";
	child_kill(u->pid);
}

/* The input as a file in memory: whether it is read or not, nobody waits. */
static int
input_file(const struct run_opts *o)
{
	int fd = memfd_create("input", MFD_CLOEXEC);

	if (fd != -1 && write(fd, o->in, o->n) == (ssize_t)o->n &&
	    lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	if (fd != -1)
		close(fd);
	return -1;
}

static int
run_command(struct run *u, struct err *e)
{
	const struct config_side *how = u->o.how;
	const char **argv = x_calloc(how->args.n + 2, sizeof(*argv));
	int in = input_file(&u->o), out[2] = {-1, -1};
	struct child_opts c = {.argv = argv,
	    .in = in,
	    .cpu_s = CPU_S,
	    .memory_b = MEMORY_B,
	    .file_b = FILE_B};

	argv[0] = how->run;
	for (size_t i = 0; i < how->args.n; i++)
		argv[i + 1] = how->args.v[i];
	if (in == -1 || pipe2(out, O_CLOEXEC) == -1) {
		err_set(e, ERR_FAILED, "%s", strerror(errno));
	} else {
		c.out = out[1];
		u->pid = child_start(&c, e);
		close(out[1]);
		u->out = out[0];
		fcntl(u->out, F_SETFL, O_NONBLOCK);
	}
	if (in != -1)
		close(in);
	x_free(argv);
	if (u->pid <= 0)
		return -1;
	if ((u->pidfd = pidfd_open(u->pid, 0)) == -1) {
		err_set(e, ERR_FAILED, "%s", strerror(errno));
		child_kill(u->pid);
		waitpid(u->pid, NULL, 0);
		u->pid = 0;
		return -1;
	}
	u->out_io = loop_read(u->r->loop, u->out, run_said, u);
	u->end_io = loop_read(u->r->loop, u->pidfd, run_ended, u);
	u->deadline = timer_new(u->r->loop, run_late, u);
	timer_set(u->deadline, u->o.deadline_ms);
	return 0;
}

/* --- an address */

static void
run_answered(const struct fetch_res *res, void *arg)
{
	struct run *u = arg;

	if (res->too_large)
		run_done(u, "it said too much");
	else if (res->outcome != FETCH_ANSWERED)
		run_done(u, res->error);
	else if (res->status / 100 != 2)
		run_done(u, "it answered with an error");
	else {
		buf_add(&u->said, res->body, res->n);
		run_done(u, NULL);
	}
}

static void
run_address(struct run *u)
{
	const struct config_side *how = u->o.how;
	const char **headers = x_calloc(how->headers.n + 2, sizeof(*headers));
	char *type = x_sprintf("Content-Type: %s", u->o.type);
	struct fetch_opts o = {.url = how->url,
	    .headers = headers,
	    .body = u->o.in,
	    .n = u->o.n,
	    .timeout_ms = u->o.deadline_ms,
	    .max_b = u->o.max_b,
	    .done = run_answered,
	    .arg = u};
	bool typed = false;
	size_t n = 0;

	for (; n < how->headers.n; n++) {
		headers[n] = how->headers.v[n];
		typed =
		    typed || strncasecmp(headers[n], "Content-Type:", 13) == 0;
	}
	if (!typed)
		headers[n] = type;
	fetch_start(u->r->fetch, &o);
	x_free(headers);
	x_free(type);
}

/* It did not begin: said from the loop, as every end is. */
static void
run_failed(void *arg)
{
	struct run *u = arg;

	run_done(u, u->words);
}

bool
run_start(struct runs *r, const struct run_opts *o)
{
	struct run *u;
	struct err e = {0};

	if (r->n == RUNS_MAX)
		return false;
	u = x_new(struct run);
	u->r = r;
	u->o = *o;
	u->out = u->pidfd = -1;
	LIST_INSERT_HEAD(&r->all, u, link);
	r->n++;
	if (o->how->url != NULL) {
		run_address(u);
	} else if (run_command(u, &e) == -1) {
		memcpy(u->words, e.msg, sizeof(u->words));
		u->deadline = timer_new(r->loop, run_failed, u);
		timer_set(u->deadline, 0);
	}
	return true;
}

struct runs *
runs_new(struct loop *l, struct fetch *f)
{
	struct runs *r = x_new(struct runs);

	r->loop = l;
	r->fetch = f;
	LIST_INIT(&r->all);
	return r;
}

void
runs_free(struct runs *r)
{
	struct run *u;

	if (r == NULL)
		return;
	while ((u = LIST_FIRST(&r->all)) != NULL) {
		if (u->pid > 0) {
			child_kill(u->pid);
			waitpid(u->pid, NULL, 0);
		}
		run_free(u);
	}
	x_free(r);
}
