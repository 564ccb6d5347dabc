/*
 * What the screen holds of the store: the list's window (frozen order, a
 * cursor bound to its conversation), the history's window over a long
 * timeline, and the lines made of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <mado/crypto.h>
#include <mado/text.h>

#include "../../src/mado/lines.h"
#include "../../src/mado/rows.h"
#include "../../src/mado/say.h"
#include "../../src/mado/thread.h"

enum { PAGE = 10, MANY = 1000 };

struct place {
	char dir[64];
	uint8_t key[CRYPTO_KEY_B];
	struct store *s;
	struct rows rows;
	struct thread thread;
};

static int
setup(void **state)
{
	struct place *p = x_new(struct place);
	struct err e = {0};

	crypto_init();
	strcpy(p->dir, "/tmp/test_mado_windows.XXXXXX");
	if (mkdtemp(p->dir) == NULL)
		return -1;
	p->s = store_open(p->dir, "default", p->key, &e);
	if (p->s == NULL)
		fail_msg("%s", e.msg);
	rows_init(&p->rows, p->s, "sato");
	thread_init(&p->thread, p->s);
	*state = p;
	return 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;
	char command[96];

	rows_free(&p->rows);
	thread_free(&p->thread);
	store_close(p->s);
	snprintf(command, sizeof(command), "rm -rf '%s'", p->dir);
	x_free(p);
	return system(command);
}

/* Conversation n waits since n: smaller numbers stand higher. */
static void
put_conv(struct place *p, int64_t n, int64_t since, const char *assignee,
    int64_t rev)
{
	char name[32];
	struct contact who = {.id = 100 + n, .name = name};
	struct conv c = {.number = n,
	    .contact = &who,
	    .channel = "main",
	    .mode = MODE_MANUAL,
	    .assignee = assignee,
	    .waiting_since_ms = since,
	    .opened_ms = 1000 + n,
	    .rev = rev};
	struct err e = {0};

	snprintf(name, sizeof(name), "user %lld", (long long)n);
	if (store_put_conv(p->s, &c, "sato", &e) == -1)
		fail_msg("%s", e.msg);
}

static void
put_many(struct place *p, int64_t n)
{
	store_begin(p->s);
	for (int64_t i = 1; i <= n; i++)
		put_conv(p, i, 1000 + i, NULL, 1);
	store_commit(p->s, NULL);
}

static int64_t
current(const struct rows *r)
{
	const struct conv *c = rows_current(r);

	return c == NULL ? 0 : c->number;
}

/* The window is in order and without gaps, wherever it stands. */
static void
check_window(const struct rows *r)
{
	for (size_t i = 1; i < r->n; i++)
		assert_int_equal(r->v[i].number, r->v[i - 1].number + 1);
	assert_true(r->n == 0 || r->cur < r->n);
	assert_true(r->n <= 400);
}

/* the list */

static struct filter *
filter_of(const char *text)
{
	struct filter_bad bad;
	struct filter *f = filter_parse(text, &bad);

	assert_non_null(f);
	return f;
}

static void
test_rows_move(void **state)
{
	struct place *p = *state;
	struct rows *r = &p->rows;

	put_many(p, MANY);
	rows_open(r, VIEW_WAITING, NULL);
	assert_int_equal(current(r), 1);
	for (int i = 2; i <= MANY; i++) {
		assert_true(rows_move(r, ROWS_DOWN, PAGE));
		rows_show(r, PAGE);
		assert_int_equal(current(r), i);
		assert_true(r->cur >= r->top && r->cur < r->top + PAGE);
		check_window(r);
	}
	assert_false(rows_move(r, ROWS_DOWN, PAGE));
	for (int i = MANY - 1; i >= 1; i--) {
		assert_true(rows_move(r, ROWS_UP, PAGE));
		rows_show(r, PAGE);
		assert_int_equal(current(r), i);
		assert_true(r->cur >= r->top && r->cur < r->top + PAGE);
		check_window(r);
	}
	assert_false(rows_move(r, ROWS_UP, PAGE));
}

static void
test_rows_jump(void **state)
{
	struct place *p = *state;
	struct rows *r = &p->rows;

	put_many(p, MANY);
	rows_open(r, VIEW_WAITING, NULL);
	rows_move(r, ROWS_BOTTOM, PAGE);
	rows_show(r, PAGE);
	assert_int_equal(current(r), MANY);
	assert_int_equal(r->v[r->top].number, MANY - PAGE + 1);
	rows_move(r, ROWS_PAGE_UP, PAGE);
	assert_int_equal(current(r), MANY - PAGE + 1);
	rows_move(r, ROWS_TOP, PAGE);
	rows_show(r, PAGE);
	assert_int_equal(current(r), 1);
	rows_move(r, ROWS_HALF_DOWN, PAGE);
	assert_int_equal(current(r), 1 + PAGE / 2);
}

static void
test_rows_empty(void **state)
{
	struct place *p = *state;
	struct rows *r = &p->rows;

	rows_open(r, VIEW_WAITING, NULL);
	assert_int_equal(r->n, 0);
	for (int to = ROWS_DOWN; to <= ROWS_BOTTOM; to++)
		rows_move(r, (enum rows_to)to, PAGE);
	rows_show(r, PAGE);
	rows_sort(r, PAGE, 1);
	assert_null(rows_current(r));
	assert_null(rows_step(r, 5, 1));
}

/* Somebody works in it: nothing moves until it is put in order. */
static void
test_rows_frozen(void **state)
{
	struct place *p = *state;
	struct rows *r = &p->rows;

	put_many(p, 50);
	rows_open(r, VIEW_WAITING, NULL);
	rows_find(r, 5);
	put_conv(p, 3, 9999, NULL, 2); /* waits anew: goes to the end */
	assert_true(rows_touch(r, 3));
	assert_true(r->stale);
	assert_int_equal(r->v[2].number, 3);
	assert_int_equal(r->v[2].c->waiting_since_ms, 9999);
	rows_sort(r, PAGE, 77);
	assert_false(r->stale);
	assert_int_equal(current(r), 5);
	assert_int_equal(r->changed_ms, 0);
	assert_int_equal(r->v[2].number, 4);
}

/* The one under the cursor leaves the view: another one is there by itself. */
static void
test_rows_gone(void **state)
{
	struct place *p = *state;
	struct rows *r = &p->rows;

	put_many(p, 50);
	rows_open(r, VIEW_WAITING, NULL);
	rows_find(r, 5);
	put_conv(p, 5, 1005, "kato", 2);
	assert_true(rows_touch(r, 5));
	assert_int_equal(current(r), 5);
	rows_sort(r, PAGE, 77);
	assert_int_equal(current(r), 6);
	assert_int_equal(r->changed_ms, 77);
	rows_move(r, ROWS_DOWN, PAGE);
	assert_int_equal(r->changed_ms, 0);
	/* its neighbour is the next one, not the one after */
	assert_int_equal(rows_step(r, 5, 1)->number, 7);
	assert_int_equal(rows_step(r, 7, 1)->number, 8);
	assert_int_equal(rows_step(r, 8, -1)->number, 7);
}

static void
test_rows_new(void **state)
{
	struct place *p = *state;
	struct rows *r = &p->rows;

	put_many(p, 5);
	rows_open(r, VIEW_WAITING, NULL);
	put_conv(p, 90, 1, NULL, 1);
	assert_false(rows_touch(r, 90));
	assert_true(r->stale);
	assert_int_equal(r->n, 5);
	rows_sort(r, PAGE, 1);
	assert_int_equal(r->n, 6);
	assert_int_equal(r->v[0].number, 90);
	assert_int_equal(current(r), 1);
}

/* Deep in a long list the window is put in order where it stands. */
/* A screen of a hundred rows: the one under the cursor stays there. */
static void
test_rows_sort_tall(void **state)
{
	enum { TALL = 100 };
	struct place *p = *state;
	struct rows *r = &p->rows;

	put_many(p, MANY);
	rows_open(r, VIEW_WAITING, NULL);
	for (int i = 1; i < TALL; i++) {
		rows_move(r, ROWS_DOWN, TALL);
		rows_show(r, TALL);
	}
	assert_int_equal(r->top, 0);
	assert_int_equal(current(r), TALL);
	r->stale = true;
	rows_sort(r, TALL, 1);
	assert_int_equal(current(r), TALL);
	assert_int_equal(r->changed_ms, 0);
	check_window(r);
}

static void
test_rows_sort_deep(void **state)
{
	struct place *p = *state;
	struct rows *r = &p->rows;

	put_many(p, MANY);
	rows_open(r, VIEW_WAITING, NULL);
	for (int i = 0; i < 500; i++)
		rows_move(r, ROWS_DOWN, PAGE);
	rows_show(r, PAGE);
	assert_int_equal(current(r), 501);
	size_t place = r->cur - r->top;
	rows_sort(r, PAGE, 1);
	assert_int_equal(current(r), 501);
	assert_int_equal(r->cur - r->top, place);
	check_window(r);
}

/* Read on until the page is full, as the screen's timer does. */
static int
read_on(struct rows *r)
{
	int slices = 0;

	while (rows_is_short(r, PAGE)) {
		rows_more(r, PAGE);
		slices++;
	}
	return slices;
}

static void
narrow(struct rows *r, const char *text)
{
	rows_narrow(r, text, filter_of(text));
}

static void
test_rows_narrowed(void **state)
{
	struct place *p = *state;
	struct rows *r = &p->rows;

	put_many(p, MANY);
	rows_open(r, VIEW_WAITING, NULL);
	narrow(r, "\"user 99\"");
	read_on(r);
	assert_int_equal(r->n, 11);
	assert_true(r->at_end && r->at_top);
	narrow(r, "number>998 number<1000");
	assert_true(read_on(r) > 0); /* a slice looks at few rows */
	assert_int_equal(r->n, 1);
	rows_move(r, ROWS_BOTTOM, PAGE);
	read_on(r);
	assert_int_equal(current(r), 999);
	assert_true(rows_touch(r, 999));
	assert_false(r->stale);
	rows_touch(r, 5);
	assert_false(r->stale); /* what does not match changes nothing */
	narrow(r, "number>100");
	for (int i = 0; i < 300; i++)
		rows_move(r, ROWS_DOWN, PAGE);
	assert_int_equal(current(r), 401);
	rows_move(r, ROWS_TOP, PAGE);
	read_on(r);
	assert_int_equal(current(r), 101);
	rows_narrow(r, NULL, NULL);
	assert_int_equal(current(r), 1);
	check_window(r);
}

/* the history */

static void
put_msg(struct place *p, int64_t conv, int i, const char *text)
{
	char id[32];
	struct msg m = {.id = id,
	    .conversation = conv,
	    .at_ms = 1000000 + i,
	    .from = i % 2 == 0 ? FROM_CUSTOMER : FROM_BOT,
	    .text = text,
	    .via = -1,
	    .order = i,
	    .rev = 1};
	struct err e = {0};

	snprintf(id, sizeof(id), "m%06d", i);
	if (store_put_msg(p->s, &m, &e) == -1)
		fail_msg("%s", e.msg);
}

static void
put_msgs(struct place *p, int from, int to)
{
	char text[32];

	store_begin(p->s);
	for (int i = from; i < to; i++) {
		snprintf(text, sizeof(text), "text %d", i);
		put_msg(p, 1, i, text);
	}
	store_commit(p->s, NULL);
}

static void
check_thread(const struct thread *t)
{
	for (size_t i = 1; i < t->n; i++)
		assert_int_equal(t->v[i]->order, t->v[i - 1]->order + 1);
	assert_true(t->n <= THREAD_MAX);
	assert_true(t->cur < t->n);
}

static void
test_thread_pages(void **state)
{
	struct place *p = *state;
	struct thread *t = &p->thread;
	int pages = 0;

	put_many(p, 1);
	put_msgs(p, 0, 5000);
	thread_open(t, 101, 1);
	assert_int_equal(t->n, THREAD_PAGE);
	assert_int_equal(thread_current(t)->order, 4999);
	t->cur = 0;
	while (thread_older(t)) {
		check_thread(t);
		t->cur = 0;
		pages++;
	}
	assert_int_equal(pages, 49);
	assert_int_equal(t->v[0]->order, 0);
	assert_false(t->at_new);
	t->cur = t->n - 1;
	while (thread_newer(t)) {
		check_thread(t);
		t->cur = t->n - 1;
	}
	assert_int_equal(thread_current(t)->order, 4999);
	thread_oldest(t);
	assert_int_equal(thread_current(t)->order, 0);
	assert_true(t->at_old);
	assert_true(thread_goto(t, "m002500"));
	assert_int_equal(thread_current(t)->order, 2500);
	check_thread(t);
	assert_false(thread_goto(t, "nowhere"));
	assert_int_equal(thread_current(t)->order, 4999);
}

static void
test_thread_reload(void **state)
{
	struct place *p = *state;
	struct thread *t = &p->thread;

	put_many(p, 1);
	put_msgs(p, 0, 300);
	thread_open(t, 101, 1);
	put_msgs(p, 300, 303);
	thread_reload(t, true);
	assert_int_equal(thread_current(t)->order, 302);
	thread_goto(t, "m000050");
	put_msgs(p, 303, 304);
	thread_reload(t, false);
	assert_int_equal(thread_current(t)->order, 50);
	check_thread(t);
}

/* What was seen last is last by arrival, and ours counts once it is there. */
static void
test_thread_said(void **state)
{
	struct place *p = *state;
	struct thread *t = &p->thread;
	struct msg m = {.id = "late",
	    .conversation = 1,
	    .at_ms = 1, /* by the customer's clock long ago */
	    .from = FROM_CUSTOMER,
	    .text = "x",
	    .via = -1,
	    .order = 900,
	    .rev = 1};

	put_many(p, 1);
	put_msgs(p, 0, 4);
	thread_open(t, 101, 1);
	assert_int_equal(thread_last_said(t)->order, 3);
	store_put_msg(p->s, &m, NULL);
	m = (struct msg){.id = "mine",
	    .conversation = 1,
	    .at_ms = 9000000,
	    .from = FROM_AGENT,
	    .author = "sato",
	    .text = "y",
	    .state = STATE_QUEUED,
	    .via = -1,
	    .order = 901};
	store_put_msg(p->s, &m, NULL);
	thread_reload(t, true);
	assert_string_equal(thread_last_said(t)->id, "late");
}

/* the lines */

static char *
line_text(const struct lines *l, size_t i)
{
	struct buf b = {0};

	for (int k = 0; k < l->v[i].pieces; k++)
		buf_add(&b, l->v[i].piece[k].p, l->v[i].piece[k].n);
	return buf_take(&b);
}

static void
line_is(const struct lines *l, size_t i, const char *want)
{
	char *s = line_text(l, i);

	assert_string_equal(s, want);
	x_free(s);
}

static void
test_lines(void **state)
{
	struct quote q = {.id = "q", .text = "quoted\nwords"};
	struct msg a = {.id = "a",
	    .conversation = 7,
	    .from = FROM_CUSTOMER,
	    .text = "サイズが合いません。返品できますか？",
	    .via = -1};
	struct msg b = {.id = "b",
	    .conversation = 7,
	    .at_ms = 60000,
	    .from = FROM_SYSTEM,
	    .type = MSG_EVENT,
	    .text = "handed over to people: no rule",
	    .via = -1};
	struct msg c = {.id = "c",
	    .conversation = 7,
	    .at_ms = 120000,
	    .from = FROM_AGENT,
	    .author = "sato",
	    .text = "はい。",
	    .state = STATE_SENT,
	    .via = VIA_REPLY,
	    .quoted = &q,
	    .rev = 1};
	struct msg *msgs[] = {&a, &b, &c};
	struct lines l = {.n = 0};
	struct lines_in in = {msgs, 3, 40, 7, .contact = "花子"};

	(void)state;
	lines_build(&l, &in);
	line_is(&l, 0, "Thu 1 Jan");
	assert_true(l.v[0].flags & LINE_RULE);
	line_is(&l, 1, "花子  0:00");
	line_is(&l, 2, "サイズが合いません。返品できますか？");
	line_is(&l, 3, "handed over to people: no rule 0:01");
	line_is(&l, 4, "sato  0:02  ✓ reply 0円");
	assert_true(l.v[4].flags & LINE_RIGHT);
	assert_int_equal(l.v[4].indent, 40 - 23);
	line_is(&l, 5, "> quoted words");
	line_is(&l, 6, "はい。");
	assert_int_equal(l.v[6].indent, l.v[5].indent);
	assert_int_equal(l.n, 7);
	assert_int_equal(lines_first(&l, 2), 4);
	assert_int_equal(lines_end(&l, 2), 7);
	/* narrow: the same text on more lines, none wider than the pane */
	in.cols = 20;
	in.ascii = true;
	lines_build(&l, &in);
	for (size_t i = 0; i < l.n; i++) {
		char *s = line_text(&l, i);

		if (!(l.v[i].flags & (LINE_RULE | LINE_HEAD)) && i != 4)
			assert_true(text_width(s, strlen(s)) + l.v[i].indent <=
			    in.cols);
		x_free(s);
	}
	lines_free(&l);
}

static const struct conv *
seventeen(int64_t number, void *arg)
{
	static struct csat four = {.score = 4};
	static struct conv c = {.number = 17,
	    .status = STATUS_RESOLVED,
	    .resolved_ms = 3600000,
	    .csat = &four};

	(void)arg;
	return number == 17 ? &c : NULL;
}

/* Earlier conversations stand above a line that names them. */
static void
test_lines_earlier(void **state)
{
	struct msg a = {.id = "a",
	    .conversation = 17,
	    .from = FROM_CUSTOMER,
	    .text = "old",
	    .via = -1};
	struct msg b = {.id = "b",
	    .conversation = 18,
	    .at_ms = 86400000,
	    .from = FROM_CUSTOMER,
	    .text = "new",
	    .via = -1};
	struct msg *msgs[] = {&a, &b};
	struct lines l = {.n = 0};
	struct lines_in in = {.msgs = msgs,
	    .n = 2,
	    .cols = 40,
	    .number = 18,
	    .now_ms = 86400000,
	    .contact = "花子",
	    .conv = seventeen};

	(void)state;
	lines_build(&l, &in);
	line_is(&l, 0, "#17 resolved 1/1 4/5");
	line_is(&l, 1, "Thu 1 Jan");
	line_is(&l, 4, "#18");
	line_is(&l, 5, "Fri 2 Jan");
	lines_free(&l);
}

static void
test_say(void **state)
{
	struct buf b = {0};
	struct msg m = {.from = FROM_AGENT, .via = -1};

	(void)state;
	say_span(&b, 59999);
	say_span(&b, 60000);
	say_span(&b, 3600000 * 3);
	say_span(&b, 86400000 * 4LL);
	assert_string_equal(buf_str(&b), "now1m3h4d");
	buf_reset(&b);
	say_left(&b, 46001, 1);
	say_left(&b, 46001, 10);
	assert_string_equal(buf_str(&b), "0:470:50");
	buf_reset(&b);
	m.state = STATE_QUEUED;
	say_mark(&b, &m, false);
	m.rev = 9;
	say_mark(&b, &m, false);
	assert_string_equal(buf_str(&b), "~^");
	buf_reset(&b);
	m.state = STATE_FAILED;
	m.error = "no";
	say_mark(&b, &m, true);
	assert_string_equal(buf_str(&b), "x no");
	buf_free(&b);
}

#define WITH_STORE(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_STORE(test_rows_move),
	    WITH_STORE(test_rows_jump),
	    WITH_STORE(test_rows_empty),
	    WITH_STORE(test_rows_frozen),
	    WITH_STORE(test_rows_gone),
	    WITH_STORE(test_rows_new),
	    WITH_STORE(test_rows_sort_tall),
	    WITH_STORE(test_rows_sort_deep),
	    WITH_STORE(test_rows_narrowed),
	    WITH_STORE(test_thread_pages),
	    WITH_STORE(test_thread_reload),
	    WITH_STORE(test_thread_said),
	    cmocka_unit_test(test_lines),
	    cmocka_unit_test(test_lines_earlier),
	    cmocka_unit_test(test_say),
	};

	setenv("TZ", "UTC", 1);
	unsetenv("LANGUAGE");
	tzset();
	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
