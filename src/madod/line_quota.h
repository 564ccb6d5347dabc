/*
 * How much of the month's quota each channel has used, read at LINE; with it,
 * whether LINE takes the channel's token.
 */
#ifndef MADOD_LINE_QUOTA_H
#define MADOD_LINE_QUOTA_H

#include "madod.h"

struct line_quota;

struct line_quota *line_quota_new(struct madod *m);
/* After what was under way at LINE has ended or was called off. */
void line_quota_free(struct line_quota *q);
/* Read every channel's now, and every five minutes by itself. */
void line_quota_read(struct line_quota *q);

#endif
