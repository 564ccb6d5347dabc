/*
 * Where mado's files are and what madorc says: XDG folders, profiles, the
 * token, the key. Reads and writes files, nothing else.
 */
#ifndef MADO_SETTINGS_H
#define MADO_SETTINGS_H

#include <mado/buf.h>
#include <mado/conf.h>
#include <mado/err.h>

#include "views.h"

enum notify_by { NOTIFY_OFF, NOTIFY_OSC9, NOTIFY_OSC777 };
enum { PICTURES_AUTO, PICTURES_CELLS, PICTURES_OFF };

struct settings {
	char *config_dir; /* $XDG_CONFIG_HOME/mado, 0700 */
	char *state_dir;  /* $XDG_STATE_HOME/mado, 0700 */
	char *profile;    /* "default" */
	/* [profile NAME] in config_dir/profiles (login writes it, 0600) */
	char *url, *user, *token, *pin;
	/* madorc: [mado] */
	char *language, *theme, *token_cmd, *open_cmd, *notify_cmd, *editor;
	int64_t undo_ms;     /* undo_s = 3 */
	int64_t keep_days;   /* 90 */
	int64_t store_max_b; /* 500M */
	int64_t late_ms;     /* late_s = 300 */
	int notify;          /* enum notify_by */
	int keys;            /* 0 vi, 1 emacs, 2 arrows (all on by default) */
	int emoji;           /* enum text_emoji, or -1 auto */
	int ambiguous;       /* 0 narrow, 1 wide, -1 auto */
	int pictures;        /* PICTURES_.. */
	bool ascii_lines, clock, bell, local_time, plain, one_line, ime_control;
	int layout_cols[2]; /* 110, 60 */
	struct views views; /* [view NAME] */
};

/* profile NULL: $MADO_PROFILE or "default". A bad madorc is ERR_INVALID with
 * file and line; the rest is filled all the same (the program goes on); a name
 * that no profile can have leaves s->profile NULL. Caller frees with
 * settings_free(). */
int settings_read(struct settings *s, const char *profile, struct err *e);
void settings_free(struct settings *s);
/* The file of the key that seals the profile's store. Caller frees with
 * x_free(). */
char *settings_key_path(const struct settings *s);
/* Keep url, user, token, pin of the profile. */
int settings_save_profile(const struct settings *s, struct err *e);
int settings_forget_profile(const struct settings *s, struct err *e);
/* madorc anew: its settings, not its views and hooks. A file that cannot be
 * read leaves all as it was, a bad line its own setting as by default;
 * ERR_INVALID with file and line. */
int settings_reread(struct settings *s, struct err *e);
/* The table behind madorc, for the manual. */
extern const struct conf_key settings_keys[];

/* settings_set.c: while the program runs */
/* Give one setting another value; ERR_INVALID says what is allowed. */
int settings_set(
    struct settings *s, const char *key, const char *value, struct err *e);
/* Append its value as madorc writes it ("" when it has none). False when no
 * setting is called that. */
bool settings_value(const struct settings *s, const char *key, struct buf *b);
/* Put KEY = VALUE into madorc, in the place of the line that has it. */
int settings_keep(const struct settings *s, const char *key, const char *value,
    struct err *e);

/* What conf_apply() fills: its types are fewer than those of the settings. */
struct settings_rc {
	char *language, *theme, *token_cmd, *open_cmd, *notify_cmd, *editor;
	int64_t undo_ms, keep_days, store_max_b, wide, narrow, late_ms;
	int keys, emoji, ambiguous, pictures, timezone, notify, list_rows;
	bool ascii_lines, clock, bell, plain, ime_control;
};
void settings_take_rc(struct settings *s, const struct settings_rc *r);
/* Free its strings: others are about to be taken. */
void settings_drop_rc(struct settings *s);

#endif
