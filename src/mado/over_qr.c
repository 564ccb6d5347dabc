/*
 * An address as a QR code over the screen, for the phone beside the terminal:
 * the page of one picture (O), or the page that takes files (:upload). Below
 * it the address itself, as a link that terminals open.
 */
#include "ui.h"

#include <mado/mem.h>
#include <mado/qr.h>
#include <mado/when.h>

#include <string.h>
#include <time.h>

#include "cmd_ui.h"
#include "draw.h"
#include "i18n.h"
#include "past.h"
#include "term.h"

/* What is shown. */
static struct {
	char *url, *title;
	int64_t until_ms;
} shown;

void
qr_free_shown(void)
{
	x_free(shown.url);
	x_free(shown.title);
	shown.url = shown.title = NULL;
}

/* One line of the drawing, written past ncurses: its colours are its own. */
static void
draw_code_line(int y, int x, int cols, const char *line, size_t n)
{
	struct past_span s = {y, x, cols, UI_OVERLAY, line, n, NULL};

	past_add(&s);
}

static void
draw_code(const struct qr *q, int y, int left, int cols)
{
	struct buf b = {0};
	const char *line, *end;
	int x = left + (cols - qr_text_cols(q)) / 2;

	qr_text(q, true, &b);
	for (line = buf_str(&b); (end = strchr(line, '\n')) != NULL;
	     line = end + 1)
		draw_code_line(
		    y++, x, qr_text_cols(q), line, (size_t)(end - line));
	buf_free(&b);
}

static void
draw_address(int y, const struct rect *r)
{
	int cols = text_width(shown.url, strlen(shown.url));
	struct past_span s = {
	    y, r->x + 2, cols, UI_KEY, shown.url, strlen(shown.url), shown.url};
	struct pen p = draw_at(y, r->x + 1, r->w - 2);

	draw_text(&p, UI_OVERLAY, " ");
	draw_text(&p, UI_KEY, shown.url);
	draw_fill(&p, UI_OVERLAY);
	if (cols <= r->w - 4)
		past_add(&s);
}

/* Where it lies: in a box if there is room, on 24 rows without, and where not
 * even the code fits the address has to do. Sets how many lines the code has.
 */
static struct rect
place(const struct ui *u, const struct qr *q, int *lines, bool *boxed)
{
	int w = u->lay.cols < 76 ? u->lay.cols : 76, h;

	*lines = q != NULL ? qr_text_lines(q) : 0;
	if (*lines + 2 > u->lay.rows || (q != NULL && qr_text_cols(q) + 2 > w))
		*lines = 0;
	*boxed = *lines + 4 <= u->lay.rows;
	h = *lines + (*boxed ? 4 : 2);
	return (struct rect){
	    (u->lay.rows - h) / 2, (u->lay.cols - w) / 2, h, w};
}

static void
draw_until(const struct rect *r, int y)
{
	time_t until = (time_t)(shown.until_ms / 1000);
	char text[120], clock[16];
	struct tm tm;

	localtime_r(&until, &tm);
	strftime(clock, sizeof(clock), "%H:%M", &tm);
	snprintf(text, sizeof(text),
	    _(" Until %s. y copies the address, any other key closes."), clock);
	draw_row(y, r->x + 1, r->w - 2, UI_OVERLAY, text);
}

void
qr_draw(struct ui *u)
{
	struct qr *q = qr_new(shown.url, NULL);
	struct rect r;
	bool boxed;
	int lines, y;

	r = place(u, q, &lines, &boxed);
	y = r.y + boxed;
	draw_guard(&r);
	draw_clear(&r, UI_OVERLAY);
	if (boxed)
		draw_box(&r, UI_BORDER_ON, UI_TITLE_ON, shown.title);
	for (int i = 0; i < lines + 2; i++)
		draw_row(y + i, r.x + 1, r.w - 2, UI_OVERLAY, "");
	if (lines > 0)
		draw_code(q, y, r.x, r.w);
	draw_address(y + lines, &r);
	draw_until(&r, y + lines + 1);
	qr_free(q);
}

bool
qr_key(struct ui *u, int32_t key)
{
	if (key == 'y') {
		if (!term_copy(shown.url, strlen(shown.url)))
			return true;
		ui_over(u, OVER_NONE);
		ui_say(u, _("Copied, if the terminal allows it (OSC 52)."));
		return true;
	}
	ui_over(u, OVER_NONE);
	return key == K_ESC || key == 'q' || key == ' ' || key == ('G' & 0x1f);
}

/* --- asking for the pages */

struct asking {
	struct ui *u;
	const char *title;
};

static void
on_page(const struct desk_answer *a, void *arg)
{
	struct asking *k = arg;
	const char *until = json_str(a->json, "expires_at", NULL);

	if (a->err.code != ERR_NONE) {
		ui_say_err(k->u, &a->err);
	} else {
		qr_free_shown();
		shown.url = x_strdup(json_str(a->json, "url", ""));
		shown.title = x_strdup(k->title);
		shown.until_ms = 0;
		if (until != NULL)
			when_parse_rfc3339(until, &shown.until_ms, NULL);
		ui_say(k->u, "%s", k->title);
		ui_over(k->u, OVER_QR);
		ui_dirty(k->u, DIRTY_OVER);
	}
	x_free(k);
}

static void
ask_page(struct ui *u, const struct desk_call *c, const char *title)
{
	struct asking *k = x_new(struct asking);

	k->u = u;
	k->title = title;
	desk_start(u->desk, c, on_page, k);
	ui_say(u, _("Asking the desk for a page"));
}

int
ui_cmd_page(struct ui *u, int argc, char **argv, struct err *e)
{
	const struct msg *m = thread_current(&u->thread);
	struct desk_call c = {.op = DESK_MEDIA_PAGE};

	(void)argc;
	(void)argv;
	if (m == NULL || m->media == NULL || m->media->state == NULL ||
	    strcmp(m->media->state, "kept") != 0)
		return err_set(e, ERR_NOTFOUND,
		    _("Go to a picture, film, sound or file that the desk "
		      "keeps; then O shows its page."));
	c.id = m->id;
	ask_page(u, &c, _("Look at it on a phone or in a browser"));
	return 0;
}

int
ui_cmd_upload(struct ui *u, int argc, char **argv, struct err *e)
{
	struct desk_call c = {.op = DESK_UPLOAD_PAGE};
	int64_t number = ui_current(u, e);
	cJSON *args;

	(void)argc;
	(void)argv;
	if (number == 0)
		return -1;
	args = cJSON_CreateObject();
	cJSON_AddNumberToObject(args, "number", (double)number);
	c.args = args;
	ask_page(u, &c,
	    _("Choose files for the reply on a phone or in a "
	      "browser"));
	cJSON_Delete(args);
	return 0;
}
