/* The quota of each channel: see line_quota.h. */
#include <sys/queue.h>

#include "line_call.h"
#include "line_quota.h"

enum { QUOTA_EVERY_MS = 5 * 60 * 1000 };

/* Of one channel: the limit, then what is used of it. */
struct reading {
	LIST_ENTRY(reading) link;
	struct madod *m;
	char *channel;
	int64_t limit;
};

struct line_quota {
	struct madod *m;
	struct timer *clock;
	LIST_HEAD(, reading) under_way;
};

static void
reading_free(struct reading *r)
{
	LIST_REMOVE(r, link);
	x_free(r->channel);
	x_free(r);
}

static const char *
quota_problem(const struct fetch_res *res, struct arena *a)
{
	if (res->outcome != FETCH_ANSWERED)
		return arena_sprintf(a, "LINE is not reached: %s", res->error);
	if (res->status == 401 || res->status == 403)
		return arena_sprintf(a,
		    "LINE refuses the channel access token "
		    "(%d): %s",
		    res->status, line_words(res, a));
	return NULL;
}

/* used -1: LINE has not said. */
static void
reading_end(struct reading *r, const struct fetch_res *res, int64_t used)
{
	struct act *a = act_new(act_channel, NULL, NULL);
	struct channel_in *in = arena_new_of(a->mem, struct channel_in);

	in->name = arena_strdup(a->mem, r->channel);
	in->problem = quota_problem(res, a->mem);
	in->quota_limit = used == -1 ? -2 : r->limit;
	in->quota_used = used == -1 ? -2 : used;
	in->clear_push_stop = used != -1 && (r->limit == -1 || used < r->limit);
	a->in = in;
	writer_put(r->m->writer, a);
	reading_free(r);
}

static void
quota_used(const struct fetch_res *res, void *arg)
{
	cJSON *o = json_parse_foreign(res->body, res->n, NULL);

	reading_end(
	    arg, res, res->status == 200 ? json_int(o, "totalUsage", -1) : -1);
	cJSON_Delete(o);
}

static void
quota_limit(const struct fetch_res *res, void *arg)
{
	struct reading *r = arg;
	const struct config_line *l =
	    config_line_find(r->m->config, r->channel);
	cJSON *o = json_parse_foreign(res->body, res->n, NULL);

	if (res->status == 200 && l != NULL) {
		r->limit = json_int(o, "value", -1);
		line_ask(r->m->line_calls, l, "GET",
		    "/v2/bot/message/quota/consumption", quota_used, r);
	} else
		reading_end(r, res, -1);
	cJSON_Delete(o);
}

void
line_quota_read(struct line_quota *q)
{
	const struct config *c = q->m->config;
	struct reading *r;

	for (size_t i = 0; i < c->n_lines; i++) {
		r = x_new(struct reading);
		r->m = q->m;
		r->channel = x_strdup(c->lines[i].name);
		LIST_INSERT_HEAD(&q->under_way, r, link);
		line_ask(q->m->line_calls, &c->lines[i], "GET",
		    "/v2/bot/message/quota", quota_limit, r);
	}
	timer_set(q->clock, QUOTA_EVERY_MS);
}

static void
quota_clock(void *arg)
{
	line_quota_read(arg);
}

struct line_quota *
line_quota_new(struct madod *m)
{
	struct line_quota *q = x_new(struct line_quota);

	q->m = m;
	LIST_INIT(&q->under_way);
	q->clock = timer_new(m->loop, quota_clock, q);
	return q;
}

void
line_quota_free(struct line_quota *q)
{
	if (q == NULL)
		return;
	while (!LIST_EMPTY(&q->under_way))
		reading_free(LIST_FIRST(&q->under_way));
	timer_free(q->clock);
	x_free(q);
}
