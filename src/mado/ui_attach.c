/*
 * Files on their way into a draft: from this machine (:attach), or chosen on
 * the page that :upload shows. Nothing leaves for the customer here.
 */
#include "ui.h"

#include <mado/mem.h>
#include <mado/when.h>

#include <stdlib.h>
#include <string.h>

#include "attach.h"
#include "cmd_ui.h"
#include "i18n.h"

/* At the end of the reply's line if it is open, else of its draft. */
static void
into_draft(struct ui *u, int64_t number, const cJSON *upload)
{
	struct arena *a = arena_new();
	struct draft d = {"", 0};
	struct buf b = {0};
	bool open = u->line == LINE_REPLY && u->thread.number == number;
	struct err e = {0};
	const char *note = json_str(upload, "note", NULL);

	if (open)
		buf_puts(&b, line_text());
	else if (store_draft(u->store, number, false, a, &d))
		buf_puts(&b, d.text);
	attach_mark(&b, upload);
	d = (struct draft){b.p, (int64_t)b.n};
	if (open) /* who is typing goes on where they were */
		line_set(u, b.p, line_caret());
	if (!open && store_set_draft(u->store, number, false, &d, &e) == -1)
		ui_say_err(u, &e);
	else if (note != NULL)
		ui_bad(u, "%s: %s", json_str(upload, "name", ""), note);
	else
		ui_say(u,
		    _("#%lld: %s is in the draft; Enter in the reply "
		      "sends it."),
		    (long long)number, json_str(upload, "name", ""));
	ui_dirty(u, DIRTY_LINE | DIRTY_LIST);
	buf_free(&b);
	arena_free(a);
}

struct bringing {
	struct ui *u;
	int64_t number;
};

static void
on_brought(const struct desk_answer *a, void *arg)
{
	struct bringing *g = arg;
	const cJSON *o = cJSON_GetArrayItem(json_arr(a->json, "uploads"), 0);

	if (a->err.code != ERR_NONE)
		ui_say_err(g->u, &a->err);
	else if (o != NULL)
		into_draft(g->u, g->number, o);
	x_free(g);
}

static void
bring(struct ui *u, int64_t number, const struct desk_call *c)
{
	struct bringing *g = x_new(struct bringing);

	g->u = u;
	g->number = number;
	desk_start(u->desk, c, on_brought, g);
}

int
ui_cmd_attach(struct ui *u, int argc, char **argv, struct err *e)
{
	int64_t number = ui_current(u, e);
	struct desk_call c;
	struct buf path = {0};
	int rc;

	if (number == 0)
		return -1;
	if (argc < 2)
		return err_set(e, ERR_INVALID,
		    _("Say attach PATH. A file that is on another machine "
		      "comes by :upload."));
	if (strncmp(argv[1], "~/", 2) == 0 && getenv("HOME") != NULL)
		buf_puts(&path, getenv("HOME"));
	for (int i = 1; i < argc; i++) /* blanks need no quotes */
		buf_printf(&path, "%s%s", i > 1 ? " " : "",
		    i == 1 && path.n > 0 ? argv[1] + 1 : argv[i]);
	if ((rc = attach_open(path.p, &c, e)) == 0) {
		bring(u, number, &c);
		ui_say(u, _("Bringing it to the desk"));
	}
	buf_free(&path);
	return rc;
}

int
ui_cmd_at(struct ui *u, int argc, char **argv, struct err *e)
{
	int64_t number = ui_current(u, e), ms = 0;
	struct buf b = {0};
	int rc = 0;

	if (number == 0)
		return -1;
	for (int i = 1; i < argc; i++)
		buf_printf(&b, "%s%s", i > 1 ? " " : "", argv[i]);
	if (strcmp(buf_str(&b), "now") != 0)
		rc = when_parse(buf_str(&b), when_now_ms(), &ms, e);
	buf_free(&b);
	if (rc == -1)
		return -1;
	u->at_ms = ms;
	u->at_number = number;
	ui_say(u,
	    ms == 0 ? _("The reply leaves as soon as it is sent.")
		    : _("Enter keeps the reply at the desk until then; discard "
			"takes it back."));
	ui_dirty(u, DIRTY_TO);
	return 0;
}

/* Chosen on a page that this agent asked for. */
void
ui_uploaded(struct ui *u, const struct event *ev)
{
	struct desk_call c = {.op = DESK_UPLOAD_GET, .id = ev->why};

	if (ev->why == NULL || ev->actor == NULL ||
	    strcmp(ev->actor, u->me) != 0)
		return;
	if (u->over == OVER_QR)
		ui_over(u, OVER_NONE);
	bring(u, ev->conversation, &c);
}
