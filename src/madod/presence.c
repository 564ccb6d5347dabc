/* See presence.h: a short list of seats, one a client. */
#include <stdio.h>
#include <string.h>
#include <sys/queue.h>

#include <mado/mem.h>
#include <mado/model.h>
#include <mado/when.h>

#include "presence.h"

struct seat {
	LIST_ENTRY(seat) link;
	int64_t user;
	char *name;
	char client[PRESENCE_CLIENT_B];
	int64_t number;
	int64_t until_ms;  /* monotonic, as the next */
	int64_t typing_ms; /* until then; 0: not */
	bool news;
};

struct presence {
	LIST_HEAD(, seat) seats;
	size_t n;
	struct timer *clock;
	void (*news)(int64_t user, const char *client, void *arg);
	void *arg;
};

static struct seat *
seat_find(struct presence *p, const struct presence_who *who)
{
	struct seat *s;

	LIST_FOREACH(s, &p->seats, link)
	if (s->user == who->user && strcmp(s->client, who->client) == 0)
		return s;
	return NULL;
}

static void
seat_free(struct presence *p, struct seat *s)
{
	LIST_REMOVE(s, link);
	p->n--;
	x_free(s->name);
	x_free(s);
}

/* The others at that conversation have something to be told. */
static void
tell(struct presence *p, int64_t number, int64_t user)
{
	struct seat *s;

	if (number == 0)
		return;
	LIST_FOREACH(s, &p->seats, link)
	{
		if (s->number != number || s->user == user)
			continue;
		s->news = true;
		p->news(s->user, s->client, p->arg);
	}
}

/* Wake when the first of them has been silent for long enough. */
static void
set_clock(struct presence *p)
{
	int64_t first = INT64_MAX, now = when_mono_ms();
	struct seat *s;

	LIST_FOREACH(s, &p->seats, link)
	{
		if (s->until_ms < first)
			first = s->until_ms;
		if (s->typing_ms != 0 && s->typing_ms < first)
			first = s->typing_ms;
	}
	if (first == INT64_MAX)
		timer_clear(p->clock);
	else
		timer_set(p->clock, first > now ? first - now : 0);
}

static void
on_clock(void *arg)
{
	struct presence *p = arg;
	int64_t now = when_mono_ms(), number, user;
	struct seat *s, *next;

	for (s = LIST_FIRST(&p->seats); s != NULL; s = next) {
		next = LIST_NEXT(s, link);
		number = s->number;
		user = s->user;
		if (s->until_ms <= now)
			seat_free(p, s);
		else if (s->typing_ms != 0 && s->typing_ms <= now)
			s->typing_ms = 0;
		else
			continue;
		tell(p, number, user);
	}
	set_clock(p);
}

struct presence *
presence_new(struct loop *l,
    void (*news)(int64_t user, const char *client, void *arg), void *arg)
{
	struct presence *p = x_new(struct presence);

	LIST_INIT(&p->seats);
	p->news = news;
	p->arg = arg;
	p->clock = timer_new(l, on_clock, p);
	return p;
}

void
presence_free(struct presence *p)
{
	if (p == NULL)
		return;
	while (!LIST_EMPTY(&p->seats))
		seat_free(p, LIST_FIRST(&p->seats));
	timer_free(p->clock);
	x_free(p);
}

static struct seat *
seat_new(struct presence *p, const struct presence_who *who)
{
	struct seat *s;

	if (p->n == PRESENCE_MAX)
		return NULL;
	s = x_new(struct seat);
	s->user = who->user;
	s->name = x_strdup(who->name);
	snprintf(s->client, sizeof(s->client), "%s", who->client);
	LIST_INSERT_HEAD(&p->seats, s, link);
	p->n++;
	return s;
}

void
presence_set(struct presence *p, const struct presence_who *who, int64_t number,
    bool typing)
{
	struct seat *s = seat_find(p, who);
	int64_t now = when_mono_ms(), was = s == NULL ? 0 : s->number;
	bool typed = s != NULL && s->typing_ms != 0;

	if (s == NULL && (number == 0 || (s = seat_new(p, who)) == NULL))
		return;
	s->number = number;
	s->until_ms = now + PRESENCE_LOOKING_MS;
	s->typing_ms = typing ? now + PRESENCE_TYPING_MS : 0;
	if (number == 0)
		seat_free(p, s);
	if (was != number || typed != typing) {
		tell(p, was, who->user);
		if (was != number)
			tell(p, number, who->user);
	}
	set_clock(p);
}

bool
presence_touch(struct presence *p, const struct presence_who *who)
{
	struct seat *s = seat_find(p, who);

	if (s == NULL)
		return false;
	s->until_ms = when_mono_ms() + PRESENCE_LOOKING_MS;
	return s->news;
}

void
presence_lost(struct presence *p, const struct presence_who *who)
{
	struct seat *s = seat_find(p, who);
	int64_t until = when_mono_ms() + PRESENCE_LOST_MS;

	if (s == NULL || s->until_ms <= until)
		return;
	s->until_ms = until;
	set_clock(p);
}

void
presence_put(struct presence *p, const struct presence_who *who, struct buf *b)
{
	struct seat *mine = seat_find(p, who), *s;
	const char *glue = "";

	buf_putc(b, '[');
	LIST_FOREACH(s, &p->seats, link)
	{
		struct present one = {s->number, s->name, s->typing_ms != 0};

		if (mine == NULL || s->number != mine->number ||
		    s->user == who->user)
			continue;
		buf_puts(b, glue);
		json_encode(b, &present_json, &one);
		glue = ",";
	}
	buf_putc(b, ']');
	if (mine != NULL)
		mine->news = false;
}

void
presence_typed(struct presence *p, int64_t user, struct buf *b)
{
	const char *glue = "";
	struct seat *s;

	buf_putc(b, '[');
	LIST_FOREACH(s, &p->seats, link)
	{
		if (s->user == user || s->typing_ms == 0)
			continue;
		buf_printf(b, "%s%lld", glue, (long long)s->number);
		glue = ",";
	}
	buf_putc(b, ']');
}
