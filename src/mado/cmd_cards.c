/*
 * cards: what the shop's own systems know of a conversation's customer, and
 * where its messages lead to. Asked of the desk each time; the desk keeps it.
 */
#include "cli.h"
#include "cli_out.h"
#include "i18n.h"

enum { LABEL_COLS = 16 };

struct cards {
	struct cli *cli;
	struct err *e;
	int rc;
};

static const char *
item(const cJSON *row, int i)
{
	const char *s = cJSON_GetStringValue(cJSON_GetArrayItem(row, i));

	return s != NULL ? s : "";
}

static void
put(struct cards *k, const char *label, const char *value)
{
	struct buf b = {0};

	out_cell(&b, label, LABEL_COLS);
	out_rest(&b, value);
	if (k->rc == 0)
		k->rc = out_line(&b, k->e);
	buf_free(&b);
}

static void
print_card(struct cards *k, const cJSON *card)
{
	const char *error = json_str(card, "error", NULL);
	const cJSON *row;

	put(k, json_str(card, "name", ""), error != NULL ? error : "");
	cJSON_ArrayForEach(row, json_arr(card, "rows"))
	    put(k, item(row, 0), item(row, 1));
}

static void
print_cards(const struct desk_answer *a, void *arg)
{
	struct cards *k = arg;
	const cJSON *o;

	if (k->cli->json) {
		k->rc = out_json(a->json, k->e);
		return;
	}
	cJSON_ArrayForEach(o, json_arr(a->json, "cards")) print_card(k, o);
	cJSON_ArrayForEach(o, json_arr(a->json, "links"))
	    put(k, json_str(o, "text", ""), json_str(o, "url", ""));
}

int
cmd_cards(struct cli *c, int argc, char **argv, struct err *e)
{
	struct desk_call call = {.op = DESK_CARDS};
	struct cards k = {c, e, 0};

	if (cli_options(c, NULL, &argc, argv, e) == -1 ||
	    cli_want(c, argc, 1, 1, e) == -1 ||
	    cli_number(argv[1], &call.number, e) == -1 ||
	    cli_desk(c, e) == -1 || cli_ask(c, &call, print_cards, &k, e) == -1)
		return -1;
	return k.rc == 0 ? out_flush(e) : -1;
}
