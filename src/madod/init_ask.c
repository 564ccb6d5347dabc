/*
 * The answers of madod init: a row each, with its flag, its question and what
 * can be meant. Called by init.c.
 */
#include <pwd.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <mado/buf.h>
#include <mado/manual.h>
#include <mado/model.h>
#include <mado/when.h>
#include <mado/mem.h>

#include "init.h"

enum { ID_N = 10, SECRET_N = 32, TYPED_MAX_B = 1100 };

static bool
is_digits(const char *s, size_t n)
{
	return strlen(s) == n && strspn(s, "0123456789") == n;
}

static bool
is_id(const char *s)
{
	return is_digits(s, ID_N);
}

static bool
is_secret(const char *s)
{
	return strlen(s) == SECRET_N &&
	    strspn(s, "0123456789abcdef") == SECRET_N;
}

static bool
is_token(const char *s)
{
	return *s != '\0' && strpbrk(s, " \t\r\n") == NULL;
}

static bool
is_text(const char *s)
{
	return *s != '\0' && strpbrk(s, "\r\n") == NULL;
}

static bool
is_channel(const char *s)
{
	return *s != '\0' &&
	    strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_-") == strlen(s);
}

/* Scheme and host, perhaps a port; LINE takes https only, a stand-in what it
 * gets. */
static bool
is_public(const char *s)
{
	const char *host = strstr(s, "://");

	if (host == NULL ||
	    (strncmp(s, "https://", 8) != 0 &&
		strncmp(s, "http://127.", 11) != 0))
		return false;
	host += 3;
	return *host != '\0' && strpbrk(host, "/ \t?#@\"'") == NULL;
}

static bool
is_one_of(const char *words, const char *s)
{
	size_t n = strlen(s);
	const char *w;

	for (w = words; n > 0 && (w = strstr(w, s)) != NULL; w += n)
		if ((w == words || w[-1] == ' ') &&
		    (w[n] == ' ' || w[n] == '\0'))
			return true;
	return false;
}

static bool
is_https(const char *s)
{
	return is_one_of("caddy certbot tunnel own", s);
}

static bool
is_push(const char *s)
{
	return is_one_of("allow ask hold", s);
}

static bool
is_account(const char *s)
{
	const char *colon = strchr(s, ':');

	return colon != NULL && colon > s &&
	    name_find(role_names, colon + 1) != -1;
}

static bool
is_user(const char *s)
{
	return *s != '\0' && *s != '-' &&
	    strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_-") == strlen(s);
}

static bool
is_folder(const char *s)
{
	return *s == '/' && strpbrk(s, "\n\"%") == NULL;
}

static bool
is_wait(const char *s)
{
	return *s != '\0' && strspn(s, "0123456789") == strlen(s);
}

#define AT(field) offsetof(struct init, field)

static const struct answer {
	const char *flag, *arg;
	size_t off;
	const char *def;
	bool (*fits)(const char *s);
	const char *what;     /* it must be that */
	const char *question; /* NULL: not asked */
	const char *help;
	bool secret, many;
} answers[] = {
    {"--channel-id", "ID", AT(channel_id), NULL, is_id,
	"10 digits: LINE Developers Console, your channel, Basic settings",
	"Channel ID (LINE Developers Console, Basic settings)",
	"of the Messaging API channel", false, false},
    {"--channel-secret", "SECRET", AT(secret), NULL, is_secret,
	"32 characters of 0-9 a-f: LINE Developers Console, your channel, "
	"Basic settings",
	"Channel secret (the same page; it stays unseen)",
	"of that channel; \"-\": the first line of standard input", true,
	false},
    {"--token", "TOKEN", AT(token), NULL, is_token,
	"a long-lived channel access token, without blanks", NULL,
	"a long-lived token, in place of the channel id", true, false},
    {"--public-url", "URL", AT(url), NULL, is_public,
	"https:// and the name by which LINE reaches this desk, such as "
	"https://desk.example.jp",
	"Public address (https://desk.example.jp)",
	"where LINE and customers reach this desk", false, false},
    {"--https", "KIND", AT(https), "caddy", is_https,
	"caddy, certbot, tunnel or own",
	"HTTPS: caddy (it gets certificates itself), certbot, tunnel (no open "
	"port), own (something else does it)",
	"who ends TLS: caddy, certbot, tunnel or own", false, false},
    {"--push", "WHEN", AT(push), "allow", is_push, "allow, ask or hold",
	"When no free reply is possible: allow (push, it counts), ask, hold "
	"(until they write)",
	"when no free reply is possible: allow, ask or hold", false, false},
    {"--account", "NAME:ROLE", AT(accounts), NULL, is_account,
	"NAME:ROLE, with role viewer, agent, supervisor or admin",
	"Accounts to make, such as sato:admin suzuki:agent",
	"an account and its invitation; may be repeated", false, true},
    {"--listen", "ADDR", AT(listen), NULL, is_token, "host:port", NULL,
	"where madod listens; chosen by --https unless said", false, false},
    {"--channel", "NAME", AT(channel), "main", is_channel,
	"made of a-z 0-9 _ -", NULL, "what the channel is called here", false,
	false},
    {"--name", "TEXT", AT(name), NULL, is_text, "one line", NULL,
	"what the desk is called on screens", false, false},
    {"--timezone", "ZONE", AT(timezone), NULL, is_token,
	"a zone such as Asia/Tokyo", NULL, "of the desk", false, false},
    {"--user", "NAME", AT(user), "madod", is_user, "a system user's name", NULL,
	"the system user that madod runs as", false, false},
    {"--state-dir", "DIR", AT(state_dir), "/var/lib/madod", is_folder,
	"an absolute path", NULL, "store, media and keys", false, false},
    {"--backup-dir", "DIR", AT(backup_dir), "/var/backups/madoguchi", is_folder,
	"an absolute path", NULL, "where each night's backup goes", false,
	false},
    {"--wait", "SECONDS", AT(wait), NULL, is_wait, "a number of seconds", NULL,
	"how long to wait for a first message; 0: not at all", false, false},
    {"--api-base", "URL", AT(api_base), NULL, is_token, "an address", NULL,
	"for tests against a stand-in", false, false},
    {"--data-base", "URL", AT(data_base), NULL, is_token, "an address", NULL,
	"for tests against a stand-in", false, false},
    {"--root", "DIR", AT(root), "", is_folder, "an absolute path", NULL,
	"write the system's files below DIR, and start nothing", false, false},
};
enum { ANSWERS_N = sizeof(answers) / sizeof(answers[0]) };

static char **
answer_at(struct init *in, const struct answer *a)
{
	return (char **)((char *)in + a->off);
}

void
init_rows(void)
{
	size_t i;

	for (i = 0; i < ANSWERS_N; i++)
		manual_row("init", answers[i].flag, answers[i].arg,
		    answers[i].def != NULL ? answers[i].def : "",
		    answers[i].help, NULL);
}

static void
accounts_add(struct init *in, const char *s)
{
	struct conf_list *l = &in->accounts;

	l->v = x_realloc(l->v, l->n + 1, sizeof(char *));
	l->v[l->n++] = x_strdup(s);
}

/* A line typed on the terminal (unseen: a secret) after the question; the
 * default on an empty one. Caller frees with x_free(). */
static char *
line_typed(const char *question, const char *def, bool unseen)
{
	struct termios old, quiet;
	char line[TYPED_MAX_B] = "";
	char *out;

	fprintf(stderr, "%s%s%s%s: ", question, def != NULL ? " [" : "",
	    def != NULL ? def : "", def != NULL ? "]" : "");
	if (unseen && tcgetattr(STDIN_FILENO, &old) == 0) {
		quiet = old;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSADRAIN, &quiet);
	} else
		unseen = false;
	if (fgets(line, sizeof(line), stdin) == NULL)
		line[0] = '\0';
	if (unseen) {
		tcsetattr(STDIN_FILENO, TCSADRAIN, &old);
		fputc('\n', stderr);
	}
	line[strcspn(line, "\r\n")] = '\0';
	out = x_strdup(line[0] == '\0' && def != NULL ? def : line);
	explicit_bzero(line, sizeof(line));
	return out;
}

/* Take a value, if it can be meant. */
static int
answer_set(
    struct init *in, const struct answer *a, const char *value, struct err *e)
{
	char **at = answer_at(in, a);

	if (!a->fits(value))
		return err_set(e, ERR_INVALID, "%s%s%s must be %s", a->flag,
		    a->secret ? "" : " ", a->secret ? "" : value, a->what);
	if (a->many) {
		accounts_add(in, value);
		return 0;
	}
	x_free(*at);
	*at = x_strdup(value);
	if (a->off == AT(secret))
		in->keep_secret = false;
	return 0;
}

static const struct answer *
answer_find(const char *flag, size_t n)
{
	for (size_t i = 0; i < ANSWERS_N; i++)
		if (strlen(answers[i].flag) == n &&
		    strncmp(answers[i].flag, flag, n) == 0)
			return &answers[i];
	return NULL;
}

/* One flag with its value, as "--x V" or "--x=V"; moves *argv on. */
static int
answer_flag(struct init *in, char ***argv, struct err *e)
{
	const char *arg = *(*argv)++, *value = strchr(arg, '=');
	size_t n = value != NULL ? (size_t)(value++ - arg) : strlen(arg);
	const struct answer *a = answer_find(arg, n);
	char *typed = NULL;
	int rv;

	if (a == NULL)
		return err_set(
		    e, ERR_INVALID, "init has no option %s; see madod(8)", arg);
	if (value == NULL && (value = **argv) != NULL)
		(*argv)++;
	if (value == NULL)
		return err_set(e, ERR_INVALID, "%s needs %s", a->flag, a->arg);
	if (a->secret && strcmp(value, "-") == 0)
		value = typed = line_typed(a->flag, NULL, in->tty);
	rv = answer_set(in, a, value, e);
	in->flags |= 1u << (a - answers);
	x_free(typed);
	return rv;
}

/* LINE's own addresses need no line in the config. */
static const char *
not_line(const char *base)
{
	return strstr(base, "//api.line.me") != NULL ||
		strstr(base, "//api-data.line.me") != NULL
	    ? NULL
	    : base;
}

/* What the config that is there says, where no flag does. */
static void
answers_keep(struct init *in, const struct config *c)
{
	const struct config_line *l =
	    config_line_find(c, in->channel != NULL ? in->channel : "main");
	/* a token given now takes the place of the id, and the other way */
	bool by_flag = in->token != NULL || in->channel_id != NULL;
	const struct {
		char **at;
		const char *value;
	} from[] = {
	    {&in->url, c->public_url},
	    {&in->state_dir, c->state_dir},
	    {&in->listen, c->listen.v[0]},
	    {&in->channel_id, l != NULL && !by_flag ? l->channel_id : NULL},
	    {&in->api_base, l != NULL ? not_line(l->api_base) : NULL},
	    {&in->data_base, l != NULL ? not_line(l->data_base) : NULL},
	};
	size_t i;

	for (i = 0; i < sizeof(from) / sizeof(from[0]); i++)
		if (*from[i].at == NULL)
			*from[i].at = x_strdup(from[i].value);
	in->keep_secret = l != NULL && in->secret == NULL;
	if (in->keep_secret)
		in->secret = x_strdup(l->secret);
	in->keep_token = l != NULL && l->token != NULL && !by_flag;
	if (in->keep_token)
		in->token = x_strdup(l->token);
	if (in->push == NULL && l != NULL)
		in->push = x_strdup(l->push == 0 ? "allow"
			: l->push == 1           ? "ask"
						 : "hold");
	if (in->https == NULL) /* what it says of TLS stays */
		in->https = x_strdup("own");
}

static int
answers_old(struct init *in, struct err *e)
{
	struct config *c;
	struct passwd *pw;
	struct stat st;

	if (access(in->file, F_OK) == -1)
		return 0;
	if ((c = config_read(in->file, e)) == NULL)
		return err_prefix(e, "the config that is there");
	answers_keep(in, c);
	if (in->user == NULL && stat(c->state_dir, &st) == 0 &&
	    (pw = getpwuid(st.st_uid)) != NULL && st.st_uid != 0)
		in->user = x_strdup(pw->pw_name);
	config_free(c);
	return 0;
}

/* Several accounts on one line. */
static int
ask_many(struct init *in, const struct answer *a, char *typed, struct err *e)
{
	char *word, *next;

	for (word = typed; *word != '\0'; word = next) {
		word += strspn(word, " ,");
		next = word + strcspn(word, " ,");
		if (*next != '\0')
			*next++ = '\0';
		if (*word != '\0' && answer_set(in, a, word, e) == -1)
			return -1;
	}
	return 0;
}

/* Ask until it can be meant; an answer that is there is the default. */
static void
ask(struct init *in, const struct answer *a)
{
	const char *def = a->many ? NULL : *answer_at(in, a);
	struct err e = {0};
	char *typed;
	int rv;

	do {
		if (e.code != ERR_NONE)
			fprintf(stderr, "%s\n", e.msg);
		err_clear(&e);
		typed = line_typed(a->question,
		    a->secret && def != NULL ? "as it is"
			: def != NULL        ? def
					     : a->def,
		    a->secret);
		if (a->secret && def != NULL && strcmp(typed, "as it is") == 0)
			rv = 0;
		else if (a->many)
			rv = ask_many(in, a, typed, &e);
		else
			rv = answer_set(in, a, typed, &e);
		explicit_bzero(typed, strlen(typed));
		x_free(typed);
	} while (rv == -1 && !feof(stdin));
}

/* In words what a run without questions lacks. */
static int
answers_missing(const struct init *in, struct err *e)
{
	if (in->channel_id == NULL && in->token == NULL)
		return err_set(e, ERR_INVALID,
		    "init needs --channel-id ID (or --token TOKEN)");
	if (in->secret == NULL)
		return err_set(
		    e, ERR_INVALID, "init needs --channel-secret SECRET");
	if (in->url == NULL)
		return err_set(e, ERR_INVALID,
		    "init needs --public-url https://NAME, where LINE reaches "
		    "this desk");
	return 0;
}

int
init_ask(struct init *in, int argc, char **argv, struct err *e)
{
	char **end = argv + argc, **at;
	size_t i;

	while (argv < end)
		if (answer_flag(in, &argv, e) == -1)
			return -1;
	if (answers_old(in, e) == -1)
		return -1;
	for (i = 0; i < ANSWERS_N; i++)
		if (in->tty && answers[i].question != NULL &&
		    !(in->flags & 1u << i) &&
		    (answers[i].off != AT(channel_id) || in->token == NULL))
			ask(in, &answers[i]);
	if (in->channel_id != NULL && in->token != NULL)
		return err_set(e, ERR_INVALID,
		    "--channel-id and --token: one of them is enough");
	for (i = 0; i < ANSWERS_N; i++) {
		at = answer_at(in, &answers[i]);
		if (!answers[i].many && *at == NULL)
			*at = x_strdup(answers[i].def);
	}
	return answers_missing(in, e);
}

void
init_ask_free(struct init *in)
{
	size_t i;
	char **at;

	for (i = 0; i < ANSWERS_N; i++) {
		at = answer_at(in, &answers[i]);
		if (answers[i].many)
			continue;
		if (answers[i].secret && *at != NULL)
			explicit_bzero(*at, strlen(*at));
		x_free(*at);
	}
	for (i = 0; i < in->accounts.n; i++)
		x_free(in->accounts.v[i]);
	x_free(in->accounts.v);
}
