/* The table of routes: every path that madosim answers. */
#ifndef MADOSIM_ROUTES_H
#define MADOSIM_ROUTES_H

#include "answer.h"

enum route_flags {
	ROUTE_BODY = 1,     /* takes a JSON object */
	ROUTE_SIM = 2,      /* ours: no token, no faults */
	ROUTE_OPTIONAL = 4, /* the body may be absent */
	ROUTE_OPEN = 8      /* LINE's, but asks for no token */
};

struct route {
	enum httpd_method method;
	const char *path; /* "*" stands for one variable segment */
	const char *name; /* as faults name it */
	void (*fn)(struct call *c);
	int flags;
	int rate, per_s; /* LINE's limit: so many in so many seconds, 0: none */
};

/* httpd's on_request; arg is the struct sim. */
void routes_request(struct httpd_req *r, void *arg);

/* send.c */
void send_reply(struct call *c);
void send_push(struct call *c);
void send_multicast(struct call *c);
void send_broadcast(struct call *c);
void send_narrowcast(struct call *c);
void send_validate(struct call *c);

/* quota.c */
void quota_limit(struct call *c);
void quota_consumption(struct call *c);
void quota_delivery(struct call *c);
void quota_progress(struct call *c);

/* info.c */
void info_bot(struct call *c);
void info_profile(struct call *c);
void info_followers(struct call *c);
void info_member(struct call *c);
void info_member_ids(struct call *c);
void info_member_count(struct call *c);
void info_summary(struct call *c);
void info_leave(struct call *c);
void info_loading(struct call *c);
void info_mark_read(struct call *c);
void info_link_token(struct call *c);

/* menu.c */
void menu_create(struct call *c);
void menu_validate(struct call *c);
void menu_get(struct call *c);
void menu_list(struct call *c);
void menu_delete(struct call *c);
void menu_put_picture(struct call *c);
void menu_get_picture(struct call *c);
void menu_show(struct call *c);
void menu_shown(struct call *c);
void menu_hide(struct call *c);

/* oauth.c */
void oauth_issue(struct call *c);
void oauth_verify(struct call *c);
/* Is it one that the API takes now? */
bool oauth_is_token(struct sim *s, const char *token);

/* content.c */
void content_get(struct call *c);
void content_preview(struct call *c);
void content_transcoding(struct call *c);
void content_get_endpoint(struct call *c);
void content_put_endpoint(struct call *c);
void content_test_endpoint(struct call *c);

/* control.c */
void control_events(struct call *c);
void control_say(struct call *c);
void control_tap(struct call *c);
void control_unsend(struct call *c);
void control_edit(struct call *c);
void control_follow(struct call *c);
void control_unfollow(struct call *c);
void control_join(struct call *c);
void control_fault(struct call *c);
void control_faults(struct call *c);
void control_quota(struct call *c);
void control_account(struct call *c);

/* state.c */
void state_get(struct call *c);

#endif
