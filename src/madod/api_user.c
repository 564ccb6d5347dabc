/*
 * Signing in and out, accounts. Passwords are hashed and checked on the
 * hasher's thread, one at a time.
 */
#include <stdlib.h>
#include <string.h>

#include <mado/crypto.h>
#include <mado/id.h>
#include <mado/log.h>
#include <mado/when.h>

#include "api.h"

enum { PASSWORD_MAX_B = 1024 };

/* Work for the hasher: check `given` against `hash`, hash `fresh`. */
struct secret {
	struct call *c;
	char *given, *hash, *fresh;
	bool right;
	char made[CRYPTO_PWHASH_B];
	struct err err;
	char *name, *display;
	int64_t user;
	enum role role;
	void (*then)(struct secret *s);
};

static void
secret_free(struct secret *s)
{
	char **p[] = {&s->given, &s->fresh}, i;

	for (i = 0; i < 2; i++)
		if (*p[(int)i] != NULL)
			explicit_bzero(*p[(int)i], strlen(*p[(int)i]));
	x_free(s->given);
	x_free(s->fresh);
	x_free(s->hash);
	x_free(s->name);
	x_free(s->display);
	x_free(s);
}

static void
secret_run(void *arg, struct sql *db)
{
	struct secret *s = arg;

	(void)db;
	s->right =
	    s->given == NULL || crypto_password_verify(s->hash, s->given);
	if (s->right && s->fresh != NULL)
		crypto_password_hash(s->fresh, s->made, &s->err);
}

static void
secret_done(void *arg)
{
	struct secret *s = arg;

	s->then(s);
	secret_free(s);
}

int
call_password(const char *p, struct err *e)
{
	size_t n = p != NULL ? strlen(p) : 0;

	if (n < 8 || n > PASSWORD_MAX_B)
		return err_set(e, ERR_INVALID, "a password has 8 to %d bytes",
		    PASSWORD_MAX_B);
	return 0;
}

const char *
call_addr(struct call *c)
{
	const char *peer = httpd_peer(c->r);
	char **p;

	if (httpd_peer_is_loopback(c->r) || httpd_peer_uid(c->r) != (uid_t)-1)
		return NULL;
	for (p = c->m->proxies; *p != NULL; p++)
		if (strcmp(*p, peer) == 0)
			return NULL;
	return arena_sprintf(c->mem, "addr:%s", peer);
}

int
call_may_try(struct call *c, const char *user, const char *addr, struct err *e)
{
	int64_t now = when_mono_ms(),
		wait = limiter_wait_s(c->m->limiter, user, now);

	if (wait == 0)
		wait = limiter_wait_s(c->m->limiter, addr, now);
	if (wait > 0)
		return err_set(e, ERR_LIMITED,
		    "too many wrong ones; try again in %d s", (int)wait);
	if (worker_depth(c->m->hasher) >= SIGN_INS_MAX)
		return err_set(e, ERR_BUSY,
		    "too many are signing in; try again in a minute");
	return 0;
}

void
call_session(struct call *c, const char *token, int64_t expires_ms,
    const struct agent *who)
{
	char when[WHEN_TEXT_B];
	struct buf b = {0};

	buf_putc(&b, '{');
	json_add_str(&b, "token", token);
	json_add_str(&b, "expires_at", when_rfc3339(expires_ms, when));
	json_put_key(&b, "agent");
	json_encode(&b, &agent_json, who);
	buf_putc(&b, '}');
	call_ok(c, 200, &b);
	explicit_bzero(b.p, b.n);
	buf_free(&b);
}

static void
session_done(struct act *a)
{
	const struct session_in *in = a->in;
	struct call *c = a->arg;
	const char **out = a->out; /* token, display */
	struct agent me = {
	    .name = in->name, .display = out[1], .role = (int)c->role};

	if (a->err.code != ERR_NONE)
		call_err(c, &a->err);
	else
		call_session(c, out[0], in->expires_ms, &me);
}

static void
session_put(struct call *c, const struct secret *s)
{
	struct act *a = call_act(c, act_session, session_done);
	struct session_in *in = arena_new_of(a->mem, struct session_in);
	const char **out = arena_calloc(a->mem, 2, sizeof(char *));
	char token[ID_TOKEN_B];

	id_token(token);
	in->user = s->user;
	in->name = arena_strdup(a->mem, s->name);
	in->expires_ms = when_now_ms() + c->m->config->session_ms;
	crypto_sha256(token, strlen(token), in->hash);
	out[0] = arena_strdup(a->mem, token);
	out[1] = arena_strdup(a->mem, s->display);
	a->actor = in->name;
	a->in = in;
	a->out = out;
	writer_put(c->m->writer, a);
}

static const char *
user_key(struct call *c, const char *name)
{
	return arena_sprintf(c->mem, "user:%s", name);
}

static void
sign_in_checked(struct secret *s)
{
	struct call *c = s->c;
	struct err e = {0};

	if (!s->right || s->user == 0) { /* counted when it was tried */
		limiter_failed(c->m->limiter, call_addr(c), when_mono_ms());
		log_warn("sign-in refused from %s", httpd_peer(c->r));
		err_set(&e, ERR_AUTH, "the name or the password is wrong");
		call_err(c, &e);
		return;
	}
	limiter_clear(c->m->limiter, user_key(c, s->name));
	c->role = s->role;
	session_put(c, s);
}

/* Verified against this when there is no such user, so that a wrong name
 * takes as long as a wrong password. */
static const char sign_in_nobody[] =
    "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHRzb21lc2Fs$"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

static struct secret *
sign_in_find(struct call *c, const char *name)
{
	struct secret *s = x_new(struct secret);
	struct sql_rows *q;

	s->name = x_strdup(name);
	q = sql_query(c->m->db,
	    "SELECT id,role,password,display FROM user WHERE"
	    " name=?1 AND disabled=0 AND password IS NOT NULL",
	    "s", name);
	if (sql_next(q)) {
		s->user = sql_int(q, 0);
		s->role = (enum role)sql_int(q, 1);
		s->hash = x_strdup(sql_text(q, 2));
		s->display = x_strdup(sql_text(q, 3));
		sql_done(q);
	} else
		s->hash = x_strdup(sign_in_nobody);
	return s;
}

/* Somebody says a password: counted at once, so that many tries at the same
 * time are no way around; a right one takes all of them back. */
static struct secret *
try_new(struct call *c, const char *name, const char *password,
    const char *addr, struct err *e)
{
	const char *user = user_key(c, name);
	struct secret *s;

	if (call_may_try(c, user, addr, e) == -1)
		return NULL;
	if (strlen(password) > PASSWORD_MAX_B) {
		err_set(e, ERR_INVALID, "the password is too long");
		return NULL;
	}
	limiter_failed(c->m->limiter, user, when_mono_ms());
	s = sign_in_find(c, name);
	s->given = x_strdup(password);
	return s;
}

void
api_sign_in(struct call *c)
{
	const char *name = json_str(c->args, "name", ""),
		   *password = json_str(c->args, "password", "");
	struct err e = {0};
	struct secret *s = try_new(c, name, password, call_addr(c), &e);

	if (s == NULL) {
		call_err(c, &e);
		return;
	}
	s->then = sign_in_checked;
	s->c = call_keep(c);
	worker_put(c->m->hasher, secret_run, secret_done, s);
}

void
api_sign_out(struct call *c)
{
	struct session_in *in;
	struct act *a;

	if (!c->has_session) {
		call_empty(c);
		return;
	}
	a = call_act(c, act_sign_out, call_act_done);
	in = arena_new_of(a->mem, struct session_in);
	memcpy(in->hash, c->session, sizeof(in->hash));
	in->name = c->user;
	a->in = in;
	writer_put(c->m->writer, a);
}

void
api_me(struct call *c)
{
	struct agent me = {.name = c->user, .role = (int)c->role};
	struct buf b = {0};
	char *display, now[WHEN_TEXT_B];

	display = sql_get_text(
	    c->m->db, "SELECT display FROM user WHERE id=?1", "i", c->user_id);
	me.display = display;
	call_stamp(c, &b);
	json_put_key(&b, "agent");
	json_encode(&b, &agent_json, &me);
	x_free(display);
	json_add_str(&b, "desk", c->m->config->name);
	json_add_str(&b, "timezone", c->m->config->timezone);
	json_add_str(&b, "version", MADO_VERSION);
	json_add_str(&b, "now", when_rfc3339(when_now_ms(), now));
	buf_putc(&b, '}');
	call_ok(c, 200, &b);
	buf_free(&b);
}

/* Put act_user_set for `name`; strings are copied into the act. */
static void
user_set(struct call *c, const char *name, const struct user_in *u)
{
	struct act *a = call_act(c, act_user_set, call_act_done);
	struct user_in *in = arena_new_of(a->mem, struct user_in);

	*in = *u;
	in->name = arena_strdup(a->mem, name);
	in->password = arena_strdup(a->mem, u->password);
	a->in = in;
	writer_put(c->m->writer, a);
}

/* Whoever signed in by the old password elsewhere is out. */
static void
password_checked(struct secret *s)
{
	struct user_in u = {.role = -1,
	    .disabled = -1,
	    .password = s->made,
	    .sign_out = true,
	    .keep = s->c->has_session ? s->c->session : NULL};

	if (s->right)
		limiter_clear(s->c->m->limiter, user_key(s->c, s->name));
	else
		err_set(&s->err, ERR_AUTH, "the old password is wrong");
	if (s->err.code != ERR_NONE)
		call_err(s->c, &s->err);
	else
		user_set(s->c, s->name, &u);
}

void
api_password(struct call *c)
{
	const char *fresh = json_str(c->args, "new", NULL);
	struct err e = {0};
	struct secret *s = NULL;

	if (call_password(fresh, &e) == 0)
		s = try_new(c, c->user, json_str(c->args, "old", ""), NULL, &e);
	if (s == NULL) {
		call_err(c, &e);
		return;
	}
	s->fresh = x_strdup(fresh);
	s->then = password_checked;
	s->c = call_keep(c);
	worker_put(c->m->hasher, secret_run, secret_done, s);
}

void
api_users(struct call *c)
{
	struct agent u;
	struct sql_rows *q;
	struct buf b = {0};
	int n = 0;

	call_stamp(c, &b);
	buf_puts(&b, ",\"agents\":[");
	q = sql_query(c->m->db,
	    "SELECT name,display,role,disabled FROM user"
	    " WHERE ?1 OR disabled=0 ORDER BY name",
	    "d", (int)(c->role == ROLE_ADMIN));
	while (sql_next(q)) {
		buf_puts(&b, n++ > 0 ? "," : "");
		u.name = sql_text(q, 0);
		u.display = sql_text(q, 1);
		u.role = (int)sql_int(q, 2);
		u.disabled = sql_int(q, 3) != 0;
		json_encode(&b, &agent_json, &u);
	}
	buf_puts(&b, "]}");
	call_ok(c, 200, &b);
	buf_free(&b);
}

static void
user_add_hashed(struct secret *s)
{
	struct act *a;

	if (s->err.code != ERR_NONE) {
		call_err(s->c, &s->err);
		return;
	}
	a = call_act(s->c, act_user_add, call_act_done);
	a->in = s->fresh != NULL ? arena_strdup(a->mem, s->made) : NULL;
	writer_put(s->c->m->writer, a);
}

/* Hash args' password (which may be absent), then go on. */
static void
with_password(struct call *c, const char *name, void (*then)(struct secret *))
{
	const char *p = json_str(c->args, "password", NULL);
	struct err e = {0};
	struct secret *s;

	if (p != NULL &&
	    (call_password(p, &e) == -1 ||
		call_may_try(c, NULL, NULL, &e) == -1)) {
		call_err(c, &e);
		return;
	}
	s = x_new(struct secret);
	s->fresh = x_strdup(p);
	s->name = x_strdup(name);
	s->then = then;
	s->c = call_keep(c);
	if (p != NULL)
		worker_put(c->m->hasher, secret_run, secret_done, s);
	else
		secret_done(s);
}

void
api_user_add(struct call *c)
{
	with_password(c, NULL, user_add_hashed);
}

static void
user_passwd_hashed(struct secret *s)
{
	struct user_in u = {
	    .role = -1, .disabled = -1, .password = s->made, .sign_out = true};

	if (s->err.code == ERR_NONE && s->fresh == NULL)
		err_set(&s->err, ERR_INVALID, "a password is needed");
	if (s->err.code != ERR_NONE)
		call_err(s->c, &s->err);
	else
		user_set(s->c, s->name, &u);
}

/* What may be done to an account: a row each. */
static const struct user_what {
	const char *name;
	struct user_in in;
} user_whats[] = {
    {"disable", {.role = -1, .disabled = 1}},
    {"enable", {.role = -1, .disabled = 0}},
    {"sign-out", {.role = -1, .disabled = -1, .sign_out = true}},
};

void
api_user_act(struct call *c)
{
	const char *name = c->params[0], *what = c->params[1];
	struct user_in u = {.role = -1, .disabled = -1};
	struct err e = {0};
	size_t i;

	for (i = 0; i < sizeof(user_whats) / sizeof(user_whats[0]); i++)
		if (strcmp(what, user_whats[i].name) == 0) {
			user_set(c, name, &user_whats[i].in);
			return;
		}
	if (strcmp(what, "passwd") == 0) {
		with_password(c, name, user_passwd_hashed);
		return;
	}
	if (strcmp(what, "role") != 0)
		err_set(&e, ERR_NOTFOUND, "an account has no \"%s\"", what);
	else if ((u.role = name_find(
		      role_names, json_str(c->args, "role", NULL))) == -1)
		err_set(&e, ERR_INVALID,
		    "the role is viewer, agent, supervisor or admin");
	if (e.code != ERR_NONE)
		call_err(c, &e);
	else
		user_set(c, name, &u);
}
