/*
 * Everything the server does, one row each, with the role as a column; and the
 * way from a request to its row: listener, path, method, who asks, body.
 */
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include <mado/crypto.h>
#include <mado/log.h>
#include <mado/when.h>

#include "api.h"
#include "members.h"

#define G HTTP_GET
#define P HTTP_POST

const struct route routes[] = {
    {P, "/line/{channel}/webhook", 0, ROUTE_OPEN | ROUTE_PUBLIC | ROUTE_HIDDEN,
	api_webhook, "", "", "", "LINE's events."},
    {G, "/healthz", 0, ROUTE_OPEN | ROUTE_PUBLIC | ROUTE_HIDDEN, api_health, "",
	"", "", "Alive."},
    {G, "/metrics", 0, ROUTE_OPEN | ROUTE_HIDDEN, api_metrics, "", "", "",
	"Prometheus text; loopback, or a supervisor."},
    {G, "/v1/openapi.json", 0, ROUTE_OPEN, api_openapi, "", "", "",
	"This description."},
    {P, "/v1/session", 0, ROUTE_OPEN | ROUTE_BODY, api_sign_in, "",
	"name:string! password:string!", "session", "Sign in."},
    {HTTP_DELETE, "/v1/session", ROLE_VIEWER, 0, api_sign_out, "", "", "",
	"Sign out."},
    {P, "/v1/join", 0, ROUTE_OPEN | ROUTE_BODY, api_join, "",
	"code:string! password:string", "session",
	"Sign in by an invitation's code, and set a password."},
    {G, "/v1/me", ROLE_VIEWER, 0, api_me, "", "", "me", "Who am I, and where."},
    {P, "/v1/me/password", ROLE_VIEWER, ROUTE_BODY, api_password, "",
	"old:string! new:string!", "", "Change one's password."},
    {G, "/v1/conversations", ROLE_VIEWER, 0, api_conversations,
	"view:string tag:string assignee:string query:string limit:int "
	"after:string",
	"", "conversations",
	"A view, in inbox order; query is a filter of mado(1). A page of one may "
	"be short, and the next not empty."},
    {G, "/v1/conversations/{number}", ROLE_VIEWER, 0, api_conversation, "", "",
	"conversation", "One conversation."},
    {G, "/v1/conversations/{number}/messages", ROLE_VIEWER, 0, api_messages,
	"limit:int before:string contact:int", "", "messages",
	"Its messages, oldest first."},
    {G, "/v1/conversations/{number}/cards", ROLE_VIEWER, 0, api_cards, "", "",
	"", "What [card] and [link] sections know of it."},
    {P, "/v1/conversations/{number}/{verb}", ROLE_AGENT, 0, api_verb, "", "",
	"verb", "Do a verb on it."},
    {P, "/v1/claim", ROLE_AGENT, 0, api_claim, "", "", "verb",
	"Take the next waiting."},
    {G, "/v1/feed", ROLE_VIEWER, 0, api_feed,
	"after:int wait:int limit:int client:string", "", "feed",
	"What happened after a seq; waits for it if asked to. A client of "
	"/v1/presence is also told who is there, in \"presence\"."},
    {P, "/v1/presence", ROLE_VIEWER, ROUTE_BODY, api_presence, "",
	"client:string! conversation:int typing:bool", "presence",
	"Where a client is, 0 for nowhere, and whether somebody types there; "
	"answers who else is. It holds while the client asks for the feed."},
    {G, "/v1/status", ROLE_VIEWER, 0, api_status, "", "", "status",
	"Counts, channels, quota."},
    {G, "/v1/search", ROLE_VIEWER, 0, api_search,
	"query:string! limit:int after:string", "", "hits",
	"Messages with all of the words, newest first."},
    {G, "/v1/agents", ROLE_VIEWER, 0, api_agents, "", "", "agents",
	"Who works here."},
    {G, "/v1/tags", ROLE_VIEWER, 0, api_tags, "", "", "",
	"The tags in use, in \"tags\", the most used first; @ is a contact's."},
    {G, "/v1/canned", ROLE_VIEWER, 0, api_canned, "", "", "canned_list",
	"The team's canned replies and one's own."},
    {P, "/v1/canned", ROLE_AGENT, ROUTE_BODY, api_canned_import, "",
	"canned:objects!", "", "Add or replace many, or none."},
    {HTTP_PUT, "/v1/canned/{name}", ROLE_AGENT, ROUTE_BODY, api_canned_put, "",
	"text:string! reading:string tags:strings personal:bool", "",
	"Add or replace one; what is left out of reading and tags stays."},
    {HTTP_DELETE, "/v1/canned/{name}", ROLE_AGENT, 0, api_canned_rm,
	"personal:int", "", "", "Remove one; personal=1: one's own."},
    {G, "/v1/outbox", ROLE_VIEWER, 0, api_outbox, "", "", "messages",
	"Sends under way or undecided."},
    {P, "/v1/outbox/{id}/retry", ROLE_AGENT, 0, api_retry, "", "confirm:bool",
	"verb", "Send it anew."},
    {P, "/v1/outbox/{id}/discard", ROLE_AGENT, 0, api_discard, "", "", "verb",
	"Give it up."},
    {G, "/v1/messages/{id}", ROLE_VIEWER, 0, api_message, "", "", "message",
	"One message."},
    {G, "/v1/messages/{id}/why", ROLE_VIEWER, 0, api_why, "", "", "why",
	"What the bot decided about it, and by what."},
    {P, "/v1/messages/{id}/judge", ROLE_AGENT, ROUTE_BODY, api_judge, "",
	"right:bool! faq:string", "why",
	"Say that the bot's answer was right or wrong, or which FAQ is."},
    {G, "/v1/faqs", ROLE_VIEWER, 0, api_faqs, "channel:string", "", "faqs",
	"What the bot knows to answer."},
    {G, "/v1/faqs/lessons", ROLE_SUPERVISOR, 0, api_lessons,
	"channel:string state:int", "", "lessons",
	"What taps and agents would teach: state 0 new, 1 taken, 2 dropped."},
    {P, "/v1/faqs/lessons", ROLE_SUPERVISOR, ROUTE_BODY, api_review, "",
	"lessons:objects!", "", "Take lessons into the next import, or drop."},
    {P, "/v1/faqs/reload", ROLE_SUPERVISOR, 0, api_faq_reload, "", "", "",
	"Read the models anew, after an import."},
    {G, "/v1/media/{id}", ROLE_VIEWER, 0, api_media, "", "", "",
	"A message's picture, film, sound or file."},
    {P, "/v1/uploads", ROLE_AGENT, ROUTE_HIDDEN, api_upload,
	"name:string! number:int", "", "uploads",
	"The body is a file to send: keep it."},
    {G, "/v1/uploads", ROLE_VIEWER, 0, api_uploads, "number:int", "", "uploads",
	"Files of ours that are kept, newest first."},
    {G, "/v1/uploads/{id}", ROLE_VIEWER, 0, api_uploads, "", "", "uploads",
	"One of them."},
    {HTTP_DELETE, "/v1/uploads/{id}", ROLE_AGENT, 0, api_upload_rm, "", "", "",
	"Erase it; its link ends. One that was sent: a supervisor."},
    {G, "/m/{token}", 0, ROUTE_OPEN | ROUTE_PUBLIC | ROUTE_HIDDEN, api_file, "",
	"", "", "A file that was sent to a customer."},
    {G, "/m/{token}/preview", 0, ROUTE_OPEN | ROUTE_PUBLIC | ROUTE_HIDDEN,
	api_file_preview, "", "", "", "Its preview."},
    {G, "/v1/report/cost", ROLE_VIEWER, 0, api_report_cost,
	"from:string to:string", "", "",
	"What answering took of the quota, and where the month will end."},
    {G, "/v1/report/auto", ROLE_VIEWER, 0, api_report_auto,
	"from:string to:string", "", "",
	"What the bot did: answered, offered, handed over, and how right."},
    {P, "/v1/media/{id}/page", ROLE_VIEWER, 0, page_make_look, "", "", "page",
	"Ten minutes' page of that one picture, film, sound or file."},
    {P, "/v1/upload-page", ROLE_AGENT, ROUTE_BODY, page_make_upload, "",
	"number:int!", "page",
	"Ten minutes' page on which files for a reply are chosen, once."},
    {G, "/u/style.css", 0, ROUTE_OPEN | ROUTE_PUBLIC | ROUTE_HIDDEN, page_style,
	"", "", "", "How pages look."},
    {G, "/u/{ticket}", 0, ROUTE_OPEN | ROUTE_PUBLIC | ROUTE_HIDDEN, page_get,
	"", "", "", "Such a page."},
    {P, "/u/{ticket}", 0, ROUTE_OPEN | ROUTE_PUBLIC | ROUTE_HIDDEN, page_post,
	"", "", "", "Files chosen on it."},
    {G, "/u/{ticket}/file", 0, ROUTE_OPEN | ROUTE_PUBLIC | ROUTE_HIDDEN,
	page_file, "", "", "", "What it shows."},
    {G, "/v1/users", ROLE_ADMIN, 0, api_users, "", "", "agents",
	"Accounts, disabled ones too."},
    {P, "/v1/users", ROLE_ADMIN, ROUTE_BODY, api_user_add, "",
	"name:string! role:string! display:string password:string", "",
	"Make an account."},
    {P, "/v1/users/{name}/invite", ROLE_ADMIN, 0, api_invite, "", "hours:int",
	"invite", "A code by which the account becomes somebody's, once."},
    {P, "/v1/users/{name}/{what}", ROLE_ADMIN, 0, api_user_act, "",
	"role:string password:string", "",
	"Change it: role, passwd, disable, enable or sign-out."},
    {P, "/v1/backup", ROLE_ADMIN, ROUTE_BODY | ROUTE_HIDDEN, api_backup, "", "",
	"", "Copy the store into a file of this machine."},
    {P, "/v1/restore", ROLE_ADMIN, ROUTE_BODY | ROUTE_HIDDEN, api_restore, "",
	"", "", "Put a backup of this machine in place of the store."},
    {G, "/v1/check", ROLE_ADMIN, ROUTE_HIDDEN, api_check, "", "", "",
	"The store; with own=1 the desk, with line=1 LINE, too."},
    {0}};

/* Bodies that are files: asked for when the head has come; 0 after
 * files_take() or an answer. */
static const struct {
	void (*fn)(struct call *c);
	int (*head)(struct call *c, int64_t length, struct err *e);
} file_routes[] = {{api_upload, api_upload_head}, {page_post, page_post_head}};

struct call *
call_keep(struct call *c)
{
	struct call *k = arena_new_of(c->mem, struct call);

	*k = *c;
	c->args = NULL;
	return k;
}

/* A row that could not be read is not a row that is not there: nobody shall
 * be signed out, and no message be taken for erased, by a failing disk. */
static bool
call_unreadable(struct call *c)
{
	struct err e = {0};

	if (sql_err(c->m->db, &e) == 0)
		return false;
	log_error(
	    "%s %s: %s", httpd_method_name(c->r), httpd_path(c->r), e.msg);
	e.code = ERR_BUSY;
	httpd_reply_err(c->r, &e);
	return true;
}

/* The request's arena, and c with it, goes with the reply: args first. */
void
call_reply(struct call *c, int status, const char *type, const struct buf *b)
{
	cJSON_Delete(c->args);
	if (call_unreadable(c))
		return;
	httpd_reply(c->r, status, type, b->p, b->n);
}

void
call_ok(struct call *c, int status, const struct buf *json)
{
	call_reply(c, status, "application/json", json);
}

void
call_empty(struct call *c)
{
	cJSON_Delete(c->args);
	httpd_reply(c->r, 204, NULL, NULL, 0);
}

void
call_err(struct call *c, const struct err *e)
{
	cJSON_Delete(c->args);
	if (!call_unreadable(c))
		httpd_reply_err(c->r, e);
}

void
call_stamp(struct call *c, struct buf *b)
{
	buf_printf(b, "{\"epoch\":%lld,\"seq\":%lld", (long long)c->m->epoch,
	    (long long)c->m->seq);
}

struct act *
call_act(struct call *c, int (*run)(struct act *, struct err *),
    void (*done)(struct act *))
{
	struct call *k = call_keep(c);
	struct act *a = act_new(run, done, k);

	a->actor = k->user;
	a->actor_id = k->user_id;
	a->args = k->args;
	return a;
}

void
call_act_done(struct act *a)
{
	struct call *c = a->arg;

	if (a->err.code != ERR_NONE)
		call_err(c, &a->err);
	else
		call_empty(c);
}

bool
call_int(struct call *c, const char *name, int64_t def, int64_t min,
    int64_t max, int64_t *out)
{
	const char *s = httpd_query(c->r, name);
	struct err e = {0};
	char *end;

	*out = def;
	if (s == NULL || *s == '\0')
		return true;
	*out = strtoll(s, &end, 10);
	if (*end == '\0' && *out >= min && *out <= max)
		return true;
	err_set(&e, ERR_INVALID, "\"%s\" must be a number from %lld to %lld",
	    name, (long long)min, (long long)max);
	call_err(c, &e);
	return false;
}

/* Does the path fit the pattern? {names} go into params. */
static bool
route_fits(const char *pattern, const char *path, struct arena *a,
    const char *params[CALL_PARAMS])
{
	size_t n, i = 0;

	while (*pattern != '\0') {
		if (*pattern != '{') {
			if (*pattern++ != *path++)
				return false;
			continue;
		}
		n = strcspn(path, "/");
		if (n == 0)
			return false;
		params[i++] = arena_strndup(a, path, n);
		path += n;
		pattern = strchr(pattern, '}') + 1;
	}
	return *path == '\0';
}

/* 405 says what would be possible (RFC 9110, 15.5.6). */
static void
route_allow(struct call *c, int methods)
{
	static const struct {
		int method;
		const char *name;
	} names[] = {{HTTP_GET, "GET, HEAD"}, {HTTP_POST, "POST"},
	    {HTTP_PUT, "PUT"}, {HTTP_DELETE, "DELETE"}};
	struct buf b = {0};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (methods & names[i].method)
			buf_printf(
			    &b, "%s%s", b.n > 0 ? ", " : "", names[i].name);
	httpd_set_header(c->r, "Allow", buf_str(&b));
	buf_free(&b);
}

/* The row for a request; NULL with 404 or 405. */
static const struct route *
route_find(struct call *c, struct err *e)
{
	enum httpd_method method = httpd_method(c->r);
	bool public = httpd_tag(c->r) == LISTEN_PUBLIC;
	const struct route *t;
	int there = 0;

	if (method == HTTP_HEAD)
		method = HTTP_GET;
	for (t = routes; t->path != NULL; t++) {
		if ((public && !(t->flags & ROUTE_PUBLIC)) ||
		    !route_fits(t->path, httpd_path(c->r), c->mem, c->params))
			continue;
		if (t->methods & method)
			return t;
		there |= t->methods;
	}
	if (there != 0) {
		route_allow(c, there);
		err_set(e, ERR_METHOD, "%s is not possible there",
		    httpd_method_name(c->r));
	} else
		err_set(e, ERR_NOTFOUND, "there is nothing at %s",
		    httpd_path(c->r));
	return NULL;
}

int64_t
session_find(struct madod *m, const uint8_t hash[32], struct arena *a,
    const char **name, enum role *role)
{
	struct sql_rows *q;
	int64_t id = 0;

	q = sql_query(m->db,
	    "SELECT u.id,u.name,u.role FROM session s JOIN user u ON"
	    " u.id=s.user WHERE s.hash=?1 AND s.expires_at>?2"
	    " AND u.disabled=0",
	    "bi", hash, (size_t)32, when_now_ms());
	if (sql_next(q)) {
		id = sql_int(q, 0);
		*name = arena_strdup(a, sql_text(q, 1));
		*role = (enum role)sql_int(q, 2);
		sql_done(q);
	}
	return id;
}

/* A disabled account is told so: its client then wipes what it has kept. */
static int
route_nobody(struct call *c, struct err *e)
{
	if (sql_get_int(c->m->db, 0,
		"SELECT u.disabled FROM session s JOIN user u ON u.id=s.user"
		" WHERE s.hash=?1",
		"b", c->session, sizeof(c->session)) != 0)
		return err_set(e, ERR_DISABLED, "this account is disabled");
	return err_set(
	    e, ERR_AUTH, "the sign-in has expired or was ended; sign in again");
}

static int
route_bearer(struct call *c, struct err *e)
{
	const char *h = httpd_header(c->r, "authorization");

	if (h == NULL || strncasecmp(h, "Bearer ", 7) != 0)
		return err_set(e, ERR_AUTH, "not signed in");
	h += 7 + strspn(h + 7, " ");
	crypto_sha256(h, strlen(h), c->session);
	c->user_id = session_find(c->m, c->session, c->mem, &c->user, &c->role);
	c->has_session = c->user_id != 0;
	return c->has_session ? 0 : route_nobody(c, e);
}

/* On a unix listener the operating system's user is the account. */
static int
route_peer(struct call *c, struct err *e)
{
	struct passwd *pw = getpwuid(httpd_peer_uid(c->r));
	struct sql_rows *q;
	bool disabled;

	if (pw == NULL)
		return err_set(e, ERR_AUTH, "the user id %d has no name here",
		    (int)httpd_peer_uid(c->r));
	q = sql_query(c->m->db,
	    "SELECT id,name,role,disabled FROM user WHERE name=?1", "s",
	    pw->pw_name);
	if (!sql_next(q))
		return err_set(
		    e, ERR_AUTH, "%s has no account at this desk", pw->pw_name);
	c->user_id = sql_int(q, 0);
	c->user = arena_strdup(c->mem, sql_text(q, 1));
	c->role = (enum role)sql_int(q, 2);
	disabled = sql_int(q, 3) != 0;
	sql_done(q);
	return disabled ? err_set(e, ERR_DISABLED, "this account is disabled")
			: 0;
}

static int
route_who(struct call *c, struct err *e)
{
	if (httpd_tag(c->r) == LISTEN_ADMIN) {
		c->user = "admin";
		c->role = ROLE_ADMIN;
		return 0;
	}
	if (httpd_peer_uid(c->r) != (uid_t)-1 &&
	    httpd_header(c->r, "authorization") == NULL)
		return route_peer(c, e);
	return route_bearer(c, e);
}

static int
route_body(struct call *c, struct err *e)
{
	const char *p;
	size_t n;

	p = httpd_body(c->r, &n);
	if (n == 0 && !(c->route->flags & ROUTE_BODY))
		return 0;
	if (n > BODY_MAX_B)
		return err_set(e, ERR_TOOBIG, "the body is larger than %d KiB",
		    BODY_MAX_B >> 10);
	if ((c->args = json_parse(p, n, e)) == NULL)
		return err_prefix(e, "the body");
	if (!cJSON_IsObject(c->args))
		return err_set(
		    e, ERR_INVALID, "the body must be a JSON object");
	return members_check(c->route->body, c->args, e);
}

/* The row, and whether its role is the caller's. */
static int
route_open(struct call *c, struct err *e)
{
	if (c->m->restoring)
		return err_set(
		    e, ERR_BUSY, "the desk is being restored; try again");
	if ((c->route = route_find(c, e)) == NULL)
		return -1;
	if (c->route->flags & ROUTE_OPEN)
		return 0;
	if (route_who(c, e) == -1)
		return -1;
	if (c->role < c->route->role)
		return err_set(e, ERR_ROLE,
		    "the role %s may not do that; it takes the role %s",
		    role_names[c->role], role_names[c->route->role]);
	return 0;
}

/* The index in file_routes[], -1: none. */
static int
route_file(const struct route *t)
{
	for (size_t i = 0; i < sizeof(file_routes) / sizeof(file_routes[0]);
	     i++)
		if (file_routes[i].fn == t->fn)
			return (int)i;
	return -1;
}

/* LINE's bodies are signed bytes, files are files: no JSON is read there. */
static bool
route_takes_json(const struct route *t)
{
	return t->fn != api_webhook && route_file(t) == -1;
}

void
route_request(struct httpd_req *r, void *m)
{
	struct call c = {.m = m, .r = r, .mem = httpd_arena(r)};
	struct err e = {0};

	if (route_open(&c, &e) == -1 ||
	    (route_takes_json(c.route) && route_body(&c, &e) == -1))
		call_err(&c, &e);
	else
		c.route->fn(&c);
}

/* Who may not, or sends too much, is told before the file has come. */
void
route_head(struct httpd_req *r, int64_t length, void *m)
{
	struct call c = {.m = m, .r = r, .mem = httpd_arena(r)};
	struct err e = {0};
	int i;

	c.route = route_find(&c, NULL);
	if (c.route == NULL || (i = route_file(c.route)) == -1)
		return;
	if (route_open(&c, &e) == -1 ||
	    file_routes[i].head(&c, length, &e) == -1)
		call_err(&c, &e);
}
