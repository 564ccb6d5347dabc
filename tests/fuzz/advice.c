/*
 * Any bytes as what an adviser answers, and as what a model says in it: an
 * error, or something that LINE takes; and what is cited was given.
 */
#include <stdlib.h>
#include <string.h>

#include "../../src/madod/advice.c"
#include "../../src/madod/advice_chat.c"
#include "../../src/madod/advice_cite.c"
#include "../../src/madod/bubble.c"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static const struct bot_guess guess = {.n = 2,
    .picks = {{"fee", "送料", "全国一律550円です。", "", 0.5},
	{"return", "返品", "7日以内に https://a.example/x か 03-1234-5678", "",
	    0.3}}};

static void
try_read(int protocol, const char *p, size_t n)
{
	struct advice_policy policy = {.protocol = protocol, .confidence = 0.5};
	struct advice_question q = {.guess = &guess};
	struct arena *a = arena_new();
	struct advice w;

	advice_read(&policy, &q, p, n, a, &w);
	if (w.error == NULL && !w.handoff && w.faq == NULL &&
	    (w.answer == NULL || *w.answer == '\0'))
		abort();
	if (w.error == NULL && w.answer != NULL &&
	    text_utf16_len(w.answer) > MSG_TEXT_MAX_U16)
		abort();
	if (w.error == NULL && protocol == ADVICE_OPENAI && w.cites.n == 0)
		abort();
	for (size_t i = 0; i < w.cites.n; i++)
		if (strcmp(w.cites.v[i], "fee") != 0 &&
		    strcmp(w.cites.v[i], "return") != 0)
			abort();
	if (*advice_why(&w, a) == '\0')
		abort();
	arena_free(a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct buf b = {0};
	char *text = x_strndup((const char *)p, n);

	try_read(ADVICE_MADOGUCHI, (const char *)p, n);
	try_read(ADVICE_OPENAI, (const char *)p, n);
	buf_puts(&b, "{\"choices\":[{\"message\":{");
	json_add_str(&b, "content", text);
	buf_puts(&b, "}}]}");
	try_read(ADVICE_OPENAI, b.p, b.n);
	buf_reset(&b);
	advice_cite_facts(&b, text);
	buf_free(&b);
	x_free(text);
	return 0;
}
