/*
 * A theme on the screen: the colour pairs made of it. Nothing else in the
 * client names a colour. Called by theme_pick.c, and by draw.c for each piece.
 */
#include "theme.h"

#include <mado/buf.h>

#include <curses.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
	unsigned attr;
	attr_t curses;
} attrs_of[] = {
    {THEME_BOLD, A_BOLD},
    {THEME_DIM, A_DIM},
    {THEME_UNDERLINE, A_UNDERLINE},
    {THEME_REVERSE, A_REVERSE},
    {THEME_ITALIC, A_ITALIC},
};

static int32_t
rgb_of(int32_t c)
{
	static const int base[] = {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00,
	    0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000,
	    0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff};
	static const int step[] = {0, 95, 135, 175, 215, 255};

	if (c & THEME_RGB)
		return c & 0xffffff;
	if (c < 16)
		return base[c];
	if (c >= 232)
		return (8 + (c - 232) * 10) * 0x010101;
	c -= 16;
	return step[c / 36] << 16 | step[c / 6 % 6] << 8 | step[c % 6];
}

static int
distance(int32_t a, int32_t b)
{
	int r = (a >> 16 & 255) - (b >> 16 & 255);
	int g = (a >> 8 & 255) - (b >> 8 & 255);
	int l = (a & 255) - (b & 255);

	return r * r * 2 + g * g * 4 + l * l;
}

int
theme_reduce(int32_t colour, int colours)
{
	int best = 0, least = -1;

	if (colour == THEME_DEFAULT)
		return -1;
	if (!(colour & THEME_RGB) && colour < colours)
		return colour;
	for (int i = colours > 16 ? 16 : 0; i < colours && i < 256; i++) {
		int d = distance(rgb_of(colour), rgb_of(i));

		if (least < 0 || d < least) {
			least = d;
			best = i;
		}
	}
	return best;
}

/* What each role is for ncurses. */
static struct {
	attr_t attrs;
	short pair;
} roles[UI_ROLE_N];

static struct {
	int fg, bg;
} made[UI_ROLE_N + 1];
static short next; /* pairs made, the last one's number */

static short
make_pair(const struct theme_style *s)
{
	int fg = theme_reduce(s->fg, COLORS), bg = theme_reduce(s->bg, COLORS);

	if (fg == -1 && bg == -1)
		return 0;
	for (short i = 1; i <= next; i++) {
		if (made[i].fg == fg && made[i].bg == bg)
			return i;
	}
	if (next + 1 >= COLOR_PAIRS || next >= UI_ROLE_N)
		return 0;
	next++;
	made[next].fg = fg;
	made[next].bg = bg;
	init_pair(next, (short)fg, (short)bg);
	return next;
}

static attr_t
curses_attrs(unsigned attrs)
{
	attr_t a = A_NORMAL;

	for (size_t i = 0; i < COUNT(attrs_of); i++) {
		if (attrs & attrs_of[i].attr)
			a |= attrs_of[i].curses;
	}
	return a;
}

void
theme_start(const struct theme *t, bool mono)
{
	bool colour = !mono && has_colors() && start_color() == OK;
	const struct theme_style *s;
	cchar_t blank;

	if (colour)
		use_default_colors();
	next = 0;
	for (size_t i = 0; i < UI_ROLE_N; i++) {
		s = colour && COLORS >= 256 ? &t->full[i] : &t->few[i];
		roles[i].attrs = curses_attrs(s->attrs);
		roles[i].pair = colour ? make_pair(s) : 0;
	}
	/* What nothing is drawn on has the text's ground, too. */
	setcchar(&blank, L" ", A_NORMAL, roles[UI_TEXT].pair, NULL);
	bkgrndset(&blank);
}

void
theme_set(enum ui_role role)
{
	attr_set(roles[role].attrs, roles[role].pair, NULL);
}

static int
put_nothing(int c)
{
	return c;
}

static struct buf *sgr;

static int
put_sgr(int c)
{
	buf_putc(sgr, c);
	return c;
}

void
theme_sgr_cell(struct buf *b, unsigned long attrs, short pair)
{
	sgr = b;
	/* From nothing, whatever was set last: our own writes end in nothing.
	 */
	vid_puts(A_NORMAL, 0, NULL, put_sgr);
	vid_puts((attr_t)attrs, pair, NULL, put_sgr);
	vid_puts(A_NORMAL, 0, NULL, put_nothing);
}

void
theme_sgr(struct buf *b, enum ui_role role)
{
	theme_sgr_cell(b, roles[role].attrs, roles[role].pair);
}
