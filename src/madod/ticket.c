/* Signed words: see ticket.h. */
#include <string.h>

#include "ticket.h"

enum { KIND_B = 1, SUBJECT_B = 6, USER_B = 3, EXPIRES_B = 5 };
enum {
	BODY_B = KIND_B + SUBJECT_B + USER_B + EXPIRES_B,
	MAC_B = 15,
	WHOLE_B = BODY_B + MAC_B
};

_Static_assert(WHOLE_B % 3 == 0 && WHOLE_B / 3 * 4 + 1 == TICKET_B,
    "no padding in base64");

static unsigned char *
put(unsigned char *p, int64_t v, int n)
{
	for (int i = n; i-- > 0; v >>= 8)
		p[i] = (unsigned char)(v & 0xff);
	return p + n;
}

static int64_t
get(const unsigned char **p, int n)
{
	int64_t v = 0;

	for (; n > 0; n--)
		v = v << 8 | *(*p)++;
	return v;
}

static void
sign(const uint8_t *key, const unsigned char *body, unsigned char *mac)
{
	uint8_t whole[CRYPTO_HASH_B];

	crypto_mac(key, body, BODY_B, whole);
	memcpy(mac, whole, MAC_B);
}

void
ticket_make(
    const uint8_t key[CRYPTO_KEY_B], const struct ticket *t, char out[TICKET_B])
{
	unsigned char b[WHOLE_B], *p = b;

	p = put(p, (int64_t)t->kind, KIND_B);
	p = put(p, t->subject, SUBJECT_B);
	p = put(p, t->user, USER_B);
	p = put(p, t->expires_ms / 1000, EXPIRES_B);
	sign(key, b, p);
	crypto_base64url(b, sizeof(b), out, TICKET_B);
}

int
ticket_read(const uint8_t key[CRYPTO_KEY_B], const char *s, int64_t now_ms,
    struct ticket *t, struct err *e)
{
	unsigned char b[WHOLE_B], mac[MAC_B];
	const unsigned char *p = b;

	if (strlen(s) != TICKET_B - 1 ||
	    !crypto_from_base64url(s, b, sizeof(b)))
		return err_set(e, ERR_NOTFOUND, "there is no such page");
	sign(key, b, mac);
	if (!crypto_equal(mac, b + BODY_B, MAC_B))
		return err_set(e, ERR_NOTFOUND, "there is no such page");
	t->kind = (enum ticket_kind)get(&p, KIND_B);
	t->subject = get(&p, SUBJECT_B);
	t->user = get(&p, USER_B);
	t->expires_ms = get(&p, EXPIRES_B) * 1000;
	if (t->expires_ms <= now_ms)
		return err_set(e, ERR_GONE, "the time of this page is over");
	return 0;
}
