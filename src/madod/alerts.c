/* Alerts: see alerts.h. */
#include <stdlib.h>
#include <string.h>

#include <mado/filter.h>
#include <mado/log.h>
#include <mado/when.h>

#include "alert_when.h"
#include "alerts.h"
#include "q.h"
#include "run.h"

enum {
	LOOK_MS = 2000,
	LOOK_SHARE = 20, /* of the time, at most a twentieth */
	CONVS_MAX = 2000,
	NAMED_MAX = 5,
	SAID_MAX_B = 64 << 10,
	PAUSE_MS = 60 * 1000,
	PAUSE_MAX_MS = 60 * 60 * 1000,
	DAY_MS = 24 * 3600 * 1000
};

/* What is known of one alert, by its name: the config may be reread. */
struct alert {
	struct alerts *all;
	char *name;
	bool telling, on;
	int64_t not_before_ms; /* told, or tried: mono clock */
	int64_t pause_ms;      /* after a failure, doubling */
	int64_t down_ms, said_ms, repeat_ms;
	struct alert *next;
};

struct alerts {
	struct madod *m;
	struct timer *timer;
	struct alert *list;
	bool looking;
	int64_t took_ms; /* the last look at conversations */
	int64_t untold;
};

static struct alert *
alert_get(struct alerts *all, const char *name)
{
	struct alert *a;

	for (a = all->list; a != NULL; a = a->next)
		if (strcmp(a->name, name) == 0)
			return a;
	a = x_new(struct alert);
	a->all = all;
	a->name = x_strdup(name);
	a->next = all->list;
	all->list = a;
	return a;
}

/* --- telling */

/* {text}, {json}, {form} and {name} in the template. */
static char *
body_of(const struct config_side *s, const char *text)
{
	struct buf b = {0};
	const char *t = s->body;

	for (; *t != '\0'; t++) {
		if (strncmp(t, "{text}", 6) == 0)
			buf_puts(&b, text);
		else if (strncmp(t, "{json}", 6) == 0)
			json_put_str(&b, text);
		else if (strncmp(t, "{form}", 6) == 0)
			fetch_escape(&b, text);
		else if (strncmp(t, "{name}", 6) == 0)
			buf_puts(&b, s->name);
		else {
			buf_putc(&b, *t);
			continue;
		}
		t += 5;
	}
	return buf_take(&b);
}

/* Down for a day is said once a day, not once a minute. */
static void
tell_failed(struct alert *a, const char *error)
{
	int64_t now = when_mono_ms();

	a->all->untold++;
	a->pause_ms = a->pause_ms == 0       ? PAUSE_MS
	    : a->pause_ms * 2 < PAUSE_MAX_MS ? a->pause_ms * 2
					     : PAUSE_MAX_MS;
	a->not_before_ms = now + a->pause_ms;
	if (a->down_ms == 0)
		a->down_ms = now;
	if (a->said_ms != 0 && now - a->said_ms < DAY_MS)
		return;
	a->said_ms = now;
	log_warn("alert %s is not told: %s (for %lldh now); tried again, and "
		 "all else goes on",
	    a->name, error, (long long)((now - a->down_ms) / 3600000));
}

static void
told(const char *error, const char *text, size_t n, void *arg)
{
	struct alert *a = arg;

	(void)text;
	(void)n;
	a->telling = false;
	if (error != NULL) {
		tell_failed(a, error);
		return;
	}
	if (a->down_ms != 0)
		log_info("alert %s is told again", a->name);
	else
		log_info("alert %s: told", a->name);
	a->down_ms = a->said_ms = a->pause_ms = 0;
	a->not_before_ms = when_mono_ms() + a->repeat_ms;
}

static void
tell(struct alert *a, const struct config_side *s, const char *text)
{
	char *line = x_sprintf("%s: %s", s->name, text);
	char *body = body_of(s, line);
	struct run_opts o = {.how = s,
	    .in = body,
	    .n = strlen(body),
	    .type = "text/plain; charset=utf-8",
	    .deadline_ms = s->deadline_ms,
	    .max_b = SAID_MAX_B,
	    .done = told,
	    .arg = a};

	a->repeat_ms = s->repeat_ms;
	a->telling = run_start(a->all->m->runs, &o);
	x_free(line);
	x_free(body);
}

/* It is so, or not: tell it when it begins, and now and then while it lasts. */
static void
found(struct alert *a, const struct config_side *s, const char *text)
{
	if (text == NULL) {
		if (a->on)
			log_info("alert %s: over", a->name);
		a->on = false;
		if (a->pause_ms == 0)
			a->not_before_ms = 0;
		return;
	}
	a->on = true;
	if (!a->telling && a->not_before_ms <= when_mono_ms())
		tell(a, s, text);
}

/* --- looking at conversations, on the reader's thread */

struct look {
	struct alerts *all;
	int64_t began_ms;
	size_t n;
	struct {
		char *name, *when;
		struct filter *f;
		int64_t count;
		struct buf text;
	} v[];
};

static void
name_one(struct buf *b, const struct conv *c, int64_t count)
{
	int64_t waits = c->waiting_since_ms != 0
	    ? (when_now_ms() - c->waiting_since_ms) / 60000
	    : 0;

	if (count > NAMED_MAX)
		return;
	buf_printf(b, "%s#%lld %s", count > 1 ? ", " : "", (long long)c->number,
	    c->contact != NULL ? c->contact->name : "");
	if (waits > 0)
		buf_printf(b, " %lldm", (long long)waits);
}

static void
look_run(void *arg, struct sql *db)
{
	struct look *k = arg;
	struct filter_env env = {.now_ms = when_now_ms()};
	int64_t *numbers = x_calloc(CONVS_MAX, sizeof(*numbers));
	struct arena *a = arena_new();
	struct sql_rows *q;
	struct conv *c;
	int n = 0;

	for (size_t i = 0; i < k->n; i++)
		k->v[i].f = filter_parse(k->v[i].when, &(struct filter_bad){0});
	q = sql_query(db,
	    "SELECT number FROM conversation WHERE status<>3 ORDER BY k1,k2,k3"
	    " LIMIT 2000",
	    "");
	while (sql_next(q))
		numbers[n++] = sql_int(q, 0);
	for (int j = 0; j < n; j++) {
		c = q_conv(db, a, numbers[j], env.now_ms);
		for (size_t i = 0; c != NULL && i < k->n; i++)
			if (k->v[i].f != NULL &&
			    filter_match(k->v[i].f, c, &env))
				name_one(&k->v[i].text, c, ++k->v[i].count);
		arena_reset(a);
	}
	for (size_t i = 0; i < k->n; i++)
		filter_free(k->v[i].f);
	sql_err(db, NULL);
	arena_free(a);
	x_free(numbers);
}

static const struct config_side *
side_of(const struct config *c, const char *name)
{
	for (size_t i = 0; i < c->n_sides; i++)
		if (c->sides[i].kind == SIDE_ALERT &&
		    strcmp(c->sides[i].name, name) == 0)
			return &c->sides[i];
	return NULL;
}

static void
look_one(struct look *k, size_t i)
{
	const struct config_side *s = side_of(k->all->m->config, k->v[i].name);
	struct alert *a = alert_get(k->all, k->v[i].name);
	struct buf text = {0};

	if (s == NULL)
		return;
	if (k->v[i].count == 0) {
		found(a, s, NULL);
		return;
	}
	buf_printf(&text, "%lld (%s): %s%s", (long long)k->v[i].count,
	    k->v[i].when, buf_str(&k->v[i].text),
	    k->v[i].count > NAMED_MAX ? " .." : "");
	found(a, s, buf_str(&text));
	buf_free(&text);
}

static void
look_done(void *arg)
{
	struct look *k = arg;

	k->all->looking = false;
	k->all->took_ms = when_mono_ms() - k->began_ms;
	for (size_t i = 0; i < k->n; i++) {
		look_one(k, i);
		x_free(k->v[i].name);
		x_free(k->v[i].when);
		buf_free(&k->v[i].text);
	}
	x_free(k);
}

static void
look(void *arg)
{
	struct alerts *all = arg;
	const struct config *c = all->m->config;
	struct look *k = x_calloc(1, sizeof(*k) + c->n_sides * sizeof(k->v[0]));
	struct buf text = {0};

	k->all = all;
	for (size_t i = 0; i < c->n_sides; i++) {
		const struct config_side *s = &c->sides[i];
		int is;

		if (s->kind != SIDE_ALERT)
			continue;
		buf_reset(&text);
		is = alert_when_desk(all->m, s->when, &text);
		if (is != -1) {
			found(alert_get(all, s->name), s,
			    is == 1 ? buf_str(&text) : NULL);
		} else {
			k->v[k->n].name = x_strdup(s->name);
			k->v[k->n++].when = x_strdup(s->when);
		}
	}
	buf_free(&text);
	if (k->n > 0 && !all->looking) {
		all->looking = true;
		k->began_ms = when_mono_ms();
		worker_put(all->m->reader, look_run, look_done, k);
	} else {
		for (size_t i = 0; i < k->n; i++) {
			x_free(k->v[i].name);
			x_free(k->v[i].when);
		}
		x_free(k);
	}
	timer_set(all->timer, LOOK_MS + LOOK_SHARE * all->took_ms);
}

int64_t
alerts_untold(const struct alerts *a)
{
	return a != NULL ? a->untold : 0;
}

struct alerts *
alerts_new(struct madod *m)
{
	struct alerts *a = x_new(struct alerts);

	a->m = m;
	a->timer = timer_new(m->loop, look, a);
	timer_set(a->timer, LOOK_MS / 10);
	return a;
}

void
alerts_free(struct alerts *all)
{
	struct alert *a;

	if (all == NULL)
		return;
	while ((a = all->list) != NULL) {
		all->list = a->next;
		x_free(a->name);
		x_free(a);
	}
	timer_free(all->timer);
	x_free(all);
}
