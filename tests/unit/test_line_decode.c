/*
 * The webhook decoder: the collection of samples that tests/line posts to
 * madod, the rules for keys, tokens and sources, and what no sender should
 * write but one might.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <mado/text.h>

#include "../../src/madod/line_decode.c"
#include "../../src/madod/line_message.c"
#include "../../src/madod/line_scan.c"

static struct arena *arena;

static struct line_webhook
decode(const char *body)
{
	struct line_webhook w;
	struct err e = {0};
	cJSON *j = json_parse(body, strlen(body), &e);

	if (j == NULL)
		fail_msg("%s: %s", e.msg, body);
	line_decode(j, arena, &w);
	cJSON_Delete(j); /* nothing may be lent from it */
	return w;
}

/* The one event of a body made from its text. */
static const struct line_event *
event(const char *text)
{
	struct line_webhook w =
	    decode(arena_sprintf(arena, "{\"events\":[%s]}", text));

	assert_int_equal(w.n, 1);
	return &w.events[0];
}

/* The event of a message whose object is given. */
static const struct line_event *
message(const char *text)
{
	return event(arena_sprintf(
	    arena, "{\"type\":\"message\",\"message\":%s}", text));
}

static const char *
line_of(const char *text)
{
	return message(text)->text;
}

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void
check_sample(const cJSON *sample)
{
	const char *name = json_str(sample, "name", "");
	char *ev = cJSON_PrintUnformatted(json_obj(sample, "event"));
	const struct line_event *o = event(ev);

	if (strcmp(o->text, json_str(sample, "line", "")) != 0)
		fail_msg("%s: %s", name, o->text);
	if (strcmp(msg_type_names[o->msg_type], json_str(sample, "as", "")) !=
	    0)
		fail_msg("%s: is %s", name, msg_type_names[o->msg_type]);
	assert_string_equal(o->raw, ev);
	assert_true(o->at_ms > 0);
	assert_non_null(o->key);
	cJSON_free(ev);
}

static void
test_samples(void **state)
{
	struct buf b = {0};
	struct err e = {0};
	cJSON *all, *it;
	int n = 0;

	(void)state;
	if (buf_read_file(&b, "tests/line/samples.json", 1 << 20, &e) != 0)
		fail_msg("%s", e.msg);
	all = json_parse(b.p, b.n, &e);
	assert_non_null(all);
	cJSON_ArrayForEach(it, json_arr(all, "samples"))
	{
		check_sample(it);
		n++;
	}
	assert_true(n > 50);
	cJSON_Delete(all);
	buf_free(&b);
}

static void
test_envelope(void **state)
{
	static const char *const none[] = {"{\"hello\":\"world\"}", "[]", "{}",
	    "1", "null", "{\"events\":{}}", "{\"events\":null}"};
	struct line_webhook w;

	(void)state;
	w = decode("{\"destination\":\"U1\",\"events\":[]}");
	assert_int_equal(w.n, 0);
	assert_string_equal(w.destination, "U1");
	w = decode("{\"destination\":5,\"events\":[]}");
	assert_null(w.destination);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_int_equal(decode(none[i]).n, 0);
}

static void
test_order_is_kept(void **state)
{
	struct line_webhook w =
	    decode("{\"events\":["
		   "{\"type\":\"follow\",\"webhookEventId\":\"A\"},7,"
		   "{\"type\":\"unfollow\",\"webhookEventId\":\"B\"}]}");

	(void)state;
	assert_int_equal(w.n, 3);
	assert_string_equal(w.events[0].key, "e:A");
	assert_int_equal(w.events[0].friend, LINE_FRIEND_ADDED);
	assert_string_equal(w.events[1].name, "unknown");
	assert_string_equal(w.events[1].raw, "7");
	assert_string_equal(w.events[2].key, "e:B");
	assert_int_equal(w.events[2].friend, LINE_FRIEND_BLOCKED);
}

static void
test_keys(void **state)
{
	const char *a, *b;

	(void)state;
	assert_string_equal(event("{\"type\":\"message\",\"webhookEventId\":"
				  "\"01A\",\"message\":{\"id\":\"9\"}}")
				->key,
	    "e:01A");
	assert_string_equal(
	    message("{\"type\":\"text\",\"id\":\"9\"}")->key, "m:9");
	/* An edit carries the original's id, so that cannot be its key. */
	a = event("{\"type\":\"messageEdited\",\"message\":{\"type\":\"text\","
		  "\"id\":\"9\",\"text\":\"x\"}}")
		->key;
	b = event("{\"type\":\"messageEdited\",\"message\":{\"type\":\"text\","
		  "\"id\":\"9\",\"text\":\"y\"}}")
		->key;
	assert_memory_equal(a, "h:", 2);
	assert_int_equal(strlen(a), 66);
	assert_string_not_equal(a, b);
	/* White space is not part of an event. */
	assert_string_equal(event("{\"type\":\"join\",\"x\":[1,2]}")->key,
	    event("{ \"type\" : \"join\",\n\"x\" : [1, 2] }")->key);
	assert_memory_equal(
	    event("{\"type\":\"join\",\"webhookEventId\":\"\"}")->key, "h:", 2);
	assert_memory_equal(
	    event("{\"type\":\"join\",\"webhookEventId\":17}")->key, "h:", 2);
}

static void
test_kinds(void **state)
{
	const struct line_event *o;

	(void)state;
	o = event("{\"type\":\"unsend\",\"unsend\":{\"messageId\":\"9\"}}");
	assert_int_equal(o->kind, LINE_UNSEND);
	assert_string_equal(o->message_id, "9");
	o = event("{\"type\":\"unsend\",\"unsend\":{\"messageId\":9}}");
	assert_int_equal(o->kind, LINE_EVENT);
	assert_string_equal(o->text, "unsent a message");
	o = event("{\"type\":\"messageEdited\",\"message\":{\"id\":\"9\","
		  "\"type\":\"text\",\"text\":\"new\"}}");
	assert_int_equal(o->kind, LINE_EDITED);
	assert_string_equal(o->message_id, "9");
	assert_string_equal(o->text, "new");
	o = event("{\"type\":\"messageEdited\",\"message\":{}}");
	assert_int_equal(o->kind, LINE_EVENT);
	assert_int_equal(o->msg_type, MSG_EVENT);
	assert_string_equal(o->text, "edited a message");
	o = event("{\"type\":\"postback\",\"postback\":{\"data\":\"csat 5\"}}");
	assert_int_equal(o->kind, LINE_POSTBACK);
	assert_string_equal(o->postback, "csat 5");
	o = event("{\"type\":\"message\"}");
	assert_int_equal(o->kind, LINE_MESSAGE);
	assert_int_equal(o->msg_type, MSG_UNKNOWN);
	assert_string_equal(o->text, "[unsupported: message]");
	o = event("{}");
	assert_int_equal(o->kind, LINE_EVENT);
	assert_string_equal(o->text, "[unsupported: event]");
}

static void
test_sources(void **state)
{
	const struct line_event *o;

	(void)state;
	o = event("{\"type\":\"join\",\"source\":{\"type\":\"group\","
		  "\"groupId\":\"C1\",\"userId\":\"U1\"}}");
	assert_string_equal(o->source_kind, "group");
	assert_string_equal(o->source_id, "C1");
	assert_string_equal(o->user_id, "U1");
	o = event("{\"type\":\"join\",\"source\":{\"type\":\"user\","
		  "\"userId\":\"U1\"}}");
	assert_string_equal(o->source_id, "U1");
	assert_null(o->user_id);
	o = event("{\"type\":\"join\",\"source\":{\"type\":\"user\"}}");
	assert_null(o->source_kind);
	o = event("{\"type\":\"join\",\"source\":{\"type\":\"room\","
		  "\"roomId\":\"a b\"}}");
	assert_null(o->source_kind);
	o = event("{\"type\":\"join\",\"source\":[\"user\"]}");
	assert_null(o->source_kind);
}

static void
test_reply_tokens(void **state)
{
	(void)state;
	assert_string_equal(
	    event("{\"type\":\"follow\",\"replyToken\":\"0f\"}")->reply_token,
	    "0f");
	assert_null(event("{\"type\":\"message\",\"replyToken\":"
			  "\"00000000000000000000000000000000\"}")
			->reply_token);
	assert_null(event("{\"type\":\"message\",\"replyToken\":"
			  "\"ffffffffffffffffffffffffffffffff\"}")
			->reply_token);
	assert_null(event("{\"type\":\"message\",\"mode\":\"standby\","
			  "\"replyToken\":\"0f\"}")
			->reply_token);
	assert_null(
	    event("{\"type\":\"message\",\"replyToken\":{}}")->reply_token);
}

/* The account's own name is taken out, by UTF-16 units. */
static void
test_mentions(void **state)
{
	static const struct {
		const char *text, *mentionees, *asked;
	} rows[] = {
	    {"@店 送料は?", "[{\"index\":0,\"length\":2,\"isSelf\":true}]",
		" 送料は?"},
	    {"😀 @店 送料", "[{\"index\":3,\"length\":2,\"isSelf\":true}]",
		"😀  送料"},
	    {"@店", "[{\"index\":0,\"length\":2,\"isSelf\":true}]", ""},
	    {"@店", "[{\"index\":9,\"length\":9,\"isSelf\":true}]", "@店"},
	    {"@店", "[{\"index\":-1,\"length\":1e200,\"isSelf\":true}]", "@店"},
	    {"@店", "[{\"isSelf\":true}]", "@店"},
	    {"@A @店",
		"[{\"index\":0,\"length\":2,\"isSelf\":false},"
		"{\"index\":3,\"length\":2,\"isSelf\":true}]",
		"@A "},
	    {"@A", "[{\"index\":0,\"length\":2,\"userId\":\"U\"}]", NULL},
	    {"@All", "[{\"index\":0,\"length\":4,\"type\":\"all\"}]", NULL},
	    {"@店", "{\"isSelf\":true}", NULL},
	    {"@店", "[[true],1,null]", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char json[400];
		const struct line_event *o;

		snprintf(json, sizeof(json),
		    "{\"type\":\"text\",\"id\":\"9\",\"text\":\"%s\","
		    "\"mention\":{\"mentionees\":%s}}",
		    rows[i].text, rows[i].mentionees);
		o = message(json);
		assert_string_equal(o->text, rows[i].text);
		if (rows[i].asked == NULL)
			assert_null(o->asked);
		else
			assert_string_equal(o->asked, rows[i].asked);
	}
}

static void
test_media(void **state)
{
	const struct line_event *o;

	(void)state;
	o = message("{\"type\":\"image\",\"id\":\"9\",\"quoteToken\":\"q\"}");
	assert_string_equal(o->media->state, "wanted");
	assert_string_equal(o->quote_token, "q");
	o = message("{\"type\":\"image\"}");
	assert_null(o->media);
	o = message("{\"type\":\"video\",\"id\":\"9\",\"contentProvider\":"
		    "{\"type\":\"external\",\"originalContentUrl\":"
		    "\"https://example.com/a.mp4\"}}");
	assert_string_equal(o->media->state, "external");
	assert_string_equal(o->media->url, "https://example.com/a.mp4");
	o = message("{\"type\":\"video\",\"id\":\"9\",\"contentProvider\":"
		    "{\"type\":\"external\",\"originalContentUrl\":"
		    "\"javascript:alert(1)\"}}");
	assert_string_equal(o->media->state, "external");
	assert_null(o->media->url);
	o = message("{\"type\":\"file\",\"id\":\"9\",\"fileName\":\"a.pdf\","
		    "\"fileSize\":2048}");
	assert_string_equal(o->media->file_name, "a.pdf");
	assert_int_equal(o->media->size_b, 2048);
	assert_null(message("{\"type\":\"text\",\"id\":\"9\"}")->media);
}

static void
test_lines(void **state)
{
	static const struct {
		const char *message, *line;
	} rows[] = {
	    {"{\"type\":\"text\",\"text\":\"\"}", "[empty message]"},
	    {"{\"type\":\"text\"}", "[empty message]"},
	    {"{\"type\":\"audio\",\"duration\":400}", "[audio 0:00]"},
	    {"{\"type\":\"audio\",\"duration\":3599600}", "[audio 1:00:00]"},
	    {"{\"type\":\"audio\",\"duration\":-5}", "[audio]"},
	    {"{\"type\":\"audio\",\"duration\":1e200}", "[audio]"},
	    {"{\"type\":\"audio\",\"duration\":\"3\"}", "[audio]"},
	    {"{\"type\":\"file\"}", "[file]"},
	    {"{\"type\":\"file\",\"fileName\":\"a\\nb\"}", "[file a b]"},
	    {"{\"type\":\"file\",\"fileName\":\"a\",\"fileSize\":1}",
		"[file a 1 B]"},
	    {"{\"type\":\"file\",\"fileName\":\"a\",\"fileSize\":1048000}",
		"[file a 1023 KB]"},
	    {"{\"type\":\"file\",\"fileName\":\"a\",\"fileSize\":1048576}",
		"[file a 1.0 MB]"},
	    {"{\"type\":\"file\",\"fileName\":\"a\",\"fileSize\":3e12}",
		"[file a 2794.0 GB]"},
	    {"{\"type\":\"file\",\"fileName\":\"a\",\"fileSize\":-1}",
		"[file a]"},
	    {"{\"type\":\"location\"}", "[location]"},
	    {"{\"type\":\"location\",\"address\":\"Ginza\"}",
		"[location: Ginza]"},
	    {"{\"type\":\"location\",\"title\":\"T\",\"address\":7,"
	     "\"latitude\":-0.1,\"longitude\":179.999999}",
		"[location: T (-0.10, 180.00)]"},
	    {"{\"type\":\"location\",\"latitude\":91,\"longitude\":0}",
		"[location]"},
	    {"{\"type\":\"sticker\"}", "[sticker]"},
	    {"{\"type\":\"sticker\",\"keywords\":[1,\"\",{},\"a\",\"b\",\"c\","
	     "\"d\",\"e\",\"f\"]}",
		"[sticker: a, b, c, d, e]"},
	    {"{\"type\":\"image\",\"imageSet\":{\"index\":4,\"total\":3}}",
		"[image]"},
	    {"{\"type\":\"image\",\"imageSet\":{\"index\":0,\"total\":3}}",
		"[image]"},
	    {"{\"type\":\"image\",\"imageSet\":[1,3]}", "[image]"},
	    {"[]", "[unsupported: message]"},
	    {"{\"type\":{\"type\":\"text\"}}", "[unsupported: message]"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(line_of(rows[i].message), rows[i].line);
}

static void
test_times(void **state)
{
	static const char *const none[] = {
	    "-1", "1e200", "-1e200", "\"1\"", "null", "253402300800000"};

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_int_equal(
		    event(arena_sprintf(arena,
			      "{\"type\":\"join\",\"timestamp\":%s}", none[i]))
			->at_ms,
		    0);
	assert_int_equal(
	    event("{\"type\":\"join\",\"timestamp\":1767225600123}")->at_ms,
	    INT64_C(1767225600123));
}

/* A megabyte where a word belongs is cut, between characters. */
static void
test_long_pieces(void **state)
{
	enum { N = 1 << 20 };
	char *s = arena_calloc(arena, N * 3 + 1, 1);
	const struct line_event *o;

	(void)state;
	for (size_t i = 0; i < N; i++)
		memcpy(s + i * 3, "長", 3);
	o = message(arena_sprintf(
	    arena, "{\"type\":\"file\",\"id\":\"9\",\"fileName\":\"x%s\"}", s));
	assert_true(strlen(o->text) < 700);
	assert_true(text_is_utf8(o->text, strlen(o->text)));
	assert_non_null(strstr(o->text, "長...]"));
	o = event(arena_sprintf(arena, "{\"type\":\"%s\"}", s));
	assert_true(strlen(o->text) < 700);
	assert_string_equal(o->name, "unknown");
	o = event(arena_sprintf(
	    arena, "{\"type\":\"follow\",\"webhookEventId\":\"%s\"}", s));
	assert_memory_equal(o->key, "h:", 2);
	/* A text is the customer's own: kept whole. */
	assert_int_equal(strlen(line_of(arena_sprintf(
			     arena, "{\"type\":\"text\",\"text\":\"%s\"}", s))),
	    N * 3);
}

/* Every member that a decoder reads, given every type of value. */
static void
test_wrong_types(void **state)
{
	static const char *const types[] = {"message", "messageEdited",
	    "unsend", "postback", "follow", "unfollow", "join", "leave",
	    "memberJoined", "memberLeft", "videoPlayComplete", "beacon",
	    "accountLink", "membership", "module", "activated", "deactivated",
	    "botSuspended", "botResumed", "delivery", "other"};
	static const char *const members[] = {"message", "unsend", "postback",
	    "follow", "joined", "left", "videoPlayComplete", "beacon", "link",
	    "membership", "module", "chatControl", "delivery", "source",
	    "timestamp", "mode", "replyToken", "webhookEventId"};
	static const char *const values[] = {"null", "true", "-1e99", "\"\"",
	    "\"\\u001b[2J\"", "[]", "[[[]]]", "{}", "{\"type\":[]}",
	    "{\"members\":[1,2]}", "{\"members\":{}}", "{\"params\":[\"a\"]}",
	    "{\"data\":{},\"params\":{\"a\":1,\"\":\"b\"}}"};

	(void)state;
	for (size_t t = 0; t < sizeof(types) / sizeof(types[0]); t++)
		for (size_t m = 0; m < sizeof(members) / sizeof(members[0]);
		     m++)
			for (size_t v = 0;
			     v < sizeof(values) / sizeof(values[0]); v++) {
				const struct line_event *o =
				    event(arena_sprintf(arena,
					"{\"type\":\"%s\",\"%s\":%s}", types[t],
					members[m], values[v]));

				assert_true(strlen(o->text) > 3);
				assert_non_null(o->raw);
				assert_true(strlen(o->key) > 2);
			}
}

static void
test_sized(void **state)
{
	static const struct {
		const char *text;
		int w, h;
		int64_t size;
		const char *line;
	} rows[] = {
	    {"[image]", 1024, 768, 215040, "[image 1024x768 210 KB]"},
	    {"[image 2 of 3]", 1024, 768, 215040,
		"[image 2 of 3, 1024x768 210 KB]"},
	    {"[image]", 0, 0, 215040, "[image 210 KB]"},
	    {"[image]", 0, 0, 0, "[image]"},
	    {"[image 2 of 3]", 0, 0, 0, "[image 2 of 3]"},
	    {"[video 0:12]", 0, 0, 5242880, "[video 0:12, 5.0 MB]"},
	    {"[file a.pdf 1 KB]", 0, 0, 1024, "[file a.pdf 1 KB]"},
	    {"hello", 1, 1, 1, "hello"},
	    {"", 1, 1, 1, ""},
	};
	struct buf b = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_reset(&b);
		line_text_sized(
		    &b, rows[i].text, rows[i].w, rows[i].h, rows[i].size);
		assert_string_equal(buf_str(&b), rows[i].line);
	}
	buf_free(&b);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_samples, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_envelope, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_order_is_kept, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_keys, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_kinds, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_sources, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_reply_tokens, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_mentions, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_media, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_lines, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_times, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_long_pieces, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_wrong_types, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_sized, set_up, tear_down),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
