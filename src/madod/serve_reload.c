/*
 * SIGHUP: config, rules and certificate anew, or all of it as it was. Called by
 * serve.c's signal.
 */
#include <string.h>

#include <mado/log.h>
#include <mado/service.h>

#include "line_call.h"
#include "line_quota.h"
#include "serve_reload.h"
#include "think.h"

/* A config and rules that acts under way may still look at. */
struct old {
	struct config *config;
	struct rules *rules;
};

static int
old_nothing(struct act *a, struct err *e)
{
	(void)a;
	(void)e;
	return 0;
}

/* Acts run in order: when this one is done, none knows the old ones. */
static void
old_free(struct act *a)
{
	struct old *old = a->arg;

	config_free(old->config);
	rules_free(old->rules);
	x_free(old);
}

/* Files are open there and another desk's lock may be: not while it
 * runs. */
static int
reload_moved(const struct config *old, const struct config *c, struct err *e)
{
	if (strcmp(old->state_dir, c->state_dir) == 0 &&
	    strcmp(old->store, c->store) == 0)
		return 0;
	return err_set(e, ERR_CONFLICT,
	    "%s: another state_dir or store needs a new start", c->file);
}

static bool
list_differs(const struct conf_list *a, const struct conf_list *b)
{
	if (a->n != b->n)
		return true;
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->v[i], b->v[i]) != 0)
			return true;
	return false;
}

static bool
text_differs(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a != b : strcmp(a, b) != 0;
}

static void
reload_warn(const struct config *old, const struct config *c)
{
	if (old->tls != c->tls || text_differs(old->tls_cert, c->tls_cert) ||
	    text_differs(old->tls_key, c->tls_key) ||
	    text_differs(old->timezone, c->timezone) ||
	    list_differs(&old->listen, &c->listen) ||
	    list_differs(&old->webhook_listen, &c->webhook_listen) ||
	    list_differs(&old->trusted_proxy, &c->trusted_proxy))
		log_warn("listen, webhook_listen, tls with its files, "
			 "trusted_proxy and timezone are as they were up to "
			 "the next start");
}

void
serve_reload(void *arg)
{
	struct madod *m = arg;
	struct err e = {0};
	struct config *c = NULL;
	struct rules *r = NULL;
	struct old *old;

	if (m->stopping || m->restoring)
		err_set(&e, ERR_BUSY, "the desk is %s; try again",
		    m->stopping ? "ending" : "being restored");
	else
		c = config_read(m->config->file, &e);
	if (c == NULL || reload_moved(m->config, c, &e) == -1 ||
	    (c->rules != NULL && (r = rules_read(c->rules, &e)) == NULL) ||
	    (m->tls != NULL && httpd_tls_reload(m->tls, &e) == -1)) {
		log_error("not reread, the old one stays: %s", e.msg);
		config_free(c);
		rules_free(r);
		return;
	}
	reload_warn(m->config, c);
	service_notify("RELOADING=1");
	old = x_new(struct old);
	*old = (struct old){m->config, m->rules};
	m->config = c;
	m->rules = r;
	writer_put(m->writer, act_new(old_nothing, old_free, old));
	line_calls_forget(m->line_calls);
	think_reload(m->thinker, NULL, NULL);
	line_quota_read(m->line_quota);
	timer_set(m->jobs, 0);
	log_info("reread %s", c->file);
	service_notify("READY=1");
}
