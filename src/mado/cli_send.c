/*
 * The command line's hand on the local outbox: what was kept leaves before a
 * verb, and a reply leaves at once. Sending itself is outbox.c's.
 */
#include "cli.h"
#include "cli_out.h"
#include "i18n.h"
#include "outbox.h"

struct sending {
	struct cli *cli;
	int64_t row;
	struct cli_sent *sent;
	struct err refused; /* our row */
	struct err stuck;   /* everything */
	bool answered;
};

static void
take_answer(struct sending *s, const struct desk_answer *a)
{
	struct arena *mem = s->cli->arena;
	cJSON *o;

	s->sent->json = cJSON_Duplicate(a->json, true);
	s->sent->answered = true;
	o = cJSON_GetObjectItemCaseSensitive(s->sent->json, "message");
	if (cJSON_IsObject(o)) {
		s->sent->message = arena_new_of(mem, struct msg);
		json_decode(&msg_json, o, s->sent->message, mem, NULL);
	}
}

static void
on_answered(const struct store_act *act, const struct desk_answer *a, void *arg)
{
	struct sending *s = arg;

	if (act->row == s->row) {
		s->answered = true;
		s->refused = a->err;
		if (s->sent != NULL && a->json != NULL)
			take_answer(s, a);
	} else if (a->err.code != ERR_NONE) {
		out_warn(_("#%lld: what was kept (%s) was refused: %s; mado "
			   "outbox lists it"),
		    (long long)act->number, act->verb, a->err.msg);
	}
}

static void
on_stuck(const struct err *e, void *arg)
{
	struct sending *s = arg;

	s->stuck = *e;
	cli_erase_disabled(s->cli, e);
}

/* Is our row still to be sent, by us or by the inbox that has leased it? */
static bool
is_waiting(struct sending *s)
{
	struct arena *a = arena_new();
	struct store_act *act = store_outbox_row(s->cli->store, s->row, a);
	bool waits = act != NULL && act->error == NULL;

	if (act != NULL && act->error != NULL)
		err_set(&s->refused, ERR_FAILED, "%s", act->error);
	arena_free(a);
	return waits;
}

static void
run(struct sending *s, struct outbox *o)
{
	while (s->stuck.code == ERR_NONE && !s->answered) {
		if (outbox_is_idle(o) && (s->row == 0 || !is_waiting(s)))
			return;
		loop_turn(s->cli->loop, 1000);
	}
}

static bool
is_empty(struct cli *c)
{
	struct arena *a = arena_new();
	struct store_act *acts;
	bool empty = store_outbox(c->store, false, a, &acts) == 0;

	arena_free(a);
	return empty;
}

int
cli_send(struct cli *c, int64_t row, struct cli_sent *sent, struct err *e)
{
	struct sending s = {.cli = c, .row = row, .sent = sent};
	struct outbox_hooks h = {
	    .answered = on_answered, .stuck = on_stuck, .arg = &s};
	struct outbox *o;

	if (is_empty(c))
		return 0;
	o = outbox_new(c->loop, c->desk, c->store, &h);
	outbox_kick(o);
	run(&s, o);
	outbox_free(o);
	if (s.stuck.code != ERR_NONE)
		return err_set(e, s.stuck.code, "%s", s.stuck.msg);
	if (s.refused.code == ERR_NONE)
		return 0;
	/* Its writer is told now; nothing is to be kept of it. */
	store_outbox_rm(c->store, row, NULL);
	return err_set(e, s.refused.code, "%s", s.refused.msg);
}
