/*
 * The table of all that a user can do. One row a command; who runs it stands
 * in its columns. Read by main, by the inbox and by the manual.
 */
#include <string.h>

#include "cli.h"
#include "cmd.h"
#include "cmd_ui.h"
#include "i18n.h"

enum { NAME_MAX_B = 32, NEAR_MAX = 2 };

#define ACT (CMD_CLI | CMD_UI | CMD_VERB)

/* clang-format off */
const struct cmd cmds[] = {
	{"login", "URL --user NAME [--password-stdin | --token-stdin] [--pin sha256//...]",
	    N_("sign in at a desk; unix:PATH needs no password"),
	    CMD_CLI | CMD_NO_DESK | CMD_ALONE, cmd_login, NULL},
	{"join", "URL CODE [--password-stdin] [--pin sha256//...]",
	    N_("become who the code was made for; it is good once"),
	    CMD_CLI | CMD_NO_DESK | CMD_ALONE, cmd_join, NULL},
	{"logout", "[--yes]",
	    N_("sign out, delete the local store and its key"),
	    CMD_CLI | CMD_ALONE, cmd_logout, NULL},
	{"whoami", "[--json]", N_("who is signed in, and where"),
	    CMD_CLI, cmd_whoami, NULL},
	{"doctor", "[--json]",
	    N_("look at this terminal and at the desk, and say what to change"),
	    CMD_CLI | CMD_NO_DESK, cmd_doctor, NULL},
	{"passwd", "[--password-stdin]", N_("change your password"), CMD_CLI, cmd_passwd, NULL},
	{"ls", "[--view VIEW] [--tag T] [--assignee A] [--query FILTER] [--limit N] [-q] [--json]",
	    N_("list conversations: mine, waiting, auto, follow-up, snoozed, open, resolved, all, problems"),
	    CMD_CLI, cmd_ls, NULL},
	{"show", "N ...|- [--json]", N_("one conversation"),
	    CMD_CLI | CMD_BULK, cmd_show, NULL},
	{"history", "N ...|- [--contact] [--limit N] [--json]",
	    N_("the messages of a conversation, oldest first"),
	    CMD_CLI | CMD_BULK, cmd_history, NULL},
	{"reply", "N [TEXT|-] [--canned NAME] [--id UUID] [--seen MESSAGE_ID] [--attach FILE ...] [--sticker WORD|PACKAGE/ID] [--at WHEN] [--wait] [--json]",
	    N_("answer the customer"),
	    ACT | CMD_CUSTOMER, cmd_reply, ui_cmd_reply},
	{"note", "N TEXT|- [--id UUID] [--json]", N_("a note that stays inside"),
	    ACT, cmd_note, ui_cmd_note},
	{"take", "N ...|- [-q] [--json]", N_("make it manual and mine"),
	    ACT | CMD_BULK | CMD_UNDO, cmd_act, ui_cmd_verb},
	{"claim", "[-q] [--json]", N_("take the next that waits, and print it"),
	    CMD_CLI | CMD_UI, cmd_claim, ui_cmd_claim},
	{"auto", "N ...|- [-q] [--json]", N_("give it back to the bot"),
	    ACT | CMD_BULK | CMD_UNDO, cmd_act, ui_cmd_verb},
	{"assign", "N ...|- AGENT|- [-q] [--json]", N_("give it to a colleague, or to nobody"),
	    ACT | CMD_BULK | CMD_UNDO | CMD_WORDS, cmd_act, ui_cmd_verb},
	{"tag", "N ...|- +TAG -TAG +@CONTACTTAG [-q] [--json]", N_("add and remove tags"),
	    ACT | CMD_BULK | CMD_UNDO | CMD_WORDS, cmd_act, ui_cmd_verb},
	{"pin", "N ...|- [-q] [--json]", N_("keep it at the top"),
	    ACT | CMD_BULK | CMD_UNDO, cmd_act, ui_cmd_verb},
	{"unpin", "N ...|- [-q] [--json]", N_("no longer at the top"),
	    ACT | CMD_BULK | CMD_UNDO, cmd_act, ui_cmd_verb},
	{"follow-up", "N ...|- [-q] [--json]", N_("mark it for a follow-up"),
	    ACT | CMD_BULK | CMD_UNDO, cmd_act, ui_cmd_verb},
	{"snooze", "N ...|- WHEN [-q] [--json]",
	    N_("put it off: 2h, 14:30, tomorrow 9:00, mon; message: until they write"),
	    ACT | CMD_BULK | CMD_UNDO | CMD_WORDS, cmd_act, ui_cmd_verb},
	{"resolve", "N ...|- [--no-survey] [-q] [--json]", N_("it is done"),
	    ACT | CMD_BULK | CMD_UNDO, cmd_act, ui_cmd_verb},
	{"reopen", "N ...|- [-q] [--json]", N_("it is not done after all"),
	    ACT | CMD_BULK | CMD_UNDO, cmd_act, ui_cmd_verb},
	{"csat", "N ...|- [--id UUID] [-q] [--json]", N_("ask the customer for one to five stars"),
	    ACT | CMD_BULK | CMD_CUSTOMER, cmd_act, ui_cmd_verb},
	{"canned", "ls [WORDS ...] [-q] [--json] | add NAME TEXT|- [--personal] [--reading KANA] [--tag T,T] | edit NAME [TEXT|-] ... | rm NAME [--personal] | import FILE|- | export",
	    N_("canned replies"), CMD_CLI | CMD_UI, cmd_canned, ui_cmd_canned},
	{"outbox", "[-q] [--json]",
	    N_("sends that are kept, refused, failed, held or unconfirmed"),
	    CMD_CLI, cmd_outbox, NULL},
	{"retry", "ID ...|- [--yes] [--json]", N_("send it once more, as a new send"),
	    CMD_CLI | CMD_UI | CMD_CUSTOMER, cmd_retry, ui_cmd_retry},
	{"discard", "ID ...|-", N_("give up a send"), CMD_CLI | CMD_UI, cmd_discard, ui_cmd_discard},
	{"agents", "[-q] [--json]", N_("who works here"),
	    CMD_CLI, cmd_agents, NULL},
	{"media", "ID", N_("a picture, video, sound or file, to standard output"),
	    CMD_CLI, cmd_media, NULL},
	{"cards", "N [--json]",
	    N_("what the shop's own systems know of the customer, and links"),
	    CMD_CLI, cmd_cards, NULL},
	{"report", "cost|auto [--from DAY] [--to DAY] [--json]",
	    N_("what answering cost, what the bot did and how right"),
	    CMD_CLI, cmd_report, NULL},
	{"uploads", "[rm ID] [--json]",
	    N_("files for customers that the desk keeps; rm erases one"),
	    CMD_CLI, cmd_uploads, NULL},
	{"search", "WORDS ... [--limit N] [-q] [--json]",
	    N_("search this pane, narrow the list; on the command line: all that was ever said"),
	    CMD_CLI | CMD_UI, cmd_search, ui_cmd_search},
	{"why", "MESSAGE [--json]",
	    N_("why the bot did that: rule, FAQs, scores"),
	    CMD_CLI | CMD_UI, cmd_why, ui_cmd_why},
	{"faq", "ls [WORDS] [-q] [--json] | right MESSAGE [FAQ] | wrong MESSAGE",
	    N_("what the bot knows; its answer was right, or wrong, or that FAQ is the one"),
	    CMD_CLI | CMD_UI, cmd_faq, ui_cmd_faq},
	{"events", "[--follow] [--after [EPOCH:]SEQ] [--hooks] [--json]",
	    N_("what happened, from the feed"), CMD_CLI, cmd_events, NULL},
	{"api", "METHOD PATH [JSON|-]",
	    N_("the desk's interface as it is, for what no verb does"),
	    CMD_CLI, cmd_api, NULL},
	{"shell", "", N_("the inbox as lines: for any terminal, for scripts"),
	    CMD_CLI | CMD_ALONE, cmd_shell, NULL},
	{"completions", "bash|zsh|fish", N_("what a shell needs to complete these"),
	    CMD_CLI | CMD_NO_DESK | CMD_ALONE, cmd_completions, NULL},
	/* the inbox only: keys, the ":" line, the palette, inputrc */
	{"view", "NAME|1-9",
	    N_("show mine, waiting, auto, follow-up, open, snoozed, resolved, all, problems or one of madorc; 6 to 9: the first four of madorc"),
	    CMD_UI, NULL, ui_cmd_view},
	{"open", "[N]", N_("open a conversation"),
	    CMD_UI | CMD_SHELL, cmd_open, ui_cmd_open},
	{"next", "", N_("the next conversation of the list"),
	    CMD_UI, NULL, ui_cmd_next},
	{"prev", "", N_("the one before it"), CMD_UI, NULL, ui_cmd_prev},
	{"resolve-next", "", N_("resolve it and open the next"),
	    CMD_UI, NULL, ui_cmd_resolve_next},
	{"insert", "COMMAND ...",
	    N_("put what a local command writes into the reply; also !COMMAND"),
	    CMD_UI | CMD_WORDS, NULL, ui_cmd_insert},
	{"sticker", "[WORD|PACKAGE/ID]",
	    N_("put a sticker into the draft, by a word"),
	    CMD_UI, NULL, ui_cmd_sticker},
	{"quote", "", N_("reply, quoting the message under the cursor"),
	    CMD_UI, NULL, ui_cmd_quote},
	{"toggle", "mode|pin|follow-up|notify",
	    N_("between bot and people; pinned or not; follow-up or open; told or left in peace"),
	    CMD_UI, NULL, ui_cmd_toggle},
	{"undo", "", N_("take the last act back, or a send that still waits"),
	    CMD_UI, NULL, ui_cmd_undo},
	{"select", "", N_("select it; verbs then act on all selected"),
	    CMD_UI, NULL, ui_cmd_select},
	{"problem", "",
	    N_("go to the next send that failed or waits for a decision"),
	    CMD_UI, NULL, ui_cmd_problem},
	{"search-next", "", N_("the next match"),
	    CMD_UI, NULL, ui_cmd_search_next},
	{"search-prev", "", N_("the match before it"),
	    CMD_UI, NULL, ui_cmd_search_prev},
	{"search-all", "[WORDS]", N_("search all that was ever said"),
	    CMD_UI, NULL, ui_cmd_search_all},
	{"at", "WHEN|now",
	    N_("the reply leaves later: 9:00, tomorrow 9:00, 2h"),
	    CMD_UI, NULL, ui_cmd_at},
	{"attach", "PATH", N_("put a file of this machine into the draft"),
	    CMD_UI, NULL, ui_cmd_attach},
	{"upload", "",
	    N_("a page, as a QR code, that puts files of a phone or laptop into the draft"),
	    CMD_UI, NULL, ui_cmd_upload},
	{"picture", "", N_("the picture, as large as the screen"),
	    CMD_UI, NULL, ui_cmd_picture},
	{"page", "",
	    N_("the picture or file as a page, by QR code and link"),
	    CMD_UI, NULL, ui_cmd_page},
	{"outside", "", N_("open the picture, file or link outside"),
	    CMD_UI, NULL, ui_cmd_outside},
	{"copy", "", N_("copy the message's text"), CMD_UI, NULL, ui_cmd_copy},
	{"pane", "next|prev|list|history|contact", N_("go to another pane"),
	    CMD_UI, NULL, ui_cmd_pane},
	{"move",
	    "down|up|page-down|page-up|half-down|half-up|top|bottom",
	    N_("move in this pane"), CMD_UI, NULL, ui_cmd_move},
	{"back", "", N_("one step back; at the top: leave"),
	    CMD_UI | CMD_SHELL, cmd_back, ui_cmd_back},
	{"cancel", "", N_("take a waiting send back, else one step back"),
	    CMD_UI, NULL, ui_cmd_cancel},
	{"palette", "[canned|agents]", N_("find anything by a few letters"),
	    CMD_UI, NULL, ui_cmd_palette},
	{"command", "[WORDS]", N_("type a command"),
	    CMD_UI, NULL, ui_cmd_command},
	{"help", "", N_("the keys of this pane"),
	    CMD_UI | CMD_SHELL, cmd_help, ui_cmd_help},
	{"theme", "NAME [keep]",
	    N_("other colours; they are shown while the name is typed"),
	    CMD_UI, NULL, ui_cmd_theme},
	{"set", "NAME [VALUE [keep]]",
	    N_("change a setting of madorc, until the end or for good"),
	    CMD_UI, NULL, ui_cmd_set},
	{"reload", "", N_("read madorc, keys.conf and the theme anew"),
	    CMD_UI, NULL, ui_cmd_reload},
	{"redraw", "", N_("draw the screen anew, put the list in order"),
	    CMD_UI, NULL, ui_cmd_redraw},
	{"suspend", "", N_("stop mado; fg brings it back"),
	    CMD_UI, NULL, ui_cmd_suspend},
	{"quit", "", N_("leave"), CMD_UI | CMD_SHELL, cmd_quit, ui_cmd_quit},
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
