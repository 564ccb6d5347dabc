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
 * zone (TZ): 30m 2h 3d, 14:30, tomorrow [9:00], mon..sun [10:00], 2026-12-01
 * [9:00], RFC 3339; 明日 9時, 今日 17時半, 明後日, 月曜 10:00, 12月1日 9時, 30分, 2時間, 3日.
 * Full-width digits count. A time of day without a day is the next one.
 * Days without a time mean 9:00. ERR_INVALID says what is understood.
 */
int when_parse(const char *s, int64_t now_ms, int64_t *ms, struct err *e);

#endif
