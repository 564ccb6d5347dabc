/*
 * What customers' apps do with a picture, film or sound that was sent: fetch
 * its addresses, late, with LINE's limits. LINE does not look before it
 * accepts a send; what comes of it is told under /sim/state.
 */
#ifndef MADOSIM_LOAD_H
#define MADOSIM_LOAD_H

#include "sim.h"

/* Fetch what the message object names. */
void load_message(struct sim *s, const char *id, const cJSON *message);
/* What came of it, for GET /sim/state. Caller frees with cJSON_Delete(). */
cJSON *load_json(const struct sim *s);
void load_free(struct sim *s);

#endif
