/*
 * reply and note: on this machine's disk before the wire, with an id made
 * here, so that a crash, a retry or a lost answer sends nothing twice.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mado/id.h>
#include <mado/mem.h>
#include <mado/when.h>

#include "canned.h"
#include "cli.h"
#include "cli_out.h"
#include "i18n.h"
#include "said.h"
#include "sticker.h"
#include "shell.h"

enum { RESULT_MS = 60 * 1000 };

struct reply {
	struct cli *cli;
	int64_t number;
	const char *canned, *id, *seen, *sticker, *at;
	struct cli_strs attach;
	bool wait;
	char made_id[ID_UUID_B];
	/* from answers; arena's */
	struct conv *conv;
	const char *canned_text;
	const char *agent;
	struct msg *msg;
	cJSON *msg_json, *cards; /* freed at the end */
	int64_t seq;
};

/* canned replies */

static void
take_conv(const struct desk_answer *a, void *arg)
{
	struct reply *r = arg;
	struct arena *mem = r->cli->arena;

	if (a->n_convs == 0)
		return;
	r->conv = arena_new_of(mem, struct conv);
	json_decode(
	    &conv_json, json_obj(a->json, "conversation"), r->conv, mem, NULL);
}

static void
find_canned(struct reply *r, const cJSON *answer)
{
	const cJSON *o;
	const char *name;

	cJSON_ArrayForEach(o, json_arr(answer, "canned"))
	{
		name = json_str(o, "name", "");
		if (strcmp(name, r->canned) == 0 &&
		    (r->canned_text == NULL || json_bool(o, "personal", false)))
			r->canned_text = arena_strdup(
			    r->cli->arena, json_str(o, "text", ""));
	}
}

static void
take_canned(const struct desk_answer *a, void *arg)
{
	find_canned(arg, a->json);
}

/* The server is not there: what the inbox has kept of it will do. */
static void
canned_from_store(struct reply *r)
{
	struct cli *c = r->cli;
	char *text = store_get(c->store, "canned", c->arena);
	cJSON *o = text == NULL ? NULL : cJSON_Parse(text);

	find_canned(r, o);
	r->conv = store_conv(c->store, r->number, c->arena);
	cJSON_Delete(o);
}

static int
load_canned(struct reply *r, struct err *e)
{
	struct desk_call get = {.op = DESK_GET, .number = r->number};
	struct desk_call list = {.op = DESK_CANNED};
	struct err why = {0};

	if (desk_ask(r->cli->desk, r->cli->loop, &get, take_conv, r, &why) ==
		0 &&
	    desk_ask(r->cli->desk, r->cli->loop, &list, take_canned, r, &why) ==
		0)
		goto check;
	if (why.code != ERR_NET)
		return err_set(e, why.code, "%s", why.msg);
	canned_from_store(r);
	if (r->conv == NULL)
		return err_set(e, why.code, "%s", why.msg);
check:
	if (r->canned_text != NULL)
		return 0;
	return err_set(
	    e, ERR_NOTFOUND, _("no canned reply of that name: %s"), r->canned);
}

/* Only a text that names a card has it asked for. */
static void
use_cards(const struct desk_answer *a, void *arg)
{
	struct reply *r = arg;

	r->cards = cJSON_Duplicate(a->json, true);
	r->conv->cards = r->cards;
}

static int
take_cards(struct reply *r, struct err *e)
{
	struct desk_call call = {.op = DESK_CARDS, .number = r->number};

	if (strstr(r->canned_text, "card.") == NULL)
		return 0;
	return desk_ask(r->cli->desk, r->cli->loop, &call, use_cards, r, e);
}

/* the text */

static char *
text_canned(struct reply *r, int argc, struct err *e)
{
	if (cli_want(r->cli, argc, 1, 1, e) == -1 || load_canned(r, e) == -1)
		return NULL;
	if (take_cards(r, e) == -1)
		return NULL;
	return canned_fill(r->canned_text, r->conv,
	    canned_agent(r->cli->store, r->cli->settings->user, r->cli->arena),
	    e);
}

static cJSON *
args_of(struct reply *r, int argc, char **argv, struct err *e)
{
	const char *verb = r->cli->cmd->name;
	char *text = NULL;
	cJSON *args;

	if (r->cli->text != NULL)
		text = x_strdup(r->cli->text);
	else if (r->canned != NULL)
		text = text_canned(r, argc, e);
	else if (argc == 3 && strcmp(argv[2], "-") == 0)
		text = cli_stdin(e);
	else if (argc == 2 && (r->attach.n > 0 || r->sticker != NULL))
		return cJSON_CreateObject();
	else
		return verb_args(verb, argc - 2, argv + 2, e);
	if (text == NULL)
		return NULL;
	args = verb_args(verb, 1, &text, e);
	x_free(text);
	return args;
}

static int
check_id(struct reply *r, struct err *e)
{
	if (r->id == NULL) {
		id_uuid(r->made_id);
		r->id = r->made_id;
	}
	if (id_is_uuid(r->id))
		return 0;
	return err_set(e, ERR_INVALID, _("--id takes a UUID, not %s"), r->id);
}

/* Files go to the desk first: a reply that names them is never without. */
static int
bring(struct reply *r, cJSON *args, struct err *e)
{
	cJSON *list;
	const char *id;

	if (r->attach.n == 0)
		return 0;
	list = cJSON_AddArrayToObject(args, "uploads");
	for (size_t i = 0; i < r->attach.n; i++) {
		if ((id = cli_upload(r->cli, r->attach.v[i], e)) == NULL)
			return -1;
		cJSON_AddItemToArray(list, cJSON_CreateString(id));
	}
	return 0;
}

/* --at: by the desk's clock, as the process's is. */
static int
put_at(struct reply *r, cJSON *args, struct err *e)
{
	char at[WHEN_TEXT_B];
	int64_t ms;

	if (r->at == NULL)
		return 0;
	if (when_parse(r->at, when_now_ms(), &ms, e) == -1)
		return -1;
	cJSON_AddStringToObject(args, "at", when_rfc3339(ms, at));
	return 0;
}

static int
add_sticker(struct reply *r, cJSON *args, struct err *e)
{
	const char *dir = r->cli->settings->config_dir;
	struct arena *a = r->cli->arena;
	const struct sticker *s;

	if (r->sticker == NULL)
		return 0;
	if ((s = sticker_find(dir, r->sticker, a, e)) == NULL)
		return -1;
	cJSON_AddItemToArray(cJSON_AddArrayToObject(args, "stickers"),
	    cJSON_CreateString(
		arena_sprintf(a, "%s %s", s->id, sticker_word(s, a))));
	return 0;
}

/* keeping and sending */

/* The row of an act with that id that is already kept. */
static int64_t
kept_row(struct reply *r)
{
	struct store_act *acts;
	size_t n = store_outbox(r->cli->store, false, r->cli->arena, &acts);
	int64_t row = 0;
	cJSON *o;

	for (size_t i = 0; i < n && row == 0; i++) {
		o = cJSON_Parse(acts[i].args);
		if (strcmp(json_str(o, "id", ""), r->id) == 0)
			row = acts[i].row;
		cJSON_Delete(o);
	}
	return row;
}

static int
keep(struct reply *r, const cJSON *args, int64_t *row, struct err *e)
{
	char *text;
	struct store_act act = {.number = r->number,
	    .verb = r->cli->cmd->name,
	    .queued_ms = when_now_ms()};
	int rc;

	*row = kept_row(r);
	if (*row != 0)
		return 0;
	text = cJSON_PrintUnformatted(args);
	act.args = text;
	rc = store_outbox_add(r->cli->store, &act, row, e);
	cJSON_free(text);
	return rc;
}

static int
tell_kept(struct reply *r, int64_t row, const struct err *why, struct err *e)
{
	if (store_outbox_row(r->cli->store, row, r->cli->arena) == NULL)
		return err_set(e, why->code, "%s", why->msg);
	return err_set(e, why->code,
	    _("%s; the text is kept here (%s) and leaves with the next verb "
	      "that reaches the desk"),
	    why->msg, r->id);
}

static int
send_kept(struct reply *r, int64_t row, struct err *e)
{
	struct cli_sent sent = {0};
	struct err why = {0};

	if (cli_send(r->cli, row, &sent, &why) == -1) {
		cJSON_Delete(sent.json);
		return tell_kept(r, row, &why, e);
	}
	r->msg = sent.message;
	r->seq = json_int(sent.json, "seq", 0);
	r->msg_json =
	    cJSON_DetachItemFromObjectCaseSensitive(sent.json, "message");
	cJSON_Delete(sent.json);
	return 0;
}

/* --wait */

static void
take_msg(struct reply *r, const cJSON *o)
{
	struct arena *mem = r->cli->arena;

	if (strcmp(json_str(o, "id", ""), r->id) != 0)
		return;
	r->msg = arena_new_of(mem, struct msg);
	json_decode(&msg_json, o, r->msg, mem, NULL);
	cJSON_Delete(r->msg_json);
	r->msg_json = cJSON_Duplicate(o, true);
}

static void
use_msg(const struct desk_answer *a, void *arg)
{
	take_msg(arg, json_obj(a->json, "message"));
}

static void
use_feed(const struct desk_answer *a, void *arg)
{
	struct reply *r = arg;
	const cJSON *ev, *o;

	cJSON_ArrayForEach(ev, json_arr(a->json, "events"))
	{
		o = json_obj(json_obj(ev, "data"), "message");
		if (o != NULL)
			take_msg(r, o);
		r->seq = json_int(ev, "seq", r->seq);
	}
}

static void
use_seq(const struct desk_answer *a, void *arg)
{
	struct reply *r = arg;

	r->seq = a->seq;
}

static bool
is_final(const struct msg *m)
{
	return m != NULL && m->state != STATE_QUEUED && m->state != STATE_HELD;
}

static int
result(const struct msg *m, struct arena *a, struct err *e)
{
	const char *why = m->error == NULL ? "" : said_phrase(m->error, a);

	if (m->state == STATE_FAILED)
		return err_set(
		    e, ERR_FAILED, _("the customer has not got it: %s"), why);
	if (m->state == STATE_UNCONFIRMED)
		return err_set(e, ERR_UNCONFIRMED,
		    _("nobody knows whether the customer has got it; look at "
		      "LINE's chat, then mado retry or mado discard %s"),
		    m->id);
	return 0;
}

static int
no_result(const struct reply *r, struct err *e)
{
	if (r->msg != NULL && r->msg->state == STATE_HELD)
		return err_set(e, ERR_NET,
		    _("held: it leaves with the customer's next message, or "
		      "by mado retry %s"),
		    r->id);
	return err_set(
	    e, ERR_NET, _("no result in time; it is in the desk's outbox"));
}

/* The seq first, the row then: what changes in between is in the feed. */
static int
wait_result(struct reply *r, struct err *e)
{
	struct cli *c = r->cli;
	int64_t end = when_mono_ms() + RESULT_MS, left;
	struct desk_call status = {.op = DESK_STATUS};
	struct desk_call get = {.op = DESK_MESSAGE, .id = r->id};
	struct desk_call feed = {.op = DESK_FEED, .limit = 500};

	if (r->seq == 0 &&
	    desk_ask(c->desk, c->loop, &status, use_seq, r, e) == -1)
		return -1;
	if (desk_ask(c->desk, c->loop, &get, use_msg, r, e) == -1)
		return -1;
	while (!is_final(r->msg)) {
		left = (end - when_mono_ms()) / 1000;
		if (left <= 0)
			return no_result(r, e);
		feed.after = r->seq;
		feed.wait_s = left < FEED_WAIT_MAX_S ? left : FEED_WAIT_MAX_S;
		if (desk_ask(c->desk, c->loop, &feed, use_feed, r, e) == -1)
			return -1;
	}
	return result(r->msg, r->cli->arena, e);
}

/* the verbs */

static int
print_result(struct reply *r, struct err *e)
{
	struct buf b = {0};
	int rc;

	if (r->cli->json && r->msg_json != NULL)
		return out_json(r->msg_json, e);
	if (r->cli->shell != NULL && shell_is_talking(r->cli->shell))
		return 0;
	buf_puts(&b, r->id);
	rc = out_line(&b, e);
	buf_free(&b);
	return rc;
}

static bool
is_reply(const struct reply *r)
{
	return r->cli->cmd->flags & CMD_CUSTOMER;
}

static int
run(struct reply *r, int argc, char **argv, struct err *e)
{
	struct err why = {0};
	cJSON *args;
	int64_t row;
	int rc;

	if (cli_number(argv[1], &r->number, e) == -1 || check_id(r, e) == -1 ||
	    cli_desk_only(r->cli, e) == -1 || cli_store(r->cli, e) == -1)
		return -1;
	if (r->cli->shell != NULL && r->seen == NULL && is_reply(r))
		r->seen = shell_seen(r->cli->shell, r->number);
	args = args_of(r, argc, argv, e);
	if (args == NULL)
		return -1;
	cJSON_AddStringToObject(args, "id", r->id);
	if (r->seen != NULL)
		cJSON_AddStringToObject(args, "seen", r->seen);
	if (r->canned != NULL)
		cJSON_AddStringToObject(args, "canned", r->canned);
	rc = put_at(r, args, e);
	if (rc == 0)
		rc = add_sticker(r, args, e);
	if (rc == 0)
		rc = bring(r, args, e);
	if (rc == 0)
		rc = keep(r, args, &row, e);
	cJSON_Delete(args);
	if (rc == 0)
		rc = send_kept(r, row, e);
	if (rc == -1)
		return -1;
	if (r->wait && wait_result(r, &why) == -1)
		rc = -1;
	/* The id is said whatever came of it: retry and discard want it. */
	if (print_result(r, e) == -1)
		return -1;
	return rc == 0 ? 0 : err_set(e, why.code, "%s", why.msg);
}

int
cmd_reply(struct cli *c, int argc, char **argv, struct err *e)
{
	struct reply r = {.cli = c};
	const struct cli_opt opts[] = {{"--canned", OPT_STR, &r.canned},
	    {"--id", OPT_STR, &r.id}, {"--seen", OPT_STR, &r.seen},
	    {"--attach", OPT_STRS, &r.attach},
	    {"--sticker", OPT_STR, &r.sticker}, {"--at", OPT_STR, &r.at},
	    {"--wait", OPT_FLAG, &r.wait}, {NULL, OPT_FLAG, NULL}};
	int rc;

	if (cli_options(c, opts, &argc, argv, e) == -1)
		return -1;
	if (argc < 2 ||
	    (argc < 3 && r.canned == NULL && r.attach.n == 0 &&
		r.sticker == NULL && c->text == NULL))
		return cli_usage(c, e);
	rc = run(&r, argc, argv, e);
	cJSON_Delete(r.msg_json);
	cJSON_Delete(r.cards);
	return rc;
}

int
cmd_note(struct cli *c, int argc, char **argv, struct err *e)
{
	struct reply r = {.cli = c};
	const struct cli_opt opts[] = {
	    {"--id", OPT_STR, &r.id}, {NULL, OPT_FLAG, NULL}};
	int rc;

	if (cli_options(c, opts, &argc, argv, e) == -1)
		return -1;
	if (argc < 2 || (argc < 3 && c->text == NULL))
		return cli_usage(c, e);
	rc = run(&r, argc, argv, e);
	cJSON_Delete(r.msg_json);
	cJSON_Delete(r.cards);
	return rc;
}
