/*
 * Cards and links of the open conversation, as the desk knows them: asked when
 * it is opened, shown in the contact pane, lent to canned replies.
 */
#include "ui.h"

#include <mado/mem.h>

#include "canned.h"

struct asking {
	struct ui *u;
	int64_t number;
};

static void
on_cards(const struct desk_answer *a, void *arg)
{
	struct asking *k = arg;
	struct ui *u = k->u;

	if (a->err.code == ERR_NONE && k->number == u->thread.number) {
		cJSON_Delete(u->cards);
		u->cards = cJSON_Duplicate(a->json, true);
		ui_dirty(u, DIRTY_CONTACT);
	}
	x_free(k);
}

void
cards_ask(struct ui *u)
{
	struct desk_call c = {.op = DESK_CARDS, .number = u->thread.number};
	struct asking *k;

	if (sync_link(u->sync) != SYNC_LIVE || c.number == 0)
		return;
	k = x_new(struct asking);
	k->u = u;
	k->number = c.number;
	desk_start(u->desk, &c, on_cards, k);
}

void
cards_forget(struct ui *u)
{
	cJSON_Delete(u->cards);
	u->cards = NULL;
}
