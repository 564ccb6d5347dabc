/*
 * The table of options and the help text made from it. Called by main.c
 * only.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <mado/mem.h>

#include "opts.h"

enum kind { TEXT, NUMBER, SPAN, SPEED, FAULT, FLAG, SWITCH };
enum { REDELIVERY_ON = 12, MS_DAY = 24 * 3600 * 1000 };

#define AT(member) offsetof(struct opts, member)

static const struct opt {
	const char *name;
	const char *arg;
	enum kind kind;
	size_t off;
	int64_t min, max;
	const char *help;
} table[] = {
    {"--listen", "ADDR", TEXT, AT(listen), 0, 0,
	"host:port to serve LINE's API on; port 0 picks one"},
    {"--webhook", "URL", TEXT, AT(webhook), 0, 0,
	"where events go; without it they wait for LINE's \"set webhook "
	"endpoint\""},
    {"--channel-secret", "S", TEXT, AT(secret), 0, 0, "signs the webhooks"},
    {"--token", "T", TEXT, AT(token), 0, 0,
	"the channel access token that the API asks for"},
    {"--channel-id", "ID", TEXT, AT(channel), 0, 0,
	"for stateless tokens, with the secret (1234567890)"},
    {"--token-life", "SPAN", SPAN, AT(token_life_ms), 1000, MS_DAY,
	"of a stateless token (15m)"},
    {"--script", "FILE", TEXT, AT(script), 0, 0, "customers and what they do"},
    {"--seed", "N", NUMBER, AT(seed), 0, INT64_MAX,
	"of faults, pauses and choices (1)"},
    {"--fault", "KIND:RATE[:NAME] ..", FAULT, 0, 0, 0,
	"a fault, on one endpoint when NAME is there; may be repeated"},
    {"--slow", "SPAN", SPAN, AT(slow_ms), 0, MS_DAY,
	"how long the fault \"slow\" waits (3s)"},
    {"--quota", "N", NUMBER, AT(quota), -1, INT64_MAX,
	"messages a month, -1 for no limit (5000)"},
    {"--quota-used", "N", NUMBER, AT(quota_used), 0, INT64_MAX,
	"of which so many are gone (0)"},
    {"--redelivery", "on|off|N", SWITCH, AT(redelivery), 0, 1000,
	"repeat webhooks that were not taken, N times (on: 12)"},
    {"--redelivery-pause", "SPAN", SPAN, AT(redelivery_pause_ms), 1, MS_DAY,
	"before the first repeat; doubles up to a minute (1s)"},
    {"--webhook-timeout", "SPAN", SPAN, AT(webhook_timeout_ms), 1, MS_DAY,
	"an answer to a webhook must come in (2s)"},
    {"--reply-token-life", "SPAN", SPAN, AT(reply_life_ms), 1, MS_DAY,
	"of a reply token (60s)"},
    {"--prepare", "SPAN", SPAN, AT(prepare_ms), 0, MS_DAY,
	"video and audio of a minute or more answer 202 first (3s)"},
    {"--person-after", "SPAN", SPAN, AT(person_ms), 0, MS_DAY,
	"sooner answers count as a bot's in \"wait person\" (3s)"},
    {"--pack", "N", NUMBER, AT(pack), 1, 100,
	"most events in one webhook body (4)"},
    {"--speed", "X", SPEED, AT(speed), 0, 0,
	"the script's pauses are divided by it (1)"},
    {"--date-ahead", "SPAN", SPAN, AT(date_ahead_ms), 0, MS_DAY,
	"the clock that answers show is ahead of the machine's (0)"},
    {"--webhook-off", NULL, FLAG, AT(webhook_off), 0, 0,
	"\"Use webhook\" is switched off in the console"},
    {"--chat-mode", NULL, FLAG, AT(chat_mode), 0, 0,
	"say that chat is on in OA Manager"},
    {"--media-http", NULL, FLAG, AT(media_http), 0, 0,
	"take http:// addresses of pictures on this machine, too"},
    {"--verbose", NULL, FLAG, AT(verbose), 0, 0, "log every request"},
};
enum { TABLE_N = sizeof(table) / sizeof(table[0]) };

void
opts_init(struct opts *o)
{
	*o = (struct opts){.seed = 1,
	    .quota = 5000,
	    .redelivery = REDELIVERY_ON,
	    .redelivery_pause_ms = 1000,
	    .webhook_timeout_ms = 2000,
	    .reply_life_ms = 60 * 1000,
	    .slow_ms = 3000,
	    .prepare_ms = 3000,
	    .person_ms = 3000,
	    .pack = 4,
	    .token_life_ms = 15 * 60 * 1000,
	    .channel = x_strdup("1234567890"),
	    .speed = 1};
}

void
opts_free(struct opts *o)
{
	size_t i;

	for (i = 0; i < TABLE_N; i++)
		if (table[i].kind == TEXT)
			x_free(*(char **)((char *)o + table[i].off));
}

static int
take_number(const struct opt *t, const char *value, int64_t *at, struct err *e)
{
	char *end;

	errno = 0;
	*at = strtoll(value, &end, 10);
	if (errno != 0 || end == value || *end != '\0' || *at < t->min ||
	    *at > t->max)
		return err_set(e, ERR_INVALID,
		    "%s %s: not a number that is allowed", t->name, value);
	return 0;
}

static int
take_span(const struct opt *t, const char *value, int64_t *at, struct err *e)
{
	struct span span;

	if (script_span(value, &span, e) != 0)
		return err_prefix(e, "%s", t->name);
	if (span.min_ms != span.max_ms || span.min_ms < t->min ||
	    span.min_ms > t->max)
		return err_set(
		    e, ERR_INVALID, "%s %s: out of bounds", t->name, value);
	*at = span.min_ms;
	return 0;
}

static int
take_speed(const struct opt *t, const char *value, double *at, struct err *e)
{
	char *end;

	*at = strtod(value, &end);
	if (end == value || *end != '\0' || !(*at >= 0.001 && *at <= 100000))
		return err_set(e, ERR_INVALID,
		    "%s %s: a number from 0.001 to 100000", t->name, value);
	return 0;
}

static int
take(struct opts *o, struct faults *f, const struct opt *t, const char *value,
    struct err *e)
{
	void *at = (char *)o + t->off;

	switch (t->kind) {
	case TEXT:
		x_free(*(char **)at);
		*(char **)at = x_strdup(value);
		return 0;
	case SWITCH:
		if (strcmp(value, "on") == 0 || strcmp(value, "off") == 0) {
			*(int64_t *)at = value[1] == 'n' ? REDELIVERY_ON : 0;
			return 0;
		}
		return take_number(t, value, at, e);
	case NUMBER:
		return take_number(t, value, at, e);
	case SPAN:
		return take_span(t, value, at, e);
	case SPEED:
		return take_speed(t, value, at, e);
	case FAULT:
		return fault_parse(f, value, e);
	case FLAG:
		*(bool *)at = true;
		return 0;
	}
	return 0;
}

static const struct opt *
find(const char *arg, size_t n)
{
	size_t i;

	for (i = 0; i < TABLE_N; i++)
		if (strlen(table[i].name) == n &&
		    strncmp(table[i].name, arg, n) == 0)
			return &table[i];
	return NULL;
}

/* One option with its value (as "--x V" or "--x=V"); moves *argv on. */
static int
parse_one(struct opts *o, struct faults *f, char ***argv, struct err *e)
{
	const char *arg = *(*argv)++, *value = strchr(arg, '=');
	size_t n = value != NULL ? (size_t)(value - arg) : strlen(arg);
	const struct opt *t = find(arg, n);

	if (t == NULL)
		return err_set(e, ERR_INVALID, "unknown option %s", arg);
	if (t->kind == FLAG)
		return take(o, f, t, "", e);
	value = value != NULL ? value + 1 : **argv;
	if (value == NULL)
		return err_set(e, ERR_INVALID, "%s needs %s", t->name, t->arg);
	if (arg[n] == '\0')
		(*argv)++;
	if (take(o, f, t, value, e) != 0)
		return -1;
	while (t->kind == FAULT && **argv != NULL && ***argv != '-')
		if (take(o, f, t, *(*argv)++, e) != 0) /* several may follow */
			return -1;
	return 0;
}

static int
check_needed(const struct opts *o, struct err *e)
{
	if (o->listen == NULL)
		return err_set(e, ERR_INVALID, "--listen is missing");
	if (o->secret == NULL)
		return err_set(e, ERR_INVALID, "--channel-secret is missing");
	if (o->token == NULL)
		return err_set(e, ERR_INVALID, "--token is missing");
	if (o->webhook != NULL && strncmp(o->webhook, "http://", 7) != 0 &&
	    strncmp(o->webhook, "https://", 8) != 0)
		return err_set(e, ERR_INVALID,
		    "--webhook %s: an http:// or https:// address", o->webhook);
	return 0;
}

/* --seed counts for faults that stand before it, too. */
static int
parse_seed(struct opts *o, struct faults *f, char **argv, struct err *e)
{
	const struct opt *seed = find("--seed", 6);
	const char *value = NULL;

	for (; *argv != NULL; argv++) {
		if (strcmp(*argv, "--seed") == 0)
			value = argv[1];
		else if (strncmp(*argv, "--seed=", 7) == 0)
			value = *argv + 7;
	}
	if (value != NULL && take(o, f, seed, value, e) != 0)
		return -1;
	faults_init(f, (uint64_t)o->seed);
	return 0;
}

enum opts_verdict
opts_parse(struct opts *o, struct faults *f, char **argv, struct err *e)
{
	char **at;

	for (at = argv; *at != NULL; at++) {
		if (strcmp(*at, "--help") == 0)
			return OPTS_HELP;
		if (strcmp(*at, "--version") == 0)
			return OPTS_VERSION;
	}
	if (parse_seed(o, f, argv, e) != 0)
		return OPTS_BAD;
	while (*argv != NULL)
		if (parse_one(o, f, &argv, e) != 0)
			return OPTS_BAD;
	return check_needed(o, e) == 0 ? OPTS_RUN : OPTS_BAD;
}

static const char *const control_help[] = {
    "GET  /sim/state          what customers received, counts, errors",
    "     ?user=NAME          of one customer only",
    "GET  /sim/events         every webhook event and its fate",
    "POST /sim/say            {\"user\":\"hanako\",\"text\":\"..\"}; or, for text,",
    "                         sticker, image, images, video, audio, file,",
    "                         location, postback (arguments as in the",
    "                         script), event or message (an object);",
    "                         \"group\":NAME: said there; \"quote\":ID",
    "POST /sim/tap            {user, label}: a button or quick reply, #2",
    "                         by number, any without label; with menu true",
    "                         an area of the rich menu",
    "POST /sim/unsend         {user, messageId}: the last one without id",
    "POST /sim/edit           {user, messageId, text}",
    "POST /sim/follow         {user}",
    "POST /sim/unfollow       {user}",
    "POST /sim/join           {group, kind}: the account joins it",
    "GET  /sim/fault          what is set",
    "POST /sim/fault          {kind, rate, count, on}; kind none ends all",
    "POST /sim/quota          {limit, used}",
    "POST /sim/account        {chat, webhook}: what the console switches",
};

void
opts_help(FILE *out)
{
	size_t i;
	char left[40];

	fprintf(out,
	    "usage: madosim --listen ADDR --channel-secret S --token T "
	    "[--webhook URL]\n"
	    "               [--script FILE] [option ...]\n"
	    "A stand-in for the LINE Platform. See madosim(1).\n\n");
	for (i = 0; i < TABLE_N; i++) {
		snprintf(left, sizeof(left), "%s %s", table[i].name,
		    table[i].arg != NULL ? table[i].arg : "");
		fprintf(out, "  %-26s %s\n", left, table[i].help);
	}
	fprintf(out, "  %-26s %s\n  %-26s %s\n\nFaults:\n", "--help",
	    "this text", "--version", "the version");
#define X(id, name, help) fprintf(out, "  %-26s %s\n", name, help);
	FAULT_KINDS(X)
#undef X
	fprintf(out, "\nControl (JSON):\n");
	for (i = 0; i < sizeof(control_help) / sizeof(control_help[0]); i++)
		fprintf(out, "  %s\n", control_help[i]);
}
