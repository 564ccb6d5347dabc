/*
 * A desk without threads or sockets, for tests of the acts: a store in memory's
 * stead, a clock that the test turns, LINE's events from a few words. After
 * each act it is checked that whatever changed of a conversation or a message
 * has a feed row (its rev is younger than the act).
 */
#ifndef TESTS_ACTS_H
#define TESTS_ACTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <mado/buf.h>

#include "../../src/madod/act.h"
#include "../../src/madod/schema.h"
#include "../../src/madod/search.h"

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

static struct {
	char dir[64];
	struct sql *db;
	struct arena *mem; /* of the test */
	int64_t seq, now;
	unsigned wake;
	struct err e;      /* of the last act */
	struct verb_out v; /* of the last verb */
	const char *actor;
	int64_t actor_id;
	struct send_in policy;
	struct survey_in survey;   /* what resolving sets off: nothing */
	const struct rules *rules; /* NULL: everything goes to people */
	const struct advice_policy *adviser; /* NULL: nobody is asked */
	int events;                          /* ids given out */
} desk;

/* --- the store */

/* The text of a query's first column, rows joined with a blank. */
static const char *
rows(const char *sql)
{
	struct sql_rows *q =
	    sql_query(desk.db, arena_strdup(desk.mem, sql), "");
	struct buf b = {0};
	const char *s;

	while (sql_next(q)) {
		buf_puts(&b, b.n > 0 ? " " : "");
		s = sql_text(q, 0);
		buf_puts(&b, s != NULL ? s : "-");
	}
	s = arena_strdup(desk.mem, buf_str(&b));
	buf_free(&b);
	if (sql_err(desk.db, &desk.e) == -1)
		fail_msg("%s: %s", sql, desk.e.msg);
	return s;
}

static int64_t
number(const char *sql)
{
	return strtoll(rows(sql), NULL, 10);
}

static int
desk_open(void **state)
{
	char *path;

	(void)state;
	memset(&desk, 0, sizeof(desk));
	desk.mem = arena_new();
	desk.now = INT64_C(1800000000000);
	strcpy(desk.dir, "/tmp/mado-acts.XXXXXX");
	assert_non_null(mkdtemp(desk.dir));
	path = arena_sprintf(desk.mem, "%s/desk.db", desk.dir);
	search_init();
	assert_int_equal(schema_migrate(path, NULL), 0);
	desk.db = sql_open(path, SQL_SYNC_NORMAL, NULL);
	assert_non_null(desk.db);
	sql_script(desk.db,
	    "INSERT INTO user(id,name,role,made_at) VALUES"
	    " (1,'sato',1,0),(2,'kato',1,0),(3,'mori',0,0)");
	/* what stood before an act */
	sql_script(desk.db,
	    "CREATE TEMP TABLE c0 AS SELECT * FROM conversation WHERE 0;"
	    "CREATE TEMP TABLE m0 AS SELECT * FROM message WHERE 0");
	desk.actor = "sato";
	desk.actor_id = 1;
	desk.policy = (struct send_in){"main", PUSH_ALLOW, NULL};
	desk.survey.channel = "main";
	return 0;
}

static int
desk_close(void **state)
{
	char *cmd = x_sprintf("rm -rf '%s'", desk.dir);

	(void)state;
	sql_close(desk.db);
	arena_free(desk.mem);
	assert_int_equal(system(cmd), 0);
	x_free(cmd);
	return 0;
}

static void
wait_ms(int64_t ms)
{
	desk.now += ms;
}

/* --- acts */

static void
check_rows(int64_t before)
{
	const char *bad;

	bad = rows("SELECT c.number FROM conversation c LEFT JOIN c0 o USING"
		   " (number) WHERE (c.mode,c.status,c.pinned,c.assignee,"
		   "c.waiting_since,c.snoozed_until,c.unread,c.last_message,"
		   "c.problems,c.csat_score,c.csat_comment,c.csat_asked,"
		   "c.resolved_at) IS NOT (o.mode,o.status,o.pinned,o.assignee,"
		   "o.waiting_since,o.snoozed_until,o.unread,o.last_message,"
		   "o.problems,o.csat_score,o.csat_comment,o.csat_asked,"
		   "o.resolved_at) AND c.rev<=(SELECT value FROM temp.before)");
	if (*bad != '\0')
		fail_msg("changed without a feed row: #%s (seq %lld)", bad,
		    (long long)before);
	bad = rows("SELECT m.id FROM message m LEFT JOIN m0 o USING(id) WHERE"
		   " (m.conversation,m.text,m.state,m.via,m.error,m.line_id,"
		   "m.unsent,m.edited_at,m.media_state) IS NOT"
		   " (o.conversation,o.text,o.state,o.via,o.error,o.line_id,"
		   "o.unsent,o.edited_at,o.media_state)"
		   " AND m.rev<=(SELECT value FROM temp.before)");
	if (*bad != '\0')
		fail_msg("message changed without a feed row: %s", bad);
	bad = rows("SELECT number FROM conversation c WHERE problems<>(SELECT"
		   " count(*) FROM outbox o JOIN message m ON m.id=o.message"
		   " WHERE m.conversation=c.number AND o.state>=2"
		   " AND o.send_at IS NULL)");
	if (*bad != '\0')
		fail_msg("problems of #%s are counted wrong", bad);
}

static int
run(struct act *a)
{
	int64_t before = desk.seq;
	int rv;

	a->db = desk.db;
	a->now_ms = desk.now;
	a->seq = &desk.seq;
	a->mem = desk.mem;
	err_clear(&desk.e);
	sql_script(desk.db,
	    arena_sprintf(desk.mem,
		"DELETE FROM c0; INSERT INTO c0 SELECT * FROM conversation;"
		"DELETE FROM m0; INSERT INTO m0 SELECT * FROM message;"
		"DROP TABLE IF EXISTS temp.before; CREATE TEMP TABLE before AS"
		" SELECT %lld AS value; BEGIN",
		(long long)before));
	rv = a->run(a, &desk.e);
	if (sql_err(desk.db, &desk.e) == -1)
		fail_msg("the store: %s", desk.e.msg);
	sql_script(desk.db, rv == 0 ? "COMMIT" : "ROLLBACK");
	if (rv == -1)
		desk.seq = before;
	else
		desk.wake = a->wake;
	check_rows(before);
	return rv;
}

/* A verb as desk.actor; args is JSON or NULL. */
static int
verb(const char *name, int64_t conv, const char *args)
{
	const struct verb *v = act_verb_find(name);
	cJSON *o = args != NULL ? cJSON_Parse(args) : NULL;
	struct act a = {.number = conv,
	    .actor = desk.actor,
	    .actor_id = desk.actor_id,
	    .args = o,
	    .out = &desk.v};
	int rv;

	memset(&desk.v, 0, sizeof(desk.v));
	if (args != NULL)
		assert_non_null(o);
	a.run = v != NULL ? v->run : act_claim;
	a.in = v != NULL ? &desk.survey : NULL;
	rv = run(&a);
	cJSON_Delete(o);
	return rv;
}

static int
decide(int (*fn)(struct act *, struct err *), const char *uid, const char *args)
{
	cJSON *o = args != NULL ? cJSON_Parse(args) : NULL;
	struct act a = {.run = fn,
	    .actor = desk.actor,
	    .args = o,
	    .in = arena_strdup(desk.mem, uid),
	    .out = &desk.v};
	int rv = run(&a);

	cJSON_Delete(o);
	return rv;
}

static void
as(const char *name)
{
	desk.actor = name;
	desk.actor_id = strcmp(name, "sato") == 0 ? 1 : 2;
}

/* The newest message's uid. */
static const char *
newest(void)
{
	return rows("SELECT uid FROM message ORDER BY id DESC LIMIT 1");
}

/* --- LINE */

/* A webhook of these events, comma separated; gives the files that go. */
static struct gone *
hook(const char *events)
{
	const char *body = arena_sprintf(desk.mem, "{\"events\":[%s]}", events);
	struct webhook_in *in = arena_new_of(desk.mem, struct webhook_in);
	struct line_webhook *w = arena_new_of(desk.mem, struct line_webhook);
	struct act a = {.run = act_webhook, .in = in};
	cJSON *o = cJSON_Parse(body);

	assert_non_null(o);
	line_decode(o, desk.mem, w);
	*in = (struct webhook_in){.channel = "main",
	    .hook = w,
	    .rules = desk.rules,
	    .adviser = desk.adviser,
	    .received_ms = desk.now,
	    .reopen_within_ms = DAY};
	assert_int_equal(run(&a), 0);
	cJSON_Delete(o);
	return a.out;
}

/* An event of a customer; more: its members beyond the common ones. */
static const char *
event(const char *user, const char *type, const char *more)
{
	return arena_sprintf(desk.mem,
	    "{\"type\":\"%s\",\"mode\":\"active\",\"timestamp\":%lld,"
	    "\"webhookEventId\":\"ev%d\",\"source\":{\"type\":\"user\","
	    "\"userId\":\"%s\"}%s%s}",
	    type, (long long)desk.now, ++desk.events, user, *more ? "," : "",
	    more);
}

/* "user says text", with a reply token; LINE's id is that of the event. */
static const char *
text_of(const char *user, const char *text)
{
	int id = desk.events + 1;

	return event(user, "message",
	    arena_sprintf(desk.mem,
		"\"replyToken\":\"token%d\",\"message\":{\"type\":\"text\","
		"\"id\":\"line%d\",\"quoteToken\":\"q%d\",\"text\":\"%s\"}",
		id, id, id, text));
}

static void
says(const char *user, const char *text)
{
	hook(text_of(user, text));
}

/* --- the sender */

static struct send *
take(void)
{
	struct act a = {.run = act_send_take, .in = &desk.policy};

	assert_int_equal(run(&a), 0);
	return a.out;
}

/* What LINE answered to a request. */
static void
answered(const struct send *s, enum send_how how)
{
	static const char *ids[] = {"sent1", "sent2", "sent3", "sent4",
	    "sent5"},
			  *quotes[5];
	struct send_result r = {.id = s->id,
	    .how = how,
	    .error = how == SENT ? NULL : "LINE's words",
	    .line_ids = ids,
	    .quote_tokens = quotes,
	    .n = 5};
	struct act a = {.run = act_send_result, .in = &r};

	assert_int_equal(run(&a), 0);
}

/* --- what is expected */

#define is(sql, wanted) assert_string_equal(rows(sql), wanted)
#define fails(call, want)                            \
	do {                                         \
		assert_int_equal((call), -1);        \
		assert_int_equal(desk.e.code, want); \
	} while (0)
#define works(call)                                 \
	do {                                        \
		if ((call) == -1)                   \
			fail_msg("%s", desk.e.msg); \
	} while (0)
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, desk_open, desk_close)

#endif
