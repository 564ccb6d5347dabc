/*
 * What sets an alert off: a condition of the desk from the table below
 * ("quota>90", "webhook-silent>2h"), else a filter of conversations
 * ("waiting>5m"). Pure but for what the desk is asked.
 */
#ifndef MADOD_ALERT_WHEN_H
#define MADOD_ALERT_WHEN_H

#include <mado/buf.h>

#include "madod.h"

/* Can it be meant? ERR_INVALID in words. */
int alert_when_check(const char *when, struct err *e);
/*
 * Does a condition of the desk hold now? 1 with a sentence appended, 0; -1:
 * `when` is a filter.
 */
int alert_when_desk(struct madod *m, const char *when, struct buf *text);

struct alert_condition {
	const char *name, *takes, *help; /* for the manual */
	bool (*holds)(struct madod *m, int64_t than, struct buf *text);
	char unit; /* '%': percent; 't': a span; 0: nothing to compare with */
};
extern const struct alert_condition alert_conditions[]; /* name NULL ends */

#endif
