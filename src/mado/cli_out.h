/*
 * What the command line prints: JSON Lines as the server gave them, or lines
 * for people. Text is cleaned of control characters, and on a terminal drawn
 * as terminals can.
 */
#ifndef MADO_CLI_OUT_H
#define MADO_CLI_OUT_H

#include <mado/buf.h>
#include <mado/json.h>
#include <mado/model.h>

/* Is standard output a terminal; then how wide. */
bool out_is_tty(void);
/* A line on standard output. -1 and ERR_FAILED when it can't be written
 * (ERR_NONE in e when nobody reads any more). */
int out_line(const struct buf *b, struct err *e);
int out_json(const cJSON *o, struct err *e);
/* Write out what is pending. */
int out_flush(struct err *e);

/* "mado: " and a sentence on standard error, cleaned. */
void out_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Append s cleaned; on a terminal as text_draw() has it. */
void out_text(struct buf *b, const char *s);
/* Append a column: cleaned, padded to cols, on a terminal also cut. */
void out_cell(struct buf *b, const char *s, int cols);
/* Append the rest of a terminal's line, cut; elsewhere all of it. */
void out_rest(struct buf *b, const char *s);

/* A text with places to mark: marked[i] for each byte of it. */
struct out_marks {
	const char *text;
	const bool *marked;
};
/* As out_rest(); on a terminal the places stand out, the first is seen. */
void out_marked(struct buf *b, const struct out_marks *m);

/* "2m", "3h", "5d"; "" for 0. */
const char *out_span(int64_t ms, char out[16]);
/* "2026-11-21 10:29" in the process's zone; "" for 0. */
const char *out_time(int64_t ms, char out[32]);
/* queued, sent by a free reply, failed ..., in the reader's language. */
const char *out_state(const struct msg *m);

#endif
