/*
 * Bytes from the terminal as keys: UTF-8, control keys, Meta, the CSI and SS3
 * sequences of every terminal in use, bracketed paste, and the terminal's own
 * answers told apart from them. Pure: no reading, no clock.
 */
#ifndef MADO_INPUT_H
#define MADO_INPUT_H

#include <stdbool.h>
#include <stdint.h>

#include <mado/buf.h>

/*
 * A key is a code point (control keys are 1..31 as sent, Backspace 0x7f) or
 * one of K_*, with modifiers above. Shift is kept only where the character
 * does not tell it.
 */
enum {
	K_ENTER = '\r',
	K_TAB = '\t',
	K_ESC = 27,
	K_BACKSPACE = 0x7f,
	K_UP = 0x200000,
	K_DOWN,
	K_LEFT,
	K_RIGHT,
	K_HOME,
	K_END,
	K_PGUP,
	K_PGDN,
	K_INSERT,
	K_DELETE,
	K_F1, /* K_F1 + 11 is F12 */
	K_UNKNOWN = 0x200100,
	K_SHIFT = 1 << 24,
	K_META = 1 << 25,
	K_CTRL = 1 << 26,
	K_MODS = K_SHIFT | K_META | K_CTRL
};

enum input_kind {
	INPUT_KEY,
	INPUT_PASTE,  /* text is in bytes, n */
	INPUT_ANSWER, /* the terminal's answer to a question of ours */
	INPUT_FOCUS   /* the window has the keys (key 1), or no longer (0) */
};

struct input_event {
	enum input_kind kind;
	int32_t key;
	const char *bytes; /* as sent; lent until the next input_next() */
	size_t n;
};

struct input {
	struct buf in;
	size_t at; /* consumed so far */
	bool in_paste;
	struct buf paste;
	struct buf last; /* bytes of the event lent */
	int patience;    /* flushes that half an answer survives: a question is
			  * out, and a slow line may cut its answer in two */
};

enum { INPUT_ESC_MS = 50, INPUT_PATIENCE = 20, PASTE_MAX_B = 1 << 20 };

void input_feed(struct input *in, const void *p, size_t n);
/*
 * Take the next event. flush: no more bytes came for INPUT_ESC_MS, so a
 * sequence that is cut short stands for itself (a lone ESC is Esc).
 * Returns false when there is none, or none that is whole.
 */
bool input_next(struct input *in, bool flush, struct input_event *ev);
/* Is part of a sequence waiting for its rest? Then set the timer. */
bool input_is_partial(const struct input *in);
/* Forget what was fed and not taken. */
void input_drop(struct input *in);
void input_free(struct input *in);

#endif
