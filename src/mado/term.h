/*
 * The terminal itself: taking it over and giving it back as it was, whatever
 * happens; its size; what ncurses has no words for (bracketed paste, OSC 52).
 * One per process.
 */
#ifndef MADO_TERM_H
#define MADO_TERM_H

#include <stdbool.h>
#include <stddef.h>

#include <mado/err.h>

/* Take the terminal over. ERR_FAILED when there is none to take. */
int term_start(struct err *e);
/* Give it back: attributes, screen, cursor, paste mode. Twice is fine. */
void term_stop(void);
/* After term_stop(), a child or a stop: take it again. */
void term_resume(void);
bool term_is_on(void);
/* Ask for the size and tell ncurses. True when it has changed. */
bool term_resize(void);
/* Write bytes past ncurses; only between frames. */
void term_write(const char *p, size_t n);
/* Put text into the clipboard of whoever sits before it (OSC 52). False when
 * it is too long for that. */
bool term_copy(const char *text, size_t n);
void term_bell(void);
/* Colours that may be used: 0 without any, or when NO_COLOR asks for none. */
int term_colours(void);
/* A notification of the terminal's own: OSC 9, or OSC 777 with a title. text is
 * clean. Inside tmux it is passed through, if tmux lets it. */
void term_notify(const char *title, const char *text, bool osc777);
/* The input method as it was when the last line was left, or off: Tera Term's
 * and RLogin's own sequences. */
void term_input_method(bool as_before);
/* What is written between appears at once (DEC 2026), where the terminal can;
 * worth it: more than an echo. */
void term_frame_begin(bool worth_it);
void term_frame_end(void);
/* Colours of a type of terminals; -1 when the type is unknown here. */
int term_type_colours(const char *type);

/* What a terminal is like. */
struct term_seen {
	bool native; /* emoji of several characters have two columns */
	bool wide;   /* East Asian Ambiguous characters have two */
	bool light;  /* the background is light */
	bool frames; /* it shows a frame at once when asked to (DEC 2026) */
};
/* May it be asked? Some write what they do not understand. */
bool term_can_ask(void);
/* Ask it, before the first frame; the answers come among the keys. Nothing
 * waits for them. */
void term_ask(void);
/* Take an answer. True when it was the last one: *seen is filled. */
bool term_answered(const char *answer, struct term_seen *seen);

#endif
