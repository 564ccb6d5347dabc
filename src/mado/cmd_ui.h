/*
 * What the commands do in the inbox: the .ui column of the command table.
 */
#ifndef MADO_CMD_UI_H
#define MADO_CMD_UI_H

#include "cmd.h"

typedef int ui_cmd_fn(struct ui *u, int argc, char **argv, struct err *e);

/* cmd_ui.c: acts on conversations */
ui_cmd_fn ui_cmd_verb, ui_cmd_reply, ui_cmd_note, ui_cmd_claim, ui_cmd_quote,
    ui_cmd_toggle, ui_cmd_resolve_next, ui_cmd_undo, ui_cmd_retry,
    ui_cmd_discard;
/* ui_attach.c, over_qr.c */
ui_cmd_fn ui_cmd_at, ui_cmd_attach, ui_cmd_upload, ui_cmd_page;
/* over_picture.c */
ui_cmd_fn ui_cmd_picture;
/* cmd_ui_canned.c */
ui_cmd_fn ui_cmd_canned, ui_cmd_insert, ui_cmd_sticker;
/* cmd_ui_go.c: moving about */
ui_cmd_fn ui_cmd_move, ui_cmd_open, ui_cmd_back, ui_cmd_cancel, ui_cmd_quit,
    ui_cmd_view, ui_cmd_pane, ui_cmd_search, ui_cmd_search_next,
    ui_cmd_search_prev, ui_cmd_search_all, ui_cmd_problem, ui_cmd_redraw,
    ui_cmd_select, ui_cmd_command, ui_cmd_palette, ui_cmd_help, ui_cmd_next,
    ui_cmd_prev, ui_cmd_outside, ui_cmd_copy, ui_cmd_why, ui_cmd_suspend;
/* looks.c */
ui_cmd_fn ui_cmd_theme, ui_cmd_set, ui_cmd_reload;

/* Open the conversation that a line is for: the number in argv[1] when one is
 * given, else the current one. */
int ui_cmd_open_for(struct ui *u, int given, char **argv, struct err *e);
/* why.c */
ui_cmd_fn ui_cmd_faq;

#endif
