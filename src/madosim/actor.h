/*
 * The customers of the script as actors: each walks its steps on a timer and
 * reacts to what it receives.
 */
#ifndef MADOSIM_ACTOR_H
#define MADOSIM_ACTOR_H

#include "sim.h"

struct actors;

/* Make the script's people and start them; s->script may be NULL. */
struct actors *actors_new(struct sim *s);
void actors_free(struct actors *a);
/* Something reached a chat: those who play in it see it. */
void actors_received(struct actors *a, struct chat *chat, const cJSON *message);

#endif
