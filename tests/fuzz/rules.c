/*
 * Any bytes as a rules file and as its cases: an error with its place, or rules
 * that decide. What is read once decides about a customer who writes the file
 * back, and about each of their states.
 */
#include <stdlib.h>
#include <string.h>

#include "../unit/rules_all.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

enum { TURNS = 12 };

static void
try_message(const struct rules *r, struct rules_input *in, struct arena *a)
{
	struct rules_verdict v;
	struct buf b = {0};

	rules_decide(r, in, a, &v);
	if (v.act == RULES_NONE)
		rules_hand_over(r, in, a, &v);
	if (v.why == NULL)
		abort();
	for (size_t i = 0; i < v.says.n; i++)
		if (text_utf16_len(v.says.v[i].text) > MSG_TEXT_MAX_U16)
			abort();
	rules_state_put(&b, &v.state);
	in->state = arena_new_of(a, struct rules_state);
	rules_state_get(buf_str(&b), a, (struct rules_state *)in->state);
	in->now_ms += 1000 * 60;
	buf_free(&b);
}

/* The lines of the file as what the customer says. */
static void
talk(const struct rules *r, const char *text)
{
	struct arena *a = arena_new();
	struct rules_input in = {.event = RULES_FOLLOW,
	    .msg_type = MSG_TEXT,
	    .conversation = 1,
	    .now_ms = INT64_C(1800000000000)};

	try_message(r, &in, a);
	for (int i = 0; i < TURNS && *text != '\0'; i++) {
		size_t n = strcspn(text, "\n=|");

		in.event = i % 5 == 4 ? RULES_TIMEOUT : RULES_MESSAGE;
		in.text = arena_strndup(a, text, n);
		in.tapped = i % 3 == 2;
		try_message(r, &in, a);
		text += n + (text[n] != '\0');
	}
	arena_free(a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static FILE *out;
	struct err e = {0};
	struct rules_source s = {.name = "f", .p = (const char *)p, .n = n};
	struct rules *r = rules_parse(&s, &e);
	struct rules_cases c = {.name = "c", .p = (const char *)p, .n = n};
	char *text;

	if (out == NULL && (out = fopen("/dev/null", "w")) == NULL)
		abort();
	c.out = out;
	rules_case_run(r, &c, &e);
	if (r == NULL)
		return 0;
	text = x_strndup((const char *)p, n);
	talk(r, text);
	x_free(text);
	rules_free(r);
	return 0;
}
