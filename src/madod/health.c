/* The desk's surroundings: see health.h. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <mado/log.h>
#include <mado/when.h>

#include "health.h"
#include "line_call.h"
#include "probe.h"
#include "serve.h"

enum {
	HEALTH_EVERY_MS = 3600 * 1000,
	STAMP_EVERY_MS = 60 * 1000,
	DISK_LOW_PERCENT = 5,
	CERT_LOW_DAYS = 10,
	BACKUP_OLD_H = 48,
	CLOCK_MAX_MS = 60 * 1000
};

/* What LINE said of one. */
struct channel {
	char *name;
	int webhook_active, chat_on; /* -1: not known */
	bool clock_known;
	int64_t clock_off_ms; /* LINE's clock minus ours */
	struct channel *next;
};

struct health {
	struct madod *m;
	struct timer *clock;
	struct channel *channels;
};

static struct channel *
channel_of(struct health *h, const char *name)
{
	struct channel *c;

	for (c = h->channels; c != NULL; c = c->next)
		if (strcmp(c->name, name) == 0)
			return c;
	c = x_new(struct channel);
	c->name = x_strdup(name);
	c->webhook_active = c->chat_on = -1;
	c->next = h->channels;
	h->channels = c;
	return c;
}

/* Logged when it begins, not each hour. */
static void
health_told(struct channel *c, const struct channel *was)
{
	if (c->webhook_active == 0 && was->webhook_active != 0)
		log_warn("channel %s: LINE has \"Use webhook\" off", c->name);
	if (c->chat_on == 1 && was->chat_on != 1)
		log_warn("channel %s: chat is on in LINE Official Account "
			 "Manager; what is typed there is invisible here",
		    c->name);
	if (c->clock_known &&
	    (c->clock_off_ms > CLOCK_MAX_MS ||
		c->clock_off_ms < -CLOCK_MAX_MS) &&
	    !was->clock_known)
		log_warn("this machine's clock is %lld s off LINE's",
		    (long long)(c->clock_off_ms / 1000));
}

/* Either answer: which one it is, its members tell. The channel's row outlives
 * the question. */
static void
health_answered(const struct fetch_res *res, void *arg)
{
	struct channel *c = arg, was = *c;
	cJSON *o = json_parse_foreign(res->body, res->n, NULL);
	const char *mode = json_str(o, "chatMode", NULL);

	if (res->date_ms != 0) {
		c->clock_known = true;
		c->clock_off_ms = res->date_ms - when_now_ms();
	}
	if (res->status == 200 && mode != NULL)
		c->chat_on = strcmp(mode, "chat") == 0;
	else if (res->status == 200)
		c->webhook_active = json_bool(o, "active", false);
	health_told(c, &was);
	cJSON_Delete(o);
}

static void
health_ask(struct health *h, const struct config_line *l, const char *path)
{
	line_ask(h->m->line_calls, l, "GET", path, health_answered,
	    channel_of(h, l->name));
}

void
health_look(struct health *h)
{
	const struct config *c = h->m->config;
	size_t i;

	for (i = 0; i < c->n_lines; i++) {
		health_ask(h, &c->lines[i], "/v2/bot/info");
		health_ask(h, &c->lines[i], "/v2/bot/channel/webhook/endpoint");
	}
	timer_set(h->clock, HEALTH_EVERY_MS);
}

static void
health_clock(void *arg)
{
	health_look(arg);
}

struct health *
health_new(struct madod *m)
{
	struct health *h = x_new(struct health);

	h->m = m;
	h->clock = timer_new(m->loop, health_clock, h);
	return h;
}

void
health_free(struct health *h)
{
	struct channel *c;

	if (h == NULL)
		return;
	while ((c = h->channels) != NULL) {
		h->channels = c->next;
		x_free(c->name);
		x_free(c);
	}
	timer_free(h->clock);
	x_free(h);
}

static char *
stamp_path(const struct config *c, const char *what)
{
	return x_sprintf("%s/%s.stamp", c->state_dir, what);
}

int64_t
health_stamped_ms(const struct config *c, const char *what)
{
	char *path = stamp_path(c, what);
	struct stat st;
	int64_t ms = stat(path, &st) == 0 ? (int64_t)st.st_mtime * 1000 : 0;

	x_free(path);
	return ms;
}

void
health_stamp(const struct config *c, const char *what)
{
	char *path;
	int fd;

	if (when_now_ms() - health_stamped_ms(c, what) < STAMP_EVERY_MS)
		return;
	path = stamp_path(c, what);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd != -1) {
		futimens(fd, NULL);
		close(fd);
	}
	x_free(path);
}

bool
health_disk(const struct config *c, struct buf *text)
{
	int64_t free_b;
	int percent;

	if (!probe_disk(c->state_dir, &free_b, &percent)) {
		buf_printf(text, "%s cannot be looked at", c->state_dir);
		return false;
	}
	buf_printf(text, "%lld MB (%d%%) free at %s%s",
	    (long long)(free_b >> 20), percent, c->state_dir,
	    percent < DISK_LOW_PERCENT
		? ": make room, or madod can take no more messages"
		: "");
	return percent >= DISK_LOW_PERCENT;
}

bool
health_certificate(const struct config *c, struct buf *text)
{
	struct err e = {0};
	int64_t days = 0;

	if (c->tls != TLS_FILES) {
		buf_puts(text,
		    c->tls == TLS_OFF ? "TLS ends elsewhere"
				      : "our own, good for years");
		return true;
	}
	if (probe_cert_days(c->tls_cert, &days, &e) == -1)
		buf_puts(text, e.msg);
	else if (days < 0) {
		buf_printf(text, "%s has expired", c->tls_cert);
		if (days < -1)
			buf_printf(text, ", %lld d ago", (long long)-days - 1);
		buf_puts(text,
		    ": renew it (certbot renew), then SIGHUP; LINE sends "
		    "nothing before");
	} else
		buf_printf(text, "%s: %lld days left%s", c->tls_cert,
		    (long long)days,
		    days < CERT_LOW_DAYS ? ": renew it (certbot renew), then "
					   "SIGHUP"
					 : "");
	return e.code == ERR_NONE && days >= CERT_LOW_DAYS;
}

bool
health_backup(const struct config *c, struct buf *text)
{
	int64_t at = health_stamped_ms(c, "backup"),
		hours = (when_now_ms() - at) / 3600000;

	if (at == 0)
		buf_puts(text, "none was made yet: madod backup");
	else
		buf_printf(text, "%lld hours old%s", (long long)hours,
		    hours > BACKUP_OLD_H
			? ": look at madod-backup.timer, or say madod backup"
			: "");
	return at != 0 && hours <= BACKUP_OLD_H;
}

static void
put_head(struct buf *b, const char *name, const char *help)
{
	buf_printf(
	    b, "# HELP madod_%s %s\n# TYPE madod_%s gauge\n", name, help, name);
}

static void
put_one(struct buf *b, const char *name, const char *help, int64_t value)
{
	put_head(b, name, help);
	buf_printf(b, "madod_%s %lld\n", name, (long long)value);
}

/* A figure of each channel; false: not known. */
static bool
channel_webhook(const struct channel *c, int64_t *v)
{
	*v = c->webhook_active;
	return *v != -1;
}

static bool
channel_chat(const struct channel *c, int64_t *v)
{
	*v = c->chat_on;
	return *v != -1;
}

static bool
channel_clock(const struct channel *c, int64_t *v)
{
	*v = c->clock_off_ms / 1000;
	return c->clock_known;
}

static void
put_channels(struct madod *m, struct buf *out)
{
	static const struct {
		const char *name, *help;
		bool (*get)(const struct channel *c, int64_t *v);
	} rows[] = {
	    {"webhook_active", "LINE has \"Use webhook\" on.", channel_webhook},
	    {"chat_on", "Chat is on in LINE Official Account Manager.",
		channel_chat},
	    {"clock_offset_seconds", "LINE's clock minus the machine's.",
		channel_clock},
	};
	const struct channel *c;
	int64_t v;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		put_head(out, rows[i].name, rows[i].help);
		for (c = m->health != NULL ? m->health->channels : NULL;
		     c != NULL; c = c->next)
			if (rows[i].get(c, &v))
				buf_printf(out,
				    "madod_%s{channel=\"%s\"} %lld\n",
				    rows[i].name, c->name, (long long)v);
	}
}

/* A channel that LINE refuses, or that is not reached. */
static void
put_problems(struct madod *m, struct buf *out)
{
	struct sql_rows *q;

	put_head(out, "channel_problem",
	    "LINE refuses the channel's token, or is not reached.");
	q = sql_query(m->db,
	    "SELECT name,problem IS NOT NULL FROM channel ORDER BY name", "");
	while (sql_next(q))
		buf_printf(out, "madod_channel_problem{channel=\"%s\"} %lld\n",
		    sql_text(q, 0), (long long)sql_int(q, 1));
}

void
health_metrics(struct madod *m, struct buf *out)
{
	const struct config *c = m->config;
	int64_t at = health_stamped_ms(c, "backup"), v;
	int percent;

	if (probe_disk(c->state_dir, &v, &percent))
		put_one(out, "disk_free_bytes", "Where state_dir lies.", v);
	if (c->tls == TLS_FILES && probe_cert_days(c->tls_cert, &v, NULL) == 0)
		put_one(out, "certificate_days", "Left of tls_cert.", v);
	if (at != 0)
		put_one(out, "backup_age_seconds", "Since the last backup.",
		    (when_now_ms() - at) / 1000);
	at = health_stamped_ms(c, "redelivered");
	if (at != 0)
		put_one(out, "redelivered_age_seconds",
		    "Since LINE last sent a webhook again.",
		    (when_now_ms() - at) / 1000);
	put_channels(m, out);
	put_problems(m, out);
}
