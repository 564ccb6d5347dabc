/*
 * One call of the HTTP API: who asks, with what, and the few ways to answer.
 * The route table (routes.c) checks method, role and body; handlers (api_*.c)
 * are thin: a query on the loop's connection, a job for the reader, or an act.
 */
#ifndef MADOD_API_H
#define MADOD_API_H

#include "madod.h"

enum listener { LISTEN_API, LISTEN_PUBLIC, LISTEN_ADMIN };

enum route_flags {
	ROUTE_OPEN = 1,   /* no sign-in; a handler may ask for a ticket */
	ROUTE_PUBLIC = 2, /* also on webhook_listen */
	ROUTE_HIDDEN = 4, /* not in the openapi */
	ROUTE_BODY = 8    /* needs a JSON object */
};

enum {
	CALL_PARAMS = 2,
	SIGN_INS_MAX = 64 /* waiting to be hashed, 64 MiB of work each */
};

struct call {
	struct madod *m;
	struct httpd_req *r;
	const struct route *route;
	struct arena *mem;               /* the request's */
	const char *params[CALL_PARAMS]; /* {names} of the path, in order */
	int64_t user_id;                 /* 0: nobody, or the machine's admin */
	const char *user;                /* name */
	enum role role;
	uint8_t session[32]; /* hash of the token */
	bool has_session;
	cJSON *args; /* NULL without a body */
};

struct route {
	unsigned methods;
	const char *path;
	enum role role; /* the least that may */
	unsigned flags;
	void (*fn)(struct call *c);
	const char *query, *body; /* "name:type ..." for the openapi */
	const char *answer;       /* schema's name, or "" */
	const char *help;
};

extern const struct route routes[]; /* up to one with path NULL */

/* httpd's on_request, on_head. */
void route_request(struct httpd_req *r, void *m);
void route_head(struct httpd_req *r, int64_t length, void *m);

/* Answer and end the call. Each frees c. */
void call_reply(
    struct call *c, int status, const char *type, const struct buf *b);
void call_ok(struct call *c, int status, const struct buf *json);
void call_empty(struct call *c);
void call_err(struct call *c, const struct err *e);
/* A page stamped with epoch and the seq that it is at least as new as:
 * {"epoch":..,"seq":.., and room for more; call_ok() closes nothing. */
void call_stamp(struct call *c, struct buf *b);
/* Put an act of this caller; done gets the call by a->arg. */
struct act *call_act(struct call *c, int (*run)(struct act *, struct err *),
    void (*done)(struct act *));
/* done of acts that answer nothing but success. */
void call_act_done(struct act *a);
/* A query parameter as a number within min..max; false: answered with 400. */
bool call_int(struct call *c, const char *name, int64_t def, int64_t min,
    int64_t max, int64_t *out);
/* Keep c beyond the handler; it is freed by the answer. */
struct call *call_keep(struct call *c);

/* api_webhook.c */
void api_webhook(struct call *c);
/* api_conv.c */
void api_conversations(struct call *c);
void api_conversation(struct call *c);
void api_messages(struct call *c);
void api_message(struct call *c);
void api_verb(struct call *c);
void api_claim(struct call *c);
void api_outbox(struct call *c);
void api_retry(struct call *c);
void api_discard(struct call *c);
void api_media(struct call *c);
/* api_file.c */
int api_upload_head(struct call *c, int64_t length, struct err *e);
void api_upload(struct call *c);
void api_uploads(struct call *c);
void api_upload_rm(struct call *c);
void api_file(struct call *c);
void api_file_preview(struct call *c);
/* cards.c */
void api_cards(struct call *c);
/* api_report.c */
void api_report_cost(struct call *c);
void api_report_auto(struct call *c);
/* page.c */
void page_make_look(struct call *c);
void page_make_upload(struct call *c);
void page_style(struct call *c);
void page_get(struct call *c);
void page_file(struct call *c);
int page_post_head(struct call *c, int64_t length, struct err *e);
void page_post(struct call *c);
/* api_faq.c */
void api_why(struct call *c);
void api_judge(struct call *c);
void api_faqs(struct call *c);
void api_lessons(struct call *c);
void api_review(struct call *c);
void api_faq_reload(struct call *c);
/* api_search.c */
void api_search(struct call *c);
/* api_desk.c */
void api_feed(struct call *c);
void api_presence(struct call *c);
void api_status(struct call *c);
void api_agents(struct call *c);
void api_tags(struct call *c);
void api_canned(struct call *c);
void api_canned_import(struct call *c);
void api_canned_put(struct call *c);
void api_canned_rm(struct call *c);
void api_openapi(struct call *c);
void api_health(struct call *c);
void api_metrics(struct call *c);
/* api_user.c */
void api_sign_in(struct call *c);
void api_sign_out(struct call *c);
void api_me(struct call *c);
void api_password(struct call *c);
void api_users(struct call *c);
void api_user_add(struct call *c);
void api_user_act(struct call *c);
/* The key by which an address' failures are counted; NULL where the address
 * names nobody: loopback, a unix socket, a proxy itself. */
const char *call_addr(struct call *c);
/* May a password or a code be tried, and hashed, now? ERR_LIMITED after wrong
 * ones for that account or from that address (limiter.c's keys, or NULL),
 * ERR_BUSY when too many wait. */
int call_may_try(
    struct call *c, const char *user, const char *addr, struct err *e);
/* ERR_INVALID unless a password can be that. */
int call_password(const char *p, struct err *e);
/* Answer that a session has begun. */
void call_session(struct call *c, const char *token, int64_t expires_ms,
    const struct agent *who);
/* api_join.c */
extern const struct json_table invite_json; /* of struct invite_in */
void api_invite(struct call *c);
void api_join(struct call *c);
/* api_admin.c */
void api_backup(struct call *c);
void api_restore(struct call *c);
/* api_check.c */
void api_check(struct call *c);

/* Who has this token; 0 or the user's id, with name (arena) and role. */
int64_t session_find(struct madod *m, const uint8_t hash[32], struct arena *a,
    const char **name, enum role *role);

/* limiter.c: sign-ins that failed, by account and by address. */
struct limiter;
struct limiter *limiter_new(void);
void limiter_free(struct limiter *l);
/* Seconds to wait, 0: go on. key: "user:sato", "addr:192.0.2.1"; NULL is never
 * counted. */
int64_t limiter_wait_s(struct limiter *l, const char *key, int64_t now_ms);
void limiter_failed(struct limiter *l, const char *key, int64_t now_ms);
void limiter_clear(struct limiter *l, const char *key);

#endif
