/*
 * [bot] of madod.conf: the adviser, whom nobody asks unless it is there. Called
 * by config.c.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <mado/mem.h>

#include "config.h"

enum { HISTORY_MAX = 50 };

#define P(field) offsetof(struct advice_policy, field)

const struct conf_key config_bot_keys[] = {
    {"bot", "url", CONF_STR, P(url), 0, 0, NULL, NULL,
	"the adviser that is asked what to answer; without it nobody is"},
    {"bot", "protocol", CONF_ENUM, P(protocol), 0, 0, advice_protocol_names,
	"madoguchi", "how: madoguchi (ours) or openai (chat completions)"},
    {"bot", "model", CONF_STR, P(model), 0, 0, NULL, NULL,
	"openai: the model's name"},
    {"bot", "secret_file", CONF_STR, P(secret_file), 0, 0, NULL, NULL,
	"a file, for us alone (0600), that holds the bearer token"},
    {"bot", "ask", CONF_ENUM, P(ask), 0, 0, advice_when_names, "unsure",
	"unsure: what neither rules nor FAQs answer; always: in place of FAQs"},
    {"bot", "confidence", CONF_STR, P(sure), 0, 0, NULL, "0.8",
	"madoguchi: an answer must be so sure to be sent, 0 to 1"},
    {"bot", "deadline", CONF_SPAN, P(deadline_ms), 100, 30000, NULL, "5s",
	"then our own engine decides"},
    {"bot", "pause", CONF_SPAN, P(pause_ms), 100, 3600 * 1000, NULL, "30s",
	"so long nobody is asked after five failures in a row"},
    {"bot", "history", CONF_INT, P(history), 1, HISTORY_MAX, NULL, "6",
	"how many of the conversation's last messages go out"},
    {"bot", "loading", CONF_BOOL, P(loading), 0, 0, NULL, "on",
	"LINE shows the customer meanwhile that somebody is at it"},
    {0}};

static int
check_sure(const struct conf *f, const struct conf_item *at,
    struct advice_policy *p, struct err *e)
{
	char *end;

	p->confidence = strtod(p->sure, &end);
	if (end == p->sure || *end != '\0' ||
	    strspn(p->sure, "0123456789.") != strlen(p->sure) ||
	    p->confidence > 1)
		return conf_error(f, at, e,
		    "[bot]: confidence must be a number from 0 to 1, not "
		    "\"%s\"",
		    p->sure);
	return 0;
}

static int
check(const struct conf *f, const struct conf_item *at, struct advice_policy *p,
    struct err *e)
{
	if (p->url == NULL)
		return conf_error(f, at, e, "[bot] needs url");
	if (!config_is_safe_url(p->url))
		return conf_error(f, at, e,
		    "[bot]: url must be https (http only to this machine)");
	if ((p->protocol == ADVICE_OPENAI) != (p->model != NULL))
		return conf_error(f, at, e,
		    "[bot]: a model goes with protocol = openai, which needs "
		    "one");
	return check_sure(f, at, p, e);
}

/* What it says of itself when others can read it too: as our own keys. */
static int
read_secret(struct advice_policy *p, struct err *e)
{
	struct stat st;

	if (p->secret_file == NULL)
		return 0;
	if (config_read_secret(p->secret_file, &p->secret, e) == -1)
		return err_prefix(e, "[bot] secret_file");
	if (stat(p->secret_file, &st) == 0 &&
	    (st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return err_set(e, ERR_INVALID,
		    "%s: others can read it: chmod 600", p->secret_file);
	return 0;
}

int
config_add_bot(struct config *c, const struct conf *f,
    const struct conf_item *at, const char *dir, struct err *e)
{
	struct advice_policy *p = &c->bot;

	if (p->url != NULL)
		return conf_error(f, at, e, "[bot] stands here twice");
	if (conf_apply(f, config_bot_keys, "bot", at->label, p, e) == -1 ||
	    check(f, at, p, e) == -1)
		return -1;
	p->secret_file = config_path(p->secret_file, dir);
	return read_secret(p, e);
}

void
config_free_bot(struct config *c)
{
	if (c->bot.secret != NULL)
		explicit_bzero(c->bot.secret, strlen(c->bot.secret));
	x_free(c->bot.secret);
	conf_release(config_bot_keys, "bot", &c->bot);
}
