/*
 * Files to send: bringing one to the desk (reply --attach), and uploads, the
 * list of those that it keeps.
 */
#include <string.h>

#include <mado/mem.h>

#include "attach.h"
#include "cli.h"
#include "cli_out.h"
#include "i18n.h"

enum { KIND_COLS = 6, SIZE_COLS = 9, NAME_COLS = 28, BY_COLS = 8 };

struct brought {
	struct cli *cli;
	const char *id;
};

static void
use_upload(const struct desk_answer *a, void *arg)
{
	const cJSON *o = cJSON_GetArrayItem(json_arr(a->json, "uploads"), 0);
	const char *note = json_str(o, "note", NULL);
	struct brought *b = arg;

	b->id = arena_strdup(b->cli->arena, json_str(o, "id", NULL));
	if (note != NULL)
		out_warn("%s: %s", json_str(o, "name", ""), note);
}

const char *
cli_upload(struct cli *c, const char *path, struct err *e)
{
	struct brought b = {c, NULL};
	struct desk_call call;

	if (attach_open(path, &call, e) == -1 ||
	    desk_ask(c->desk, c->loop, &call, use_upload, &b, e) == -1)
		return NULL;
	if (b.id == NULL)
		err_set(e, ERR_FAILED, _("the desk has not kept %s"), path);
	return b.id;
}

static int
print_upload(struct cli *c, const cJSON *o, struct err *e)
{
	struct upload u;
	struct buf b = {0};
	char at[32];
	int rc;

	if (c->json)
		return out_json(o, e);
	if (json_decode(&upload_json, o, &u, c->arena, e) == -1)
		return -1;
	buf_printf(&b, "%s %s ", u.id, out_time(u.at_ms, at));
	out_cell(&b, msg_type_names[u.kind], KIND_COLS);
	buf_printf(
	    &b, "%*lld KB ", SIZE_COLS, (long long)((u.size_b + 1023) / 1024));
	out_cell(&b, u.by != NULL ? u.by : "-", BY_COLS);
	out_cell(&b, u.message != NULL ? _("sent") : _("draft"), KIND_COLS);
	out_rest(&b, u.name);
	rc = out_line(&b, e);
	buf_free(&b);
	return rc;
}

struct listing {
	struct cli *cli;
	struct err *e;
	int rc;
};

static void
use_uploads(const struct desk_answer *a, void *arg)
{
	struct listing *l = arg;
	const cJSON *o;

	cJSON_ArrayForEach(o, json_arr(a->json, "uploads"))
	{
		if (l->rc == 0)
			l->rc = print_upload(l->cli, o, l->e);
	}
}

int
cmd_uploads(struct cli *c, int argc, char **argv, struct err *e)
{
	struct desk_call call = {.op = DESK_UPLOADS};
	struct listing l = {c, e, 0};

	if (cli_options(c, NULL, &argc, argv, e) == -1)
		return -1;
	if (argc != 1 && (argc != 3 || strcmp(argv[1], "rm") != 0))
		return cli_usage(c, e);
	if (cli_desk(c, e) == -1)
		return -1;
	if (argc == 3) {
		call.op = DESK_UPLOAD_RM;
		call.id = argv[2];
		return cli_ask(c, &call, NULL, NULL, e);
	}
	if (cli_ask(c, &call, use_uploads, &l, e) == -1)
		return -1;
	return l.rc == 0 ? out_flush(e) : -1;
}
