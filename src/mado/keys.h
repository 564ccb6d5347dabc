/*
 * Keys to commands: a table of panes, key sequence and command string. The
 * defaults are rows of the same form as those of keys.conf, whose sections are
 * panes ([any], [list], [history], [contact], [help]) and whose lines are
 * SEQUENCE = COMMAND (empty: unbound). The reply line's keys are readline's
 * (inputrc), not these.
 */
#ifndef MADO_KEYS_H
#define MADO_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mado/buf.h>
#include <mado/err.h>

enum pane { PANE_LIST, PANE_HISTORY, PANE_CONTACT, PANE_HELP, PANE_N };

enum {
	IN_LIST = 1 << PANE_LIST,
	IN_HISTORY = 1 << PANE_HISTORY,
	IN_CONTACT = 1 << PANE_CONTACT,
	IN_HELP = 1 << PANE_HELP,
	IN_DESK = IN_LIST | IN_HISTORY | IN_CONTACT,
	IN_CONV = IN_LIST | IN_HISTORY | IN_CONTACT,
	IN_ANY = IN_DESK | IN_HELP,
	KEYS_EMACS_ONLY = 1 << 8, /* a row that only `keys = emacs` has */
	KEYS_VI_ONLY = 1 << 9,    /* and one that it has not */
	KEYS_SEQ_MAX = 4
};

struct key_row {
	unsigned panes;
	const char *seq;
	const char *command;
};

extern const struct key_row key_defaults[]; /* up to one with seq NULL */

struct binding {
	unsigned panes;
	int32_t seq[KEYS_SEQ_MAX];
	int n;
	char *command; /* NULL: unbound by keys.conf */
};

struct keys {
	struct binding *v;
	size_t n;
};

/* Fill with the defaults. Caller frees with keys_free(). */
void keys_init(struct keys *k, bool emacs);
void keys_free(struct keys *k);
/* Read keys.conf over what is there: a later row wins. No file is fine.
 * ERR_INVALID with the file and line of the first error; the other rows
 * count. */
int keys_read(struct keys *k, const char *path, struct err *e);
/* Bind one. panes: IN_* bits; ERR_INVALID for a sequence that is not one. */
int keys_bind(struct keys *k, unsigned panes, const char *seq,
    const char *command, struct err *e);

enum keys_found { KEYS_NONE, KEYS_PREFIX, KEYS_FOUND };
/* What n keys mean in a pane; *command is lent. */
enum keys_found keys_match(const struct keys *k, enum pane pane,
    const int32_t *seq, int n, const char **command);
/* The first sequence that is bound to a command in a pane, or NULL. */
const struct binding *keys_for(
    const struct keys *k, enum pane pane, const char *command);

/*
 * "gg", "g !", "Ctrl-X Ctrl-E", "C-x", "Space", "S-Tab", "F5": words are keys,
 * a word that is no key's name is its characters. Returns how many keys, or -1
 * with ERR_INVALID.
 */
int keys_parse(const char *s, int32_t seq[KEYS_SEQ_MAX], struct err *e);
/* Append the name: "Ctrl-K", "gg", "S-Tab". */
void keys_name(struct buf *b, const int32_t *seq, int n);

/*
 * What a key that came through an input method stands for: full-width forms,
 * and kana that are one key (a i u e o). 0 when it is not sure, -1 when it is
 * no such key.
 */
int32_t keys_fold(int32_t key);

#endif
