/*
 * The keys of rules.conf, a row each: what reads the value, into what, and what
 * the manual says. It grows by rows.
 */
#include <stddef.h>

#include "rules_read.h"

#define DAY_MS INT64_C(86400000)

static const char *const yes_no[] = {"no", "yes", NULL};
static const char *const ons[] = {[ON_MESSAGE] = "message",
    [ON_OPENED] = "opened",
    [ON_FOLLOW] = "follow",
    NULL};
static const char *const whens[] = {
    [WHEN_ANY] = "any", [WHEN_OPEN] = "open", [WHEN_CLOSED] = "closed", NULL};
static const char *const onces[] = {[ONCE_NEVER] = "no",
    [ONCE_DAY] = "day",
    [ONCE_CONVERSATION] = "conversation",
    [ONCE_CUSTOMER] = "customer",
    NULL};
static const char *const kind_names[] = {[KIND_TEXT] = "text",
    [KIND_NUMBER] = "number",
    [KIND_EMAIL] = "email",
    [KIND_PHONE] = "phone",
    [KIND_DATE] = "date",
    NULL};
static const char *const tag_ons[] = {[TAG_NO] = "no",
    [TAG_CONVERSATION] = "conversation",
    [TAG_CONTACT] = "contact",
    NULL};
static const char *const languages[] = {"ja", "en", NULL};
static const char *const groups[] = {"mentioned", "always", NULL};

#define MINUTE_MS        INT64_C(60000)
#define DAY_MS           INT64_C(86400000)

/* section, key, what it takes, reader, slot: */
#define BOT(f)           offsetof(struct rules, bot.f)
#define ROOT(f)          offsetof(struct rules, f)
#define RULE(f)          offsetof(struct rule, f)
#define FORM(f)          offsetof(struct rules_form, f)
#define ASK(f)           offsetof(struct rules_question, f)
#define MENU(f)          offsetof(struct rules_menu, f)
#define WEEK(i)          offsetof(struct rules, hours.week[i])
#define PLAIN            NULL, 0, 0, false
#define AGAIN            NULL, 0, 0, true
#define ONE_OF(names)    names, 0, 0, false
#define WITHIN(min, max) NULL, min, max, false

/* clang-format off */
const struct rules_key rules_keys[] = {
    {"bot", "no_match", "TEXT", rules_value_text, BOT(no_match), PLAIN,
	"said before a message that no rule and no FAQ knows is handed over"},
    {"bot", "offer", "TEXT", rules_value_text, BOT(offer), PLAIN,
	"said above the FAQs to choose from; unless given in the customer's "
	"language"},
    {"bot", "person", "LABEL", rules_value_label, BOT(person), PLAIN,
	"the button beside them that asks for a person"},
    {"bot", "max_per_hour", "NUMBER", rules_value_number,
	BOT(max_per_hour), WITHIN(1, 1000),
	"so many automatic messages in a conversation and hour, then people; "
	"30 unless given"},
    {"bot", "menu_timeout", "SPAN", rules_value_span, BOT(menu_ms),
	WITHIN(1000, 7 * DAY_MS), "so long the items of a menu count; 30m unless given"},
    {"bot", "auto_after_resolve", "no|yes", rules_value_choice,
	BOT(auto_after_resolve), ONE_OF(yes_no),
	"a resolved conversation that the customer reopens is the bot's again"},
    {"bot", "auto_after", "SPAN", rules_value_span, BOT(auto_after_ms),
	WITHIN(1000, 365 * DAY_MS),
	"so long after people answered, with silence since and no follow-up, "
	"the bot is back"},
    {"bot", "groups", "mentioned|always", rules_value_choice, BOT(groups),
	ONE_OF(groups),
	"in groups FAQs answer who mentions the account, or everybody; rules "
	"always do"},
    {"bot", "language", "ja|en", rules_value_choice, BOT(language), ONE_OF(languages),
	"of what variables say"},
    {"rule", "exact", "WORDS", rules_value_words, RULE(exact), AGAIN,
	"the customer's whole message is one of these"},
    {"rule", "contains", "WORDS", rules_value_words, RULE(contains), AGAIN,
	"one of these is somewhere in the message"},
    {"rule", "postback", "WORDS", rules_value_list, RULE(postback), AGAIN,
	"the data of a tapped button or rich menu is one of these"},
    {"rule", "on", "message|opened|follow", rules_value_choice, RULE(on),
	ONE_OF(ons), "what happens: any message, one that opens a "
	"conversation, or somebody adds the account"},
    {"rule", "when", "any|open|closed", rules_value_choice, RULE(when),
	ONE_OF(whens), "only within the hours, or only outside"},
    {"rule", "from", "DATE", rules_value_date, RULE(from), PLAIN,
	"only from that day on"},
    {"rule", "until", "DATE", rules_value_date, RULE(until), PLAIN,
	"only up to the end of that day"},
    {"rule", "once", "no|day|conversation|customer", rules_value_choice, RULE(once),
	ONE_OF(onces), "it acts once a day, a conversation, a customer"},
    {"rule", "channel", "NAMES", rules_value_list, RULE(channel), AGAIN,
	"only on these channels"},
    {"rule", "answer", "TEXT", rules_value_text, RULE(does.answer), PLAIN,
	"what the bot says; the conversation stays with the bot"},
    {"rule", "quick", "WORDS", rules_value_quick, RULE(does.quick), AGAIN,
	"buttons under the answer; tapping one sends its words"},
    {"rule", "menu", "NAME", rules_value_menu_name, RULE(does.menu), PLAIN,
	"show that menu"},
    {"rule", "form", "NAME", rules_value_form_name, RULE(does.form), PLAIN,
	"begin that questionnaire"},
    {"rule", "tag", "TAGS", rules_value_tags, RULE(does.tags), AGAIN,
	"tags to add; @tag is the contact's"},
    {"rule", "handoff", "yes|no|REASON", rules_value_handoff, RULE(does.handoff),
	PLAIN, "hand over to people; an answer beside it is said first"},
    {"rule", "continue", "no|yes", rules_value_choice, RULE(goes_on),
	ONE_OF(yes_no), "the rules below it are tried, too"},
    {"menu", "text", "TEXT", rules_value_text, MENU(text), PLAIN,
	"said above the items"},
    {"menu", "item", "LABEL [> TARGET]", rules_value_item, 0, AGAIN,
	"a button, and where it leads"},
    {"form", "cancel", "WORDS", rules_value_words, FORM(cancel), AGAIN,
	"whoever answers with one of these is asked no more"},
    {"form", "cancel_answer", "TEXT", rules_value_text, FORM(cancel_answer), PLAIN,
	"and is told this"},
    {"form", "timeout", "SPAN", rules_value_span, FORM(timeout_ms),
	WITHIN(1000, 7 * DAY_MS), "a question waits so long; 30m unless given"},
    {"form", "timeout_answer", "TEXT", rules_value_text, FORM(timeout_answer), PLAIN,
	"said then; a push, which counts"},
    {"form", "timeout_handoff", "yes|no|REASON", rules_value_handoff,
	FORM(timeout_handoff), PLAIN, "hand over to people then"},
    {"form", "answer", "TEXT", rules_value_text, FORM(does.answer), PLAIN,
	"said when all is answered"},
    {"form", "quick", "WORDS", rules_value_quick, FORM(does.quick), AGAIN,
	"buttons under it"},
    {"form", "menu", "NAME", rules_value_menu_name, FORM(does.menu), PLAIN,
	"show that menu then"},
    {"form", "tag", "TAGS", rules_value_tags, FORM(does.tags), AGAIN,
	"tags to add then; @tag is the contact's"},
    {"form", "handoff", "yes|no|REASON", rules_value_handoff, FORM(does.handoff),
	PLAIN, "hand over to people then"},
    {"question", "text", "TEXT", rules_value_text, ASK(text), PLAIN,
	"the question"},
    {"question", "quick", "WORDS", rules_value_quick, ASK(quick), AGAIN,
	"answers to tap"},
    {"question", "only", "no|yes", rules_value_choice, ASK(only), ONE_OF(yes_no),
	"no other answer than those will do"},
    {"question", "kind", "text|number|email|phone|date", rules_value_choice,
	ASK(kind), ONE_OF(kind_names), "what an answer has to look like"},
    {"question", "invalid", "TEXT", rules_value_text, ASK(invalid), PLAIN,
	"said to one that will not do, before it is asked again"},
    {"question", "field", "NAME", rules_value_label, ASK(field), PLAIN,
	"the answer becomes this field of the contact"},
    {"question", "tag", "no|conversation|contact", rules_value_choice, ASK(tag),
	ONE_OF(tag_ons), "the answer becomes a tag"},
    {"question", "optional", "LABEL", rules_value_label, ASK(optional), PLAIN,
	"a button that leaves the question out"},
    {"hours", "daily", "HOURS", rules_value_days, 0, NULL, 0, 6, false,
	"of each day of the week"},
    {"hours", "weekdays", "HOURS", rules_value_days, 0, NULL, 1, 5, false,
	"of Monday to Friday"},
    {"hours", "mon", "HOURS", rules_value_day, WEEK(1), PLAIN, "of Mondays"},
    {"hours", "tue", "HOURS", rules_value_day, WEEK(2), PLAIN, "of Tuesdays"},
    {"hours", "wed", "HOURS", rules_value_day, WEEK(3), PLAIN, "of Wednesdays"},
    {"hours", "thu", "HOURS", rules_value_day, WEEK(4), PLAIN, "of Thursdays"},
    {"hours", "fri", "HOURS", rules_value_day, WEEK(5), PLAIN, "of Fridays"},
    {"hours", "sat", "HOURS", rules_value_day, WEEK(6), PLAIN, "of Saturdays"},
    {"hours", "sun", "HOURS", rules_value_day, WEEK(0), PLAIN, "of Sundays"},
    {"hours", "holiday", "HOURS", rules_value_day, ROOT(hours.holiday), PLAIN,
	"of public holidays, whatever day of the week"},
    {"hours", "holidays", "jp|none|FILE", rules_value_holidays, 0, PLAIN,
	"which days those are"},
    {"hours", "closed", "DAYS", rules_value_closed, 0, AGAIN,
	"own closing days: a date, or two with .. between"},
    {"hours", "open", "DAYS HOURS", rules_value_open, 0, AGAIN,
	"other hours on one day, or from one to another"},
    {"handoff", "open", "TEXT", rules_value_text, ROOT(handoff_open), PLAIN,
	"said once to whoever is handed over to people"},
    {"handoff", "closed", "TEXT", rules_value_text, ROOT(handoff_closed), PLAIN,
	"the same outside the hours"},
    {0},
};
/* clang-format on */
