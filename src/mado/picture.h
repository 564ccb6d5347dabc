/*
 * Pictures of customers, small, in the history: fetched and decoded when they
 * come into sight, never waited for. The decoders run in a process of their
 * own within limits; what comes back are pixels, counted before they are
 * believed.
 */
#ifndef MADO_PICTURE_H
#define MADO_PICTURE_H

#include <mado/buf.h>
#include <mado/mem.h>
#include <mado/model.h>

struct ui;

enum { PICTURE_SIDE_PX = 640 }; /* what a decoded one has at most */

struct picture {
	int width_px, height_px;
	const unsigned char *rgb;
};

/* Is this message a picture that can be shown? */
bool picture_is_one(const struct ui *u, const struct msg *m);
/* It has come into sight: fetch and decode it unless that is done. */
void picture_want(struct ui *u, const struct msg *m);
/* Its pixels, lent until the next picture_want(); false: not there (yet). */
bool picture_get(const char *id, struct picture *p);
struct picture_rows;
/* As at most cols by rows cells, drawn once for a size. */
bool picture_rows(const char *id, int cols, int rows, struct picture_rows *out);
void picture_free(void);

/* picture_cells.c: a picture as rows of a terminal's cells */
struct picture_rows {
	const char **v; /* escape sequences and symbols, without line feeds */
	int n, cols;
};
/* At most cols by rows cells, the shape kept. Valid until the arena is reset.
 */
void picture_draw(const struct picture *p, int cols, int rows, struct arena *a,
    struct picture_rows *out);

/*
 * The same as one sequence of the terminal's own for pictures (kitty's, or
 * sixels), written at their upper left cell; *cols and *rows become its cells.
 * False when it has none, or does not say how large its cells are.
 */
bool picture_sharp(
    const struct picture *p, int *cols, int *rows, struct buf *out);

/*
 * picture_look.c: `mado --picture`, the process with the decoders: a JPEG or
 * PNG on standard input, on standard output width and height (each four bytes,
 * low first) and RGB. The exit code.
 */
int picture_main(void);

/* over_picture.c: one, as large as the screen */
void over_picture_draw(struct ui *u);
bool over_picture_key(struct ui *u, int32_t key);

#endif
