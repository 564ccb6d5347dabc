/*
 * Flex messages as tables. Data for check.c.
 * Source: LINE, "Flex Message".
 */
#include <string.h>

#include <mado/json.h>

#include "check_rules.h"

enum { BUBBLE_MAX_B = 30 * 1024, CAROUSEL_MAX_B = 50 * 1024 };

static void
check_size(struct check *c, const cJSON *o, size_t max_b)
{
	char *text = cJSON_PrintUnformatted(o);

	if (text != NULL && strlen(text) > max_b)
		check_add_here(c, "type",
		    "The JSON data must be at most %zu KB", max_b / 1024);
	cJSON_free(text);
}

static void
extra_bubble(struct check *c, const cJSON *o)
{
	check_size(c, o, BUBBLE_MAX_B);
}

static void
extra_flex_carousel(struct check *c, const cJSON *o)
{
	check_size(c, o, CAROUSEL_MAX_B);
}

static void
extra_flex_text(struct check *c, const cJSON *o)
{
	if (json_str(o, "text", "")[0] == '\0' &&
	    json_arr(o, "contents") == NULL)
		check_add_here(c, "text", "must be non-empty text");
}

static const char *const layouts[] = {
    "horizontal", "vertical", "baseline", NULL};
static const char *const bubble_sizes[] = {
    "nano", "micro", "deca", "hecto", "kilo", "mega", "giga", NULL};
static const char *const button_styles[] = {
    "primary", "secondary", "link", NULL};
static const char *const directions[] = {"ltr", "rtl", NULL};

static const struct shape components[];
static const struct rule box_rules[] = {
    ONE_OF("layout", REQ, layouts),
    LIST("contents", REQ, 0, 1000, components),
    ACTION("action", 0, check_actions, -LABEL_FLEX),
    END,
};
static const struct rule button_rules[] = {
    ACTION("action", REQ, check_actions, LABEL_FLEX),
    ONE_OF("style", 0, button_styles),
    END,
};
static const struct rule flex_image_rules[] = {
    URL("url", REQ),
    ACTION("action", 0, check_actions, -LABEL_FLEX),
    END,
};
static const struct rule flex_video_rules[] = {
    URL("url", REQ),
    URL("previewUrl", REQ),
    OBJ("altContent", REQ, components),
    ACTION("action", 0, check_actions, -LABEL_FLEX),
    END,
};
static const struct rule icon_rules[] = {
    URL("url", REQ),
    END,
};
static const struct rule span_rules[] = {
    STR("text", 0, 0),
    END,
};
static const struct shape spans[] = {
    {"span", span_rules, NULL},
    {0},
};
static const struct rule flex_text_rules[] = {
    STR("text", 0, 0),
    LIST("contents", 0, 1, 1000, spans),
    PLAIN(RULE_BOOL, "wrap", 0),
    ACTION("action", 0, check_actions, -LABEL_FLEX),
    END,
};
static const struct shape components[] = {
    {"box", box_rules, NULL},
    {"button", button_rules, NULL},
    {"image", flex_image_rules, NULL},
    {"video", flex_video_rules, NULL},
    {"icon", icon_rules, NULL},
    {"text", flex_text_rules, extra_flex_text},
    {"separator", check_no_rules, NULL},
    {"filler", check_no_rules, NULL},
    {0},
};
static const struct shape boxes[] = {
    {"box", box_rules, NULL},
    {0},
};
static const struct rule bubble_rules[] = {
    ONE_OF("size", 0, bubble_sizes),
    ONE_OF("direction", 0, directions),
    OBJ("header", 0, boxes),
    OBJ("hero", 0, components),
    OBJ("body", 0, boxes),
    OBJ("footer", 0, boxes),
    ACTION("action", 0, check_actions, -LABEL_FLEX),
    END,
};
static const struct shape bubbles[] = {
    {"bubble", bubble_rules, extra_bubble},
    {0},
};
static const struct rule flex_carousel_rules[] = {
    LIST("contents", REQ, 1, 12, bubbles),
    END,
};
static const struct shape containers[] = {
    {"bubble", bubble_rules, extra_bubble},
    {"carousel", flex_carousel_rules, extra_flex_carousel},
    {0},
};
const struct rule check_flex_rules[] = {
    STR("altText", REQ, ALT_MAX),
    OBJ("contents", REQ, containers),
    COMMON,
    END,
};
