/*
 * Invitations and joining by them. A code has 80 random bits, so that trying
 * codes leads nowhere; failures are counted by address all the same.
 */
#include <stddef.h>
#include <string.h>

#include <mado/crypto.h>
#include <mado/id.h>
#include <mado/when.h>

#include "api.h"

enum {
	CODE_N = 16,
	CODE_GROUP = 4,
	CODE_B = CODE_N + CODE_N / CODE_GROUP,
	INVITE_H = 48,
	INVITE_MAX_H = 24 * 30
};

/* Crockford's: no letter that reads like a digit. */
static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";

static const struct json_field invite_fields[] = {
    {"name", JSON_STR, offsetof(struct invite_in, name), NULL, NULL},
    {"code", JSON_STR, offsetof(struct invite_in, code), NULL, NULL},
    {"expires_at", JSON_TIME, offsetof(struct invite_in, expires_ms), NULL,
	NULL},
    {0}};
const struct json_table invite_json = {sizeof(struct invite_in), invite_fields};

static void
code_make(char out[CODE_B])
{
	uint8_t raw[CODE_N];
	int i;

	crypto_random(raw, sizeof(raw));
	for (i = 0; i < CODE_N; i++) {
		*out++ = letters[raw[i] % 32];
		if (i % CODE_GROUP == CODE_GROUP - 1 && i < CODE_N - 1)
			*out++ = '-';
	}
	*out = '\0';
}

/* Of what was typed: either case, any grouping, o for 0, i and l for 1. */
static void
code_hash(const char *code, uint8_t out[CRYPTO_HASH_B])
{
	char plain[CODE_N + 1];
	size_t n = 0;
	char c;

	for (; *code != '\0' && n < sizeof(plain); code++) {
		if (*code == '-' || *code == ' ')
			continue;
		c = *code >= 'A' && *code <= 'Z' ? (char)(*code + 'a' - 'A')
						 : *code;
		plain[n++] = c == 'o' ? '0' : c == 'i' || c == 'l' ? '1' : c;
	}
	crypto_sha256(plain, n, out);
	explicit_bzero(plain, sizeof(plain));
}

static void
invite_done(struct act *a)
{
	struct call *c = a->arg;
	struct buf b = {0};

	if (a->err.code != ERR_NONE) {
		call_err(c, &a->err);
		return;
	}
	call_stamp(c, &b);
	json_put_key(&b, "invite");
	json_encode(&b, &invite_json, a->in);
	buf_putc(&b, '}');
	call_ok(c, 200, &b);
	buf_free(&b);
}

void
api_invite(struct call *c)
{
	int64_t hours = json_int(c->args, "hours", INVITE_H);
	struct err e = {0};
	struct invite_in *in;
	struct act *a;

	if (hours < 1 || hours > INVITE_MAX_H) {
		err_set(&e, ERR_INVALID,
		    "an invitation is good for 1 to %d hours", INVITE_MAX_H);
		call_err(c, &e);
		return;
	}
	a = call_act(c, act_invite, invite_done);
	in = arena_new_of(a->mem, struct invite_in);
	in->name = arena_strdup(a->mem, c->params[0]);
	in->code = arena_calloc(a->mem, CODE_B, 1);
	in->expires_ms = when_now_ms() + hours * 3600 * 1000;
	code_make(in->code);
	code_hash(in->code, in->hash);
	a->in = in;
	writer_put(c->m->writer, a);
}

static void
join_done(struct act *a)
{
	struct call *c = a->arg;
	const struct join_in *in = a->in;
	const struct joined *j = a->out;
	struct agent who;

	if (a->err.code == ERR_AUTH)
		limiter_failed(c->m->limiter, call_addr(c), when_mono_ms());
	if (a->err.code != ERR_NONE) {
		call_err(c, &a->err);
		return;
	}
	who = (struct agent){
	    .name = j->name, .display = j->display, .role = j->role};
	call_session(c, in->token, in->expires_ms, &who);
}

/* Work for the hasher. */
struct join {
	struct call *c;
	uint8_t code[CRYPTO_HASH_B];
	char *password, made[CRYPTO_PWHASH_B];
	struct err err;
};

static void
join_hash(void *arg, struct sql *db)
{
	struct join *j = arg;

	(void)db;
	crypto_password_hash(j->password, j->made, &j->err);
}

static void
join_put(void *arg)
{
	struct join *j = arg;
	char token[ID_TOKEN_B];
	struct join_in *in;
	struct act *a;

	if (j->err.code != ERR_NONE) {
		call_err(j->c, &j->err);
		goto out;
	}
	a = call_act(j->c, act_join, join_done);
	in = arena_new_of(a->mem, struct join_in);
	id_token(token);
	in->token = arena_strdup(a->mem, token);
	in->expires_ms = when_now_ms() + j->c->m->config->session_ms;
	in->password =
	    j->password != NULL ? arena_strdup(a->mem, j->made) : NULL;
	memcpy(in->code, j->code, sizeof(in->code));
	a->in = in;
	writer_put(j->c->m->writer, a);
out:
	if (j->password != NULL)
		explicit_bzero(j->password, strlen(j->password));
	x_free(j->password);
	x_free(j);
}

void
api_join(struct call *c)
{
	const char *password = json_str(c->args, "password", NULL);
	struct err e = {0};
	struct join *j;

	if (call_may_try(c, NULL, call_addr(c), &e) == -1 ||
	    (password != NULL && call_password(password, &e) == -1)) {
		call_err(c, &e);
		return;
	}
	j = x_new(struct join);
	code_hash(json_str(c->args, "code", ""), j->code);
	j->password = x_strdup(password);
	j->c = call_keep(c);
	if (password != NULL)
		worker_put(c->m->hasher, join_hash, join_put, j);
	else
		join_put(j);
}
