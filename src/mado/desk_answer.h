/*
 * From madod's JSON to what desk.h promises. Used by desk_madod.c only.
 */
#ifndef MADO_DESK_ANSWER_H
#define MADO_DESK_ANSWER_H

#include <mado/fetch.h>

#include "desk.h"

/*
 * Fill the answer from a response: rows into the arena, err from problem+json
 * or from what curl said. *tree gets the parsed JSON that a->json lends;
 * caller frees it with cJSON_Delete() after the arena's rows are done with.
 * wants_json: an answer without any (but 204) comes from somebody else.
 */
void desk_answer_read(struct desk_answer *a, const struct fetch_res *res,
    bool wants_json, struct arena *mem, cJSON **tree);

#endif
