/*
 * How each part of the screen looks: themes/NAME.theme, an INI file whose one
 * section [colours] has a line ROLE = FOREGROUND BACKGROUND [ATTRIBUTE ..],
 * optionally "| ..." with what to use below 256 colours. The parser is pure;
 * theme_start() hands the result to ncurses.
 */
#ifndef MADO_THEME_H
#define MADO_THEME_H

#include <stdbool.h>
#include <stdint.h>

#include <mado/err.h>

#define ROLES_UI(X)                                                      \
	X(UI_TEXT, "text")                                               \
	X(UI_DIM, "dim")                                                 \
	X(UI_HEADER, "header")                                           \
	X(UI_HEADER_ON, "header-on") /* the view shown */                \
	X(UI_PROBLEM, "problem")                                         \
	X(UI_LIVE, "live")                                               \
	X(UI_OFFLINE, "offline")                                         \
	X(UI_BORDER, "border")                                           \
	X(UI_BORDER_ON, "border-on") /* of the pane that has the keys */ \
	X(UI_TITLE, "title")                                             \
	X(UI_TITLE_ON, "title-on")                                       \
	X(UI_CURSOR, "cursor") /* the row under the cursor */            \
	X(UI_NAME, "name")                                               \
	X(UI_UNREAD, "unread")                                           \
	X(UI_AUTO, "auto")                                               \
	X(UI_MANUAL, "manual")                                           \
	X(UI_LATE, "late")                                               \
	X(UI_TAG, "tag")                                                 \
	X(UI_FREE, "free") /* seconds in which an answer is free */      \
	X(UI_AGENT, "agent")                                             \
	X(UI_BOT, "bot")                                                 \
	X(UI_NOTE, "note")                                               \
	X(UI_EVENT, "event")                                             \
	X(UI_QUOTE, "quote")                                             \
	X(UI_DAY, "day")                                                 \
	X(UI_OK, "ok")                                                   \
	X(UI_WAIT, "wait")                                               \
	X(UI_BAD, "bad")                                                 \
	X(UI_PROMPT, "prompt")                                           \
	X(UI_PROMPT_NOTE, "prompt-note")                                 \
	X(UI_LINE_NOTE, "line-note") /* ground of a note being typed */  \
	X(UI_HINT, "hint")                                               \
	X(UI_KEY, "key")                                                 \
	X(UI_FLASH, "flash")                                             \
	X(UI_ERROR, "error")                                             \
	X(UI_OVERLAY, "overlay")                                         \
	X(UI_MATCH, "match")

enum ui_role {
#define X(id, name) id,
	ROLES_UI(X)
#undef X
	    UI_ROLE_N
};

enum {
	THEME_DEFAULT = -1, /* the terminal's own colour */
	THEME_RGB = 1 << 24 /* | 0xRRGGBB */
};

enum theme_attr {
	THEME_BOLD = 1,
	THEME_DIM = 2,
	THEME_UNDERLINE = 4,
	THEME_REVERSE = 8,
	THEME_ITALIC = 16
};

struct theme_style {
	int32_t fg, bg; /* THEME_DEFAULT, 0..255, or THEME_RGB | rgb */
	unsigned attrs;
};

struct theme {
	struct theme_style full[UI_ROLE_N]; /* 256 colours and more */
	struct theme_style few[UI_ROLE_N];  /* 8 and 16 */
};

/* "cyan default bold", "#ff8800 236", "245". ERR_INVALID says what is known. */
int theme_parse_style(const char *s, struct theme_style *out, struct err *e);
/* Read a file over what the built-in attributes give; ERR_NOTFOUND, or
 * ERR_INVALID with file and line. */
int theme_read(struct theme *t, const char *path, struct err *e);
/*
 * Find NAME.theme in config_dir/themes, $MADO_THEMES, the build tree beside
 * the program, PREFIX/share/mado/themes, in that order, and read it.
 */
int theme_load(
    struct theme *t, const char *name, const char *config_dir, struct err *e);
/* What is used without a file: attributes only. */
void theme_plain(struct theme *t);
/* The nearest of 16 (or 8) colours to one of 256 or an RGB one. */
int theme_reduce(int32_t colour, int colours);

/* After ncurses has started: make the pairs. mono: attributes only. */
void theme_start(const struct theme *t, bool mono);
/* Set the role for what is drawn next in stdscr. */
void theme_set(enum ui_role role);
/* Append the escape sequence that sets it, for what ncurses does not draw. */
struct buf;
void theme_sgr(struct buf *b, enum ui_role role);

#endif
