/*
 * The files that madod init writes: the config, systemd's units, and what its
 * way of HTTPS needs. They are made in memory first; then all are written, or
 * those that were are put back. Called by init.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <mado/buf.h>
#include <mado/conf_edit.h>
#include <mado/mem.h>

#include "init.h"
#include "init_text.h"

enum { FILES_MAX = 8, FILE_MAX_B = 1 << 20 };

struct file {
	char *path;
	int mode;
	bool theirs; /* the system user's, who reads it */
	struct buf text, old;
	bool there, written;
};

struct plan {
	struct init *in;
	struct file v[FILES_MAX];
	int n;
	char exe[PATH_MAX], *dir, *tls_dir;
};

static struct file *
plan_add(struct plan *p, char *path, int mode, bool theirs)
{
	struct file *f = &p->v[p->n++];

	*f = (struct file){.path = path, .mode = mode, .theirs = theirs};
	f->there = buf_read_file(&f->old, path, FILE_MAX_B, NULL) == 0;
	return f;
}

static void
plan_free(struct plan *p)
{
	int i;

	for (i = 0; i < p->n; i++) {
		x_free(p->v[i].path);
		if (p->v[i].text.p != NULL)
			explicit_bzero(p->v[i].text.p, p->v[i].text.n);
		buf_free(&p->v[i].text);
		buf_free(&p->v[i].old);
	}
	x_free(p->dir);
	x_free(p->tls_dir);
}

/* What <<NAME>> stands for in a text. */
static const char *
plan_word(const struct plan *p, const char *name, size_t n)
{
	const struct {
		const char *name, *value;
	} words[] = {{"EXE", p->exe}, {"FILE", p->in->file},
	    {"USER", p->in->user}, {"STATE", p->in->state_dir},
	    {"BACKUPS", p->in->backup_dir}, {"HOST", p->in->host},
	    {"LISTEN", p->in->listen}, {"TLS", p->tls_dir}};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i].name) == n &&
		    strncmp(words[i].name, name, n) == 0)
			return words[i].value;
	return "";
}

static void
plan_text(struct plan *p, struct file *f, const char *text)
{
	const char *at, *end;

	for (; (at = strstr(text, "<<")) != NULL; text = end + 2) {
		buf_add(&f->text, text, (size_t)(at - text));
		end = strstr(at, ">>");
		buf_puts(
		    &f->text, plan_word(p, at + 2, (size_t)(end - at - 2)));
	}
	buf_puts(&f->text, text);
}

/* Whether the config says that already; then its line stays as it is. */
static bool
config_has(const struct buf *text, const struct conf_change *c)
{
	struct conf *f = conf_parse("", buf_str(text), text->n, NULL);
	bool has = false;
	size_t i;

	for (i = 0; f != NULL && i < f->n; i++)
		has = has ||
		    (f->items[i].key != NULL &&
			strcmp(f->items[i].section, c->section) == 0 &&
			strcmp(f->items[i].label, c->label) == 0 &&
			strcmp(f->items[i].key, c->key) == 0 &&
			(c->value == NULL ||
			    strcmp(f->items[i].value, c->value) == 0));
	conf_free(f);
	return c->value != NULL ? has : !has;
}

static void
plan_config(struct plan *p)
{
	struct init *in = p->in;
	bool certbot = strcmp(in->https, "certbot") == 0;
	bool own = strcmp(in->https, "own") == 0;
	struct file *f = plan_add(p, x_strdup(in->file), 0600, true);
	char *cert = x_sprintf("%s/fullchain.pem", p->tls_dir);
	char *key = x_sprintf("%s/privkey.pem", p->tls_dir);
	/* own, over a config that is there: TLS is none of our business */
	bool tls = !own || !f->there;
	const struct conf_change changes[] = {
	    {"server", "", "listen", in->listen},
	    {"server", "", "tls", certbot ? "files" : "off"},
	    {"server", "", "tls_cert", certbot ? cert : NULL},
	    {"server", "", "tls_key", certbot ? key : NULL},
	    {"server", "", "trusted_proxy", certbot ? NULL : "127.0.0.1"},
	    {"server", "", "state_dir", in->state_dir},
	    {"server", "", "public_url", in->url},
	    {"server", "", "name", in->name},
	    {"server", "", "timezone", in->timezone},
	    {"line", in->channel, "channel_id", in->channel_id},
	    {"line", in->channel, "channel_secret", in->secret},
	    {"line", in->channel, "channel_access_token", in->token},
	    {"line", in->channel, "channel_access_token_file", NULL},
	    {"line", in->channel, "push", in->push},
	    {"line", in->channel, "api_base", in->api_base},
	    {"line", in->channel, "data_base", in->data_base},
	};
	size_t i;

	buf_add(&f->text, buf_str(&f->old), f->old.n);
	if (!f->there)
		buf_puts(&f->text, init_text_config);
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		if (!tls &&
		    (strncmp(changes[i].key, "tls", 3) == 0 ||
			strcmp(changes[i].key, "trusted_proxy") == 0))
			continue;
		if (changes[i].value == NULL &&
		    strncmp(changes[i].key, "tls", 3) != 0 &&
		    strncmp(changes[i].key, "channel", 7) != 0)
			continue; /* left open: it stays as it is */
		if ((in->keep_secret && changes[i].value == in->secret) ||
		    (in->keep_token &&
			strncmp(changes[i].key, "channel_access", 14) == 0))
			continue;
		if (!config_has(&f->text, &changes[i]))
			conf_edit(&f->text, &changes[i]);
	}
	x_free(cert);
	x_free(key);
}

static void
plan_add_text(struct plan *p, const char *name, int mode, const char *text)
{
	char *path = name[0] == '/' ? x_sprintf("%s%s", p->in->root, name)
				    : x_sprintf("%s/%s", p->dir, name);

	plan_text(p, plan_add(p, path, mode, false), text);
}

/* Only who may write there, or is given another root, gets units. */
static void
plan_system(struct plan *p)
{
	const char *https = p->in->https;

	if (geteuid() != 0 && p->in->root[0] == '\0')
		puts("     not root: systemd's units are not written");
	else {
		plan_add_text(p, "/etc/systemd/system/madod.service", 0644,
		    init_text_service);
		plan_add_text(p, "/etc/systemd/system/madod.socket", 0644,
		    init_text_socket);
		plan_add_text(p, "/etc/systemd/system/madod-backup.service",
		    0644, init_text_backup_service);
		plan_add_text(p, "/etc/systemd/system/madod-backup.timer", 0644,
		    init_text_backup_timer);
	}
	if (strcmp(https, "caddy") == 0)
		plan_add_text(p, "Caddyfile", 0644, init_text_caddy);
	else if (strcmp(https, "tunnel") == 0)
		plan_add_text(p, "cloudflared.yml", 0644, init_text_tunnel);
	else if (strcmp(https, "certbot") == 0)
		plan_add_text(p,
		    "/etc/letsencrypt/renewal-hooks/deploy/madoguchi", 0755,
		    init_text_hook);
}

/* Make them the system user's, where there is one and we may. */
static int
give(const struct init *in, const char *path, struct err *e)
{
	const struct passwd *pw = getpwnam(in->user);

	if (geteuid() != 0 || in->root[0] != '\0' || pw == NULL ||
	    chown(path, pw->pw_uid, pw->pw_gid) == 0)
		return 0;
	return err_set(e, ERR_FAILED, "%s: chown: %s", path, strerror(errno));
}

static int
file_put(struct plan *p, struct file *f, struct err *e)
{
	char *dir =
	    x_strndup(f->path, (size_t)(strrchr(f->path, '/') - f->path));
	int rv = -1;

	if (f->there && f->old.n == f->text.n &&
	    memcmp(buf_str(&f->old), buf_str(&f->text), f->text.n) == 0)
		rv = 0;
	else if ((dir[0] == '\0' || file_mkdirs(dir, 0755, e) == 0) &&
	    file_write(f->path, buf_str(&f->text), f->text.n, f->mode, e) ==
		0) {
		f->written = true;
		p->in->new_config = p->in->new_config || f->theirs;
		p->in->new_units = p->in->new_units || !f->theirs;
		printf("ok   wrote %s\n", f->path);
		rv = 0;
	}
	if (rv == 0 && f->theirs)
		rv = give(p->in, f->path, e);
	x_free(dir);
	return rv;
}

static void
file_back(struct plan *p, struct file *f)
{
	if (!f->written)
		return;
	if (!f->there)
		unlink(f->path);
	else if (file_write(
		     f->path, buf_str(&f->old), f->old.n, f->mode, NULL) == 0 &&
	    f->theirs)
		give(p->in, f->path, NULL);
}

/* The folders that the desk and its backups write to. */
static int
plan_dirs(struct plan *p, struct err *e)
{
	const char *dirs[] = {
	    p->in->state_dir, geteuid() == 0 ? p->in->backup_dir : NULL};
	size_t i;

	for (i = 0; i < 2; i++)
		if (dirs[i] != NULL && p->in->root[0] == '\0' &&
		    (file_mkdirs(dirs[i], 0700, e) == -1 ||
			give(p->in, dirs[i], e) == -1))
			return -1;
	return 0;
}

/* The config as it will be, read once before anything is written. */
static int
plan_check(const struct plan *p, struct err *e)
{
	const struct buf *t = &p->v[0].text;
	char *path = x_sprintf("%s/.madod.conf.new", p->dir);
	struct config *c = NULL;
	int rv = file_mkdirs(p->dir, 0755, e);

	if (rv == 0)
		rv = file_write(path, t->p, t->n, 0600, e);
	if (rv == 0 && (c = config_read(path, e)) == NULL)
		rv = -1;
	config_free(c);
	unlink(path);
	x_free(path);
	return rv;
}

/* The unit keeps madod out of people's folders, so it cannot run from one. */
static int
plan_home(const struct plan *p, struct err *e)
{
	if (p->in->root[0] != '\0' || geteuid() != 0 ||
	    strncmp(p->exe, "/home/", 6) != 0)
		return 0;
	return err_set(e, ERR_FAILED,
	    "%s lies in a home folder, from where systemd shall not run it: "
	    "install it first (make install, or the package)",
	    p->exe);
}

int
init_files_write(struct init *in, struct err *e)
{
	struct plan p = {.in = in};
	const char *slash = strrchr(in->file, '/');
	ssize_t n = readlink("/proc/self/exe", p.exe, sizeof(p.exe) - 1);
	int i, rv;

	p.exe[n > 0 ? n : 0] = '\0';
	p.dir = x_strndup(in->file, (size_t)(slash - in->file));
	p.tls_dir = x_sprintf("%s/tls", p.dir);
	plan_config(&p);
	plan_system(&p);
	rv = plan_home(&p, e) == -1 ? -1 : plan_check(&p, e);
	if (rv == 0)
		rv = plan_dirs(&p, e);
	umask(022);
	for (i = 0; rv == 0 && i < p.n; i++)
		rv = file_put(&p, &p.v[i], e);
	for (i = 0; rv == -1 && i < p.n; i++)
		file_back(&p, &p.v[i]);
	if (rv == -1)
		err_prefix(e, "the files are as they were");
	plan_free(&p);
	return rv;
}
