/*
 * Walking text cluster by cluster: boundaries, drawing, measuring, cutting.
 * Owns the policy. One pass over the bytes, no recursion, nothing that grows
 * with a cluster's length: names and messages are hostile. What one cluster
 * looks like is text_shape.c's; everything that puts customers' bytes on a
 * screen calls text_draw() or text_fit().
 */
#include <string.h>

#include <utf8proc.h>

#include "text_priv.h"

enum { FIT_MAX_B = 256 }; /* looked at for a column */

static struct text_policy policy;

void
text_set_policy(const struct text_policy *p)
{
	policy = *p;
}

size_t
text_step(const char *p, const char *end, int32_t *cp)
{
	uint32_t u;
	size_t n = text_decode(p, (size_t)(end - p), &u);

	*cp = n == 0 ? -1 : (int32_t)u;
	return n == 0 ? 1 : n;
}

static bool
is_ascii(char ch)
{
	return ch >= 0x20 && ch < 0x7f;
}

/* Printable ASCII which no mark can follow. */
static bool
is_alone(const char *s, const char *end)
{
	return is_ascii(*s) && (s + 1 == end || (unsigned char)s[1] < 0x80);
}

/* Where the cluster at s ends. s < end. */
static const char *
cluster_end(const char *s, const char *end)
{
	utf8proc_int32_t state = 0;
	int32_t cp, next;
	size_t n;

	if (is_alone(s, end))
		return s + 1;
	s += text_step(s, end, &cp);
	while (cp >= 0 && s < end) {
		n = text_step(s, end, &next);
		if (next < 0 ||
		    utf8proc_grapheme_break_stateful(cp, next, &state))
			break;
		s += n;
		cp = next;
	}
	return s;
}

const char *
text_next(const char *s, const char *end, struct text_cluster *c)
{
	struct text_shape sh;

	*c = (struct text_cluster){s, 1, 1, true};
	if (is_alone(s, end))
		return s + 1;
	c->n = (size_t)(cluster_end(s, end) - s);
	text_shape(&sh, &policy, s, c->n);
	c->width_cols = sh.cols;
	c->plain = sh.n == c->n && memcmp(sh.s, s, sh.n) == 0;
	return s + c->n;
}

size_t
text_graphemes(const char *s)
{
	const char *end = s + strlen(s);
	size_t n = 0;

	for (; s < end; n++)
		s = cluster_end(s, end);
	return n;
}

int
text_draw(struct buf *out, const char *p, size_t n)
{
	const char *end = p + n, *q;
	struct text_shape sh;
	int cols = 0;

	while (p < end) {
		for (q = p; q < end && is_alone(q, end); q++)
			;
		if (q > p) {
			buf_add(out, p, (size_t)(q - p));
			cols += (int)(q - p);
			p = q;
			continue;
		}
		q = cluster_end(p, end);
		text_shape(&sh, &policy, p, (size_t)(q - p));
		buf_add(out, sh.s, sh.n);
		cols += sh.cols;
		p = q;
	}
	return cols;
}

int
text_width(const char *p, size_t n)
{
	const char *end = p + n;
	struct text_cluster c;
	int cols = 0;

	while (p < end) {
		p = text_next(p, end, &c);
		cols += c.width_cols;
	}
	return cols;
}

static void
fit_cut(struct buf *out, size_t n)
{
	if (out->p == NULL)
		return;
	out->n = n;
	out->p[n] = '\0';
}

/* The end of what can matter to cols columns: marks without number take no
 * room, and must not take the time of a frame. */
static const char *
fit_end(const char *s, int cols)
{
	size_t max = (size_t)(cols < 1 ? 1 : cols) * FIT_MAX_B;
	size_t n = strnlen(s, max);

	while (n == max && n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
		n--; /* not inside a character */
	return s + n;
}

int
text_fit(struct buf *out, const char *s, int cols, const char *more, bool pad)
{
	const char *end = fit_end(s, cols);
	int used = 0, room, keep_cols = 0, more_cols;
	size_t keep_n = out->n;
	struct text_cluster c;

	more_cols = text_width(more, strlen(more));
	if (more_cols > cols) {
		more = "";
		more_cols = 0;
	}
	room = cols - more_cols;
	while (s < end) {
		s = text_next(s, end, &c);
		if (used + c.width_cols > cols) {
			fit_cut(out, keep_n);
			used = keep_cols + text_draw(out, more, strlen(more));
			break;
		}
		used += text_draw(out, c.p, c.n);
		if (used <= room) {
			keep_n = out->n;
			keep_cols = used;
		}
	}
	for (; pad && used < cols; used++)
		buf_putc(out, ' ');
	return used;
}
