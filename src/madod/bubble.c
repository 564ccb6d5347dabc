/* Bubbles and buttons as LINE wants them: see bubble.h. */
#include <string.h>

#include <mado/text.h>

#include "bubble.h"

bool
bubble_add(struct bubbles *list, struct bubble b)
{
	if (list->n == REPLY_BUBBLES_MAX)
		return false;
	list->v[list->n++] = b;
	return true;
}

bool
quick_add(struct quicks *list, struct quick q)
{
	if (list->n == QUICK_REPLIES_MAX)
		return false;
	list->v[list->n++] = q;
	return true;
}

const char *
bubble_cut(const char *s, size_t max, struct arena *a)
{
	const char *end = s + strlen(s), *p = s, *keep = s;
	struct text_cluster c;
	size_t n = 0;

	while (p < end) {
		if (++n == max)
			keep = p;
		p = text_next(p, end, &c);
	}
	if (n <= max)
		return arena_strdup(a, s);
	return arena_sprintf(a, "%.*s\xe2\x80\xa6", (int)(keep - s), s);
}

static void
put_action(struct buf *b, const struct quick *q, struct arena *a)
{
	const char *label = bubble_cut(q->label, LABEL_MAX_GRAPHEMES, a);

	buf_putc(b, '{');
	if (q->uri != NULL) {
		json_add_str(b, "type", "uri");
		json_add_str(b, "label", label);
		json_add_str(b, "uri", q->uri);
	} else if (q->data != NULL) {
		json_add_str(b, "type", "postback");
		json_add_str(b, "label", label);
		json_add_str(b, "data", q->data);
		json_add_str(b, "displayText",
		    bubble_cut(q->text ? q->text : q->label, 300, a));
	} else {
		json_add_str(b, "type", "message");
		json_add_str(b, "label", label);
		json_add_str(b, "text", bubble_cut(q->text, 300, a));
	}
	buf_putc(b, '}');
}

static void
put_quicks(struct buf *b, const struct quicks *q)
{
	struct arena *a = arena_new();

	json_put_key(b, "quickReply");
	buf_puts(b, "{\"items\":[");
	for (size_t i = 0; i < q->n; i++) {
		buf_puts(b, i > 0 ? ",{" : "{");
		json_add_str(b, "type", "action");
		json_put_key(b, "action");
		put_action(b, &q->v[i], a);
		buf_putc(b, '}');
	}
	buf_puts(b, "]}");
	arena_free(a);
}

static void
put_text(struct buf *b, const struct bubble *u)
{
	json_add_str(b, "text", u->text);
}

static void
put_media(struct buf *b, const struct bubble *u)
{
	json_add_str(b, "originalContentUrl", u->url);
	json_add_str(
	    b, "previewImageUrl", u->preview != NULL ? u->preview : u->url);
}

static void
put_coupon(struct buf *b, const struct bubble *u)
{
	json_add_str(b, "couponId", u->text);
}

static const struct kind {
	const char *name; /* LINE's type */
	int type;
	void (*put)(struct buf *b, const struct bubble *u);
} kinds[] = {
    [BUBBLE_TEXT] = {"text", MSG_TEXT, put_text},
    [BUBBLE_IMAGE] = {"image", MSG_IMAGE, put_media},
    [BUBBLE_VIDEO] = {"video", MSG_VIDEO, put_media},
    [BUBBLE_COUPON] = {"coupon", MSG_UNKNOWN, put_coupon},
};

void
bubble_json(struct buf *b, const struct bubble *u, const struct quicks *q)
{
	buf_putc(b, '{');
	json_add_str(b, "type", kinds[u->kind].name);
	kinds[u->kind].put(b, u);
	if (q != NULL && q->n > 0)
		put_quicks(b, q);
	buf_putc(b, '}');
}

int
bubble_type(const struct bubble *u)
{
	return kinds[u->kind].type;
}

const char *
bubble_line(const struct bubble *u, struct arena *a)
{
	if (u->kind == BUBBLE_TEXT)
		return u->text;
	return arena_sprintf(a, "[%s %s]", kinds[u->kind].name,
	    u->url != NULL ? u->url : u->text);
}
