/*
 * The desk's HTTP: what is asked for each operation, and what is made of every
 * kind of answer: rows, problems, proxies and portals in between, nobody.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mado/crypto.h>
#include <mado/httpd.h>

#include "../../src/mado/desk.h"

struct place {
	struct loop *loop;
	struct fetch *fetch;
	struct httpd *httpd;
	struct desk *desk;
	char *url;
	/* what is answered */
	int status;
	const char *type, *body;
	/* what was asked */
	char asked[256], sent[256], auth[64];
	/* what came of it */
	struct err err;
	size_t convs, msgs, events;
	char first[64], cursor[32];
	int64_t epoch, seq;
	bool more, maybe_done;
};

static void
add_query(struct place *p, const struct httpd_req *r, const char *name)
{
	const char *v = httpd_query(r, name);
	size_t n = strlen(p->asked);

	if (v != NULL)
		snprintf(p->asked + n, sizeof(p->asked) - n, " %s=%s", name, v);
}

static void
on_request(struct httpd_req *r, void *arg)
{
	static const char *const names[] = {"view", "tag", "assignee", "query",
	    "limit", "after", "before", "wait", "contact"};
	struct place *p = arg;
	const char *auth = httpd_header(r, "authorization");
	size_t n;

	snprintf(p->asked, sizeof(p->asked), "%s %s", httpd_method_name(r),
	    httpd_path(r));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		add_query(p, r, names[i]);
	snprintf(p->sent, sizeof(p->sent), "%s", httpd_body(r, &n));
	snprintf(p->auth, sizeof(p->auth), "%s", auth == NULL ? "" : auth);
	if (p->status == 0)
		httpd_drop(r);
	else
		httpd_reply(r, p->status, p->type, p->body, strlen(p->body));
}

static int
setup(void **state)
{
	struct place *p = x_new(struct place);
	struct httpd_opts o = {.on_request = on_request, .arg = p};
	struct desk_opts d = {.token = "secret"};

	crypto_init();
	p->loop = loop_new();
	p->fetch = fetch_new(p->loop, 2);
	p->httpd = httpd_new(p->loop, &o);
	httpd_listen(p->httpd, "127.0.0.1:0", NULL, 0, &p->url, NULL);
	d.url = p->url;
	p->desk = desk_new(p->fetch, &d, NULL);
	*state = p;
	return p->desk == NULL;
}

static int
teardown(void **state)
{
	struct place *p = *state;

	desk_free(p->desk);
	fetch_free(p->fetch);
	httpd_free(p->httpd);
	loop_free(p->loop);
	x_free(p->url);
	x_free(p);
	return 0;
}

static void
use(const struct desk_answer *a, void *arg)
{
	struct place *p = arg;

	p->convs = a->n_convs;
	p->msgs = a->n_msgs;
	p->events = a->n_events;
	p->epoch = a->epoch;
	p->seq = a->seq;
	p->more = a->more;
	p->maybe_done = a->maybe_done;
	snprintf(p->cursor, sizeof(p->cursor), "%s",
	    a->cursor == NULL ? "" : a->cursor);
	if (a->n_convs > 0 && a->convs[0]->contact != NULL)
		snprintf(p->first, sizeof(p->first), "%s",
		    a->convs[0]->contact->name);
	else if (a->n_msgs > 0)
		snprintf(p->first, sizeof(p->first), "%s", a->msgs[0]->text);
}

/* Ask, with that answer; what came of it is in p. */
static void
ask(struct place *p, const struct desk_call *c, int status, const char *type,
    const char *body)
{
	p->status = status;
	p->type = type;
	p->body = body;
	err_clear(&p->err);
	desk_ask(p->desk, p->loop, c, use, p, &p->err);
}

#define JSON    "application/json"
#define PROBLEM "application/problem+json"

static void
test_requests(void **state)
{
	static const struct {
		struct desk_call call;
		const char *asked, *sent;
	} rows[] = {
	    {{.op = DESK_LIST, .view = "mine", .limit = 5, .cursor = "a b&c"},
		"GET /v1/conversations view=mine limit=5 after=a b&c", ""},
	    {{.op = DESK_LIST, .query = "返品", .tag = "急", .assignee = "x"},
		"GET /v1/conversations tag=急 assignee=x query=返品", ""},
	    {{.op = DESK_GET, .number = 42}, "GET /v1/conversations/42", ""},
	    {{.op = DESK_MESSAGES, .number = 7, .contact = true, .cursor = "c"},
		"GET /v1/conversations/7/messages before=c contact=1", ""},
	    {{.op = DESK_MESSAGE, .id = "a/b c"}, "GET /v1/messages/a/b c", ""},
	    {{.op = DESK_FEED, .after = 9, .wait_s = 25, .limit = 500},
		"GET /v1/feed limit=500 after=9 wait=25", ""},
	    {{.op = DESK_ACT, .number = 3, .verb = "follow-up"},
		"POST /v1/conversations/3/follow-up", "{}"},
	    {{.op = DESK_ACT, .verb = "claim"}, "POST /v1/claim", "{}"},
	    {{.op = DESK_CANNED_RM, .id = "挨拶"}, "DELETE /v1/canned/挨拶",
		""},
	    {{.op = DESK_RETRY, .id = "x"}, "POST /v1/outbox/x/retry", "{}"},
	    {{.op = DESK_RAW, .method = "GET", .path = "/healthz"},
		"GET /healthz", ""},
	};
	struct place *p = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ask(p, &rows[i].call, 200, JSON, "{}");
		assert_int_equal(p->err.code, ERR_NONE);
		assert_string_equal(p->asked, rows[i].asked);
		assert_string_equal(p->sent, rows[i].sent);
		assert_string_equal(p->auth, "Bearer secret");
	}
}

static void
test_rows(void **state)
{
	struct place *p = *state;
	const struct desk_call list = {.op = DESK_LIST},
			       page = {.op = DESK_MESSAGES, .number = 1},
			       feed = {.op = DESK_FEED};

	ask(p, &list, 200, JSON,
	    "{\"epoch\":2,\"seq\":7,\"next\":\"n1\",\"conversations\":"
	    "[{\"number\":1,\"contact\":{\"id\":1,\"name\":\"山田\"}},"
	    "{\"number\":2}]}");
	assert_int_equal(p->convs, 2);
	assert_int_equal(p->epoch, 2);
	assert_int_equal(p->seq, 7);
	assert_string_equal(p->first, "山田");
	assert_string_equal(p->cursor, "n1");
	ask(p, &page, 200, JSON,
	    "{\"before\":null,\"messages\":[{\"id\":\"a\",\"text\":\"x\"}]}");
	assert_int_equal(p->msgs, 1);
	assert_string_equal(p->cursor, "");
	ask(p, &feed, 200, JSON,
	    "{\"more\":true,\"events\":[{\"seq\":1,\"kind\":\"a\"}]}");
	assert_int_equal(p->events, 1);
	assert_true(p->more);
}

static void
answers(struct place *p, int status, const char *type, const char *body,
    enum err_code code)
{
	const struct desk_call act = {
	    .op = DESK_ACT, .number = 1, .verb = "reply"};

	ask(p, &act, status, type, body);
	if (p->err.code != code)
		fail_msg("%d %s: %s, %s", status, body, err_name(p->err.code),
		    p->err.msg);
}

static void
test_problems(void **state)
{
	struct place *p = *state;

	answers(p, 409, PROBLEM,
	    "{\"code\":\"unseen_messages\",\"detail\":\"look\","
	    "\"messages\":[{\"id\":\"m\",\"text\":\"見て\"}]}",
	    ERR_UNSEEN);
	assert_string_equal(p->err.msg, "look");
	assert_int_equal(p->msgs, 1);
	assert_string_equal(p->first, "見て");
	answers(p, 403, PROBLEM,
	    "{\"code\":\"account_disabled\",\"detail\":\"x\"}", ERR_DISABLED);
	answers(p, 400, PROBLEM, "{\"code\":\"of_later\",\"detail\":\"x\"}",
	    ERR_FAILED);
	answers(p, 503, PROBLEM,
	    "{\"code\":\"not_storable_now\",\"detail\":\"x\"}", ERR_BUSY);
}

/* Whoever else may answer: nothing may look as if it was done. */
static void
test_strangers(void **state)
{
	struct place *p = *state;

	answers(p, 200, "text/html", "<html>Welcome to the hotel", ERR_NET);
	answers(p, 302, "text/html", "", ERR_NET);
	answers(p, 502, "text/html", "<html>", ERR_NET);
	answers(p, 504, "text/html", "<html>", ERR_NET);
	answers(p, 503, "text/html", "<html>", ERR_BUSY);
	answers(p, 500, "text/html", "<html>", ERR_INTERNAL);
	answers(p, 404, "text/html", "<html>", ERR_NOTFOUND);
	answers(p, 418, "text/html", "<html>", ERR_FAILED);
	answers(p, 200, JSON, "{\"seq\":", ERR_NET);
	answers(p, 200, JSON, "{\"conversation\":{\"number\":\"x\"}}",
	    ERR_INTERNAL);
	answers(p, 202, JSON, "{\"seq\":1}", ERR_NONE);
	answers(p, 204, NULL, "", ERR_NONE);
}

static void
test_nobody(void **state)
{
	struct place *p = *state;

	answers(p, 0, NULL, "", ERR_NET); /* closed without an answer */
	assert_true(p->maybe_done);
	httpd_free(p->httpd);
	p->httpd = NULL;
	answers(p, 0, NULL, "", ERR_NET);
	assert_false(p->maybe_done);
}

static void
never(const struct desk_answer *a, void *arg)
{
	(void)a;
	(void)arg;
	fail_msg("called after it was cancelled");
}

static void
test_cancel(void **state)
{
	struct place *p = *state;
	const struct desk_call me = {.op = DESK_ME};
	struct desk_req *r;

	p->status = 200;
	p->type = JSON;
	p->body = "{}";
	r = desk_start(p->desk, &me, never, NULL);
	desk_cancel(r);
	desk_cancel(NULL);
	desk_start(p->desk, &me, never, NULL);
	desk_free(p->desk); /* cancels the second */
	p->desk = NULL;
	for (int i = 0; i < 5; i++)
		loop_turn(p->loop, 10);
}

static void
test_media(void **state)
{
	struct place *p = *state;
	char path[] = "/tmp/test_mado_desk.XXXXXX";
	struct desk_call c = {.op = DESK_MEDIA, .id = "m", .to_file = path};
	struct buf b = {0};

	close(mkstemp(path));
	ask(p, &c, 200, "image/png", "PNG");
	assert_int_equal(p->err.code, ERR_NONE);
	assert_int_equal(buf_read_file(&b, path, 100, NULL), 0);
	assert_string_equal(buf_str(&b), "PNG");
	ask(p, &c, 410, PROBLEM, "{\"code\":\"gone\",\"detail\":\"x\"}");
	assert_int_equal(p->err.code, ERR_GONE);
	ask(p, &c, 302, "text/html", "");
	assert_int_equal(p->err.code, ERR_NET);
	buf_free(&b);
	unlink(path);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {T(test_requests), T(test_rows),
	    T(test_problems), T(test_strangers), T(test_nobody), T(test_cancel),
	    T(test_media)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
