/*
 * The sheet of numbered verbs, for a phone over SSH: every verb by a digit,
 * nothing needs Alt, function keys or Shift. It lies over the lower rows; any
 * other key closes it and does what it always does.
 */
#include "ui.h"

#include "draw.h"
#include "i18n.h"

static const struct {
	const char *label;
	const char *command; /* NULL: the other page */
} pages[2][10] = {
    {{N_("reply"), "reply"}, {N_("canned"), "canned"},
	{N_("assign"), "command assign"}, {N_("auto/manual"), "toggle mode"},
	{N_("resolve"), "resolve"}, {N_("tags"), "command tag"},
	{N_("follow-up"), "toggle follow-up"}, {N_("pin"), "toggle pin"},
	{N_("snooze"), "command snooze"}, {N_("more"), NULL}},
    {{N_("note"), "note"}, {N_("quote"), "quote"}, {N_("survey"), "csat"},
	{N_("resolve, next"), "resolve-next"}, {N_("next"), "next"},
	{N_("contact"), "pane contact"},
	{N_("contact's tags"), "command tag +@"}, {N_("why"), "why"},
	{N_("take back"), "undo"}, {N_("back"), NULL}},
};

enum { ITEMS = 10, SHEET_ROWS = 5 };

void
sheet_draw(struct ui *u)
{
	int cols = u->lay.cols, half = cols / 2;
	int y = u->lay.hint_y - SHEET_ROWS - 1;
	struct pen p = draw_at(y, 0, cols);

	if (y < 1)
		return;
	draw_rule(&p, UI_BORDER_ON, cols);
	for (int i = 0; i < ITEMS; i++) {
		int x = i < SHEET_ROWS ? 0 : half;
		char digit[] = {(char)('0' + (i + 1) % 10), ' ', '\0'};

		p = draw_at(
		    y + 1 + i % SHEET_ROWS, x, x == 0 ? half : cols - half);
		draw_text(&p, UI_OVERLAY, " ");
		draw_text(&p, UI_KEY, digit);
		draw_text(&p, UI_OVERLAY, _(pages[u->sheet_page][i].label));
		draw_fill(&p, UI_OVERLAY);
	}
}

bool
sheet_key(struct ui *u, int32_t key)
{
	int32_t folded = keys_fold(key);
	const char *command;
	int i;

	if (folded > 0)
		key = folded;
	if (key < '0' || key > '9') {
		ui_over(u, OVER_NONE);
		return key == K_ESC || key == 'q' || key == ('G' & 0x1f);
	}
	i = key == '0' ? 9 : (int)(key - '1');
	command = pages[u->sheet_page][i].command;
	if (command == NULL) {
		u->sheet_page = !u->sheet_page;
		ui_dirty(u, DIRTY_OVER);
		return true;
	}
	ui_over(u, OVER_NONE);
	ui_run(u, command);
	return true;
}
