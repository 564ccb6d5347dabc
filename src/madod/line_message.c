/*
 * LINE's message objects: one row per kind, what of it is kept and its one
 * line of English. Must not look at the event around it. Called by
 * line_decode.c; line_text_sized() by who has fetched the content.
 */
#include <stdio.h>
#include <string.h>

#include <mado/mem.h>
#include <mado/text.h>

#include "line_scan.h"

enum {
	STICKER_WORDS_MAX = 5,
	DURATION_MAX_MS = 100 * 3600 * 1000,
	SET_MAX = 1000
};

static void
put_size(struct buf *b, int64_t n)
{
	static const char *const units[] = {"KB", "MB", "GB"};
	double v = (double)n / 1024;
	size_t u = 0;

	if (n < 1024) {
		buf_printf(b, " %d B", (int)n);
		return;
	}
	for (; v >= 1023.5 && u < 2; u++)
		v /= 1024;
	buf_printf(b, u == 0 ? " %.0f %s" : " %.1f %s", v, units[u]);
}

static void
put_duration(struct buf *b, int64_t ms)
{
	int s = (int)((ms + 500) / 1000);

	if (ms <= 0)
		return;
	if (s < 3600)
		buf_printf(b, " %d:%02d", s / 60, s % 60);
	else
		buf_printf(b, " %d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
}

/* Five digits are a metre; zeros past the second one say nothing. */
static void
put_degrees(struct buf *b, double v)
{
	char t[32];
	int n = snprintf(t, sizeof(t), "%.5f", v);

	while (n > 3 && t[n - 1] == '0' && t[n - 3] != '.')
		n--;
	buf_add(b, t, (size_t)n);
}

static struct media *
media_new(struct line_scan *s)
{
	if (s->out->media == NULL)
		s->out->media = arena_new_of(s->a, struct media);
	return s->out->media;
}

/*
 * What an external provider holds is never fetched: its address is kept, if it
 * is one that a browser may open. Without an id there is nothing to fetch.
 */
static void
take_media(struct line_scan *s)
{
	const cJSON *p = json_obj(s->msg, "contentProvider");
	const char *url = json_str(p, "originalContentUrl", "");

	if (strcmp(json_str(p, "type", ""), "external") == 0) {
		media_new(s)->state = "external";
		if (strncmp(url, "https://", 8) == 0 ||
		    strncmp(url, "http://", 7) == 0)
			s->out->media->url = arena_strdup(s->a, url);
	} else if (s->out->message_id != NULL)
		media_new(s)->state = "wanted";
}

/* Where the UTF-16 unit number n of a text is. */
static const char *
at_unit(const char *text, int64_t n)
{
	size_t left = strlen(text), bytes;
	uint32_t cp;

	for (; n > 0 && (bytes = text_decode(text, left, &cp)) > 0;
	     n -= cp > 0xffff ? 2 : 1) {
		text += bytes;
		left -= bytes;
	}
	return text;
}

/* Source: LINE, "Text message": mention.mentionees[] {index, length, isSelf}.
 */
static void
take_mention(struct line_scan *s, const char *text)
{
	const cJSON *it;
	const char *from, *to;

	cJSON_ArrayForEach(
	    it, json_arr(json_obj(s->msg, "mention"), "mentionees"))
	{
		if (!json_bool(it, "isSelf", false) || s->out->asked != NULL)
			continue;
		from = at_unit(
		    text, line_scan_count(it, "index", MSG_TEXT_MAX_U16));
		to = at_unit(
		    from, line_scan_count(it, "length", MSG_TEXT_MAX_U16));
		s->out->asked =
		    arena_sprintf(s->a, "%.*s%s", (int)(from - text), text, to);
	}
}

static void
msg_text(struct line_scan *s)
{
	const char *text = json_str(s->msg, "text", "");

	take_mention(s, text);
	buf_puts(s->b, text[0] != '\0' ? text : "[empty message]");
}

static void
msg_image(struct line_scan *s)
{
	const cJSON *set = json_obj(s->msg, "imageSet");
	int64_t i = line_scan_count(set, "index", SET_MAX);
	int64_t n = line_scan_count(set, "total", SET_MAX);

	take_media(s);
	buf_puts(s->b, "[image");
	if (i >= 1 && i <= n)
		buf_printf(s->b, " %d of %d", (int)i, (int)n);
	buf_puts(s->b, "]");
}

/* A video or an audio message: the kind's own word and its length. */
static void
msg_played(struct line_scan *s)
{
	take_media(s);
	buf_printf(s->b, "[%s", msg_type_names[s->out->msg_type]);
	put_duration(
	    s->b, line_scan_count(s->msg, "duration", DURATION_MAX_MS));
	buf_puts(s->b, "]");
}

static void
msg_file(struct line_scan *s)
{
	const char *name = json_str(s->msg, "fileName", "");
	int64_t size = line_scan_count(s->msg, "fileSize", INT64_C(1) << 50);

	take_media(s);
	if (s->out->media != NULL) {
		s->out->media->size_b = size;
		if (name[0] != '\0')
			s->out->media->file_name = arena_strdup(s->a, name);
	}
	buf_puts(s->b, "[file");
	line_scan_member(s->b, " ", s->msg, "fileName");
	if (size > 0)
		put_size(s->b, size);
	buf_puts(s->b, "]");
}

static void
msg_location(struct line_scan *s)
{
	double lat, lon;
	bool named;

	buf_puts(s->b, "[location");
	named = line_scan_member(s->b, ": ", s->msg, "title");
	line_scan_member(s->b, named ? ", " : ": ", s->msg, "address");
	if (line_scan_number(s->msg, "latitude", -90, 90, &lat) &&
	    line_scan_number(s->msg, "longitude", -180, 180, &lon)) {
		buf_puts(s->b, " (");
		put_degrees(s->b, lat);
		buf_puts(s->b, ", ");
		put_degrees(s->b, lon);
		buf_puts(s->b, ")");
	}
	buf_puts(s->b, "]");
}

/* LINE's words for a sticker, a random choice of them. */
static int
put_keywords(struct line_scan *s)
{
	const cJSON *it;
	int n = 0;

	cJSON_ArrayForEach(it, json_arr(s->msg, "keywords"))
	{
		const char *w = cJSON_GetStringValue(it);

		if (w == NULL || w[0] == '\0' || n == STICKER_WORDS_MAX)
			continue;
		buf_puts(s->b, n++ == 0 ? ": " : ", ");
		line_scan_piece(s->b, w);
	}
	return n;
}

static void
msg_sticker(struct line_scan *s)
{
	buf_puts(s->b, "[sticker");
	if (!line_scan_member(s->b, ": ", s->msg, "text") &&
	    put_keywords(s) == 0 &&
	    line_scan_member(s->b, " ", s->msg, "packageId"))
		line_scan_member(s->b, "/", s->msg, "stickerId");
	buf_puts(s->b, "]");
}

static void
msg_unknown(struct line_scan *s)
{
	line_scan_unsupported(s->b, json_str(s->msg, "type", ""), "message");
}

static const struct msg_row {
	const char *name;
	int type; /* enum msg_type */
	void (*decode)(struct line_scan *s);
} msg_rows[] = {
    {"text", MSG_TEXT, msg_text},
    {"sticker", MSG_STICKER, msg_sticker},
    {"image", MSG_IMAGE, msg_image},
    {"video", MSG_VIDEO, msg_played},
    {"audio", MSG_AUDIO, msg_played},
    {"file", MSG_FILE, msg_file},
    {"location", MSG_LOCATION, msg_location},
    {NULL, MSG_UNKNOWN, msg_unknown},
};

static const struct msg_row *
msg_row_find(const char *name)
{
	const struct msg_row *r = msg_rows;

	while (r->name != NULL && strcmp(r->name, name) != 0)
		r++;
	return r;
}

void
line_message_decode(struct line_scan *s)
{
	const struct msg_row *r = msg_row_find(json_str(s->msg, "type", ""));
	struct line_event *o = s->out;

	o->message_id = line_scan_id(s, s->msg, "id");
	o->quote_token = line_scan_id(s, s->msg, "quoteToken");
	o->quoted_line_id = line_scan_id(s, s->msg, "quotedMessageId");
	o->msg_type = r->type;
	r->decode(s);
}

void
line_text_sized(struct buf *b, const char *text, int width_px, int height_px,
    int64_t size_b)
{
	size_t n = strlen(text);
	bool px = width_px > 0 && height_px > 0;

	if (n < 2 || text[0] != '[' || text[n - 1] != ']' ||
	    strncmp(text, "[file", 5) == 0) {
		buf_puts(b, text);
		return;
	}
	buf_add(b, text, n - 1);
	if (strchr(text, ' ') != NULL && (px || size_b > 0))
		buf_putc(b, ',');
	if (px)
		buf_printf(b, " %dx%d", width_px, height_px);
	if (size_b > 0)
		put_size(b, size_b);
	buf_putc(b, ']');
}
