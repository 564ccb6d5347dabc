/*
 * madosim's checker of message objects: LINE's limits at their edges, and
 * LINE's words with the property they are about.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/madosim/check.c"
#include "../../src/madosim/check_actions.c"
#include "../../src/madosim/check_flex.c"
#include "../../src/madosim/check_rules.c"

#define IMG "https://example.com/a.png"

/* The 400's body for {"messages": json}, "" when all is well. Valid until
 * the next call. */
static const char *
verdict(const char *json)
{
	static char out[4096];
	struct check c = {0};
	struct err e = {0};
	char *text = x_sprintf("{\"messages\":%s}", json), *answer;
	cJSON *body = json_parse(text, strlen(text), &e);

	if (body == NULL)
		fail_msg("%s: %s", e.msg, text);
	check_messages(&c, body);
	out[0] = '\0';
	if (c.n > 0 || c.bad != NULL) {
		answer = check_answer(&c);
		snprintf(out, sizeof(out), "%s", answer);
		x_free(answer);
	}
	check_free(&c);
	cJSON_Delete(body);
	x_free(text);
	return out;
}

static void
assert_fine(const char *json)
{
	const char *v = verdict(json);

	if (*v != '\0')
		fail_msg("%.200s: %s", json, v);
}

/* One error, about that property, in these words. */
static void
assert_error(const char *json, const char *property, const char *words)
{
	const char *v = verdict(json);
	char *want = x_sprintf("{\"message\":\"The request body has 1 error(s)"
			       "\",\"details\":[{\"message\":\"%s\","
			       "\"property\":\"%s\"}]}",
	    words, property);

	if (strcmp(v, want) != 0)
		fail_msg("%.200s\n got %s\nwant %s", json, v, want);
	x_free(want);
}

/* n times the piece. Caller frees. */
static char *
times(const char *piece, int n)
{
	struct buf b = {0};

	while (n-- > 0)
		buf_puts(&b, piece);
	return buf_take(&b);
}

/* fmt with one %s: n times the piece. Valid until the next call. */
static const char *
filled(const char *before, const char *piece, int n, const char *after)
{
	static char *last;
	char *middle = times(piece, n);

	x_free(last);
	last = x_sprintf("%s%s%s", before, middle, after);
	x_free(middle);
	return last;
}

static void
test_list_of_messages(void **state)
{
	(void)state;
	assert_fine(filled("[{\"type\":\"text\",\"text\":\"a\"}",
	    ",{\"type\":\"text\",\"text\":\"a\"}", 4, "]"));
	assert_error(filled("[{\"type\":\"text\",\"text\":\"a\"}",
			 ",{\"type\":\"text\",\"text\":\"a\"}", 5, "]"),
	    "messages", "Size must be between 1 and 5");
	assert_error("[]", "messages", "Size must be between 1 and 5");
	assert_error("null", "messages", "May not be empty");
	assert_string_equal(verdict("\"text\""),
	    "{\"message\":\"The property, 'messages', in the request body is "
	    "invalid (line: -, column: -)\"}");
	assert_string_equal(verdict("[7]"),
	    "{\"message\":\"The property, 'messages[0]', in the request body "
	    "is invalid (line: -, column: -)\"}");
}

static void
test_type(void **state)
{
	(void)state;
	assert_error("[{\"type\":\"nonsense\"}]", "messages[0].type",
	    "Must be one of the following values: [text, image, video, audio, "
	    "location, sticker, template, imagemap, flex, textV2, coupon]");
	assert_error(
	    "[{\"text\":\"a\"}]", "messages[0].type", "May not be empty");
}

static void
test_text(void **state)
{
	(void)state;
	assert_fine(
	    filled("[{\"type\":\"text\",\"text\":\"", "あ", 5000, "\"}]"));
	assert_error(
	    filled("[{\"type\":\"text\",\"text\":\"", "あ", 5001, "\"}]"),
	    "messages[0].text", "Length must be between 0 and 5000");
	/* an emoji is two UTF-16 units */
	assert_fine(
	    filled("[{\"type\":\"text\",\"text\":\"", "👟", 2500, "\"}]"));
	assert_error(
	    filled("[{\"type\":\"text\",\"text\":\"", "👟", 2501, "\"}]"),
	    "messages[0].text", "Length must be between 0 and 5000");
	assert_error("[{\"type\":\"text\",\"text\":\"\"}]", "messages[0].text",
	    "May not be empty");
	assert_error(
	    "[{\"type\":\"text\"}]", "messages[0].text", "May not be empty");
	assert_string_equal(verdict("[{\"type\":\"text\",\"text\":5}]"),
	    "{\"message\":\"The property, 'messages[0].text', in the request "
	    "body is invalid (line: -, column: -)\"}");
}

static void
test_every_error_is_told(void **state)
{
	(void)state;
	assert_string_equal(
	    verdict("[{\"type\":\"text\",\"text\":\"\"},{\"type\":\"image\"}]"),
	    "{\"message\":\"The request body has 3 error(s)\",\"details\":["
	    "{\"message\":\"May not be empty\","
	    "\"property\":\"messages[0].text\"},"
	    "{\"message\":\"May not be empty\","
	    "\"property\":\"messages[1].originalContentUrl\"},"
	    "{\"message\":\"May not be empty\","
	    "\"property\":\"messages[1].previewImageUrl\"}]}");
}

static void
test_emojis(void **state)
{
#define EMOJI(i) "{\"index\":" #i ",\"productId\":\"p\",\"emojiId\":\"1\"}"
	(void)state;
	assert_fine("[{\"type\":\"text\",\"text\":\"$ a $\",\"emojis\":[" EMOJI(
	    0) "," EMOJI(4) "]}]");
	/* the index counts UTF-16 units */
	assert_fine(
	    "[{\"type\":\"text\",\"text\":\"👟$\",\"emojis\":[" EMOJI(2) "]}]");
	assert_error(
	    "[{\"type\":\"text\",\"text\":\"a$\",\"emojis\":[" EMOJI(0) "]}]",
	    "messages[0].emojis[0].index",
	    "The index does not point at a $ of the text");
#undef EMOJI
}

static void
test_text_v2(void **state)
{
	(void)state;
	assert_fine("[{\"type\":\"textV2\",\"text\":\"a {x} {{b}}\","
		    "\"substitution\":{\"x\":{\"type\":\"emoji\"}}}]");
	assert_error("[{\"type\":\"textV2\",\"text\":\"a {x}\"}]",
	    "messages[0].text",
	    "The keys in braces don't match the substitution");
	assert_error("[{\"type\":\"textV2\",\"text\":\"a } b\"}]",
	    "messages[0].text",
	    "The keys in braces don't match the substitution");
}

static void
test_urls(void **state)
{
#define IMAGE(url)                                              \
	"[{\"type\":\"image\",\"previewImageUrl\":\"" IMG "\"," \
	"\"originalContentUrl\":\"" url "\"}]"
	(void)state;
	assert_fine(IMAGE(IMG));
	assert_error(IMAGE("http://example.com/a.png"),
	    "messages[0].originalContentUrl", "invalid uri scheme");
	assert_error(
	    IMAGE("picture"), "messages[0].originalContentUrl", "invalid uri");
	assert_error(IMAGE("https://example.com/a b"),
	    "messages[0].originalContentUrl", "invalid uri");
	assert_error(filled("[{\"type\":\"image\",\"previewImageUrl\":\"" IMG
			    "\",\"originalContentUrl\":\"https://",
			 "x", 1993, "\"}]"),
	    "messages[0].originalContentUrl",
	    "Length must be between 0 and 2000");
#undef IMAGE
}

static void
test_other_kinds(void **state)
{
	(void)state;
	assert_fine("[{\"type\":\"sticker\",\"packageId\":\"446\","
		    "\"stickerId\":\"1988\"}]");
	assert_error("[{\"type\":\"sticker\",\"packageId\":\"446\"}]",
	    "messages[0].stickerId", "May not be empty");
	assert_fine("[{\"type\":\"video\",\"originalContentUrl\":\"" IMG
		    "\",\"previewImageUrl\":\"" IMG "\"}]");
	assert_fine("[{\"type\":\"audio\",\"originalContentUrl\":\"" IMG
		    "\",\"duration\":60000}]");
	assert_error("[{\"type\":\"audio\",\"originalContentUrl\":\"" IMG
		     "\"}]",
	    "messages[0].duration", "must be specified");
	assert_fine("[{\"type\":\"location\",\"title\":\"t\",\"address\":"
		    "\"a\",\"latitude\":35.6,\"longitude\":139.7}]");
	assert_error("[{\"type\":\"location\",\"title\":\"t\",\"address\":"
		     "\"a\",\"latitude\":91,\"longitude\":139.7}]",
	    "messages[0].latitude", "Must be between -90 and 90");
	assert_fine("[{\"type\":\"coupon\",\"couponId\":\"c\"}]");
	assert_fine("[{\"type\":\"imagemap\",\"baseUrl\":\"" IMG
		    "\",\"altText\":\"a\",\"baseSize\":{\"width\":1040,"
		    "\"height\":1040},\"actions\":[{\"type\":\"uri\","
		    "\"linkUri\":\"https://example.com\",\"area\":{\"x\":0,"
		    "\"y\":0,\"width\":5,\"height\":5}}]}]");
}

#define QUICK(items) \
	"[{\"type\":\"text\",\"text\":\"a\",\"quickReply\":{\"items\":[" items
#define ITEM(action) "{\"type\":\"action\",\"action\":{" action "}}"
#define SAY(label) \
	ITEM("\"type\":\"message\",\"label\":\"" label "\",\"text\":\"t\"")

static void
test_quick_replies(void **state)
{
	(void)state;
	assert_fine(filled(QUICK(SAY("a")), "," SAY("a"), 12, "]}}]"));
	assert_error(filled(QUICK(SAY("a")), "," SAY("a"), 13, "]}}]"),
	    "messages[0].quickReply.items", "Size must be between 1 and 13");
	/* a family is one grapheme cluster, whatever it takes in UTF-16 */
	assert_fine(filled(QUICK("{\"type\":\"action\",\"action\":{\"type\":"
				 "\"message\",\"text\":\"t\",\"label\":\""),
	    "👨‍👩‍👧", 20, "\"}}]}}]"));
	assert_error(filled(QUICK("{\"type\":\"action\",\"action\":{\"type\":"
				  "\"message\",\"text\":\"t\",\"label\":\""),
			 "あ", 21, "\"}}]}}]"),
	    "messages[0].quickReply.items[0].action.label",
	    "Length must be between 0 and 20");
	assert_error(QUICK(ITEM("\"type\":\"message\",\"text\":\"t\"")) "]}}]",
	    "messages[0].quickReply.items[0].action.label", "May not be empty");
	assert_fine(QUICK(ITEM("\"type\":\"camera\",\"label\":\"c\"")) "]}}]");
	assert_error(QUICK(ITEM("\"type\":\"dance\"")) "]}}]",
	    "messages[0].quickReply.items[0].action.type",
	    "Must be one of the following values: [postback, message, uri, "
	    "datetimepicker, clipboard, camera, cameraRoll, location]");
	assert_error(QUICK("{\"type\":\"action\"}") "]}}]",
	    "messages[0].quickReply.items[0].action", "must be specified");
}

static void
test_actions(void **state)
{
	(void)state;
	assert_fine(QUICK(ITEM("\"type\":\"uri\",\"label\":\"call\","
			       "\"uri\":\"tel:0312345678\"")) "]}}]");
	assert_error(QUICK(ITEM("\"type\":\"uri\",\"label\":\"x\","
				"\"uri\":\"ftp://example.com\"")) "]}}]",
	    "messages[0].quickReply.items[0].action.uri", "invalid uri scheme");
	assert_error(filled(QUICK("{\"action\":{\"type\":\"postback\",\"label"
				  "\":\"x\",\"data\":\""),
			 "d", 301, "\"}}]}}]"),
	    "messages[0].quickReply.items[0].action.data",
	    "Length must be between 0 and 300");
	assert_error(QUICK(ITEM("\"type\":\"postback\",\"label\":\"x\","
				"\"data\":\"d\",\"text\":\"a\","
				"\"displayText\":\"b\"")) "]}}]",
	    "messages[0].quickReply.items[0].action.text",
	    "displayText and text can't both be specified");
	assert_error(QUICK(ITEM("\"type\":\"datetimepicker\",\"label\":\"x\","
				"\"data\":\"d\",\"mode\":\"year\"")) "]}}]",
	    "messages[0].quickReply.items[0].action.mode",
	    "Must be one of the following values: [date, time, datetime]");
}

#define TEMPLATE(t) \
	"[{\"type\":\"template\",\"altText\":\"a\",\"template\":{" t "}}]"
#define BUTTON "{\"type\":\"message\",\"label\":\"l\",\"text\":\"t\"}"

static void
test_templates(void **state)
{
	(void)state;
	assert_fine(TEMPLATE("\"type\":\"confirm\",\"text\":\"a\","
			     "\"actions\":[" BUTTON "," BUTTON "]"));
	assert_error(TEMPLATE("\"type\":\"confirm\",\"text\":\"a\","
			      "\"actions\":[" BUTTON "]"),
	    "messages[0].template.actions", "Size must be between 2 and 2");
	assert_error(TEMPLATE("\"type\":\"buttons\",\"text\":\"a\","
			      "\"actions\":[" BUTTON "," BUTTON "," BUTTON
			      "," BUTTON "," BUTTON "]"),
	    "messages[0].template.actions", "Size must be between 1 and 4");
	assert_fine(
	    filled("[{\"type\":\"template\",\"altText\":\"a\","
		   "\"template\":{\"type\":\"buttons\",\"actions\":[" BUTTON
		   "],\"text\":\"",
		"あ", 160, "\"}}]"));
	/* beside a title there is room for 60 only */
	assert_error(filled("[{\"type\":\"template\",\"altText\":\"a\","
			    "\"template\":{\"type\":\"buttons\",\"title\":\""
			    "t\",\"actions\":[" BUTTON "],\"text\":\"",
			 "あ", 61, "\"}}]"),
	    "messages[0].template.text", "Length must be between 0 and 60");
	assert_error(
	    TEMPLATE("\"type\":\"carousel\",\"columns\":["
		     "{\"text\":\"a\",\"actions\":[" BUTTON "]},"
		     "{\"text\":\"a\",\"actions\":[" BUTTON "," BUTTON "]}]"),
	    "messages[0].template.columns[1].actions",
	    "The number of actions differs from the first column's");
	assert_fine(TEMPLATE("\"type\":\"image_carousel\",\"columns\":["
			     "{\"imageUrl\":\"" IMG "\",\"action\":"
			     "{\"type\":\"message\",\"text\":\"t\"}}]"));
	assert_error(TEMPLATE("\"type\":\"image_carousel\",\"columns\":["
			      "{\"imageUrl\":\"" IMG "\",\"action\":"
			      "{\"type\":\"message\",\"text\":\"t\","
			      "\"label\":\"thirteen char\"}}]"),
	    "messages[0].template.columns[0].action.label",
	    "Length must be between 0 and 12");
	assert_error(TEMPLATE("\"type\":\"wheel\""),
	    "messages[0].template.type",
	    "Must be one of the following values: [buttons, confirm, "
	    "carousel, image_carousel]");
}

#define FLEX(c) "[{\"type\":\"flex\",\"altText\":\"a\",\"contents\":" c "}]"

static void
test_flex(void **state)
{
	(void)state;
	assert_fine(FLEX("{\"type\":\"bubble\",\"body\":{\"type\":\"box\","
			 "\"layout\":\"vertical\",\"contents\":[{\"type\":"
			 "\"text\",\"text\":\"hi\"},{\"type\":\"button\","
			 "\"action\":{\"type\":\"uri\",\"label\":\"go\","
			 "\"uri\":\"https://example.com\"}}]}}"));
	assert_error(FLEX("{\"type\":\"bubble\",\"body\":{\"type\":\"box\","
			  "\"layout\":\"vertical\",\"contents\":[{\"type\":"
			  "\"pie\"}]}}"),
	    "messages[0].contents.body.contents[0].type",
	    "Must be one of the following values: [box, button, image, video, "
	    "icon, text, separator, filler]");
	assert_error(FLEX("{\"type\":\"carousel\",\"contents\":[]}"),
	    "messages[0].contents.contents", "Size must be between 1 and 12");
	assert_error(filled("[{\"type\":\"flex\",\"altText\":\"a\","
			    "\"contents\":{\"type\":\"bubble\",\"body\":{"
			    "\"type\":\"box\",\"layout\":\"vertical\","
			    "\"contents\":[{\"type\":\"text\",\"text\":\"",
			 "x", 31000, "\"}]}}}]"),
	    "messages[0].contents.type", "The JSON data must be at most 30 KB");
}

static void
test_sender(void **state)
{
	(void)state;
	assert_fine("[{\"type\":\"text\",\"text\":\"a\",\"sender\":{\"name\":"
		    "\"佐藤 (みなと靴店)\",\"iconUrl\":\"" IMG "\"}}]");
	assert_error("[{\"type\":\"text\",\"text\":\"a\",\"sender\":{\"name\":"
		     "\"a name of twenty-one!\"}}]",
	    "messages[0].sender.name", "Length must be between 0 and 20");
	assert_error("[{\"type\":\"text\",\"text\":\"a\",\"sender\":{\"name\":"
		     "\"LINE desk\"}}]",
	    "messages[0].sender.name",
	    "The name contains a word that may not be used");
}

static void
test_unknown_members_pass(void **state)
{
	(void)state;
	assert_fine("[{\"type\":\"text\",\"text\":\"a\",\"mood\":\"good\"}]");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_list_of_messages),
	    cmocka_unit_test(test_type),
	    cmocka_unit_test(test_text),
	    cmocka_unit_test(test_every_error_is_told),
	    cmocka_unit_test(test_emojis),
	    cmocka_unit_test(test_text_v2),
	    cmocka_unit_test(test_urls),
	    cmocka_unit_test(test_other_kinds),
	    cmocka_unit_test(test_quick_replies),
	    cmocka_unit_test(test_actions),
	    cmocka_unit_test(test_templates),
	    cmocka_unit_test(test_flex),
	    cmocka_unit_test(test_sender),
	    cmocka_unit_test(test_unknown_members_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
