/*
 * What was decided, read off the store: decisions, suggestions, lessons.
 */
#ifndef MADOD_Q_BOT_H
#define MADOD_Q_BOT_H

#include <mado/buf.h>
#include <mado/model.h>
#include <mado/sql.h>

#include "bot.h"

/* The customer's message that was decided about when message `id` came to be:
 * its own row, or that of a bot's message or a handoff's line. 0: none. */
int64_t q_decided(struct sql *db, int64_t id);
/* What may be answered to the last message of a conversation, or NULL. */
struct suggestion *q_suggestion(
    struct sql *db, struct arena *a, int64_t number);
/* Append {"message":..,"text":..,"at":..,"judged":..,"judged_by":..,
 * "judged_faq":..,"decision":{..}}; false when nothing was decided. */
bool q_why(struct sql *db, struct buf *b, int64_t id);
/* Append an array of lessons {"message","at","channel","text","faq","source",
 * "by","answered"} of a channel in a state; NULL: of all channels. What was
 * unsent teaches nothing. */
void q_lessons(
    struct sql *db, struct buf *b, const char *channel, int64_t state);
/* Append the members of the report about the bot, each after a comma, for
 * decisions from from_ms up to to_ms. */
void q_report_auto(
    struct sql *db, struct buf *b, int64_t from_ms, int64_t to_ms);
/* How many decisions there were since then, by outcome. */
void q_decisions_since(
    struct sql *db, int64_t since_ms, int64_t counts[BOT_OUTCOMES]);

#endif
