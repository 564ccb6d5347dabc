/*
 * What stands beside the desk in madod.conf: [card NAME] and [link NAME] for
 * the contact pane, [alert NAME] for the world outside. Called by config.c.
 */
#include <regex.h>
#include <string.h>
#include <unistd.h>

#include <mado/mem.h>
#include <mado/model.h>

#include "alert_when.h"
#include "config.h"

#define S(field) offsetof(struct config_side, field)
#define HOUR_MS  (3600 * INT64_C(1000))

const struct conf_key config_side_keys[] = {
    {"card", "run", CONF_STR, S(run), 0, 0, NULL, NULL,
	"a program, by its whole path; no shell reads it"},
    {"card", "arg", CONF_STRS, S(args), 0, 0, NULL, NULL,
	"one argument of it, as it stands; may be repeated"},
    {"card", "url", CONF_STR, S(url), 0, 0, NULL, NULL,
	"or an address that the same is posted to"},
    {"card", "header", CONF_STRS, S(headers), 0, 0, NULL, NULL,
	"a header of that request; may be repeated"},
    {"card", "deadline", CONF_SPAN, S(deadline_ms), 100, 30000, NULL, "3s",
	"by when it must have answered"},
    {"card", "cache", CONF_SPAN, S(cache_ms), 0, 24 * HOUR_MS, NULL, "5m",
	"so long an answer is shown again"},
    {"link", "pattern", CONF_STR, S(pattern), 0, 0, NULL, NULL,
	"an extended regular expression, looked for in messages"},
    {"link", "url", CONF_STR, S(url), 0, 0, NULL, NULL,
	"the address; {0} is what was found, {1} to {9} its groups"},
    {"alert", "when", CONF_STR, S(when), 0, 0, NULL, NULL,
	"a filter, or a condition of the desk"},
    {"alert", "run", CONF_STR, S(run), 0, 0, NULL, NULL,
	"a program that is told, by its whole path"},
    {"alert", "arg", CONF_STRS, S(args), 0, 0, NULL, NULL,
	"one argument of it, as it stands; may be repeated"},
    {"alert", "url", CONF_STR, S(url), 0, 0, NULL, NULL,
	"or an address that is told"},
    {"alert", "header", CONF_STRS, S(headers), 0, 0, NULL, NULL,
	"a header of that request; may be repeated"},
    {"alert", "body", CONF_STR, S(body), 0, 0, NULL, "{text}",
	"what it is told; {text}, {json} (quoted) or {form} (encoded)"},
    {"alert", "repeat", CONF_SPAN, S(repeat_ms), 1000, 7 * 24 * HOUR_MS, NULL,
	"1h", "not again before that, as long as it goes on"},
    {"alert", "deadline", CONF_SPAN, S(deadline_ms), 100, 60000, NULL, "10s",
	"by when it must have answered"},
    {0}};

static int
check_way(const struct conf *f, const struct conf_item *at,
    const struct config_side *s, struct err *e)
{
	if ((s->run == NULL) == (s->url == NULL))
		return conf_error(f, at, e, "[%s %s] needs either run or url",
		    at->section, at->label);
	if (s->url != NULL && !config_is_safe_url(s->url))
		return conf_error(f, at, e,
		    "[%s %s]: url must be https (http only to this machine)",
		    at->section, at->label);
	if (s->run != NULL && s->run[0] != '/')
		return conf_error(f, at, e,
		    "[%s %s]: run must be a whole path, from / on; arguments "
		    "are arg = lines",
		    at->section, at->label);
	if (s->run != NULL && access(s->run, X_OK) == -1)
		return conf_error(f, at, e,
		    "[%s %s]: %s cannot be run: it is not there, or not for us",
		    at->section, at->label, s->run);
	return 0;
}

static int
check_link(const struct conf *f, const struct conf_item *at,
    const struct config_side *s, struct err *e)
{
	char why[120];
	regex_t re;
	int rc;

	if (s->pattern == NULL || s->url == NULL)
		return conf_error(
		    f, at, e, "[link %s] needs pattern and url", at->label);
	if (strncmp(s->url, "https://", 8) != 0 &&
	    strncmp(s->url, "http://", 7) != 0)
		return conf_error(f, at, e,
		    "[link %s]: url must be an https:// address", at->label);
	if ((rc = regcomp(&re, s->pattern, REG_EXTENDED)) != 0) {
		regerror(rc, &re, why, sizeof(why));
		return conf_error(
		    f, at, e, "[link %s]: pattern: %s", at->label, why);
	}
	regfree(&re);
	return 0;
}

static int
check(const struct conf *f, const struct conf_item *at,
    const struct config_side *s, struct err *e)
{
	struct err why = {0};

	if (at->label[0] == '\0')
		return conf_error(f, at, e, "a [%s] needs a name, as in [%s x]",
		    at->section, at->section);
	if (s->kind == SIDE_LINK)
		return check_link(f, at, s, e);
	if (check_way(f, at, s, e) == -1)
		return -1;
	if (s->kind == SIDE_ALERT && s->when == NULL)
		return conf_error(f, at, e, "[alert %s] needs when", at->label);
	if (s->kind == SIDE_ALERT && alert_when_check(s->when, &why) == -1)
		return conf_error(
		    f, at, e, "[alert %s]: when: %s", at->label, why.msg);
	return 0;
}

const char *const config_side_names[] = {"card", "link", "alert", NULL};

int
config_add_side(struct config *c, const struct conf *f,
    const struct conf_item *at, struct err *e)
{
	struct config_side *s;
	int kind = name_find(config_side_names, at->section);

	for (size_t i = 0; i < c->n_sides; i++)
		if ((int)c->sides[i].kind == kind &&
		    strcmp(c->sides[i].name, at->label) == 0)
			return conf_error(f, at, e, "[%s %s] stands here twice",
			    at->section, at->label);
	c->sides = x_realloc(c->sides, c->n_sides + 1, sizeof(*c->sides));
	s = &c->sides[c->n_sides++];
	memset(s, 0, sizeof(*s));
	s->kind = (enum side_kind)kind;
	s->name = x_strdup(at->label);
	if (conf_apply(f, config_side_keys, at->section, at->label, s, e) == -1)
		return -1;
	return check(f, at, s, e);
}

void
config_free_sides(struct config *c)
{
	for (size_t i = 0; i < c->n_sides; i++) {
		x_free(c->sides[i].name);
		conf_release(config_side_keys,
		    config_side_names[c->sides[i].kind], &c->sides[i]);
	}
	x_free(c->sides);
}
