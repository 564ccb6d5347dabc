/*
 * What customers can do, by the words of the script: used by the script
 * (actor.c) and by POST /sim/say and /sim/tap (control.c) alike.
 */
#ifndef MADOSIM_ACT_H
#define MADOSIM_ACT_H

#include "events.h"

/* A deed that sends one thing: a message, a postback, an event. */
struct act;
/* The deed of a script's step, or of a word ("text", "sticker" ..); NULL. */
const struct act *act_of_step(enum step_op op);
const struct act *act_of_word(const char *word);
/*
 * Do it; args as in the script. ERR_INVALID when they are wrong, ERR_CONFLICT
 * when the customer has blocked the account.
 */
int act_do(struct sim *s, const struct place *p, const struct act *act,
    const char *args, struct event_ids *ids, struct err *e);

/* tap.c */
/*
 * Tap a button or quick reply of the latest message that still offers some:
 * the one of that label, or by its number from 1 ("#2"), or any by chance
 * when label is "". ERR_NOTFOUND when there is none.
 */
int tap_label(struct sim *s, const struct place *p, const char *label,
    struct event_ids *ids, struct err *e);
/* The same with an area of the rich menu. */
int tap_menu(struct sim *s, const struct place *p, const char *label,
    struct event_ids *ids, struct err *e);
/* Is it the survey: five quick replies, all postbacks? */
bool tap_is_survey(const cJSON *message);

#endif
