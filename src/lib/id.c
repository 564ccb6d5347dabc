/*
 * Identifiers from the kernel's randomness. Called by whoever makes a message,
 * a session or a retry key.
 */
#include <sodium.h>
#include <stdint.h>
#include <string.h>

#include <mado/id.h>
#include <mado/when.h>

enum { UUID_RAW_B = 16, ULID_TIME_B = 6, ULID_RAW_B = 16, TOKEN_RAW_B = 32 };

static const char UUID_FORM[] = "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh";
_Static_assert(sizeof(UUID_FORM) == ID_UUID_B, "a UUID's length");

void
id_uuid(char out[ID_UUID_B])
{
	uint8_t raw[UUID_RAW_B];
	char hex[UUID_RAW_B * 2 + 1];
	const char *h = hex;

	randombytes_buf(raw, sizeof(raw));
	raw[6] = (raw[6] & 0x0f) | 0x40; /* version 4 */
	raw[8] = (raw[8] & 0x3f) | 0x80; /* variant of RFC 9562 */
	sodium_bin2hex(hex, sizeof(hex), raw, sizeof(raw));
	for (int i = 0; i < ID_UUID_B; i++)
		out[i] = UUID_FORM[i] == 'h' ? *h++ : UUID_FORM[i];
}

void
id_ulid(char out[ID_ULID_B])
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	uint8_t raw[ULID_RAW_B];
	uint64_t ms = (uint64_t)when_now_ms();
	unsigned bits = 0, have = 2; /* 128 bits and 2 of zero before them */
	int at = 0;

	for (int i = 0; i < ULID_TIME_B; i++)
		raw[i] = (uint8_t)(ms >> 8 * (ULID_TIME_B - 1 - i));
	randombytes_buf(raw + ULID_TIME_B, ULID_RAW_B - ULID_TIME_B);
	for (int i = 0; i < ULID_RAW_B; i++) {
		bits = (bits << 8 | raw[i]) & 0xffff;
		for (have += 8; have >= 5; have -= 5)
			out[at++] = digits[bits >> (have - 5) & 31];
	}
	out[at] = '\0';
}

void
id_token(char out[ID_TOKEN_B])
{
	uint8_t raw[TOKEN_RAW_B];

	randombytes_buf(raw, sizeof(raw));
	sodium_bin2base64(out, ID_TOKEN_B, raw, sizeof(raw),
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	sodium_memzero(raw, sizeof(raw));
}

bool
id_is_uuid(const char *s)
{
	if (s == NULL || strlen(s) != ID_UUID_B - 1)
		return false;
	for (int i = 0; i < ID_UUID_B - 1; i++) {
		bool fits = UUID_FORM[i] == '-'
		    ? s[i] == '-'
		    : memchr("0123456789abcdefABCDEF", s[i], 22) != NULL;

		if (!fits)
			return false;
	}
	return true;
}
