/*
 * Contents of messages. Bytes are made when they are asked for, never kept.
 * events.c and act.c add, info.c serves.
 */
#include <stdio.h>
#include <string.h>

#include <mado/mem.h>

#include "media.h"

enum { PREVIEW_WIDTH = 240, PREVIEW_HEIGHT = 180, FILE_MAX_B = 64 << 20 };

static void
item_free(void *item)
{
	struct media_item *i = item;

	if (i != NULL)
		x_free(i->file);
	x_free(i);
}

void
media_free(struct media *m)
{
	map_free(&m->by_message, item_free);
}

void
media_add(struct media *m, const char *message_id, struct media_item *item)
{
	item_free(map_put(&m->by_message, message_id, item));
}

struct media_item *
media_get(const struct media *m, const char *message_id)
{
	return map_get(&m->by_message, message_id);
}

static const struct {
	const char *suffix;
	const char *type;
} suffixes[] = {
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".mp4", "video/mp4"},
    {".m4a", "audio/x-m4a"},
    {".mp3", "audio/mpeg"},
    {".pdf", "application/pdf"},
    {".txt", "text/plain"},
};

const char *
media_type(const struct media_item *item)
{
	static const char *const made_up[] = {
	    [MEDIA_IMAGE] = "image/png",
	    [MEDIA_VIDEO] = "video/mp4",
	    [MEDIA_AUDIO] = "audio/x-m4a",
	    [MEDIA_FILE] = "application/octet-stream",
	};
	const char *dot = item->file != NULL ? strrchr(item->file, '.') : NULL;
	size_t i;

	for (i = 0; dot != NULL && i < sizeof(suffixes) / sizeof(suffixes[0]);
	     i++)
		if (strcasecmp(suffixes[i].suffix, dot) == 0)
			return suffixes[i].type;
	return made_up[item->kind];
}

static void
put_be32(struct buf *out, uint32_t v)
{
	unsigned char b[4] = {(unsigned char)(v >> 24),
	    (unsigned char)(v >> 16), (unsigned char)(v >> 8),
	    (unsigned char)v};

	buf_add(out, b, sizeof(b));
}

/* An MP4 container with a brand and nothing to play: an ftyp box, then a
 * free box up to the size. */
static void
make_mp4(struct buf *out, const char *brand, size_t size_b)
{
	static const char filler[] = "madosim ";
	size_t end = out->n + (size_b > 64 ? size_b : 64);

	put_be32(out, 24);
	buf_puts(out, "ftyp");
	buf_add(out, brand, 4);
	put_be32(out, 0);
	buf_puts(out, "isom");
	buf_add(out, brand, 4);
	put_be32(out, (uint32_t)(end - out->n));
	buf_puts(out, "free");
	while (out->n < end)
		buf_putc(out, filler[out->n % 8]);
}

static void
make_file(struct buf *out, size_t size_b)
{
	size_t end = out->n + size_b, line = 1;

	while (out->n < end)
		buf_printf(out, "madosim, line %zu\n", line++);
	out->n = end;
	if (out->p != NULL)
		out->p[end] = '\0';
}

int
media_bytes(
    const struct media_item *item, bool preview, struct buf *out, struct err *e)
{
	uint32_t seed = (uint32_t)(item->size_b * 31 + item->width);

	if (preview && !(item->file != NULL && item->kind == MEDIA_IMAGE))
		picture_make(out, PREVIEW_WIDTH, PREVIEW_HEIGHT, seed);
	else if (item->file != NULL)
		return buf_read_file(out, item->file, FILE_MAX_B, e);
	else if (item->kind == MEDIA_IMAGE)
		picture_make(out, item->width, item->height, seed);
	else if (item->kind == MEDIA_FILE)
		make_file(out, (size_t)item->size_b);
	else
		make_mp4(out, item->kind == MEDIA_VIDEO ? "mp42" : "M4A ",
		    (size_t)item->size_b);
	return 0;
}
