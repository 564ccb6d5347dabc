/* Any bytes as an INI file, then a table over them: no crash, no leak. */
#include <stdint.h>
#include <stddef.h>

#include <mado/conf.h>

struct fuzzed {
	char *str;
	struct conf_list strs;
	bool flag;
	int64_t span_ms, size_b;
	int pick;
};

static const char *const picks[] = {"a", "b", NULL};
#define AT(f) offsetof(struct fuzzed, f)
static const struct conf_key keys[] = {
    {"s", "str", CONF_STR, AT(str), 0, 0, NULL, "x", ""},
    {"s", "strs", CONF_STRS, AT(strs), 0, 0, NULL, "y", ""},
    {"s", "flag", CONF_BOOL, AT(flag), 0, 0, NULL, NULL, ""},
    {"s", "span", CONF_SPAN, AT(span_ms), 1, 86400000, NULL, NULL, ""},
    {"s", "size", CONF_SIZE, AT(size_b), 0, 0, NULL, NULL, ""},
    {"s", "pick", CONF_ENUM, AT(pick), 0, 0, picks, NULL, ""},
    {0},
};

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const char *const names[] = {"s", NULL};
	struct conf *c = conf_parse("fuzz", (const char *)p, n, NULL);
	struct fuzzed f = {0};
	struct err e = {0};

	if (c == NULL)
		return 0;
	if (conf_sections(c, names, &e) == 0)
		conf_apply(c, keys, "s", "", &f, &e);
	conf_release(keys, "s", &f);
	conf_free(c);
	return 0;
}
