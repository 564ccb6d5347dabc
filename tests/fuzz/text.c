/*
 * Any bytes through everything that text.h does with them: what is drawn is as
 * wide as said and holds no control, cut text fits, lines fit, folding twice
 * is folding once.
 */
#include <stdlib.h>
#include <string.h>

#include <mado/mem.h>
#include <mado/text.h>

static void
want(bool so)
{
	if (!so)
		abort();
}

static void
check_drawn(const char *p, size_t n)
{
	struct buf out = {0};
	int cols = text_draw(&out, p, n);

	want(cols >= 0 && cols == text_width(p, n));
	want(text_is_utf8(buf_str(&out), out.n));
	for (size_t i = 0; i < out.n; i++)
		want((unsigned char)out.p[i] >= 0x20 && out.p[i] != 0x7f);
	buf_free(&out);
}

static void
check_fold(const char *s)
{
	struct buf once = {0}, twice = {0};

	text_fold(&once, s);
	text_fold(&twice, buf_str(&once));
	want(strcmp(buf_str(&once), buf_str(&twice)) == 0);
	buf_free(&once);
	buf_free(&twice);
}

static void
check_fit(const char *s, int cols)
{
	struct buf out = {0};

	want(text_fit(&out, s, cols, "~", true) == cols);
	buf_free(&out);
}

static bool
check_line(void *arg, struct text_line l)
{
	const char *p = l.p, *end = l.p + l.n;
	struct text_cluster c;
	int seen = 0;

	if (text_width(l.p, l.n) <= *(int *)arg)
		return true;
	while (p < end) {
		p = text_next(p, end, &c);
		seen += c.width_cols > 0;
	}
	want(seen == 1);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct text_policy policy = {0};
	char *s;
	int cols;

	if (n < 2)
		return 0;
	policy.emoji = p[0] % 3;
	policy.ambiguous_wide = p[0] & 4;
	policy.ascii = p[0] & 8;
	cols = 2 + p[1] % 40;
	text_set_policy(&policy);
	s = x_strndup((const char *)p + 2, n - 2);
	check_drawn(s, strlen(s));
	check_drawn((const char *)p + 2, n - 2);
	check_fit(s, cols);
	check_fold(s);
	want(text_graphemes(s) <= strlen(s));
	text_wrap(s, strlen(s), cols, check_line, &cols);
	x_free(text_narrow(s));
	x_free(s);
	return 0;
}
