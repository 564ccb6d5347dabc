/*
 * How the tables of messages are written: check_actions.c, check_rules.c and
 * check_flex.c share these.
 */
#ifndef MADOSIM_CHECK_RULES_H
#define MADOSIM_CHECK_RULES_H

#include "check.h"

enum {
	TEXT_MAX = 5000,
	ALT_MAX = 1500,
	URL_MAX = 2000,
	POSTBACK_MAX = 300,
	EMOJI_MAX = 20,
	LABEL = 20,
	LABEL_IMAGE = 12,
	LABEL_FLEX = 40
};

#define REQ   RULE_REQUIRED
#define GRAPH RULE_GRAPHEMES
#define END                  \
	{                    \
		.name = NULL \
	}
#define STR(name_, flags_, max_)                                              \
	{                                                                     \
		.name = name_, .kind = RULE_STR, .flags = flags_, .max = max_ \
	}
#define URL(name_, flags_)                                        \
	{                                                         \
		.name = name_, .kind = RULE_URL, .flags = flags_, \
		.max = URL_MAX                                    \
	}
#define PLAIN(kind_, name_, flags_)                           \
	{                                                     \
		.name = name_, .kind = kind_, .flags = flags_ \
	}
#define OBJ(name_, flags_, shapes_)                               \
	{                                                         \
		.name = name_, .kind = RULE_OBJ, .flags = flags_, \
		.shapes = shapes_                                 \
	}
#define LIST(name_, flags_, min_, max_, shapes_)                   \
	{                                                          \
		.name = name_, .kind = RULE_LIST, .flags = flags_, \
		.min = min_, .max = max_, .shapes = shapes_        \
	}
#define ONE_OF(name_, flags_, values_)                             \
	{                                                          \
		.name = name_, .kind = RULE_ENUM, .flags = flags_, \
		.values = values_                                  \
	}
#define ACTION(name_, flags_, shapes_, label_)                    \
	{                                                         \
		.name = name_, .kind = RULE_OBJ, .flags = flags_, \
		.shapes = shapes_, .label = label_                \
	}
#define ACTIONS(name_, min_, max_, label_)                                   \
	{                                                                    \
		.name = name_, .kind = RULE_LIST, .flags = REQ, .min = min_, \
		.max = max_, .shapes = check_actions, .label = label_        \
	}

/* Every message may have these. */
#define COMMON OBJ("quickReply", 0, check_quick), OBJ("sender", 0, check_sender)

extern const struct shape check_actions[], check_quick[], check_sender[];
extern const struct rule check_flex_rules[], check_no_rules[];

#endif
