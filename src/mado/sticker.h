/*
 * Stickers by keyword: a small table of ours, of those that LINE lets accounts
 * send, with the agent's own lines (stickers.tsv beside madorc) before it. In
 * a draft a sticker is a mark, "[[sticker:PACKAGE/ID word]]".
 */
#ifndef MADO_STICKER_H
#define MADO_STICKER_H

#include <mado/buf.h>
#include <mado/err.h>
#include <mado/mem.h>

#include <stddef.h>

struct sticker {
	const char *id;    /* "8525/16581291" */
	const char *words; /* "ありがとう,thanks"; the first is shown */
};

/* All of them, the agent's own first. ERR_INVALID names the first bad line of
 * the file; the rest is there all the same. Valid until the arena is reset. */
size_t sticker_list(const char *config_dir, struct arena *a,
    struct sticker **rows, struct err *e);
/*
 * The one that a keyword or "PACKAGE/ID" means: a word that is the same, else
 * one that begins so, in any kana, width and case. ERR_NOTFOUND without one,
 * or what is wrong with the file.
 */
const struct sticker *sticker_find(
    const char *config_dir, const char *word, struct arena *a, struct err *e);
/* Its first word. Valid until the arena is reset. */
const char *sticker_word(const struct sticker *s, struct arena *a);
/* Append its mark. */
void sticker_mark(struct buf *b, const struct sticker *s);

#endif
