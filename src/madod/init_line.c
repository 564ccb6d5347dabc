/*
 * What madod init asks of LINE, and the one thing it sets there, the webhook
 * endpoint. Called by init.c.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <mado/json.h>
#include <mado/text.h>
#include <mado/when.h>
#include <mado/mem.h>

#include "health.h"
#include "init.h"

static char line_api[] = "https://api.line.me",
	    line_data[] = "https://api-data.line.me";

enum {
	CLOCK_MAX_MS = 60 * 1000,
	COST_DAYS = 30,
	JAPAN_S = 9 * 3600,
	NAME_COLS = 40
};

/* Words for a token or secret that LINE does not take. */
static int
refused(const struct init *in, struct err *e)
{
	if (e->code == ERR_AUTH && in->channel_id != NULL)
		return err_prefix(e,
		    "channel id and secret are not of one channel: copy both "
		    "from the same page of LINE Developers Console");
	if (e->code == ERR_AUTH)
		return err_prefix(e,
		    "the token is wrong, or another was issued since: copy it "
		    "from LINE Developers Console, Messaging API");
	return -1;
}

static int
check_clock(const struct init *in, struct err *e)
{
	int64_t off = line_setup_clock_ms(in->setup);

	if (off > -CLOCK_MAX_MS && off < CLOCK_MAX_MS)
		return 0;
	return err_set(e, ERR_FAILED,
	    "this machine's clock is %lld s %s LINE's: set it (timedatectl "
	    "set-ntp true), then try again",
	    (long long)((off < 0 ? -off : off) / 1000),
	    off > 0 ? "behind" : "ahead of");
}

static int
check_plan(struct init *in, struct err *e)
{
	cJSON *limit = NULL, *used = NULL;
	int rv;

	rv = line_setup_call(
	    in->setup, "GET", "/v2/bot/message/quota", NULL, &limit, e);
	if (rv == 0)
		rv = line_setup_call(in->setup, "GET",
		    "/v2/bot/message/quota/consumption", NULL, &used, e);
	if (rv == 0 && strcmp(json_str(limit, "type", ""), "none") == 0)
		printf("ok   plan: no limit, %lld used this month\n",
		    (long long)json_int(used, "totalUsage", 0));
	else if (rv == 0)
		printf("ok   plan: %lld messages a month, %lld used\n",
		    (long long)json_int(limit, "value", 0),
		    (long long)json_int(used, "totalUsage", 0));
	cJSON_Delete(limit);
	cJSON_Delete(used);
	return rv;
}

int
init_line_check(struct init *in, struct err *e)
{
	struct buf name = {0};
	cJSON *o = NULL;

	in->line = (struct config_line){.name = in->channel,
	    .channel_id = in->channel_id,
	    .secret = in->secret,
	    .token = in->token,
	    .api_base = in->api_base != NULL ? in->api_base : line_api,
	    .data_base = in->data_base != NULL ? in->data_base : line_data};
	in->setup = line_setup_new(&in->line);
	if (line_setup_call(in->setup, "GET", "/v2/bot/info", NULL, &o, e) ==
	    -1)
		return refused(in, e);
	in->basic_id = x_strdup(json_str(o, "basicId", "?"));
	in->bot_id = x_strdup(json_str(o, "userId", ""));
	text_fit(&name, json_str(o, "displayName", "?"), NAME_COLS, "", false);
	printf("ok   account: %s (%s)\n", name.p, in->basic_id);
	buf_free(&name);
	cJSON_Delete(o);
	return check_clock(in, e) == -1 ? -1 : check_plan(in, e);
}

/* LINE's own test of the endpoint, and what to do about its reason. */
static int
test_said(const struct init *in, const cJSON *o, struct err *e)
{
	static const struct {
		const char *reason;
		int status;
		const char *what;
	} rows[] = {
	    {"COULD_NOT_CONNECT", 0,
		"open its port to the internet and see that DNS leads here"},
	    {"REQUEST_TIMEOUT", 0,
		"something takes connections and does not "
		"answer: is madod behind it running?"},
	    {"ERROR_STATUS_CODE", 401,
		"the channel secret is another channel's than the token: copy "
		"both from the same page"},
	    {"ERROR_STATUS_CODE", 404,
		"something else than this madod answers there"},
	    {"ERROR_STATUS_CODE", 502,
		"the proxy works, and madod behind it does not: start it"},
	    {"ERROR_STATUS_CODE", 503, "madod cannot store now: see its log"},
	    {"UNCLASSIFIED", 0,
		"its certificate may be expired or not of a public authority"},
	};
	const char *reason = json_str(o, "reason", "?");
	int status = (int)json_int(o, "statusCode", 0);
	size_t i;

	if (json_bool(o, "success", false))
		return 0;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].reason, reason) == 0 &&
		    (rows[i].status == 0 || rows[i].status == status))
			break;
	return err_set(e, ERR_FAILED,
	    "LINE's test of %s failed (%s %s)%s%s; the endpoint at LINE is as "
	    "it was",
	    in->endpoint, reason, json_str(o, "detail", ""),
	    i < sizeof(rows) / sizeof(rows[0]) ? ": " : "",
	    i < sizeof(rows) / sizeof(rows[0]) ? rows[i].what : "");
}

int
init_line_endpoint(struct init *in, struct err *e)
{
	cJSON *body = cJSON_CreateObject(), *said = NULL;
	int rv;

	cJSON_AddStringToObject(body, "endpoint", in->endpoint);
	rv = line_setup_call(
	    in->setup, "POST", "/v2/bot/channel/webhook/test", body, &said, e);
	if (rv == 0)
		rv = test_said(in, said, e);
	if (rv == 0)
		rv = line_setup_call(in->setup, "PUT",
		    "/v2/bot/channel/webhook/endpoint", body, NULL, e);
	if (rv == 0)
		printf("ok   webhook: LINE's test reached %s, which it now "
		       "uses\n",
		    in->endpoint);
	cJSON_Delete(said);
	cJSON_Delete(body);
	return rv;
}

static void
click(bool done, const char *what, const char *where, const char *saw)
{
	printf("%s %s\n       at %s\n       seen: %s\n", done ? " [x]" : " [ ]",
	    what, where, saw);
}

void
init_line_clicks(struct init *in)
{
	char *console = in->channel_id != NULL
	    ? x_sprintf("https://developers.line.biz/console/channel/%s/"
			"messaging-api",
		  in->channel_id)
	    : x_strdup("https://developers.line.biz/console/, your channel, "
		       "Messaging API");
	char *manager =
	    x_sprintf("https://manager.line.biz/account/%s/setting/response",
		in->basic_id);
	const struct config desk = {.state_dir = in->state_dir};
	bool on, chat, again = health_stamped_ms(&desk, "redelivered") != 0;
	struct err e = {0};
	cJSON *hook = NULL, *bot = NULL;

	line_setup_call(in->setup, "GET", "/v2/bot/channel/webhook/endpoint",
	    NULL, &hook, &e);
	line_setup_call(in->setup, "GET", "/v2/bot/info", NULL, &bot, &e);
	on = json_bool(hook, "active", false);
	chat = strcmp(json_str(bot, "chatMode", ""), "chat") == 0;
	puts("Only you can click these:");
	click(on, "\"Use webhook\" on", console,
	    on ? "on" : "off: no message comes before it is on");
	click(again, "\"Webhook redelivery\" on", console,
	    again ? "on: LINE has sent a webhook again"
		  : "LINE does not tell; madod knows repeats, so it is safe");
	click(!chat, "Chat off", manager,
	    chat ? "on: what is typed there is invisible here" : "off");
	click(false, "Greeting and auto-response messages off", manager,
	    "LINE does not tell; both would answer beside you");
	cJSON_Delete(hook);
	cJSON_Delete(bot);
	x_free(console);
	x_free(manager);
}

/* Messages of that kind that LINE counted on one day (of Japan). */
static int64_t
count_day(struct init *in, const char *kind, time_t day)
{
	char date[16], *path;
	struct err e = {0};
	cJSON *o = NULL;
	struct tm tm;
	int64_t n;

	day += JAPAN_S;
	gmtime_r(&day, &tm);
	strftime(date, sizeof(date), "%Y%m%d", &tm);
	path = x_sprintf("/v2/bot/message/delivery/%s?date=%s", kind, date);
	line_setup_call(in->setup, "GET", path, NULL, &o, &e);
	n = json_int(o, "success", 0);
	cJSON_Delete(o);
	x_free(path);
	return n;
}

void
init_line_cost(struct init *in)
{
	time_t now = (time_t)(when_now_ms() / 1000);
	long long replies = 0, pushes = 0;
	int i;

	for (i = 1; i <= COST_DAYS; i++) {
		replies += count_day(in, "reply", now - (time_t)i * 86400);
		pushes += count_day(in, "push", now - (time_t)i * 86400);
	}
	printf("Cost: an answer within about a minute is a reply and free; "
	       "later ones are pushes\nand count against the plan. ");
	if (replies + pushes > 0)
		printf("The last %d days: %lld replies, free, and %lld "
		       "pushes;\nall as pushes they would have been %lld. ",
		    COST_DAYS, replies, pushes, replies + pushes);
	printf("push = %s%s\n", in->push,
	    strcmp(in->push, "allow") == 0
		? ": each goes at once. To decide\neach, say --push ask; to "
		  "spend nothing, --push hold (they go with the\ncustomer's "
		  "next message)."
		: strcmp(in->push, "ask") == 0
		? ": an agent decides each (mado retry)."
		: ": they wait for the customer's next message.");
}
