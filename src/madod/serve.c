/* A desk at work: see serve.h. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <mado/buf.h>
#include <mado/crypto.h>
#include <mado/log.h>
#include <mado/service.h>
#include <mado/when.h>

#include "ack.h"
#include "adviser.h"
#include "alerts.h"
#include "api.h"
#include "backup.h"
#include "cards.h"
#include "feed.h"
#include "files.h"
#include "health.h"
#include "indexer.h"
#include "line_call.h"
#include "line_fetch.h"
#include "line_quota.h"
#include "line_send.h"
#include "schema.h"
#include "run.h"
#include "serve.h"
#include "serve_jobs.h"
#include "serve_listen.h"
#include "serve_reload.h"
#include "think.h"

enum { SERVE_GRACE_MS = 5000, SERVE_WIRE_MS = 10000 };

char *
serve_path(const struct config *c, const char *name)
{
	return x_sprintf("%s/%s", c->state_dir, name);
}

char *
serve_store(const struct config *c)
{
	const char *p = c->store + strlen("sqlite:");

	return *p == '/' ? x_strdup(p) : serve_path(c, p);
}

/* One madod a state_dir: the lock is held as long as the process lives. */
static int
serve_lock(struct madod *m, struct err *e)
{
	char *path = serve_path(m->config, "madod.lock"), *media, *files;
	int rv = 0;

	media = serve_path(m->config, "media");
	files = serve_path(m->config, "files");
	if (file_mkdirs(m->config->state_dir, 0700, e) == -1 ||
	    file_mkdirs(media, 0700, e) == -1 ||
	    file_mkdirs(files, 0700, e) == -1)
		rv = -1;
	else if ((m->lock_fd =
			 open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600)) == -1)
		rv = err_set(e, ERR_FAILED, "%s: %s", path, strerror(errno));
	else if (flock(m->lock_fd, LOCK_EX | LOCK_NB) == -1)
		rv = err_set(e, ERR_CONFLICT, "another madod is at work in %s",
		    m->config->state_dir);
	x_free(files);
	x_free(media);
	x_free(path);
	return rv;
}

static void
serve_news(int64_t user, const char *client, void *arg)
{
	struct madod *m = arg;

	feed_nudge(m->feed, user, client);
}

/* On the loop after each commit: who has to look at what. */
static void
serve_committed(int64_t seq, unsigned wake, void *arg)
{
	struct madod *m = arg;

	if (seq > m->seq)
		m->seq = seq;
	if (wake & WAKE_FEED && m->feed != NULL)
		feed_wake(m->feed);
	if (wake & WAKE_FEED && m->indexer != NULL)
		indexer_wake(m->indexer);
	if (m->sender == NULL)
		return;
	if (wake & WAKE_SEND)
		sender_wake(m->sender);
	if (wake & (WAKE_PROFILE | WAKE_MEDIA))
		line_fetch_wake(m->line_fetch, wake);
	if (wake & WAKE_ADVISER)
		adviser_wake(m->adviser);
	if (wake & WAKE_JOBS)
		timer_set(m->jobs, 0);
}

/* At the end of each turn: a reading error of whatever is no request (those
 * answer for their own) is reported, and does not stand in the way. */
static void
serve_turned(void *arg)
{
	struct madod *m = arg;
	struct err e = {0};

	if (m->db != NULL && sql_err(m->db, &e) == -1)
		log_error("the store cannot be read: %s", e.msg);
}

static int
serve_open(struct madod *m, struct err *e)
{
	if (schema_migrate(m->store_path, e) == -1 ||
	    (m->writer = writer_new(
		 m->loop, m->store_path, serve_committed, m, e)) == NULL ||
	    (m->db = sql_open(m->store_path, SQL_READ_ONLY, e)) == NULL ||
	    (m->reader = worker_new(m->loop, m->store_path, e)) == NULL)
		return -1;
	m->hasher = worker_new(m->loop, NULL, e);
	m->thinker = think_new(m);
	m->filer = worker_new(m->loop, NULL, e);
	m->epoch = sql_get_int(
	    m->db, 1, "SELECT value FROM meta WHERE name='epoch'", "");
	m->seq = sql_get_int(m->db, 0, "SELECT max(seq) FROM feed", "");
	return sql_err(m->db, e);
}

/* What the threads were given and nobody was told yet. */
static int64_t
serve_depth(const struct madod *m)
{
	return worker_depth(m->filer) + worker_depth(m->hasher) +
	    worker_depth(m->reader) + writer_depth(m->writer);
}

/*
 * The threads end, after what they were given; then nobody has the store. One's
 * result or a timer may have something for another to the last turn, so none is
 * gone before all have nothing.
 */
static void
serve_close(struct madod *m)
{
	cards_flush(m->cards); /* while there is somebody to be answered */
	adviser_stop(m->adviser);
	think_free(m->thinker); /* what it has goes on to the writer */
	m->thinker = NULL;
	worker_end(m->filer);
	worker_end(m->hasher);
	worker_end(m->reader);
	while (serve_depth(m) > writer_depth(m->writer))
		loop_turn(m->loop, 0);
	writer_end(m->writer);
	while (serve_depth(m) > 0)
		loop_turn(m->loop, 0);
	worker_free(m->filer);
	worker_free(m->hasher);
	worker_free(m->reader);
	writer_free(m->writer);
	sql_close(m->db);
	m->hasher = m->reader = m->filer = NULL;
	m->writer = NULL;
	m->db = NULL;
}

static int
serve_rules(struct madod *m, struct err *e)
{
	if (m->config->rules == NULL)
		return 0;
	m->rules = rules_read(m->config->rules, e);
	return m->rules != NULL ? 0 : -1;
}

/* The proxies' list outlives a reread config. */
static void
serve_proxies(struct madod *m)
{
	const struct config *c = m->config;
	size_t i;

	m->proxies = x_calloc(c->trusted_proxy.n + 1, sizeof(char *));
	for (i = 0; i < c->trusted_proxy.n; i++)
		m->proxies[i] = x_strdup(c->trusted_proxy.v[i]);
}

static void
serve_wire(struct madod *m)
{
	m->fetch = fetch_new(m->loop, 64);
	m->line_calls = line_calls_new(m->fetch);
}

/* Only a desk that serves sends and fetches. */
static void
serve_line(struct madod *m)
{
	size_t i;

	for (i = 0; i < m->config->n_lines; i++)
		if (strncmp(m->config->lines[i].api_base, "https:", 6) != 0)
			log_warn("channel %s: api_base is not https",
			    m->config->lines[i].name);
	think_reload(m->thinker, NULL, NULL);
	m->line_fetch = line_fetch_new(m);
	m->sender = sender_new(m);
	m->indexer = indexer_new(m);
	m->files = files_new(m);
	m->runs = runs_new(m->loop, m->fetch);
	m->cards = cards_new(m);
	m->alerts = alerts_new(m);
	m->ack = ack_new(m);
	line_fetch_sweep(m);
	m->line_quota = line_quota_new(m);
	line_quota_read(m->line_quota);
	m->health = health_new(m);
	health_look(m->health);
	serve_jobs(m);
	m->adviser = adviser_new(m);
}

static void
serve_line_end(struct madod *m)
{
	fetch_free(m->fetch);
	line_calls_free(m->line_calls);
	sender_free(m->sender);
	line_fetch_free(m->line_fetch);
	line_quota_free(m->line_quota);
	health_free(m->health);
	m->health = NULL;
	indexer_free(m->indexer);
	files_free(m->files);
	runs_free(m->runs); /* whom they would tell goes after them */
	cards_free(m->cards);
	alerts_free(m->alerts);
	ack_free(m->ack);
	adviser_free(m->adviser);
	m->files = NULL;
	m->runs = NULL;
	m->cards = NULL;
	m->alerts = NULL;
	m->ack = NULL;
	m->adviser = NULL;
	m->fetch = NULL;
	m->line_calls = NULL;
	m->sender = NULL;
	m->indexer = NULL;
	m->line_fetch = NULL;
	m->line_quota = NULL;
}

/* The loop turns: that is what being alive means here. */
static void
serve_alive(void *arg)
{
	struct madod *m = arg;

	service_notify("WATCHDOG=1");
	timer_set(m->alive, service_watchdog_ms());
}

static uint8_t *
serve_ticket_key(const struct config *c, struct err *e)
{
	char *path = serve_path(c, "ticket.key");
	uint8_t *key = crypto_key_file(path, e);

	x_free(path);
	return key;
}

struct madod *
serve_new(struct config *c, bool public, struct err *e)
{
	struct madod *m = x_new(struct madod);

	m->config = c;
	m->webhook_ms = when_now_ms();
	m->lock_fd = -1;
	umask(077);
	setenv("TZ", c->timezone, 1);
	tzset();
	m->loop = loop_new();
	m->limiter = limiter_new();
	m->jobs = timer_new(m->loop, serve_jobs, m);
	m->alive = timer_new(m->loop, serve_alive, m);
	loop_set_idle(m->loop, serve_turned, m);
	serve_proxies(m);
	m->store_path = serve_store(c);
	if (serve_lock(m, e) == -1 || serve_open(m, e) == -1 ||
	    serve_rules(m, e) == -1)
		goto bad;
	if ((m->ticket_key = serve_ticket_key(c, e)) == NULL)
		goto bad;
	m->feed = feed_new(m);
	m->presence = presence_new(m->loop, serve_news, m);
	serve_wire(m);
	if (serve_listeners(m, public, e) == -1)
		goto bad;
	if (public)
		serve_line(m);
	return m;
bad:
	serve_free(m);
	return NULL;
}

const char *
serve_url(const struct madod *m)
{
	return m->url;
}

static void
serve_drained(void *arg)
{
	*(bool *)arg = true;
}

static void
serve_stop(void *arg)
{
	struct madod *m = arg;

	log_info("stopping");
	service_notify("STOPPING=1");
	m->stopping = true;
	loop_stop(m->loop);
}

/* No more requests come, those under way get grace_ms for their answer.
 */
static void
serve_drain(struct madod *m, int64_t grace_ms)
{
	bool drained = false;

	httpd_drain(m->httpd, grace_ms, serve_drained, &drained);
	feed_flush(m->feed);
	while (!drained)
		loop_turn(m->loop, 100);
}

/* Nothing more goes to LINE; what is on the wire is waited for. */
static void
serve_quiet(struct madod *m)
{
	int64_t until = when_mono_ms() + SERVE_WIRE_MS;

	while (sender_stop(m->sender) > 0 && when_mono_ms() < until)
		loop_turn(m->loop, 100);
}

/*
 * Put a backup in the place of the store while the listeners stay:
 * requests are told to come again, LINE redelivers. Between two runs of
 * the loop, as the threads are waited for.
 */
static void
serve_restore(struct madod *m)
{
	struct call *c = m->restore;
	struct err e = {0}, fatal = {0};
	int rv;

	m->restore = NULL;
	m->restoring = true;
	service_long(true);
	feed_flush(m->feed);
	serve_quiet(m);
	serve_close(m);
	serve_line_end(m);
	rv = backup_restore(json_str(c->args, "file", ""), m->store_path,
	    m->config->state_dir, &e);
	if (serve_open(m, &fatal) == -1) {
		log_error("the store cannot be opened: %s", fatal.msg);
		_exit(1);
	}
	serve_wire(m);
	m->recovered = m->restoring = false;
	service_long(false);
	serve_line(m);
	if (rv == -1)
		call_err(c, &e);
	else
		call_empty(c);
	log_info("restore: %s", rv == -1 ? e.msg : "a new epoch begins");
}

void
serve_run(struct madod *m)
{
	service_notify("READY=1");
	if (service_watchdog_ms() > 0)
		serve_alive(m);
	loop_signal(m->loop, SIGTERM, serve_stop, m);
	loop_signal(m->loop, SIGINT, serve_stop, m);
	loop_signal(m->loop, SIGHUP, serve_reload, m);
	for (loop_run(m->loop); !m->stopping; loop_run(m->loop))
		serve_restore(m);
	/* A socket that outlives us fills while nobody takes from it, and LINE
	 * gives up after two seconds: so go on taking while LINE is waited for,
	 * and leave only then. */
	m->stopping = !m->keeps_sockets;
	if (m->keeps_sockets)
		serve_quiet(m);
	m->stopping = true;
	/* finish what is under way: requests, then what is at LINE */
	serve_drain(m, SERVE_GRACE_MS);
	serve_quiet(m);
}

void
serve_finish(struct madod *m)
{
	serve_drain(m, SERVE_GRACE_MS);
}

void
serve_free(struct madod *m)
{
	size_t i;

	if (m == NULL)
		return;
	m->stopping = true;
	/* First nobody asks any more; then the threads end, which may
	 * still answer requests; the memory of those goes last. */
	if (m->httpd != NULL)
		serve_drain(m, 0);
	feed_free(m->feed);
	m->feed = NULL;
	presence_free(m->presence);
	serve_close(m);
	httpd_free(m->httpd);
	serve_line_end(m);
	httpd_tls_free(m->tls);
	timer_free(m->jobs);
	timer_free(m->alive);
	limiter_free(m->limiter);
	crypto_secret_free(m->ticket_key);
	rules_free(m->rules);
	loop_free(m->loop);
	for (i = 0; m->proxies[i] != NULL; i++)
		x_free(m->proxies[i]);
	x_free(m->proxies);
	x_free(m->store_path);
	x_free(m->url);
	config_free(m->config);
	if (m->lock_fd != -1)
		close(m->lock_fd);
	x_free(m);
}
