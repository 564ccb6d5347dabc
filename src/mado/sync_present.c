/*
 * Where this client is, told to the desk, and who else is there, told by it:
 * in the answer and then with the feed. One question at a time, the latest
 * wins; what cannot be told now is told when the link is back.
 */
#include <string.h>

#include <mado/when.h>

#include "sync_impl.h"

enum { TYPING_AGAIN_MS = 3000 };

void
sync_present_free(struct sync *y)
{
	for (size_t i = 0; i < y->n_present; i++)
		x_free((char *)y->present[i].agent);
	x_free(y->present);
	y->present = NULL;
	y->n_present = 0;
}

void
sync_present_put(struct sync *y, const struct desk_answer *a)
{
	if (json_arr(a->json, "presence") == NULL)
		return;
	sync_present_free(y);
	y->present = x_calloc(a->n_present + 1, sizeof(*y->present));
	for (size_t i = 0; i < a->n_present; i++) {
		y->present[i] = *a->present[i];
		y->present[i].agent = x_strdup(a->present[i]->agent);
	}
	y->n_present = a->n_present;
	sync_told_misc(y, "presence");
}

static void
on_told(const struct desk_answer *a, void *arg)
{
	struct sync *y = arg;

	y->present_req = NULL;
	if (a->err.code == ERR_NONE)
		sync_present_put(y, a);
	if (y->present_again)
		sync_present_tell(y);
}

void
sync_present_tell(struct sync *y)
{
	struct desk_call c = {.op = DESK_PRESENCE};
	cJSON *args;

	y->present_again = y->present_req != NULL;
	if (y->present_again || y->state != SYNC_LIVE)
		return;
	args = cJSON_CreateObject();
	cJSON_AddStringToObject(args, "client", y->client);
	cJSON_AddNumberToObject(args, "conversation", (double)y->at_number);
	cJSON_AddBoolToObject(args, "typing", y->at_typing);
	c.args = args;
	y->present_req = desk_start(y->desk, &c, on_told, y);
	cJSON_Delete(args);
}

void
sync_at(struct sync *y, int64_t number, bool typing)
{
	int64_t now = when_mono_ms();

	if (number == y->at_number && typing == y->at_typing &&
	    (!typing || now - y->typing_ms < TYPING_AGAIN_MS))
		return;
	if (number != y->at_number)
		sync_present_free(y);
	y->at_number = number;
	y->at_typing = typing;
	y->typing_ms = now;
	sync_present_tell(y);
}

size_t
sync_present(const struct sync *y, const struct present **v)
{
	*v = y->present;
	return y->n_present;
}
