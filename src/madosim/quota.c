/*
 * The month's quota and the counts of deliveries a day. Handlers of
 * routes.c; the quota is charged by send.c.
 * Source: LINE, "Get the target limit for sending messages this month",
 * "Get number of sent reply messages".
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <mado/mem.h>
#include <mado/when.h>

#include "routes.h"
#include "send.h"

#define FIRST_DAY "20180331" /* LINE counts from here on */
enum { JAPAN_S = 9 * 3600, DAY_B = 9 };

/* "yyyymmdd" of a time in UTC+9. */
static void
day_of(int64_t now_ms, char out[DAY_B])
{
	time_t t = (time_t)(now_ms / 1000 + JAPAN_S);
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(out, DAY_B, "%Y%m%d", &tm);
}

void
quota_count(struct sim *s, const char *via, int64_t now_ms, int64_t n)
{
	char key[40], day[DAY_B];
	int64_t *count;

	day_of(now_ms, day);
	snprintf(key, sizeof(key), "%s:%s", via, day);
	if ((count = map_get(&s->days, key)) == NULL) {
		count = x_new(int64_t);
		map_put(&s->days, key, count);
	}
	*count += n;
}

void
quota_limit(struct call *c)
{
	cJSON *o = cJSON_CreateObject();

	if (c->s->opts.quota < 0) {
		cJSON_AddStringToObject(o, "type", "none");
	} else {
		cJSON_AddStringToObject(o, "type", "limited");
		cJSON_AddNumberToObject(o, "value", (double)c->s->opts.quota);
	}
	call_json(c, 200, o);
}

void
quota_consumption(struct call *c)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "totalUsage", (double)c->s->opts.quota_used);
	call_json(c, 200, o);
}

static bool
is_day(const char *date)
{
	struct tm tm = {0};
	const char *end;

	if (date == NULL || strlen(date) != 8 ||
	    strspn(date, "0123456789") != 8)
		return false;
	end = strptime(date, "%Y%m%d", &tm);
	return end != NULL && *end == '\0';
}

void
quota_delivery(struct call *c)
{
	const char *date = httpd_query(c->r, "date");
	char key[64], today[DAY_B];
	int64_t *count;
	cJSON *o;

	if (!is_day(date)) {
		call_error(
		    c, 400, "The value for the 'date' parameter is invalid");
		return;
	}
	day_of(when_now_ms(), today);
	o = cJSON_CreateObject();
	if (strcmp(date, today) >= 0) {
		cJSON_AddStringToObject(o, "status", "unready");
	} else if (strcmp(date, FIRST_DAY) < 0) {
		cJSON_AddStringToObject(o, "status", "out_of_service");
	} else {
		snprintf(key, sizeof(key), "%.40s:%s", c->param[0], date);
		count = map_get(&c->s->days, key);
		cJSON_AddStringToObject(o, "status", "ready");
		cJSON_AddNumberToObject(
		    o, "success", count != NULL ? (double)*count : 0);
	}
	call_json(c, 200, o);
}

/* A narrowcast here is done at once. */
void
quota_progress(struct call *c)
{
	const char *id = httpd_query(c->r, "requestId");
	char now[WHEN_TEXT_B];
	cJSON *o;

	if (id == NULL || !id_is_uuid(id)) {
		call_error(
		    c, 400, "Invalid request id: %s", id != NULL ? id : "");
		return;
	}
	if (c->s->stats.sends[SEND_NARROWCAST] == 0) {
		call_error(c, 404, "Not found");
		return;
	}
	o = cJSON_CreateObject();
	when_rfc3339(when_now_ms(), now);
	cJSON_AddStringToObject(o, "phase", "succeeded");
	cJSON_AddNumberToObject(
	    o, "successCount", (double)c->s->stats.bubbles[SEND_NARROWCAST]);
	cJSON_AddStringToObject(o, "acceptedTime", now);
	cJSON_AddStringToObject(o, "completedTime", now);
	call_json(c, 200, o);
}
