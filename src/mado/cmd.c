/*
 * The table of all that a user can do. One row a command; who runs it stands
 * in its columns. Read by main, by the inbox and by the manual.
 */
#include <string.h>

#include "cli.h"
#include "cmd.h"
#include "i18n.h"

enum { NAME_MAX_B = 32, NEAR_MAX = 2 };

#define ACT (CMD_CLI | CMD_UI | CMD_VERB)

/* clang-format off */
const struct cmd cmds[] = {
	{"login", "URL --user NAME [--password-stdin | --token-stdin] [--pin sha256//...]",
	    N_("sign in at a desk; unix:PATH needs no password"),
	    CMD_CLI | CMD_NO_DESK, cmd_login, NULL},
	{"logout", "[--yes]",
	    N_("sign out, delete the local store and its key"),
	    CMD_CLI, cmd_logout, NULL},
	{"whoami", "", N_("who is signed in, and where"),
	    CMD_CLI, cmd_whoami, NULL},
	{"passwd", "", N_("change your password"), CMD_CLI, cmd_passwd, NULL},
	{"ls", "[--view VIEW] [--tag T] [--assignee A] [--query WORDS] [--limit N] [-q] [--json]",
	    N_("list conversations: mine, waiting, auto, follow-up, snoozed, open, resolved, all, problems"),
	    CMD_CLI, cmd_ls, NULL},
	{"show", "N ... [--json]", N_("one conversation"),
	    CMD_CLI | CMD_BULK, cmd_show, NULL},
	{"history", "N [--contact] [--limit N] [--json]",
	    N_("the messages of a conversation, oldest first"),
	    CMD_CLI, cmd_history, NULL},
	{"reply", "N [TEXT|-] [--canned NAME] [--id UUID] [--seen MESSAGE_ID] [--wait]",
	    N_("answer the customer"),
	    ACT | CMD_CUSTOMER, cmd_reply, NULL},
	{"note", "N TEXT|-", N_("a note that stays inside"),
	    ACT, cmd_note, NULL},
	{"take", "N ...", N_("make it manual and mine"),
	    ACT | CMD_BULK | CMD_UNDO, cmd_act, NULL},
	{"claim", "", N_("take the next that waits, and print it"),
	    CMD_CLI | CMD_UI, cmd_claim, NULL},
	{"auto", "N ...", N_("give it back to the bot"),
	    ACT | CMD_BULK | CMD_UNDO, cmd_act, NULL},
	{"assign", "N ... AGENT|-", N_("give it to a colleague, or to nobody"),
	    ACT | CMD_BULK | CMD_UNDO, cmd_act, NULL},
	{"tag", "N ... +TAG -TAG +@CONTACTTAG", N_("add and remove tags"),
	    ACT | CMD_BULK | CMD_UNDO, cmd_act, NULL},
	{"pin", "N ...", N_("keep it at the top"),
	    ACT | CMD_BULK | CMD_UNDO, cmd_act, NULL},
	{"unpin", "N ...", N_("no longer at the top"),
	    ACT | CMD_BULK | CMD_UNDO, cmd_act, NULL},
	{"follow-up", "N ...", N_("mark it for a follow-up"),
	    ACT | CMD_BULK | CMD_UNDO, cmd_act, NULL},
	{"snooze", "N ... WHEN",
	    N_("put it off: 2h, 14:30, tomorrow 9:00, mon, or message: until the customer writes"),
	    ACT | CMD_BULK | CMD_UNDO, cmd_act, NULL},
	{"resolve", "N ...", N_("it is done"),
	    ACT | CMD_BULK | CMD_UNDO, cmd_act, NULL},
	{"reopen", "N ...", N_("it is not done after all"),
	    ACT | CMD_BULK | CMD_UNDO, cmd_act, NULL},
	{"csat", "N ...", N_("ask the customer for one to five stars"),
	    ACT | CMD_BULK | CMD_CUSTOMER, cmd_act, NULL},
	{"canned", "ls | add NAME TEXT|- | edit NAME [TEXT|-] | rm NAME",
	    N_("canned replies"), CMD_CLI, cmd_canned, NULL},
	{"outbox", "[--json]",
	    N_("sends that are kept, refused, failed, held or unconfirmed"),
	    CMD_CLI, cmd_outbox, NULL},
	{"retry", "ID [--yes]", N_("send it once more, as a new send"),
	    CMD_CLI | CMD_CUSTOMER, cmd_retry, NULL},
	{"discard", "ID", N_("give up a send"), CMD_CLI, cmd_discard, NULL},
	{"agents", "[--json]", N_("who works here"),
	    CMD_CLI, cmd_agents, NULL},
	{"media", "ID", N_("a picture, video, sound or file, to standard output"),
	    CMD_CLI, cmd_media, NULL},
	{"events", "[--follow] [--after SEQ] [--json]",
	    N_("what happened, from the feed"), CMD_CLI, cmd_events, NULL},
	{NULL, NULL, NULL, 0, NULL, NULL}
};
/* clang-format on */

const struct cmd *
cmd_find(const char *name)
{
	for (const struct cmd *c = cmds; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

static int
min3(int a, int b, int c)
{
	return a < b ? (a < c ? a : c) : (b < c ? b : c);
}

/* How many letters to add, drop or change (Levenshtein). */
static int
distance(const char *a, const char *b)
{
	int row[NAME_MAX_B + 1], diagonal, above;
	int n = (int)strlen(b);

	for (int j = 0; j <= n; j++)
		row[j] = j;
	for (int i = 1; a[i - 1] != '\0'; i++) {
		diagonal = row[0];
		row[0] = i;
		for (int j = 1; j <= n; j++) {
			above = row[j];
			row[j] = min3(above + 1, row[j - 1] + 1,
			    diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[n];
}

const struct cmd *
cmd_nearest(const char *name)
{
	const struct cmd *best = NULL;
	int least = NEAR_MAX + 1, d;

	if (strlen(name) > NAME_MAX_B)
		return NULL;
	for (const struct cmd *c = cmds; c->name != NULL; c++) {
		d = distance(name, c->name);
		if (d < least) {
			least = d;
			best = c;
		}
	}
	return best;
}
