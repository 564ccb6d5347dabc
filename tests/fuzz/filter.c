/*
 * Any bytes as a filter: no crash, no leak; an error points into the text; the
 * same text made narrow reads alike.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <mado/filter.h>
#include <mado/mem.h>
#include <mado/text.h>

static const char *tags[] = {"返品", "VIP"};
static struct contact who = {.name = "山田 花子", .tags = {tags, 1}};
static const struct conv row = {.number = 42,
    .contact = &who,
    .tags = {tags, 2},
    .waiting_since_ms = 1000,
    .opened_ms = 500};

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void
use_filter(const struct filter *f)
{
	struct filter_env env = {.now_ms = 100000, .me = "sato"};

	filter_match(f, &row, &env);
	if (filter_next_ms(f, &row, &env) <= env.now_ms)
		abort();
	filter_is_words(f);
}

static void
use_error(const char *text, const struct filter_bad *bad)
{
	struct buf b = {0};

	filter_error(bad, NULL, NULL);
	filter_caret(&b, text, bad);
	if (bad->at_b > strlen(text) || bad->column == 0)
		abort();
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char *text = x_strndup((const char *)p, n), *narrow = text_narrow(text);
	struct filter_bad bad;
	struct filter *f = filter_parse(text, &bad);
	struct filter *g;

	if (f != NULL)
		use_filter(f);
	else
		use_error(text, &bad);
	g = filter_parse(narrow, &bad);
	if ((f == NULL) != (g == NULL))
		abort();
	filter_free(f);
	filter_free(g);
	x_free(text);
	x_free(narrow);
	return 0;
}
