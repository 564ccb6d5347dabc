/*
 * Alerts: looks now and then whether what [alert] sections name is so, and
 * tells a command or an address, sparingly. One that cannot be told costs
 * nothing but a line in the log and a figure in the metrics.
 */
#ifndef MADOD_ALERTS_H
#define MADOD_ALERTS_H

#include "madod.h"

struct alerts;

struct alerts *alerts_new(struct madod *m);
void alerts_free(struct alerts *a);
/* How many could not be told, since the start. */
int64_t alerts_untold(const struct alerts *a);

#endif
