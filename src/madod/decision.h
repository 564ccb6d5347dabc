/*
 * A verdict of the bot as it is kept: one JSON object of names, scores and
 * thresholds, and nothing that a customer said. Written by act_bot.c, read by
 * `why`, the suggestion on the reply line and the rehearsal.
 */
#ifndef MADOD_DECISION_H
#define MADOD_DECISION_H

#include "bot.h"

/* Append {"outcome":..,"by":..,"why":..,"rule":..,"faq":..,"engine":..,
 * "confidence":..,"answer_at":..,"offer_at":..,"picks":[{"id","question",
 * "score"}],"signals":{..},"adviser":{"error","intent","confidence","cites",
 * "ms"},"answer":..}; g may be NULL. adviser is there when one was asked, its
 * error when it was not followed. answer: what people may take into their
 * reply. */
void decision_json(
    struct buf *b, const struct bot_verdict *v, const struct bot_guess *g);

#endif
