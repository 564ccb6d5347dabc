/* A desk for a subcommand: see admin_desk.h. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <mado/json.h>
#include <mado/when.h>

#include "admin_desk.h"
#include "serve.h"

enum { ADMIN_TRY_MS = 10000, ADMIN_PAUSE_US = 50000 };

static void
admin_answer(const struct fetch_res *res, void *arg)
{
	struct admin *d = arg;

	d->answered = true;
	d->not_sent = res->outcome == FETCH_NOT_SENT;
	err_clear(&d->err);
	if (res->outcome != FETCH_ANSWERED) {
		err_set(&d->err, ERR_NET, "%s: %s", d->sock, res->error);
		return;
	}
	d->json = res->n > 0 ? json_parse(res->body, res->n, NULL) : NULL;
	if (res->status / 100 != 2)
		err_set(&d->err, err_from_name(json_str(d->json, "code", "")),
		    "%s", json_str(d->json, "detail", "refused"));
}

/* One request, never repeated by itself; the answer is in d->json. */
static int
admin_ask(
    struct admin *d, const char *method, const char *path, const char *body)
{
	char *url = x_sprintf("http://madod%s", path);
	struct fetch_opts o = {.method = method,
	    .url = url,
	    .unix_path = d->sock,
	    .body = body,
	    .n = body != NULL ? strlen(body) : 0,
	    .timeout_ms = 3600 * 1000,
	    .once = true,
	    .done = admin_answer,
	    .arg = d};

	cJSON_Delete(d->json);
	d->json = NULL;
	d->answered = false;
	fetch_start(d->fetch, &o);
	while (!d->answered)
		loop_turn(d->loop, 1000);
	x_free(url);
	return d->err.code == ERR_NONE ? 0 : -1;
}

int
admin_become(const struct config *c, struct err *e)
{
	struct stat st;

	if (geteuid() != 0 || stat(c->state_dir, &st) == -1 || st.st_uid == 0)
		return 0;
	if (setgroups(0, NULL) == -1 || setgid(st.st_gid) == -1 ||
	    setuid(st.st_uid) == -1)
		return err_set(e, ERR_FAILED,
		    "%s belongs to user id %d, and that cannot be become: %s",
		    c->state_dir, (int)st.st_uid, strerror(errno));
	return 0;
}

bool
admin_running(const struct config *c)
{
	char *path = serve_path(c, "madod.lock");
	int fd = open(path, O_RDWR | O_CLOEXEC);
	bool held = fd != -1 && flock(fd, LOCK_EX | LOCK_NB) == -1;

	if (fd != -1)
		close(fd);
	x_free(path);
	return held;
}

/* Be the desk for a moment. ERR_CONFLICT: another is. */
static int
admin_be(struct admin *d, struct err *e)
{
	struct config *c = config_read(d->config->file, e);

	if (c == NULL || (d->here = serve_new(c, false, e)) == NULL)
		return -1;
	fetch_free(d->fetch);
	loop_free(d->loop);
	d->loop = d->here->loop;
	d->fetch = d->here->fetch;
	return 0;
}

/*
 * Reach a desk: the one that runs, or be one. Another subcommand may be it for
 * a moment, and one that starts has its lock before its socket: so try again.
 */
static int
admin_find(struct admin *d, struct err *e)
{
	do {
		if (!admin_running(d->config)) {
			if (admin_be(d, e) == 0)
				return 0;
			if (e->code != ERR_CONFLICT)
				return -1;
		}
		if (admin_ask(d, "GET", "/healthz", NULL) == 0)
			return 0;
		usleep(ADMIN_PAUSE_US);
	} while (when_mono_ms() < d->until_ms);
	return err_set(e, ERR_NET,
	    "a madod holds %s/madod.lock but does not "
	    "answer on %s",
	    d->config->state_dir, d->sock);
}

int
admin_open(struct admin *d, struct config *c, struct err *e)
{
	*d = (struct admin){.config = c,
	    .loop = loop_new(),
	    .sock = serve_path(c, "madod.sock"),
	    .until_ms = when_mono_ms() + ADMIN_TRY_MS};
	d->fetch = fetch_new(d->loop, 2);
	return admin_find(d, e);
}

/* The desk that answered a moment ago may have been another subcommand, and be
 * gone. */
int
admin_call(struct admin *d, const char *method, const char *path, cJSON *args,
    struct err *e)
{
	char *body = args != NULL ? cJSON_PrintUnformatted(args) : NULL;
	int rv = admin_ask(d, method, path, body);

	while (rv == -1 && d->not_sent && d->here == NULL &&
	    when_mono_ms() < d->until_ms && admin_find(d, e) == 0)
		rv = admin_ask(d, method, path, body);
	if (body != NULL)
		explicit_bzero(body, strlen(body));
	cJSON_free(body);
	cJSON_Delete(args);
	*e = d->err;
	return rv;
}

void
admin_close(struct admin *d)
{
	cJSON_Delete(d->json);
	if (d->here != NULL) {
		serve_finish(d->here);
		serve_free(d->here);
	} else {
		fetch_free(d->fetch);
		loop_free(d->loop);
	}
	config_free(d->config);
	x_free(d->sock);
}
