/*
 * Channel access tokens: stateless ones are issued, any is looked at. Handlers
 * of routes.c, which asks oauth_is_token() of every other call.
 * Source: LINE, "Issue stateless channel access token", "Verify the validity
 * of short-lived and long-lived channel access tokens".
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <mado/json.h>
#include <mado/mem.h>
#include <mado/when.h>

#include "routes.h"

static int
hex_of(char c)
{
	return isdigit((unsigned char)c) ? c - '0'
					 : tolower((unsigned char)c) - 'a' + 10;
}

/* A value of an application/x-www-form-urlencoded body, decoded; "" when it is
 * not there. Valid until the answer. */
static const char *
form_get(struct call *c, const char *name)
{
	size_t n, len = strlen(name);
	const char *p = httpd_body(c->r, &n), *end = p + n;
	char *out = arena_calloc(httpd_arena(c->r), n + 1, 1), *w = out;

	while (p < end && (strncmp(p, name, len) != 0 || p[len] != '='))
		for (p += strcspn(p, "&"); p < end && *p == '&';)
			p++;
	if (p >= end)
		return "";
	for (p += len + 1; p < end && *p != '&'; p++)
		if (*p == '%' && isxdigit((unsigned char)p[1]) &&
		    isxdigit((unsigned char)p[2])) {
			*w++ = (char)(hex_of(p[1]) << 4 | hex_of(p[2]));
			p += 2;
		} else
			*w++ = *p == '+' ? ' ' : *p;
	return out;
}

static void
refuse(struct call *c, const char *error, const char *why)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "error", error);
	cJSON_AddStringToObject(o, "error_description", why);
	call_json(c, 400, o);
}

static bool
token_is_over(void *value, void *arg)
{
	if (*(int64_t *)value > *(int64_t *)arg)
		return false;
	x_free(value);
	return true;
}

static void
issue(struct call *c)
{
	int64_t now = when_mono_ms(), *dies = x_new(int64_t);
	int64_t life_s = c->s->opts.token_life_ms / 1000;
	cJSON *o = cJSON_CreateObject();
	char token[ID_TOKEN_B];

	id_token(token);
	map_prune(&c->s->stateless, token_is_over, &now);
	*dies = now + c->s->opts.token_life_ms;
	map_put(&c->s->stateless, token, dies);
	c->s->issued++;
	cJSON_AddStringToObject(o, "token_type", "Bearer");
	cJSON_AddStringToObject(o, "access_token", token);
	cJSON_AddNumberToObject(o, "expires_in", (double)life_s);
	call_json(c, 200, o);
}

void
oauth_issue(struct call *c)
{
	if (strcmp(form_get(c, "grant_type"), "client_credentials") != 0)
		refuse(
		    c, "invalid_request", "some parameters missed or invalid");
	else if (strcmp(form_get(c, "client_id"), c->s->opts.channel) != 0)
		refuse(c, "invalid_client", "Channel does not exist.");
	else if (strcmp(form_get(c, "client_secret"), c->s->opts.secret) != 0)
		refuse(c, "invalid_client", "Invalid client_secret.");
	else
		issue(c);
}

void
oauth_verify(struct call *c)
{
	const char *token = form_get(c, "access_token");
	int64_t *dies = map_get(&c->s->stateless, token);
	cJSON *o;

	if (!oauth_is_token(c->s, token)) {
		refuse(c, "invalid_request", "access token expired");
		return;
	}
	o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "client_id", c->s->opts.channel);
	cJSON_AddNumberToObject(o, "expires_in",
	    (double)(dies != NULL ? (*dies - when_mono_ms()) / 1000 : 0));
	cJSON_AddStringToObject(o, "scope", "P CM");
	call_json(c, 200, o);
}

bool
oauth_is_token(struct sim *s, const char *token)
{
	int64_t *dies = map_get(&s->stateless, token);

	return (dies != NULL && *dies > when_mono_ms()) ||
	    strcmp(token, s->opts.token) == 0;
}
