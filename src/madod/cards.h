/*
 * Cards: what the shop's own systems know of a conversation's customer, asked
 * when somebody looks and kept for a while; and links that messages lead to.
 * Nothing of it is stored.
 */
#ifndef MADOD_CARDS_H
#define MADOD_CARDS_H

#include "api.h"

struct cards;

struct cards *cards_new(struct madod *m);
/* Whoever waits is told that the desk stops. NULL is fine. */
void cards_flush(struct cards *k);
void cards_free(struct cards *k);

#endif
