/*
 * Pixels as a terminal's cells, by libchafa: it knows which of the symbols and
 * colours that a terminal has come nearest. Knows no screen.
 */
#include "picture.h"

#include <chafa.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "draw.h"
#include "term.h"

/* Block elements are of ambiguous width: where those are wide, ASCII. */
static ChafaSymbolTags
symbols(void)
{
	return draw_is_ascii() ? CHAFA_SYMBOL_TAG_ASCII | CHAFA_SYMBOL_TAG_SPACE
			       : CHAFA_SYMBOL_TAG_SPACE |
		CHAFA_SYMBOL_TAG_HALF | CHAFA_SYMBOL_TAG_QUAD;
}

static ChafaCanvasMode
colours(void)
{
	const char *true_colour = getenv("COLORTERM");
	int n = term_colours();

	if (n >= 8 && true_colour != NULL &&
	    (strcmp(true_colour, "truecolor") == 0 ||
		strcmp(true_colour, "24bit") == 0))
		return CHAFA_CANVAS_MODE_TRUECOLOR;
	return n >= 256 ? CHAFA_CANVAS_MODE_INDEXED_240
	    : n >= 16   ? CHAFA_CANVAS_MODE_INDEXED_16
	    : n >= 8    ? CHAFA_CANVAS_MODE_INDEXED_8
			: CHAFA_CANVAS_MODE_FGBG;
}

/* A cell is twice as high as it is wide. Never larger than the pixels are. */
static void
size_of(const struct picture *p, int *cols, int *rows)
{
	int w = *cols, h;

	if (w * 4 > p->width_px)
		w = (p->width_px + 3) / 4;
	h = (int)((int64_t)w * p->height_px / p->width_px / 2);
	if (h > *rows) {
		h = *rows;
		w = (int)((int64_t)h * 2 * p->width_px / p->height_px);
	}
	*cols = w < 1 ? 1 : w > *cols ? *cols : w;
	*rows = h < 1 ? 1 : h;
}

static char *
print(const struct picture *p, int cols, int rows)
{
	ChafaSymbolMap *map = chafa_symbol_map_new();
	ChafaCanvasConfig *config = chafa_canvas_config_new();
	ChafaCanvas *canvas;
	GString *s;
	char *out;

	chafa_symbol_map_add_by_tags(map, symbols());
	chafa_canvas_config_set_symbol_map(config, map);
	chafa_canvas_config_set_canvas_mode(config, colours());
	chafa_canvas_config_set_geometry(config, cols, rows);
	canvas = chafa_canvas_new(config);
	chafa_canvas_draw_all_pixels(canvas, CHAFA_PIXEL_RGB8, p->rgb,
	    p->width_px, p->height_px, p->width_px * 3);
	s = chafa_canvas_print(canvas, NULL);
	out = x_strndup(s->str, s->len);
	g_string_free(s, TRUE);
	chafa_canvas_unref(canvas);
	chafa_canvas_config_unref(config);
	chafa_symbol_map_unref(map);
	return out;
}

void
picture_draw(const struct picture *p, int cols, int rows, struct arena *a,
    struct picture_rows *out)
{
	char *all, *save = NULL;

	size_of(p, &cols, &rows);
	all = print(p, cols, rows);
	*out = (struct picture_rows){
	    arena_calloc(a, (size_t)rows, sizeof(*out->v)), 0, cols};
	for (char *row = strtok_r(all, "\n", &save);
	     row != NULL && out->n < rows; row = strtok_r(NULL, "\n", &save))
		out->v[out->n++] = arena_strdup(a, row);
	x_free(all);
}

static ChafaPixelMode
pixel_mode(const ChafaTermInfo *t)
{
	if (chafa_term_info_have_seq(
		t, CHAFA_TERM_SEQ_BEGIN_KITTY_IMMEDIATE_IMAGE_V1))
		return CHAFA_PIXEL_MODE_KITTY;
	if (chafa_term_info_have_seq(t, CHAFA_TERM_SEQ_BEGIN_SIXELS))
		return CHAFA_PIXEL_MODE_SIXELS;
	return CHAFA_PIXEL_MODE_SYMBOLS;
}

/* One cell's pixels, in ws_xpixel and ws_ypixel. */
static bool
cell_size(struct winsize *w)
{
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, w) == -1 || w->ws_col == 0 ||
	    w->ws_row == 0)
		return false;
	w->ws_xpixel = (unsigned short)(w->ws_xpixel / w->ws_col);
	w->ws_ypixel = (unsigned short)(w->ws_ypixel / w->ws_row);
	return w->ws_xpixel > 0 && w->ws_ypixel > 0;
}

/* The largest shape of these pixels in so many cells of w by h pixels. */
static void
fit(const struct picture *p, const struct winsize *cell, int *cols, int *rows)
{
	int64_t w = (int64_t)*cols * cell->ws_xpixel;
	int64_t h = (int64_t)*rows * cell->ws_ypixel;

	if (w * p->height_px > h * p->width_px)
		w = h * p->width_px / p->height_px;
	else
		h = w * p->height_px / p->width_px;
	*cols = (int)(w / cell->ws_xpixel);
	*rows = (int)(h / cell->ws_ypixel);
	*cols = *cols < 1 ? 1 : *cols;
	*rows = *rows < 1 ? 1 : *rows;
}

bool
picture_sharp(const struct picture *p, int *cols, int *rows, struct buf *out)
{
	/* what the terminal says it is, by its environment */
	ChafaTermInfo *t =
	    chafa_term_db_detect(chafa_term_db_get_default(), environ);
	ChafaPixelMode mode = pixel_mode(t);
	ChafaCanvasConfig *config = chafa_canvas_config_new();
	ChafaCanvas *canvas;
	struct winsize cell;
	GString *s;

	if (mode != CHAFA_PIXEL_MODE_SYMBOLS && cell_size(&cell)) {
		fit(p, &cell, cols, rows);
		chafa_canvas_config_set_pixel_mode(config, mode);
		chafa_canvas_config_set_geometry(config, *cols, *rows);
		chafa_canvas_config_set_cell_geometry(
		    config, cell.ws_xpixel, cell.ws_ypixel);
		canvas = chafa_canvas_new(config);
		chafa_canvas_draw_all_pixels(canvas, CHAFA_PIXEL_RGB8, p->rgb,
		    p->width_px, p->height_px, p->width_px * 3);
		s = chafa_canvas_print(canvas, t);
		buf_add(out, s->str, s->len);
		g_string_free(s, TRUE);
		chafa_canvas_unref(canvas);
	}
	chafa_canvas_config_unref(config);
	chafa_term_info_unref(t);
	return out->n > 0;
}
