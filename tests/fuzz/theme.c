/*
 * Any bytes as a theme: whatever is wrong with it, there are colours in range
 * for every role, and a message with its place.
 */
#include <string.h>

#include "../../src/mado/theme_file.c"
#include "file.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void
check(const struct theme_style *s)
{
	const int32_t all[] = {s->fg, s->bg};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i] < -1 || all[i] > 0x1ffffff)
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct theme_style style;
	struct theme t;
	struct err e = {0};
	char path[32], *word = x_strndup((const char *)p, n);
	int fd = fuzz_file(p, n, path);

	if (theme_read(&t, path, &e) == -1 && e.msg[0] == '\0')
		abort();
	if (theme_parse_style(word, &style, &e) == 0)
		check(&style);
	x_free(word);
	close(fd);
	return 0;
}
