/* ack_at: see ack.h. */
#include <mado/log.h>
#include <mado/when.h>

#include "ack.h"

enum { LOOK_MS = 1000 };

struct ack {
	struct madod *m;
	struct timer *timer;
};

static void
ack_done(struct act *a)
{
	if (a->err.code != ERR_NONE)
		log_error("an acknowledgement was not stored: %s", a->err.msg);
}

/* A look into the few tokens that live; the act looks again. */
static bool
is_due(struct madod *m, const struct config_line *l)
{
	int64_t now = when_now_ms();

	return sql_get_int(m->db, 0, ACK_DUE, "siis", l->name,
		   now - l->ack_at_ms, now - REPLY_TOKEN_LIFE_S * 1000,
		   ACK_WHY) != 0;
}

static void
ack_look(void *arg)
{
	struct ack *k = arg;
	const struct config *c = k->m->config;
	struct ack_in *in;
	struct act *a;

	for (size_t i = 0; i < c->n_lines; i++) {
		if (c->lines[i].ack_at_ms == 0 || !is_due(k->m, &c->lines[i]))
			continue;
		a = act_new(act_ack, ack_done, k);
		in = arena_new_of(a->mem, struct ack_in);
		in->channel = arena_strdup(a->mem, c->lines[i].name);
		in->text = arena_strdup(a->mem, c->lines[i].ack_text);
		in->after_ms = c->lines[i].ack_at_ms;
		a->in = in;
		writer_put(k->m->writer, a);
	}
	timer_set(k->timer, LOOK_MS);
}

struct ack *
ack_new(struct madod *m)
{
	struct ack *k = x_new(struct ack);

	k->m = m;
	k->timer = timer_new(m->loop, ack_look, k);
	timer_set(k->timer, LOOK_MS);
	return k;
}

void
ack_free(struct ack *k)
{
	if (k == NULL)
		return;
	timer_free(k->timer);
	x_free(k);
}
