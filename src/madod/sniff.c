/* What a file is: see sniff.h. Bytes are anybody's: nothing is believed. */
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <mado/mem.h>

#include "image.h"
#include "sniff.h"

enum { HEAD_B = 64, BOXES_MAX = 64, DURATION_MAX_MS = 100 * 3600 * 1000 };

enum class { PICTURE, FILM, SOUND, PLAIN, PROGRAM };

#define MOVES \
	"LINE shows no GIF as a picture; it goes as a link, where it moves"
#define LINKED "LINE takes no file of this kind; it goes as a link"

/* The first row that fits is it. */
static const struct magic {
	int at;
	const char *bytes;
	size_t n;
	const char *type;
	enum class class;
	int kind;
	const char *note;
} magics[] = {
    {0, "\xff\xd8\xff", 3, "image/jpeg", PICTURE, MSG_IMAGE, NULL},
    {0, "\x89PNG\r\n\x1a\n", 8, "image/png", PICTURE, MSG_IMAGE, NULL},
    {0, "GIF8", 4, "image/gif", PICTURE, MSG_FILE, MOVES},
    {8, "WEBP", 4, "image/webp", PICTURE, MSG_FILE, LINKED},
    {4, "ftypheic", 8, "image/heic", PICTURE, MSG_FILE, LINKED},
    {4, "ftypmif1", 8, "image/heif", PICTURE, MSG_FILE, LINKED},
    {4, "ftypavif", 8, "image/avif", PICTURE, MSG_FILE, LINKED},
    {4, "ftypqt", 6, "video/quicktime", FILM, MSG_FILE, LINKED},
    {4, "ftypM4A", 7, "audio/mp4", SOUND, MSG_AUDIO, NULL},
    {4, "ftypM4B", 7, "audio/mp4", SOUND, MSG_AUDIO, NULL},
    {4, "ftyp", 4, "video/mp4", FILM, MSG_VIDEO, NULL},
    {0, "\x1a\x45\xdf\xa3", 4, "video/webm", FILM, MSG_FILE, LINKED},
    {0, "ID3", 3, "audio/mpeg", SOUND, MSG_FILE, LINKED},
    {0, "\xff\xfb", 2, "audio/mpeg", SOUND, MSG_FILE, LINKED},
    {0, "OggS", 4, "audio/ogg", SOUND, MSG_FILE, LINKED},
    {8, "WAVE", 4, "audio/wav", SOUND, MSG_FILE, LINKED},
    {0, "%PDF-", 5, "application/pdf", PLAIN, MSG_FILE, LINKED},
    {0,
	"\x7f"
	"ELF",
	4, NULL, PROGRAM, 0, NULL},
    {0, "MZ", 2, NULL, PROGRAM, 0, NULL},
    {0, "#!", 2, NULL, PROGRAM, 0, NULL},
    {0, "", 0, "application/octet-stream", PLAIN, MSG_FILE, LINKED},
};

/* What a name promises. */
static const struct {
	const char *ending;
	enum class class;
	const char *what;
} promises[] = {
    {".jpg", PICTURE, "a picture"},
    {".jpeg", PICTURE, "a picture"},
    {".png", PICTURE, "a picture"},
    {".gif", PICTURE, "a picture"},
    {".webp", PICTURE, "a picture"},
    {".heic", PICTURE, "a picture"},
    {".mp4", FILM, "a film"},
    {".m4v", FILM, "a film"},
    {".mov", FILM, "a film"},
    {".m4a", SOUND, "a sound"},
    {".mp3", SOUND, "a sound"},
    {".wav", SOUND, "a sound"},
};

static const struct magic *
magic_find(const unsigned char *head, size_t n)
{
	const struct magic *m = magics;

	while ((size_t)m->at + m->n > n ||
	    memcmp(head + m->at, m->bytes, m->n) != 0)
		m++;
	return m;
}

static int
check_name(const char *name, const struct magic *m, struct err *e)
{
	size_t n = strlen(name), k;

	if (m->class == PROGRAM)
		return err_set(e, ERR_INVALID,
		    "%s is a program or a script; such files are not sent to "
		    "customers",
		    name);
	for (size_t i = 0; i < sizeof(promises) / sizeof(promises[0]); i++) {
		k = strlen(promises[i].ending);
		if (n <= k || strcasecmp(name + n - k, promises[i].ending) != 0)
			continue;
		if (promises[i].class != m->class)
			return err_set(e, ERR_INVALID,
			    "%s is named like %s, but what is in it is none; "
			    "nothing was kept",
			    name, promises[i].what);
	}
	return 0;
}

static uint64_t
be(const unsigned char *p, int n)
{
	uint64_t v = 0;

	for (int i = 0; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

/* Go through the boxes from *at to end up to one of that type; false: none.
 * *at is then behind its head, *end its end. ISO/IEC 14496-12, 4.2. */
static bool
box_find(int fd, int64_t *at, int64_t *end, const char *type)
{
	unsigned char head[16] = {0};
	int64_t size, head_b, pos = *at;

	for (int i = 0; i < BOXES_MAX && pos + 8 <= *end; i++) {
		if (pread(fd, head, sizeof(head), pos) < 8)
			return false;
		size = (int64_t)be(head, 4);
		head_b = size == 1 ? 16 : 8; /* a long one */
		if (size == 1)
			size = (int64_t)(be(head + 8, 8) & INT64_MAX);
		if (size == 0)
			size = *end - pos;
		if (size < head_b || size > *end - pos)
			return false;
		if (memcmp(head + 4, type, 4) == 0) {
			*at = pos + head_b;
			*end = pos + size;
			return true;
		}
		pos += size;
	}
	return false;
}

static int64_t
duration_of(int fd, int64_t at, int64_t n)
{
	int64_t end = at + n;
	unsigned char p[32];
	uint64_t scale, ticks;

	if (!box_find(fd, &at, &end, "moov") ||
	    !box_find(fd, &at, &end, "mvhd") ||
	    pread(fd, p, sizeof(p), at) != sizeof(p))
		return 0;
	scale = p[0] == 1 ? be(p + 20, 4) : be(p + 12, 4);
	ticks = p[0] == 1 ? be(p + 24, 8) : be(p + 16, 4);
	if (scale == 0 || ticks / scale > DURATION_MAX_MS / 1000)
		return 0;
	return (int64_t)(ticks * 1000 / scale);
}

static void
measure(int fd, int64_t at, int64_t n, struct sniff *s)
{
	unsigned char *head = x_calloc(1, IMAGE_HEAD_B);
	ssize_t got;

	if (strncmp(s->type, "image/", 6) == 0) {
		got = pread(
		    fd, head, n < IMAGE_HEAD_B ? (size_t)n : IMAGE_HEAD_B, at);
		if (got > 0)
			image_size(
			    head, (size_t)got, &s->width_px, &s->height_px);
	}
	if (s->kind == MSG_VIDEO || s->kind == MSG_AUDIO)
		s->duration_ms = duration_of(fd, at, n);
	x_free(head);
}

/* What LINE would refuse goes as a link. */
static void
check_limits(int64_t n, struct sniff *s)
{
	const char *note = NULL;

	if (s->kind == MSG_IMAGE && n > LINE_IMAGE_MAX_B)
		note = "LINE takes pictures up to 10 MB; it goes as a link";
	else if (s->kind == MSG_IMAGE && s->width_px == 0)
		note = "it is damaged or unusual; it goes as a link";
	else if ((s->kind == MSG_VIDEO || s->kind == MSG_AUDIO) &&
	    n > LINE_FILM_MAX_B)
		note = "LINE takes films and sounds up to 200 MB; it goes as a "
		       "link";
	else if (s->kind == MSG_AUDIO && s->duration_ms == 0)
		note = "how long it plays is not known; it goes as a link";
	if (note == NULL)
		return;
	s->kind = MSG_FILE;
	s->note = note;
}

int
sniff_file(int fd, int64_t at, int64_t n, const char *name, struct sniff *s,
    struct err *e)
{
	unsigned char head[HEAD_B];
	ssize_t got = pread(fd, head, n < HEAD_B ? (size_t)n : HEAD_B, at);
	const struct magic *m;

	memset(s, 0, sizeof(*s));
	if (got <= 0)
		return err_set(e, ERR_INVALID, "%s is empty", name);
	m = magic_find(head, (size_t)got);
	if (check_name(name, m, e) == -1)
		return -1;
	s->kind = m->kind;
	s->type = m->type;
	s->note = m->note;
	measure(fd, at, n, s);
	check_limits(n, s);
	return 0;
}
