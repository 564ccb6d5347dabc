/*
 * The fields of the filter language, one row each, and how each is read off a
 * conversation. Called by filter.c and filter_parse.c, and by the manual.
 */
#include <string.h>

#include "filter_priv.h"

static const char *const modes_also[] = {"自動", "手動", NULL};
static const char *const status_also[] = {
    "未完", "要対応", "後回し", "対応済み", NULL};
static const char *const froms_also[] = {
    "お客様", "ボット", "担当者", "システム", NULL};
static const char *const truths[] = {"no", "yes", NULL};
static const char *const truths_also[] = {"いいえ", "はい", NULL};

static const char *
get_assignee(const struct conv *c)
{
	return c->assignee;
}

static const char *
get_team(const struct conv *c)
{
	return c->team;
}

static const char *
get_channel(const struct conv *c)
{
	return c->channel;
}

static const char *
get_name(const struct conv *c)
{
	return c->contact == NULL ? NULL : c->contact->name;
}

static const char *
get_kind(const struct conv *c)
{
	return c->contact == NULL ? NULL : c->contact->kind;
}

static const char *
get_language(const struct conv *c)
{
	return c->contact == NULL ? NULL : c->contact->language;
}

static int64_t
get_mode(const struct conv *c, int64_t now_ms)
{
	(void)now_ms;
	return c->mode;
}

static int64_t
get_status(const struct conv *c, int64_t now_ms)
{
	(void)now_ms;
	return c->status;
}

static int64_t
get_last(const struct conv *c, int64_t now_ms)
{
	(void)now_ms;
	return c->last_message == NULL ? -1 : c->last_message->from;
}

static int64_t
get_pinned(const struct conv *c, int64_t now_ms)
{
	(void)now_ms;
	return c->pinned;
}

static int64_t
get_blocked(const struct conv *c, int64_t now_ms)
{
	(void)now_ms;
	return c->contact != NULL && c->contact->blocked;
}

static int64_t
get_unread(const struct conv *c, int64_t now_ms)
{
	(void)now_ms;
	return c->unread;
}

static int64_t
get_number(const struct conv *c, int64_t now_ms)
{
	(void)now_ms;
	return c->number;
}

static int64_t
get_problems(const struct conv *c, int64_t now_ms)
{
	(void)now_ms;
	return c->problems;
}

static int64_t
get_csat(const struct conv *c, int64_t now_ms)
{
	(void)now_ms;
	return c->csat == NULL || c->csat->score == 0 ? -1 : c->csat->score;
}

/* How long ago; never less than nothing, whatever the clocks say. */
static int64_t
since(int64_t at_ms, int64_t now_ms)
{
	if (at_ms == 0)
		return -1;
	return now_ms > at_ms ? now_ms - at_ms : 0;
}

static int64_t
until(int64_t at_ms, int64_t now_ms)
{
	return at_ms > now_ms ? at_ms - now_ms : -1;
}

static int64_t
get_waiting(const struct conv *c, int64_t now_ms)
{
	return since(c->waiting_since_ms, now_ms);
}

static int64_t
get_age(const struct conv *c, int64_t now_ms)
{
	return since(c->opened_ms, now_ms);
}

static int64_t
get_quiet(const struct conv *c, int64_t now_ms)
{
	return since(
	    c->last_message == NULL ? 0 : c->last_message->at_ms, now_ms);
}

static int64_t
get_resolved(const struct conv *c, int64_t now_ms)
{
	return since(c->resolved_ms, now_ms);
}

static int64_t
get_free(const struct conv *c, int64_t now_ms)
{
	return until(c->reply_free_until_ms, now_ms);
}

static int64_t
get_snoozed(const struct conv *c, int64_t now_ms)
{
	return until(c->snoozed_until_ms, now_ms);
}

/* clang-format off */
const struct filter_field filter_fields[] = {
	{"tag", "タグ", FILTER_TAGS, "TAG,..|none|any",
	    N_("a tag of the conversation or of the contact; @TAG: of the contact only"),
	    NULL, NULL, false, false, NULL, NULL},
	{"assignee", "担当", FILTER_STR, "AGENT,..|me|none|any",
	    N_("who has it"), NULL, NULL, false, false, get_assignee, NULL},
	{"mode", "モード", FILTER_ENUM, "auto|manual",
	    N_("with the bot or with people"),
	    mode_names, modes_also, false, false, NULL, get_mode},
	{"status", "状態", FILTER_ENUM, "open|follow_up|snoozed|resolved",
	    N_("what is done with it; resolved ones are looked at only when this field is named"),
	    status_names, status_also, false, false, NULL, get_status},
	{"waiting", "待ち", FILTER_SPAN, "SPAN|none|any",
	    N_("how long the customer has been waiting"),
	    NULL, NULL, false, false, NULL, get_waiting},
	{"quiet", "無音", FILTER_SPAN, "SPAN|none|any",
	    N_("how long nobody has said anything"),
	    NULL, NULL, false, false, NULL, get_quiet},
	{"age", "経過", FILTER_SPAN, "SPAN",
	    N_("how long ago it was opened"),
	    NULL, NULL, false, false, NULL, get_age},
	{"resolved", "解決", FILTER_SPAN, "SPAN|none|any",
	    N_("how long ago it was resolved"),
	    NULL, NULL, false, false, NULL, get_resolved},
	{"free", "無料", FILTER_SPAN, "SPAN|none|any",
	    N_("how long an answer still costs nothing"),
	    NULL, NULL, false, true, NULL, get_free},
	{"snooze", "後回し", FILTER_SPAN, "SPAN|none|any",
	    N_("how long it still sleeps"),
	    NULL, NULL, false, true, NULL, get_snoozed},
	{"unread", "未読", FILTER_INT, "NUMBER",
	    N_("messages of the customer that nobody has looked at"),
	    NULL, NULL, false, false, NULL, get_unread},
	{"csat", "評価", FILTER_INT, "1-5|none|any",
	    N_("the customer's answer to the survey"),
	    NULL, NULL, false, false, NULL, get_csat},
	{"problems", "問題", FILTER_INT, "NUMBER",
	    N_("sends that failed or wait for a decision"),
	    NULL, NULL, false, false, NULL, get_problems},
	{"number", "番号", FILTER_INT, "NUMBER",
	    N_("the conversation's number"),
	    NULL, NULL, false, false, NULL, get_number},
	{"name", "名前", FILTER_TEXT, "TEXT",
	    N_("a part of the contact's name"),
	    NULL, NULL, false, false, get_name, NULL},
	{"channel", "チャンネル", FILTER_STR, "CHANNEL,..",
	    N_("the Official Account's name in madod.conf"),
	    NULL, NULL, false, false, get_channel, NULL},
	{"team", "チーム", FILTER_STR, "TEAM,..|none|any",
	    N_("whose queue it is in"),
	    NULL, NULL, false, false, get_team, NULL},
	{"kind", "種類", FILTER_STR, "user|group|room",
	    N_("one person, a group or a room"),
	    NULL, NULL, false, false, get_kind, NULL},
	{"language", "言語", FILTER_STR, "CODE,..|none|any",
	    N_("the language of the contact's LINE"),
	    NULL, NULL, false, false, get_language, NULL},
	{"last", "最後", FILTER_ENUM, "customer|bot|agent|system",
	    N_("who spoke last"),
	    from_names, froms_also, false, false, NULL, get_last},
	{"pinned", "ピン", FILTER_ENUM, "yes|no",
	    N_("kept at the top; alone: yes"),
	    truths, truths_also, true, false, NULL, get_pinned},
	{"blocked", "ブロック", FILTER_ENUM, "yes|no",
	    N_("the contact has blocked the account; alone: yes"),
	    truths, truths_also, true, false, NULL, get_blocked},
	{NULL, NULL, FILTER_STR, NULL, NULL, NULL, NULL, false, false, NULL, NULL}
};
/* clang-format on */

const struct filter_field *
filter_field_find(const char *name)
{
	for (const struct filter_field *f = filter_fields; f->name != NULL; f++)
		if (strcmp(f->name, name) == 0 || strcmp(f->also, name) == 0)
			return f;
	return NULL;
}
