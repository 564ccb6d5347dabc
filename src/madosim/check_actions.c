/*
 * Actions, and what every message may have: quick replies and a sender.
 * Data for check.c.
 * Source: LINE, "Action objects", "Common properties for messages".
 */
#include <string.h>

#include <mado/json.h>

#include "check_rules.h"

static void
extra_postback(struct check *c, const cJSON *o)
{
	check_label(c, o);
	if (json_str(o, "displayText", NULL) != NULL &&
	    json_str(o, "text", NULL) != NULL)
		check_add_here(
		    c, "text", "displayText and text can't both be specified");
}

static const char *const input_options[] = {
    "closeRichMenu", "openRichMenu", "openKeyboard", "openVoice", NULL};
static const char *const picker_modes[] = {"date", "time", "datetime", NULL};

static const struct rule postback_rules[] = {
    STR("data", REQ, POSTBACK_MAX),
    STR("displayText", GRAPH, 300),
    STR("text", GRAPH, 300),
    ONE_OF("inputOption", 0, input_options),
    STR("fillInText", GRAPH, 300),
    END,
};
static const struct rule message_rules[] = {
    STR("text", REQ | GRAPH, 300),
    END,
};
static const struct rule desktop_rules[] = {
    PLAIN(RULE_URI, "desktop", 0),
    END,
};
static const struct shape desktop[] = {
    {NULL, desktop_rules, NULL},
    {0},
};
static const struct rule uri_rules[] = {
    PLAIN(RULE_URI, "uri", REQ),
    OBJ("altUri", 0, desktop),
    END,
};
static const struct rule picker_rules[] = {
    STR("data", REQ, POSTBACK_MAX),
    ONE_OF("mode", REQ, picker_modes),
    STR("initial", 0, 16),
    STR("max", 0, 16),
    STR("min", 0, 16),
    END,
};
static const struct rule clipboard_rules[] = {
    STR("clipboardText", REQ, 1000),
    END,
};
static const struct rule switch_rules[] = {
    STR("richMenuAliasId", REQ, 32),
    STR("data", REQ, POSTBACK_MAX),
    END,
};
const struct rule check_no_rules[] = {
    END,
};

#define ACTIONS_ANYWHERE                                   \
	{"postback", postback_rules, extra_postback},      \
	    {"message", message_rules, check_label},       \
	    {"uri", uri_rules, check_label},               \
	    {"datetimepicker", picker_rules, check_label}, \
	{                                                  \
		"clipboard", clipboard_rules, check_label  \
	}

const struct shape check_actions[] = {
    ACTIONS_ANYWHERE,
    {"richmenuswitch", switch_rules, NULL},
    {0},
};
static const struct shape quick_actions[] = {
    ACTIONS_ANYWHERE,
    {"camera", check_no_rules, check_label},
    {"cameraRoll", check_no_rules, check_label},
    {"location", check_no_rules, check_label},
    {0},
};

/* What every message may have */

static void
extra_sender(struct check *c, const cJSON *o)
{
	if (strstr(json_str(o, "name", ""), "LINE") != NULL)
		check_add_here(c, "name",
		    "The name contains a word that may "
		    "not be used");
}

static const char *const quick_types[] = {"action", NULL};
static const struct rule quick_item_rules[] = {
    ONE_OF("type", 0, quick_types),
    URL("imageUrl", 0),
    ACTION("action", REQ, quick_actions, LABEL),
    END,
};
static const struct shape quick_item[] = {
    {NULL, quick_item_rules, NULL},
    {0},
};
static const struct rule quick_rules[] = {
    LIST("items", REQ, 1, 13, quick_item),
    END,
};
const struct shape check_quick[] = {
    {NULL, quick_rules, NULL},
    {0},
};
static const struct rule sender_rules[] = {
    STR("name", 0, 20),
    URL("iconUrl", 0),
    END,
};
const struct shape check_sender[] = {
    {NULL, sender_rules, extra_sender},
    {0},
};
