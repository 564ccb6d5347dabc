/*
 * madod.conf, read whole and checked; a new one replaces the old only when it
 * is good.
 */
#ifndef MADOD_CONFIG_H
#define MADOD_CONFIG_H

#include <mado/conf.h>

#include "advice.h"

enum tls_mode { TLS_AUTO, TLS_FILES, TLS_OFF };

struct config_line {
	char *name;
	char *channel_id; /* NULL: the token is long-lived */
	char *secret, *secret_file, *token, *token_file;
	char *api_base, *data_base;
	int64_t ack_at_ms;       /* 0: never */
	char *ack_text;          /* NULL: ours */
	int64_t survey_after_ms; /* 0: never */
	int64_t survey_every_ms;
	int push; /* enum push_policy */
};

enum side_kind { SIDE_CARD, SIDE_LINK, SIDE_ALERT };

struct config_side { /* [card NAME], [link NAME], [alert NAME] */
	enum side_kind kind;
	char *name;
	char *run, *url, *pattern, *when, *body;
	struct conf_list args, headers;
	int64_t deadline_ms, cache_ms, repeat_ms;
};

struct config {
	char *file;
	struct conf_list listen, webhook_listen, trusted_proxy;
	int tls;
	char *tls_cert, *tls_key, *store, *state_dir, *public_url, *timezone;
	char *rules, *name;
	int64_t reopen_within_ms, session_ms, media_max_b;
	int64_t upload_max_b, upload_quota_b, upload_keep_ms;
	struct config_line *lines;
	size_t n_lines;
	struct config_side *sides;
	size_t n_sides;
	struct advice_policy bot;
	const char **proxies; /* trusted_proxy, NULL-terminated; lent */
};

/* NULL with ERR_NOTFOUND or ERR_INVALID ("FILE:LINE: ..."). Secrets in files
 * are read here. Relative paths are seen from the config's folder, the store's
 * from state_dir. Caller frees with config_free(). */
struct config *config_read(const char *path, struct err *e);
void config_free(struct config *c);
const struct config_line *config_line_find(
    const struct config *c, const char *name);
/* ERR_INVALID for the first value that can't be meant: config_check.c. */
int config_check_values(const struct conf *f, struct err *e);
/* May what customers say go there: https, or http to this machine? */
bool config_is_safe_url(const char *url);
/* What a file holds, its blank end cut; ERR_INVALID when that is nothing. */
int config_read_secret(const char *file, char **value, struct err *e);
/* A relative path is seen from a folder. Takes and gives x_ memory. */
char *config_path(char *path, const char *dir);
/* The tables behind it, for the manual. */
extern const struct conf_key config_keys[], config_side_keys[],
    config_bot_keys[];

/* config_side.c: add the section that begins there; ERR_INVALID. */
extern const char *const config_side_names[]; /* by enum side_kind */
int config_add_side(struct config *c, const struct conf *f,
    const struct conf_item *at, struct err *e);
void config_free_sides(struct config *c);
/* config_bot.c: the same for [bot]. */
int config_add_bot(struct config *c, const struct conf *f,
    const struct conf_item *at, const char *dir, struct err *e);
void config_free_bot(struct config *c);

#endif
