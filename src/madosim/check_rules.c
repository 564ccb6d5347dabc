/*
 * LINE's message objects as tables, and the few rules that need code. Data
 * for check.c, nothing else. Labels: template and quick reply 20, image
 * carousel 12, flex 40 grapheme clusters.
 * Source: LINE, "Message objects".
 */
#include <stdio.h>
#include <string.h>

#include <mado/json.h>

#include "check_rules.h"

/* Text */

/* The UTF-16 unit at an index, if it is an ASCII character; else 0. */
static int
unit_at(const char *s, int64_t index)
{
	int64_t at = 0;

	for (; *s != '\0'; s++) {
		unsigned char ch = (unsigned char)*s;

		if ((ch & 0xc0) == 0x80)
			continue;
		if (at == index)
			return ch < 0x80 ? ch : 0;
		at += ch >= 0xf0 ? 2 : 1;
	}
	return 0;
}

static void
extra_text(struct check *c, const cJSON *o)
{
	const char *text = json_str(o, "text", "");
	const cJSON *item;
	char member[48];
	int i = 0;

	cJSON_ArrayForEach(item, json_arr(o, "emojis"))
	{
		if (unit_at(text, json_int(item, "index", -1)) != '$') {
			snprintf(member, sizeof(member), "emojis[%d].index", i);
			check_add_here(c, member,
			    "The index does not point at a $ of the text");
		}
		i++;
	}
}

static bool
is_key(const char *p, size_t n)
{
	return n >= 1 && n <= 20 &&
	    strspn(p,
		"0123456789abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ_") >= n;
}

/* Past the key that begins at '{'; NULL when it is not a good one. */
static const char *
skip_key(const char *p, const cJSON *substitution)
{
	const char *end = strchr(p, '}');
	char key[24];

	if (end == NULL || !is_key(p + 1, (size_t)(end - p - 1)))
		return NULL;
	snprintf(key, sizeof(key), "%.*s", (int)(end - p - 1), p + 1);
	if (cJSON_GetObjectItemCaseSensitive(substitution, key) == NULL)
		return NULL;
	return end;
}

static void
extra_text_v2(struct check *c, const cJSON *o)
{
	const cJSON *substitution = json_obj(o, "substitution");
	const char *p;

	for (p = json_str(o, "text", ""); *p != '\0'; p++) {
		if (*p != '{' && *p != '}')
			continue;
		if (p[1] == p[0]) {
			p++;
			continue;
		}
		if (*p == '}' || (p = skip_key(p, substitution)) == NULL) {
			check_add_here(c, "text",
			    "The keys in braces don't match the substitution");
			return;
		}
	}
}

static const struct rule emoji_rules[] = {
    PLAIN(RULE_INT, "index", REQ),
    STR("productId", REQ, 0),
    STR("emojiId", REQ, 0),
    END,
};
static const struct shape emoji[] = {
    {NULL, emoji_rules, NULL},
    {0},
};
static const struct rule text_rules[] = {
    STR("text", REQ, TEXT_MAX),
    LIST("emojis", 0, 0, EMOJI_MAX, emoji),
    STR("quoteToken", 0, 0),
    COMMON,
    END,
};
static const struct rule text_v2_rules[] = {
    STR("text", REQ, TEXT_MAX),
    STR("quoteToken", 0, 0),
    COMMON,
    END,
};

/* Stickers and media */

static const struct rule sticker_rules[] = {
    STR("packageId", REQ, 0),
    STR("stickerId", REQ, 0),
    STR("quoteToken", 0, 0),
    COMMON,
    END,
};
static const struct rule image_rules[] = {
    URL("originalContentUrl", REQ),
    URL("previewImageUrl", REQ),
    COMMON,
    END,
};
static const struct rule video_rules[] = {
    URL("originalContentUrl", REQ),
    URL("previewImageUrl", REQ),
    STR("trackingId", 0, 100),
    COMMON,
    END,
};
static const struct rule audio_rules[] = {
    URL("originalContentUrl", REQ),
    PLAIN(RULE_INT, "duration", REQ),
    COMMON,
    END,
};
static const struct rule location_rules[] = {
    STR("title", REQ, 100),
    STR("address", REQ, 100),
    {.name = "latitude", .kind = RULE_NUM, .flags = REQ, .min = -90, .max = 90},
    {.name = "longitude",
	.kind = RULE_NUM,
	.flags = REQ,
	.min = -180,
	.max = 180},
    COMMON,
    END,
};
static const struct rule coupon_rules[] = {
    STR("couponId", REQ, 0),
    STR("deliveryTag", 0, 30),
    COMMON,
    END,
};

/* Imagemap */

static const struct rule size_rules[] = {
    PLAIN(RULE_INT, "width", REQ),
    PLAIN(RULE_INT, "height", REQ),
    END,
};
static const struct shape base_size[] = {
    {NULL, size_rules, NULL},
    {0},
};
static const struct rule area_rules[] = {
    PLAIN(RULE_INT, "x", REQ),
    PLAIN(RULE_INT, "y", REQ),
    PLAIN(RULE_INT, "width", REQ),
    PLAIN(RULE_INT, "height", REQ),
    END,
};
static const struct shape area[] = {
    {NULL, area_rules, NULL},
    {0},
};
static const struct rule map_message_rules[] = {
    STR("label", 0, 100),
    STR("text", REQ, 400),
    OBJ("area", REQ, area),
    END,
};
static const struct rule map_uri_rules[] = {
    STR("label", 0, 100),
    PLAIN(RULE_URI, "linkUri", REQ),
    OBJ("area", REQ, area),
    END,
};
static const struct rule map_clipboard_rules[] = {
    STR("label", 0, 100),
    STR("clipboardText", REQ, 1000),
    OBJ("area", REQ, area),
    END,
};
static const struct shape map_actions[] = {
    {"message", map_message_rules, NULL},
    {"uri", map_uri_rules, NULL},
    {"clipboard", map_clipboard_rules, NULL},
    {0},
};
static const struct rule imagemap_rules[] = {
    URL("baseUrl", REQ),
    STR("altText", REQ, ALT_MAX),
    OBJ("baseSize", REQ, base_size),
    LIST("actions", REQ, 1, 50, map_actions),
    COMMON,
    END,
};

/* Templates */

/* A text has less room beside a title or a picture. */
static void
check_crowded(struct check *c, const cJSON *o, int max)
{
	struct rule r = STR("text", GRAPH, 60);

	if (json_str(o, "title", NULL) == NULL &&
	    json_str(o, "thumbnailImageUrl", NULL) == NULL)
		r.max = max;
	check_length(c, o, &r);
}

static void
extra_buttons(struct check *c, const cJSON *o)
{
	check_crowded(c, o, 160);
}

static void
extra_column(struct check *c, const cJSON *o)
{
	check_crowded(c, o, 120);
}

static void
extra_carousel(struct check *c, const cJSON *o)
{
	const cJSON *column;
	char member[48];
	int want = -1, n, i = 0;

	cJSON_ArrayForEach(column, json_arr(o, "columns"))
	{
		n = cJSON_GetArraySize(json_arr(column, "actions"));
		if (want < 0)
			want = n;
		if (n != want) {
			snprintf(
			    member, sizeof(member), "columns[%d].actions", i);
			check_add_here(c, member,
			    "The number of actions differs from the first "
			    "column's");
		}
		i++;
	}
}

static const char *const ratios[] = {"rectangle", "square", NULL};
static const char *const sizes[] = {"cover", "contain", NULL};

/* text is checked by the extra: how long it may be depends on the rest. */
static const struct rule buttons_rules[] = {
    URL("thumbnailImageUrl", 0),
    ONE_OF("imageAspectRatio", 0, ratios),
    ONE_OF("imageSize", 0, sizes),
    STR("title", GRAPH, 40),
    STR("text", REQ | GRAPH, 0),
    ACTION("defaultAction", 0, check_actions, -LABEL),
    ACTIONS("actions", 1, 4, LABEL),
    END,
};
static const struct rule confirm_rules[] = {
    STR("text", REQ | GRAPH, 240),
    ACTIONS("actions", 2, 2, LABEL),
    END,
};
static const struct rule column_rules[] = {
    URL("thumbnailImageUrl", 0),
    STR("title", GRAPH, 40),
    STR("text", REQ | GRAPH, 0),
    ACTION("defaultAction", 0, check_actions, -LABEL),
    ACTIONS("actions", 1, 3, LABEL),
    END,
};
static const struct shape column[] = {
    {NULL, column_rules, extra_column},
    {0},
};
static const struct rule carousel_rules[] = {
    LIST("columns", REQ, 1, 10, column),
    ONE_OF("imageAspectRatio", 0, ratios),
    ONE_OF("imageSize", 0, sizes),
    END,
};
static const struct rule image_column_rules[] = {
    URL("imageUrl", REQ),
    ACTION("action", REQ, check_actions, -LABEL_IMAGE),
    END,
};
static const struct shape image_column[] = {
    {NULL, image_column_rules, NULL},
    {0},
};
static const struct rule image_carousel_rules[] = {
    LIST("columns", REQ, 1, 10, image_column),
    END,
};
static const struct shape templates[] = {
    {"buttons", buttons_rules, extra_buttons},
    {"confirm", confirm_rules, NULL},
    {"carousel", carousel_rules, extra_carousel},
    {"image_carousel", image_carousel_rules, NULL},
    {0},
};
static const struct rule template_rules[] = {
    STR("altText", REQ, ALT_MAX),
    OBJ("template", REQ, templates),
    COMMON,
    END,
};

const struct shape check_message_shapes[] = {
    {"text", text_rules, extra_text},
    {"image", image_rules, NULL},
    {"video", video_rules, NULL},
    {"audio", audio_rules, NULL},
    {"location", location_rules, NULL},
    {"sticker", sticker_rules, NULL},
    {"template", template_rules, NULL},
    {"imagemap", imagemap_rules, NULL},
    {"flex", check_flex_rules, NULL},
    {"textV2", text_v2_rules, extra_text_v2},
    {"coupon", coupon_rules, NULL},
    {0},
};
