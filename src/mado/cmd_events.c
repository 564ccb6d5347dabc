/*
 * events: the feed as lines, once or for ever. Nothing is skipped and nothing
 * comes twice: the place is the last seq printed, and pauses of the server
 * are waited out.
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mado/when.h>

#include "cli.h"
#include "cli_out.h"
#include "hooks.h"
#include "i18n.h"
#include "outbox.h"
#include "said.h"

enum {
	LIMIT = 500,
	KIND_COLS = 22,
	FIRST_EPOCH = 1,
	PAGE_B = 1 << 20,
	HOOK_MS = 1000
};

struct events {
	struct cli *cli;
	struct desk_call call;
	int64_t epoch;
	bool follow, more, with_hooks;
	struct hooks *hooks;
	struct io *reader; /* whoever reads our pipe */
	int tries;
	int rc;
	struct err *e;
};

static const char *
text_of(const struct event *ev, struct arena *a)
{
	if (ev->data != NULL && ev->data->text != NULL)
		return ev->data->text;
	if (ev->data != NULL && ev->data->message != NULL)
		return said_text(ev->data->message, a);
	return ev->why == NULL ? NULL : said_phrase(ev->why, a);
}

static void
put_event(struct buf *b, const struct event *ev)
{
	struct arena *a = arena_new();
	char at[32], number[32] = "";

	if (ev->conversation != 0)
		snprintf(number, sizeof(number), "#%lld",
		    (long long)ev->conversation);
	buf_printf(
	    b, "%-7lld %s ", (long long)ev->seq, out_time(ev->at_ms, at));
	out_cell(b, ev->kind, KIND_COLS);
	out_cell(b, number, 6);
	out_cell(b, ev->actor == NULL ? "-" : ev->actor, 8);
	out_rest(b, text_of(ev, a));
	arena_free(a);
}

static int
print_event(struct events *v, const struct event *ev, const cJSON *json)
{
	struct buf b = {0};
	int rc;

	if (v->cli->json)
		return out_json(json, v->e);
	put_event(&b, ev);
	rc = out_line(&b, v->e);
	buf_free(&b);
	return rc;
}

/* A restored backup: what was printed is of another history. */
static void
start_over(struct events *v, int64_t epoch)
{
	out_warn(_("the desk has begun a new epoch (%lld); from its start"),
	    (long long)epoch);
	v->epoch = epoch;
	v->call.after = 0;
	v->more = true;
}

/* Is our place one that the desk has not reached? */
static bool
is_ahead(const struct events *v, const struct desk_answer *a)
{
	return a->n_events == 0 && a->seq < v->call.after;
}

static void
use_feed(const struct desk_answer *a, void *arg)
{
	struct events *v = arg;
	const cJSON *rows = json_arr(a->json, "events"), *row;
	size_t i = 0;

	if (a->err.code != ERR_NONE)
		return;
	v->more = a->more;
	if (v->epoch == 0 && a->epoch == FIRST_EPOCH && is_ahead(v, a))
		v->call.after = a->seq; /* made up: there was no other world */
	if ((v->epoch != 0 && a->epoch != v->epoch) || is_ahead(v, a)) {
		start_over(v, a->epoch);
		return;
	}
	v->epoch = a->epoch;
	cJSON_ArrayForEach(row, rows)
	{
		if (v->rc == 0)
			v->rc = print_event(v, a->events[i], row);
		if (v->hooks != NULL)
			hooks_event(v->hooks, a->events[i], row);
		v->call.after = a->events[i++]->seq;
	}
}

static void
pause_ms(struct loop *l, int64_t ms)
{
	int64_t end = when_mono_ms() + ms, left;

	while ((left = end - when_mono_ms()) > 0)
		loop_turn(l, left);
}

static bool
is_passing(const struct err *why)
{
	return why->code == ERR_NET || why->code == ERR_BUSY ||
	    why->code == ERR_LIMITED;
}

/* The server is gone: with --follow it is waited for. */
static int
wait_out(struct events *v, const struct err *why)
{
	cli_erase_disabled(v->cli, why);
	if (!v->follow || !is_passing(why))
		return err_set(v->e, why->code, "%s", why->msg);
	if (v->tries == 0)
		out_warn(_("%s; trying again"), why->msg);
	pause_ms(v->cli->loop, outbox_pause_ms(v->tries++));
	return 0;
}

/* `events --follow | head -1`: the reader has gone, and there may be nothing
 * to write for hours that would tell us so. */
static void
reader_gone(void *arg)
{
	struct events *v = arg;
	struct pollfd p = {.fd = STDOUT_FILENO};

	if (poll(&p, 1, 0) == 1 && (p.revents & (POLLERR | POLLHUP)) != 0)
		exit(0);
	io_free(v->reader);
	v->reader = NULL;
}

static void
watch_reader(struct events *v)
{
	struct stat st;

	if (v->follow && fstat(STDOUT_FILENO, &st) == 0 && S_ISFIFO(st.st_mode))
		v->reader =
		    loop_read(v->cli->loop, STDOUT_FILENO, reader_gone, v);
}

/* What is printed has been done: hooks before lines. */
static void
end_page(struct events *v)
{
	while (v->hooks != NULL && !hooks_is_idle(v->hooks))
		loop_turn(v->cli->loop, HOOK_MS);
	if (v->rc == 0)
		v->rc = out_flush(v->e);
}

static int
run(struct events *v)
{
	struct err why;

	while (v->rc == 0) {
		err_clear(&why);
		v->call.wait_s = v->follow && !v->more ? FEED_WAIT_MAX_S : 0;
		if (desk_ask(v->cli->desk, v->cli->loop, &v->call, use_feed, v,
			&why) == -1) {
			if (wait_out(v, &why) == -1)
				return -1;
			continue;
		}
		v->tries = 0;
		end_page(v);
		if (!v->more && !v->follow)
			break;
	}
	return v->rc;
}

/* hooks */

static void
on_child(void *arg)
{
	struct events *v = arg;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		hooks_reap(v->hooks, pid, status);
}

static void
on_hook(const char *line, void *arg)
{
	(void)arg;
	out_warn("%s", line);
}

static void
open_hooks(struct events *v)
{
	struct hooks_opts o = {.loop = v->cli->loop,
	    .settings = v->cli->settings,
	    .out = STDERR_FILENO,
	    .keep_all = true,
	    .tell = on_hook};

	if (!v->with_hooks)
		return;
	loop_signal(v->cli->loop, SIGCHLD, on_child, v);
	v->hooks = hooks_new(&o);
}

/* "1234", or "2:1234": of epoch 2, which tells that a restore came between. */
static int
read_place(struct events *v, const char *word)
{
	const char *colon = strchr(word, ':');
	size_t n = colon == NULL ? 0 : (size_t)(colon - word);
	const char *seq = colon == NULL ? word : colon + 1;

	if (strspn(word, "0123456789") < n || n > 15 || *seq == '\0' ||
	    strlen(seq) > 15 || seq[strspn(seq, "0123456789")] != '\0' ||
	    colon == word)
		return err_set(v->e, ERR_INVALID,
		    _("--after takes SEQ or EPOCH:SEQ, not %s"), word);
	v->epoch = n == 0 ? 0 : strtoll(word, NULL, 10);
	v->call.after = strtoll(seq, NULL, 10);
	return 0;
}

/* With --follow the desk need not be there yet. */
static int
open_desk(struct events *v)
{
	struct err why = {0};

	if (cli_desk(v->cli, &why) == 0)
		return 0;
	if (v->follow && is_passing(&why) && v->cli->store != NULL)
		return 0;
	return err_set(v->e, why.code, "%s", why.msg);
}

/* A page leaves in one piece, so that whoever is killed leaves whole lines. */
static void
write_in_pages(void)
{
	static char page[PAGE_B];

	setvbuf(stdout, page, _IOFBF, sizeof(page));
}

int
cmd_events(struct cli *c, int argc, char **argv, struct err *e)
{
	struct events v = {.cli = c,
	    .more = true,
	    .e = e,
	    .call = {.op = DESK_FEED, .limit = LIMIT}};
	const char *after = "0";
	int rc;
	const struct cli_opt opts[] = {{"--follow", OPT_FLAG, &v.follow},
	    {"--after", OPT_STR, &after}, {"--hooks", OPT_FLAG, &v.with_hooks},
	    {NULL, OPT_FLAG, NULL}};

	if (cli_options(c, opts, &argc, argv, e) == -1 ||
	    cli_want(c, argc, 0, 0, e) == -1 || read_place(&v, after) == -1 ||
	    open_desk(&v) == -1)
		return -1;
	write_in_pages();
	watch_reader(&v);
	open_hooks(&v);
	rc = run(&v);
	hooks_free(v.hooks);
	return rc;
}
