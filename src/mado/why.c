/*
 * Why, over the history: what the bot decided about the message under the
 * cursor, and one key to say that it was wrong or which FAQ answers it. Asks
 * the desk, shows what it tells; what it learns of is the desk's.
 */
#include "ui.h"

#include <mado/mem.h>
#include <mado/text.h>

#include <string.h>

#include "cmd_ui.h"
#include "draw.h"
#include "i18n.h"
#include "reason.h"

enum { MARGIN = 2, WIDTH_COLS = 86 };

static struct {
	struct desk_req *req;
	struct arena *a; /* of what is shown */
	char *id;        /* the message */
	cJSON *answer;
	struct strs lines;
	char *take; /* the FAQ that is being judged right */
} why;

void
why_free(void)
{
	if (why.req != NULL)
		desk_cancel(why.req);
	if (why.a != NULL)
		arena_free(why.a);
	cJSON_Delete(why.answer);
	x_free(why.id);
	x_free(why.take);
	memset(&why, 0, sizeof(why));
}

static void
on_why(const struct desk_answer *answer, void *arg)
{
	struct ui *u = arg;

	why.req = NULL;
	if (answer->err.code != ERR_NONE) {
		ui_over(u, OVER_NONE);
		ui_say_err(u, &answer->err);
		return;
	}
	why.answer = cJSON_Duplicate(answer->json, true);
	why.lines = reason_lines(why.answer, why.a);
	ui_over(u, OVER_WHY);
	ui_dirty(u, DIRTY_OVER);
}

void
why_open(struct ui *u, const struct msg *m)
{
	struct desk_call c = {.op = DESK_WHY};

	why_free();
	why.a = arena_new();
	why.id = x_strdup(m->id);
	c.id = why.id;
	why.req = desk_start(u->desk, &c, on_why, u);
}

static void
on_judged(const struct desk_answer *answer, void *arg)
{
	const char *text = json_str(answer->json, "answer", NULL);
	struct ui *u = arg;

	why.req = NULL;
	if (answer->err.code != ERR_NONE) {
		ui_say_err(u, &answer->err);
		return;
	}
	if (why.take == NULL || text == NULL) {
		ui_say(u, _("Noted as wrong; the next import learns from it."));
		return;
	}
	ui_say(u, _("FAQ %s is noted as the answer."), why.take);
	if (u->conv == NULL || u->conv->mode != MODE_MANUAL)
		return;
	line_open(u, LINE_REPLY, NULL);
	if (*line_text() == '\0')
		line_set(u, text, strlen(text));
}

static void
judge(struct ui *u, const char *faq)
{
	struct desk_call c = {.op = DESK_JUDGE, .id = why.id};
	cJSON *args = cJSON_CreateObject();

	cJSON_AddBoolToObject(args, "right", faq != NULL);
	if (faq != NULL)
		cJSON_AddStringToObject(args, "faq", faq);
	x_free(why.take);
	why.take = x_strdup(faq);
	c.args = args;
	if (why.req != NULL)
		desk_cancel(why.req);
	why.req = desk_start(u->desk, &c, on_judged, u);
	cJSON_Delete(args);
	ui_over(u, OVER_NONE);
}

static bool
is_decided(void)
{
	return json_obj(why.answer, "why") != NULL;
}

bool
why_key(struct ui *u, int32_t key)
{
	int32_t folded = keys_fold(key);
	const char *faq;

	if (folded > 0)
		key = folded;
	if (key >= '1' && key <= '3' &&
	    (faq = reason_pick(why.answer, (int)(key - '0'))) != NULL) {
		judge(u, faq);
		return true;
	}
	if (key == 'x' && is_decided()) {
		judge(u, NULL);
		return true;
	}
	ui_over(u, OVER_NONE);
	return key == K_ESC || key == 'q' || key == 'w' || key == 'x' ||
	    key == ('G' & 0x1f);
}

struct wrapping {
	struct ui *u;
	struct rect r;
	int y, end;
};

static bool
on_line(void *arg, struct text_line l)
{
	struct wrapping *w = arg;
	struct pen p;

	if (w->y >= w->end)
		return false;
	p = draw_at(w->y++, w->r.x + 1, w->r.w - 2);
	draw_text(&p, UI_OVERLAY, " ");
	draw_bytes(&p, UI_OVERLAY, l.p, l.n);
	draw_fill(&p, UI_OVERLAY);
	return true;
}

static bool
on_count(void *arg, struct text_line l)
{
	(void)l;
	++*(int *)arg;
	return true;
}

int
why_keys(void)
{
	if (reason_pick(why.answer, 1) != NULL)
		return 3;
	return is_decided() ? 2 : 1;
}

void
why_draw(struct ui *u)
{
	int w = u->lay.cols < WIDTH_COLS ? u->lay.cols : WIDTH_COLS, rows = 0;
	struct wrapping wr = {.u = u};

	for (size_t i = 0; i < why.lines.n; i++)
		text_wrap(why.lines.v[i], strlen(why.lines.v[i]),
		    w - 2 - MARGIN, on_count, &rows);
	rows = rows + 2 < u->lay.rows - 3 ? rows + 2 : u->lay.rows - 3;
	wr.r = (struct rect){
	    u->lay.hint_y - rows - 1, (u->lay.cols - w) / 2, rows, w};
	if (wr.r.y < 1)
		wr.r.y = 1;
	wr.y = wr.r.y + 1;
	wr.end = wr.r.y + rows - 1;
	draw_guard(&wr.r);
	draw_box(&wr.r, UI_BORDER_ON, UI_TITLE_ON, _("Why"));
	for (size_t i = 0; i < why.lines.n; i++)
		text_wrap(why.lines.v[i], strlen(why.lines.v[i]),
		    w - 2 - MARGIN, on_line, &wr);
	while (wr.y < wr.end)
		draw_row(wr.y++, wr.r.x + 1, wr.r.w - 2, UI_OVERLAY, "");
}

int
ui_cmd_faq(struct ui *u, int argc, char **argv, struct err *e)
{
	const struct msg *m = thread_current(&u->thread);
	bool right = argc > 1 && strcmp(argv[1], "right") == 0;

	if (argc < 2 || argc > (right ? 3 : 2) ||
	    (!right && strcmp(argv[1], "wrong") != 0) || (right && argc != 3))
		return err_set(
		    e, ERR_INVALID, _("It is: faq wrong, or faq right FAQ"));
	if (m == NULL)
		return err_set(e, ERR_NOTFOUND,
		    _("Open a conversation, and go to the message in "
		      "question."));
	if (why.a == NULL)
		why.a = arena_new();
	x_free(why.id);
	why.id = x_strdup(m->id);
	judge(u, right ? argv[2] : NULL);
	return 0;
}
