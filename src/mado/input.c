/*
 * Decoding what the terminal sends. Keys are not read through ncurses: its
 * KEY_* codes hide the bytes that readline and the user's inputrc bind. Called
 * by term.c's reader only.
 */
#include "input.h"

#include <string.h>

void
input_feed(struct input *in, const void *p, size_t n)
{
	if (in->at == in->in.n) {
		buf_reset(&in->in);
		in->at = 0;
	}
	buf_add(&in->in, p, n);
}

void
input_drop(struct input *in)
{
	buf_reset(&in->in);
	in->at = 0;
	in->in_paste = false;
}

void
input_free(struct input *in)
{
	buf_free(&in->in);
	buf_free(&in->paste);
	buf_free(&in->last);
}

bool
input_is_partial(const struct input *in)
{
	return !in->in_paste && in->at < in->in.n;
}

/* xterm's modifier parameter: 1 + shift 1 + alt 2 + ctrl 4. */
static int32_t
mods_of(int param)
{
	int32_t m = 0;

	if (param < 2)
		return 0;
	param--;
	if (param & 1)
		m |= K_SHIFT;
	if (param & 2)
		m |= K_META;
	if (param & 4)
		m |= K_CTRL;
	return m;
}

static int32_t
key_of_final(char c)
{
	static const struct {
		char c;
		int32_t key;
	} t[] = {{'A', K_UP}, {'B', K_DOWN}, {'C', K_RIGHT}, {'D', K_LEFT},
	    {'H', K_HOME}, {'F', K_END}, {'P', K_F1}, {'Q', K_F1 + 1},
	    {'R', K_F1 + 2}, {'S', K_F1 + 3}, {'M', K_ENTER},
	    {'Z', K_TAB | K_SHIFT}};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		if (t[i].c == c)
			return t[i].key;
	}
	return K_UNKNOWN;
}

/* CSI NUMBER ~ */
static int32_t
key_of_number(int n)
{
	static const int32_t t[] = {[1] = K_HOME,
	    [2] = K_INSERT,
	    [3] = K_DELETE,
	    [4] = K_END,
	    [5] = K_PGUP,
	    [6] = K_PGDN,
	    [7] = K_HOME,
	    [8] = K_END,
	    [11] = K_F1,
	    [12] = K_F1 + 1,
	    [13] = K_F1 + 2,
	    [14] = K_F1 + 3,
	    [15] = K_F1 + 4,
	    [17] = K_F1 + 5,
	    [18] = K_F1 + 6,
	    [19] = K_F1 + 7,
	    [20] = K_F1 + 8,
	    [21] = K_F1 + 9,
	    [23] = K_F1 + 10,
	    [24] = K_F1 + 11};

	if (n < 1 || n >= (int)(sizeof(t) / sizeof(t[0])) || t[n] == 0)
		return K_UNKNOWN;
	return t[n];
}

/* A character with modifiers, from modifyOtherKeys or the CSI u protocol. */
static int32_t
key_of_char(int c, int32_t mods)
{
	if ((mods & K_CTRL) &&
	    ((c >= '@' && c <= '_') || (c >= 'a' && c <= 'z')))
		return (c & 0x1f) | (mods & K_META);
	if (c == K_ENTER || c == K_TAB || c == K_BACKSPACE || c == ' ')
		return c | mods;
	return c | (mods & ~K_SHIFT);
}

struct csi {
	int num[4];
	int n;
	char first; /* '?' '<' '>' or 0 */
	bool inter; /* has an intermediate byte */
	char final;
	size_t len;
};

static bool
csi_number(struct csi *c, char ch)
{
	if (ch >= '0' && ch <= '9') {
		if (c->num[c->n] < 100000000)
			c->num[c->n] = c->num[c->n] * 10 + (ch - '0');
		return true;
	}
	if (ch == ';' && c->n < 3)
		c->n++;
	return ch >= 0x30 && ch <= 0x3f;
}

/* Parse "ESC [ ..."; false when it has no end yet. */
static bool
csi_parse(const char *p, size_t n, struct csi *c)
{
	size_t i;

	memset(c, 0, sizeof(*c));
	for (i = 2; i < n; i++) {
		char ch = p[i];

		if (i == 2 && strchr("?<>=", ch) != NULL && ch != '\0') {
			c->first = ch;
		} else if (ch >= 0x40 && ch <= 0x7e) {
			c->final = ch;
			c->len = i + 1;
			return true;
		} else if (ch >= 0x20 && ch <= 0x2f) {
			c->inter = true;
		} else if (!csi_number(c, ch)) {
			c->len = i; /* not a sequence: let the rest go on */
			return true;
		}
	}
	return false;
}

static void
csi_event(struct input *in, const struct csi *c, struct input_event *ev)
{
	int32_t mods = mods_of(c->num[1]);

	ev->kind = INPUT_KEY;
	ev->key = K_UNKNOWN;
	if (c->final == '\0')
		return;
	/* CSI row;col R is an answer unless row is 1: then F3 with mods. */
	if (c->first != '\0' || c->inter || c->final == 'y' ||
	    c->final == 'c' || (c->final == 'R' && c->num[0] != 1)) {
		ev->kind = INPUT_ANSWER;
	} else if ((c->final == 'I' || c->final == 'O') && c->len == 3) {
		ev->kind = INPUT_FOCUS;
		ev->key = c->final == 'I';
	} else if (c->final == '~' && c->num[0] == 200) {
		in->in_paste = true;
		buf_reset(&in->paste);
	} else if (c->final == '~' && c->num[0] == 27) {
		ev->key = key_of_char(c->num[2], mods);
	} else if (c->final == 'u') {
		ev->key = key_of_char(c->num[0], mods);
	} else if (c->final == '~') {
		ev->key = key_of_number(c->num[0]) | mods;
	} else {
		ev->key = key_of_final(c->final) | mods;
	}
}

/* OSC, DCS, APC: an answer up to BEL or ST. 0: not ended yet. */
static size_t
string_len(const char *p, size_t n)
{
	for (size_t i = 2; i < n; i++) {
		if (p[i] == '\a')
			return i + 1;
		if (p[i] == '\033' && i + 1 < n && p[i + 1] == '\\')
			return i + 2;
	}
	return 0;
}

/* Length of the UTF-8 character that starts with c; 1 for what starts none. */
static size_t
utf8_len(unsigned char c)
{
	if (c >= 0xf0 && c < 0xf5)
		return 4;
	if (c >= 0xe0)
		return c < 0xf0 ? 3 : 1;
	return c >= 0xc2 ? 2 : 1;
}

static int32_t
utf8_get(const char *p, size_t n)
{
	static const unsigned char mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	int32_t c = (unsigned char)p[0] & mask[n];

	if (n == 1)
		return (unsigned char)p[0] < 0x80 ? p[0] : K_UNKNOWN;
	for (size_t i = 1; i < n; i++) {
		if (((unsigned char)p[i] & 0xc0) != 0x80)
			return K_UNKNOWN;
		c = c << 6 | ((unsigned char)p[i] & 0x3f);
	}
	return c;
}

/* What starts with ESC. Returns its length, 0 when it is not whole. */
static size_t
take_escape(struct input *in, const char *p, size_t n, struct input_event *ev)
{
	struct csi c;
	size_t len;

	ev->key = K_ESC;
	if (n == 1)
		return 0;
	if (p[1] == '[') {
		if (!csi_parse(p, n, &c))
			return 0;
		csi_event(in, &c, ev);
		return c.len;
	}
	if (p[1] == 'O') {
		if (n < 3)
			return 0;
		ev->key = key_of_final(p[2]);
		return 3;
	}
	if (p[1] == ']' || p[1] == 'P' || p[1] == '_') {
		ev->kind = INPUT_ANSWER;
		return string_len(p, n);
	}
	if (p[1] == '\033')
		return 1;
	len = utf8_len((unsigned char)p[1]);
	if (n < 1 + len)
		return 0;
	ev->key = utf8_get(p + 1, len);
	if (ev->key != K_UNKNOWN)
		ev->key |= K_META;
	return 1 + len;
}

/* A sequence that will not be completed: ESC by itself, or Meta and a key. */
static size_t
take_flushed(const char *p, size_t n, struct input_event *ev)
{
	ev->kind = INPUT_KEY;
	if (p[0] == '\033' && n >= 2 && (p[1] == '[' || p[1] == 'O')) {
		ev->key = p[1] | K_META;
		return 2;
	}
	ev->key = p[0] == '\033' ? K_ESC : K_UNKNOWN;
	return 1;
}

/* Inside a paste: up to its end. True with the event when it has ended. */
static bool
take_paste(struct input *in, struct input_event *ev)
{
	static const char end[] = "\033[201~";
	const char *p = in->in.p + in->at;
	size_t n = in->in.n - in->at, keep = 0;
	const char *q = memmem(p, n, end, sizeof(end) - 1);

	if (q == NULL) { /* the end may have come in part */
		for (keep = n < 5 ? n : 5; keep > 0; keep--) {
			if (memcmp(p + n - keep, end, keep) == 0)
				break;
		}
		n -= keep;
	} else {
		n = (size_t)(q - p);
	}
	if (in->paste.n + n <= PASTE_MAX_B)
		buf_add(&in->paste, p, n);
	in->at += n;
	if (q == NULL)
		return false;
	in->at += sizeof(end) - 1;
	in->in_paste = false;
	*ev = (struct input_event){
	    INPUT_PASTE, 0, buf_str(&in->paste), in->paste.n};
	return true;
}

static size_t
take_char(const char *p, size_t n, struct input_event *ev)
{
	size_t len = utf8_len((unsigned char)p[0]);

	if (n < len)
		return 0;
	ev->key = utf8_get(p, len);
	return ev->key == K_UNKNOWN ? 1 : len;
}

/* Half of something that no key begins, while an answer may come? */
static bool
is_half_answer(struct input *in, const char *p, size_t n)
{
	if (in->patience == 0 || n < 2 ||
	    !(p[1] == ']' || (p[1] == '[' && n > 2)))
		return false;
	in->patience--;
	return true;
}

bool
input_next(struct input *in, bool flush, struct input_event *ev)
{
	const char *p;
	size_t n, len;

	for (;;) {
		if (in->at >= in->in.n)
			return false;
		if (in->in_paste)
			return take_paste(in, ev);
		p = in->in.p + in->at;
		n = in->in.n - in->at;
		*ev = (struct input_event){INPUT_KEY, K_UNKNOWN, NULL, 0};
		len = p[0] == '\033' ? take_escape(in, p, n, ev)
				     : take_char(p, n, ev);
		if (len == 0 && (!flush || is_half_answer(in, p, n)))
			return false;
		if (len == 0)
			len = take_flushed(p, n, ev);
		buf_reset(&in->last);
		buf_add(&in->last, p, len);
		in->at += len;
		if (in->in_paste)
			continue; /* it has only begun */
		ev->bytes = buf_str(&in->last);
		ev->n = len;
		return true;
	}
}
