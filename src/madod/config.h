/*
 * madod.conf, read whole and checked; a new one replaces the old only when it
 * is good.
 */
#ifndef MADOD_CONFIG_H
#define MADOD_CONFIG_H

#include <mado/conf.h>

enum tls_mode { TLS_AUTO, TLS_FILES, TLS_OFF };

struct config_line {
	char *name;
	char *channel_id; /* NULL: the token is long-lived */
	char *secret, *secret_file, *token, *token_file;
	char *api_base, *data_base;
	char *call_url;
	int push; /* enum push_policy */
};

struct config {
	char *file;
	struct conf_list listen, webhook_listen, trusted_proxy;
	int tls;
	char *tls_cert, *tls_key, *store, *state_dir, *public_url, *timezone;
	char *rules, *name;
	int64_t reopen_within_ms, session_ms, media_max_b, backup_keep;
	int64_t upload_max_b, upload_quota_b, upload_keep_ms;
	struct config_line *lines;
	size_t n_lines;
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
/* The tables behind it, for the manual. */
extern const struct conf_key config_keys[];

#endif
