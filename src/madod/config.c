/*
 * madod.conf by tables; checks that need two keys, and secrets in files.
 */
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#include <mado/buf.h>
#include <mado/mem.h>
#include <mado/model.h>

#include "act.h"
#include "config.h"

static const char *const tls_names[] = {"auto", "files", "off", NULL};
static const char *const push_names[] = {"allow", "ask", "hold", NULL};

#define S(field) offsetof(struct config, field)
#define L(field) offsetof(struct config_line, field)
#define DAY_MS   (86400 * INT64_C(1000))

const struct conf_key config_keys[] = {
    {"server", "listen", CONF_STRS, S(listen), 0, 0, NULL, NULL,
	"where: host:port, [v6]:port or unix:PATH; may be repeated"},
    {"server", "webhook_listen", CONF_STRS, S(webhook_listen), 0, 0, NULL, NULL,
	"a listener that answers only LINE's and customers' paths"},
    {"server", "tls", CONF_ENUM, S(tls), 0, 0, tls_names, "auto",
	"certificate: auto (self-signed, in state_dir), files, or off"},
    {"server", "tls_cert", CONF_STR, S(tls_cert), 0, 0, NULL, NULL,
	"certificate chain (PEM)"},
    {"server", "tls_key", CONF_STR, S(tls_key), 0, 0, NULL, NULL,
	"private key (PEM)"},
    {"server", "trusted_proxy", CONF_STRS, S(trusted_proxy), 0, 0, NULL, NULL,
	"address whose X-Forwarded-For is believed; may be repeated"},
    {"server", "store", CONF_STR, S(store), 0, 0, NULL, "sqlite:madod.db",
	"the database: sqlite:FILE, relative to state_dir"},
    {"server", "state_dir", CONF_STR, S(state_dir), 0, 0, NULL,
	"/var/lib/madod", "store, media and keys"},
    {"server", "public_url", CONF_STR, S(public_url), 0, 0, NULL, NULL,
	"where LINE and customers reach this desk"},
    {"server", "timezone", CONF_STR, S(timezone), 0, 0, NULL, "Asia/Tokyo",
	"of the desk: its days and its clock"},
    {"server", "rules", CONF_STR, S(rules), 0, 0, NULL, NULL,
	"what the bot does; without it everything goes to people"},
    {"server", "name", CONF_STR, S(name), 0, 0, NULL, "desk",
	"what the desk is called on screens"},
    {"server", "reopen_within", CONF_SPAN, S(reopen_within_ms), 0, 365 * DAY_MS,
	NULL, "24h", "a customer who writes so soon after resolving reopens"},
    {"server", "session_life", CONF_SPAN, S(session_ms), 60000, 3650 * DAY_MS,
	NULL, "90d", "how long a sign-in lasts"},
    {"server", "media_max", CONF_SIZE, S(media_max_b), 0, INT64_C(1) << 40,
	NULL, "200M", "larger pictures and films stay at LINE"},
    {"server", "upload_max", CONF_SIZE, S(upload_max_b), 1024, INT64_C(1) << 40,
	NULL, "200M", "the largest file that agents send"},
    {"server", "upload_quota", CONF_SIZE, S(upload_quota_b), 1024,
	INT64_C(1) << 50, NULL, "5G", "room for all files that agents send"},
    {"server", "upload_keep", CONF_SPAN, S(upload_keep_ms), 3600 * 1000,
	3650 * DAY_MS, NULL, "365d",
	"then a sent file is erased and its link ends"},
    {"line", "channel_secret", CONF_STR, L(secret), 0, 0, NULL, NULL,
	"of the Messaging API channel"},
    {"line", "channel_secret_file", CONF_STR, L(secret_file), 0, 0, NULL, NULL,
	"a file that holds it"},
    {"line", "channel_id", CONF_STR, L(channel_id), 0, 0, NULL, NULL,
	"in place of a token: ones of 15 minutes are got with the secret"},
    {"line", "channel_access_token", CONF_STR, L(token), 0, 0, NULL, NULL,
	"long-lived channel access token"},
    {"line", "channel_access_token_file", CONF_STR, L(token_file), 0, 0, NULL,
	NULL, "a file that holds it"},
    {"line", "api_base", CONF_STR, L(api_base), 0, 0, NULL,
	"https://api.line.me", "for tests against a stand-in"},
    {"line", "data_base", CONF_STR, L(data_base), 0, 0, NULL,
	"https://api-data.line.me", "for tests against a stand-in"},
    {"line", "push", CONF_ENUM, L(push), 0, 0, push_names, "allow",
	"when no free reply is possible: allow, ask or hold"},
    {"line", "ack_at", CONF_SPAN, L(ack_at_ms), 0, 45000, NULL, "0s",
	"so old a free reply acknowledges who still waits; 0s: never"},
    {"line", "ack_text", CONF_STR, L(ack_text), 0, 0, NULL, NULL,
	"what it says"},
    {"line", "survey_after", CONF_SPAN, L(survey_after_ms), 0, 7 * DAY_MS, NULL,
	"0s", "so long after resolving the survey is sent; 0s: never"},
    {"line", "survey_every", CONF_SPAN, L(survey_every_ms), 0, 3650 * DAY_MS,
	NULL, "7d", "no customer is asked by itself twice within it"},
    {0}};

char *
config_path(char *path, const char *dir)
{
	char *full;

	if (path == NULL || path[0] == '/' || dir == NULL)
		return path;
	full = x_sprintf("%s/%s", dir, path);
	x_free(path);
	return full;
}

int
config_read_secret(const char *file, char **value, struct err *e)
{
	struct buf b = {0};

	if (buf_read_file(&b, file, 64 << 10, e) == -1)
		return -1;
	while (b.n > 0 && strchr(" \r\n\t", b.p[b.n - 1]) != NULL)
		b.p[--b.n] = '\0';
	*value = buf_take(&b);
	if (**value == '\0')
		return err_set(e, ERR_INVALID, "%s is empty", file);
	return 0;
}

static int
config_secret(const struct conf *c, const struct conf_item *at, char **value,
    char **file, const char *dir, struct err *e)
{
	const char *what = strstr(at->key, "token") ? "channel_access_token"
						    : "channel_secret";

	if (*value == NULL && *file == NULL)
		return conf_error(c, at, e, "[line %s] needs %s or %s_file%s",
		    at->label, what, what,
		    strstr(at->key, "token") ? ", or channel_id" : "");
	if (*value != NULL)
		return 0;
	*file = config_path(*file, dir);
	if (config_read_secret(*file, value, e) == -1)
		return err_prefix(e, "%s_file", what);
	return 0;
}

static int
config_add_line(struct config *c, const struct conf *f,
    const struct conf_item *at, const char *dir, struct err *e)
{
	struct conf_item item = *at;
	struct config_line *l;

	if (at->label[0] == '\0' ||
	    strspn(at->label, "abcdefghijklmnopqrstuvwxyz0123456789_-") !=
		strlen(at->label))
		return conf_error(f, at, e,
		    "a channel's name is made of a-z"
		    " 0-9 _ -, as in [line main]");
	if (config_line_find(c, at->label) != NULL)
		return conf_error(
		    f, at, e, "[line %s] stands here twice", at->label);
	c->lines = x_realloc(c->lines, c->n_lines + 1, sizeof(*c->lines));
	l = &c->lines[c->n_lines++];
	memset(l, 0, sizeof(*l));
	l->name = x_strdup(at->label);
	if (conf_apply(f, config_keys, "line", at->label, l, e) == -1)
		return -1;
	item.key = "secret";
	if (config_secret(f, &item, &l->secret, &l->secret_file, dir, e) == -1)
		return -1;
	item.key = "token";
	if (l->channel_id != NULL)
		return l->token == NULL && l->token_file == NULL
		    ? 0
		    : conf_error(f, at, e,
			  "[line %s] has a channel_id and a"
			  " channel_access_token: one of them is enough",
			  at->label);
	return config_secret(f, &item, &l->token, &l->token_file, dir, e);
}

static int
config_check(struct config *c, const struct conf *f, struct err *e)
{
	size_t i;

	if (c->tls == TLS_FILES && (c->tls_cert == NULL || c->tls_key == NULL))
		return err_set(e, ERR_INVALID,
		    "%s: tls = files needs tls_cert and tls_key", f->file);
	if (c->listen.n == 0) {
		c->listen.v = x_calloc(1, sizeof(char *));
		c->listen.v[c->listen.n++] = x_strdup("127.0.0.1:7443");
	}
	c->proxies = x_calloc(c->trusted_proxy.n + 1, sizeof(char *));
	for (i = 0; i < c->trusted_proxy.n; i++)
		c->proxies[i] = c->trusted_proxy.v[i];
	return 0;
}

static int
config_fill(struct config *c, const struct conf *f, struct err *e)
{
	static const char *const sections[] = {
	    "server", "line", "card", "link", "alert", "bot", NULL};
	const char *slash = strrchr(f->file, '/');
	char *dir = slash != NULL
	    ? x_strndup(f->file, (size_t)(slash - f->file))
	    : x_strdup(".");
	int rv = -1;
	size_t i;

	if (conf_sections(f, sections, e) == -1 ||
	    conf_apply(f, config_keys, "server", "", c, e) == -1 ||
	    config_check_values(f, e) == -1)
		goto out;
	c->state_dir = config_path(c->state_dir, dir);
	c->rules = config_path(c->rules, dir);
	c->tls_cert = config_path(c->tls_cert, dir);
	c->tls_key = config_path(c->tls_key, dir);
	for (i = 0; i < f->n; i++)
		if (f->items[i].key == NULL &&
		    strcmp(f->items[i].section, "line") == 0 &&
		    config_add_line(c, f, &f->items[i], dir, e) == -1)
			goto out;
	for (i = 0; i < f->n; i++)
		if (f->items[i].key == NULL &&
		    name_find(config_side_names, f->items[i].section) != -1 &&
		    config_add_side(c, f, &f->items[i], e) == -1)
			goto out;
	for (i = 0; i < f->n; i++)
		if (f->items[i].key == NULL &&
		    strcmp(f->items[i].section, "bot") == 0 &&
		    config_add_bot(c, f, &f->items[i], dir, e) == -1)
			goto out;
	rv = config_check(c, f, e);
out:
	x_free(dir);
	return rv;
}

struct config *
config_read(const char *path, struct err *e)
{
	struct conf *f = conf_read(path, e);
	struct config *c;

	if (f == NULL)
		return NULL;
	c = x_new(struct config);
	c->file = x_strdup(path);
	if (config_fill(c, f, e) == -1) {
		config_free(c);
		c = NULL;
	}
	conf_free(f);
	return c;
}

void
config_free(struct config *c)
{
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < c->n_lines; i++) {
		x_free(c->lines[i].name);
		conf_release(config_keys, "line", &c->lines[i]);
	}
	config_free_sides(c);
	config_free_bot(c);
	conf_release(config_keys, "server", c);
	x_free(c->lines);
	x_free(c->proxies);
	x_free(c->file);
	x_free(c);
}

const struct config_line *
config_line_find(const struct config *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->n_lines; i++)
		if (strcmp(c->lines[i].name, name) == 0)
			return &c->lines[i];
	return NULL;
}
