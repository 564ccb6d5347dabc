/*
 * Every path that madosim answers, and what stands before each handler:
 * route, token, rate, faults, JSON. Handlers are in send.c, info.c, menu.c,
 * oauth.c and control.c.
 * Source: LINE, "Messaging API reference" (paths, rate limits, errors).
 */
#include <stdio.h>
#include <string.h>

#include <mado/json.h>
#include <mado/log.h>
#include <mado/mem.h>
#include <mado/when.h>

#include "routes.h"

#define BOT  "/v2/bot/"
#define MSG  "/v2/bot/message/"
#define MENU BOT "richmenu"
#define ALL  BOT "user/all/richmenu"
enum { B = ROUTE_BODY, S = ROUTE_SIM, HOUR = 3600, MINUTE = 60 };

static const struct route routes[] = {
    {HTTP_POST, MSG "reply", "reply", send_reply, B, 2000, 1},
    {HTTP_POST, MSG "push", "push", send_push, B, 2000, 1},
    {HTTP_POST, MSG "multicast", "multicast", send_multicast, B, 200, 1},
    {HTTP_POST, MSG "broadcast", "broadcast", send_broadcast, B, 60, HOUR},
    {HTTP_POST, MSG "narrowcast", "narrowcast", send_narrowcast, B, 60, HOUR},
    {HTTP_GET, MSG "progress/narrowcast", "progress", quota_progress, 0, 2000,
	1},
    {HTTP_POST, MSG "validate/*", "validate", send_validate, B, 2000, 1},
    {HTTP_GET, MSG "quota", "quota", quota_limit, 0, 2000, 1},
    {HTTP_GET, MSG "quota/consumption", "quota", quota_consumption, 0, 2000, 1},
    {HTTP_GET, MSG "delivery/*", "delivery", quota_delivery, 0, 2000, 1},
    {HTTP_GET, MSG "*/content", "content", content_get, 0, 2000, 1},
    {HTTP_GET, MSG "*/content/preview", "content", content_preview, 0, 2000, 1},
    {HTTP_GET, MSG "*/content/transcoding", "content", content_transcoding, 0,
	2000, 1},
    {HTTP_GET, BOT "profile/*", "profile", info_profile, 0, 2000, 1},
    {HTTP_GET, BOT "followers/ids", "followers", info_followers, 0, 2000, 1},
    {HTTP_GET, BOT "info", "info", info_bot, 0, 2000, 1},
    {HTTP_GET, BOT "group/*/member/*", "member", info_member, 0, 2000, 1},
    {HTTP_GET, BOT "room/*/member/*", "member", info_member, 0, 2000, 1},
    {HTTP_GET, BOT "group/*/members/ids", "member", info_member_ids, 0, 2000,
	1},
    {HTTP_GET, BOT "room/*/members/ids", "member", info_member_ids, 0, 2000, 1},
    {HTTP_GET, BOT "group/*/members/count", "member", info_member_count, 0,
	2000, 1},
    {HTTP_GET, BOT "room/*/members/count", "member", info_member_count, 0, 2000,
	1},
    {HTTP_GET, BOT "group/*/summary", "summary", info_summary, 0, 2000, 1},
    {HTTP_POST, BOT "group/*/leave", "leave", info_leave, 0, 2000, 1},
    {HTTP_POST, BOT "room/*/leave", "leave", info_leave, 0, 2000, 1},
    {HTTP_POST, BOT "chat/loading/start", "loading", info_loading, B, 100, 1},
    {HTTP_POST, BOT "chat/markAsRead", "markAsRead", info_mark_read, B, 2000,
	1},
    {HTTP_POST, BOT "user/*/linkToken", "linkToken", info_link_token, 0, 2000,
	1},
    {HTTP_GET, BOT "channel/webhook/endpoint", "endpoint", content_get_endpoint,
	0, 1000, MINUTE},
    {HTTP_PUT, BOT "channel/webhook/endpoint", "endpoint", content_put_endpoint,
	B, 1000, MINUTE},
    {HTTP_POST, BOT "channel/webhook/test", "test", content_test_endpoint,
	B | ROUTE_OPTIONAL, 60, HOUR},
    {HTTP_POST, MENU, "richmenu", menu_create, B, 100, HOUR},
    {HTTP_POST, MENU "/validate", "richmenu", menu_validate, B, 2000, 1},
    {HTTP_GET, MENU "/list", "richmenu", menu_list, 0, 10, 1},
    {HTTP_POST, MENU "/*/content", "richmenu", menu_put_picture, 0, 2000, 1},
    {HTTP_GET, MENU "/*/content", "richmenu", menu_get_picture, 0, 2000, 1},
    {HTTP_GET, MENU "/*", "richmenu", menu_get, 0, 2000, 1},
    {HTTP_DELETE, MENU "/*", "richmenu", menu_delete, 0, 100, HOUR},
    {HTTP_GET, ALL, "richmenu", menu_shown, 0, 2000, 1},
    {HTTP_DELETE, ALL, "richmenu", menu_hide, 0, 2000, 1},
    {HTTP_POST, ALL "/*", "richmenu", menu_show, 0, 2000, 1},
    {HTTP_POST, "/oauth2/v3/token", "oauth", oauth_issue, ROUTE_OPEN, 370, 1},
    {HTTP_POST, "/v2/oauth/verify", "oauth", oauth_verify, ROUTE_OPEN, 370, 1},

    {HTTP_GET, "/sim/state", "sim", state_get, S, 0, 0},
    {HTTP_GET, "/sim/events", "sim", control_events, S, 0, 0},
    {HTTP_POST, "/sim/say", "sim", control_say, S | B, 0, 0},
    {HTTP_POST, "/sim/tap", "sim", control_tap, S | B, 0, 0},
    {HTTP_POST, "/sim/unsend", "sim", control_unsend, S | B, 0, 0},
    {HTTP_POST, "/sim/edit", "sim", control_edit, S | B, 0, 0},
    {HTTP_POST, "/sim/follow", "sim", control_follow, S | B, 0, 0},
    {HTTP_POST, "/sim/unfollow", "sim", control_unfollow, S | B, 0, 0},
    {HTTP_POST, "/sim/join", "sim", control_join, S | B, 0, 0},
    {HTTP_GET, "/sim/fault", "sim", control_faults, S, 0, 0},
    {HTTP_POST, "/sim/fault", "sim", control_fault, S | B, 0, 0},
    {HTTP_POST, "/sim/quota", "sim", control_quota, S | B, 0, 0},
    {HTTP_POST, "/sim/account", "sim", control_account, S | B, 0, 0},
};
enum { ROUTES_N = sizeof(routes) / sizeof(routes[0]) };

/* Requests left in the current window, per route. */
static struct bucket {
	int64_t window;
	int used;
} buckets[ROUTES_N];

/* Does the path fit the pattern? Variable segments go to param[]. */
static bool
route_fits(const char *pattern, const char *path, struct call *c)
{
	int n = 0;
	size_t len;

	for (; *pattern != '\0'; pattern++) {
		if (*pattern != '*') {
			if (*pattern != *path++)
				return false;
			continue;
		}
		len = strcspn(path, "/");
		if (len == 0 || n == PARAMS_MAX)
			return false;
		c->param[n++] = arena_strndup(httpd_arena(c->r), path, len);
		path += len;
	}
	return *path == '\0';
}

/* NULL when nothing fits; *known says whether the path alone does. */
static const struct route *
route_find(struct call *c, bool *known)
{
	const char *path = httpd_path(c->r);
	enum httpd_method method = httpd_method(c->r);
	size_t i;

	*known = false;
	if (method == HTTP_HEAD)
		method = HTTP_GET;
	for (i = 0; i < ROUTES_N; i++) {
		if (!route_fits(routes[i].path, path, c))
			continue;
		*known = true;
		if (routes[i].method == method)
			return &routes[i];
	}
	return NULL;
}

/* Fixed windows: near enough to LINE's bucket, and easy to foresee. */
static bool
route_is_crowded(const struct route *r)
{
	struct bucket *b = &buckets[r - routes];
	int64_t window;

	if (r->rate == 0)
		return false;
	window = when_mono_ms() / (r->per_s * 1000);
	if (window != b->window)
		*b = (struct bucket){.window = window};
	return ++b->used > r->rate;
}

static bool
token_is_right(struct call *c)
{
	const char *auth = httpd_header(c->r, "authorization");

	if (c->route->flags & ROUTE_OPEN)
		return true;
	if (auth == NULL || strncasecmp(auth, "Bearer ", 7) != 0)
		return false;
	return oauth_is_token(c->s, auth + 7);
}

/* True when the call was answered here. */
static bool
refuse_early(struct call *c)
{
	struct faults *f = &c->s->faults;
	const char *name = c->route->name;

	if (fault_strikes(f, FAULT_REFUSE, name)) {
		call_drop(c);
		return true;
	}
	if (fault_strikes(f, FAULT_REVOKE_TOKEN, name) || !token_is_right(c)) {
		call_error(c, 401,
		    "Authentication failed due to the following reason: "
		    "invalid token. Confirm that the access token in the "
		    "authorization header is valid.");
		return true;
	}
	if (route_is_crowded(c->route) ||
	    fault_strikes(f, FAULT_RATE_LIMIT, name)) {
		call_error(c, RATE_LIMITED,
		    "The API rate limit has been exceeded. Try again later.");
		return true;
	}
	if (fault_strikes(f, FAULT_ERROR_500, name)) {
		call_error(c, 500, "Internal Server Error");
		return true;
	}
	return false;
}

static bool
is_json_type(const char *type)
{
	size_t n = strlen("application/json");

	return strncasecmp(type, "application/json", n) == 0 &&
	    (type[n] == '\0' || type[n] == ';' || type[n] == ' ');
}

/* The request's JSON object; false when it was answered with what is wrong. */
static bool
take_body(struct call *c)
{
	const char *type = httpd_header(c->r, "content-type");
	size_t n, line = 1, column = 1;
	const char *p = httpd_body(c->r, &n);
	struct err e = {0};

	if (n == 0 && (c->route->flags & ROUTE_OPTIONAL))
		return true;
	if (!(c->route->flags & ROUTE_SIM) &&
	    (type == NULL || !is_json_type(type))) {
		call_error(c, 415, "The content type, %s, is not supported",
		    type != NULL ? type : "null");
		return false;
	}
	c->body = json_parse(p, n, &e);
	if (c->body != NULL && cJSON_IsObject(c->body))
		return true;
	sscanf(e.msg, "not JSON at line %zu, column %zu", &line, &column);
	call_error(c, 400,
	    "The request body could not be parsed as JSON (line: %zu, "
	    "column: %zu)",
	    line, column);
	return false;
}

static void
roll_late_faults(struct call *c)
{
	struct faults *f = &c->s->faults;
	const char *name = c->route->name;

	c->lose = fault_strikes(f, FAULT_LOSE_ANSWER, name);
	c->fail = fault_strikes(f, FAULT_ERROR_500_ACTED, name);
	c->slow = fault_strikes(f, FAULT_SLOW, name);
}

void
routes_request(struct httpd_req *r, void *arg)
{
	struct call *c = call_new(arg, r);
	bool known;

	log_debug("%s %s", httpd_method_name(r), httpd_path(r));
	c->route = route_find(c, &known);
	if (c->route == NULL) {
		call_error(c, known ? 405 : 404,
		    known ? "Method Not Allowed" : "Not found");
		return;
	}
	if (!(c->route->flags & ROUTE_SIM) && refuse_early(c))
		return;
	if ((c->route->flags & ROUTE_BODY) && !take_body(c))
		return;
	if (!(c->route->flags & ROUTE_SIM))
		roll_late_faults(c);
	c->route->fn(c);
}
