/* The subcommands: see admin.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <termios.h>
#include <unistd.h>

#include <mado/buf.h>
#include <mado/manual.h>
#include <mado/text.h>
#include <mado/when.h>

#include "admin.h"
#include "admin_faq.h"
#include "backup.h"
#include "schema.h"
#include "serve.h"

enum { ADMIN_TRY_MS = 10000, ADMIN_PAUSE_US = 50000 };

/* One run. */
struct admin {
	struct config *config; /* own, also when `here` has another */
	struct madod *here;    /* a desk for a moment; NULL: one runs */
	struct loop *loop;
	struct fetch *fetch;
	char *sock;
	int64_t until_ms; /* mono: a desk is looked for so long */
	/* the last answer */
	bool answered, not_sent;
	struct err err;
	cJSON *json;
};

struct sub {
	const char *name; /* one word or two */
	const char *args;
	const char *help;
	int (*run)(struct admin *d, int argc, char **argv, struct err *e);
	/* instead of run when no madod runs, or when there is no run: needs no
	 * desk */
	int (*alone)(
	    const struct config *c, int argc, char **argv, struct err *e);
};

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

/* Is a madod at work on this state_dir? */
static bool
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
admin_open(struct admin *d, struct err *e)
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

/* Call the API; the answer is in d->json. args is freed. The desk that answered
 * a moment ago may have been another subcommand, and be gone. */
static int
admin_call(struct admin *d, const char *method, const char *path, cJSON *args,
    struct err *e)
{
	char *body = args != NULL ? cJSON_PrintUnformatted(args) : NULL;
	int rv = admin_ask(d, method, path, body);

	while (rv == -1 && d->not_sent && d->here == NULL &&
	    when_mono_ms() < d->until_ms && admin_open(d, e) == 0)
		rv = admin_ask(d, method, path, body);
	if (body != NULL)
		explicit_bzero(body, strlen(body));
	cJSON_free(body);
	cJSON_Delete(args);
	*e = d->err;
	return rv;
}

static void
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

/* Its newline, also as Windows writes it; mado does the same. */
static void
admin_chomp(char *line)
{
	size_t n = strcspn(line, "\n");

	if (line[n] == '\n' && n > 0 && line[n - 1] == '\r')
		n--;
	line[n] = '\0';
}

/* The first line of standard input; asked for on a terminal, unseen. */
static int
admin_password(char **out, struct err *e)
{
	struct termios old, quiet;
	char line[1100];
	bool tty = tcgetattr(STDIN_FILENO, &old) == 0;
	bool got;

	if (tty) {
		quiet = old;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		fputs("Password: ", stderr);
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	}
	got = fgets(line, sizeof(line), stdin) != NULL;
	if (tty) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &old);
		fputc('\n', stderr);
	}
	if (!got)
		return err_set(e, ERR_INVALID, "no password on standard input");
	admin_chomp(line);
	*out = x_strdup(line);
	explicit_bzero(line, sizeof(line));
	return 0;
}

const char *
admin_opt(int *argc, char **argv, const char *name, bool value)
{
	const char *out = NULL;
	int i, n = value ? 2 : 1;

	for (i = 0; i + n <= *argc; i++)
		if (strcmp(argv[i], name) == 0) {
			out = argv[i + n - 1];
			memmove(&argv[i], &argv[i + n],
			    (size_t)(*argc - i - n) * sizeof(*argv));
			*argc -= n;
			break;
		}
	return out;
}

static const struct sub *sub_find(const char *name);

int
admin_words(int argc, int want, const char *sub, struct err *e)
{
	return argc == want
	    ? 0
	    : err_set(e, ERR_INVALID, "usage: madod -c FILE %s %s", sub,
		  sub_find(sub)->args);
}

static int
sub_user_add(struct admin *d, int argc, char **argv, struct err *e)
{
	const char *role = admin_opt(&argc, argv, "--role", true),
		   *display = admin_opt(&argc, argv, "--display", true);
	bool ask = admin_opt(&argc, argv, "--password-stdin", false) != NULL;
	cJSON *o = cJSON_CreateObject();
	char *password = NULL;
	int rv = -1;

	if (admin_words(argc, 1, "user add", e) == -1)
		goto out;
	if (role == NULL) {
		err_set(e, ERR_INVALID,
		    "user add needs --role viewer, agent, "
		    "supervisor or admin");
		goto out;
	}
	if ((ask || isatty(STDIN_FILENO)) && admin_password(&password, e) == -1)
		goto out;
	cJSON_AddStringToObject(o, "name", argv[0]);
	cJSON_AddStringToObject(o, "role", role);
	if (display != NULL)
		cJSON_AddStringToObject(o, "display", display);
	if (password != NULL)
		cJSON_AddStringToObject(o, "password", password);
	rv = admin_call(d, "POST", "/v1/users", o, e);
	o = NULL;
out:
	if (password != NULL)
		explicit_bzero(password, strlen(password));
	x_free(password);
	cJSON_Delete(o);
	return rv;
}

static int
sub_user_list(struct admin *d, int argc, char **argv, struct err *e)
{
	const cJSON *it;

	(void)argv;
	if (admin_words(argc, 0, "user list", e) == -1 ||
	    admin_call(d, "GET", "/v1/users", NULL, e) == -1)
		return -1;
	cJSON_ArrayForEach(it, json_arr(d->json, "agents"))
	    printf("%-20s %-11s %s%s\n", json_str(it, "name", ""),
		json_str(it, "role", ""), json_str(it, "display", ""),
		json_bool(it, "disabled", false) ? " (disabled)" : "");
	return 0;
}

/* POST /v1/users/NAME/WHAT */
static int
admin_user(struct admin *d, const char *name, const char *what, cJSON *args,
    struct err *e)
{
	struct buf path = {0};
	int rv;

	buf_puts(&path, "/v1/users/");
	fetch_escape(&path, name);
	buf_printf(&path, "/%s", what);
	rv = admin_call(d, "POST", path.p, args, e);
	buf_free(&path);
	return rv;
}

static int
sub_user_passwd(struct admin *d, int argc, char **argv, struct err *e)
{
	cJSON *o = cJSON_CreateObject();
	char *password = NULL;

	admin_opt(&argc, argv, "--password-stdin", false);
	if (admin_words(argc, 1, "user passwd", e) == -1 ||
	    admin_password(&password, e) == -1) {
		cJSON_Delete(o);
		return -1;
	}
	cJSON_AddStringToObject(o, "password", password);
	explicit_bzero(password, strlen(password));
	x_free(password);
	return admin_user(d, argv[0], "passwd", o, e);
}

static int
sub_user_role(struct admin *d, int argc, char **argv, struct err *e)
{
	cJSON *o;

	if (admin_words(argc, 2, "user role", e) == -1)
		return -1;
	o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "role", argv[1]);
	return admin_user(d, argv[0], "role", o, e);
}

static int
sub_user_disable(struct admin *d, int argc, char **argv, struct err *e)
{
	return admin_words(argc, 1, "user disable", e) == -1
	    ? -1
	    : admin_user(d, argv[0], "disable", NULL, e);
}

static int
sub_user_enable(struct admin *d, int argc, char **argv, struct err *e)
{
	return admin_words(argc, 1, "user enable", e) == -1
	    ? -1
	    : admin_user(d, argv[0], "enable", NULL, e);
}

static int
sub_sign_out(struct admin *d, int argc, char **argv, struct err *e)
{
	return admin_words(argc, 1, "sign-out", e) == -1
	    ? -1
	    : admin_user(d, argv[0], "sign-out", NULL, e);
}

/*
 * The pair that TLS uses, and its key's pin: `mado login` shows that of a
 * self-signed one and asks. False when the pair cannot be used.
 */
static bool
check_tls(const struct config *c)
{
	bool own = c->tls == TLS_AUTO;
	char *cert = own ? serve_path(c, "tls.crt") : x_strdup(c->tls_cert);
	char *key = own ? serve_path(c, "tls.key") : x_strdup(c->tls_key);
	struct httpd_tls *t = NULL;
	char pin[FETCH_PIN_B] = "";
	struct buf pem = {0};
	struct err e = {0};
	bool made = !own || access(cert, F_OK) == 0;

	if (made && (t = httpd_tls_new(cert, key, &e)) == NULL)
		printf("BAD  tls: %s\n", e.msg);
	else if (!made)
		printf("ok   tls: %s is made at the first start\n", cert);
	else if (buf_read_file(&pem, cert, 1 << 20, &e) == 0 &&
	    fetch_pin_of(pem.p, pin))
		printf("ok   tls: %s, key %s\n", cert, pin);
	httpd_tls_free(t);
	buf_free(&pem);
	x_free(cert);
	x_free(key);
	return e.code == ERR_NONE;
}

static int
sub_check(struct admin *d, int argc, char **argv, struct err *e)
{
	bool line = admin_opt(&argc, argv, "--line", false) != NULL;
	const cJSON *it;
	int bad = 0;

	if (admin_words(argc, 0, "check", e) == -1)
		return -1;
	printf("ok   config %s: %zu channel%s\n", d->config->file,
	    d->config->n_lines, d->config->n_lines == 1 ? "" : "s");
	bad += d->config->tls != TLS_OFF && !check_tls(d->config);
	if (admin_call(d, "GET", line ? "/v1/check?line=1" : "/v1/check", NULL,
		e) == -1)
		return -1;
	cJSON_ArrayForEach(it, json_arr(d->json, "checks"))
	{
		bool ok = json_bool(it, "ok", false);

		bad += !ok;
		printf("%s %s: %s\n", ok ? "ok  " : "BAD ",
		    json_str(it, "what", ""), json_str(it, "text", ""));
	}
	return bad == 0 ? 0
			: err_set(e, ERR_FAILED, "%d check%s failed", bad,
			      bad == 1 ? "" : "s");
}

/* POST {file}, its path as the desk sees it. */
static int
admin_file(struct admin *d, const char *path, const char *file, struct err *e)
{
	char cwd[PATH_MAX], *full;
	cJSON *o;

	if (getcwd(cwd, sizeof(cwd)) == NULL)
		return err_set(
		    e, ERR_FAILED, "this folder: %s", strerror(errno));
	full = file[0] == '/' ? x_strdup(file) : x_sprintf("%s/%s", cwd, file);
	o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "file", full);
	x_free(full);
	return admin_call(d, "POST", path, o, e);
}

static int
sub_backup(struct admin *d, int argc, char **argv, struct err *e)
{
	return admin_words(argc, 1, "backup", e) == -1
	    ? -1
	    : admin_file(d, "/v1/backup", argv[0], e);
}

/* Through the madod that runs; it puts the store in place itself. */
static int
sub_restore(struct admin *d, int argc, char **argv, struct err *e)
{
	return admin_words(argc, 1, "restore", e) == -1
	    ? -1
	    : admin_file(d, "/v1/restore", argv[0], e);
}

/* "name TAB text", \n and \t in the text; whole file or nothing. */
static int
canned_line(const char *file, int line, char *s, cJSON *list, struct err *e)
{
	char *tab = strchr(s, '\t'), *r, *w;
	cJSON *o;

	if (tab == NULL || tab == s || tab[1] == '\0')
		return err_set(e, ERR_INVALID,
		    "%s:%d: a line is a name, a "
		    "tab and the text",
		    file, line);
	*tab = '\0';
	for (r = w = tab + 1; *r != '\0'; r++)
		if (r[0] == '\\' && r[1] != '\0') {
			r++;
			*w++ = *r == 'n' ? '\n' : *r == 't' ? '\t' : *r;
		} else
			*w++ = *r;
	*w = '\0';
	o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "name", s);
	cJSON_AddStringToObject(o, "text", tab + 1);
	cJSON_AddItemToArray(list, o);
	return 0;
}

static int
sub_canned_import(struct admin *d, int argc, char **argv, struct err *e)
{
	cJSON *o = cJSON_CreateObject(), *list;
	struct buf b = {0};
	char *s, *next;
	int line = 1, rv = -1;

	list = cJSON_AddArrayToObject(o, "canned");
	if (admin_words(argc, 1, "canned import", e) == -1 ||
	    buf_read_file(&b, argv[0], 1 << 20, e) == -1)
		goto out;
	if (!text_is_utf8(buf_str(&b), b.n)) {
		err_set(e, ERR_INVALID, "%s is not UTF-8", argv[0]);
		goto out;
	}
	buf_putc(&b, '\n');
	s = strncmp(b.p, "\xef\xbb\xbf", 3) == 0 ? b.p + 3 : b.p;
	for (; *s != '\0'; s = next, line++) {
		next = s + strcspn(s, "\n") + 1;
		next[-1] = '\0';
		s[strcspn(s, "\r")] = '\0';
		if (*s != '\0' && canned_line(argv[0], line, s, list, e) == -1)
			goto out;
	}
	rv = admin_call(d, "POST", "/v1/canned", o, e);
	o = NULL;
out:
	cJSON_Delete(o);
	buf_free(&b);
	return rv;
}

/* None runs, and the store that is there need not be readable. */
static int
restore_alone(const struct config *c, int argc, char **argv, struct err *e)
{
	char *store = serve_store(c);
	int rv = admin_words(argc, 1, "restore", e);

	if (rv == 0 && (rv = file_mkdirs(c->state_dir, 0700, e)) == 0)
		rv = backup_restore(argv[0], store, c->state_dir, e);
	if (rv == 0)
		rv = schema_migrate(store, e);
	x_free(store);
	return rv;
}

static const struct sub subs[] = {
    {"user add",
	"NAME --role viewer|agent|supervisor|admin "
	"[--display NAME] [--password-stdin]",
	"make an account", sub_user_add, NULL},
    {"user list", "", "all accounts", sub_user_list, NULL},
    {"user passwd", "NAME [--password-stdin]",
	"a new password; ends the account's sign-ins", sub_user_passwd, NULL},
    {"user role", "NAME ROLE", "another role", sub_user_role, NULL},
    {"user disable", "NAME",
	"no more sign-in; ends those there are, frees what the agent had",
	sub_user_disable, NULL},
    {"user enable", "NAME", "sign-in again", sub_user_enable, NULL},
    {"sign-out", "NAME", "end the account's sign-ins", sub_sign_out, NULL},
    {"check", "[--line]", "config and store; with --line ask LINE too",
	sub_check, NULL},
    {"backup", "FILE", "store, media and keys into one file", sub_backup, NULL},
    {"restore", "FILE", "put a backup in place of the store: a new epoch",
	sub_restore, restore_alone},
    {"canned import", "FILE.tsv", "canned replies: name TAB text",
	sub_canned_import, NULL},
    {"faq import",
	"FAQ.tsv [--examples FILE] [--negatives FILE] [--channel NAME]",
	"what the bot answers: id, question, answer; with examples: id, words",
	NULL, admin_faq_import},
    {"faq eval", "QUERIES.tsv [--channel NAME] [--json | --list]",
	"how right it answers: query, id (or id|id, or - for none)", NULL,
	admin_faq_eval},
    {0}};

static const struct sub *
sub_find(const char *name)
{
	const struct sub *s;

	for (s = subs; s->name != NULL; s++)
		if (strcmp(s->name, name) == 0)
			return s;
	return NULL;
}

void
admin_usage(FILE *f)
{
	const struct sub *s;

	for (s = subs; s->name != NULL; s++)
		if (s->help != NULL)
			fprintf(f, "  %s%s%s\n      %s\n", s->name,
			    *s->args ? " " : "", s->args, s->help);
}

void
admin_rows(void)
{
	const struct sub *s;

	for (s = subs; s->name != NULL; s++)
		if (s->help != NULL)
			manual_row(
			    "subcommands", s->name, s->args, s->help, NULL);
}

int
admin_main(struct config *c, int argc, char **argv, struct err *e)
{
	struct admin d = {.config = c};
	const struct sub *s = sub_find(argv[0]);
	int used = 1, rv;
	char *two;

	if (s == NULL && argc > 1) {
		two = x_sprintf("%s %s", argv[0], argv[1]);
		s = sub_find(two);
		x_free(two);
		used = 2;
	}
	if (s == NULL) {
		config_free(c);
		return err_set(e, ERR_INVALID,
		    "there is no subcommand \"%s\";"
		    " see madod --help",
		    argv[0]);
	}
	if (s->alone != NULL && (s->run == NULL || !admin_running(c))) {
		rv = s->alone(c, argc - used, argv + used, e);
		config_free(c);
		return rv;
	}
	d.sock = serve_path(c, "madod.sock");
	d.until_ms = when_mono_ms() + ADMIN_TRY_MS;
	d.loop = loop_new();
	d.fetch = fetch_new(d.loop, 2);
	if ((rv = admin_open(&d, e)) == 0)
		rv = s->run(&d, argc - used, argv + used, e);
	admin_close(&d);
	return rv;
}
