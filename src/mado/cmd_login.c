/*
 * login, join, logout: who one is at which desk. The only verbs that write the
 * profile.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mado/mem.h>

#include "cli.h"
#include "cli_out.h"
#include "desk_url.h"
#include "i18n.h"

struct login {
	const char *user, *pin, *code;
	bool password_stdin, token_stdin;
	char *password, *token; /* secrets; freed by cli_secret_free() */
	/* from answers */
	char *seen_pin, *body;
	bool bad_cert;
};

/* A desk with these credentials; it replaces the one before. */
static int
open_desk(struct cli *c, const char *url, const char *token, const char *pin,
    struct err *e)
{
	struct desk_opts o = {.url = url, .token = token, .pin = pin};

	desk_free(c->desk);
	if (c->fetch == NULL)
		c->fetch = fetch_new(c->loop, 4);
	c->desk = desk_new(c->fetch, &o, e);
	return c->desk == NULL ? -1 : 0;
}

static void
use_answer(const struct desk_answer *a, void *arg)
{
	struct login *l = arg;

	l->bad_cert = a->bad_cert;
	if (a->key_pin != NULL && l->seen_pin == NULL)
		l->seen_pin = x_strdup(a->key_pin);
	x_free(l->body);
	l->body = a->json == NULL ? NULL : x_strdup(a->body);
	if (l->token == NULL)
		l->token = x_strdup(json_str(a->json, "token", NULL));
}

static int
ask(struct cli *c, struct login *l, const struct desk_call *call, struct err *e)
{
	return desk_ask(c->desk, c->loop, call, use_answer, l, e);
}

/* A certificate that nobody vouches for: a person does, or --pin. */
static int
trust_key(struct cli *c, struct login *l, const char *url, struct err *e)
{
	struct desk_call call = {
	    .op = DESK_RAW, .method = "GET", .path = "/healthz"};
	char *question;
	bool yes;

	if (l->pin != NULL || strncmp(url, "https:", 6) != 0)
		return 0;
	if (ask(c, l, &call, e) == 0 || !l->bad_cert)
		return e->code == ERR_NET ? -1 : 0;
	if (l->seen_pin == NULL)
		return -1;
	question = x_sprintf(
	    _("The certificate of %s is self-signed. Its key's fingerprint "
	      "is\n  %s\nCompare it with what the person who runs the desk "
	      "tells you. Trust it?"),
	    url, l->seen_pin);
	yes = cli_confirm(question);
	x_free(question);
	if (!yes)
		return err_set(e, ERR_AUTH,
		    _("not trusted; to trust that key say: --pin %s"),
		    l->seen_pin);
	l->pin = l->seen_pin;
	return open_desk(c, url, NULL, l->pin, e);
}

static int
read_secret(struct login *l, struct err *e)
{
	if (l->token_stdin) {
		l->token = cli_secret("", true, e);
		return l->token == NULL ? -1 : 0;
	}
	if (l->user == NULL)
		return err_set(e, ERR_INVALID, _("say who: --user NAME"));
	l->password = cli_secret(_("Password"), l->password_stdin, e);
	return l->password == NULL ? -1 : 0;
}

/* By name and password, or by the code of an invitation. */
static int
sign_in(struct cli *c, struct login *l, struct err *e)
{
	cJSON *args = cJSON_CreateObject();
	struct desk_call call = {
	    .op = l->code != NULL ? DESK_JOIN : DESK_SIGN_IN, .args = args};
	int rc;

	cJSON_AddStringToObject(args, l->code != NULL ? "code" : "name",
	    l->code != NULL ? l->code : l->user);
	if (l->password != NULL)
		cJSON_AddStringToObject(args, "password", l->password);
	rc = ask(c, l, &call, e);
	cJSON_Delete(args);
	if (rc == 0 && l->token == NULL)
		rc = err_set(
		    e, ERR_FAILED, _("this is not a desk: it gave no token"));
	return rc;
}

static void
set(char **field, const char *value)
{
	char *copy = x_strdup(value);

	cli_secret_free(*field);
	*field = copy;
}

/* Replies that nobody has got are not thrown away in passing. */
static int
refuse_kept(struct cli *c, struct err *e)
{
	struct store_act *acts;
	size_t n;

	n = store_outbox(c->store, false, c->arena, &acts);
	n += store_outbox(c->store, true, c->arena, &acts);
	if (n == 0)
		return 0;
	return err_set(e, ERR_CONFLICT,
	    _("%zu acts are still kept here (mado outbox lists them); mado "
	      "logout --yes throws them away"),
	    n);
}

/* The rows of the desk and the person before; acts that were kept for them
 * must be sent or thrown away first. A store that can't be read holds none. */
static int
drop_others(struct cli *c, struct err *e)
{
	struct settings *s = c->settings;
	int rc = 0;

	if (s->url != NULL && cli_store(c, NULL) == 0)
		rc = refuse_kept(c, e);
	store_close(c->store);
	c->store = NULL;
	return rc == -1 ? -1 : store_wipe(s->state_dir, s->profile, e);
}

/* It goes into a file of ours. */
static bool
is_name(const char *s)
{
	if (*s == '\0')
		return false;
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return false;
	return true;
}

/* Another desk's or another person's rows do not stay. */
static int
keep(struct cli *c, const struct login *l, const char *url, struct err *e)
{
	struct settings *s = c->settings;
	cJSON *me = json_parse(l->body, strlen(l->body), e);
	const char *name = json_str(json_obj(me, "agent"), "name", "");
	bool other = s->url == NULL || strcmp(s->url, url) != 0 ||
	    s->user == NULL || strcmp(s->user, name) != 0;
	int rc = -1;

	if (me == NULL)
		goto out;
	if (!is_name(name)) {
		err_set(
		    e, ERR_FAILED, _("this is not a desk: it knows no agent"));
		goto out;
	}
	if (other && drop_others(c, e) == -1)
		goto out;
	set(&s->url, url);
	set(&s->user, name);
	set(&s->token, l->token);
	set(&s->pin, l->pin);
	if (settings_save_profile(s, e) == -1 || cli_store(c, e) == -1)
		goto out;
	rc = store_set(c->store, "me", l->body, e);
out:
	cJSON_Delete(me);
	return rc;
}

/* A unix socket knows who we are, and --user may ask for nobody else. */
static int
check_name(const struct login *l, struct err *e)
{
	cJSON *me = json_parse(l->body, strlen(l->body), e);
	const char *name = json_str(json_obj(me, "agent"), "name", "");
	int rc = 0;

	if (l->user != NULL && strcmp(l->user, name) != 0)
		rc = err_set(e, ERR_AUTH,
		    _("this socket knows you as %s; --password-stdin signs "
		      "in as %s"),
		    name, l->user);
	cJSON_Delete(me);
	return rc;
}

static int
login(struct cli *c, struct login *l, const char *url, struct err *e)
{
	struct desk_call me = {.op = DESK_ME};
	bool is_unix = strncmp(url, "unix:", 5) == 0 && !l->password_stdin &&
	    !l->token_stdin;

	if (open_desk(c, url, NULL, l->pin, e) == -1 ||
	    trust_key(c, l, url, e) == -1)
		return -1;
	err_clear(e);
	if (!is_unix && read_secret(l, e) == -1)
		return -1;
	if (!is_unix && l->token == NULL && sign_in(c, l, e) == -1)
		return -1;
	if (open_desk(c, url, l->token, l->pin, e) == -1 ||
	    ask(c, l, &me, e) == -1 || (is_unix && check_name(l, e) == -1) ||
	    keep(c, l, url, e) == -1)
		return -1;
	if (out_is_tty())
		printf(_("signed in as %s at %s\n"), c->settings->user, url);
	return 0;
}

/* A password for the next sign-in is set where a person can be asked, or one
 * is piped in: by the code alone this machine is signed in, and no other. */
static int
join(struct cli *c, struct login *l, const char *url, struct err *e)
{
	struct desk_call me = {.op = DESK_ME};

	if (open_desk(c, url, NULL, l->pin, e) == -1 ||
	    trust_key(c, l, url, e) == -1)
		return -1;
	err_clear(e);
	if ((l->password_stdin || isatty(STDIN_FILENO)) &&
	    (l->password = cli_new_password(l->password_stdin, e)) == NULL)
		return -1;
	if (sign_in(c, l, e) == -1 ||
	    open_desk(c, url, l->token, l->pin, e) == -1 ||
	    ask(c, l, &me, e) == -1 || keep(c, l, url, e) == -1)
		return -1;
	if (out_is_tty())
		printf(_("you are %s at %s now; mado opens the inbox\n"),
		    c->settings->user, url);
	return 0;
}

/* Anything else curl would take for the name of a file with a key. */
static bool
is_pin(const char *s)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz"
				       "0123456789+/";

	return strncmp(s, "sha256//", 8) == 0 && strlen(s) == 8 + 44 &&
	    strspn(s + 8, alphabet) == 43 && s[8 + 43] == '=';
}

/* As it is kept: later verbs may run in other directories. */
static char *
desk_address(const char *word)
{
	char cwd[PATH_MAX], *url;
	size_t n;

	if (strncmp(word, "unix:", 5) == 0 && word[5] != '/' &&
	    word[5] != '\0') {
		if (getcwd(cwd, sizeof(cwd)) == NULL)
			cwd[0] = '\0';
		return x_sprintf("unix:%s/%s", cwd, word + 5);
	}
	url = x_strdup(word);
	for (n = strlen(url); n > 0 && url[n - 1] == '/'; n--)
		url[n - 1] = '\0';
	return url;
}

/* Run login or join with what was said on the command line. */
static int
login_with(struct cli *c, struct login *l, const char *word,
    int (*fn)(struct cli *, struct login *, const char *, struct err *),
    struct err *e)
{
	char *url;
	int rc;

	if (l->pin != NULL && !is_pin(l->pin))
		return err_set(e, ERR_INVALID,
		    _("a pin is sha256// and 44 characters of Base64: %s"),
		    l->pin);
	url = desk_address(word);
	rc = fn(c, l, url, e);
	cli_secret_free(l->password);
	cli_secret_free(l->token);
	x_free(l->seen_pin);
	x_free(l->body);
	x_free(url);
	return rc;
}

int
cmd_login(struct cli *c, int argc, char **argv, struct err *e)
{
	struct login l = {0};
	const struct cli_opt opts[] = {{"--user", OPT_STR, &l.user},
	    {"--pin", OPT_STR, &l.pin},
	    {"--password-stdin", OPT_FLAG, &l.password_stdin},
	    {"--token-stdin", OPT_FLAG, &l.token_stdin},
	    {NULL, OPT_FLAG, NULL}};

	if (cli_options(c, opts, &argc, argv, e) == -1 ||
	    cli_want(c, argc, 1, 1, e) == -1)
		return -1;
	return login_with(c, &l, argv[1], login, e);
}

int
cmd_join(struct cli *c, int argc, char **argv, struct err *e)
{
	struct login l = {0};
	const struct cli_opt opts[] = {{"--pin", OPT_STR, &l.pin},
	    {"--password-stdin", OPT_FLAG, &l.password_stdin},
	    {NULL, OPT_FLAG, NULL}};

	if (cli_options(c, opts, &argc, argv, e) == -1 ||
	    cli_want(c, argc, 2, 2, e) == -1)
		return -1;
	l.code = argv[2];
	return login_with(c, &l, argv[1], join, e);
}

/* logout */

static int
forget_all(struct cli *c, struct err *e)
{
	struct settings *s = c->settings;
	const char *key = cli_key_path(c);

	store_close(c->store);
	c->store = NULL;
	if (unlink(key) == -1 && access(key, F_OK) == 0)
		return err_set(e, ERR_FAILED, _("%s cannot be deleted"), key);
	if (store_wipe(s->state_dir, s->profile, e) == -1)
		return -1;
	return settings_forget_profile(s, e);
}

int
cmd_logout(struct cli *c, int argc, char **argv, struct err *e)
{
	bool yes = false;
	const struct cli_opt opts[] = {
	    {"--yes", OPT_FLAG, &yes}, {NULL, OPT_FLAG, NULL}};
	struct desk_call call = {.op = DESK_SIGN_OUT};
	struct err why = {0};

	if (cli_options(c, opts, &argc, argv, e) == -1 ||
	    cli_want(c, argc, 0, 0, e) == -1 || cli_desk_only(c, e) == -1 ||
	    cli_store(c, e) == -1)
		return -1;
	cli_send(c, 0, NULL, NULL);
	if (!yes && refuse_kept(c, e) == -1)
		return -1;
	desk_ask(c->desk, c->loop, &call, NULL, NULL, &why);
	if (forget_all(c, e) == -1)
		return -1;
	if (why.code != ERR_NET)
		return 0; /* ERR_AUTH: the session had ended already */
	return err_set(e, ERR_NET,
	    _("signed out here, but the desk was not told: %s"), why.msg);
}
