/*
 * The local store: windows of views in inbox order, counts, timelines,
 * sealing, drafts and the outbox through a reopening, two processes' leases,
 * forgetting and trimming.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mado/crypto.h>
#include <mado/text.h>
#include <mado/when.h>

#include "../../src/mado/store.h"

struct place {
	char dir[64];
	uint8_t key[CRYPTO_KEY_B];
	struct store *s;
	struct arena *a;
};

static void
reopen(struct place *p)
{
	struct err e = {0};

	store_close(p->s);
	p->s = store_open(p->dir, "default", p->key, &e);
	if (p->s == NULL)
		fail_msg("%s", e.msg);
}

static int
setup(void **state)
{
	struct place *p = x_new(struct place);

	crypto_init();
	strcpy(p->dir, "/tmp/test_mado_store.XXXXXX");
	if (mkdtemp(p->dir) == NULL)
		return -1;
	crypto_random(p->key, sizeof(p->key));
	p->a = arena_new();
	reopen(p);
	*state = p;
	return 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;
	char command[96];

	store_close(p->s);
	arena_free(p->a);
	snprintf(command, sizeof(command), "rm -rf '%s'", p->dir);
	x_free(p);
	return system(command);
}

/* A waiting conversation of contact 100 + number; later numbers wait less. */
static struct conv
conv_of(int64_t number, int64_t rev)
{
	static struct contact who;
	static struct msg last;
	struct conv c = {.number = number,
	    .channel = "main",
	    .mode = MODE_MANUAL,
	    .status = STATUS_OPEN,
	    .waiting_since_ms = 1000000 + number,
	    .opened_ms = 1000000 + number,
	    .rev = rev};

	who = (struct contact){.id = 100 + number, .name = "山田"};
	last = (struct msg){.id = "m",
	    .conversation = number,
	    .at_ms = 1000000 + number,
	    .text = "箱を捨てました",
	    .via = -1};
	c.contact = &who;
	c.last_message = &last;
	return c;
}

static void
put(struct place *p, const struct conv *c)
{
	struct err e = {0};

	if (store_put_conv(p->s, c, "sato", &e) == -1)
		fail_msg("%s", e.msg);
}

static void
put_numbers(struct place *p, int64_t from, int64_t to)
{
	struct err e = {0};
	struct conv c;

	store_begin(p->s);
	for (int64_t i = from; i <= to; i++) {
		c = conv_of(i, i);
		put(p, &c);
	}
	assert_int_equal(store_commit(p->s, &e), 0);
}

static size_t
list(struct place *p, enum view v, const char *from, int flags, size_t limit,
    struct conv ***rows)
{
	struct store_list q = {.view = v,
	    .from = from,
	    .after = flags & 1,
	    .backward = flags & 2,
	    .limit = limit};

	return store_list(p->s, &q, p->a, rows);
}

static void
test_list_windows(void **state)
{
	struct place *p = *state;
	struct conv **r;
	char key[CONV_ORDER_B];

	put_numbers(p, 1, 50);
	assert_int_equal(list(p, VIEW_WAITING, NULL, 0, 10, &r), 10);
	assert_int_equal(r[0]->number, 1);
	assert_int_equal(r[9]->number, 10);
	conv_order(r[9], key);
	assert_int_equal(list(p, VIEW_WAITING, key, 1, 5, &r), 5);
	assert_int_equal(r[0]->number, 11);
	assert_int_equal(list(p, VIEW_WAITING, key, 0, 1, &r), 1);
	assert_int_equal(r[0]->number, 10);
	assert_int_equal(list(p, VIEW_WAITING, key, 1 | 2, 3, &r), 3);
	assert_int_equal(r[0]->number, 7);
	assert_int_equal(r[2]->number, 9);
	assert_int_equal(list(p, VIEW_WAITING, NULL, 2, 2, &r), 2);
	assert_int_equal(r[0]->number, 49);
	assert_int_equal(r[1]->number, 50);
	assert_int_equal(list(p, VIEW_MINE, NULL, 0, 5, &r), 0);
	assert_string_equal(r[0] == NULL ? "" : "row", "");
}

static void
test_list_moves(void **state)
{
	struct place *p = *state;
	struct conv c, **r;
	int64_t n[VIEW_N];

	put_numbers(p, 1, 3);
	c = conv_of(3, 10);
	c.pinned = true;
	put(p, &c);
	assert_int_equal(list(p, VIEW_OPEN, NULL, 0, 9, &r), 3);
	assert_int_equal(r[0]->number, 3);
	c = conv_of(2, 11);
	c.assignee = "sato";
	put(p, &c);
	store_counts(p->s, n);
	assert_int_equal(n[VIEW_WAITING], 2);
	assert_int_equal(n[VIEW_MINE], 1);
	assert_int_equal(n[VIEW_OPEN], 3);
	c = conv_of(2, 12);
	c.status = STATUS_RESOLVED;
	c.resolved_ms = when_now_ms();
	put(p, &c);
	store_counts(p->s, n);
	assert_int_equal(n[VIEW_MINE], 0);
	assert_int_equal(n[VIEW_OPEN], 2);
	assert_int_equal(n[VIEW_RESOLVED], 1);
	assert_int_equal(n[VIEW_ALL], 3);
}

static void
test_rev(void **state)
{
	struct place *p = *state;
	struct conv c = conv_of(1, 10);

	c.unread = 2;
	put(p, &c);
	c = conv_of(1, 9);
	c.unread = 7;
	put(p, &c);
	assert_int_equal(store_conv(p->s, 1, p->a)->unread, 2);
	c = conv_of(1, 10);
	c.unread = 3;
	put(p, &c);
	assert_int_equal(store_conv(p->s, 1, p->a)->unread, 3);
	assert_null(store_conv(p->s, 2, p->a));
}

static void
test_list_match(void **state)
{
	struct place *p = *state;
	struct conv c, **r;
	struct buf needle = {0};
	struct store_list q = {.view = VIEW_OPEN, .limit = 10};

	put_numbers(p, 1, 20);
	c = conv_of(7, 100);
	c.last_message->text = "ﾊｺ の 件";
	put(p, &c);
	text_fold(&needle, "ハコ");
	q.match = buf_str(&needle);
	assert_int_equal(store_list(p->s, &q, p->a, &r), 1);
	assert_int_equal(r[0]->number, 7);
	q.match = "#12";
	assert_int_equal(store_list(p->s, &q, p->a, &r), 1);
	buf_free(&needle);
}

/* messages */

static struct msg
msg_of(const char *id, int64_t at_ms, int64_t order, const char *text)
{
	return (struct msg){.id = id,
	    .conversation = 1,
	    .at_ms = at_ms,
	    .order = order,
	    .from = FROM_CUSTOMER,
	    .type = MSG_TEXT,
	    .text = text,
	    .via = -1,
	    .rev = order};
}

static void
put_msg(struct place *p, struct msg m)
{
	struct err e = {0};

	if (store_put_msg(p->s, &m, &e) == -1)
		fail_msg("%s", e.msg);
}

static void
thread_is(struct place *p, const char *before, const char *after, size_t limit,
    const char *ids)
{
	struct store_thread q = {
	    .contact = 101, .before = before, .after = after, .limit = limit};
	struct msg **r;
	size_t n = store_thread(p->s, &q, p->a, &r);
	struct buf b = {0};

	for (size_t i = 0; i < n; i++)
		buf_puts(&b, r[i]->id);
	assert_string_equal(buf_str(&b), ids);
	buf_free(&b);
}

static void
put_thread(struct place *p)
{
	put_numbers(p, 1, 1);
	put_msg(p, msg_of("c", 300, 3, "三つ目"));
	put_msg(p, msg_of("a", 100, 1, "一つ目"));
	put_msg(p, msg_of("b", 200, 2, "二つ目 ABC"));
	put_msg(p, msg_of("d", 300, 4, "四つ目"));
}

static void
test_thread(void **state)
{
	struct place *p = *state;

	put_thread(p);
	thread_is(p, NULL, NULL, 10, "abcd");
	thread_is(p, NULL, NULL, 2, "cd");
	thread_is(p, "c", NULL, 1, "b");
	thread_is(p, "a", NULL, 5, "");
	thread_is(p, NULL, "b", 5, "cd");
	thread_is(p, NULL, "c", 5, "d");
}

static void
test_thread_find(void **state)
{
	struct place *p = *state;
	const char *id;

	put_thread(p);
	id = store_thread_find(p->s, 101, NULL, false, "abc", p->a);
	assert_string_equal(id, "b");
	assert_null(store_thread_find(p->s, 101, "b", false, "abc", p->a));
	id = store_thread_find(p->s, 101, "a", true, "目", p->a);
	assert_string_equal(id, "b");
	assert_null(store_thread_find(p->s, 101, NULL, false, "無", p->a));
}

/* A message may come before its conversation, and contacts may be merged. */
static void
test_thread_claimed(void **state)
{
	struct place *p = *state;
	struct conv c = conv_of(1, 1);

	put_msg(p, msg_of("a", 100, 1, "x"));
	thread_is(p, NULL, NULL, 10, "");
	put(p, &c);
	thread_is(p, NULL, NULL, 10, "a");
	c = conv_of(1, 2);
	c.contact->id = 555;
	put(p, &c);
	thread_is(p, NULL, NULL, 10, "");
}

static void
test_msg_rev_and_redact(void **state)
{
	struct place *p = *state;
	struct err e = {0};
	struct conv c = conv_of(1, 1);
	struct msg *m;

	c.last_message->id = "a";
	put(p, &c);
	put_msg(p, msg_of("a", 100, 5, "秘密"));
	put_msg(p, msg_of("a", 100, 4, "old"));
	assert_string_equal(store_msg(p->s, "a", p->a)->text, "秘密");
	assert_int_equal(store_redact(p->s, "a", &e), 0);
	m = store_msg(p->s, "a", p->a);
	assert_null(strstr(m->text, "秘密"));
	assert_true(strlen(m->text) > 0 && m->unsent);
	assert_null(
	    strstr(store_conv(p->s, 1, p->a)->last_message->text, "箱"));
	assert_null(store_thread_find(p->s, 101, NULL, false, "秘密", p->a));
	assert_int_equal(store_rm_msg(p->s, "a", &e), 0);
	assert_null(store_msg(p->s, "a", p->a));
	assert_int_equal(store_redact(p->s, "a", &e), 0);
}

static void
test_whole(void **state)
{
	struct place *p = *state;

	assert_false(store_thread_whole(p->s, 7));
	assert_null(store_thread_cursor(p->s, 7, p->a));
	store_thread_set_cursor(p->s, 7, "c1", NULL);
	assert_string_equal(store_thread_cursor(p->s, 7, p->a), "c1");
	assert_false(store_thread_whole(p->s, 7));
	store_thread_set_whole(p->s, 7);
	assert_true(store_thread_whole(p->s, 7));
}

/* sealing */

static bool
file_holds(struct place *p, const char *name, const char *needle)
{
	char path[128];
	struct buf b = {0};
	bool found;

	snprintf(path, sizeof(path), "%s/%s", p->dir, name);
	if (buf_read_file(&b, path, 64 << 20, NULL) == -1)
		return false;
	found = memmem(b.p, b.n, needle, strlen(needle)) != NULL;
	buf_free(&b);
	return found;
}

static void
test_sealed(void **state)
{
	static const char *const names[] = {"default.db", "default.db-wal",
	    "default-own.db", "default-own.db-wal"};
	struct place *p = *state;
	struct draft d = {.text = "下書きの秘密", .caret_b = 3};
	struct store_act act = {
	    .number = 1, .verb = "reply", .args = "{\"text\":\"送信の秘密\"}"};
	struct err e = {0};
	struct stat st;
	char path[128];

	put_thread(p);
	assert_int_equal(store_set_draft(p->s, 1, false, &d, &e), 0);
	assert_int_equal(store_outbox_add(p->s, &act, NULL, &e), 0);
	assert_int_equal(store_set(p->s, "me", "名前の秘密", &e), 0);
	assert_int_equal(store_history_add(p->s, 1, "入力の秘密", &e), 0);
	for (int i = 0; i < 4; i++) {
		assert_false(file_holds(p, names[i], "秘密"));
		assert_false(file_holds(p, names[i], "山田"));
		assert_false(file_holds(p, names[i], "二つ目"));
	}
	assert_true(file_holds(p, "default.db-wal", "msg"));
	snprintf(path, sizeof(path), "%s/default.db", p->dir);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void
test_other_key(void **state)
{
	struct place *p = *state;
	struct draft d = {.text = "x"};
	struct err e = {0};

	put_numbers(p, 1, 3);
	assert_int_equal(store_set_draft(p->s, 1, false, &d, &e), 0);
	store_close(p->s);
	crypto_random(p->key, sizeof(p->key));
	p->s = store_open(p->dir, "default", p->key, &e);
	assert_null(p->s);
	assert_non_null(strstr(e.msg, "default-own.db.damaged"));
	reopen(p);
	assert_null(store_conv(p->s, 1, p->a));
	assert_false(store_draft(p->s, 1, false, p->a, &d));
	put_numbers(p, 1, 1);
	reopen(p);
	assert_non_null(store_conv(p->s, 1, p->a));
}

/* what is our own */

static void
test_drafts(void **state)
{
	struct place *p = *state;
	struct draft d = {.text = "こん", .caret_b = 6}, note = {.text = "n"};
	struct draft got;
	struct err e = {0};

	assert_int_equal(store_set_draft(p->s, 42, false, &d, &e), 0);
	assert_int_equal(store_set_draft(p->s, 42, true, &note, &e), 0);
	reopen(p);
	assert_true(store_draft(p->s, 42, false, p->a, &got));
	assert_string_equal(got.text, "こん");
	assert_int_equal(got.caret_b, 6);
	assert_true(store_draft(p->s, 42, true, p->a, &got));
	assert_string_equal(got.text, "n");
	d.text = "";
	assert_int_equal(store_set_draft(p->s, 42, false, &d, &e), 0);
	assert_false(store_draft(p->s, 42, false, p->a, &got));
	assert_true(store_draft(p->s, 42, true, p->a, &got));
}

static int64_t
add_act(struct place *p, int64_t number, const char *verb)
{
	struct store_act act = {
	    .number = number, .verb = verb, .args = "{}", .queued_ms = 5};
	struct err e = {0};
	int64_t row = 0;

	assert_int_equal(store_outbox_add(p->s, &act, &row, &e), 0);
	assert_true(row > 0);
	return row;
}

static void
test_outbox(void **state)
{
	struct place *p = *state;
	int64_t one = add_act(p, 1, "reply"), two = add_act(p, 2, "tag");
	struct store_act *v;
	struct err e = {0};

	reopen(p);
	assert_int_equal(store_outbox(p->s, false, p->a, &v), 2);
	assert_int_equal(v[0].row, one);
	assert_string_equal(v[1].verb, "tag");
	assert_int_equal(v[0].queued_ms, 5);
	assert_null(v[0].error);
	assert_int_equal(store_outbox_refuse(p->s, one, "見ていない", &e), 0);
	assert_int_equal(store_outbox(p->s, false, p->a, &v), 1);
	assert_int_equal(store_outbox(p->s, true, p->a, &v), 1);
	assert_string_equal(v[0].error, "見ていない");
	assert_string_equal(v[0].verb, "reply");
	assert_false(store_outbox_lease(p->s, one));
	assert_int_equal(store_outbox_refuse(p->s, one, NULL, &e), 0);
	assert_int_equal(store_outbox(p->s, false, p->a, &v), 2);
	assert_int_equal(store_outbox_rm(p->s, one, &e), 0);
	assert_int_equal(store_outbox_rm(p->s, two, &e), 0);
	assert_int_equal(store_outbox(p->s, false, p->a, &v), 0);
	assert_true(add_act(p, 3, "pin") > two);
}

/* Leases in a child: 0 it got it, 1 it did not. */
static int
lease_in_child(struct place *p, int64_t row, bool and_stay, pid_t *pid)
{
	int fds[2], status;
	char got = 0;
	struct store *s;

	assert_int_equal(pipe(fds), 0);
	*pid = fork();
	if (*pid == 0) {
		s = store_open(p->dir, "default", p->key, NULL);
		got = store_outbox_lease(s, row) ? 'y' : 'n';
		(void)!write(fds[1], &got, 1);
		if (and_stay)
			pause();
		_exit(0);
	}
	close(fds[1]);
	assert_int_equal(read(fds[0], &got, 1), 1);
	close(fds[0]);
	if (!and_stay)
		waitpid(*pid, &status, 0);
	return got == 'y' ? 0 : 1;
}

static void
test_leases(void **state)
{
	struct place *p = *state;
	int64_t row = add_act(p, 1, "reply");
	pid_t child;

	assert_true(store_outbox_lease(p->s, row));
	assert_true(store_outbox_lease(p->s, row));
	assert_int_equal(lease_in_child(p, row, false, &child), 1);
	store_outbox_release(p->s, row);
	assert_int_equal(lease_in_child(p, row, true, &child), 0);
	assert_false(store_outbox_lease(p->s, row));
	kill(child, SIGKILL); /* its lease goes with it */
	waitpid(child, NULL, 0);
	assert_true(store_outbox_lease(p->s, row));
	assert_false(store_outbox_lease(p->s, row + 1));
}

static void
test_history(void **state)
{
	struct place *p = *state;
	const char **v;

	store_history_add(p->s, 1, "one", NULL);
	store_history_add(p->s, 2, "two", NULL);
	store_history_add(p->s, 1, "three", NULL);
	assert_int_equal(store_history(p->s, 1, 10, p->a, &v), 3);
	assert_string_equal(v[0], "two");
	assert_string_equal(v[1], "one");
	assert_string_equal(v[2], "three");
	assert_int_equal(store_history(p->s, 2, 2, p->a, &v), 2);
	assert_string_equal(v[0], "three");
	assert_string_equal(v[1], "two");
}

/* forgetting */

static void
test_forget(void **state)
{
	struct place *p = *state;
	struct draft d = {.text = "draft"};
	struct store_act *acts;
	int64_t n[VIEW_N];
	struct err e = {0};

	put_thread(p);
	store_set_draft(p->s, 1, false, &d, &e);
	add_act(p, 1, "reply");
	store_set(p->s, "seq", "99", &e);
	store_set(p->s, "view", "auto", &e);
	store_thread_set_whole(p->s, 101);
	assert_int_equal(store_forget(p->s, &e), 0);
	assert_null(store_conv(p->s, 1, p->a));
	assert_null(store_msg(p->s, "a", p->a));
	assert_null(store_get(p->s, "seq", p->a));
	assert_false(store_thread_whole(p->s, 101));
	assert_string_equal(store_get(p->s, "view", p->a), "auto");
	store_counts(p->s, n);
	assert_int_equal(n[VIEW_ALL], 0);
	assert_true(store_draft(p->s, 1, false, p->a, &d));
	assert_int_equal(store_outbox(p->s, false, p->a, &acts), 1);
	assert_int_equal(store_erase(p->s, &e), 0);
	assert_false(store_draft(p->s, 1, false, p->a, &d));
	assert_int_equal(store_outbox(p->s, false, p->a, &acts), 0);
	reopen(p);
	assert_null(store_get(p->s, "view", p->a));
}

static void
test_wipe(void **state)
{
	struct place *p = *state;
	struct err e = {0};
	char path[128];

	put_thread(p);
	store_close(p->s);
	p->s = NULL;
	assert_int_equal(store_wipe(p->dir, "default", &e), 0);
	snprintf(path, sizeof(path), "%s/default.db", p->dir);
	assert_int_equal(access(path, F_OK), -1);
	snprintf(path, sizeof(path), "%s/default-own.db-wal", p->dir);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(rmdir(p->dir), 0);
}

static void
trim(struct place *p, int64_t max_b)
{
	struct err e = {0};
	int rc;

	while ((rc = store_trim(p->s, 90, max_b, &e)) == 1)
		;
	assert_int_equal(rc, 0);
}

static void
test_trim(void **state)
{
	struct place *p = *state;
	int64_t now = when_now_ms(), day = 24 * 3600 * 1000;
	struct conv c = conv_of(2, 2);

	put_thread(p);
	put_msg(p, msg_of("new", now, 9, "new"));
	c.status = STATUS_RESOLVED;
	c.resolved_ms = now - 100 * day;
	put(p, &c);
	store_thread_set_whole(p->s, 101);
	trim(p, INT64_C(1) << 40);
	assert_null(store_conv(p->s, 2, p->a));
	assert_non_null(store_conv(p->s, 1, p->a));
	thread_is(p, NULL, NULL, 10, "new");
	assert_false(store_thread_whole(p->s, 101));
}

static void
test_trim_size(void **state)
{
	struct place *p = *state;
	char id[32], *text = x_calloc(1, 2001);
	int64_t now = when_now_ms();
	struct err e = {0};
	struct store_thread q = {.contact = 101, .limit = 10000};
	struct msg **r;
	size_t n;

	memset(text, 'x', 2000);
	put_numbers(p, 1, 1);
	store_begin(p->s);
	for (int i = 0; i < 5000; i++) {
		snprintf(id, sizeof(id), "m%06d", i);
		put_msg(p, msg_of(id, now - 5000 + i, i, text));
	}
	assert_int_equal(store_commit(p->s, &e), 0);
	trim(p, 8 << 20);
	n = store_thread(p->s, &q, p->a, &r);
	assert_true(n > 0 && n < 5000);
	assert_string_equal(r[n - 1]->id, "m004999");
	x_free(text);
}

static void
test_nesting(void **state)
{
	struct place *p = *state;
	struct conv c = conv_of(2, 2);
	struct err e = {0};

	store_begin(p->s);
	put(p, &c);
	store_begin(p->s);
	c = conv_of(3, 3);
	put(p, &c);
	assert_int_equal(store_commit(p->s, &e), 0);
	assert_int_equal(store_commit(p->s, &e), 0);
	assert_non_null(store_conv(p->s, 2, p->a));
	assert_non_null(store_conv(p->s, 3, p->a));
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {T(test_list_windows),
	    T(test_list_moves), T(test_rev), T(test_list_match), T(test_thread),
	    T(test_thread_find), T(test_thread_claimed),
	    T(test_msg_rev_and_redact), T(test_whole), T(test_sealed),
	    T(test_other_key), T(test_drafts), T(test_outbox), T(test_leases),
	    T(test_history), T(test_forget), T(test_wipe), T(test_trim),
	    T(test_trim_size), T(test_nesting)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
