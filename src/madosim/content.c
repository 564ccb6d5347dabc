/*
 * Content of messages (LINE's second host, served here on the same port) and
 * the webhook endpoint's own paths. Handlers of routes.c.
 * Source: LINE, "Get content", "Verify the preparation status", "Set webhook
 * endpoint URL", "Test webhook endpoint".
 */
#include <stdio.h>
#include <string.h>

#include <mado/json.h>
#include <mado/mem.h>
#include <mado/when.h>

#include "out.h"
#include "routes.h"

enum { ENDPOINT_MAX = 500 };

/* NULL after answering 404 or 410. */
static struct media_item *
find_media(struct call *c)
{
	struct media_item *i = media_get(&c->s->media, c->param[0]);

	if (i == NULL)
		call_error(c, 404, "not found");
	else if (i->gone)
		call_error(c, 410, "The content is gone");
	else
		return i;
	return NULL;
}

static void
answer_content(struct call *c, struct media_item *i, bool preview)
{
	struct buf b = {0};
	struct err e = {0};

	if (i->ready_ms > when_now_ms()) {
		call_empty(c, 202);
	} else if (media_bytes(i, preview, &b, &e) != 0) {
		call_error(c, 404, "not found");
		buf_free(&b);
	} else {
		call_bytes(c, 200, preview ? "image/png" : media_type(i), &b);
	}
}

void
content_get(struct call *c)
{
	struct media_item *i = find_media(c);

	if (i != NULL)
		answer_content(c, i, false);
}

void
content_preview(struct call *c)
{
	struct media_item *i = find_media(c);

	if (i == NULL)
		return;
	if (i->kind != MEDIA_IMAGE && i->kind != MEDIA_VIDEO)
		call_error(c, 400, "The content can not be previewed");
	else
		answer_content(c, i, true);
}

void
content_transcoding(struct call *c)
{
	struct media_item *i = find_media(c);
	cJSON *o;

	if (i == NULL)
		return;
	if (i->kind != MEDIA_VIDEO && i->kind != MEDIA_AUDIO) {
		call_error(c, 400,
		    "Transcoding status doesn't support this "
		    "type of content");
		return;
	}
	o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "status",
	    i->ready_ms > when_now_ms() ? "processing" : "succeeded");
	call_json(c, 200, o);
}

/* LINE wants https; a stand-in on loopback must do without. */
static bool
is_endpoint(const char *url)
{
	return strlen(url) <= ENDPOINT_MAX &&
	    (strncmp(url, "https://", 8) == 0 ||
		strncmp(url, "http://", 7) == 0);
}

void
content_get_endpoint(struct call *c)
{
	cJSON *o;

	if (c->s->opts.webhook == NULL) {
		call_error(c, 404, "Webhook endpoint not found");
		return;
	}
	o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "endpoint", c->s->opts.webhook);
	cJSON_AddBoolToObject(o, "active", !c->s->opts.webhook_off);
	call_json(c, 200, o);
}

void
content_put_endpoint(struct call *c)
{
	const char *url = json_str(c->body, "endpoint", "");

	if (!is_endpoint(url)) {
		call_error(c, 400, "Invalid webhook endpoint URL");
		return;
	}
	x_free(c->s->opts.webhook);
	c->s->opts.webhook = x_strdup(url);
	out_kick(c->s->out);
	call_empty(c, 200);
}

/* What a try of the endpoint came to, as LINE puts it. */
static const char *
test_reason(const struct fetch_res *res)
{
	if (res->outcome == FETCH_NOT_SENT)
		return "COULD_NOT_CONNECT";
	if (res->outcome == FETCH_UNKNOWN)
		return "REQUEST_TIMEOUT";
	return res->status >= 200 && res->status < 300 ? "OK"
						       : "ERROR_STATUS_CODE";
}

static void
test_done(const struct fetch_res *res, void *arg)
{
	struct call *c = arg;
	const char *reason = test_reason(res);
	cJSON *o = cJSON_CreateObject();
	char now[WHEN_TEXT_B], status[16];

	snprintf(status, sizeof(status), "%d", res->status);
	cJSON_AddBoolToObject(o, "success", strcmp(reason, "OK") == 0);
	cJSON_AddStringToObject(
	    o, "timestamp", when_rfc3339(when_now_ms(), now));
	cJSON_AddNumberToObject(o, "statusCode", res->status);
	cJSON_AddStringToObject(o, "reason", reason);
	cJSON_AddStringToObject(
	    o, "detail", res->outcome == FETCH_ANSWERED ? status : res->error);
	call_json(c, 200, o);
}

void
content_test_endpoint(struct call *c)
{
	const char *url = json_str(c->body, "endpoint", c->s->opts.webhook);
	cJSON *o;
	char *body;

	if (url == NULL) {
		call_error(c, 404, "Webhook endpoint not found");
		return;
	}
	if (!is_endpoint(url)) {
		call_error(c, 400, "Invalid webhook endpoint URL");
		return;
	}
	o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "destination", c->s->bot_id);
	cJSON_AddArrayToObject(o, "events");
	body = cJSON_PrintUnformatted(o);
	cJSON_Delete(o);
	out_post(c->s, url, body, test_done, c);
	cJSON_free(body);
}
