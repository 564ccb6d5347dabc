/*
 * Moving and deleting in a line as its reader sees it: by grapheme clusters
 * and by words, also where no spaces are written. Pure: byte offsets in valid
 * UTF-8.
 */
#ifndef MADO_LINE_EDIT_H
#define MADO_LINE_EDIT_H

#include <stddef.h>

/* The start of the cluster before `at`, the end of the one after it. */
size_t edit_left(const char *s, size_t at);
size_t edit_right(const char *s, size_t at);
/* Where Backspace deletes to: the cluster's start, but of a Thai or other
 * stack of marks only the last mark goes. */
size_t edit_backspace(const char *s, size_t at);
/* Word starts and ends; words are also ended by a change of script. */
size_t edit_word_left(const char *s, size_t at);
size_t edit_word_right(const char *s, size_t at);
/* The start of the next word, as vi moves. */
size_t edit_word_next(const char *s, size_t at);
/* Start and end of the line, between line feeds, that `at` is in. */
size_t edit_line_start(const char *s, size_t at);
size_t edit_line_end(const char *s, size_t at);

#endif
