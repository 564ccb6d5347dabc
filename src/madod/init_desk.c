/*
 * The desk of madod init: its system user, its start by systemd, accounts and
 * their invitations, the first message. Called by init.c.
 */
#include <errno.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mado/buf.h>
#include <mado/json.h>
#include <mado/text.h>
#include <mado/when.h>
#include <mado/mem.h>

#include "admin_sub.h"
#include "init.h"
#include "serve.h"

enum { START_MS = 20000, FEED_WAIT_S = 2, NAME_MS = 3000, ROW_COLS = 64 };

/* Run a program of the system; its words go where ours do. */
static int
run(const char *const *argv, struct err *e)
{
	int status = 0, rv;
	pid_t pid;

	rv = posix_spawnp(
	    &pid, argv[0], NULL, NULL, (char *const *)argv, environ);
	if (rv != 0)
		return err_set(e, ERR_FAILED, "%s: %s", argv[0], strerror(rv));
	while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
		;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	return err_set(e, ERR_FAILED, "%s %s failed; what it said stands above",
	    argv[0], argv[1]);
}

int
init_desk_user(struct init *in, struct err *e)
{
	const char *const add[] = {"useradd", "--system", "--user-group",
	    "--no-create-home", "--home-dir", in->state_dir, "--shell",
	    "/usr/sbin/nologin", in->user, NULL};

	if (geteuid() != 0 || in->root[0] != '\0' || getpwnam(in->user) != NULL)
		return 0;
	if (run(add, e) == -1)
		return err_prefix(e, "the system user %s", in->user);
	printf("ok   made the system user %s\n", in->user);
	return 0;
}

/* The desk takes a moment; systemd has said that it is ready, others not. */
static bool
desk_runs(const struct config *c, int64_t wait_ms)
{
	int64_t until = when_mono_ms() + wait_ms;

	while (!admin_running(c)) {
		if (when_mono_ms() >= until)
			return false;
		poll(NULL, 0, 50);
	}
	return true;
}

/* systemd has the units: (re)start what they are about. */
static int
systemd_start(const struct init *in, struct err *e)
{
	static const char *const reread[] = {
	    "systemctl", "daemon-reload", NULL};
	static const char *const enable[] = {"systemctl", "enable", "-q",
	    "madod.socket", "madod.service", "madod-backup.timer", NULL};
	/* a new socket is let go of by the service; else it stays, so that
	 * nothing that LINE sends meanwhile is refused */
	const char *const start[] = {"systemctl",
	    in->new_units ? "restart" : "start", "madod.socket",
	    "madod.service", "madod-backup.timer", NULL};
	static const char *const again[] = {
	    "systemctl", "restart", "madod.service", NULL};
	bool anew = in->new_config && !in->new_units;

	if (run(reread, e) == -1 || run(enable, e) == -1 ||
	    run(start, e) == -1 || (anew && run(again, e) == -1))
		return err_prefix(e, "journalctl -u madod tells why");
	return 0;
}

/* The process behind the desk's socket, 0 when there is none. */
static pid_t
desk_pid(const struct config *c)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	char *path = serve_path(c, "madod.sock");
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct ucred peer = {0};
	socklen_t n = sizeof(peer);

	if (strlen(path) < sizeof(un.sun_path)) {
		memcpy(un.sun_path, path, strlen(path));
		if (connect(fd, (struct sockaddr *)&un, sizeof(un)) == -1 ||
		    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) == -1)
			peer.pid = 0;
	}
	close(fd);
	x_free(path);
	return peer.pid;
}

/* Have the desk that runs reread its config. It handles the signal before what
 * it is asked afterwards, by the second question at the latest. */
static int
desk_reread(struct config *c, struct err *e)
{
	pid_t pid = desk_pid(c);
	struct admin d = {0};
	int rv;

	if (pid == 0 || kill(pid, SIGHUP) == -1) {
		config_free(c);
		puts("     the desk that runs has the old config: send it "
		     "SIGHUP");
		return 0;
	}
	if ((rv = admin_open(&d, c, e)) == 0)
		rv = admin_call(&d, "GET", "/healthz", NULL, e);
	admin_close(&d);
	return rv;
}

int
init_desk_start(struct init *in, bool *runs, struct err *e)
{
	bool systemd = geteuid() == 0 && in->root[0] == '\0' &&
	    access("/run/systemd/system", F_OK) == 0;
	struct config *c;

	if (systemd && systemd_start(in, e) == -1)
		return -1;
	if ((c = config_read(in->file, e)) == NULL)
		return -1;
	*runs = desk_runs(c, systemd ? START_MS : 0);
	if (*runs)
		puts("ok   the desk runs");
	if (*runs && in->new_config && !systemd)
		return desk_reread(c, e);
	config_free(c);
	return 0;
}

int
init_desk_become(struct init *in, struct err *e)
{
	struct config *c = config_read(in->file, e);
	int rv = c != NULL ? admin_become(c, e) : -1;

	config_free(c);
	return rv;
}

static int
account_make(struct admin *d, char *account, struct err *e)
{
	char *colon = strchr(account, ':');
	cJSON *o = cJSON_CreateObject();
	const char *code;
	char *line;

	*colon = '\0';
	cJSON_AddStringToObject(o, "name", account);
	cJSON_AddStringToObject(o, "role", colon + 1);
	if (admin_call(d, "POST", "/v1/users", o, e) == -1) {
		if (e->code != ERR_CONFLICT)
			return -1;
		err_clear(e);
		printf("     %s is there already; for a new line: madod -c %s "
		       "user invite %s\n",
		    account, d->config->file, account);
		return 0;
	}
	if (admin_invite(d, account, NULL, &code, e) == -1)
		return -1;
	line = admin_join_line(d->config, NULL, code);
	printf("%-12s %s\n", account, line);
	x_free(line);
	return 0;
}

int
init_desk_accounts(struct init *in, struct err *e)
{
	struct admin d = {0};
	struct config *c;
	size_t i;
	int rv;

	if (in->accounts.n == 0)
		return 0;
	if ((c = config_read(in->file, e)) == NULL)
		return -1;
	puts("A line for each colleague, good once and for two days:");
	rv = admin_open(&d, c, e);
	for (i = 0; rv == 0 && i < in->accounts.n; i++)
		rv = account_make(&d, in->accounts.v[i], e);
	admin_close(&d);
	return rv;
}

/* The conversation of a message that came; 0: none did. */
static int64_t
first_number(const cJSON *events)
{
	const cJSON *it;

	cJSON_ArrayForEach(it, events)
	{
		if (strcmp(json_str(it, "kind", ""), "message.in") == 0)
			return json_int(it, "conversation", 0);
	}
	return 0;
}

/* Who wrote, by the name that LINE tells a moment later, and what. */
static int
first_show(struct admin *d, int64_t number, struct err *e)
{
	char *path = x_sprintf("/v1/conversations/%lld", (long long)number);
	int64_t until = when_mono_ms() + NAME_MS;
	const char *name, *text;
	const cJSON *conv;
	struct buf b = {0};
	int rv;

	do {
		poll(NULL, 0, 50);
		rv = admin_call(d, "GET", path, NULL, e);
		conv = json_obj(d->json, "conversation");
		name = json_str(json_obj(conv, "contact"), "name", "?");
	} while (rv == 0 && strncmp(name, "user ", 5) == 0 &&
	    when_mono_ms() < until);
	text = json_str(json_obj(conv, "last_message"), "text", "");
	text_fit(&b, name, ROW_COLS / 4, "", false);
	buf_puts(&b, ": ");
	text_fit(&b, text, ROW_COLS, "", false);
	if (rv == 0)
		printf("ok   #%lld %s\n", (long long)number, b.p);
	buf_free(&b);
	x_free(path);
	return rv;
}
int
init_desk_first(struct init *in, struct err *e)
{
	int64_t wait_ms = in->wait != NULL ? atoi(in->wait) * 1000
	    : in->tty                      ? 10 * 60 * 1000
					   : 0;
	int64_t until = when_mono_ms() + wait_ms, seq;
	struct admin d = {0};
	struct config *c;
	int64_t number = 0;
	char *path;
	int rv;

	if (wait_ms == 0)
		return 0;
	if ((c = config_read(in->file, e)) == NULL)
		return -1;
	printf("Write something to %s from a phone; it will show here "
	       "(Ctrl-C ends the waiting).\n",
	    in->basic_id);
	fflush(stdout);
	rv = admin_open(&d, c, e);
	if (rv == 0)
		rv = admin_call(&d, "GET", "/v1/status", NULL, e);
	seq = json_int(d.json, "seq", 0);
	while (rv == 0 && number == 0 && when_mono_ms() < until) {
		path = x_sprintf(
		    "/v1/feed?after=%lld&wait=%d", (long long)seq, FEED_WAIT_S);
		rv = admin_call(&d, "GET", path, NULL, e);
		x_free(path);
		number = first_number(json_arr(d.json, "events"));
		seq = json_int(d.json, "seq", seq);
	}
	if (rv == 0 && number != 0)
		rv = first_show(&d, number, e);
	admin_close(&d);
	if (rv == 0 && number == 0)
		puts("     none came; the clicks above are the first to look "
		     "at, then: madod doctor");
	return rv;
}
