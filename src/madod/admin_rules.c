/* See admin_rules.h. Called by admin.c's table. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <mado/buf.h>
#include <mado/mem.h>
#include <mado/when.h>

#include "admin.h"
#include "admin_rules.h"
#include "rules_case.h"
#include "rules_replay.h"
#include "serve.h"

enum { CASES_MAX_B = 8 << 20 };
#define DAY_MS INT64_C(86400000)

/* The desk's clock is the rules'. */
static void
set_zone(const struct config *c)
{
	setenv("TZ", c->timezone, 1);
	tzset();
}

/* The file that is named, or the one of the config. */
static const char *
rules_path(const struct config *c, const char *named, struct err *e)
{
	if (named != NULL)
		return named;
	if (c->rules == NULL)
		err_set(e, ERR_INVALID,
		    "%s names no rules: say which file is meant", c->file);
	return c->rules;
}

static void
print_mistake(void *arg, const char *mistake)
{
	(void)arg;
	puts(mistake);
}

static void
print_warning(void *arg, const char *text)
{
	(void)arg;
	printf("in vain: %s\n", text);
}

static struct rules *
read_rules(const char *path, struct err *e)
{
	const char *slash = strrchr(path, '/');
	char *dir =
	    slash != NULL ? x_strndup(path, (size_t)(slash - path)) : NULL;
	struct rules_source s = {
	    .name = path, .dir = dir, .each = print_mistake};
	struct rules *r = NULL;
	struct buf b = {0};

	if (buf_read_file(&b, path, CASES_MAX_B, e) == 0) {
		s.p = buf_str(&b);
		s.n = b.n;
		r = rules_parse(&s, e);
		if (r == NULL)
			err_set(e, ERR_INVALID, "%s is not in order", path);
	}
	buf_free(&b);
	x_free(dir);
	return r;
}

int
admin_rules_check(const struct config *c, int argc, char **argv, struct err *e)
{
	const char *path = rules_path(c, argc > 0 ? argv[0] : NULL, e);
	struct rules *r;

	if (path == NULL ||
	    (argc > 1 && admin_words(argc, 1, "rules check", e) == -1))
		return -1;
	set_zone(c);
	if ((r = read_rules(path, e)) == NULL)
		return -1;
	rules_warn(r, when_now_ms(), print_warning, NULL);
	printf("%s is in order\n", path);
	rules_free(r);
	return 0;
}

/* The channels' FAQs as they are now; a channel may have none. */
static int
load_faqs(const struct config *c, struct mind *m, struct err *e)
{
	for (size_t i = 0; i < c->n_lines; i++) {
		char *path = mind_path(c->state_dir, c->lines[i].name);
		int rv = mind_load(m, c->lines[i].name, path, e);

		x_free(path);
		if (rv == -1)
			return -1;
	}
	return 0;
}

/* What cases and the past are asked with. */
struct faqs {
	struct mind *mind;
	const char *channel; /* where a case names none */
};

/* The whole bot, as rules' verdict. */
static void
decide_with_faqs(void *arg, const struct rules *r, const struct rules_input *in,
    struct arena *a, struct rules_verdict *out)
{
	const struct faqs *f = arg;
	struct rules_input here = *in;
	struct bot_verdict v;

	if (here.channel == NULL)
		here.channel = f->channel;
	rules_replay_decide(r, f->mind, &here, a, &v);
	*out = v.ruled;
	if (out->why == NULL) /* the rules were not asked */
		out->state = *in->state;
	out->act = v.outcome == BOT_HANDOFF ? RULES_HANDOFF : RULES_ANSWER;
	out->why = v.why;
	out->rule = v.rule;
	out->says = v.says;
	out->quick = v.quick;
}

int
admin_rules_test(const struct config *c, int argc, char **argv, struct err *e)
{
	bool faq = admin_opt(&argc, argv, "--faq", false) != NULL;
	const char *named = admin_opt(&argc, argv, "--rules", true);
	const char *path = rules_path(c, named, e);
	struct faqs faqs = {.channel = c->n_lines > 0 ? c->lines[0].name : ""};
	struct rules_cases cases = {.out = stdout};
	struct rules *r = NULL;
	struct buf b = {0};
	int rv = -1;

	if (path == NULL || admin_words(argc, 1, "rules test", e) == -1)
		return -1;
	set_zone(c);
	if ((r = read_rules(path, e)) == NULL ||
	    buf_read_file(&b, argv[0], CASES_MAX_B, e) == -1)
		goto out;
	if (faq && load_faqs(c, faqs.mind = mind_new(), e) == -1)
		goto out;
	if (faq) {
		cases.decide = decide_with_faqs;
		cases.arg = &faqs;
	}
	cases.name = argv[0];
	cases.p = buf_str(&b);
	cases.n = b.n;
	if (rules_case_run(r, &cases, e) == -1)
		goto out;
	printf("%d case%s, %d failed\n", cases.cases,
	    cases.cases == 1 ? "" : "s", cases.failed);
	rv = cases.failed == 0
	    ? 0
	    : err_set(
		  e, ERR_FAILED, "%s does not do what %s says", path, argv[0]);
out:
	mind_free(faqs.mind);
	buf_free(&b);
	rules_free(r);
	return rv;
}

/* "30d", a date, or whatever when_parse() knows: as far back from now. */
static int
since(const char *s, int64_t *ms, struct err *e)
{
	int64_t now = when_now_ms(), then;

	if (s == NULL) {
		*ms = now - 30 * DAY_MS;
		return 0;
	}
	if (when_parse(s, now, &then, e) == -1)
		return err_prefix(e, "--since");
	*ms = then > now ? now - (then - now) : then;
	return 0;
}

int
admin_rules_replay(const struct config *c, int argc, char **argv, struct err *e)
{
	const char *from = admin_opt(&argc, argv, "--since", true);
	const char *named = admin_opt(&argc, argv, "--rules", true);
	const char *path = rules_path(c, named, e);
	struct rules_replay p = {.out = stdout};
	char *store = serve_store(c);
	struct rules *r = NULL;
	int rv = -1;

	set_zone(c);
	if (path == NULL || admin_words(argc, 0, "rules replay", e) == -1 ||
	    since(from, &p.since_ms, e) == -1 ||
	    (r = read_rules(path, e)) == NULL ||
	    (p.db = sql_open(store, SQL_READ_ONLY, e)) == NULL)
		goto out;
	p.r = r;
	if ((rv = load_faqs(c, p.mind = mind_new(), e)) == 0 &&
	    (rv = rules_replay(&p, e)) == 0)
		printf("%d message%s, %d otherwise: %d answered instead of "
		       "handed over, %d handed over instead of answered\n",
		    p.messages, p.messages == 1 ? "" : "s", p.otherwise,
		    p.answered, p.handed_over);
out:
	mind_free(p.mind);
	sql_close(p.db);
	rules_free(r);
	x_free(store);
	return rv;
}
