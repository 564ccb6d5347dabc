/*
 * LINE's door: the signature over the raw bytes, then JSON, then an act; 200
 * only after its commit. Nothing is parsed that was not signed.
 */
#include <unistd.h>

#include <mado/crypto.h>
#include <mado/log.h>
#include <mado/when.h>

#include "api.h"
#include "health.h"
#include "think.h"

static void
webhook_done(struct act *a)
{
	struct call *c = a->arg;
	const struct gone *g;

	for (g = a->err.code == ERR_NONE ? a->out : NULL; g != NULL;
	     g = g->next)
		unlink(arena_sprintf(
		    c->mem, "%s/media/%s", c->m->config->state_dir, g->uid));
	if (a->err.code != ERR_NONE) {
		log_error(
		    "webhook %s: not stored: %s", c->params[0], a->err.msg);
		a->err.code = ERR_BUSY; /* LINE then redelivers */
		call_err(c, &a->err);
		return;
	}
	c->m->webhook_ms = when_now_ms();
	call_ok(c, 200, &(struct buf){.p = (char[]){"{}"}, .n = 2});
}

static int
webhook_checked(struct call *c, const struct config_line *l, struct err *e)
{
	const char *body;
	size_t n;

	body = httpd_body(c->r, &n);
	if (!crypto_line_verify(
		l->secret, body, n, httpd_header(c->r, "x-line-signature"))) {
		log_warn("webhook %s: signature missing or wrong, from %s",
		    l->name, httpd_peer(c->r));
		return err_set(e, ERR_AUTH,
		    "the signature is missing or "
		    "wrong: is channel_secret of [line %s] right?",
		    l->name);
	}
	if ((c->args = json_parse_foreign(body, n, e)) == NULL)
		return err_prefix(e, "the body");
	return 0;
}

/* Did LINE send one of them before? Then redelivery is on. */
static void
webhook_redelivered(const struct call *c)
{
	const cJSON *it;

	cJSON_ArrayForEach(it, json_arr(c->args, "events"))
	{
		if (json_bool(json_obj(it, "deliveryContext"), "isRedelivery",
			false)) {
			health_stamp(c->m->config, "redelivered");
			return;
		}
	}
}

void
api_webhook(struct call *c)
{
	const struct config_line *l =
	    config_line_find(c->m->config, c->params[0]);
	struct webhook_in *in;
	struct line_webhook *hook;
	struct err e = {0};
	struct act *a;

	if (l == NULL) {
		err_set(&e, ERR_NOTFOUND, "there is no channel \"%s\"",
		    c->params[0]);
		goto bad;
	}
	if (webhook_checked(c, l, &e) == -1)
		goto bad;
	webhook_redelivered(c);
	hook = arena_new_of(c->mem, struct line_webhook);
	line_decode(c->args, c->mem, hook);
	a = call_act(c, act_webhook, webhook_done);
	in = arena_new_of(c->mem, struct webhook_in);
	*in = (struct webhook_in){.channel = arena_strdup(c->mem, l->name),
	    .hook = hook,
	    .received_ms = when_now_ms(),
	    .reopen_within_ms = c->m->config->reopen_within_ms};
	a->in = in;
	think_webhook(c->m->thinker, a);
	return;
bad:
	call_err(c, &e);
}
