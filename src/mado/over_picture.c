/*
 * The picture under the cursor, as large as the screen lets it be. Any key
 * closes it.
 */
#include "cmd_ui.h"

#include <mado/mem.h>

#include <string.h>

#include "draw.h"
#include "i18n.h"
#include "past.h"
#include "picture.h"
#include "ui.h"

static void
draw_rows(const struct rect *r, const struct picture_rows *rows)
{
	int x = r->x + (r->w - rows->cols) / 2;
	int y = r->y + (r->h - rows->n) / 2;

	for (int i = 0; i < rows->n; i++) {
		struct past_span s = {y + i, x, rows->cols, UI_OVERLAY,
		    rows->v[i], strlen(rows->v[i]), NULL};

		past_add(&s);
	}
}

/* In pixels, where the terminal has them. */
static bool
draw_sharp(struct ui *u, const struct rect *r, const struct picture *p)
{
	struct buf b = {0};
	int cols = r->w, rows = r->h;
	struct past_span s = {.role = UI_OVERLAY};

	if (u->set->pictures != PICTURES_AUTO ||
	    !picture_sharp(p, &cols, &rows, &b))
		return false;
	s.y = r->y + (r->h - rows) / 2;
	s.x = r->x + (r->w - cols) / 2;
	s.cols = cols;
	s.p = buf_str(&b);
	s.n = b.n;
	past_add(&s);
	buf_free(&b);
	return true;
}

void
over_picture_draw(struct ui *u)
{
	const struct msg *m = thread_current(&u->thread);
	struct rect r = {1, 0, u->lay.rows - 2, u->lay.cols};
	struct rect in = {r.y + 1, r.x + 1, r.h - 2, r.w - 2};
	struct arena *a = arena_new();
	struct picture_rows rows;
	struct picture p;

	draw_guard(&r);
	draw_box(&r, UI_BORDER_ON, UI_TITLE_ON, m == NULL ? "" : m->text);
	for (int i = 0; i < in.h; i++)
		draw_row(in.y + i, in.x, in.w, UI_OVERLAY, "");
	if (m != NULL && picture_get(m->id, &p)) {
		if (draw_sharp(u, &in, &p))
			goto out;
		picture_draw(&p, in.w, in.h, a, &rows);
		draw_rows(&in, &rows);
	} else {
		draw_row(in.y + in.h / 2, in.x + 1, in.w - 1, UI_OVERLAY,
		    _("It is on its way; o opens it outside."));
	}
out:
	arena_free(a);
}

bool
over_picture_key(struct ui *u, int32_t key)
{
	ui_over(u, OVER_NONE);
	u->repaint = true; /* pixels lie over more cells than we know of */
	return key == K_ESC || key == 'q' || key == 'v' || key == ' ' ||
	    key == K_ENTER || key == ('G' & 0x1f);
}

int
ui_cmd_picture(struct ui *u, int argc, char **argv, struct err *e)
{
	const struct msg *m = thread_current(&u->thread);

	(void)argc;
	(void)argv;
	if (m == NULL || !picture_is_one(u, m))
		return err_set(e, ERR_NOTFOUND,
		    _("Go to a picture that the desk keeps (up to 10 MB); o "
		      "opens anything outside."));
	picture_want(u, m);
	ui_over(u, OVER_PICTURE);
	return 0;
}
