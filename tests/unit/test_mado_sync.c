/*
 * sync, outbox and the desk's HTTP against a small desk on the same loop:
 * first load, live, reconnect, new epochs, acts while offline, lost answers,
 * refusals, undo, older pages, signed out, disabled.
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
#include <mado/when.h>

#include "../../src/mado/sync.h"

enum { ROWS_MAX = 16, PAGE = 2, PATIENCE_MS = 30000 };

/* The desk: rows, a feed, and what is to go wrong. */
struct fake {
	struct httpd *httpd;
	char *url;
	int64_t epoch, seq;
	struct conv convs[ROWS_MAX];
	struct contact contacts[ROWS_MAX];
	size_t n;
	char *events[ROWS_MAX]; /* JSON; NULL without */
	int64_t event_seqs[ROWS_MAX];
	size_t n_events;
	struct httpd_req *feed; /* waits */
	int64_t feed_after;
	struct buf log;    /* "list?.. feed?after=3 reply#1 " */
	struct buf bodies; /* of acts */
	bool down;         /* no answer at all */
	bool lose_answer;  /* the next act is done, its answer is lost */
	bool hold_act;     /* the next act is answered later */
	struct httpd_req *held;
	enum err_code refuse; /* acts and the feed are refused with it */
	bool bump_on_page_2;  /* something changes while pages are read */
	int older_calls;
};

struct place {
	char dir[64];
	uint8_t key[CRYPTO_KEY_B];
	struct loop *loop;
	struct fetch *fetch;
	struct desk *desk;
	struct store *store;
	struct sync *sync;
	struct arena *arena;
	struct fake f;
	/* what the hooks said */
	enum sync_link link;
	int convs, lists, messages, acts, outbox;
	bool erased;
	struct err act_err;
	char act_verb[16];
	int64_t claimed;
};

/* the desk's answers */

static void
put_conv_json(struct buf *b, const struct conv *c)
{
	json_encode(b, &conv_json, c);
}

static void
send_json(struct httpd_req *r, int status, struct buf *b)
{
	httpd_reply(r, status, "application/json", b->p, b->n);
	buf_free(b);
}

static struct conv *
fake_conv(struct fake *f, int64_t number)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->convs[i].number == number)
			return &f->convs[i];
	return NULL;
}

static struct conv *
fake_add(struct fake *f, int64_t number, int status)
{
	struct conv *c = &f->convs[f->n];
	struct contact *who = &f->contacts[f->n++];

	*who = (struct contact){.id = 100 + number, .name = "山田"};
	*c = (struct conv){.number = number,
	    .contact = who,
	    .channel = "main",
	    .mode = MODE_MANUAL,
	    .status = status,
	    .opened_ms = 1000 + number,
	    .rev = ++f->seq};
	return c;
}

static void
answer_feed(struct fake *f)
{
	struct httpd_req *r = f->feed;
	struct buf b = {0};
	int n = 0;

	f->feed = NULL;
	buf_printf(&b, "{\"epoch\":%d,\"seq\":%d,\"more\":false,\"events\":[",
	    (int)f->epoch, (int)f->seq);
	for (size_t i = 0; i < f->n_events; i++)
		if (f->event_seqs[i] > f->feed_after)
			buf_printf(
			    &b, "%s%s", n++ > 0 ? "," : "", f->events[i]);
	buf_puts(&b, "]}");
	send_json(r, 200, &b);
}

/* A row of the feed about a conversation; text: with a message. */
static void
fake_event(struct fake *f, const char *kind, struct conv *c, const char *text)
{
	struct msg m = {.conversation = c->number,
	    .at_ms = 5000 + f->seq,
	    .from = FROM_CUSTOMER,
	    .type = MSG_TEXT,
	    .text = text,
	    .via = -1};
	struct event_data d = {
	    .conversation = c, .message = text == NULL ? NULL : &m};
	struct event ev = {.epoch = f->epoch,
	    .at_ms = 5000,
	    .kind = kind,
	    .conversation = c->number,
	    .data = &d};
	char id[32];
	struct buf b = {0};

	ev.seq = m.rev = m.order = c->rev = ++f->seq;
	snprintf(id, sizeof(id), "m%d", (int)ev.seq);
	m.id = id;
	if (text != NULL)
		c->last_message = &m;
	json_encode(&b, &event_json, &ev);
	c->last_message = NULL;
	f->event_seqs[f->n_events] = ev.seq;
	f->events[f->n_events++] = buf_take(&b);
	if (f->feed != NULL)
		answer_feed(f);
}

static void
fake_contact_event(struct fake *f, struct contact *who)
{
	struct event_data d = {.contact = who};
	struct event ev = {.epoch = f->epoch,
	    .seq = ++f->seq,
	    .at_ms = 5000,
	    .kind = "contact.changed",
	    .data = &d};
	struct buf b = {0};

	json_encode(&b, &event_json, &ev);
	f->event_seqs[f->n_events] = ev.seq;
	f->events[f->n_events++] = buf_take(&b);
	if (f->feed != NULL)
		answer_feed(f);
}

static void
on_list(struct fake *f, struct httpd_req *r)
{
	const char *view = httpd_query(r, "view");
	const char *after = httpd_query(r, "after");
	size_t from = after == NULL ? 0 : (size_t)atoi(after), n = 0;
	bool resolved = strcmp(view, "resolved") == 0;
	struct buf b = {0};
	size_t i;

	buf_printf(&b, "{\"epoch\":%d,\"seq\":%d,\"conversations\":[",
	    (int)f->epoch, (int)f->seq);
	for (i = from; i < f->n && n < PAGE; i++) {
		if ((f->convs[i].status == STATUS_RESOLVED) != resolved)
			continue;
		buf_puts(&b, n++ > 0 ? "," : "");
		put_conv_json(&b, &f->convs[i]);
	}
	buf_puts(&b, "],\"next\":");
	buf_printf(&b, i < f->n ? "\"%d\"}" : "null}", (int)i);
	if (f->bump_on_page_2 && after == NULL && !resolved) {
		f->bump_on_page_2 = false;
		fake_conv(f, 1)->pinned = true;
		fake_event(f, "conversation.changed", fake_conv(f, 1), NULL);
	}
	send_json(r, 200, &b);
}

static void
on_feed(struct fake *f, struct httpd_req *r)
{
	const char *wait = httpd_query(r, "wait");
	const char *after = httpd_query(r, "after");

	f->feed = r;
	f->feed_after = after == NULL ? 0 : atoi(after);
	if (f->feed_after < f->seq || wait == NULL || f->feed_after > f->seq)
		answer_feed(f);
}

static void
refuse(struct httpd_req *r, enum err_code code)
{
	struct buf b = {0};

	buf_printf(&b,
	    "{\"title\":\"t\",\"status\":%d,\"detail\":\"refused here\","
	    "\"code\":\"%s\",\"messages\":[]}",
	    err_http_status(code), err_name(code));
	if (code == ERR_UNSEEN) {
		buf_reset(&b);
		buf_puts(&b,
		    "{\"detail\":\"refused here\",\"code\":\"unseen_messages\","
		    "\"messages\":[{\"id\":\"new1\",\"conversation\":1,"
		    "\"at\":\"2026-01-01T00:00:00Z\",\"from\":\"customer\","
		    "\"type\":\"text\",\"text\":\"まだ見ていない\","
		    "\"state\":\"received\",\"order\":50,\"rev\":50}]}");
	}
	httpd_reply(
	    r, err_http_status(code), "application/problem+json", b.p, b.n);
	buf_free(&b);
}

static void
answer_act(struct fake *f, struct httpd_req *r, struct conv *c)
{
	struct buf b = {0};

	c->rev = ++f->seq;
	buf_printf(&b, "{\"seq\":%d,\"conversation\":", (int)f->seq);
	put_conv_json(&b, c);
	buf_puts(&b, "}");
	send_json(r, 200, &b);
}

static void
on_act(struct fake *f, struct httpd_req *r, int64_t number, const char *verb)
{
	struct conv *c = fake_conv(f, number);

	buf_printf(&f->log, "%s#%d ", verb, (int)number);
	buf_printf(&f->bodies, "%s\n", httpd_body(r, &(size_t){0}));
	if (f->refuse != ERR_NONE) {
		refuse(r, f->refuse);
	} else if (f->lose_answer) {
		f->lose_answer = false;
		httpd_drop(r);
	} else if (f->hold_act) {
		f->hold_act = false;
		f->held = r;
	} else {
		answer_act(f, r, c);
	}
}

static void
on_messages(struct fake *f, struct httpd_req *r)
{
	struct buf b = {0};
	bool second = httpd_query(r, "before") != NULL;

	f->older_calls++;
	buf_printf(&b,
	    "{\"epoch\":1,\"seq\":1,\"messages\":[{\"id\":\"old%d\","
	    "\"conversation\":%d,\"at\":\"2020-01-01T00:00:0%dZ\","
	    "\"from\":\"bot\",\"type\":\"text\",\"text\":\"x\","
	    "\"state\":\"sent\",\"via\":\"push\"}],\"before\":%s}",
	    second, second ? 9 : 1, second ? 0 : 1, second ? "null" : "\"c1\"");
	send_json(r, 200, &b);
}

static void
on_one(struct fake *f, struct httpd_req *r, int64_t number)
{
	struct buf b = {0};

	buf_printf(&f->log, "get#%d ", (int)number);
	buf_printf(&b,
	    "{\"epoch\":%d,\"seq\":%d,\"conversation\":", (int)f->epoch,
	    (int)f->seq);
	put_conv_json(&b, fake_conv(f, number));
	buf_puts(&b, "}");
	send_json(r, 200, &b);
}

static void
on_claim(struct fake *f, struct httpd_req *r)
{
	if (f->refuse != ERR_NONE)
		refuse(r, f->refuse);
	else
		answer_act(f, r, fake_conv(f, 1));
}

static void
on_request(struct httpd_req *r, void *arg)
{
	struct fake *f = arg;
	const char *path = httpd_path(r);
	int number = 0, n = 0;

	if (f->down) {
		httpd_drop(r);
	} else if (strcmp(path, "/v1/feed") == 0) {
		buf_puts(&f->log, "feed ");
		if (f->refuse == ERR_AUTH || f->refuse == ERR_DISABLED)
			refuse(r, f->refuse);
		else
			on_feed(f, r);
	} else if (strcmp(path, "/v1/conversations") == 0) {
		buf_puts(&f->log, "list ");
		on_list(f, r);
	} else if (strcmp(path, "/v1/claim") == 0) {
		on_claim(f, r);
	} else if (sscanf(path, "/v1/conversations/%d%n", &number, &n) == 1) {
		if (path[n] == '\0')
			on_one(f, r, number);
		else if (strcmp(path + n, "/messages") == 0)
			on_messages(f, r);
		else
			on_act(f, r, number, path + n + 1);
	} else {
		httpd_reply(r, 200, "application/json", "{\"agents\":[]}", 13);
	}
}

/* hooks */

static void
hook_conv(int64_t number, void *arg)
{
	(void)number;
	((struct place *)arg)->convs++;
}

static void
hook_message(const struct event *ev, void *arg)
{
	(void)ev;
	((struct place *)arg)->messages++;
}

static void
hook_list(void *arg)
{
	((struct place *)arg)->lists++;
}

static void
hook_link(enum sync_link l, void *arg)
{
	((struct place *)arg)->link = l;
}

static void
hook_misc(const char *what, void *arg)
{
	struct place *p = arg;

	p->outbox += strcmp(what, "outbox") == 0;
	p->erased = p->erased || strcmp(what, "erased") == 0;
}

static void
hook_act(const struct store_act *act, const struct err *e, void *arg)
{
	struct place *p = arg;

	p->acts++;
	p->act_err = *e;
	snprintf(p->act_verb, sizeof(p->act_verb), "%s", act->verb);
}

/* the place */

static void
start_sync(struct place *p)
{
	struct desk_opts o = {.url = p->f.url, .token = "t"};
	struct sync_hooks h = {.conv = hook_conv,
	    .message = hook_message,
	    .list = hook_list,
	    .link = hook_link,
	    .misc = hook_misc,
	    .act = hook_act,
	    .arg = p};
	struct err e = {0};

	p->desk = desk_new(p->fetch, &o, &e);
	if (p->desk == NULL)
		fail_msg("%s", e.msg);
	p->sync = sync_new(p->loop, p->desk, p->store, "sato", &h);
	sync_start(p->sync);
}

static void
stop_sync(struct place *p)
{
	sync_free(p->sync);
	desk_free(p->desk);
	p->f.feed = NULL;
	loop_turn(p->loop, 0);
}

static int
setup(void **state)
{
	struct place *p = x_new(struct place);
	struct httpd_opts o = {.on_request = on_request, .arg = &p->f};

	crypto_init();
	strcpy(p->dir, "/tmp/test_mado_sync.XXXXXX");
	if (mkdtemp(p->dir) == NULL)
		return -1;
	crypto_random(p->key, sizeof(p->key));
	p->loop = loop_new();
	p->arena = arena_new();
	p->fetch = fetch_new(p->loop, 4);
	p->f.httpd = httpd_new(p->loop, &o);
	p->f.epoch = 1;
	httpd_listen(p->f.httpd, "127.0.0.1:0", NULL, 0, &p->f.url, NULL);
	p->store = store_open(p->dir, "default", p->key, NULL);
	fake_add(&p->f, 1, STATUS_OPEN);
	fake_add(&p->f, 2, STATUS_OPEN);
	fake_add(&p->f, 3, STATUS_OPEN);
	fake_add(&p->f, 4, STATUS_RESOLVED);
	start_sync(p);
	*state = p;
	return 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;
	char command[96];

	stop_sync(p);
	fetch_free(p->fetch);
	httpd_free(p->f.httpd);
	store_close(p->store);
	arena_free(p->arena);
	loop_free(p->loop);
	for (size_t i = 0; i < p->f.n_events; i++)
		x_free(p->f.events[i]);
	buf_free(&p->f.log);
	buf_free(&p->f.bodies);
	x_free(p->f.url);
	snprintf(command, sizeof(command), "rm -rf '%s'", p->dir);
	x_free(p);
	return system(command);
}

#define UNTIL(p, cond)                                       \
	do {                                                 \
		int64_t end_ = when_mono_ms() + PATIENCE_MS; \
		while (!(cond) && when_mono_ms() < end_)     \
			loop_turn((p)->loop, 50);            \
		assert_true(cond);                           \
	} while (0)

static bool
is_live(struct place *p)
{
	return p->link == SYNC_LIVE && p->f.feed != NULL;
}

static struct conv *
row(struct place *p, int64_t number)
{
	return store_conv(p->store, number, p->arena);
}

static size_t
outbox(struct place *p, bool refused)
{
	struct store_act *v;

	return store_outbox(p->store, refused, p->arena, &v);
}

static cJSON *
text_args(const char *text)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "text", text);
	return o;
}

static int64_t
act(struct place *p, const char *verb, int64_t number, const char *text,
    int64_t delay_ms)
{
	cJSON *o = text == NULL ? NULL : text_args(text);
	struct err e = {0};
	int64_t id = 0;

	if (sync_act(p->sync, verb, number, o, delay_ms, &id, &e) == -1)
		fail_msg("%s", e.msg);
	cJSON_Delete(o);
	return id;
}

/* The optimistic message of a conversation; NULL when there is none. */
static struct msg *
pending(struct place *p, int64_t number)
{
	struct store_thread q = {.contact = 100 + number, .limit = 1};
	struct msg **v;

	return store_thread(p->store, &q, p->arena, &v) == 0 ? NULL : v[0];
}

/* tests */

static void
test_first_load(void **state)
{
	struct place *p = *state;
	int64_t n[VIEW_N];

	p->f.bump_on_page_2 = true;
	UNTIL(p, is_live(p));
	store_counts(p->store, n);
	assert_int_equal(n[VIEW_OPEN], 3);
	assert_int_equal(n[VIEW_RESOLVED], 1);
	assert_true(row(p, 1)->pinned); /* changed while pages were read */
	assert_string_equal(store_get(p->store, "seq", p->arena), "5");
	assert_true(p->lists > 0);
	assert_int_equal(sync_down_since(p->sync), 0);
}

static void
test_live(void **state)
{
	struct place *p = *state;

	UNTIL(p, is_live(p));
	fake_event(&p->f, "message.in", fake_conv(&p->f, 1), "こんにちは");
	UNTIL(p, p->messages == 1);
	assert_string_equal(
	    store_msg(p->store, "m5", p->arena)->text, "こんにちは");
	assert_string_equal(row(p, 1)->last_message->text, "こんにちは");
	UNTIL(p, is_live(p));
	assert_int_equal(p->f.feed_after, 5);
}

static void
test_contact_changed(void **state)
{
	struct place *p = *state;
	struct conv **v;

	UNTIL(p, is_live(p));
	fake_conv(&p->f, 2)->contact->id = 101; /* two of one contact */
	fake_event(&p->f, "conversation.changed", fake_conv(&p->f, 2), NULL);
	UNTIL(p, is_live(p));
	assert_int_equal(
	    store_contact_convs(p->store, 101, 9, p->arena, &v), 2);
	fake_conv(&p->f, 1)->contact->name = "山田 改";
	fake_contact_event(&p->f, fake_conv(&p->f, 1)->contact);
	UNTIL(p, strcmp(row(p, 2)->contact->name, "山田 改") == 0);
	assert_string_equal(row(p, 1)->contact->name, "山田 改");
}

static void
test_restart(void **state)
{
	struct place *p = *state;

	UNTIL(p, is_live(p));
	stop_sync(p);
	fake_event(&p->f, "message.in", fake_conv(&p->f, 2), "留守中");
	buf_reset(&p->f.log);
	p->link = SYNC_OFFLINE;
	start_sync(p);
	UNTIL(p, is_live(p));
	assert_null(strstr(buf_str(&p->f.log), "list"));
	assert_string_equal(row(p, 2)->last_message->text, "留守中");
	assert_int_equal(p->messages, 0); /* not live: nobody is notified */
}

static void
test_reconnect(void **state)
{
	struct place *p = *state;
	struct httpd_req *r;

	UNTIL(p, is_live(p));
	p->f.down = true;
	r = p->f.feed;
	p->f.feed = NULL;
	httpd_drop(r);
	UNTIL(p, p->link == SYNC_OFFLINE);
	assert_true(sync_down_since(p->sync) > 0);
	fake_event(&p->f, "message.in", fake_conv(&p->f, 3), "a");
	p->f.down = false;
	UNTIL(p, is_live(p));
	assert_string_equal(row(p, 3)->last_message->text, "a");
}

static void
test_new_epoch(void **state)
{
	struct place *p = *state;
	struct draft d = {.text = "下書き"};

	UNTIL(p, is_live(p));
	store_set_draft(p->store, 1, false, &d, NULL);
	p->f.epoch = 2;
	p->f.seq = 2;
	p->f.n = 2;
	p->f.convs[0].rev = p->f.convs[1].rev = 1;
	answer_feed(&p->f);
	UNTIL(p, row(p, 3) == NULL);
	UNTIL(p, is_live(p));
	assert_non_null(row(p, 1));
	assert_string_equal(store_get(p->store, "epoch", p->arena), "2");
	assert_true(store_draft(p->store, 1, false, p->arena, &d));
}

static void
test_lost_end(void **state)
{
	struct place *p = *state;

	UNTIL(p, is_live(p));
	p->f.seq = 1;
	p->f.convs[1].unread = 5;
	for (int i = 0; i < 4; i++)
		p->f.convs[i].rev = 1;
	answer_feed(&p->f);
	UNTIL(p, row(p, 2) != NULL && row(p, 2)->unread == 5);
	UNTIL(p, is_live(p));
	assert_string_equal(store_get(p->store, "seq", p->arena), "1");
}

static void
test_act(void **state)
{
	struct place *p = *state;

	UNTIL(p, is_live(p));
	act(p, "pin", 2, NULL, 0);
	assert_true(row(p, 2)->pinned); /* before any answer */
	assert_int_equal(outbox(p, false), 1);
	UNTIL(p, p->acts == 1);
	assert_int_equal(p->act_err.code, ERR_NONE);
	assert_int_equal(outbox(p, false), 0);
	assert_false(row(p, 2)->pinned); /* the desk's row has the last word */
}

static void
test_act_offline(void **state)
{
	struct place *p = *state;
	char *id;

	UNTIL(p, is_live(p));
	p->f.down = true;
	act(p, "reply", 1, "はい", 0);
	act(p, "resolve", 1, NULL, 0);
	assert_string_equal(pending(p, 1)->text, "はい");
	assert_int_equal(pending(p, 1)->state, STATE_QUEUED);
	assert_int_equal(row(p, 1)->status, STATUS_RESOLVED);
	UNTIL(p, p->link == SYNC_OFFLINE);
	assert_int_equal(outbox(p, false), 2);
	stop_sync(p); /* the program ends, and starts anew */
	buf_reset(&p->f.log);
	buf_reset(&p->f.bodies);
	p->f.down = false;
	start_sync(p);
	UNTIL(p, p->acts == 2);
	assert_non_null(strstr(buf_str(&p->f.log), "reply#1 "));
	assert_true(
	    strstr(p->f.log.p, "reply#1 ") < strstr(p->f.log.p, "resolve#1 "));
	id = strstr(buf_str(&p->f.bodies), "\"id\":\"");
	assert_non_null(id);
	assert_int_equal(outbox(p, false), 0);
}

static void
test_lost_answer(void **state)
{
	struct place *p = *state;
	const char *one, *two;

	UNTIL(p, is_live(p));
	p->f.lose_answer = true;
	act(p, "reply", 1, "一度だけ", 0);
	UNTIL(p, p->acts == 1);
	one = buf_str(&p->f.bodies);
	two = strchr(one, '\n') + 1;
	assert_int_equal(strlen(two), two - one); /* the same bytes, same id */
	assert_memory_equal(one, two, (size_t)(two - one));
}

static void
test_unseen(void **state)
{
	struct place *p = *state;
	struct store_act *v;

	UNTIL(p, is_live(p));
	p->f.refuse = ERR_UNSEEN;
	act(p, "reply", 1, "待って", 0);
	act(p, "tag", 2, NULL, 0);
	act(p, "resolve", 1, NULL, 0);
	UNTIL(p, p->acts == 3);
	assert_int_equal(p->act_err.code, ERR_UNSEEN); /* of the tag */
	assert_int_equal(store_outbox(p->store, true, p->arena, &v), 3);
	assert_string_equal(v[0].error, "refused here");
	assert_string_equal(v[2].verb, "resolve");
	assert_null(strstr(buf_str(&p->f.log), "resolve#1"));
	assert_string_equal(pending(p, 1)->text, "まだ見ていない");
	UNTIL(p, row(p, 1)->status == STATUS_OPEN); /* asked for anew */
	assert_non_null(strstr(buf_str(&p->f.log), "get#1"));
}

/* A newer row comes while an act is under way: the act stays visible. */
static void
test_overlay(void **state)
{
	struct place *p = *state;

	UNTIL(p, is_live(p));
	p->f.hold_act = true;
	act(p, "pin", 1, NULL, 0);
	UNTIL(p, p->f.held != NULL);
	fake_event(&p->f, "message.in", fake_conv(&p->f, 1), "x");
	UNTIL(p, p->messages == 1);
	assert_true(row(p, 1)->pinned);
	assert_string_equal(row(p, 1)->last_message->text, "x");
	fake_conv(&p->f, 1)->pinned = true;
	answer_act(&p->f, p->f.held, fake_conv(&p->f, 1));
	UNTIL(p, p->acts == 1);
	assert_true(row(p, 1)->pinned);
}

static void
test_undo(void **state)
{
	struct place *p = *state;
	int64_t id;

	UNTIL(p, is_live(p));
	id = act(p, "reply", 1, "やめる", 60000);
	assert_string_equal(pending(p, 1)->text, "やめる");
	assert_null(row(p, 1)->assignee); /* has not happened yet */
	for (int i = 0; i < 5; i++)
		loop_turn(p->loop, 10);
	assert_null(strstr(buf_str(&p->f.log), "reply"));
	assert_true(sync_undo(p->sync, id));
	assert_null(pending(p, 1));
	assert_int_equal(outbox(p, false), 0);
	assert_false(sync_undo(p->sync, id));
	id = act(p, "reply", 1, "いま", 60000);
	sync_hurry(p->sync, id);
	UNTIL(p, p->acts == 1);
	assert_non_null(strstr(buf_str(&p->f.bodies), "いま"));
	assert_false(sync_undo(p->sync, id));
}

/* A delayed act does not stop others' conversations. */
static void
test_delay_order(void **state)
{
	struct place *p = *state;
	int64_t id;

	UNTIL(p, is_live(p));
	id = act(p, "reply", 1, "あと", 60000);
	act(p, "pin", 1, NULL, 0);
	act(p, "pin", 2, NULL, 0);
	UNTIL(p, p->acts == 1);
	assert_null(strstr(buf_str(&p->f.log), "#1"));
	sync_hurry(p->sync, id);
	UNTIL(p, p->acts == 3);
	assert_true(
	    strstr(p->f.log.p, "reply#1") < strstr(p->f.log.p, "pin#1"));
}

static void
test_signed_out(void **state)
{
	struct place *p = *state;

	UNTIL(p, is_live(p));
	p->f.refuse = ERR_AUTH;
	act(p, "reply", 1, "残る", 0);
	UNTIL(p, p->link == SYNC_SIGNED_OUT);
	assert_int_equal(outbox(p, false), 1);
	assert_non_null(row(p, 1));
	assert_int_equal(p->acts, 0);
}

static void
test_disabled(void **state)
{
	struct place *p = *state;

	UNTIL(p, is_live(p));
	refuse(p->f.feed, ERR_DISABLED);
	p->f.feed = NULL;
	UNTIL(p, p->erased);
	assert_int_equal(p->link, SYNC_SIGNED_OUT);
	assert_null(row(p, 1));
}

static void
test_older(void **state)
{
	struct place *p = *state;

	UNTIL(p, is_live(p));
	fake_add(&p->f, 9, STATUS_RESOLVED);
	sync_older(p->sync, 101, 1);
	sync_older(p->sync, 101, 1);
	UNTIL(p, store_msg(p->store, "old0", p->arena) != NULL);
	assert_int_equal(p->f.older_calls, 1);
	assert_false(store_thread_whole(p->store, 101));
	sync_older(p->sync, 101, 1);
	UNTIL(p, store_thread_whole(p->store, 101));
	assert_string_equal(pending(p, 1)->id, "old0");
	UNTIL(p, row(p, 9) != NULL); /* its conversation came too */
	sync_older(p->sync, 101, 1);
	assert_int_equal(p->f.older_calls, 2);
}

static void
claimed(int64_t number, const struct err *e, void *arg)
{
	struct place *p = arg;

	p->claimed = e->code == ERR_NONE ? number : -(int64_t)e->code;
}

static void
test_claim(void **state)
{
	struct place *p = *state;

	UNTIL(p, is_live(p));
	fake_conv(&p->f, 1)->assignee = "sato";
	sync_claim(p->sync, claimed, p);
	UNTIL(p, p->claimed == 1);
	assert_string_equal(row(p, 1)->assignee, "sato");
	p->f.refuse = ERR_NOTFOUND;
	sync_claim(p->sync, claimed, p);
	UNTIL(p, p->claimed == -(int64_t)ERR_NOTFOUND);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {T(test_first_load), T(test_live),
	    T(test_contact_changed), T(test_restart), T(test_reconnect),
	    T(test_new_epoch), T(test_lost_end), T(test_act),
	    T(test_act_offline), T(test_lost_answer), T(test_unseen),
	    T(test_overlay), T(test_undo), T(test_delay_order),
	    T(test_signed_out), T(test_disabled), T(test_older), T(test_claim)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
