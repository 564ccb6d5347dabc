/*
 * Times: int64_t milliseconds since the epoch, UTC; 0 is "no time".
 */
#ifndef MADO_WHEN_H
#define MADO_WHEN_H

#include <stddef.h>
#include <stdint.h>

#include <mado/err.h>

enum { WHEN_TEXT_B = 32 };

int64_t when_now_ms(void);
/* Monotonic, for durations and deadlines. */
int64_t when_mono_ms(void);
/* "2026-11-22T01:04:33.123Z"; returns out. */
const char *when_rfc3339(int64_t ms, char out[WHEN_TEXT_B]);
/* Accepts an offset or Z, a fraction or none; -1 and ERR_INVALID else. */
int when_parse_rfc3339(const char *s, int64_t *ms, struct err *e);
/*
 * A point in time as people say it, seen from now_ms in the process's time
 * zone (TZ): 30m 2h 3d 1h30m, 14:30, 3pm, tomorrow [9:00], mon..sun [10:00],
 * next mon, 2026-12-01 [9:00], 12/1, RFC 3339; 明日 9時, 今日 17時半, 明後日,
 * 月曜 10:00, 来週月曜, 12月1日 9時, 午後3時, 30分, 2時間半, 3日.
 * Full-width digits count. A time of day without a day, a weekday and a date
 * without a year are the next one; what names its day may be past, and the
 * caller says whether that will do. Days without a time mean 9:00; 3d and 3日
 * keep the time of day. ERR_INVALID says what is understood.
 */
int when_parse(const char *s, int64_t now_ms, int64_t *ms, struct err *e);

#endif
