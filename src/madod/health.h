/*
 * How the desk stands towards what is around it: LINE's settings of each
 * channel, looked at when it starts and each hour; disk, certificate, backup,
 * at once. For /metrics, the doctor's checks and alerts. Reads only, but for
 * the stamps: files of state_dir whose time says when something last was.
 */
#ifndef MADOD_HEALTH_H
#define MADOD_HEALTH_H

#include "madod.h"

struct health;

struct health *health_new(struct madod *m);
void health_free(struct health *h);
/* Ask LINE now; each hour it does so by itself. */
void health_look(struct health *h);
/* Append the figures for Prometheus. */
void health_metrics(struct madod *m, struct buf *out);

/* "backup", "redelivered": it happened now; when it last did, 0: never. */
void health_stamp(const struct config *c, const char *what);
int64_t health_stamped_ms(const struct config *c, const char *what);

/* The checks that need nobody else, each a sentence in text; false: bad. */
bool health_disk(const struct config *c, struct buf *text);
bool health_certificate(const struct config *c, struct buf *text);
bool health_backup(const struct config *c, struct buf *text);

#endif
