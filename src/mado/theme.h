/*
 * How each part of the screen looks: themes/NAME.theme, an INI file whose
 * section [colours] has a line ROLE = FOREGROUND BACKGROUND [ATTRIBUTE ..],
 * optionally "| ..." with what to use below 256 colours; [theme] says what
 * ground it is made for. theme_file.c reads and finds them and knows no
 * screen; theme_start() hands one to ncurses.
 */
#ifndef MADO_THEME_H
#define MADO_THEME_H

#include <stdbool.h>
#include <stdint.h>

#include <mado/err.h>

/* id, name in the files, what it is on the screen (for the manual) */
/* clang-format off */
#define ROLES_UI(X) \
	X(UI_TEXT, "text", "what has no role of its own; its ground is everybody's") \
	X(UI_DIM, "dim", "what may be read later: times, last words, tags' counts") \
	X(UI_HEADER, "header", "the first row") \
	X(UI_HEADER_ON, "header-on", "the view that is shown, in it") \
	X(UI_PROBLEM, "problem", "the count of problems in it, when there are any") \
	X(UI_LIVE, "live", "the clock and the connection") \
	X(UI_OFFLINE, "offline", "the same without the desk") \
	X(UI_BORDER, "border", "lines round and between panes") \
	X(UI_BORDER_ON, "border-on", "those of the pane that has the keys") \
	X(UI_TITLE, "title", "a pane's title") \
	X(UI_TITLE_ON, "title-on", "that of the pane that has the keys") \
	X(UI_CURSOR, "cursor", "the row under the cursor") \
	X(UI_NAME, "name", "customers' names") \
	X(UI_UNREAD, "unread", "names with something unread, and how much") \
	X(UI_AUTO, "auto", "that the bot answers") \
	X(UI_MANUAL, "manual", "that people answer") \
	X(UI_LATE, "late", "who waits for long") \
	X(UI_TAG, "tag", "tags") \
	X(UI_FREE, "free", "the seconds in which an answer is free") \
	X(UI_AGENT, "agent", "colleagues and oneself in the history") \
	X(UI_BOT, "bot", "the bot in the history") \
	X(UI_NOTE, "note", "notes that stay inside") \
	X(UI_EVENT, "event", "what happened, as a line of the history") \
	X(UI_QUOTE, "quote", "what is quoted") \
	X(UI_DAY, "day", "the lines between days") \
	X(UI_OK, "ok", "a send that has left") \
	X(UI_WAIT, "wait", "one that is on its way, held or unconfirmed") \
	X(UI_BAD, "bad", "one that has failed") \
	X(UI_PROMPT, "prompt", "to whom one writes") \
	X(UI_PROMPT_NOTE, "prompt-note", "the same over a note") \
	X(UI_LINE_NOTE, "line-note", "a note that is being typed") \
	X(UI_HINT, "hint", "the last row") \
	X(UI_KEY, "key", "keys, and what has been chosen") \
	X(UI_FLASH, "flash", "what has just been done") \
	X(UI_ERROR, "error", "what went wrong, and questions") \
	X(UI_OVERLAY, "overlay", "help, the palette, completions") \
	X(UI_MATCH, "match", "what was searched for")

/* clang-format on */

enum ui_role {
#define X(id, name, help) id,
	ROLES_UI(X)
#undef X
	    UI_ROLE_N
};

extern const struct theme_role {
	const char *name, *help;
} theme_roles[UI_ROLE_N];

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

/* What the default background is thought to be; own: every ground is painted,
 * any: attributes only. */
enum theme_ground { GROUND_DARK, GROUND_LIGHT, GROUND_OWN, GROUND_ANY };

struct theme {
	enum theme_ground ground;
	struct theme_style full[UI_ROLE_N]; /* 256 colours and more */
	struct theme_style few[UI_ROLE_N];  /* 8 and 16 */
};

/* "cyan default bold", "#ff8800 236", "245". ERR_INVALID says what is known. */
int theme_parse_style(const char *s, struct theme_style *out, struct err *e);
/* Read a file over what the built-in attributes give; ERR_NOTFOUND, or
 * ERR_INVALID with the file and line of the first error: then the other lines
 * hold all the same. */
int theme_read(struct theme *t, const char *path, struct err *e);
/*
 * Find NAME.theme in config_dir/themes, $MADO_THEMES, the build tree beside
 * the program, PREFIX/share/mado/themes, in that order, and read it.
 */
int theme_load(
    struct theme *t, const char *name, const char *config_dir, struct err *e);
/*
 * Call back for each theme that theme_load() would find, in no order, a name
 * once for each folder that has it, with the ground it is for.
 */
void theme_each(const char *config_dir,
    void (*f)(const char *name, enum theme_ground ground, void *arg),
    void *arg);
/* What is used without a file: attributes only. */
void theme_plain(struct theme *t);
/* The nearest of 16 (or 8) colours to one of 256 or an RGB one. */
int theme_reduce(int32_t colour, int colours);

/* After ncurses has started, or in place of what was shown: make the pairs.
 * mono: attributes only. */
void theme_start(const struct theme *t, bool mono);
/* Set the role for what is drawn next in stdscr. */
void theme_set(enum ui_role role);
/* Append the escape sequence that sets it, for what ncurses does not draw. */
struct buf;
void theme_sgr(struct buf *b, enum ui_role role);
/* The same for a cell of ncurses, as getcchar() tells. */
void theme_sgr_cell(struct buf *b, unsigned long attrs, short pair);

#endif
