/* Fuzzy matching for the palette. Pure. */
#ifndef MADO_FUZZY_H
#define MADO_FUZZY_H

/*
 * How well folded words (text_fold()) match a folded text: each word's
 * characters must occur in order. Higher is better; -1: no match; 0 for no
 * words. A word that stands there whole gives FUZZY_WHOLE at least, letters
 * apart give less.
 */
enum { FUZZY_WHOLE = 100 };
int fuzzy_score(const char *text, const char *words);

#endif
