/*
 * Canned replies as lines of a spreadsheet: name, text, kana reading, tags
 * (with commas between them), and the word personal; the last three may be
 * left out. A line feed, a tab and a backslash are written \n \t \\. What
 * is written is what is read.
 */
#ifndef MADO_CANNED_TSV_H
#define MADO_CANNED_TSV_H

#include <mado/buf.h>
#include <mado/err.h>
#include <mado/json.h>
#include <mado/model.h>

/*
 * Append the file's replies to a JSON array, as POST /v1/canned takes them.
 * file: its name, for errors; b: its bytes, changed on the way. ERR_INVALID
 * names file and line of the first bad one.
 */
int canned_tsv_read(
    const char *file, struct buf *b, cJSON *list, struct err *e);
/* Append one as a line. */
void canned_tsv_write(struct buf *b, const struct canned *c);

#endif
