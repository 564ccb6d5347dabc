/*
 * What customers sent beside text: made up on the spot or read from a file,
 * served under LINE's content paths.
 */
#ifndef MADOSIM_MEDIA_H
#define MADOSIM_MEDIA_H

#include <stdbool.h>
#include <stdint.h>

#include <mado/buf.h>
#include <mado/err.h>

#include "map.h"

enum media_kind { MEDIA_IMAGE, MEDIA_VIDEO, MEDIA_AUDIO, MEDIA_FILE };

struct media_item {
	enum media_kind kind;
	char *file;        /* its bytes come from there; NULL: made up */
	int width, height; /* of a picture made up */
	int64_t size_b;    /* of anything else made up */
	int64_t ready_ms;  /* before: 202; 0: at once */
	bool gone;         /* unsent: 410 */
};

struct media {
	struct map by_message;
};

void media_free(struct media *m);
/* Keep under a message's id. Takes ownership of item, a plain x_new(). */
void media_add(
    struct media *m, const char *message_id, struct media_item *item);
/* Lends it; NULL when there is none. */
struct media_item *media_get(const struct media *m, const char *message_id);
/* Its content type. */
const char *media_type(const struct media_item *item);
/* Append its bytes; preview: a small picture. ERR_* of reading the file. */
int media_bytes(const struct media_item *item, bool preview, struct buf *out,
    struct err *e);

/* Append a PNG of that size, its colours from seed. */
void picture_make(struct buf *out, int width, int height, uint32_t seed);

#endif
