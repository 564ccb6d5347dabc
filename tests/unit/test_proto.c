/*
 * proto.c: the members that contract.md promises, by name and in order, and
 * that every table comes back from its own JSON.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include <mado/model.h>

static const char CONVERSATION[] =
    "{\"number\":42,\"contact\":{\"id\":7,\"name\":\"山田 花子\","
    "\"tags\":[\"VIP\"],\"kind\":\"user\",\"language\":\"ja\","
    "\"picture_url\":null,\"status_message\":null,\"blocked\":true,"
    "\"since\":\"2026-11-01T00:00:00.000Z\",\"fields\":{\"注文番号\":\"12345\"}},\"channel\":\"main\","
    "\"mode\":\"manual\",\"status\":\"follow_up\",\"pinned\":true,"
    "\"unread\":2,\"assignee\":\"sato\",\"team\":null,\"tags\":[\"返品\"],"
    "\"waiting_since\":\"2026-11-22T01:04:33.123Z\","
    "\"opened_at\":\"2026-11-22T01:00:00.000Z\",\"resolved_at\":null,"
    "\"snoozed_until\":null,"
    "\"reply_free_until\":\"2026-11-22T01:05:23.000Z\","
    "\"csat\":{\"score\":5,\"comment\":null,"
    "\"asked_at\":\"2026-11-22T01:04:00.000Z\",\"answered_at\":null},"
    "\"last_message\":{\"id\":\"01J\",\"conversation\":42,"
    "\"at\":\"2026-11-22T01:04:33.123Z\",\"from\":\"agent\","
    "\"author\":\"sato\",\"type\":\"image\",\"text\":\"[写真]\","
    "\"state\":\"unconfirmed\",\"via\":\"reply\",\"error\":\"no answer\","
    "\"line_id\":\"46000\",\"quoted\":{\"id\":\"01H\",\"text\":\"いつ?\"},"
    "\"unsent\":true,\"edited\":true,\"why\":\"rule hours\","
    "\"media\":{\"type\":\"image/png\",\"size\":9,\"state\":\"kept\","
    "\"url\":null,\"file_name\":\"a.png\"},\"order\":11,\"rev\":12},"
    "\"suggestion\":null,\"problems\":1,\"cost\":0,\"rev\":13}";

/* Decode text by the table and encode it again: the same bytes. */
static void
expect_same(const struct json_table *t, const char *text)
{
	struct err e = {0};
	struct arena *a = arena_new();
	struct buf b = {0};
	void *p = arena_calloc(a, 1, t->size);
	cJSON *v = json_parse(text, strlen(text), &e);

	assert_string_equal(e.msg, "");
	assert_int_equal(json_decode(t, v, p, a, &e), 0);
	cJSON_Delete(v);
	json_encode(&b, t, p);
	assert_string_equal(b.p, text);
	buf_free(&b);
	arena_free(a);
}

static void
conversation_and_message(void **state)
{
	(void)state;
	expect_same(&conv_json, CONVERSATION);
}

static void
event_with_its_rows(void **state)
{
	struct buf b = {0};

	(void)state;
	buf_printf(&b,
	    "{\"seq\":1234,\"epoch\":1,\"at\":\"2026-11-22T01:04:33.123Z\","
	    "\"kind\":\"message.in\",\"conversation\":42,\"actor\":\"sato\","
	    "\"why\":null,\"data\":{\"message\":null,\"conversation\":%s,"
	    "\"text\":\"a line\",\"contact\":null,\"message_id\":\"01J\"}}",
	    CONVERSATION);
	expect_same(&event_json, b.p);
	buf_free(&b);
	expect_same(&event_json,
	    "{\"seq\":1,\"epoch\":1,\"at\":\"2026-11-22T01:04:33.123Z\","
	    "\"kind\":\"channel.changed\",\"conversation\":null,"
	    "\"actor\":null,\"why\":null,\"data\":null}");
}

static void
small_tables(void **state)
{
	(void)state;
	expect_same(&agent_json,
	    "{\"name\":\"sato\",\"display\":\"佐藤\",\"role\":\"admin\","
	    "\"disabled\":false}");
	expect_same(&canned_json,
	    "{\"name\":\"thanks\",\"text\":\"a\\nb\","
	    "\"reading\":null,\"tags\":[\"x\"],\"personal\":false}");
	expect_same(&channel_status_json,
	    "{\"name\":\"main\",\"quota_limit\":-1,\"quota_used\":3,"
	    "\"problem\":null,\"push\":\"allow\"}");
	expect_same(&csat_json,
	    "{\"score\":null,\"comment\":null,"
	    "\"asked_at\":\"2026-11-22T01:04:33.123Z\","
	    "\"answered_at\":null}");
}

/* What a newer server adds is passed over; what it leaves out is empty. */
static void
older_and_newer_ends(void **state)
{
	static const char text[] =
	    "{\"number\":3,\"priority\":\"high\",\"mode\":\"auto\","
	    "\"status\":\"open\"}";
	struct arena *a = arena_new();
	cJSON *v = json_parse(text, strlen(text), NULL);
	struct conv c;

	(void)state;
	assert_int_equal(json_decode(&conv_json, v, &c, a, NULL), 0);
	assert_int_equal(c.number, 3);
	assert_null(c.contact);
	assert_null(c.last_message);
	assert_int_equal(c.tags.n, 0);
	cJSON_Delete(v);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(conversation_and_message),
	    cmocka_unit_test(event_with_its_rows),
	    cmocka_unit_test(small_tables),
	    cmocka_unit_test(older_and_newer_ends),
	};

	return cmocka_run_group_tests_name("proto", tests, NULL, NULL);
}
