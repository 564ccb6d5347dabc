/*
 * outbox, retry, discard: the sends that nobody has decided. Those on this
 * machine (kept, refused) and those on the desk (queued, held, failed,
 * unconfirmed) in one list; an act that has no id of its own is L and its
 * row.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mado/mem.h>

#include "cli.h"
#include "cli_out.h"
#include "i18n.h"
#include "said.h"

enum { ID_COLS = 36, STATE_COLS = 11 };

struct listing {
	struct cli *cli;
	bool quiet; /* ids only */
	struct err *e;
	int rc;
	struct msg *msg;
};

/* the local ones */

static char *
local_id(struct cli *c, const struct store_act *act)
{
	cJSON *o = cJSON_Parse(act->args);
	const char *id = json_str(o, "id", NULL);
	char *copy = id != NULL
	    ? arena_strdup(c->arena, id)
	    : arena_sprintf(c->arena, "L%lld", (long long)act->row);

	cJSON_Delete(o);
	return copy;
}

static struct store_act *
local_find(struct cli *c, const char *id)
{
	struct store_act *acts;
	size_t n;

	for (int refused = 0; refused < 2; refused++) {
		n = store_outbox(c->store, refused, c->arena, &acts);
		for (size_t i = 0; i < n; i++)
			if (strcmp(local_id(c, &acts[i]), id) == 0)
				return &acts[i];
	}
	return NULL;
}

static char *
local_text(struct cli *c, const struct store_act *act)
{
	cJSON *o = cJSON_Parse(act->args);
	const char *text = json_str(o, "text", "");
	bool said =
	    strcmp(act->verb, "reply") == 0 || strcmp(act->verb, "note") == 0;
	char *line = said ? arena_strdup(c->arena, text)
			  : arena_sprintf(c->arena, "%s %s", act->verb, text);

	cJSON_Delete(o);
	return line;
}

static int
print_id(const char *id, struct err *e)
{
	struct buf b = {0};
	int rc;

	out_text(&b, id);
	rc = out_line(&b, e);
	buf_free(&b);
	return rc;
}

static int
print_row(const struct msg *m, const char *state, struct err *e)
{
	struct arena *a = arena_new();
	struct buf b = {0};
	char number[32];
	int rc;

	snprintf(number, sizeof(number), "#%lld", (long long)m->conversation);
	out_cell(&b, m->id, ID_COLS);
	out_cell(&b, number, 6);
	out_cell(&b, state, STATE_COLS);
	if (m->error != NULL) {
		buf_puts(&b, "(");
		out_text(&b, said_phrase(m->error, a));
		buf_puts(&b, ") ");
	}
	if (m->type == MSG_NOTE)
		buf_printf(&b, "[%s] ", _("note"));
	out_rest(&b, said_text(m, a));
	rc = out_line(&b, e);
	buf_free(&b);
	arena_free(a);
	return rc;
}

/* As a message row, with "local" beside the contract's members. */
static int
print_local_json(const struct msg *m, const char *local, struct err *e)
{
	struct buf b = {0};
	cJSON *o;
	int rc;

	json_encode(&b, &msg_json, m);
	o = cJSON_Parse(b.p);
	cJSON_AddStringToObject(o, "local", local);
	rc = out_json(o, e);
	cJSON_Delete(o);
	buf_free(&b);
	return rc;
}

static int
print_local(struct listing *l, const struct store_act *act, struct err *e)
{
	struct cli *c = l->cli;
	struct msg m = {.id = local_id(c, act),
	    .conversation = act->number,
	    .at_ms = act->queued_ms,
	    .from = FROM_AGENT,
	    .author = c->settings->user,
	    .type = strcmp(act->verb, "note") == 0 ? MSG_NOTE : MSG_TEXT,
	    .text = local_text(c, act),
	    .state = act->error == NULL ? STATE_QUEUED : STATE_FAILED,
	    .via = -1,
	    .error = act->error};

	if (c->json)
		return print_local_json(
		    &m, act->error == NULL ? "kept" : "refused", e);
	if (l->quiet)
		return print_id(m.id, e);
	return print_row(&m, act->error == NULL ? _("kept") : _("refused"), e);
}

static int
print_all_local(struct listing *l, struct err *e)
{
	struct cli *c = l->cli;
	struct store_act *acts;
	size_t n;

	for (int refused = 0; refused < 2; refused++) {
		n = store_outbox(c->store, refused, c->arena, &acts);
		for (size_t i = 0; i < n; i++)
			if (print_local(l, &acts[i], e) == -1)
				return -1;
	}
	return 0;
}

/* the desk's */

static int
print_desk(struct listing *l, const struct msg *m, const cJSON *row)
{
	if (l->cli->json)
		return out_json(row, l->e);
	if (l->quiet)
		return print_id(m->id, l->e);
	return print_row(m, out_state(m), l->e);
}

static void
use_outbox(const struct desk_answer *a, void *arg)
{
	struct listing *l = arg;
	const cJSON *rows = json_arr(a->json, "messages"), *row;
	size_t i = 0;

	if (a->err.code != ERR_NONE)
		return;
	cJSON_ArrayForEach(row, rows)
	{
		if (l->rc == 0)
			l->rc = print_desk(l, a->msgs[i++], row);
	}
}

int
cmd_outbox(struct cli *c, int argc, char **argv, struct err *e)
{
	struct listing l = {.cli = c, .e = e};
	struct desk_call call = {.op = DESK_OUTBOX};
	const struct cli_opt opts[] = {
	    {"-q", OPT_FLAG, &l.quiet}, {NULL, OPT_FLAG, NULL}};
	struct err why = {0};

	if (cli_options(c, opts, &argc, argv, e) == -1 ||
	    cli_want(c, argc, 0, 0, e) == -1 || cli_store(c, e) == -1)
		return -1;
	/* What is kept is shown even if the desk can't be asked. */
	cli_desk(c, &why);
	if (print_all_local(&l, e) == -1)
		return -1;
	if (why.code != ERR_NONE)
		return err_set(e, why.code, "%s", why.msg);
	if (cli_ask(c, &call, use_outbox, &l, e) == -1)
		return -1;
	return l.rc;
}

/* retry */

/* A person has decided: what it had not seen no longer stops it. */
static int
retry_local(struct cli *c, const struct store_act *act, struct err *e)
{
	cJSON *o = cJSON_Parse(act->args);
	struct store_act again = *act;
	int64_t row = act->row;
	char *text;
	int rc = 0;

	cJSON_DeleteItemFromObjectCaseSensitive(o, "seen");
	text = cJSON_PrintUnformatted(o);
	again.args = text;
	again.error = NULL;
	again.not_before_ms = 0;
	if (act->error != NULL) { /* at its end; the old row goes after it */
		rc = store_outbox_add(c->store, &again, &row, e);
		if (rc == 0)
			rc = store_outbox_rm(c->store, act->row, e);
	}
	cJSON_free(text);
	cJSON_Delete(o);
	if (rc == 0 && cli_desk_only(c, e) == -1)
		rc = -1;
	return rc == 0 ? cli_send(c, row, NULL, e) : -1;
}

static void
use_msg(const struct desk_answer *a, void *arg)
{
	struct listing *l = arg;

	if (a->n_msgs == 0)
		return;
	l->msg = arena_new_of(l->cli->arena, struct msg);
	json_decode(&msg_json, json_obj(a->json, "message"), l->msg,
	    l->cli->arena, NULL);
}

static void
print_new(const struct desk_answer *a, void *arg)
{
	struct listing *l = arg;
	const cJSON *message = json_obj(a->json, "message");

	if (l->cli->json && a->err.code == ERR_NONE && message != NULL)
		l->rc = out_json(message, l->e);
}

static int
retry_desk(struct cli *c, const char *id, bool yes, struct err *e)
{
	struct listing l = {.cli = c, .e = e};
	struct desk_call get = {.op = DESK_MESSAGE, .id = id};
	struct desk_call call = {.op = DESK_RETRY, .id = id};
	cJSON *args;
	int rc;

	if (cli_ask(c, &get, use_msg, &l, e) == -1)
		return -1;
	if (l.msg != NULL && l.msg->state == STATE_UNCONFIRMED && !yes)
		yes = cli_confirm(_("The customer may have got it already. "
				    "Send it once more?"));
	if (l.msg != NULL && l.msg->state == STATE_UNCONFIRMED && !yes)
		return err_set(e, ERR_UNCONFIRMED,
		    _("the customer may have got it already; --yes sends it "
		      "once more"));
	args = cJSON_CreateObject();
	cJSON_AddBoolToObject(args, "confirm", yes);
	call.args = args;
	rc = cli_ask(c, &call, print_new, &l, e);
	cJSON_Delete(args);
	return rc == 0 ? l.rc : rc;
}

static int
retry_one(struct cli *c, const char *id, bool yes, struct err *e)
{
	struct store_act *act = local_find(c, id);

	return act != NULL ? retry_local(c, act, e) : retry_desk(c, id, yes, e);
}

int
cmd_retry(struct cli *c, int argc, char **argv, struct err *e)
{
	bool yes = false;
	const struct cli_opt opts[] = {
	    {"--yes", OPT_FLAG, &yes}, {NULL, OPT_FLAG, NULL}};
	struct cli_many many = {.n = 0};
	struct err why;
	char **ids;

	if (cli_options(c, opts, &argc, argv, e) == -1 ||
	    cli_want(c, argc, 1, INT_MAX, e) == -1 || cli_store(c, e) == -1 ||
	    (ids = cli_words(c, argc, argv, &many.n, e)) == NULL)
		return -1;
	for (size_t i = 0; i < many.n && !many.over; i++) {
		err_clear(&why);
		cli_many_add(
		    &many, ids[i], retry_one(c, ids[i], yes, &why), &why);
	}
	return cli_many_end(&many, e);
}

static int
discard_one(struct cli *c, const char *id, struct err *e)
{
	struct desk_call call = {.op = DESK_DISCARD, .id = id};
	struct store_act *act = local_find(c, id);

	if (act != NULL)
		return store_outbox_rm(c->store, act->row, e);
	return cli_ask(c, &call, NULL, NULL, e);
}

int
cmd_discard(struct cli *c, int argc, char **argv, struct err *e)
{
	struct cli_many many = {.n = 0};
	struct err why;
	char **ids;

	if (cli_options(c, NULL, &argc, argv, e) == -1 ||
	    cli_want(c, argc, 1, INT_MAX, e) == -1 || cli_store(c, e) == -1 ||
	    (ids = cli_words(c, argc, argv, &many.n, e)) == NULL)
		return -1;
	for (size_t i = 0; i < many.n && !many.over; i++) {
		err_clear(&why);
		cli_many_add(&many, ids[i], discard_one(c, ids[i], &why), &why);
	}
	return cli_many_end(&many, e);
}
