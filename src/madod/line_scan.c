/*
 * Readers of a webhook's JSON that take any type and any size, and writers of
 * others' text into lines of ours. Must not know events or messages: those are
 * line_decode.c and line_message.c, which call it.
 */
#include <math.h>
#include <string.h>

#include "line_scan.h"

enum {
	ID_MAX_B = 255,   /* LINE's are 18 to 33 */
	PIECE_MAX_B = 600 /* of a customer's text inside a rendering */
};

const char *
line_scan_id(const struct line_scan *s, const cJSON *o, const char *name)
{
	const char *id = json_str(o, name, "");
	size_t n = strlen(id);

	if (n == 0 || n > ID_MAX_B)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (id[i] <= ' ' || id[i] > '~')
			return NULL;
	return arena_strdup(s->a, id);
}

bool
line_scan_number(
    const cJSON *o, const char *name, double lo, double hi, double *v)
{
	const cJSON *it = cJSON_GetObjectItemCaseSensitive(o, name);

	if (!cJSON_IsNumber(it) || !isfinite(it->valuedouble) ||
	    it->valuedouble < lo || it->valuedouble > hi)
		return false;
	*v = it->valuedouble;
	return true;
}

int64_t
line_scan_count(const cJSON *o, const char *name, int64_t max)
{
	double v;

	return line_scan_number(o, name, 0, (double)max, &v) ? (int64_t)v : 0;
}

void
line_scan_piece(struct buf *b, const char *s)
{
	size_t n = strlen(s), cut = n;

	if (n > PIECE_MAX_B) {
		cut = PIECE_MAX_B;
		while (cut > 0 && (s[cut] & 0xc0) == 0x80)
			cut--;
	}
	for (size_t i = 0; i < cut; i++)
		buf_putc(b, (unsigned char)s[i] < ' ' ? ' ' : s[i]);
	if (cut < n)
		buf_puts(b, "...");
}

bool
line_scan_member(
    struct buf *b, const char *sep, const cJSON *o, const char *name)
{
	const char *v = json_str(o, name, "");

	if (v[0] == '\0')
		return false;
	buf_puts(b, sep);
	line_scan_piece(b, v);
	return true;
}

void
line_scan_unsupported(struct buf *b, const char *what, const char *fallback)
{
	buf_puts(b, "[unsupported: ");
	line_scan_piece(b, what[0] != '\0' ? what : fallback);
	buf_puts(b, "]");
}
