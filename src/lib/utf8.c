/*
 * UTF-8 by RFC 3629, the byte level of text.h: decoding, checking, repairing,
 * counting UTF-16 units. Knows no graphemes and no widths (text.c does).
 * Called by json.c on every byte from outside, so it has to be quick.
 */
#include <string.h>

#include <mado/text.h>

#define HIGH_BITS UINT64_C(0x8080808080808080)

static const char REPLACEMENT[] = "\xef\xbf\xbd"; /* U+FFFD */

/* Bytes of ASCII at the start of p[0..n), eight at a time. */
static size_t
ascii_run(const char *p, size_t n)
{
	size_t i = 0;
	uint64_t w;

	for (; n - i >= sizeof(w); i += sizeof(w)) {
		memcpy(&w, p + i, sizeof(w));
		if ((w & HIGH_BITS) != 0)
			break;
	}
	while (i < n && (unsigned char)p[i] < 0x80)
		i++;
	return i;
}

static bool
is_tail(const unsigned char *u, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if ((u[i] & 0xc0) != 0x80)
			return false;
	return true;
}

size_t
text_decode(const char *p, size_t n, uint32_t *cp)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *u = (const unsigned char *)p;
	size_t len;
	uint32_t c;

	if (n == 0)
		return 0;
	if (u[0] < 0x80) {
		*cp = u[0];
		return 1;
	}
	if (u[0] < 0xc2 || u[0] > 0xf4)
		return 0;
	len = u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;
	if (n < len || !is_tail(u, len))
		return 0;
	c = u[0] & (0x7fu >> len);
	for (size_t i = 1; i < len; i++)
		c = c << 6 | (u[i] & 0x3f);
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*cp = c;
	return len;
}

size_t
text_utf8_run(const char *p, size_t n)
{
	size_t i = 0, len;
	uint32_t cp;

	while ((i += ascii_run(p + i, n - i)) < n) {
		len = text_decode(p + i, n - i, &cp);
		if (len == 0)
			break;
		i += len;
	}
	return i;
}

bool
text_is_utf8(const char *p, size_t n)
{
	return text_utf8_run(p, n) == n;
}

void
text_to_utf8(struct buf *out, const char *p, size_t n)
{
	size_t i = 0, start = 0, len;
	uint32_t cp;

	while (i < n) {
		len = text_decode(p + i, n - i, &cp);
		if (len > 0) {
			i += len;
			continue;
		}
		buf_add(out, p + start, i - start);
		buf_puts(out, REPLACEMENT);
		while (i < n && text_decode(p + i, n - i, &cp) == 0)
			i++;
		start = i;
	}
	buf_add(out, p + start, n - start);
}

size_t
text_utf16_len(const char *s)
{
	size_t units = 0;

	/* every character but its tail bytes; those of four bytes are pairs */
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		units += (c & 0xc0) != 0x80;
		units += c >= 0xf0;
	}
	return units;
}
